"""Cotangents and tangents in the shape and dtype of what they belong to."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine import kernels
from autograd.engine.arrays import HIDDEN_AXES, is_foreign, ndim_of, shape_of, size_of
from autograd.engine.conversion import freeze
from autograd.engine.node import Node, Recorder
from autograd.engine.outputs import OutputTuple
from autograd.engine.primitive import RECORDED_NUMBERS, Primitive, declare

UNBROADCAST, ASTYPE = declare(kernels.unbroadcast), declare(kernels.astype)
REAL, BROADCAST = declare(np.real), declare(np.broadcast_to)


def unwrap(x: Any) -> Any:
    """The data of a Value, the numbers of an array into which Values can be written; anything else
    as it is."""
    return x.data if isinstance(x, Recorder) else x


def dtype_of(x: Any) -> Any:
    """The dtype of a number or an array, which need not be NumPy's."""
    return x.dtype if hasattr(x, "dtype") else np.asarray(x).dtype


def real_dtype(x: Any) -> Any:
    """The dtype of the real parts and of the absolute values of x."""
    dtype = dtype_of(x)
    return np.finfo(dtype).dtype if dtype.kind == "c" else dtype


def stand_in(x: Any) -> Any:
    """Zeros in the shape and dtype of x, one entry in memory, to ask NumPy if it accepts a call
    and what dtype comes out, without a look at the entries; a Python number as it is.

    >>> stand_in(np.ones((2, 3), np.float32)).shape
    (2, 3)
    """
    x = unwrap(x)
    if not hasattr(x, "dtype"):
        return x
    return np.broadcast_to(np.zeros((), x.dtype), x.shape)


def hides_axis(x: Any) -> bool:
    """Whether an array, or the data of a Value, has a hidden axis."""
    return type(unwrap(x)) in HIDDEN_AXES


def match_primal(c: Any, primal: Any, op: Primitive) -> Any:
    """A contribution in the shape and dtype of the data that it belongs to: summed over broadcast
    axes, the real part for real data, cast to the dtype.  Raises ValueError where the shape is
    wrong."""
    if type(c) is np.ndarray and type(primal) is np.ndarray:
        if c.shape != primal.shape:
            if not op.broadcasts:
                raise wrong_shape(op, c, primal)
            if c.ndim >= primal.ndim:
                c = kernels.unbroadcast(c, primal.shape)
            if c.shape != primal.shape:
                c = broadcast(c, primal.shape)
        kind = primal.dtype.kind
        return c if c.dtype is primal.dtype or kind not in "fc" else cast(c, primal.dtype)
    if type(c) in RECORDED_NUMBERS and type(primal) is type(c) and c.kind is primal.kind:
        return c
    plain = unwrap(c)
    if HIDDEN_AXES and (type(plain) in HIDDEN_AXES or type(primal) in HIDDEN_AXES):
        if isinstance(primal, tuple):
            return c
        kind = type(plain) if type(plain) in HIDDEN_AXES else type(primal)
        c = HIDDEN_AXES[kind].match(c, primal)
        same = type(c) is kind and c.shape == getattr(primal, "shape", None)
        if same and c.dtype is primal.dtype:
            return c
        plain = unwrap(c)
    if type(primal) is float or type(getattr(primal, "__number__", None)) is float:
        return match_number(c, plain, op, primal)
    if isinstance(primal, tuple):
        return c
    shape = shape_of(primal)
    if shape_of(plain) != shape:
        if not op.broadcasts:
            raise wrong_shape(op, plain, primal)
        if ndim_of(plain) >= len(shape):
            c = UNBROADCAST(c, shape=shape)
        c = broadcast(c, shape)
    dtype = getattr(primal, "dtype", None)
    if dtype is None or dtype.kind not in "fc" or getattr(plain, "dtype", None) is dtype:
        return c  # integers that were assigned to v.data keep a gradient in floats
    return cast(c, dtype)


def match_number(c: Any, plain: Any, op: Primitive, primal: Any) -> Any:
    """`match_primal` for a Python float, or what stands for one while a function is recorded."""
    if ndim_of(plain):
        if not op.broadcasts:
            raise wrong_shape(op, plain, 0.0)
        c = UNBROADCAST(c, shape=())
    if np.iscomplexobj(plain):
        c = REAL(c)
    if isinstance(c, Node) or type(c) in HIDDEN_AXES:
        return c
    if type(primal) is not float:
        return primal.to_number(c)
    return c if is_foreign(c) else float(c)


def wrong_shape(op: Primitive, plain: Any, primal: Any) -> ValueError:
    """The error for a rule that returns a shape of its own."""
    return ValueError(
        f"the rule of {op.name} returned shape {shape_of(plain)} where {shape_of(primal)} belongs"
    )


