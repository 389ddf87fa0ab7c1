"""A convolutional network on handwritten digits: each neuron looks at 3 by 3 pixels, with the same
weights everywhere, so that it knows a stroke wherever it is.  It also sees every training digit
moved by a pixel up, down, left and right.
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
    OneCycle,
    Sequential,
    accuracy,
    cross_entropy_with_logits,
    fit,
    relu,
)

BATCH = 64


def network(seed: int) -> Sequential:
    """(n, 1, 8, 8) to 16 maps of 8 by 8, to 32 maps of 4 by 4, to 10 scores."""
    rng, f = np.random.default_rng(seed), np.float32
    return Sequential(
        Conv2d(1, 16, 3, padding=1, dtype=f, seed=rng),
        relu,
        Conv2d(16, 32, 3, padding=1, dtype=f, seed=rng),
        relu,
        MaxPool2d(2),
        Flatten(),
        Dropout(0.5, seed=rng),
        Linear(32 * 4 * 4, 10, dtype=f, seed=rng),
    )


def moved(x: Any, y: Any) -> tuple[Any, Any]:
    """The digits, and each moved by one pixel in four directions."""
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    corners = ((1, 1), (0, 1), (2, 1), (1, 0), (1, 2))
    copies = [padded[:, :, row : row + 8, column : column + 8] for row, column in corners]
    return np.concatenate(copies), np.tile(y, len(copies))


def train(seed: int, x: Any, y: Any, epochs: int) -> Sequential:
    """The network after so many epochs, with a rate that rises and then falls to almost nothing."""
    model = network(seed)
    adam = Adam(model, lr=OneCycle(5e-3, steps=epochs * -(-len(x) // BATCH)))
    fit(model, x, y, cross_entropy_with_logits, adam, epochs, batch_size=BATCH, seed=seed)
    return model.eval()


def main() -> None:
    """Train with several seeds; print the accuracies, draw filters and hard digits."""
    short = quick(__doc__)
    (x, y), (x_test, y_test) = digits(flat=False)
    if short:
        x, y = x[:200], y[:200]
    reached = []
    for seed in range(1 if short else 3):
        model = train(seed, *moved(x, y), epochs=2 if short else 10)
        scores = model(x_test).data
        reached.append(accuracy(scores, y_test))
        print(f"accuracy: {reached[-1]:.1%} on {len(x_test)} held-out digits, seed {seed}")
    print(model)

    picture, axes = figure(2)
    if picture is None:
        return
    filters = model[0].weight.data.reshape(16, 3, 3)
    framed = [np.pad(w, ((0, 1), (0, 1)), constant_values=np.nan) for w in filters]
    reach = float(np.abs(filters).max())
    rows = [np.hstack(framed[i : i + 8]) for i in (0, 8)]
    axes[0].imshow(np.vstack(rows), cmap="RdBu_r", vmin=-reach, vmax=reach)
    axes[0].set(title="the filters of the first layer", xticks=[], yticks=[])
    unsure = np.argsort(np.ptp(np.sort(scores)[:, -2:], axis=1))[:8]  # two scores are close
    axes[1].imshow(np.hstack([1 - x_test[i, 0] for i in unsure]), cmap="gray")
    taken = " ".join(str(scores[i].argmax()) for i in unsure)
    axes[1].set(title=f"the least certain, taken for {taken}", xticks=[], yticks=[])
    save(picture, "digits_convolution.png")


if __name__ == "__main__":
    main()
