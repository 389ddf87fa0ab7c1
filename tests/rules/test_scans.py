"""Cumulative sums and products, and differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import autograd as ag
from autograd import Value
from autograd.rules.scans import backward_recurrence, reversed_cumsum

small = st.sampled_from([-2.0, -1.0, 0.0, 0.5, 1.0, 3.0])
X = np.array([[1.0, 3.0, 2.0], [4.0, 0.5, -1.0]])


@given(x=arrays(np.float64, array_shapes(max_dims=1, max_side=9), elements=small))
def test_products_with_zeros(x: Any) -> None:
    """d y[i] / d x[k] = the product of the other factors, for k <= i."""
    jacobian = ag.jacobian(np.cumprod)(x)
    for i in range(len(x)):
        for k in range(len(x)):
            others = np.delete(x[: i + 1], k) if k <= i else np.zeros(1)
            np.testing.assert_allclose(jacobian[i, k], np.prod(others), atol=1e-12)


@given(g=arrays(np.float64, st.integers(1, 12), elements=small), data=st.data())
def test_the_recurrence_by_doubling(g: Any, data: st.DataObject) -> None:
    x = data.draw(arrays(np.float64, len(g), elements=small))
    wanted = g.copy()
    for k in range(len(g) - 2, -1, -1):
        wanted[k] = g[k] + x[k + 1] * wanted[k + 1]
    np.testing.assert_allclose(backward_recurrence(g, x), wanted, atol=1e-9, rtol=1e-12)


def test_sums_from_the_end() -> None:
    np.testing.assert_array_equal(reversed_cumsum(X, 1), [[6.0, 5.0, 2.0], [3.5, -0.5, -1.0]])
    np.testing.assert_array_equal(reversed_cumsum(X, 0)[1], X[1])


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
@pytest.mark.parametrize("f", [np.cumsum, np.cumprod])
def test_along_an_axis(f: Any, axis: Any) -> None:
    np.testing.assert_array_equal(f(Value(X), axis=axis).data, f(X, axis=axis))
    assert f(Value(np.float32(X)), dtype=np.float64).dtype == np.float64
    assert f(Value(2.0)).shape == (1,)


def test_accumulate() -> None:
    for ufunc in (np.add, np.multiply):
        np.testing.assert_array_equal(ufunc.accumulate(Value(X)).data, ufunc.accumulate(X))
        np.testing.assert_array_equal(ufunc.accumulate(Value(X), 1).data, ufunc.accumulate(X, 1))


@given(n=st.integers(0, 4), axis=st.sampled_from([0, 1, -1]), end=st.sampled_from([None, 2.0]))
def test_differences(n: int, axis: int, end: Any) -> None:
    options: dict[str, Any] = {"n": n, "axis": axis}
    if n and end is not None:
        options |= {"prepend": end, "append": end}
    np.testing.assert_array_equal(np.diff(Value(X), **options).data, np.diff(X, **options))
    if n == 1 and end is None:
        total = ag.grad(lambda x: np.sum(np.diff(x, axis=axis)))(X)
        assert np.sum(total) == 0.0, "the sum of differences is the last less the first"


def test_differences_with_ends() -> None:
    """The ends may be numbers, arrays and Values, and have their gradients."""
    start, end = Value(2.0), Value(np.ones((2, 1)))
    y = np.diff(Value(X), prepend=start, append=end)
    np.testing.assert_array_equal(y.data, np.diff(X, prepend=2.0, append=np.ones((2, 1))))
    y.sum().backward()
    assert start.grad == -2.0
    np.testing.assert_array_equal(end.grad, np.ones((2, 1)))


def test_no_differences_leave_the_ends_out() -> None:
    np.testing.assert_array_equal(np.diff(Value(X), 0, prepend=2.0).data, X)


def test_what_numpy_refuses() -> None:
    with pytest.raises(ValueError, match="n >= 0"):
        np.diff(Value(X), -1)
    for axis in (2, -3):
        with pytest.raises((ValueError, np.exceptions.AxisError)):
            np.cumsum(Value(X), axis=axis)
