"""Convolution and pooling of arrays (samples, channels, *places): rows of windows that slide.

Convolution is linear in the array and in the weights; its two transposes are rows, too, and each of
the three is the vjp of the others, so that it can be differentiated any number of times.  A row of
its own, because one matrix product over all windows is many times faster than what NumPy's
functions can be put together to.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine.cotangents import unwrap
from autograd.engine.primitive import Primitive, general, linear, multilinear
from autograd.rules import sliding_kernels as kernels
from autograd.rules import sliding_portable as portable
from autograd.rules.operands import operand
from autograd.rules.sliding_kernels import Numbers, Windows


def transposed_in_x(g: Any, y: Any, x: Any, w: Any, windows: Windows, groups: int) -> Any:
    """conv_input(g, w): each window's part of g, times w, added where the window stood."""
    return conv_input(g, w, windows=windows, groups=groups, places=x.shape[2:])


def transposed_in_g(t: Any, y: Any, x: Any, g: Any, windows: Windows, groups: int) -> Any:
    """conv_input(b, g), with the cotangent g in place of the weights."""
    return conv_input(g, t, windows=windows, groups=groups, places=x.shape[2:])


conv_row = multilinear(
    kernels.conv,
    transposed_in_x,
    lambda g, y, x, w, windows, groups: conv_weight(x, g, windows=windows, groups=groups),
    portable=portable.conv,
    name="conv",
    role="matrix product",
)


def bias_rule(g: Any, y: Any, x: Any, w: Any, b: Any, windows: Windows, groups: int) -> Any:
    """sum of g over the samples and all places."""
    return np.sum(g, axis=(0, *range(2, g.ndim)))


# A row of its own, for the reasons that `affine` has one.
conv_bias = general(
    kernels.conv_bias,
    lambda g, y, x, w, b, windows, groups: transposed_in_x(g, y, x, w, windows, groups),
    lambda g, y, x, w, b, windows, groups: conv_weight(x, g, windows=windows, groups=groups),
    bias_rule,
    portable=portable.conv_bias,
    products=True,
    role="matrix product",
)
conv_input = multilinear(
    kernels.conv_input,
    lambda t, y, g, w, windows, groups, places: conv_row(t, w, windows=windows, groups=groups),
    lambda t, y, g, w, windows, groups, places: conv_weight(t, g, windows=windows, groups=groups),
    portable=portable.conv_input,
    role="matrix product",
)
conv_weight = multilinear(
    kernels.conv_weight,
    transposed_in_g,
    lambda t, y, x, g, windows, groups: conv_row(x, t, windows=windows, groups=groups),
    portable=portable.conv_weight,
    role="matrix product",
)


# --- pooling --------------------------------------------------------------------------------------
def put_back(g: Any, y: Any, x: Any, places: Any, windows: Windows) -> Any:
    """put_places(g, places): g at the entry that was taken from each window, added up."""
    return put_places(g, places, windows=windows, shape=x.shape[2:])


def spread_back(g: Any, y: Any, x: Any, windows: Windows) -> Any:
    """spread_windows(g): each entry of g at all places of its window, added up."""
    return spread_windows(g, windows=windows, shape=x.shape[2:])


max_places = general(kernels.max_places, None, portable=portable.max_places)
take_places = general(
    kernels.take_places,
    put_back,
    None,
    portable=portable.take_places,
)
put_places = general(
    kernels.put_places,
    lambda t, y, g, places, windows, shape: take_places(t, places, windows=windows),
    None,
    portable=portable.put_places,
    may_discard_nan=True,
)


def max_pool_rule(g: Any, y: Any, x: Any, windows: Windows, saved: Any = None) -> Any:
    """d max_pool: g at the largest entry of each window, at the first where there are several."""
    places = max_places(unwrap(x), windows=windows) if saved is None else saved
    return put_places(g, places, windows=windows, shape=x.shape[2:])


