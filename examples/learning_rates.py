"""Learning rates: too small crawls, too large leaps over the valley and does not come back.

The same network learns digits from the same weights with one rate after the other: plain descent
and Adam, which want other numbers; and descent with schedules, which begin with large steps and end
with small ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from _common import digits, figure, quick, save

from nn import SGD, Adam, CosineDecay, Linear, OneCycle, Sequential, accuracy, fit, tanh
from nn import cross_entropy_with_logits as loss

RATES = (0.001, 0.01, 0.1, 0.5, 1.0, 2.0, 10.0)
BATCH = 32


def train(method: Any, rate: Any, data: Any, epochs: int) -> tuple[list[float], Any]:
    """The loss of each epoch, and the trained network."""
    model = Sequential(Linear(64, 32, seed=0), tanh, Linear(32, 10, seed=1))
    optimiser = method(model, lr=rate)
    history = fit(model, *data, loss, optimiser, epochs, batch_size=BATCH, seed=0, progress=False)
    return history.train, model


def main() -> None:
    """Train with each rate, print what is reached, draw the losses."""
    epochs, samples = (8, 400) if quick(__doc__) else (40, 1347)
    (x, y), (x_test, y_test) = digits()
    data = x[:samples], y[:samples]
    steps = epochs * -(-len(data[0]) // BATCH)
    trials = {
        "descent": (SGD, {f"{r:g}": r for r in RATES}),
        "Adam": (Adam, {f"{r / 100:g}": r / 100 for r in RATES}),
        "descent, scheduled": (
            SGD,
            {
                "1, falling": CosineDecay(1.0, steps=steps),
                "2, falling": CosineDecay(2.0, steps=steps),
                "up to 2, and down": OneCycle(2.0, steps=steps),
            },
        ),
    }
    picture, axes = figure(len(trials))
    print(f"      learning rate   training loss   accuracy on held-out digits, {epochs} epochs")
    for column, (title, (method, rates)) in enumerate(trials.items()):
        print(title)
        for name, rate in rates.items():
            losses, model = train(method, rate, data, epochs)
            print(f"{name:>19} {losses[-1]:15.4f} {accuracy(model(x_test), y_test):13.1%}")
            if picture is not None:
                axes[column].semilogy(np.arange(1, epochs + 1), losses, label=name)
        if picture is not None:
            axes[column].set(title=title, xlabel="epoch", ylabel="training loss", ylim=(3e-4, 1e5))
            axes[column].legend(title="learning rate", loc="upper right", ncols=2)
    if picture is not None:
        save(picture, "learning_rates.png")


if __name__ == "__main__":
    main()
