"""Softmax regression with a temperature: one linear layer tells ten digits apart.  Trained on few
digits it is too sure of itself; one number, the temperature that makes the held-out digits most
likely, is found by descent on its logarithm and makes its probabilities honest.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from _common import digits, figure, quick, save

from autograd import value_and_grad
from nn import Adam, Linear, accuracy, cross_entropy_with_logits, fit, softmax
from nn.plots import softmax_temperatures


def best_temperature(scores: Any, labels: Any, steps: int) -> float:
    """The temperature at which the labels are most likely."""

    def loss(log_t: Any) -> Any:
        return cross_entropy_with_logits(scores * np.exp(-log_t), labels)

    log_t = 0.0
    for _ in range(steps):
        _, slope = value_and_grad(loss)(log_t)
        log_t -= 1.0 * slope
    return float(np.exp(log_t))


def confidence(scores: Any, temperature: float) -> float:
    """The mean probability of the class that is chosen."""
    return float(softmax(scores, temperature=temperature).max(axis=1).mean())


def main() -> None:
    """Train, find the temperature, compare confidence with accuracy, draw."""
    short = quick(__doc__)
    x_train, x_rest, y_train, y_rest = digits(held_out=0.8)
    middle = len(x_rest) // 2
    model = Linear(64, 10, dtype=np.float32, seed=0)
    adam = Adam(model, lr=0.05)
    epochs = 200 if short else 2000
    fit(model, x_train, y_train, cross_entropy_with_logits, adam, epochs, progress=not short)

    scores = model(x_rest).data.astype(float)
    fresh, labels = scores[middle:], y_rest[middle:]
    right = accuracy(fresh, labels)
    print(f"accuracy: {right:.1%} on {len(labels)} held-out digits, trained on {len(x_train)}")
    t = best_temperature(scores[:middle], y_rest[:middle], 60 if short else 300)
    for name, number in (("as trained, T = 1", 1.0), (f"fitted, T = {t:.2f}", t)):
        loss = float(cross_entropy_with_logits(fresh / number, labels))
        print(f"{name}: confidence {confidence(fresh, number):.1%}, loss {loss:.3f}")

    picture, axes = figure(2)
    if picture is None:
        return
    unsure = int(np.argmin(np.ptp(np.sort(fresh)[:, -2:], axis=1)))
    axes[0].imshow(1 - x_rest[middle + unsure].reshape(8, 8), cmap="gray")
    axes[0].set(title=f"a digit that it is unsure of (a {labels[unsure]})", xticks=[], yticks=[])
    names = [str(i) for i in range(10)]
    softmax_temperatures(fresh[unsure].tolist(), (0.5, 1.0, round(t, 2), 5.0), names, axes=axes[1])
    axes[1].set_xticks(range(10), names, rotation=0)
    save(picture, "softmax_regression.png")


if __name__ == "__main__":
    main()
