"""Arrays and numbers that write down what is done to them.

A function runs once on them, through the engine as it is: the engine asks for a shape, a dtype and
NumPy's functions, and finds these here.  What it cannot ask for (an entry, a truth value) raises.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any, Final, final

import numpy as np

from autograd.arrays.protocol import ProtocolArray, mapped
from autograd.compilation.expansions import EXPANSIONS
from autograd.compilation.methods import ArrayMethods
from autograd.compilation.program import Errors, Guard, Program, Register, Step, finite_arrays
from autograd.engine import kernels
from autograd.engine.indexing import add_parts
from autograd.engine.node import Node
from autograd.engine.primitive import RECORDED_NUMBERS, Primitive
from autograd.engine.refusals import refuse

Call = Callable[..., Any]
NUMBERS: Final = frozenset((float, complex, int, bool))


class Unusual(Exception):  # noqa: N818 (a signal, not an error)
    """The engine would look at entries, as it does where a gradient is not finite: this call is run
    as it is, and the next one recorded."""


class CannotRecord(TypeError):  # noqa: N818 (an error that says what was done)
    """What the function does depends on numbers that only a call knows."""


class Recording:
    """One run of a function that is being written down.

    viewed   the numbers of what another array is a view of, and of views: writing into these would
             change two arrays
    usual    NumPy's error settings outside the function
    refused  the first error that was raised for what looks at entries: where the function catches
             it and goes on, what is recorded is not what it does
    """

    def __init__(self) -> None:
        self.program = Program()
        self.viewed: set[int] = set()
        self.usual: Any = np.geterr()
        self.refused: Exception | None = None

    def input(self, example: Any) -> Any:
        """One input more, with the numbers to record with: a Python number, or an array."""
        number = self.program.new_number()
        self.program.inputs.append(number)
        self.program.examples[number] = example
        self.viewed.add(number)
        return self.recorded(example, Register(number))

    def recorded(self, y: Any, register: Register) -> Any:
        """Recording arrays and numbers in place of what a call gave."""
        if isinstance(y, tuple | list):
            parts = [
                self.recorded(part, Register(register.number, (*register.output, i)))
                for i, part in enumerate(y)
            ]
            return type(y)(*parts) if hasattr(y, "_fields") else type(y)(parts)
        if type(y) in NUMBERS:
            return RecordingNumber(self, register, y)
        if isinstance(y, np.ndarray | np.generic):
            return RecordingArray(self, register, y)
        return y  # None, a string, a dtype: nothing that numbers decide

    def refusing(self, error: Exception) -> Exception:
        """The error, remembered: see `refused`."""
        self.refused = self.refused or error
        return error

    def write(self, function: Call, args: Any, kwargs: Any, example: Any, errors: Errors) -> int:
        """One step more; its number."""
        program = self.program
        number = program.count
        program.count += 1
        program.steps.append(Step(number, function, args, kwargs, errors))
        program.examples[number] = example
        return number

    def errors(self) -> Errors:
        """The error settings that differ from the usual ones."""
        found: Any = np.geterr()
        if found == self.usual:
            return ()
        return tuple((name, mode) for name, mode in found.items() if mode != self.usual[name])

    def call(self, function: Call, args: Any, kwargs: Any) -> Any:
        """The call, written down, and what it gives at the recording."""
        for x in (*args, *kwargs.values()):
            if isinstance(x, Recorded) and x.recording is not self:
                raise CannotRecord(
                    "arrays of two compiled functions meet in one call: pass what the inner one "
                    "uses to it as an argument"
                )
        examples = mapped((args, kwargs), Recorded, example_of)
        given = mapped((args, kwargs), Recorded, register_of)
        y = function(*examples[0], **examples[1])
        number = self.write(function, given[0], given[1], y, self.errors())
        self.note_views(y, number, args)
        return self.recorded(y, Register(number))

    def note_views(self, y: Any, number: int, args: Any) -> None:
        """Remember whether y is a view of an argument."""
        if type(y) is np.ndarray and y.base is None:
            return
        for x in args:
            if isinstance(x, Recorded) and shares(y, x.example):
                self.viewed.update((number, x.register.number))


def shares(y: Any, x: Any) -> bool:
    """Whether two results of calls have memory in common."""
    if isinstance(y, tuple | list):
        return any(shares(part, x) for part in y)
    if not isinstance(y, np.ndarray) or not isinstance(x, np.ndarray):
        return False
    return bool(np.may_share_memory(y, x))


def example_of(x: Recorded) -> Any:
    """What it held at the recording."""
    return x.example


def register_of(x: Recorded) -> Register:
    """Its place in the program."""
    return x.register


OPERATORS: Final[dict[Call, Call]] = {
    np.add: operator.add,
    np.subtract: operator.sub,
    np.multiply: operator.mul,
    np.true_divide: operator.truediv,
    np.power: operator.pow,
    np.matmul: operator.matmul,
    np.floor_divide: operator.floordiv,
    np.remainder: operator.mod,
}
"""The operator of each function that writes in place."""


class Recorded(ArrayMethods, ProtocolArray):
    """What a call gave while a function is recorded.

    It keeps what it was then, which tells shapes and dtypes and answers the engine's own decisions
    (each such answer becomes a guard); user code cannot look at it."""

    __slots__ = ("example", "recording", "register")

    example: Any
    recording: Recording
    register: Register

    def call(self, function: Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The call, written down."""
        return self.recording.call(function, args, kwargs)

    def may_meet(self, x: Any) -> bool:
        """Numbers, NumPy's arrays, and what is recorded."""
        return isinstance(
            x, Recorded | np.ndarray | np.generic | int | float | complex | list | tuple
        )

    def may_meet_class(self, kind: type) -> bool:
        """The same by class."""
        return issubclass(kind, Recorded | np.ndarray)

    def refusal(self, what: str) -> TypeError:
        """The error for what would look at the entries or change them."""
        error = CannotRecord(
            f"{what} of shape {self.shape} depends on numbers that differ from call to call, and a "
            "compiled function is recorded once: choose by np.where, compute with NumPy's "
            "functions (np.sin in place of math.sin), or pass what decides as an argument named in "
            "static=, for which one program is made each"
        )
        self.recording.refusing(error)
        return error

    def __compute_row__(self, op: Primitive, args: Any, params: dict[str, Any]) -> Any:
        """A kernel of the engine: the NumPy calls that it is made of, or one call."""
        if "index" in params:
            self.refuse_masks(args[1:])
        kernel = getattr(op.fn, "__wrapped__", op.fn)
        expansion = EXPANSIONS.get(kernel)
        if expansion is not None:
            return expansion(*args, **params)
        y = self.call(kernel, args, params)
        if type(self) is RecordingNumber and all(type(x) in PLAIN_OR_RECORDED for x in args):
            return self.as_number(y)
        return y

    def __compute_saving__(self, op: Primitive, args: Any, params: dict[str, Any]) -> Any:
        """What a row computes that saves something for its rule."""
        assert op.saves is not None
        expansion = EXPANSIONS.get(op.saves)
        if expansion is not None:
            return expansion(*args, **params)
        return self.call(op.saves, args, params)

    def __usually__(self) -> bool:
        """The engine decides by this condition: the answer becomes a guard."""
        answer = bool(self.example)
        if not answer and self.is_about_finite():
            raise self.recording.refusing(Unusual("a gradient is not finite"))
        guard = Guard("true" if answer else "false", (self.register,))
        self.recording.program.guards.append(guard)
        return answer

    def constant_like(self, number: int) -> Any:
        """A number, or an array that is filled with it, of the class, shape and dtype of this."""
        if isinstance(self.example, np.ndarray):
            return np.full(self.shape, number, self.dtype)
        return type(self.example)(number)

    def __copy_if_aliased__(self, taken: set[int]) -> Any:
        """What is handed out as a result, in memory of its own."""
        x: Any = self
        if isinstance(self.example, np.ndarray):
            if self.example.base is not None or id(self) in taken:
                x = np.copy(x, order="K")
            taken.add(id(x))
        return x

    def is_about_finite(self) -> bool:
        """Whether this is the condition that everything is finite: where it is not, the engine
        looks at entries."""
        made = {step.number: step for step in self.recording.program.steps}
        return finite_arrays(self.register, made) is not None

    def in_place(self, function: Call, other: Any) -> Any:
        """`x += other` on an array made inside: the object is what comes out, for whoever has it;
        refused where the caller, or another array, would see the change, and for a Value, which
        NumPy's arrays refuse too."""
        if type(self.example) is not np.ndarray:  # a number does not change: `+=` makes another
            return OPERATORS[function](self, other)
        if isinstance(other, Node):
            refuse("array += v, with a Value v, into a plain array")
        if self.register.number in self.recording.viewed:
            raise CannotRecord(
                "writing in place (+=, -=, ...) into an argument, or into an array with views: "
                "write x = x + y, and return what is new"
            )
        y = self.call(function, (self, other), {})
        if not isinstance(y, RecordingArray):
            return y
        if y.shape != self.shape or not np.can_cast(y.dtype, self.dtype, "same_kind"):
            raise CannotRecord(f"the sum of shape {y.shape} and {y.dtype} does not fit into {self}")
        if y.dtype != self.dtype:
            y = y.astype(self.dtype)
        self.register, self.example = y.register, y.example
        return self

    def __iadd__(self, other: Any) -> Any:
        return self.in_place(np.add, other)

    def __isub__(self, other: Any) -> Any:
        return self.in_place(np.subtract, other)

    def __imul__(self, other: Any) -> Any:
        return self.in_place(np.multiply, other)

    def __itruediv__(self, other: Any) -> Any:
        return self.in_place(np.true_divide, other)

    def __ipow__(self, other: Any) -> Any:
        return self.in_place(np.power, other)

    def __ifloordiv__(self, other: Any) -> Any:
        return self.in_place(np.floor_divide, other)

    def __imod__(self, other: Any) -> Any:
        return self.in_place(np.remainder, other)

    def __imatmul__(self, other: Any) -> Any:
        return self.in_place(np.matmul, other)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        raise self.refusal("np.asarray or np.array (numbers are joined by np.stack)")

    def __iter__(self) -> Any:
        if not self.shape:
            raise self.refusal("iteration")
        return (self[i] for i in range(self.shape[0]))

    def __round__(self, digits: int = 0) -> Any:
        return np.round(self, digits)

    def __str__(self) -> str:
        raise self.refusal("the text (str, print, an f-string)")

    def __format__(self, spec: str) -> str:
        raise self.refusal("the text (format, an f-string)")

    def __repr__(self) -> str:
        return f"<{self.dtype} {self.shape}, known when the compiled function is called>"


