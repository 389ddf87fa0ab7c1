"""A network of two layers is trained twice from the same weights, once with one-sided finite
differences and once with the analytic gradient.  The two losses fall along one curve until the
error of the finite differences, about half a step, keeps the numeric one from falling further.
"""

from __future__ import annotations

from time import perf_counter
from typing import Any

import numpy as np
from _common import figure, quick, save

from autograd import sigmoid, value_and_grad
from nn import mse

RATE, STEP = 0.01, 1e-4
INPUTS, TARGETS = np.array([[1.0, 1.0]]), np.array([[0.0]])


def initial_weights(dtype: Any) -> list[Any]:
    """Weights and biases of 2 inputs, 3 hidden sigmoids and 1 output."""
    return [
        np.array([[-0.0053, -0.5820, -0.2723], [0.3793, -0.5204, 0.1896]], dtype),
        np.array([-0.0140, 0.5607, -0.0628], dtype),
        np.array([[0.1528], [-0.1745], [-0.1135]], dtype),
        np.array([-0.5516], dtype),
    ]


def loss(weights: list[Any]) -> Any:
    """The mean squared error of the network at these weights."""
    w1, b1, w2, b2 = weights
    return mse(sigmoid(INPUTS.astype(w1.dtype) @ w1 + b1) @ w2 + b2, TARGETS)


def numeric_value_and_grad(weights: list[Any]) -> tuple[float, list[Any]]:
    """The loss, and its one-sided finite difference for each weight."""
    here = loss(weights)
    gradients = [np.zeros_like(w) for w in weights]
    for w, gradient in zip(weights, gradients, strict=True):
        for i in np.ndindex(w.shape):
            original = w[i]
            w[i] = original + STEP
            gradient[i] = (loss(weights) - here) / STEP
            w[i] = original
    return float(here), gradients


def descend(value_and_gradient: Any, epochs: int, dtype: Any) -> tuple[list[float], float]:
    """Gradient descent: the loss before every step, and the seconds that it took."""
    weights, losses, started = initial_weights(dtype), [], perf_counter()
    for _ in range(epochs):
        here, gradients = value_and_gradient(weights)
        weights = [w - RATE * g for w, g in zip(weights, gradients, strict=True)]
        losses.append(float(here))
    return losses, perf_counter() - started


def main() -> None:
    """Train both ways, compare, draw."""
    epochs = 200 if quick(__doc__) else 1000
    picture, axes = figure(2)
    for column, dtype in enumerate((np.float64, np.float32)):
        name = np.dtype(dtype).name
        analytic, fast = descend(value_and_grad(loss), epochs, dtype)
        numeric, slow = descend(numeric_value_and_grad, epochs, dtype)
        gap = max(abs(a - b) for a, b in zip(analytic, numeric, strict=True))
        print(
            f"{name}: loss {analytic[0]:.6f} -> analytic {analytic[-1]:.3e}, numeric "
            f"{numeric[-1]:.3e} after {epochs} epochs; largest gap {gap:.1e}; "
            f"{fast:.2f} s and {slow:.2f} s"
        )
        if picture is not None:
            axes[column].plot(analytic, linewidth=4, alpha=0.4, label="analytic gradient")
            axes[column].plot(numeric, "k--", linewidth=1, label="finite differences")
            axes[column].set(title=name, xlabel="epoch", ylabel="mean squared error", yscale="log")
            axes[column].legend()
    if picture is not None:
        save(picture, "two_layer_numeric_vs_analytic.png")


if __name__ == "__main__":
    main()
