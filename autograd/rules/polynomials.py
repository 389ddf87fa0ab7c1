"""Polynomials by their coefficients, the highest power first, as NumPy's older functions take them.

A `np.poly1d` of a Value has a Value as its coefficients, and all of its operations come here.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from autograd.engine.cotangents import unwrap
from autograd.engine.dispatch import implements
from autograd.engine.primitive import general
from autograd.rules.operands import cast, operand
from autograd.rules.shape import atleast_1d, shape_of


def coefficients(p: Any) -> Any:
    """The coefficients of a polynomial, which may be a `np.poly1d`, as an array."""
    return p.coeffs if isinstance(p, np.poly1d) else operand(p)


def as_given(p: Any, *given: Any) -> Any:
    """A polynomial as a `np.poly1d` where one was given, as NumPy returns it."""
    return np.poly1d(p) if any(isinstance(q, np.poly1d) for q in given) else p


@implements(np.polyval)
def polyval(p: Any, x: Any) -> Any:
    """`np.polyval`, by Horner's scheme."""
    if isinstance(x, np.poly1d):
        raise TypeError("np.polyval does not put a np.poly1d into a polynomial of Values")
    p, x = coefficients(p), operand(x)
    if len(p):
        p, x = (cast(z, np.result_type(p.dtype, x.dtype)) for z in (p, x))
    y: Any = np.zeros(shape_of(x), x.dtype)
    for i in range(len(p)):
        y = y * x + p[i]
    return y


# --- arithmetic -----------------------------------------------------------------------------------
def of_one_length(a: Any, b: Any) -> tuple[Any, Any]:
    """Two polynomials with zeros before the shorter one."""
    a, b = atleast_1d(coefficients(a)), atleast_1d(coefficients(b))
    length = max(len(a), len(b))
    padded = [
        np.concatenate([np.zeros(length - len(p), p.dtype), p]) if len(p) < length else p
        for p in (a, b)
    ]
    return padded[0], padded[1]


@implements(np.polyadd)
def polyadd(a1: Any, a2: Any) -> Any:
    """`np.polyadd`."""
    a, b = of_one_length(a1, a2)
    return as_given(a + b, a1, a2)


@implements(np.polysub)
def polysub(a1: Any, a2: Any) -> Any:
    """`np.polysub`."""
    a, b = of_one_length(a1, a2)
    return as_given(a - b, a1, a2)


@implements(np.polymul)
def polymul(a1: Any, a2: Any) -> Any:
    """`np.polymul`: a convolution, without the zeros in front that both polynomials bring."""
    a, b = coefficients(a1), coefficients(a2)
    zeros = sum(leading_zeros(p) for p in (a, b))
    return as_given(np.convolve(a, b)[zeros:], a1, a2)


def leading_zeros(p: Any) -> int:
    """How many zeros stand in front, of zeros alone all but one."""
    data = np.atleast_1d(unwrap(p))
    if data.ndim > 1:
        raise ValueError("a polynomial has its coefficients in one dimension")
    places = np.flatnonzero(data)
    return int(places[0]) if len(places) else max(len(data) - 1, 0)


@implements(np.polydiv)
def polydiv(u: Any, v: Any) -> tuple[Any, Any]:
    """`np.polydiv`: quotient and remainder, by long division."""
    given = u, v
    u, v = atleast_1d(coefficients(u)) + 0.0, atleast_1d(coefficients(v)) + 0.0
    dtype = np.result_type(u.dtype, v.dtype)
    scale = cast(1.0 / v[:1], dtype)[0]
    rest, v, steps = cast(u, dtype), cast(v, dtype), len(u) - len(v) + 1
    found = []
    for i in range(steps):
        factor = scale * rest[i]
        found.append(factor)
        middle = rest[i : i + len(v)] - factor * v
        rest = np.concatenate([rest[:i], middle, rest[i + len(v) :]])
    quotient = np.stack(found) if found else np.zeros(1, dtype)
    zeros = 0
    while zeros < len(rest) - 1 and np.allclose(unwrap(rest)[zeros], 0, rtol=1e-14):
        zeros += 1
    return as_given(cast(quotient, dtype), *given), as_given(rest[zeros:], *given)


@implements(np.polyder)
def polyder(p: Any, m: int = 1) -> Any:
    """`np.polyder`: the m-th derivative."""
    if int(m) < 0:
        raise ValueError("np.polyder takes m >= 0: see np.polyint")
    y = coefficients(p)
    for _ in range(int(m)):
        y = y[:-1] * np.arange(len(y) - 1, 0, -1)
    return as_given(y, p)


@implements(np.polyint)
def polyint(p: Any, m: int = 1, k: Any = None) -> Any:
    """`np.polyint`: the m-th antiderivative, with constants of integration k."""
    m = int(m)
    if m < 0:
        raise ValueError("np.polyint takes m >= 0: see np.polyder")
    y = coefficients(p)
    constants = atleast_1d(operand(np.zeros(m) if k is None else k))
    if len(constants) == 1 and m > 1:
        constants = np.concatenate([constants] * m)
    if len(constants) < m:
        raise ValueError(f"np.polyint takes one constant or {m}, got {len(constants)}")
    for i in range(m):
        y = np.concatenate([y / np.arange(len(y), 0, -1), constants[i : i + 1]])
    return as_given(y, p)


