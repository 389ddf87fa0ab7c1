"""Making arrays out of others: inserting and deleting, resizing, grids, equal steps."""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from autograd.engine.conversion import join_values
from autograd.engine.cotangents import dtype_of, unwrap
from autograd.engine.dispatch import implements
from autograd.rules.selection import where_row
from autograd.rules.shape import place_of, ravel, reshape_row, shape_of


def along_axis(arr: Any, axis: Any) -> tuple[Any, int]:
    """The array and the axis counted from the front; in one row where there is no axis."""
    arr = join_values(arr)
    if axis is None:
        return ravel(arr), 0
    return arr, place_of(operator.index(axis), len(shape_of(arr)))


@implements(np.insert)
def insert(arr: Any, obj: Any, values: Any, axis: Any = None) -> Any:
    """`np.insert`: the values cast to the dtype of the array, as NumPy does."""
    arr, axis = along_axis(arr, axis)
    values = join_values(values)
    shape = shape_of(arr)
    dtype = dtype_of(unwrap(arr))
    if dtype.kind not in "fc":
        raise TypeError(
            f"np.insert into an array of {dtype} would cut the Values to integers: give floats"
        )
    if not isinstance(obj, slice) and np.size(obj) == 1:
        shaped = reshape_row(
            values, shape=(1,) * (len(shape) - np.ndim(unwrap(values))) + shape_of(values)
        )
        if np.ndim(obj) == 0:  # a number for each place of the other axes, the axis itself first
            shaped = np.moveaxis(shaped, 0, axis)
        count = shape_of(shaped)[axis]
    else:
        shaped, count = values, len(np.insert(np.arange(shape[axis]), obj, 0)) - shape[axis]
    places = np.insert(np.arange(shape[axis]), obj, shape[axis] + np.arange(count))
    shaped = np.broadcast_to(shaped, (*shape[:axis], count, *shape[axis + 1 :]))
    return np.take(np.concatenate([arr, shaped], axis, dtype=dtype, casting="unsafe"), places, axis)


@implements(np.delete)
def delete(arr: Any, obj: Any, axis: Any = None) -> Any:
    """`np.delete`: the entries that are left."""
    arr, axis = along_axis(arr, axis)
    return np.take(arr, np.delete(np.arange(shape_of(arr)[axis]), obj), axis)


@implements(np.resize)
def resize(a: Any, new_shape: Any) -> Any:
    """`np.resize`: the entries over and over until the shape is filled."""
    a = ravel(join_values(a))
    size = shape_of(a)[0]
    if size == 0:
        return np.resize(unwrap(a), new_shape)
    return np.take(a, np.resize(np.arange(size), new_shape))


@implements(np.meshgrid)
def meshgrid(
    *xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy"
) -> tuple[Any, ...]:
    """`np.meshgrid`; the outputs are arrays of their own, whatever `copy` is."""
    if indexing not in ("xy", "ij"):
        raise ValueError("np.meshgrid: indexing is 'xy' or 'ij'")
    grids = []
    for i, x in enumerate(xi):
        shape = [1] * len(xi)
        shape[i] = -1
        if indexing == "xy" and len(xi) > 1 and i < 2:
            shape[0], shape[1] = shape[1], shape[0]
        grids.append(reshape_row(join_values(x), shape=tuple(shape)))
    return tuple(grids) if sparse else np.broadcast_arrays(*grids)


@implements(np.ix_)
def ix_(*args: Any) -> tuple[Any, ...]:
    """`np.ix_`: an open grid; of Values, Values, for those who use it to broadcast numbers."""
    grids = []
    for i, x in enumerate(args):
        shape = [1] * len(args)
        shape[i] = -1
        x = join_values(x)
        if x is unwrap(x):
            grids.append(np.reshape(np.ix_(x)[0], shape))
        elif len(shape_of(x)) != 1:
            raise ValueError("np.ix_ takes arrays of one dimension")
        else:
            grids.append(reshape_row(x, shape=tuple(shape)))
    return tuple(grids)


