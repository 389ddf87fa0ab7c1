"""Arguments to try each row of the rule table with.

A row that is elementwise and has a domain for each argument is sampled from these domains.  Any
other row needs an entry in SAMPLES (name -> arguments and parameters), and so does a row with
parameters that deserve a look; `tests/rules/test_table.py` fails where a row has neither.
"""

from __future__ import annotations

import math
import zlib
from typing import Any, NamedTuple

import numpy as np

from autograd.engine.indexing import ARRAY, Slice, split_index
from autograd.engine.primitive import Primitive

rng = np.random.default_rng(20261120)


class Sample(NamedTuple):
    """The arguments and keyword parameters of one call."""

    args: tuple[Any, ...]
    params: dict[str, Any]


def call(*args: Any, **params: Any) -> Sample:
    """A sample, written as the call that it stands for."""
    return Sample(args, params)


def at(x: Any, index: Any, **params: Any) -> Sample:
    """A sample of a row that takes an index: a template as parameter, its arrays as arguments."""
    template, arrays, unique = split_index(index)
    return Sample((x, *arrays), {"index": template, "unique": unique, **params})


def floats(*shape: int, low: float = -2.0, high: float = 2.0) -> Any:
    """Random numbers that keep away from each other, where max has a kink, and from the multiples
    of 1/2, where step functions step."""
    count = max(1, int(np.prod(shape)))
    place = (rng.permutation(count) + rng.uniform(0.25, 0.75, count)) / count
    halves = np.floor(2 * rng.uniform(low, high, count)) + 0.1 + 0.8 * place
    return (halves[: int(np.prod(shape))] / 2).reshape(shape)[()]


def positive(*shape: int) -> Any:
    """Random numbers between 0.5 and 2.5, away from the multiples of 1/2."""
    return floats(*shape, low=0.5, high=2.5)


def complexes(*shape: int) -> Any:
    """Random complex numbers at a distance from 0, 1, -1, i and -i, where functions branch."""
    sign = [rng.choice([-1.0, 1.0], shape) for _ in range(2)]
    return sign[0] * positive(*shape) + 1j * sign[1] * positive(*shape)


