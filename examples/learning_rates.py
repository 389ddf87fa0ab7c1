"""Learning rates: the same network on the same digits, from the same weights, with seven of them.
Too small crawls, too large swings or diverges, and Adam wants other numbers than plain descent.
"""

from __future__ import annotations

import numpy as np
from _common import digits, figure, quick, save

from nn import SGD, Adam, Linear, Sequential, accuracy, cross_entropy_with_logits, fit, tanh

RATES = (0.001, 0.01, 0.1, 0.3, 1.0, 3.0, 30.0)


def network() -> Sequential:
    """The same weights each time."""
    first, last = (Linear(*sizes, dtype=np.float32, seed=0) for sizes in ((64, 32), (32, 10)))
    return Sequential(first, tanh, last)


def main() -> None:
    """Train with every rate, print what came out, draw the losses."""
    short = quick(__doc__)
    epochs = 3 if short else 20
    x_train, x_test, y_train, y_test = digits()
    picture, axes = figure(2)
    for column, make in enumerate((SGD, Adam)):
        for rate in RATES if make is SGD else [rate / 100 for rate in RATES]:
            model = network()
            optimiser = make(model, lr=rate)
            try:
                history = fit(
                    model,
                    x_train,
                    y_train,
                    cross_entropy_with_logits,
                    optimiser,
                    epochs,
                    batch_size=32,
                    seed=0,
                    progress=False,
                )
            except ValueError as error:  # fit refuses to go on with a loss that is no number
                print(f"{make.__name__:4} {rate:<7g} {error}")
                continue
            losses, right = history.train, accuracy(model(x_test), y_test)
            print(
                f"{make.__name__:4} {rate:<7g} loss {losses[0]:8.3f} -> {losses[-1]:8.4f}, "
                f"{right:.1%} right on held-out digits"
            )
            if picture is not None:
                axes[column].plot(range(1, epochs + 1), losses, label=f"{rate:g}")
        if picture is not None:
            axes[column].set(title=make.__name__, xlabel="epoch", ylabel="loss", yscale="log")
            axes[column].legend(title="learning rate", fontsize="small")
    if picture is not None:
        save(picture, "learning_rates.png")


if __name__ == "__main__":
    main()
