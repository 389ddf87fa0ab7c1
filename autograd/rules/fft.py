"""`np.fft`: four rows, of one axis each; everything else is put together from them.

The matrix of a Fourier transform, W[k, j] = exp(-2 pi i j k / n), is symmetric: the vjp of `fft` is
`fft` again.  Input that is longer than n is cut, shorter input is filled up with zeros; the
transpose of either is the other.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.engine import indexing
from autograd.engine.cotangents import real_dtype
from autograd.engine.dispatch import implements
from autograd.engine.primitive import linear
from autograd.engine.refusals import refuse_out
from autograd.rules.indexing import scatter
from autograd.rules.linalg.matrices import conjugate
from autograd.rules.shape import place_of, shape_of

Transform = Callable[..., Any]
OTHER_WAY = {None: "forward", "backward": "forward", "ortho": "ortho", "forward": "backward"}
"""The normalisation of the inverse transform with the same factor."""


def resized(x: Any, like: Any, axis: int) -> Any:
    """x with as many entries along an axis as `like` has: cut, or filled up with zeros."""
    place = place_of(axis, len(shape_of(x)))
    have, want = shape_of(x)[place], shape_of(like)[place]
    index = (slice(None),) * place + (slice(min(have, want)),)
    if want <= have:
        return x[index] if want < have else x
    shape = (*shape_of(x)[:place], want, *shape_of(x)[place + 1 :])
    return scatter(x, index=indexing.split_index(index)[0], shape=shape, unique=True)


def both_halves(g: Any, n: int, axis: int) -> Any:
    """How often an entry of the half spectrum stands in the whole one of n entries: 2, at
    frequency 0 and n / 2 once; shaped to multiply g."""
    weights = np.full(n // 2 + 1, 2, real_dtype(g))
    weights[0] = 1
    if n % 2 == 0:
        weights[-1] = 1
    return weights.reshape((-1,) + (1,) * (-1 - axis if axis < 0 else len(shape_of(g)) - 1 - axis))


def fft_rule(g: Any, y: Any, x: Any, n: int, axis: int = -1, norm: str | None = None) -> Any:
    """`fft(g)`, cut or filled up to the length of x."""
    return resized(fft_row(g, n=n, axis=axis, norm=norm), x, axis)


def ifft_rule(g: Any, y: Any, x: Any, n: int, axis: int = -1, norm: str | None = None) -> Any:
    """`ifft(g)`, cut or filled up to the length of x."""
    return resized(ifft_row(g, n=n, axis=axis, norm=norm), x, axis)


def rfft_rule(g: Any, y: Any, x: Any, n: int, axis: int = -1, norm: str | None = None) -> Any:
    """The sum over half a spectrum is the inverse transform of its conjugate, halved where that one
    counts an entry twice."""
    half = conjugate(g) / both_halves(g, n, axis)
    return resized(irfft_row(half, n=n, axis=axis, norm=OTHER_WAY[norm]), x, axis)


def irfft_rule(g: Any, y: Any, x: Any, n: int, axis: int = -1, norm: str | None = None) -> Any:
    """The inverse counts all frequencies but 0 and n / 2 twice, and of these takes the real part
    alone: their imaginary parts have the derivative 0."""
    z = conjugate(rfft_row(g, n=n, axis=axis, norm=OTHER_WAY[norm]))
    return resized(z * both_halves(z, n, axis), x, axis)


fft_row = linear(np.fft.fft, fft_rule, name="fft")
ifft_row = linear(np.fft.ifft, ifft_rule, name="ifft")
rfft_row = linear(np.fft.rfft, rfft_rule, name="rfft")
irfft_row = linear(np.fft.irfft, irfft_rule, name="irfft")


def length_of(a: Any, n: Any, axis: int) -> int:
    """The length of a transform: n, or that of the input."""
    return shape_of(a)[place_of(axis, len(shape_of(a)))] if n is None else operator.index(n)


@implements(np.fft.fft)
def fft(a: Any, n: Any = None, axis: int = -1, norm: str | None = None, out: None = None) -> Any:
    """`np.fft.fft`."""
    refuse_out("fft.fft", out)
    return fft_row(a, n=length_of(a, n, axis), axis=operator.index(axis), norm=norm)


@implements(np.fft.ifft)
def ifft(a: Any, n: Any = None, axis: int = -1, norm: str | None = None, out: None = None) -> Any:
    """`np.fft.ifft`."""
    refuse_out("fft.ifft", out)
    return ifft_row(a, n=length_of(a, n, axis), axis=operator.index(axis), norm=norm)


@implements(np.fft.rfft)
def rfft(a: Any, n: Any = None, axis: int = -1, norm: str | None = None, out: None = None) -> Any:
    """`np.fft.rfft`: the first half of the spectrum of real numbers."""
    refuse_out("fft.rfft", out)
    return rfft_row(a, n=length_of(a, n, axis), axis=operator.index(axis), norm=norm)


@implements(np.fft.irfft)
def irfft(a: Any, n: Any = None, axis: int = -1, norm: str | None = None, out: None = None) -> Any:
    """`np.fft.irfft`: n real numbers from the first half of their spectrum."""
    refuse_out("fft.irfft", out)
    n = 2 * (length_of(a, None, axis) - 1) if n is None else operator.index(n)
    return irfft_row(a, n=n, axis=operator.index(axis), norm=norm)


@implements(np.fft.hfft)
def hfft(a: Any, n: Any = None, axis: int = -1, norm: str | None = None, out: None = None) -> Any:
    """`np.fft.hfft`: the real spectrum of what is Hermitian, from its first half."""
    refuse_out("fft.hfft", out)
    return irfft(np.conjugate(a), n, axis, other_way(norm))


@implements(np.fft.ihfft)
def ihfft(a: Any, n: Any = None, axis: int = -1, norm: str | None = None, out: None = None) -> Any:
    """`np.fft.ihfft`: the inverse of `hfft`."""
    refuse_out("fft.ihfft", out)
    return np.conjugate(rfft(a, n, axis, other_way(norm)))


def other_way(norm: str | None) -> str:
    """`OTHER_WAY`, with NumPy's error."""
    if norm not in OTHER_WAY:
        raise ValueError(f'Invalid norm value {norm}; should be "backward", "ortho" or "forward".')
    return OTHER_WAY[norm]


