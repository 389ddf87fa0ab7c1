"""Functions of the user's on parts of an array, and the Values that they hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value

X = np.random.default_rng(0).normal(size=(2, 3, 4))
ROW = np.array([-1.0, 0.5, 2.0])


def test_rows_are_values_of_one_dimension() -> None:
    seen = []

    def f(row: Any) -> Any:
        seen.append((type(row), row.shape))
        return np.sum(row)

    np.apply_along_axis(f, 1, Value(X))
    assert seen == [(Value, (3,))] * 8


def test_a_scale_that_a_function_holds_has_its_gradient() -> None:
    def f(x: Any, scale: Any) -> Any:
        return np.sum(np.apply_along_axis(lambda row, s: row * s, 0, x, scale) ** 2)

    assert ag.grad(f, (0, 1))(X, 3.0)[1] == pytest.approx(6 * np.sum(X**2))

    def pieces(x: Any, scale: Any) -> Any:
        return np.sum(np.piecewise(x, [ROW > 0], [lambda z: scale * z, scale]))

    assert ag.grad(pieces, (0, 1))(ROW, 3.0)[1] == pytest.approx(3.5)


def test_of_several_conditions_the_last_counts() -> None:
    f = lambda x: np.piecewise(x, [ROW > 0, ROW > 1], [np.square, np.exp])
    y, pull = ag.vjp(f, ROW)
    np.testing.assert_allclose(y, f(ROW))
    np.testing.assert_allclose(pull(np.ones(3))[0], [0.0, 1.0, np.exp(2.0)])


def test_what_is_constant_is_a_value_still() -> None:
    y = np.piecewise(Value(ROW), [ROW > 9], [np.exp, lambda z: 1.5])
    y.sum().backward()
    np.testing.assert_array_equal(y.data, [1.5, 1.5, 1.5])


def test_a_condition_on_rows() -> None:
    x = X[0]
    f = lambda x: np.piecewise(x, [np.array([True, False, True])], [lambda z: z * z[:1], -1.0])
    y, pull = ag.vjp(f, x)
    np.testing.assert_allclose(y, f(x))
    (g,) = pull(np.ones((3, 4)))
    np.testing.assert_allclose(g, [3 * x[0] * 0 + 2 * x[0] + x[2], x[1] * 0, x[0]])


REFUSED: list[Callable[[Any], Any]] = [
    lambda x: np.apply_along_axis(np.sum, 3, x),
    lambda x: np.apply_along_axis(np.sum, 0, x[:, :0]),
    lambda x: np.apply_over_axes(lambda z, axis: z[0, 0], x, [0]),
    lambda x: np.piecewise(x, [np.ones((2, 3, 4), bool)] * 2, [1]),
    lambda x: np.piecewise(x, [np.ones((2, 3, 4), bool)], [1, 2, 3]),
    lambda x: np.piecewise(x, [np.ones((2, 2, 4), bool)], [1]),
    lambda x: np.piecewise(x, [np.ones((2, 3, 4), bool)], [lambda z: z[:5]]),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_numpy_refuses_is_refused(number: int) -> None:
    places = (ValueError, IndexError)
    with pytest.raises(places):
        REFUSED[number](X)
    with pytest.raises(places):
        REFUSED[number](Value(X))
