"""Tens of thousands of numbers as some hundred array operations: a pass over a program.

The steps of a program that compute with single numbers are taken out of it and come back as a few
blocks, each a function of a list of numbers that returns a list of numbers.
"""

from __future__ import annotations

import builtins
import math
import operator
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final, final

import numpy as np

from autograd.compilation.emit import Printed, Printer
from autograd.compilation.number_graph import IDENTITIES, SAME_CODE, Constants, Needs, NumberGraph
from autograd.compilation.number_source import RELU, WHERE, NumberSource
from autograd.compilation.program import Guard, Program, Register, Step, registers_in
from autograd.compilation.relabelling import regrouped, relabel, relabelled
from autograd.engine import kernels

FEWEST: Final = 64
"""A program with fewer steps on numbers keeps them as they are, a line each."""

EXACT_INTEGERS: Final = 2**53
"""Integers up to here are floats."""

CONSTANTS: Final = frozenset((float, int, bool, np.float64, np.bool_))
KINDS: Final = frozenset((float, np.float64, bool, np.bool_))
"""Classes that numbers may have, as constants and as results."""

FUNCTIONS: Final[dict[Any, Any]] = {
    **{
        f: f
        for f in (
            *(operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv),
            *(operator.mod, operator.pow, operator.neg, operator.pos, operator.abs),
            *(operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne),
            *(kernels.sigmoid_scalar, kernels.softplus_scalar, float),
        )
    },
    **{f: f for name, f in vars(math).items() if callable(f) and not name.startswith("_")},
    builtins.abs: operator.abs,
    kernels.relu_scalar: RELU,
    kernels.where: WHERE,
}
"""Functions of single numbers that are grouped, and the code each one goes by; ufuncs besides."""

BOOL_FUNCTIONS: Final[dict[Any, Any]] = {
    np.bitwise_and: operator.and_,
    np.bitwise_or: operator.or_,
    np.bitwise_xor: operator.xor,
    operator.and_: operator.and_,
    operator.or_: operator.or_,
    operator.xor: operator.xor,
    np.invert: operator.invert,
    np.all: np.all,
    np.any: np.any,
}
"""The same for functions of bools."""


@final
class NumberBlock(Printed):
    """A function of a tuple of numbers that returns a list of numbers.

    It raises where a decision that was made at the recording is another one for these numbers, and
    what Python raises, as for 1 / 0.0: the function is then called as it is."""

    __name__ = "numbers"

    def __init__(self, graph: NumberGraph, kinds: Sequence[type]) -> None:
        self.graph, self.kinds, self.inputs = graph, kinds, graph.inputs

    @property
    def decides(self) -> bool:
        """Whether the numbers must be what a decision at the recording found them to be."""
        needs = self.graph.needs
        return bool(needs.trues or needs.falses or needs.finite)

    def __call__(self, given: Sequence[float]) -> list[Any]:
        """The numbers, by a text of its own: for `Program.run`, which prints nothing."""
        names = Names()
        text = NumberSource(self.graph, self.kinds, names)
        head = f"def numbers({text.given}, {text.v}):"
        body = indented([*self.body(text), f"return {text.found}"])
        exec(compile("\n".join([head, *body]), "<numbers>", "exec"), names.known)
        found: list[Any] = names.known["numbers"](given, np.empty(text.size))
        return found

    def lines(self, printer: Printer, step: Step) -> list[str]:
        """The text, in the text of a program."""
        text = NumberSource(self.graph, self.kinds, printer)
        given, v = printer.argument(step.args[0]), printer.buffer((text.size,), np.float64)
        return [
            f"{text.given}, {text.v} = {given}, {v}",
            *self.body(text),
            f"{printer.name(Register(step.number))} = {text.found}",
        ]

    def body(self, text: NumberSource) -> list[str]:
        """The lines that compute."""
        return ["with np.errstate(all='ignore'):", *indented(text.lines)]