def broadcast(c: Any, shape: tuple[int, ...]) -> Any:
    """c broadcast to a shape, where it does not have it yet."""
    return c if shape_of(unwrap(c)) == shape else BROADCAST(c, shape=shape)


def cast(c: Any, dtype: Any) -> Any:
    """c in another dtype; the real part where a complex c meets real data."""
    if dtype.kind != "c" and np.iscomplexobj(unwrap(c)):
        c = REAL(c)
    return c if getattr(unwrap(c), "dtype", None) == dtype else ASTYPE(c, dtype=dtype)


def zero_of(data: Any) -> Any:
    """Zero in the shape and dtype of the data."""
    if isinstance(data, tuple):
        return OutputTuple([None] * len(data))
    if type(data) is np.ndarray:
        return np.zeros(data.shape, data.dtype)
    if isinstance(data, np.generic) or not hasattr(data, "shape"):
        return type(data)(0)
    if hasattr(data, "constant_like"):  # while a function is recorded
        return data.constant_like(0)
    return np.zeros_like(data)


def one_of(data: Any, name: str = "this one") -> Any:
    """The cotangent to start from: 1, for real data of one entry; else ValueError about `name`."""
    if type(data) is float or isinstance(data, np.floating):
        return type(data)(1)
    if size_of(data) != 1:
        raise ValueError(
            f"backward needs a Value of one entry, {name} has shape {shape_of(data)}: "
            "call .sum() first, or pass backward(seed=...) in its shape"
        )
    if np.iscomplexobj(data):
        raise ValueError(
            f"backward needs a real Value, {name} is complex: take np.abs(v), v.real or v.imag "
            "first, or pass backward(seed=...)"
        )
    if hasattr(data, "constant_like"):  # while a function is recorded
        return data.constant_like(1)
    return np.ones_like(data) if hasattr(data, "shape") else type(data)(1)


def own_copy(x: Any) -> Any:
    """An array as a copy: what goes into a rule that a user wrote, and what comes out of it, so
    that it may change its cotangent in place and return an array that it keeps."""
    return x.copy() if isinstance(x, np.ndarray) else x


def copy_if_aliased(x: Any, taken: set[int]) -> Any:
    """x in memory of its own: an array that is a view, or whose id is taken, is copied, so that
    whoever changes a gradient in place changes nothing else.  Its id is taken from then on."""
    if isinstance(x, np.ndarray):
        if x.base is not None or id(x) in taken:
            x = x.copy("K")
        taken.add(id(x))
    elif hasattr(x, "__copy_if_aliased__"):  # while a function is recorded
        x = x.__copy_if_aliased__(taken)
    return x


def settle(g: Any, data: Any, taken: set[int]) -> Any:
    """A finished gradient or tangent, as it is handed out: in memory of its own, and in the byte
    order of the data, which sums lose."""
    if type(g) is np.ndarray and type(data) is np.ndarray and g.dtype is data.dtype:
        if g.base is not None or id(g) in taken:  # `copy_if_aliased`, without a call
            g = g.copy("K")
        taken.add(id(g))
        return g
    dtype = getattr(data, "dtype", None)
    if dtype is not None and dtype.kind in "fc" and not dtype.isnative:
        g = cast(g, dtype) if isinstance(g, Node) else np.asarray(g, dtype)
    return copy_if_aliased(g, taken)


def seed_of(seed: Any, data: Any, what: str) -> Any:
    """A given cotangent or tangent, checked: numbers, in the shape of the data, made its dtype."""
    if type(seed) is float and type(data) is float:
        return seed
    seed = freeze(seed)
    plain = unwrap(seed)
    if not is_foreign(plain):
        plain = np.asarray(plain)
    if plain.dtype.kind not in "fciub":
        raise TypeError(f"{what} must be a number or an array of numbers, got {unwrap(seed)!r}")
    if plain.dtype.kind == "c" and not np.iscomplexobj(data):
        raise TypeError(f"{what} is complex, the number that it belongs to is real")
    if plain.shape != shape_of(data):
        if plain.ndim:
            raise ValueError(f"{what} has shape {plain.shape}, the Value has {shape_of(data)}")
        seed = plain = BROADCAST(seed if isinstance(seed, Node) else plain, shape=shape_of(data))
    kept = isinstance(seed, Node) or is_foreign(plain)
    if hasattr(data, "__number__"):
        return seed if isinstance(seed, Node) else data.to_number(plain)
    if type(data) in (float, int):
        return REAL(seed) if kept else float(np.real(plain.item()))
    if type(data) is complex:
        return seed if kept else complex(plain.item())
    return cast(seed if isinstance(seed, Node) else plain[()], data.dtype)
