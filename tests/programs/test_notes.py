"""The notes' two-layer network, trained by numeric gradients: an independent reference.

Forward differences with a step of 1e-4, one weight at a time, as the notes have it; the weights,
the input (1, 1), the target 0 and the rate 0.01 are theirs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value

INPUTS, TARGETS = np.array([[1.0, 1.0]]), np.array([[0.0]])
RATE, STEP, EPOCHS = 0.01, 1e-4, 1000
Weights = list[Any]


def start(dtype: Any = np.float64) -> Weights:
    """Weights and biases of a layer of three sigmoids and of one linear output."""
    return [
        np.array([[-0.0053, -0.5820, -0.2723], [0.3793, -0.5204, 0.1896]], dtype),
        np.array([-0.0140, 0.5607, -0.0628], dtype),
        np.array([[0.1528], [-0.1745], [-0.1135]], dtype),
        np.array([-0.5516], dtype),
    ]


def loss_of(weights: Weights) -> Any:
    """The mean squared error of the network."""
    hidden = 1 / (1 + np.exp(-(INPUTS @ weights[0] + weights[1])))
    return np.mean((hidden @ weights[2] + weights[3] - TARGETS) ** 2)


def numeric_gradient(weights: Weights) -> Weights:
    """(loss(w + step) - loss(w)) / step for each weight alone."""
    here = loss_of(weights)
    slopes = [np.zeros_like(w) for w in weights]
    for layer, slope in zip(weights, slopes, strict=True):
        for place in np.ndindex(layer.shape):
            kept = layer[place]
            layer[place] = kept + STEP
            slope[place] = (loss_of(weights) - here) / STEP
            layer[place] = kept
    return slopes


def numeric_step(weights: Weights) -> tuple[Weights, float]:
    """The notes' update: the new weights, and the loss before."""
    slopes = numeric_gradient(weights)
    new = [w - RATE * slope for w, slope in zip(weights, slopes, strict=True)]
    return new, float(loss_of(weights))


def analytic_step(weights: Weights) -> tuple[Weights, float]:
    """The same with the engine's gradient."""
    loss, slopes = ag.value_and_grad(loss_of)(weights)
    return [w - RATE * slope for w, slope in zip(weights, slopes, strict=True)], float(loss)


def error_of_differences(weights: Weights) -> list[Any]:
    """What forward differences miss: step / 2 times the second derivative, and rounding."""
    curvature = ag.hessian(loss_of)(weights)
    second = [
        np.diag(np.reshape(curvature[i][i], (w.size, w.size))).reshape(w.shape)
        for i, w in enumerate(weights)
    ]
    return [STEP / 2 * np.abs(s) * 1.01 + 1e-11 for s in second]


def test_one_step() -> None:
    """One analytic step is one numeric step, within the error of the differences."""
    numeric, before = numeric_step(start())
    analytic, loss = analytic_step(start())
    assert loss == before
    for a, b, error in zip(analytic, numeric, error_of_differences(start()), strict=True):
        assert np.all(np.abs(a - b) <= RATE * error)


def test_the_difference_is_the_second_derivative() -> None:
    """And what is missing between the two gradients is the known error term, to three digits."""
    slopes = ag.grad(loss_of)(start())
    for a, b, error in zip(
        slopes, numeric_gradient(start()), error_of_differences(start()), strict=True
    ):
        np.testing.assert_allclose(np.abs(b - a), error / 1.01, rtol=1e-2, atol=1e-10)


def test_a_thousand_epochs() -> None:
    """Both descents follow the same loss curve."""
    numeric, analytic = start(), start()
    curves: list[list[float]] = [[], []]
    for _ in range(EPOCHS):
        numeric, loss = numeric_step(numeric)
        curves[0].append(loss)
        analytic, loss = analytic_step(analytic)
        curves[1].append(loss)
    np.testing.assert_allclose(curves[1], curves[0], rtol=5e-3, atol=2e-6)
    assert curves[1][-1] < 1e-4 * curves[1][0]
    assert np.all(np.diff(curves[1][:500]) < 0)
    for a, b in zip(analytic, numeric, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=10 * STEP)


def test_single_precision_stays_single() -> None:
    """The notes' float32 weights: the engine's updates stay float32 and follow the same curve."""
    single, double = start(np.float32), start()
    for _ in range(200):
        single, small = analytic_step(single)
        double, loss = analytic_step(double)
        assert small == pytest.approx(loss, rel=1e-3)
    assert all(w.dtype == np.float32 for w in single)


def test_values_and_backward_take_the_same_step() -> None:
    parameters = [Value(w) for w in start()]
    loss_of(parameters).backward()
    for p, slope in zip(parameters, ag.grad(loss_of)(start()), strict=True):
        np.testing.assert_allclose(p.grad, slope, rtol=1e-14)
