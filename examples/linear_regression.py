"""Linear regression: how far has diabetes progressed after a year?  A line through ten measurements
is found three ways: by descent, by one Newton step (the loss is a bowl), and by scikit-learn.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from _common import figure, needed, quick, save

from autograd import grad, hessian
from nn import mse

NAMES = ["age", "sex", "bmi", "pressure", "tc", "ldl", "hdl", "tch", "ltg", "glucose"]


def main() -> None:
    """Fit, compare, draw."""
    steps = 300 if quick(__doc__) else 20_000
    datasets, linear = needed("sklearn.datasets"), needed("sklearn.linear_model")
    x, y = datasets.load_diabetes(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(x))
    train, test = order[:330], order[330:]
    x = (x - x[train].mean(axis=0)) / x[train].std(axis=0)

    def loss(p: Any) -> Any:
        return mse(x[train] @ p[:-1] + p[-1], y[train])

    p, losses = np.zeros(11), []
    slope = grad(loss)
    for _ in range(steps):
        p = p - 0.1 * slope(p)
        losses.append(float(loss(p)))
    print(f"descent: loss {losses[-1]:.3f} after {steps} steps")

    start = np.zeros(11)
    newton = start - np.linalg.solve(hessian(loss)(start), slope(start))
    print(f"one Newton step: loss {float(loss(newton)):.3f}")

    reference = linear.LinearRegression().fit(x[train], y[train])
    gaps = [np.abs(w[:-1] - reference.coef_).max() for w in (p, newton)]
    print(f"largest difference from scikit-learn: descent {gaps[0]:.1e}, Newton {gaps[1]:.1e}")
    predicted = x[test] @ newton[:-1] + newton[-1]
    explained = 1 - np.mean((predicted - y[test]) ** 2) / np.var(y[test])
    print(f"variance explained on {len(test)} held-out patients: {explained:.1%}")
    largest = np.argsort(-np.abs(newton[:-1]))[:3]
    print("what counts most:", ", ".join(f"{NAMES[i]} {newton[i]:+.0f}" for i in largest))

    picture, axes = figure(2)
    if picture is None:
        return
    axes[0].plot(losses)
    axes[0].set(title="descent", xlabel="step", ylabel="mean squared error", xscale="log")
    axes[1].scatter(y[test], predicted, s=14)
    axes[1].plot([25, 350], [25, 350], "k--", linewidth=1)
    axes[1].set(title="held-out patients", xlabel="measured progression", ylabel="predicted")
    save(picture, "linear_regression.png")


if __name__ == "__main__":
    main()
