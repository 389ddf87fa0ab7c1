"""Medians and quantiles: by every method, over any axes, at ties, with NaN and weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays, valid_tuple_axes

import autograd as ag
from autograd import Value
from autograd.rules.quantiles import PLOTTING_POSITIONS
from tests.derivatives import Case, check_dot_product, check_value, check_vjp

METHODS = (
    *PLOTTING_POSITIONS,
    *("inverted_cdf", "averaged_inverted_cdf", "closest_observation"),
    *("lower", "higher", "midpoint", "nearest"),
)
few = st.sampled_from([-1.0, 0.0, 0.5, 2.0, 7.0])


def distinct(shape: tuple[int, ...], seed: int) -> Any:
    """Numbers no two of which are close together."""
    count = int(np.prod(shape))
    order = np.random.default_rng(seed).permutation(count)
    return (order + 0.37).reshape(shape) * (4 / max(count, 1))


@pytest.mark.parametrize("method", METHODS)
@given(data=st.data())
def test_any_shape_and_axes(method: str, data: st.DataObject) -> None:
    shape = data.draw(array_shapes(min_dims=1, max_dims=3, max_side=4))
    axis = data.draw(
        st.none() | valid_tuple_axes(len(shape), min_size=1) | st.integers(-len(shape), -1)
    )
    levels = st.sampled_from([0.0, 0.1, 0.37, 0.5, 0.85, 1.0, 0, 1])
    q = data.draw(levels | st.lists(levels, min_size=0, max_size=3))
    options = {"axis": axis, "method": method, "keepdims": data.draw(st.booleans())}
    f = data.draw(st.sampled_from([np.quantile, np.nanquantile]))
    x = distinct(shape, data.draw(st.integers(0, 99)))
    if f is np.nanquantile and data.draw(st.booleans()):
        x.flat[:: x.shape[-1] + 1] = np.nan
        if np.isnan(x).all(axis).any():
            return
    if f is np.nanquantile and q == []:
        return  # NumPy returns a shape of its own
    case = Case(lambda x: f(x, q, **options), [x])
    check_value(case)
    check_vjp(case)
    check_dot_product(case)


@pytest.mark.parametrize("method", PLOTTING_POSITIONS)
@given(data=st.data())
def test_levels_have_derivatives(method: str, data: st.DataObject) -> None:
    shape = data.draw(array_shapes(min_dims=1, max_dims=2, min_side=2, max_side=5))
    axis = data.draw(st.none() | st.integers(-len(shape), -1))
    q = data.draw(
        arrays(np.float64, array_shapes(max_dims=2, max_side=2), elements=st.floats(0.02, 0.98))
    )
    length = int(np.prod(shape)) if axis is None else shape[axis]
    alpha, beta = PLOTTING_POSITIONS[method]
    position = q * (length + 1 - alpha - beta) + alpha - 1
    if np.any(np.abs(position - np.rint(position)) < 0.02 * length):
        return  # a kink
    case = Case(lambda x, q: np.quantile(x, q, axis=axis, method=method), [distinct(shape, 1), q])
    check_value(case)
    check_vjp(case)
    check_dot_product(case)


def test_a_level_beyond_the_outermost_positions_changes_nothing() -> None:
    f = lambda q: np.quantile(np.array([1.0, 2.0, 4.0]), q, method="weibull")
    assert ag.grad(f)(0.1) == 0.0
    assert ag.grad(f)(0.4) == pytest.approx(4.0)
    assert ag.grad(lambda q: np.percentile(np.array([1.0, 2.0]), q))(30.0) == pytest.approx(0.01)


def test_a_level_at_an_entry_has_the_slope_on_its_right() -> None:
    """At the last entry that on its left."""
    f = lambda q: np.quantile(np.array([1.0, 2.0, 4.0]), q)
    assert [ag.grad(f)(q) for q in (0.0, 0.5, 1.0)] == [2.0, 4.0, 4.0]


def test_one_large_number_in_the_middle_does_not_overflow() -> None:
    x = np.array([[1.7e308, np.nan], [1.0, 2.0]])
    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(np.nanmedian(Value(x), axis=1).data, [1.7e308, 1.5])


@pytest.mark.parametrize("method", sorted(set(METHODS) - set(PLOTTING_POSITIONS)))
def test_levels_of_methods_that_step_are_refused(method: str) -> None:
    with pytest.raises(TypeError, match=r"q\.data"):
        np.quantile(np.arange(3.0), Value(0.4), method=method)


def test_weights_are_refused_where_they_are_differentiated() -> None:
    with pytest.raises(TypeError, match=r"weights\.data"):
        np.quantile(np.arange(3.0), 0.4, method="inverted_cdf", weights=Value(np.ones(3)))


@given(x=arrays(np.float64, (3, 4), elements=few), axis=st.sampled_from([None, 0, 1, (1, 0)]))
def test_ties_go_by_place(x: Any, axis: Any) -> None:
    """The gradient of equal entries is that of entries a little larger the later they stand."""
    apart = x + 1e-6 * np.arange(x.size).reshape(x.shape)
    for f in (
        lambda x: np.median(x, axis),
        lambda x: np.quantile(x, [0.2, 0.7], axis),
        lambda x: np.quantile(x, 0.4, axis, method="higher"),
    ):
        y = f(x)
        g = np.cos(np.arange(np.size(y))).reshape(np.shape(y))
        np.testing.assert_allclose(ag.vjp(f, x)[1](g), ag.vjp(f, apart)[1](g), atol=1e-12)


def test_nan_takes_the_result_or_is_ignored() -> None:
    x = np.array([[3.0, np.nan, 1.0, 2.0], [np.nan] * 4])
    with pytest.warns(RuntimeWarning, match="All-NaN"):
        y, pull = ag.vjp(lambda x: np.nanmedian(x, axis=1), x)
    np.testing.assert_array_equal(y, [2.0, np.nan])
    np.testing.assert_array_equal(pull(np.ones(2))[0], [[0, 0, 0, 1], [0, 0, 0, 0]])
    with pytest.warns(RuntimeWarning, match="All-NaN"):
        (g,) = ag.vjp(lambda x: np.nanquantile(x, 0.2, axis=1), x)[1](np.ones(2))
    np.testing.assert_allclose(g, [[0, 0, 0.6, 0.4], [0, 0, 0, 0]])
    for f in (np.median, lambda x: np.quantile(x, 0.3), lambda x: np.quantile(x, Value(0.3))):
        assert np.isnan(f(Value(x[0])).data)


@pytest.mark.parametrize("f", [np.median, np.nanmedian])
def test_nothing_has_the_median_nan(f: Callable[..., Any]) -> None:
    for shape, axis in (((0,), None), ((0, 3), 0), ((2, 0, 3), 1)):
        with np.errstate(all="ignore"), pytest.warns(RuntimeWarning):
            y = f(Value(np.ones(shape)), axis=axis, keepdims=True)
        assert np.isnan(y.data).all()
        y.backward(seed=np.ones(y.shape))


def test_weights_of_every_entry_and_of_places() -> None:
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(3, 4)), rng.uniform(size=(3, 4))
    for f in (np.quantile, np.nanquantile):
        for axis in (None, 0, -1, (0, 1)):
            call = lambda x, f=f, axis=axis: f(
                x, [0.2, 0.7], axis=axis, method="inverted_cdf", weights=w
            )
            check_value(Case(call, [x]))
            check_vjp(Case(call, [x]))
    case = Case(lambda x: np.quantile(x, 0.6, 0, method="inverted_cdf", weights=w[:, 0]), [x])
    check_value(case)
    check_vjp(case)


def test_the_dtype_follows_numpy() -> None:
    x = np.arange(5, dtype=np.float32)
    for q in (0.3, np.float64(0.3), np.float32(0.3), [0.3], 1):
        for f in (np.quantile, np.nanquantile, np.percentile):
            assert f(Value(x), q).dtype == f(x, q).dtype


def test_infinities_beside_the_result_do_no_harm() -> None:
    x = np.array([-np.inf, 1.0, 2.0, 3.0, np.inf])
    for f in (np.median, lambda x: np.quantile(x, 0.5), lambda x: np.nanpercentile(x, 50)):
        y, pull = ag.vjp(f, x)
        assert y == 2.0
        np.testing.assert_array_equal(pull(1.0)[0], [0.0, 0.0, 1.0, 0.0, 0.0])


def test_two_axes_of_levels() -> None:
    """NumPy 2.4 mixes up the axes of np.nanquantile here; the numbers are those of np.quantile."""
    x, q = distinct((2, 3, 4), 0), np.array([[0.1, 0.2], [0.6, 0.9]])
    for axis in (None, 1, (0, 2)):
        np.testing.assert_allclose(
            np.nanquantile(Value(x), q, axis=axis).data, np.quantile(x, q, axis=axis)
        )


REFUSED: list[Callable[[Any], Any]] = [
    lambda x: np.quantile(x, 1.5),
    lambda x: np.quantile(x, [-0.1]),
    lambda x: np.quantile(x, np.nan),
    lambda x: np.quantile(x, np.ones((2, 2, 2))),
    lambda x: np.quantile(x, 0.5, axis=4),
    lambda x: np.quantile(x, 0.5, axis=(0, 0)),
    lambda x: np.quantile(x, 0.5, method="no such method"),
    lambda x: np.quantile(x, 0.5, weights=np.ones((2, 3))),
    lambda x: np.quantile(x, 0.5, method="inverted_cdf", weights=[1, 2]),
    lambda x: np.quantile(x, 0.5, method="inverted_cdf", weights=-np.ones((2, 3))),
    lambda x: np.quantile(x * 1j, 0.5),
    lambda x: np.nanpercentile(x * 1j, 50),
    lambda x: np.percentile(x, 150),
    lambda x: np.quantile(x[:0], 0.5),
    lambda x: np.median(x, axis=3),
    lambda x: np.nanmedian(x, axis=(1, 1)),
    lambda x: np.median(x, bogus=1),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_numpy_refuses_is_refused(number: int) -> None:
    with pytest.raises((ValueError, TypeError, IndexError)) as wanted:
        REFUSED[number](np.ones((2, 3)))
    with pytest.raises(wanted.type):
        REFUSED[number](Value(np.ones((2, 3))))


@pytest.mark.parametrize("f", [np.median, np.nanmedian])
def test_an_output_array_is_refused(f: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match="out="):
        f(Value(np.ones(3)), out=np.empty(()))
    with pytest.raises(TypeError, match="out="):
        np.quantile(Value(np.ones(3)), 0.5, out=np.empty(()))
    with pytest.raises(TypeError, match="out="):
        np.nanquantile(Value(np.ones(3)), 0.5, out=np.empty(()))
