"""Value: a number or an array that remembers how it was computed.

All of its methods are here: construction, gradient, operators, what ndarray has, NumPy's protocols.
None holds a rule: operators and methods record a row of the table, or call the NumPy function.
"""

from __future__ import annotations

import importlib
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NoReturn, final

import numpy as np

from autograd.engine import dispatch, indexing, kernels, outputs, reverse, serialise
from autograd.engine.arrays import HIDDEN_AXES, name_operation
from autograd.engine.conversion import (
    describe,
    freeze,
    integers_as_floats,
    to_constant,
    to_data,
)
from autograd.engine.cotangents import seed_of, settle, unwrap, zero_of
from autograd.engine.dispatch import COMPOSITES
from autograd.engine.methods import Methods
from autograd.engine.node import (
    ABSENT,
    VARIABLE,
    Node,
    Writable,
    add_note,
    is_variable,
    make_binary,
    make_node,
    next_serial,
)
from autograd.engine.outputs import OutputTuple
from autograd.engine.picture import Picture
from autograd.engine.primitive import TABLE, Primitive, declare
from autograd.engine.refusals import ADVICE, refuse

if TYPE_CHECKING:
    from autograd.engine.type_hints import NumberOrArray

numpy: Any = np  # NumPy's stubs do not know Values; its functions take them and return them
ADD, SUBTRACT, MULTIPLY = declare(np.add), declare(np.subtract), declare(np.multiply)
DIVIDE, POWER, NEGATIVE = declare(np.divide), declare(np.power), declare(np.negative)
FLOOR_DIVIDE, REMAINDER = declare(np.floor_divide), declare(np.remainder)
MATMUL, ABSOLUTE, POSITIVE = declare(np.matmul), declare(np.absolute), declare(np.positive)
EXP, LOG, TANH = declare(np.exp), declare(np.log), declare(np.tanh)
SQRT, SIN, COS = declare(np.sqrt), declare(np.sin), declare(np.cos)
RELU, SIGMOID = declare(kernels.relu), declare(kernels.sigmoid)
SUM, TRANSPOSE, ASTYPE = declare(np.sum), declare(np.transpose), declare(kernels.astype)
GETITEM, GET_OUTPUT = declare(indexing.getitem), declare(outputs.get_output)


