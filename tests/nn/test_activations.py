"""Activations: values, derivatives, both tails."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Value, elementwise_grad, grad
from tests.nn.differences import slope

X = np.array([-3.7, -1.2, -0.4, 0.3, 0.9, 2.6])


def normal(x: float) -> float:
    return (1 + math.erf(x / math.sqrt(2))) / 2


REFERENCES: dict[str, tuple[Callable[[Any], Any], Callable[[float], float]]] = {
    "unit_step": (nn.unit_step, lambda x: 0.0 if x < 0 else 1.0),
    "sigmoid": (nn.sigmoid, lambda x: 1 / (1 + math.exp(-x))),
    "tanh": (nn.tanh, math.tanh),
    "softsign": (nn.softsign, lambda x: x / (1 + abs(x))),
    "relu": (nn.relu, lambda x: max(x, 0.0)),
    "leaky_relu": (nn.leaky_relu, lambda x: x if x > 0 else 0.01 * x),
    "leaky_relu 0.3": (lambda x: nn.leaky_relu(x, 0.3), lambda x: x if x > 0 else 0.3 * x),
    "hard_sigmoid": (nn.hard_sigmoid, lambda x: min(max(x / 6 + 0.5, 0), 1)),
    "softplus": (nn.softplus, lambda x: math.log1p(math.exp(x))),
    "swish": (nn.swish, lambda x: x / (1 + math.exp(-x))),
    "swish 2": (lambda x: nn.swish(x, beta=2.0), lambda x: x / (1 + math.exp(-2 * x))),
    "gelu": (nn.gelu, lambda x: x * normal(x)),
    "gelu tanh": (
        lambda x: nn.gelu(x, approximate=True),
        lambda x: x / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
    ),
}
NAMES = sorted(REFERENCES)


@pytest.mark.parametrize("name", NAMES)
def test_values_of_arrays_values_and_numbers(name: str) -> None:
    f, reference = REFERENCES[name]
    expected = [reference(x) for x in X]
    assert np.allclose(f(X), expected, rtol=1e-14)
    assert np.allclose(f(Value(X)).data, expected, rtol=1e-14)
    for x, y in zip(X, expected, strict=True):
        assert f(Value(float(x))).data == pytest.approx(y, rel=1e-14)
        assert float(f(float(x))) == pytest.approx(y, rel=1e-14)


@pytest.mark.parametrize("name", NAMES)
def test_first_and_second_derivative(name: str) -> None:
    f, _ = REFERENCES[name]
    first = elementwise_grad(f)
    assert np.allclose(first(X), slope(lambda x: np.sum(f(x)), X), atol=1e-9)
    assert np.allclose(elementwise_grad(first)(X), slope(lambda x: np.sum(first(x)), X), atol=1e-8)
    for x in X:
        assert grad(f)(float(x)) == pytest.approx(first(np.array([x]))[0], rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("x", [1e4, -1e4, 800.0, -800.0])
@pytest.mark.filterwarnings("error")
def test_far_out_nothing_overflows(name: str, x: float) -> None:
    f, _ = REFERENCES[name]
    first, second = elementwise_grad(f), elementwise_grad(elementwise_grad(f))
    y, slope_there, bend = f(np.array([x])), first(np.array([x])), second(np.array([x]))
    assert np.isfinite([y, slope_there, bend]).all()
    flat = name in ("unit_step", "sigmoid", "tanh", "hard_sigmoid", "softsign")
    left = {"leaky_relu": 0.01, "leaky_relu 0.3": 0.3}.get(name, 0.0)
    expected = left if x < 0 else 0.0 if flat else 1.0
    assert slope_there[0] == pytest.approx(expected, abs=1e-5)


def test_kinks() -> None:
    zero = np.zeros(1)
    assert elementwise_grad(nn.relu)(zero) == 0
    assert elementwise_grad(nn.leaky_relu)(zero) == 0.01
    assert elementwise_grad(nn.softsign)(zero) == 1
    assert elementwise_grad(nn.unit_step)(zero) == 0
    assert nn.unit_step(zero) == 1


def test_gelu_approximation_is_as_close_as_it_says() -> None:
    x = np.linspace(-8, 8, 10001)
    assert 1e-5 < np.abs(nn.gelu(x) - nn.gelu(x, approximate=True)).max() < 5e-4


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0, 5.0])
@pytest.mark.parametrize("axis", [0, 1, -1, None])
def test_softmax_with_temperature(temperature: float, axis: int | None) -> None:
    x = np.array([[2.0, 1.0, 0.1], [-1.0, 0.0, 3.0]])
    e = np.exp(x / temperature)
    expected = e / e.sum(axis=axis, keepdims=True)
    c = np.arange(6.0).reshape(2, 3) ** 2
    for f, y in ((nn.softmax, expected), (nn.log_softmax, np.log(expected))):

        def weighted(x: Any, f: Any = f) -> Any:
            return np.sum(c * f(x, axis=axis, temperature=temperature))

        assert np.allclose(f(x, axis=axis, temperature=temperature), y)
        assert np.allclose(grad(weighted)(x), slope(weighted, x), atol=1e-9)


def test_temperature_flattens() -> None:
    x = np.array([2.0, 1.0, 0.1])
    peaks = [nn.softmax(x, temperature=t).max() for t in (0.5, 1.0, 2.0, 5.0)]
    assert peaks == sorted(peaks, reverse=True)
    for bad in (0.0, -1.0, math.nan):
        with pytest.raises(ValueError, match="temperature must be positive"):
            nn.softmax(x, temperature=bad)
        with pytest.raises(ValueError, match="temperature must be positive"):
            nn.log_softmax(x, temperature=bad)


@pytest.mark.filterwarnings("error")
def test_softmax_far_out() -> None:
    x = Value(np.array([[1e4, -1e4, 0.0]]))
    p, q = nn.softmax(x), nn.log_softmax(x)
    assert np.array_equal(p.data, [[1, 0, 0]])
    assert np.array_equal(q.data, [[0, -2e4, -1e4]])
    q.sum().backward()
    assert np.array_equal(x.grad, [[-2, 1, 1]])


def test_softmax_of_a_list_of_values() -> None:
    vs = [Value(1.0), Value(2.0)]
    p = nn.softmax(vs)
    p[0].backward()
    s = 1 / (1 + math.e)
    assert np.allclose(p.data, [s, 1 - s])
    assert vs[0].grad == pytest.approx(s * (1 - s)) and vs[1].grad == pytest.approx(-s * (1 - s))
