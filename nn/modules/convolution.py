"""Convolution along one axis and two, and its transpose."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import Any, final

import numpy as np
from numpy.typing import DTypeLike

from autograd import conv, conv_transpose
from nn.checks import take_synonyms
from nn.module import Module
from nn.modules.inputs import (
    Seed,
    check_sizes,
    dtype_of,
    float_dtype,
    float_input,
    per_axis,
    shape_error,
    uniform,
)

Sizes = int | tuple[int, ...]
PADDING_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
"""PyTorch's words, and NumPy's."""


class Convolution(Module):
    """What all convolutions share: sizes, options, and the check of the input.

    The weight is (out_channels, in_channels / groups, *kernel_size), in a transposed convolution
    (in_channels, out_channels / groups, *kernel_size); the bias is (out_channels,) or None.  Both
    begin uniform in (-1, 1) / sqrt(fan), where fan is the size of weight[0].
    """

    axes: int
    transposed: bool

    def __init__(
        self,
        channels: tuple[int, int],
        sizes: dict[str, Any],
        groups: int,
        bias: bool,
        dtype: DTypeLike,
        seed: Seed,
    ) -> None:
        name = type(self).__name__
        check_sizes(name, in_channels=channels[0], out_channels=channels[1], groups=groups)
        if channels[0] % groups or channels[1] % groups:
            raise ValueError(f"{name}: {channels[0]} and {channels[1]} channels in {groups} groups")
        self.in_channels, self.out_channels = channels
        least = {"padding": 0, "output_padding": 0}
        for key, size in sizes.items():
            fixed = isinstance(size, str)  # padding by a word
            setattr(
                self,
                key,
                size if fixed else per_axis(name, key, size, self.axes, least.get(key, 1)),
            )
        self.groups = groups
        first, second = channels if self.transposed else channels[::-1]
        shape = (first, second // groups, *self.kernel_size)
        bound = 1 / math.sqrt(math.prod(shape[1:]))
        shapes = [shape, (self.out_channels,)] if bias else [shape]
        drawn = uniform(seed, bound, float_dtype(name, dtype), *shapes)
        self.weight: Any = drawn[0]
        self.bias: Any = drawn[1] if bias else None

    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    padding: Any

    def __call__(self, x: Any) -> Any:
        """The output for samples (samples, channels, *places), or for one of them."""
        x = float_input(self, x, dtype_of(self.weight))
        alone = x.ndim == self.axes + 1
        if x.ndim not in (self.axes + 1, self.axes + 2) or x.shape[-self.axes - 1] != (
            self.in_channels
        ):
            places = ", ".join(("height", "width")[-self.axes :] if self.axes == 2 else ["length"])
            raise shape_error(self, f"x of shape (samples, {self.in_channels}, {places})", x)
        y = self.output(np.expand_dims(x, 0) if alone else x)
        return y[0] if alone else y

    @abstractmethod
    def output(self, x: Any) -> Any:
        """The output for samples."""

    def __repr__(self) -> str:
        shown = [f"{self.in_channels}, {self.out_channels}, kernel_size={short(self.kernel_size)}"]
        usual = {"stride": 1, "padding": 0, "output_padding": 0, "dilation": 1, "groups": 1}
        for key, value in (usual | {"padding_mode": "zeros"}).items():
            given = short(getattr(self, key, value))
            shown += [f"{key}={given!r}"] if given != value else []
        shown += [] if self.bias is not None else ["bias=False"]
        return f"{type(self).__name__}({', '.join(shown)})"


def short(value: Any) -> Any:
    """One number where all are the same."""
    return value[0] if isinstance(value, tuple) and len(set(value)) == 1 else value


class Windowed(Convolution):
    """A convolution that is not transposed."""

    transposed = False

    @take_synonyms(rng="seed")
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes = 1,
        padding: Sizes | str = 0,
        dilation: Sizes = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        dtype: DTypeLike = np.float64,
        seed: Seed = None,
    ) -> None:
        sizes = {"kernel_size": kernel_size, "stride": stride, "padding": padding}
        super().__init__(
            (in_channels, out_channels), sizes | {"dilation": dilation}, groups, bias, dtype, seed
        )
        name = type(self).__name__
        if padding_mode not in PADDING_MODES:
            raise ValueError(
                f"{name}: padding_mode is one of {list(PADDING_MODES)}, got {padding_mode!r}"
            )
        self.padding_mode = padding_mode
        if isinstance(padding, str) and padding not in ("valid", "same"):
            raise ValueError(f"{name}: padding is a number, 'valid' or 'same', got {padding!r}")
        if padding == "same" and max(self.stride) > 1:
            raise ValueError(f"{name}: padding='same' needs a stride of 1, got {stride}")
        self.widths = self.padding_widths()

    def padding_widths(self) -> tuple[tuple[int, int], ...]:
        """The padding before and after each axis."""
        if self.padding == "valid":
            return ((0, 0),) * self.axes
        if self.padding == "same":
            totals = [d * (k - 1) for k, d in zip(self.kernel_size, self.dilation, strict=True)]
            return tuple((t // 2, t - t // 2) for t in totals)
        return tuple((p, p) for p in self.padding)

    def output(self, x: Any) -> Any:
        """The output for samples."""
        widths = self.widths
        axes = zip(x.shape[2:], widths, self.kernel_size, self.dilation, strict=True)
        if any(n + low + high < d * (k - 1) + 1 for n, (low, high), k, d in axes):
            raise shape_error(self, "x of at least the size of its kernel, padding included", x)
        if self.padding_mode != "zeros":
            room = [n - (self.padding_mode == "reflect") for n in x.shape[2:]]
            limited = self.padding_mode in ("reflect", "circular")
            if limited and any(max(w) > n for w, n in zip(widths, room, strict=True)):
                raise shape_error(self, f"x that its padding {widths} does not go around", x)
            around = ((0, 0), (0, 0), *widths)
            x = np.pad(x, around, mode=PADDING_MODES[self.padding_mode])  # type: ignore[call-overload]
            widths = ((0, 0),) * self.axes
        return conv(x, self.weight, self.stride, widths, self.dilation, self.groups, bias=self.bias)


@final
class Conv1d(Windowed):
    """The product of weights with every window of a row.

    y[n, o, p] is bias[o] and the sum of weight[o, c, k] * x[n, c, p * stride + k * dilation] over
    the channels c and the entries k of a window.

    x is (samples, in_channels, length) or one sample (in_channels, length); the options are those
    of `Conv2d`.

    >>> Conv1d(2, 3, 5, padding="same", seed=0)(np.ones((4, 2, 10))).shape
    (4, 3, 10)
    """

    axes = 1


@final
class Conv2d(Windowed):
    """The product of weights with every window of an image.

    y[n, o, p, q] is bias[o] and the sum of weight[o, c, k, l] * x[n, c, p * stride + k * dilation,
    q * stride + l * dilation] over the channels c and the entries k, l of a window.

    in_channels, out_channels  how many channels x and the output have
    kernel_size   of a window: a number, or a pair (height, width), as the next three
    stride        from one window to the next
    padding       places added at each side; "valid" for none, "same" for an output of the size of x
    dilation      from one entry of a window to the next
    groups        the channels in so many groups: an output sees the channels of its own
    bias          False for none
    padding_mode  "zeros", "reflect", "replicate" (the border) or "circular"
    dtype, seed   of the parameters, as in `Linear`

    x is (samples, in_channels, height, width), or one sample without the first axis.  The layout is
    PyTorch's: weight is (out_channels, in_channels / groups, *kernel_size).  Raises ValueError for
    another shape, TypeError for an array of integers.

    >>> Conv2d(1, 6, 5, padding=2, seed=0)(np.ones((4, 1, 28, 28))).shape
    (4, 6, 28, 28)
    """

    axes = 2


class Transposed(Convolution):
    """A transposed convolution."""

    transposed = True
    output_padding: tuple[int, ...]

    @take_synonyms(rng="seed")
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes = 1,
        padding: Sizes = 0,
        output_padding: Sizes = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Sizes = 1,
        dtype: DTypeLike = np.float64,
        seed: Seed = None,
    ) -> None:
        sizes = {"kernel_size": kernel_size, "stride": stride, "padding": padding}
        sizes |= {"output_padding": output_padding, "dilation": dilation}
        super().__init__((in_channels, out_channels), sizes, groups, bias, dtype, seed)
        for more, s, d in zip(self.output_padding, self.stride, self.dilation, strict=True):
            if more >= max(s, d):
                raise ValueError(
                    f"{type(self).__name__}: output_padding must be below stride or dilation, got "
                    f"{output_padding}"
                )

    def output(self, x: Any) -> Any:
        """The output for samples."""
        axes = zip(x.shape[2:], self.stride, self.dilation, self.kernel_size, strict=True)
        whole = [(n - 1) * s + d * (k - 1) + 1 for n, s, d, k in axes]
        ends = zip(whole, self.padding, self.output_padding, strict=True)
        if any(n - 2 * p + more < 1 for n, p, more in ends):
            raise shape_error(self, f"x of which its padding {self.padding} leaves something", x)
        y = conv_transpose(
            x,
            self.weight,
            self.stride,
            self.padding,
            self.output_padding,
            self.dilation,
            self.groups,
        )
        return y if self.bias is None else y + np.reshape(self.bias, (-1, *(1,) * self.axes))


@final
class ConvTranspose1d(Transposed):
    """`Conv1d` transposed: each entry of x, times the weights, is added where its window stands.

    >>> ConvTranspose1d(3, 2, 4, stride=2, padding=1, seed=0)(np.ones((4, 3, 5))).shape
    (4, 2, 10)
    """

    axes = 1


@final
class ConvTranspose2d(Transposed):
    """`Conv2d` transposed: each entry of x, times the weights, is added where its window stands.

    padding         places cut off at each side of the output
    output_padding  places more at the end of each axis, fewer than the stride

    The other options are those of `Conv2d`; weight is (in_channels, out_channels / groups,
    *kernel_size).  An axis of n places becomes one of (n - 1) * stride - 2 * padding + dilation *
    (kernel_size - 1) + output_padding + 1.

    >>> ConvTranspose2d(3, 2, 4, stride=2, padding=1, seed=0)(np.ones((1, 3, 5, 5))).shape
    (1, 2, 10, 10)
    """

    axes = 2
