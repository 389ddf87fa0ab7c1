"""Functions that NumPy does not have: against SciPy, far out, and in every precision."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes
from scipy import special

from autograd.engine import kernels

FAR = np.array([-np.inf, -1e300, -745.2, -40.0, -1e-300, -0.0, 0.0, 1e-17, 36.0, 710.0, np.inf])
TWINS = ("relu", "sigmoid", "softplus")


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("relu", lambda x: np.where(x > 0, x, 0)),
        ("sigmoid", special.expit),
        ("softplus", lambda x: np.logaddexp(0, x)),
    ],
)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_the_whole_range(name: str, reference: Any, dtype: Any) -> None:
    with np.errstate(over="ignore"):
        x = np.concatenate([FAR, np.linspace(-30, 30, 101)]).astype(dtype)
    with np.errstate(all="raise", under="ignore"):
        y = getattr(kernels, name)(x)
    assert y.dtype == dtype
    limits = np.finfo(dtype)
    np.testing.assert_allclose(
        y, reference(x).astype(dtype), rtol=4 * float(limits.eps), atol=float(limits.tiny) * 2
    )


@pytest.mark.parametrize("name", TWINS)
@given(x=st.floats(allow_nan=False))
def test_numbers_agree_with_arrays(name: str, x: float) -> None:
    alone = getattr(kernels, f"{name}_scalar")(x)
    assert type(alone) is float
    np.testing.assert_allclose(alone, getattr(kernels, name)(np.array([x]))[0], rtol=1e-15)


@pytest.mark.parametrize("name", TWINS)
def test_nan_is_kept(name: str) -> None:
    assert math.isnan(getattr(kernels, f"{name}_scalar")(math.nan))
    assert np.isnan(getattr(kernels, name)(np.array([np.nan]))).all()


@pytest.mark.parametrize("name", TWINS)
@pytest.mark.parametrize("z", [1j, np.complex64(1), np.array([1j])])
def test_complex_numbers_have_no_order(name: str, z: Any) -> None:
    with pytest.raises(TypeError, match=rf"{name} takes real numbers: .*z\.real"):
        getattr(kernels, name)(z)


@given(drawn=mutually_broadcastable_shapes(num_shapes=1, base_shape=(2, 3, 2), max_dims=3))
def test_unbroadcast_is_the_transpose_of_broadcasting(drawn: Any) -> None:
    (shape,) = drawn.input_shapes
    if np.broadcast_shapes(shape, (2, 3, 2)) != (2, 3, 2):
        return
    rng = np.random.default_rng(0)
    x, w = rng.integers(-9, 9, shape).astype(float), rng.integers(-9, 9, (2, 3, 2)).astype(float)
    back = kernels.unbroadcast(w, shape)
    assert back.shape == shape
    assert np.sum(np.broadcast_to(x, (2, 3, 2)) * w) == np.sum(x * back)


def test_unbroadcast_of_nothing() -> None:
    assert kernels.unbroadcast(np.ones((0, 3)), (1, 3)).tolist() == [[0.0, 0.0, 0.0]]
    x = np.ones((2, 3))
    assert kernels.unbroadcast(x, (2, 3)) is x


def test_broadcast_arrays_can_be_written_to() -> None:
    x = np.arange(3.0)
    y = kernels.broadcast_to(x, (2, 3))
    y += 1
    np.testing.assert_array_equal(y, [[1, 2, 3], [1, 2, 3]])
    np.testing.assert_array_equal(x, [0, 1, 2])
    assert kernels.broadcast_to(np.float32(2), (2,)).dtype == np.float32


def test_where_keeps_the_kind_of_its_choices() -> None:
    assert type(kernels.where(True, 1.0, 2.0)) is float
    assert kernels.where(False, 1.0, 2.0) == 2.0
    assert type(kernels.where(True, np.float32(1), np.float32(2))) is np.float32
    assert type(kernels.where(np.array([True]), 1.0, 2.0)) is np.ndarray


def test_astype() -> None:
    assert type(kernels.astype(1.5, np.float32)) is np.float32
    assert kernels.astype(np.ones(2), np.complex64).dtype == np.complex64


def test_copy() -> None:
    x = np.ones(2)
    assert not np.shares_memory(kernels.copy(x), x)
    assert kernels.copy(1.5) == 1.5


@pytest.mark.parametrize("quarters", range(8))
def test_a_cosine_moved_by_quarter_turns_has_exact_zeros(quarters: int) -> None:
    x = np.linspace(-3, 3, 7)
    got = kernels.shifted_cosine(x, quarters)
    np.testing.assert_allclose(got, np.cos(x + quarters * np.pi / 2), atol=1e-14)
    assert kernels.shifted_cosine(0.0, quarters) in ((1, 0, -1, 0)[quarters % 4], -0.0)


@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_the_derivatives_of_sinc_join_where_the_method_changes(order: int) -> None:
    """The quadrature and the recurrence agree at the border between them."""
    border = 6 + 2 * order
    x = np.array([border - 1e-9, border + 1e-9])
    near, far = kernels.sinc_derivative(x, order)
    assert abs(near - far) < 1e-8
    step = 1e-3
    for at in (0.0, 1.0, border - 0.5, border + 0.5, 50.0):
        below, above = (
            kernels.sinc_derivative(np.array([at - step, at + step]), order - 1 or 0)
            if order > 1
            else np.sinc(np.array([at - step, at + step]) / np.pi)
        )
        slope = (above - below) / (2 * step)
        np.testing.assert_allclose(kernels.sinc_derivative(at, order), slope, atol=1e-6)


@pytest.mark.parametrize("order", [0, 1, 2, 7])
def test_bessel_functions(order: int) -> None:
    x = np.array([-50.0, -1.0, -1e-8, 0.0, 0.3, 7.0, 100.0, 600.0])
    np.testing.assert_allclose(
        kernels.bessel_i(x, order), special.iv(order, x), rtol=1e-12, atol=1e-15
    )
    assert kernels.bessel_i(np.float32(1), order).dtype == np.float32
