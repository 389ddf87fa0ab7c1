"""Jacobians, Hessians, and their products with a vector."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd as ag
from tests.derivatives import differences

X = np.array([0.5, -1.2, 2.0])
W = np.array([[1.0, 0.3, -0.7], [0.2, -1.1, 0.4]])


def energy(x: Any) -> Any:
    return np.sum(np.sin(x) * x) + x[0] * x[1] ** 2


def layer(w: Any, x: Any) -> Any:
    return np.tanh(w @ x)


def test_jacobian_shapes() -> None:
    for shape_x, shape_y in (
        ((), ()),
        ((3,), ()),
        ((), (2,)),
        ((3,), (2,)),
        ((2, 3), (4, 1)),
        ((0,), (2,)),
    ):
        m = np.linspace(-1, 1, int(np.prod(shape_x) * np.prod(shape_y)))
        m = m.reshape(int(np.prod(shape_y)), int(np.prod(shape_x)))

        def linear(x: Any, m: Any = m, shape: Any = shape_y) -> Any:
            return np.reshape(m @ np.reshape(x, -1), shape)

        got = ag.jacobian(linear)(np.ones(shape_x)[()])
        assert np.shape(got) == shape_y + shape_x
        np.testing.assert_allclose(got, m.reshape(shape_y + shape_x), atol=1e-15)


def test_jacobian_in_both_directions() -> None:
    """Wide ones run in reverse, tall ones forward: the numbers agree with differences."""
    for f, x in ((lambda x: layer(W, x), X), (lambda x: layer(W.T, x), X[:2])):
        got = ag.jacobian(f)(x)
        for i in range(len(got)):
            np.testing.assert_allclose(
                got[i], differences(lambda x, f=f, i=i: f(x)[i], [x])[0], atol=1e-9
            )
    assert ag.jacobian(lambda x: x * x)(np.float32(X)).dtype == np.float32


def test_jacobian_of_trees() -> None:
    out = ag.jacobian(lambda p: {"a": p[0] * p[1], "b": p[1].sum()})((2.0, X))
    assert set(out) == {"a", "b"}
    np.testing.assert_array_equal(out["a"][0], X)
    np.testing.assert_array_equal(out["a"][1], 2 * np.eye(3))
    assert out["b"][0] == 0.0
    np.testing.assert_array_equal(out["b"][1], np.ones(3))


def test_hessian() -> None:
    got = ag.hessian(energy)(X)
    np.testing.assert_allclose(got, got.T, atol=1e-14)
    for i in range(3):
        row = differences(lambda x, i=i: ag.grad(energy)(x)[i], [X])[0]
        np.testing.assert_allclose(got[i], row, atol=1e-8)
    assert ag.hessian(lambda x: x**4)(2.0) == 48.0


def test_hessian_of_matrix_argument() -> None:
    got = ag.hessian(lambda w: (w @ X).sum() ** 2)(W)
    assert got.shape == (2, 3, 2, 3)
    wanted = 2 * np.multiply.outer(np.ones((2, 1)) * X, np.ones((2, 1)) * X)
    np.testing.assert_allclose(got, wanted, atol=1e-12)


def test_hessian_vector_product() -> None:
    v = np.array([1.0, -2.0, 0.5])
    product = ag.hessian_vector_product(energy)(X, v)
    np.testing.assert_allclose(product, ag.hessian(energy)(X) @ v, atol=1e-13)
