"""Two moons on scalar Values: every weight is a number, every operation a node, as in micrograd.

A multi-layer perceptron, a max-margin (support vector) loss with L2 regularisation, plain steps.
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
    """The mean margin by which points are not on their side, and a pull of all weights to zero."""
    scores = [model(point) for point in points]
    margins = [(1 - side * score).relu() for side, score in zip(sides, scores, strict=True)]
    return sum(margins) / len(margins) + 1e-4 * sum(p * p for p in model.parameters())


def accuracy(model: MLP, points: Any, sides: Any) -> float:
    """The share of points on their side."""
    return float(
        np.mean([(model(p).data > 0) == (s > 0) for p, s in zip(points, sides, strict=True)])
    )


def draw(model: MLP, points: Any, labels: Any, cells: int) -> None:
    """The points, and where the model says that the sides are."""
    picture, axes = figure()
    if picture is None:
        return

    def scores(places: Any) -> Any:
        return np.array([model(place).data for place in places.tolist()])

    decision_boundary(scores, points, labels, axes=axes, resolution=cells)
    axes.set(title="two moons, scalar Values", xlabel="x", ylabel="y")
    save(picture, "two_moons.png")


def main() -> None:
    """Train, test on points not trained on, draw."""
    short = quick(__doc__)
    count, steps = (24, 10) if short else (80, 60)
    points, labels = needed("sklearn.datasets").make_moons(2 * count, noise=0.1, random_state=1)
    sides = 2 * labels - 1
    train, test = slice(0, count), slice(count, None)
    model = MLP(2, [16, 16, 1], rng=random.Random(1337))
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
    for name, part in (("points of training", train), ("held-out points", test)):
        print(f"accuracy: {accuracy(model, points[part], sides[part]):.1%} on {count} {name}")
    draw(model, points[test], labels[test], cells=10 if short else 40)


if __name__ == "__main__":
    main()
