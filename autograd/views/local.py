"""The local derivatives on the edges, d output / d input, taken from the primitive's own rule."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.engine.primitive import Primitive
from autograd.views.engine_calls import contributions, is_constant_slot, seed_of
from autograd.views.phrases import RuleText, filled, rule_text
from autograd.views.summary import Datum, Summary, brief, columns, datum, shown_range

LARGEST = 1_000_000  # entries of an array beyond which an edge says what it does, without numbers
LONGEST = 60  # cells of a phrase; a longer one is left to the page and to `graph.explain`

CONSTANT = "constant here"

Local = tuple[Datum | None, str]
"""A number (exact for scalars, a range for arrays), and a phrase that says what is done to g."""

NOTHING: Local = (None, "")

RuleTexts = dict[object, RuleText | None]
"""The texts of rules that hold whatever the numbers are, by operation, slot and types."""


class Derivatives:
    """What an operation hands each of its inputs, worked out when it is asked for.

    name_of  the name of the argument in a slot, and of the result for slot -1
    known    the texts of rules that other nodes have found
    """

    __slots__ = ("_found", "args", "known", "name_of", "op", "params", "wanted", "y")

    def __init__(
        self,
        op: Primitive,
        wanted: Sequence[bool],
        y: Any,
        args: Sequence[Any],
        params: dict[str, Any],
        name_of: Callable[[int], str],
        known: RuleTexts | None = None,
    ) -> None:
        self.op, self.wanted, self.y, self.args, self.params = op, wanted, y, args, params
        self.name_of = name_of
        self.known: RuleTexts = {} if known is None else known
        self._found: list[Local] | None = None

    @property
    def found(self) -> list[Local]:
        """For each wanted argument the derivative of y, and what is done to g.

        >>> from autograd.engine.primitive import TABLE
        >>> Derivatives(TABLE[np.multiply], [True, False], 6.0, [2.0, 3.0], {}, str).found
        [(3.0, ''), (None, '')]
        """
        if self._found is None:
            with np.errstate(all="ignore"):
                self._found = self.work_out()
        return self._found

    def work_out(self) -> list[Local]:
        """`found` for the first time."""
        op, wanted, y, args, params = self.op, self.wanted, self.y, self.args, self.params
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
                phrase = self.phrase(slot, value)
            out.append((value, phrase))
        return out

    def phrase(self, slot: int, value: Datum | None) -> str:
        """What the rule does to the upstream gradient; "" where a number says it all."""
        y, x = self.y, self.args[slot]
        if size_of(y) == 1 == size_of(x):
            return ""
        if (
            value is not None
            and shape_of(x) == shape_of(y)
            and not (np.iscomplexobj(y) or np.iscomplexobj(x))
        ):
            return ""
        texts = self.texts(slot)
        text = filled(texts.full, self.filling) if texts else ""
        if text and (columns(text) <= LONGEST or value is None):
            return text if columns(text) <= 2 * LONGEST else f"vjp of {self.op.name}"
        return "" if value is not None else f"vjp of {self.op.name}"

    def filling(self, hole: str) -> str:
        """What a phrase says for a hole of a template."""
        return "g" if hole == "g" else self.name_of(-1 if hole == "y" else int(hole))

    def texts(self, slot: int) -> RuleText | None:
        """The texts of the rule, found once for operations of the same kind on the same types."""
        key = (self.op, slot, kind_of(self.y), *map(kind_of, self.args), params_key(self.params))
        if key in self.known:
            return self.known[key]
        texts, here_only = rule_text(self.op, slot, self.y, self.args, self.params)
        if not here_only:
            self.known[key] = texts
        return texts


def kind_of(x: Any) -> object:
    """What the way of a rule may depend on besides the numbers."""
    if type(x) is float:
        return float
    return shape_of(x), getattr(x, "dtype", type(x))


def params_key(params: dict[str, Any]) -> object:
    """Parameters as part of a key; those of custom functions need not be hashable."""
    try:
        hash(key := tuple(params.items()))
    except TypeError:
        return object()  # equal to no other
    return key


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
    g = 1.0 if type(y) is float else seed_of(y)
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


def shape_of(x: Any) -> tuple[int, ...]:
    """The shape; () for a number."""
    return tuple(getattr(x, "shape", ()))


def size_of(x: Any) -> int:
    """The number of entries."""
    return int(getattr(x, "size", 1))


def shape_text(shape: tuple[int, ...]) -> str:
    """`scalar`, or the shape as Python writes it."""
    return str(shape) if shape else "scalar"


def local_text(value: Datum | None, phrase: str) -> str:
    """The label of an edge: `-3`, `0 .. 1`, `g @ W.T`, `g.sum(axis=0)`."""
    if value is None or (phrase and phrase != CONSTANT):
        return phrase
    if isinstance(value, Summary):
        one = value.low == value.high
        number = brief(value.low) if one else shown_range(value.low, value.high)
    elif isinstance(value, str):
        number = value
    else:
        number = brief(value)
    return f"{number}, {phrase}" if phrase else number
