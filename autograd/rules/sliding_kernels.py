"""Kernels of convolution and pooling: plain data in, plain data out.

Arrays come as (samples, channels, *places) and are worked on with the samples last, so that every
copy of a window moves whole rows of samples; outputs keep that order in memory, which the next
kernel then finds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from typing import Any, Final, NamedTuple

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
    return x.transpose((*range(1, x.ndim), 0))


def new_output(shape: Numbers, dtype: Any) -> tuple[Any, Any]:
    """A new array (samples, channels, *places) that has its samples last in memory, and the view of
    it (channels, *places, samples), of this shape, to write into.  The array owns its memory, so
    that a gradient need not be copied before it is handed out."""
    size = np.dtype(dtype).itemsize
    strides = [size * math.prod(shape[k + 1 :]) for k in range(len(shape))]
    first = (shape[-1], *shape[:-1])
    out: Any = np.ndarray(first, dtype, strides=(strides[-1], *strides[:-1]))
    return out, samples_last(out)


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


BLOCK: Final = 1 << 17
"""So many entries of windows are put into one matrix at a time: that matrix stays in the cache, and
its memory is used again."""


def window_view(x: Any, windows: Windows, groups: int) -> Any:
    """The windows of x, without a copy: (groups, channels / groups, *size, *counts, samples)."""
    counts = windows.counts(x.shape[2:])
    x = np.ascontiguousarray(padded_samples_last(x, windows))
    channel, *steps, sample = x.strides
    within = x.shape[0] // groups
    entries = [d * step for d, step in zip(windows.dilation, steps, strict=True)]
    moves = [s * step for s, step in zip(windows.stride, steps, strict=True)]
    return np.lib.stride_tricks.as_strided(
        x,
        (groups, within, *windows.size, *counts, x.shape[-1]),
        (channel * within, channel, *entries, *moves, sample),
        writeable=False,
    )


def blocks(
    shape: Numbers, axis: int, matrix: Numbers, size: int = 0
) -> Iterator[tuple[slice, slice]]:
    """Ranges along an axis of the counts that give small matrices, and the columns of each.

    shape   of the windows;  axis  its first axis of counts
    matrix  the number of rows and of columns of all windows together
    size    how many entries a matrix may have, by default `BLOCK`
    """
    count = shape[axis]
    wide = matrix[1] // max(count, 1)
    step = max(1, (size or BLOCK) // max(1, matrix[0] * wide))
    for start in range(0, count, step):
        stop = min(start + step, count)
        yield slice(start, stop), slice(start * wide, stop * wide)


def each_block(x: Any, windows: Windows, groups: int) -> Iterator[tuple[Any, slice]]:
    """The windows of x as columns (groups, channels / groups * size, columns), block by block, each
    in the memory of the one before."""
    view = window_view(x, windows, groups)
    axis = 2 + len(windows.size)
    rows_of = math.prod(view.shape[1:axis])
    total = math.prod(view.shape[axis:])
    before = (slice(None),) * axis
    room = np.empty(0, x.dtype)
    for counts, places in blocks(view.shape, axis, (groups * rows_of, total)):
        part = view[(*before, counts)]
        if part.size > room.size:
            room = np.empty(part.size, x.dtype)
        matrix = room[: part.size].reshape(part.shape)
        np.copyto(matrix, part)
        yield matrix.reshape(groups, rows_of, -1), places


def matrices(w: Any, groups: int) -> Any:
    """The weights (outputs, channels / groups, *size) as a matrix for each group."""
    return w.reshape(groups, w.shape[0] // groups, -1)


def rows(g: Any, groups: int) -> Any:
    """(samples, outputs, *counts) as (groups, outputs / groups, windows * samples)."""
    return samples_last(g).reshape(groups, g.shape[1] // groups, -1)


def conv(x: Any, w: Any, windows: Windows, groups: int) -> Any:
    """The product of the weights with every window: y[n, o, p] = sum over the channels c of o's
    group and the entries k of x[n, c, p * stride + k * dilation] * w[o, c, k]."""
    return conv_bias(x, w, None, windows, groups)


def conv_bias(x: Any, w: Any, b: Any, windows: Windows, groups: int) -> Any:
    """`conv`, and b[o] added to all of y[:, o]; None for no b."""
    w3 = matrices(w, groups)
    dtype = np.result_type(x, w) if b is None else np.result_type(x, w, b)
    shape = (w.shape[0], *windows.counts(x.shape[2:]), x.shape[0])
    out, y = new_output(shape, dtype)
    y = y.reshape(groups, w3.shape[1], -1)
    b = b if b is None else b.reshape(groups, -1, 1)
    for matrix, places in each_block(x, windows, groups):
        part = y[:, :, places]
        multiply(w3, matrix, part)
        if b is not None:
            part += b
    return out


def multiply(a: Any, b: Any, out: Any) -> None:
    """a @ b for each group, written into `out`."""
    if a.dtype == b.dtype == out.dtype:
        np.matmul(a, b, out=out)
    else:
        out[...] = a @ b


def conv_input(g: Any, w: Any, windows: Windows, groups: int, places: Numbers) -> Any:
    """`conv` transposed with respect to x, which has these places: each window's part of g, times
    the weights, is added where the window stood."""
    counts, samples = g.shape[2:], g.shape[0]
    channels, size = w.shape[1] * groups, math.prod(windows.size)
    across, g3 = np.swapaxes(matrices(w, groups), 1, 2), rows(g, groups)
    found, out = new_output((channels, *windows.padded(places), samples), np.result_type(g, w))
    out[...] = 0
    room = np.empty(0, out.dtype)
    entries = list(windows.slices(counts))
    for first, where in blocks(counts, 0, (channels * size, g3.shape[2]), 8 * BLOCK):
        part = (groups, channels // groups * size, where.stop - where.start)
        if math.prod(part) > room.size:
            room = np.empty(math.prod(part), out.dtype)
        parts = room[: math.prod(part)].reshape(part)
        multiply(across, g3[:, :, where], parts)
        parts = parts.reshape(channels, size, first.stop - first.start, *counts[1:], samples)
        for k, (along, *rest) in enumerate(entries):
            step = along.step
            begin, end = along.start + first.start * step, along.start + (first.stop - 1) * step
            out[:, begin : end + 1 : step, *rest] += parts[:, k]
    return inner(found, windows, places)


def inner(x: Any, windows: Windows, places: Numbers) -> Any:
    """(samples, channels, *padded places) without the padding."""
    return x[:, :, *windows.inner(places)] if windows.pads else x


def conv_weight(x: Any, g: Any, windows: Windows, groups: int) -> Any:
    """`conv` transposed with respect to w: the product of g with every window."""
    g3 = rows(g, groups)
    total: Any = 0
    for matrix, places in each_block(x, windows, groups):
        total = total + g3[:, :, places] @ np.swapaxes(matrix, 1, 2)
    return total.reshape(g.shape[1], -1, *windows.size)


# --- pooling --------------------------------------------------------------------------------------
def lowest(dtype: Any) -> Any:
    """What a maximum starts from."""
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min


def max_pool(x: Any, windows: Windows) -> Any:
    """The largest entry of each window; NaN where there is one."""
    counts = windows.counts(x.shape[2:])
    x = padded_samples_last(x, windows, lowest(x.dtype))
    out, y = new_output((x.shape[0], *counts, x.shape[-1]), x.dtype)
    for k, where in enumerate(windows.slices(counts)):
        if k:
            np.maximum(y, x[:, *where], out=y)
        else:
            y[...] = x[:, *where]
    return out


def max_pool_saving(x: Any, windows: Windows) -> tuple[Any, Any]:
    """`max_pool`, and the number of the largest entry in each window (`max_places`)."""
    counts = windows.counts(x.shape[2:])
    x = padded_samples_last(x, windows, lowest(x.dtype))
    small = math.prod(windows.size) <= 256
    out, y = new_output((x.shape[0], *counts, x.shape[-1]), x.dtype)
    places: Any = np.zeros(y.shape, np.uint8 if small else np.intp)
    for k, where in enumerate(windows.slices(counts)):
        part = x[:, *where]
        if not k:
            y[...] = part
            continue
        greater = part > y
        np.maximum(y, part, out=y)
        number = greater.view(np.uint8) * np.uint8(k) if small else greater * k
        np.maximum(places, number, out=places)  # a later entry has a larger number
    if np.isnan(np.max(y, initial=0)):
        places = places_with_nan(x, windows, counts, places)
    return out, places.transpose((-1, *range(places.ndim - 1)))


def places_with_nan(x: Any, windows: Windows, counts: Numbers, places: Any) -> Any:
    """The number of the first NaN in a window that has one, of the largest entry in any other."""
    found = np.zeros(places.shape, bool)
    for k, where in enumerate(windows.slices(counts)):
        here = np.isnan(x[:, *where]) & ~found
        places = np.where(here, places.dtype.type(k), places)
        found |= here
    return places


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
    out, y = new_output(places.shape, x.dtype)
    y[...] = 0
    for k, where in enumerate(windows.slices(places.shape[1:-1])):
        np.copyto(y, x[:, *where], where=places == k)
    return out


def put_places(g: Any, places: Any, windows: Windows, shape: Numbers) -> Any:
    """`take_places` transposed: g[i] added at the entry with the number places[i] of window i, in
    an array of these places."""
    g, places = np.ascontiguousarray(samples_last(g)), samples_last(places)
    found, out = new_output((g.shape[0], *windows.padded(shape), g.shape[-1]), g.dtype)
    out[...] = 0
    for k, where in enumerate(windows.slices(g.shape[1:-1])):
        part = out[:, *where]
        if windows.overlap:
            part += masked(g, places == k)
        else:
            masked(g, places == k, part)
    return inner(found, windows, shape)


BITS: Final[dict[Any, Any]] = {
    np.dtype(np.float32): np.dtype(np.int32),
    np.dtype(np.float64): np.dtype(np.int64),
}
"""Integers as wide as a float."""


def masked(g: Any, mask: Any, out: Any = None) -> Any:
    """g where the mask is True, else 0, also beside infinite entries: floats by their bits, which
    are kept or cleared in a tenth of the time that a choice takes."""
    bits = BITS.get(g.dtype)
    if bits is None:
        chosen = np.where(mask, g, np.zeros_like(g, shape=()))
        if out is not None:
            out[...] = chosen
        return chosen
    ones = np.negative(mask.view(np.int8), dtype=bits)
    found = np.bitwise_and(g.view(bits), ones, out=None if out is None else out.view(bits))
    return found.view(g.dtype)


def sum_pool(x: Any, windows: Windows) -> Any:
    """The sum of each window."""
    counts = windows.counts(x.shape[2:])
    x = padded_samples_last(x, windows)
    out, y = new_output((x.shape[0], *counts, x.shape[-1]), x.dtype)
    y[...] = 0
    for where in windows.slices(counts):
        y += x[:, *where]
    return out


def spread_windows(g: Any, windows: Windows, shape: Numbers) -> Any:
    """`sum_pool` transposed: each entry of g added at all places of its window."""
    g = samples_last(g)
    found, out = new_output((g.shape[0], *windows.padded(shape), g.shape[-1]), g.dtype)
    out[...] = 0
    for where in windows.slices(g.shape[1:-1]):
        out[:, *where] += g
    return inner(found, windows, shape)
