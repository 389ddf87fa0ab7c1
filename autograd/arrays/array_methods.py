"""The named methods and properties of an ndarray, for arrays that speak NumPy's protocols: each is
the NumPy function of the same name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays.protocol import ProtocolArray

NAMES = (
    *("sum", "prod", "mean", "var", "std", "max", "min", "any", "all", "argmax", "argmin"),
    *("cumsum", "cumprod", "trace", "diagonal", "squeeze", "swapaxes", "repeat", "take"),
    *("round", "conj", "conjugate", "dot", "argsort", "argpartition", "searchsorted", "nonzero"),
    *("ravel", "copy", "clip"),
)
"""Methods whose function takes the same arguments after the array."""


class ArrayMethods(ProtocolArray):
    """What an ndarray has beside its operators; whatever changes an array in place raises."""

    __slots__ = ()

    def reshape(self, *shape: Any, order: Any = "C") -> Any:
        """As `ndarray.reshape`: `x.reshape(2, 3)` and `x.reshape((2, 3))`."""
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, order)

    def transpose(self, *axes: Any) -> Any:
        """As `ndarray.transpose`."""
        alone = len(axes) == 1 and not isinstance(axes[0], int | np.integer)
        return np.transpose(self, axes[0] if alone else axes or None)

    def flatten(self, order: Any = "C") -> Any:
        """As `ndarray.flatten`."""
        return np.ravel(self, order)

    def compress(self, condition: Any, axis: int | None = None) -> Any:
        """As `np.compress`."""
        return np.compress(condition, self, axis)

    @property
    def T(self) -> Any:  # noqa: N802 (NumPy's name)
        """The transpose."""
        return np.transpose(self)

    @property
    def mT(self) -> Any:  # noqa: N802 (NumPy's name)
        """The matrix transpose: the last two axes swapped."""
        return np.matrix_transpose(self)

    @property
    def real(self) -> Any:
        """The real part."""
        return np.real(self)

    @property
    def imag(self) -> Any:
        """The imaginary part."""
        return np.imag(self)

    @property
    def nbytes(self) -> int:
        """The bytes that the entries take."""
        return self.size * self.itemsize

    @property
    def itemsize(self) -> int:
        """The bytes that one entry takes."""
        return int(self.dtype.itemsize)


def method_of(name: str) -> Callable[..., Any]:
    """The method that calls the NumPy function of a name."""
    function = getattr(np, name)

    def method(self: ArrayMethods, *args: Any, **kwargs: Any) -> Any:
        return function(self, *args, **kwargs)

    method.__name__, method.__qualname__ = name, f"ArrayMethods.{name}"
    method.__doc__ = f"As `np.{name}`."
    return method


def refused(name: str, instead: str) -> Callable[..., Any]:
    """A method that would change the array in place."""

    def method(self: ArrayMethods, *args: Any, **kwargs: Any) -> Any:
        raise self.refusal(f"the method {name} (use {instead})")

    method.__name__, method.__qualname__ = name, f"ArrayMethods.{name}"
    method.__doc__ = f"Refused: it changes the array; use {instead}."
    return method


for each in NAMES:
    setattr(ArrayMethods, each, method_of(each))
for each, other in (
    *(("sort", "np.sort"), ("partition", "np.partition"), ("fill", "np.full_like")),
    *(("put", "np.where"), ("resize", "np.resize"), ("itemset", "np.where")),
):
    setattr(ArrayMethods, each, refused(each, other))
