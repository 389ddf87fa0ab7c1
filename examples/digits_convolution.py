"""A convolutional network classifies handwritten digits: each neuron looks at 3 by 3 pixels, with
the same weights everywhere, so that it knows a stroke wherever it is.  It also sees every training
digit moved by a pixel up, down, left and right.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from _common import digits, figure, quick, save

from nn import (
    Adam,
    Conv2d,
    Dropout,
    Flatten,
    Linear,
    MaxPool2d,
    Sequential,
    accuracy,
    cross_entropy_with_logits,
    fit,
    relu,
)


def network() -> Sequential:
    """Three convolutions with a pooling between them, and a linear layer that gives the scores."""
    f = np.float32
    return Sequential(
        Conv2d(1, 16, 3, padding=1, dtype=f, seed=0),
        relu,
        Conv2d(16, 32, 3, padding=1, dtype=f, seed=1),
        relu,
        MaxPool2d(2),
        Conv2d(32, 64, 3, padding=1, dtype=f, seed=2),
        relu,
        Flatten(),
        Dropout(0.5, seed=3),
        Linear(64 * 4 * 4, 10, dtype=f, seed=4),
    )


def moved(x: Any, y: Any) -> tuple[Any, Any]:
    """The digits, and each moved by one pixel in four directions."""
    ways = [(0, 0), (1, 2), (-1, 2), (1, 3), (-1, 3)]
    return np.concatenate([np.roll(x, *way) for way in ways]), np.tile(y, len(ways))


def main() -> None:
    """Train, with a smaller step at the end; print the accuracy, draw filters and mistakes."""
    short = quick(__doc__)
    (x_train, y_train), (x_test, y_test) = digits(flat=False)
    if short:
        x_train, y_train = x_train[:250], y_train[:250]
    x_train, y_train = moved(x_train, y_train)
    model = network()
    print(model)
    adam = Adam(model, lr=2e-3)
    loss = cross_entropy_with_logits
    for epochs, rate in ((1, 2e-3),) if short else ((8, 2e-3), (3, 3e-4)):
        adam.lr = rate
        history = fit(model, x_train, y_train, loss, adam, epochs, batch_size=32, seed=epochs)
    print(f"loss: {history.train[-1]:.4f} on training digits")
    scores = model.eval()(x_test).data
    print(f"accuracy: {accuracy(scores, y_test):.1%} on {len(x_test)} held-out digits")

    picture, axes = figure(2)
    if picture is None:
        return
    filters = model[0].weight.data.reshape(16, 3, 3)
    framed = [np.pad(w, (0, 1), constant_values=np.nan) for w in filters]
    rows = [np.hstack(framed[i::2]) for i in (0, 1)]
    reach = float(np.abs(filters).max())
    axes[0].imshow(np.vstack(rows), cmap="RdBu_r", vmin=-reach, vmax=reach)
    axes[0].set(title="the filters of the first layer", xticks=[], yticks=[])
    wrong = np.flatnonzero(scores.argmax(axis=1) != y_test)[:8]
    if len(wrong):
        axes[1].imshow(np.hstack([1 - x_test[i, 0] for i in wrong]), cmap="gray")
    pairs = ", ".join(f"{y_test[i]} as {scores[i].argmax()}" for i in wrong)
    axes[1].set(title=f"mistakes: {pairs}", xticks=[], yticks=[])
    save(picture, "digits_convolution.png")


if __name__ == "__main__":
    main()
