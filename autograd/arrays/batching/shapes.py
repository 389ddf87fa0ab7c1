"""Functions that move the entries of each example, or cut and join examples."""

from __future__ import annotations

import math
import operator
from typing import Any, Final

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.arrays.batch import Batch
from autograd.arrays.batched import (
    BatchedArray,
    any_mapped,
    full,
    is_mapped,
    ndim_of,
    shape_of,
    wrap,
)
from autograd.arrays.batching.reductions import in_one_row
from autograd.arrays.batching.registry import all_behind, batches, behind

numpy: Any = np  # NumPy's stubs want each option of np.pad known beforehand


def as_tuple(shape: Any) -> tuple[int, ...]:
    """A shape from an int or any sequence of them."""
    if isinstance(shape, int | np.integer):
        return (operator.index(shape),)
    return tuple([operator.index(n) for n in shape])


@batches(np.reshape)
def reshape(
    batch: Batch, a: Any, /, shape: Any = None, order: Any = "C", *, copy: Any = None
) -> Any:
    """`np.reshape` of each example."""
    if order != "C":
        return NotImplemented
    shape = as_tuple(shape)
    if -1 in shape:
        known = -math.prod(shape)
        shape = tuple([a.size // known if n == -1 and known > 0 else n for n in shape])
    if math.prod(shape) != a.size:
        raise ValueError(f"cannot reshape array of size {a.size} into shape {shape}")
    return BatchedArray(np.reshape(a.data, (batch.size, *shape)), batch)


@batches(np.ravel)
def ravel(batch: Batch, a: Any, order: Any = "C") -> Any:
    """`np.ravel`."""
    return BatchedArray(in_one_row(a, batch), batch) if order == "C" else NotImplemented


@batches(np.transpose, np.permute_dims)
def transpose(batch: Batch, a: Any, axes: Any = None) -> Any:
    """`np.transpose`."""
    order = range(a.ndim - 1, -1, -1) if axes is None else axes
    if len(order) != a.ndim:
        raise ValueError("axes don't match array")
    return BatchedArray(np.transpose(a.data, (0, *[behind(i, a.ndim) for i in order])), batch)


@batches(np.matrix_transpose)
def matrix_transpose(batch: Batch, x: Any, /) -> Any:
    """`np.matrix_transpose`."""
    if x.ndim < 2:
        raise ValueError(f"Input array must be at least 2-dimensional, but it is {x.ndim}")
    return BatchedArray(np.swapaxes(x.data, -1, -2), batch)


@batches(np.swapaxes)
def swapaxes(batch: Batch, a: Any, axis1: Any, axis2: Any) -> Any:
    """`np.swapaxes`."""
    return BatchedArray(np.swapaxes(a.data, behind(axis1, a.ndim), behind(axis2, a.ndim)), batch)


@batches(np.moveaxis)
def moveaxis(batch: Batch, a: Any, source: Any, destination: Any) -> Any:
    """`np.moveaxis`."""
    source = all_behind(source if np.ndim(source) else operator.index(source), a.ndim)
    destination = all_behind(
        destination if np.ndim(destination) else operator.index(destination), a.ndim
    )
    return BatchedArray(np.moveaxis(a.data, source, destination), batch)


@batches(np.expand_dims)
def expand_dims(batch: Batch, a: Any, axis: Any) -> Any:
    """`np.expand_dims`."""
    shape = a.data.shape
    if type(axis) is int and type(a.data) is np.ndarray and -len(shape) <= axis < len(shape):
        place = axis + 1 if axis >= 0 else axis + len(shape) + 1  # the usual case, quickly
        return BatchedArray(a.data.reshape((*shape[:place], 1, *shape[place:])), batch)
    count = a.ndim + (len(axis) if isinstance(axis, tuple | list) else 1)
    return BatchedArray(np.expand_dims(a.data, all_behind(axis, count)), batch)


@batches(np.squeeze)
def squeeze(batch: Batch, a: Any, axis: Any = None) -> Any:
    """`np.squeeze`."""
    shape = a.data.shape
    if type(axis) is int and type(a.data) is np.ndarray and -a.ndim <= axis < a.ndim:
        place = axis + 1 if axis >= 0 else axis + len(shape)
        if shape[place] == 1:
            return BatchedArray(a.data.reshape((*shape[:place], *shape[place + 1 :])), batch)
    if axis is None:
        return BatchedArray(
            np.reshape(a.data, (batch.size, *[n for n in a.shape if n != 1])), batch
        )
    return BatchedArray(np.squeeze(a.data, all_behind(axis, a.ndim)), batch)


def at_least(function: Any) -> Any:
    """The batching of `np.atleast_1d` and its kind."""

    def rule(batch: Batch, *arrays: Any) -> Any:
        found = [np.reshape(x, function(np.empty(shape_of(x))).shape) for x in arrays]
        return found[0] if len(found) == 1 else tuple(found)

    return rule


AT_LEAST: Final[tuple[Any, ...]] = (np.atleast_1d, np.atleast_2d, np.atleast_3d)

for each in AT_LEAST:
    batches(each)(at_least(each))


@batches(np.rot90)
def rot90(batch: Batch, m: Any, k: Any = 1, axes: Any = (0, 1)) -> Any:
    """`np.rot90`."""
    return BatchedArray(
        np.rot90(m.data, k, (behind(axes[0], m.ndim), behind(axes[1], m.ndim))), batch
    )


@batches(np.unwrap)
def unwrap(
    batch: Batch, p: Any, discont: Any = None, axis: Any = -1, *, period: Any = 2 * np.pi
) -> Any:
    """`np.unwrap`."""
    if any_mapped((discont, period), batch):
        return NotImplemented
    return BatchedArray(np.unwrap(p.data, discont, behind(axis, p.ndim), period=period), batch)


@batches(np.broadcast_to)
def broadcast_to(batch: Batch, array: Any, shape: Any, subok: bool = False) -> Any:
    """`np.broadcast_to`."""
    return BatchedArray(full(array, batch, as_tuple(shape)), batch)


@batches(np.flip)
def flip(batch: Batch, m: Any, axis: Any = None) -> Any:
    """`np.flip`."""
    return BatchedArray(np.flip(m.data, all_behind(axis, m.ndim)), batch)


@batches(np.roll)
def roll(batch: Batch, a: Any, shift: Any, axis: Any = None) -> Any:
    """`np.roll`, by a shift that is the same for all examples."""
    if any_mapped((shift,), batch):
        return NotImplemented
    if axis is None:
        y = np.roll(in_one_row(a, batch), shift, 1)
        return BatchedArray(np.reshape(y, a.data.shape), batch)
    axes = tuple([behind(i, a.ndim) for i in np.atleast_1d(axis).tolist()])
    return BatchedArray(np.roll(a.data, shift, axes if np.ndim(axis) else axes[0]), batch)


@batches(np.repeat)
def repeat(batch: Batch, a: Any, repeats: Any, axis: Any = None) -> Any:
    """`np.repeat`, as often in all examples."""
    if any_mapped((repeats,), batch):
        return NotImplemented
    if axis is None or not a.ndim:
        return BatchedArray(np.repeat(in_one_row(a, batch), repeats, 1), batch)
    return BatchedArray(np.repeat(a.data, repeats, behind(axis, a.ndim)), batch)


@batches(np.diagonal)
def diagonal(batch: Batch, a: Any, offset: Any = 0, axis1: Any = 0, axis2: Any = 1) -> Any:
    """`np.diagonal`."""
    axes = behind(axis1, a.ndim), behind(axis2, a.ndim)
    return BatchedArray(np.diagonal(a.data, offset, *axes), batch)


@batches(np.trace)
def trace(
    batch: Batch,
    a: Any,
    offset: Any = 0,
    axis1: Any = 0,
    axis2: Any = 1,
    dtype: Any = None,
    out: None = None,
) -> Any:
    """`np.trace`."""
    axes = behind(axis1, a.ndim), behind(axis2, a.ndim)
    return BatchedArray(np.trace(a.data, offset, *axes, dtype=dtype), batch)


def of_matrices(function: Any) -> Any:
    """The batching of a function of the last two axes."""

    def rule(batch: Batch, m: Any, k: Any = 0) -> Any:
        return BatchedArray(function(m.data, k), batch) if m.ndim > 1 else NotImplemented

    return rule


OF_MATRICES: Final[tuple[Any, ...]] = (np.tril, np.triu)

for each in OF_MATRICES:
    batches(each)(of_matrices(each))


@batches(np.pad)
def pad(batch: Batch, array: Any, pad_width: Any, mode: Any = "constant", **kwargs: Any) -> Any:
    """`np.pad`; ends that differ by axis, or by example, are put together."""
    simple = all(isinstance(x, int | float | str) for x in kwargs.values())
    if not simple or not isinstance(mode, str) or isinstance(pad_width, dict) or not array.ndim:
        return NotImplemented
    if mode in ("maximum", "minimum", "mean", "median") and "stat_length" in kwargs:
        return NotImplemented  # it is a length for the hidden axis too
    widths: Any = [(0, 0), *np.broadcast_to(pad_width, (array.ndim, 2)).tolist()]
    return BatchedArray(numpy.pad(array.data, widths, mode, **kwargs), batch)


# --- joining --------------------------------------------------------------------------------------
@batches(np.concatenate, np.concat)
def concatenate(batch: Batch, arrays: Any, axis: Any = 0, out: None = None, **options: Any) -> Any:
    """`np.concatenate`."""
    arrays = [x if hasattr(x, "shape") else np.asarray(x) for x in arrays]
    if axis is None:
        arrays, axis = [np.reshape(x, (-1,)) for x in arrays], 0
    place = behind(axis, ndim_of(arrays[0]))
    return BatchedArray(np.concatenate([full(x, batch) for x in arrays], place, **options), batch)


@batches(np.stack)
def stack(batch: Batch, arrays: Any, axis: Any = 0, out: None = None, **options: Any) -> Any:
    """`np.stack`."""
    arrays = [x if hasattr(x, "shape") else np.asarray(x) for x in arrays]
    if len({shape_of(x) for x in arrays}) > 1:
        raise ValueError("all input arrays must have the same shape")
    place = behind(axis, ndim_of(arrays[0]) + 1)
    return BatchedArray(np.stack([full(x, batch) for x in arrays], place, **options), batch)


# --- along an axis --------------------------------------------------------------------------------
AFTER_ARRAY: Final[dict[Any, tuple[str, ...]]] = {
    **dict.fromkeys((np.sort, np.argsort), ("axis", "kind", "order")),
    **dict.fromkeys((np.partition, np.argpartition), ("kth", "axis", "kind", "order")),
    **dict.fromkeys(
        (np.fft.fft, np.fft.ifft, np.fft.rfft, np.fft.irfft, np.fft.hfft, np.fft.ihfft),
        ("n", "axis", "norm"),
    ),
}
"""Functions along one axis, the last by default, and the names of what they take after the array;
no axis means the entries in one row."""


def along_axis(function: Any, names: tuple[str, ...]) -> Any:
    """The batching of a function of `AFTER_ARRAY`."""

    def rule(batch: Batch, a: Any, *args: Any, **options: Any) -> Any:
        options = {**dict(zip(names, args, strict=False)), **options}
        if any_mapped(options.values(), batch) or not is_mapped(a, batch):
            return NotImplemented
        axis = options.pop("axis", -1)
        if axis is None:
            return wrap(function(in_one_row(a, batch), axis=1, **options), batch)
        return wrap(function(a.data, axis=behind(axis, a.ndim), **options), batch)

    return rule


for function, names_after in AFTER_ARRAY.items():
    batches(function)(along_axis(function, names_after))


@batches(np.take_along_axis)
def take_along_axis(batch: Batch, arr: Any, indices: Any, axis: Any = -1) -> Any:
    """`np.take_along_axis`, at places that may differ from example to example."""
    if axis is None:
        arr, axis = np.reshape(arr, (-1,)), 0
    ndim = ndim_of(arr)
    if ndim_of(indices) != ndim:
        raise ValueError("`indices` and `arr` must have the same number of dimensions")
    axis = normalize_axis_index(axis, ndim) + 1
    data = arr.data if is_mapped(arr, batch) else np.expand_dims(arr, 0)
    places = indices.data if is_mapped(indices, batch) else np.expand_dims(indices, 0)
    if not isinstance(data, np.ndarray) or not isinstance(places, np.ndarray):
        data, places = full(arr, batch), full(indices, batch)
    return BatchedArray(np.take_along_axis(data, places, axis), batch)