@final
class Value(Methods):
    """A number or an array, the operation that made it, and its inputs.

    A Value is what is differentiated; everything else is a constant.  Floats and complex numbers
    keep their dtype, integers and bools become float64, arrays are copied.

    data    the number or array
    op      the `Primitive` that made it, None for a leaf
    inputs  Values and constants that the operation took, a tuple
    params  its keyword parameters, or None
    serial  a global count: inputs are always older than the output
    grad    the gradient that `backward` left; zero before

    Raises TypeError for strings, None, object arrays and lists that hold Values.

    >>> a, b = Value(2.0), Value(-3.0, label="b")
    >>> y = (a * b + 10) ** 2
    >>> y.backward()
    >>> y.data, a.grad, b.grad
    (16.0, -24.0, 16.0)
    """

    __slots__ = ()

    op: Primitive | None

    if TYPE_CHECKING:  # at runtime a plain slot of Node

        @property
        def data(self) -> NumberOrArray:
            """The number or array."""

        @data.setter
        def data(self, data: object) -> None: ...

    def __init__(self, data: Any, label: str = "") -> None:
        if type(label) is not str:
            raise TypeError(
                f"the second argument of Value is its label, a string, got {label!r}: a Value with "
                "inputs is the result of an operation; to define one use autograd.primitive"
            )
        self.data = data if type(data) is float else to_data(data)
        self.op = None
        self._first = ABSENT
        self._second = ABSENT
        self.params = None
        self.serial = next_serial()
        self._grad = None
        self._notes = {"label": label} if label else None

    def __init_subclass__(cls) -> None:
        raise TypeError("Value is final: keep one in a field of your class")

    # --- gradient -------------------------------------------------------------------------------
    @property
    def grad(self) -> Gradient:
        """The gradient, in the shape and dtype of the data; zero where none was computed."""
        return zero_of(self.data) if self._grad is None else self._grad

    @grad.setter
    def grad(self, g: object) -> None:
        if g is not None and g is not self._grad:
            g = settle(seed_of(g, self.data, "the gradient"), self.data, {id(g)})
        self._grad = g

    @property
    def has_grad(self) -> bool:
        """Whether a gradient was computed since the last `zero_grad`."""
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
        add_note(self, "label", text)

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

    def graph(
        self,
        *,
        names: Mapping[str, object] | None = None,
        mark: Mapping[Any, str] | None = None,
        direction: str = "",
        fold: bool = True,
        title: str = "",
    ) -> Picture:
        """The computation graph of this Value, to print, show or save; see `autograd.graph`."""
        views = importlib.import_module("autograd.views")
        picture: Picture = views.graph(
            self, names=names, mark=mark, direction=direction, fold=fold, title=title
        )
        return picture

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What a notebook shows: the numbers, and a small graph as a picture; a leaf needs none."""
        if self.op is None:
            return {"text/plain": repr(self)}
        shown: dict[str, str] = importlib.import_module("autograd.views").mimebundle(self)
        return shown

    # --- arithmetic -----------------------------------------------------------------------------
    def __add__(self, other: Any) -> Value:
        if type(other) is Value:
            return make_binary(Value, self.data + other.data, ADD, self, other)
        if type(other) is float or type(other) is int:
            return make_binary(Value, self.data + other, ADD, self, other)
        return infix(ADD, self, other)

    def __radd__(self, other: Any) -> Value:
        if type(other) is float or type(other) is int:
            return make_binary(Value, other + self.data, ADD, other, self)
        return infix(ADD, other, self)

    def __sub__(self, other: Any) -> Value:
        if type(other) is Value:
            return make_binary(Value, self.data - other.data, SUBTRACT, self, other)
        if type(other) is float or type(other) is int:
            return make_binary(Value, self.data - other, SUBTRACT, self, other)
        return infix(SUBTRACT, self, other)

    def __rsub__(self, other: Any) -> Value:
        if type(other) is float or type(other) is int:
            return make_binary(Value, other - self.data, SUBTRACT, other, self)
        return infix(SUBTRACT, other, self)

    def __mul__(self, other: Any) -> Value:
        if type(other) is Value:
            return make_binary(Value, self.data * other.data, MULTIPLY, self, other)
        if type(other) is float or type(other) is int:
            return make_binary(Value, self.data * other, MULTIPLY, self, other)
        return infix(MULTIPLY, self, other)

    def __rmul__(self, other: Any) -> Value:
        if type(other) is float or type(other) is int:
            return make_binary(Value, other * self.data, MULTIPLY, other, self)
        return infix(MULTIPLY, other, self)

    def __truediv__(self, other: Any) -> Value:
        try:
            if type(other) is Value:
                return make_binary(Value, self.data / other.data, DIVIDE, self, other)
            if type(other) is float or type(other) is int:
                return make_binary(Value, self.data / other, DIVIDE, self, other)
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

    def __pow__(self, other: Any, modulus: None = None) -> Value:
        if modulus is not None:
            raise TypeError("pow(v, n, modulus) is for integers, which have no derivative")
        if type(self.data) is float and (type(other) is int or type(other) is float):
            try:
                return make_binary(Value, POWER.scalar(self.data, other), POWER, self, other)
            except (ArithmeticError, ValueError):  # NumPy says infinity or NaN
                pass
        return infix(POWER, self, other)

    def __rpow__(self, other: Any, modulus: None = None) -> Value:
        if modulus is not None:
            raise TypeError("pow(n, v, modulus) is for integers, which have no derivative")
        return infix(POWER, other, self)

    def __matmul__(self, other: Any) -> Value:
        return infix(MATMUL, self, other)

    def __rmatmul__(self, other: Any) -> Value:
        return infix(MATMUL, other, self)

    def __neg__(self) -> Value:
        return make_node(Value, -self.data, NEGATIVE, (self,))

    def __pos__(self) -> Value:
        return make_node(Value, +self.data, POSITIVE, (self,))

    def __abs__(self) -> Value:
        return make_node(Value, abs(self.data), ABSOLUTE, (self,))

    def __round__(self, digits: int | None = None) -> Value:
        return self.round(digits or 0)

    # --- scalar functions, as methods ---------------------------------------------------------
    def exp(self) -> Value:
        """e to the power of v."""
        return record_unary(EXP, self)

    def log(self) -> Value:
        """The natural logarithm."""
        return record_unary(LOG, self)

    def tanh(self) -> Value:
        """The hyperbolic tangent."""
        return record_unary(TANH, self)

    def sqrt(self) -> Value:
        """The square root."""
        return record_unary(SQRT, self)

    def sin(self) -> Value:
        """The sine."""
        return record_unary(SIN, self)

    def cos(self) -> Value:
        """The cosine."""
        return record_unary(COS, self)

    def relu(self) -> Value:
        """max(v, 0); the derivative at 0 is 0."""
        return record_unary(RELU, self)

    def sigmoid(self) -> Value:
        """1 / (1 + exp(-v))."""
        return record_unary(SIGMOID, self)

    # --- comparison: plain bools ----------------------------------------------------------------
    def __eq__(self, other: object) -> Any:
        return compare(operator.eq, self, other)

    def __ne__(self, other: object) -> Any:
        return compare(operator.ne, self, other)

    def __lt__(self, other: Any) -> Any:
        return compare(operator.lt, self, other)

    def __le__(self, other: Any) -> Any:
        return compare(operator.le, self, other)

    def __gt__(self, other: Any) -> Any:
        return compare(operator.gt, self, other)

    def __ge__(self, other: Any) -> Any:
        return compare(operator.ge, self, other)

    __hash__ = object.__hash__  # by identity: a node is not another of the same number

    def __bool__(self) -> bool:
        return bool(self.data)

    # --- items ----------------------------------------------------------------------------------
    def __getitem__(self, index: Any) -> Value:
        template, arrays, unique = indexing.split_index(index)
        params: dict[str, Any] = {"index": template, "unique": unique}
        data = self.data
        if arrays or type(data) is not np.ndarray:
            return make_node(
                Value, GETITEM.fn(data, *arrays, **params), GETITEM, (self, *arrays), params
            )
        return make_node(Value, indexing.getitem(data, **params), GETITEM, (self,), params)

    def __iter__(self) -> Iterator[Value]:
        if not self.shape:
            raise TypeError("iteration over a Value that holds a single number")
        return (self[i] for i in range(len(self.data)))

    def __len__(self) -> int:
        return len(self.data)

    def __contains__(self, x: Any) -> bool:
        """True where an entry equals x."""
        return bool(numpy.any(numpy.equal(self, x)))

    def __setitem__(self, index: Any, item: Any) -> NoReturn:
        raise TypeError(
            "a Value cannot be changed in place, since the recorded graph would then be wrong: "
            "write into a copy, u = np.array(v) of `import autograd.numpy as np`, use "
            "np.where(mask, item, v), or v.data[...] = item on a parameter between steps"
        )

    def __delitem__(self, index: Any) -> NoReturn:
        raise TypeError("entries of a Value cannot be deleted: take the others, v[mask]")

    # --- refused, because a gradient would be lost ------------------------------------------------
    # They return nothing.  With the type `object` a type checker refuses `math.sin(v)`, and does
    # not take a Value for an array; with NoReturn it would accept both.
    def __array__(self, dtype: Any = None, copy: Any = None) -> object:
        refuse("turning it into a plain array (np.array, np.asarray, or writing it into one)")

    def __float__(self) -> object:
        refuse("float(v), which math functions also call,")

    def __int__(self) -> object:
        refuse("int(v)")

    def __complex__(self) -> object:
        refuse("complex(v)")

    def __index__(self) -> object:
        refuse("using it as an index or an int")

    # --- NumPy's protocols ----------------------------------------------------------------------
    def record_call(self, op: Primitive, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        """The node of `op(*args, **params)`; see `record`."""
        return record(op, args, params)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method == "__call__" and not kwargs and ufunc not in COMPOSITES and ufunc in TABLE:
            if len(inputs) == 1:
                return record_unary(TABLE[ufunc], inputs[0])
            return record(TABLE[ufunc], inputs, kwargs)
        return dispatch.call_ufunc(ufunc, method, inputs, kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if len(types) > 1 and any(issubclass(kind, Writable) for kind in types):
            return NotImplemented  # that array is asked next, and says what it holds
        return dispatch.call_function(func, args, kwargs)

    # --- copies ---------------------------------------------------------------------------------
    def __copy__(self) -> Value:
        """A leaf copies as a leaf with the same data, any other node as the same operation, and a
        variable of a transform as a node through which its gradient flows."""
        if is_variable(self):
            return make_node(Value, self.data, POSITIVE, (self,))
        copied = make_node(Value, self.data, self.op, self.inputs, self.params)
        copied._notes = None if self._notes is None else dict(self._notes)
        return copied

    def __deepcopy__(self, memo: dict[int, Any]) -> Value:
        """The whole graph is copied, without recursion."""
        return serialise.deep_copy(Value, self, memo)

    def __reduce__(self) -> Any:
        return (serialise.unpack, serialise.pack(Value, self))

    def __dir__(self) -> list[str]:
        return [name for name in object.__dir__(self) if name not in ADVICE]


if TYPE_CHECKING:

    class Gradient(NumberOrArray, Value):  # type: ignore[misc]
        """What a type checker is told of `Value.grad`: a number or an array, and a Value after
        `backward(create_graph=True)`."""

        __slots__ = ()


# --- recording ------------------------------------------------------------------------------------
def record(op: Primitive, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
    """Compute one operation on the data of its arguments and keep it as a node; for an operation
    with several outputs, a tuple of nodes."""
    plain: list[Any] = []
    for x in args:
        if type(x) is Value:
            plain.append(x.data)
        elif is_float_array(x):
            plain.append(x)
        else:
            args = constants_checked(op, args)
            plain = [unwrap(x) for x in args]
            break
    for name, x in params.items():
        if isinstance(x, Node):
            raise TypeError(
                f"{op.name}: the parameter {name!r} cannot be a Value; use v.data or v.item()"
            )
    found = None if op.saves is None else op.compute_saving(*plain, **params)
    if found is not None:
        y, saved = found
        output = record_output(op, y, args, params)
        add_note(output, "saved", saved)
        return output
    compute = op.fn if type(plain[0]) is np.ndarray else op.compute
    try:
        y = compute(*plain, **params) if params else compute(*plain)
    except Exception as error:
        name_operation(error, op.name, plain)
        raise
    if isinstance(y, tuple):
        return record_output(op, y, args, params)
    return make_node(Value, y, op, args, params or None)


def record_output(op: Primitive, y: Any, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
    """A node for what an operation computed.  Of several outputs, those in floats are nodes of
    their own, in a tuple of the same class; integers and bools are plain."""
    several = isinstance(y, tuple)
    whole = make_node(Value, OutputTuple(y) if several else y, op, args, params or None)
    if not several:
        return whole
    parts = [
        make_node(Value, part, GET_OUTPUT, (whole,), {"index": i, "count": len(y)})
        if is_inexact(part)
        else part
        for i, part in enumerate(y)
    ]
    return type(y)(*parts) if hasattr(y, "_fields") else tuple(parts)


def is_inexact(x: Any) -> bool:
    """Whether data are floats or complex numbers, which can have a derivative."""
    return type(x) in (float, complex) or getattr(getattr(x, "dtype", None), "kind", "") in "fc"


def record_unary(op: Primitive, x: Value) -> Value:
    """`record` for one argument and no parameters, by a shorter way."""
    data = x.data
    if op.scalar is not None and type(data) is float:
        try:
            return make_node(Value, op.scalar(data), op, (x,))
        except (ArithmeticError, ValueError):  # NumPy says infinity or NaN
            pass
    if op.saves is not None:
        return record(op, (x,), {})
    try:
        y = op.fn(data) if type(data) is np.ndarray else op.compute(data)
    except Exception as error:
        name_operation(error, op.name, (data,))
        raise
    return make_node(Value, y, op, (x,))


def constants_checked(op: Primitive, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Arguments with their constants looked at: TypeError where one is no number."""
    constants = [x if type(x) is Value else to_constant(x) for x in args]
    for x, constant in zip(args, constants, strict=True):
        if constant is NotImplemented:
            raise TypeError(
                f"{op.name} takes Values, numbers and numeric arrays; got {describe(x)}"
            )
    if op.kind == "elementwise":
        dtype = np.result_type(*[x.dtype for x in constants if type(x) is Value])
        return tuple([x if type(x) is Value else integers_as_floats(x, dtype) for x in constants])
    return tuple(constants)


