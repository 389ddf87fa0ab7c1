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

from functools import reduce
from typing import Any, NamedTuple

import numpy as np

from autograd.engine.arrays import usually
from autograd.engine.cotangents import dtype_of, real_dtype, unwrap
from autograd.engine.forward import depends_on, derivative_along
from autograd.engine.node import Node, is_variable
from autograd.engine.outputs import OutputTuple
from autograd.engine.reverse import GraphNeededError
from autograd.rules.linalg.matrices import (
    adjoint,
    as_column,
    as_row,
    conjugate,
    epsilon,
)
from autograd.rules.shape import transposed

PINNED = 1e-4
"""An entry of a unit vector that is smaller than this does not fix the phase of the vector."""


def differences_of(w: Any) -> Any:
    """w[j] - w[i] at (i, j)."""
    return as_row(w) - as_column(w)


class Gaps(NamedTuple):
    """Denominators: differences or sums of values.

    sizes  the denominators
    close  where one is 0 up to rounding errors
    near   where one is so small that rounding errors would be seen in a quotient
    """

    sizes: Any
    close: Any
    near: Any


def gaps_of(sizes: Any, w: Any) -> Gaps:
    """Sums or differences of the values w, and which of them are small."""
    plain, n = np.abs(unwrap(w)), np.shape(unwrap(w))[-1]
    finite = np.where(np.isfinite(plain), plain, 0)
    largest = np.max(finite, axis=-1, initial=0.0)[..., None, None]
    size, rounding = np.abs(unwrap(sizes)), epsilon(w)
    own = np.isnan(size) & np.eye(n, dtype=bool)  # the gap of a value that is NaN to itself
    sizes = np.where(own, 1, sizes) if some(own) else sizes
    close, near = size <= 8 * n * rounding * largest, size <= rounding**0.5 * largest
    return Gaps(sizes, connected(close), connected(near))


def some(unusual: Any) -> bool:
    """Whether one of several unusual things holds; of lazy arrays none is taken to."""
    return not usually(~np.any(unusual))


def connected(close: Any) -> Any:
    """What is close to one that is close counts as close."""
    if some(with_choice(close, False)):
        for _ in range(close.shape[-1].bit_length()):
            paths = close.astype(np.float32)  # a product of bools would not go through BLAS
            close = paths @ paths > 0
    return close


def with_choice(close: Any, free: Any) -> Any:
    """Where vectors may be chosen: several of one value among themselves, and one that is `free`
    in its phase."""
    return close & (free | ~np.eye(close.shape[-1], dtype=bool))


# --- quotients whose denominator is 0 -------------------------------------------------------------
class Approach(NamedTuple):
    """A way to move repeated values apart.

    y        the node of the factorisation, a Value
    tangent  of its outputs: the values move at different speeds, the vectors stay
    speeds   those of the values: 1, 2, 3, ... among those that are near each other
    """

    y: Any
    tangent: OutputTuple
    speeds: Any


def approach_of(g: Any, y: Any, near: Any, place: int, needed: Any) -> Approach | None:
    """A way to move values, the output of y at a place, that are near each other apart; None where
    it is not `needed`.  Raises `GraphNeededError` where the cotangents g are not recorded."""
    if not needed:
        return None
    if not isinstance(y, Node) or in_forward_mode(g):
        raise GraphNeededError
    speeds = 1.0 + np.sum(np.triu(near, 1), axis=-2)
    values = unwrap(y)[place]
    moving = speeds.astype(dtype_of(values))
    tangent = OutputTuple([moving if i == place else None for i in range(len(unwrap(y)))])
    return Approach(y, tangent, speeds.astype(real_dtype(values)))


