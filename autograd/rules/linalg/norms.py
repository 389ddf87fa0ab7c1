"""Norms of vectors and matrices, and condition numbers.

Where a norm has a kink its derivative is the shortest subgradient that the formula gives, 0 at 0:
entries that are 0 do not count in sum(|x|), singular values that are 0 do not count in the nuclear
norm, and entries (or singular values) that tie share the gradient of a maximum equally.
"""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from autograd.engine.arrays import usually
from autograd.engine.cotangents import unwrap
from autograd.engine.dispatch import implements
from autograd.engine.forward import derivative_along
from autograd.engine.node import Node
from autograd.engine.primitive import general
from autograd.engine.reverse import GraphNeededError
from autograd.rules.arithmetic import absolute, sign_row
from autograd.rules.linalg.determinants import det
from autograd.rules.linalg.gauge import in_forward_mode
from autograd.rules.linalg.matrices import conjugate, identity_like, rows_and_columns
from autograd.rules.linalg.singular import lengths, svdvals
from autograd.rules.linalg.solving import inv
from autograd.rules.reductions import expand
from autograd.rules.shape import place_of, shape_of

Axis = Any


def length_array(x: Any, ord: float, axis: Axis = None, keepdims: bool = False) -> Any:
    """(sum |x| ** ord) ** (1 / ord) over an axis, several, or all."""
    if ord == 2:
        squares = (
            np.square(np.real(x)) + np.square(np.imag(x)) if np.iscomplexobj(x) else np.square(x)
        )
        return np.sqrt(np.sum(squares, axis=axis, keepdims=keepdims))
    powers = np.sum(np.abs(x) ** ord, axis=axis, keepdims=keepdims)
    return powers ** np.reciprocal(ord, dtype=powers.dtype)


def length_rule(
    g: Any, y: Any, x: Any, ord: float, axis: Axis = None, keepdims: bool = False
) -> Any:
    """dy = sum of (abs(x) / y) ** (ord - 1) * d abs(x); 0 at entries that are 0."""
    slope = slope_at_zero(g, y) if ord == 2 else None
    g, y = expand(g, x, axis, keepdims), expand(y, x, axis, keepdims)
    size = np.abs(x)
    zero = (unwrap(size) == 0) | (unwrap(y) == 0)
    share = size / np.where(zero, 1, y)
    if ord == 2:
        y = g * np.where(zero, 0, conjugate(x) / np.where(zero, 1, y))
        return y if slope is None else y + expand(slope, x, axis, keepdims) * conjugate(x)
    sign = conjugate(x) / np.where(zero, 1, size)
    return g * np.where(zero, 0, sign * np.where(zero, 1, share) ** (ord - 1))


def slope_at_zero(g: Any, y: Any) -> Any:
    """The limit of g / |x| where |x| is 0: the derivative of the cotangent, which vanishes there
    with a smooth function of |x|**2; None where no derivative of higher order asks for it."""
    zero = unwrap(y) == 0
    if not isinstance(y, Node) or usually(~np.any(zero)):
        return None
    if in_forward_mode((g,)):
        raise GraphNeededError
    return np.where(zero, derivative_along(g, y, zero * np.ones_like(unwrap(y))), 0)


length = general(length_array, length_rule, name="norm", role="reduction")


def vector(x: Any, ord: Any, axis: Axis, keepdims: bool) -> Any:
    """The norm of vectors that lie along one axis (or several, or all)."""
    if isinstance(ord, str):
        raise ValueError(f"Invalid norm order '{ord}' for vectors")
    if ord is None or ord == 2:
        return length(x, ord=2, axis=axis, keepdims=keepdims)
    size = absolute(x)
    if ord == math.inf:
        return np.max(size, axis=axis, keepdims=keepdims)
    if ord == -math.inf:
        return np.min(size, axis=axis, keepdims=keepdims)
    if ord == 0:
        return np.sum(sign_row(size), axis=axis, keepdims=keepdims)
    if ord == 1:
        return np.sum(size, axis=axis, keepdims=keepdims)
    return length(x, ord=ord, axis=axis, keepdims=keepdims)


