"""Functions of each entry, beside the ufuncs."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograd.arrays.batch import Batch
from autograd.arrays.batched import (
    BatchedArray,
    any_mapped,
    elementwise,
    full,
    is_mapped,
    shape_of,
    wrap,
)
from autograd.arrays.batching.registry import batches

ENTRY_BY_ENTRY: Final[tuple[Any, ...]] = (
    *(np.clip, np.round, np.around, np.real, np.imag, np.angle, np.sinc, np.i0, np.fix),
    *(np.nan_to_num, np.isclose, np.iscomplex, np.isreal, np.isposinf, np.isneginf),
)


def by_entry(function: Any) -> Any:
    """The batching of a function that broadcasts its arguments."""

    def rule(batch: Batch, *args: Any, **kwargs: Any) -> Any:
        return elementwise(function, args, kwargs)

    return rule


for each in ENTRY_BY_ENTRY:
    batches(each)(by_entry(each))


@batches(np.where)
def where(batch: Batch, condition: Any, *choices: Any) -> Any:
    """`np.where` with two choices."""
    if len(choices) != 2:
        return NotImplemented
    return elementwise(np.where, (condition, *choices), {})


@batches(np.copy)
def copy(batch: Batch, a: Any, order: Any = "K", subok: bool = False) -> Any:
    """`np.copy`."""
    return BatchedArray(np.copy(a.data), batch)


@batches(np.astype)
def astype(batch: Batch, x: Any, dtype: Any, /, **options: Any) -> Any:
    """`np.astype`."""
    return BatchedArray(np.astype(x.data, np.dtype(dtype), **options), batch)


@batches(np.allclose)
def allclose(batch: Batch, a: Any, b: Any, *args: Any, **kwargs: Any) -> Any:
    """`np.allclose`."""
    return np.all(np.isclose(a, b, *args, **kwargs))


@batches(np.array_equal)
def array_equal(batch: Batch, a1: Any, a2: Any, equal_nan: bool = False) -> Any:
    """`np.array_equal`."""
    if shape_of(a1) != shape_of(a2):
        return False
    same = np.equal(a1, a2)
    if equal_nan and np.result_type(a1, a2).kind in "fc":
        same = same | (np.isnan(a1) & np.isnan(a2))
    return np.all(same)


# --- arrays like others ---------------------------------------------------------------------------
def like(function: Any) -> Any:
    """The batching of `np.zeros_like` and its kind."""

    def rule(
        batch: Batch,
        a: Any,
        dtype: Any = None,
        order: Any = "K",
        subok: bool = True,
        shape: Any = None,
        **options: Any,
    ) -> Any:
        if shape is not None:
            shape = (batch.size, *((shape,) if isinstance(shape, int) else shape))
        return wrap(function(a.data, dtype=dtype, shape=shape, **options), batch)

    return rule


LIKE: Final[tuple[Any, ...]] = (np.zeros_like, np.ones_like, np.empty_like)

for each in LIKE:
    batches(each)(like(each))


@batches(np.full_like)
def full_like(
    batch: Batch,
    a: Any,
    fill_value: Any,
    dtype: Any = None,
    order: Any = "K",
    subok: bool = True,
    shape: Any = None,
    **options: Any,
) -> Any:
    """`np.full_like`: the filling may differ from example to example."""
    if shape is None:
        shape = shape_of(a)
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    dtype = np.dtype(dtype) if dtype is not None else np.result_type(a)
    if not is_mapped(fill_value, batch):
        wide = (batch.size, *shape)
        return BatchedArray(np.full_like(a.data, fill_value, dtype=dtype, shape=wide), batch)
    return BatchedArray(np.astype(full(fill_value, batch, shape), dtype), batch)


# --- functions of mapped points and shared tables -------------------------------------------------
@batches(np.searchsorted)
def searchsorted(batch: Batch, a: Any, v: Any, side: Any = "left", sorter: Any = None) -> Any:
    """`np.searchsorted` in one sorted array."""
    if any_mapped((a, sorter), batch):
        return NotImplemented
    return wrap(np.searchsorted(a, v.data, side, sorter), batch)


@batches(np.digitize)
def digitize(batch: Batch, x: Any, bins: Any, right: bool = False) -> Any:
    """`np.digitize` in one array of bins."""
    return (
        NotImplemented
        if any_mapped((bins,), batch)
        else wrap(np.digitize(x.data, bins, right), batch)
    )


@batches(np.isin)
def isin(batch: Batch, element: Any, test_elements: Any, **options: Any) -> Any:
    """`np.isin` of one set."""
    if any_mapped((test_elements,), batch):
        return NotImplemented
    return wrap(np.isin(element.data, test_elements, **options), batch)


@batches(np.interp)
def interp(
    batch: Batch, x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None
) -> Any:
    """`np.interp` between points that are the same for all examples."""
    if any_mapped((xp, fp, left, right, period), batch):
        return NotImplemented
    return wrap(np.interp(x.data, xp, fp, left, right, period), batch)
