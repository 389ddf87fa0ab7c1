"""`np.pad`, in all of its modes.

Padding goes along one axis after the other.  Most modes repeat entries that are there: `np.pad` of
the numbers 0, 1, 2, ... says which.  The others put something before and after the array.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograd.engine.conversion import holds_value
from autograd.engine.cotangents import dtype_of, stand_in, unwrap
from autograd.engine.dispatch import implements, plain
from autograd.engine.indexing import Slice
from autograd.rules.indexing import scatter
from autograd.rules.selection import where_row
from autograd.rules.shape import shape_of

Pair = tuple[int, int]
Axis = int


@implements(np.pad)
def pad(array: Any, pad_width: Any, mode: Any = "constant", **kwargs: Any) -> Any:
    """`np.pad`; `constant_values` and `end_values` may be Values too."""
    y = padded(array, pad_width, mode, kwargs)
    dtype = dtype_of(unwrap(array))  # joining forgets an order of bytes that is not the machine's
    return y if dtype_of(unwrap(y)) == dtype else y.astype(dtype)


def padded(array: Any, pad_width: Any, mode: Any, kwargs: dict[str, Any]) -> Any:
    """The array with what goes before and after it."""
    if callable(mode):
        raise TypeError(
            "np.pad with a function writes into plain arrays, and the gradient would be lost: "
            "join the pieces with np.concatenate"
        )
    with np.errstate(all="ignore"):
        np.pad(stand_in(array), pad_width, mode, **plain(kwargs))  # NumPy's errors
    shape = shape_of(array)
    widths = widths_of(pad_width, len(shape))
    if mode == "empty" or (mode == "constant" and not holds_value(in_list(kwargs))):
        return pad_with_constants(array, widths, kwargs)
    if mode in REPEATING and kwargs.get("reflect_type") != "odd":
        return take_entries(array, widths, mode)
    ends = ENDS[mode](kwargs, len(shape))
    for axis, width in enumerate(widths):
        if any(width):
            array = ends(array, axis, width)
    return array


def in_list(kwargs: dict[str, Any]) -> list[Any]:
    """The values of keyword arguments."""
    return list(kwargs.values())


def widths_of(pad_width: Any, ndim: int) -> list[Pair]:
    """How many entries go before and after, for each axis."""
    if isinstance(pad_width, dict):
        widths: list[Pair] = [(0, 0)] * ndim
        for axis, width in pad_width.items():
            before, after = (width, width) if np.ndim(width) == 0 else width
            widths[axis] = (int(before), int(after))
        return widths
    return [(int(a), int(b)) for a, b in np.broadcast_to(pad_width, (ndim, 2)).tolist()]


def pairs_of(x: Any, ndim: int) -> list[tuple[Any, Any]]:
    """What goes before and after for each axis (and perhaps more), from a number, a pair, or a pair
    for each axis, in which there may be Values."""
    rows = list(x) if np.ndim(plain(x)) else [x]
    if not any(np.ndim(plain(row)) for row in rows):  # one pair for all axes
        rows = [rows]
    pairs = [tuple(row) if np.ndim(plain(row)) else (row,) for row in rows]
    pairs = [pair * 2 if len(pair) == 1 else pair for pair in pairs]
    return pairs * ndim


def pad_with_constants(array: Any, widths: list[Pair], kwargs: dict[str, Any]) -> Any:
    """The array in the middle of plain numbers."""
    shape = shape_of(array)
    middle = tuple(Slice(a, a + n, None) for (a, _), n in zip(widths, shape, strict=True))
    wide = tuple(a + n + b for (a, b), n in zip(widths, shape, strict=True))
    y = scatter(array, index=middle, shape=wide, unique=True)
    constants = kwargs.get("constant_values", 0)
    if not np.any(constants):
        return y
    frame = np.pad(np.zeros_like(unwrap(array)), widths, constant_values=constants)
    inside = np.pad(np.ones(shape, bool), widths)
    return where_row(inside, y, frame)


def take_entries(array: Any, widths: list[Pair], mode: Any) -> Any:
    """The modes that repeat entries of the array."""
    for axis, width in enumerate(widths):
        if any(width):
            places = np.arange(shape_of(array)[axis])
            array = np.take(array, np.pad(places, width, mode), axis=axis)
    return array


def layer(array: Any, place: int, axis: Axis) -> Any:
    """The first (place 0) or last (place -1) layer along an axis, of length 1."""
    stretch = slice(0, 1) if place == 0 else slice(-1, None)
    return array[(*(slice(None),) * axis, stretch)]


def around(before: Any, array: Any, after: Any, axis: Axis) -> Any:
    """The array with what goes before and after it, in its dtype."""
    ends = [x.astype(unwrap(array).dtype) for x in (before, after)]
    return np.concatenate([ends[0], array, ends[1]], axis)


def repeated(x: Any, array: Any, axis: Axis, count: int) -> Any:
    """x in the shape of the array, with `count` layers along an axis."""
    shape = list(shape_of(array))
    shape[axis] = count
    x = x if hasattr(x, "astype") else np.asarray(x)
    return np.broadcast_to(x, tuple(shape))


Ends = Callable[[Any, Axis, Pair], Any]


def constant_ends(kwargs: dict[str, Any], ndim: int) -> Ends:
    """`constant_values` with Values among them."""
    numbers = pairs_of(kwargs["constant_values"], ndim)

    def ends(array: Any, axis: Axis, width: Pair) -> Any:
        before, after = (
            repeated(x, array, axis, n) for x, n in zip(numbers[axis], width, strict=True)
        )
        return around(before, array, after, axis)

    return ends


def ramps(kwargs: dict[str, Any], ndim: int) -> Ends:
    """From an end value in equal steps to the edge."""
    end_values = pairs_of(kwargs.get("end_values", 0), ndim)

    def ends(array: Any, axis: Axis, width: Pair) -> Any:
        found = []
        for place, (end, count) in enumerate(zip(end_values[axis], width, strict=True)):
            edge = layer(array, -place, axis)
            steps = np.arange(count).reshape((-1,) + (1,) * (len(shape_of(array)) - axis - 1))
            ramp = end + (edge - end) / max(count, 1) * steps
            found.append(np.flip(ramp, axis) if place else ramp)
        return around(found[0], array, found[1], axis)

    return ends


def statistics(function: Callable[..., Any]) -> Callable[[dict[str, Any], int], Ends]:
    """A statistic of the entries at either end, or of all."""

    def with_lengths(kwargs: dict[str, Any], ndim: int) -> Ends:
        lengths = pairs_of(kwargs.get("stat_length"), ndim)

        def ends(array: Any, axis: Axis, width: Pair) -> Any:
            lead = (slice(None),) * axis
            size = shape_of(array)[axis]
            first, last = (size if n is None else min(int(n), size) for n in lengths[axis])
            found = [
                repeated(function(part, axis=axis, keepdims=True), array, axis, count)
                for part, count in zip(
                    (array[(*lead, slice(0, first))], array[(*lead, slice(size - last, None))]),
                    width,
                    strict=True,
                )
            ]
            return around(found[0], array, found[1], axis)

        return ends

    return with_lengths


def odd_reflections(mode: str) -> Callable[[dict[str, Any], int], Ends]:
    """Reflections about the edge *points*: 2 * edge - entry, again and again where the padding is
    wide.  So each new entry is a sum of one entry and the two edges, and `np.pad` of arrays of ones
    and zeros says how often each of them is in it."""

    def with_nothing(kwargs: dict[str, Any], ndim: int) -> Ends:
        def ends(array: Any, axis: Axis, width: Pair) -> Any:
            size, column = shape_of(array)[axis], (-1,) + (1,) * (len(shape_of(array)) - axis - 1)
            probes = np.zeros((3, size))
            probes[0, 0] = probes[1, -1] = 1
            probes[2] = 1 - np.maximum(probes[0], probes[1])
            first, last, inner = (
                np.pad(probe, width, mode, reflect_type="odd").reshape(column)  # type: ignore[call-overload]
                for probe in probes
            )
            places = np.pad(np.arange(size), width, mode)  # type: ignore[call-overload]
            y = times(inner, np.take(array, places, axis=axis))
            y = y + times(first, layer(array, 0, axis))
            return y if size == 1 else y + times(last, layer(array, -1, axis))

        return ends

    return with_nothing


def times(count: Any, x: Any) -> Any:
    """count * x, and 0 where the count is 0, whatever x is."""
    count = count.astype(unwrap(x).dtype)
    return count * where_row(count == 0, 0, x)


REPEATING: Final = ("edge", "reflect", "symmetric", "wrap")
ENDS: Final[dict[str, Callable[[dict[str, Any], int], Ends]]] = {
    "constant": constant_ends,
    "linear_ramp": ramps,
    "maximum": statistics(np.max),
    "minimum": statistics(np.min),
    "mean": statistics(np.mean),
    "median": statistics(np.median),
    "reflect": odd_reflections("reflect"),
    "symmetric": odd_reflections("symmetric"),
}
"""The modes that compute what goes before and after."""
