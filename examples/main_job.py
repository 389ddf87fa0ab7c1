"""A tour of half a minute: train a classifier, check gradients, draw graphs.

1. A network learns handwritten digits, and is tested on digits that it has not seen.
2. The gradient checker checks a right and a wrong derivative, and the loss of the network.
3. Pictures of computation graphs and of the training are written into out/.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from _common import OUT, digits, figure, quick, save, shown

from autograd import Value, gradcheck
from nn import MLP, Adam, History, Linear, Sequential, accuracy, fit, tanh
from nn import cross_entropy_with_logits as loss
from nn.plots import loss_curves


def train(epochs: int, data: Any, test: Any) -> tuple[Sequential, History]:
    """Train a network and print its accuracy."""
    print(f"1. handwritten digits: {len(data[0])} to train on, {len(test[0])} to test on")
    model = Sequential(
        Linear(64, 64, dtype=np.float32, seed=0), tanh, Linear(64, 10, dtype=np.float32, seed=1)
    )
    adam = Adam(model, lr=0.003)
    history = fit(model, *data, loss, adam, epochs, batch_size=32, seed=0, test=test)
    held_out, trained = (accuracy(model(x), y) for x, y in (test, data))
    print(f"   accuracy: {held_out:.1%} on held-out data, {trained:.1%} in training\n")
    return model, history


def swish(x: Any) -> Any:
    """x times its sigmoid."""
    return x / (1 + np.exp(-x))


def right_rule(g: Any, x: Any) -> Any:
    """The gradient: g * (s + x * s * (1 - s)), where s is the sigmoid of x."""
    s = 1 / (1 + np.exp(-x))
    return g * (s + x * s * (1 - s))


def wrong_rule(g: Any, x: Any) -> Any:
    """The gradient with its second term forgotten, as if the sigmoid were constant."""
    return g / (1 + np.exp(-x))


def check(model: Sequential, test: Any) -> None:
    """Check a right derivative, a wrong one, and the loss of the trained network."""
    x = np.array([[-2.0, -0.5, 0.3], [0.9, 1.7, 3.0]])
    print("2. swish with its derivative s + x * s * (1 - s), and with the second term forgotten:\n")
    for rule in (right_rule, wrong_rule):
        print(gradcheck(swish, x, vjp=rule), end="\n\n")
    samples, labels = test[0][:4].astype(np.float64), test[1][:4]
    weights = [p.data.astype(np.float64) for p in model.parameters()]

    def network_loss(w1: Any, b1: Any, w2: Any, b2: Any) -> Any:
        return loss(np.tanh(samples @ w1 + b1) @ w2 + b2, labels)

    print("   the loss of the trained network, with respect to all its weights:\n")
    print(gradcheck(network_loss, *weights, order=1), end="\n\n")


def pictures(model: Sequential, history: History, test: Any) -> None:
    """Draw a neuron, a small scalar network and the classifier as graphs, and the losses."""
    OUT.mkdir(exist_ok=True)
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    neuron = (a * b + 6.5).tanh()
    neuron.label = "y"
    scalar = MLP(2, [2, 1], seed=np.random.default_rng(4)).named("mlp")([1.0, -2.0])
    model.zero_grad()  # of what training left
    batch = loss(model(test[0][:8]), test[1][:8])
    batch.label = "loss"
    print("3. pictures; the .html files step through the backward pass in a browser:")
    for name, value in (("neuron", neuron), ("scalar_network", scalar), ("classifier", batch)):
        value.backward()
        for form in ("txt", "svg", "html"):
            try:
                print(f"   {shown(value.graph().save(OUT / f'{name}.{form}'))}")
            except (ImportError, OSError, RuntimeError) as error:
                print(f"   note: {error}")
    picture, axes = figure()
    if picture is not None:
        loss_curves(history, axes=axes, log=True)
        save(picture, "training.png")


def main() -> None:
    """Train, check, draw."""
    data, test = digits()
    model, history = train(8 if quick(__doc__) else 100, data, test)
    check(model, test)
    pictures(model, history, test)


if __name__ == "__main__":
    main()
