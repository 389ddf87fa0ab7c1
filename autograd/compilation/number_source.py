"""The groups and passages of numbers as source text: NumPy calls and plain lines of Python.

All numbers that more than one part needs stand in one array of doubles, `v`, in the order in which
they are computed; bools stand there as 0 and 1.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any, Final, Protocol, final

import numpy as np

from autograd.compilation.number_graph import SUM, NumberGraph
from autograd.compilation.number_groups import Group, Lines, schedule
from autograd.engine import kernels

INFIX: Final[dict[Any, str]] = {
    operator.add: "+",
    operator.sub: "-",
    operator.mul: "*",
    operator.truediv: "/",
    operator.floordiv: "//",
    operator.mod: "%",
    operator.pow: "**",
    operator.lt: "<",
    operator.le: "<=",
    operator.gt: ">",
    operator.ge: ">=",
    operator.eq: "==",
    operator.ne: "!=",
}
"""How the operators of two numbers are written."""

LOGICAL: Final[dict[Any, str]] = {operator.and_: "and", operator.or_: "or", operator.xor: "!="}
"""How the operators of two bools are written."""

UFUNCS: Final[dict[Any, np.ufunc]] = {
    operator.add: np.add,
    operator.sub: np.subtract,
    operator.mul: np.multiply,
    operator.truediv: np.divide,
    operator.neg: np.negative,
    operator.abs: np.absolute,
    operator.lt: np.less,
    operator.le: np.less_equal,
    operator.gt: np.greater,
    operator.ge: np.greater_equal,
    operator.eq: np.equal,
    operator.ne: np.not_equal,
    operator.and_: np.logical_and,
    operator.or_: np.logical_or,
    operator.xor: np.logical_xor,
    operator.invert: np.logical_not,
    math.sqrt: np.sqrt,
}
"""The operators and the functions of module `math` of which NumPy's function gives the same bits.
That of others, such as tanh, does not: `math` is asked for one number after the other."""

RELU: Final = kernels.relu_scalar
WHERE: Final = kernels.where


def ufunc_of(code: Any) -> np.ufunc | None:
    """NumPy's function with the bits of a code; None where there is none."""
    return code if isinstance(code, np.ufunc) else UFUNCS.get(code)


def is_mapped(code: Any) -> bool:
    """Whether a code is called for one number after the other, for which the class counts."""
    return code not in (RELU, WHERE, SUM) and ufunc_of(code) is None


class Namer(Protocol):
    """What names the things that a text uses: `emit.Printer` is one."""

    def constant(self, thing: Any, hint: str = "c") -> str:
        """The name of an object."""

    def function(self, f: Any) -> str:
        """How a function is written."""

    def fresh(self, wanted: str) -> str:
        """A name that nothing has."""

    @property
    def taken(self) -> set[str]:
        """The names that something has."""


