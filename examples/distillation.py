"""Distillation: a large teacher tells a small student not only the right digit, but how much it
looks like the others.  The student sees few labels; with the teacher's soft answers on the same
pictures, and on more that nobody has labelled, it gets more right than with the labels alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from _common import digits, figure, quick, save

from nn import (
    Adam,
    Linear,
    Sequential,
    accuracy,
    cross_entropy_with_logits,
    distillation,
    fit,
    relu,
)

LABELS, TEMPERATURE = 100, 4.0


def network(width: int, seed: int) -> Sequential:
    """One hidden layer."""
    first = Linear(64, width, dtype=np.float32, seed=seed)
    return Sequential(first, relu, Linear(width, 10, dtype=np.float32, seed=seed + 100))


def trained(width: int, seed: int, x: Any, y: Any, loss: Any, steps: int) -> Sequential:
    """A network after so many steps of Adam, with batches of 50."""
    model = network(width, seed)
    adam = Adam(model, lr=0.01)
    epochs = max(1, steps * 50 // len(x))
    fit(model, x, y, loss, adam, epochs, batch_size=50, seed=seed, progress=False)
    return model


def main() -> None:
    """Train the teacher, and students with and without it; compare."""
    short = quick(__doc__)
    steps, seeds = (150, 2) if short else (1500, 10)
    (x, y), (x_test, y_test) = digits(held_out=719)
    teacher = trained(256, 0, x, y, cross_entropy_with_logits, steps)
    print(f"teacher, 256 hidden, {len(x)} labels: {accuracy(teacher(x_test), y_test):.1%} right")
    soft = teacher(x).data

    def from_teacher(logits: Any, scores: Any) -> Any:
        return distillation(logits, scores, TEMPERATURE) / TEMPERATURE**2

    kinds = {
        f"{LABELS} labels": (x[:LABELS], y[:LABELS], cross_entropy_with_logits),
        f"{LABELS} soft answers": (x[:LABELS], soft[:LABELS], from_teacher),
        f"{len(x)} labels": (x, y, cross_entropy_with_logits),
        f"{len(x)} soft answers, no label": (x, soft, from_teacher),
    }
    right: dict[str, list[float]] = {}
    for name, (inputs, targets, loss) in kinds.items():
        students = [trained(12, seed, inputs, targets, loss, steps) for seed in range(seeds)]
        right[name] = [accuracy(student(x_test), y_test) for student in students]
        mean, error = np.mean(right[name]), np.std(right[name]) / np.sqrt(seeds)
        print(f"student, 12 hidden, {name}: {mean:.1%} right (+- {error:.1%}, {seeds} seeds)")

    picture, axes = figure()
    if picture is None:
        return
    axes.boxplot(list(right.values()), tick_labels=[name.replace(", ", "\n") for name in right])
    axes.axhline(accuracy(teacher(x_test), y_test), color="grey", linestyle="--", label="teacher")
    axes.set(title="students of 12 hidden neurons", ylabel="share right on held-out digits")
    axes.legend()
    save(picture, "distillation.png")


if __name__ == "__main__":
    main()
