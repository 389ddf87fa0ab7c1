"""More seeded mistakes: those along an axis, of complex numbers, of steps, and of g."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.checking.diagnose.mistakes import Function, Mistake, sigmoid, softmax

SEEDS = (1, 2, 3)


def normalised(x: Any, axis: Any, eps: float = 1e-5) -> Any:
    return (x - x.mean(axis, keepdims=True)) / np.sqrt(x.var(axis, keepdims=True) + eps)


def normalised_parts(g: Any, x: Any, axis: Any, eps: float = 1e-5) -> tuple[Any, Any, Any, Any]:
    """1 / std, the mean of g, and the variance's term."""
    y = normalised(x, axis, eps)
    std = np.sqrt(x.var(axis, keepdims=True) + eps)
    return std, g.mean(axis, keepdims=True), y, (g * y).mean(axis, keepdims=True)


def along_axes(seed: int) -> Iterator[Mistake]:
    rng = np.random.default_rng(seed)
    a, image, v = rng.normal(size=(4, 5)), rng.normal(size=(2, 3, 2, 2)), rng.normal(size=6)
    gamma = rng.normal(size=5) + 2
    norms: list[tuple[str, Any, Any]] = [
        ("layer norm", a, -1),
        ("batch norm", a, 0),
        ("batch norm 2d", image, (0, 2, 3)),
        ("standardise", v, None),
    ]
    for name, x, axis in norms:

        def f(x: Any, axis: Any = axis) -> Any:
            return normalised(x, axis)

        def no_mean(g: Any, x: Any, axis: Any = axis) -> Any:
            std, _, y, projection = normalised_parts(g, x, axis)
            return (g - y * projection) / std

        def no_variance(g: Any, x: Any, axis: Any = axis) -> Any:
            std, mean, _, _ = normalised_parts(g, x, axis)
            return (g - mean) / std

        def neither(g: Any, x: Any, axis: Any = axis) -> Any:
            return g / normalised_parts(g, x, axis)[0]

        yield Mistake(f"{name}: no mean", f, no_mean, (x,), ("mean term",))
        yield Mistake(f"{name}: no variance", f, no_variance, (x,), ("variance term", "norm term"))
        yield Mistake(f"{name}: neither", f, neither, (x,), ("variance term", "mean term"))

    def affine(x: Any, gamma: Any) -> Any:
        return gamma * normalised(x, -1)

    def affine_vjp(g: Any, x: Any, gamma: Any) -> Any:
        std, mean, _, _ = normalised_parts(gamma * g, x, -1)
        return (gamma * g - mean) / std, (g * normalised(x, -1)).sum(0)

    yield Mistake("affine: no variance", affine, affine_vjp, (a, gamma), ("variance term",))
    yield Mistake(
        "centre: no mean", lambda x: x - x.mean(0), lambda g, x: g, (a,), ("mean term", "diagonal")
    )
    yield Mistake(
        "centre, axis 1",
        lambda x: x - x.mean(1, keepdims=True),
        lambda g, x: g,
        (a,),
        ("mean term",),
    )

    def rows(x: Any) -> Any:
        e = np.exp(x - x.max(-1, keepdims=True))
        return e / e.sum(-1, keepdims=True)

    yield Mistake("softmax: no sum", softmax, lambda g, x: g * softmax(x), (v,), ("sum term",))
    yield Mistake("row softmax: no sum", rows, lambda g, x: g * rows(x), (a,), ("sum term",))
    yield Mistake(
        "log softmax: no sum",
        lambda x: np.log(rows(x)),
        lambda g, x: g,
        (a,),
        ("sum term",),
    )

    def unit(x: Any) -> Any:
        return x / np.sqrt((x * x).sum(-1, keepdims=True))

    def unit_wrong(g: Any, x: Any) -> Any:
        return g / np.sqrt((x * x).sum(-1, keepdims=True))

    yield Mistake("unit vectors: no norm", unit, unit_wrong, (a,), ("norm term",))
    yield Mistake("unit vector: no norm", unit, unit_wrong, (v,), ("norm term",))

    def rms(x: Any) -> Any:
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-6)

    def rms_wrong(g: Any, x: Any) -> Any:
        return g / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-6)

    yield Mistake("rms norm: no norm", rms, rms_wrong, (a,), ("norm term",))


