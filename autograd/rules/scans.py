"""Cumulative sums, products and differences."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.engine.cotangents import unwrap
from autograd.engine.dispatch import implements
from autograd.engine.primitive import general, linear
from autograd.engine.refusals import refuse_out
from autograd.rules.reductions import divisible
from autograd.rules.selection import missing, strong_product


def reversed_cumsum(g: Any, axis: int) -> Any:
    """The sums from each entry to the end."""
    return np.flip(cumsum_row(np.flip(g, axis), axis=axis), axis)


def cumprod_rule(g: Any, y: Any, x: Any, axis: int = 0) -> Any:
    """dx[k] = (product before k) * sum over i >= k of g[i] * (product from k + 1 to i)."""
    if divisible(y):
        return reversed_cumsum(g * y, axis) / x
    first = np.moveaxis(x, axis, 0)
    one = np.ones_like(unwrap(first)[:1])
    before = np.concatenate([one, np.moveaxis(y, axis, 0)[:-1]])
    return np.moveaxis(
        strong_product(backward_recurrence(np.moveaxis(g, axis, 0), first), before), 0, axis
    )


def backward_recurrence(g: Any, x: Any) -> Any:
    """r[k] = g[k] + x[k + 1] * r[k + 1], by doubling the stride: log2(n) steps, no division."""
    r = g
    factor = np.concatenate([x[1:], np.zeros_like(unwrap(x)[:1])])
    stride = 1
    while stride < len(unwrap(x)):
        nothing = np.zeros_like(unwrap(r)[:stride])
        r = r + strong_product(np.concatenate([r[stride:], nothing]), factor)
        factor = factor * np.concatenate([factor[stride:], nothing])
        stride *= 2
    return r


cumsum_row = linear(np.cumsum, lambda g, y, x, axis=0: reversed_cumsum(g, axis), name="cumsum")
cumprod_row = general(np.cumprod, cumprod_rule, name="cumprod")


def along(x: Any, axis: int | None, dtype: Any) -> tuple[Any, int]:
    """x in the dtype asked for, made one-dimensional where there is no axis."""
    x = x if dtype is None else x.astype(dtype)
    if axis is not None and not np.ndim(unwrap(x)):
        normalize_axis_index(axis, 1)
    return (np.reshape(x, (-1,)), 0) if axis is None or not np.ndim(unwrap(x)) else (x, axis)


@implements(np.cumsum)
def cumsum(a: Any, axis: int | None = None, dtype: Any = None, out: None = None) -> Any:
    """`np.cumsum`."""
    refuse_out("cumsum", out)
    a, axis = along(a, axis, dtype)
    return cumsum_row(a, axis=axis)


@implements(np.cumprod)
def cumprod(a: Any, axis: int | None = None, dtype: Any = None, out: None = None) -> Any:
    """`np.cumprod`."""
    refuse_out("cumprod", out)
    a, axis = along(a, axis, dtype)
    return cumprod_row(a, axis=axis)


@implements(np.diff)
def diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = missing, append: Any = missing) -> Any:
    """`np.diff`: differences of neighbours, n times."""
    if n < 0:
        raise ValueError(f"np.diff takes n >= 0, got {n}")
    if n == 0:
        return a
    ends = [end_of(end, a, axis) for end in (prepend, append)]
    parts = [*ends[0], a, *ends[1]]
    y = np.moveaxis(np.concatenate(parts, axis) if len(parts) > 1 else a, axis, 0)
    for _ in range(n):
        y = y[1:] - y[:-1]
    return np.moveaxis(y, 0, axis)


def end_of(end: Any, a: Any, axis: int) -> list[Any]:
    """What `np.diff` puts before or after a, if anything; a number means one layer of it."""
    if end is missing:
        return []
    if np.ndim(unwrap(end)):
        return [end]
    shape = list(np.shape(unwrap(a)))
    shape[axis] = 1
    return [np.broadcast_to(end, tuple(shape))]