def holed(*shape: int) -> Any:
    """Random numbers with zeros among them."""
    x = np.asarray(floats(*shape))
    x.flat[:: max(2, x.size // 2)] = 0.0
    return x


def mask(*shape: int) -> Any:
    """A mask with both values in it."""
    found = rng.uniform(0, 1, shape) < 0.6
    found.flat[0], found.flat[-1] = True, False
    return found


def within(domain: tuple[float, float], *shape: int, slot: int = 0, seed: str = "") -> Any:
    """Random numbers inside an interval, at a distance from its ends, from the multiples of 1/2,
    and from the numbers of another slot (0, 1 or 2): minimum(a, b) has a kink at a = b."""
    low, high = domain
    draw = np.random.default_rng(zlib.crc32(f"{seed}{slot}".encode())).uniform
    if not math.isinf(high):
        return low + (high - low) * draw(0.1, 0.9, shape)
    bottom = -4 if math.isinf(low) else 1
    halves = np.floor(draw(bottom, 5, shape)) + 0.1 + 0.3 * slot + 0.2 * draw(0, 1, shape)
    return halves / 2 + (0 if math.isinf(low) else low)


def samples_of(op: Primitive) -> list[Sample]:
    """All samples of a row; empty where it cannot be sampled."""
    found = list(SAMPLES.get(op.name, []))
    count = len(op.vjps)
    if op.kind == "elementwise" and len(op.domain) == count and op.name not in NOT_ELEMENTWISE:
        for shapes in (((2, 3),) * count, ((),) * count, ((2, 1), (3,), (1,))[:count]):
            args = [
                within(domain, *shape, slot=i, seed=op.name)
                for i, (domain, shape) in enumerate(zip(op.domain, shapes, strict=True))
            ]
            found.append(Sample(tuple(args), {}))
    return found


NOT_ELEMENTWISE = ("where",)
"""Rows whose arguments are not all floats."""

I3 = np.array([0, 2, 2])

SAMPLES: dict[str, list[Sample]] = {
    # --- choosing -----------------------------------------------------------------------
    "where": [
        call(mask(2, 3), floats(2, 3), floats(2, 3)),
        call(mask(3), floats(2, 1), floats()),
        call(True, floats(2), floats(2)),
        call(mask(3), complexes(3), floats(3)),
    ],
    "clip": [
        call(floats(3, 4), -1.05, 1.05),
        call(floats(3, 4), floats(4, low=-1, high=0), floats(3, 1, low=0, high=1)),
        call(floats(4), -np.inf, 0.3),
    ],
    "nan_to_num": [call(np.array([1.0, -0.5]), nan=2.0, posinf=None, neginf=None)],
    # --- arithmetic with parameters, integers or complex numbers ------------------------
    "ldexp": [call(floats(2, 3), np.array([1, -2, 3])), call(floats(3), 2)],
    "round": [call(floats(3), decimals=0), call(np.array([0.12, -1.37, 1.73]), decimals=1)],
    "power": [
        call(floats(3), 3),
        call(floats(2, 3), np.array([2, 1, 0])),
        call(positive(2, 3), np.array([2.0, 1.0, 0.0])),
        call(complexes(3), complexes(3)),
        call(np.array([0.0, 1.5]), 2),
        call(2, floats(3)),
    ],
    "add": [call(complexes(2, 3), floats(3))],
    "subtract": [call(floats(2, 1), complexes(3))],
    "multiply": [call(complexes(3), floats(2, 1)), call(floats(), complexes(3))],
    "divide": [call(complexes(3), positive(3)), call(floats(3), complexes(3))],
    "abs": [call(complexes(2, 3)), call(complexes())],
    "angle": [call(complexes(3)), call(complexes(3), deg=True)],
    "negative": [call(floats(2, 3)), call(complexes(2)), call(0.3)],
    "positive": [call(floats(2, 3)), call(complexes(2)), call(0.3)],
    "conj": [call(floats(2, 3)), call(complexes(2)), call(complexes())],
    "real": [call(floats(2, 3)), call(complexes(2)), call(complexes())],
    "imag": [call(complexes(2, 3)), call(complexes()), call(floats(2))],
    "degrees": [call(floats(2, 3))],
    "rad2deg": [call(floats(2, 3))],
    "radians": [call(floats(2, 3))],
    "deg2rad": [call(floats(2, 3))],
    "sinc": [call(np.array([0.0, 1e-9, 0.4, 1.3, -7.7]))],
    "sinc_derivative": [call(np.array([0.0, 1e-9, 2.0, 8.5, -40.0]), order=n) for n in (1, 2, 3)],
    "bessel_i": [call(np.array([0.0, 2.0, -1.1]), order=n) for n in (0, 1, 2)],
    "exp": [call(complexes(3))],
    "log": [call(complexes(3))],
    "sqrt": [call(complexes(3))],
    "sin": [call(complexes(3))],
    "cos": [call(complexes(3))],
    "tan": [call(complexes(3))],
    "sinh": [call(complexes(3))],
    "cosh": [call(complexes(3))],
    "tanh": [call(complexes(3))],
    "square": [call(complexes(3))],
    "reciprocal": [call(complexes(3))],
    "expm1": [call(complexes(3))],
    "log1p": [call(complexes(3))],
    "arcsin": [call(complexes(3))],
    "arccos": [call(complexes(3))],
    "arctan": [call(complexes(3))],
    "arcsinh": [call(complexes(3))],
    "arccosh": [call(complexes(3))],
    "arctanh": [call(complexes(3))],
    # --- shape --------------------------------------------------------------------------
    "unbroadcast": [call(floats(2, 3), shape=s) for s in ((), (3,), (1, 3), (2, 1), (2, 3))],
    "broadcast_to": [
        call(floats(3), shape=(2, 3)),
        call(floats(2, 1), shape=(4, 2, 3)),
        call(0.7, shape=(2,)),
        call(floats(), shape=()),
    ],
    "astype": [
        call(floats(2, 3), dtype=np.dtype(np.float64)),
        call(floats(3), dtype=np.dtype(np.complex128)),
        call(0.3, dtype=np.dtype(np.float64)),
    ],
    "reshape": [
        call(floats(2, 3), shape=(3, 2)),
        call(floats(2, 3), shape=(-1,)),
        call(floats(2, 3), shape=(3, -1), order="F"),
        call(floats(), shape=(1, 1)),
        call(floats(1), shape=()),
        call(floats(0, 3), shape=(3, 0)),
    ],
    "transpose": [
        call(floats(2, 3)),
        call(floats(2, 3, 4), axes=(1, 2, 0)),
        call(floats(2, 3, 4), axes=(-1, 0, -2)),
        call(complexes(2, 2), axes=None),
    ],
    "swapaxes": [call(floats(2, 3, 4), axis1=0, axis2=-1)],
    "mT": [call(floats(2, 3, 4)), call(floats(2, 3))],
    "flip": [call(floats(2, 3), axis=a) for a in (None, 0, -1, (0, 1))],
    "roll": [
        call(floats(2, 3), shift=2),
        call(floats(2, 3), shift=-1, axis=1),
        call(floats(2, 3), shift=(1, 2), axis=(0, 1)),
    ],
    "copy": [call(floats(2, 3)), call(0.3)],
    "repeat": [call(floats(2, 3), repeats=2, axis=1), call(floats(3), repeats=0, axis=0)],
    "tril": [call(floats(3, 4)), call(floats(2, 3, 3), k=-1)],
    "triu": [call(floats(3, 4)), call(floats(2, 3, 3), k=1)],
    # --- indexing -----------------------------------------------------------------------
    "getitem": [
        at(floats(4), slice(1, None, 2)),
        at(floats(4), -1),
        at(floats(2, 3), (Ellipsis, None, 1)),
        at(floats(3, 4), I3),
        at(floats(3, 4), (I3, [1, 3, 3])),
        at(floats(3, 4), (slice(None), (1, 1))),
        at(floats(2, 3), np.array([[True, False, True], [False, True, True]])),
        at(complexes(4), I3),
    ],
    "scatter": [
        at(floats(3), I3, shape=(4,)),
        at(floats(2), slice(1, 3), shape=(4,)),
        at(floats(), (1, 2), shape=(2, 3)),
    ],
    "scatter_all": [
        call(
            *(floats(2), floats(), floats(3), I3),
            indices=((Slice(1, 3, None),), (2,), (ARRAY,)),
            shape=(4,),
            unique=(True, True, False),
        ),
    ],
    # --- joining ------------------------------------------------------------------------
    "concatenate": [
        call(floats(2, 3), floats(1, 3), floats(3, 3)),
        call(floats(2, 3), floats(2, 0), complexes(2, 1), axis=-1),
    ],
    "stack": [
        call(floats(2, 3), floats(2, 3), complexes(2, 3), axis=1),
        call(0.3, 0.7, axis=0),
        call(floats(2), floats(2), axis=0),
    ],
    # --- products -----------------------------------------------------------------------
    "matmul": [
        call(floats(3), floats(3)),
        call(floats(2, 3), floats(3)),
        call(floats(3), floats(3, 2)),
        call(floats(2, 3), floats(3, 4)),
        call(floats(5, 2, 3), floats(3, 4)),
        call(floats(2, 3), floats(5, 3, 2)),
        call(floats(4, 1, 2, 3), floats(5, 3, 2)),
        call(floats(3), floats(5, 3, 2)),
        call(floats(5, 2, 3), floats(3)),
        call(complexes(2, 3), floats(3, 2)),
        call(complexes(2, 3), complexes(3)),
        call(floats(2, 0), floats(0, 3)),
    ],
    "einsum": [
        call(floats(2, 3), floats(3, 4), subscripts="ij,jk->ik"),
        call(floats(3, 3), subscripts="ii->"),
        call(floats(3, 3), subscripts="ii->i"),
        call(floats(2, 3), subscripts="ij->"),
        call(floats(2, 3), subscripts="ij->j"),
        call(floats(3), floats(4), subscripts="i,j->ij"),
        call(floats(3), floats(3), floats(3), subscripts="i,i,i->"),
        call(floats(2, 3), floats(3, 4), floats(4, 2), subscripts="ij,jk,kl->il"),
        call(floats(2, 3, 3), floats(3), subscripts="aii,i->a"),
        call(floats(2, 3), floats(4, 5), subscripts="ij,kl->k"),
        call(floats(2, 1), floats(2, 3), subscripts="ij,ij->i"),
        call(complexes(2, 3), complexes(3, 2), subscripts="ij,jk->ki"),
    ],
    "affine": [
        call(floats(2, 3), floats(3, 4), floats(4)),
        call(floats(3), floats(3, 2), floats(2)),
        call(floats(2, 2, 3), floats(3, 4), floats(4)),
    ],
    "softmax_cross_entropy": [
        call(floats(2, 3), np.eye(3, dtype=bool)[[2, 0]]),
        call(floats(2, 2, 3), np.full((2, 2, 3), 1 / 3)),
        call(floats(3), np.eye(3)[1]),
    ],
    "softmax_residual": [
        call(floats(2, 3), np.eye(3, dtype=bool)[[2, 0]]),
        call(floats(2, 2, 3), np.full((2, 2, 3), 1 / 3)),
    ],
    "log_softmax": [call(floats(2, 3), axis=-1), call(floats(2, 3), axis=(0, 1))],
    "softmax": [call(floats(2, 3), axis=0), call(floats(2, 3, 2), axis=(0, 2))],
    "logsumexp": [
        call(floats(2, 3), axis=None, keepdims=False),
        call(floats(2, 3), axis=1, keepdims=True),
        call(floats(2, 3, 2), axis=(0, -1), keepdims=False),
    ],
    # --- reductions and scans -----------------------------------------------------------
    "sum": [
        call(floats(2, 3)),
        call(floats(2, 3), axis=0),
        call(floats(2, 3, 4), axis=(0, -1), keepdims=True),
        call(floats(2, 3), axis=()),
        call(floats(0, 3), axis=0),
        call(0.3),
        call(complexes(2, 3), axis=1),
    ],
    "prod": [
        call(floats(2, 3)),
        call(floats(2, 5), axis=1),
        call(holed(2, 5), axis=-1, keepdims=True),
        call(holed(5)),
        call(holed(2, 3, 4), axis=(0, 2)),
        call(floats(0)),
        call(complexes(2, 3), axis=0),
        call(0.3),
    ],
    "max": [
        call(floats(2, 3)),
        call(floats(2, 3), axis=1),
        call(floats(2, 3, 4), axis=(0, -1), keepdims=True),
        call(0.3),
    ],
    "min": [
        call(floats(2, 3)),
        call(floats(2, 3), axis=-1),
        call(floats(2, 3, 4), axis=(1, 2)),
        call(floats(3), axis=()),
    ],
    "cumsum": [call(floats(4), axis=0), call(floats(2, 3), axis=-1), call(complexes(2, 3), axis=0)],
    "cumprod": [
        call(floats(4), axis=0),
        call(holed(2, 5), axis=-1),
        call(holed(6), axis=0),
        call(complexes(2, 3), axis=0),
        call(floats(0), axis=0),
    ],
}
