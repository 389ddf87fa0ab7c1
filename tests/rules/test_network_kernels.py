"""Kernels of networks: against SciPy, far out, and without writing to what they are given."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import special

from autograd.rules import network_kernels as kernels

scores = arrays(np.float64, (3, 4), elements=st.floats(-800, 800))


@given(x=scores, axis=st.sampled_from([0, 1, -1]))
def test_softmaxes(x: Any, axis: int) -> None:
    before = x.copy()
    np.testing.assert_allclose(
        kernels.softmax(x, axis), special.softmax(x, axis=axis), rtol=1e-12, atol=1e-300
    )
    np.testing.assert_allclose(
        kernels.log_softmax(x, axis), special.log_softmax(x, axis=axis), rtol=1e-12, atol=1e-12
    )
    np.testing.assert_allclose(
        kernels.logsumexp(x, axis, False), special.logsumexp(x, axis=axis), rtol=1e-13, atol=1e-12
    )
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("axis", [None, (0, 1)])
def test_logsumexp_over_all(axis: Any) -> None:
    x = np.array([[1.0, 1000.0], [-np.inf, 3.0]])
    assert kernels.logsumexp(x, axis, False) == special.logsumexp(x)
    assert kernels.logsumexp(x, axis, True).shape == (1, 1)


def test_rows_of_minus_infinity() -> None:
    x = np.full((2, 3), -np.inf)
    with np.errstate(divide="ignore"):
        np.testing.assert_array_equal(kernels.logsumexp(x, -1, False), [-np.inf, -np.inf])
    np.testing.assert_array_equal(kernels.shift_of(x, -1), [[0.0], [0.0]])


@given(x=scores, t=arrays(np.float64, (3, 4), elements=st.floats(0, 2)))
def test_cross_entropy(x: Any, t: Any) -> None:
    before = x.copy(), t.copy()
    loss, residual = kernels.softmax_cross_entropy_saving(x, t)
    logs = special.log_softmax(x, axis=-1)
    np.testing.assert_allclose(loss, -(t * logs).sum() / 3, rtol=1e-10, atol=1e-9)
    wanted = (special.softmax(x, axis=-1) * t.sum(axis=-1, keepdims=True) - t) / 3
    np.testing.assert_allclose(residual, wanted, rtol=1e-10, atol=1e-12)
    assert kernels.softmax_cross_entropy(x, t) == loss
    np.testing.assert_array_equal(kernels.softmax_residual(x, t), residual)
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(t, before[1])


def test_cross_entropy_of_a_class_that_is_ruled_out() -> None:
    x = np.array([[0.0, -np.inf, 0.0]])
    loss, residual = kernels.softmax_cross_entropy_saving(x, np.array([[1.0, 0.0, 0.0]]))
    assert loss == pytest.approx(np.log(2))
    np.testing.assert_allclose(residual, [[-0.5, 0.0, 0.5]])
    assert kernels.softmax_cross_entropy(x, np.array([[0.0, 1.0, 0.0]])) == np.inf


@pytest.mark.parametrize("dtype", [np.int64, np.bool_, np.float32])
def test_targets_of_any_dtype(dtype: Any) -> None:
    x = np.array([[1.0, 2.0, 0.5]])
    one_hot = np.array([[0, 1, 0]])
    loss, residual = kernels.softmax_cross_entropy_saving(x, one_hot.astype(dtype))
    assert loss == kernels.softmax_cross_entropy(x, one_hot.astype(float))
    assert residual.dtype == np.float64
    assert kernels.softmax_residual(np.float32(x), one_hot.astype(dtype)).dtype == np.float32


def test_affine_does_not_write_to_its_arguments() -> None:
    x, w, b = np.ones((2, 3)), np.ones((3, 2)), np.ones(2)
    np.testing.assert_array_equal(kernels.affine(x, w, b), np.full((2, 2), 4.0))
    np.testing.assert_array_equal(b, np.ones(2))
    assert kernels.affine(np.float32(x), np.float32(w), b).dtype == np.float64


@pytest.mark.parametrize(("dtype", "units"), [(np.float64, 4), (np.float32, 4), (np.float16, 2)])
def test_erf_to_a_few_units_in_the_last_place(dtype: Any, units: int) -> None:
    x = np.concatenate([np.linspace(-7, 7, 4001), 10.0 ** np.arange(-30, 0)]).astype(dtype)
    y = kernels.erf(x)
    assert y.dtype == dtype
    wanted = special.erf(x.astype(np.float64))
    limits = np.finfo(dtype)
    np.testing.assert_allclose(
        y, wanted, rtol=units * float(limits.eps), atol=float(limits.smallest_subnormal)
    )


def test_erf_far_out() -> None:
    np.testing.assert_array_equal(kernels.erf(np.array([-np.inf, np.inf, -0.0])), [-1.0, 1.0, 0.0])
    assert np.isnan(kernels.erf(np.array([np.nan])))
    assert np.signbit(kernels.erf(-0.0))
    assert kernels.erf(3) == kernels.erf(3.0)


@given(x=st.lists(st.floats(-3, 3), min_size=1, max_size=4), u=st.floats(-2, 2))
def test_horner(x: list[float], u: float) -> None:
    np.testing.assert_allclose(
        kernels.horner(x, np.array([u]))[0], np.polynomial.polynomial.polyval(u, x), atol=1e-12
    )
