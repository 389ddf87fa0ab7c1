"""Singular values: options, kinks and results.  Repeated values are in test_gauge.py."""

from __future__ import annotations

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from autograd.rules.linalg.singular import lengths
from tests.rules.linalg.functions import agree, hermitian, random


def test_options_and_results() -> None:
    v = Value(random(3, 2))
    assert type(np.linalg.svd(v)) is type(np.linalg.svd(v.data))
    assert np.linalg.svd(v).U.shape == (3, 3)
    assert np.linalg.svd(v, full_matrices=False).U.shape == (3, 2)
    for s in (np.linalg.svd(v, compute_uv=False), np.linalg.svdvals(v), np.linalg.svd(v).S):
        np.testing.assert_allclose(s.data, np.linalg.svdvals(v.data), rtol=1e-14)


@pytest.mark.parametrize("is_complex", [False, True])
def test_hermitian_matrices(is_complex: bool) -> None:
    x, t = (hermitian(random(4, 4, seed=s, is_complex=is_complex)) for s in (1, 2))
    c = random(4, 4, seed=3)
    result = np.linalg.svd(Value(x), hermitian=True)
    for part, plain in zip(result, np.linalg.svd(x, hermitian=True), strict=True):
        np.testing.assert_allclose(part.data, plain, atol=1e-13)
    assert type(result) is type(np.linalg.svd(x))

    def rebuilt(a: np.ndarray) -> Value:
        u, s, vh = np.linalg.svd(hermitian(a), hermitian=True)
        return np.sum(c * np.real((u * s**2) @ vh))

    def reference(a: np.ndarray) -> Value:
        u, s, vh = np.linalg.svd(hermitian(a))
        return np.sum(c * np.real((u * s**2) @ vh))

    agree(rebuilt, reference, x, t)
    norms = lambda a: np.sum(np.linalg.svd(hermitian(a), compute_uv=False, hermitian=True) ** 4)
    h = lambda a: hermitian(a) @ hermitian(a)
    agree(norms, lambda a: np.real(np.trace(h(a) @ h(a))), x, t)


def test_truncation() -> None:
    """The best approximation of rank 2 by U, S, V and by projectors of A A^T."""
    x, t, c = random(5, 4), random(5, 4, seed=1), random(5, 4, seed=2)

    def cut(a: np.ndarray) -> Value:
        u, s, vh = np.linalg.svd(a, full_matrices=False)
        return np.sum(c * ((u[:, :2] * s[:2]) @ vh[:2]))

    def reference(a: np.ndarray) -> Value:
        u = np.linalg.eigh(a @ a.T).eigenvectors[:, -2:]
        return np.sum(c * (u @ (u.T @ a)))

    agree(cut, reference, x, t, rtol=1e-9)


def test_norms_leave_out_singular_values_that_are_0() -> None:
    x = np.outer([1.0, 2], [2.0, 0, 1])
    s = lengths(Value(x))
    np.testing.assert_array_equal(s.data, np.linalg.svdvals(x))
    got = ag.grad(lambda a: np.sum(lengths(a)))(x)
    np.testing.assert_allclose(got, x / np.linalg.norm(x), atol=1e-14)
