"""Learning rates: too small crawls, too large leaps over the valley, and a schedule has both ends.

The same network learns digits from the same start with rates from 0.001 to 10, each constant, and
then with schedules: a rate that falls, and one that first rises.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from _common import digits, figure, quick, save

from nn import SGD, CosineDecay, Linear, OneCycle, Sequential, accuracy, fit, tanh
from nn import cross_entropy_with_logits as loss

RATES = (0.001, 0.01, 0.1, 0.5, 1.0, 2.0, 10.0)
BATCH = 32


def train(rate: Any, data: Any, epochs: int) -> tuple[list[float], Any]:
    """The loss of each epoch, and the trained network."""
    model = Sequential(Linear(64, 32, seed=0), tanh, Linear(32, 10, seed=1))
    history = fit(
        model, *data, loss, SGD(model, lr=rate), epochs, batch_size=BATCH, seed=0, progress=False
    )
    return history.train, model


def main() -> None:
    """Train with each rate, print what is reached, draw the losses."""
    epochs = 8 if quick(__doc__) else 40
    data, (x_test, y_test) = digits()
    steps = epochs * -(-len(data[0]) // BATCH)
    schedules = {
        "1, falling": CosineDecay(1.0, steps=steps),
        "2, falling": CosineDecay(2.0, steps=steps),
        "up to 2 and down": OneCycle(2.0, steps=steps),
    }
    print(f"    learning rate  training loss  held-out accuracy after {epochs} epochs")
    picture, axes = figure(2)
    for column, rates in enumerate(({f"{r:g}": r for r in RATES}, schedules)):
        for name, rate in rates.items():
            losses, model = train(rate, data, epochs)
            scores = accuracy(model(x_test), y_test)
            print(f"{name:>17} {losses[-1]:14.4f} {scores:21.1%}")
            if picture is not None:
                axes[column].semilogy(np.arange(1, epochs + 1), losses, label=name)
    if picture is not None:
        for part, title in zip(axes, ("constant rates", "schedules"), strict=True):
            part.set(title=title, xlabel="epoch", ylabel="training loss", ylim=(1e-3, 500))
            part.legend()
        save(picture, "learning_rates.png")


if __name__ == "__main__":
    main()
