"""Taking entries by index, and adding them at their places: `x[index]` and the rows of it.

An index is a template (integers, slices, None, ... and a mark for each array) and its arrays, as in
the engine.  Of all examples at once it is one index more: a whole slice where the arrays are the
same for all examples, and the numbers 0, 1, 2, ... of the examples, as an array, where they differ.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.arrays.batch import Batch, BatchedError
from autograd.arrays.batched import BatchedArray, aligned, is_mapped, ndim_of, shape_of
from autograd.arrays.batching.reductions import in_one_row
from autograd.arrays.batching.registry import batches, behind

ARRAY = "array"


WHOLE = slice(None)


class Place(NamedTuple):
    """An index of one example as one of all.

    template, arrays  of all examples
    order             the axes of what the index takes, in the order in which they are those of all
                      examples; None where they are
    """

    template: tuple[Any, ...]
    arrays: tuple[Any, ...]
    order: tuple[int, ...] | None


def place_of_all(
    template: Sequence[Any],
    arrays: Sequence[Any],
    ndim: int,
    batch: Batch,
    of_mapped: bool,
    whole: Any = WHOLE,
) -> Place:
    """The index of all examples of an array of `ndim` axes; `of_mapped` says that the array has an
    entry for each, `whole` is how the template writes a whole axis."""
    for a in arrays:
        if is_mapped(a, batch) and a.dtype.kind == "b":
            raise BatchedError(
                "a mask that differs from example to example, as an index inside vmap, takes "
                "another number of entries from each: use np.where(mask, x, 0)"
            )
    parts = whole_template(template, arrays, ndim)
    advanced = [i for i, part in enumerate(parts) if type(part) is int or part == ARRAY]
    if not advanced or not arrays:
        return Place((whole, *template), tuple(arrays), None)
    count = len(np.broadcast_shapes(*[index_shape(a) for a in arrays]))
    first = advanced[0]
    together = advanced[-1] - first == len(advanced) - 1
    before = 0 if not together else sum(type(part) is not int for part in parts[:first])
    total = sum(part != ARRAY and type(part) is not int for part in parts) + count
    if not any(is_mapped(a, batch) for a in arrays):
        if together:
            return Place((whole, *template), tuple(arrays), None)
        axes = list(range(total + 1))  # NumPy puts the axes of the arrays first
        axes.insert(0, axes.pop(count))
        return Place((whole, *template), tuple(arrays), tuple(axes))
    shaped = tuple([aligned(a, batch, count) for a in as_integers(arrays, batch)])
    if not of_mapped:  # the axis of the examples is the first of the arrays
        axes = list(range(total + 1))
        axes.insert(0, axes.pop(before))
        return Place(tuple(template), shaped, tuple(axes) if before else None)
    numbers = np.arange(batch.size).reshape((-1, *(1,) * count))
    if not together or first == 0:
        return Place((ARRAY, *template), (numbers, *shaped), None)
    # a slice stands between the numbers and the arrays: their axes come first
    axes = [0, *range(1 + count, 1 + count + before), *range(1, 1 + count)]
    axes += range(1 + count + before, total + 1)
    return Place((ARRAY, *template), (numbers, *shaped), tuple(axes))


def as_integers(arrays: Sequence[Any], batch: Batch) -> list[Any]:
    """Index arrays, of which masks, that are the same for all examples, as the integers that they
    stand for: of several they would otherwise be broadcast with a hidden axis."""
    found: list[Any] = []
    for a in arrays:
        found.extend(np.nonzero(a) if not is_mapped(a, batch) and a.dtype.kind == "b" else [a])
    return found


def index_shape(a: Any) -> tuple[int, ...]:
    """The shape of what an index array takes."""
    return (int(np.count_nonzero(a)),) if a.dtype.kind == "b" else shape_of(a)


def whole_template(template: Sequence[Any], arrays: Sequence[Any], ndim: int) -> list[Any]:
    """A template with a part for each axis: slices for the ellipsis and for what is left over; a
    mask of several axes stands for as many arrays, an integer is one."""
    rest = iter(arrays)
    parts: list[Any] = []
    for part in template:
        if part == ARRAY:
            a = next(rest)
            parts.extend([ARRAY] * (a.ndim if a.dtype.kind == "b" else 1))
        else:
            parts.append(part)
    used = sum(part is not None and part is not Ellipsis for part in parts)
    missing = [WHOLE] * (ndim - used)
    if Ellipsis not in [part for part in parts if not isinstance(part, str)]:
        return [*parts, *missing]
    at = next(i for i, part in enumerate(parts) if part is Ellipsis)
    return [*parts[:at], *missing, *parts[at + 1 :]]


def expanded_template(
    template: Sequence[Any], arrays: Sequence[Any], batch: Batch
) -> tuple[Any, ...]:
    """A template in which masks of several axes stand for as many arrays."""
    if not any(is_mapped(a, batch) for a in arrays):
        return tuple(template)
    rest = iter(arrays)
    parts: list[Any] = []
    for part in template:
        if isinstance(part, str):
            a = next(rest)
            parts.extend([ARRAY] * (a.ndim if a.dtype.kind == "b" else 1))
        else:
            parts.append(part)
    return tuple(parts)


# --- x[index] without a row -----------------------------------------------------------------------
@batches(operator.getitem)
def getitem(batch: Batch, x: Any, index: Any) -> Any:
    """x[index], of a mapped x."""
    template: list[Any] = []
    arrays: list[Any] = []
    for part in index if type(index) is tuple else (index,):
        if part is None or part is Ellipsis or type(part) is int or type(part) is slice:
            template.append(part)
        elif isinstance(part, np.integer):
            template.append(int(part))
        else:
            a = part if hasattr(part, "shape") else np.asarray(part)
            if not a.size and a.dtype.kind == "f":
                a = a.astype(np.intp)
            template.append(ARRAY)
            arrays.append(a)
    if not is_mapped(x, batch):
        return getitem_of_shared(batch, x, template, arrays)
    template = list(expanded_template(template, arrays, batch))
    place = place_of_all(template, arrays, x.ndim, batch, True)
    y = x.data[joined_index(place)]
    return BatchedArray(y if place.order is None else np.transpose(y, place.order), batch)


def getitem_of_shared(batch: Batch, x: Any, template: list[Any], arrays: list[Any]) -> Any:
    """x[index] where only the index is mapped."""
    parts = expanded_template(template, arrays, batch)
    place = place_of_all(parts, arrays, ndim_of(x), batch, False)
    y = x[joined_index(place)]
    return BatchedArray(y if place.order is None else np.transpose(y, place.order), batch)


def joined_index(place: Place) -> tuple[Any, ...]:
    """An index from its template and arrays."""
    rest = iter(place.arrays)
    return tuple([next(rest) if isinstance(part, str) else part for part in place.template])


@batches(np.take)
def take(
    batch: Batch, a: Any, indices: Any, axis: Any = None, out: None = None, mode: Any = "raise"
) -> Any:
    """`np.take` at places that are the same for all examples."""
    if not is_mapped(a, batch) or type(indices) is BatchedArray:
        return NotImplemented
    if axis is None:
        return BatchedArray(np.take(in_one_row(a, batch), indices, 1, mode=mode), batch)
    return BatchedArray(np.take(a.data, indices, behind(axis, a.ndim), mode=mode), batch)
