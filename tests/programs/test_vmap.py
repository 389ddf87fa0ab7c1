"""Random programs inside `vmap`, with derivatives inside and outside, against a loop."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value, grad, hessian, jvp, vmap
from autograd.arrays.batch import BatchedError

COUNT = 3
SHAPES: dict[str, tuple[int, ...]] = {"w": (3,), "x": (3,), "m": (3, 3), "s": ()}
"""What a program computes with: `w` is shared, the others are mapped, and so is the index `i`."""

Names = dict[str, Any]
Program = Callable[[Names], Any]

UNARY: list[Callable[[Any], Any]] = [
    *(np.tanh, np.sin, np.abs, ag.sigmoid, ag.softplus, np.negative),
    *(lambda v: v * v, lambda v: v**3, lambda v: np.sqrt(1 + v * v), lambda v: np.clip(v, -1, 1)),
]
BINARY: list[Callable[[Any, Any], Any]] = [
    *(np.add, np.multiply, np.subtract, np.maximum, np.minimum, np.hypot, np.logaddexp),
    *(lambda a, b: a / (2 + b * b), lambda a, b: np.arctan2(a, 1 + b * b)),
]
REDUCTIONS: list[Callable[..., Any]] = [np.sum, np.mean, np.max, np.min, np.prod, np.std]
OF_ARRAYS: list[tuple[Callable[[Any, Names], Any], Callable[[Any], Any]]] = [
    (lambda v, e: np.flip(v, 0), lambda shape: shape),
    (lambda v, e: np.roll(v, 1, axis=-1), lambda shape: shape),
    (lambda v, e: np.cumsum(v, axis=0), lambda shape: shape),
    (lambda v, e: np.sort(v, axis=-1), lambda shape: shape),
    (lambda v, e: np.concatenate([v, 2 * v])[1:4], lambda shape: shape),
    (lambda v, e: v[np.array([2, 0, 0])], lambda shape: shape),
    (lambda v, e: np.sum(v[1:], axis=0), lambda shape: shape[1:]),
    (lambda v, e: v[e["i"]], lambda shape: shape[1:]),
    (lambda v, e: v[..., e["i"]], lambda shape: shape[:-1]),
    (lambda v, e: ag.softmax(v), lambda shape: shape),
    (lambda v, e: np.tanh(v) @ e["w"], lambda shape: shape[:-1]),
    (lambda v, e: np.where(e["x"] > 0, v, e["w"]), lambda shape: shape),
]
OF_MATRICES: list[tuple[Callable[[Any, Names], Any], tuple[int, ...]]] = [
    (lambda a, e: np.linalg.inv(np.tanh(a) + 6 * np.eye(3)), (3, 3)),
    (lambda a, e: np.linalg.slogdet(np.tanh(a) + 6 * np.eye(3))[1], ()),
    (lambda a, e: np.linalg.solve(np.tanh(a) + 6 * np.eye(3), e["x"]), (3,)),
    (lambda a, e: np.tanh(a) @ np.tanh(e["m"]), (3, 3)),
    (lambda a, e: np.einsum("ij,kj->ik", np.tanh(a), e["m"]), (3, 3)),
    (lambda a, e: vmap(lambda row: row * e["w"], in_axes=1, out_axes=1)(a), (3, 3)),
]


def program(r: random.Random, depth: int) -> tuple[Program, tuple[int, ...]]:
    """A program, and the shape of what it computes."""
    if not depth:
        name = r.choice(list(SHAPES))
        return lambda e: e[name], SHAPES[name]
    f, shape = program(r, depth - 1)
    kind = r.choice(["unary", "binary", "reduction", "array", "array", "inner", "inner"])
    if kind == "unary" or (not shape and kind in ("reduction", "array")):
        u = r.choice(UNARY)
        return lambda e: u(f(e)), shape
    if kind == "binary":
        g, other = program(r, depth - 1)
        b = r.choice(BINARY)
        return lambda e: b(f(e), g(e)), np.broadcast_shapes(shape, other)
    if kind == "reduction":
        reduce, axis = r.choice(REDUCTIONS), r.choice([None, 0, -1])
        left = () if axis is None else shape[1:] if axis == 0 else shape[:-1]
        return lambda e: reduce(f(e), axis=axis), left
    if kind == "inner":
        return inner(f, r)
    if shape == (3, 3) and r.random() < 0.5:
        of_matrix, made = r.choice(OF_MATRICES)
        return lambda e: of_matrix(f(e), e), made
    of_array, shape_of = r.choice(OF_ARRAYS)
    return lambda e: of_array(f(e), e), shape_of(shape)


def inner(f: Program, r: random.Random) -> tuple[Program, tuple[int, ...]]:
    """A derivative of a program with respect to one of its names, or a `vmap` over one."""
    name = r.choice(list(SHAPES))
    way = r.choice(["grad", "jvp", "hessian", "vmap"])

    def scalar(e: Names, v: Any) -> Any:
        return np.sum(np.tanh(f({**e, name: v})))

    if way == "jvp":
        t = np.ones(SHAPES[name])[()]
        return lambda e: jvp(lambda v: scalar(e, v), (e[name],), (t,))[1], ()
    if way == "hessian" and name != "m":
        return lambda e: np.sum(hessian(lambda v: scalar(e, v))(e[name])), ()
    if way == "vmap":
        return lambda e: vmap(lambda row: np.sum(np.sin(f({**e, "x": row}))))(e["m"]), (3,)
    return lambda e: grad(lambda v: scalar(e, v))(e[name]), SHAPES[name]


def close(got: Any, wanted: Any) -> None:
    wanted = np.asarray(wanted)
    assert np.shape(got) == wanted.shape
    scale = max(1.0, float(np.max(np.abs(wanted), initial=0.0)))
    np.testing.assert_allclose(got, wanted, rtol=1e-7, atol=1e-7 * scale)


@pytest.mark.parametrize("seed", range(150))
def test_random_program(seed: int) -> None:
    r, rng = random.Random(seed), np.random.default_rng(seed)
    f, _ = program(r, r.choice([2, 3, 4]))
    w, x, m, s = (rng.normal(size=n) for n in (3, (COUNT, 3), (COUNT, 3, 3), COUNT))
    index, axes = rng.integers(0, 3, COUNT), (None, 0, 0, 0, 0)

    def one(w: Any, x: Any, m: Any, s: Any, i: Any) -> Any:
        return np.sum(np.tanh(f({"w": w, "x": x, "m": m, "s": s, "i": i}))) + 0.0 * s

    def example(k: int) -> tuple[Any, ...]:
        return x[k], m[k], float(s[k]), index[k]

    every, arguments = vmap(one, in_axes=axes), (0, 1, 2, 3)
    with np.errstate(all="ignore"):
        wanted = [one(w, *example(k)) for k in range(COUNT)]
        try:
            close(every(w, x, m, s, index), wanted)
        except BatchedError:  # NumPy asks nobody when its own array is indexed: a Value does
            close(every(Value(w), x, m, s, index).data, wanted)
            return
        found = vmap(grad(one, arguments), in_axes=axes)(w, x, m, s, index)
        loop = [grad(one, arguments)(w, *example(k)) for k in range(COUNT)]
        for got, column in zip(found, zip(*loop, strict=True), strict=True):
            close(got, np.stack(column))
        total = grad(lambda w: np.sum(every(w, x, m, s, index) ** 2))(w)
        close(total, grad(lambda w: sum(one(w, *example(k)) ** 2 for k in range(COUNT)))(w))
        slope = vmap(grad(one), in_axes=axes)
        twice = grad(lambda w: np.sum(np.sin(slope(w, x, m, s, index))))(w)
        sines = lambda w: sum(np.sum(np.sin(grad(one)(w, *example(k)))) for k in range(COUNT))
        close(twice, grad(sines)(w))
