"""An array with a hidden axis: to whoever computes with it, it is one example of many.

`vmap` gives a function such arrays in place of its arguments.  Shape and axes are those of one
example; `data` holds them all, the hidden axis first.  What a NumPy function does to all examples
at once is looked up in `BATCHINGS` (the folder `batching` fills it); a function that is not there
is put together from others, or called for one example after another.  Hidden axes nest: `data` may
be an array with a hidden axis of an outer `vmap`, an array that records, or any other.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any, Final, NoReturn, final

import numpy as np

from autograd.arrays.array_methods import ArrayMethods
from autograd.arrays.batch import (
    BATCHINGS,
    KERNELS,
    Batch,
    BatchedError,
    composed,
    ragged,
    warn_of_loop,
)
from autograd.arrays.protocol import IN_PLACE, STATIC, ProtocolArray, mapped

Call = Callable[..., Any]


@final
class BatchedArray(ArrayMethods):
    """All examples of one array.

    >>> x = BatchedArray(np.array([[1.0, 2.0], [3.0, 4.0]]), Batch(2, 0))
    >>> x.shape
    (2,)
    >>> np.sum(x * x).data
    array([ 5., 25.])
    """

    __slots__ = ("batch", "data")
    __array_priority__ = 2000.0  # before those that it holds

    def __init__(self, data: Any, batch: Batch) -> None:
        self.data, self.batch = data, batch
        self.shape, self.dtype = data.shape[1:], data.dtype

    def call(self, function: Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """`function(*args, **kwargs)` of all examples."""
        batch = self.batch
        for x in args:
            if x is not self and type(x) not in UNMAPPED:
                batch = innermost((*args, *kwargs.values()))
                break
        else:
            if kwargs:
                batch = innermost((*args, *kwargs.values()))
        rule = BATCHINGS.get(function)
        if rule is not None:
            y = rule(batch, *args, **kwargs)
            if y is not NotImplemented:
                return y
        y = composed(function, args, kwargs)
        return loop(batch, function, args, kwargs) if y is NotImplemented else y

    # --- the protocols --------------------------------------------------------------------------
    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if not kwargs and method == "__call__" and ufunc.nout == 1 and ufunc.signature is None:
            if len(inputs) == 1:
                return BatchedArray(ufunc(self.data), self.batch)
            a, b, *rest = inputs
            if not rest:
                if type(a) is BatchedArray:
                    if a.meets(b):
                        return BatchedArray(ufunc(a.data, data_of(b)), a.batch)
                elif self.meets(a):
                    return BatchedArray(ufunc(a, self.data), self.batch)
        if not all(map(self.may_meet, inputs)):
            return NotImplemented
        if kwargs.get("out") is not None or method == "at":
            raise self.refusal(f"np.{ufunc.__name__} with out= or at")
        if method != "__call__":
            rule = BATCHINGS[method](ufunc, innermost((*inputs, *kwargs.values())))
            y = rule(*inputs, **kwargs)
            if y is NotImplemented:
                return self.call(getattr(ufunc, method), inputs, kwargs)
            return y
        if ufunc.signature is None:
            y = elementwise(ufunc, inputs, kwargs)
            return self.call(ufunc, inputs, kwargs) if y is NotImplemented else y
        return self.call(ufunc, inputs, kwargs)

    def __array_function__(
        self, func: Call, types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        if len(types) > 1:
            for kind in types:
                if hasattr(kind, "record_call"):  # a Value: it is asked next
                    return NotImplemented
        if func in STATIC and len(args) == 1 and not kwargs:
            return STATIC[func](args[0])
        if func is np.result_type:
            return np.result_type(*[x.dtype if isinstance(x, ProtocolArray) else x for x in args])
        if func in IN_PLACE or kwargs.get("out") is not None:
            raise self.refusal(f"np.{func.__name__}")
        return self.call(func, args, kwargs)

    def may_meet(self, x: Any) -> bool:
        """Whether x may stand beside this array: everything but a Value and its like."""
        return not hasattr(x, "record_call") and (
            isinstance(x, PLAIN) or hasattr(x, "__array_function__")
        )

    def __compute_row__(self, op: Any, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        """A row of the rule table whose kernel writes or indexes."""
        rule = KERNELS.get(op.name)
        if rule is not None:
            y = rule(innermost(args), op, args, params)
            if y is not NotImplemented:
                return y
        return op.portable(*args, **params)

    def __compute_saving__(self, op: Any, args: tuple[Any, ...], params: dict[str, Any]) -> None:
        """Nothing is saved for a rule: it computes it again."""

    def __usually__(self) -> bool:
        """Whether a condition holds for all examples."""
        every = np.all(self.data)
        return bool(every.__usually__() if hasattr(every, "__usually__") else every)

    # --- items ----------------------------------------------------------------------------------
    def __getitem__(self, index: Any) -> Any:
        return self.call(operator.getitem, (self, index), {})

    def index_into(self, x: Any, index: Any) -> Any:
        """x[index] of an array that is not mapped, with this one in the index."""
        return self.call(operator.getitem, (x, index), {})

    def __iter__(self) -> Iterator[Any]:
        if not self.shape:
            raise TypeError("iteration over an example that is a single number")
        return (self[i] for i in range(self.shape[0]))

    # --- operators, the usual cases first -------------------------------------------------------
    def __add__(self, other: Any) -> Any:
        if self.meets(other):
            return BatchedArray(self.data + data_of(other), self.batch)
        return np.add(self, other) if self.may_meet(other) else NotImplemented

    def __sub__(self, other: Any) -> Any:
        if self.meets(other):
            return BatchedArray(self.data - data_of(other), self.batch)
        return np.subtract(self, other) if self.may_meet(other) else NotImplemented

    def __mul__(self, other: Any) -> Any:
        if self.meets(other):
            return BatchedArray(self.data * data_of(other), self.batch)
        return np.multiply(self, other) if self.may_meet(other) else NotImplemented

    def __truediv__(self, other: Any) -> Any:
        if self.meets(other):
            return BatchedArray(self.data / data_of(other), self.batch)
        return np.divide(self, other) if self.may_meet(other) else NotImplemented

    def __neg__(self) -> Any:
        return BatchedArray(-self.data, self.batch)

    def meets(self, other: Any) -> bool:
        """Whether NumPy broadcasts all examples and the other operand as one: numbers,
        arrays of no more axes than an example has, arrays of the same batch with as many."""
        kind = type(other)
        if kind is float or kind is int:
            return True
        if kind is np.ndarray:
            return len(other.shape) <= len(self.shape)
        return (
            kind is BatchedArray
            and other.batch is self.batch
            and len(other.shape) == len(self.shape)
        )

    # --- what it refuses ------------------------------------------------------------------------
    def refusal(self, what: str) -> TypeError:
        """The error for what would look at the entries of one example, or change them."""
        return BatchedError(
            f"{what} of an array of shape {self.shape} inside vmap would need the entries of each "
            f"of {self.batch.size} examples, which are computed together: use np.where in place of "
            "`if`, np.stack in place of np.array, autograd.numpy to write into an array, or move "
            "the call out of vmap; for array[i] with an i that differs by example give the array "
            "as an argument, with in_axes None"
        )

    def __bool__(self) -> NoReturn:
        raise self.refusal("the truth value (if, and, while)")

    def __float__(self) -> NoReturn:
        raise self.refusal("float")

    def __repr__(self) -> str:
        return f"BatchedArray(shape={self.shape}, dtype={self.dtype}, {self.batch})"


UNMAPPED: Final = frozenset((np.ndarray, float, int, bool, type(None), str))
"""Classes of what certainly has no hidden axis."""

PLAIN: Final = BatchedArray | np.ndarray | np.generic | int | float | complex | list | tuple


# --- the hidden axis ------------------------------------------------------------------------------
def data_of(x: Any) -> Any:
    """All examples of an array with a hidden axis; anything else as it is."""
    return x.data if type(x) is BatchedArray else x


def innermost(args: Any) -> Batch:
    """The youngest batch among arrays, in lists too: the one whose hidden axis is outermost."""
    found: Batch | None = None
    stack = [args]
    for group in stack:
        for x in group:
            if type(x) is BatchedArray:
                if found is None or x.batch.serial > found.serial:
                    found = x.batch
            elif isinstance(x, tuple | list):
                stack.append(x)
            elif isinstance(x, dict):
                stack.append(list(x.values()))
    assert found is not None
    return found


def is_mapped(x: Any, batch: Batch) -> bool:
    """Whether an array has an entry for each example of a batch."""
    return type(x) is BatchedArray and x.batch is batch


def any_mapped(args: Any, batch: Batch) -> bool:
    """Whether an array of a batch is among arguments, in lists too."""
    for x in args:
        if type(x) is BatchedArray:
            if x.batch is batch:
                return True
        elif isinstance(x, tuple | list) and any_mapped(x, batch):
            return True
    return False


def ndim_of(x: Any) -> int:
    """The number of axes of an example, an array or a number."""
    return len(x.shape) if hasattr(x, "shape") else np.ndim(x)


def shape_of(x: Any) -> tuple[int, ...]:
    """The shape of an example, an array or a number."""
    shape: tuple[int, ...] = x.shape if hasattr(x, "shape") else np.shape(x)
    return shape


def aligned(x: Any, batch: Batch, ndim: int) -> Any:
    """The examples of x with axes of length 1 after the hidden one, `ndim` in all; what is not
    mapped as it is: NumPy broadcasts it."""
    if type(x) is not BatchedArray or x.batch is not batch:
        return x
    if len(x.shape) >= ndim:
        return x.data
    return np.reshape(x.data, (batch.size, *(1,) * (ndim - len(x.shape)), *x.shape))


def full(x: Any, batch: Batch, shape: tuple[int, ...] | None = None) -> Any:
    """The examples of x in a shape to which each is broadcast, also where it is not mapped."""
    shape = shape_of(x) if shape is None else shape
    y = aligned(x, batch, len(shape))
    wanted = (batch.size, *shape)
    return y if shape_of(y) == wanted else np.broadcast_to(y, wanted)


def wrap(y: Any, batch: Batch) -> Any:
    """The results of a function with their first axis hidden."""
    if isinstance(y, tuple | list):
        parts = [wrap(part, batch) for part in y]
        return type(y)(*parts) if hasattr(y, "_fields") else type(y)(parts)
    return BatchedArray(y, batch)


def elementwise(function: Call, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A function that broadcasts its arguments."""
    if not kwargs:
        if len(inputs) == 1:
            (x,) = inputs
            return wrap(function(x.data), x.batch)
        if len(inputs) == 2:
            a, b = inputs
            if type(a) is BatchedArray and a.meets(b):
                return wrap(function(a.data, data_of(b)), a.batch)
    batch = innermost((*inputs, *kwargs.values()))
    arrays = (*inputs, *[x for x in kwargs.values() if type(x) is BatchedArray])
    ndim = max(map(ndim_of, arrays))
    if not any_mapped(inputs, batch):  # only `where=` is
        return NotImplemented
    args = [aligned(x, batch, ndim) for x in inputs]
    options = {name: aligned(x, batch, ndim) for name, x in kwargs.items()}
    return wrap(function(*args, **options), batch)


