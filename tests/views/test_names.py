"""What nodes are called: variables of the caller, paths through modules, labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import nn
from autograd import Value, graph
from nn.module import Module
from tests.views.cases import Net, network_loss


def names(g) -> set[str]:  # type: ignore[no-untyped-def]
    return {n.name for n in g.snapshot.nodes}


def test_variables_of_the_caller() -> None:
    first = Value(1.0)
    second = Value(2.0, label="labelled")
    items = [Value(3.0)]
    table = {"k": Value(4.0)}
    total = first + second + items[0] + table["k"]
    assert {"first", "labelled", "items[0]", "table['k']", "total"} <= names(total.graph())


def test_module_paths_and_boxes() -> None:
    loss, net = network_loss()
    g = graph(loss)
    assert {"net.layers.0.w", "net.layers.3.b"} <= names(g)
    titles = [box.title for box in g.groups.boxes]
    assert titles[:3] == ["", "net", "net.layers.0"]
    assert all(n.path for n in g.snapshot.nodes if n.op == "tanh")
    del net


def test_given_names_win() -> None:
    loss, model = network_loss()
    assert "given.layers.0.w" in names(graph(loss, names={"given": model}))


def test_dataclasses_and_labels_with_dots() -> None:
    @dataclass
    class Pair:
        w: Value
        b: Value

    pair = Pair(Value(1.0), Value(2.0))
    y = pair.w * 3.0 + pair.b
    assert {"pair.w", "pair.b"} <= names(graph(y))
    a, b = Value(1.0, label="mlp.layers.0.w"), Value(2.0, label="mlp.layers.0.b")
    z = a * b
    assert graph(z).snapshot.nodes[2].path == ("mlp", "layers.0")


def test_modules_of_the_library() -> None:
    class Line(Module):
        def __init__(self) -> None:
            self.w = Value(np.ones((2, 1)))
            self.b = Value(np.zeros(1))

    line = Line().named("line")
    y = (np.ones((3, 2)) @ line.w + line.b).sum()
    g = graph(y)
    assert {"line.w", "line.b"} <= names(g)
    assert "line" in [box.title for box in g.groups.boxes]


def test_hostile_variables_do_no_harm() -> None:
    class Trap:
        def __init__(self) -> None:
            self.me = self

        @property
        def boom(self) -> None:
            raise AssertionError("a property was run")

        def __getattr__(self, name: str) -> None:
            raise AssertionError("an attribute was made up")

    trap = Trap()
    loop: list[object] = []
    loop.append(loop)
    x = Value(1.0)
    y = x + 1.0
    assert {"x", "y"} <= names(graph(y))
    del trap, loop


def test_an_older_picture_is_not_searched() -> None:
    old = Net(2, 2)
    y = (old(np.ones((1, 2)))).sum()
    picture = graph(y)
    again = graph(y)
    assert not any(name.startswith("picture") for name in names(again))
    del picture


def test_variables_inside_the_library_give_no_names() -> None:
    def f(scores: Value) -> Value:
        shares = nn.softmax(scores)
        return shares[0]

    drawn = graph(f, np.ones(3))
    known = {n.name for n in drawn.snapshot.nodes if n.named}
    assert known == {"scores", "shares"}
    own = {n.source.rpartition(":")[0] for n in drawn.snapshot.nodes if n.op}
    assert own == {__file__}
