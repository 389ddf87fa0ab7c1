"""Taking entries by index, and the way back: adding them at their places."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.engine import indexing, outputs, portable
from autograd.engine.arrays import as_array, is_foreign
from autograd.engine.cotangents import unwrap
from autograd.engine.dispatch import implements
from autograd.engine.primitive import Rule, general, linear, multilinear
from autograd.engine.refusals import refuse_out
from autograd.rules.operands import operand
from autograd.rules.shape import place_of, ravel, shape_of


def add_entries(buffer: Any, g: Any, *arrays: Any, index: Any, unique: bool) -> None:
    """Add g to the entries of a buffer that `getitem` took."""
    indexing.add_at(buffer, g, index, arrays, unique)


def sum_entries(parts: list[tuple[Any, Any]], x: Any) -> Any:
    """The contributions to x of many nodes x[index], as one recorded row; `parts` are pairs of
    node and cotangent."""
    return scatter_all(
        *[g for _, g in parts],
        *[array for v, _ in parts for array in v.inputs[1:]],
        indices=tuple(v.params["index"] for v, _ in parts),
        shape=shape_of(x),
        unique=tuple(v.params["unique"] for v, _ in parts),
    )


def getitem_rule(g: Any, y: Any, x: Any, *arrays: Any, index: Any, unique: bool) -> Any:
    """The transpose of taking entries: adding them at their places."""
    return scatter(g, *arrays, index=index, shape=shape_of(x), unique=unique)


def scatter_rule(g: Any, y: Any, x: Any, *arrays: Any, index: Any, shape: Any, unique: bool) -> Any:
    """The transpose of `scatter`: taking the entries back."""
    return getitem(g, *arrays, index=index, unique=unique)


def scatter_all_rule(
    wanted: Any, g: Any, y: Any, *args: Any, indices: Any, shape: Any, unique: Any
) -> list[Any]:
    """The transpose of `scatter_all`: taking the entries of each summand."""
    arrays = iter(args[len(indices) :])
    found: list[Any] = []
    for index, once, want in zip(indices, unique, wanted, strict=False):
        own = [next(arrays) for _ in range(indexing.array_count(index))]
        found.append(getitem(g, *own, index=index, unique=once) if want else None)
    return found + [None] * (len(args) - len(indices))


def first_only(rule: Rule) -> Rule:
    """`vjp_all` of a row whose other arguments are index arrays."""

    def ask(wanted: Any, g: Any, y: Any, x: Any, *arrays: Any, **params: Any) -> list[Any]:
        return [rule(g, y, x, *arrays, **params)] + [None] * len(arrays)

    return ask


getitem = multilinear(
    indexing.getitem,
    portable=portable.getitem,
    vjp_all=first_only(getitem_rule),
    add_into=add_entries,
    sum_into=sum_entries,
    products=False,
    name="getitem",
    symbol="[ ]",
    role="shape",
)
scatter = multilinear(
    indexing.scatter,
    portable=portable.scatter,
    vjp_all=first_only(scatter_rule),
    products=False,
    may_discard_nan=True,
    name="scatter",
)
scatter_all = general(
    indexing.scatter_all,
    portable=portable.scatter_all,
    vjp_all=scatter_all_rule,
    may_discard_nan=True,
)


def add_output(buffer: list[Any], g: Any, index: int, count: int) -> None:
    """Add g to one of several outputs."""
    buffer[index] = g if buffer[index] is None else buffer[index] + g


get_output = linear(
    outputs.get_output,
    lambda g, y, x, index, count: outputs.only_output(g, index, count),
    add_into=add_output,
    name="get_output",
)


def integers(indices: Any) -> Any:
    """Plain integer indices; bools count as 0 and 1, as in `np.take`.  TypeError for floats."""
    index = as_array(unwrap(indices))
    if is_foreign(index):
        if index.dtype.kind not in "iub":
            raise TypeError(f"indices are integers, got {index.dtype}")
        return index.astype(np.intp)
    return index.astype(np.intp, casting="same_kind" if index.size else "unsafe")


@implements(np.take)
def take(
    a: Any, indices: Any, axis: int | None = None, out: None = None, mode: str = "raise"
) -> Any:
    """`np.take`: the entries at plain indices along an axis."""
    refuse_out("take", out)
    a = operand(a)
    a, axis = (ravel(a), 0) if axis is None else (a, place_of(axis, a.ndim))
    index = integers(indices)
    size = shape_of(a)[axis]
    if mode != "raise":
        np.take(np.zeros(1), 0, mode=mode)  # type: ignore[call-overload]  # NumPy's error
        index = index % size if mode == "wrap" else np.clip(index, 0, size - 1)
    return a[(*(slice(None),) * axis, index)]


def gather(x: Any, places: Any, axis: int, unique: bool = False) -> Any:
    """The entries of x at plain places along an axis; `unique` says that none is taken twice."""
    if x.ndim == 1:
        return getitem(x, places, index=(indexing.ARRAY,), unique=unique)
    if is_foreign(places):  # not every library has indices of several arrays
        shape = shape_of(x)
        places = np.where(places < 0, places + shape[axis], places)
        lines = np.arange(math.prod(shape)).reshape(shape).take([0], axis=axis)
        flat = lines + places * math.prod(shape[axis + 1 :])
        return getitem(ravel(x), flat, index=(indexing.ARRAY,), unique=unique)
    grid = list(np.ogrid[tuple(slice(n) for n in shape_of(x))])
    grid[axis] = places
    return getitem(x, *grid, index=(indexing.ARRAY,) * x.ndim, unique=unique)


@implements(np.take_along_axis)
def take_along_axis(arr: Any, indices: Any, axis: int | None = -1) -> Any:
    """`np.take_along_axis`."""
    arr, axis = (ravel(arr), 0) if axis is None else (arr, place_of(axis, arr.ndim))
    places = unwrap(indices)
    places = places if is_foreign(places) else np.array(places)
    if places.dtype.kind not in "iu":
        raise IndexError(f"np.take_along_axis takes integers as indices, got {places.dtype}")
    if places.ndim != arr.ndim:
        raise ValueError(f"np.take_along_axis: {places.ndim} axes of indices for {arr.ndim}")
    return gather(arr, places, axis)


@implements(np.compress)
def compress(condition: Any, a: Any, axis: int | None = None, out: None = None) -> Any:
    """`np.compress`."""
    if np.ndim(unwrap(condition)) != 1:
        raise ValueError("np.compress takes a condition of one dimension")
    return take(a, np.flatnonzero(unwrap(condition)), axis, out)


@implements(np.extract)
def extract(condition: Any, arr: Any) -> Any:
    """`np.extract`."""
    return take(arr, np.flatnonzero(unwrap(condition)))


@implements(np.diagonal)
def diagonal(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """`np.diagonal`: the entries whose two indices differ by the offset."""
    moved = np.moveaxis(a, (axis1, axis2), (-2, -1))
    rows, columns = shape_of(moved)[-2:]
    i = np.arange(max(0, -offset), max(max(0, -offset), min(rows, columns - offset)))
    index = (Ellipsis, indexing.ARRAY, indexing.ARRAY)
    return getitem(moved, i, i + offset, index=index, unique=True)


@implements(np.diag)
def diag(v: Any, k: int = 0) -> Any:
    """`np.diag`: the diagonal of a matrix, or the matrix with this diagonal."""
    if len(shape_of(v)) == 2:
        return diagonal(v, k)
    if len(shape_of(v)) != 1:
        raise ValueError("np.diag takes one or two dimensions")
    i = np.arange(shape_of(v)[0])
    n = len(i) + abs(k)
    rows, columns = i + max(0, -k), i + max(0, k)
    return scatter(v, rows, columns, index=(indexing.ARRAY,) * 2, shape=(n, n), unique=True)


@implements(np.diagflat)
def diagflat(v: Any, k: int = 0) -> Any:
    """`np.diagflat`."""
    return diag(ravel(v), k)


@implements(np.trace)
def trace(
    a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None, out: None = None
) -> Any:
    """`np.trace`: the sum of the diagonal."""
    return np.sum(diagonal(a, offset, axis1, axis2), axis=-1, dtype=dtype, out=out)
