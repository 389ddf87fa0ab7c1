"""Choosing by conditions and indices: dtypes, broadcasting, and what replaces NaN."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

import autograd as ag
from autograd import Value
from tests.derivatives import Case, check_dot_product, check_value, check_vjp

X = np.array([1.0, -2.0, 3.0])


@given(
    drawn=mutually_broadcastable_shapes(num_shapes=3, max_dims=3, max_side=3, min_side=0),
    mode=st.sampled_from(["raise", "wrap", "clip"]),
)
def test_choices_are_broadcast(drawn: Any, mode: str) -> None:
    rng = np.random.default_rng(0)
    numbers = rng.integers(0, 2, size=drawn.input_shapes[0])
    if mode != "raise":
        numbers = 5 * numbers - 3
    leaves = [rng.normal(size=shape) for shape in drawn.input_shapes[1:]]
    choose = lambda a, b: np.choose(numbers, [a, b], mode=mode)
    select = lambda a, b: np.select([np.asarray(numbers > 0)], [a], b)
    for case in (Case(choose, leaves), Case(select, leaves)):
        check_value(case)
        check_vjp(case)
        check_dot_product(case)


def test_python_numbers_leave_the_precision_as_it_is() -> None:
    v, mask = Value(np.float32(X)), X > 0
    assert np.select([mask], [v], 0.5).dtype == np.float32
    assert np.select([mask], [v], Value(0.5)).dtype == np.float32
    assert np.select([mask], [v], np.float64(0.5)).dtype == np.float64
    assert np.choose([0, 1, 0], [v, 7]).dtype == np.float32
    assert np.select([mask], [v], 1j).dtype == np.complex64


def test_what_replaces_nan_has_its_gradient() -> None:
    x = np.array([1.0, np.nan, np.inf, -np.inf])
    f = lambda x, a, b, c: np.sum(np.array([1.0, 2, 3, 4]) * np.nan_to_num(x, True, a, b, c))
    g, *others = ag.grad(f, (0, 1, 2, 3))(x, 0.5, 6.0, 7.0)
    np.testing.assert_array_equal(g, [1.0, 0.0, 0.0, 0.0])
    assert others == [2.0, 3.0, 4.0]
    z = x.astype(complex)
    z.imag = x[::-1]
    for options in ({"nan": [1, 2, 3, 4]}, {"posinf": np.array(2.0)}, {"nan": np.array([3.0])}):
        np.testing.assert_array_equal(
            np.nan_to_num(Value(z), **options).data, np.nan_to_num(z, **options)
        )


def test_half_of_a_complex_number_is_replaced() -> None:
    z = np.array([complex(np.nan, 2.0), complex(3.0, np.inf), 1 + 1j])
    y, pull = ag.vjp(np.nan_to_num, z)
    np.testing.assert_array_equal(y, np.nan_to_num(z))
    np.testing.assert_array_equal(pull(np.full(3, 1 - 2j))[0], [-2j, 1, 1 - 2j])


REFUSED: list[Callable[[Any], Any]] = [
    lambda x: np.select([X > 0], [x, x]),
    lambda x: np.select([1 * (X > 0)], [x]),
    lambda x: np.select([X > 0], [x[:2]]),
    lambda x: np.choose([0, 1, 2], [x, x]),
    lambda x: np.choose([0.0, 1.0, 0.0], [x, x]),
    lambda x: np.choose(x, [x, x]),
    lambda x: np.choose([0, 1, 0], [x, x[:2]]),
    lambda x: np.choose([0, 1, 0], [x, x], mode="no such mode"),
    lambda x: np.nan_to_num(x, nan=[1, 2]),
    lambda x: np.nan_to_num(x, nan=np.ones((2, 3))),
    lambda x: np.take_along_axis(x, np.array([True, False, True]), 0),
    lambda x: np.take_along_axis(x, np.array([0.5]), 0),
    lambda x: np.take_along_axis(x, np.array([True]), 0),
    lambda x: np.take_along_axis(x, np.array([[1]]), 0),
    lambda x: np.take_along_axis(x, np.array([9]), 0),
    lambda x: np.compress([[1, 0]], x),
    lambda x: np.compress([0, 0, 0, 1], x),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_numpy_refuses_is_refused(number: int) -> None:
    places = (ValueError, IndexError)
    with pytest.raises((ValueError, TypeError, IndexError)) as wanted:
        REFUSED[number](X)
    with pytest.raises(places if issubclass(wanted.type, places) else wanted.type):
        REFUSED[number](Value(X))


def test_nothing_to_choose_from_is_refused() -> None:
    with pytest.raises(ValueError, match="condition"):
        np.select([], [], Value(X))


def test_what_writes_is_refused_with_advice() -> None:
    with pytest.raises(TypeError, match=r"np\.where"):
        np.put_along_axis(Value(X), np.array([0]), 1.0, 0)
    with pytest.raises(TypeError, match="out="):
        np.choose([0, 1, 0], [Value(X), X], np.empty(3))


def test_the_real_part_is_taken_where_the_imaginary_is_small() -> None:
    small, large = np.array([1.0 + 1e-17j]), np.array([1.0 + 1j])
    for z, options in ((small, {}), (large, {}), (large, {"tol": 1e20}), (X, {})):
        got, wanted = np.real_if_close(Value(z), **options), np.real_if_close(z, **options)
        assert got.dtype == wanted.dtype
        np.testing.assert_array_equal(got.data, wanted)
    g = ag.grad(lambda z: np.sum(np.real(np.real_if_close(z))))(small)
    np.testing.assert_array_equal(g, [1.0])
