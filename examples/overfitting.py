"""Overfitting, and what weight decay, dropout and early stopping do to it: a network that is far
too large for 150 digits learns them by heart, and grows ever more sure of its mistakes on others.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from _common import digits, figure, quick, save

from nn import Adam, Dropout, Linear, Sequential, accuracy, cross_entropy_with_logits, fit, relu

SAMPLES, WIDTH = 150, 256
KINDS = {"nothing": (0.0, 0.0), "weight decay": (0.0, 1.0), "dropout": (0.6, 0.0)}
"""The probability of dropout, and the decoupled weight decay."""


def network(p: float) -> Sequential:
    """Two hidden layers, each followed by dropout where p is not 0."""
    layers: list[Any] = []
    for i, sizes in enumerate(((64, WIDTH), (WIDTH, WIDTH))):
        layers += [Linear(*sizes, dtype=np.float32, seed=i), relu]
        layers += [Dropout(p, seed=i)] if p else []
    return Sequential(*layers, Linear(WIDTH, 10, dtype=np.float32, seed=2))


def measured(model: Sequential, x: Any, y: Any) -> tuple[float, float]:
    """Loss and accuracy, without dropout."""
    scores = model.eval()(x).data
    model.train()
    return float(cross_entropy_with_logits(scores, y)), accuracy(scores, y)


def main() -> None:
    """Train each kind, look at other digits after every epoch, compare, draw."""
    epochs = 4 if quick(__doc__) else 200
    (x, y), (x_rest, y_rest) = digits(held_out=1000)
    x, y, half = x[:SAMPLES], y[:SAMPLES], len(x_rest) // 2
    picture, axes = figure(2)
    print(f"{SAMPLES} digits to learn; loss and accuracy on {len(x_rest) - half} others")
    for name, (p, decay) in KINDS.items():
        model, tests, validations = network(p), [], []
        adam = Adam(model, lr=1e-3, weight_decay=decay, decoupled=True)
        train = []
        for epoch in range(epochs):
            fit(model, x, y, cross_entropy_with_logits, adam, 1, 16, seed=epoch, progress=False)
            train.append(measured(model, x, y)[0])
            validations.append(measured(model, x_rest[:half], y_rest[:half])[0])
            tests.append(measured(model, x_rest[half:], y_rest[half:]))
        loss, right = tests[-1]
        print(f"{name:15} at the end: loss {loss:.3f}, {right:.1%} (training loss {train[-1]:.1e})")
        best = int(np.argmin(validations))  # chosen on digits that the figures do not count
        loss, right = tests[best]
        print(f"{'':15} stopped early, after epoch {best + 1}: loss {loss:.3f}, {right:.1%}")
        if picture is not None:
            axes[0].plot(range(1, epochs + 1), train, label=name)
            line = axes[1].plot(range(1, epochs + 1), [loss for loss, _ in tests], label=name)
            axes[1].plot(best + 1, loss, "o", color=line[0].get_color())
    if picture is None:
        return
    axes[0].set(title=f"loss on the {SAMPLES} training digits", xlabel="epoch", yscale="log")
    axes[1].set(title="loss on other digits; dots: stopped early", xlabel="epoch", yscale="log")
    axes[0].legend()
    save(picture, "overfitting.png")


if __name__ == "__main__":
    main()
