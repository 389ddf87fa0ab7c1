"""Functions that make arrays: NumPy's own, with results into which Values can be written, and with
Values among their arguments."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from functools import wraps
from itertools import islice
from typing import Any, Final

import numpy as np

from autograd.engine.cotangents import unwrap
from autograd.engine.node import Writable
from autograd.numpy.lists import join_lists
from autograd.numpy.operands import freeze_all
from autograd.numpy.pieces import is_piece
from autograd.numpy.writable import WritableArray, adopt, leaves_of, new, wrapped

numpy: Any = np  # NumPy's stubs do not know Values


def writable(function: Callable[..., Any]) -> Any:
    """A function of NumPy whose new arrays can be written into."""

    @wraps(function)
    def made(*args: Any, **options: Any) -> Any:
        return wrapped(function(*args, **options), leaves_of((args, options)))

    return named_here(made)


def named_here(function: Any) -> Any:
    """A function as pickle is to find it: in this namespace.  NumPy's examples lose their marks,
    for they would be tests of ours."""
    function.__module__, function.__qualname__ = "autograd.numpy", function.__name__
    function.__doc__ = (function.__doc__ or "").replace(">>>", "   ")
    return function


WITH_WRITABLE_RESULTS: Final = (
    *("zeros", "ones", "empty", "eye", "identity", "tri", "arange", "zeros_like", "ones_like"),
    *("empty_like", "indices", "fromfunction", "geomspace", "logspace", "meshgrid"),
)
"""Functions that need nothing else."""


def cast(x: Any, dtype: Any) -> Any:
    """A Value in the dtype that was asked for, if one was."""
    return x if dtype is None or x.dtype == np.dtype(dtype) else x.astype(dtype)


# --- array and its kin ----------------------------------------------------------------------------
def array(object: Any, dtype: Any = None, *, ndmin: int = 0, **options: Any) -> Any:
    """`np.array`, of Values too, and of nested lists with Values, numbers and arrays in them: a new
    array, into which Values can be written.

    >>> from autograd import Value
    >>> v = Value(2.0)
    >>> m = array([[v, 1.0], [0.0, v * v]])
    >>> m
    array([[2., 1.],
           [0., 4.]], holding Values)
    """
    if options.get("copy", True) is not True and isinstance(object, Writable):
        x: Any = asarray(object, dtype)
        return x if x.ndim >= ndmin else x.reshape((1,) * (ndmin - x.ndim) + x.shape)
    if type(object) is WritableArray:
        return array(
            object.copy() if dtype is None else object.astype(dtype), None, ndmin=ndmin, copy=None
        )
    x = join_lists(object)
    if not is_piece(x):
        return wrapped(np.array(x, dtype, ndmin=ndmin, **options), leaves_of((object,)))
    x = cast(x, dtype)
    if np.ndim(x) < ndmin:
        x = np.reshape(x, (1,) * (ndmin - np.ndim(x)) + np.shape(x))
    return new(x)


def as_given(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of NumPy that returns its argument where that is an array already: so does this,
    for Values and writable arrays."""

    @wraps(function)
    def asarray(a: Any, dtype: Any = None, order: Any = None, **options: Any) -> Any:
        if isinstance(a, Writable):
            x: Any = a
            return x if dtype is None else x.astype(dtype, copy=False)
        x = join_lists(a)
        if not is_piece(x):
            return wrapped(function(x, dtype, order, **options), leaves_of((a,)))
        if function is np.asarray_chkfinite:
            function(unwrap(x))
        y = cast(x, dtype)
        return y if x is a else new(y)

    return named_here(asarray)


asarray = as_given(np.asarray)
asanyarray = as_given(np.asanyarray)
asarray_chkfinite = as_given(np.asarray_chkfinite)


def in_memory_order(function: Callable[..., Any]) -> Callable[..., Any]:
    """`np.ascontiguousarray` and `np.asfortranarray`, which make at least one axis; how a Value
    lies in memory is no concern of its user."""

    @wraps(function)
    def ordered(a: Any, dtype: Any = None, **options: Any) -> Any:
        x = a.current() if type(a) is WritableArray else join_lists(a)
        if not is_piece(x):
            return wrapped(function(x, dtype, **options), leaves_of((a,)))
        y = cast(asarray(a), dtype)
        return np.atleast_1d(y)

    return named_here(ordered)


ascontiguousarray = in_memory_order(np.ascontiguousarray)
asfortranarray = in_memory_order(np.asfortranarray)


