"""Graphs that the tests of the views share."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from autograd import Value


def scalar_example() -> tuple[Value, dict[str, Value]]:
    """A neuron with two inputs, of which one is zero."""
    values = {"x1": 2.0, "x2": 0.0, "w1": -3.0, "w2": 1.0, "b": 6.88}
    v = {name: Value(number, label=name) for name, number in values.items()}
    o = (v["x1"] * v["w1"] + v["x2"] * v["w2"] + v["b"]).tanh()
    o.label = "o"
    o.backward()
    return o, v


class Linear:
    """One layer."""

    def __init__(self, rows: int, columns: int, rng: np.random.Generator) -> None:
        self.w = Value(rng.normal(size=(rows, columns)) / rows**0.5)
        self.b = Value(np.zeros(columns))

    def __call__(self, x: Any) -> Any:
        return x @ self.w + self.b


class Net:
    """A network of arrays, written without this library's `nn`."""

    def __init__(self, *sizes: int) -> None:
        rng = np.random.default_rng(0)
        self.layers = [Linear(a, b, rng) for a, b in pairwise(sizes)]

    def __call__(self, x: Any) -> Any:
        for layer in self.layers[:-1]:
            x = np.tanh(layer(x))
        return self.layers[-1](x)


class Neuron:
    """A neuron of scalars."""

    def __init__(self, size: int, rng: np.random.Generator) -> None:
        self.w = [Value(x) for x in rng.uniform(-1, 1, size).tolist()]
        self.b = Value(0.0)

    def __call__(self, x: list[Any]) -> Any:
        total = self.b
        for w, part in zip(self.w, x, strict=True):
            total = total + w * part
        return total.tanh()


class ScalarNet:
    """micrograd's kind of network."""

    def __init__(self, *sizes: int) -> None:
        rng = np.random.default_rng(0)
        pairs = pairwise(sizes)
        self.layers = [[Neuron(a, rng) for _ in range(b)] for a, b in pairs]

    def __call__(self, x: list[Any]) -> list[Any]:
        for layer in self.layers:
            x = [neuron(x) for neuron in layer]
        return x


def network_loss() -> tuple[Value, Net]:
    """A mean squared error after backward, and its network."""
    rng = np.random.default_rng(1)
    net = Net(4, 8, 8, 8, 3)
    x, y = rng.normal(size=(16, 4)), rng.normal(size=(16, 3))
    loss = ((net(x) - y) ** 2).mean()
    loss.backward()
    return loss, net


def large_loss(samples: int = 7) -> tuple[Value, ScalarNet]:
    """About 1,460 nodes for each sample."""
    rng = np.random.default_rng(2)
    net = ScalarNet(8, 16, 16, 16, 1)
    total = Value(0.0)
    for _ in range(samples):
        total = total + (net(rng.normal(size=8).tolist())[0] - 1.0) ** 2
    total.backward()
    return total, net


def long_chain(length: int) -> Value:
    """A graph as deep as it is long."""
    x = Value(0.5, label="start")
    for _ in range(length):
        x = x.tanh() + 0.1
    return x