@implements(np.lib.stride_tricks.sliding_window_view)
def sliding_window_view(
    x: Any, window_shape: Any, axis: Any = None, *, subok: bool = False, writeable: bool = False
) -> Any:
    """`sliding_window_view`: all stretches of a length, in an array of its own, not a view."""
    x, window = join_values(x), np.lib.stride_tricks.sliding_window_view
    places = np.arange(math.prod(shape_of(x))).reshape(shape_of(x))
    return np.take(x, window(places, window_shape, axis))


@implements(np.linspace)
def linspace(
    start: Any,
    stop: Any,
    num: Any = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: Any = None,
    axis: int = 0,
    *,
    device: Any = None,
) -> Any:
    """`np.linspace`: start + k * (stop - start) / div, where div is num - 1, or num without the
    endpoint."""
    np.linspace(0.0, 1.0, num, device=device)  # NumPy's error where these are wrong
    num = operator.index(num)
    ends = [join_values(x) for x in (start, stop)]
    start, stop = [np.asarray(x) if isinstance(x, list | tuple) else x for x in ends]
    span = np.subtract(stop, start)
    div = num - 1 if endpoint else num
    column = np.arange(num).reshape((-1,) + (1,) * len(shape_of(span)))
    column = column.astype(np.finfo(dtype_of(unwrap(span))).dtype)
    step = span / div if div > 0 else span * np.nan
    y = start + column * (step if div > 0 else span)
    if endpoint and num > 1:
        y = where_row(column == num - 1, stop, y)
    y = np.moveaxis(y, 0, axis)
    y = y if dtype is None else y.astype(dtype)
    return (y, step) if retstep else y


@implements(np.logspace)
def logspace(
    start: Any,
    stop: Any,
    num: Any = 50,
    endpoint: bool = True,
    base: Any = 10.0,
    dtype: Any = None,
    axis: int = 0,
) -> Any:
    """`np.logspace`: base ** linspace."""
    base = join_values(base)
    if len(shape_of(base)):
        ndim = len(np.broadcast_shapes(*[shape_of(join_values(x)) for x in (start, stop, base)]))
        start, stop, base = (with_axes(join_values(x), ndim) for x in (start, stop, base))
        base = np.expand_dims(base, axis)
    y = np.power(base, equal_steps(start, stop, num, endpoint, axis))
    return y if dtype is None else y.astype(dtype)


def equal_steps(start: Any, stop: Any, num: Any, endpoint: bool, axis: int) -> Any:
    """`np.linspace`, which is plain where both ends are."""
    return np.linspace(start, stop, num, endpoint, axis=axis)


def with_axes(x: Any, ndim: int) -> Any:
    """x with axes of length 1 before its own."""
    shape = shape_of(x)
    return reshape_row(x, shape=(1,) * (ndim - len(shape)) + shape)


@implements(np.geomspace)
def geomspace(
    start: Any, stop: Any, num: Any = 50, endpoint: bool = True, dtype: Any = None, axis: int = 0
) -> Any:
    """`np.geomspace`: start * (stop / start) ** (k / div), computed with logarithms as NumPy does,
    and the ends as they are given."""
    start, stop = (join_values(x) for x in (start, stop))
    with np.errstate(all="ignore"):
        plain = np.geomspace(unwrap(start), unwrap(stop), num, endpoint, axis=axis)
    start, stop = (np.multiply(x, np.ones((), plain.dtype)[()]) for x in (start, stop))
    start, stop = np.broadcast_arrays(start, stop)
    sign = np.sign(start)
    powers = np.logspace(np.log10(start / sign), np.log10(stop / sign), num, endpoint)
    y = sign * powers
    count = plain.shape[axis]
    column = np.arange(count).reshape((-1,) + (1,) * len(shape_of(start)))
    y = where_row(column == 0, start, y)
    if endpoint and count > 1:
        y = where_row(column == count - 1, stop, y)
    y = np.moveaxis(y, 0, axis)
    return y if dtype is None else y.astype(dtype)