def quotient(x: Any, gaps: Gaps, way: Approach | None, speeds: Any, scale: tuple[Any, ...]) -> Any:
    """x / gaps; where x and the gap vanish together, the limit.

    With x(t) = (gap + t speed) f(t), where t goes the way of the approach, the quotient f(0) is
    x' / speed - gap x'' / (2 speed^2) up to the square of the gap: right at gap 0, and so is its
    first derivative.  Near 0 it is preferred to the division where the two differ by no more than
    the rounding errors of x, which is a difference of numbers of the size of `scale`."""
    y = np.where(gaps.close, 0, x / np.where(gaps.close, 1, gaps.sizes))
    if way is None:
        return y
    at = gaps.near & (speeds != 0)
    speeds = np.where(at, speeds, 1)
    first = derivative_along(x, way.y, way.tangent)
    second = derivative_along(first, way.y, way.tangent)
    limit = first / speeds - gaps.sizes * second / (2 * speeds**2)
    rounding = 1000 * epsilon(x) * largest_of(scale)
    same = np.abs(unwrap(x - limit * gaps.sizes)) <= rounding
    return np.where(at & (gaps.close | same), limit, y)


# --- phases and rotations -------------------------------------------------------------------------
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


def entries_of_row(v: Any, row: int) -> Any:
    """1 in one row of the matrices v, as a column."""
    places = np.arange(np.shape(unwrap(v))[-2])
    return (places == places[row])[:, None].astype(float)


def in_forward_mode(g: Any) -> bool:
    """Whether cotangents are variables of the forward walk, which tell nothing of a function."""
    return any(isinstance(c, Node) and is_variable(c) for c in g)


def refuse_rotation(g: Any, residual: Any, at: Any, scale: tuple[Any, ...], what: str) -> None:
    """ValueError where a function depends on a choice that the factorisation leaves open.

    g         the cotangents of the factorisation
    residual  the derivative with respect to that choice, zero in exact arithmetic
    at        where there is a choice
    scale     arrays that the residual is to be small against

    In forward mode, where the cotangents tell nothing, `GraphNeededError`."""
    if not some(at):
        return
    if in_forward_mode(g):
        raise GraphNeededError
    plain = np.abs(unwrap(residual))
    rounding = epsilon(residual)
    if some(np.where(at, plain, 0) > rounding**0.5 * largest_of(scale) + 100 * rounding):
        raise no_derivative(what)


def refuse_weights(y: Any, g: Any, at: Any, what: str) -> None:
    """ValueError where the cotangent g of vectors of which there is a choice, `at` some places, is
    not computed from the factorisation y: a sum of vectors with fixed weights is no function of
    the space that they span."""
    if g is not None and some(np.where(at, unwrap(g), 0) != 0) and not depends_on(g, y):
        raise no_derivative(what)


def no_derivative(what: str) -> ValueError:
    """The error for a function that depends on a choice."""
    return ValueError(
        f"{what} have no derivative by themselves, and this function depends on which of them are "
        "taken: use one of the space that they span, such as the projector v @ v.conj().T, one of "
        "the values alone, or stop_gradient(v)"
    )


def largest_of(arrays: tuple[Any, ...]) -> float:
    """The largest absolute value of an entry."""
    return reduce(np.maximum, [np.max(np.abs(unwrap(x)), initial=0.0) for x in arrays])


def first_columns(g: Any, own: Any, u: Any, count: int, what: str) -> tuple[Any, Any]:
    """The first columns of a unitary matrix and their cotangent; g are the cotangents of the whole
    factorisation, `own` is that of this matrix.

    The other columns, of which only the space is known, stay orthogonal to these and move no more
    than they must: d rest = -first (d first)^H rest."""
    first, rest = u[..., :count], u[..., count:]
    if own is None or not np.shape(unwrap(rest))[-1]:
        return first, own
    g_first, g_rest = own[..., :count], own[..., count:]
    among = transposed(rest) @ g_rest
    everywhere = np.ones(np.shape(unwrap(among)), dtype=bool)
    choice = with_choice(everywhere, np.iscomplexobj(u))
    refuse_rotation(g, among - adjoint(among), choice, (own,), what)
    return first, g_first - conjugate(rest @ transposed(g_rest) @ first)
