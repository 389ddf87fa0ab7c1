"""Reductions over axes.  Options that change what is reduced (`where`, `initial`, `dtype`) are
composed from other rows, so that the mask has its gradient too."""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.engine import kernels
from autograd.engine.arrays import as_array, ndim_of, shape_of, size_of, usually
from autograd.engine.cotangents import BROADCAST, dtype_of, real_dtype, unwrap
from autograd.engine.dispatch import implements
from autograd.engine.primitive import Primitive, declare, general, linear
from autograd.engine.refusals import refuse_out
from autograd.rules.arithmetic import real, square
from autograd.rules.selection import maximum, minimum, missing, strong_product, where_row

Axis = Any
sqrt, reshape = declare(np.sqrt), declare(np.reshape)
astype, conjugate, absolute = declare(kernels.astype), declare(np.conjugate), declare(np.absolute)
HALF, SINGLE = np.dtype(np.float16), np.dtype(np.float32)


def axes_of(x: Any, axis: Axis) -> tuple[int, ...]:
    """The reduced axes as a tuple of positions, none negative."""
    ndim = ndim_of(unwrap(x))
    if axis is None:
        return tuple(range(ndim))
    if ndim == 0 and axis in (0, -1):  # as NumPy's reductions of numbers
        return ()
    return normalize_axis_tuple(axis, ndim)


def expand(g: Any, x: Any, axis: Axis, keepdims: bool) -> Any:
    """g with the reduced axes back, of length 1."""
    if axis is None or keepdims or getattr(x, "ndim", 0) == 0:
        return g
    axes = axes_of(x, axis)
    return reshape(g, shape=tuple(1 if i in axes else n for i, n in enumerate(shape_of(unwrap(x)))))


