"""What may become data, what may be a constant, and what is refused, with advice."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograd.engine.node import Node, Writable
from autograd.engine.primitive import declare

ACCEPTED: Final = (
    "a Value holds a number (int, float, complex), a NumPy array or scalar of float, complex, "
    "integer or bool dtype, or a nested list of numbers"
)
SCALARS: Final = frozenset((float, int, bool, complex))
STACK: Final = declare(np.stack)
DEEPEST: Final = 64
"""NumPy's arrays have no more axes."""


def to_data(x: Any) -> Any:
    """The data of a new Value: floats and complex keep their dtype, the rest becomes float64."""
    if type(x) in (float, complex):
        return x
    x = freeze(x)
    if isinstance(x, Node):
        raise TypeError(
            f"{ACCEPTED}; got a Value: use v.copy() to go on from it, v.data to start anew"
        )
    if isinstance(x, bool | int):
        try:
            return float(x)
        except OverflowError as error:
            raise TypeError(f"{ACCEPTED}; the int {str(x)[:12]}... is beyond a float") from error
    if isinstance(x, list | tuple):
        return from_sequence(x)
    kind = dtype_kind(x)
    if not kind and isinstance(x, float | complex):
        return float(x) if isinstance(x, float) else complex(x)
    if kind in ("f", "c"):
        if isinstance(x, np.ndarray):
            return x.copy("K")  # the layout says what order="A" and "K" mean
        return x.copy() if hasattr(x, "copy") and not isinstance(x, np.generic) else x
    if kind in ("i", "u", "b"):
        return x.astype(np.float64)
    raise TypeError(f"{ACCEPTED}; got {describe(x)}")


def from_sequence(x: list[Any] | tuple[Any, ...]) -> Any:
    """A nested list of numbers as a float (or complex) array."""
    if holds_value(x):
        raise TypeError(
            f"{ACCEPTED}; the list holds Values: join them with np.stack or np.concatenate"
        )
    try:
        array = np.array(x)
    except ValueError as error:
        raise TypeError(f"{ACCEPTED}; the list is ragged ({error})") from error
    if array.dtype.kind in "fc":
        return array
    if array.dtype.kind in "iub":
        return array.astype(np.float64)
    raise TypeError(f"{ACCEPTED}; got a list of dtype {array.dtype}")


def freeze(x: Any) -> Any:
    """An array into which Values can be written as what it holds now; anything else as it is."""
    return x.frozen() if isinstance(x, Writable) else x


def to_constant(x: Any) -> Any:
    """An operand that is no Value: a number or an array as it is, a list as an array, or, where it
    holds Values, as one Value, as is a writable array that does; NotImplemented where it is none of
    these."""
    if type(x) in SCALARS:
        return x
    if isinstance(x, Writable):
        x = x.frozen()
        if isinstance(x, Node):
            return x
    if isinstance(x, list | tuple):
        if holds_value(x):
            return join_values(x)
        x = np.asarray(x)
    return x if dtype_kind(x) in ("f", "c", "i", "u", "b") else NotImplemented


def join_values(x: Any, depth: int = 0) -> Any:
    """A nested list or tuple with Values in it, joined to one Value; anything else as it is.

    >>> from autograd import Value
    >>> join_values([[Value(1.0), 2.0], [3.0, 4.0]]).data
    array([[1., 2.],
           [3., 4.]])
    """
    if not isinstance(x, list | tuple) or not holds_value(x):
        return x
    if depth > DEEPEST:
        raise ValueError(f"a list nested more than {DEEPEST} deep is no array")
    return STACK(*[join_values(item, depth + 1) for item in x], axis=0)


def integers_as_floats(constant: Any, dtype: Any) -> Any:
    """An array of integers in the float dtype in which NumPy computes with an operand of `dtype`;
    anything else as it is.  The derivative of x ** n has n - 1, which wraps around in uint8."""
    if getattr(getattr(constant, "dtype", None), "kind", "") not in ("i", "u"):
        return constant
    return constant.astype(np.result_type(constant.dtype, dtype))


def dtype_kind(x: Any) -> str:
    """The kind letter of an array's dtype; "" for what is not a plain NumPy-like array."""
    if isinstance(x, np.matrix | np.ma.MaskedArray) or has_units(x):
        return ""
    return (
        str(x.dtype.kind) if isinstance(x, np.generic) or hasattr(x, "__array_function__") else ""
    )


def has_units(x: Any) -> bool:
    """Whether x carries a unit, as the quantities of other libraries do."""
    return hasattr(x, "dtype") and (hasattr(x, "unit") or hasattr(x, "units"))


def holds_value(x: Any) -> bool:
    """True where a nested list or tuple has a Value in it."""
    stack = [x]
    seen = set()  # a list may hold itself
    while stack:
        item = stack.pop()
        if isinstance(item, Node) or (
            isinstance(item, Writable) and isinstance(item.frozen(), Node)
        ):
            return True
        if isinstance(item, list | tuple) and id(item) not in seen:
            seen.add(id(item))
            stack.extend(item)
    return False


def describe(x: Any) -> str:
    """A short name of a refused object, with advice where there is some."""
    if isinstance(x, np.ma.MaskedArray):
        return "a masked array (use np.where with its mask)"
    if isinstance(x, np.matrix):
        return "a np.matrix (use np.asarray)"
    if has_units(x):
        return f"a {type(x).__name__} with units (use its plain number or array in one unit)"
    if hasattr(x, "toarray"):
        return f"{type(x).__name__}, a sparse array (use x.toarray())"
    if dtype_kind(x) == "O":
        return "an array of objects (use x.astype(float), or np.stack to join Values)"
    if hasattr(x, "dtype"):
        return f"{type(x).__name__} of dtype {x.dtype}"
    return f"{type(x).__name__} {str(x)[:40]!r}" if isinstance(x, str) else type(x).__name__
