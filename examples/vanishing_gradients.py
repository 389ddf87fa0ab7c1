"""Vanishing gradients: how much gradient arrives at each layer of a deep stack?  Sigmoids pass on
at most a quarter of it, so that the first layers of a deep stack hardly move; tanh and ReLU with
weights of the right size pass it on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from _common import digits, figure, quick, save

from nn import (
    SGD,
    Linear,
    Sequential,
    accuracy,
    cross_entropy_with_logits,
    fit,
    gradient_norm,
    relu,
    sigmoid,
    tanh,
)

DEPTH, WIDTH = 12, 32
STACKS = {"sigmoid": (sigmoid, 1.0), "tanh": (tanh, 1.7), "relu": (relu, 2.45)}
"""The activation, and a factor for the weights that `Linear` begins with: for tanh and ReLU the one
that keeps the size of the signal from layer to layer."""


def stack(activation: Callable[[Any], Any], factor: float) -> Sequential:
    """`DEPTH` hidden layers."""
    sizes = [64, *[WIDTH] * DEPTH, 10]
    parts: list[Any] = []
    for i in range(DEPTH + 1):
        layer = Linear(sizes[i], sizes[i + 1], seed=i)
        for p in layer.parameters():
            p.data *= factor if p.ndim == 2 else 0.0
        parts += [layer, activation]
    return Sequential(*parts[:-1])


def layer_norms(model: Sequential, x: Any, y: Any) -> list[float]:
    """The length of the gradient of each dense layer."""
    for p in model.parameters():
        p.zero_grad()
    cross_entropy_with_logits(model(x), y).backward()
    return [gradient_norm(layer.parameters()) for layer in model if isinstance(layer, Linear)]


def main() -> None:
    """Measure before training, train, compare."""
    epochs = 2 if quick(__doc__) else 40
    x_train, x_test, y_train, y_test = digits()
    picture, axes = figure(2)
    for name, (activation, factor) in STACKS.items():
        model = stack(activation, factor)
        norms = layer_norms(model, x_train, y_train)
        print(f"{name:8} first layer / last layer: {norms[0] / norms[-1]:.1e}", end="")
        descent, loss = SGD(model, lr=0.05), cross_entropy_with_logits
        history = fit(
            model, x_train, y_train, loss, descent, epochs, batch_size=32, seed=0, progress=False
        )
        right = accuracy(model(x_test), y_test)
        print(f"; after {epochs} epochs {right:.1%} right on held-out digits")
        if picture is not None:
            axes[0].plot(range(1, DEPTH + 2), norms, "o-", label=name)
            axes[1].plot(range(1, epochs + 1), history.train, label=name)
    if picture is not None:
        axes[0].set(title="before training", xlabel="layer", ylabel="length of its gradient")
        axes[0].set_yscale("log")
        axes[1].set(title=f"{DEPTH} hidden layers", xlabel="epoch", ylabel="training loss")
        for one in axes:
            one.legend()
        save(picture, "vanishing_gradients.png")


if __name__ == "__main__":
    main()
