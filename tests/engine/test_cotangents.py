"""Cotangents take the shape and the dtype of what they belong to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from autograd import Value
from autograd.engine.cotangents import (
    broadcast,
    cast,
    copy_if_aliased,
    match_primal,
    one_of,
    seed_of,
    stand_in,
    unwrap,
    zero_of,
)
from autograd.engine.outputs import OutputTuple
from autograd.engine.primitive import TABLE

ADD, TANH, SUM = TABLE[np.add], TABLE[np.tanh], TABLE[np.sum]
A = np.array([1.0, 2.0, 3.0])


def test_unwrap() -> None:
    assert unwrap(Value(2.0)) == 2.0
    assert unwrap(A) is A
    assert unwrap(None) is None


def test_a_stand_in_has_shape_and_dtype_and_nothing_else() -> None:
    for x in (Value(A), A, Value(np.float32(2.0)), Value(np.ones((2, 0), ">f8"))):
        zeros, data = stand_in(x), unwrap(x)
        assert (zeros.shape, zeros.dtype) == (data.shape, data.dtype)
        assert not np.any(zeros)
        assert not any(zeros.strides)
    assert stand_in(Value(2.5)) == 2.5
    assert stand_in([1, 2]) == [1, 2]


# --- match_primal ---------------------------------------------------------------------------------
@given(drawn=mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3))
def test_a_contribution_is_summed_over_broadcast_axes(drawn: Any) -> None:
    shape, _ = drawn.input_shapes
    c = np.arange(float(np.prod(drawn.result_shape))).reshape(drawn.result_shape)
    got = match_primal(c, np.zeros(shape), ADD)
    assert np.shape(got) == shape
    ones = np.ones(shape)
    np.testing.assert_allclose(np.sum(got), np.sum(c))
    np.testing.assert_allclose(np.sum(got * ones), np.sum(c * ones))
    if shape == drawn.result_shape:
        np.testing.assert_array_equal(got, c)


def test_a_number_contributes_to_every_entry_of_a_broadcasting_row() -> None:
    np.testing.assert_array_equal(match_primal(2.0, A, ADD), [2.0, 2.0, 2.0])
    np.testing.assert_array_equal(match_primal(np.ones((1, 3)), A, ADD), np.ones(3))


def test_a_rule_that_does_not_broadcast_must_return_the_shape() -> None:
    for c, primal in ((np.ones(2), A), (np.ones((2, 3)), A), (np.ones(2), 1.0)):
        with pytest.raises(ValueError, match=r"the rule of sum returned shape .* belongs"):
            match_primal(c, primal, SUM)


@pytest.mark.parametrize(
    ("c", "primal", "dtype"),
    [
        (A, A.astype(np.float32), np.float32),
        (A.astype(np.float32), A, np.float64),
        (A + 1j, A, np.float64),
        (A, A + 0j, np.complex128),
        (A + 1j, (A + 0j).astype(np.complex64), np.complex64),
        (np.float64(2.0), np.float32(1.0), np.float32),
        (A, np.array([1, 2, 3]), np.float64),
    ],
)
def test_the_dtype_is_that_of_the_data(c: Any, primal: Any, dtype: Any) -> None:
    got = match_primal(c, primal, ADD)
    assert got.dtype == dtype
    np.testing.assert_array_equal(got, c if dtype().dtype.kind == "c" else np.real(c))


@pytest.mark.parametrize(
    "c", [2.0, 2, np.float64(2), np.array(2.0), 2.0 + 5j, np.array([1.0, 1.0])]
)
def test_a_python_float_gets_a_python_float(c: Any) -> None:
    got = match_primal(c, 1.0, ADD)
    assert (type(got), got) == (float, 2.0)


def test_contributions_that_are_values_stay_values() -> None:
    for c, primal, wanted in (
        (Value(A), 1.0, 6.0),
        (Value(2.0), A, [2.0, 2.0, 2.0]),
        (Value(A + 1j), A, A),
        (Value(2j + 3), 1.0, 3.0),
    ):
        got = match_primal(c, primal, ADD)
        assert isinstance(got, Value)
        np.testing.assert_array_equal(got.data, wanted)
        got.backward(seed=np.ones(got.shape)[()])
        assert np.shape(c.grad) == np.shape(c.data)
        assert np.any(c.grad)


def test_cotangents_of_several_outputs_pass() -> None:
    parts = OutputTuple((1.0, None))
    assert match_primal(parts, OutputTuple((1.0, 2.0)), ADD) is parts


# --- shapes and dtypes ----------------------------------------------------------------------------
def test_broadcast_does_nothing_where_the_shape_is_there() -> None:
    assert broadcast(A, (3,)) is A
    v = Value(A)
    assert broadcast(v, (3,)) is v
    assert broadcast(v, (2, 3)).shape == (2, 3)


def test_cast_does_nothing_where_the_dtype_is_there() -> None:
    assert cast(A, A.dtype) is A
    assert cast(A, np.dtype(np.float32)).dtype == np.float32
    np.testing.assert_array_equal(cast(A + 1j, A.dtype), A)


@pytest.mark.parametrize(
    "x", [2.0, 2j, np.float32(2), np.complex64(2j), A, A[:0], A.astype(np.float16), np.array(2.0)]
)
def test_zero_has_the_kind_of_the_data(x: Any) -> None:
    z = zero_of(x)
    assert type(z) is type(x)
    assert np.shape(z) == np.shape(x)
    assert not np.any(z)
    assert np.asarray(z).dtype == np.asarray(x).dtype


def test_zero_of_several_outputs() -> None:
    assert zero_of(OutputTuple((1.0, A))) == (None, None)


# --- seeds ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("x", [2.0, np.float32(2), np.array([[2.0]]), np.array(2.0, np.float16)])
def test_one(x: Any) -> None:
    one = one_of(x)
    assert type(one) is type(x)
    assert np.shape(one) == np.shape(x)
    assert np.all(one == 1)


def test_what_has_no_one() -> None:
    with pytest.raises(ValueError, match=r"the loss has shape \(3,\).*\.sum\(\)"):
        one_of(A, "the loss")
    with pytest.raises(ValueError, match=r"the loss is complex"):
        one_of(2j, "the loss")
    with pytest.raises(ValueError, match=r"shape \(0,\)"):
        one_of(A[:0])


@pytest.mark.parametrize(
    ("seed", "data", "wanted"),
    [
        (2.0, 1.0, 2.0),
        (2, 1.0, 2.0),
        (np.float32(2), 1.0, 2.0),
        (np.array(2), 1.0, 2.0),
        (2, A, np.full(3, 2.0)),
        ([1, 2, 3], A, A),
        (A, A.astype(np.float32), A.astype(np.float32)),
        (2, 1j, 2 + 0j),
        (2j, np.complex64(1), np.complex64(2j)),
    ],
)
def test_seeds(seed: Any, data: Any, wanted: Any) -> None:
    got = seed_of(seed, data, "the seed")
    assert type(got) is type(wanted)
    assert np.asarray(got).dtype == np.asarray(wanted).dtype
    np.testing.assert_array_equal(got, wanted)


@pytest.mark.parametrize(
    ("seed", "data", "error"),
    [
        ("1", 1.0, TypeError),
        (None, 1.0, TypeError),
        (2j, 1.0, TypeError),
        (A * 1j, A, TypeError),
        (A[:2], A, ValueError),
        (A, 1.0, ValueError),
        (np.ones((1, 3)), A, ValueError),
    ],
)
def test_what_is_no_seed(seed: Any, data: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="the seed"):
        seed_of(seed, data, "the seed")


def test_a_seed_that_is_a_value_stays_one() -> None:
    s = Value(2.0)
    got = seed_of(s, A, "the seed")
    assert isinstance(got, Value)
    assert got.shape == (3,)
    got.sum().backward()
    assert s.grad == 3.0


# --- memory ---------------------------------------------------------------------------------------
def test_arrays_that_others_hold_are_copied() -> None:
    taken: set[int] = {id(A)}
    fresh = A + 1
    assert copy_if_aliased(fresh, taken) is fresh
    for x in (A, fresh, fresh[:2], fresh.T[...]):
        got = copy_if_aliased(x, taken)
        assert not np.shares_memory(got, x)
        np.testing.assert_array_equal(got, x)
    assert copy_if_aliased(2.0, taken) == 2.0
