"""Random programs: compiled, each gives what it gives eagerly, at every call, or raises.

More of them: `COMPILE_FUZZ=5000 python -m pytest tests/compilation/test_fuzz_captures.py`."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import compile
from autograd.compilation.recording import CannotRecord

COUNT = int(os.environ.get("COMPILE_FUZZ", "120"))
Random = np.random.Generator

UNARY: list[Callable[[Any], Any]] = [
    *(np.sin, np.tanh, np.exp, np.negative, np.abs, np.square, np.sign, np.floor, np.positive),
    *(np.sort, np.cumsum, np.flip, np.copy, np.zeros_like, np.ones_like, ag.relu, ag.sigmoid),
    *(ag.softmax, ag.log_softmax, ag.softplus),
    lambda x: x * 1.0,
    lambda x: x / 1.0,
    lambda x: x + 0.0,
    lambda x: x - 0.0,
    lambda x: x**2,
    lambda x: x.T.T if x.ndim > 1 else x[::-1][::-1],
    lambda x: np.log(np.abs(x) + 0.5),
    lambda x: np.where(x > 0, x, -x),
    lambda x: np.where(x > 0, np.sqrt(np.abs(x)), 0.0),
    lambda x: np.maximum(x, 0.0) + np.minimum(x, 0.5),
    lambda x: np.clip(x, -0.5, 0.5),
    lambda x: x - np.mean(x),
    lambda x: x / (1 + np.max(np.abs(x))),
    lambda x: np.roll(x, 1),
    lambda x: x[np.argsort(x.ravel())] if x.ndim == 1 else x,
    lambda x: np.take_along_axis(x, np.argsort(x, axis=-1), axis=-1),
    lambda x: x * (x > np.mean(x)),
    lambda x: np.prod(1 + 0.1 * x) * x,
    lambda x: np.round(x, 1) + x,
    lambda x: x.reshape(-1).reshape(x.shape),
    lambda x: np.broadcast_to(np.sum(x), x.shape) * 0.1,
    lambda x: np.concatenate([x[1:], x[:1]]),
    lambda x: np.stack([x, x * 2])[1],
    lambda x: np.linalg.norm(x) * x,
    lambda x: ag.grad(lambda z: np.sum(np.tanh(z) ** 2))(x),
    lambda x: ag.jvp(lambda z: np.sin(z) * z, (x,), (x,))[1],
]
"""Functions that keep the shape."""

BINARY: list[Callable[[Any, Any], Any]] = [
    *(np.add, np.subtract, np.multiply, np.maximum, np.minimum, np.arctan2, np.hypot),
    lambda x, y: x / (1.5 + np.abs(y)),
    lambda x, y: np.where(x > y, x, y),
    lambda x, y: np.where(x == y, x * 2, y),
    lambda x, y: x * (y > 0),
    lambda x, y: np.where(np.isfinite(x), x, y),
    lambda x, y: x + y[..., :1],
    lambda x, y: np.copysign(x, y),
]
"""Functions of two arrays of one shape."""

CAUGHT: list[Callable[[Any], Any]] = [
    lambda x: x if np.sum(x) > 0 else -x,
    lambda x: x * float(x.ravel()[0]),
    lambda x: x[x > 0].sum() * x,
    lambda x: x * np.random.rand(),
    lambda x: x.tolist() and x,
]
"""What is refused."""


class Captured:
    """What a program uses beside its arguments, changed between calls."""

    def __init__(self, rng: Random, shape: tuple[int, ...]) -> None:
        self.array = rng.normal(size=shape)
        self.numbers = [float(rng.normal()), 2.0]

    def change(self, rng: Random) -> None:
        """Something else in it, or nothing."""
        kind = rng.integers(4)
        if kind == 0:
            self.array[...] = rng.normal(size=self.array.shape)
        elif kind == 1:
            self.numbers[0] = float(rng.normal())
        elif kind == 2:
            self.array = rng.normal(size=self.array.shape)


def random_program(rng: Random, captured: Captured, refused: bool) -> Callable[..., Any]:
    """A function of two arrays and a number, of up to ten steps."""
    steps: list[Any] = []
    for _ in range(rng.integers(1, 10)):
        if rng.random() < 0.6:
            steps.append((UNARY[rng.integers(len(UNARY))], int(rng.integers(100))))
        else:
            f = BINARY[rng.integers(len(BINARY))]
            steps.append((f, int(rng.integers(100)), int(rng.integers(100))))
    if refused:
        steps.insert(rng.integers(len(steps) + 1), (CAUGHT[rng.integers(len(CAUGHT))], 0))

    def f(x: Any, y: Any, a: Any) -> Any:
        known = [x, y, x * captured.array, y * captured.numbers[0], x * a]
        for step, *places in steps:
            known.append(step(*[known[i % len(known)] for i in places]))
        return known[-1] + 0.1 * known[-2]

    return f


def wrapped(f: Callable[..., Any], kind: int) -> Callable[..., Any]:
    """The function, or derivatives of it."""
    total = lambda x, y, a: np.sum(np.sin(f(x, y, a)))
    return [
        f,
        lambda x, y, a: (f(x, y, a), f(x, y, a)),
        ag.value_and_grad(total),
        ag.grad(total, argnum=(0, 1, 2)),
        lambda x, y, a: ag.jvp(lambda x: f(x, y, a), (x,), (y,)),
        lambda x, y, a: ag.grad(lambda x: np.sum(ag.grad(total)(x, y, a) * y))(x),
    ][kind]


def inputs(rng: Random, shape: tuple[int, ...], dtype: Any) -> tuple[Any, ...]:
    """Two arrays, with ties, zeros and now and then an infinity, and a number."""
    x, y = (np.round(rng.normal(size=shape), int(rng.integers(1, 8))) for _ in range(2))
    if rng.random() < 0.2:
        x.flat[0] = rng.choice([0.0, -0.0, np.inf, np.nan, 1e300])
    if rng.random() < 0.3:
        y = x.copy()
    return x.astype(dtype), y.astype(dtype), float(rng.normal())


@pytest.mark.parametrize("seed", range(COUNT))
def test_random_program(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = [(4,), (3, 4), (2, 3)][rng.integers(3)]
    dtype = [np.float64, np.float32][int(rng.random() < 0.3)]
    captured = Captured(rng, shape)
    refused = bool(rng.random() < 0.05)
    f = wrapped(random_program(rng, captured, refused), int(rng.integers(6)))
    compiled = compile(f)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for _ in range(4):
            args = inputs(rng, shape, dtype)
            copies = [np.copy(x) for x in args]
            try:
                wanted = f(*args)
            except Exception as error:
                with pytest.raises((type(error), TypeError)):
                    compiled(*args)
                continue
            try:
                got = compiled(*args)
            except CannotRecord:
                assert refused
                return
            close(got, wanted)
            for x, y in zip(args, copies, strict=True):
                np.testing.assert_array_equal(x, y)
            captured.change(rng)
    assert not refused or compiled.recorded == 0


def close(a: Any, b: Any) -> None:
    """The same bits for arrays; numbers to rounding, as what is computed from them."""
    if isinstance(a, tuple | list):
        for x, y in zip(a, b, strict=True):
            close(x, y)
    elif np.ndim(a):
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b)
    else:
        assert type(a) is type(b)
        np.testing.assert_allclose(a, b, rtol=1e-6 if getattr(a, "dtype", 0) == "f4" else 1e-13)
