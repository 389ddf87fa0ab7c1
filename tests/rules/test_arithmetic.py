"""Arithmetic at the points that samples do not meet: zeros, signs, integers, complex numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
from autograd import Value

numbers = st.floats(-50, 50).map(lambda x: round(x, 2))


# --- powers ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("base", "exponent", "slope_base", "slope_exponent"),
    [
        (0.0, 0.0, 0.0, 0.0),
        (0.0, 1.0, 1.0, 0.0),
        (0.0, 2.0, 0.0, 0.0),
        (0.0, 0.5, np.inf, 0.0),
        (1.0, 0.0, 0.0, 0.0),
        (2.0, 3.0, 12.0, 8 * np.log(2)),
        (2.0, -1.0, -0.25, 0.5 * np.log(2)),
        (1.0, np.inf, np.inf, 0.0),
    ],
)
@pytest.mark.parametrize("kind", [float, lambda x: np.array([x])], ids=["number", "array"])
def test_powers_at_special_points(
    kind: Any, base: float, exponent: float, slope_base: float, slope_exponent: float
) -> None:
    with np.errstate(all="ignore"):
        _, pull = ag.vjp(lambda a, b: a**b, kind(base), kind(exponent))
        a, b = pull(kind(1.0))
    np.testing.assert_allclose(a, kind(slope_base))
    np.testing.assert_allclose(b, kind(slope_exponent))


@pytest.mark.parametrize(
    "n", [2, -1, np.int8(-128), np.uint8(0), np.uint8(3), np.array(2, np.uint8)]
)
def test_integer_exponents_do_not_wrap_around(n: Any) -> None:
    x = np.array([0.5, 1.5])
    wanted = float(n) * x ** (float(n) - 1)
    np.testing.assert_allclose(ag.grad(lambda x: (x**n).sum())(x), wanted, rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int64])
def test_integer_bases_do_not_wrap_around(dtype: Any) -> None:
    base, x = np.array([2, 3], dtype), np.array([10.0, 6.0])
    wanted = base.astype(float) ** x
    y, g = ag.value_and_grad(lambda x: (base**x).sum())(x)
    np.testing.assert_allclose(y, wanted.sum())
    np.testing.assert_allclose(g, wanted * np.log(base.astype(float)))


def test_negative_bases_have_a_slope_in_the_base() -> None:
    x = Value(-2.0)
    (x**3).backward()
    assert x.grad == 12.0


# --- remainders -----------------------------------------------------------------------------------
@given(a=numbers, b=numbers.filter(lambda b: abs(b) > 0.1))
def test_a_number_is_its_quotient_and_its_remainder(a: float, b: float) -> None:
    """a = b * (a // b) + a % b, and both sides have the same slopes."""
    whole, rest = np.divmod(Value(a), Value(b))
    assert (whole.data, rest.data) == divmod(a, b)
    slopes = ag.grad(lambda a, b: a % b + b * (a // b), (0, 1))(a, b)
    np.testing.assert_allclose(slopes, (1.0, 0.0), atol=1e-12)
    slopes = ag.grad(lambda a, b: np.fmod(a, b) + b * np.trunc(a / b), (0, 1))(a, b)
    np.testing.assert_allclose(slopes, (1.0, 0.0), atol=1e-12)


@given(x=numbers)
def test_parts_of_a_number(x: float) -> None:
    fraction, whole = np.modf(Value(x))
    assert (fraction.data, whole.data) == tuple(np.modf(x))
    assert ag.grad(lambda x: np.modf(x)[0])(x) == 1.0
    assert ag.grad(lambda x: np.modf(x)[1])(x) == 0.0


@given(x=numbers)
def test_mantissa_and_exponent(x: float) -> None:
    mantissa, exponent = np.frexp(Value(x))
    assert (mantissa.data, exponent) == tuple(np.frexp(x))
    assert not isinstance(exponent, Value)
    assert ag.grad(lambda x: np.frexp(x)[0])(x) == 2.0**-exponent
    assert ag.grad(lambda x: np.ldexp(x, 3))(x) == 8.0


# --- signs and rounding ---------------------------------------------------------------------------
@pytest.mark.parametrize("f", [np.floor, np.ceil, np.trunc, np.rint, np.fix, np.sign, np.round])
def test_steps_have_slope_zero(f: Any) -> None:
    x = np.array([-1.5, -1.0, 0.0, 0.2, 2.5])
    y, g = ag.value_and_grad(lambda x: f(x).sum())(x)
    assert y == f(x).sum()
    np.testing.assert_array_equal(g, 0.0)


def test_rounding_to_digits() -> None:
    assert np.round(Value(1.2345), 2).data == 1.23
    assert np.round(Value(123.0), np.int64(-1)).data == 120.0
    with pytest.raises(TypeError):
        np.round(Value(1.2), 1.5)


def test_copysign_follows_both_signs() -> None:
    for a in (2.0, -2.0):
        for b in (3.0, -3.0):
            assert ag.grad(np.copysign)(a, b) == np.sign(a) * np.sign(b)
            assert ag.grad(np.copysign, 1)(a, b) == 0.0


def test_heaviside_depends_on_its_middle_at_zero_only() -> None:
    x = np.array([-1.0, 0.0, 1.0])
    g = ag.grad(lambda h: np.heaviside(x, h).sum())(np.full(3, 0.5))
    np.testing.assert_array_equal(g, [0.0, 1.0, 0.0])


# --- complex numbers ------------------------------------------------------------------------------
@pytest.mark.parametrize("z", [3 + 4j, -1j, 2 + 0j])
def test_size_angle_and_sign_of_a_complex_number(z: complex) -> None:
    """The gradient of a real s at z = a + bi is ds/da - i ds/db."""
    size = abs(z)
    np.testing.assert_allclose(ag.grad(np.abs)(z), np.conj(z) / size)
    np.testing.assert_allclose(ag.grad(np.angle)(z), -1j * np.conj(z) / size**2)
    np.testing.assert_allclose(
        ag.grad(lambda z: np.angle(z, True))(z), np.degrees(1) * -1j * np.conj(z) / size**2
    )
    np.testing.assert_allclose(np.sign(Value(z)).data, z / size)


def test_angles_of_arrays_in_degrees() -> None:
    z = np.array([1 + 1j, -1.0, 1j])
    np.testing.assert_allclose(np.angle(Value(z), deg=True).data, [45.0, 180.0, 90.0])
    np.testing.assert_allclose(np.angle(Value(z), np.True_).data, [45.0, 180.0, 90.0])


def test_float_power_computes_in_double_precision() -> None:
    v = Value(np.float32(2))
    y = np.float_power(v, 3)
    assert y.dtype == np.float64
    y.backward()
    assert (v.grad, v.grad.dtype) == (12.0, np.float32)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_parts_of_an_infinity() -> None:
    x = np.array([np.inf, -np.inf, np.nan, -1.5])
    for got, wanted in zip(np.modf(Value(x)), np.modf(x), strict=True):
        np.testing.assert_array_equal(got.data, wanted)
    np.testing.assert_array_equal(ag.grad(lambda x: np.modf(x)[0].sum())(x), [0, 0, 1, 1])