max_pool_row = general(
    kernels.max_pool,
    max_pool_rule,
    portable=portable.max_pool,
    saves=kernels.max_pool_saving,
    name="max_pool",
    role="reduction",
)
sum_pool_row = linear(
    kernels.sum_pool,
    spread_back,
    portable=portable.sum_pool,
    name="sum_pool",
    role="reduction",
)
spread_windows = linear(
    kernels.spread_windows,
    lambda t, y, g, windows, shape: sum_pool_row(t, windows=windows),
    portable=portable.spread_windows,
)


# --- public functions -----------------------------------------------------------------------------
Sizes = int | tuple[int, ...]
Padding = int | tuple[int | tuple[int, int], ...]


def per_axis(value: Any, count: int, name: str) -> Numbers:
    """One number for each axis of places."""
    numbers = (value,) * count if isinstance(value, int) else tuple(value)
    if len(numbers) != count:
        raise ValueError(f"{name} needs a number, or one for each of {count} axes, got {value!r}")
    return numbers


def windows_of(size: Any, stride: Any, padding: Any, dilation: Any) -> Windows:
    """The windows of these sizes, checked."""
    size = tuple(size)
    count = len(size)
    pads = (padding,) * count if isinstance(padding, int) else tuple(padding)
    windows = Windows(
        size,
        per_axis(stride, count, "stride"),
        per_axis(dilation, count, "dilation"),
        tuple((p, p) if isinstance(p, int) else (p[0], p[1]) for p in pads),
    )
    if len(windows.padding) != count:
        raise ValueError(f"padding needs a number or {count} of them, got {padding!r}")
    if min(*windows.size, *windows.stride, *windows.dilation) < 1:
        raise ValueError(f"size, stride and dilation of windows are at least 1, got {windows}")
    return windows


def check_fit(x: Any, windows: Windows, name: str) -> None:
    """ValueError where an array has other axes than the windows, or is too small for one."""
    count = len(windows.size)
    if x.ndim != count + 2:
        raise ValueError(
            f"{name} takes an array of {count + 2} axes, samples, channels and {count} of places; "
            f"this one has shape {x.shape}"
        )
    if min(windows.counts(x.shape[2:])) < 1:
        raise ValueError(
            f"{name}: windows that reach over {windows.extents()} places do not fit into the "
            f"{windows.padded(x.shape[2:])} padded ones of shape {x.shape}"
        )


def conv(
    x: Any,
    w: Any,
    stride: Sizes = 1,
    padding: Padding = 0,
    dilation: Sizes = 1,
    groups: int = 1,
    bias: Any = None,
) -> Any:
    """The product of weights with every window of an array; networks call it convolution.

    y[n, o, p] is the sum of x[n, c, p * stride + k * dilation] * w[o, c, k] over the channels c and
    the entries k of a window.

    x        (samples, channels, *places), any number of axes of places
    w        (outputs, channels / groups, *size)
    padding  zeros around x: a number, or for each axis a number or a pair (before, after)
    groups   the channels are in so many groups, as are the outputs: each output sees its own group
    bias     (outputs,), added to all places of an output

    Returns (samples, outputs, *counts).  Raises ValueError where the shapes do not fit.

    >>> import numpy as np
    >>> conv(np.array([[[1.0, 2.0, 4.0]]]), np.array([[[-1.0, 1.0]]]))
    array([[[1., 2.]]])
    """
    x, w = operand(x), operand(w)
    windows = windows_of(w.shape[2:], stride, padding, dilation)
    check_fit(x, windows, "conv")
    if groups < 1 or x.shape[1] != w.shape[1] * groups or w.shape[0] % groups:
        raise ValueError(
            f"conv: weights of shape {w.shape} in {groups} groups take {w.shape[1] * groups} "
            f"channels, x has shape {x.shape}"
        )
    if bias is None:
        return conv_row(x, w, windows=windows, groups=groups)
    bias = operand(bias)
    if bias.shape != w.shape[:1]:
        raise ValueError(f"conv: a bias of shape {bias.shape} for {w.shape[0]} outputs")
    return conv_bias(x, w, bias, windows=windows, groups=groups)