def matrix(x: Any, ord: Any, axis: tuple[int, int], keepdims: bool) -> Any:
    """The norm of matrices whose rows and columns lie along two axes."""
    rows, columns = (place_of(i, len(shape_of(x))) for i in axis)
    if rows == columns:
        raise ValueError("Duplicate axes given.")
    if ord in (None, "fro", "f"):
        return length(x, ord=2, axis=(rows, columns), keepdims=keepdims)
    if ord in (1, -1, math.inf, -math.inf):
        summed, reduced = (rows, columns) if abs(ord) == 1 else (columns, rows)
        sums = np.sum(absolute(x), axis=summed, keepdims=True)
        y = (np.max if ord > 0 else np.min)(sums, axis=reduced, keepdims=True)
        return y if keepdims else np.squeeze(y, axis=(rows, columns))
    if ord in (2, -2, "nuc"):
        s = lengths(np.moveaxis(x, (rows, columns), (-2, -1)))
        reduce = np.sum if ord == "nuc" else np.max if ord == 2 else np.min
        y = reduce(s, axis=-1)
        return np.expand_dims(y, (rows, columns)) if keepdims else y
    raise ValueError("Invalid norm order for matrices.")


@implements(np.linalg.norm)
def norm(x: Any, ord: Any = None, axis: Axis = None, keepdims: bool = False) -> Any:
    """`np.linalg.norm`, of vectors and of matrices, with every `ord`."""
    count, keepdims = len(shape_of(x)), bool(keepdims)
    if axis is None:
        if ord is None or (ord in ("f", "fro") and count == 2) or (ord == 2 and count == 1):
            return length(x, ord=2, axis=None, keepdims=keepdims)
        axes = tuple(range(count))
    else:
        axes = axis_tuple(axis)
    if len(axes) == 1:
        return vector(x, ord, axes[0], keepdims)
    if len(axes) == 2:
        return matrix(x, ord, (axes[0], axes[1]), keepdims)
    raise ValueError("Improper number of dimensions to norm.")


def axis_tuple(axis: Axis) -> tuple[int, ...]:
    """One axis or several, as integers."""
    if isinstance(axis, tuple):
        return tuple(map(operator.index, axis))
    try:
        return (operator.index(axis),)
    except TypeError as error:
        raise TypeError("'axis' must be None, an integer or a tuple of integers") from error


@implements(np.linalg.vector_norm)
def vector_norm(x: Any, /, *, axis: Axis = None, keepdims: bool = False, ord: Any = 2) -> Any:
    """`np.linalg.vector_norm`: over one axis, several, or all."""
    axes = None if axis is None else tuple(place_of(i, len(shape_of(x))) for i in axis_tuple(axis))
    return vector(x, ord, axes, bool(keepdims))


@implements(np.linalg.matrix_norm)
def matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:
    """`np.linalg.matrix_norm`: over the last two axes."""
    return matrix(x, ord, (-2, -1), bool(keepdims))


@implements(np.linalg.cond)
def cond(x: Any, p: Any = None) -> Any:
    """`np.linalg.cond`: the largest over the smallest singular value, or |x| |x^-1| in another
    norm; at a singular matrix inf, and so is the derivative, or NaN."""
    value = np.linalg.cond(unwrap(x), p)
    with np.errstate(all="ignore"):
        if p is None or p in (2, -2):
            s = svdvals(x)
            top, bottom = (s[..., 0], s[..., -1]) if p != -2 else (s[..., -1], s[..., 0])
            return np.where(unwrap(top) == 0, 1 / bottom, top / bottom)
        singular = np.isinf(value)
        if usually(~np.any(singular)):
            return norm(x, p, (-2, -1)) * norm(inv(x), p, (-2, -1))
        identity = identity_like(x, rows_and_columns(x)[0])
        regular = np.where(np.expand_dims(singular, (-2, -1)), identity, x)
        y = norm(regular, p, (-2, -1)) * norm(inv(regular), p, (-2, -1))
        return np.where(singular, 1 / np.abs(det(x)), y)
