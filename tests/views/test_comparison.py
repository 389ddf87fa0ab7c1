"""Two graphs side by side, one graph over time, and a function beside its claimed derivative."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Value, gradcheck, graph, record
from autograd.views.page_data import fields
from tests.views.cases import Net


def states(before: Value, after: Value) -> list[str]:
    found = graph(before).diff(graph(after)).difference
    assert found is not None
    return [change.state for change in found.changes]


def test_the_same_graph_has_no_changes() -> None:
    x = Value(2.0, label="x")
    y = (x * 3.0).tanh()
    assert states(y, y) == ["same"] * 3
    assert "0 of 3 nodes changed" in graph(y).diff(graph(y)).text()


def test_values_and_gradients_that_changed() -> None:
    x, w = Value(2.0, label="x"), Value(3.0, label="w")
    before = graph(x * w)
    w.data = 5.0
    y = x * w
    y.backward()
    found = before.diff(graph(y)).difference
    assert found is not None
    assert [c.state for c in found.changes] == ["grad", "both", "both"]
    assert found.changes[1].value == 3.0 and found.changes[1].grad is None
    assert found.as_json()["changed"] == [0, 1, 2]


def test_nan_is_equal_to_nan_and_arrays_are_compared_by_entry() -> None:
    a = Value(np.array([1.0, math.nan]), label="a")
    with np.errstate(all="ignore"):
        assert states(a * 2.0, a * 2.0) == ["same", "same"]
        first = a * 2.0
        a.data = np.array([math.nan, 1.0])
        assert graph(first).snapshot.nodes[0].value.array[1] == 1.0
    large, other = Value(np.zeros(9000), label="x"), Value(np.zeros(9000), label="x")
    before = graph(large * 1.0)
    other.data[17] = 1.0
    found = before.diff(graph(other * 1.0)).difference
    assert found is not None and [c.state for c in found.changes] == ["value", "value"]


def test_new_gone_and_replaced_operations() -> None:
    x = Value(0.5, label="x")
    longer = (x * 2.0).tanh() + 1.0
    assert states(x * 2.0, longer) == ["same", "same", "new", "new"]
    found = graph(longer).diff(graph(x * 2.0)).difference
    assert found is not None and len(found.gone) == 2
    assert "2 gone" in found.sentence()
    changed = graph(np.tanh(x) * 2.0).diff(graph(np.sin(x) * 2.0))
    assert changed.difference is not None
    assert [c.state for c in changed.difference.changes] == ["same", "operation", "value"]
    assert "was tanh" in changed.text()


def test_a_difference_shows_in_every_format(tmp_path: Path) -> None:
    w = Value(3.0, label="w")
    before = graph(w * 2.0)
    w.data = 5.0
    g = before.diff(graph(w * 2.0))
    for suffix in ("svg", "dot", "mmd", "txt", "html"):
        assert "value was 3" in g.save(tmp_path / f"x.{suffix}").read_text("utf-8")
    data = re.search(r'id="data">(.*?)</script>', g.html(), re.S)
    assert data is not None
    assert json.loads(data.group(1))["diff"]["nodes"][0] == ["value", 3.0, None]
    assert g.focus("w").difference is g.difference and g.fold().difference is g.difference
    with pytest.raises(TypeError, match="another Graph"):
        before.diff(w)  # type: ignore[arg-type]


def test_a_recording_has_values_and_gradients_of_each_step(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    net, x = Net(2, 3, 1), rng.normal(size=(5, 2))
    film = record(names={"net": net}, title="training")
    norms = []
    for step in range(4):
        loss = (net(x) ** 2).mean()
        for layer in net.layers:
            layer.w.zero_grad(), layer.b.zero_grad()
        loss.backward()
        film.add(loss, f"epoch {step}")
        norms.append(float(np.linalg.norm(net.layers[0].w.grad)))
        for layer in net.layers:
            layer.w.data -= 0.1 * layer.w.grad
    assert len(film) == 4
    assert np.allclose(film.grads("net.layers.0.w"), norms)  # type: ignore[arg-type]
    losses = film.values("loss")
    assert losses == sorted(losses, reverse=True)  # type: ignore[type-var]
    times = fields(film.graph().scene, film.graph().flow)["times"]
    assert times["labels"][1] == "epoch 1"
    assert [len(row) for row in times["values"]] == [len(film.graph().snapshot.nodes)] * 4
    assert "epoch 3" in film.save(tmp_path / "film.html").read_text("utf-8")
    assert "text/plain" in film._repr_mimebundle_()


def test_a_recording_refuses_another_program() -> None:
    film = record()
    x = Value(1.0)
    film.add(x * 2.0)
    with pytest.raises(ValueError, match=r"step 1 has other operations.*g\.diff\(other\)"):
        film.add((x * 2.0).tanh())
    with pytest.raises(ValueError, match="empty"):
        record().graph()


def test_a_pair_of_functions_is_compared() -> None:
    right = graph((np.tanh, lambda x: 1 - np.tanh(x) ** 2), 0.5)
    assert right.snapshot.notes == {}
    wrong = graph((np.tanh, lambda x: 1 - np.tanh(x)), 0.5)
    assert wrong.snapshot.notes == {0: "claimed 0.5379, the graph gives 0.7864"}
    both = graph((lambda a, b: a * b, lambda a, b: (b, b)), 2.0, 3.0)
    assert list(both.snapshot.notes) == [1]
    arrays = graph((lambda x: (x * x).sum(), lambda x: 2 * x), np.ones(3))
    assert arrays.snapshot.notes == {}


@pytest.mark.parametrize(
    ("thing", "args", "message"),
    [
        (lambda x: 3.0, (1.0,), r"returned no Value.*graph\(f, \*args\)"),
        (("a", "b"), (), r"graph\(f, \*args\); not tuple"),
    ],
)
def test_what_has_no_graph_says_what_to_pass(thing: Any, args: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        graph(thing, *args)


def test_a_report_without_a_graph_says_what_to_pass() -> None:
    for slope in (2.0, 3.0):  # right, and wrong
        report = gradcheck(lambda x: x**2, 3.0, vjp=lambda g, x, slope=slope: g * slope * x)
        assert bool(report) == (slope == 2.0)
        assert report.graph is None
        with pytest.raises(TypeError, match=r"this report has no graph.*graph\(f, \*args\)"):
            graph(report)


def test_record_and_diff_are_public() -> None:
    assert autograd.record is record


def test_a_recording_begins_without_a_step() -> None:
    with pytest.raises(TypeError, match=r"film\.add\(loss\)"):
        record(Value(1.0))  # type: ignore[arg-type]
