"""Integrals, slopes and interpolation: with respect to samples and places, and at the points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

import autograd as ag
from autograd import Value
from tests.derivatives import Case, check_dot_product, check_second_order, check_value, check_vjp

KNOTS = np.array([-2.0, -1.0, 0.5, 3.0])
Y = np.random.default_rng(0).normal(size=(3, 4, 5))


def places(rng: np.random.Generator, count: int) -> Any:
    """Increasing places at no equal distances."""
    return np.cumsum(rng.uniform(0.3, 1.5, size=count))


@given(data=st.data())
def test_slopes_and_integrals_along_any_axis(data: st.DataObject) -> None:
    order = data.draw(st.sampled_from([1, 2]))
    shape = data.draw(array_shapes(min_dims=1, max_dims=3, min_side=order + 1, max_side=5))
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    y, x = rng.normal(size=shape), places(rng, shape[axis])
    if data.draw(st.booleans()):
        x = float(x[0])
    f = lambda y, x: np.gradient(y, x, axis=axis, edge_order=order)
    integral = lambda y, x: (
        np.trapezoid(y, x, axis=axis) if np.ndim(x) else np.trapezoid(y, dx=x, axis=axis)
    )
    for case in (Case(f, [y, x]), Case(integral, [y, x])):
        check_value(case)
        check_vjp(case)
        check_dot_product(case)


def test_evenly_spaced_places_have_derivatives_too() -> None:
    """NumPy computes otherwise there; the derivative is that of places that are not."""
    x, y = np.arange(5.0), np.array([1.0, 3.0, 2.0, 5.0, 4.0])
    for order in (1, 2):
        case = Case(lambda y, x, order=order: np.gradient(y, x, edge_order=order), [y, x])
        check_value(case)
        check_vjp(case)


def test_several_axes_come_as_a_tuple() -> None:
    got, wanted = np.gradient(Value(Y), 0.5, KNOTS, 2), np.gradient(Y, 0.5, KNOTS, 2)
    assert type(got) is type(wanted) is tuple
    for a, b in zip(got, wanted, strict=True):
        np.testing.assert_allclose(a.data, b, rtol=1e-13)


@pytest.mark.parametrize(
    ("x", "slope"),
    [(-2.0, 1.0), (-1.0, -2.0), (0.0, -2.0), (0.5, 0.8), (3.0, 0.8), (-9.0, 0.0), (9.0, 0.0)],
)
def test_the_slope_at_a_point_is_that_on_its_right(x: float, slope: float) -> None:
    f = lambda x: np.interp(x, KNOTS, [2.0, 3.0, 0.0, 2.0])
    assert ag.grad(f)(x) == pytest.approx(slope)


@given(data=st.data())
def test_interpolation(data: st.DataObject) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    shape = data.draw(array_shapes(min_dims=0, max_dims=2, max_side=3))
    xp = places(rng, data.draw(st.integers(2, 5)))
    x, fp = rng.uniform(xp[0] - 1, xp[-1] + 1, size=shape), rng.normal(size=len(xp))
    ends = {"left": 0.7} if data.draw(st.booleans()) else {}
    period = data.draw(st.none() | st.sampled_from([9.1, -0.83]))
    if period is not None:
        near = np.subtract.outer(x % abs(period), xp % abs(period))
        apart = np.subtract.outer(xp, xp) % abs(period)
        if np.any(np.abs(near) < 0.02) or np.any((apart > 0) & (apart < 0.05)):
            return  # a kink
        if np.any((x % abs(period)) < 0.02) or np.any((xp % abs(period)) < 0.02):
            return  # a step of the remainder
    elif np.any(np.abs(np.subtract.outer(x, xp)) < 0.02):
        return
    case = Case(lambda x, xp, fp: np.interp(x, xp, fp, period=period, **ends), [x, xp, fp])
    check_value(case)
    check_vjp(case)
    check_dot_product(case)
    check_second_order(case)


def test_numbers_outside_are_values_and_the_period_is_one() -> None:
    x = np.array([-9.0, 0.1, 9.0])
    case = Case(lambda x, low, high: np.interp(x, KNOTS, KNOTS**2, low, high), [x, 0.5, 0.7])
    check_vjp(case)
    case = Case(lambda p, x: np.interp(x, KNOTS, KNOTS**2, period=p), [7.3, np.array([4.1, 8.8])])
    check_value(case)
    check_vjp(case)


def test_infinities_and_nan_among_the_points_stay_where_they_are() -> None:
    xp, fp = np.array([0.0, 1.0, 2.0, 3.0]), np.array([1.0, 2.0, np.inf, 5.0])
    x = np.array([0.5, 1.0, 1.5, 2.0, 3.0, np.nan])
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(np.interp(Value(x), xp, fp).data, np.interp(x, xp, fp))
    assert np.interp(Value(np.float32(0.5)), xp, fp).dtype == np.float64


@given(data=st.data())
def test_whole_periods_are_taken_out(data: st.DataObject) -> None:
    shape = data.draw(array_shapes(min_dims=1, max_dims=2, max_side=5))
    axis = data.draw(st.integers(-len(shape), -1))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    p = rng.normal(size=shape) * 5
    jumps = np.diff(p, axis=axis) / 2.3 + 0.5
    if np.any(np.abs(jumps - np.rint(jumps)) < 0.02):
        return  # a step
    case = Case(lambda p, period: np.unwrap(p, axis=axis, period=period), [p, 2.3])
    check_value(case)
    check_vjp(case)
    check_dot_product(case)


REFUSED: list[Callable[[Any], Any]] = [
    lambda y: np.gradient(y, 1, 2),
    lambda y: np.gradient(y, np.ones(3), axis=1),
    lambda y: np.gradient(y, np.ones((4, 1)), axis=1),
    lambda y: np.gradient(y, edge_order=3),
    lambda y: np.gradient(y[:1]),
    lambda y: np.gradient(y[:2], edge_order=2),
    lambda y: np.gradient(y, axis=5),
    lambda y: np.gradient(y, axis=(0, 0)),
    lambda y: np.trapezoid(y, axis=4),
    lambda y: np.trapezoid(y, np.ones(3)),
    lambda y: np.trapezoid(y[0, 0, 0]),
    lambda y: np.ediff1d(y, to_end=[1j]),
    lambda y: np.interp(y, [1, 2], [1, 2, 3]),
    lambda y: np.interp(y, [], []),
    lambda y: np.interp(y, [[1]], [[1]]),
    lambda y: np.interp(y * 1j, [1, 2], [1, 2]),
    lambda y: np.interp(y, [1, 2], [1, 2], left=[1, 2]),
    lambda y: np.interp(y, [1, 2], [1, 2], left=1j),
    lambda y: np.interp(y, [1, 2], [1, 2], period=0),
    lambda y: np.unwrap(y, axis=4),
    lambda y: np.unwrap(y * 1j),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_numpy_refuses_is_refused(number: int) -> None:
    with pytest.raises((ValueError, TypeError, IndexError)) as wanted:
        REFUSED[number](Y)
    places = (ValueError, IndexError)
    with pytest.raises(places if issubclass(wanted.type, places) else wanted.type):
        REFUSED[number](Value(Y))
