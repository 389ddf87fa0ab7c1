"""Weighted means and covariances: over any axes, with weights as Values, and what NumPy refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, valid_tuple_axes

import autograd as ag
from autograd import Value
from tests.derivatives import Case, check_dot_product, check_value, check_vjp

RNG = np.random.default_rng(0)
M = RNG.normal(size=(3, 4))


@given(data=st.data())
def test_averages_over_any_axes(data: st.DataObject) -> None:
    shape = data.draw(array_shapes(min_dims=1, max_dims=3, max_side=4))
    axis = data.draw(st.none() | valid_tuple_axes(len(shape)) | st.integers(-len(shape), -1))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    x, options = rng.normal(size=shape), {"keepdims": data.draw(st.booleans())}
    weights = rng.uniform(0.5, 1.5, size=shape)
    if axis is not None and data.draw(st.booleans()):
        axes = axis if isinstance(axis, tuple) else (axis,)
        weights = rng.uniform(0.5, 1.5, size=[shape[i] for i in axes])
    case = Case(lambda x, w: np.average(x, axis, w, True, **options), [x, weights])
    check_value(case)
    check_vjp(case)
    check_dot_product(case)


@given(data=st.data())
def test_covariances_with_all_options(data: st.DataObject) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    variables, count = data.draw(st.integers(1, 3)), data.draw(st.integers(4, 6))
    rowvar = data.draw(st.booleans())
    shape = (variables, count) if rowvar else (count, variables)
    options: dict[str, Any] = {"rowvar": rowvar, "bias": data.draw(st.booleans())}
    options["ddof"] = data.draw(st.sampled_from([None, 0, 1, 2]))
    if data.draw(st.booleans()):
        options["fweights"] = rng.integers(1, 4, size=count)
    weighted = data.draw(st.booleans())
    x, w = rng.normal(size=shape), rng.uniform(0.5, 1.5, size=count)

    def f(x: Any, w: Any) -> Any:
        aweights = {"aweights": w} if weighted else {}
        return np.cov(x, **options, **aweights) + 0 * np.sum(w)

    case = Case(f, [x, w])
    check_value(case)
    check_vjp(case)
    check_dot_product(case)


def test_small_integers_are_averaged_in_double_precision() -> None:
    x, w = np.int8([1, 2]), np.float32([1, 2])
    assert np.average(x, weights=Value(w)).dtype == np.average(x, weights=w).dtype == np.float64


def test_a_correlation_of_one_has_no_slope() -> None:
    x = np.array([1.0, 2.0, 4.0])
    g = ag.grad(lambda x: np.corrcoef(x, 2 * x)[0, 1])(x)
    np.testing.assert_allclose(g, 0, atol=1e-12)
    np.testing.assert_allclose(ag.grad(lambda x: np.corrcoef(x))(x), 0)


def test_too_few_observations_are_warned_of() -> None:
    with pytest.warns(RuntimeWarning, match="Degrees of freedom"), np.errstate(all="ignore"):
        wanted = np.cov(M, ddof=7)
    with pytest.warns(RuntimeWarning, match="Degrees of freedom"), np.errstate(all="ignore"):
        np.testing.assert_array_equal(np.cov(Value(M), ddof=7).data, wanted)


def test_no_variables_have_no_covariances() -> None:
    assert np.cov(Value(np.ones((0, 3)))).shape == (0, 0)


@pytest.mark.parametrize("f", [np.var, np.std])
def test_a_mean_that_is_given_has_its_gradient(f: Callable[..., Any]) -> None:
    mean = M.mean(axis=1, keepdims=True) + 0.1
    case = Case(lambda x, m: f(x, axis=1, mean=m, correction=1), [M, mean])
    check_value(case)
    check_vjp(case)


def test_the_deviation_of_a_constant_has_no_slope() -> None:
    for f in (np.std, lambda x: np.std(x, ddof=1), np.nanstd):
        np.testing.assert_array_equal(ag.grad(f)(np.full(3, 2.5)), [0.0, 0.0, 0.0])


REFUSED: list[Callable[[Any], Any]] = [
    lambda x: np.average(x, axis=1, weights=[1, 2]),
    lambda x: np.average(x, weights=[1, 2]),
    lambda x: np.average(x, axis=5),
    lambda x: np.average(x, axis=0, weights=np.zeros(3)),
    lambda x: np.average(x[:0], axis=1),
    lambda x: np.cov(x[None]),
    lambda x: np.cov(x, x[None]),
    lambda x: np.cov(x, ddof=0.5),
    lambda x: np.cov(x, x[:, :2]),
    lambda x: np.cov(x, fweights=[0.5] * 4),
    lambda x: np.cov(x, fweights=[1] * 3),
    lambda x: np.cov(x, fweights=[[1] * 4]),
    lambda x: np.cov(x, fweights=[-1] * 4),
    lambda x: np.cov(x, aweights=[-1] * 4),
    lambda x: np.cov(x, aweights=[[1] * 4]),
    lambda x: np.cov(x, aweights=[0] * 4),
    lambda x: np.var(x, ddof=1, correction=1),
    lambda x: np.std(x, ddof=1, correction=1),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_numpy_refuses_is_refused(number: int) -> None:
    with pytest.raises(Exception) as wanted:
        REFUSED[number](M)
    with pytest.raises(wanted.type):
        REFUSED[number](Value(M))
