"""Polynomials: their roots, what zeros in front do, and fits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
from autograd import Value
from autograd.engine.dispatch import COMPOSITES
from tests.derivatives import Case, check_dot_product, check_second_order, check_value, check_vjp

P = np.array([1.0, -3.2, 2.1, 0.4])


@given(data=st.data())
def test_arithmetic_of_any_lengths(data: st.DataObject) -> None:
    n, m = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 5))
    rng = np.random.default_rng(10 * n + m)
    a, b = rng.normal(size=n), rng.uniform(0.5, 1.5, size=m)
    for f in (np.polyadd, np.polysub, np.polymul, np.polydiv):
        case = Case(f, [a, b])
        check_value(case)
        check_vjp(case)
        check_dot_product(case)


def test_zeros_in_front_are_cut_off_and_keep_their_gradient() -> None:
    """The shape is NumPy's; a coefficient that is 0 moves the others as if it were not cut off."""
    a, b = np.array([0.0, 2.0, 3.0]), np.array([0.0, 0.0, 5.0, 7.0])
    y, pull = ag.vjp(np.polymul, a, b)
    np.testing.assert_array_equal(y, np.polymul(a, b))
    full = np.convolve(a, b)
    assert full.size - y.size == 3
    g = np.concatenate([np.zeros(3), [1.0, 10.0, 100.0]])
    for got, wanted in zip(pull(g[3:]), ag.vjp(np.convolve, a, b)[1](g), strict=True):
        np.testing.assert_array_equal(got, wanted)
    np.testing.assert_array_equal(np.polymul(Value(np.zeros(2)), b).data, np.polymul([0, 0], b))


def test_a_root_moves_with_every_coefficient() -> None:
    """Also with those that are zero at both ends: the root at 0, and the degree below the first."""
    p = np.array([0.0, 1.0, -3.0, 2.0, 0.0])
    y, pull = ag.vjp(np.roots, p)
    np.testing.assert_allclose(np.sort(y), [0.0, 1.0, 2.0], atol=1e-12)
    for i, root in enumerate(y):
        g = np.eye(3)[i]
        slope = np.polyval(np.polyder(p), root)
        np.testing.assert_allclose(pull(g)[0], -(root ** np.arange(4, -1, -1)) / slope, atol=1e-9)


def test_a_complex_pair_of_a_real_polynomial() -> None:
    case = Case(lambda p: np.abs(np.roots(p)), [np.array([1.0, 2.0, 5.0])])
    check_vjp(case)
    check_second_order(case)
    assert np.roots(Value(np.zeros(3))).shape == (0,)


def test_the_characteristic_polynomial_where_eigenvalues_meet() -> None:
    for a in (np.eye(3), np.array([[2.0, 1.0], [0.0, 2.0]])):
        case = Case(np.poly, [a])
        check_value(case)
        check_vjp(case)
        check_second_order(case)


def test_roots_that_come_in_pairs_have_a_real_polynomial() -> None:
    pairs = np.array([1 + 2j, 1 - 2j, 3.0])
    y = np.poly(Value(pairs))
    np.testing.assert_allclose(y.data, np.poly(pairs))
    assert y.dtype == np.float64
    assert np.poly(Value(pairs[:1])).dtype == np.complex128


def test_a_power_series_at_zero() -> None:
    case = Case(lambda x: np.vander(x, 4), [np.array([0.0, 1.5])])
    check_vjp(case)
    check_second_order(case)


def test_single_precision_beside_double() -> None:
    """One entry of a row in double precision is a number of no precision; the sum is in double."""
    p, x = np.array([1.0, 2.0, 3.0]), np.float32(0.3)
    got, wanted = np.polyval(Value(p), Value(x)), np.polyval(p, x)
    assert got.dtype == wanted.dtype
    assert got.data == pytest.approx(wanted, rel=1e-15)
    v = np.float32([0.7, 0.3])
    for got, wanted in zip(np.polydiv(p, Value(v)), np.polydiv(p, v), strict=True):
        assert got.dtype == wanted.dtype
        np.testing.assert_allclose(got.data, wanted, rtol=1e-14)


