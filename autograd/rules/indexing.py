"""Taking entries by index, and the way back: adding them at their places."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from autograd.engine import kernels
from autograd.engine.conversion import refuse, refuse_out
from autograd.engine.cotangents import unwrap
from autograd.engine.dispatch import implements
from autograd.engine.primitive import array_op
from autograd.rules.shape import place_of, ravel, shape_of

getitem = array_op(
    "linear",
    kernels.getitem,
    lambda g, y, x, index, unique: scatter(g, index=index, shape=shape_of(x), unique=unique),
    name="getitem",
    symbol="[ ]",
    selects=True,
)
scatter = array_op(
    "linear",
    kernels.scatter,
    lambda g, y, x, index, shape, unique: getitem(g, index=index, unique=unique),
    name="scatter",
)
get_output = array_op(
    "linear",
    kernels.get_output,
    lambda g, y, x, index, count: kernels.bundle_of(g, index, count),
    name="pick",
)


def integers(indices: Any) -> Any:
    """Plain integer indices; bools count as 0 and 1, as in `np.take`.  TypeError for floats."""
    index = np.asarray(unwrap(indices))
    return index.astype(np.intp, casting="same_kind" if index.size else "unsafe")


IN_PLACE = (np.copyto, np.put, np.place, np.putmask, np.put_along_axis, np.fill_diagonal)
"""They write to their first argument."""


@implements(*IN_PLACE)
def write(*args: Any, **options: Any) -> NoReturn:
    """Nothing is changed in place, and no Value goes into a plain array."""
    refuse("changing an array in place with a Value in it")


@implements(np.take)
def take(
    a: Any, indices: Any, axis: int | None = None, out: None = None, mode: str = "raise"
) -> Any:
    """`np.take`: the entries at plain indices along an axis."""
    refuse_out("take", out)
    a, axis = (ravel(a), 0) if axis is None else (a, place_of(axis, len(shape_of(a))))
    index = integers(indices)
    size = shape_of(a)[axis]
    if mode != "raise":
        index = index % size if mode == "wrap" else np.clip(index, 0, size - 1)
    return a[(*(slice(None),) * axis, index)]


@implements(np.take_along_axis)
def take_along_axis(arr: Any, indices: Any, axis: int | None = -1) -> Any:
    """`np.take_along_axis`."""
    arr, axis = (ravel(arr), 0) if axis is None else (arr, place_of(axis, len(shape_of(arr))))
    index = list(np.ogrid[tuple(slice(n) for n in shape_of(arr))])
    index[axis] = integers(indices)
    return arr[tuple(index)]


@implements(np.compress)
def compress(condition: Any, a: Any, axis: int | None = None, out: None = None) -> Any:
    """`np.compress`."""
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
    return getitem(moved, index=(..., i, i + offset), unique=True)


@implements(np.diag)
def diag(v: Any, k: int = 0) -> Any:
    """`np.diag`: the diagonal of a matrix, or the matrix with this diagonal."""
    if len(shape_of(v)) == 2:
        return diagonal(v, k)
    if len(shape_of(v)) != 1:
        raise ValueError("np.diag takes one or two dimensions")
    i = np.arange(shape_of(v)[0])
    n = len(i) + abs(k)
    return scatter(v, index=(i + max(0, -k), i + max(0, k)), shape=(n, n), unique=True)


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
