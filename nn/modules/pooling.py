"""Pooling: the largest entry or the mean of each window."""

from __future__ import annotations

from typing import Any, final

import numpy as np

from autograd import max_pool, sum_pool
from nn.finding import Searched
from nn.module import Module
from nn.modules.inputs import float_input, per_axis, shape_error

Sizes = int | tuple[int, ...]
Numbers = tuple[int, ...]


def samples_of(module: Searched, x: Any, axes: int) -> tuple[Any, bool]:
    """x with an axis of samples, and whether it was given without."""
    x = float_input(module, x, None)
    if x.ndim not in (axes + 1, axes + 2):
        places = "length" if axes == 1 else "height, width"
        raise shape_error(module, f"x of shape (samples, channels, {places})", x)
    alone = x.ndim == axes + 1
    return (np.expand_dims(x, 0) if alone else x), alone


class Pool(Module):
    """What the poolings by windows share.

    kernel_size  of a window: a number, or a pair (height, width), as the other sizes
    stride       from one window to the next; by default the kernel_size
    padding      places around x, at most half a window
    ceil_mode    whether a last window that reaches beyond the padding is counted, if it begins
                 inside
    """

    axes: int
    dilation: Numbers

    def __init__(self, kernel_size: Sizes, stride: Any, padding: Sizes, ceil_mode: bool) -> None:
        name = type(self).__name__
        self.kernel_size = per_axis(name, "kernel_size", kernel_size, self.axes)
        steps = kernel_size if stride is None else stride
        self.stride = per_axis(name, "stride", steps, self.axes)
        self.padding = per_axis(name, "padding", padding, self.axes, 0)
        self.ceil_mode = bool(ceil_mode)
        self.dilation = (1,) * self.axes
        if any(2 * p > k for p, k in zip(self.padding, self.kernel_size, strict=True)):
            raise ValueError(
                f"{name}: padding is at most half of the window, got {padding} for {kernel_size}"
            )

    def widths(self, x: Any) -> tuple[tuple[int, int], ...]:
        """The padding of each axis, before and after; with `ceil_mode` up to the last window."""
        found: list[tuple[int, int]] = []
        sizes = zip(x.shape[2:], self.kernel_size, self.stride, self.padding, strict=True)
        for (n, k, s, p), d in zip(sizes, self.dilation, strict=True):
            reach = d * (k - 1) + 1
            beyond = n + 2 * p - reach
            if beyond < 0 and not (self.ceil_mode and beyond > -s):
                raise shape_error(self, "x of at least the size of its window", x)
            count = beyond // s + 1
            if self.ceil_mode and beyond % s and count * s < n + p:
                count += 1
            if count < 1:
                raise shape_error(self, "x of at least the size of its window", x)
            found.append((p, max(p, (count - 1) * s + reach - n - p)))
        return tuple(found)

    def __repr__(self) -> str:
        usual: dict[str, Any] = {"stride": self.kernel_size, "padding": (0,) * self.axes}
        usual |= {"dilation": (1,) * self.axes, "ceil_mode": False}
        usual |= {"count_include_pad": True, "divisor_override": None}
        shown = [str(short(self.kernel_size))]
        for key, value in usual.items():
            given = getattr(self, key, value)
            shown += [f"{key}={short(given)}"] if given != value else []
        return f"{type(self).__name__}({', '.join(shown)})"


def short(value: Any) -> Any:
    """One number where all are the same."""
    return value[0] if isinstance(value, tuple) and len(set(value)) == 1 else value


class MaxPool(Pool):
    """The largest entry of each window."""

    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        dilation: Sizes = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode)
        name = type(self).__name__
        self.dilation = per_axis(name, "dilation", dilation, self.axes)
        if return_indices:
            raise TypeError(f"{name} returns no indices: the gradient finds the places by itself")

    def __call__(self, x: Any) -> Any:
        """The output for samples (samples, channels, *places), or for one of them."""
        x, alone = samples_of(self, x, self.axes)
        y = max_pool(x, self.kernel_size, self.stride, self.widths(x), self.dilation)
        return y[0] if alone else y


@final
class MaxPool1d(MaxPool):
    """The largest entry of each window of a row; the options are those of `MaxPool2d`.

    >>> MaxPool1d(2)(np.array([[1.0, 5.0, 2.0, 3.0]]))
    array([[5., 3.]])
    """

    axes = 1


@final
class MaxPool2d(MaxPool):
    """The largest entry of each window of (samples, channels, height, width).

    kernel_size  of a window: a number, or a pair (height, width), as the other sizes
    stride       from one window to the next; by default the kernel_size
    padding      places of minus infinity around x, at most half a window
    dilation     from one entry of a window to the next
    ceil_mode    whether a last window that reaches beyond the padding is counted, if it begins
                 inside

    The derivative goes to the first of several largest entries, as in PyTorch.

    >>> MaxPool2d(2)(np.ones((4, 6, 28, 28))).shape
    (4, 6, 14, 14)
    """

    axes = 2


