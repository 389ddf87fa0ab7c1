"""What nodes are called: variables of the caller, paths through modules, labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import nn
from autograd import Value, graph
from autograd.views.summary import columns, cut
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


def test_results_without_a_name_are_called_by_their_expression() -> None:
    a, b = Value(2.0), Value(3.0)
    y = ((a * b - 1.0) / b).tanh()
    assert {"a", "b", "y", "a*b", "a*b - 1", "(a*b - 1)/b"} == names(graph(y))
    long = [Value(float(k)) for k in range(3)]
    total = (long[0] * long[1] * long[2]).tanh()
    g = graph(total)
    assert {"long[0]*long[1]", "multiply#4", "total"} <= names(g)
    assert all(len(name) <= 18 for name in names(g))
    assert g.focus("#0").drawing().cards  # numbers still find a node


def test_a_name_written_from_right_to_left_does_not_turn_the_text_around_it() -> None:
    shalom = "\u05e9\u05dc\u05d5\u05dd"
    x = Value(2.0, label=shalom)
    y = x * 3.0
    g = graph(y)
    isolated = f"\u2068{shalom}\u2069"
    label = g.drawing().arrows[0].label
    assert label == f"dy/d{isolated} = 3"
    assert g.snapshot.edges[0].texts is not None
    assert f"dy/d{isolated} 3" in g.text(ascii=False)
    assert g.explain(shalom) == f"grad({isolated}) = 1*3 = 3.0000"
    assert f'"{shalom}"'.encode("ascii", "backslashreplace").decode() in g.json()
    lines = g.text(ascii=False).splitlines()
    assert [line.replace("\u2068", "").replace("\u2069", "").rindex(".") for line in lines[1:]] == [
        lines[1].rindex(".")
    ] * 2
    assert g.text(ascii=True).isascii()
    long = "\u2068" + "\u05d0" * 50 + "\u2069"
    short = cut(long, 10)
    assert columns(short) <= 10 and short.count("\u2068") == short.count("\u2069")


def test_arrays_of_the_program_are_called_by_their_names() -> None:
    inputs, w = np.ones((4, 3)), Value(np.ones((3, 2)), label="w")
    y = inputs @ w
    (edge,) = graph(y).snapshot.edges
    assert edge.text == "inputs.T @ g"

    def f(w: Value) -> Value:
        batch = inputs * 2.0
        return batch @ w

    assert graph(f, np.ones((3, 2))).snapshot.edges[0].text == "batch.T @ g"
