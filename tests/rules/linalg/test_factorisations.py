"""Cholesky and QR: which entries count, wide matrices, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from tests.derivatives import Case, check_second_order, check_vjp
from tests.rules.linalg.functions import agree, hermitian, random

SPD = random(4, 4) @ random(4, 4).T + np.eye(4)


@pytest.mark.parametrize("upper", [False, True])
def test_cholesky_depends_on_the_triangle_that_numpy_reads(upper: bool) -> None:
    other = np.tril if upper else np.triu
    got = ag.grad(lambda a: np.sum(np.linalg.cholesky(a, upper=upper)))(SPD)
    np.testing.assert_array_equal(other(got, -1 if upper else 1), np.zeros((4, 4)))
    assert np.count_nonzero(got) == 10


def test_log_determinant_by_cholesky() -> None:
    """Of a matrix that is symmetric by construction, the gradient is the inverse."""

    def logdet(a: np.ndarray) -> Value:
        low = np.linalg.cholesky(hermitian(a))
        return 2 * np.sum(np.log(np.diagonal(low)))

    np.testing.assert_allclose(ag.grad(logdet)(SPD), np.linalg.inv(SPD), rtol=1e-11)
    agree(logdet, lambda a: np.linalg.slogdet(hermitian(a)).logabsdet, SPD, random(4, 4, seed=2))


@pytest.mark.parametrize("shape", [(4, 2), (3, 3), (2, 4), (2, 2, 3)])
@pytest.mark.parametrize("mode", ["reduced", "complete", "r"])
@pytest.mark.parametrize("is_complex", [False, True])
def test_qr_gives_the_matrix_back(shape: tuple[int, ...], mode: str, is_complex: bool) -> None:
    x, t = (random(*shape, seed=s, is_complex=is_complex) for s in (3, 4))
    c = random(*shape, seed=5)

    def rebuilt(a: np.ndarray) -> Value:
        if mode == "r":
            r = np.linalg.qr(a, mode="r")
            gram = np.conj(r).mT @ r
            return np.sum(np.real(random(*gram.shape, seed=6) * gram))
        q, r = np.linalg.qr(a, mode=mode)
        return np.sum(c * np.real(q @ r))

    def reference(a: np.ndarray) -> Value:
        if mode == "r":
            gram = np.conj(a).mT @ a
            return np.sum(np.real(random(*gram.shape, seed=6) * gram))
        return np.sum(c * np.real(a))

    agree(rebuilt, reference, x, t)


def test_qr_of_a_wide_matrix() -> None:
    case = Case(lambda a: tuple(np.linalg.qr(a)), [random(2, 3, 5, is_complex=True)])
    check_vjp(case)
    check_second_order(case)
    assert type(np.linalg.qr(Value(random(2, 3)))) is type(np.linalg.qr(random(2, 3)))


def test_dependent_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="linearly dependent"):
        ag.grad(lambda a: np.sum(np.linalg.qr(a).R))(np.ones((3, 2)))
    with pytest.raises(ValueError, match="linearly dependent"):
        ag.grad(lambda a: np.sum(np.linalg.qr(a).Q))(np.zeros((3, 2)))


def test_reflectors_and_indefinite_matrices_are_refused() -> None:
    with pytest.raises(TypeError, match="complete"):
        np.linalg.qr(Value(SPD), mode="raw")
    with pytest.raises(np.linalg.LinAlgError, match="positive definite"):
        np.linalg.cholesky(Value(-SPD))


def test_a_matrix_that_is_left_out_of_a_batch_adds_nothing() -> None:
    x = np.stack([np.full((3, 2), np.nan), random(3, 2)])
    kept = np.array([False, True])[:, None, None]
    got = ag.grad(lambda a: np.sum(np.where(kept, np.linalg.qr(a).R, 0) ** 3))(x)
    wanted = ag.grad(lambda a: np.sum(np.linalg.qr(a).R ** 3))(x[1])
    np.testing.assert_array_equal(got[0], np.zeros((3, 2)))
    np.testing.assert_allclose(got[1], wanted, rtol=1e-13)
