"""Systems, inverses, powers and chains of matrices: what samples do not meet."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from autograd.rules.linalg.solving import chain
from tests.rules.linalg.functions import agree, random


def test_a_vector_is_one_right_hand_side_of_every_matrix() -> None:
    """As in NumPy 2: (2, 3) beside (2, 3, 3) is a matrix, and does not fit."""
    a = random(2, 3, 3) + 4 * np.eye(3)
    y = np.linalg.solve(Value(a), Value(np.ones(3)))
    np.testing.assert_allclose(y.data, np.linalg.solve(a, np.ones(3)))
    with pytest.raises(ValueError, match="mismatch"):
        np.linalg.solve(Value(a), np.ones((2, 3)))


def test_keywords_and_integers() -> None:
    v = Value(2 * np.eye(2))
    y = np.linalg.solve(a=v, b=np.array([2, 4]))
    np.testing.assert_array_equal(y.data, [1, 2])
    y = np.linalg.solve([[2, 0], [0, 4]], Value([2.0, 4.0]))
    y.backward(seed=np.ones(2))
    np.testing.assert_array_equal(np.linalg.inv(a=v).data, np.eye(2) / 2)


def test_errors_are_those_of_numpy() -> None:
    v = Value(np.zeros((2, 2)))
    with pytest.raises(np.linalg.LinAlgError, match="Singular"):
        np.linalg.inv(v)
    with pytest.raises(np.linalg.LinAlgError, match="Singular"):
        np.linalg.solve(v, np.ones(2))
    with pytest.raises(np.linalg.LinAlgError, match="square"):
        np.linalg.matrix_power(Value(np.ones((2, 3))), 2)
    with pytest.raises(TypeError):
        np.linalg.matrix_power(v, 1.5)
    with pytest.raises(ValueError, match="at least two"):
        np.linalg.multi_dot([v])
    with pytest.raises(ValueError, match="Invalid ind"):
        np.linalg.tensorinv(v, 0)
    with pytest.raises(np.linalg.LinAlgError, match="prod"):
        np.linalg.tensorsolve(Value(np.ones((2, 3))), np.ones(2))
    with pytest.raises(TypeError, match="out"):
        np.linalg.multi_dot([v, v], out=np.zeros((2, 2)))


def test_the_power_0_is_constant() -> None:
    x = np.array([[np.inf, 1.0], [0.0, 2.0]])
    y, pull = ag.vjp(lambda a: np.linalg.matrix_power(a, 0), x)
    np.testing.assert_array_equal(y, np.eye(2))
    np.testing.assert_array_equal(pull(np.ones((2, 2)))[0], np.zeros((2, 2)))


def test_chains_take_the_cheapest_order() -> None:
    """(10 x 100)(100 x 5)(5 x 50): 7500 products from the left, 75000 from the right."""
    made: list[Any] = []

    class Matrix:
        def __init__(self, *shape: int) -> None:
            self.shape = shape

        def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
            assert func is np.shape
            return self.shape

        def __matmul__(self, other: Matrix) -> Matrix:
            made.append((*self.shape, other.shape[1]))
            return Matrix(self.shape[0], other.shape[1])

    chain([Matrix(10, 100), Matrix(100, 5), Matrix(5, 50)])
    assert made == [(10, 100, 5), (10, 5, 50)]
    made.clear()
    chain([Matrix(50, 5), Matrix(5, 100), Matrix(100, 10)])
    assert made == [(5, 100, 10), (50, 5, 10)]

    def least(sizes: list[int]) -> int:
        """Over all ways to set brackets, one by one."""
        cuts = range(1, len(sizes) - 1)
        costs = [
            least(sizes[: k + 1]) + least(sizes[k:]) + sizes[0] * sizes[k] * sizes[-1] for k in cuts
        ]
        return min(costs, default=0)

    rng = np.random.default_rng(0)
    for _ in range(20):
        made.clear()
        sizes = rng.integers(1, 20, size=6).tolist()
        chain([Matrix(*shape) for shape in pairwise(sizes)])
        assert sum(a * b * c for a, b, c in made) == least(sizes)


def test_a_solution_without_cotangent_keeps_its_second_derivative() -> None:
    """At the least of |y - 1|^2 the cotangent of y is 0, and y is finite: nothing is left out."""
    x, t = np.diag([2.0, 4.0]), random(2, 2)
    loss = lambda a: np.sum((np.linalg.solve(a, np.array([2.0, 4.0])) - 1) ** 2)
    reference = lambda a: np.sum((np.linalg.inv(a) @ np.array([2.0, 4.0]) - 1) ** 2)
    assert np.all(ag.grad(loss)(x) == 0)
    agree(loss, reference, x, t)
    low = lambda a: np.sum((np.linalg.cholesky(a) - np.linalg.cholesky(x)) ** 2)
    np.testing.assert_allclose(ag.hessian(low)(x)[0, 0, 0, 0], 2 / (4 * 2.0), rtol=1e-12)


def test_second_derivative_of_the_inverse() -> None:
    x, t = random(3, 3) + 4 * np.eye(3), random(3, 3, seed=1)
    y = np.linalg.inv(x)
    pushed = ag.jvp(lambda a: ag.jvp(np.linalg.inv, (a,), (t,))[1], (x,), (t,))[1]
    np.testing.assert_allclose(pushed, 2 * y @ t @ y @ t @ y, rtol=1e-12, atol=1e-14)
