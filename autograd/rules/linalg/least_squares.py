"""Pseudoinverse and least squares, at matrices whose rank does not change nearby."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine.cotangents import dtype_of, unwrap
from autograd.engine.dispatch import NONDIFFERENTIABLE, implements
from autograd.engine.primitive import general
from autograd.rules.linalg.eigen import from_triangle
from autograd.rules.linalg.matrices import (
    adjoint,
    as_column,
    conjugate,
    epsilon,
    identity_like,
    in_floats,
    rows_and_columns,
)
from autograd.rules.linalg.singular import svdvals
from autograd.rules.linalg.solving import without_lost
from autograd.rules.selection import missing
from autograd.rules.shape import shape_of, transposed

NONDIFFERENTIABLE.add(np.linalg.matrix_rank)


def pinv_rule(g: Any, y: Any, x: Any, rcond: Any) -> Any:
    """dP = -P dA P + P P^H dA^H (I - A P) + (I - P A) dA^H P^H P (Golub & Pereyra 1973, "The
    differentiation of pseudo-inverses and nonlinear least squares problems whose variables
    separate")."""
    rows, columns = rows_and_columns(x)
    ph = adjoint(y)
    left, right = y @ ph, identity_like(x, rows) - x @ y
    c = transposed(left) @ g @ transposed(right)
    left, right = identity_like(x, columns) - y @ x, ph @ y
    c = c + transposed(left) @ g @ transposed(right)
    return adjoint(c) - transposed(y) @ g @ transposed(y)


def pinv_array(a: Any, rcond: Any) -> Any:
    """`np.linalg.pinv` with a cut that can be hashed."""
    return np.linalg.pinv(a, np.array(rcond))


pinv_row = general(np.linalg.pinv, pinv_rule, computed_by=pinv_array, name="pinv")


@implements(np.linalg.pinv)
def pinv(a: Any, rcond: Any = None, hermitian: bool = False, *, rtol: Any = missing) -> Any:
    """`np.linalg.pinv`."""
    if rcond is not None and rtol is not missing:
        raise ValueError("`rtol` and `rcond` can't be both set.")
    cut = rcond if rcond is not None else 1e-15 if rtol is missing else rtol
    if cut is None:
        cut = max(shape_of(a)[-2:]) * epsilon(a)
    a = from_triangle(a) if hermitian else a
    return pinv_row(a, rcond=as_tuples(np.asarray(unwrap(cut)).tolist()))


def as_tuples(x: Any) -> Any:
    """Nested lists as tuples."""
    return tuple(map(as_tuples, x)) if isinstance(x, list) else x


# --- least squares --------------------------------------------------------------------------------
def lstsq_rule(wanted: Any, g: Any, y: Any, a: Any, b: Any, rcond: float) -> tuple[Any, Any]:
    """x = P b, with P the pseudoinverse: dx = P db - P dA x + P P^H dA^H (b - A x) +
    (I - P A) dA^H P^H x (Golub & Pereyra 1973)."""
    p = pinv_row(a, rcond=rcond)
    pg = transposed(p) @ g
    if not wanted[0]:
        return None, pg
    y = without_lost(y, g)
    residual = without_lost(b - a @ y, g)
    inside = conjugate(residual) @ (adjoint(pg) @ transposed(p))
    outside = (transposed(p) @ conjugate(y)) @ adjoint(g - transposed(a) @ pg)
    return inside + outside - pg @ transposed(y), pg


def lstsq_arrays(a: Any, b: Any, rcond: float) -> Any:
    """The solution that `np.linalg.lstsq` finds."""
    return np.linalg.lstsq(a, b, rcond)[0]


lstsq_row = general(np.linalg.lstsq, vjp_all=lstsq_rule, computed_by=lstsq_arrays, name="lstsq")
"""Right-hand sides are matrices."""


@implements(np.linalg.lstsq)
def lstsq(a: Any, b: Any, rcond: Any = None) -> Any:
    """`np.linalg.lstsq`: the solution, the sums of squared residuals, the rank (a plain integer)
    and the singular values."""
    a, b = in_floats(a), in_floats(b)
    dtype = np.result_type(dtype_of(unwrap(a)), dtype_of(unwrap(b)))
    a = a if dtype_of(unwrap(a)) == dtype else a.astype(dtype)
    _, squares, rank, _ = np.linalg.lstsq(unwrap(a), unwrap(b), rcond)
    rows, columns = rows_and_columns(a)
    if rcond is None:
        rcond = epsilon(a) * max(rows, columns)
    elif rcond == -1:
        rcond = epsilon(a)
    vector = len(shape_of(b)) == 1
    b = as_column(b) if vector else b
    x = lstsq_row(a, b, rcond=float(rcond))
    if squares.size:
        squares = np.sum(np.square(np.abs(b - a @ x)), axis=0)
    return x[:, 0] if vector else x, squares, rank, svdvals(a)
