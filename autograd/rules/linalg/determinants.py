"""Determinants, right at singular matrices too."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine.arrays import usually
from autograd.engine.cotangents import unwrap
from autograd.engine.dispatch import implements
from autograd.engine.primitive import general
from autograd.rules.linalg.matrices import (
    epsilon,
    identity_like,
    outputs_of,
    rows_and_columns,
)
from autograd.rules.linalg.solving import inv
from autograd.rules.shape import transposed


def det_rule(g: Any, y: Any, x: Any) -> Any:
    """Jacobi's formula: d det(A) = tr(adj(A) dA), with the adjugate adj(A) = det(A) A^-1."""
    g = np.expand_dims(g, (-1, -2))
    if usually(np.all(unwrap(y) != 0)):
        return g * np.expand_dims(y, (-1, -2)) * transposed(inv(x))
    return g * transposed(bordered_adjugate(x))


def bordered_adjugate(x: Any) -> Any:
    """The adjugate of matrices of which some are singular, as an expression that can be
    differentiated to any order.

    The singular vectors U, V of the singular values that are 0 make B = A + s U V^H regular.  They
    are constants here, so the matrix determinant lemma, det(A) = det(B) det(M) with
    M = I - s V^H B^-1 U, holds for all A nearby; so does its derivative,
    adj(A) = det(B) (det(M) B^-1 + s B^-1 U adj(M) V^H B^-1).  M is small and may be 0: its
    determinant and adjugate are polynomials (`characteristic`).
    """
    u, s, vh = np.linalg.svd(unwrap(x))
    largest = s[..., :1]
    zero = s <= s.shape[-1] * epsilon(x) * largest
    count = int(np.max(np.sum(zero, axis=-1)))
    size = np.where(largest == 0, 1, largest)[..., None]
    left = (u * zero[..., None, :])[..., -count:] * size
    right = (vh * zero[..., :, None])[..., -count:, :]
    inverse = inv(x + left @ right)
    det_b = np.expand_dims(det(x + left @ right), (-1, -2))
    m = identity_like(x, count) - right @ inverse @ left
    det_m, adj_m = characteristic(m)
    return det_b * (det_m * inverse + inverse @ left @ adj_m @ right @ inverse)


def characteristic(m: Any) -> tuple[Any, Any]:
    """det(m), with two axes of length 1, and adj(m), by the recursion of Faddeev and LeVerrier:
    sums and products alone, so that it holds at every matrix and to every order."""
    n = rows_and_columns(m)[0]
    identity = identity_like(m, n)
    c: Any = 1.0
    adjugate: Any = identity
    for k in range(1, n + 1):
        if k > 1:
            adjugate = m @ adjugate + c * identity
        c = -np.expand_dims(np.trace(m @ adjugate, axis1=-2, axis2=-1), (-1, -2)) / k
    return (-1) ** n * c, (-1) ** (n - 1) * adjugate


def slogdet_rule(g: Any, y: Any, x: Any) -> Any:
    """d log abs det(A) = Re tr(A^-1 dA), and for complex matrices d sign = i sign Im tr(A^-1 dA).

    At a singular matrix, where the logarithm is -inf, the derivative is infinite: NaN, unless the
    cotangent is 0."""
    sign, _ = outputs_of(y, 2)
    g_sign, g_log = g
    c: Any = 0.0 if g_log is None else g_log
    if g_sign is not None and np.iscomplexobj(sign):
        c = c + 1j * np.imag(g_sign * sign)
    elif g_log is None:
        return None
    singular = np.expand_dims(unwrap(sign) == 0, (-1, -2))
    c = np.expand_dims(c, (-1, -2))
    if usually(~np.any(singular), unknown=False):
        return c * transposed(inv(x))
    identity = identity_like(x, rows_and_columns(x)[0])
    return c * np.where(singular, np.nan, transposed(inv(np.where(singular, identity, x))))


det_row = general(np.linalg.det, det_rule, name="det")
slogdet_row = general(np.linalg.slogdet, slogdet_rule, name="slogdet")


@implements(np.linalg.det)
def det(a: Any) -> Any:
    """`np.linalg.det`."""
    return det_row(a)


@implements(np.linalg.slogdet)
def slogdet(a: Any) -> Any:
    """`np.linalg.slogdet`: the sign of the determinant, or its phase, and the logarithm of its
    absolute value."""
    return slogdet_row(a)