OPERATIONS: list[Callable[[Any], Any]] = [
    lambda p: p,
    lambda p: p * p,
    lambda p: p + 2.0 * p**2,
    lambda p: 1.0 - p,
    lambda p: p.deriv(2),
    lambda p: p.integ(k=3.0),
    lambda p: np.polydiv(p.coeffs, np.poly1d([1.0, 2.0]))[0],
    lambda p: np.poly1d([2.0, 1.0]) * p,
]


@pytest.mark.parametrize("number", range(len(OPERATIONS)))
def test_objects_of_numpy_hold_values(number: int) -> None:
    def f(p: Any, x: Any) -> Any:
        q = OPERATIONS[number](np.poly1d(p))
        assert isinstance(q, np.poly1d)
        return q(x)

    case = Case(f, [P, np.array([0.3, -1.1])])
    check_value(case)
    check_vjp(case)


def test_objects_of_numpy_beside_values() -> None:
    v, q = Value(P), np.poly1d([1.0, 2.0])
    for f in (np.polyadd, np.polysub, np.polymul):
        got = f(v, q)
        assert isinstance(got, np.poly1d)
        np.testing.assert_allclose(got.coeffs.data, f(P, q).coeffs)
    np.testing.assert_allclose(np.polyval(q, v).data, np.polyval(q, P))
    np.testing.assert_allclose(np.roots(np.poly1d(v)).data, np.roots(P))
    with pytest.raises(TypeError, match="poly1d"):
        np.polyval(v, q)
    for refused in (np.asarray, lambda p: p / q, lambda p: np.polysub(p, P)):
        with pytest.raises(TypeError, match="gradient"):
            refused(np.poly1d(v))


@pytest.mark.skipif(np.linalg.lstsq not in COMPOSITES, reason="np.linalg has no rules here")
@pytest.mark.parametrize("second", [(), (2,)])
@pytest.mark.parametrize("weighted", [False, True])
def test_fits(second: tuple[int, ...], weighted: bool) -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=6), rng.normal(size=(6, *second))
    w = rng.uniform(0.5, 1.5, size=6) if weighted else None
    options: list[dict[str, Any]] = [{}, {"cov": True}, {"cov": "unscaled"}, {"full": True}]
    for option in options:
        f = lambda x, y, option=option: np.polyfit(x, y, 2, w=w, **option)
        fit = lambda x, y, f=f, option=option: f(x, y)[:2] if option else f(x, y)
        case = Case(fit, [x, y])
        check_value(case)
        check_vjp(case)
        check_dot_product(case)
    case = Case(lambda y, w: np.polyfit(x, y, 1, None, False, w), [y, np.linspace(1, 2, 6)])
    check_value(case)
    check_vjp(case)
    check_second_order(case)
    assert np.polyfit(x, Value(np.float32(y)), 1).dtype == np.float64
    assert np.polyfit(np.float32(x), Value(np.float32(y)), 1).dtype == np.float64
    with pytest.warns(np.exceptions.RankWarning):
        np.polyfit(np.ones(3), Value(np.arange(3.0)), 1)


REFUSED: list[Callable[[Any], Any]] = [
    lambda x: np.roots(x[None]),
    lambda x: np.poly(x[None]),
    lambda x: np.vander(x[None]),
    lambda x: np.vander(x, -1),
    lambda x: np.polyder(x, -1),
    lambda x: np.polyint(x, -1),
    lambda x: np.polyint(x, 3, [1, 2]),
    lambda x: np.polymul(x[None], [1]),
    lambda x: np.polyfit(x, x, -1),
    lambda x: np.polyfit(x[None], x, 1),
    lambda x: np.polyfit(x, x[:2], 1),
    lambda x: np.polyfit(x, x[0], 1),
    lambda x: np.polyfit(x[:0], x[:0], 1),
    lambda x: np.polyfit(x, x, 1, w=[1]),
    lambda x: np.polyfit(x, x, 1, w=[[1] * 4]),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_numpy_refuses_is_refused(number: int) -> None:
    with pytest.raises((ValueError, TypeError)) as wanted:
        REFUSED[number](P)
    with pytest.raises(wanted.type):
        REFUSED[number](Value(P))
