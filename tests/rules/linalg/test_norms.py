"""Norms at their kinks, and condition numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from tests.rules.linalg.functions import random

MATRIX_ORDERS = [None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf]
VECTOR_ORDERS = [None, 0, 1, -1, 2, 3, 0.5, 1.5, -2, np.inf, -np.inf]


@pytest.mark.filterwarnings("ignore:divide by zero")
@pytest.mark.parametrize("ord", VECTOR_ORDERS)
@pytest.mark.parametrize("dtype", [float, complex, np.float32])
def test_the_derivative_of_a_vector_norm_at_0_is_0(ord: Any, dtype: Any) -> None:
    x = np.zeros(3, dtype)
    f = lambda x: np.linalg.norm(x, ord)
    np.testing.assert_array_equal(ag.grad(f)(x), x)
    assert ag.jvp(f, (x,), (np.ones(3, dtype),))[1] == 0
    np.testing.assert_array_equal(ag.grad(lambda x: np.linalg.vector_norm(x, ord=ord or 0))(x), x)


@pytest.mark.parametrize("ord", MATRIX_ORDERS)
def test_the_derivative_of_a_matrix_norm_at_0_is_0(ord: Any) -> None:
    x = np.zeros((2, 3))
    f = lambda x: np.linalg.norm(x, ord)
    np.testing.assert_array_equal(ag.grad(f)(x), x)
    assert ag.jvp(f, (x,), (np.ones((2, 3)),))[1] == 0


@pytest.mark.filterwarnings("ignore:divide by zero")
@pytest.mark.parametrize("ord", [1.5, 0.5, 3, -1])
def test_entries_that_are_0_do_not_count(ord: float) -> None:
    x = np.array([0.0, 1.0, -2.0])
    got = ag.grad(lambda x: np.linalg.norm(x, ord))(x)
    assert got[0] == 0
    assert np.isfinite(got).all()
    if ord > 0:
        wanted = ag.grad(lambda x: np.linalg.norm(x, ord))(x[1:])
        np.testing.assert_allclose(got[1:], wanted)


def test_the_square_of_a_norm_is_smooth_at_0() -> None:
    """Its Hessian is 2 I, forward over forward and backward over backward."""
    square = lambda x: np.linalg.norm(x) ** 2
    zero, t = np.zeros(2), np.array([1.0, -2.0])
    np.testing.assert_array_equal(ag.hessian(square)(zero), 2 * np.eye(2))
    twice = ag.jvp(lambda x: ag.jvp(square, (x,), (t,))[1], (zero,), (t,))[1]
    assert twice == 2 * (t @ t)
    rows = lambda x: np.sum(np.linalg.norm(x, axis=1, keepdims=True) ** 2)
    got = ag.hessian(rows)(np.array([[0.0, 0], [3, 4]])).reshape(4, 4)
    np.testing.assert_allclose(got, 2 * np.eye(4), atol=1e-14)
    np.testing.assert_array_equal(ag.hessian(np.linalg.norm)(zero), np.zeros((2, 2)))


def test_a_norm_in_a_branch_that_is_not_taken() -> None:
    x = np.array([[0.0, 0.0], [3.0, 4.0]])

    def unit(x: Any) -> Any:
        size = np.linalg.norm(x, axis=1, keepdims=True)
        return np.sum(np.where(size > 0, x / np.where(size > 0, size, 1), 0) ** 2)

    np.testing.assert_allclose(ag.grad(unit)(x), np.zeros((2, 2)), atol=1e-16)


def test_ties_share() -> None:
    got = ag.grad(lambda x: np.linalg.norm(x, np.inf))(np.array([1.0, -1.0, 0.5]))
    np.testing.assert_array_equal(got, [0.5, -0.5, 0])
    got = ag.grad(lambda x: np.linalg.norm(x, 2))(3 * np.eye(4))
    np.testing.assert_allclose(got, np.eye(4) / 4, atol=1e-15)


def test_nuclear_norm() -> None:
    """At full rank its gradient is U V^T, whatever singular values repeat."""
    q = np.linalg.qr(random(3, 3))[0]
    for x in (q, 2 * q, q[:, :2], q[:2]):
        f = lambda x: np.linalg.norm(x, "nuc")
        np.testing.assert_allclose(ag.grad(f)(x), x / np.linalg.norm(x, 2), atol=1e-14)


def test_condition_numbers() -> None:
    x = np.diag([1.0, 4.0])
    np.testing.assert_allclose(ag.grad(np.linalg.cond)(x), np.diag([-4.0, 1.0]), atol=1e-14)
    batch = np.stack([np.zeros((2, 2)), x])
    with np.errstate(all="ignore"):
        for p in (None, 1, "fro"):
            y = np.linalg.cond(Value(batch), p)
            np.testing.assert_allclose(y.data, np.linalg.cond(batch, p))
            got = ag.grad(lambda x, p=p: np.sum(np.linalg.cond(x, p)))(batch)
            assert not np.isfinite(got[0]).any()
            wanted = ag.grad(lambda x, p=p: np.linalg.cond(x, p))(x)
            np.testing.assert_allclose(got[1], wanted, atol=1e-14)
    with pytest.raises(np.linalg.LinAlgError, match="empty"):
        np.linalg.cond(Value(np.zeros((0, 0))))


def test_errors_are_those_of_numpy() -> None:
    v = Value(np.ones((2, 2)))
    for options in ({"ord": 3}, {"ord": "nuc", "axis": 0}, {"axis": (0, 0)}):
        with pytest.raises(ValueError, match=r"[Ii]nvalid|Duplicate|repeated"):
            np.linalg.norm(v, **options)
    with pytest.raises(ValueError, match="dimensions"):
        np.linalg.norm(Value(np.ones((2, 2, 2))), 2)
    with pytest.raises(TypeError, match="axis"):
        np.linalg.norm(v, axis="a")
    with pytest.raises(np.exceptions.AxisError):
        np.linalg.norm(v, axis=2)