class AvgPool(Pool):
    """The mean of each window."""

    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode)
        self.count_include_pad = bool(count_include_pad)
        self.divisor_override = divisor_override
        if divisor_override == 0:
            raise ValueError(f"{type(self).__name__}: divisor_override must not be zero")

    def __call__(self, x: Any) -> Any:
        """The output for samples (samples, channels, *places), or for one of them."""
        x, alone = samples_of(self, x, self.axes)
        widths = self.widths(x)
        y = sum_pool(x, self.kernel_size, self.stride, widths)
        if self.divisor_override is not None:
            y = y / self.divisor_override
        else:
            counts = self.counts(x.shape[2:], widths)
            many = int(counts.flat[0])
            y = y / (many if np.all(counts == many) else counts.astype(y.dtype))
        return y[0] if alone else y

    def counts(self, shape: Numbers, widths: tuple[tuple[int, int], ...]) -> Any:
        """How many places each window counts: those inside x, or inside its padding, too."""
        total: Any = 1
        sizes = zip(shape, self.kernel_size, self.stride, self.padding, widths, strict=True)
        for n, k, s, p, (before, after) in sizes:
            start = np.arange((n + before + after - k) // s + 1) * s - p
            stop = np.minimum(start + k, n + p)
            if not self.count_include_pad:
                start, stop = np.maximum(start, 0), np.minimum(stop, n)
            total = np.multiply.outer(total, stop - start)
        return total


@final
class AvgPool1d(AvgPool):
    """The mean of each window of a row; the options are those of `AvgPool2d`.

    >>> AvgPool1d(2)(np.array([[1.0, 5.0, 2.0, 3.0]]))
    array([[3. , 2.5]])
    """

    axes = 1


@final
class AvgPool2d(AvgPool):
    """The mean of each window of (samples, channels, height, width).

    kernel_size  of a window: a number, or a pair (height, width), as the other sizes
    stride       from one window to the next; by default the kernel_size
    padding      zeros around x, at most half a window
    ceil_mode    whether a last window that reaches beyond the padding is counted, if it begins
                 inside
    count_include_pad  whether the padding counts in the mean
    divisor_override   what the sum is divided by, in place of the number of places

    >>> AvgPool2d(2)(np.ones((4, 6, 28, 28))).shape
    (4, 6, 14, 14)
    """

    axes = 2


class AdaptiveAvgPool(Module):
    """The means over so many parts of each axis."""

    axes: int

    def __init__(self, output_size: int | tuple[int | None, ...] | None) -> None:
        given = output_size if isinstance(output_size, tuple) else (output_size,) * self.axes
        name = type(self).__name__
        numbers = tuple(1 if n is None else n for n in given)
        per_axis(name, "output_size", numbers, self.axes)
        self.output_size = given

    def __call__(self, x: Any) -> Any:
        """The output for samples (samples, channels, *places), or for one of them."""
        x, alone = samples_of(self, x, self.axes)
        last = x.ndim - 1
        for axis, parts in enumerate(self.output_size, 2):
            if parts is not None and parts != x.shape[axis]:
                y = np.swapaxes(x, axis, last) if axis != last else x
                y = y @ means(x.shape[axis], parts, x.dtype)
                x = np.swapaxes(y, axis, last) if axis != last else y
        return x[0] if alone else x

    def __repr__(self) -> str:
        return f"{type(self).__name__}({short(self.output_size)})"


def means(count: int, parts: int, dtype: Any) -> Any:
    """The matrix whose product takes the mean of each part of a row: part i goes from
    floor(i * count / parts) to ceil((i + 1) * count / parts)."""
    matrix = np.zeros((count, parts), dtype)
    for i in range(parts):
        start, stop = i * count // parts, -(-(i + 1) * count // parts)
        matrix[start:stop, i] = 1 / (stop - start)
    return matrix


@final
class AdaptiveAvgPool1d(AdaptiveAvgPool):
    """The means over `output_size` parts of a row, which may overlap by a place.

    >>> AdaptiveAvgPool1d(2)(np.array([[1.0, 2.0, 3.0, 5.0]]))
    array([[1.5, 4. ]])
    """

    axes = 1


@final
class AdaptiveAvgPool2d(AdaptiveAvgPool):
    """The means over parts of an image: `output_size` of them along each axis (a number, or a pair;
    None keeps the axis), which may overlap by a place.

    >>> AdaptiveAvgPool2d((1, None))(np.ones((4, 6, 5, 7))).shape
    (4, 6, 1, 7)
    """

    axes = 2
