"""Kernels for arrays that are not NumPy's: nothing is written, and only functions that dispatch are
called.  Each is the `portable` column of a row whose own kernel writes or indexes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.engine.arrays import is_foreign
from autograd.engine.indexing import ARRAY, Slice, Template, array_count, join_index


def broadcast_to(x: Any, shape: tuple[int, ...]) -> Any:
    """`np.broadcast_to`."""
    return np.broadcast_to(x, shape)


def getitem(x: Any, *arrays: Any, index: Template, unique: bool) -> Any:
    """x[index], for an x or index arrays of another library.

    Where NumPy's masks or several of its index arrays meet a foreign x, the entries are taken from
    a row of all entries, at places that NumPy computes: not every library has such indices."""
    if any(is_foreign(a) and a.dtype.kind == "b" for a in arrays):
        raise TypeError(
            "a mask that is not computed, as an index, gives a shape that is not known "
            "without computing: use np.where"
        )
    if not is_foreign(x):
        return lifted(x, arrays)[join_index(index, arrays)]
    if not any(map(is_foreign, arrays)) and (
        len(arrays) > 1 or any(a.dtype.kind == "b" or a.ndim != 1 for a in arrays)
    ):
        places = np.arange(x.size).reshape(x.shape)[join_index(index, arrays)]
        return np.reshape(np.take(np.reshape(x, (-1,)), places.ravel()), places.shape)
    return x[join_index(index, arrays)]


def lifted(x: Any, arrays: Sequence[Any]) -> Any:
    """A NumPy array x as an array of the library of an index array: NumPy's own x[rows] would
    compute them."""
    rows = next(a for a in arrays if is_foreign(a))
    return x - np.zeros_like(rows, shape=(), dtype=x.dtype)


def axis_of_only_array(index: Template) -> int:
    """The axis of the output of x[index] at which its one index array stands; TypeError where the
    index has more arrays, or integers or ellipses beside it."""
    rest = [part for part in index if part != ARRAY]
    if array_count(index) != 1 or not all(part is None or type(part) is Slice for part in rest):
        raise TypeError(
            "an index array of another library than NumPy stands alone, or beside slices: take "
            "x[rows][:, columns] in two steps, or np.take_along_axis"
        )
    return list(index).index(ARRAY)


def scatter(g: Any, *arrays: Any, index: Template, shape: tuple[int, ...], unique: bool) -> Any:
    """Zeros of `shape` with g added at an index: padded where the index is made of slices and
    integers, gathered where each place is known to be taken once, and else counted with weights."""
    if not arrays and all(type(part) is not Slice or part.step in (None, 1) for part in index):
        return pad_to(g, index, shape)
    if any(map(is_foreign, arrays)):
        return add_at_foreign_places(g, arrays, index, shape)
    size = math.prod(shape)
    places = np.arange(size).reshape(shape)[join_index(index, arrays)]
    g = np.reshape(np.broadcast_to(g, places.shape), (-1,))
    return np.reshape(gathered(g, places.ravel(), size), shape)


def pad_to(g: Any, index: Template, shape: tuple[int, ...]) -> Any:
    """g between zeros, where a basic index took it."""
    missing = len(shape) - sum(part is not None and part is not Ellipsis for part in index)
    whole = [Slice(None, None, None)] * missing
    parts: list[Any] = []
    for part in index if Ellipsis in index else (*index, Ellipsis):
        parts.extend(whole if part is Ellipsis else [] if part is None else [part])
    widths, lengths = [], []
    for part, n in zip(parts, shape, strict=True):
        start, stop, _ = slice(*part).indices(n) if type(part) is Slice else (part % n, 0, 1)
        length = max(0, stop - start) if type(part) is Slice else 1
        lengths.append(length)
        widths.append((start, n - start - length) if length else (0, n))
    if not g.size:
        return np.zeros_like(g, shape=shape)
    return np.pad(np.reshape(g, tuple(lengths)), widths)


def gathered(g: Any, places: Any, size: int) -> Any:
    """The sums of the entries of g (a row) at each of `size` places: one gather for the first
    entry at each place, one more for the second, and so on.  Places are NumPy's."""
    order = np.argsort(places, kind="stable")
    ordered = places[order]
    first = np.searchsorted(ordered, ordered)
    rank = np.arange(len(ordered)) - first  # how many entries came before, at the same place
    rounds = int(rank.max(initial=0)) + 1
    if rounds > 8:
        return counted(g, places, size)
    padded = np.concatenate([g, np.zeros_like(g, shape=(1,))])
    total: Any = None
    for k in range(rounds):
        source = np.full(size, len(places))  # the zero at the end
        source[ordered[rank == k]] = order[rank == k]
        part = np.take(padded, source)
        total = part if total is None else total + part
    return total


def counted(g: Any, places: Any, size: int) -> Any:
    """The sums of the entries of g (a row) at each of `size` places, by `np.bincount`."""
    if g.dtype.kind == "c":
        return counted(np.real(g), places, size) + 1j * counted(np.imag(g), places, size)
    return np.bincount(places, weights=g, minlength=size).astype(g.dtype)


def add_at_foreign_places(
    g: Any, arrays: Sequence[Any], index: Template, shape: tuple[int, ...]
) -> Any:
    """`scatter` where the one index array is not NumPy's: its places are computed with it."""
    axis = axis_of_only_array(index)
    for part in arrays:
        if part.dtype.kind == "b":
            raise TypeError(
                "a mask of another library than NumPy, as an index, gives a shape that is not "
                "known: use np.where"
            )
    if not g.size:
        return np.zeros_like(g, shape=shape)
    (rows,) = arrays
    kept = tuple(slice(*part) if type(part) is Slice else part for part in index[axis + 1 :])
    before = tuple(slice(*part) if type(part) is Slice else part for part in index[:axis])
    along = sum(part is not None for part in index[:axis])
    n = shape[along]
    places = np.arange(math.prod(shape)).reshape(shape)
    base = places[(*before, slice(0, 1), *kept)]  # the places of row 0
    stride = math.prod(shape[along + 1 :])
    spread = (*base.shape[:axis], *(1,) * rows.ndim, *base.shape[axis + 1 :])
    ends = base.ndim - axis - 1
    rows = np.reshape(np.where(rows < 0, rows + n, rows), (*rows.shape, *(1,) * ends))
    flat = np.reshape(base, spread) + stride * rows
    weights = np.reshape(np.broadcast_to(g, flat.shape), (-1,))
    return np.reshape(counted(weights, np.reshape(flat, (-1,)), math.prod(shape)), shape)


def scatter_all(
    *args: Any, indices: tuple[Template, ...], shape: tuple[int, ...], unique: tuple[bool, ...]
) -> Any:
    """The sum of many `scatter`s."""
    arrays = list(args[len(indices) :])
    total: Any = None
    for g, index, once in zip(args, indices, unique, strict=False):
        count = array_count(index)
        part = scatter(g, *arrays[:count], index=index, shape=shape, unique=once)
        del arrays[:count]
        total = part if total is None else total + part
    return total