class Names:
    """What stands for the names in a text that is run at once."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {"np": np}
        self.taken: set[str] = set()

    def constant(self, thing: Any, hint: str = "c") -> str:
        """The name of an object."""
        name = f"{hint}{len(self.known)}"
        self.known[name] = thing
        return name

    def function(self, f: Any) -> str:
        """The name of a function."""
        return self.constant(f, f.__name__)

    def fresh(self, wanted: str) -> str:
        """A name that nothing has."""
        self.taken.add(wanted)
        return wanted


def indented(lines: Sequence[str]) -> list[str]:
    """Lines of a block."""
    return [f"    {line}" for line in lines]


def group_numbers(program: Program) -> Program:
    """The program with its steps on single numbers grouped; as it is where they are few."""
    if len(program.steps) < FEWEST:
        return program
    numbers = Numbers(program)
    return numbers.grouped() if len(numbers.codes) >= FEWEST else program


def code_of(function: Any, kind: type) -> Any:
    """The code by which a function that gives a number of a class is grouped; None for no code."""
    if kind in (bool, np.bool_) and function in BOOL_FUNCTIONS:
        return BOOL_FUNCTIONS[function]
    code = FUNCTIONS.get(function)
    if code is None and isinstance(function, np.ufunc) and takes_doubles(function):
        code = function
    return SAME_CODE.get(code, code)


def takes_doubles(ufunc: np.ufunc) -> bool:
    """Whether a ufunc computes with doubles, and has one output, a double or a bool."""
    given = "d" * ufunc.nin
    return ufunc.nout == 1 and (f"{given}->d" in ufunc.types or f"{given}->?" in ufunc.types)


class Parts(dict[int, int]):
    """The part in which each number is known: the first one, unless it says otherwise."""

    def __missing__(self, place: int) -> int:
        return 0


class Kinds(dict[int, type]):
    """The class of each number: a Python float, unless it says otherwise."""

    def __missing__(self, place: int) -> type:
        return float


@final
class Numbers:
    """The numbers of a program, and which part of it they can be computed in.

    Parts alternate: numbers, then arrays that are computed from them, then numbers that are
    computed from these.  The place of a number is that of its step.

    codes    the functions of the distinct numbers that steps compute, by place
    args     their operands: places, and ~k for constant k
    stands   the operand that stands for a number: itself, an equal number, a constant
    ready    the part in which a number is known
    kinds    the classes of all numbers
    outside  the registers of the numbers that come from elsewhere, by place
    parts    of each input and step that is no number
    others   the steps that are none
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.constants = Constants()
        self.one, self.minus_zero = self.constants.operand(1.0), self.constants.operand(-0.0)
        self.codes: dict[int, Any] = {}
        self.args: dict[int, tuple[int, ...]] = {}
        self.stands: dict[int, int] = {}
        self.ready: dict[int, int] = Parts()
        self.kinds: dict[int, type] = Kinds()
        self.outside: dict[int, Register] = {}
        self.parts: dict[int, int] = dict.fromkeys(program.inputs, -1)
        self.others: list[Step] = []
        self.take_steps()

    def take_steps(self) -> None:
        """Take the steps that compute a number from numbers; tens of thousands, so that the loop
        has its parts written out."""
        examples, kinds, ready, stands = self.program.examples, self.kinds, self.ready, self.stands
        codes, all_args, distinct = self.codes, self.args, dict[Any, int]()
        codes_of: dict[type, dict[Any, Any]] = {kind: {} for kind in KINDS}
        for step in self.program.steps:
            number, function, args, kwargs, _ = step
            kind = type(examples[number])
            if kind not in KINDS or kwargs:
                self.leave(step)
                continue
            try:
                code = codes_of[kind][function]
            except KeyError:
                code = codes_of[kind][function] = code_of(function, kind)
            except TypeError:  # a method of an array, which has no hash
                code = None
            if code is None or not 1 <= len(args) <= 3:
                self.leave(step)
                continue
            operands = []
            part = 0
            for x in args:
                operand = stands.get(x[0]) if type(x) is Register else self.constant(x)
                if operand is None:
                    operand = self.enter(x)
                    if operand is None:
                        break
                if ready and operand >= 0 and ready[operand] > part:
                    part = ready[operand]
                operands.append(operand)
            else:
                given = tuple(operands)
                if kind is not float:
                    kinds[number] = kind
                if part:
                    ready[number] = part
                same = self.repeated(code, given)
                if same is not None:
                    stands[number] = same
                else:
                    found = stands[number] = distinct.setdefault((code, given), number)
                    if found == number:
                        codes[number], all_args[number] = code, given
                continue
            self.leave(step)

    def repeated(self, code: Any, given: tuple[int, ...]) -> int | None:
        """The operand whose bits a function gives, a number of the same sort; None for none.  A
        bool is no float: NumPy's tanh of True is in half precision."""
        if code in (np.all, np.any):
            return given[0]
        if code in IDENTITIES:
            same = given[0]
        elif code is operator.mul and self.one in given:
            same = given[0] if given[1] == self.one else given[1]
        elif code is operator.add and self.minus_zero in given:
            same = given[0] if given[1] == self.minus_zero else given[1]
        else:
            return None
        return None if same >= 0 and self.kinds[same] in (bool, np.bool_) else same

    def leave(self, step: Step) -> None:
        """A step that computes something else than a number from numbers."""
        self.others.append(step)
        self.parts[step.number] = max(
            [0, *map(self.part_of, registers_in((step.args, step.kwargs)))]
        )

    def part_of(self, register: Register) -> int:
        """The part in which a register is known."""
        number = register.number
        return self.parts[number] if number in self.parts else self.ready[number]

    def constant(self, x: Any) -> int | None:
        """The operand that is a constant; None where it cannot be one."""
        kind = type(x)
        if kind in CONSTANTS and (kind is not int or abs(x) <= EXACT_INTEGERS):
            return self.constants.operand(x)
        return None

    def enter(self, register: Any) -> int | None:
        """The place of a number that comes from elsewhere; None where the register has none."""
        if type(register) is not Register:
            return None
        kind = type(self.program.example(register))
        if kind not in KINDS:
            return None
        place = register.number
        if register.output:
            for place, known in self.outside.items():
                if known == register:
                    return place
            place = self.program.count + len(self.outside)
        self.kinds[place], self.outside[place] = kind, register
        self.stands[place] = place
        if self.parts[register.number] >= 0:
            self.ready[place] = self.parts[register.number] + 1
        return place

    def register(self, place: int) -> Register:
        """The register of a number."""
        return self.outside[place] if place in self.outside else Register(place)

    # --- the program anew -------------------------------------------------------------------------
    def grouped(self) -> Program:
        """The program with a block for the numbers of each part."""
        program = self.program
        guards, demands = self.divide_guards()
        members: dict[int, list[int]] = defaultdict(list)
        by_part: dict[int, list[Step]] = defaultdict(list)
        for place in self.codes:
            members[self.ready[place]].append(place)
        for step in self.others:
            by_part[self.parts[step.number]].append(step)
        wanted = self.find_wanted(guards)
        renamed: dict[Register, Register] = {}
        steps: list[Step] = []
        examples, count = dict(program.examples), program.count
        for part in sorted({*members, *by_part, *wanted, *demands}):
            outputs = wanted[part]
            block = self.block(members[part], outputs, demands[part])
            if block is not None:
                given = tuple([relabel(self.register(place), renamed) for place in block.inputs])
                steps.append(Step(count, block, (given,), {}))
                examples[count] = [examples[place] for place in outputs]
                renamed |= {Register(p): Register(count, (i,)) for i, p in enumerate(outputs)}
                count += 1
            steps += [relabelled(step, renamed) for step in by_part[part]]
        return regrouped(program, steps, guards, renamed, examples, count)

    def is_number(self, number: int) -> bool:
        """Whether a step computes a number from numbers."""
        return number in self.stands and number not in self.outside

    def find_wanted(self, guards: Sequence[Guard]) -> dict[int, list[int]]:
        """The numbers of each part that something outside the part uses."""
        ready = self.ready
        used = [[(step.args, step.kwargs) for step in self.others], [g.registers for g in guards]]
        asked = dict.fromkeys(r.number for r in registers_in((self.program.outputs, used)))
        for place, args in self.args.items():
            part = ready[place]
            for a in args:
                if a >= 0 and ready[a] != part:
                    asked[a] = None
        wanted: dict[int, list[int]] = defaultdict(list)
        for place in asked:
            if self.is_number(place):
                wanted[ready[place]].append(place)
        return wanted

    def divide_guards(self) -> tuple[list[Guard], dict[int, dict[str, list[int]]]]:
        """The guards that stay guards, and those that a block looks at itself, by its part."""
        demands: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        guards = []
        for guard in self.program.guards:
            rest = []
            for register in guard.registers:
                if self.is_number(register.number):
                    part = self.ready[register.number]
                    demands[part][guard.kind].append(self.stands[register.number])
                else:
                    rest.append(register)
            if rest:
                guards.append(guard._replace(registers=tuple(rest)))
        return guards, demands

    def block(
        self, members: list[int], outputs: list[int], demands: dict[str, list[int]]
    ) -> NumberBlock | None:
        """What computes the numbers of a part; None where nothing needs them."""
        stands = self.stands
        found = [stands[place] for place in outputs]
        needs = Needs(found, demands["true"], demands["false"], demands["finite"])
        if not any(needs):
            return None
        graph = NumberGraph(members, self.codes, self.args, self.kinds, self.constants, needs)
        return NumberBlock(graph, [self.kinds[place] for place in outputs])
