"""Reductions and scans over axes of each example."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.arrays.batch import Batch
from autograd.arrays.batched import (
    BatchedArray,
    aligned,
    any_mapped,
    full,
    is_mapped,
    ndim_of,
    shape_of,
    wrap,
)
from autograd.arrays.batching.registry import all_behind, batches, behind

SEVERAL_AXES: Final[tuple[Any, ...]] = (
    *(np.sum, np.prod, np.max, np.min, np.amax, np.amin, np.mean, np.std, np.var, np.any, np.all),
    *(np.nansum, np.nanprod, np.nanmax, np.nanmin, np.nanmean, np.nanstd, np.nanvar),
    *(np.median, np.nanmedian, np.count_nonzero, np.ptp),
)
"""Functions that reduce one axis, several, or all."""

KEEP: Final = frozenset(("keepdims",))

ONE_AXIS: Final[tuple[Any, ...]] = (np.argmax, np.argmin, np.nanargmax, np.nanargmin)
"""Functions that reduce one axis, or all entries in one row."""

SCANS: Final[tuple[Any, ...]] = (np.cumsum, np.cumprod, np.nancumsum, np.nancumprod)


def in_one_row(x: Any, batch: Batch) -> Any:
    """All examples of x, each in one row."""
    return np.reshape(x.data, (batch.size, x.size))


def reduced(
    function: Any, batch: Batch, a: Any, axis: Any, rest: tuple[Any, ...], options: dict[str, Any]
) -> Any:
    """`function(a, axis, *rest, **options)` of all examples."""
    mask = options.get("where")
    others = [x for name, x in options.items() if name != "where"]
    if any_mapped((axis, *rest, *others), batch):
        return NotImplemented
    ndim = ndim_of(a)
    if is_mapped(mask, batch):
        options = {**options, "where": aligned(mask, batch, max(ndim, ndim_of(mask)))}
        data = full(a, batch)
    else:
        data = a.data
    if not ndim:  # NumPy reduces a number over its axis 0, which it does not have
        if axis not in (None, 0, -1, ()):
            normalize_axis_tuple(axis, 0)
        options = {name: x for name, x in options.items() if name != "keepdims"}
        if is_mapped(mask, batch):
            options["where"] = np.reshape(options["where"], (batch.size, 1))
        return wrap(function(np.reshape(data, (batch.size, 1)), 1, *rest, **options), batch)
    if type(axis) is int and -ndim <= axis < ndim:
        axes: Any = axis + 1 if axis >= 0 else axis
    else:
        axes = all_behind(axis, ndim)
    return wrap(function(data, axes, *rest, **options), batch)


def over_axes(function: Any) -> Any:
    """The batching of a function of `SEVERAL_AXES`."""
    quick = {np.sum: np.add.reduce, np.max: np.maximum.reduce}.get(function)

    def rule(batch: Batch, a: Any, axis: Any = None, *rest: Any, **options: Any) -> Any:
        if quick is not None and type(a) is BatchedArray and type(a.data) is np.ndarray:
            ndim = len(a.shape)
            if type(axis) is int and -ndim <= axis < ndim and not rest and options.keys() <= KEEP:
                axis = axis + 1 if axis >= 0 else axis
                return BatchedArray(quick(a.data, axis, **options), batch)
        return reduced(function, batch, a, axis, rest, options)

    return rule


for each in SEVERAL_AXES:
    batches(each)(over_axes(each))


def over_one_axis(function: Any) -> Any:
    """The batching of a function of `ONE_AXIS`."""

    def rule(batch: Batch, a: Any, axis: Any = None, out: None = None, **options: Any) -> Any:
        if axis is not None and a.ndim:
            return wrap(function(a.data, axis=behind(axis, a.ndim), **options), batch)
        keepdims = options.pop("keepdims", False) is True
        y = function(in_one_row(a, batch), axis=1, **options)
        return wrap(np.reshape(y, (batch.size, *(1,) * a.ndim)) if keepdims else y, batch)

    return rule


for each in ONE_AXIS:
    batches(each)(over_one_axis(each))


def scan(function: Any) -> Any:
    """The batching of a function of `SCANS`."""

    def rule(batch: Batch, a: Any, axis: Any = None, *rest: Any, **options: Any) -> Any:
        if axis is None or not a.ndim:
            return wrap(function(in_one_row(a, batch), 1, *rest, **options), batch)
        return wrap(function(a.data, behind(axis, a.ndim), *rest, **options), batch)

    return rule


for each in SCANS:
    batches(each)(scan(each))


def quantile_like(function: Any) -> Any:
    """The batching of `np.quantile` and its kind; the axes of q come first in the result."""

    def rule(batch: Batch, a: Any, q: Any, axis: Any = None, *rest: Any, **options: Any) -> Any:
        if any_mapped((q, *rest, *options.values()), batch) or not ndim_of(a):
            return NotImplemented
        if options.get("weights") is not None:  # in the shape of one example
            return NotImplemented
        y = function(a.data, q, all_behind(axis, a.ndim), *rest, **options)
        return BatchedArray(np.moveaxis(y, ndim_of(q), 0), batch)

    return rule


QUANTILES: Final[tuple[Any, ...]] = (
    *(np.quantile, np.percentile, np.nanquantile, np.nanpercentile),
)

for each in QUANTILES:
    batches(each)(quantile_like(each))


# --- methods of ufuncs ----------------------------------------------------------------------------
@batches("reduce")
def reduce_method(ufunc: Any, batch: Batch) -> Any:
    """`ufunc.reduce`, whose axis is 0 where none is given."""

    def rule(array: Any, axis: Any = 0, *rest: Any, **options: Any) -> Any:
        options = {name: x for name, x in options.items() if x is not np._NoValue}
        return reduced(ufunc.reduce, batch, array, axis, rest, options)

    return rule


@batches("accumulate")
def accumulate_method(ufunc: Any, batch: Batch) -> Any:
    """`ufunc.accumulate`."""

    def rule(array: Any, axis: Any = 0, *rest: Any, **options: Any) -> Any:
        return wrap(ufunc.accumulate(array.data, behind(axis, array.ndim), *rest, **options), batch)

    return rule


@batches("reduceat")
def reduceat_method(ufunc: Any, batch: Batch) -> Any:
    """`ufunc.reduceat`, at places that are the same for all examples."""

    def rule(array: Any, indices: Any, axis: Any = 0, *rest: Any, **options: Any) -> Any:
        if any_mapped((indices,), batch):
            return NotImplemented
        axis = behind(axis, array.ndim)
        return wrap(ufunc.reduceat(array.data, indices, axis, *rest, **options), batch)

    return rule


@batches("outer")
def outer_method(ufunc: Any, batch: Batch) -> Any:
    """`ufunc.outer`: every entry of the one with every entry of the other."""

    def rule(a: Any, b: Any, **options: Any) -> Any:
        shape = shape_of(a)
        columns = np.reshape(a, (*shape, *(1,) * ndim_of(b)))
        return ufunc(columns, b, **options)

    return rule
