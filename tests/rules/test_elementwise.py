"""Elementwise functions against complex steps, and where the plain formulas overflow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd.engine.primitive import TABLE

ANALYTIC = {
    np.exp: (-700, 700),
    np.exp2: (-1000, 1000),
    np.expm1: (-30, 700),
    np.log: (1e-100, 1e100),
    np.log2: (1e-100, 1e100),
    np.log10: (1e-100, 1e100),
    np.log1p: (-0.999999, 1e100),
    np.sqrt: (1e-100, 1e100),
    np.sin: (-1e3, 1e3),
    np.cos: (-1e3, 1e3),
    np.tan: (-1.5, 1.5),
    np.arcsin: (-0.999, 0.999),
    np.arccos: (-0.999, 0.999),
    np.arctan: (-1e3, 1e3),
    np.sinh: (-700, 700),
    np.cosh: (-700, 700),
    np.tanh: (-15, 15),
    np.arcsinh: (-1e100, 1e100),
    np.arccosh: (1.001, 1e100),
    np.arctanh: (-0.999, 0.999),
    np.square: (-1e100, 1e100),
    np.reciprocal: (1e-100, 1e100),
}
"""Functions that NumPy also computes for complex numbers, and intervals."""

FLAT = dict.fromkeys((np.tanh, np.expm1), 1e-15)
"""Where the slope is the distance of y to 1, it is exact to the rounding of y."""


def points(low: float, high: float) -> Any:
    """Numbers of all sizes in an interval."""
    sizes = np.concatenate([10.0 ** np.arange(-12, 13, 1.7), np.linspace(0.01, 1, 30) * high])
    both = np.concatenate([sizes, -sizes, low + sizes])
    return both[(both >= low) & (both <= high)]


@pytest.mark.parametrize("f", ANALYTIC, ids=lambda f: f.__name__)
def test_slopes_against_a_complex_step(f: Any) -> None:
    """f'(x) = Im f(x + ih) / h, without cancellation: exact to rounding at any size of x."""
    x = points(*ANALYTIC[f])
    assert len(x) > 20
    with np.errstate(all="ignore"):
        step = np.abs(x) * 1e-20 + 1e-300
        wanted = np.imag(f(x + 1j * step)) / step
        got = ag.elementwise_grad(f)(x)
    usable = np.isfinite(wanted) & (np.abs(wanted) > 1e-290)
    assert usable.mean() > 0.6
    np.testing.assert_allclose(got[usable], wanted[usable], rtol=1e-9, atol=FLAT.get(f, 0.0))


@pytest.mark.parametrize("f", [f for f in ANALYTIC if TABLE[f].scalar], ids=lambda f: f.__name__)
def test_numbers_and_arrays_have_one_slope(f: Any) -> None:
    for x in points(*ANALYTIC[f])[::5]:
        with np.errstate(all="ignore"):
            alone, inside = ag.grad(f)(float(x)), ag.elementwise_grad(f)(np.array([x]))[0]
        np.testing.assert_allclose(alone, inside, rtol=1e-12, atol=FLAT.get(f, 0.0))


HUGE: dict[str, tuple[Callable[..., Any], list[float], list[float]]] = {
    "hypot": (np.hypot, [3e200, 4e200], [0.6, 0.8]),
    "hypot, tiny": (np.hypot, [3e-200, 4e-200], [0.6, 0.8]),
    "arctan2": (np.arctan2, [1e200, 1e200], [0.5e-200, -0.5e-200]),
    "logaddexp": (np.logaddexp, [1e4, 0.0], [1.0, 0.0]),
    "logaddexp, equal": (np.logaddexp, [-1e4, -1e4], [0.5, 0.5]),
    "logaddexp2": (np.logaddexp2, [2000.0, 2000.0], [0.5, 0.5]),
    "arccosh": (np.arccosh, [1e200], [1e-200]),
    "arcsinh": (np.arcsinh, [1e200], [1e-200]),
    "log1p": (np.log1p, [1e-20], [1.0]),
    "expm1": (np.expm1, [1e-20], [1.0]),
    "sigmoid": (ag.sigmoid, [-700.0], [float(np.exp(-700))]),
    "softplus": (ag.softplus, [-700.0], [float(np.exp(-700))]),
}


@pytest.mark.parametrize("name", HUGE)
@pytest.mark.parametrize("kind", [float, lambda x: np.array([x])], ids=["number", "array"])
def test_nothing_overflows_on_the_way(kind: Any, name: str) -> None:
    f, xs, wanted = HUGE[name]
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        y, pull = ag.vjp(f, *[kind(x) for x in xs])
        got = pull(np.ones_like(y)[()])
    for g, w in zip(got, wanted, strict=True):
        np.testing.assert_allclose(g, kind(w), rtol=1e-12)


def test_units() -> None:
    assert ag.grad(np.degrees)(1.0) == ag.grad(np.rad2deg)(1.0) == np.degrees(1.0)
    assert ag.grad(np.radians)(1.0) == ag.grad(np.deg2rad)(1.0) == np.radians(1.0)


@pytest.mark.parametrize("order", range(1, 6))
def test_derivatives_of_sinc_at_zero(order: int) -> None:
    """sinc(x) = sum over k of (-1)^k (pi x)^(2k) / (2k + 1)!"""
    f: Any = np.sinc
    for _ in range(order):
        f = ag.grad(f)
    k, odd = divmod(order, 2)
    wanted = 0.0 if odd else (-1) ** k * np.pi**order / (order + 1)
    assert f(0.0) == pytest.approx(wanted, rel=1e-12, abs=1e-12)


def test_higher_derivatives_of_bessel_functions() -> None:
    """I0'' = I0 - I0' / x"""
    x = np.array([0.3, 2.0, 20.0])
    first = ag.elementwise_grad(np.i0)
    second = ag.elementwise_grad(first)(x)
    np.testing.assert_allclose(second, np.i0(x) - first(x) / x, rtol=1e-10)