def sum_rule(g: Any, y: Any, x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Every entry of x moves the sum by as much."""
    return BROADCAST(expand(g, x, axis, keepdims), shape=getattr(x, "shape", ()))


def extremum_rule(
    g: Any, y: Any, x: Any, axis: Axis = None, keepdims: bool = False, **initial: Any
) -> Any:
    """The gradient goes to the extreme entry; entries that tie share it equally."""
    ties = unwrap(x) == unwrap(expand(y, x, axis, keepdims))
    share = ties / np.sum(ties, axis=axis, keepdims=True)
    share = share.astype(dtype_of(unwrap(x)))
    return strong_product(expand(g, x, axis, keepdims), share)


def prod_rule(g: Any, y: Any, x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """d prod / dx[k] = the product of the others; y / x[k] only where that is as good."""
    if divisible(y):
        return expand(g * y, x, axis, keepdims) / x
    return strong_product(expand(g, x, axis, keepdims), product_of_others(x, axes_of(x, axis)))


def divisible(y: Any) -> bool:
    """Whether products can be divided again: none is zero, infinite, or lost in underflow."""
    size = np.abs(unwrap(y))
    limits = np.finfo(size.dtype if hasattr(size, "dtype") else float)
    near = (size > limits.tiny / limits.eps) & (size < limits.max)
    return usually(np.all(near), unknown=False)


def product_of_others(x: Any, axes: tuple[int, ...]) -> Any:
    """For each entry the product of all others along the axes, right at zeros and at any order:
    up a binary tree of products, and down again, handing each half the product of the other."""
    shape = shape_of(unwrap(x))
    kept = [i for i in range(len(shape)) if i not in axes]
    order = [*axes, *kept]
    count = int(np.prod([shape[i] for i in axes], dtype=int))
    level = np.reshape(np.transpose(x, order), (count, *[shape[i] for i in kept]))
    levels = []
    while len(level) > 1:
        if len(level) % 2:
            level = np.concatenate([level, np.ones_like(unwrap(level)[:1])])
        levels.append(level)
        level = level[0::2] * level[1::2]
    others = np.ones_like(unwrap(level))
    for level in reversed(levels):
        pairs = np.stack([level[1::2], level[0::2]], axis=1) * np.expand_dims(
            others[: len(level) // 2], 1
        )
        others = np.reshape(pairs, shape_of(unwrap(level)))
    others = np.reshape(others[:count], [shape[i] for i in order])
    return np.transpose(others, tuple(np.argsort(order).tolist()))


def started(extreme: Callable[..., Any], combine: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """np.max or np.min, of arrays of libraries that do not take `initial`."""

    def portable(x: Any, axis: Axis = None, keepdims: bool = False, initial: Any = None) -> Any:
        if initial is None:
            return extreme(x, axis=axis, keepdims=keepdims)
        if not x.size:
            return extreme(x, axis=axis, keepdims=keepdims, initial=initial)
        return combine(extreme(x, axis=axis, keepdims=keepdims), initial)

    return portable


sum_row = linear(np.sum, sum_rule, name="sum", role="reduction")
prod_row = general(np.prod, prod_rule, name="prod", role="reduction")
max_row = general(
    np.max, extremum_rule, name="max", role="reduction", portable=started(np.max, np.maximum)
)
min_row = general(
    np.min, extremum_rule, name="min", role="reduction", portable=started(np.min, np.minimum)
)


def kept(keepdims: Any) -> bool:
    """Whether the reduced axes stay, with length 1."""
    return keepdims is not missing and bool(keepdims)


def masked_input(x: Any, mask: Any, neutral: Any, dtype: Any) -> Any:
    """x in the dtype asked for, with a neutral number where the mask is false."""
    if dtype is not None:
        x = x.astype(dtype) if hasattr(x, "astype") else np.dtype(dtype).type(x)
    if mask is missing or mask is True:
        return x
    mask = as_array(unwrap(mask))
    if mask.dtype.kind != "b":
        raise TypeError(f"where= takes bools, got {mask.dtype}: give where=mask.astype(bool)")
    return where_row(np.broadcast_to(mask, shape_of(unwrap(x))), x, neutral)


def start_of(initial: Any, y: Any) -> Any:
    """`initial=` as a number in the dtype of the result, as NumPy takes it."""
    if ndim_of(unwrap(initial)):
        raise ValueError("initial= takes a number")
    dtype = dtype_of(unwrap(y))
    return initial.astype(dtype) if hasattr(initial, "astype") else dtype.type(initial)


def additive(
    op: Primitive, combine: Callable[[Any, Any], Any], neutral: float
) -> Callable[..., Any]:
    """np.sum or np.prod with all its options, around the bare row."""

    def reduce(
        a: Any,
        axis: Axis = None,
        dtype: Any = None,
        out: None = None,
        keepdims: bool = False,
        initial: Any = missing,
        where: Any = missing,
    ) -> Any:
        refuse_out(op.name, out)
        y = op(masked_input(a, where, neutral, dtype), axis=axis, keepdims=kept(keepdims))
        return y if initial is missing or initial is None else combine(y, start_of(initial, y))

    return reduce


def extremal(
    op: Primitive, combine: Callable[[Any, Any], Any], neutral: float
) -> Callable[..., Any]:
    """np.max or np.min with all its options, around the bare row."""

    def reduce(
        a: Any,
        axis: Axis = None,
        out: None = None,
        keepdims: bool = False,
        initial: Any = missing,
        where: Any = missing,
    ) -> Any:
        refuse_out(op.name, out)
        if initial is missing or initial is None:
            if where is not missing and where is not True:
                raise ValueError(f"np.{op.name}(where=...) needs initial=, as in NumPy")
            return op(a, axis=axis, keepdims=kept(keepdims))
        a = masked_input(a, where, neutral, None)
        y = op(a, axis=axis, keepdims=kept(keepdims), initial=neutral)
        return combine(y, start_of(initial, y))

    return reduce


sum = implements(np.sum)(additive(sum_row, lambda y, start: y + start, 0))
prod = implements(np.prod)(additive(prod_row, lambda y, start: y * start, 1))
max = implements(np.max, np.amax)(extremal(max_row, maximum, -np.inf))
min = implements(np.min, np.amin)(extremal(min_row, minimum, np.inf))


def count_of(x: Any, axis: Axis, mask: Any, keepdims: bool) -> Any:
    """How many entries are reduced into each entry of the output, in the precision of x."""
    shape = shape_of(unwrap(x))
    if mask is missing or mask is True:
        axes = range(len(shape)) if axis is None else normalize_axis_tuple(axis, len(shape))
        return math.prod([shape[a] for a in axes])
    mask = np.broadcast_to(as_array(unwrap(mask)), shape)
    return np.sum(mask, axis=axis, keepdims=keepdims, dtype=real_dtype(unwrap(x)))


@implements(np.mean)
def mean(
    a: Any,
    axis: Axis = None,
    dtype: Any = None,
    out: None = None,
    keepdims: bool = False,
    where: Any = missing,
) -> Any:
    """`np.mean`: the sum over the number of entries that the mask lets in; half precision is
    summed in single, as in NumPy."""
    data = unwrap(a)
    if axis is not None and not np.ndim(data):
        normalize_axis_tuple(axis, 0)  # NumPy's error: unlike np.sum, np.mean wants an axis there
    if dtype is None and getattr(data, "dtype", None) == HALF:
        return astype(mean(astype(a, dtype=SINGLE), axis, None, out, keepdims, where), dtype=HALF)
    if dtype is None and out is None and where is missing:
        total = sum_row(a, axis=axis, keepdims=kept(keepdims))
        size = size_of(unwrap(total))
        return total / (size_of(data) // size if size else count_of(a, axis, where, keepdims))
    total = sum(a, axis, dtype, out, keepdims, where=where)
    return total / count_of(a, axis, where, keepdims)


average = mean


@implements(np.var)
def var(
    a: Any,
    axis: Axis = None,
    dtype: Any = None,
    out: None = None,
    ddof: float = 0,
    keepdims: bool = False,
    where: Any = missing,
    *,
    mean: Any = missing,
    correction: Any = missing,
) -> Any:
    """`np.var`: the mean squared distance from the mean, over n - ddof."""
    refuse_out("var", out)
    if correction is not missing and ddof != 0:
        raise ValueError("np.var and np.std take ddof or correction, not both")
    if dtype is not None:
        dtype = np.dtype(dtype)
        if dtype.kind != "c" and np.iscomplexobj(unwrap(a)):
            raise TypeError("np.var of complex numbers in a real dtype: take v.real or np.abs(v)")
        a = a.astype(dtype)
    centred = a - (average(a, axis, None, None, True, where) if mean is missing else mean)
    is_complex = np.iscomplexobj(unwrap(a))
    squares = real(centred * conjugate(centred)) if is_complex else square(centred)
    lost = float(ddof if correction is missing else correction)
    freedom = count_of(a, axis, where, keepdims) - lost
    freedom = np.maximum(freedom, 0) if ndim_of(freedom) else builtins.max(freedom, 0)
    y = sum(squares, axis, keepdims=keepdims, where=where) / freedom
    return y if dtype is None or dtype.kind != "c" else y.astype(dtype)


@implements(np.std)
def std(a: Any, *args: Any, **options: Any) -> Any:
    """`np.std`: the root of the variance; of a constant it is 0, and so is its derivative."""
    return deviation(var(a, *args, **options))


def deviation(variance: Any) -> Any:
    """The root of a variance; where that is 0, so is the derivative."""
    constant = unwrap(variance) == 0
    return where_row(constant, 0, sqrt(where_row(constant, 1, variance)))


@implements(np.ptp)
def ptp(a: Any, axis: Axis = None, out: None = None, keepdims: bool = False) -> Any:
    """`np.ptp`: the largest less the smallest entry."""
    refuse_out("ptp", out)
    return max(a, axis, keepdims=keepdims) - min(a, axis, keepdims=keepdims)
