"""Lengths and angles of vectors; penalties on the size of parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, overload

import numpy as np

from autograd import Value, pytree, stop_gradient
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
    return np.sum(normalise(a, axis) * normalise(b, axis), axis=axis)


@overload
def normalise(x: Value, axis: int | tuple[int, ...] = -1, order: int = 2) -> Value: ...
@overload
def normalise(x: Any, axis: int | tuple[int, ...] = -1, order: int = 2) -> Any: ...
def normalise(x: Any, axis: int | tuple[int, ...] = -1, order: int = 2) -> Any:
    """x divided by its length along an axis: vectors of length 1.

    order  of the norm: 2 for `l2_norm`, 1 for `l1_norm`

    A vector of zeros stays, without a derivative.  Raises ValueError for another order.

    >>> normalise([3.0, 4.0]), normalise([1.0, -3.0], order=1)
    (array([0.6, 0.8]), array([ 0.25, -0.75]))
    """
    norms = {1: l1_norm, 2: l2_norm}
    if order not in norms:
        raise ValueError(f"normalise divides by the norm of order 1 or 2, got {order!r}")
    x = array(x)
    length = norms[order](x, axis=axis, keepdims=True)
    empty = length == 0
    return np.where(empty, np.zeros_like(x), x / np.where(empty, 1 + length, length))


def l1_penalty(parameters: Any, strength: float = 1.0) -> Any:
    """strength * (the sum of abs(w) over all parameters): added to a loss, it makes small weights
    zero.

    parameters  a Module, a list or dict of Values or arrays, or one of them

    The derivative at 0 is 0.  Raises ValueError where there is nothing to sum up.

    >>> from autograd import Value
    >>> float(l1_penalty([Value([3.0, -4.0]), Value(0.5)], 0.1).data)
    0.75
    """
    return strength * total(parameters, lambda w: np.sum(abs(w)))


def l2_penalty(parameters: Any, strength: float = 1.0) -> Any:
    """strength * (the sum of abs(w) ** 2 over all parameters): added to a loss, it keeps weights
    small.  Its gradient is that of a `weight_decay` of 2 * strength in an optimiser.

    parameters  a Module, a list or dict of Values or arrays, or one of them

    >>> from autograd import Value
    >>> float(l2_penalty([Value([3.0, -4.0])], 0.1).data)
    2.5
    """
    return strength * total(parameters, lambda w: np.sum(abs(w) ** 2))


def total(parameters: Any, of: Callable[[Any], Any]) -> Any:
    """The sum of a function over all leaves of a tree."""
    leaves, _ = pytree.flatten(parameters)
    if not leaves:
        raise ValueError("there are no parameters to penalise")
    found = of(leaves[0])
    for leaf in leaves[1:]:
        found = found + of(leaf)
    return found


def array(x: Any) -> Any:
    """An array or a Value that holds numbers of some shape."""
    x = entries(x)
    return (
        x
        if isinstance(x, Value) or hasattr(x, "__array_function__")
        else np.asarray(x, dtype=float)
    )
