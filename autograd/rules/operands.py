"""What composed functions ask of their arguments: arrays, from whatever NumPy takes for one."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine.conversion import holds_value
from autograd.engine.cotangents import unwrap
from autograd.rules.joining import stack


def operand(x: Any) -> Any:
    """An argument that NumPy takes for an array: a Value or an array as it is, a list or tuple
    with Values in it joined to one Value, anything else as a plain array.

    >>> from autograd import Value
    >>> operand([[Value(1.0), 2.0], [3, Value(4.0)]]).shape
    (2, 2)
    """
    if isinstance(x, list | tuple) and holds_value(x):
        return stack([operand(item) for item in x])
    return x if hasattr(x, "dtype") and hasattr(x, "shape") else np.asarray(x)


def is_value(x: Any) -> bool:
    """Whether x is differentiated."""
    return x is not unwrap(x)


def cast(x: Any, dtype: Any) -> Any:
    """x in a dtype; x itself where it has that dtype already."""
    return x if x.dtype == dtype else x.astype(dtype)
