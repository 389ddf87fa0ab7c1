"""Indices in two parts: a hashable template, which is a parameter, and arrays, which are arguments.

`x[1:, rows, None]` has the template `(Slice(1, None, None), ARRAY, None)` and the one array `rows`.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from autograd.engine.node import Node

ARRAY: Final = "array"
"""In a template: the next index array."""


class Slice(NamedTuple):
    """A slice that can be hashed (Python's can from 3.12 on)."""

    start: int | None
    stop: int | None
    step: int | None


Template = tuple[Any, ...]


def split_index(index: Any) -> tuple[Template, tuple[Any, ...], bool]:
    """The template and the arrays of an index, and whether it surely takes no entry twice.

    >>> split_index((1, slice(0, 4), ...))
    ((1, Slice(start=0, stop=4, step=None), Ellipsis), (), True)
    """
    if type(index) is int:
        return (index,), (), True
    template: list[Any] = []
    arrays: list[Any] = []
    unique = True
    for part in index if type(index) is tuple else (index,):
        if part is None or part is Ellipsis or type(part) is int:
            template.append(part)
        elif type(part) is slice:
            template.append(Slice(bound(part.start), bound(part.stop), bound(part.step)))
        elif isinstance(part, np.integer):
            template.append(int(part))
        else:
            array = index_array(part)
            unique = unique and array.dtype.kind == "b"
            template.append(ARRAY)
            arrays.append(array)
    return tuple(template), tuple(arrays), unique


def bound(x: Any) -> int | None:
    """One bound of a slice."""
    return x if x is None or type(x) is int else operator.index(x)


def index_array(part: Any) -> Any:
    """An array, a sequence or a bool of an index, as an array of integers or bools.

    A NumPy array is copied, so that writing into it later does not change the graph."""
    if isinstance(part, Node):
        raise TypeError("an index cannot be a Value: use v.item() or v.data.astype(int)")
    if hasattr(part, "__array_function__") and not isinstance(part, np.ndarray):
        return part  # an array of another library
    array = np.array(part)
    if array.dtype.kind == "i":
        return array
    if not array.size and array.dtype.kind == "f":
        array = array.astype(np.intp)  # an empty list
    if array.dtype.kind not in "iub":
        raise IndexError(
            "an index is made of integers, slices, None, ... and arrays (or sequences) of "
            f"integers or bools; got {type(part).__name__} of {array.dtype}"
        )
    return array


def join_index(template: Template, arrays: Sequence[Any]) -> tuple[Any, ...]:
    """The index that `split_index` took apart."""
    if len(template) == len(arrays):
        return tuple(arrays)
    rest = iter(arrays)
    return tuple(
        [
            slice(*part) if type(part) is Slice else next(rest) if part == ARRAY else part
            for part in template
        ]
    )


def index_text(template: Template) -> str:
    """The index as one writes it, with the word array for an index array.

    >>> index_text(split_index((1, slice(0, 4), ..., None))[0])
    '[1, 0:4, ..., None]'
    """
    return f"[{', '.join(map(part_text, template))}]"


def part_text(part: Any) -> str:
    """One part of an index as one writes it."""
    if type(part) is Slice:
        bounds = ["" if bound is None else str(bound) for bound in part]
        return ":".join(bounds if bounds[2] else bounds[:2])
    return "..." if part is Ellipsis else str(part)


def array_count(template: Template) -> int:
    """How many arrays belong to a template."""
    return template.count(ARRAY)


def getitem(x: Any, *arrays: Any, index: Template, unique: bool) -> Any:
    """x[index]; `unique` says that no entry is taken twice.  A float64 entry becomes a Python
    number, which is four times faster to go on with."""
    x = x if hasattr(x, "shape") else np.asarray(x)
    y = x[index[0]] if len(index) == 1 and type(index[0]) is int else x[join_index(index, arrays)]
    return float(y) if type(y) is np.float64 else y


def scatter(g: Any, *arrays: Any, index: Template, shape: tuple[int, ...], unique: bool) -> Any:
    """The transpose of `getitem`: zeros of `shape` with g added at the index."""
    out = np.zeros_like(g, shape=shape)
    return add_at(out, g, index, arrays, unique)


def add_at(out: Any, g: Any, index: Template, arrays: Sequence[Any], unique: bool) -> Any:
    """Add g to the entries of `out` at an index, in place; returns `out`."""
    if len(index) == 1 and type(index[0]) is int:
        out[index[0]] += g
        return out
    place = join_index(index, arrays)
    if unique:
        out[place] += g
    else:
        np.add.at(out, place, g)
    return out


def add_parts(
    known: Any,
    *args: Any,
    indices: tuple[Template, ...],
    shape: tuple[int, ...],
    unique: tuple[bool, ...],
    dtype: Any,
) -> Any:
    """An array (zeros of a shape and a dtype where it is None) with more added, in order, to the
    entries at some indices: what a walk does in place, as one call.

    args  the summands, one for each template in `indices`, and then all index arrays in order
    """
    gs, arrays = args[: len(indices)], list(args[len(indices) :])
    out = np.zeros(shape, dtype) if known is None else np.array(known)
    for g, index, once in zip(gs, indices, unique, strict=True):
        count = array_count(index)
        add_at(out, g, index, arrays[:count], once)
        del arrays[:count]
    return out


def scatter_all(
    *args: Any, indices: tuple[Template, ...], shape: tuple[int, ...], unique: tuple[bool, ...]
) -> Any:
    """The sum of many `scatter`s, in one array.

    args     the summands, one for each template in `indices`, and then all index arrays in order
    """
    gs, arrays = args[: len(indices)], list(args[len(indices) :])
    out = np.zeros(shape, np.result_type(*{np.result_type(g) for g in gs}))
    for g, index, once in zip(gs, indices, unique, strict=True):
        count = array_count(index)
        add_at(out, g, index, arrays[:count], once)
        del arrays[:count]
    return out
