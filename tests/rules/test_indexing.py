"""Indexing: the entries that NumPy takes, and the cotangent back at their places."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import (
    array_shapes,
    arrays,
    basic_indices,
    integer_array_indices,
)

import autograd as ag
from autograd import Value
from tests.derivatives import Case, check_dot_product, check_second_order, check_value


def check_index(x: Any, index: Any) -> None:
    """y = x[index]; its pullback adds each cotangent where its entry came from."""
    y, pull = ag.vjp(lambda v: v[index], x)
    wanted = x[index]
    np.testing.assert_array_equal(y, wanted)
    w = np.random.default_rng(0).uniform(-1, 1, np.shape(wanted))
    back = np.zeros(x.shape)
    np.add.at(back, index, w)
    np.testing.assert_allclose(pull(w)[0], back, rtol=1e-15, atol=1e-15)
    check_dot_product(Case(lambda v: v[index], [x]))


@given(data=st.data())
def test_basic_indices(data: st.DataObject) -> None:
    shape = data.draw(array_shapes(max_dims=4, max_side=4))
    x = np.arange(float(np.prod(shape))).reshape(shape)
    check_index(x, data.draw(basic_indices(shape, allow_ellipsis=True, allow_newaxis=True)))


@given(data=st.data())
def test_integer_arrays(data: st.DataObject) -> None:
    shape = data.draw(array_shapes(max_dims=3, max_side=4))
    x = np.arange(float(np.prod(shape))).reshape(shape)
    count = st.integers(-min(shape), min(shape) - 1)
    index = data.draw(
        integer_array_indices(shape, result_shape=array_shapes(max_dims=2, max_side=3))
    )
    check_index(x, index)
    mixed = (data.draw(count), Ellipsis, data.draw(st.lists(count, min_size=1, max_size=3)))
    if len(shape) > 1:
        check_index(x, mixed)


@given(data=st.data())
def test_masks(data: st.DataObject) -> None:
    shape = data.draw(array_shapes(max_dims=3, max_side=3))
    x = np.arange(float(np.prod(shape))).reshape(shape)
    check_index(x, data.draw(arrays(bool, shape)))
    check_index(x, data.draw(arrays(bool, shape[:1])))


X = np.arange(12.0).reshape(3, 4)


@pytest.mark.parametrize(
    "index",
    [
        [0, 2],
        [],
        [True, False, True],
        ([0, 2, 2], [1, 1, 1]),
        ([0, 1], slice(None, None, -2)),
        (slice(1, 0), 2),
        np.int64(1),
        (np.array(1), 2),
        np.array([[0, 1], [2, 2]]),
        (None, 1, ..., None),
        True,
        (False, 1),
        np.array([], dtype=int),
        (np.array([True, False, True]), [0, 1]),
    ],
    ids=repr,
)
def test_special_indices(index: Any) -> None:
    check_index(X, index)
    case = Case(lambda v: v[index] * 2, [X])
    check_value(case)
    check_second_order(case)


def test_number_from_an_array() -> None:
    v = Value([1.0, 2.0, 3.0])
    y = v[1]
    assert y.shape == ()
    (y * y).backward()
    np.testing.assert_array_equal(v.grad, [0.0, 4.0, 0.0])


@pytest.mark.parametrize("x", [2.0, np.float32(2.0), np.array(2.0), 2j])
def test_indexing_a_number(x: Any) -> None:
    for index in ((), None, ..., (None, ...), True, False):
        got = Value(x)[index]
        np.testing.assert_array_equal(got.data, np.asarray(x)[index])
        got.backward(seed=np.ones_like(got.data))
    with pytest.raises(IndexError):
        Value(x)[0]


def test_repeated_entries_add_up() -> None:
    v = Value([1.0, 2.0])
    v[[0, 0, 0, 1]].sum().backward()
    np.testing.assert_array_equal(v.grad, [3.0, 1.0])


def test_assignment_is_refused_with_advice() -> None:
    v = Value([1.0, 2.0])
    with pytest.raises(TypeError, match=r"np\.where"):
        v[0] = 3.0
    with pytest.raises(TypeError):
        del v[0]
    np.testing.assert_array_equal(v.data, [1.0, 2.0])


def test_iteration_and_unpacking() -> None:
    v = Value([[1.0, 2.0], [3.0, 4.0]])
    a, b = v
    (a * b).sum().backward()
    np.testing.assert_array_equal(v.grad, [[3.0, 4.0], [1.0, 2.0]])
    assert len(v) == 2
    assert [row.shape for row in v] == [(2,), (2,)]
    for scalar in (Value(1.0), Value(np.float64(1.0)), Value(np.array(1.0))):
        with pytest.raises(TypeError):
            iter(scalar)
        with pytest.raises(TypeError):
            len(scalar)


def test_membership() -> None:
    v = Value([1.0, 2.0])
    assert 2.0 in v
    assert 3.0 not in v
    assert Value(2.0) in v
    assert 1.5 in Value(1.5)
