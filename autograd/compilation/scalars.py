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
from dataclasses import replace
from typing import Any, Final, final

import numpy as np

from autograd.compilation.emit import Printed, Printer
from autograd.compilation.number_graph import SAME_CODE, Constants, Needs, NumberGraph
from autograd.compilation.number_source import DIFFERS, RELU, WHERE, Namer, NumberSource
from autograd.compilation.program import Guard, Program, Register, Step, registers_in
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
    **{builtins.abs: operator.abs, kernels.relu_scalar: RELU, kernels.where: WHERE},
}
"""Functions of single numbers that are grouped, and the code each one goes by; ufuncs besides."""

BOOL_FUNCTIONS: Final[dict[Any, Any]] = {
    **{np.bitwise_and: operator.and_, np.bitwise_or: operator.or_, np.bitwise_xor: operator.xor},
    **{operator.and_: operator.and_, operator.or_: operator.or_, operator.xor: operator.xor},
    **{np.invert: operator.invert, np.all: np.all, np.any: np.any},
}
"""The same for functions of bools."""


@final
class NumberBlock(Printed):
    """A function of a tuple of numbers that returns a list of numbers.

    FloatingPointError where a decision that was made at the recording, by the engine or by Python
    (which raises for 1 / 0.0), is another one for these numbers."""

    __name__ = "numbers"

    def __init__(self, graph: NumberGraph, inputs: Sequence[int], outputs: Sequence[int]) -> None:
        self.graph, self.inputs, self.outputs = graph, inputs, outputs

    def __call__(self, given: Sequence[float]) -> list[Any]:
        """The numbers, by a text of its own: for `Program.run`, which prints nothing."""
        names = Names()
        size, lines = self.body(names)
        text = "\n".join(["def numbers(given, v):", *indented(lines), "    return found"])
        exec(compile(text, "<numbers>", "exec"), names.found)
        found: list[Any] = names.found["numbers"](given, np.empty(size))
        return found

    def lines(self, printer: Printer, step: Step) -> list[str]:
        """The text, in the text of a program."""
        size, lines = self.body(printer)
        given = printer.argument(step.args[0])
        v, found = printer.buffer((size,), np.float64), printer.name(Register(step.number))
        return [f"v, given = {v}, {given}", *lines, f"{found} = found"]

    def body(self, namer: Namer) -> tuple[int, list[str]]:
        """The size of the array that the text works in, and its lines."""
        text = NumberSource(self.graph, self.inputs, self.outputs, namer)
        return text.size, [
            "try:",
            "    with np.errstate(all='ignore'):",
            *indented(indented(text.lines)),
            "except (ArithmeticError, TypeError, ValueError) as error:",
            f"    raise FloatingPointError({DIFFERS!r}) from error",
        ]


