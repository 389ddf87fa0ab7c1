"""Pseudoinverses and least squares, below full rank too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value, gradcheck
from tests.derivatives import Case, check_second_order, check_vjp
from tests.rules.linalg.functions import agree, random

RANK_ONE = [random(5), random(7, is_complex=True)]


def outer(t: Any) -> Any:
    """A matrix of rank 1, three rows high."""
    return np.outer(t[:3], t[3:])


@pytest.mark.parametrize("t", RANK_ONE, ids=["real", "complex"])
def test_derivatives_at_constant_rank(t: Any) -> None:
    pinv = Case(lambda t: np.linalg.pinv(outer(t)), [t])
    check_vjp(pinv)
    check_second_order(pinv)
    lstsq = Case(lambda t, b: np.linalg.lstsq(outer(t), b)[0], [t, random(3, seed=1)])
    check_vjp(lstsq)
    check_second_order(lstsq)


def test_full_rank_is_the_normal_equations() -> None:
    x, b, t = random(5, 3), random(5, 2, seed=1), random(5, 3, seed=2)
    c = random(3, 2, seed=3)
    normal = lambda a: np.sum(c * (np.linalg.inv(a.T @ a) @ a.T @ b))
    agree(lambda a: np.sum(c * np.linalg.lstsq(a, b)[0]), normal, x, t, rtol=1e-10)
    agree(lambda a: np.sum(c * (np.linalg.pinv(a) @ b)), normal, x, t, rtol=1e-10)


def test_results_of_lstsq() -> None:
    x, b = random(4, 2), random(4, seed=1)
    solution, squares, rank, s = np.linalg.lstsq(Value(x), b)
    plain = np.linalg.lstsq(x, b)
    for part, wanted in zip((solution, squares, s), (plain[0], plain[1], plain[3]), strict=True):
        assert type(part) is Value
        np.testing.assert_allclose(part.data, wanted, rtol=1e-13)
    assert rank == 2
    assert type(rank) is type(plain[2])
    assert np.linalg.lstsq(Value(np.ones((4, 2))), b)[1].shape == (0,)


def test_cuts() -> None:
    """rcond leaves out small singular values: the rank that counts is 1."""
    x = np.diag([1.0, 1e-3])
    for options in ({"rcond": 1e-2}, {"rtol": 1e-2}):
        got = ag.grad(lambda a, options=options: np.sum(np.linalg.pinv(a, **options)))(x)
        np.testing.assert_allclose(got[0, 0], -1)
        assert np.abs(got[1, 1]) < 1e-9
    got = ag.grad(lambda a: np.sum(np.linalg.lstsq(a, np.ones(2), rcond=1e-2)[0]))(x)
    assert np.abs(got[1, 1]) < 1e-9
    with pytest.raises(ValueError, match="both"):
        np.linalg.pinv(Value(x), rcond=0.1, rtol=0.1)


def test_ranks_are_plain() -> None:
    assert np.linalg.matrix_rank(Value(np.ones((3, 2)))) == 1
    assert type(np.linalg.matrix_rank(Value(np.ones((3, 2))))) is type(
        np.linalg.matrix_rank(np.ones((3, 2)))
    )


def test_single_and_double_precision_mix_as_in_numpy() -> None:
    x, b = random(3, 2).astype(np.float32), np.arange(3)
    found, plain = np.linalg.lstsq(Value(x), b), np.linalg.lstsq(x, b)
    assert [np.asarray(y.data if type(y) is Value else y).dtype for y in found] == [
        np.asarray(y).dtype for y in plain
    ]
    assert gradcheck(lambda a: np.linalg.lstsq(a, b)[0], random(3, 2))
