"""The methods and properties that an ndarray has, for arrays that are recorded: each is the NumPy
function of the same name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograd.arrays.protocol import ProtocolArray

numpy: Any = np

SAME_NAME: Final = (
    *("sum", "mean", "prod", "max", "min", "argmax", "argmin", "std", "var", "any", "all"),
    *("cumsum", "cumprod", "clip", "round", "ravel", "swapaxes", "squeeze", "take", "repeat"),
    *("argsort", "argpartition", "diagonal", "trace", "dot", "searchsorted", "choose"),
)
"""Methods of an ndarray that are functions of NumPy with the same arguments."""

REFUSED: Final = (
    *("nonzero", "compress", "sort", "partition", "fill", "put", "resize", "itemset", "setflags"),
    *("tobytes", "tofile", "dump", "dumps", "view", "getfield", "byteswap"),
)
"""Methods of an ndarray that look at entries, change them, or give what cannot be recorded."""


class ArrayMethods:
    """The methods of an ndarray, for a class that hands NumPy's functions to one method."""

    __slots__ = ()
    dtype: Any
    size: Any

    @property
    def T(self) -> Any:  # noqa: N802
        """The transpose."""
        return numpy.transpose(self)

    @property
    def mT(self) -> Any:  # noqa: N802
        """The transpose of the last two axes."""
        return numpy.swapaxes(self, -1, -2)

    @property
    def real(self) -> Any:
        """The real part."""
        return numpy.real(self)

    @property
    def imag(self) -> Any:
        """The imaginary part."""
        return numpy.imag(self)

    @property
    def itemsize(self) -> int:
        """The bytes of one entry."""
        return int(self.dtype.itemsize)

    @property
    def nbytes(self) -> int:
        """The bytes of all entries."""
        return int(self.size * self.dtype.itemsize)

    def reshape(self, *shape: Any, order: str = "C") -> Any:
        """`np.reshape`, of a tuple or of integers."""
        return numpy.reshape(self, shape[0] if len(shape) == 1 else shape, order=order)

    def transpose(self, *axes: Any) -> Any:
        """`np.transpose`, of a tuple or of integers."""
        chosen = None if not axes else axes[0] if len(axes) == 1 else axes
        return numpy.transpose(self, chosen)

    def flatten(self, order: str = "C") -> Any:
        """The entries in a row, in memory of their own."""
        return numpy.copy(numpy.ravel(self, order=order))

    def conj(self) -> Any:
        """The complex conjugate."""
        return numpy.conjugate(self)

    conjugate = conj

    def copy(self, order: str = "C") -> Any:
        """The same numbers in memory of their own."""
        return numpy.copy(self, order=order)


def named(name: str) -> Callable[..., Any]:
    """A method that is the NumPy function of the same name."""

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return getattr(np, name)(self, *args, **kwargs)

    method.__name__, method.__doc__ = name, f"`np.{name}`."
    return method


def refused(name: str) -> Callable[..., Any]:
    """A method that raises."""

    def method(self: ProtocolArray, *args: Any, **kwargs: Any) -> Any:
        raise self.refusal(f"the method {name}")

    method.__name__, method.__doc__ = name, "Refused."
    return method


def refused_property(name: str) -> property:
    """A property that raises."""

    def get(self: Any) -> Any:
        raise self.refusal(f"the memory of an array ({name})")

    return property(get)


for name in ("flags", "strides", "ctypes", "flat"):
    setattr(ArrayMethods, name, refused_property(name))
for name in SAME_NAME:
    setattr(ArrayMethods, name, named(name))
for name in REFUSED:
    setattr(ArrayMethods, name, refused(name))
