"""The study notes' network of two layers, from the notes' own weights: `nn` and scalar Values
walk the way of slopes that are measured in NumPy alone."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Value
from nn import SGD, Linear, Sequential

X, Y = np.array([[1.0, 1.0]]), np.array([[0.0]])
START = [
    np.array([[-0.0053, 0.3793], [-0.5820, -0.5204], [-0.2723, 0.1896]]).T,
    np.array([-0.0140, 0.5607, -0.0628]),
    np.array([[0.1528, -0.1745, -0.1135]]).T,
    np.array([-0.5516]),
]
RATE, STEP = 0.01, 1e-4


def plain_loss(weights: list[Any]) -> float:
    """The forward pass in NumPy alone."""
    hidden = 1 / (1 + np.exp(-(X @ weights[0] + weights[1])))
    return float(np.mean((hidden @ weights[2] + weights[3] - Y) ** 2))


def numeric_step(weights: list[Any]) -> tuple[list[Any], float]:
    """Every weight moves against its slope, which is measured from one small step of it."""
    here, new = plain_loss(weights), deepcopy(weights)
    for i, layer in enumerate(weights):
        for j in np.ndindex(layer.shape):
            moved = deepcopy(weights)
            moved[i][j] += STEP
            new[i][j] -= RATE * (plain_loss(moved) - here) / STEP
    return new, here


@cache
def numeric_curve(epochs: int) -> list[float]:
    weights, losses = START, []
    for _ in range(epochs):
        weights, here = numeric_step(weights)
        losses.append(here)
    return losses


def test_modules_and_sgd_walk_the_same_way() -> None:
    model = Sequential(Linear(2, 3), nn.sigmoid, Linear(3, 1))
    for p, w in zip(model.parameters(), START, strict=True):
        p.data = w.copy()
    descent = SGD(model, lr=RATE)
    history = nn.fit(model, X, Y, nn.mse, descent, 300, progress=False)
    assert history.train[0] == pytest.approx(plain_loss(START), rel=1e-14)
    assert np.allclose(history.train, numeric_curve(300), atol=2e-5)


def test_scalar_values_walk_the_same_way() -> None:
    weights = [[[Value(float(x)) for x in row] for row in np.atleast_2d(w)] for w in START]
    losses = []
    for _ in range(50):
        w1, b1, w2, b2 = weights
        hidden = [(w1[0][k] + w1[1][k] + b1[0][k]).sigmoid() for k in range(3)]
        out = sum(h * w[0] for h, w in zip(hidden, w2, strict=True)) + b2[0][0]
        cost = out * out
        cost.backward()
        for p in (p for layer in weights for row in layer for p in row):
            p.data -= RATE * p.grad
            p.grad = 0.0
        losses.append(cost.data)
    assert np.allclose(losses, numeric_curve(300)[:50], atol=2e-5)
