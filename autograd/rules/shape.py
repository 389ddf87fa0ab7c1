"""Shape: the entries stay, their places change."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.engine import kernels
from autograd.engine.cotangents import unwrap
from autograd.engine.dispatch import implements
from autograd.engine.primitive import array_op


def place_of(axis: int, ndim: int) -> int:
    """An axis counted from the front; AxisError where there is none such."""
    return normalize_axis_index(axis, ndim)


def shape_of(x: Any) -> tuple[int, ...]:
    """The shape of a Value's data, an array or a number."""
    return np.shape(unwrap(x))


def inverse(axes: Any, ndim: int) -> Any:
    """The permutation that undoes `axes`."""
    return None if axes is None else tuple(int(i) for i in np.argsort([a % ndim for a in axes]))


def ungroup(g: Any, x: Any, axis: int, count: int) -> Any:
    """g with `axis`, of length n * count, as two axes n and count; summed over the second."""
    shape = shape_of(x)
    split = (*shape[:axis], shape[axis], count, *shape[axis + 1 :])
    return np.sum(reshape_(g, shape=split), axis=axis + 1)


reshape_ = array_op(
    "linear",
    np.reshape,
    lambda g, y, x, shape, order="C": reshape_(g, shape=shape_of(x), order=order),
    name="reshape",
)
transpose_ = array_op(
    "linear",
    np.transpose,
    lambda g, y, x, axes=None: transpose_(g, axes=inverse(axes, g.ndim)),
    name="transpose",
)
swapaxes_ = array_op(
    "linear",
    np.swapaxes,
    lambda g, y, x, axis1, axis2: swapaxes_(g, axis1=axis1, axis2=axis2),
    name="swapaxes",
)
matrix_transpose = array_op(
    "linear", np.matrix_transpose, lambda g, y, x: matrix_transpose(g), name="mT"
)
broadcast_to_ = array_op(
    "linear",
    np.broadcast_to,
    lambda g, y, x, shape: unbroadcast(g, shape=shape_of(x)),
    computed_by=kernels.broadcast_to,
    name="broadcast_to",
)
unbroadcast = array_op(
    "linear", kernels.unbroadcast, lambda g, y, x, shape: broadcast_to_(g, shape=shape_of(x))
)
flip_ = array_op("linear", np.flip, lambda g, y, x, axis=None: flip_(g, axis=axis), name="flip")
roll_ = array_op(
    "linear",
    np.roll,
    lambda g, y, x, shift, axis=None: roll_(g, shift=np.negative(shift).tolist(), axis=axis),
    name="roll",
)
astype = array_op("linear", kernels.astype, lambda g, y, x, dtype: g)
copy_ = array_op("linear", np.copy, lambda g, y, x: g, computed_by=kernels.copy, name="copy")
repeat_ = array_op(
    "linear",
    np.repeat,
    lambda g, y, x, repeats, axis: ungroup(g, x, axis, repeats),
    name="repeat",
)
tril_ = array_op("linear", np.tril, lambda g, y, x, k=0: tril_(g, k=k), name="tril")
triu_ = array_op("linear", np.triu, lambda g, y, x, k=0: triu_(g, k=k), name="triu")


@implements(np.reshape)
def reshape(a: Any, /, shape: Any = None, order: Any = "C", *, copy: Any = None) -> Any:
    """`np.reshape`."""
    return reshape_(a, shape=shape, order=order)


@implements(np.ravel)
def ravel(a: Any, order: Any = "C") -> Any:
    """`np.ravel`."""
    return reshape_(a, shape=(-1,), order=order)


@implements(np.transpose, np.permute_dims)
def transpose(a: Any, axes: Any = None) -> Any:
    """`np.transpose`."""
    return transpose_(a, axes=axes)


@implements(np.swapaxes)
def swapaxes(a: Any, axis1: int, axis2: int) -> Any:
    """`np.swapaxes`."""
    return swapaxes_(a, axis1=axis1, axis2=axis2)


@implements(np.moveaxis)
def moveaxis(a: Any, source: Any, destination: Any) -> Any:
    """`np.moveaxis`."""
    return transpose_(a, axes=order_of(np.moveaxis, a, source, destination))


@implements(np.rollaxis)
def rollaxis(a: Any, axis: int, start: int = 0) -> Any:
    """`np.rollaxis`."""
    return transpose_(a, axes=order_of(np.rollaxis, a, axis, start))


def order_of(function: Any, a: Any, *args: Any) -> tuple[int, ...]:
    """The permutation that a NumPy function makes of the axes, read off an array whose lengths
    number its axes (the first is 0: it has no entries)."""
    return tuple(function(np.empty(range(len(shape_of(a)))), *args).shape)


@implements(np.expand_dims)
def expand_dims(a: Any, axis: Any) -> Any:
    """`np.expand_dims`."""
    return reshape_(a, shape=np.expand_dims(unwrap(a), axis).shape)


@implements(np.squeeze)
def squeeze(a: Any, axis: Any = None) -> Any:
    """`np.squeeze`."""
    return reshape_(a, shape=np.squeeze(unwrap(a), axis).shape)


