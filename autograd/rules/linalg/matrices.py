"""What the rules of `np.linalg` have in common."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine.conversion import to_constant
from autograd.engine.cotangents import dtype_of, real_dtype, unwrap
from autograd.engine.node import Node
from autograd.rules.indexing import get_output
from autograd.rules.shape import transposed


def adjoint(x: Any) -> Any:
    """The conjugate transpose of each matrix."""
    return transposed(np.conjugate(x)) if np.iscomplexobj(x) else transposed(x)


def conjugate(x: Any) -> Any:
    """The complex conjugate; a real x as it is."""
    return np.conjugate(x) if np.iscomplexobj(x) else x


def as_row(x: Any) -> Any:
    """A vector (..., n) as a matrix of one row, to scale columns with."""
    return np.expand_dims(x, -2)


def as_column(x: Any) -> Any:
    """A vector (..., n) as a matrix of one column, to scale rows with."""
    return np.expand_dims(x, -1)


def outputs_of(y: Any, count: int) -> tuple[Any, ...]:
    """The outputs of a row with several, each for itself."""
    if isinstance(y, Node):
        return tuple([get_output(y, index=i, count=count) for i in range(count)])
    return tuple(y)


def epsilon(x: Any) -> float:
    """The relative rounding error of the numbers in x."""
    return float(np.finfo(real_dtype(x)).eps)


def rows_and_columns(x: Any) -> tuple[int, int]:
    """The shape of each matrix."""
    rows, columns = np.shape(unwrap(x))[-2:]
    return rows, columns


def identity_like(a: Any, n: int) -> Any:
    """The identity matrix of size n in the dtype of a."""
    return np.eye(n, dtype=dtype_of(unwrap(a)))


def halved_diagonal(x: Any) -> Any:
    """Square matrices with half of their diagonal."""
    return x * (1 - np.eye(rows_and_columns(x)[1], dtype=real_dtype(x)) / 2)


def in_floats(x: Any) -> Any:
    """x; a constant list as an array, and integers or bools as the floats in which NumPy's `linalg`
    computes."""
    if isinstance(x, Node):
        return x
    x = to_constant(x)
    return x * 1.0 if dtype_of(x).kind in "iub" else x