class Names:
    """What stands for the names in a text that is run at once."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {"np": np}

    def constant(self, thing: Any, hint: str = "c") -> str:
        """The name of an object."""
        name = f"{hint}{len(self.found)}"
        self.found[name] = thing
        return name

    def function(self, f: Any) -> str:
        """The name of a function."""
        return self.constant(f, f.__name__)


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


class Numbers:
    """The numbers of a program, and which part of it they can be computed in.

    Parts alternate: numbers, then arrays that are computed from them, then numbers that are
    computed from these.  The place of a number is that of its step.

    codes    the functions of the numbers that steps compute, by place
    args     their operands
    kinds    the classes of all numbers
    outside  the registers of the numbers that come from elsewhere, by place
    parts    of each number, and of each input and step that is none
    others   the steps that are none
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.constants = Constants()
        self.kinds: dict[int, type] = {}
        self.codes: dict[int, Any] = {}
        self.args: dict[int, tuple[int, ...]] = {}
        self.outside: dict[int, Register] = {}
        self.entries: dict[Register, int] = {}
        self.parts: dict[int, int] = dict.fromkeys(program.inputs, -1)
        self.others: list[Step] = []
        self.take_steps()

    def take_steps(self) -> None:
        """Take the steps that compute a number from numbers."""
        examples, parts, kinds = self.program.examples, self.parts, self.kinds
        codes, known_codes = self.codes, dict[Any, Any]()
        for step in self.program.steps:
            number, function, args, kwargs, _ = step
            kind = type(examples[number])
            if kind in KINDS and not kwargs:
                try:
                    code = known_codes[function, kind]
                except KeyError:
                    code = known_codes[function, kind] = code_of(function, kind)
                except TypeError:  # a method of an array, which has no hash
                    code = None
                operands = None if code is None else self.operands(args)
                if operands:
                    part = 0
                    for operand in operands:
                        if operand >= 0:
                            found = parts[operand] if operand in codes else self.part(operand) + 1
                            if found > part:
                                part = found
                    kinds[number] = kind
                    codes[number] = code
                    self.args[number] = operands
                    parts[number] = part
                    continue
            self.others.append(step)
            found = [parts[register.number] for register in registers_in((args, kwargs))]
            parts[number] = max([0, *found])

    def operands(self, args: tuple[Any, ...]) -> tuple[int, ...] | None:
        """The arguments of a step as numbers; None where one is none."""
        found = []
        for x in args:
            kind = type(x)
            if kind is Register:
                place = x[0]
                if place not in self.codes:
                    known = self.entries.get(x)
                    place = self.enter(x) if known is None else known
                    if place < 0:
                        return None
                found.append(place)
            elif kind in CONSTANTS and (kind is not int or abs(x) <= EXACT_INTEGERS):
                found.append(self.constants.operand(x))
            else:
                return None
        return tuple(found) if len(found) <= 3 else None

    def enter(self, register: Register) -> int:
        """The place of a number that comes from elsewhere; -1 where the register has no number."""
        kind = type(self.program.example(register))
        place = -1
        if kind in KINDS:
            place = register.number if not register.output else self.program.count + len(self.outside)
            self.kinds[place], self.outside[place] = kind, register
        self.entries[register] = place
        return place

    def part(self, place: int) -> int:
        """The part after which a number from elsewhere is known."""
        return self.parts[self.outside[place].number]

    def register(self, place: int) -> Register:
        """The register of a number."""
        return self.outside[place] if place in self.outside else Register(place)

    # --- the program anew -------------------------------------------------------------------------
    def grouped(self) -> Program:
        """The program with a block for the numbers of each part."""
        program, parts = self.program, self.parts
        guards, demands = self.divide_guards()
        members: dict[int, list[int]] = defaultdict(list)
        by_part: dict[int, list[Step]] = defaultdict(list)
        for place in self.codes:
            members[parts[place]].append(place)
        for step in self.others:
            by_part[parts[step.number]].append(step)
        wanted = self.find_wanted(guards)
        steps: list[Step] = []
        renamed: dict[Register, Register] = {}
        examples, count = dict(program.examples), program.count
        for part in sorted({*members, *by_part}):
            outputs = wanted[part]
            block = self.block(members[part], outputs, demands[part])
            if block is not None:
                given = tuple([renamed.get(r, r) for r in map(self.register, block.inputs)])
                steps.append(Step(count, block, (given,), {}))
                examples[count] = [examples[place] for place in outputs]
                renamed |= {Register(p): Register(count, (i,)) for i, p in enumerate(outputs)}
                count += 1
            for step in by_part[part]:
                args, kwargs = relabel((step.args, step.kwargs), renamed)
                steps.append(step._replace(args=args, kwargs=kwargs))
        return replace(
            program,
            steps=steps,
            guards=[g._replace(registers=relabel(g.registers, renamed)) for g in guards],
            outputs=relabel(program.outputs, renamed),
            examples=examples,
            count=count,
        )

    def find_wanted(self, guards: Sequence[Guard]) -> dict[int, list[int]]:
        """The numbers of each part that something outside the part uses."""
        codes, parts = self.codes, self.parts
        used = [[(step.args, step.kwargs) for step in self.others], [g.registers for g in guards]]
        asked = dict.fromkeys(r.number for r in registers_in((self.program.outputs, used)))
        for place, args in self.args.items():
            for a in args:
                if a in codes and parts[a] != parts[place]:
                    asked[a] = None
        wanted: dict[int, list[int]] = defaultdict(list)
        for place in asked:
            if place in codes:
                wanted[parts[place]].append(place)
        return wanted

    def divide_guards(self) -> tuple[list[Guard], dict[int, dict[str, list[int]]]]:
        """The guards that stay guards, and those that a block looks at itself, by its part."""
        demands: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        guards = []
        for guard in self.program.guards:
            rest = []
            for register in guard.registers:
                if register.number in self.codes:
                    demands[self.parts[register.number]][guard.kind].append(register.number)
                else:
                    rest.append(register)
            if rest:
                guards.append(guard._replace(registers=tuple(rest)))
        return guards, demands

    def block(
        self, members: list[int], outputs: list[int], demands: dict[str, list[int]]
    ) -> NumberBlock | None:
        """What computes the numbers of a part; None where nothing needs them."""
        needs = Needs(outputs, demands["true"], demands["false"], demands["finite"])
        if not any(needs):
            return None
        inside = set(members)
        outside = sorted({a for place in members for a in self.args[place] if a >= 0} - inside)
        codes = {**dict.fromkeys(outside), **{place: self.codes[place] for place in members}}
        graph = NumberGraph(codes, self.args, self.kinds, self.constants, needs)
        return NumberBlock(graph, [place for place in outside if place in graph.codes], outputs)


def relabel(x: Any, renamed: dict[Register, Register]) -> Any:
    """The arguments of a call with other registers."""
    if type(x) is Register:
        return renamed.get(x, x)
    if isinstance(x, tuple | list):
        parts = [relabel(part, renamed) for part in x]
        return type(x)(*parts) if hasattr(x, "_fields") else type(x)(parts)
    if isinstance(x, dict):
        return {key: relabel(part, renamed) for key, part in x.items()}
    return x
