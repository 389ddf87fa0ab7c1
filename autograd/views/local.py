"""The local derivative on an edge, d output / d input, taken from the primitive's own rule."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.engine.outputs import OutputTuple
from autograd.engine.primitive import Primitive
from autograd.engine.reverse import at_a_pole
from autograd.views.summary import Datum, Summary, brief, datum, shown_range

LARGEST = 1_000_000  # entries of an array beyond which an edge says what it does, without numbers
REDUCES = frozenset(("sum", "mean", "max", "min", "amax", "amin", "prod", "nansum"))

Local = tuple[Datum | None, str]


def local_derivative(
    op: Primitive,
    slot: int,
    rule: Callable[..., Any] | None,
    y: Any,
    args: Sequence[Any],
    params: dict[str, Any],
    names: Callable[[int], str],
) -> Local:
    """The number (exact for scalars, a range for arrays) and a phrase that says what is done to g.

        >>> from autograd.engine.outputs import OutputTuple
    from autograd.engine.primitive import Primitive
        >>> square = Primitive(np.square)
        >>> local_derivative(square, 0, lambda g, y, x: 2 * g * x, 9.0, [3.0], {}, str)
        (6.0, '')
    """
    if rule is None:
        return 0.0, "constant here"
    x = args[slot]
    if type(y) is float and type(x) is float:
        return exact(rule, 1.0, y, args, params)
    shape, size = _shape(y), _size(y)
    if size == 1 and _size(x) == 1:
        return exact(rule, ones(y), y, args, params)
    phrase = _phrase(op, slot, x, shape, names)
    if size > LARGEST or _size(x) > LARGEST:
        return None, phrase or f"entrywise, {_size(x):,} entries"
    if size == 1 or op.kind == "elementwise" or _reduces(op):
        value, problem = exact(rule, ones(y), y, args, params)
        return value, problem or phrase
    return None, phrase


def _reduces(op: Primitive) -> bool:
    """True where every entry of x goes into one entry of y only."""
    return op.kind == "reduction" or op.name in REDUCES


def exact(
    rule: Callable[..., Any], g: Any, y: Any, args: Sequence[Any], params: dict[str, Any]
) -> Local:
    """The rule applied to a cotangent of ones; one that cannot answer is said to be undefined."""
    try:
        x = rule(g, y, *args, **params) if params else rule(g, y, *args)
        return x if type(x) is float else 0.0 if x is None else datum(x), ""
    except ArithmeticError:  # Python floats raise at a pole where NumPy answers with infinity
        return _at_a_pole(rule, g, y, args, params)
    except Exception as error:  # a picture must never raise: the edge shows the failure instead
        return math.nan, f"undefined ({type(error).__name__})"


def _at_a_pole(
    rule: Callable[..., Any], g: Any, y: Any, args: Sequence[Any], params: dict[str, Any]
) -> Local:
    try:
        return datum(at_a_pole(rule, g, y, args, params)), ""
    except Exception as error:  # as above
        return math.nan, f"undefined ({type(error).__name__})"


def ones(data: Any) -> Any:
    """A cotangent of ones in the shape and dtype of the data: the seed of every drawn backward.

    >>> ones(2.0), ones(np.array([3.0, 4.0]))
    (1.0, array([1., 1.]))
    """
    if isinstance(data, tuple):
        return OutputTuple(ones(part) for part in data)
    if isinstance(data, (float, int, complex, np.generic)):
        return type(data)(1)
    return np.ones_like(data)


def _shape(x: Any) -> tuple[int, ...]:
    return tuple(getattr(x, "shape", ()))


def _size(x: Any) -> int:
    return int(getattr(x, "size", 1))


def _phrase(
    op: Primitive, slot: int, x: Any, shape: tuple[int, ...], names: Callable[[int], str]
) -> str:
    """What the rule does to the upstream gradient, in a few words."""
    inner = _shape(x)
    if op.name in ("matmul", "affine") and slot < 2:
        other = names(1 - slot)
        return f"@ {other}.T" if slot == 0 else f"{other}.T @"
    if op.name == "affine":
        return f"sum over axis {axes_of(shape, inner)}" if inner != shape else "1"
    if _reduces(op):
        return f"spread over axis {axes_of(inner, shape)}" if inner != shape else ""
    if op.kind == "elementwise":
        if inner == shape:
            return ""
        axes = axes_of(shape, inner)
        return f"sum over axis {axes}" if axes else ""
    if op.kind in ("linear", "multilinear"):
        return f"adjoint of {op.name}, back to {shape_text(inner)}"
    return f"vjp of {op.name}"


def axes_of(wide: tuple[int, ...], narrow: tuple[int, ...]) -> str:
    """The axes of `wide` that are missing in, or of length one in, the broadcast `narrow`.

    >>> axes_of((5, 3), (3,)), axes_of((5, 3), ()), axes_of((5, 3), (5, 3))
    ('0', '0, 1', '')
    """
    padded = (1,) * (len(wide) - len(narrow)) + narrow
    pairs = zip(range(len(wide)), wide, padded, strict=False)
    missing = len(wide) - len(narrow)
    axes = [str(i) for i, a, b in pairs if i < missing or (b == 1 and a != 1)]
    return ", ".join(axes)


def shape_text(shape: tuple[int, ...]) -> str:
    """`scalar`, or the shape as Python writes it."""
    return str(shape) if shape else "scalar"


def local_text(value: Datum | None, phrase: str) -> str:
    """The label of an edge: `-3`, `0 .. 1`, `@ W.T`, `1, sum over axis 0`."""
    if value is None or (phrase and phrase.startswith("undefined")):
        return phrase
    if isinstance(value, Summary):
        one = value.low == value.high
        number = brief(value.low) if one else shown_range(value.low, value.high)
    elif isinstance(value, str):
        number = value
    else:
        number = brief(value)
    return f"{number}, {phrase}" if phrase else number
