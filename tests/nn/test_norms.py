"""Norms and cosine similarity, with their bad spots."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
from autograd import Value, grad
from tests.nn.differences import slope

rng = np.random.default_rng(11)
X = rng.normal(size=(3, 4))


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 1)])
@pytest.mark.parametrize(("norm", "order"), [(nn.l1_norm, 1), (nn.l2_norm, 2)])
def test_values_and_gradients(norm: Any, order: int, axis: Any, keepdims: bool) -> None:
    expected = np.sum(np.abs(X) ** order, axis=axis, keepdims=keepdims) ** (1 / order)
    found = norm(X, axis=axis, keepdims=keepdims)
    assert np.allclose(found, expected) and np.shape(found) == expected.shape

    def total(x: Any) -> Any:
        return np.sum(norm(x, axis=axis, keepdims=keepdims) ** 2)

    assert np.allclose(grad(total)(X), slope(total, X), atol=1e-8)
    along = X[::-1].copy()

    def bend(x: Any) -> Any:
        return np.sum(along * grad(total)(x))

    assert np.allclose(grad(bend)(X), slope(bend, X), atol=1e-7)


@pytest.mark.filterwarnings("error")
def test_the_length_of_nothing_has_slope_zero() -> None:
    x = Value(np.zeros(3))
    y = nn.l2_norm(x)
    y.backward()
    assert y.data == 0 and np.array_equal(x.grad, np.zeros(3))
    mixed = Value(np.array([[0.0, 0.0], [3.0, 4.0]]))
    nn.l2_norm(mixed, axis=1).sum().backward()
    assert np.allclose(mixed.grad, [[0, 0], [0.6, 0.8]])
    x = Value(np.array([0.0, -2.0]))
    nn.l1_norm(x).backward()
    assert np.array_equal(x.grad, [0, -1])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("size", [1e200, 1e-200, 1.0, 1e300])
def test_length_without_overflow(size: float) -> None:
    x = Value(np.array([3.0, -4.0]) * size)
    y = nn.l2_norm(x)
    y.backward()
    assert y.data == pytest.approx(5 * size, rel=1e-14)
    assert np.allclose(x.grad, [0.6, -0.8], rtol=1e-14)


def test_length_of_infinite_and_nan() -> None:
    assert nn.l2_norm(np.array([np.inf, 1.0])) == np.inf
    assert np.isnan(nn.l2_norm(np.array([np.nan, 1.0])))
    assert nn.l2_norm(np.array([])) == 0


def test_float32_and_scalars_stay() -> None:
    x = Value(np.array([3, 4], dtype=np.float32))
    for f in (nn.l1_norm, nn.l2_norm):
        y = f(x)
        y.backward()
        assert y.dtype == np.float32 and x.grad.dtype == np.float32
    v = Value(-3.0)
    nn.l2_norm(v).backward()
    assert v.grad == -1


def test_cosine_similarity() -> None:
    a = np.array([1.0, 2.0, 3.0])
    assert nn.cosine_similarity(a, 5 * a) == pytest.approx(1)
    assert nn.cosine_similarity(a, -a) == pytest.approx(-1)
    assert nn.cosine_similarity([1.0, 0.0], [0.0, 2.0]) == 0
    b = rng.normal(size=(3, 4))
    expected = (X * b).sum(1) / (np.linalg.norm(X, axis=1) * np.linalg.norm(b, axis=1))
    assert np.allclose(nn.cosine_similarity(X, b), expected)
    assert np.allclose(nn.cosine_similarity(X.T, b.T, axis=0), expected)
    for k in range(2):

        def total(z: Any, k: int = k) -> Any:
            return np.sum(nn.cosine_similarity(*((z, b) if k == 0 else (X, z))) ** 2)

        assert np.allclose(grad(total)([X, b][k]), slope(total, [X, b][k]), atol=1e-9)
    with pytest.raises(ValueError, match="vectors of one length"):
        nn.cosine_similarity(np.ones(3), np.ones(2))
    with pytest.raises(ValueError, match="vectors of one length"):
        nn.cosine_similarity(1.0, 2.0)


@pytest.mark.filterwarnings("error")
def test_cosine_similarity_of_nothing() -> None:
    a, b = Value(np.zeros((2, 2))), Value(np.array([[1.0, 2.0], [0.0, 0.0]]))
    y = nn.cosine_similarity(a, b)
    y.sum().backward()
    assert np.array_equal(y.data, [0, 0])
    assert np.array_equal(a.grad, np.zeros((2, 2))) and np.array_equal(b.grad, np.zeros((2, 2)))


@pytest.mark.parametrize("axis", [None, 0, 1])
def test_length_of_complex_vectors(axis: Any) -> None:
    z = X + 1j * X[::-1] ** 2
    z[0] = 0
    target = np.linalg.norm(z, axis=axis) if axis is not None else np.linalg.norm(z)
    np.testing.assert_allclose(nn.l2_norm(z, axis=axis), target)
    assert nn.l2_norm(z).dtype == np.float64
    v = Value(z)
    nn.l2_norm(v).backward()
    np.testing.assert_allclose(v.grad, np.conj(z) / np.linalg.norm(z), rtol=1e-12)
    u = Value(np.zeros(2, complex))
    nn.l2_norm(u).backward()
    assert np.array_equal(u.grad, np.zeros(2))
    assert nn.l2_norm(np.array([3e200j, 4e200])) == pytest.approx(5e200)
