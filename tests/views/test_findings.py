"""What a picture says is wrong: where NaN begins, dead units, gradients that vanish."""

from __future__ import annotations

import json

import numpy as np
import pytest

import autograd
from autograd import Value, graph, relu
from tests.views.cases import Net, scalar_example


def kinds(g) -> list[str]:  # type: ignore[no-untyped-def]
    return [f.kind for f in g.findings.items]


def test_nothing_wrong_says_nothing() -> None:
    o, _ = scalar_example()
    assert graph(o).findings.items == []


def test_where_nan_begins() -> None:
    p = Value(-1.0)
    with np.errstate(all="ignore"):
        q = p * 2.0
        r = np.log(q)
        s = r + 1.0
    g = graph(s)
    assert kinds(g) == ["NaN"]
    assert "NaN begins at r (log)" in g.findings.items[0].text
    assert "q = -2.0000" in g.findings.items[0].text
    assert "! NaN" in g.text() or "NaN" in g.text()


def test_infinite_gradient_is_found() -> None:
    x = Value(np.array([0.0, 1.0]))
    with np.errstate(all="ignore"):
        y = np.sqrt(x).sum()
        y.backward()
    g = graph(y)
    assert any("gradient becomes inf at x" in f.text for f in g.findings.items)
    assert "bad" in g.drawing().cards["n0"].classes


def test_one_inactive_sample_is_no_dead_unit() -> None:
    x = Value(-1.2)
    y = relu(x) * 3.0
    y.backward()
    assert kinds(graph(y)) == ["inactive ReLU"]
    assert not graph(y).findings.items[0].serious
    assert "0 for this input, -1.2000" in graph(y).text()
    assert "! " not in graph(y).text()


@pytest.mark.parametrize(("weight", "kind"), [(-1.0, ["dead ReLU"]), (1.0, [])])
def test_a_unit_of_numbers_is_dead_where_it_is_inactive_for_every_sample(
    weight: float, kind: list[str]
) -> None:
    w, b = Value(weight), Value(-0.5)
    out = sum([relu(w * x + b) for x in (0.2, 1.0, 3.0)], Value(0.0))
    out.backward()
    g = graph(out)
    assert [k for k in kinds(g) if k == "dead ReLU"] == kind
    if kind:
        assert "0 for all 3 samples" in g.findings.items[0].text


def test_samples_may_be_values_where_the_weights_are_known() -> None:
    class Unit:
        def __init__(self) -> None:
            self.w = Value(-1.0)

    unit = Unit()
    samples = [Value(1.0), Value(2.0)]
    out = relu(unit.w * samples[0]) + relu(unit.w * samples[1])
    assert kinds(graph(out)) == ["dead ReLU"]


def test_units_of_one_sample_are_not_taken_for_samples_of_one_unit() -> None:
    x = Value(1.0)
    h = [relu(x * Value(-1.0)), relu(x * Value(-2.0))]
    assert kinds(graph(h[0] + h[1])) == ["inactive ReLU", "inactive ReLU"]


def test_one_row_of_units_is_not_dead() -> None:
    z = relu(Value(-np.ones((1, 3)))).sum()
    assert kinds(graph(z)) == ["inactive ReLU"]


def test_dead_units_of_a_batch() -> None:
    rng = np.random.default_rng(0)
    h = Value(rng.normal(size=(8, 5)) - np.array([100.0, 0, 0, 100.0, 0]))
    z = relu(h).sum()
    z.backward()
    assert any("2 of 5 units are 0 for all 8 rows" in f.text for f in graph(z).findings.items)


@pytest.mark.parametrize("rectify", [np.maximum, np.fmax, np.minimum])
def test_the_larger_or_smaller_of_a_value_and_zero_is_a_rectifier(rectify) -> None:  # type: ignore[no-untyped-def]
    x = Value(5.0 if rectify is np.minimum else -5.0)
    y = rectify(x, 0.0) * 3.0
    y.backward()
    assert kinds(graph(y)) == ["inactive ReLU"]
    assert kinds(graph(rectify(x, 1e3) * 0.0)) == []


@pytest.mark.parametrize(("f", "at"), [(np.tanh, 40.0), (autograd.sigmoid, 800.0)])
def test_a_saturated_activation_is_named(f, at: float) -> None:  # type: ignore[no-untyped-def]
    x = Value(at)
    h = f(x)
    h.backward()
    assert "(zero: h is saturated at 1)" in graph(h).text(ascii=True)


@pytest.mark.parametrize(("scale", "kind"), [(0.05, "vanishing"), (60.0, "exploding")])
def test_gradients_along_the_layers(scale: float, kind: str) -> None:
    net = Net(4, *[6] * 6, 1)
    net_call = net.layers
    for layer in net_call:
        layer.w.data = layer.w.data * scale
    x: object = np.random.default_rng(0).normal(size=(5, 4)) * 0.01
    for layer in net_call:
        x = layer(x)
    loss = x.sum()  # type: ignore[attr-defined]
    loss.backward()
    g = graph(loss)
    assert kind in kinds(g)
    assert len(g.findings.layers) == 7


