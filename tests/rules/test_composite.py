"""The stable composites: exact where the plain formulas overflow or cancel."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
from autograd import Value
from tests.derivatives import Case, check_dot_product, check_dtype, check_second_order, check_vjp

X = np.array([[0.3, -1.2, 2.0], [1.5, 0.1, -0.4]])
CALLS: dict[str, Any] = {
    "logsumexp": lambda x: ag.logsumexp(x),
    "logsumexp axis": lambda x: ag.logsumexp(x, axis=1),
    "logsumexp axes": lambda x: ag.logsumexp(x, axis=(0, -1), keepdims=True),
    "softmax": lambda x: ag.softmax(x),
    "softmax temperature": lambda x: ag.softmax(x, axis=0, temperature=0.5),
    "log_softmax": lambda x: ag.log_softmax(x),
    "log_softmax temperature": lambda x: ag.log_softmax(x, axis=0, temperature=3.0),
    "sigmoid": lambda x: ag.sigmoid(x),
    "softplus": lambda x: ag.softplus(x),
    "relu": lambda x: ag.relu(x),
    "logaddexp": lambda x: np.logaddexp(x, x[:, :1] * 2),
}


@pytest.mark.parametrize("name", CALLS)
def test_derivatives(name: str) -> None:
    case = Case(CALLS[name], [X])
    check_vjp(case)
    check_dot_product(case)
    check_second_order(case)
    check_dtype(case, np.float32)


@pytest.mark.parametrize("name", CALLS)
def test_plain_data_gives_plain_data(name: str) -> None:
    y = CALLS[name](X)
    assert not isinstance(y, Value)
    np.testing.assert_array_equal(y, CALLS[name](Value(X)).data)


def test_references() -> None:
    e = np.exp(X)
    np.testing.assert_allclose(ag.logsumexp(X), np.log(e.sum()), rtol=1e-14)
    np.testing.assert_allclose(ag.softmax(X), e / e.sum(1, keepdims=True), rtol=1e-14)
    np.testing.assert_allclose(ag.log_softmax(X), np.log(ag.softmax(X)), rtol=1e-13)
    np.testing.assert_allclose(ag.softplus(X), np.log1p(e), rtol=1e-14)
    np.testing.assert_allclose(ag.sigmoid(X), e / (1 + e), rtol=1e-14)


@pytest.mark.parametrize(
    "x", [-1e4, -745.2, -37.0, -1e-300, 0.0, 1e-300, 37.0, 709.9, 1e4, np.inf, -np.inf]
)
def test_one_number_over_the_whole_range(x: float) -> None:
    """No overflow, no warning, the right limit; numbers and arrays alike."""
    sigmoid = 0.0 if x < -745 else 1.0 if x > 40 else 1 / (1 + math.exp(-x))
    softplus = 0.0 if x < -745.2 else x if x > 40 else math.log1p(math.exp(x))
    with np.errstate(all="raise", under="ignore"):
        for v in (Value(x), Value(np.array([x]))):
            np.testing.assert_allclose(ag.sigmoid(v).data, sigmoid, rtol=1e-14, atol=5e-324)
            np.testing.assert_allclose(ag.softplus(v).data, softplus, rtol=1e-14, atol=5e-324)
        if math.isfinite(x):
            assert ag.grad(ag.softplus)(x) == pytest.approx(sigmoid, abs=1e-300)
            assert ag.grad(ag.sigmoid)(x) == pytest.approx(sigmoid * (1 - sigmoid), abs=1e-15)


@given(
    x=st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=5),
    shift=st.sampled_from([0.0, 1e3, -1e3]),
)
def test_softmax_is_a_distribution(x: list[float], shift: float) -> None:
    with np.errstate(all="raise", under="ignore"):
        p = ag.softmax(np.array(x) + shift)
        q = ag.log_softmax(np.array(x) + shift)
    assert np.sum(p) == pytest.approx(1.0)
    assert np.all(p >= 0)
    assert np.all(q <= 0)
    assert np.all(np.isfinite(q))
    np.testing.assert_allclose(np.exp(q), p, atol=1e-12)


def test_log_softmax_is_exact_where_softmax_underflows() -> None:
    np.testing.assert_array_equal(ag.log_softmax(np.array([0.0, -1e4, 1e4])), [-1e4, -2e4, 0.0])
    g = ag.grad(lambda x: ag.log_softmax(x)[1])(np.array([0.0, -1e4, 1e4]))
    np.testing.assert_array_equal(g, [0.0, 1.0, -1.0])


def test_masked_entries() -> None:
    x = np.array([1.0, -np.inf, 2.0])
    p = ag.softmax(x)
    assert p[1] == 0.0
    g = ag.grad(lambda x: (ag.softmax(x) * np.array([1.0, 5.0, -1.0])).sum())(x)
    assert np.isfinite(g).all()
    assert g[1] == 0.0


def test_logsumexp_of_nothing() -> None:
    assert ag.logsumexp(np.zeros(0)) == -np.inf
    nothing = np.full(2, -np.inf)
    assert ag.logsumexp(nothing) == -np.inf
    np.testing.assert_array_equal(ag.grad(ag.logsumexp)(nothing), [0.0, 0.0])


def test_lists_and_numbers() -> None:
    assert ag.logsumexp([1000.0, 1000.0]) == pytest.approx(1000 + math.log(2))
    np.testing.assert_array_equal(ag.softmax([0.0, 0.0]), [0.5, 0.5])
    assert type(ag.sigmoid(0.0)) is float
    assert type(ag.relu(-1.0)) is float
    assert ag.relu(-1.0) == 0.0
    np.testing.assert_array_equal(ag.relu(np.array([-1, 2])), [0, 2])


def test_integers() -> None:
    for x in ([1, 2], np.array([1, 2]), np.array([True, False])):
        for f in (ag.logsumexp, ag.softmax, ag.log_softmax, ag.sigmoid, ag.softplus):
            if f in (ag.sigmoid, ag.softplus) and (isinstance(x, list) or x.dtype == bool):
                continue  # elementwise functions take numbers and numeric arrays
            np.testing.assert_allclose(f(x), f(np.array(x, float)))


def test_complex_numbers_are_refused() -> None:
    for z in (1j, np.array([1j]), Value(1j), Value(np.array([1j]))):
        for f in (ag.relu, ag.sigmoid, ag.softplus):
            with pytest.raises(TypeError, match="real"):
                f(z)


def test_lists_of_values_are_refused_with_advice() -> None:
    for f in (ag.logsumexp, ag.softmax, ag.log_softmax):
        with pytest.raises(TypeError, match=r"np\.stack"):
            f([Value(1.0), Value(2.0)])


def test_temperature_is_differentiable() -> None:
    check_vjp(Case(lambda x, t: ag.softmax(x, temperature=t), [X, 1.7]))
    check_vjp(Case(lambda x, t: ag.log_softmax(x, temperature=t), [X, 0.6]))