@implements(np.broadcast_to)
def broadcast_to(array: Any, shape: Any, subok: bool = False) -> Any:
    """`np.broadcast_to`; the outcome is an array of its own, not a read-only view."""
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    np.broadcast_to(unwrap(array), shape)  # NumPy's error where the shapes do not go together
    return broadcast_to_(array, shape=shape)


@implements(np.broadcast_arrays)
def broadcast_arrays(*arrays: Any, subok: bool = False) -> tuple[Any, ...]:
    """`np.broadcast_arrays`."""
    shape = np.broadcast_shapes(*[shape_of(a) for a in arrays])
    return tuple(broadcast_to_(a, shape=shape) for a in arrays)


@implements(np.atleast_1d)
def atleast_1d(*arrays: Any) -> Any:
    """`np.atleast_1d`."""
    return at_least(np.atleast_1d, arrays)


@implements(np.atleast_2d)
def atleast_2d(*arrays: Any) -> Any:
    """`np.atleast_2d`."""
    return at_least(np.atleast_2d, arrays)


@implements(np.atleast_3d)
def atleast_3d(*arrays: Any) -> Any:
    """`np.atleast_3d`."""
    return at_least(np.atleast_3d, arrays)


def at_least(function: Any, arrays: tuple[Any, ...]) -> Any:
    """One reshaped array, or a tuple of them."""
    shaped = tuple(reshape_(a, shape=function(unwrap(a)).shape) for a in arrays)
    return shaped[0] if len(shaped) == 1 else shaped


@implements(np.flip)
def flip(m: Any, axis: Any = None) -> Any:
    """`np.flip`."""
    return flip_(m, axis=axis)


@implements(np.fliplr)
def fliplr(m: Any) -> Any:
    """`np.fliplr`."""
    return flip_(m, axis=1)


@implements(np.flipud)
def flipud(m: Any) -> Any:
    """`np.flipud`."""
    return flip_(m, axis=0)


@implements(np.rot90)
def rot90(m: Any, k: int = 1, axes: tuple[int, int] = (0, 1)) -> Any:
    """`np.rot90`: quarter turns from flips and swaps."""
    turns = k % 4
    if turns == 2:
        return flip_(flip_(m, axis=axes[0]), axis=axes[1])
    if turns == 1:
        return swapaxes_(flip_(m, axis=axes[1]), axis1=axes[0], axis2=axes[1])
    return flip_(swapaxes_(m, axis1=axes[0], axis2=axes[1]), axis=axes[1]) if turns else copy_(m)


@implements(np.roll)
def roll(a: Any, shift: Any, axis: Any = None) -> Any:
    """`np.roll`."""
    return roll_(a, shift=shift, axis=axis)


@implements(np.copy)
def copy(a: Any, order: Any = "K", subok: bool = False) -> Any:
    """`np.copy`."""
    return copy_(a)


@implements(np.repeat)
def repeat(a: Any, repeats: Any, axis: int | None = None) -> Any:
    """`np.repeat`: as it is for one count, by indices for a count of each entry."""
    if axis is None:
        a, axis = ravel(a), 0
    axis = place_of(axis, len(shape_of(a)))
    if np.size(repeats) == 1:
        return repeat_(a, repeats=int(np.asarray(repeats).item()), axis=axis)
    places = np.repeat(np.arange(shape_of(a)[axis]), repeats)
    return np.take(a, places, axis=axis)


@implements(np.tile)
def tile(A: Any, reps: Any) -> Any:
    """`np.tile`: a new axis before each, broadcast and merged."""
    reps = (reps,) if isinstance(reps, int) else tuple(reps)
    shape = shape_of(A)
    size = max(len(shape), len(reps))
    shape = (1,) * (size - len(shape)) + shape
    reps = (1,) * (size - len(reps)) + reps
    spread = reshape_(A, shape=tuple(n for m in shape for n in (1, m)))
    spread = broadcast_to_(
        spread, shape=tuple(n for r, m in zip(reps, shape, strict=True) for n in (r, m))
    )
    return reshape_(spread, shape=tuple(r * m for r, m in zip(reps, shape, strict=True)))


@implements(np.tril)
def tril(m: Any, k: int = 0) -> Any:
    """`np.tril`."""
    return tril_(square_of(m), k=k)


@implements(np.triu)
def triu(m: Any, k: int = 0) -> Any:
    """`np.triu`."""
    return triu_(square_of(m), k=k)


def square_of(m: Any) -> Any:
    """A vector as the matrix with that vector in every row, as `np.tril` takes it."""
    shape = shape_of(m)
    return broadcast_to_(m, shape=shape * 2) if len(shape) == 1 else m


@implements(np.full_like)
def full_like(
    a: Any,
    fill_value: Any,
    dtype: Any = None,
    order: Any = "K",
    subok: bool = True,
    shape: Any = None,
    **options: Any,
) -> Any:
    """`np.full_like`: with a Value to fill in, that Value broadcast."""
    if fill_value is unwrap(fill_value):
        return np.full_like(unwrap(a), fill_value, dtype, order, subok, shape, **options)
    kind = np.dtype(dtype) if dtype is not None else np.asarray(unwrap(a)).dtype
    return broadcast_to(fill_value.astype(kind), shape_of(a) if shape is None else shape)
