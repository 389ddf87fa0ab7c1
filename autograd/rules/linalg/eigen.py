"""Eigenvalues and eigenvectors.

With B = V^-1 dA V: d lambda = diag(B), dV = V (F * B), F[i, j] = 1 / (lambda[j] - lambda[i])
(Magnus & Neudecker 1988; Giles 2008; for complex matrices Boeddeker et al. 2017, "On the
computation of complex-valued gradients").  What the eigenvectors leave open is settled in `gauge`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine.arrays import usually
from autograd.engine.cotangents import real_dtype, unwrap
from autograd.engine.dispatch import implements
from autograd.engine.primitive import general
from autograd.rules.linalg.gauge import (
    Gaps,
    approach_of,
    differences_of,
    entries_of_row,
    gaps_of,
    phase_of,
    pin,
    quotient,
    refuse_rotation,
    refuse_weights,
    some,
    with_choice,
)
from autograd.rules.linalg.matrices import (
    adjoint,
    as_row,
    conjugate,
    epsilon,
    halved_diagonal,
    outputs_of,
)
from autograd.rules.shape import transposed

EIGENVECTORS = "eigenvectors of one eigenvalue"


def eigh_rule(g: Any, y: Any, x: Any, UPLO: str = "L") -> Any:
    """d lambda = diag(V^H dA V), dV = V (F * V^H dA V), of the triangle that NumPy reads."""
    w, v = outputs_of(y, 2)
    g_w, g_v = g
    moved: Any = 0.0
    if g_w is not None:
        moved = conjugate(v) * as_row(g_w)
    if g_v is not None:
        free: Any = False
        if np.iscomplexobj(v):
            real = entries_of_row(v, 0 if UPLO.upper() == "L" else -1)
            g_v, free = pin(g_v, v, phase_of(g_v, v), real)
        turned = transposed(v) @ g_v
        turned = (turned - adjoint(turned)) / 2
        turns, gaps = turns_of(g, y, turned, w, g_v)
        scale = (g_v, turns * np.max(np.abs(unwrap(w)), initial=0.0))
        refuse_rotation(g, turned, with_choice(gaps.close, free), scale, EIGENVECTORS)
        moved = moved + conjugate(v) @ turns
    return in_triangle(moved @ transposed(v), UPLO)


def turns_of(g: Any, y: Any, turned: Any, w: Any, scale: Any) -> tuple[Any, Gaps]:
    """F * turned, also where eigenvalues are repeated; and their differences."""
    gaps = gaps_of(differences_of(w), w)
    way = approach_of(g, y, gaps.near, 0, some(with_choice(gaps.near, False)))
    if way is not None:
        repeated = np.any(with_choice(gaps.close, False), axis=-1)
        refuse_weights(y, g[1], as_row(repeated), EIGENVECTORS)
    speeds = None if way is None else differences_of(way.speeds)
    return quotient(turned, gaps, way, speeds, (scale,)), gaps


def in_triangle(g: Any, triangle: str) -> Any:
    """The cotangent of the triangle of a Hermitian matrix, of which the other one is a copy."""
    g = halved_diagonal(g + adjoint(g))
    return np.tril(g) if triangle.upper() == "L" else np.triu(g)


def from_triangle(a: Any, triangle: str = "L") -> Any:
    """The Hermitian matrix of which NumPy reads one triangle."""
    strict = np.tril(a, -1) if triangle.upper() == "L" else np.triu(a, 1)
    diagonal = np.tril(np.triu(a))
    return strict + adjoint(strict) + np.real(diagonal)


def eig_rule(g: Any, y: Any, x: Any) -> Any:
    """d lambda = diag(V^-1 dA V), dV = V (F * V^-1 dA V), less what would change the length of a
    vector or make its largest entry complex: LAPACK gives them with length 1 and that one real."""
    w, v = outputs_of(y, 2)
    g_w, g_v = g
    refuse_defective(unwrap(v))
    if np.iscomplexobj(v) and not np.iscomplexobj(x):  # real eigenvalues have real vectors
        real = np.imag(unwrap(w)) == 0
        g_w = None if g_w is None else np.where(real, np.real(g_w), g_w)
        g_v = None if g_v is None else np.where(as_row(real), np.real(g_v), g_v)
    moved: Any = 0.0
    if g_w is not None:
        moved = as_row(g_w) * np.eye(np.shape(unwrap(v))[-1], dtype=real_dtype(v))
    if g_v is not None:
        if np.iscomplexobj(v):
            size = np.abs(unwrap(v))
            places = np.arange(size.shape[-2])[:, None]
            largest = places == np.expand_dims(np.argmax(size, axis=-2), -2)
            g_v, _ = pin(g_v, v, phase_of(g_v, v), largest.astype(real_dtype(v)))
        g_v = g_v - conjugate(v) * np.sum(g_v * v, axis=-2, keepdims=True)
        turned = transposed(v) @ g_v
        turns, gaps = turns_of(g, y, turned, w, g_v)
        scale = (g_v, turns * np.max(np.abs(unwrap(w)), initial=0.0))
        refuse_rotation(g, turned, with_choice(gaps.close, False), scale, EIGENVECTORS)
        moved = moved + turns
    return np.linalg.solve(transposed(v), moved @ transposed(v))


def refuse_defective(v: Any) -> None:
    """ValueError where the eigenvectors span less than the whole space: an eigenvalue is then a
    branch point, of infinite slope."""
    if v.size and not usually(np.all(np.linalg.cond(v) * epsilon(v) < 0.1)):
        raise ValueError(
            "eig: this matrix is defective (it has fewer eigenvectors than its size), so that its "
            "eigenvalues and eigenvectors have no derivative: for a symmetric matrix use eigh; for "
            "a function of the matrix that has one, such as its trace, determinant or inverse, use "
            "that function"
        )


eigh_row = general(np.linalg.eigh, eigh_rule, name="eigh")
eig_row = general(np.linalg.eig, eig_rule, name="eig")


@implements(np.linalg.eigh)
def eigh(a: Any, UPLO: str = "L") -> Any:
    """`np.linalg.eigh`: of the Hermitian matrix whose lower or upper triangle NumPy reads; the
    derivative is with respect to the entries of that triangle."""
    return eigh_row(a, UPLO=UPLO)


@implements(np.linalg.eigvalsh)
def eigvalsh(a: Any, UPLO: str = "L") -> Any:
    """`np.linalg.eigvalsh`: the eigenvalues of `eigh`, whose derivatives need the vectors."""
    return eigh(a, UPLO).eigenvalues


@implements(np.linalg.eig)
def eig(a: Any) -> Any:
    """`np.linalg.eig`: of any square matrix that has a full set of eigenvectors."""
    return eig_row(a)


@implements(np.linalg.eigvals)
def eigvals(a: Any) -> Any:
    """`np.linalg.eigvals`: the eigenvalues of `eig`, whose derivatives need the vectors."""
    return eig(a).eigenvalues
