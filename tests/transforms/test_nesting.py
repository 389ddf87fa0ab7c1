"""Transforms inside transforms: each differentiates with respect to its own variable only."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value

Derive = Callable[[Callable[[Any], Any]], Callable[[float], Any]]


def by_vjp(f: Callable[[Any], Any]) -> Callable[[float], Any]:
    return lambda x: ag.vjp(f, x)[1](1.0)[0]


def by_jvp(f: Callable[[Any], Any]) -> Callable[[float], Any]:
    return lambda x: ag.jvp(f, (x,), (1.0,))[1]


def by_make_vjp(f: Callable[[Any], Any]) -> Callable[[float], Any]:
    return lambda x: ag.make_vjp(f)(x)[0](1.0)


def by_make_jvp(f: Callable[[Any], Any]) -> Callable[[float], Any]:
    return lambda x: ag.make_jvp(f)(x)(1.0)[1]


def by_value_and_grad(f: Callable[[Any], Any]) -> Callable[[float], Any]:
    return lambda x: ag.value_and_grad(f)(x)[1]


def by_backward(f: Callable[[Any], Any]) -> Callable[[float], Any]:
    """A graph built and walked by hand inside."""

    def slope(x: Any) -> Any:
        v = x * 1.0 if isinstance(x, Value) else Value(x)
        v = v.copy()
        y = f(v)
        if not isinstance(y, Value):
            return 0.0
        y.backward(create_graph=True)
        return v.grad

    return slope


DERIVES: dict[str, Derive] = {
    "grad": ag.grad,
    "value_and_grad": by_value_and_grad,
    "elementwise_grad": ag.elementwise_grad,
    "jacobian": ag.jacobian,
    "vjp": by_vjp,
    "jvp": by_jvp,
    "make_vjp": by_make_vjp,
    "make_jvp": by_make_jvp,
    "backward": by_backward,
}
PAIRS = list(itertools.product(DERIVES, DERIVES))


def number(x: Any) -> float:
    return float(x.data if isinstance(x, Value) else x)


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_perturbation_confusion(outer: str, inner: str) -> None:
    """d/dx [x * d/dy (x + y) at 1] = 1: the inner derivative is not that of the outer x."""
    f = DERIVES[outer](lambda x: x * DERIVES[inner](lambda y: x + y)(1.0))
    assert number(f(3.0)) == 1.0


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_inner_derivative_depends_on_the_outer_variable(outer: str, inner: str) -> None:
    """d/dx [d/dy (x * x * y^3) at 2] = 24 x."""
    f = DERIVES[outer](lambda x: DERIVES[inner](lambda y: x * x * y**3)(2.0))
    assert number(f(5.0)) == 120.0


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_inner_at_the_outer_variable(outer: str, inner: str) -> None:
    """d/dx [x * d/dy (x * y^2) at y = x] = d/dx 2 x^3 = 6 x^2."""
    f = DERIVES[outer](lambda x: x * DERIVES[inner](lambda y: x * y * y)(x))
    assert number(f(3.0)) == 54.0


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_second_derivatives(outer: str, inner: str) -> None:
    f = DERIVES[outer](DERIVES[inner](lambda x: np.sin(x) * x))
    x = 0.7
    assert number(f(x)) == pytest.approx(2 * np.cos(x) - x * np.sin(x), rel=1e-14)


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_inner_derivative_of_a_constant(outer: str, inner: str) -> None:
    """d/dx [x^2 + d/dy (x) at 1] = 2 x."""
    f = DERIVES[outer](lambda x: x * x + DERIVES[inner](lambda y: x * 1.0)(1.0))
    assert number(f(3.0)) == 6.0


@pytest.mark.parametrize(
    "names", list(itertools.product(("grad", "jvp", "jacobian", "vjp"), repeat=3))
)
def test_three_deep(names: tuple[str, str, str]) -> None:
    a, b, c = (DERIVES[name] for name in names)
    assert number(a(b(c(lambda x: x**4)))(2.0)) == 48.0
    mixed = a(lambda x: x * b(lambda y: y * c(lambda z: x * y * z * z)(y))(x))
    assert number(mixed(2.0)) == pytest.approx(24 * 2.0**3)  # x * d/dy (2 x y^3) = 6 x^4


@pytest.mark.parametrize("inner", DERIVES)
@pytest.mark.parametrize("outer", DERIVES)
def test_closure_over_a_value(outer: str, inner: str) -> None:
    """A Value outside of all transforms is reached by backward() through them."""
    c = Value(3.0)
    y = DERIVES[outer](lambda x: c * x * DERIVES[inner](lambda z: c * z * x)(2.0))(5.0)
    assert number(y) == 90.0  # d/dx c^2 x^2
    c.zero_grad()
    y.backward()
    assert number(c.grad) == 60.0


def test_hessian_inside_a_gradient() -> None:
    def f(x: Any) -> Any:
        h = ag.hessian(lambda y: (x * y**3).sum())(np.array([1.0, 2.0]))
        return np.sum(h)

    np.testing.assert_allclose(ag.grad(f)(np.array([5.0, 7.0])), [6.0, 12.0])


def test_jacobian_of_a_hessian() -> None:
    x = np.array([1.0, 2.0])
    got = ag.jacobian(ag.hessian(lambda x: (x**4).sum()))(x)
    wanted = np.zeros((2, 2, 2))
    wanted[0, 0, 0], wanted[1, 1, 1] = 24 * x
    np.testing.assert_allclose(got, wanted)


def test_hessian_vector_product_inside_a_gradient() -> None:
    def f(x: Any) -> Any:
        return ag.hessian_vector_product(lambda y: (y**3).sum())(x, np.ones(2)).sum()

    np.testing.assert_allclose(ag.grad(f)(np.array([1.0, 2.0])), [6.0, 6.0])


def test_gradient_step_inside_a_gradient() -> None:
    """Differentiating through ten steps of gradient descent, with respect to the rate."""

    def after(rate: Any) -> Any:
        w = 1.0
        for _ in range(10):
            w = w - rate * ag.grad(lambda w: w * w)(w)
        return w

    assert ag.grad(after)(0.1) == pytest.approx(-20 * (1 - 0.2) ** 9, rel=1e-12)


def test_vjp_of_a_pull_in_its_cotangent() -> None:
    """The pullback is linear in its cotangent, and can be differentiated in it."""
    x = np.array([1.0, 2.0])

    def pulled(g: Any) -> Any:
        return ag.vjp(lambda x: x**2, x)[1](g)[0]

    np.testing.assert_allclose(ag.jacobian(pulled)(np.ones(2)), np.diag(2 * x))


def test_jvp_in_its_tangent() -> None:
    x = np.array([1.0, 2.0])
    got = ag.jacobian(lambda t: ag.jvp(np.sin, (x,), (t,))[1])(np.ones(2))
    np.testing.assert_allclose(got, np.diag(np.cos(x)))
    both = ag.grad(lambda z: ag.jvp(lambda x: x**3, (z,), (z,))[1])(2.0)
    assert both == pytest.approx(9 * 4.0)  # d/dz (3 z^2 z)


def test_arrays_at_every_level() -> None:
    x = np.array([[0.3, -0.2], [0.5, 0.1]])

    def outer(a: Any) -> Any:
        inner = ag.grad(lambda b: (np.tanh(a @ b) ** 2).sum())(x)
        return (inner * a).sum()

    got = ag.grad(outer)(x)
    step = 1e-5
    for i in np.ndindex(2, 2):
        d = np.zeros((2, 2))
        d[i] = step
        assert got[i] == pytest.approx((outer(x + d) - outer(x - d)) / (2 * step), rel=1e-6)
