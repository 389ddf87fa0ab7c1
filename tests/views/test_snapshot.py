"""The snapshot of a graph: its numbers, and the backward that is replayed from them."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from autograd import Value, custom_vjp, defvjp, graph, primitive
from tests.views.cases import long_chain, network_loss, scalar_example


def test_numbers_are_those_of_the_engine() -> None:
    o, v = scalar_example()
    snapshot = graph(o).snapshot
    for node, value in zip(snapshot.nodes, snapshot.values, strict=True):
        assert node.value == value.data
        assert node.grad == value.grad
    assert {n.name for n in snapshot.nodes if not n.op} == set(v)


@pytest.mark.parametrize("case", [scalar_example, network_loss])
def test_replayed_backward_ends_at_the_stored_gradients(case) -> None:  # type: ignore[no-untyped-def]
    root, _ = case()
    g = graph(root)
    assert not g.flow.problem and not g.flow.stale
    for node in g.snapshot.nodes:
        stored, received = node.grad, g.flow.received[node.id]
        norms = [x if isinstance(x, float) else x.norm for x in (stored, received)]
        assert math.isclose(norms[0], norms[1], rel_tol=1e-12)


def test_each_step_adds_upstream_times_local() -> None:
    o, _ = scalar_example()
    g = graph(o)
    assert len(g.flow.steps) == len(g.snapshot.edges)
    for step in g.flow.steps:
        local = g.snapshot.edges[step.edge].local
        assert math.isclose(step.contribution, step.upstream * local, abs_tol=1e-15)
        assert math.isclose(step.after, step.before + step.contribution, abs_tol=1e-15)


def test_accumulation_is_shown() -> None:
    a = Value(3.0)
    b = a + a
    b.backward()
    before_after = [(s.before, s.after) for s in graph(b).flow.steps]
    assert before_after == [(0.0, 1.0), (1.0, 2.0)]
    assert graph(b).explain("a") == "grad(a) = 1*1 + 1*1 = 2.0000"


def test_gradient_not_computed_differs_from_zero() -> None:
    x = Value(1.0)
    y = x * 0.0
    assert graph(y).snapshot.nodes[0].grad is None
    y.backward()
    assert graph(y).snapshot.nodes[0].grad == 0.0


def test_json_is_strict_with_nan_and_infinity() -> None:
    x = Value(np.array([0.0, np.nan, np.inf]))
    with np.errstate(all="ignore"):
        y = (x * Value(math.inf)).sum()
        y.backward()
    text = graph(y).json()
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert '"NaN"' in text and '"Infinity"' in text


def test_array_edges_say_what_is_done() -> None:
    loss, net = network_loss()
    texts = [e.text for e in graph(loss, names={"net": net}).snapshot.edges]
    assert "g @ w.T" in texts
    assert "g.sum(axis=0)" in texts
    assert any(" .. " in t for t in texts)


def test_backward_order_is_newest_first() -> None:
    o, _ = scalar_example()
    nodes = graph(o).snapshot.nodes
    orders = [n.order for n in nodes if n.op]
    assert orders == list(range(len(orders), 0, -1))


def test_sharing_and_depth_cost_nothing() -> None:
    x = Value(1.0)
    for _ in range(60):
        x = x * x
    assert len(graph(x).snapshot.nodes) == 61
    assert len(graph(x).snapshot.edges) == 120
    deep = graph(long_chain(25_000))
    assert len(deep.snapshot.nodes) == 50_001
    assert len(deep.text().splitlines()) < 300
    assert len(deep.mermaid()) < 100_000


def test_several_roots_and_functions() -> None:
    x = Value(2.0)
    y, z = x * 3.0, x + 1.0
    g = graph([y, z])
    assert [g.snapshot.nodes[i].name for i in g.snapshot.roots] == ["y", "z"]

    def f(a: Value, w: Value) -> Value:
        inner = a * w
        return inner.tanh()

    drawn = graph(f, 0.5, 2.0)
    assert {"a", "w", "inner"} <= {n.name for n in drawn.snapshot.nodes}
    assert all(n.grad is not None for n in drawn.snapshot.nodes)
    assert all(f"{__file__}:" in n.source for n in drawn.snapshot.nodes if n.op)
    more = graph(f, 0.5, 2.0, create_graph=True)
    assert {"d/da", "d/dw"} <= {n.name for n in more.snapshot.nodes}


def test_drawing_a_function_leaves_the_arguments_alone() -> None:
    x = Value(2.0)
    graph(lambda v: v * v, x)
    assert x._grad is None
    outside = Value(3.0)
    outside.grad = 7.0
    drawn = graph(lambda v: v * outside, 2.0)
    assert outside.grad == 7.0
    assert drawn.explain("v") == "grad(v) = 1*3 = 3.0000"
    assert [n.grad for n in drawn.snapshot.nodes if n.serial == outside.serial] == [2.0]


def test_a_rule_is_asked_once_for_all_its_contributions() -> None:
    calls = []

    def backward(saved: object, g: float) -> tuple[float, ...]:
        calls.append(g)
        return 2.0 * g, 3.0 * g, 4.0 * g

    weighted = custom_vjp(lambda a, b, c: (2 * a + 3 * b + 4 * c, None), backward)
    y = weighted(Value(1.0), Value(1.0), Value(1.0))
    g = graph(y)
    assert [e.local for e in g.snapshot.edges] == [2.0, 3.0, 4.0]
    assert calls == [1.0]


def test_one_broken_rule_leaves_the_others_of_its_node() -> None:
    @primitive
    def pair(a: float, b: float) -> float:
        return a * b

    def broken(ans: object, a: object, b: object) -> object:
        raise LookupError("no rule for b")

    defvjp(pair, lambda ans, a, b: lambda g: g * b, broken)
    edges = graph(pair(Value(2.0), Value(5.0))).snapshot.edges
    assert edges[0].local == 5.0
    assert edges[1].phrase == "undefined (LookupError)"


def test_an_argument_without_derivative_is_constant() -> None:
    @primitive
    def first(a: float, b: float) -> float:
        return 1.0 * a

    defvjp(first, lambda ans, a, b: lambda g: g, None)
    texts = [e.text for e in graph(first(Value(2.0), Value(5.0))).snapshot.edges]
    assert texts == ["1", "0, constant here"]


def test_a_stale_leaf_is_noticed() -> None:
    w = Value(np.ones(3))
    y = (w * w).sum()
    g = graph(y)
    w.data[0] = 5.0
    assert g.flow.stale


@pytest.mark.parametrize("thing", [3.0, "x", [], None])
def test_things_without_a_graph(thing: object) -> None:
    with pytest.raises(TypeError, match=r"graph needs a Value|returned no Value"):
        graph(thing)  # type: ignore[arg-type]


def test_unknown_nodes_are_named() -> None:
    o, _ = scalar_example()
    with pytest.raises(KeyError, match="did you mean"):
        graph(o).focus("x3")
    with pytest.raises(KeyError, match="not part of the graph"):
        graph(o).focus(Value(1.0))


def test_complex_and_odd_data() -> None:
    z = Value(1.0 + 2.0j)
    y = abs(z * z)
    y.backward()
    g = graph(y)
    assert "j" in g.text()
    json.loads(g.json())
    empty = Value(np.zeros((0, 3))).sum()
    assert "empty" in graph(empty).text()


def test_a_complex_derivative_is_no_range_of_magnitudes() -> None:
    z = Value(np.array([1.0 + 2.0j, 3.0]), label="z")
    first, second = graph((z * z).sum()).snapshot.edges[:2]
    assert first.text == second.text == "g * z"


def test_an_index_is_written_as_in_the_program() -> None:
    w = Value(np.arange(12.0).reshape(3, 4), label="w")
    texts = {
        "w[1]": w[1],
        "w[0, 1:3]": w[0, 1:3],
        "w[..., ::2]": w[..., ::2],
        "w[:, None, array]": w[:, None, [0, 2]],
    }
    for text, v in texts.items():
        v.label = "y"
        assert str(v.graph()).splitlines()[0].startswith(f"y = {text} ")
