"""Nested lists with Values in them, as one Value."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine.node import Writable
from autograd.numpy.pieces import is_piece
from autograd.rules.joining import stack_row
from autograd.rules.shape import shape_of


def join_lists(x: Any) -> Any:
    """What is to become one array: a list that holds Values as a Value, a writable array as what it
    holds now, anything else as it is.  ValueError where the parts have different shapes.

    >>> from autograd import Value
    >>> join_lists([[Value(1.0), 2.0], [3.0, 4.0]]).data
    array([[1., 2.],
           [3., 4.]])
    """
    if isinstance(x, Writable):
        return x.frozen()
    if not isinstance(x, list | tuple) or not holds_pieces(x):
        return x
    parts = [join_lists(part) for part in x]
    parts = [
        part if is_piece(part) or isinstance(part, float) else array_of(part) for part in parts
    ]
    shapes = list(dict.fromkeys(map(shape_of, parts)))
    if len(shapes) > 1:
        raise ValueError(
            "the parts of an array have one shape, these have " + " and ".join(map(str, shapes[:3]))
        )
    return stack_row(*parts, axis=0)


def array_of(x: Any) -> Any:
    """A part without Values, as numbers."""
    array = np.asarray(x)
    if array.dtype.kind not in "fciub":
        raise TypeError(f"numbers and Values make an array, got {type(x).__name__} {str(x)[:40]!r}")
    return array[()]


def holds_pieces(x: Any) -> bool:
    """Whether a Value is somewhere in nested lists."""
    kinds = set(map(type, x))
    if not any(issubclass(kind, list | tuple) or needs_look(kind) for kind in kinds):
        return False
    for part in x:
        if isinstance(part, list | tuple):
            if holds_pieces(part):
                return True
        elif is_piece(part.frozen() if isinstance(part, Writable) else part):
            return True
    return False


def needs_look(kind: type) -> bool:
    """Whether an object of this class may be a Value, or an array that holds one."""
    return hasattr(kind, "__array_function__")