@final
class RecordingArray(Recorded):
    """An array, or a number of NumPy's.

    >>> import numpy as np
    >>> from autograd import grad
    >>> recording = Recording()
    >>> x = recording.input(np.array([1.0, 2.0]))
    >>> slope = grad(lambda x: np.sum(x * x * x))(x)
    >>> recording.program.outputs = [slope.register]
    >>> recording.program.run(np.array([3.0, 4.0]))
    [array([27., 48.])]
    """

    __slots__ = ()

    def __init__(self, recording: Recording, register: Register, example: Any) -> None:
        self.recording, self.register, self.example = recording, register, example

    @property
    def shape(self) -> tuple[int, ...]:  # type: ignore[override]
        """The shape; it cannot be set."""
        found: tuple[int, ...] = self.example.shape
        return found

    @property
    def dtype(self) -> Any:  # type: ignore[override]
        """The dtype; it cannot be set."""
        return self.example.dtype

    @property
    def is_recorded_array(self) -> bool:
        """Whether NumPy's array stood here, to which a walk would add in place."""
        return type(self.example) is np.ndarray

    def add_parts(self, *args: Any, **params: Any) -> Any:
        """A cotangent of this array with more added to entries of it."""
        return self.recording.call(add_parts, args, params)

    def __pow__(self, other: Any) -> Any:
        return self.power(self, other)

    def __rpow__(self, other: Any) -> Any:
        return self.power(other, self)

    def power(self, x: Any, y: Any) -> Any:
        """x ** y: of NumPy's numbers as they compute it, which rounds otherwise than `np.power`."""
        numbers = [getattr(z, "example", z) for z in (x, y)]
        if all(isinstance(z, np.generic) or type(z) in NUMBERS for z in numbers):
            return self.call(operator.pow, (x, y), {})
        return np.power(x, y)

    def copy(self, order: str = "C") -> Any:
        """The same numbers in memory of their own."""
        return np.copy(self, order=order) if isinstance(self.example, np.ndarray) else self  # type: ignore[call-overload]


