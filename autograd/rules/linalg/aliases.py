"""The functions that NumPy 2 has in `np.linalg` too, from the array API standard: they go over the
last axes, and take fewer options than those of `np`."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine.dispatch import implements
from autograd.rules.products import matmul, tensordot
from autograd.rules.shape import matrix_transpose, reshape_row, shape_of

implements(np.linalg.matmul)(matmul)
implements(np.linalg.matrix_transpose)(matrix_transpose)


@implements(np.linalg.tensordot)
def tensordot_of_two(x1: Any, x2: Any, /, *, axes: Any = 2) -> Any:
    """`np.linalg.tensordot`."""
    return tensordot(x1, x2, axes)


@implements(np.linalg.diagonal)
def diagonal(x: Any, /, *, offset: int = 0) -> Any:
    """`np.linalg.diagonal`: of the last two axes."""
    return np.diagonal(x, offset, axis1=-2, axis2=-1)


@implements(np.linalg.trace)
def trace(x: Any, /, *, offset: int = 0, dtype: Any = None) -> Any:
    """`np.linalg.trace`: of the last two axes."""
    return np.trace(x, offset, axis1=-2, axis2=-1, dtype=dtype)


@implements(np.linalg.outer)
def outer(x1: Any, x2: Any, /) -> Any:
    """`np.linalg.outer`: of two vectors."""
    if len(shape_of(x1)) != 1 or len(shape_of(x2)) != 1:
        raise ValueError(
            "Input arrays must be one-dimensional, but they are "
            f"x1.ndim={len(shape_of(x1))} and x2.ndim={len(shape_of(x2))}."
        )
    return reshape_row(x1, shape=(-1, 1)) * reshape_row(x2, shape=(1, -1))


@implements(np.linalg.cross)
def cross(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """`np.linalg.cross`: of vectors of three entries, (a x b)[i] = a[i+1] b[i+2] - a[i+2] b[i+1]
    with indices modulo 3."""
    if shape_of(x1)[axis] != 3 or shape_of(x2)[axis] != 3:
        raise ValueError(
            "Both input arrays must be (arrays of) 3-dimensional vectors, but they are "
            f"{shape_of(x1)[axis]} and {shape_of(x2)[axis]} dimensional instead."
        )
    a, b = np.moveaxis(x1, axis, -1), np.moveaxis(x2, axis, -1)
    turned = a * np.roll(b, -1, axis=-1) - np.roll(a, -1, axis=-1) * b
    return np.moveaxis(np.roll(turned, -1, axis=-1), -1, axis)


@implements(np.linalg.vecdot)
def vecdot(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """`np.linalg.vecdot`: the sum of conj(a) * b over an axis."""
    a, b = np.moveaxis(x1, axis, -1), np.moveaxis(x2, axis, -1)
    return np.vecdot(a, b)