@final
class NumberSource:
    """The text that computes numbers from numbers.

    kinds   the classes of the numbers that it gives
    lines   the text
    given, found, v
            names in it: of the tuple that it reads, the list that it sets, the array of doubles in
            which it works
    size    of this array
    """

    def __init__(self, graph: NumberGraph, kinds: Sequence[type], namer: Namer) -> None:
        self.graph, self.namer = graph, namer
        self.v, self.given, self.found = map(namer.fresh, ("v", "given", "found"))
        self.i, self.prefix = namer.fresh("i"), "t"
        while any(name.startswith(self.prefix) for name in namer.taken):
            self.prefix += "_"
        self.kinds = graph.kinds
        self.constants = graph.constants
        self.slots: dict[int, int] = {place: i for i, place in enumerate(graph.inputs)}
        self.size = len(graph.inputs)
        self.fixed: dict[int, int] = {}
        self.divisors: set[int] = set()
        self.parts = schedule(graph, is_mapped)
        self.order_groups()
        self.shared = self.find_shared()
        self.lines: list[str] = []
        for part in self.parts:
            if isinstance(part, Lines):
                self.print_lines(part.places)
            else:
                self.print_group(part)
        self.print_checks()
        self.print_outputs(kinds)
        self.place_constants()
        if graph.inputs:
            self.lines.insert(0, f"{self.v}[:{len(graph.inputs)}] = {self.given}")

    # --- places in the array ----------------------------------------------------------------------
    def order_groups(self) -> None:
        """Put the numbers of each group in the order in which the first group that needs them
        takes them, so that it takes a slice."""
        wishes: dict[int, tuple[int, int, int]] = {}
        for number in range(len(self.parts) - 1, -1, -1):
            part = self.parts[number]
            if isinstance(part, Lines):
                continue
            part.places.sort(key=lambda place: wishes.get(place, (len(self.parts), 0, place)))
            rows = self.operands(part)
            for slot, row in enumerate(rows):
                for position, a in enumerate(row):
                    if a >= 0:
                        wishes[a] = number, slot, position

    def operands(self, group: Group) -> list[list[int]]:
        """For each operand of a group, the places of its numbers; sums are filled up with -0.0,
        which changes none."""
        args = [self.graph.args[place] for place in group.places]
        if group.code is not SUM:
            return list(map(list, zip(*args, strict=True)))
        length = max(map(len, args))
        nothing = self.constants.operand(-0.0)
        filled = [(*terms, *[nothing] * (length - len(terms))) for terms in args]
        return list(map(list, zip(*filled, strict=True)))

    def variable(self, place: int) -> str:
        """The name of a number in plain lines."""
        return f"{self.prefix}{place}"

    def slot(self, place: int) -> int:
        """Where a number or a constant stands."""
        known = self.slots.get(place)
        if known is None:
            assert place < 0, "a number is needed before it is computed"
            known = self.slots[place] = self.size
            self.size += 1
            self.fixed[place] = known
        return known

    def place_constants(self) -> None:
        """Set the constants that stand in the array; their places are known when all is printed."""
        if self.fixed:
            slots = self.namer.constant(np.array(list(self.fixed.values()), np.intp), "slots")
            numbers = self.namer.constant(
                np.array([self.constants[a] for a in self.fixed]), "fixed"
            )
            self.lines.insert(0, f"{self.v}[{slots}] = {numbers}")

    def reserve(self, places: Sequence[int]) -> str:
        """Slots for numbers that are computed now, as a slice."""
        start = self.size
        for i, place in enumerate(places):
            self.slots[place] = start + i
        self.size += len(places)
        return f"{self.v}[{start}:{self.size}]"

    def gather(self, places: Sequence[int], whole: bool = True) -> str:
        """An expression for numbers: one number, a slice, or what a table of places gives; with
        `whole` one number that stands for all will do."""
        if places[0] < 0 and whole and all(place == places[0] for place in places):
            return literal(self.constants[places[0]])
        slots = [self.slot(place) for place in places]
        step = slots[1] - slots[0] if len(slots) > 1 else 1
        if whole and step == 0 and all(slot == slots[0] for slot in slots):
            return f"{self.v}[{slots[0]}]"
        if step > 0 and slots == list(range(slots[0], slots[0] + step * len(slots), step)):
            end = slots[-1] + 1
            return (
                f"{self.v}[{slots[0]}:{end}]" if step == 1 else f"{self.v}[{slots[0]}:{end}:{step}]"
            )
        return f"{self.v}.take({self.namer.constant(np.array(slots, np.intp), 'places')})"

    # --- groups -----------------------------------------------------------------------------------
    def print_group(self, group: Group) -> None:
        """One array operation."""
        code, rows = group.code, self.operands(group)
        if code is SUM:
            self.print_sum(group.places, rows)
            return
        ufunc = ufunc_of(code)
        if ufunc is None and code not in (RELU, WHERE):
            lists = [self.as_list(row, kind) for row, kind in zip(rows, group.kinds, strict=True)]
            call = f"map({self.namer.function(code)}, {', '.join(lists)})"
            self.lines.append(f"{self.reserve(group.places)} = list({call})")
            return
        if code is operator.truediv:
            self.note_divisors(group.places)
        args = [self.gather(row) for row in rows]
        out = self.reserve(group.places)
        if code is RELU:
            self.lines.append(f"np.add(np.maximum({args[0]}, 0.0), 0.0, out={out})")
        elif code is WHERE:
            self.lines.append(
                f"{out} = np.where({', '.join([f'np.not_equal({args[0]}, 0.0)', *args[1:]])})"
            )
        else:
            assert ufunc is not None
            self.lines.append(f"{self.namer.function(ufunc)}({', '.join(args)}, out={out})")

    def print_sum(self, places: list[int], rows: list[list[int]]) -> None:
        """Sums of several terms, added from left to right."""
        flat = [a for row in rows for a in row]
        terms = self.gather(flat, whole=False)
        out = self.reserve(places)
        if len(places) == 1:  # np.add.reduce of one row adds in pairs
            self.lines.append(f"{out} = np.add.accumulate({terms})[-1]")
        else:
            shape = f"{len(rows)}, {len(places)}"
            self.lines.append(f"np.add.reduce({terms}.reshape({shape}), axis=0, out={out})")

    def as_list(self, places: Sequence[int], kind: type) -> str:
        """Numbers one after the other, in their class."""
        found = self.gather(places, whole=False)
        if kind is np.float64:
            return found
        return f"map(bool, {found})" if kind in (bool, np.bool_) else f"{found}.tolist()"

    def note_divisors(self, places: Sequence[int]) -> None:
        """Python raises where it divides by zero: these are looked at, and the function is then
        run as it is."""
        for place in places:
            b = self.graph.args[place][1]
            if self.is_checked_division(place) and (b >= 0 or self.constants[b] == 0.0):
                self.divisors.add(b)

    # --- plain lines ------------------------------------------------------------------------------
    def print_lines(self, places: list[int]) -> None:
        """Numbers one by one, as plain Python."""
        inside = set(places)
        given = sorted({a for p in places for a in self.graph.args[p] if a >= 0} - inside)
        given = sorted(given, key=self.slot)
        if given:
            names = ", ".join(self.variable(place) for place in given)
            self.lines.append(f"{names}, = {self.gather(given, whole=False)}.tolist()")
        for place in places:
            self.lines.append(f"{self.variable(place)} = {self.expression(place)}")
        out = [place for place in places if place in self.shared]
        names = ", ".join(self.variable(place) for place in out)
        self.lines.append(f"{self.reserve(out)} = {names},")

    def find_shared(self) -> set[int]:
        """The numbers that another part needs than the one that computes them."""
        parts = {place: n for n, part in enumerate(self.parts) for place in part.places}
        shared, all_args, part_of = set(self.graph.needs.every()), self.graph.args, parts.get
        for place, n in parts.items():
            for a in all_args[place]:
                if part_of(a) != n:
                    shared.add(a)
        for place, code in self.graph.codes.items():
            if code is operator.truediv and self.is_checked_division(place):
                shared.add(all_args[place][1])
        return shared

    def is_checked_division(self, place: int) -> bool:
        """Whether an array operation divides where Python would raise for zero."""
        return self.graph.codes[place] is operator.truediv and self.kinds[place] is float

    def expression(self, place: int) -> str:
        """One number as a line of Python."""
        code, args = self.graph.codes[place], self.graph.args[place]
        words = [self.variable(a) if a >= 0 else literal(self.constants[a]) for a in args]
        if code is SUM:
            return " + ".join(words)
        if code in INFIX:
            return f"{words[0]} {INFIX[code]} {words[1]}"
        if code in LOGICAL:
            return f"bool({words[0]}) {LOGICAL[code]} bool({words[1]})"
        if code is operator.neg:
            return f"-{words[0]}"
        if code is operator.abs:
            return f"abs({words[0]})"
        if code is operator.invert:
            return f"not {words[0]}"
        if code is RELU:
            x = words[0]
            return f"{x} if {x} > 0.0 else 0.0 * {x} if {x} != {x} else 0.0"
        if code is WHERE:
            return f"{words[1]} if {words[0]} else {words[2]}"
        return f"{self.namer.function(code)}({', '.join(words)})"

    # --- the end ----------------------------------------------------------------------------------
    def print_checks(self) -> None:
        """Raise where the engine would decide otherwise, or Python raise."""
        needs, tests = self.graph.needs, []
        if needs.trues:
            tests.append(f"not {self.gather(needs.trues, whole=False)}.all()")
        if needs.falses:
            tests.append(f"{self.gather(needs.falses, whole=False)}.any()")
        if needs.finite:
            tests.append(f"not np.isfinite({self.gather(needs.finite, whole=False)}).all()")
        divisors = sorted(self.divisors)
        if divisors:
            tests.append(f"not {self.gather(divisors, whole=False)}.all()")
        if tests:
            self.lines.append(f"if {' or '.join(tests)}:")
            self.lines.append(f"    raise FloatingPointError({DIFFERS!r})")

    def print_outputs(self, kinds: Sequence[type]) -> None:
        """The list of numbers that is handed out, each in its class."""
        outputs = self.graph.needs.outputs
        if not outputs:
            self.lines.append(f"{self.found} = []")
            return
        self.lines.append(f"{self.found} = {self.gather(outputs, whole=False)}.tolist()")
        for kind, word in ((np.float64, "np.float64"), (bool, "bool"), (np.bool_, "np.bool_")):
            places = [i for i, found in enumerate(kinds) if found is kind]
            if places:
                self.lines.append(f"for {self.i} in {places}:")
                self.lines.append(f"    {self.found}[{self.i}] = {word}({self.found}[{self.i}])")


DIFFERS: Final = "a decision was another one at the recording: call the function itself"


def literal(x: float) -> str:
    """A constant in the text."""
    if math.isfinite(x):
        return repr(x) if math.copysign(1.0, x) > 0 else f"({x!r})"
    return f"float('{x}')"