def orders(seed: int) -> Iterator[Mistake]:
    rng = np.random.default_rng([seed, 1])
    a, v = rng.normal(size=(4, 5)), rng.normal(size=7)
    order = np.array([3, 0, 4, 6, 2, 5, 1])
    yield Mistake("roll forgotten", lambda x: np.roll(x, 2) ** 2, lambda g, x: 2 * g * x, (v,), ())
    yield Mistake("roll kept", lambda x: np.roll(x, 2), lambda g, x: g, (v,), ("shift",))
    yield Mistake(
        "roll, wrong way",
        lambda x: np.roll(x, 2, axis=1),
        lambda g, x: np.roll(g, 2, axis=1),
        (a,),
        ("shift",),
    )
    yield Mistake(
        "roll, axis 0",
        lambda x: np.sin(np.roll(x, 1, axis=0)),
        lambda g, x: np.roll(g * np.cos(np.roll(x, 1, axis=0)), 1, axis=0),
        (a,),
        ("shift",),
    )
    yield Mistake(
        "flip forgotten, axis 1",
        lambda x: x[:, ::-1] * 3,
        lambda g, x: g * 3,
        (a,),
        ("permutation",),
    )
    yield Mistake(
        "permutation, not inverted",
        lambda x: x[order] * 1.0,
        lambda g, x: g[order],
        (v,),
        ("permutation",),
    )
    yield Mistake(
        "permutation of rows",
        lambda x: np.tanh(x[[2, 0, 3, 1]]),
        lambda g, x: (g * (1 - np.tanh(x[[2, 0, 3, 1]]) ** 2))[[2, 0, 3, 1]],
        (a,),
        ("permutation",),
    )
    yield Mistake(
        "sort, not inverted",
        np.sort,
        lambda g, x: g[np.argsort(x)],
        (v,),
        ("permutation", "shift"),
    )
    yield Mistake(
        "halves exchanged",
        lambda x: np.concatenate([x[3:], x[:3]]),
        lambda g, x: np.concatenate([g[3:], g[:3]]),
        (v,),
        ("shift",),
    )
    index = np.array([0, 2, 2, 5, 0])
    yield Mistake("gather =", lambda x: x[index] * 2, overwriting(index, 2.0), (v,), ("copies",))
    yield Mistake(
        "embedding =",
        lambda w: np.tanh(w[[1, 1, 3]]),
        embedding_overwritten,
        (a,),
        ("copies",),
    )
    yield Mistake("windows =", windows, windows_overwritten, (v,), ("copies",))


def overwriting(index: Any, factor: float) -> Function:
    def vjp(g: Any, x: Any) -> Any:
        c = np.zeros_like(x)
        c[index] = factor * g
        return c

    return vjp


def embedding_overwritten(g: Any, w: Any) -> Any:
    rows = np.array([1, 1, 3])
    c = np.zeros_like(w)
    c[rows] += g * (1 - np.tanh(w[rows]) ** 2)
    return c


def windows(x: Any) -> Any:
    return np.stack([x[k : k + 3] for k in range(x.size - 2)])


def windows_overwritten(g: Any, x: Any) -> Any:
    c = np.zeros_like(x)
    for k in range(x.size - 2):
        c[k : k + 3] = g[k]
    return c


