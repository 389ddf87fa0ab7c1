"""Fourier transforms: the matrices themselves, edges of the half spectrum, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
from autograd import Value
from tests.derivatives import Case, check_dot_product, check_value, check_vjp
from tests.samples.draw import within

NAMES = ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft")
SEVERAL = ("fftn", "ifftn", "rfftn", "irfftn", "fft2", "ifft2", "rfft2", "irfft2")


def numbers(*shape: int, is_complex: bool = True) -> Any:
    """Random numbers."""
    x = within((-1.0, 1.0), *shape, seed="fft")
    return x + 1j * within((-1.0, 1.0), *shape, seed="imag") if is_complex else x


@pytest.mark.parametrize("n", [1, 2, 5, 6])
@pytest.mark.parametrize("norm", [None, "backward", "ortho", "forward"])
def test_the_jacobian_is_the_matrix_of_the_transform(n: int, norm: Any) -> None:
    k = np.arange(n)
    scale = {"ortho": n**-0.5, "forward": 1 / n}.get(norm, 1.0)
    matrix = scale * np.exp(-2j * np.pi * np.outer(k, k) / n)
    jacobian = ag.jacobian(lambda z: np.fft.fft(z, norm=norm))(numbers(n))
    np.testing.assert_allclose(jacobian, matrix, atol=1e-14)
    back = ag.jacobian(lambda z: np.fft.ifft(z, norm=norm))(numbers(n))
    np.testing.assert_allclose(back @ matrix, np.eye(n), atol=1e-14)
    real = ag.jacobian(lambda x: np.fft.rfft(x, norm=norm))(numbers(n, is_complex=False))
    np.testing.assert_allclose(real, matrix[: n // 2 + 1], atol=1e-14)


@given(data=st.data())
def test_any_length_axis_and_norm(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    shape = tuple(data.draw(st.lists(st.integers(1, 6), min_size=1, max_size=3)))
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    n = data.draw(st.none() | st.integers(1, 8))
    norm = data.draw(st.sampled_from([None, "backward", "ortho", "forward"]))
    if n is None and name in ("irfft", "hfft") and shape[axis] == 1:
        n = 1  # NumPy refuses 2 * (1 - 1) points
    x = numbers(*shape, is_complex=name not in ("rfft", "ihfft"))
    case = Case(lambda x: getattr(np.fft, name)(x, n, axis, norm), [x])
    check_value(case)
    check_vjp(case)
    check_dot_product(case)


@given(data=st.data())
def test_any_axes_and_lengths(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(SEVERAL))
    shape = tuple(data.draw(st.lists(st.integers(2, 4), min_size=2, max_size=3)))
    count = 2 if name.endswith("2") else data.draw(st.integers(1, len(shape)))
    axes = data.draw(st.permutations(range(len(shape))))[:count]
    s = data.draw(st.none() | st.lists(st.integers(1, 5), min_size=count, max_size=count))
    x = numbers(*shape, is_complex=not name.startswith("rfft"))
    case = Case(lambda x: getattr(np.fft, name)(x, s=s, axes=axes), [x])
    check_value(case)
    check_vjp(case)
    check_dot_product(case)


@pytest.mark.parametrize("n", [4, 5])
def test_imaginary_parts_at_the_edges_of_the_half_spectrum_do_not_count(n: int) -> None:
    z = numbers(3)
    got = ag.grad(lambda z: np.sum(np.fft.irfft(z, n) ** 3))(z)
    assert got[0].imag == 0
    assert (got[2].imag == 0) == (n == 4)


def test_parseval() -> None:
    x = numbers(5, is_complex=False)
    f = lambda x: np.sum(np.abs(np.fft.fft(x)) ** 2)
    np.testing.assert_allclose(ag.grad(f)(x), 10 * x, rtol=1e-13)
    np.testing.assert_allclose(ag.hessian(f)(x), 10 * np.eye(5), atol=1e-13)


def test_shifts() -> None:
    for n in (4, 5):
        v = Value(np.arange(float(n)))
        np.testing.assert_array_equal(np.fft.ifftshift(np.fft.fftshift(v)).data, v.data)
        np.testing.assert_array_equal(np.fft.fftshift(v).data, np.fft.fftshift(v.data))


def test_frequencies() -> None:
    """Plain numbers; with a Value as spacing its NumPy code is differentiable as it is."""
    got = ag.grad(lambda d: np.sum(np.fft.fftfreq(4, d) ** 2))(0.5)
    assert got == pytest.approx(-2 * np.sum(np.fft.fftfreq(4, 0.5) ** 2) / 0.5)


def test_errors_are_those_of_numpy() -> None:
    v = Value(np.ones(3))
    for name in NAMES:
        with pytest.raises(ValueError, match="norm"):
            getattr(np.fft, name)(v, norm="x")
        with pytest.raises(ValueError, match="points"):
            getattr(np.fft, name)(v, 0)
        with pytest.raises(TypeError, match="out"):
            getattr(np.fft, name)(v, out=np.ones(3, complex))
        with pytest.raises(np.exceptions.AxisError):
            getattr(np.fft, name)(v, axis=1)
    for name in SEVERAL:
        with pytest.raises(ValueError, match="different lengths"):
            getattr(np.fft, name)(Value(np.ones((2, 2))), s=(2,), axes=(0, 1))
        with pytest.raises(TypeError, match="out"):
            getattr(np.fft, name)(Value(np.ones((2, 2))), out=np.ones((2, 2), complex))
    with pytest.raises(TypeError):
        np.fft.rfft(Value(np.ones(3) * 1j))
