"""An array that computes nothing that it is not told to: a stand-in for a lazy array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, final

import numpy as np

from autograd.arrays.protocol import ProtocolArray, mapped

Call = Callable[..., Any]


@final
class RefusingArray(ProtocolArray):
    """A lazy array: it keeps the call that makes it, and only `compute()` runs it.

    Shape and dtype are known without computing: a call is tried out once, on zeros and ones of the
    same shapes, which tells the shape and dtype of its output.

    >>> import numpy as np
    >>> from autograd import grad
    >>> x = RefusingArray.of(np.array([1.0, 2.0]))
    >>> slope = grad(lambda x: np.sum(x * x))(x)
    >>> slope
    RefusingArray(shape=(2,), dtype=float64, not computed)
    >>> slope.compute()
    array([2., 4.])
    """

    __slots__ = ("call_of", "known")
    computed = 0
    """How many calls `compute()` has run, over all arrays."""

    def __init__(self, shape: tuple[int, ...], dtype: Any, call_of: Any) -> None:
        self.shape, self.dtype, self.call_of = shape, np.dtype(dtype), call_of
        self.known: Any = None

    @classmethod
    def of(cls, data: Any) -> RefusingArray:
        """An array that gives these data when it is computed."""
        data = np.asarray(data)
        made = cls(data.shape, data.dtype, None)
        made.known = data
        return made

    def call(self, function: Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The call, kept; its output has the shape of the output on a stand-in."""
        call = Pending(function, args, kwargs)
        stand_in = call.run(stand_in_of)
        return call.output(stand_in, ())

    def compute(self) -> Any:
        """The entries, as a NumPy array."""
        if self.known is None:
            call, place = self.call_of
            y = call.result()
            for i in place:
                y = y[i]
            self.known = np.asarray(y)
        return self.known


class Pending:
    """A call that is not run yet, and the output of it when it is."""

    __slots__ = ("args", "done", "function", "kwargs", "y")

    def __init__(self, function: Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.function, self.args, self.kwargs = function, args, kwargs
        self.done, self.y = False, None

    def run(self, what: Callable[[RefusingArray], Any]) -> Any:
        """The call with `what` of each array in its place."""
        args = mapped(self.args, RefusingArray, what)
        kwargs = mapped(self.kwargs, RefusingArray, what)
        with np.errstate(all="ignore"):
            return self.function(*args, **kwargs)

    def result(self) -> Any:
        """The output, computed at most once."""
        if not self.done:
            RefusingArray.computed += 1
            self.y, self.done = self.run(RefusingArray.compute), True
        return self.y

    def output(self, y: Any, place: tuple[int, ...]) -> Any:
        """Arrays to be computed in place of the arrays in y."""
        if isinstance(y, tuple | list):
            parts = [self.output(part, (*place, i)) for i, part in enumerate(y)]
            return type(y)(*parts) if hasattr(y, "_fields") else type(y)(parts)
        if isinstance(y, np.ndarray | np.generic | int | float | complex):
            y = np.asarray(y)
            return RefusingArray(y.shape, y.dtype, (self, place))
        return y


def stand_in_of(x: RefusingArray) -> Any:
    """Plain numbers in the shape and dtype of x: ones, and zeros where integers may be indices."""
    if x.dtype.kind not in "fc":
        return np.zeros(x.shape, x.dtype)
    if x.ndim >= 2 and x.shape[-1] == x.shape[-2]:  # a matrix that can be inverted
        return np.broadcast_to(np.eye(x.shape[-1], dtype=x.dtype), x.shape).copy()
    return np.ones(x.shape, x.dtype)
