"""Shape: the entries stay, their places change."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.engine import kernels
from autograd.engine.conversion import join_values
from autograd.engine.cotangents import unwrap
from autograd.engine.dispatch import implements
from autograd.engine.primitive import identity_vjp, linear


def place_of(axis: int, ndim: int) -> int:
    """An axis counted from the front; AxisError where there is none such."""
    return normalize_axis_index(axis, ndim)


def static_shape(shape: Any) -> tuple[int, ...]:
    """A shape as a tuple of ints, from an int, NumPy integers or any sequence of them."""
    if isinstance(shape, int | np.integer):
        return (operator.index(shape),)
    return tuple([operator.index(n) for n in shape])


def static_axis(axis: Any) -> Any:
    """An axis, None, or a tuple of axes from any sequence of them."""
    if axis is None or isinstance(axis, int | np.integer):
        return axis
    return tuple(axis)


def shape_of(x: Any) -> tuple[int, ...]:
    """The shape of a Value's data, an array or a number."""
    return np.shape(unwrap(x))


def inverse(axes: Any, ndim: int) -> Any:
    """The permutation that undoes `axes`."""
    return None if axes is None else tuple(int(i) for i in np.argsort([a % ndim for a in axes]))


def minus(shift: Any) -> Any:
    """A shift the other way, or a tuple of them."""
    return tuple(-n for n in shift) if isinstance(shift, tuple) else -shift


def ungroup(g: Any, x: Any, axis: int, count: int) -> Any:
    """g with `axis`, of length n * count, as two axes n and count; summed over the second."""
    shape = shape_of(x)
    split = (*shape[:axis], shape[axis], count, *shape[axis + 1 :])
    return np.sum(reshape_row(g, shape=split), axis=axis + 1)


reshape_row = linear(
    np.reshape,
    lambda g, y, x, shape, order="C": reshape_row(g, shape=shape_of(x), order=order),
    name="reshape",
    role="shape",
)
transpose_row = linear(
    np.transpose,
    lambda g, y, x, axes=None: transpose_row(g, axes=inverse(axes, g.ndim)),
    name="transpose",
    role="shape",
)
swapaxes_row = linear(
    np.swapaxes,
    lambda g, y, x, axis1, axis2: swapaxes_row(g, axis1=axis1, axis2=axis2),
    name="swapaxes",
    role="shape",
)
matrix_transpose = linear(
    np.matrix_transpose, lambda g, y, x: matrix_transpose(g), name="mT", role="shape"
)
broadcast_to_row = linear(
    np.broadcast_to,
    lambda g, y, x, shape: unbroadcast(g, shape=shape_of(x)),
    computed_by=kernels.broadcast_to,
    name="broadcast_to",
    role="shape",
)
unbroadcast = linear(
    kernels.unbroadcast, lambda g, y, x, shape: broadcast_to_row(g, shape=shape_of(x))
)
flip_row = linear(
    np.flip, lambda g, y, x, axis=None: flip_row(g, axis=axis), name="flip", role="shape"
)
roll_row = linear(
    np.roll,
    lambda g, y, x, shift, axis=None: roll_row(g, shift=minus(shift), axis=axis),
    name="roll",
    role="shape",
)
astype = linear(kernels.astype, identity_vjp)
copy_row = linear(np.copy, identity_vjp, computed_by=kernels.copy, name="copy", role="shape")
repeat_row = linear(
    np.repeat,
    lambda g, y, x, repeats, axis: ungroup(g, x, axis, repeats),
    name="repeat",
    role="shape",
)
tril_row = linear(np.tril, lambda g, y, x, k=0: tril_row(g, k=k), name="tril", may_discard_nan=True)
triu_row = linear(np.triu, lambda g, y, x, k=0: triu_row(g, k=k), name="triu", may_discard_nan=True)


@implements(np.reshape)
def reshape(a: Any, /, shape: Any = None, order: Any = "C", *, copy: Any = None) -> Any:
    """`np.reshape`; with copy=False, ValueError where NumPy would have to copy."""
    if copy is not None:
        np.reshape(unwrap(a), shape, order=order, copy=copy)
    return reshape_row(a, shape=static_shape(shape), order=fixed_order(order, a))


