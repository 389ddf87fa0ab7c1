"""The singular value decomposition A = U S V^H.

With P = U^H dA V: dS = Re diag(P), and the skew-Hermitian rotations of dU = U W_U, dV = V W_V are
    W_U + W_V = (P + P^H) / (s[j] - s[i]),    W_U - W_V = (P - P^H) / (s[j] + s[i]),
besides which the vectors move out of their space, by (I - U U^H) dA V / S and
(I - V V^H) dA^H U / S (Townsend 2016, "Differentiating the singular value decomposition"; Seeger et
al. 2017, "Auto-differentiating linear algebra"; Wan & Zhang 2019 for complex matrices).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine.arrays import usually
from autograd.engine.cotangents import unwrap
from autograd.engine.dispatch import implements
from autograd.engine.primitive import general
from autograd.rules.linalg.eigen import eigh, eigvalsh
from autograd.rules.linalg.gauge import (
    Gaps,
    approach_of,
    differences_of,
    entries_of_row,
    first_columns,
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
    as_column,
    as_row,
    conjugate,
    epsilon,
    outputs_of,
    rows_and_columns,
)
from autograd.rules.shape import shape_of, transposed

SINGULAR_VECTORS = "singular vectors of one singular value"
OF_ZERO = "singular vectors of the singular value 0"
FURTHER = "the further vectors of full_matrices=True"


def svd_rule(g: Any, y: Any, x: Any, full_matrices: bool = True) -> Any:
    """With P = U^H dA V: dS = Re diag(P), and U, V turn by what is left of P, divided by the
    differences and the sums of singular values."""
    u, s, vh = outputs_of(y, 3)
    g_u, g_s, g_vh = g
    rows, columns = rows_and_columns(x)
    count = min(rows, columns)
    v = adjoint(vh)
    g_v = None if g_vh is None else adjoint(g_vh)
    if full_matrices and rows != columns:
        u, g_u = first_columns(g, g_u, u, count, FURTHER)
        v, g_v = first_columns(g, g_v, v, count, FURTHER)
    moved: Any = 0.0
    if g_s is not None:
        moved = conjugate(u) * as_row(g_s)
    if g_u is None and g_v is None:
        return moved @ transposed(v)
    g_u = np.zeros_like(u) if g_u is None else g_u
    g_v = np.zeros_like(v) if g_v is None else g_v
    free: Any = False
    if np.iscomplexobj(u):
        turn = phase_of(g_u, u) + phase_of(g_v, v)
        if rows >= columns:
            g_v, free = pin(g_v, v, turn, entries_of_row(v, 0))
        else:
            g_u, free = pin(g_u, u, turn, entries_of_row(u, 0))
    turned_u, turned_v = transposed(u) @ g_u, transposed(v) @ g_v
    together, against = (turned_u + turned_v) / 2, (turned_u - turned_v) / 2
    together, against = (together - adjoint(together)) / 2, (against - adjoint(against)) / 2
    gaps, sums = gaps_of(differences_of(s), s), gaps_of(as_row(s) + as_column(s), s)
    lengths = Gaps(as_row(s), *[as_row(np.diagonal(x, 0, -2, -1)) for x in sums[1:]])
    vanishing = with_choice(sums.close, np.iscomplexobj(u))
    needed = some(with_choice(gaps.near, False)) or some(sums.near & (rows != columns))
    way = approach_of(g, y, gaps.near, 1, needed or some(vanishing))
    if way is not None:
        repeated = np.any(with_choice(gaps.close, False) | vanishing, axis=-1)
        repeated = repeated | (lengths.close[..., 0, :] & (rows != columns))
        refuse_weights(y, part_of(g[0], (..., slice(count))), as_row(repeated), SINGULAR_VECTORS)
        part = part_of(g[2], (..., slice(count), slice(None)))
        refuse_weights(y, part, as_column(repeated), SINGULAR_VECTORS)
    speeds = s if way is None else way.speeds
    even = quotient(together, gaps, way, differences_of(speeds), (g_u, g_v))
    odd = quotient(against, sums, way, as_row(speeds) + as_column(speeds), (g_u, g_v))
    largest = np.max(unwrap(s), initial=0.0)
    scale = (g_u, g_v, even * largest, odd * largest)
    refuse_rotation(g, together, with_choice(gaps.close, free), scale, SINGULAR_VECTORS)
    refuse_rotation(g, against, vanishing, scale, SINGULAR_VECTORS)
    contribution = (
        moved + conjugate(u) @ (even + adjoint(even) + odd - adjoint(odd))
    ) @ transposed(v)
    for length, g_w, w, turned in ((rows, g_u, u, turned_u), (columns, g_v, v, turned_v)):
        if length > count:
            outside = g_w - conjugate(w) @ turned
            moved = quotient(outside, lengths, way, as_row(speeds), (g_w,))
            refuse_rotation(g, outside, lengths.close, (*scale, moved * largest), OF_ZERO)
            contribution = contribution + (
                moved @ transposed(v) if w is u else conjugate(u) @ adjoint(moved)
            )
    return contribution


def part_of(g: Any, index: Any) -> Any:
    """A part of a cotangent that may be None."""
    return None if g is None else g[index]


svd_row = general(np.linalg.svd, svd_rule, name="svd")


@implements(np.linalg.svd)
def svd(
    a: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False
) -> Any:
    """`np.linalg.svd`."""
    if hermitian:
        return svd_of_hermitian(a, compute_uv)
    if not compute_uv:
        return svdvals(a)
    return svd_row(a, full_matrices=bool(full_matrices))


def svd_of_hermitian(a: Any, compute_uv: bool) -> Any:
    """The singular values of a Hermitian matrix are the absolute values of its eigenvalues."""
    if not compute_uv:
        w = np.abs(eigvalsh(a))
        return np.take_along_axis(w, np.argsort(w)[..., ::-1], axis=-1)
    w, v = eigh(a)
    s = np.abs(w)
    order = np.argsort(s)[..., ::-1]
    sign = np.take_along_axis(np.sign(w), order, axis=-1)
    u = np.take_along_axis(v, as_row(order), axis=-1)
    vh = adjoint(u * as_row(sign))
    kind = type(np.linalg.svd(np.eye(1)))
    return kind(u, np.take_along_axis(s, order, axis=-1), vh)


@implements(np.linalg.svdvals)
def svdvals(x: Any, /) -> Any:
    """`np.linalg.svdvals`: the singular values of `svd`, whose derivatives need the vectors."""
    return svd_row(x, full_matrices=False).S


def lengths(x: Any) -> Any:
    """The singular values, with the derivative 0 where one is 0: what norms are made of.

    There a singular value has a kink, as |x| has one at 0; of the subgradients of a norm the one
    without those directions is the shortest."""
    s = svdvals(x)
    plain = unwrap(s)
    largest = np.max(plain, axis=-1, initial=0.0, keepdims=True)
    tiny = plain <= max(shape_of(x)[-2:]) * epsilon(plain) * largest
    return s if usually(~np.any(tiny), unknown=False) else np.where(tiny, plain, s)