# --- Python numbers -----------------------------------------------------------------------------
FLOAT, BOOL, INT, COMPLEX = np.dtype(float), np.dtype(bool), np.dtype(int), np.dtype(complex)
DTYPES: Final = {float: FLOAT, bool: BOOL, int: INT, complex: COMPLEX}


@final
class RecordingNumber(Recorded):
    """A Python number: beside arrays it keeps their dtype, and Python computes with it."""

    __slots__ = ()

    def __init__(self, recording: Recording, register: Register, example: Any) -> None:
        self.recording, self.register, self.example = recording, register, example

    @property
    def shape(self) -> tuple[int, ...]:  # type: ignore[override]
        """No axes."""
        return ()

    @property
    def dtype(self) -> Any:  # type: ignore[override]
        """The dtype that NumPy has for numbers of this class."""
        return DTYPES[type(self.example)]

    @property
    def kind(self) -> type:
        """The class of the number."""
        return type(self.example)

    @property
    def __number__(self) -> Any:
        """A number of its class: the engine gives a gradient that belongs to it the same."""
        return type(self.example)(1)

    def to_number(self, c: Any) -> Any:
        """c, a number of NumPy's, as a Python number."""
        kind = complex if type(self.example) is complex else float
        if isinstance(c, RecordingArray):
            return self.recording.call(kind, (c,), {})
        return c if isinstance(c, RecordingNumber) else kind(c)

    def are_finite(self, numbers: Sequence[RecordingNumber]) -> bool:
        """The engine decides by whether these numbers are finite: one guard."""
        answer = bool(np.all(np.isfinite([x.example for x in numbers])))
        if answer:
            registers = tuple([x.register for x in numbers])
            self.recording.program.guards.append(Guard("finite", registers))
            return True
        raise self.recording.refusing(Unusual("a gradient is not finite"))

    def to_numpy(self) -> Any:
        """The number as a double of NumPy's, which is divided by zero without an error."""
        return self.recording.call(np.float64, (self,), {})

    def copy(self, order: str = "C") -> RecordingNumber:
        """The number as the data of a Value."""
        return RecordingNumber(self.recording, self.register, self.example)

    def astype(self, dtype: Any, order: str = "K", **options: Any) -> Any:
        """The number as one of NumPy's."""
        return self.as_number(self.recording.call(np.dtype(dtype).type, (self,), {}))

    def compute_row(self, op: Primitive, args: Any, params: dict[str, Any]) -> Any:
        """A row of the engine, asked by `Primitive.compute`: of floats alone it gives one."""
        if not all(type(x) in PLAIN_OR_RECORDED for x in args):
            return op.fn(*args, **params)
        if op.key is np.where and type(getattr(args[0], "example", args[0])) is bool:
            return self.recording.call(kernels.where, args, {})
        if not are_floats(args):
            return op.fn(*args, **params)
        if op.kind == "elementwise":
            return self.twin(op, args, params)
        return self.as_number(op.fn(*args, **params))

    def twin(self, op: Primitive, args: Any, kwargs: Any) -> Any:
        """A row on Python numbers, as `Primitive.compute` has it."""
        if op.scalar is not None and not kwargs:
            try:
                return self.recording.call(op.scalar, args, {})
            except (ArithmeticError, ValueError):
                pass
        function = op.key if op.portable is not None else op.fn
        y = self.recording.call(function, args, kwargs)
        return self.as_number(y)

    def as_number(self, y: Any) -> Any:
        """NumPy's double as Python's, as `Primitive.compute` has it; anything else as it is."""
        is_double = isinstance(y, Recorded) and type(y.example) is np.float64
        return self.to_number(y) if is_double else y

    def __getitem__(self, index: Any) -> Any:
        return self if index == () else super().__getitem__(index)


