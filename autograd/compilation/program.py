"""A program: a straight line of calls, what it takes, what it gives, and when it holds.

This is what recording makes, what the passes of `optimise.PASSES` change (a pass is a function
`Program -> Program`), and what `emit` prints as source text.  Every number is set once, by an input
or by one step, and steps come after what they use.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np

from autograd.arrays.protocol import mapped

Call = Callable[..., Any]
Errors = tuple[tuple[str, str], ...]


class Register(NamedTuple):
    """A place in a program: the number of an input or of a step, and which output of it."""

    number: int
    output: tuple[int, ...] = ()


class Step(NamedTuple):
    """One call; arrays and numbers in its arguments are Registers or constants.

    number    of what it gives
    function  a NumPy function or ufunc method, a kernel of the engine, a function of `operator` or
              `math` (between Python numbers), or an object with a way to print itself (see
              `emit.Printed`)
    args, kwargs  with Registers in tuples, lists and dicts, however nested
    errors    NumPy's error settings in force (`np.errstate`) where they were not the usual ones
    """

    number: int
    function: Call
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    errors: Errors = ()

    @property
    def uses(self) -> list[Register]:
        """The registers in its arguments, in order, with repetitions."""
        return list(registers_in((self.args, self.kwargs)))


class Guard(NamedTuple):
    """A decision of the engine: where it differs, the function would do something else.

    kind       "true" or "false": what the condition in the one register was; "finite": all entries
               of all registers are finite
    """

    kind: Literal["true", "false", "finite"]
    registers: tuple[Register, ...]

    def holds(self, *found: Any) -> bool:
        """Whether it holds for these numbers."""
        if self.kind == "finite":
            return all(bool(np.all(np.isfinite(x))) for x in found)
        return all(bool(x) == (self.kind == "true") for x in found)


class DecisionDiffers(Exception):  # noqa: N818 (a signal, not an error)
    """A guard does not hold: the function is to be run as it is."""


@dataclass
class Program:
    """A straight line of calls.

    inputs    the numbers of what it takes
    steps     the calls, in order
    guards    the conditions under which the line is what the function would do
    outputs   what it gives: Registers, and constants
    examples  what each input and step was at the recording (a number, an array, or a tuple of
              these, by number): shapes, dtypes, and whether it is a Python number
    captured  ids of the arrays among the constants that belong to somebody else, who may write into
              them: nothing is computed from these beforehand
    views     the steps whose result shares memory with an argument
    count     how many numbers are taken
    saved     how many steps the passes dropped, by reason
    """

    inputs: list[int] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    guards: list[Guard] = field(default_factory=list)
    outputs: list[Any] = field(default_factory=list)
    examples: dict[int, Any] = field(default_factory=dict)
    captured: set[int] = field(default_factory=set)
    views: set[int] = field(default_factory=set)
    count: int = 0
    saved: dict[str, int] = field(default_factory=dict)

    def new_number(self) -> int:
        """A number that no input and no step has."""
        self.count += 1
        return self.count - 1

    def example(self, register: Register) -> Any:
        """What a register held at the recording."""
        return at(self.examples[register.number], register.output)

    def run(self, *inputs: Any) -> list[Any]:
        """The outputs at other inputs, one call after the other, slowly.

        DecisionDiffers where a guard does not hold."""
        if len(inputs) != len(self.inputs):
            raise ValueError(f"the program takes {len(self.inputs)} inputs, got {len(inputs)}")
        known: dict[int, Any] = dict(zip(self.inputs, inputs, strict=True))
        load: Callable[[Register], Any] = lambda register: at(
            known[register.number], register.output
        )
        for step in self.steps:
            args, kwargs = mapped((step.args, step.kwargs), Register, load)
            with np.errstate(**dict(step.errors)):  # type: ignore[arg-type]
                known[step.number] = step.function(*args, **kwargs)
        for guard in self.guards:
            if not guard.holds(*map(load, guard.registers)):
                raise DecisionDiffers("a decision of the engine differs at these inputs")
        return [load(y) if isinstance(y, Register) else y for y in self.outputs]

    def __len__(self) -> int:
        return len(self.steps)


def at(found: Any, output: tuple[int, ...]) -> Any:
    """One output of what a call gave."""
    for i in output:
        found = found[i]
    return found


def registers_in(x: Any) -> Iterator[Register]:
    """The registers in the arguments of a call."""
    if type(x) is Register:
        yield x
    elif isinstance(x, tuple | list):
        for part in x:
            yield from registers_in(part)
    elif isinstance(x, dict):
        for part in x.values():
            yield from registers_in(part)


def finite_arrays(register: Register, made: dict[int, Step]) -> list[Any] | None:
    """The arrays of which a condition says that all their entries are finite; None where it says
    something else.

    made   the steps by number
    """
    step = made.get(register.number)
    if step is None or register.output:
        return None
    f, args = step.function, step.args
    if f in (np.bitwise_and, operator.and_) and len(args) == 2:
        parts = [finite_arrays(x, made) if type(x) is Register else None for x in args]
        return None if None in parts else [r for part in parts for r in part or ()]
    if f is np.all and len(args) == 1 and type(args[0]) is Register and not step.kwargs:
        inner = made.get(args[0].number)
        if inner is not None and inner.function is np.isfinite and not args[0].output:
            return [inner.args[0]]
    return None