def infix(op: Primitive, x: Any, y: Any) -> Value:
    """A binary operator; NotImplemented, as Python asks, where an operand is no number."""
    for operand in (x, y):
        if type(operand) is not Value and not is_float_array(operand):
            if to_constant(operand) is NotImplemented:
                return NotImplemented
            x, y = constants_checked(op, (x, y))
            break
    try:
        data = op.compute(x.data if type(x) is Value else x, y.data if type(y) is Value else y)
    except Exception as error:
        name_operation(error, op.name, (unwrap(x), unwrap(y)))
        raise
    return make_binary(Value, data, op, x, y)


def is_float_array(x: Any) -> bool:
    """Whether x is a plain array of floats, or has a hidden axis, and needs no further look."""
    return (type(x) is np.ndarray or type(x) in HIDDEN_AXES) and x.dtype.kind == "f"


def compare(relation: Callable[[Any, Any], Any], v: Value, other: Any) -> Any:
    """A comparison of the data: plain bools, which have no derivative."""
    return relation(v.data, unwrap(other))


# --- variables of transforms ----------------------------------------------------------------------
def new_variable(x: Any) -> Value:
    """A new variable with the data of x; where x is a Value, a node through which it is reached."""
    x = freeze(x)
    if type(x) is Value:
        v = make_node(Value, x.data, POSITIVE, (x,))
    else:
        plain = type(x) is float or (type(x) is np.ndarray and x.dtype.kind in "fc")
        data = x if plain else to_data(x)  # plain data are not copied: nothing writes to them
        v = make_node(Value, data, None, ())
    v._notes = VARIABLE
    return v
