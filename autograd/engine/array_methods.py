"""The methods that an ndarray has, for Value: each one is the NumPy function of the same name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.engine import kernels
from autograd.engine.plain_methods import Axis, numpy
from autograd.engine.primitive import declare
from autograd.engine.protocols import Protocols

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from autograd.engine.value import Value


EXP, LOG, TANH = declare(np.exp), declare(np.log), declare(np.tanh)
SQRT, SIN, COS = declare(np.sqrt), declare(np.sin), declare(np.cos)
RELU, SIGMOID = declare(kernels.relu), declare(kernels.sigmoid)
SUM, RESHAPE, TRANSPOSE = declare(np.sum), declare(np.reshape), declare(np.transpose)
ASTYPE = declare(kernels.astype)


class ArrayMethods(Protocols):
    """What Value inherits: no state, no rule, one line a method."""

    __slots__ = ()

    # --- scalar functions, as methods ---------------------------------------------------------
    def exp(self) -> Value:
        """e to the power of v."""
        return self.__apply__(EXP)

    def log(self) -> Value:
        """The natural logarithm."""
        return self.__apply__(LOG)

    def tanh(self) -> Value:
        """The hyperbolic tangent."""
        return self.__apply__(TANH)

    def sqrt(self) -> Value:
        """The square root."""
        return self.__apply__(SQRT)

    def sin(self) -> Value:
        """The sine."""
        return self.__apply__(SIN)

    def cos(self) -> Value:
        """The cosine."""
        return self.__apply__(COS)

    def relu(self) -> Value:
        """max(v, 0); the derivative at 0 is 0."""
        return self.__apply__(RELU)

    def sigmoid(self) -> Value:
        """1 / (1 + exp(-v))."""
        return self.__apply__(SIGMOID)

    # --- reductions -----------------------------------------------------------------------------
    def sum(
        self,
        axis: Axis = None,
        dtype: DTypeLike | None = None,
        out: None = None,
        keepdims: bool = False,
        **options: Any,
    ) -> Value:
        """As `np.sum`."""
        if options or dtype is not None or out is not None:
            return numpy.sum(self, axis, dtype, out, keepdims, **options)
        return SUM(self, axis=axis, keepdims=keepdims)

    def mean(
        self,
        axis: Axis = None,
        dtype: DTypeLike | None = None,
        out: None = None,
        keepdims: bool = False,
        **options: Any,
    ) -> Value:
        """As `np.mean`."""
        return numpy.mean(self, axis, dtype, out, keepdims, **options)

    def prod(
        self,
        axis: Axis = None,
        dtype: DTypeLike | None = None,
        out: None = None,
        keepdims: bool = False,
        **options: Any,
    ) -> Value:
        """As `np.prod`."""
        return numpy.prod(self, axis, dtype, out, keepdims, **options)

    def max(
        self, axis: Axis = None, out: None = None, keepdims: bool = False, **options: Any
    ) -> Value:
        """As `np.max`; ties share the gradient equally."""
        return numpy.max(self, axis, out, keepdims, **options)

    def min(
        self, axis: Axis = None, out: None = None, keepdims: bool = False, **options: Any
    ) -> Value:
        """As `np.min`; ties share the gradient equally."""
        return numpy.min(self, axis, out, keepdims, **options)

    def var(
        self,
        axis: Axis = None,
        dtype: DTypeLike | None = None,
        out: None = None,
        ddof: float = 0,
        keepdims: bool = False,
        **options: Any,
    ) -> Value:
        """As `np.var`."""
        return numpy.var(self, axis, dtype, out, ddof, keepdims, **options)

    def std(
        self,
        axis: Axis = None,
        dtype: DTypeLike | None = None,
        out: None = None,
        ddof: float = 0,
        keepdims: bool = False,
        **options: Any,
    ) -> Value:
        """As `np.std`; the derivative of a constant's is 0."""
        return numpy.std(self, axis, dtype, out, ddof, keepdims, **options)

    def cumsum(
        self, axis: int | None = None, dtype: DTypeLike | None = None, out: None = None
    ) -> Value:
        """As `np.cumsum`."""
        return numpy.cumsum(self, axis, dtype, out)

    def cumprod(
        self, axis: int | None = None, dtype: DTypeLike | None = None, out: None = None
    ) -> Value:
        """As `np.cumprod`."""
        return numpy.cumprod(self, axis, dtype, out)

    def trace(
        self,
        offset: int = 0,
        axis1: int = 0,
        axis2: int = 1,
        dtype: DTypeLike | None = None,
        out: None = None,
    ) -> Value:
        """As `np.trace`."""
        return numpy.trace(self, offset, axis1, axis2, dtype=dtype, out=out)

    # --- shape ----------------------------------------------------------------------------------
    def reshape(self, *shape: int | Sequence[int], order: Any = "C") -> Value:
        """As `ndarray.reshape`: `v.reshape(2, 3)` and `v.reshape((2, 3))`."""
        new = shape[0] if len(shape) == 1 else shape
        return RESHAPE(self, shape=new, order=order)

    def transpose(self, *axes: Any) -> Value:
        """As `ndarray.transpose`."""
        order = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes or None
        return TRANSPOSE(self, axes=order)

    @property
    def T(self) -> Value:  # noqa: N802 (NumPy's name)
        """The transpose."""
        return TRANSPOSE(self, axes=None)

    @property
    def mT(self) -> Value:  # noqa: N802 (NumPy's name)
        """The matrix transpose: the last two axes swapped."""
        return numpy.matrix_transpose(self)

    def ravel(self, order: Any = "C") -> Value:
        """As `np.ravel`."""
        return RESHAPE(self, shape=(-1,), order=order)

    flatten = ravel

    @property
    def flat(self) -> Value:
        """The entries in one row, to iterate over or to index (not to write to)."""
        return self.ravel()

    def squeeze(self, axis: Axis = None) -> Value:
        """As `np.squeeze`."""
        return numpy.squeeze(self, axis=axis)

    def swapaxes(self, axis1: int, axis2: int) -> Value:
        """As `np.swapaxes`."""
        return numpy.swapaxes(self, axis1, axis2)

    def repeat(self, repeats: Any, axis: int | None = None) -> Value:
        """As `np.repeat`."""
        return numpy.repeat(self, repeats, axis=axis)

    def diagonal(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Value:
        """As `np.diagonal`."""
        return numpy.diagonal(self, offset, axis1, axis2)

    def take(
        self, indices: Any, axis: int | None = None, out: None = None, mode: Any = "raise"
    ) -> Value:
        """As `np.take`."""
        return numpy.take(self, indices, axis, out, mode)

    def compress(self, condition: Any, axis: int | None = None, out: None = None) -> Value:
        """As `np.compress`."""
        return numpy.compress(condition, self, axis, out)

    # --- elementwise ----------------------------------------------------------------------------
    def clip(self, min: Any = None, max: Any = None, out: None = None) -> Value:
        """As `np.clip`; at the bounds the derivative is 1 (the entry is not clipped)."""
        return numpy.clip(self, min, max, out)

    def round(self, decimals: int = 0, out: None = None) -> Value:
        """As `np.round`; its derivative is 0 almost everywhere."""
        return numpy.round(self, decimals, out)

    def conj(self) -> Value:
        """The complex conjugate."""
        return numpy.conjugate(self)

    conjugate = conj

    @property
    def real(self) -> Value:
        """The real part."""
        return numpy.real(self)

    @property
    def imag(self) -> Value:
        """The imaginary part."""
        return numpy.imag(self)

    def copy(self, order: Any = "C") -> Value:
        """A new node with the same data; its gradient flows back to this one."""
        return numpy.copy(self, order)

    def astype(self, dtype: DTypeLike) -> Value:
        """In another float or complex dtype; integers have no derivative, so they are refused."""
        if np.dtype(dtype).kind not in "fc":
            raise TypeError(
                f"astype({np.dtype(dtype).name}) has no derivative: "
                f"use v.data.astype({np.dtype(dtype).name}) for plain numbers"
            )
        return ASTYPE(self, dtype=np.dtype(dtype))

    def dot(self, other: Any, out: None = None) -> Value:
        """As `np.dot`."""
        return numpy.dot(self, other, out)
