"""A tour of half a minute: train a classifier, check gradients, draw graphs.

1. A network learns handwritten digits, and is tested on digits that it has not seen.
2. The gradient checker checks a right and a wrong derivative, and the loss of the network.
3. Pictures of computation graphs and of the training are written into out/.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from _common import OUT, figure, optional, quick, save, shown

from autograd import Value, gradcheck
from nn import (
    MLP,
    Adam,
    History,
    Linear,
    Module,
    Sequential,
    accuracy,
    cross_entropy_with_logits,
    fit,
    tanh,
)
from nn.plots import loss_curves

Data = tuple[Any, Any]


def spirals(count: int) -> Data:
    """Three interleaved spirals of points: the data if scikit-learn is not installed."""
    rng = np.random.default_rng(0)
    label = np.arange(count) % 3
    turn = rng.uniform(0.3, 1.0, count)
    angle = 2 * np.pi * (turn / 2 + label / 3) + rng.normal(0, 0.1, count)
    return np.stack([turn * np.cos(angle), turn * np.sin(angle)], axis=1), label


def data() -> tuple[str, Data, Data]:
    """The name of the data, the training samples and the test samples."""
    datasets = optional(
        "sklearn.datasets", "three spirals of points take the place of the handwritten digits"
    )
    if datasets is None:
        name, (x, y) = "points on spirals", spirals(1200)
    else:
        name, (x, y) = "handwritten digits", datasets.load_digits(return_X_y=True)
        x = x / 16
    order = np.random.default_rng(0).permutation(len(x))
    cut = 3 * len(x) // 4
    x = x.astype(np.float32)[order]
    y = y[order]
    return name, (x[:cut], y[:cut]), (x[cut:], y[cut:])


def train(epochs: int) -> tuple[Module, History, Data]:
    """Train a network and print its accuracy."""
    name, (x, y), test = data()
    classes = int(y.max()) + 1
    print(f"1. {name}: {len(x)} to train on, {len(test[0])} to test on")
    model = Sequential(
        Linear(x.shape[1], 64, dtype=np.float32, seed=0),
        tanh,
        Linear(64, classes, dtype=np.float32, seed=1),
    )
    adam = Adam(model, lr=0.003)
    loss = cross_entropy_with_logits
    history = fit(model, x, y, loss, adam, epochs, batch_size=32, seed=0, test=test)
    print(
        f"   accuracy: {accuracy(model(test[0]), test[1]):.1%} on held-out data, "
        f"{accuracy(model(x), y):.1%} in training\n"
    )
    return model, history, test


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


def check(model: Module, test: Data) -> None:
    """Check a right derivative, a wrong one, and the loss of the trained network."""
    x = np.array([[-2.0, -0.5, 0.3], [0.9, 1.7, 3.0]])
    print("2. swish with its derivative s + x * s * (1 - s), and with the second term forgotten:\n")
    for rule in (right_rule, wrong_rule):
        print(gradcheck(swish, x, vjp=rule), end="\n\n")
    samples, labels = test[0][:4].astype(np.float64), test[1][:4]
    weights = [p.data.astype(np.float64) for p in model.parameters()]

    def network_loss(w1: Any, b1: Any, w2: Any, b2: Any) -> Any:
        return cross_entropy_with_logits(np.tanh(samples @ w1 + b1) @ w2 + b2, labels)

    print("   the loss of the trained network, with respect to all its weights:\n")
    print(gradcheck(network_loss, *weights, order=1), end="\n\n")


def write(graph: Any, name: str) -> list[Path]:
    """Save a graph as text, picture and page; without Graphviz, as text and a Mermaid diagram."""
    written = [graph.save(OUT / f"{name}.txt")]
    try:
        written += [graph.save(OUT / f"{name}.svg"), graph.save(OUT / f"{name}.html")]
    except (ImportError, OSError, RuntimeError) as error:
        print(f"   note: {error}")
        written.append(graph.save(OUT / f"{name}.mmd"))
    return written


def pictures(model: Module, history: History, test: Data) -> None:
    """Draw a neuron, a small scalar network and the classifier as graphs, and the losses."""
    OUT.mkdir(exist_ok=True)
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    neuron = (a * b + 6.5).tanh()
    neuron.label = "y"
    scalar = MLP(2, [2, 1], rng=np.random.default_rng(4)).named("mlp")([1.0, -2.0])
    model.zero_grad()  # of what training left
    batch = cross_entropy_with_logits(model(test[0][:8]), test[1][:8])
    batch.label = "loss"
    graphs: dict[str, Value] = {"neuron": neuron, "scalar_network": scalar, "classifier": batch}
    print("3. pictures:")
    written = []
    for name, value in graphs.items():
        value.backward()
        written += write(value.graph(), name)
    for path in written:
        print(f"   {shown(path)}")
    picture, axes = figure()
    if picture is not None:
        loss_curves(history, axes=axes, log=True)
        save(picture, "training.png")
    if any(path.suffix == ".html" for path in written):
        print("   open the .html files in a browser to step through the backward pass")


def main() -> None:
    """Train, check, draw."""
    short = quick(__doc__)
    model, history, test = train(epochs=8 if short else 100)
    check(model, test)
    pictures(model, history, test)


if __name__ == "__main__":
    main()
