"""Rows of dense layers, and erf."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import special

import autograd as ag
from autograd.engine.primitive import TABLE
from autograd.rules import network_kernels
from tests.derivatives import Case, check_dtype

RNG = np.random.default_rng(0)
W, B = RNG.normal(size=(3, 2)), RNG.normal(size=2)
LAYERS = [RNG.normal(size=shape) for shape in ((3,), (5, 3), (2, 5, 3), (4, 1, 5, 3), (0, 3))]


@pytest.mark.parametrize("x", LAYERS, ids=lambda x: str(x.shape))
def test_affine_is_the_product_and_the_sum(x: Any) -> None:
    """One row in place of two: the same numbers and gradients, to second order and forward."""
    plain = lambda x, w, b: x @ w + b
    y, pull = ag.vjp(ag.affine, x, W, B)
    z, pull_plain = ag.vjp(plain, x, W, B)
    np.testing.assert_allclose(y, z, rtol=1e-14, atol=1e-14)
    g = RNG.normal(size=y.shape)
    for a, b in zip(pull(g), pull_plain(g), strict=True):
        assert a.shape == b.shape
        np.testing.assert_allclose(a, b, rtol=1e-13, atol=1e-13)
    ts = (np.ones_like(x), np.ones_like(W), np.ones_like(B))
    t, t_plain = (ag.jvp(f, (x, W, B), ts)[1] for f in (ag.affine, plain))
    np.testing.assert_allclose(t, t_plain, rtol=1e-13, atol=1e-13)
    energy = lambda f: lambda w: (f(x, w, B) ** 3).sum()
    np.testing.assert_allclose(
        ag.hessian(energy(ag.affine))(W), ag.hessian(energy(plain))(W), rtol=1e-12, atol=1e-12
    )
    check_dtype(Case(ag.affine, [x, W, B]), np.float32)


def test_affine_is_one_node() -> None:
    y = ag.affine(ag.Value(LAYERS[1]), W, B)
    assert y.op is TABLE[network_kernels.affine]
    assert y.op.role == "matrix product"


def test_shapes_that_do_not_fit() -> None:
    for x, w, b in ((LAYERS[1], W.T, B), (LAYERS[1], W, np.ones(3))):
        with pytest.raises(ValueError, match=r"mismatch|broadcast"):
            ag.affine(ag.Value(x), w, b)


def test_slopes_of_erf() -> None:
    x = np.array([-30.0, -6.0, -1.0, 0.0, 1e-9, 0.999999, 1.000001, 5.9999, 6.0001, 30.0])
    wanted = 2 / math.sqrt(math.pi) * np.exp(-(x**2))
    np.testing.assert_allclose(ag.elementwise_grad(ag.erf)(x), wanted, rtol=1e-14)
    second = ag.elementwise_grad(ag.elementwise_grad(ag.erf))(x)
    np.testing.assert_allclose(second, -2 * x * wanted, rtol=1e-13)


def test_erf_of_a_number_is_that_of_math() -> None:
    for x in (-2.0, 0.0, 0.5, 3.0):
        assert ag.erf(ag.Value(x)).data == math.erf(x)
        assert ag.erf(ag.Value(np.array([x]))).data[0] == pytest.approx(special.erf(x), rel=4e-16)
