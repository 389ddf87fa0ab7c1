"""Linear regression: how far does diabetes progress in a year?  Gradient descent is compared with
the closed solution, and with one step of Newton's method, which is exact for a square loss.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from _common import figure, needed, quick, save

from autograd import hessian, value_and_grad


def loss(weights: Any, x: Any, y: Any) -> Any:
    """The mean squared error of the predictions x @ weights."""
    return np.mean((x @ weights - y) ** 2)


def descend(x: Any, y: Any, steps: int) -> tuple[Any, list[float]]:
    """Gradient descent from zero.

    The rate is 1 / (largest curvature): at twice that, the steepest direction would diverge.
    """
    weights = np.zeros(x.shape[1])
    rate = 1 / np.linalg.eigvalsh(hessian(loss)(weights, x, y)).max()
    losses = []
    for _ in range(steps):
        here, gradient = value_and_grad(loss)(weights, x, y)
        weights = weights - rate * gradient
        losses.append(float(here))
    return weights, losses


def newton(x: Any, y: Any) -> Any:
    """One step from zero: w - (second derivative)^-1 @ gradient."""
    weights = np.zeros(x.shape[1])
    _, gradient = value_and_grad(loss)(weights, x, y)
    return weights - np.linalg.solve(hessian(loss)(weights, x, y), gradient)


def explained(weights: Any, x: Any, y: Any) -> float:
    """R squared: the share of the variance of y that the predictions explain."""
    return float(1 - loss(weights, x, y) / np.var(y))


def main() -> None:
    """Fit in three ways, compare, draw."""
    steps = 500 if quick(__doc__) else 10_000
    x, y = needed("sklearn.datasets").load_diabetes(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(x))
    train, test = order[:300], order[300:]
    x = (x - x[train].mean(axis=0)) / x[train].std(axis=0)
    x = np.column_stack([np.ones(len(x)), x])  # the weight of the ones is the bias

    exact = np.linalg.lstsq(x[train], y[train])[0]
    second = newton(x[train], y[train])
    weights, losses = descend(x[train], y[train], steps)
    lowest = loss(exact, x[train], y[train])
    print(f"gradient descent: loss {losses[0]:.0f} -> {losses[-1]:.4f} after {steps} steps")
    print(f"closed solution:  loss {lowest:.4f}")
    print(f"largest difference of a weight: descent {np.abs(weights - exact).max():.1e}, ", end="")
    print(f"one Newton step {np.abs(second - exact).max():.1e}")
    r2 = explained(weights, x[test], y[test])
    print(f"explained variance: {r2:.1%} on {len(test)} held-out patients, ", end="")
    print(f"{explained(weights, x[train], y[train]):.1%} on {len(train)} training patients")

    picture, axes = figure(2)
    if picture is None:
        return
    axes[0].loglog(np.arange(1, steps + 1), np.array(losses) - lowest)
    axes[0].set(title="training loss above the lowest one", xlabel="step", ylim=(1e-9, None))
    axes[1].plot(y[test], x[test] @ weights, ".", label="held-out patients")
    axes[1].axline((150, 150), slope=1, color="grey", linewidth=1, label="prediction = target")
    axes[1].set(title=f"R squared {r2:.2f}", xlabel="progression", ylabel="prediction")
    axes[1].legend()
    save(picture, "linear_regression.png")


if __name__ == "__main__":
    main()
