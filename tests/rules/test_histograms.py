"""Counts are plain; sums of weights, edges between the extreme entries and densities are not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
from autograd import Value
from tests.derivatives import Case, check_dot_product, check_value, check_vjp

X = np.array([0.3, -0.4, 1.7])


def test_sums_of_weights_in_bins() -> None:
    """The gradient of a weight is that of the sum of its bin."""
    places, w = np.array([2, 0, 2, 1]), np.array([1.0, 2.0, 3.0, 4.0])
    v = Value(w)
    y = np.bincount(places, weights=v, minlength=5)
    np.testing.assert_array_equal(y.data, np.bincount(places, w, 5))
    y.backward(seed=[1.0, 10.0, 100.0, 7.0, 7.0])
    np.testing.assert_array_equal(v.grad, [100.0, 1.0, 100.0, 10.0])
    assert np.bincount(places, weights=Value(np.float32(w))).dtype == np.float64
    np.testing.assert_array_equal(np.bincount(np.array([], int), weights=Value(w[:0])).data, [])
    np.testing.assert_array_equal(np.bincount([0, 1, 1], minlength=3), [1, 2, 0])


def test_counts_are_plain_and_edges_move_with_the_extreme_entries() -> None:
    counts, edges = np.histogram(Value(X), bins=2)
    wanted = np.histogram(X, bins=2)
    np.testing.assert_array_equal(counts, wanted[0])
    np.testing.assert_array_equal(edges.data, wanted[1])
    middle = ag.grad(lambda x: np.histogram(x, bins=2)[1][1])(X)
    np.testing.assert_array_equal(middle, [0.0, 0.5, 0.5])


def test_edges_around_entries_that_are_all_equal() -> None:
    for f in (lambda x: np.histogram(x, 2)[1], lambda x: np.histogramdd(x, 2)[1][0]):
        y, pull = ag.vjp(f, np.full(4, 3.0))
        np.testing.assert_array_equal(y, [2.5, 3.0, 3.5])
        np.testing.assert_array_equal(pull(np.ones(3))[0], [0.75] * 4)


def test_edges_that_depend_on_nothing_are_plain() -> None:
    for options in ({"range": (0, 1)}, {"bins": np.array([0.0, 0.5, 1.0])}, {"bins": [0, 1]}):
        assert isinstance(np.histogram(Value(X), **options)[1], np.ndarray)
    assert isinstance(np.histogram(X, weights=Value(X))[1], np.ndarray)


def test_edges_that_are_given_keep_their_gradients() -> None:
    edges = np.array([-1.0, 0.5, 2.0])
    case = Case(lambda e: np.histogram(X, e, density=True), [edges])
    check_value(case)
    check_vjp(case)
    low, high = Value(-1.0), Value(2.0)
    found = np.histogram_bin_edges(Value(X), 3, (low, high))
    found.backward(seed=[0.0, 1.0, 0.0, 0.0])
    assert (low.grad, high.grad) == pytest.approx((2 / 3, 1 / 3))


@given(data=st.data())
def test_weights_and_densities(data: st.DataObject) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    dims, count = data.draw(st.integers(1, 3)), data.draw(st.integers(2, 7))
    order = np.stack([rng.permutation(count) for _ in range(dims)], axis=1)
    sample = order + rng.uniform(0.1, 0.4, size=(count, dims))  # no two extremes close together
    weights = rng.uniform(1, 2, size=count)
    bins = data.draw(st.integers(1, 3) | st.just([2] * dims))
    density = data.draw(st.none() | st.booleans())
    spans = data.draw(st.none() | st.just([(-9, 9)] * dims) | st.just([None] * dims))

    def f(sample: Any, weights: Any) -> Any:
        sums, edges = np.histogramdd(sample, bins, spans, density, weights)
        return [sums, *edges]

    inner = [edges[1:-1] for edges in np.histogramdd(sample, bins, spans)[1]]
    for x, edges in zip(sample.T, inner, strict=True):
        if np.any(np.abs(np.subtract.outer(x, edges)) < 0.02):
            return  # a step
    case = Case(f, [sample, weights])
    check_value(case)
    check_vjp(case)
    check_dot_product(case)


def test_entries_outside_and_on_the_last_edge() -> None:
    x, w = np.array([-1.0, 0.0, 0.5, 1.0, 2.0]), np.arange(1.0, 6.0)
    for f in (
        lambda w: np.histogram(x, 2, (0, 1), None, w)[0],
        lambda w: np.histogram(x, [0, 0.5, 1], None, None, w)[0],
        lambda w: np.histogramdd(x, [[0, 0.5, 1]], None, None, w)[0],
    ):
        y, pull = ag.vjp(f, w)
        np.testing.assert_array_equal(y, f(w))
        np.testing.assert_array_equal(pull(np.array([1.0, 10.0]))[0], [0, 1, 10, 10, 0])


REFUSED: list[Callable[[Any], Any]] = [
    lambda x: np.histogram(x, 0),
    lambda x: np.histogram(x, "no such rule"),
    lambda x: np.histogram(x, 2.5),
    lambda x: np.histogram(x, [2, 1]),
    lambda x: np.histogram(x, weights=[1]),
    lambda x: np.histogram(x, range=(2, 1)),
    lambda x: np.histogramdd(x, [1, 2, 3]),
    lambda x: np.histogram2d(x, x[:2]),
    lambda x: np.bincount([0, 1], x),
    lambda x: np.bincount([0, -1], x[:2]),
    lambda x: np.bincount(np.array([0.5, 1]), x[:2]),
    lambda x: np.bincount([0, 1], x[:2], -1),
    lambda x: np.bincount([0, 1], x[:2] * 1j),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_numpy_refuses_is_refused(number: int) -> None:
    with pytest.raises((ValueError, TypeError)) as wanted:
        REFUSED[number](X)
    with pytest.raises(wanted.type):
        REFUSED[number](Value(X))