def are_floats(args: Any) -> bool:
    """Whether the first and the last argument are floats or ints, as `Primitive.compute` asks."""
    return all(type(getattr(x, "example", x)) in (float, int) for x in (args[0], args[-1]))


PLAIN_OR_RECORDED: Final = NUMBERS | {RecordingNumber}
RECORDED_NUMBERS.add(RecordingNumber)


new_tuple: Final = tuple.__new__
new_object: Final = object.__new__
NO_KEYWORDS: Final[dict[str, Any]] = {}


def step_of_numbers(
    recording: Recording, function: Call, args: tuple[Any, ...], y: Any
) -> RecordingNumber:
    """`Recording.write` for an operator of numbers, and the number that it gives: a scalar network
    makes tens of thousands, so the objects are made without a detour."""
    program = recording.program
    number = program.count
    program.count = number + 1
    program.steps.append(new_tuple(Step, (number, function, args, NO_KEYWORDS, ())))
    program.examples[number] = y
    made = new_object(RecordingNumber)
    made.recording = recording
    made.register = new_tuple(Register, (number, ()))
    made.example = y
    return made


COMPARISONS: Final = ("lt", "le", "gt", "ge", "eq", "ne")


def python_operator(function: Call, name: str) -> None:
    """Give recording numbers a Python operator, forward and reflected."""
    general = getattr(ProtocolArray, f"__{name}__")
    reflected = getattr(ProtocolArray, f"__r{name}__", None)
    is_power = name == "pow"

    def written(y: Any) -> Call:
        """What computes y: a power of floats that is one, and not complex, for all numbers."""
        return math.pow if is_power and type(y) is float else function

    def forward(self: RecordingNumber, other: Any) -> Any:
        kind = type(other)
        if kind is RecordingNumber and other.recording is self.recording:
            recording = self.recording
            y = function(self.example, other.example)
            args = (self.register, other.register)
        elif kind in NUMBERS:
            recording = self.recording
            y = function(self.example, other)
            args = (self.register, other)
        elif isinstance(other, Node):
            return NotImplemented  # as a Python number gives: the Value computes
        else:
            return general(self, other)
        return step_of_numbers(recording, written(y), args, y)

    def backward(self: RecordingNumber, other: Any) -> Any:
        if type(other) not in NUMBERS:
            return reflected(self, other)  # type: ignore[misc]
        recording = self.recording
        y = function(other, self.example)
        args = (other, self.register)
        return step_of_numbers(recording, written(y), args, y)

    setattr(RecordingNumber, f"__{name}__", forward)
    if reflected is not None:
        setattr(RecordingNumber, f"__r{name}__", backward)


for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", *COMPARISONS):
    python_operator(getattr(operator, name), name)


def python_unary(function: Call, name: str) -> None:
    """Give recording numbers a Python operator of one operand."""

    def unary(self: RecordingNumber) -> Any:
        y = function(self.example)
        number = self.recording.write(function, (self.register,), {}, y, ())
        return RecordingNumber(self.recording, Register(number), y)

    setattr(RecordingNumber, f"__{name}__", unary)


for name in ("neg", "pos", "abs"):
    python_unary(getattr(operator, name), name)
