"""Vanishing gradients: how much of the slope of the loss arrives at the first of many layers?

The derivative of a sigmoid is at most 1/4, so that every layer on the way back shrinks the
gradient.  A stack of tanh or relu keeps it where its weights begin at the right size, and with a
short cut around every layer, x + f(x), even the sigmoids learn.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from _common import digits, figure, quick, save

from nn import (
    Adam,
    Linear,
    Module,
    accuracy,
    cross_entropy_with_logits,
    fit,
    l2_norm,
    relu,
    sigmoid,
    tanh,
)

DEPTH, WIDTH = 20, 32


class Stack(Module):
    """Twenty layers of 32 neurons between pixels and scores.

    activation  after each layer
    gain        the weights begin normal with standard deviation gain / sqrt(inputs)
    short_cut   whether every layer adds to its input, x + f(x), instead of replacing it
    """

    def __init__(self, activation: Callable[[Any], Any], gain: float, short_cut: bool) -> None:
        rng = np.random.default_rng(0)
        sizes = [64, *[WIDTH] * DEPTH, 10]
        self.layers = [Linear(a, b, seed=rng) for a, b in pairwise(sizes)]
        for layer in self.layers:
            layer.w.data[:] = rng.normal(0, gain / np.sqrt(len(layer.w.data)), layer.w.shape)
            layer.b.data[:] = 0
        self.activation, self.short_cut = activation, short_cut

    def __call__(self, x: Any) -> Any:
        """The scores of samples x (n, 64)."""
        first, *middle, last = self.layers
        x = self.activation(first(x))
        for layer in middle:
            change = self.activation(layer(x))
            x = x + change if self.short_cut else change
        return last(x)


STACKS = {
    "sigmoid": (sigmoid, 1.0, False),
    "tanh": (tanh, 1.0, False),
    "relu": (relu, np.sqrt(2), False),
    "sigmoid, short cuts": (sigmoid, 0.2, True),
    "tanh, short cuts": (tanh, 0.2, True),
}


def main() -> None:
    """Measure the gradients before training, train, draw."""
    epochs = 1 if quick(__doc__) else 20
    (x, y), test = digits(np.float64)
    picture, axes = figure()
    print(f"{'':20} gradient of the first layer / of the last   accuracy after {epochs} epochs")
    for name, (activation, gain, short_cut) in STACKS.items():
        model = Stack(activation, gain, short_cut)
        cross_entropy_with_logits(model(x), y).backward()
        norms = [l2_norm(layer.w.grad) for layer in model.layers]
        adam = Adam(model, lr=0.001)
        fit(model, x, y, cross_entropy_with_logits, adam, epochs, batch_size=32, progress=False)
        reached = accuracy(model(test[0]), test[1])
        print(f"{name:20} {norms[0] / norms[-1]:42.1e}   {reached:.1%}")
        if picture is not None:
            axes.semilogy(range(1, DEPTH + 2), norms, ".-", label=name)
    if picture is not None:
        axes.set(xlabel="layer", ylabel="norm of the gradient", title="before training")
        axes.set(xticks=range(1, DEPTH + 2, 2))
        axes.legend()
        save(picture, "vanishing_gradients.png")


if __name__ == "__main__":
    main()