def fixed_order(order: str, a: Any) -> str:
    """The order "C" or "F" that "A" means for an array: its gradient may be laid out otherwise."""
    if order != "A":
        return order
    flags = getattr(unwrap(a), "flags", None)
    return "F" if flags is not None and flags.f_contiguous and not flags.c_contiguous else "C"


@implements(np.ravel)
def ravel(a: Any, order: Any = "C") -> Any:
    """`np.ravel`."""
    if order == "K":
        return in_memory_order(a)
    return reshape_row(a, shape=(-1,), order=fixed_order(order, a))


def in_memory_order(a: Any) -> Any:
    """The entries in the order in which they lie in memory: that of places numbered in an array
    of the same layout."""
    data = unwrap(a)
    row = reshape_row(a, shape=(-1,), order="C")
    if not hasattr(data, "flags") or data.flags.c_contiguous:
        return row
    places = np.empty_like(data, dtype=np.intp, order="K")
    places[...] = np.arange(data.size).reshape(data.shape)
    return row[places.ravel(order="K")]


@implements(np.transpose, np.permute_dims)
def transpose(a: Any, axes: Any = None) -> Any:
    """`np.transpose`."""
    return transpose_row(a, axes=static_axis(axes))


@implements(np.swapaxes)
def swapaxes(a: Any, axis1: int, axis2: int) -> Any:
    """`np.swapaxes`."""
    return swapaxes_row(a, axis1=axis1, axis2=axis2)


@implements(np.moveaxis)
def moveaxis(a: Any, source: Any, destination: Any) -> Any:
    """`np.moveaxis`."""
    return transpose_row(a, axes=order_of(np.moveaxis, a, source, destination))


@implements(np.rollaxis)
def rollaxis(a: Any, axis: int, start: int = 0) -> Any:
    """`np.rollaxis`."""
    return transpose_row(a, axes=order_of(np.rollaxis, a, axis, start))


def order_of(function: Any, a: Any, *args: Any) -> tuple[int, ...]:
    """The permutation that a NumPy function makes of the axes, read off an array whose lengths
    number its axes (the first is 0: it has no entries)."""
    return tuple(function(np.empty(range(len(shape_of(a)))), *args).shape)


@implements(np.expand_dims)
def expand_dims(a: Any, axis: Any) -> Any:
    """`np.expand_dims`."""
    return reshape_row(a, shape=np.expand_dims(unwrap(a), axis).shape)


@implements(np.squeeze)
def squeeze(a: Any, axis: Any = None) -> Any:
    """`np.squeeze`."""
    return reshape_row(a, shape=np.squeeze(unwrap(a), axis).shape)


@implements(np.broadcast_to)
def broadcast_to(array: Any, shape: Any, subok: bool = False) -> Any:
    """`np.broadcast_to`; the output is an array of its own, not a read-only view."""
    shape = static_shape(shape)
    np.broadcast_to(unwrap(array), shape)  # NumPy's error where the shapes do not go together
    return broadcast_to_row(array, shape=shape)


@implements(np.broadcast_arrays)
def broadcast_arrays(*arrays: Any, subok: bool = False) -> tuple[Any, ...]:
    """`np.broadcast_arrays`."""
    arrays = tuple([join_values(a) for a in arrays])
    shape = np.broadcast_shapes(*[shape_of(a) for a in arrays])
    return tuple(broadcast_to_row(a, shape=shape) for a in arrays)


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
    arrays = tuple([join_values(a) for a in arrays])
    shaped = tuple([reshape_row(a, shape=function(unwrap(a)).shape) for a in arrays])
    return shaped[0] if len(shaped) == 1 else shaped


@implements(np.flip)
def flip(m: Any, axis: Any = None) -> Any:
    """`np.flip`."""
    return flip_row(m, axis=static_axis(axis))


@implements(np.fliplr)
def fliplr(m: Any) -> Any:
    """`np.fliplr`."""
    return flip_row(m, axis=1)


