"""An array that speaks NumPy's protocols and nothing else.

It has `shape dtype ndim size`, hands every NumPy function and operator to one method, and steps
back beside a Value.  Whatever would look at its entries (`bool`, `float`, an index, iteration,
`np.asarray`) or change them raises: `RefusingArray` and `RecordingArray` differ only in what a call
gives.
"""

from __future__ import annotations

import math
import operator
from abc import abstractmethod
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, Self

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

Call = Callable[..., Any]

STATIC: dict[Call, Callable[[Any], Any]] = {
    np.shape: lambda x: x.shape,
    np.ndim: lambda x: x.ndim,
    np.size: lambda x: x.size,
    np.iscomplexobj: lambda x: x.dtype.kind == "c",
    np.isrealobj: lambda x: x.dtype.kind != "c",
}
"""Functions of one array that its shape and dtype answer."""

DATA_SHAPED = frozenset(
    (
        *(np.nonzero, np.flatnonzero, np.argwhere, np.extract, np.compress, np.trim_zeros),
        *(np.unique, np.unique_all, np.unique_counts, np.unique_inverse, np.unique_values),
        *(np.linalg.lstsq, np.linalg.eig, np.linalg.eigvals, np.roots, np.poly, np.polyfit),
        *(np.histogram, np.histogram2d, np.histogramdd, np.histogram_bin_edges),
        *(np.intersect1d, np.setdiff1d, np.setxor1d, np.union1d, np.real_if_close),
    )
)
"""Functions whose output has a shape or a dtype that depends on entries."""

IN_PLACE = frozenset((np.copyto, np.put, np.put_along_axis, np.place, np.putmask, np.fill_diagonal))


class ProtocolArray(NDArrayOperatorsMixin):
    """A NumPy-like array of a shape and a dtype, whose entries cannot be looked at."""

    __slots__ = ("dtype", "shape")
    __array_priority__ = 1000.0
    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of entries."""
        return math.prod(self.shape)

    @abstractmethod
    def call(self, function: Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What `function(*args, **kwargs)` gives where some arguments are arrays of this class."""

    # --- the protocols --------------------------------------------------------------------------
    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if not all(self.may_meet(x) for x in inputs):
            return NotImplemented
        if kwargs.get("out") is not None or method == "at":
            raise self.refusal(f"np.{ufunc.__name__} with out= or at")
        function = ufunc if method == "__call__" else getattr(ufunc, method)
        return self.call(function, inputs, kwargs)

    def __array_function__(
        self, func: Call, types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        if not all(map(self.may_meet_class, types)):
            return NotImplemented
        if func in STATIC and len(args) == 1 and not kwargs:
            return STATIC[func](args[0])
        if func is np.result_type:
            return np.result_type(*[dtype_or_number(x) for x in args])
        if func in DATA_SHAPED or (func is np.where and len(args) == 1):
            raise self.refusal(f"the shape or the dtype of np.{func.__name__}")
        if func in IN_PLACE or kwargs.get("out") is not None:
            raise self.refusal(f"np.{func.__name__}")
        return self.call(func, args, kwargs)

    def may_meet(self, x: Any) -> bool:
        """Whether x may stand beside this array: numbers, NumPy's arrays, arrays of its class."""
        return isinstance(
            x, type(self) | np.ndarray | np.generic | int | float | complex | list | tuple
        )

    def may_meet_class(self, kind: type) -> bool:
        """`may_meet`, by class."""
        return issubclass(kind, type(self) | np.ndarray)

    def __getitem__(self, index: Any) -> Any:
        parts = index if isinstance(index, tuple) else (index,)
        for part in parts:
            if hasattr(part, "index_into"):  # an array with a hidden axis
                return part.index_into(self, index)
        self.refuse_masks(parts)
        return self.call(operator.getitem, (self, index), {})

    def astype(self, dtype: Any, order: str = "K") -> Self:
        """The entries in another dtype."""
        found: Self = self.call(np.astype, (self, np.dtype(dtype)), {})
        return found

    def refuse_masks(self, index: tuple[Any, ...]) -> None:
        """TypeError where a mask stands in an index: the output's shape depends on its entries."""
        for part in index:
            if isinstance(part, ProtocolArray) and part.dtype.kind == "b":
                raise self.refusal("a mask that is not computed, as an index")

    # --- what it refuses ------------------------------------------------------------------------
    def refusal(self, what: str) -> TypeError:
        """The error for what would look at the entries or change them."""
        return TypeError(
            f"{what} of a {type(self).__name__} of shape {self.shape} needs entries that are not "
            "computed yet, or would change them: use NumPy functions such as np.where instead"
        )

    def __bool__(self) -> NoReturn:
        raise self.refusal("the truth value (if, and, while)")

    def __float__(self) -> NoReturn:
        raise self.refusal("float")

    def __int__(self) -> NoReturn:
        raise self.refusal("int")

    def __complex__(self) -> NoReturn:
        raise self.refusal("complex")

    def __index__(self) -> NoReturn:
        raise self.refusal("an index made")

    def item(self, *index: int) -> NoReturn:
        """Refused: a number that is not computed."""
        raise self.refusal("item")

    def tolist(self) -> NoReturn:
        """Refused: numbers that are not computed."""
        raise self.refusal("tolist")

    def __iter__(self) -> Iterator[Any]:
        raise self.refusal("iteration")

    def __setitem__(self, index: Any, value: Any) -> NoReturn:
        raise self.refusal("writing")

    def __array__(self, dtype: Any = None, copy: Any = None) -> NoReturn:
        raise self.refusal("np.asarray")

    def __iadd__(self, other: Any) -> Any:
        return self + other

    def __isub__(self, other: Any) -> Any:
        return self - other

    def __imul__(self, other: Any) -> Any:
        return self * other

    def __itruediv__(self, other: Any) -> Any:
        return self / other

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of an array of no axes")
        return self.shape[0]

    def __repr__(self) -> str:
        return f"{type(self).__name__}(shape={self.shape}, dtype={self.dtype}, not computed)"


def dtype_or_number(x: Any) -> Any:
    """What decides the dtype of a result: a dtype, or a Python number, which keeps that of
    arrays."""
    number = getattr(x, "__number__", None)
    if number is not None:
        return number
    return x.dtype if isinstance(x, ProtocolArray) else x


def mapped(x: Any, kind: type, what: Callable[[Any], Any]) -> Any:
    """The arguments of a call with `what` of each object of a class in its place."""
    if isinstance(x, kind):
        return what(x)
    if isinstance(x, tuple | list):
        parts = [mapped(part, kind, what) for part in x]
        return type(x)(*parts) if hasattr(x, "_fields") else type(x)(parts)
    if isinstance(x, dict):
        return {key: mapped(part, kind, what) for key, part in x.items()}
    return x
