"""Complex numbers: the gradient of a real s at z = a + bi is ds/da - i ds/db.

This is the convention of HIPS autograd and JAX: for a holomorphic f, vjp multiplies by f'(z), and
steepest descent goes along the conjugate of the gradient.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from tests.derivatives import Case, check_dot_product, check_second_order, check_vjp, differences

Z = np.array([0.5 + 0.3j, -1.2 + 0.7j, 0.9 - 1.1j])
X = np.array([0.5, -1.2, 0.9])
HOLOMORPHIC: dict[str, tuple[Any, Any]] = {
    "exp": (np.exp, np.exp),
    "log": (np.log, lambda z: 1 / z),
    "sin": (np.sin, np.cos),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "sqrt": (np.sqrt, lambda z: 0.5 / np.sqrt(z)),
    "square": (lambda z: z * z, lambda z: 2 * z),
    "cube": (lambda z: z**3, lambda z: 3 * z**2),
    "reciprocal": (lambda z: 1 / z, lambda z: -1 / z**2),
    "times a constant": (lambda z: (2 - 1j) * z, lambda z: (2 - 1j) * np.ones_like(z)),
}
REAL_OF_COMPLEX: dict[str, Any] = {
    "power": lambda z: np.sum(np.abs(z) ** 2),
    "power by conj": lambda z: np.real(np.sum(z * np.conj(z))),
    "real": lambda z: np.sum(np.real(z) ** 2 * z.imag),
    "angle": lambda z: np.sum(np.angle(z) ** 2),
    "absolute": lambda z: np.sum(np.abs(np.exp(1j * z) + z)),
    "norm": lambda z: np.sqrt(np.vdot(z, z).real),
    "std": lambda z: np.std(z),
    "matmul": lambda z: np.sum(np.abs(np.outer(z, z) @ z)),
}


@pytest.mark.parametrize("name", HOLOMORPHIC)
def test_holomorphic_functions(name: str) -> None:
    f, derivative = HOLOMORPHIC[name]
    g = np.array([1.0, 1j, 0.5 - 2j])
    _, pull = ag.vjp(f, Z)
    np.testing.assert_allclose(pull(g)[0], g * derivative(Z), rtol=1e-13)
    np.testing.assert_allclose(ag.jvp(f, (Z,), (g,))[1], g * derivative(Z), rtol=1e-13)
    np.testing.assert_allclose(ag.elementwise_grad(f)(Z), derivative(Z), rtol=1e-13)
    check_second_order(Case(f, [Z]))


@pytest.mark.parametrize("name", REAL_OF_COMPLEX)
def test_real_functions_of_complex_arguments(name: str) -> None:
    s = REAL_OF_COMPLEX[name]
    got = ag.grad(s)(Z)
    assert got.dtype == np.complex128
    np.testing.assert_allclose(got, differences(s, [Z])[0], atol=1e-8)
    check_dot_product(Case(s, [Z]))
    check_second_order(Case(s, [Z]))


def test_the_convention_by_hand() -> None:
    """s = a^2 b: ds/da - i ds/db = 2ab - i a^2."""
    a, b = 0.7, -0.4
    got = ag.grad(lambda z: z.real**2 * z.imag)(a + 1j * b)
    assert got == pytest.approx(2 * a * b - 1j * a * a)
    assert ag.grad(lambda z: np.abs(z) ** 2)(a + 1j * b) == pytest.approx(2 * (a - 1j * b))
    assert ag.grad(lambda z: np.real(z))(1j) == 1.0
    assert ag.grad(lambda z: np.imag(z))(1j) == -1j


def test_descent_goes_along_the_conjugate() -> None:
    z = 3 + 4j
    slope = ag.value_and_grad(lambda z: np.abs(z - (1 - 2j)) ** 2)
    for _ in range(100):
        _, g = slope(z)
        z = z - 0.1 * np.conj(g)
    assert z == pytest.approx(1 - 2j)


def test_complex_functions_of_real_arguments() -> None:
    """The gradient of a real argument is real."""

    def s(x: Any) -> Any:
        return np.sum(np.abs(np.exp(1j * x * 2.0) + (1 + 2j) * x))

    got = ag.grad(s)(X)
    assert got.dtype == np.float64
    np.testing.assert_allclose(got, differences(s, [X])[0], atol=1e-8)
    check_vjp(Case(lambda x: x * (1 + 2j), [X]))
    check_second_order(Case(lambda x: np.exp(1j * x), [X]))
    y, t = ag.jvp(lambda x: np.exp(1j * x), (X,), (np.ones(3),))
    np.testing.assert_allclose(t, 1j * y)


def test_python_complex_numbers() -> None:
    f = lambda x, z: np.abs(x * z) ** 2 + x * np.real(z)
    gx, gz = ag.grad(f, (0, 1))(2.0, 1 + 1j)
    assert type(gx) is float
    assert gx == pytest.approx(2 * 2.0 * 2 + 1)
    assert gz == pytest.approx(2 * 4 * (1 - 1j) + 2)
    v = Value(1 + 2j)
    np.abs(v).backward()
    assert v.grad == pytest.approx((1 - 2j) / np.sqrt(5))


def test_mixed_precision_stays_single() -> None:
    z = Z.astype(np.complex64)
    assert ag.grad(lambda z: np.sum(np.abs(z) ** 2))(z).dtype == np.complex64
    x = X.astype(np.float32)
    assert ag.grad(lambda x: np.sum(np.abs(x * np.complex64(1j))))(x).dtype == np.float32


def test_complex_outputs_are_no_scalars_to_grad() -> None:
    with pytest.raises(ValueError, match="complex"):
        ag.grad(lambda z: z * z)(1 + 1j)
    with pytest.raises(ValueError, match="complex"):
        ag.hessian(lambda z: z * z)(1 + 1j)


def test_sign_and_abs_at_zero() -> None:
    assert ag.grad(lambda z: np.abs(z))(0j) == 0
    np.testing.assert_array_equal(ag.elementwise_grad(np.abs)(np.array([0j, 2j])), [0, -1j])
    np.testing.assert_array_equal(np.sign(Value(np.array([0j, 2j]))).data, [0, 1j])


def test_jacobian_of_holomorphic_function() -> None:
    got = ag.jacobian(lambda z: z * z)(Z)
    np.testing.assert_allclose(got, np.diag(2 * Z))


def test_complex_constants_do_not_leak_into_real_gradients() -> None:
    x, z = Value(X), Z
    y = np.real(x @ z)
    y.backward()
    assert x.grad.dtype == np.float64
    np.testing.assert_allclose(x.grad, Z.real)


@pytest.mark.parametrize("count", [1, 3, 5])
def test_jacobians_between_real_and_complex(count: int) -> None:
    """Neither direction may drop a real or an imaginary part."""
    w = np.linspace(0.5, 1.5, count)[:, None]
    tall = lambda x: np.sum(np.exp(1j * w * x), axis=1)
    np.testing.assert_allclose(ag.jacobian(tall)(X), 1j * w * np.exp(1j * w * X), rtol=1e-13)
    real = lambda z: np.sum(np.abs(w * z) ** 2, axis=1)
    np.testing.assert_allclose(ag.jacobian(real)(Z), 2 * w**2 * np.conj(Z), rtol=1e-13)
