"""Value: a number or an array that remembers how it was computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, Final, final

import numpy as np

from autograd.engine import dispatch, kernels, reverse, serialise
from autograd.engine.array_methods import ArrayMethods
from autograd.engine.conversion import describe, to_constant, to_data
from autograd.engine.cotangents import seed_of, zero_of
from autograd.engine.dispatch import COMPOSITES
from autograd.engine.primitive import ABSENT, MANY, TABLE, Node, Primitive, declare

ADD, SUBTRACT, MULTIPLY = declare(np.add), declare(np.subtract), declare(np.multiply)
DIVIDE, POWER, NEGATIVE = declare(np.divide), declare(np.power), declare(np.negative)
FLOOR_DIVIDE, REMAINDER = declare(np.floor_divide), declare(np.remainder)
MATMUL, ABSOLUTE, POSITIVE = declare(np.matmul), declare(np.absolute), declare(np.positive)
GETITEM, GET_OUTPUT = declare(kernels.getitem), declare(kernels.get_output)

HOOKS: Final[dict[str, Callable[..., Any]]] = {}
"""Views of a Value that packages above this one provide: `graph` and `mimebundle`."""

watch: Callable[[Any], None] | None = None
"""What `autograd.debug` hangs in here to see every Value that is computed."""

next_serial = count(1).__next__
new_object = object.__new__


@final
class Value(ArrayMethods):
    """A number or an array, the operation that made it, and its inputs.

    A Value is what is differentiated; everything else is a constant.  Floats and complex numbers
    keep their dtype, integers and bools become float64, arrays are copied.

    data    the number or array
    op      the `Primitive` that made it, None for a leaf
    inputs  Values and constants that the operation took, a tuple
    params  its keyword parameters, or None
    serial  a global count: inputs are always older than the outcome
    grad    the gradient that `backward` left; zero before

    Raises TypeError for strings, None, object arrays and lists that hold Values.

    >>> a, b = Value(2.0), Value(-3.0, label="b")
    >>> y = (a * b + 10) ** 2
    >>> y.backward()
    >>> y.data, a.grad, b.grad
    (16.0, -24.0, 16.0)
    """

    # One or two inputs stand in slots of their own: a tuple beside every node would be a second
    # object to make, to free and for the garbage collector to visit; in a graph of 60,000 numbers
    # that took three quarters of the time.
    __slots__ = ("data", "op", "_first", "_second", "params", "serial", "_grad", "_notes")

    data: Any
    op: Primitive | None
    params: dict[str, Any] | None
    serial: int

    def __init__(self, data: Any, label: str = "") -> None:
        self.data = data if type(data) is float else to_data(data)
        self.op = None
        self._first: Any = ABSENT
        self._second: Any = ABSENT
        self.params = None
        self.serial = next_serial()
        self._grad: Any = None
        self._notes: dict[str, Any] | None = {"label": label} if label else None

    def __init_subclass__(cls) -> None:
        raise TypeError("Value is final: keep one in a field of your class")

    @property
    def inputs(self) -> tuple[Any, ...]:
        """The Values and constants that the operation took; () for a leaf."""
        if self._second is ABSENT:
            return () if self._first is ABSENT else (self._first,)
        if self._second is MANY:
            return self._first
        return (self._first, self._second)

    @inputs.setter
    def inputs(self, inputs: tuple[Any, ...]) -> None:
        if len(inputs) > 2:
            self._first, self._second = inputs, MANY
        else:
            self._first, self._second = (*inputs, ABSENT, ABSENT)[:2]

    # --- gradient -------------------------------------------------------------------------------
    @property
    def grad(self) -> Any:
        """The gradient, in the shape and dtype of the data; zero where none was computed."""
        return zero_of(self.data) if self._grad is None else self._grad

    @grad.setter
    def grad(self, g: Any) -> None:
        self._grad = None if g is None else seed_of(g, self.data, "the gradient")

    @property
    def has_grad(self) -> bool:
        """True where a gradient was computed or set since the last `zero_grad`.

        >>> x, unused = Value(2.0), Value(3.0)
        >>> (x * x).backward()
        >>> x.has_grad, unused.has_grad
        (True, False)
        """
        return self._grad is not None

    def backward(self, seed: Any = None, create_graph: bool = False) -> None:
        """Leave d self / d v in `v.grad` for every node v of the graph.

        Leaves add to the gradient that they have; every other node shows that of this call.
        `seed`, in the shape of this Value, is the cotangent to start from: v.grad becomes the
        vector-Jacobian product.  With `create_graph` the gradients are Values, to differentiate
        again.  Raises ValueError where a seed is missing or has another shape.

        >>> x = Value([1.0, 2.0])
        >>> (x * x).backward(seed=[1.0, 10.0])
        >>> x.grad
        array([ 2., 40.])
        """
        reverse.backward(self, seed, create_graph)

    def zero_grad(self) -> None:
        """Forget the gradient: it reads as zero again."""
        self._grad = None

    # --- description ----------------------------------------------------------------------------
    @property
    def label(self) -> str:
        """The name that drawings and error messages use."""
        return "" if self._notes is None else self._notes.get("label", "")

    @label.setter
    def label(self, text: str) -> None:
        self._notes = {**(self._notes or {}), "label": text}

    @property
    def source(self) -> str:
        """The user's `file:line` that made this node, known inside `autograd.debug()`."""
        return "" if self._notes is None else self._notes.get("source", "")

    def __repr__(self) -> str:
        name = f", label={self.label!r}" if self.label else ""
        return f"Value(data={self.data!r}, grad={self.grad!r}{name})"

    def __format__(self, spec: str) -> str:
        return format(self.data, spec) if spec else repr(self)

    @property
    def _prev(self) -> set[Value]:
        """micrograd's name for the inputs that are Values."""
        return {x for x in self.inputs if type(x) is Value}

    @property
    def _op(self) -> str:
        """micrograd's name for the symbol of the operation."""
        return "" if self.op is None else self.op.symbol

    def graph(self, **options: Any) -> Any:
        """The computation graph of this Value, to print, show or save; see `autograd.views`."""
        return HOOKS["graph"](self, **options)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What a notebook shows: the numbers, and a small graph as a picture."""
        return HOOKS["mimebundle"](self)

    # --- arithmetic -----------------------------------------------------------------------------
    def __add__(self, other: Any) -> Value:
        if type(other) is Value:
            data = self.data + other.data
        elif type(other) is float or type(other) is int:
            data = self.data + other
        else:
            return infix(ADD, self, other)
        v: Value = new_object(Value)  # `node`, spelt out: sums and products are most of a program
        v.data = data
        v.op = ADD
        v._first = self
        v._second = other
        v.params = None
        v.serial = next_serial()
        v._grad = None
        v._notes = None
        if watch is not None:
            watch(v)
        return v

    def __radd__(self, other: Any) -> Value:
        if type(other) is float or type(other) is int:
            return pair(other + self.data, ADD, other, self)
        return infix(ADD, other, self)

    def __sub__(self, other: Any) -> Value:
        if type(other) is Value:
            return pair(self.data - other.data, SUBTRACT, self, other)
        if type(other) is float or type(other) is int:
            return pair(self.data - other, SUBTRACT, self, other)
        return infix(SUBTRACT, self, other)

    def __rsub__(self, other: Any) -> Value:
        if type(other) is float or type(other) is int:
            return pair(other - self.data, SUBTRACT, other, self)
        return infix(SUBTRACT, other, self)

    def __mul__(self, other: Any) -> Value:
        if type(other) is Value:
            data = self.data * other.data
        elif type(other) is float or type(other) is int:
            data = self.data * other
        else:
            return infix(MULTIPLY, self, other)
        v: Value = new_object(Value)  # `node`, spelt out: sums and products are most of a program
        v.data = data
        v.op = MULTIPLY
        v._first = self
        v._second = other
        v.params = None
        v.serial = next_serial()
        v._grad = None
        v._notes = None
        if watch is not None:
            watch(v)
        return v

    def __rmul__(self, other: Any) -> Value:
        if type(other) is float or type(other) is int:
            return pair(other * self.data, MULTIPLY, other, self)
        return infix(MULTIPLY, other, self)

    def __truediv__(self, other: Any) -> Value:
        if type(other) is Value:
            try:
                return pair(self.data / other.data, DIVIDE, self, other)
            except ZeroDivisionError:  # of Python floats: NumPy says infinity
                pass
        return infix(DIVIDE, self, other)

    def __rtruediv__(self, other: Any) -> Value:
        return infix(DIVIDE, other, self)

    def __floordiv__(self, other: Any) -> Value:
        return infix(FLOOR_DIVIDE, self, other)

    def __rfloordiv__(self, other: Any) -> Value:
        return infix(FLOOR_DIVIDE, other, self)

    def __mod__(self, other: Any) -> Value:
        return infix(REMAINDER, self, other)

    def __rmod__(self, other: Any) -> Value:
        return infix(REMAINDER, other, self)

    def __divmod__(self, other: Any) -> tuple[Value, Value]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple[Value, Value]:
        return other // self, other % self

    def __pow__(self, other: Any) -> Value:
        if type(self.data) is float and (type(other) is int or type(other) is float):
            try:
                return pair(POWER.scalar(self.data, other), POWER, self, other)
            except (ArithmeticError, ValueError):  # NumPy says infinity or NaN
                pass
        return infix(POWER, self, other)

    def __rpow__(self, other: Any) -> Value:
        return infix(POWER, other, self)

    def __matmul__(self, other: Any) -> Value:
        return infix(MATMUL, self, other)

    def __rmatmul__(self, other: Any) -> Value:
        return infix(MATMUL, other, self)

    def __neg__(self) -> Value:
        return node(-self.data, NEGATIVE, (self,))

    def __pos__(self) -> Value:
        return node(+self.data, POSITIVE, (self,))

    def __abs__(self) -> Value:
        return node(abs(self.data), ABSOLUTE, (self,))

    def __round__(self, digits: int | None = None) -> Value:
        return self.round(digits or 0)

    # --- items ----------------------------------------------------------------------------------
    def __getitem__(self, index: Any) -> Value:
        plain, unique = dispatch.check_index(index)
        return record(GETITEM, (self,), {"index": plain, "unique": unique})

    def __iter__(self) -> Iterator[Value]:
        if not self.shape:
            raise TypeError("iteration over a Value that holds a single number")
        return (self[i] for i in range(len(self.data)))

    # --- NumPy ----------------------------------------------------------------------------------
    def __record__(self, op: Primitive, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        return record(op, args, params)

    def __apply__(self, op: Primitive) -> Value:
        if op.scalar is not None and type(self.data) is float:
            try:
                return node(op.scalar(self.data), op, (self,))
            except (ArithmeticError, ValueError):  # NumPy says infinity or NaN
                pass
        data = self.data
        return node(op.fn(data) if type(data) is np.ndarray else op.compute(data), op, (self,))

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method == "__call__" and not kwargs and ufunc not in COMPOSITES and ufunc in TABLE:
            return record(TABLE[ufunc], inputs, kwargs)
        return dispatch.call_ufunc(ufunc, method, inputs, kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return dispatch.call_function(func, args, kwargs)

    # --- copies: the whole graph, without recursion ---------------------------------------------
    def __copy__(self) -> Value:
        return node(self.data, self.op, self.inputs, self.params)

    def __deepcopy__(self, memo: dict[int, Any]) -> Value:
        return serialise.deep_copy(self, memo)

    def __reduce__(self) -> Any:
        return (serialise.unpack, serialise.pack(self))


def node(
    data: Any, op: Primitive | None, inputs: tuple[Any, ...], params: dict[str, Any] | None = None
) -> Value:
    """A recorded Value; `autograd.debug` looks at each one while it is on."""
    v: Value = new_object(Value)
    v.data = data
    v.op = op
    v.params = params
    v.serial = next_serial()
    v._grad = None
    v._notes = None
    if len(inputs) == 1:
        v._first, v._second = inputs[0], ABSENT
    else:
        v.inputs = inputs
    if watch is not None:
        watch(v)
    return v


def pair(data: Any, op: Primitive, first: Any, second: Any) -> Value:
    """`node` for two inputs."""
    v: Value = new_object(Value)
    v.data = data
    v.op = op
    v._first = first
    v._second = second
    v.params = None
    v.serial = next_serial()
    v._grad = None
    v._notes = None
    if watch is not None:
        watch(v)
    return v


def record(op: Primitive, args: tuple[Any, ...], params: dict[str, Any]) -> Value:
    """Compute one operation on the data of its arguments and keep it as a node."""
    raw = []
    for x in args:
        if type(x) is Value:
            raw.append(x.data)
        elif type(x) is np.ndarray and x.dtype.kind == "f":
            raw.append(x)
        else:
            args = checked(op, args)
            raw = [x.data if type(x) is Value else x for x in args]
            break
    if not params:
        return node(op.fn(*raw) if type(raw[0]) is np.ndarray else op.compute(*raw), op, args)
    for name, x in params.items():
        if isinstance(x, Node):
            raise TypeError(
                f"{op.name}: the parameter {name!r} cannot be a Value; use v.data or v.item()"
            )
    fn = op.fn if type(raw[0]) is np.ndarray else op.compute
    return node(fn(*raw, **params), op, args, params)


def checked(op: Primitive, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Arguments with their constants looked at: TypeError where one is no number."""
    constants = [x if type(x) is Value else to_constant(x) for x in args]
    for x, constant in zip(args, constants, strict=True):
        if constant is NotImplemented:
            raise TypeError(
                f"{op.name} takes Values, numbers and numeric arrays; got {describe(x)}"
            )
    return tuple(constants)


def infix(op: Primitive, x: Any, y: Any) -> Value:
    """A binary operator; NotImplemented, as Python asks, where an operand is no number."""
    a = x if type(x) is Value else to_constant(x)
    b = y if type(y) is Value else to_constant(y)
    if a is NotImplemented or b is NotImplemented:
        return NotImplemented
    data = op.compute(a.data if type(a) is Value else a, b.data if type(b) is Value else b)
    return pair(data, op, a, b)


def fresh(x: Any) -> Value:
    """A new variable with the data of x; where x is a Value, a node through which it is reached."""
    if type(x) is Value:
        return node(x.data, POSITIVE, (x,))
    return node(x if type(x) is float else to_variable(x), None, ())


def to_variable(x: Any) -> Any:
    """The data of a transform's argument: arrays are not copied, nothing writes to them."""
    if type(x) is np.ndarray and x.dtype.kind in "fc":
        return x
    return to_data(x)
