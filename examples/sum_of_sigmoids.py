"""A sum of sigmoids, y = a + sum of c_i * sigmoid(w_i * x + b_i), is fitted to a curve; the more
sigmoids, the better the fit.  w_i is the steepness of a sigmoid, b_i shifts it, c_i is its height.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from _common import figure, quick, save

from nn import Adam, Linear, Sequential, StepDecay, fit, hard_sigmoid, mse, sigmoid


def curve(x: Any) -> Any:
    """The function to fit."""
    return np.sin(3 * x) * np.exp(-x / 3) + 0.3 * np.abs(x - 1)


def network(count: int, activation: Any) -> Sequential:
    """`count` sigmoids, at first spread evenly over the interval."""
    first, last = Linear(1, count, seed=0), Linear(count, 1, seed=1)
    first.w.data[:] = 2.0 + count / 2
    first.b.data[:] = -first.w.data[0] * np.linspace(-1.5, 3.5, count)
    return Sequential(first, activation, last)


def main() -> None:
    """Fit with more and more sigmoids, print the errors, draw the curves."""
    epochs = 300 if quick(__doc__) else 3000
    x = np.linspace(-2, 4, 240)[:, None]
    y = curve(x)
    picture, axes = figure(2)
    activations = {"sigmoid": sigmoid, "hard sigmoid (two relus)": hard_sigmoid}
    for column, (name, activation) in enumerate(activations.items()):
        if picture is not None:
            axes[column].plot(x, y, "k", linewidth=4, alpha=0.25, label="curve")
        for count in (1, 3, 6, 20):
            model = network(count, activation)
            adam = Adam(model, lr=StepDecay(0.02, every=3 * epochs // 4, factor=0.2))
            history = fit(model, x, y, mse, adam, epochs, progress=False)
            fitted = model(x).data
            print(
                f"{count:3d} x {name}: mean squared error {history.train[-1]:.1e}, "
                f"largest error {np.abs(fitted - y).max():.3f}"
            )
            if picture is not None:
                axes[column].plot(x, fitted, linewidth=1, label=f"{count}")
        if picture is not None:
            axes[column].set(title=f"sums of: {name}", xlabel="x")
            axes[column].legend()
    if picture is not None:
        save(picture, "sum_of_sigmoids.png")


if __name__ == "__main__":
    main()
