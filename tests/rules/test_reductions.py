"""Reductions: against brute force, where entries are zero, tie, or are masked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import autograd as ag
from autograd import Value
from autograd.rules.reductions import axes_of, count_of, divisible, missing, product_of_others

small = st.sampled_from([-2.0, -1.0, 0.0, 0.5, 1.0, 3.0])
X = np.array([[1.0, 3.0, 2.0], [4.0, 0.0, 4.0]])


@given(x=arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=small))
def test_the_product_of_all_others(x: Any) -> None:
    """The derivative of a product, with any number of zeros."""
    wanted = np.empty_like(x)
    for i in np.ndindex(x.shape):
        rest = x.copy()
        rest[i] = 1.0
        wanted[i] = rest.prod()
    np.testing.assert_allclose(product_of_others(x, tuple(range(x.ndim))), wanted, atol=1e-12)
    np.testing.assert_allclose(ag.grad(np.prod)(x), wanted, atol=1e-12)


@given(x=arrays(np.float64, (2, 3, 2), elements=small), axis=st.sampled_from([0, 1, -1, (0, 2)]))
def test_products_along_axes(x: Any, axis: Any) -> None:
    w = np.random.default_rng(0).normal(size=np.prod(x, axis=axis).shape)
    got = ag.grad(lambda x: np.sum(w * np.prod(x, axis=axis)))(x)
    wide = np.broadcast_to(np.expand_dims(w, axis), x.shape)
    for i in np.ndindex(x.shape):
        rest = x.copy()
        rest[i] = 1.0
        wanted = np.broadcast_to(np.prod(rest, axis=axis, keepdims=True), x.shape)[i] * wide[i]
        np.testing.assert_allclose(got[i], wanted, atol=1e-12)


@pytest.mark.parametrize(
    ("y", "yes"),
    [(1.0, True), (0.0, False), (np.inf, False), (np.nan, False), (1e-300, False), (1e-200, True)],
)
def test_products_that_can_be_divided_again(y: float, yes: bool) -> None:
    assert divisible(y) is yes
    assert divisible(np.array([1.0, y])) is yes
    assert divisible(Value(y)) is yes


def test_single_precision_has_its_own_limits() -> None:
    assert divisible(np.float64(1e-35))
    assert not divisible(np.float32(1e-35))


@given(x=arrays(np.float64, (3, 4), elements=small), axis=st.sampled_from([None, 0, 1, -1]))
def test_ties_share_equally(x: Any, axis: Any) -> None:
    for f in (np.max, np.min):
        g = ag.grad(lambda x, f=f: f(x, axis=axis).sum())(x)
        extreme = x == f(x, axis=axis, keepdims=True)
        np.testing.assert_allclose(g, extreme / extreme.sum(axis=axis, keepdims=True))


@given(
    x=arrays(np.float64, (3, 4), elements=small),
    mask=arrays(bool, (3, 4)),
    axis=st.sampled_from([None, 0, 1]),
)
def test_masked_entries_count_for_nothing(x: Any, mask: Any, axis: Any) -> None:
    """The gradient of a masked reduction is zero behind the mask, whatever stands there."""
    hidden = np.where(mask, x, np.nan)
    for f in (np.sum, np.prod):
        y, g = ag.value_and_grad(lambda x, f=f: f(x, axis=axis, where=mask).sum())(hidden)
        z, h = ag.value_and_grad(lambda x, f=f: f(x, axis=axis, where=mask).sum())(x)
        assert y == z
        np.testing.assert_array_equal(g[~mask], 0.0)
        np.testing.assert_allclose(g[mask], h[mask])
    for f, start in ((np.max, -9.0), (np.min, 9.0)):
        g = ag.grad(lambda x, f=f, s=start: f(x, axis=axis, where=mask, initial=s).sum())(hidden)
        np.testing.assert_array_equal(g[~mask], 0.0)


def test_ufunc_reduce_goes_over_the_first_axis() -> None:
    for ufunc, function in (
        (np.add, np.sum),
        (np.multiply, np.prod),
        (np.maximum, np.max),
        (np.minimum, np.min),
    ):
        got = ufunc.reduce(Value(X))
        np.testing.assert_array_equal(got.data, function(X, axis=0))
        np.testing.assert_array_equal(ufunc.reduce(Value(X), None).data, function(X))
        np.testing.assert_array_equal(
            ufunc.reduce(Value(X), axis=1, keepdims=True).data, function(X, 1, keepdims=True)
        )


@pytest.mark.parametrize("ddof", [0, 1, 0.5, 5])
@pytest.mark.parametrize("f", [np.var, np.std])
def test_variances(f: Any, ddof: float) -> None:
    """Where nothing is left to divide by, NumPy's answer, infinity or NaN, and a warning."""
    with np.errstate(all="ignore"):
        got = f(Value(X), axis=0, ddof=ddof).data
        np.testing.assert_allclose(got, f(X, axis=0, ddof=ddof)) if ddof < 2 else None
    if ddof < 2:
        centred = X - X.mean(axis=0)
        g = ag.grad(lambda x: np.var(x, axis=0, ddof=ddof).sum())(X)
        np.testing.assert_allclose(g, 2 * centred / (2 - ddof), atol=1e-14)


def test_half_precision_is_summed_in_single() -> None:
    x = np.full(70_000, 1.0, np.float16)
    y = np.mean(Value(x))
    assert (y.data, y.dtype) == (1.0, np.float16)


def test_counts() -> None:
    mask = np.array([True, False, True])
    assert count_of(X, None, missing, False) == 6
    assert count_of(X, (0,), True, False) == 2
    np.testing.assert_array_equal(count_of(X, 1, mask, True), [[2.0], [2.0]])
    assert count_of(np.float32(X), 1, mask, False).dtype == np.float32


@pytest.mark.parametrize(
    ("axis", "axes"), [(None, (0, 1)), (0, (0,)), (-1, (1,)), ((1, -2), (1, 0)), ((), ())]
)
def test_axes(axis: Any, axes: tuple[int, ...]) -> None:
    assert axes_of(X, axis) == axes


def test_what_numpy_refuses() -> None:
    v = Value(X)
    with pytest.raises(ValueError, match="initial"):
        np.max(v, where=X > 1)
    with pytest.raises(ValueError, match="zero-size"):
        np.max(Value(np.zeros((0, 2))), axis=0)
    for axis in (2, (0, 0), -3):
        with pytest.raises((ValueError, np.exceptions.AxisError)):
            np.sum(v, axis=axis)
