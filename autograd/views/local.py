"""The local derivatives on the edges, d output / d input, taken from the primitive's own rule."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.engine.primitive import Primitive
from autograd.views.engine_calls import contributions, is_constant_slot
from autograd.views.summary import Datum, Summary, brief, datum, shown_range

LARGEST = 1_000_000  # entries of an array beyond which an edge says what it does, without numbers

CONSTANT = "constant here"

Local = tuple[Datum | None, str]
"""A number (exact for scalars, a range for arrays), and a phrase that says what is done to g."""

NOTHING: Local = (None, "")


def local_derivatives(
    op: Primitive,
    wanted: Sequence[bool],
    y: Any,
    args: Sequence[Any],
    params: dict[str, Any],
    name_of: Callable[[int], str],
) -> list[Local]:
    """For each wanted argument the derivative of y.  `name_of` gives the name of an argument.

    >>> from autograd.engine.primitive import TABLE
    >>> local_derivatives(TABLE[np.multiply], [True, False], 6.0, [2.0, 3.0], {}, str)
    [(3.0, ''), (None, '')]
    """
    if type(y) is float and all(type(x) is float or type(x) is int for x in args):
        return contributions_of_ones(op, wanted, y, args, params)
    asked = [want and has_number(op, y, x) for want, x in zip(wanted, args, strict=True)]
    found = contributions_of_ones(op, asked, y, args, params) if any(asked) else None
    out: list[Local] = []
    for slot, want in enumerate(wanted):
        value, phrase = found[slot] if found else NOTHING
        if want and is_constant_slot(op, slot):
            value, phrase = 0.0, CONSTANT
        elif want and not phrase:
            phrase = phrase_of(op, slot, y, args, name_of)
            if value is None and not phrase:
                phrase = f"entrywise, {size_of(args[slot]):,} entries"
        out.append((value, phrase))
    return out


def has_number(op: Primitive, y: Any, x: Any) -> bool:
    """True where one number for each entry of x says it all: each enters one entry of y only."""
    size = size_of(y)
    if max(size, size_of(x)) > LARGEST:
        return False
    return size == 1 or op.kind == "elementwise" or op.role == "reduction"


def contributions_of_ones(
    op: Primitive, wanted: Sequence[bool], y: Any, args: Sequence[Any], params: dict[str, Any]
) -> list[Local]:
    """What the rule gives each wanted argument for a cotangent of ones, asked for in one call.
    Where that raises, each argument is asked for by itself; one that cannot answer is said to be
    undefined."""
    g = 1.0 if type(y) is float else ones(y)
    try:
        found = contributions(op, wanted, g, y, args, params)
        pairs = zip(found, wanted, strict=True)
        return [shown_contribution(c) if want else NOTHING for c, want in pairs]
    except Exception:  # of one argument or another
        return [
            contribution_of_ones(op, slot, g, y, args, params) if want else NOTHING
            for slot, want in enumerate(wanted)
        ]


def contribution_of_ones(
    op: Primitive, slot: int, g: Any, y: Any, args: Sequence[Any], params: dict[str, Any]
) -> Local:
    """The same for one argument."""
    try:
        wanted = [i == slot for i in range(len(args))]
        return shown_contribution(contributions(op, wanted, g, y, args, params)[slot])
    except Exception as error:  # a picture must never raise: the edge shows the failure instead
        return math.nan, f"undefined ({type(error).__name__})"


def shown_contribution(c: Any) -> Local:
    """A contribution as it is shown; None is zero."""
    if type(c) is float:
        return c, ""
    return (0.0, CONSTANT) if c is None else (datum(c), "")


def ones(data: Any) -> Any:
    """A cotangent of ones in the shape and dtype of the data: the seed of every drawn backward.

    >>> ones(2.0), ones(np.array([3.0, 4.0]))
    (1.0, array([1., 1.]))
    """
    if isinstance(data, tuple):
        return type(data)(ones(part) for part in data)
    if isinstance(data, float | int | complex | np.generic):
        return type(data)(1)
    return np.ones_like(data)


def shape_of(x: Any) -> tuple[int, ...]:
    """The shape; () for a number."""
    return tuple(getattr(x, "shape", ()))


def size_of(x: Any) -> int:
    """The number of entries."""
    return int(getattr(x, "size", 1))


def phrase_of(
    op: Primitive, slot: int, y: Any, args: Sequence[Any], name_of: Callable[[int], str]
) -> str:
    """What the rule does to the upstream gradient, in a few words; "" between single numbers."""
    x = args[slot]
    if size_of(y) == 1 and size_of(x) == 1:
        return ""
    shape, inner = shape_of(y), shape_of(x)
    if op.role == "matrix product" and slot < 2:
        other = name_of(1 - slot)
        return f"@ {other}.T" if slot == 0 else f"{other}.T @"
    if op.role == "matrix product":
        return f"sum over axis {axes_of(shape, inner)}" if inner != shape else "1"
    if op.role == "reduction":
        return f"broadcast over axis {axes_of(inner, shape)}" if inner != shape else ""
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
