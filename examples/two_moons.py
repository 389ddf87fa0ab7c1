"""Two moons on scalar Values: every weight is a number and every operation a node, as in micrograd.

A multi-layer perceptron is trained by gradient descent on a hinge loss with L2 regularisation.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from _common import figure, needed, quick, save

from autograd import Value
from nn import MLP
from nn.plots import decision_boundary


def loss_of(model: MLP, points: Any, sides: Any) -> Any:
    """The mean hinge loss, max(0, 1 - side * score), and the L2 penalty on the parameters."""
    scores = [model(point) for point in points]
    hinges = [(1 - side * score).relu() for side, score in zip(sides, scores, strict=True)]
    return sum(hinges) / len(hinges) + 1e-4 * sum(p * p for p in model.parameters())


def accuracy(model: MLP, points: Any, sides: Any) -> float:
    """The share of points that the model puts on the right side."""
    return float(
        np.mean([(model(p).data > 0) == (s > 0) for p, s in zip(points, sides, strict=True)])
    )


def draw(model: MLP, points: Any, labels: Any, cells: int) -> None:
    """Draw the points and the decision boundary of the model."""
    picture, axes = figure()
    if picture is None:
        return

    def scores(grid: Any) -> Any:
        return np.array([model(point).data for point in grid.tolist()])

    decision_boundary(scores, points, labels, axes=axes, resolution=cells)
    axes.set(title="two moons, scalar Values", xlabel="x", ylabel="y")
    save(picture, "two_moons.png")


def main() -> None:
    """Train, test on held-out points, draw."""
    short = quick(__doc__)
    count, steps = (24, 10) if short else (80, 60)
    points, labels = needed("sklearn.datasets").make_moons(2 * count, noise=0.1, random_state=1)
    sides = 2 * labels - 1
    train, test = slice(0, count), slice(count, None)
    model = MLP(2, [16, 16, 1], seed=random.Random(1337))
    print(f"{model.__class__.__name__} with {len(model.parameters())} scalar parameters")
    loss = Value(0.0)
    for k in range(steps):
        loss = loss_of(model, points[train].tolist(), sides[train].tolist())
        model.zero_grad()
        loss.backward()
        rate = 1.0 - 0.9 * k / steps
        for p in model.parameters():
            p.data -= rate * p.grad
        if k % max(1, steps // 6) == 0 or k == steps - 1:
            print(f"step {k:3d}  loss {loss.data:.4f}")
    for name, part in (("training points", train), ("held-out points", test)):
        print(f"accuracy: {accuracy(model, points[part], sides[part]):.1%} on {count} {name}")
    draw(model, points[test], labels[test], cells=10 if short else 40)


if __name__ == "__main__":
    main()
