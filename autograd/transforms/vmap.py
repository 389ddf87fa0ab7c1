"""`vmap`: a function of one example becomes one of many, computed together.

The function runs once, on arrays whose first axis is hidden (`autograd.arrays.batched`): what NumPy
does to one example it does to all of them.  Values stay outside: the hidden axis is in their data,
so that every derivative inside the function is that of one example, and once `vmap` has ended the
walks sum over the examples what reaches a Value that they share.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from autograd import pytree
from autograd.arrays.batch import Batch, LoopWarning
from autograd.arrays.batched import BatchedArray
from autograd.arrays.hidden_axis import hide_axis, levels, show_axis
from autograd.arrays.shared import SharedArray
from autograd.engine.arrays import shape_of
from autograd.engine.conversion import freeze
from autograd.engine.cotangents import unwrap
from autograd.engine.node import next_serial
from autograd.engine.value import Value
from autograd.transforms.hidden_axes import BATCH, UNBATCH
from autograd.transforms.mapped_axes import (
    axes_of_arguments,
    check_axes,
    prefix_leaves,
    size_of_batch,
)

__all__ = ["LoopWarning", "vmap"]


def vmap(f: Callable[..., Any], in_axes: Any = 0, out_axes: Any = 0) -> Callable[..., Any]:
    """The function that maps f over an axis of its arguments: what `np.stack([f(x) for x in xs])`
    computes, in one go.

    f         a function of one example: of numbers, arrays, Values and trees of these
    in_axes   the axis of each argument along which the examples lie: one integer for all of them,
              or a tuple with an entry for each positional argument: an integer, None for an
              argument that all examples share, or a tree of these, of the structure of the argument
              or of the upper part of it.  Keyword arguments are mapped over their first axis;
              numbers and objects without axes among them are shared
    out_axes  the axis of the result along which the examples are to lie; None for what does not
              depend on the example; or a tree of these

    Inside f an argument has the shape of one example, and f cannot look at its entries: `if x > 0`
    raises, `np.where` does not.  Derivatives taken inside f are those of one example; derivatives
    taken outside sum over the examples what these share.  A NumPy function that cannot be applied
    to all examples at once is called for one after another, with a `LoopWarning`.

    Raises ValueError where no argument is mapped, where the axes differ in length, and where an
    axis does not exist.

    >>> x, w = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 10.0])
    >>> vmap(lambda row: row @ w)(x)
    array([21., 43.])
    >>> vmap(lambda row, scale: scale * row, in_axes=(0, None), out_axes=1)(x, 10.0)
    array([[10., 30.],
           [20., 40.]])
    >>> from autograd import grad
    >>> vmap(grad(lambda row: np.sum(row * row)))(x)  # a gradient for each example
    array([[2., 4.],
           [6., 8.]])
    >>> grad(lambda w: np.sum(vmap(lambda row: row @ w)(x)))(w)  # the sum over the examples
    array([4., 6.])
    """
    check_axes(in_axes, "in_axes")
    check_axes(out_axes, "out_axes")
    if in_axes is None:
        raise ValueError("vmap: in_axes=None maps no argument: give one of them an axis")
    if not isinstance(in_axes, int | np.integer | tuple | list):
        raise TypeError(
            f"vmap: in_axes is an integer, or a tuple with an entry for each positional argument; "
            f"got {in_axes!r}: for a function of one argument write in_axes=({in_axes!r},)"
        )

    @wraps(f)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        leaves, structure = pytree.flatten((args, kwargs))
        axes = axes_of_arguments(in_axes, structure, leaves)
        leaves = [freeze(x) for x in leaves]
        batch = Batch(size_of_batch(leaves, axes, args, kwargs), next_serial())
        mapped = [
            x if axis is None else hidden(x, axis, batch)
            for x, axis in zip(leaves, axes, strict=True)
        ]
        if any(type(x) is BatchedArray and x.dtype.kind in "iu" for x in mapped):
            mapped = list(map(shared, mapped))  # they may be indices
        try:
            new_args, new_kwargs = pytree.unflatten(structure, mapped)
            outputs, out_structure = pytree.flatten(f(*new_args, **new_kwargs))
            outputs = [freeze(y) for y in outputs]
        finally:
            batch.open = False
        out = prefix_leaves(out_axes, out_structure, "out_axes")
        given = [x.data if type(x) is Value else x for x in leaves]
        taken = {id(owner(x)) for x in given if isinstance(x, np.ndarray)}
        shown = [shown_output(y, axis, batch, taken) for y, axis in zip(outputs, out, strict=True)]
        return pytree.unflatten(out_structure, shown)

    return wrapped


def hidden(x: Any, axis: int, batch: Batch) -> Any:
    """An argument with the axis of its examples hidden."""
    if type(x) is Value:
        return BATCH(x, axis=axis, batch=batch)
    return hide_axis(x, axis, batch)


def shared(x: Any) -> Any:
    """An array of NumPy's as one that takes an index which differs by example."""
    return x.view(SharedArray) if type(x) is np.ndarray and x.ndim else x


def shown_output(y: Any, axis: int | None, batch: Batch, taken: set[int]) -> Any:
    """An output with the axis of the examples where it is wanted, in memory of its own."""
    if axis == 0 and type(y) is BatchedArray and y.batch is batch:  # the usual case, quickly
        return owned(y.data, taken)
    plain = unwrap(y)
    if plain is None or (axis is None and batch not in levels(plain)):
        return y.view(np.ndarray) if type(y) is SharedArray else y
    if not isinstance(plain, int | float | complex | np.generic) and not hasattr(plain, "dtype"):
        raise TypeError(
            f"vmap: the function returns {plain!r}, which is no number, array or tree of these"
        )
    ndim = len(shape_of(plain))
    if axis is None:
        raise ValueError(
            f"vmap: out_axes is None for an output of shape {shape_of(plain)} that differs from "
            "example to example: give it an axis"
        )
    if not -ndim - 1 <= axis <= ndim:
        raise ValueError(
            f"vmap: out_axes {axis} is out of range for an output of shape {shape_of(plain)} "
            f"(with the axis of the examples it has {ndim + 1} axes)"
        )
    axis %= ndim + 1
    if type(y) is Value:
        return UNBATCH(y, axis=axis, batch=batch)
    y = show_axis(y.view(np.ndarray) if type(y) is SharedArray else y, axis, batch)
    return owned(y, taken)


def owned(y: Any, taken: set[int]) -> Any:
    """An array in memory that no argument and no other output has, and that can be written to."""
    if type(y) is not np.ndarray:
        return y
    memory = id(owner(y))
    if memory in taken or not y.flags.writeable:
        y = y.copy()
        memory = id(y)
    taken.add(memory)
    return y


def owner(x: Any) -> Any:
    """The array that owns the memory of a view."""
    while isinstance(x, np.ndarray) and isinstance(x.base, np.ndarray):
        x = x.base
    return x
