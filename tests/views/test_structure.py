"""Boxes that follow the program: the user's functions, modules, and loops that are rolled up."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Value, graph
from autograd.views import Graph
from tests.views.cases import Net


def norm(x: Any, gain: Any) -> Any:
    mean = x.mean(axis=-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + 1e-5) * gain


def attention(x: Any, p: Any) -> Any:
    q, k, v = x @ p["q"], x @ p["k"], x @ p["v"]
    scores = q @ k.T / 2.0
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True) @ v


def mlp(x: Any, p: Any) -> Any:
    return np.maximum(x @ p["w1"], 0.0) @ p["w2"]


def block(x: Any, p: Any) -> Any:
    x = x + attention(norm(x, p["gain"]), p)
    return x + mlp(norm(x, p["gain"]), p)


def transformer(x: Any, layers: Any) -> Any:
    for p in layers:
        x = block(x, p)
    return (x**2).mean()


def transformer_graph(layers: int) -> Graph:
    """A hand-written transformer, without any module."""
    rng = np.random.default_rng(0)
    sizes = {"q": (4, 4), "k": (4, 4), "v": (4, 4), "w1": (4, 8), "w2": (8, 4), "gain": (4,)}
    parameters = [{name: rng.normal(size=s) for name, s in sizes.items()} for _ in range(layers)]
    return graph(transformer, rng.normal(size=(3, 4)), parameters)


def boxes(g: Graph) -> dict[str, str]:
    """Titles and kinds."""
    return {box.title: box.kind for box in g.groups.boxes if box.title}


def recurrent(steps: int, first: Any) -> Value:
    """A recurrent network, written as a loop."""
    rng = np.random.default_rng(0)
    w, u, b = (Value(rng.normal(size=s) / 2) for s in [(4, 4), (3, 4), (4,)])
    h = first
    for _ in range(steps):
        h = np.tanh(rng.normal(size=(2, 3)) @ u + h @ w + b)
    loss = (h * h).sum()
    loss.backward()
    return loss


def test_a_transformer_shows_its_functions() -> None:
    found = boxes(transformer_graph(2))
    expected = ["attention", "mlp", "norm 1", "norm 2"]
    for k in (1, 2):
        assert {f"block {k}.{name}" for name in expected} <= set(found)
    assert set(found.values()) == {"function"}


def test_blocks_that_repeat_are_one_box_with_what_they_hand_on() -> None:
    g = transformer_graph(4)
    (repeat,) = [box for box in g.groups.boxes if box.kind == "repeat"]
    assert repeat.title == "block  x 4"
    names = {g.snapshot.nodes[node].op for node, _ in repeat.carried}
    assert names == {"add"}


def test_parameters_stand_in_the_function_that_uses_them() -> None:
    g = transformer_graph(1)
    home = {n.name: g.groups.boxes[g.groups.home[n.id]].title for n in g.snapshot.nodes}
    assert home["layers[0]['q']"] == "block.attention"
    assert home["layers[0]['gain']"] == "block"  # both norms use it


def test_functions_of_one_operation_and_those_without_a_name_are_no_boxes() -> None:
    def twice(x: Any) -> Any:
        return x * 2.0

    g = graph(lambda x: [twice(part) for part in (x, x + 1.0)][1] * 3.0, 1.0)
    assert boxes(g) == {}


def test_a_function_keeps_its_boxes_where_it_calls_itself() -> None:
    def power(x: Any, n: int) -> Any:
        return x if n == 0 else x * power(x, n - 1) + 0.1

    g = graph(power, 0.9, 40)
    assert max(len(g.groups.chain(box.key)) for box in g.groups.boxes) <= 20


@pytest.mark.parametrize("steps", [12, 50])
@pytest.mark.parametrize(
    "first", [np.zeros((2, 4)), Value(np.zeros((2, 4)))], ids=["array", "leaf"]
)
def test_a_loop_is_rolled(steps: int, first: Any) -> None:
    g = graph(recurrent(steps, first))
    (repeat,) = [box for box in g.groups.boxes if box.kind == "repeat"]
    assert repeat.title == f"step x {steps}"
    assert len(repeat.children) == steps
    ((node, user),) = repeat.carried
    assert (g.snapshot.nodes[node].op, g.snapshot.nodes[user].op) == ("tanh", "matmul")
    assert sorted(i for box in g.groups.boxes for i in box.nodes) == list(
        range(len(g.snapshot.nodes))
    )


def test_a_rolled_loop_is_drawn_as_one_step_with_an_arrow_around_it() -> None:
    g = graph(recurrent(50, Value(np.zeros((2, 4)))))
    drawing = g.drawing()
    (loop,) = [arrow for arrow in drawing.arrows if "loop" in arrow.classes]
    assert loop.label == "to the next step x 49"
    tail, head = (g.snapshot.nodes[int(key[1:])] for key in (loop.tail, loop.head))
    assert (tail.op, head.op) == ("tanh", "matmul")
    (frame,) = drawing.frame.frames
    assert frame.title.startswith("step x 50") and len(frame.cards) == 9  # 5 operations, 4 leaves
    ends = [(a.tail, a.head) for a in drawing.arrows if "loop" not in a.classes]
    assert len(drawing.cards) == 11 and len(ends) == 11  # h * h has two
    assert "constraint=false" in g.dot() and "loop" in g.svg()


def test_leaves_of_the_steps_are_drawn_once() -> None:
    """Each step has a weight of its own, the first one a bias too: both stay visible."""
    weights, b = [Value(float(k) + 1.0) for k in range(20)], Value(0.5, label="b")
    total = b
    for k, w in enumerate(weights):
        total = total + w * (0.1 * k)
    total = total.tanh() + sum([Value(1.0, label=f"x{k}") for k in range(50)], Value(0.0))
    g = graph(total, names={"weights": weights})
    drawn = {g.snapshot.nodes[int(key[1:])].name for key in g.drawing().cards if key[0] == "n"}
    assert {"b", "weights[19]"} <= drawn
    assert not {f"weights[{k}]" for k in range(19)} & drawn


def test_unrolled_on_demand() -> None:
    g = graph(recurrent(12, np.zeros((2, 4))), fold=False)
    assert len(g.drawing().cards) == len(g.snapshot.nodes)
    assert not any("loop" in arrow.classes for arrow in g.drawing().arrows)


def test_operations_that_do_not_repeat_are_not_rolled() -> None:
    x = Value(0.3)
    for k in "012021012102012021020121":  # no part of it comes twice in a row
        x = [np.tanh, np.sin, np.arctan][int(k)](x * 0.5 + 1.0) + 0.1 * x
    assert "repeat" not in boxes(graph(x)).values()


def test_other_connections_are_other_steps() -> None:
    """The same operations in the same order, each time from another place."""
    x = Value(1.0)
    values = [x]
    for k in range(30):
        values.append(values[-1] * values[(k * k * 7) % len(values)])
    rolled = [box for box in graph(values[-1]).groups.boxes if box.kind == "repeat"]
    assert all(len(box.children) < 10 for box in rolled)


def activation_homes(g: Graph, op: str) -> set[tuple[str, ...]]:
    return {n.path for n in g.snapshot.nodes if n.op == op}


@pytest.mark.parametrize("draw", ["values", "function"])
def test_what_a_sequential_applies_stands_outside_its_layers(draw: str) -> None:
    model = nn.Sequential(nn.Linear(2, 3, seed=0), nn.relu, nn.Linear(3, 1, seed=1))

    def loss(x: Any) -> Any:
        return (model(x) ** 2).mean()

    x = np.ones((4, 2))
    g = graph(loss(x)) if draw == "values" else graph(loss, x)
    assert activation_homes(g, "relu") == {("model",)}
    assert {n.path for n in g.snapshot.nodes if n.op == "affine"} == {
        ("model", "layers.0"),
        ("model", "layers.2"),
    }
    assert activation_homes(g, "square") | activation_homes(g, "power") <= {()}


def test_labels_alone_leave_the_activation_of_an_array_outside() -> None:
    def made() -> Value:
        inner = nn.Sequential(nn.Linear(2, 3, seed=0), nn.tanh).named("mlp")
        return inner(np.ones((4, 2))).sum()

    assert activation_homes(graph(made()), "tanh") == {("mlp",)}


class Model:
    """Layers that a method of the model calls."""

    def __init__(self) -> None:
        self.first, self.second = nn.Linear(2, 3, seed=0), nn.Linear(3, 1, seed=1)

    def hidden(self, x: Any) -> Any:
        return np.tanh(self.first(x)) * 2.0

    def loss(self, x: Any) -> Any:
        return (self.second(self.hidden(x)) ** 2).mean()


def test_methods_and_the_layers_in_them_are_boxes() -> None:
    model = Model()
    for f in (model.loss, partial(model.loss), lambda x: model.loss(x)):
        g = graph(f, np.ones((4, 2)))  # type: ignore[arg-type]
        last = {title.rpartition(".")[2]: kind for title, kind in boxes(g).items()}
        assert last["hidden"] == "function"
        assert last["first"] == last["second"] == "module"
        assert {n.op for n in g.snapshot.nodes if n.path and n.path[-1] == "first"} == {
            "affine",
            "",
        }
        assert any(n.name.endswith("first.w") for n in g.snapshot.nodes)


def test_a_neuron_holds_the_relu_that_it_calls() -> None:
    mlp = nn.MLP(2, [2, 1], seed=0)
    assert activation_homes(graph(mlp([1.0, 2.0])), "relu") == {
        ("mlp", "layers.0", "neurons.0"),
        ("mlp", "layers.0", "neurons.1"),
    }


def test_a_network_that_calls_tanh_itself_holds_it() -> None:
    net = Net(2, 3, 1)
    y = net(np.ones((4, 2))).sum()
    assert activation_homes(graph(y), "tanh") == {("net",)}


def test_a_function_that_is_called_from_a_module_is_followed() -> None:
    def squash(x: Any) -> Any:
        return np.tanh(x)

    class Layer(nn.Module):
        def __init__(self) -> None:
            self.w = Value(np.ones((2, 2)))
            self.squash: Callable[[Any], Any] = np.tanh

        def __call__(self, x: Any) -> Any:
            return self.squash(x @ self.w)

    layer = Layer()
    assert activation_homes(graph(layer(np.ones((1, 2)))), "tanh") == {("layer",)}
    del squash
