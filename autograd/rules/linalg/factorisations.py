"""Cholesky and QR factorisations."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine.arrays import usually
from autograd.engine.cotangents import real_dtype, unwrap
from autograd.engine.dispatch import implements
from autograd.engine.primitive import general
from autograd.rules.linalg.eigen import in_triangle
from autograd.rules.linalg.gauge import first_columns
from autograd.rules.linalg.matrices import (
    adjoint,
    conjugate,
    epsilon,
    halved_diagonal,
    outputs_of,
    rows_and_columns,
)
from autograd.rules.shape import transposed


def halved_lower(x: Any) -> Any:
    """The lower triangle, with half of the diagonal."""
    return np.tril(halved_diagonal(x))


def real_diagonal(x: Any) -> Any:
    """x with the real part of its diagonal: the other part of a cotangent meets zeros."""
    if not np.iscomplexobj(x):
        return x
    return np.where(np.eye(rows_and_columns(x)[0], dtype=bool), np.real(x), x)


def without_lost_entries(y: Any, g: Any) -> Any:
    """A triangular factor with those of the identity in place of entries that are not finite and
    have a cotangent of 0: the finite entries of a Cholesky factor do not depend on them."""
    lost = ~np.isfinite(unwrap(y))
    if usually(~np.any(lost)):
        return y
    lost = lost & (unwrap(g) == 0)
    return np.where(lost, np.eye(*np.shape(lost)[-2:], dtype=real_dtype(y)), y)


def cholesky_rule(g: Any, y: Any, x: Any, upper: bool = False) -> Any:
    """A = L L^H: dL = L F(L^-1 dA L^-H), where F takes the lower triangle and half of the diagonal
    (Smith 1995; Murray 2016, "Differentiation of the Cholesky decomposition")."""
    low, g = (adjoint(y), adjoint(g)) if upper else (y, g)
    low = without_lost_entries(low, g)
    middle = real_diagonal(halved_lower(transposed(low) @ g))
    inner = np.linalg.solve(transposed(low), middle)
    return in_triangle(
        transposed(np.linalg.solve(adjoint(low), transposed(inner))), "U" if upper else "L"
    )


cholesky_row = general(np.linalg.cholesky, cholesky_rule, name="cholesky")


@implements(np.linalg.cholesky)
def cholesky(a: Any, /, *, upper: bool = False) -> Any:
    """`np.linalg.cholesky`: of the Hermitian matrix whose lower triangle (with `upper` the upper
    one) NumPy reads; the derivative is with respect to the entries of that triangle."""
    return cholesky_row(a, upper=True) if upper else cholesky_row(a)


# --- QR -------------------------------------------------------------------------------------------
def qr_rule(g: Any, y: Any, x: Any, mode: str = "reduced") -> Any:
    """A = Q R, no wider than tall.  With C = Q^H dA R^-1 and W = F(C) - F(C)^H, where F takes the
    lower triangle and half of the diagonal: dR = (C - W) R, dQ = Q W + (I - Q Q^H) dA R^-1 (Walter
    & Lehmann 2012, "Algorithmic differentiation of linear algebra functions with application in
    optimum experimental design"; LAPACK makes the diagonal of R real)."""
    q, r = outputs_of(y, 2)
    g_q, g_r = g
    count = rows_and_columns(x)[1]
    refuse_dependent(unwrap(r))
    if mode == "complete":
        r = r[..., :count, :]
        g_r = None if g_r is None else g_r[..., :count, :]
        q, g_q = first_columns(g, g_q, q, count, 'the further columns of mode="complete"')
    turned: Any = 0.0
    if g_q is not None:
        turned = transposed(q) @ g_q
    if g_r is not None:
        turned = turned - g_r @ transposed(r)
    inner = halved_lower(turned - adjoint(turned)) - turned
    outer = conjugate(q) @ inner
    outer = outer if g_q is None else g_q + outer
    return transposed(np.linalg.solve(r, transposed(outer)))


def refuse_dependent(r: Any) -> None:
    """ValueError where the columns of a matrix are linearly dependent."""
    size = np.abs(np.diagonal(r, axis1=-2, axis2=-1))
    largest = np.max(size, axis=-1, initial=0.0, keepdims=True)
    if not usually(~np.any(size <= r.shape[-1] * epsilon(r) * largest)):
        raise ValueError(
            "qr: the columns of this matrix are linearly dependent, so that Q and R have no "
            "derivative: use svd, or pinv and lstsq, which have one where the rank does not change"
        )


qr_row = general(np.linalg.qr, qr_rule, name="qr")


@implements(np.linalg.qr)
def qr(a: Any, mode: str = "reduced") -> Any:
    """`np.linalg.qr`.  A wide matrix is Q [R, Q^H A2], with Q R = A1 its square part."""
    if mode not in ("reduced", "complete", "r"):
        raise TypeError(
            f"np.linalg.qr(mode={mode!r}) of a Value has no derivative rule: the reflectors of "
            'LAPACK are of no use outside it; use mode="reduced", "complete" or "r"'
        )
    rows, columns = rows_and_columns(a)
    if rows >= columns:
        result = qr_row(a, mode="complete" if mode == "complete" else "reduced")
    else:
        q, r = qr_row(a[..., :rows], mode="reduced")
        rest = adjoint(q) @ a[..., rows:]
        result = type(np.linalg.qr(np.eye(1)))(q, np.concatenate([r, rest], axis=-1))
    return result.R if mode == "r" else result