def square_matrices(seed: int) -> Iterator[Mistake]:
    rng = np.random.default_rng([seed, 2])
    s, w, v = rng.normal(size=(4, 4)), rng.normal(size=(4, 3)), rng.normal(size=4)
    functions: list[tuple[str, Function, Function]] = [
        ("exp", np.exp, lambda g, s: g * np.exp(s)),
        ("product", lambda s: s @ w, lambda g, s: g @ w.T),
        ("form", lambda s: np.sin(v @ s @ v), lambda g, s: g * np.cos(v @ s @ v) * np.outer(v, v)),
        ("inverse", np.linalg.inv, inverse_vjp),
        ("det", np.linalg.det, lambda g, s: g * np.linalg.det(s) * np.linalg.inv(s).T),
    ]
    for name, f, vjp in functions:
        if name != "form":
            yield Mistake(
                f"{name}: symmetrised",
                f,
                lambda g, s, vjp=vjp: (vjp(g, s) + vjp(g, s).T) / 2,
                (s,),
                ("symmetrised",),
            )
            yield Mistake(
                f"{name}: plus transpose",
                f,
                lambda g, s, vjp=vjp: vjp(g, s) + vjp(g, s).T,
                (s,),
                ("symmetrised",),
            )
        for part in (np.tril, np.triu):
            yield Mistake(
                f"{name}: {part.__name__}",
                f,
                lambda g, s, vjp=vjp, part=part: part(vjp(g, s)),
                (s,),
                ("triangle", "few entries"),
            )
    yield Mistake(
        "symmetric part: half",
        lambda s: np.exp((s + s.T) / 2),
        lambda g, s: g * np.exp((s + s.T) / 2),
        (s,),
        ("not symmetrised",),
    )
    yield Mistake(
        "s + s.T: half",
        lambda s: np.tanh(s + s.T),
        lambda g, s: g * (1 - np.tanh(s + s.T) ** 2),
        (s,),
        ("not symmetrised",),
    )


def inverse_vjp(g: Any, s: Any) -> Any:
    y = np.linalg.inv(s)
    return -y.T @ g @ y.T


def complex_numbers(seed: int) -> Iterator[Mistake]:
    rng = np.random.default_rng([seed, 3])
    z = rng.normal(size=4) + 1j * rng.normal(size=4)
    m = rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))
    holomorphic: list[tuple[str, Function, Function, Any]] = [
        ("square", lambda z: z * z, lambda z: 2 * z, z),
        ("exp", np.exp, np.exp, z),
        ("reciprocal", lambda z: 1 / z, lambda z: -1 / z**2, z),
        ("cube", lambda z: z**3, lambda z: 3 * z**2, m),
    ]
    for name, f, d, x in holomorphic:
        yield Mistake(
            f"{name}: torch's convention",
            f,
            lambda g, z, d=d: g * np.conj(d(z)),
            (x,),
            ("convention",),
        )
        yield Mistake(
            f"{name}: conjugate of g",
            f,
            lambda g, z, d=d: np.conj(g) * d(z),
            (x,),
            ("conjugate",),
        )
        yield Mistake(
            f"{name}: conjugated",
            f,
            lambda g, z, d=d: np.conj(g * d(z)),
            (x,),
            ("conjugate",),
        )
        yield Mistake(
            f"{name}: real part", f, lambda g, z, d=d: (g * d(z)).real, (x,), ("real part",)
        )
    yield Mistake(
        "abs squared: conjugated",
        lambda z: np.sum(np.abs(z) ** 2),
        lambda g, z: 2 * g * z,
        (z,),
        ("conjugate",),
    )
    yield Mistake(
        "abs squared: Wirtinger",
        lambda z: np.sum(np.abs(z) ** 2),
        lambda g, z: g * z,
        (z,),
        ("convention",),
    )
    yield Mistake(
        "fft: ifft", np.fft.fft, lambda g, z: np.fft.ifft(g) * g.size, (z,), ("convention",)
    )
    yield Mistake(
        "product: conjugated",
        lambda z, w: z * w,
        lambda g, z, w: (g * np.conj(w), g * z),
        (z, z + 1),
        ("convention",),
    )
    yield Mistake(
        "matrix: conjugated", lambda m: m @ m, lambda g, m: g @ m.conj().T + m.conj().T @ g, (m,),
        ("convention",),
    )  # fmt: skip


