"""Eigenvalues and eigenvectors: which entries count, the classic formulas, and what is refused.
Repeated eigenvalues are in test_gauge.py."""

from __future__ import annotations

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from tests.derivatives import Case, check_dot_product, check_vjp
from tests.rules.linalg.functions import agree, hermitian, random


@pytest.mark.parametrize("triangle", ["L", "U"])
def test_eigh_depends_on_the_triangle_that_numpy_reads(triangle: str) -> None:
    x = random(3, 3)
    f = lambda a: tuple(np.linalg.eigh(a, UPLO=triangle))
    check_vjp(Case(f, [x]))
    got = ag.grad(lambda a: np.sum(np.linalg.eigvalsh(a, triangle) ** 3))(x)
    other = np.triu(got, 1) if triangle == "L" else np.tril(got, -1)
    np.testing.assert_array_equal(other, np.zeros((3, 3)))


def test_the_derivative_of_an_eigenvalue_is_the_square_of_its_vector() -> None:
    x = hermitian(random(4, 4))
    v = np.linalg.eigh(x).eigenvectors[:, 1]
    got = ag.grad(lambda a: np.linalg.eigvalsh(hermitian(a))[1])(x)
    np.testing.assert_allclose(got, np.outer(v, v), atol=1e-13)


def test_sums_of_powers_of_eigenvalues_are_traces() -> None:
    for x in (random(4, 4), random(4, 4, is_complex=True), np.eye(4), np.zeros((4, 4))):
        t = random(4, 4, seed=1)
        power_sum = lambda a: np.real(np.sum(np.linalg.eigvals(a) ** 3))
        agree(power_sum, lambda a: np.real(np.trace(a @ a @ a)), x, t, rtol=1e-9)


def test_eigenvectors_keep_their_length() -> None:
    x, t = random(4, 4), random(4, 4, seed=1)
    y, pushed = ag.jvp(lambda a: np.linalg.eig(a).eigenvectors, (x,), (t,))
    np.testing.assert_allclose(
        np.real(np.sum(np.conj(y) * pushed, axis=0)), np.zeros(4), atol=1e-13
    )
    check_dot_product(Case(lambda a: tuple(np.linalg.eig(a)), [x]))


@pytest.mark.parametrize(
    "x", [[[0.0, 1], [0, 0]], [[2.0, 1], [0, 2]], [[0.0, 0, 1], [0] * 3, [0] * 3]]
)
def test_defective_matrices_are_refused(x: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="defective"):
        ag.grad(lambda a: np.real(np.sum(np.linalg.eigvals(a) ** 2)))(np.array(x))
    with pytest.raises(ValueError, match="defective"):
        ag.jvp(lambda a: np.linalg.eigvals(a), (np.array(x),), (np.ones((len(x), len(x))),))


def test_results_are_named_tuples_and_errors_those_of_numpy() -> None:
    v = Value(random(3, 3))
    assert type(np.linalg.eig(v)) is type(np.linalg.eig(v.data))
    assert type(np.linalg.eigh(v)) is type(np.linalg.eigh(v.data))
    assert type(np.linalg.eigh(v).eigenvectors) is Value
    with pytest.raises(ValueError, match="UPLO"):
        np.linalg.eigh(v, UPLO="X")
    with pytest.raises(np.linalg.LinAlgError):
        np.linalg.eig(Value(np.ones((2, 3))))
    np.testing.assert_array_equal(np.linalg.eigvals(v).data, np.linalg.eigvals(v.data))
