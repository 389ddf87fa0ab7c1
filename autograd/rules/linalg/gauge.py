"""What is left open by a factorisation, its gauge, and how the rules settle it.

Eigenvectors and singular vectors are known up to a sign or a phase, and those of a repeated value
up to a rotation among themselves.  Three conventions follow; docs/linalg.md has them with examples.

phase       LAPACK makes one entry of each complex vector real.  The derivative is that of the
            vectors with this phase: what differences of NumPy's own output show
rotation    vectors of a repeated value do not rotate among themselves (`close`); a function to
            which that makes a difference has no derivative there, and is refused
complement  the further columns of a full basis are known only as a space: the same
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine.cotangents import unwrap
from autograd.rules.linalg.matrices import adjoint, as_column, as_row, conjugate, epsilon

PINNED = 1e-4
"""An entry of a unit vector that is smaller than this does not fix the phase of the vector."""


def differences_of(w: Any) -> Any:
    """w[j] - w[i] at (i, j)."""
    return as_row(w) - as_column(w)


def are_close(gaps: Any, w: Any) -> Any:
    """Where two values of w are the same up to rounding errors, and on the diagonal."""
    plain = np.abs(unwrap(w))
    largest = np.max(plain, axis=-1, initial=0.0)
    tolerance = 8 * plain.shape[-1] * epsilon(w) * largest
    return np.abs(unwrap(gaps)) <= np.expand_dims(tolerance, (-1, -2))


def divide_apart(x: Any, gaps: Any, close: Any) -> Any:
    """x / gaps; 0 where the gap counts as 0."""
    return np.where(close, 0, x / np.where(close, 1, gaps))


def phase_of(g: Any, v: Any) -> Any:
    """How a function changes when the columns of v turn: d f / d angle, as one row."""
    return np.imag(np.sum(g * v, axis=-2, keepdims=True))


def pin(g: Any, v: Any, turn: Any, entries: Any) -> tuple[Any, Any]:
    """The cotangent of vectors of free phase from that of vectors with a real entry each; and
    which vectors have none, and a phase that nothing fixes.

    `turn` is the derivative with respect to the phase, `entries` is 1 at the entries that are
    real.  Where dv leaves the phase alone, that with the real entry is
    dv - i v Im(dv[k]) / v[k]."""
    real = np.real(np.sum(v * entries, axis=-2, keepdims=True))
    fixed = np.abs(unwrap(real)) > PINNED
    return g - 1j * entries * np.where(fixed, turn / np.where(fixed, real, 1), 0), ~fixed


def with_choice(close: Any, free: Any) -> Any:
    """Where vectors may be chosen: several of one value among themselves, and one that is `free`
    in its phase."""
    return close & (free | ~np.eye(close.shape[-1], dtype=bool))


def entries_of_row(v: Any, row: int) -> Any:
    """1 in one row of the matrices v, as a column."""
    places = np.arange(np.shape(unwrap(v))[-2])
    return (places == places[row])[:, None].astype(float)


def refuse_rotation(residual: Any, among: Any, scale: Any, what: str) -> None:
    """ValueError where a function depends on a choice that the factorisation leaves open.

    residual  its derivative with respect to that choice, zero in exact arithmetic
    among     where there is a choice
    scale     numbers of the size of which rounding errors may be
    """
    plain, size = np.abs(unwrap(residual)), np.max(np.abs(unwrap(scale)), initial=0.0)
    if np.any(np.where(among, plain, 0) > np.sqrt(epsilon(residual)) * size):
        raise ValueError(
            f"{what} have no derivative by themselves, and this function depends on which of "
            "them are taken: use one of the space that they span, such as the projector "
            "v @ v.conj().T, one of the values alone, or stop_gradient(v)"
        )


def complement_rule(g: Any, g_rest: Any, first: Any, rest: Any, what: str) -> Any:
    """The cotangent of the first columns of a unitary matrix from those of all: the others stay
    orthogonal to them, and move no more than they must, d rest = -first (d first)^H rest."""
    if g_rest is None:
        return g
    among = rest.mT @ g_rest
    refuse_rotation(among - adjoint(among), True, among, what)
    turned = conjugate(rest @ g_rest.mT @ first)
    return -turned if g is None else g - turned
