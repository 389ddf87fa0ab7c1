"""Lengths and angles of vectors."""

from __future__ import annotations

from typing import Any, overload

import numpy as np

from autograd import Value, stop_gradient
from nn.activations import entries

Axis = int | tuple[int, ...] | None


@overload
def l1_norm(x: Value, axis: Axis = None, keepdims: bool = False) -> Value: ...
@overload
def l1_norm(x: Any, axis: Axis = None, keepdims: bool = False) -> Any: ...
def l1_norm(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The sum of abs(x), over all entries or along an axis; the derivative at 0 is 0.

    >>> float(l1_norm([3.0, -4.0]))
    7.0
    """
    return np.sum(abs(array(x)), axis=axis, keepdims=keepdims)


@overload
def l2_norm(x: Value, axis: Axis = None, keepdims: bool = False) -> Value: ...
@overload
def l2_norm(x: Any, axis: Axis = None, keepdims: bool = False) -> Any: ...
def l2_norm(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The square root of the sum of squares, over all entries or along an axis: the length.

    For complex entries these are the squares of abs(x).  The derivative is x / l2_norm(x) (its
    conjugate where x is complex), and 0 for a vector of zeros.  Entries are scaled by a power of
    two, so that squares neither overflow nor vanish.

    >>> float(l2_norm([3.0, 4.0])), float(l2_norm([2.0**900, 0.0])) == 2.0**900
    (5.0, True)
    """
    x = array(x)
    if x.dtype.kind == "c":
        x = abs(x)
    scale = np.max(abs(stop_gradient(x)), axis=axis, keepdims=True, initial=0)
    scale = np.where((scale > 0) & np.isfinite(scale), scale, np.ones_like(scale))
    scale = np.ldexp(np.ones_like(scale), np.frexp(scale)[1] - 1)
    z = x / scale
    total = np.sum(z * z, axis=axis, keepdims=True)
    empty = total == 0
    y = np.where(empty, np.zeros_like(total), np.sqrt(np.where(empty, 1 + total, total))) * scale
    if keepdims:
        return y
    return np.reshape(y, ()) if axis is None else np.squeeze(y, axis=axis)


@overload
def cosine_similarity(a: Value, b: Any, axis: int = -1) -> Value: ...
@overload
def cosine_similarity(a: Any, b: Value, axis: int = -1) -> Value: ...
@overload
def cosine_similarity(a: Any, b: Any, axis: int = -1) -> Any: ...
def cosine_similarity(a: Any, b: Any, axis: int = -1) -> Any:
    """a . b / (|a| |b|) along an axis: 1 for one direction, 0 at right angles, -1 for opposite.

    A vector of zeros has no direction: the similarity with it is 0, and so is its derivative.
    Raises ValueError where the lengths along the axis differ.

    >>> float(cosine_similarity([1.0, 0.0], [2.0, 2.0]))  # doctest: +ELLIPSIS
    0.7071067811865...
    """
    a, b = array(a), array(b)
    if not a.ndim or not b.ndim or a.shape[axis] != b.shape[axis]:
        raise ValueError(
            f"cosine_similarity needs vectors of one length, got shapes {a.shape} and {b.shape} "
            f"along axis {axis}"
        )
    return np.sum(unit(a, axis) * unit(b, axis), axis=axis)


def unit(x: Any, axis: int) -> Any:
    """x divided by its length; zeros, without a derivative, where the length is zero."""
    length = l2_norm(x, axis=axis, keepdims=True)
    empty = length == 0
    return np.where(empty, np.zeros_like(x), x / np.where(empty, 1 + length, length))


def array(x: Any) -> Any:
    """An array or a Value that holds numbers of some shape."""
    x = entries(x)
    return (
        x
        if isinstance(x, Value) or hasattr(x, "__array_function__")
        else np.asarray(x, dtype=float)
    )