# --- roots ----------------------------------------------------------------------------------------
def roots_rule(g: Any, y: Any, p: Any) -> Any:
    """A root r of p moves by -(r ** k) / p'(r) for each unit of the coefficient of x ** k (the
    implicit function theorem); a multiple root has no derivative."""
    slope = polyval(polyder(p), y)
    powers = np.expand_dims(y, -1) ** np.arange(len(p) - 1, -1, -1)
    return -np.matmul(g / slope, powers)


roots_row = general(np.roots, roots_rule, name="roots")


@implements(np.roots)
def roots(p: Any) -> Any:
    """`np.roots`; the derivative of a multiple root is not finite."""
    p = atleast_1d(coefficients(p))
    if p.ndim != 1:
        raise ValueError("np.roots takes the coefficients in one dimension")
    return roots_row(p)


@implements(np.poly)
def poly(seq_of_zeros: Any) -> Any:
    """`np.poly`: the polynomial with these roots; of a square matrix the characteristic one, by
    the recurrence of Faddeev and Le Verrier, which is smooth where eigenvalues meet."""
    zeros = atleast_1d(operand(seq_of_zeros))
    shape = shape_of(zeros)
    if len(shape) == 2 and shape[0] == shape[1] and shape[0]:
        return characteristic(zeros)
    if len(shape) != 1:
        raise ValueError("np.poly takes roots in one dimension, or a square matrix")
    if not len(zeros):
        return 1.0
    one = np.ones(1, zeros.dtype)
    y: Any = one
    for i in range(len(zeros)):
        y = np.convolve(y, np.concatenate([one, -zeros[i : i + 1]]))
    if zeros.dtype.kind == "c":
        data = unwrap(zeros)
        if np.all(np.sort(data) == np.sort(np.conjugate(data))):
            y = np.real(y)
    return y


def characteristic(a: Any) -> Any:
    """The coefficients of det(x - A): c[k] = -trace(A @ M[k]) / k with M[1] = I and
    M[k + 1] = A @ M[k] + c[k] * I."""
    n = len(a)
    eye = np.eye(n, dtype=a.dtype)
    m: Any = eye
    found = [np.ones((), a.dtype)]
    for k in range(1, n + 1):
        product = a @ m
        found.append(-np.trace(product) / k)
        m = product + found[-1] * eye
    return np.stack(found)


# --- fitting --------------------------------------------------------------------------------------
@implements(np.vander)
def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    """`np.vander`: the powers of each number in a row, the highest first unless `increasing`."""
    x = operand(x)
    if x.ndim != 1:
        raise ValueError(f"np.vander takes one dimension, got {x.ndim}")
    count = len(x) if N is None else N
    if count < 0:
        raise ValueError(f"np.vander takes N >= 0, got {N}")
    powers = np.arange(count) if increasing else np.arange(count - 1, -1, -1)
    return cast(x, np.promote_types(x.dtype, int))[:, None] ** powers


@implements(np.polyfit)
def polyfit(
    x: Any,
    y: Any,
    deg: int,
    rcond: float | None = None,
    full: bool = False,
    w: Any = None,
    cov: Any = False,
) -> Any:
    """`np.polyfit`: least squares in the powers of x, each column scaled to length 1."""
    order = int(deg) + 1
    x, y = operand(x) + 0.0, operand(y) + 0.0
    check_points(x, y, deg)
    cut = len(x) * np.finfo(x.dtype).eps if rcond is None else rcond
    lhs, rhs = vander(x, order), y
    if w is not None:
        w = operand(w) + 0.0
        if w.ndim != 1:
            raise TypeError("np.polyfit takes weights in one dimension")
        if len(w) != len(y):
            raise TypeError(f"np.polyfit: {len(w)} weights for {len(y)} points")
        lhs, rhs = lhs * w[:, None], rhs * (w[:, None] if y.ndim == 2 else w)
    scale = np.sqrt(np.sum(lhs * lhs, axis=0))
    lhs = lhs / scale
    c, residuals, rank, singular = np.linalg.lstsq(lhs, rhs, cut)
    c = (c.T / scale).T
    if full:
        return c, residuals, rank, singular, cut
    if rank != order:
        warnings.warn("Polyfit may be poorly conditioned", np.exceptions.RankWarning, stacklevel=5)
    if not cov:
        return c
    base = np.linalg.inv(lhs.T @ lhs) / (scale[:, None] * scale)
    if cov != "unscaled":
        if len(x) <= order:
            raise ValueError("np.polyfit needs more points than coefficients to scale cov")
        factor = residuals / (len(x) - order)
        return c, (base if y.ndim == 1 else base[:, :, None]) * factor
    return c, base if y.ndim == 1 else base[:, :, None]


def check_points(x: Any, y: Any, deg: int) -> None:
    """The errors of `np.polyfit`."""
    if deg < 0:
        raise ValueError("np.polyfit takes a degree >= 0")
    if x.ndim != 1:
        raise TypeError("np.polyfit takes x in one dimension")
    if not len(x):
        raise TypeError("np.polyfit needs at least one point")
    if y.ndim not in (1, 2):
        raise TypeError("np.polyfit takes y in one or two dimensions")
    if len(x) != len(y):
        raise TypeError(f"np.polyfit: {len(x)} x and {len(y)} y")