def conv_transpose(
    x: Any,
    w: Any,
    stride: Sizes = 1,
    padding: Padding = 0,
    output_padding: Sizes = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Any:
    """The transpose of `conv`: each entry of x, times the weights, is added where its window is.

    x               (samples, channels, *counts)
    w               (channels, outputs / groups, *size)
    padding         places cut off at each end of the output
    output_padding  places more at the end of the output, fewer than stride or dilation

    Returns (samples, outputs, *places) with places = (counts - 1) * stride - 2 * padding + dilation
    * (size - 1) + output_padding + 1.

    >>> import numpy as np
    >>> conv_transpose(np.array([[[1.0, 2.0]]]), np.array([[[1.0, 10.0]]]))
    array([[[ 1., 12., 20.]]])
    """
    x, w = operand(x), operand(w)
    windows = windows_of(w.shape[2:], stride, padding, dilation)
    more = per_axis(output_padding, len(windows.size), "output_padding")
    if x.ndim != w.ndim or x.shape[1] != w.shape[0] or groups < 1 or w.shape[0] % groups:
        raise ValueError(
            f"conv_transpose: weights of shape {w.shape} in {groups} groups take {w.shape[0]} "
            f"channels, x has shape {x.shape}"
        )
    for p, s, d in zip(more, windows.stride, windows.dilation, strict=True):
        if not 0 <= p < max(s, d):
            raise ValueError(f"output_padding {output_padding} is not below stride or dilation")
    axes = zip(x.shape[2:], windows.stride, windows.extents(), windows.padding, strict=True)
    least = [(n - 1) * s + reach - low - high for n, s, reach, (low, high) in axes]
    if min(n + p for n, p in zip(least, more, strict=True)) < 1:
        raise ValueError(f"conv_transpose: the padding {padding} leaves no output of {x.shape}")
    kept: list[tuple[int, int]] = []
    places, after = [], []
    for n, s, (low, high), p in zip(least, windows.stride, windows.padding, more, strict=True):
        beyond = p // s * s  # whole windows more would fit there: that many places are not cut off
        kept.append((low, max(0, high - beyond)))
        after.append(max(0, beyond - high))
        places.append(n + p - after[-1])
    windows = windows._replace(padding=tuple(kept))
    y = conv_input(x, w, windows=windows, groups=groups, places=tuple(places))
    return np.pad(y, ((0, 0), (0, 0), *((0, n) for n in after))) if any(after) else y


def max_pool(
    x: Any, size: Sizes, stride: Sizes | None = None, padding: Padding = 0, dilation: Sizes = 1
) -> Any:
    """The largest entry of each window of (samples, channels, *places).

    stride   by default the size: windows side by side
    padding  places of minus infinity around x

    The derivative goes to the first of several largest entries; a NaN counts as the largest.

    >>> import numpy as np
    >>> max_pool(np.array([[[1.0, 5.0, 2.0, 3.0]]]), 2)
    array([[[5., 3.]]])
    """
    return pooled(max_pool_row, x, size, stride, padding, dilation)


def sum_pool(
    x: Any, size: Sizes, stride: Sizes | None = None, padding: Padding = 0, dilation: Sizes = 1
) -> Any:
    """The sum of each window of (samples, channels, *places); stride is by default the size.

    >>> import numpy as np
    >>> sum_pool(np.array([[[1.0, 5.0, 2.0, 3.0]]]), 2)
    array([[[6., 5.]]])
    """
    return pooled(sum_pool_row, x, size, stride, padding, dilation)


def pooled(
    row: Primitive, x: Any, size: Sizes, stride: Sizes | None, padding: Padding, dilation: Sizes
) -> Any:
    """A row over windows, which stand side by side where no stride is given."""
    x = operand(x)
    size = per_axis(size, x.ndim - 2, "size")
    windows = windows_of(size, size if stride is None else stride, padding, dilation)
    check_fit(x, windows, row.name)
    return row(x, windows=windows)
