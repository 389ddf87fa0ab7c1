"""Convolution and correlation of two rows of numbers.

The full convolution is the row; the other modes are parts of it, and correlation is convolution
with the second row reversed and conjugated.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine.dispatch import implements
from autograd.engine.primitive import multilinear
from autograd.rules.operands import operand
from autograd.rules.shape import flip_row, shape_of


def correlate_full(g: Any, other: Any, x: Any) -> Any:
    """The vjp of a full convolution with `other`: x[i] met g[i + j] by other[j]."""
    start, length = shape_of(other)[0] - 1, shape_of(x)[0]
    return convolve_row(g, flip_row(other, axis=0))[start : start + length]


convolve_row = multilinear(
    np.convolve,
    lambda g, y, a, v: correlate_full(g, v, a),
    lambda g, y, a, v: correlate_full(g, a, v),
    name="convolve",
)


def part_of_full(mode: Any, n: int, m: int) -> tuple[str, int]:
    """Which part of a full convolution of n and m numbers NumPy returns by a mode: its name and
    its length.  NumPy itself is asked, since it takes names and numbers, and refuses others."""
    name = {1: "valid", 2: "same", 3: "full"}[np.convolve(np.ones(2), np.ones(2), mode).size]
    long, short = max(n, m), min(n, m)
    return name, {"valid": long - short + 1, "same": long, "full": long + short - 1}[name]


def one_row(x: Any, name: str) -> Any:
    """An argument as an array of one dimension that is not empty."""
    x = operand(x)
    if x.ndim > 1:
        raise ValueError(f"{name} takes arrays of one dimension, got {x.ndim}")
    if not x.size:
        raise ValueError(f"{name} takes no empty arrays")
    return np.reshape(x, -1)


@implements(np.convolve)
def convolve(a: Any, v: Any, mode: Any = "full") -> Any:
    """`np.convolve`: y[k] = sum of a[i] * v[k - i]."""
    a, v = one_row(a, "np.convolve"), one_row(v, "np.convolve")
    n, m = len(a), len(v)
    name, length = part_of_full(mode, n, m)
    start = {"full": 0, "same": (min(n, m) - 1) // 2, "valid": min(n, m) - 1}[name]
    return convolve_row(a, v)[start : start + length]


@implements(np.correlate)
def correlate(a: Any, v: Any, mode: Any = "valid") -> Any:
    """`np.correlate`: y[k] = sum of a[i + k] * conj(v[i])."""
    a, v = operand(a), operand(v)
    if not (a.ndim and v.ndim):
        raise ValueError("np.correlate takes arrays of one dimension, got a number")
    a, v = one_row(a, "np.correlate"), one_row(v, "np.correlate")
    n, m = len(a), len(v)
    name, length = part_of_full(mode, n, m)
    middle = (m - 1) // 2 if n >= m else n // 2
    start = {"full": 0, "same": middle, "valid": min(n, m) - 1}[name]
    return convolve_row(a, np.conjugate(flip_row(v, axis=0)))[start : start + length]
