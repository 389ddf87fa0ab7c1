"""The kernels of `sliding_kernels` in functions that dispatch: nothing is written."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.rules.sliding_kernels import Numbers, Windows, dtype_of_places


def padded(x: Any, windows: Windows, fill: Any = 0) -> Any:
    """x with the padding around its places."""
    if not windows.pads:
        return x
    return np.pad(x, ((0, 0), (0, 0), *windows.padding), constant_values=fill)


def entries(x: Any, windows: Windows, fill: Any = 0) -> Any:
    """(samples, channels, number of the entry, *counts): the windows of x."""
    counts = windows.counts(x.shape[2:])
    x = padded(x, windows, fill)
    every = (slice(None), slice(None))
    return np.stack([x[(*every, *where)] for where in windows.slices(counts)], axis=2)


def placed(parts: Any, windows: Windows, shape: Numbers) -> Any:
    """`entries` transposed: the sum of all parts, each at its entry of the windows."""
    total: Any = None
    for k, where in enumerate(windows.slices(parts.shape[3:])):
        part = parts[:, :, k]
        for axis, (s, whole) in enumerate(zip(where, windows.padded(shape), strict=True), 2):
            part = spread_along(part, axis, s, whole)
        total = part if total is None else total + part
    return total[(slice(None), slice(None), *windows.inner(shape))]


def spread_along(x: Any, axis: int, where: slice, whole: int) -> Any:
    """x at the places `where` of an axis of so many places, zeros between."""
    before, after, step = x.shape[:axis], x.shape[axis + 1 :], where.step
    if step > 1:
        widths = [(0, 0)] * (axis + 1) + [(0, step - 1)] + [(0, 0)] * len(after)
        x = np.pad(np.reshape(x, (*before, x.shape[axis], 1, *after)), widths)
        x = np.reshape(x, (*before, x.shape[axis] * step, *after))
        x = x[(slice(None),) * axis + (slice(0, where.stop - where.start),)]
    widths = [(0, 0)] * axis + [(where.start, whole - where.stop)] + [(0, 0)] * len(after)
    return np.pad(x, widths)


def conv(x: Any, w: Any, windows: Windows, groups: int) -> Any:
    """The product of the weights with every window."""
    y = np.matmul(matrices(w, groups), columns(x, windows, groups))
    return np.reshape(y, (x.shape[0], w.shape[0], *windows.counts(x.shape[2:])))


def conv_bias(x: Any, w: Any, b: Any, windows: Windows, groups: int) -> Any:
    """`conv`, and b[o] added to all of y[:, o]."""
    return conv(x, w, windows, groups) + np.reshape(b, (-1, *(1,) * len(windows.size)))


def conv_input(g: Any, w: Any, windows: Windows, groups: int, places: Numbers) -> Any:
    """`conv` transposed with respect to x."""
    parts = np.matmul(np.swapaxes(matrices(w, groups), 1, 2), rows(g, groups))
    size = math.prod(windows.size)
    parts = np.reshape(parts, (g.shape[0], w.shape[1] * groups, size, *g.shape[2:]))
    return placed(parts, windows, places)


def conv_weight(x: Any, g: Any, windows: Windows, groups: int) -> Any:
    """`conv` transposed with respect to w."""
    w = np.sum(np.matmul(rows(g, groups), np.swapaxes(columns(x, windows, groups), 2, 3)), axis=0)
    return np.reshape(w, (g.shape[1], x.shape[1] // groups, *windows.size))


def columns(x: Any, windows: Windows, groups: int) -> Any:
    """The windows of x, each one a column: (samples, groups, channels / groups * size, windows)."""
    found = entries(x, windows)
    size = x.shape[1] // groups * math.prod(windows.size)
    return np.reshape(found, (x.shape[0], groups, size, math.prod(found.shape[3:])))


def matrices(w: Any, groups: int) -> Any:
    """The weights as a matrix for each group."""
    return np.reshape(w, (groups, w.shape[0] // groups, math.prod(w.shape[1:])))


def rows(g: Any, groups: int) -> Any:
    """(samples, outputs, *counts) as (samples, groups, outputs / groups, windows)."""
    shape = (g.shape[0], groups, g.shape[1] // groups, math.prod(g.shape[2:]))
    return np.reshape(g, shape)


# --- pooling --------------------------------------------------------------------------------------
def max_places(x: Any, windows: Windows) -> Any:
    """The number of the largest entry in each window."""
    found = np.argmax(entries(x, windows, -np.inf), axis=2)
    return found.astype(dtype_of_places(x, windows))


def max_pool(x: Any, windows: Windows) -> Any:
    """The largest entry of each window."""
    return np.max(entries(x, windows, -np.inf), axis=2)


def chosen(places: Any, windows: Windows) -> Any:
    """True at the entry with the number places[i] of window i."""
    numbers = np.arange(math.prod(windows.size))
    shape = (*places.shape[:2], 1, *places.shape[2:])
    return np.reshape(places, shape) == np.reshape(numbers, (-1, *(1,) * (places.ndim - 2)))


def take_places(x: Any, places: Any, windows: Windows) -> Any:
    """The entry with the number places[i] of window i."""
    found = entries(x, windows)
    return np.sum(np.where(chosen(places, windows), found, np.zeros_like(found)), axis=2)


def put_places(g: Any, places: Any, windows: Windows, shape: Numbers) -> Any:
    """`take_places` transposed."""
    g = np.reshape(g, (*g.shape[:2], 1, *g.shape[2:]))
    return placed(np.where(chosen(places, windows), g, np.zeros_like(g)), windows, shape)


def sum_pool(x: Any, windows: Windows) -> Any:
    """The sum of each window."""
    return np.sum(entries(x, windows), axis=2)


def spread_windows(g: Any, windows: Windows, shape: Numbers) -> Any:
    """`sum_pool` transposed."""
    size = math.prod(windows.size)
    return placed(np.stack([g] * size, axis=2), windows, shape)
