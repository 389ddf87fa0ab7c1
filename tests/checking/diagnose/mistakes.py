"""Seeded mistakes: right backwards with one thing wrong, and the kind that must be named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

Function = Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Mistake:
    """A wrong pair; ``kinds`` are the names that are right for it."""

    name: str
    f: Function
    vjp: Function
    inputs: tuple[Any, ...]
    kinds: tuple[str, ...]


RNG = np.random.default_rng(5)


def normal(*shape: int) -> Any:
    return RNG.normal(size=shape)


def softmax(x: Any) -> Any:
    e = np.exp(x - x.max())
    return e / e.sum()


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def softmax_vjp(g: Any, x: Any) -> Any:
    y = softmax(x)
    return y * (g - (g * y).sum())


ELEMENTWISE: dict[str, tuple[Function, Function, Any]] = {
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2, normal(5)),
    "exp": (np.exp, np.exp, normal(2, 3)),
    "sin": (np.sin, np.cos, normal(4)),
    "square": (lambda x: x * x, lambda x: 2 * x, normal(3, 2) + 0.4),
    "sigmoid": (sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x)), normal(6)),
    "log": (np.log, lambda x: 1 / x, np.abs(normal(4)) + 0.2),
    "sqrt": (np.sqrt, lambda x: 0.5 / np.sqrt(x), np.abs(normal(5)) + 0.3),
    "cube": (lambda x: x**3, lambda x: 3 * x**2, normal(4) + 0.1),
    "arctan": (np.arctan, lambda x: 1 / (1 + x * x), normal(5)),
    "reciprocal": (lambda x: 1 / x, lambda x: -1 / x**2, np.abs(normal(3)) + 0.5),
}


def elementwise() -> Iterator[Mistake]:
    for name, (f, d, x) in ELEMENTWISE.items():
        seeds: list[tuple[str, Function, tuple[str, ...]]] = [
            ("sign", lambda g, x, d=d: -g * d(x), ("sign",)),
            ("doubled", lambda g, x, d=d: 2 * g * d(x), ("factor",)),
            ("halved", lambda g, x, d=d: 0.5 * g * d(x), ("factor",)),
            ("times n", lambda g, x, d=d: g * d(x) * x.size, ("factor",)),
            ("over n", lambda g, x, d=d: g * d(x) / x.size, ("factor",)),
            ("no derivative", lambda g, x: g * 1.0, ("missing factor",)),
            (
                "derivative twice",
                lambda g, x, d=d: g * d(x) ** 2,
                ("extra factor", "missing factor"),
            ),
            ("times x", lambda g, x, d=d: g * d(x) * x, ("extra factor", "missing factor")),
            ("zero", lambda g, x: 0 * g, ("not propagated",)),
            ("one entry", lambda g, x, d=d: g * d(x) * first_wrong(x), ("few entries",)),
            ("rounded", lambda g, x, d=d: np.float64(np.float32(g * d(x))), ("float32",)),
            ("abs g", lambda g, x, d=d: abs(g) * d(x), ("abs g",)),
            ("relu g", lambda g, x, d=d: np.maximum(g, 0) * d(x), ("relu g",)),
        ]
        if (x < 0).any():
            wrong = lambda g, x, d=d: g * d(x) * np.where(x < 0, 1.5, 1)
            seeds.append(("negative x", wrong, ("few entries",)))
        for kind, vjp, kinds in seeds:
            yield Mistake(f"{name}: {kind}", f, vjp, (x,), kinds)


def first_wrong(x: Any) -> Any:
    factor = np.ones_like(x)
    factor.flat[1] = 1.25
    return factor


def products() -> Iterator[Mistake]:
    a, b, s = normal(3, 4), normal(4, 2), normal(3, 3)
    x, y, w = normal(5), normal(5), normal(4)
    mul = lambda x, y: x * y
    yield Mistake(
        "product swapped", mul, lambda g, x, y: (g * x, g * y), (x, y), ("swapped", "factor*")
    )
    yield Mistake(
        "product: y missing", mul, lambda g, x, y: (g, g * x), (x, y), ("missing factor",)
    )
    yield Mistake(
        "product: x lost", mul, lambda g, x, y: (g * y, 0 * g), (x, y), ("not propagated",)
    )
    yield Mistake("product: None", mul, lambda g, x, y: (g * y, None), (x, y), ("not propagated",))
    yield Mistake(
        "division sign",
        lambda x, y: x / y,
        lambda g, x, y: (g / y, g * x / y**2),
        (x, y + 3),
        ("sign",),
    )
    yield Mistake(
        "division",
        lambda x, y: x / y,
        lambda g, x, y: (g / y, -g / y**2),
        (x, y + 3),
        ("missing factor",),
    )
    yield Mistake("subtraction", lambda x, y: x - y, lambda g, x, y: (g, g), (x, y), ("sign",))
    yield Mistake(
        "square transposed",
        lambda s: s @ s,
        lambda g, s: (g @ s.T + s.T @ g).T,
        (s,),
        ("transposed",),
    )
    yield Mistake(
        "row by matrix",
        lambda v, s: v @ s,
        lambda g, v, s: (g @ s, np.outer(v, g)),
        (normal(3), s),
        ("transposed",),
    )
    yield Mistake(
        "matrix by column",
        lambda s, v: s @ v,
        lambda g, s, v: (np.outer(g, v), s @ g),
        (s, normal(3)),
        ("transposed",),
    )
    yield Mistake(
        "outer transposed",
        lambda s, v: s @ v,
        lambda g, s, v: (np.outer(v, g), s.T @ g),
        (s, normal(3)),
        ("transposed",),
    )
    yield Mistake(
        "transpose forgotten", lambda s: 2 * s.T, lambda g, s: 2 * g, (s,), ("transposed",)
    )
    yield Mistake(
        "matmul shapes",
        lambda a, b: a @ b,
        lambda g, a, b: ((b @ g.T), a.T @ g),
        (a, b),
        ("shape", "transposed", "broadcast"),
    )
    yield Mistake(
        "bias unsummed", lambda a, w: a + w, lambda g, a, w: (g, g), (a, w), ("broadcast",)
    )
    yield Mistake(
        "bias first row", lambda a, w: a + w, lambda g, a, w: (g, g[0]), (a, w), ("broadcast",)
    )
    yield Mistake(
        "bias mean", lambda a, w: a + w, lambda g, a, w: (g, g.mean(0)), (a, w), ("factor",)
    )
    yield Mistake(
        "scale unsummed",
        lambda a, w: a * w,
        lambda g, a, w: (g * w, (g * a)[-1]),
        (a, w),
        ("broadcast",),
    )


def reductions() -> Iterator[Mistake]:
    a, x = normal(3, 4), normal(5)
    yield Mistake(
        "softmax diagonal",
        softmax,
        lambda g, x: g * softmax(x) * (1 - softmax(x)),
        (x,),
        ("diagonal",),
    )
    yield Mistake("softmax sign", softmax, lambda g, x: -softmax_vjp(g, x), (x,), ("sign",))
    yield Mistake(
        "softmax no y", softmax, lambda g, x: g - (g * softmax(x)).sum(), (x,), ("missing factor",)
    )
    yield Mistake("cumsum diagonal", np.cumsum, lambda g, x: g, (x,), ("diagonal",))
    yield Mistake("cumsum forward", np.cumsum, lambda g, x: np.cumsum(g), (x,), ("transposed",))
    yield Mistake("mean without n", np.mean, lambda g, a: g * np.ones_like(a), (a,), ("factor",))
    yield Mistake(
        "sum with n", np.sum, lambda g, a: g * np.ones_like(a) / a.size, (a,), ("factor",)
    )
    yield Mistake(
        "axis mean",
        lambda a: a.mean(0),
        lambda g, a: np.broadcast_to(g, a.shape) / a.shape[1],
        (a,),
        ("factor",),
    )
    yield Mistake(
        "mse without 2", lambda x: np.mean(x * x), lambda g, x: g * x / x.size, (x,), ("factor",)
    )
    yield Mistake(
        "mse without n", lambda x: np.mean(x * x), lambda g, x: g * 2 * x, (x,), ("factor",)
    )
    yield Mistake(
        "norm",
        lambda x: np.sqrt(np.sum(x * x)),
        lambda g, x: g * x,
        (x,),
        ("extra factor", "missing factor"),
    )
    yield Mistake("last lost", np.cumsum, last_lost, (x,), ("few entries",))
    yield Mistake("ignores g", np.tanh, lambda g, x: 1 - np.tanh(x) ** 2, (x,), ("ignores g",))
    yield Mistake("flip forgotten", lambda x: x[::-1] * 1.0, lambda g, x: g, (x,), ("permutation",))
    yield Mistake("mutates g", np.exp, mutating, (x,), ("mutates",))


def last_lost(g: Any, x: Any) -> Any:
    c = np.cumsum(g[::-1])[::-1].copy()
    c[-1] = 0
    return c


def mutating(g: Any, x: Any) -> Any:
    g *= np.exp(x)
    return g


MISTAKES = [*elementwise(), *products(), *reductions()]
