"""Overfitting, and what weight decay, dropout and early stopping do to it: a network that is far
too large for 150 digits learns them by heart, and grows ever more sure of its mistakes on others.

Of the other digits one half (the validation data) is watched, and says when to stop; the other half
is only looked at afterwards.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from _common import digits, figure, quick, save

from nn import AdamW, Dropout, History, Linear, Sequential, accuracy, fit, relu
from nn import cross_entropy_with_logits as loss

SAMPLES, WIDTH = 150, 256
KINDS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "weight decay": {"decay": 1.0},
    "dropout": {"dropout": 0.6},
    "early stopping": {"patience": 10},
    "all three": {"decay": 1.0, "dropout": 0.6, "patience": 10},
}


def network(dropout: float, seed: int) -> Sequential:
    """Two hidden layers, each followed by dropout."""
    rng, f = np.random.default_rng(seed), np.float32
    return Sequential(
        Linear(64, WIDTH, dtype=f, seed=rng),
        relu,
        Dropout(dropout, seed=rng),
        Linear(WIDTH, WIDTH, dtype=f, seed=rng),
        relu,
        Dropout(dropout, seed=rng),
        Linear(WIDTH, 10, dtype=f, seed=rng),
    )


def train(
    data: Any,
    validation: Any,
    epochs: int,
    seed: int,
    *,
    decay: float = 0.0,
    dropout: float = 0.0,
    patience: int | None = None,
) -> tuple[Sequential, History]:
    """The trained network; with patience that of its best epoch.

    patience  stop when the validation loss has not fallen for so many epochs
    """
    model = network(dropout, seed)
    adam = AdamW(model, lr=1e-3, weight_decay=decay)
    options: dict[str, Any] = {"patience": patience, "validation": validation, "progress": False}
    history = fit(model, *data, loss, adam, epochs, batch_size=16, seed=seed, **options)
    return model.eval(), history


def main() -> None:
    """Train each kind with several seeds, compare on digits that none has seen, draw."""
    epochs, seeds = (4, 1) if quick(__doc__) else (200, 5)
    (x, y), (x_rest, y_rest) = digits(held_out=1000)
    data, validation = (x[:SAMPLES], y[:SAMPLES]), (x_rest[:500], y_rest[:500])
    x_test, y_test = x_rest[500:], y_rest[500:]
    picture, axes = figure(2)
    print(f"{SAMPLES} digits to learn; loss and accuracy on {len(x_test)} others, {seeds} seeds")
    for name, options in KINDS.items():
        found = []
        for seed in range(seeds):
            model, history = train(data, validation, epochs, seed, **options)
            scores = model(x_test).data
            found.append((float(loss(scores, y_test)), accuracy(scores, y_test)))
        (mean, right), spread = np.mean(found, axis=0), np.std(found, axis=0)
        print(f"{name:15} loss {mean:.3f} (+- {spread[0]:.3f}), {right:.1%} (+- {spread[1]:.1%})")
        if picture is not None:
            axes[0].plot(np.arange(1, history.epochs + 1), history.train, label=name)
            axes[1].plot(np.arange(1, history.epochs + 1), history.test, label=name)
    if picture is not None:
        for part, title in zip(axes, ("training digits", "validation digits"), strict=True):
            part.set(title=f"loss on the {title}", xlabel="epoch", yscale="log")
        axes[0].legend()
        save(picture, "overfitting.png")


if __name__ == "__main__":
    main()
