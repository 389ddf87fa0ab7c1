"""Softmax regression with a temperature: how sure is a classifier of digits, and is it right to be?

One linear layer gives ten scores (logits), and softmax(scores / T) makes probabilities of them.
The temperature T changes no decision, only how sure they are: below 1 surer, above 1 less sure.
The T under which digits that the network has not seen are most likely is found with a gradient.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from _common import digits, figure, quick, save

from autograd import grad, softmax
from nn import Adam, Linear, accuracy, cross_entropy_with_logits, fit

TEMPERATURES = (0.5, 1.0, 2.0, 5.0)


def fitted_temperature(logits: Any, labels: Any) -> float:
    """The T of the lowest loss, by Newton's method in log(T), where every number is allowed."""

    def loss(log_t: Any) -> Any:
        return cross_entropy_with_logits(logits / np.exp(log_t), labels)

    log_t = 0.0
    for _ in range(20):
        log_t -= np.clip(grad(loss)(log_t) / abs(grad(grad(loss))(log_t)), -0.5, 0.5)
    return float(np.exp(log_t))


def main() -> None:
    """Train, compare temperatures, draw."""
    epochs = 60 if quick(__doc__) else 600
    (x, y), (x_test, y_test) = digits(np.float64)
    x, y = x[:400], y[:400]  # few digits, so that training makes the network too sure
    model = Linear(64, 10, seed=0)
    adam = Adam(model, lr=0.05)
    fit(model, x, y, cross_entropy_with_logits, adam, epochs, batch_size=100, seed=0)
    half = len(x_test) // 2  # one half of the held-out digits chooses T, the other judges it
    choose, judge = model(x_test[:half]).data, model(x_test[half:]).data
    best = fitted_temperature(choose, y_test[:half])

    print(f"accuracy: {accuracy(judge, y_test[half:]):.1%}, whatever the temperature")
    print("    T   mean probability of the decision   loss on held-out digits")
    for t in (*TEMPERATURES, best):
        sure = softmax(judge / t, axis=-1).max(axis=-1).mean()
        loss = cross_entropy_with_logits(judge, y_test[half:], temperature=t)
        note = "  <- fitted to the other half" if t == best else ""
        print(f"{t:5.2f}   {sure:33.1%}   {loss:23.3f}{note}")

    picture, axes = figure(2)
    if picture is None:
        return
    p = softmax(judge, axis=-1)
    hardest = np.argmax(-np.sum(p * np.log(p), axis=-1))  # the largest entropy
    for i, t in enumerate(TEMPERATURES):
        place = np.arange(10) + 0.2 * (i - 1.5)
        axes[0].bar(place, softmax(judge[hardest] / t), 0.2, label=f"T = {t:g}")
    title = f"a digit {y_test[half + hardest]} that is hard to tell"
    axes[0].set(title=title, xlabel="digit", ylabel="probability", xticks=range(10), ylim=(0, 1))
    axes[0].legend()
    inside = axes[0].inset_axes((0.3, 0.68, 0.3, 0.3))
    inside.imshow(1 - x_test[half + hardest].reshape(8, 8), cmap="gray")
    inside.set(xticks=[], yticks=[])
    ts = np.linspace(0.3, 6, 80)
    losses = [cross_entropy_with_logits(judge, y_test[half:], temperature=t) for t in ts]
    axes[1].plot(ts, losses)
    axes[1].axvline(best, color="grey", linestyle="--", label=f"fitted: T = {best:.2f}")
    axes[1].set(title="loss on held-out digits", xlabel="temperature")
    axes[1].legend()
    save(picture, "softmax_regression.png")


if __name__ == "__main__":
    main()
