"""The graphs whose pages are opened in the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import Value, graph
from autograd.views.computation_graph import Graph
from tests.views.cases import ScalarNet, large_loss, network_loss, scalar_example
from tests.views.test_formats import odd_graph


def scalar() -> Graph:
    o, _ = scalar_example()
    return graph(o)


def network() -> Graph:
    loss, net = network_loss()
    return graph(loss, names={"net": net})


def large() -> Graph:
    total, net = large_loss()
    return graph(total, names={"net": net})


def scalar_network() -> Graph:
    net = ScalarNet(2, 3, 1)
    loss = (net([0.5, -1.0])[0] - 1.0) ** 2
    loss.backward()
    return graph(loss, names={"net": net})


def transformer() -> Graph:
    """A block with two heads, written by hand: about 70 operations."""
    rng = np.random.default_rng(0)
    width, words, heads = 8, 5, 2
    weights = {
        name: Value(rng.normal(size=(width, width)) * 0.3, label=name)
        for name in ("Wq", "Wk", "Wv", "Wo")
    }
    w1 = Value(rng.normal(size=(width, 16)) * 0.3, label="W1")
    w2 = Value(rng.normal(size=(16, width)) * 0.3, label="W2")
    scale = [Value(np.ones(width), label=f"g{i}") for i in range(3)]

    def norm(x: Any, g: Value) -> Any:
        centred = x - x.mean(axis=-1, keepdims=True)
        return g * centred / np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + 1e-5)

    def attention(x: Any) -> Any:
        q, k, v = x @ weights["Wq"], x @ weights["Wk"], x @ weights["Wv"]
        outputs = []
        for head in range(heads):
            part = slice(head * 4, head * 4 + 4)
            scores = q[:, part] @ k[:, part].T / 2.0
            powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
            outputs.append(powers / powers.sum(axis=-1, keepdims=True) @ v[:, part])
        return np.concatenate(outputs, axis=-1) @ weights["Wo"]

    x = Value(rng.normal(size=(words, width)), label="x")
    middle = x + attention(norm(x, scale[0]))
    y = norm(middle + np.tanh(norm(middle, scale[1]) @ w1) @ w2, scale[2])
    loss = ((y - rng.normal(size=y.shape)) ** 2).mean()
    loss.backward()
    return graph(loss)


def rnn() -> Graph:
    """A recurrent network of 50 steps."""
    rng = np.random.default_rng(0)
    w = Value(rng.normal(size=(4, 4)) * 0.4, label="W")
    u = Value(rng.normal(size=(3, 4)), label="U")
    b = Value(np.zeros(4), label="b")
    h: Any = np.zeros(4)
    for _ in range(50):
        h = np.tanh(rng.normal(size=3) @ u + h @ w + b)
    loss = (h**2).sum()
    loss.backward()
    return graph(loss)


def not_a_number() -> Graph:
    """An array with NaN in it, and its NaN loss."""
    x = Value(np.linspace(-1.0, 4.0, 20).reshape(4, 5), label="x")
    with np.errstate(all="ignore"):
        loss = np.log(x).sum()
        loss.backward()
    return graph(loss)


def relu() -> Graph:
    """A unit that a slider can kill and revive."""
    x, w, b = Value(1.5, label="x"), Value(0.8, label="w"), Value(-0.5, label="b")
    out = (x * w + b).relu() * 2.0
    out.label = "out"
    out.backward()
    return graph(out)


GRAPHS: dict[str, Callable[[], Graph]] = {
    "scalar": scalar,
    "network": network,
    "large": large,
    "odd": lambda: graph(odd_graph()),
    "mlp": scalar_network,
    "transformer": transformer,
    "rnn": rnn,
    "nan": not_a_number,
    "relu": relu,
}
