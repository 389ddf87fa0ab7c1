"""Functions of the user's, applied to parts of an array: along an axis, over axes, where a
condition holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.engine.cotangents import unwrap
from autograd.engine.dispatch import implements
from autograd.rules.operands import cast, operand
from autograd.rules.selection import where_row
from autograd.rules.shape import place_of, shape_of


@implements(np.apply_along_axis)
def apply_along_axis(
    func1d: Callable[..., Any], axis: int, arr: Any, *args: Any, **kwargs: Any
) -> Any:
    """`np.apply_along_axis`: the function gets Values of one dimension, and may return arrays of
    any."""
    arr = operand(arr)
    axis = place_of(axis, arr.ndim)
    rows = np.moveaxis(arr, axis, -1)
    outer = shape_of(rows)[:-1]
    if 0 in outer:
        raise ValueError("np.apply_along_axis needs entries along the other axes")
    found = [operand(func1d(rows[i], *args, **kwargs)) for i in np.ndindex(*outer)]
    y = np.reshape(np.stack(found), (*outer, *shape_of(found[0])))
    ndim = found[0].ndim
    last = range(len(outer), len(outer) + ndim)
    return np.moveaxis(y, list(last), list(range(axis, axis + ndim)))


@implements(np.apply_over_axes)
def apply_over_axes(func: Callable[..., Any], a: Any, axes: Any) -> Any:
    """`np.apply_over_axes`: the function is applied over one axis after another, each of which it
    may keep or remove."""
    y, ndim = operand(a), operand(a).ndim
    for axis in np.atleast_1d(axes):
        place = int(axis) + ndim if axis < 0 else int(axis)
        found = func(y, place)
        if found.ndim != y.ndim:
            found = np.expand_dims(found, place)
        if found.ndim != y.ndim:
            raise ValueError("np.apply_over_axes needs a function that removes one axis or none")
        y = found
    return y


@implements(np.piecewise)
def piecewise(x: Any, condlist: Any, funclist: Any, *args: Any, **kw: Any) -> Any:
    """`np.piecewise`: each function of the entries of x for which its condition holds; of several
    conditions the last, of none the function that is left over, or 0."""
    x = operand(x)
    conditions = conditions_of(x, condlist)
    if len(funclist) == len(conditions) + 1:
        conditions = [*conditions, ~np.logical_or.reduce(conditions)]
    if len(funclist) != len(conditions):
        n = len(conditions)
        raise ValueError(f"np.piecewise takes {n} or {n + 1} functions, got {len(funclist)}")
    y = where_row(np.zeros(shape_of(x), bool), x, 0)  # zeros, and a Value if x is one
    for condition, func in zip(conditions, funclist, strict=True):
        if callable(func) and not condition.any():
            continue
        values = func(x[condition], *args, **kw) if callable(func) else func
        part = spread(operand(values), condition, shape_of(x))
        y = where_row(
            condition.reshape(condition.shape + (1,) * (x.ndim - condition.ndim)), part, y
        )
    return cast(y, x.dtype)


def conditions_of(x: Any, condlist: Any) -> list[Any]:
    """The plain conditions, each in the shape of x or of its first axes."""
    condlist = unwrap(condlist)
    if np.isscalar(condlist) or (
        not isinstance(condlist[0], list | tuple | np.ndarray) and x.ndim != 0
    ):
        condlist = [condlist]
    conditions = list(np.asarray(condlist, dtype=bool))
    for condition in conditions:
        if condition.shape != shape_of(x)[: condition.ndim]:
            raise IndexError(
                f"np.piecewise: a condition of shape {condition.shape} for x of {shape_of(x)}"
            )
    return conditions


def spread(values: Any, condition: Any, shape: tuple[int, ...]) -> Any:
    """Values for the entries where a condition holds, at their places in an array of this shape;
    elsewhere any of them."""
    count = int(np.sum(condition))
    if values.ndim == 0 or not count:
        return np.reshape(values, ()) if values.size == 1 else 0
    values = np.broadcast_to(values, (count, *shape[condition.ndim :]))
    return values[np.maximum(np.cumsum(condition).reshape(condition.shape) - 1, 0)]
