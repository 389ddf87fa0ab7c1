"""What a page is given: rows that agree with the snapshot, and pictures of arrays."""

from __future__ import annotations

import base64
import json
import math
import time
import zlib
from typing import Any

import numpy as np
import pytest

from autograd import Value, graph
from autograd.views import Graph
from autograd.views.arrays import strip_of
from autograd.views.page_data import fields
from autograd.views.pictures import PictureBook, picture_of
from autograd.views.summary import Summary
from tests.views.cases import large_loss, network_loss, scalar_example


def data_of(g: Graph) -> dict[str, Any]:
    """The fields, as they arrive in a page."""
    text = json.dumps(fields(g.scene, g.flow), allow_nan=False)
    found: dict[str, Any] = json.loads(text)
    return found


def pictures_of(data: dict[str, Any]) -> list[Any]:
    found: list[Any] = json.loads(zlib.decompress(base64.b64decode(data["pictures"])))
    return found


def test_rules_and_constants_of_numbers() -> None:
    o, _ = scalar_example()
    data = data_of(graph(o * 2.0))
    assert [len(row) for row in data["nodes"]] == [12] * len(data["nodes"])
    names = [row[0] for row in data["nodes"]]
    assert {"x1*w1", "x1*w1 + x2*w2", "o", "o*2"} <= set(names)
    assert data["nodes"][names.index("x1*w1")][9] == 0 and data["nodes"][names.index("o")][9] == 1
    assert data["nodes"][-1][10] == {"1": 2.0}
    local = {data["rules"][k][1] for k in data["edge_rules"]}
    assert {"1 - {y}**2", "{1}", "{0}", "1"} == local
    assert data["passes"] == [[len(names) - 1, 0, len(data["steps"])]]
    assert data["program"] is not None and data["node_pictures"] == []


def test_pictures_of_values_gradients_steps_and_slopes() -> None:
    loss, net = network_loss()
    g = graph(loss, names={"net": net})
    data = data_of(g)
    pictures = pictures_of(data)
    for node, (value, grad) in zip(g.snapshot.nodes, data["node_pictures"], strict=True):
        for shown, number in ((node.value, value), (node.grad, grad)):
            assert (number >= 0) == isinstance(shown, Summary)
            if isinstance(shown, Summary):
                assert pictures[number]["s"] == list(node.shape)
    assert len(data["step_pictures"]) == len(data["steps"])
    assert len(data["edge_pictures"]) == len(data["edges"])
    b = next(n for n in g.snapshot.nodes if n.name.endswith("3.b"))
    entries = pictures[data["node_pictures"][b.id][1]]["e"]
    assert np.allclose(entries, net.layers[3].b.grad, rtol=1e-5)


def test_few_entries_are_listed_and_many_are_a_strip() -> None:
    assert picture_of(Summary(np.arange(12.0).reshape(3, 4)))["e"] == list(range(12))
    strip = picture_of(Summary(np.arange(13.0)))
    assert (strip["r"], strip["c"], strip["m"], len(strip["t"])) == (1, 13, 12.0, 13)
    assert strip["t"][0] == "K" and strip["t"][-1] == "U"
    small = picture_of(Summary(np.array([1.0, math.nan, -math.inf])))
    assert small["e"] == [1.0, "NaN", "-Infinity"]


@pytest.mark.parametrize("shape", [(32, 32), (33, 5), (784, 100), (3, 40, 50), (5000,), (1, 1)])
def test_a_strip_is_at_most_32_by_32_and_keeps_what_stands_out(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    array = rng.normal(size=shape) * 0.01
    place = tuple(n // 2 for n in shape)
    array[place] = -7.0
    strip = strip_of(array)
    assert strip.rows <= 32 and strip.columns <= 32
    assert len(strip.cells) == strip.rows * strip.columns
    assert strip.largest == 7.0 and strip.cells.count("A") == 1
    array[place] = math.nan
    assert strip_of(array).cells.count("n") == 1
    array[place] = math.inf
    assert strip_of(array).cells.count("p") == 1


def test_signs_and_zeros_of_a_strip() -> None:
    assert strip_of(np.array([[0.0, 1e-9, -1e-9, 5.0]])).cells == "KLJU"
    assert strip_of(np.zeros((2, 2))).cells == "KKKK"
    assert strip_of(np.full((2, 2), np.nan)).cells == "nnnn"


def test_equal_pictures_are_kept_once_and_room_is_limited() -> None:
    book = PictureBook(limit=2000)
    a = np.random.default_rng(0).normal(size=(32, 32))
    assert book.add(Summary(a)) == book.add(Summary(a.copy())) == 0
    assert book.add(Summary(a * 2)) == 1
    assert book.add(Summary(a * 3)) == -1
    assert book.add(2.0) == book.add(None) == -1


def test_a_summary_that_is_kept_does_not_follow_its_array() -> None:
    for size in (5, 5000):
        array = np.ones(size)
        kept = Summary(array).kept()
        array[:] = 7.0
        assert (kept.low, kept.high, kept.head[0], kept.strip.largest) == (1.0, 1.0, 1.0, 1.0)


def test_an_optimiser_step_does_not_change_the_picture() -> None:
    w = Value(np.ones((3, 3)), label="w")
    y = (w * w).sum()
    y.backward()
    g = graph(y)
    w.data -= 10.0
    w.grad[...] = 0.0
    assert g.snapshot.nodes[0].value.high == 1.0
    assert g.snapshot.nodes[0].grad.high == 2.0
    assert g.snapshot.edges[0].local.high == 1.0


def arrays(count: int) -> Value:
    """A deep network of small arrays."""
    rng = np.random.default_rng(0)
    w, b = Value(rng.normal(size=(8, 8)) / 3, label="w"), Value(np.zeros(8), label="b")
    x: Any = Value(rng.normal(size=(4, 8)), label="x")
    for _ in range(count // 3):
        x = np.tanh(x @ w + b)
    loss = (x * x).sum()
    loss.backward()
    return loss


def test_a_page_of_10_000_arrays_is_small() -> None:
    """Processor time of this thread: a busy machine does not make it longer."""
    loss = arrays(10_000)
    start = time.thread_time()
    g = graph(loss)
    taken = time.thread_time() - start
    assert len(g.snapshot.nodes) > 9_990
    assert taken < 0.4
    start = time.thread_time()
    data = json.dumps(data_of(g), separators=(",", ":"))
    assert time.thread_time() - start < 5.0
    assert len(data) < 3_400_000


def test_a_page_of_10_000_numbers_is_written() -> None:
    total, net = large_loss(7)
    g = graph(total, names={"net": net})
    assert len(data_of(g)["nodes"]) == len(g.snapshot.nodes) > 10_000
