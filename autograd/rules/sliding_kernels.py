"""Kernels of convolution and pooling: plain data in, plain data out.

Arrays come as (samples, channels, *places) and are worked on with the samples last, so that every
copy of a window moves whole rows of samples; outputs keep that order in memory, which the next
kernel then finds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import numpy as np

Numbers = tuple[int, ...]
Pairs = tuple[tuple[int, int], ...]


class Windows(NamedTuple):
    """Windows that slide over an array, one number for each of its axes of places.

    size      entries of a window
    stride    from one window to the next
    dilation  from one entry of a window to the next
    padding   places added before and after
    """

    size: Numbers
    stride: Numbers
    dilation: Numbers
    padding: Pairs

    def extents(self) -> Numbers:
        """How far a window reaches."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.size, self.dilation, strict=True))

    def counts(self, places: Numbers) -> Numbers:
        """How many windows there are, on an array of so many places."""
        axes = zip(places, self.padding, self.extents(), self.stride, strict=True)
        return tuple((n + low + high - reach) // s + 1 for n, (low, high), reach, s in axes)

    def padded(self, places: Numbers) -> Numbers:
        """The places with those that are added."""
        return tuple(n + low + high for n, (low, high) in zip(places, self.padding, strict=True))

    def inner(self, places: Numbers) -> tuple[slice, ...]:
        """Where the places stand among the padded ones."""
        return tuple(slice(low, low + n) for n, (low, _) in zip(places, self.padding, strict=True))

    def slices(self, counts: Numbers) -> Iterator[tuple[slice, ...]]:
        """For each entry of a window, where it stands in all of them, on padded places."""
        for entry in product(*map(range, self.size)):
            axes = zip(entry, counts, self.stride, self.dilation, strict=True)
            yield tuple(slice(k * d, k * d + (n - 1) * s + 1, s) for k, n, s, d in axes)

    @property
    def pads(self) -> bool:
        """Whether any place is added."""
        return any(low or high for low, high in self.padding)

    @property
    def overlap(self) -> bool:
        """Whether a place can be in two windows."""
        return any(reach > s for reach, s in zip(self.extents(), self.stride, strict=True))


def samples_last(x: Any) -> Any:
    """(samples, channels, *places) as (channels, *places, samples)."""
    return np.moveaxis(x, 0, -1)


def samples_first(x: Any) -> Any:
    """(channels, *places, samples) as (samples, channels, *places)."""
    return np.moveaxis(x, -1, 0)


def padded_samples_last(x: Any, windows: Windows, fill: Any = 0) -> Any:
    """x with its samples last and the padding around its places."""
    x = samples_last(x)
    if not windows.pads:
        return x
    places = x.shape[1:-1]
    shape = (x.shape[0], *windows.padded(places), x.shape[-1])
    out = np.zeros(shape, x.dtype) if fill == 0 else np.full(shape, fill, x.dtype)
    out[:, *windows.inner(places)] = x
    return out


def columns(x: Any, windows: Windows, groups: int) -> Any:
    """The windows of x as columns: (groups, channels / groups * size, windows * samples)."""
    counts = windows.counts(x.shape[2:])
    x = np.ascontiguousarray(padded_samples_last(x, windows))
    channel, *steps, sample = x.strides
    shape = (x.shape[0], *windows.size, *counts, x.shape[-1])
    entries = [d * step for d, step in zip(windows.dilation, steps, strict=True)]
    moves = [s * step for s, step in zip(windows.stride, steps, strict=True)]
    view = np.lib.stride_tricks.as_strided(
        x, shape, (channel, *entries, *moves, sample), writeable=False
    )
    return view.reshape(groups, shape[0] // groups * math.prod(windows.size), -1)


def matrices(w: Any, groups: int) -> Any:
    """The weights (outputs, channels / groups, *size) as a matrix for each group."""
    return w.reshape(groups, w.shape[0] // groups, -1)


def rows(g: Any, groups: int) -> Any:
    """(samples, outputs, *counts) as (groups, outputs / groups, windows * samples)."""
    return samples_last(g).reshape(groups, g.shape[1] // groups, -1)


def conv(x: Any, w: Any, windows: Windows, groups: int) -> Any:
    """The product of the weights with every window: y[n, o, p] = sum over the channels c of o's
    group and the entries k of x[n, c, p * stride + k * dilation] * w[o, c, k]."""
    y = matrices(w, groups) @ columns(x, windows, groups)
    return samples_first(y.reshape(w.shape[0], *windows.counts(x.shape[2:]), x.shape[0]))


def conv_input(g: Any, w: Any, windows: Windows, groups: int, places: Numbers) -> Any:
    """`conv` transposed with respect to x, which has these places: each window's part of g, times
    the weights, is added where the window stood."""
    counts, samples = g.shape[2:], g.shape[0]
    channels = w.shape[1] * groups
    parts = np.swapaxes(matrices(w, groups), 1, 2) @ rows(g, groups)
    parts = parts.reshape(channels, math.prod(windows.size), *counts, samples)
    out = np.zeros((channels, *windows.padded(places), samples), parts.dtype)
    for k, where in enumerate(windows.slices(counts)):
        out[:, *where] += parts[:, k]
    return samples_first(out[:, *windows.inner(places)])


def conv_weight(x: Any, g: Any, windows: Windows, groups: int) -> Any:
    """`conv` transposed with respect to w: the product of g with every window."""
    return weight_of(columns(x, windows, groups), g, windows, groups)


def weight_of(found: Any, g: Any, windows: Windows, groups: int) -> Any:
    """`conv_weight` from the columns."""
    w = rows(g, groups) @ np.swapaxes(found, 1, 2)
    return w.reshape(g.shape[1], -1, *windows.size)


# --- pooling --------------------------------------------------------------------------------------
def lowest(dtype: Any) -> Any:
    """What a maximum starts from."""
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min


def max_pool(x: Any, windows: Windows) -> Any:
    """The largest entry of each window; NaN where there is one."""
    counts = windows.counts(x.shape[2:])
    x = padded_samples_last(x, windows, lowest(x.dtype))
    y: Any = None
    for where in windows.slices(counts):
        part = x[:, *where]
        y = part.copy() if y is None else np.maximum(y, part, out=y)
    return samples_first(y)


def max_pool_saving(x: Any, windows: Windows) -> tuple[Any, Any]:
    """`max_pool`, and the number of the largest entry in each window (`max_places`)."""
    counts = windows.counts(x.shape[2:])
    x = padded_samples_last(x, windows, lowest(x.dtype))
    y: Any = None
    places: Any = None
    greater: Any = None
    for k, where in enumerate(windows.slices(counts)):
        part = x[:, *where]
        if y is None:
            y = np.array(part, order="C")
            places = np.zeros(y.shape, np.uint8 if math.prod(windows.size) <= 256 else np.intp)
            greater = np.empty(y.shape, bool)
            continue
        np.less_equal(part, y, out=greater)
        np.logical_not(greater, out=greater)  # True beside a NaN, too
        greater &= y == y
        np.copyto(places, k, where=greater)
        np.maximum(y, part, out=y)
    return samples_first(y), samples_first(places)


def max_places(x: Any, windows: Windows) -> Any:
    """The number of the largest entry in each window, as a float: of several the first, and a NaN
    is larger than any number."""
    return max_pool_saving(x, windows)[1].astype(dtype_of_places(x, windows))


def dtype_of_places(x: Any, windows: Windows) -> Any:
    """A dtype that holds the number of every entry of a window: that of x where it does."""
    return x.dtype if math.prod(windows.size) <= 2048 else np.dtype(np.float64)


def take_places(x: Any, places: Any, windows: Windows) -> Any:
    """The entry with the number places[i] of window i."""
    x, places = padded_samples_last(x, windows), samples_last(places)
    y = np.zeros(places.shape, x.dtype)
    for k, where in enumerate(windows.slices(places.shape[1:-1])):
        np.copyto(y, x[:, *where], where=places == k)
    return samples_first(y)


def put_places(g: Any, places: Any, windows: Windows, shape: Numbers) -> Any:
    """`take_places` transposed: g[i] added at the entry with the number places[i] of window i, in
    an array of these places."""
    g, places = samples_last(g), samples_last(places)
    out = np.zeros((g.shape[0], *windows.padded(shape), g.shape[-1]), g.dtype)
    for k, where in enumerate(windows.slices(g.shape[1:-1])):
        if windows.overlap:
            np.add(out[:, *where], g, out=out[:, *where], where=places == k)
        else:
            np.copyto(out[:, *where], g, where=places == k)
    return samples_first(out[:, *windows.inner(shape)])


def sum_pool(x: Any, windows: Windows) -> Any:
    """The sum of each window."""
    counts = windows.counts(x.shape[2:])
    x = padded_samples_last(x, windows)
    y: Any = None
    for where in windows.slices(counts):
        y = x[:, *where].copy() if y is None else np.add(y, x[:, *where], out=y)
    return samples_first(y)


def spread_windows(g: Any, windows: Windows, shape: Numbers) -> Any:
    """`sum_pool` transposed: each entry of g added at all places of its window."""
    g = samples_last(g)
    out = np.zeros((g.shape[0], *windows.padded(shape), g.shape[-1]), g.dtype)
    for where in windows.slices(g.shape[1:-1]):
        out[:, *where] += g
    return samples_first(out[:, *windows.inner(shape)])