def test_vanishing_along_a_chain_without_modules() -> None:
    x = Value(3.0)
    y = x
    for _ in range(12):
        y = (y * 2.0).tanh()
    y.backward()
    assert "vanishing" in kinds(graph(y))


def test_zero_gradients_give_their_reason() -> None:
    a, b = Value(0.0), Value(2.0)
    c = a * b
    c.backward()
    text = graph(c).text(ascii=True)
    assert "(zero: a = 0)" in text


def test_marks_show_on_node_and_edge_in_every_format() -> None:
    o, v = scalar_example()
    op = next(n for n in graph(o).snapshot.values if n.op is not None)
    g = graph(o, mark={(op, 0): "backward -3.0, numeric -6.0", "b": "look here"})
    for text in (g.text(), g.svg(), g.dot(), g.html(), g.json()):
        assert "look here" in text
        assert "backward -3.0, numeric -6.0" in text
    assert "look here" in g.mermaid()
    by_serial = graph(o, mark={v["w1"].serial: "mine"})
    assert list(by_serial.snapshot.notes.values()) == ["mine"]
    with pytest.raises(KeyError):
        graph(o, mark={"nobody": "x"})


def test_errors_of_debug_are_drawn_with_the_operation_marked() -> None:
    p = Value(0.0, label="p")
    with (
        np.errstate(all="ignore"),
        pytest.raises(FloatingPointError) as caught,
        autograd.debug(),
    ):
        (p * 1.0).log()
    g = graph(caught.value)
    assert "log yields -inf" in g.text()
    assert any(n.source for n in g.snapshot.nodes)
    with pytest.raises(TypeError, match="names no node"):
        graph(ValueError("other"))


def test_a_report_of_the_gradient_checker_is_drawn() -> None:
    broken = autograd.custom_vjp(lambda x: (np.tanh(x), None), lambda _, g: g)
    report = autograd.gradcheck(lambda x: (broken(x) * x).sum(), np.array([0.5, -1.0]))
    assert not report
    report.marks = report.marks or {report.graph.serial: "guilty"}
    g = graph(report)
    assert "! " in g.text(ascii=True)


def test_a_drawing_names_the_rule_of_the_user_by_file_and_line() -> None:
    @autograd.primitive
    def cube(x):  # type: ignore[no-untyped-def]
        return x**3

    autograd.defvjp(cube, lambda ans, x: lambda g: g * 3 * x**2)
    line = cube.__wrapped__.__code__.co_firstlineno + 4
    y = cube(Value(np.ones(2)))
    g = graph(y)
    place = f"test_findings.py:{line}"
    (edge,) = g.snapshot.edges
    assert edge.rule == f"{__file__}:{line}"
    assert f"vjp of cube ({place})" in g.text()
    assert f"{__file__}:{line}" in g.html() and f"{__file__}:{line}" in g.svg()
    assert json.loads(g.json())["edges"][0]["rule"] == edge.rule
    for text in (g.text(), g.html(), g.svg(), g.json(), g.dot()):
        assert "extend.py" not in text
    assert all(e.rule == "" for e in graph(Value(2.0) * Value(3.0)).snapshot.edges)


def test_the_pair_of_a_custom_vjp_is_named_by_its_backward() -> None:
    double = autograd.custom_vjp(lambda x: (2 * x, None), lambda _, g: 2 * g)
    edge = graph(double(Value(np.ones(2)))).snapshot.edges[0]
    line = double.backward.__code__.co_firstlineno
    assert edge.rule == f"{__file__}:{line}"


def test_the_source_of_a_custom_operation_is_the_line_that_calls_it() -> None:
    @autograd.primitive
    def total(x):  # type: ignore[no-untyped-def]
        return np.sum(x)

    autograd.defvjp(total, lambda ans, x: lambda g: g * np.ones_like(x))

    def f(x):  # type: ignore[no-untyped-def]
        return total(x)

    (node,) = [n for n in graph(f, np.ones(3)).snapshot.nodes if n.op]
    assert node.source == f"{__file__}:{f.__code__.co_firstlineno + 1}"


def test_a_rule_that_raises_is_shown_instead_of_raised() -> None:
    @autograd.custom_vjp
    def broken(x):  # type: ignore[no-untyped-def]
        return x * 2.0

    def backward(*_: object) -> None:
        raise LookupError("this rule is broken")

    broken.defvjp(lambda x: (x * 2.0, x), backward)
    x = Value(1.0)
    y = broken(x)
    g = graph(y)
    line = backward.__code__.co_firstlineno
    assert f"undefined (LookupError) (test_findings.py:{line})" in g.text()
    assert f"this rule is broken ({__file__}:{line + 1} in backward" in g.flow.problem
    assert "this rule is broken" in g.html()