# --- several axes ---------------------------------------------------------------------------------
def lengths_and_axes(a: Any, s: Any, axes: Any, half: bool = False) -> tuple[list[Any], list[int]]:
    """The length of the transform along each axis; of a spectrum that is `half` along the last one
    twice its length less 2.  A length of -1 is that of the input."""
    given = s is not None
    if not given:
        axes = range(len(shape_of(a))) if axes is None else axes
        s = [length_of(a, None, axis) for axis in axes]
    s = [n if n is None else operator.index(n) for n in s]
    axes = list(range(-len(s), 0)) if axes is None else [operator.index(axis) for axis in axes]
    if len(s) != len(axes):
        raise ValueError("Shape and axes have different lengths.")
    if half and s and not given:
        s[-1] = 2 * (s[-1] - 1)
    return [
        length_of(a, None, i) if n in (-1, None) else n for n, i in zip(s, axes, strict=True)
    ], axes


def along_each(transform: Transform, a: Any, s: Any, axes: Any, norm: str | None) -> Any:
    """A transform along several axes, the last first."""
    lengths, places = lengths_and_axes(a, s, axes)
    for n, axis in reversed([*zip(lengths, places, strict=True)]):
        a = transform(a, n, axis, norm)
    return a


@implements(np.fft.fftn)
def fftn(a: Any, s: Any = None, axes: Any = None, norm: str | None = None, out: None = None) -> Any:
    """`np.fft.fftn`."""
    refuse_out("fft.fftn", out)
    return along_each(fft, a, s, axes, norm)


@implements(np.fft.ifftn)
def ifftn(
    a: Any, s: Any = None, axes: Any = None, norm: str | None = None, out: None = None
) -> Any:
    """`np.fft.ifftn`."""
    refuse_out("fft.ifftn", out)
    return along_each(ifft, a, s, axes, norm)


@implements(np.fft.rfftn)
def rfftn(
    a: Any, s: Any = None, axes: Any = None, norm: str | None = None, out: None = None
) -> Any:
    """`np.fft.rfftn`: `rfft` along the last axis, then `fft` along the others."""
    refuse_out("fft.rfftn", out)
    lengths, places = lengths_and_axes(a, s, axes)
    a = rfft(a, lengths[-1], places[-1], norm)
    return along_each(fft, a, lengths[:-1], places[:-1], norm)


@implements(np.fft.irfftn)
def irfftn(
    a: Any, s: Any = None, axes: Any = None, norm: str | None = None, out: None = None
) -> Any:
    """`np.fft.irfftn`: `ifft` along all axes but the last, then `irfft` along that one."""
    refuse_out("fft.irfftn", out)
    lengths, places = lengths_and_axes(a, s, axes, half=True)
    for n, axis in zip(lengths[:-1], places[:-1], strict=True):
        a = ifft(a, n, axis, norm)
    return irfft(a, lengths[-1], places[-1], norm)


def over_two(transform: Transform) -> Transform:
    """A transform of several axes, along the last two."""

    def transform_two(
        a: Any, s: Any = None, axes: Any = (-2, -1), norm: str | None = None, out: None = None
    ) -> Any:
        return transform(a, s, axes, norm, out)

    return transform_two


fft2 = implements(np.fft.fft2)(over_two(fftn))
ifft2 = implements(np.fft.ifft2)(over_two(ifftn))
rfft2 = implements(np.fft.rfft2)(over_two(rfftn))
irfft2 = implements(np.fft.irfft2)(over_two(irfftn))


# --- shifts ---------------------------------------------------------------------------------------
def rolled(x: Any, axes: Any, back: bool) -> Any:
    """x rolled by half of its length along each axis."""
    axes = range(len(shape_of(x))) if axes is None else axes
    axes = tuple(axes) if np.ndim(axes) or isinstance(axes, range) else (operator.index(axes),)
    halves = [shape_of(x)[axis] // 2 for axis in axes]
    return np.roll(x, tuple(-n if back else n for n in halves), axes)


@implements(np.fft.fftshift)
def fftshift(x: Any, axes: Any = None) -> Any:
    """`np.fft.fftshift`: frequency 0 in the middle."""
    return rolled(x, axes, back=False)


@implements(np.fft.ifftshift)
def ifftshift(x: Any, axes: Any = None) -> Any:
    """`np.fft.ifftshift`: frequency 0 first."""
    return rolled(x, axes, back=True)
