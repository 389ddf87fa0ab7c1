"""Sorting and sets: which entry of several that are equal gets the gradient, and where NaN go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import autograd as ag
from autograd import Value

few = st.sampled_from([-1.0, 0.0, 0.5, 2.0, np.nan, np.inf])
TIED = np.array([2.0, 1.0, 2.0, 1.0, 3.0])
W = np.array([1.0, 10.0, 100.0, 1000.0, 10000.0])


@given(
    x=arrays(np.float64, array_shapes(max_dims=3, max_side=4, min_side=0), elements=few),
    data=st.data(),
)
def test_sorted_and_partitioned_as_by_numpy(x: Any, data: st.DataObject) -> None:
    """The numbers are NumPy's; the gradient is the cotangent, moved by a permutation."""
    axis = data.draw(st.none() | st.integers(-x.ndim, x.ndim - 1))
    functions = [lambda x: np.sort(x, axis)]
    length = x.size if axis is None else x.shape[axis]
    if length:
        kth = data.draw(st.integers(-length, length - 1))
        functions.append(lambda x: np.partition(x, kth, axis))
    for f in functions:
        y, pull = ag.vjp(f, x)
        np.testing.assert_array_equal(y, f(x))
        g = np.arange(1.0, y.size + 1).reshape(y.shape)
        (back,) = pull(g)
        np.testing.assert_array_equal(np.sort(back, None), np.sort(g, None))
        numbers = ~np.isnan(y)
        np.testing.assert_allclose(
            np.sum((back * x)[np.isfinite(x)]), np.sum((g * y)[numbers & np.isfinite(y)])
        )


@pytest.mark.parametrize("kth", [0, 7, 25, -1, [3, 30]])
def test_long_rows_are_partitioned_as_by_numpy(kth: Any) -> None:
    x = np.random.default_rng(0).permutation(np.arange(120) // 2).astype(float)
    y, pull = ag.vjp(lambda x: np.partition(x, kth), x)
    np.testing.assert_array_equal(y, np.partition(x, kth))
    np.testing.assert_array_equal(x, pull(y)[0])  # each entry has the cotangent of its own place


def test_equal_entries_keep_their_order() -> None:
    g = ag.grad(lambda x: (np.sort(x) * W).sum())(TIED)
    np.testing.assert_array_equal(g, [100.0, 1.0, 1000.0, 10.0, 10000.0])
    for kind in ("quicksort", "heapsort", "stable"):
        again = ag.grad(lambda x, kind=kind: (np.sort(x, kind=kind) * W).sum())(TIED)
        np.testing.assert_array_equal(again, g)


def test_many_equal_entries_keep_their_order() -> None:
    """NumPy's faster sorts keep it for a few entries only."""
    x = np.random.default_rng(0).integers(0, 4, size=300).astype(float)
    g = ag.vjp(np.sort, x)[1](np.arange(300.0))[0]
    for number in range(4):
        assert np.all(np.diff(g[x == number]) > 0)


def test_a_set_takes_the_first_of_equal_entries() -> None:
    f = lambda x: (np.unique(x) * W[:3]).sum()
    np.testing.assert_array_equal(ag.grad(f)(TIED), [10.0, 1.0, 0.0, 0.0, 100.0])
    rows = np.array([[1.0, 2.0], [0.0, 5.0], [1.0, 2.0]])
    f = lambda x: (np.unique(x, axis=0) * np.array([[1.0, 10.0], [100.0, 1000.0]])).sum()
    np.testing.assert_array_equal(ag.grad(f)(rows), [[100.0, 1000.0], [1.0, 10.0], [0.0, 0.0]])


def test_places_and_counts_are_plain() -> None:
    found = np.unique(Value(TIED), True, True, True)
    for got, wanted in zip(found, np.unique(TIED, True, True, True), strict=True):
        np.testing.assert_array_equal(getattr(got, "data", got), wanted)
    assert [type(part) is Value for part in found] == [True, False, False, False]


@pytest.mark.parametrize("name", ["all", "counts", "inverse"])
def test_named_tuples_are_those_of_numpy(name: str) -> None:
    f = getattr(np, f"unique_{name}")
    x = np.array([2.0, np.nan, 1.0, 2.0, np.nan])
    got, wanted = f(Value(x)), f(x)
    assert type(got) is type(wanted)
    assert isinstance(got.values, Value)
    for a, b in zip(got, wanted, strict=True):
        np.testing.assert_array_equal(getattr(a, "data", a), b)


def test_every_nan_is_a_value_of_its_own() -> None:
    x = np.array([2.0, np.nan, 1.0, np.nan, 2.0])
    v = Value(x)
    y = np.unique_values(v)
    np.testing.assert_array_equal(y.data, np.unique_values(x))
    y.backward(seed=np.arange(1.0, 5.0))
    np.testing.assert_array_equal(v.grad, [2.0, 3.0, 1.0, 4.0, 0.0])


def test_what_two_arrays_share() -> None:
    x, y = np.array([3.0, 0.5, 3.0, 7.0]), np.array([7.0, 3.0, 9.0])
    for a, b in ((Value(x), y), (x, Value(y)), (Value(x), Value(y))):
        common, first, second = np.intersect1d(a, b, return_indices=True)
        assert isinstance(common, Value)
        np.testing.assert_array_equal(common.data, [3.0, 7.0])
        np.testing.assert_array_equal([first, second], [[0, 3], [1, 0]])
    common.backward(seed=[1.0, 10.0])
    np.testing.assert_array_equal(a.grad, [1.0, 0.0, 0.0, 10.0])
    assert np.intersect1d(Value(np.float32(x)), y).dtype == np.float64


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.trim_zeros(x),
        lambda x: np.trim_zeros(x, "f"),
        lambda x: np.trim_zeros(x, trim="B"),
        lambda x: np.trim_zeros(x * 0),
    ],
)
def test_zeros_at_the_ends_are_cut_off(f: Callable[[Any], Any]) -> None:
    x = np.array([0.0, 1.5, 0.0, 2.5, 0.0, 0.0])
    v = Value(x)
    y = f(v)
    np.testing.assert_array_equal(y.data, f(x))
    y.backward(seed=np.ones(y.shape))
    if y.size:
        assert v.grad.sum() == y.size


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.2.0", reason="one axis before 2.2")
def test_zeros_around_a_block_are_cut_off() -> None:
    x = np.zeros((4, 5))
    x[1, 2], x[2, 1] = 3.0, 4.0
    for options in ({}, {"axis": 0}, {"axis": -1, "trim": "f"}, {"axis": ()}):
        np.testing.assert_array_equal(
            np.trim_zeros(Value(x), **options).data, np.trim_zeros(x, **options)
        )


REFUSED: list[Callable[[Any], Any]] = [
    lambda x: np.sort(x, 2),
    lambda x: np.sort(x, kind="no such kind"),
    lambda x: np.sort(x, kind="heapsort", stable=True),
    lambda x: np.sort(x, order="field"),
    lambda x: np.sort(x[0]),
    lambda x: np.partition(x, 9),
    lambda x: np.partition(x, 0, kind="no such kind"),
    lambda x: np.unique(x, axis=3),
    lambda x: np.trim_zeros(x, "q"),
    lambda x: np.sort(x, order=["a"]),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_numpy_refuses_is_refused(number: int) -> None:
    with pytest.raises((ValueError, TypeError)) as wanted:
        REFUSED[number](TIED)
    with pytest.raises(wanted.type if wanted.type is TypeError else ValueError):
        REFUSED[number](Value(TIED))
