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
    **{np.add: operator.add, np.subtract: operator.sub, np.multiply: operator.mul},
    **{np.negative: operator.neg, np.absolute: operator.abs, np.positive: operator.pos},
    **{np.less: operator.lt, np.less_equal: operator.le, np.greater: operator.gt},
    **{np.greater_equal: operator.ge, np.equal: operator.eq, np.not_equal: operator.ne},
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
    """Numbers by their places, which are in the order in which they were computed.

    codes      the function of each number; None for one that comes from outside
    args       its operands: places, and ~k for constant k
    kinds      its class: float, bool, or one of NumPy's
    alias      the operand that stands for a number which is not computed itself
    needs      what is asked of the numbers
    """

    def __init__(
        self,
        codes: dict[int, Any],
        args: dict[int, tuple[int, ...]],
        kinds: dict[int, type],
        constants: Constants,
        needs: Needs,
    ) -> None:
        self.kinds, self.constants = kinds, constants
        self.codes: dict[int, Any] = {}
        self.args: dict[int, tuple[int, ...]] = {}
        self.alias: dict[int, int] = {}
        self.take_distinct(codes, args)
        self.needs = self.divide(Needs(*[list(map(self.resolve, places)) for places in needs]))
        self.drop_unused()
        self.merge_sums()

    def resolve(self, place: int) -> int:
        """The operand that stands for a number."""
        return self.alias.get(place, place)

    def take_distinct(self, codes: dict[int, Any], args: dict[int, tuple[int, ...]]) -> None:
        """Take each computation once."""
        one = self.constants.operand(1.0)
        alias, known, resolve = self.alias, {}, self.alias.get
        own_codes, own_args = self.codes, self.args
        for place, code in codes.items():
            if code is None:
                own_codes[place], own_args[place] = None, ()
                continue
            given = args[place]
            if len(given) == 2:
                a, b = given
                given = resolve(a, a), resolve(b, b)
                if code is operator.mul and one in given:
                    alias[place] = given[0] if given[1] == one else given[1]
                    continue
            else:
                given = tuple([resolve(a, a) for a in given])
                if code in IDENTITIES:
                    alias[place] = given[0]
                    continue
            earlier = known.setdefault((code, given), place)
            if earlier != place:
                alias[place] = earlier
                continue
            own_codes[place], own_args[place] = code, given

    def divide(self, needs: Needs) -> Needs:
        """The same needs with a conjunction that must be true as its parts, and what must be true
        because a number is finite as this number."""
        trues, finite = [], set(needs.finite)
        pending, seen = list(needs.trues), set()
        while pending:
            place = pending.pop()
            if place in seen:
                continue
            seen.add(place)
            code = self.codes.get(place)
            if code is operator.and_:
                pending += self.args[place]
            elif code is np.isfinite:
                finite.add(self.args[place][0])
            else:
                trues.append(place)
        return Needs(needs.outputs, sorted(trues), sorted(set(needs.falses)), sorted(finite))

    def drop_unused(self) -> None:
        """Leave out what nothing needs."""
        codes, args = self.codes, self.args
        live = set(self.needs.every())
        for place in reversed(codes):
            if place in live:
                live.update(args[place])
        self.codes = {place: code for place, code in codes.items() if place in live}
        self.args = {place: args[place] for place in self.codes}

    def merge_sums(self) -> None:
        """Make one sum of each chain of additions whose partial sums nothing else uses."""
        uses: dict[int, int] = dict.fromkeys(self.needs.every(), 2)
        for args in self.args.values():
            for a in args:
                uses[a] = uses.get(a, 0) + 1
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
