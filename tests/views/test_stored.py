"""Stored gradients that are not those of the backward that is drawn are said to be so."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import Value, graph
from autograd.views.stored import OTHER
from tests.views.cases import network_loss


def remarks(g) -> dict[str, str]:  # type: ignore[no-untyped-def]
    return {g.snapshot.nodes[i].name: text for i, text in g.remarks.items()}


@pytest.mark.parametrize("start", [2.0, np.array([1.0, -2.0])])
def test_gradients_of_several_passes_are_counted(start: object) -> None:
    x = Value(start)
    for passes in range(1, 4):
        y = (x * x).sum() if isinstance(start, np.ndarray) else x * x
        y.backward()
        expected = {} if passes == 1 else {"x"}
        assert set(remarks(graph(y))) == set(expected)
    assert remarks(graph(y))["x"].startswith("3 passes of ")
    assert "zero_grad?" in graph(y).text()
    assert any("zero_grad?" in text for text, _ in graph(y).drawing().cards["n0"].rows)
    if not isinstance(start, np.ndarray):
        assert remarks(graph(y)) == {"x": "3 passes of 4: zero_grad?"}


def test_a_gradient_of_another_graph_is_not_counted() -> None:
    x = Value(2.0)
    (x * 5.0).backward()
    y = x * x
    y.backward()
    assert remarks(graph(y)) == {"x": OTHER}


def test_only_leaves_add_up_over_passes() -> None:
    x = Value(2.0)
    h = x * 3.0
    y = h * 5.0
    y.backward()
    h.grad = 10.0
    assert remarks(graph(y)) == {"h": OTHER}


def test_a_gradient_of_zero_that_another_pass_left() -> None:
    x = Value(2.0)
    y = x * 0.0
    y.backward()
    assert remarks(graph(y)) == {}
    x.grad = 3.0
    assert remarks(graph(y)) == {"x": OTHER}


def test_several_roots_one_pass_each() -> None:
    x = Value(2.0)
    y, z = x * 3.0, x + 1.0
    g = graph([y, z])
    assert [(p.root, p.first, p.count) for p in g.flow.passes] == [(1, 0, 1), (2, 1, 1)]
    assert [s.after for s in g.flow.steps] == [3.0, 1.0]
    assert [s.before for s in g.flow.steps] == [0.0, 0.0]
    assert g.explain("x") == "from y: grad(x) = 1*3 = 3.0000\nfrom z: grad(x) = 1*1 = 1.0000"
    y.backward()
    assert remarks(graph([y, z])) == {}
    z.backward()
    assert remarks(graph([y, z])) == {}  # a leaf adds up over both
    z.backward()
    assert remarks(graph([y, z])) == {"x": OTHER}


@pytest.mark.parametrize("start", [2.0, np.array([1.0, -2.0])])
def test_a_step_of_an_optimiser_after_backward_is_said_once(start: object) -> None:
    w = Value(start, label="w")
    loss = ((w * 3.0) ** 2).sum() if isinstance(start, np.ndarray) else (w * 3.0) ** 2
    loss.backward()
    assert graph(loss).findings.items == []
    w.data -= 0.1 * w.grad
    g = graph(loss)
    assert g.remarks == {}
    assert [f.kind for f in g.findings.items] == ["changed"]
    assert "an optimiser's step?" in g.text().replace("\n", " ")
    assert not g.findings.items[0].serious


@pytest.mark.parametrize("start", [2.0, np.array([1.0, -2.0])])
def test_a_step_after_the_picture_says_nothing(start: object) -> None:
    w = Value(start, label="w")
    loss = ((w * w) ** 2).sum() if isinstance(start, np.ndarray) else (w * w) ** 2
    loss.backward()
    g = graph(loss)
    w.data -= 0.01 * w.grad
    assert g.remarks == {} and g.findings.items == []
    assert "not of this pass" not in g.text()


def test_a_gradient_that_was_set_by_hand_is_no_change_of_a_leaf() -> None:
    w = Value(2.0)
    loss = (w * 3.0) ** 2
    loss.backward()
    w.grad = 1.0
    assert not graph(loss).changed and remarks(graph(loss)) == {"w": OTHER}


def test_many_roots_are_cut_and_it_says_so() -> None:
    x = Value(np.ones(20))
    g = graph([x[i] for i in range(20)])
    assert len(g.flow.passes) == 8
    assert g.flow.note == "backward is shown from the first 8 of 20 roots"


def test_a_function_of_several_results_shows_the_gradients_of_the_first() -> None:
    g = graph(lambda x: (x * 3.0, x * 5.0), 2.0)
    assert g.snapshot.nodes[0].grad == 3.0
    assert [p.received[0] for p in g.flow.passes] == [3.0, 5.0]


def test_with_create_graph_the_passes_are_not_mixed() -> None:
    g = graph(lambda x: x * x * x, 2.0, create_graph=True)
    x = g.snapshot.nodes[0]
    assert x.grad == 12.0  # of y; the derivative of the derivative is 12 too, at another root
    first, second = g.flow.passes[:2]
    assert [first.received[0], second.received[0]] == [12.0, 12.0]
    names = {n.name: n for n in g.snapshot.nodes}
    assert names["d/dx"].grad is None and names["d/dx"].value == 12.0
    forward = {first.root, *(g.snapshot.edges[s.edge].source for s in g.flow.steps_of(first))}
    assert all((n.grad is not None) == (n.id in forward) for n in g.snapshot.nodes)
    assert g.remarks == {}


def test_gradients_of_a_first_pass_are_not_those_of_the_second() -> None:
    x = Value(2.0)
    y = x * x * x
    y.backward(create_graph=True)
    slope = x.grad
    g = graph(slope)
    assert g.flow.received[0] == 12.0
    changed = graph(slope * 1.0)
    assert {"x"} <= set(remarks(changed)) or changed.snapshot.nodes[0].grad == 12.0


def test_a_network_after_one_backward_has_no_remarks() -> None:
    loss, _ = network_loss()
    assert graph(loss).remarks == {}
