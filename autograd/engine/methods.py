"""The named methods and properties that an ndarray has, for Value: each is the NumPy function of
the same name, a line or three.  Operators and what micrograd has are in `engine.value`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.engine import kernels
from autograd.engine.arrays import ndim_of, shape_of, size_of
from autograd.engine.node import Node
from autograd.engine.primitive import declare
from autograd.engine.refusals import refuse_unknown

if TYPE_CHECKING:
    from typing import Self, Unpack

    from numpy.typing import DTypeLike

    from autograd.engine.type_hints import (
        Casting,
        Initial,
        KeepDims,
        Partition,
        Sorting,
        Spread,
        Where,
    )

numpy: Any = np  # NumPy's stubs do not know Values; its functions take them and return them
Axis = int | tuple[int, ...] | None

SUM, TRANSPOSE, ASTYPE = declare(np.sum), declare(np.transpose), declare(kernels.astype)


class Methods(Node):
    """What Value inherits: no state, no rule."""

    __slots__ = ()

    # --- description ----------------------------------------------------------------------------
    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the data; () for a number."""
        return shape_of(self.data)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return ndim_of(self.data)

    @property
    def size(self) -> int:
        """The number of entries."""
        return int(size_of(self.data))

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of the data; float64 or complex128 for a Python number."""
        if type(self.data) in (float, complex, int):
            return np.asarray(self.data).dtype
        return self.data.dtype

    @property
    def nbytes(self) -> int:
        """The bytes that the entries take."""
        return self.size * self.dtype.itemsize

    @property
    def itemsize(self) -> int:
        """The bytes that one entry takes."""
        return self.dtype.itemsize

    @property
    def device(self) -> str:
        """Where the data are, as NumPy says it."""
        return str(getattr(self.data, "device", "cpu"))

    # --- reductions -----------------------------------------------------------------------------
    def sum(
        self,
        axis: Axis = None,
        dtype: DTypeLike | None = None,
        out: None = None,
        keepdims: bool = False,
        **options: Unpack[Initial],
    ) -> Self:
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
        **options: Unpack[Where],
    ) -> Self:
        """As `np.mean`."""
        return numpy.mean(self, axis, dtype, out, keepdims, **options)

    def prod(
        self,
        axis: Axis = None,
        dtype: DTypeLike | None = None,
        out: None = None,
        keepdims: bool = False,
        **options: Unpack[Initial],
    ) -> Self:
        """As `np.prod`."""
        return numpy.prod(self, axis, dtype, out, keepdims, **options)

    def max(
        self,
        axis: Axis = None,
        out: None = None,
        keepdims: bool = False,
        **options: Unpack[Initial],
    ) -> Self:
        """As `np.max`; ties share the gradient equally."""
        return numpy.max(self, axis, out, keepdims, **options)

    def min(
        self,
        axis: Axis = None,
        out: None = None,
        keepdims: bool = False,
        **options: Unpack[Initial],
    ) -> Self:
        """As `np.min`; ties share the gradient equally."""
        return numpy.min(self, axis, out, keepdims, **options)

    def var(
        self,
        axis: Axis = None,
        dtype: DTypeLike | None = None,
        out: None = None,
        ddof: float = 0,
        keepdims: bool = False,
        **options: Unpack[Spread],
    ) -> Self:
        """As `np.var`."""
        return numpy.var(self, axis, dtype, out, ddof, keepdims, **options)

    def std(
        self,
        axis: Axis = None,
        dtype: DTypeLike | None = None,
        out: None = None,
        ddof: float = 0,
        keepdims: bool = False,
        **options: Unpack[Spread],
    ) -> Self:
        """As `np.std`; the derivative of a constant's is 0."""
        return numpy.std(self, axis, dtype, out, ddof, keepdims, **options)

    def cumsum(
        self, axis: int | None = None, dtype: DTypeLike | None = None, out: None = None
    ) -> Self:
        """As `np.cumsum`."""
        return numpy.cumsum(self, axis, dtype, out)

    def cumprod(
        self, axis: int | None = None, dtype: DTypeLike | None = None, out: None = None
    ) -> Self:
        """As `np.cumprod`."""
        return numpy.cumprod(self, axis, dtype, out)

    def trace(
        self,
        offset: int = 0,
        axis1: int = 0,
        axis2: int = 1,
        dtype: DTypeLike | None = None,
        out: None = None,
    ) -> Self:
        """As `np.trace`."""
        return numpy.trace(self, offset, axis1, axis2, dtype=dtype, out=out)

    # --- shape ----------------------------------------------------------------------------------
    def reshape(
        self, *shape: int | Sequence[int], order: Any = "C", copy: bool | None = None
    ) -> Self:
        """As `ndarray.reshape`: `v.reshape(2, 3)` and `v.reshape((2, 3))`."""
        return numpy.reshape(self, shape[0] if len(shape) == 1 else shape, order, copy=copy)

    def transpose(self, *axes: Any) -> Self:
        """As `ndarray.transpose`."""
        alone = len(axes) == 1 and not isinstance(axes[0], int | np.integer)
        order = axes[0] if alone else axes or None
        return numpy.transpose(self, order)

    @property
    def T(self) -> Self:  # noqa: N802 (NumPy's name)
        """The transpose."""
        return TRANSPOSE(self, axes=None)

    @property
    def mT(self) -> Self:  # noqa: N802 (NumPy's name)
        """The matrix transpose: the last two axes swapped."""
        return numpy.matrix_transpose(self)

    def ravel(self, order: Any = "C") -> Self:
        """As `np.ravel`."""
        return numpy.ravel(self, order)

    flatten = ravel

    @property
    def flat(self) -> Self:
        """The entries in one row, to iterate over or to index (not to write to)."""
        return self.ravel()

    def squeeze(self, axis: Axis = None) -> Self:
        """As `np.squeeze`."""
        return numpy.squeeze(self, axis=axis)

    def swapaxes(self, axis1: int, axis2: int) -> Self:
        """As `np.swapaxes`."""
        return numpy.swapaxes(self, axis1, axis2)

    def repeat(self, repeats: Any, axis: int | None = None) -> Self:
        """As `np.repeat`."""
        return numpy.repeat(self, repeats, axis=axis)

    def diagonal(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Self:
        """As `np.diagonal`."""
        return numpy.diagonal(self, offset, axis1, axis2)

    def take(
        self, indices: Any, axis: int | None = None, out: None = None, mode: Any = "raise"
    ) -> Self:
        """As `np.take`."""
        return numpy.take(self, indices, axis, out, mode)

    def compress(self, condition: Any, axis: int | None = None, out: None = None) -> Self:
        """As `np.compress`."""
        return numpy.compress(condition, self, axis, out)

    # --- elementwise ----------------------------------------------------------------------------
    def clip(
        self, min: Any = None, max: Any = None, out: None = None, **options: Unpack[Casting]
    ) -> Self:
        """As `np.clip`; at the bounds the derivative is 1 (the entry is not clipped)."""
        return numpy.clip(self, min, max, out, **options)

    def round(self, decimals: int = 0, out: None = None) -> Self:
        """As `np.round`; its derivative is 0 almost everywhere."""
        return numpy.round(self, decimals, out)

    def conj(self) -> Self:
        """The complex conjugate."""
        return numpy.conjugate(self)

    conjugate = conj

    @property
    def real(self) -> Self:
        """The real part."""
        return numpy.real(self)

    @property
    def imag(self) -> Self:
        """The imaginary part."""
        return numpy.imag(self)

    def copy(self, order: Any = "C") -> Self:
        """A new node with the same data; its gradient flows back to this one."""
        return numpy.copy(self, order)

    def astype(
        self,
        dtype: DTypeLike,
        order: Any = "K",
        casting: Any = "unsafe",
        subok: bool = True,
        copy: bool = True,
    ) -> Self:
        """In another float or complex dtype; integers have no derivative, so they are refused.

        The options are those of `ndarray.astype`: `casting` is checked as there, `order` is the
        layout of the copy, and with copy=False a Value that has the dtype is returned itself."""
        if np.dtype(dtype).kind not in "fc":
            raise TypeError(
                f"astype({np.dtype(dtype).name}) has no derivative: "
                f"use v.data.astype({np.dtype(dtype).name}) for plain numbers"
            )
        target = np.dtype(dtype)
        if not np.can_cast(self.dtype, target, casting):
            raise TypeError(f"astype: {self.dtype} cannot be cast to {target} by rule {casting!r}")
        if not copy and target == self.dtype:
            return self
        return (
            ASTYPE(self, dtype=target) if order == "K" else ASTYPE(self, dtype=target, order=order)
        )

    def dot(self, b: Any, out: None = None) -> Self:
        """As `np.dot`."""
        return numpy.dot(self, b, out)

    # --- plain numbers, indices and bools: no derivative -----------------------------------------
    def item(self, *index: int) -> Any:
        """The plain Python number of a Value of one entry (or of the entry at `index`)."""
        return np.asarray(self.data).item(*index)

    def tolist(self) -> Any:
        """The plain numbers as (nested) lists."""
        return np.asarray(self.data).tolist()

    def argmax(self, axis: int | None = None, out: None = None, **options: Unpack[KeepDims]) -> Any:
        """As `np.argmax`: plain indices."""
        return numpy.argmax(self.data, axis, out, **options)

    def argmin(self, axis: int | None = None, out: None = None, **options: Unpack[KeepDims]) -> Any:
        """As `np.argmin`: plain indices."""
        return numpy.argmin(self.data, axis, out, **options)

    def argsort(self, axis: int | None = -1, kind: Any = None, **options: Unpack[Sorting]) -> Any:
        """As `np.argsort`: plain indices."""
        return numpy.argsort(self.data, axis, kind, **options)

    def argpartition(self, kth: Any, axis: int | None = -1, **options: Unpack[Partition]) -> Any:
        """As `np.argpartition`: plain indices."""
        return numpy.argpartition(self.data, kth, axis, **options)

    def searchsorted(self, v: Any, side: Any = "left", sorter: Any = None) -> Any:
        """As `np.searchsorted`: plain indices."""
        return numpy.searchsorted(self, v, side, sorter)

    def all(
        self, axis: Axis = None, out: None = None, keepdims: bool = False, **options: Unpack[Where]
    ) -> Any:
        """As `np.all`: plain bools."""
        return numpy.all(self.data, axis, out, keepdims, **options)

    def any(
        self, axis: Axis = None, out: None = None, keepdims: bool = False, **options: Unpack[Where]
    ) -> Any:
        """As `np.any`: plain bools."""
        return numpy.any(self.data, axis, out, keepdims, **options)

    def nonzero(self) -> Any:
        """As `np.nonzero`: plain indices."""
        return numpy.nonzero(self.data)


refuse_unknown(Methods)
