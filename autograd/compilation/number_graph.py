"""The numbers of a program as a graph of their own, made smaller without a change of bits.

Numbers that nothing needs are left out, equal ones are computed once, and a chain of additions, as
a loop that sums makes it, becomes one sum of many terms, still added from left to right.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

SUM: Final = "sum"
"""The code of a sum of three or more terms, added from left to right."""

SAME_CODE: Final[dict[Any, Any]] = {
    np.add: operator.add,
    np.subtract: operator.sub,
    np.multiply: operator.mul,
    np.negative: operator.neg,
    np.absolute: operator.abs,
    np.positive: operator.pos,
    np.less: operator.lt,
    np.less_equal: operator.le,
    np.greater: operator.gt,
    np.greater_equal: operator.ge,
    np.equal: operator.eq,
    np.not_equal: operator.ne,
    np.sqrt: math.sqrt,
}
"""Functions that give the bits of another one, by whose name they go."""


class Constants:
    """The constants of a graph, each once; constant k is the operand ~k.

    >>> constants = Constants()
    >>> constants.operand(2.0), constants.operand(-0.0), constants.operand(0.0), constants[~1]
    (-1, -2, -3, -0.0)
    """

    __slots__ = ("numbers", "places")

    def __init__(self) -> None:
        self.numbers: list[float] = []
        self.places: dict[Any, int] = {}

    def operand(self, x: Any) -> int:
        """The operand that is a constant."""
        x = float(x)
        key = x if x else repr(x)  # 0.0 and -0.0 are equal
        known = self.places.get(key)
        if known is None:
            known = self.places[key] = ~len(self.numbers)
            self.numbers.append(x)
        return known

    def __getitem__(self, place: int) -> float:
        return self.numbers[~place]


class Needs(NamedTuple):
    """What is asked of the numbers, by their places.

    outputs  those that are handed out
    trues, falses, finite
             those that must be so: a decision was made by them at the recording
    """

    outputs: Sequence[int]
    trues: Sequence[int] = ()
    falses: Sequence[int] = ()
    finite: Sequence[int] = ()

    def every(self) -> Iterable[int]:
        """All of them."""
        return (*self.outputs, *self.trues, *self.falses, *self.finite)


class NumberGraph:
    """Distinct numbers by their places, which are in the order in which they were computed.

    codes   the function of each number; None for one that comes from outside
    args    its operands: places, and ~k for constant k
    kinds   its class: float, bool, or one of NumPy's
    needs   what is asked of the numbers, places and constants
    inputs  the numbers that come from outside
    """

    def __init__(
        self,
        members: Sequence[int],
        codes: dict[int, Any],
        args: dict[int, tuple[int, ...]],
        kinds: dict[int, type],
        constants: Constants,
        needs: Needs,
    ) -> None:
        self.kinds, self.constants = kinds, constants
        self.codes: dict[int, Any] = {}
        self.args: dict[int, tuple[int, ...]] = {}
        self.needs = divide(needs, codes, args)
        self.take_used(members, codes, args)
        self.inputs = [place for place, code in self.codes.items() if code is None]
        self.merge_sums()

    def take_used(
        self, members: Sequence[int], codes: dict[int, Any], args: dict[int, tuple[int, ...]]
    ) -> None:
        """Take what something needs, and count how often it is used."""
        uses = self.uses = dict.fromkeys(self.needs.every(), 2)
        taken = []
        for place in reversed(members):
            if place in uses:
                taken.append(place)
                for a in args[place]:
                    uses[a] = uses.get(a, 0) + 1
        inside = set(taken)
        outside = sorted(place for place in uses if place >= 0 and place not in inside)
        taken.reverse()
        self.codes = {**dict.fromkeys(outside), **{place: codes[place] for place in taken}}
        self.args = {**dict.fromkeys(outside, ()), **{place: args[place] for place in taken}}

    def merge_sums(self) -> None:
        """Make one sum of each chain of additions whose partial sums nothing else uses."""
        uses = self.uses
        chains: dict[int, list[int]] = {}
        inner = []
        for place, code in self.codes.items():
            if code is not operator.add:
                continue
            a, b = self.args[place]
            first = chains.get(a) if uses[a] == 1 else None
            second = chains.get(b) if uses[b] == 1 else None
            if second is not None and (first is None or len(first) < len(second)):
                a, b, first = b, a, second  # a + b has the bits of b + a
            if first is None:
                chains[place] = [a, b]
            else:
                first.append(b)
                chains[place] = chains.pop(a)
                inner.append(a)
        for place in inner:
            del self.codes[place], self.args[place]
        for place, terms in chains.items():
            if len(terms) > 2:
                self.codes[place], self.args[place] = SUM, tuple(terms)


IDENTITIES: Final = frozenset((operator.pos, float, np.all, np.any))
"""Functions of one number that give its bits."""


def divide(needs: Needs, codes: dict[int, Any], args: dict[int, tuple[int, ...]]) -> Needs:
    """The same needs with a conjunction that must be true as its parts, and what must be true
    because a number is finite as this number."""
    trues, finite = set(), set(needs.finite)
    pending, seen = list(needs.trues), set()
    while pending:
        place = pending.pop()
        if place in seen:
            continue
        seen.add(place)
        code = codes.get(place)
        if code is operator.and_:
            pending += args[place]
        elif code is np.isfinite:
            finite.add(args[place][0])
        else:
            trues.add(place)
    return Needs(needs.outputs, sorted(trues), sorted(set(needs.falses)), sorted(finite))