@implements(np.flipud)
def flipud(m: Any) -> Any:
    """`np.flipud`."""
    return flip_row(m, axis=0)


@implements(np.rot90)
def rot90(m: Any, k: int = 1, axes: tuple[int, int] = (0, 1)) -> Any:
    """`np.rot90`: quarter turns from flips and swaps."""
    np.rot90(unwrap(m), k, axes)  # NumPy's error where the axes are no two
    turns = k % 4
    if turns == 2:
        return flip_row(flip_row(m, axis=axes[0]), axis=axes[1])
    if turns == 1:
        return swapaxes_row(flip_row(m, axis=axes[1]), axis1=axes[0], axis2=axes[1])
    return (
        flip_row(swapaxes_row(m, axis1=axes[0], axis2=axes[1]), axis=axes[1])
        if turns
        else copy_row(m)
    )


@implements(np.roll)
def roll(a: Any, shift: Any, axis: Any = None) -> Any:
    """`np.roll`."""
    return roll_row(a, shift=whole(shift), axis=static_axis(axis))


def whole(shift: Any) -> Any:
    """A shift as an int, or a tuple of ints."""
    if np.ndim(shift) == 0:
        return operator.index(np.asarray(shift)[()])
    return tuple([operator.index(n) for n in shift])


@implements(np.copy)
def copy(a: Any, order: Any = "K", subok: bool = False) -> Any:
    """`np.copy`."""
    return copy_row(a) if order == "K" else copy_row(a, order=order)


@implements(np.repeat)
def repeat(a: Any, repeats: Any, axis: int | None = None) -> Any:
    """`np.repeat`: as it is for one count, by indices for a count of each entry."""
    if not shape_of(a):  # NumPy takes a number for an array of one entry
        a = reshape_row(a, shape=(1,))
    if axis is None:
        a, axis = ravel(a), 0
    axis = place_of(axis, len(shape_of(a)))
    if np.size(repeats) == 1:
        return repeat_row(a, repeats=int(np.asarray(repeats).item()), axis=axis)
    places = np.repeat(np.arange(shape_of(a)[axis]), repeats)
    return np.take(a, places, axis=axis)


@implements(np.tile)
def tile(A: Any, reps: Any) -> Any:
    """`np.tile`: a new axis before each, broadcast and merged."""
    reps = static_shape(reps)
    shape = shape_of(A)
    size = max(len(shape), len(reps))
    shape = (1,) * (size - len(shape)) + shape
    reps = (1,) * (size - len(reps)) + reps
    grouped = reshape_row(A, shape=tuple(n for m in shape for n in (1, m)))
    grouped = broadcast_to_row(
        grouped, shape=tuple(n for r, m in zip(reps, shape, strict=True) for n in (r, m))
    )
    return reshape_row(grouped, shape=tuple(r * m for r, m in zip(reps, shape, strict=True)))


@implements(np.tril)
def tril(m: Any, k: int = 0) -> Any:
    """`np.tril`."""
    return tril_row(square_of(m), k=k)


@implements(np.triu)
def triu(m: Any, k: int = 0) -> Any:
    """`np.triu`."""
    return triu_row(square_of(m), k=k)


def square_of(m: Any) -> Any:
    """A vector as the matrix with that vector in every row, as `np.tril` takes it."""
    shape = shape_of(m)
    return broadcast_to_row(m, shape=shape * 2) if len(shape) == 1 else m


@implements(np.astype)
def astype_function(x: Any, dtype: Any, /, *, copy: bool = True, device: Any = None) -> Any:
    """`np.astype`."""
    if device not in (None, "cpu"):
        raise ValueError(f"np.astype: Values are on the device 'cpu', not on {device!r}")
    return x.astype(dtype, copy=copy)


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
    fill_value = join_values(fill_value)
    if fill_value is unwrap(fill_value):
        return np.full_like(unwrap(a), fill_value, dtype, order, subok, shape, **options)
    kind = np.dtype(dtype) if dtype is not None else np.asarray(unwrap(a)).dtype
    return broadcast_to(fill_value.astype(kind), shape_of(a) if shape is None else shape)