# --- what has no batching -------------------------------------------------------------------------
def loop(batch: Batch, function: Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A function called for one example after another."""
    name = getattr(function, "__qualname__", getattr(function, "__name__", str(function)))
    if not batch.size:
        raise BatchedError(
            f"np.{name} is called for one example after another, and there is none: the shape of "
            "its result is not known"
        )
    if not batch.quiet:
        warn_of_loop(name, batch)

    def example(i: int) -> Callable[[BatchedArray], Any]:
        return lambda x: x.data[i] if x.batch is batch else x

    found = [
        function(
            *mapped(args, BatchedArray, example(i)), **mapped(kwargs, BatchedArray, example(i))
        )
        for i in range(batch.size)
    ]
    return joined(found, name, batch)


def joined(results: list[Any], name: str, batch: Batch) -> Any:
    """The results for single examples as one result of all."""
    first = results[0]
    if isinstance(first, tuple | list):
        if len({len(y) for y in results}) > 1:
            raise ragged(name, batch)
        parts = [joined(list(column), name, batch) for column in zip(*results, strict=True)]
        return type(first)(*parts) if hasattr(first, "_fields") else type(first)(parts)
    if isinstance(first, str | None):
        return first
    if len({shape_of(y) for y in results}) > 1:
        raise ragged(name, batch)
    if any(hasattr(y, "record_call") for y in results):
        raise BatchedError(
            f"np.{name} with a function that uses a Value would be called for one example after "
            "another, and its derivatives would be added up: give it the Value as an argument"
        )
    return BatchedArray(np.stack(results), batch)
