"""Determinants of singular matrices, compared with the definition by minors."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest

import autograd as ag
from tests.rules.linalg.functions import derivatives, random

SINGULAR = {
    "rank 2 of 3": np.arange(9.0).reshape(3, 3),
    "exact rank 2 of 3": np.diag([1.0, 0, 3]),
    "rank 1 of 3": np.outer([1.0, 2, 3], [1, 1, 2]),
    "rank 0 of 3": np.zeros((3, 3)),
    "rank 1 of 4": np.diag([0.0, 2, 0, 0]),
    "rank 2 of 4": np.diag([1e3, 0, 0, 2e3]),
    "rank 0 of 1": np.zeros((1, 1)),
    "complex": np.array([[1.0, 1j], [1j, -1]]),
    "regular": random(3, 3),
}


def leibniz(x: Any) -> Any:
    """The determinant as the sum over all permutations: products and sums alone."""
    n = x.shape[-1]
    total = 0.0
    for order in permutations(range(n)):
        sign = np.linalg.det(np.eye(n)[list(order)])
        term = sign
        for i, j in enumerate(order):
            term = term * x[i, j]
        total = total + term
    return total


@pytest.mark.parametrize("name", SINGULAR)
def test_derivatives_at_singular_matrices(name: str) -> None:
    x = SINGULAR[name]
    t = random(*x.shape, seed=1, is_complex=np.iscomplexobj(x))
    found = derivatives(lambda a: np.real(np.linalg.det(a)), x, t)
    wanted = derivatives(lambda a: np.real(leibniz(a)), x, t)
    for order in wanted:
        scale = 1e-12 * max(1, np.max(np.abs(wanted[order])))
        np.testing.assert_allclose(found[order], wanted[order], rtol=0, atol=scale, err_msg=order)


@pytest.mark.parametrize("name", ["rank 2 of 3", "rank 1 of 3", "rank 0 of 3"])
def test_third_derivatives_at_singular_matrices(name: str) -> None:
    x, t = SINGULAR[name], random(3, 3, seed=2)

    def third(f: Any) -> Any:
        second = lambda a: ag.jvp(ag.grad(f), (a,), (t,))[1]
        return ag.jvp(second, (x,), (t,))[1]

    np.testing.assert_allclose(third(np.linalg.det), third(leibniz), atol=1e-12)


def test_a_batch_of_singular_and_regular_matrices() -> None:
    x = np.stack([SINGULAR["exact rank 2 of 3"], random(3, 3), np.zeros((3, 3))])
    got = ag.grad(lambda a: np.sum(np.linalg.det(a)))(x)
    wanted = [ag.grad(leibniz)(part) for part in x]
    np.testing.assert_allclose(got, wanted, atol=1e-13)


def test_single_precision_at_a_singular_matrix() -> None:
    got = ag.grad(np.linalg.det)(np.float32([[1, 2], [2, 4]]))
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, [[4, -2], [-2, 1]], rtol=1e-5)


def test_slogdet_at_a_singular_matrix() -> None:
    """The derivative of -inf is infinite: NaN, but zero where the cotangent is."""
    x = np.stack([np.zeros((2, 2)), 2 * np.eye(2)])
    got = ag.grad(lambda a: np.sum(np.linalg.slogdet(a).logabsdet))(x)
    assert np.isnan(got[0]).all()
    np.testing.assert_array_equal(got[1], np.eye(2) / 2)
    regular = np.array([False, True])
    masked = ag.grad(lambda a: np.sum(np.where(regular, np.linalg.slogdet(a).logabsdet, 0)))
    np.testing.assert_array_equal(masked(x), [np.zeros((2, 2)), np.eye(2) / 2])


def test_the_sign_of_a_real_determinant_is_constant() -> None:
    x = random(3, 3)
    np.testing.assert_array_equal(ag.grad(lambda a: np.linalg.slogdet(a).sign)(x), np.zeros((3, 3)))
    assert type(np.linalg.slogdet(ag.Value(x))) is type(np.linalg.slogdet(x))
