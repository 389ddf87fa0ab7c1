"""What Python and NumPy ask of a number or an array: answered with plain numbers, or refused with
advice because a gradient would be lost."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from autograd.engine.conversion import refuse
from autograd.engine.cotangents import unwrap
from autograd.engine.plain_methods import PlainMethods
from autograd.engine.primitive import Node


class Protocols(PlainMethods):
    """What Value inherits of description, comparison and refusal: no state, no rule."""

    __slots__ = ()

    # --- description ----------------------------------------------------------------------------
    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the data; () for a number."""
        return np.shape(self.data)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return np.ndim(self.data)

    @property
    def size(self) -> int:
        """The number of entries."""
        return int(np.size(self.data))

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of the data; float64 or complex128 for a Python number."""
        return (
            np.asarray(self.data).dtype
            if type(self.data) in (float, complex, int)
            else self.data.dtype
        )

    @property
    def nbytes(self) -> int:
        """The bytes that the entries take."""
        return self.size * self.dtype.itemsize

    @property
    def itemsize(self) -> int:
        """The bytes that one entry takes."""
        return self.dtype.itemsize

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

    # --- refused, because a gradient would be lost ------------------------------------------------
    def __setitem__(self, index: Any, item: Any) -> NoReturn:
        raise TypeError(
            "a Value cannot be changed in place, its graph would no longer be true: "
            "use np.where(mask, item, v), or v.data[...] = item on a parameter between steps"
        )

    def __array__(self, dtype: Any = None, copy: Any = None) -> NoReturn:
        refuse("turning it into a plain array (np.array, np.asarray, or writing it into one)")

    def __float__(self) -> NoReturn:
        refuse("float(v), which math functions also call,")

    def __int__(self) -> NoReturn:
        refuse("int(v)")

    def __complex__(self) -> NoReturn:
        refuse("complex(v)")

    def __index__(self) -> NoReturn:
        refuse("using it as an index or an int")

    def __len__(self) -> int:
        return len(self.data)


def compare(relation: Callable[[Any, Any], Any], v: Node, other: Any) -> Any:
    """A comparison of the data: plain bools, which have no derivative."""
    return relation(v.data, unwrap(other))