def steps(seed: int) -> Iterator[Mistake]:
    rng = np.random.default_rng([seed, 4])
    x = rng.uniform(0.6, 0.9, size=5) * rng.choice([-1.0, 1.0], 5) + 2
    for name, f in (
        ("round", np.round),
        ("floor", np.floor),
        ("sign", np.sign),
        ("threshold", lambda x: np.where(x > 1.5, 1.0, 0.0)),
    ):
        yield Mistake(f"{name}: passed through", f, lambda g, x: g, (x,), ("straight-through",))
        yield Mistake(
            f"{name}: clipped",
            f,
            lambda g, x: g * (np.abs(x) < 5),
            (x,),
            ("straight-through",),
        )
    yield Mistake(
        "unused input",
        lambda x, y: x * 2,
        lambda g, x, y: (2 * g, g),
        (x, x + 1),
        ("no dependence",),
    )
    for name, f, d in (
        ("sinc", lambda x: np.sinc(x / np.pi), lambda x: np.cos(x) / x - np.sin(x) / x**2),
        ("x**2", lambda x: x * x, lambda x: 2 * x),
        ("sinh", np.sinh, np.cosh),
    ):

        def special(g: Any, x: Any, d: Function = d) -> Any:
            with np.errstate(all="ignore"):
                return g * np.where(x == 0, 0.5, d(x))

        yield Mistake(f"{name}: at 0 only", f, special, (np.array([0.0, 0.0]),), ("only here",))


def of_g(seed: int) -> Iterator[Mistake]:
    rng = np.random.default_rng([seed, 5])
    x, a, w = rng.normal(size=5), rng.normal(size=(3, 4)), rng.normal(size=(4, 2))
    functions: list[tuple[str, Function, Function, tuple[Any, ...]]] = [
        ("tanh", np.tanh, lambda g, x: g * (1 - np.tanh(x) ** 2), (x,)),
        ("sigmoid", sigmoid, lambda g, x: g * sigmoid(x) * (1 - sigmoid(x)), (x,)),
        ("matmul", lambda a, w: a @ w, lambda g, a, w: (g @ w.T, a.T @ g), (a, w)),
        ("cumsum", np.cumsum, lambda g, x: np.cumsum(g[::-1])[::-1], (x,)),
    ]
    changes: list[tuple[str, Function, str]] = [
        ("abs", np.abs, "abs g"),
        ("squared", lambda g: g * g, "g squared"),
        ("relu", lambda g: np.maximum(g, 0.0), "relu g"),
        ("sign", np.sign, "sign of g"),
        ("clipped", lambda g: np.clip(g, -0.4, 0.4), "clipped"),
        ("ignored", np.ones_like, "ignores g"),
    ]
    for name, f, vjp, inputs in functions:
        for change, of, kind in changes:
            yield Mistake(
                f"{name}: g {change}",
                f,
                lambda g, *x, vjp=vjp, of=of: vjp(of(g), *x),
                inputs,
                (kind,),
            )
        yield Mistake(
            f"{name}: exchanged",
            f,
            lambda *arguments, vjp=vjp: vjp(arguments[-1], *arguments[:-1]),
            inputs,
            ("exchanged",),
        )
        if len(inputs) == 1:
            yield Mistake(
                f"{name}: gradient clipped",
                f,
                lambda g, *x, vjp=vjp: np.clip(vjp(g, *x), -0.05, 0.05),
                inputs,
                ("clipped",),
            )
            yield Mistake(
                f"{name}: by norm",
                f,
                lambda g, *x, vjp=vjp: vjp(g, *x) / max(1.0, 4 * np.linalg.norm(vjp(g, *x))),
                inputs,
                ("clipped",),
            )


FAMILIES = (along_axes, orders, square_matrices, complex_numbers, steps, of_g)
MORE = [
    Mistake(f"{mistake.name} ({seed})", mistake.f, mistake.vjp, mistake.inputs, mistake.kinds)
    for family in FAMILIES
    for seed in SEEDS
    for mistake in family(seed)
]
