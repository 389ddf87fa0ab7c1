"""Sorting, partitioning, and sets.

All of these move entries and compute nothing: where an entry comes from is found on the plain data,
and the entry is taken from there.  Conventions at ties: entries that are equal are sorted in the
order in which they stand (a stable sort), so each passes its gradient on by its place; of equal
entries a set takes the first, which gets the whole gradient.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.engine.cotangents import unwrap
from autograd.engine.dispatch import implements
from autograd.rules.indexing import gather
from autograd.rules.operands import cast, is_value, operand
from autograd.rules.shape import place_of, ravel

numpy: Any = np  # NumPy's stubs want each option of np.unique known beforehand


def stable_order(x: Any, axis: int) -> Any:
    """The plain places of the entries of x in sorted order, those of equal entries as they
    stand."""
    return np.argsort(unwrap(x), axis=axis, kind="stable")


def along_one_axis(a: Any, axis: int | None) -> tuple[Any, int]:
    """a and an axis of it counted from the front; without an axis a in one row."""
    return (ravel(a), 0) if axis is None else (a, place_of(axis, a.ndim))


@implements(np.sort)
def sort(
    a: Any, axis: int | None = -1, kind: Any = None, order: Any = None, *, stable: Any = None
) -> Any:
    """`np.sort`.  The sort is stable whatever the kind, so that ties are well defined."""
    np.sort(np.empty(0), kind=kind, order=order, stable=stable)  # NumPy's errors
    a, axis = along_one_axis(operand(a), axis)
    return gather(a, stable_order(a, axis), axis, unique=True)


@implements(np.partition)
def partition(
    a: Any, kth: Any, axis: int | None = -1, kind: Any = "introselect", order: Any = None
) -> Any:
    """`np.partition`: the entries in the order in which NumPy leaves them."""
    a, axis = along_one_axis(operand(a), axis)
    parted = np.partition(unwrap(a), kth, axis, kind, order)
    ranks = np.argsort(stable_order(parted, axis), axis=axis)
    places = np.take_along_axis(stable_order(a, axis), ranks, axis)
    return gather(a, places, axis, unique=True)


@implements(np.sort_complex)
def sort_complex(a: Any) -> Any:
    """`np.sort_complex`: sorted along the last axis, as complex numbers."""
    a = operand(a)
    return cast(sort(a), np.sort_complex(np.empty(0, a.dtype)).dtype)


# --- sets -----------------------------------------------------------------------------------------
@implements(np.unique)
def unique(
    ar: Any,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    **options: Any,
) -> Any:
    """`np.unique`: the entries at which each value stands first; places and counts are plain."""
    ar = operand(ar)
    found = numpy.unique(unwrap(ar), True, return_inverse, return_counts, axis, **options)
    _, index, *others = found
    values = first_entries(ar, index, axis)
    if return_index:
        others.insert(0, index)
    return (values, *others) if others else values


def first_entries(ar: Any, index: Any, axis: int | None) -> Any:
    """The entries (or along an axis the parts) of an array at plain places that differ."""
    ar, axis = along_one_axis(ar, axis)
    return ar[(*(slice(None),) * axis, index)]


@implements(np.unique_values)
def unique_values(x: Any) -> Any:
    """`np.unique_values`: in the order in which NumPy returns them, which may be any."""
    x = operand(x)
    data = np.ravel(unwrap(x))
    values = np.unique_values(data)
    order = stable_order(data, 0)
    nan = np.isnan(values)  # no NaN equals another: each stands for itself
    places = np.searchsorted(data[order], values) + np.where(nan, np.cumsum(nan) - 1, 0)
    return ravel(x)[order[places]]


@implements(np.unique_all)
def unique_all(x: Any) -> Any:
    """`np.unique_all`: NumPy's named tuple; all but the values are plain."""
    x = operand(x)
    found = np.unique_all(unwrap(x))
    return found._replace(values=first_entries(x, found.indices, None))


@implements(np.unique_counts)
def unique_counts(x: Any) -> Any:
    """`np.unique_counts`: NumPy's named tuple; the counts are plain."""
    x = operand(x)
    return np.unique_counts(unwrap(x))._replace(values=unique(x, equal_nan=False))


@implements(np.unique_inverse)
def unique_inverse(x: Any) -> Any:
    """`np.unique_inverse`: NumPy's named tuple; the inverse is plain."""
    x = operand(x)
    return np.unique_inverse(unwrap(x))._replace(values=unique(x, equal_nan=False))


@implements(np.union1d)
def union1d(ar1: Any, ar2: Any) -> Any:
    """`np.union1d`: of equal entries that of the first array."""
    return unique(np.concatenate([ravel(operand(ar1)), ravel(operand(ar2))]))


@implements(np.intersect1d)
def intersect1d(
    ar1: Any, ar2: Any, assume_unique: bool = False, return_indices: bool = False
) -> Any:
    """`np.intersect1d`: the entries of the first array, or of the second where only that one is
    differentiated.

    A number is common to both only as long as neither entry moves: this derivative holds where
    both move together."""
    ar1, ar2 = operand(ar1), operand(ar2)
    _, first, second = np.intersect1d(unwrap(ar1), unwrap(ar2), assume_unique, True)
    values = ravel(ar1)[first] if is_value(ar1) else ravel(ar2)[second]
    values = cast(values, np.result_type(ar1.dtype, ar2.dtype))
    return (values, first, second) if return_indices else values


@implements(np.setdiff1d)
def setdiff1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    """`np.setdiff1d`: the entries of the first array that are not in the second, which has no
    derivative."""
    ar1 = operand(ar1)
    ar1 = ravel(ar1) if assume_unique else unique(ar1)
    kept = ~np.isin(unwrap(ar1), unwrap(operand(ar2)), assume_unique=True)
    return ar1[np.flatnonzero(kept)]


@implements(np.setxor1d)
def setxor1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    """`np.setxor1d`: the entries of either array that are not in the other."""
    ar1, ar2 = operand(ar1), operand(ar2)
    if not assume_unique:
        ar1, ar2 = unique(ar1), unique(ar2)
    both = sort(np.concatenate([ravel(ar1), ravel(ar2)]))
    data = unwrap(both)
    changes = np.concatenate([[True], data[1:] != data[:-1], [True]])
    return both[np.flatnonzero(changes[1:] & changes[:-1])] if data.size else both


@implements(np.trim_zeros)
def trim_zeros(filt: Any, trim: str = "fb", axis: Any = None) -> Any:
    """`np.trim_zeros`: the block of entries between the outermost that are not zero."""
    filt = operand(filt)
    data = unwrap(filt)
    bounds = trimmed_bounds(data, trim.lower(), axis)
    return filt[tuple(slice(start, stop) for start, stop in bounds)] if bounds else filt


def trimmed_bounds(data: Any, trim: str, axis: Any) -> list[tuple[int | None, int | None]]:
    """For each axis of a plain array, where `np.trim_zeros` begins and ends."""
    if trim not in ("fb", "bf", "f", "b"):
        raise ValueError(f"np.trim_zeros takes trim 'f', 'b' or 'fb', got {trim!r}")
    ndim = np.ndim(data)
    axes = range(ndim) if axis is None else normalize_axis_tuple(axis, ndim, "axis")
    places = np.argwhere(data)
    bounds: list[tuple[int | None, int | None]] = [(None, None)] * ndim
    for i in axes:
        if not len(places):
            bounds[i] = (0, 0)
            continue
        first, last = int(places[:, i].min()), int(places[:, i].max())
        bounds[i] = (first if "f" in trim else None, last + 1 if "b" in trim else None)
    return bounds
