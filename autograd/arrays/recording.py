"""An array that writes down what is done to it: a straight line of NumPy calls, to run again.

A function runs once on such arrays, through the engine as it is; what comes out is a `Program`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, final

import numpy as np

from autograd.arrays.protocol import ProtocolArray, mapped

Call = Callable[..., Any]


class Register(NamedTuple):
    """A place in a program: the number of an input or of a call, and which output of it."""

    number: int
    output: tuple[int, ...] = ()


class Step(NamedTuple):
    """One call of a program; arrays in its arguments are Registers."""

    number: int
    function: Call
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Guard(NamedTuple):
    """A condition that the engine decided by, and the answer that it had."""

    register: Register
    answer: bool


@dataclass
class Program:
    """A straight line of calls.

    inputs  the numbers of what it takes
    steps   the calls, in order
    guards  the conditions under which the line is what the function would do
    """

    inputs: list[int] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    guards: list[Guard] = field(default_factory=list)

    def new_number(self) -> int:
        """A number that no input and no call has."""
        return len(self.inputs) + len(self.steps)

    def input(self, example: Any) -> RecordingArray:
        """One input more, with the entries to record with."""
        number = self.new_number()
        self.inputs.append(number)
        return RecordingArray(self, Register(number), example)

    def run(self, outputs: Any, *inputs: Any) -> Any:
        """The outputs (RecordingArrays, in tuples and lists) at other inputs.

        ValueError where a guard does not hold: the line is not what the function would do there."""
        if len(inputs) != len(self.inputs):
            raise ValueError(f"the program takes {len(self.inputs)} inputs, got {len(inputs)}")
        known: dict[int, Any] = dict(zip(self.inputs, inputs, strict=True))

        def load(register: Register) -> Any:
            found = known[register.number]
            for i in register.output:
                found = found[i]
            return found

        for number, function, args, kwargs in self.steps:
            filled = mapped(args, Register, load)
            known[number] = function(*filled, **mapped(kwargs, Register, load))
        for register, answer in self.guards:
            if bool(load(register)) != answer:
                raise ValueError("a decision of the engine differs at these inputs: run it anew")
        return mapped(outputs, RecordingArray, lambda x: load(x.register))

    def __len__(self) -> int:
        return len(self.steps)


@final
class RecordingArray(ProtocolArray):
    """An input of a program, or what one of its calls gave.

    It keeps the entries that the recording was made with, which tell shapes and dtypes and answer
    the engine's own decisions (each such answer becomes a guard); user code cannot look at them.

    >>> import numpy as np
    >>> from autograd import grad
    >>> program = Program()
    >>> x = program.input(np.array([1.0, 2.0]))
    >>> slope = grad(lambda x: np.sum(x * x * x))(x)
    >>> program.run(slope, np.array([3.0, 4.0]))
    array([27., 48.])
    """

    __slots__ = ("example", "program", "register")

    def __init__(self, program: Program, register: Register, example: Any) -> None:
        self.program, self.register, self.example = program, register, example
        self.shape, self.dtype = np.shape(example), np.asarray(example).dtype

    def call(self, function: Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The call, written down, and what it gives at the recording."""
        for x in (*args, *kwargs.values()):
            if isinstance(x, RecordingArray) and x.program is not self.program:
                raise TypeError("arrays of two recordings cannot meet in one call")
        y = function(
            *mapped(args, RecordingArray, lambda x: x.example),
            **mapped(kwargs, RecordingArray, lambda x: x.example),
        )
        number = self.program.new_number()
        self.program.steps.append(
            Step(
                number,
                function,
                mapped(args, RecordingArray, lambda x: x.register),
                mapped(kwargs, RecordingArray, lambda x: x.register),
            )
        )
        return self.output(y, Register(number))

    def output(self, y: Any, register: Register) -> Any:
        """Recording arrays in place of the arrays in y."""
        if isinstance(y, tuple | list):
            parts = [
                self.output(part, Register(register.number, (*register.output, i)))
                for i, part in enumerate(y)
            ]
            return type(y)(*parts) if hasattr(y, "_fields") else type(y)(parts)
        return RecordingArray(self.program, register, y)

    def __compute_row__(self, op: Any, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        """A kernel of the engine, as one call."""
        if "index" in params:
            self.refuse_masks(args[1:])
        return self.call(op.fn, args, params)

    def __usually__(self) -> bool:
        """The engine decides by this condition: the answer becomes a guard."""
        answer = bool(self.example)
        self.program.guards.append(Guard(self.register, answer))
        return answer
