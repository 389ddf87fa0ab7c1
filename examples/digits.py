"""A float32 network classifies handwritten digits of 8 by 8 pixels: softmax cross-entropy, Adam."""

from __future__ import annotations

import numpy as np
from _common import digits, figure, quick, save

from nn import Adam, Linear, Sequential, accuracy, confusion_matrix, fit, tanh
from nn import cross_entropy_with_logits as loss
from nn.plots import loss_curves


def network(seed: int) -> Sequential:
    """64 pixels, 32 neurons, 10 scores."""
    rng, f = np.random.default_rng(seed), np.float32
    return Sequential(Linear(64, 32, dtype=f, seed=rng), tanh, Linear(32, 10, dtype=f, seed=rng))


def main() -> None:
    """Train with several seeds, print the accuracies, draw the losses and what is confused."""
    epochs, seeds = (8, 1) if quick(__doc__) else (40, 5)
    data, test = digits()
    right = []
    for seed in range(seeds):
        model = network(seed)
        adam = Adam(model, lr=0.01)
        history = fit(model, *data, loss, adam, epochs, batch_size=32, seed=seed, test=test)
        scores = model(test[0]).data
        right.append(accuracy(scores, test[1]))
        print(
            f"seed {seed}: training loss {history.train[-1]:.4f}, held-out {history.test[-1]:.4f}"
        )
    print(model)
    print(f"accuracy: {np.mean(right):.1%} on {len(scores)} held-out digits, ", end="")
    print(f"{min(right):.1%} to {max(right):.1%} over {seeds} seeds")

    picture, axes = figure(2)
    if picture is None:
        return
    loss_curves(history, axes=axes[0], log=True)
    table = confusion_matrix(scores, test[1])
    axes[1].imshow(np.sqrt(table), cmap="Blues")
    for i, j in np.argwhere(table):
        axes[1].text(j, i, table[i, j], ha="center", va="center", color="w" if i == j else "k")
    axes[1].set(title="held-out digits", xlabel="taken for", ylabel="digit")
    axes[1].set(xticks=range(10), yticks=range(10))
    save(picture, "digits.png")


if __name__ == "__main__":
    main()