def copy(a: Any, order: Any = "K", subok: bool = False) -> Any:
    """`np.copy`: a new array, of a Value too, into which Values can be written.

    >>> from autograd import grad
    >>> def f(x):
    ...     y = copy(x)
    ...     y[0] = y[1] * 2
    ...     return y.sum()
    >>> grad(f)(np.array([1.0, 5.0]))
    array([0., 3.])
    """
    if type(a) is WritableArray:
        return a.copy(order)
    x = join_lists(a)
    return new(x) if is_piece(x) else adopt(np.array(x, order=order, subok=False))


def full(shape: Any, fill_value: Any, dtype: Any = None, order: Any = "C", **options: Any) -> Any:
    """`np.full`, of a Value too, which is broadcast."""
    x = join_lists(fill_value)
    if not is_piece(x):
        return adopt(np.full(shape, x, dtype, order, **options))
    sizes = shape if np.ndim(shape) else (shape,)
    return new(np.broadcast_to(cast(x, dtype), tuple(map(operator.index, sizes))))


def full_like(
    a: Any,
    fill_value: Any,
    dtype: Any = None,
    order: Any = "K",
    subok: bool = True,
    shape: Any = None,
    **options: Any,
) -> Any:
    """`np.full_like`, of a Value too, which is broadcast."""
    x, numbers = join_lists(fill_value), np.asarray(unwrap(a))
    if not is_piece(x):
        return adopt(numpy.full_like(numbers, x, dtype, order, False, shape, **options))
    u = adopt(numpy.empty_like(numbers, dtype, order, False, shape, **options))
    u[...] = x
    return u


# --- sequences ------------------------------------------------------------------------------------
def linspace(
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: Any = None,
    axis: int = 0,
    **options: Any,
) -> Any:
    """`np.linspace`, between Values too: start + i * (stop - start) / (num - 1).

    >>> from autograd import jacobian
    >>> jacobian(lambda v: linspace(0.0, v, 3))(2.0)
    array([0. , 0.5, 1. ])
    """
    start, stop = join_lists(start), join_lists(stop)
    if not (is_piece(start) or is_piece(stop)):
        made = numpy.linspace(start, stop, num, endpoint, retstep, dtype, axis, **options)
        return (adopt(made[0]), made[1]) if isinstance(made, tuple) else adopt(made)
    weights = np.linspace(0.0, 1.0, num, endpoint)
    span = stop - start
    column = weights.reshape(-1, *(1,) * np.ndim(span))
    y = np.moveaxis(start * (1.0 - column) + stop * column, 0, axis)
    parts = num - 1 if endpoint else num
    y = new(cast(y, dtype))
    return (y, span / parts if parts > 0 else span * np.nan) if retstep else y


def fromiter(iter: Iterable[Any], dtype: Any, count: int = -1, **options: Any) -> Any:
    """`np.fromiter`, of Values too."""
    items = list(iter if count < 0 else islice(iter, count))
    if len(items) < count:
        raise ValueError(f"iterator too short: Expected {count} but iterator had only {len(items)}")
    x = join_lists(items)
    return new(cast(x, dtype)) if is_piece(x) else adopt(np.fromiter(items, dtype, **options))


class ndenumerate:  # noqa: N801 (NumPy's name)
    """`np.ndenumerate`: pairs of index and entry, of Values too."""

    def __init__(self, arr: Any) -> None:
        self.array = asarray(arr)
        self.indices = np.ndindex(np.shape(self.array))

    def __iter__(self) -> ndenumerate:
        return self

    def __next__(self) -> tuple[tuple[int, ...], Any]:
        index = next(self.indices)
        return index, self.array[index]


class vectorize(np.vectorize):  # noqa: N801 (NumPy's name)
    """`np.vectorize`, of functions of Values too, and of functions that return them."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        """The function of each set of entries, joined."""
        args, options = freeze_all(args), freeze_all(options)
        if not any(map(is_piece, (*map(join_lists, args), *options.values()))):
            try:
                return wrapped(super().__call__(*args, **options), leaves_of((args, options)))
            except (TypeError, ValueError):  # perhaps a Value among the results
                if self.signature is not None or options or self.excluded:
                    raise
        if self.signature is not None or options or self.excluded:
            raise TypeError(
                "np.vectorize of Values takes no signature=, excluded= or keyword arguments: write "
                "a loop, and join what it gives with np.array or np.stack"
            )
        rows = np.broadcast_arrays(*map(join_lists, args))
        shape = np.shape(rows[0])
        found = [self.pyfunc(*entries) for entries in zip(*map(np.ravel, rows), strict=True)]
        if found and isinstance(found[0], tuple):
            columns = zip(*found, strict=True)
            return tuple(array(list(column)).reshape(shape) for column in columns)
        return array(found).reshape(shape)
