"""Sliders, two graphs side by side, and a graph over time."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from autograd import Value, graph
from tests.views.browser import Page
from tests.views.cases import network_loss
from tests.views.conftest import Opened
from tests.views.pages import scalar

VALUE = "document.querySelector('[data-k=n%d] .v').textContent"
GRAD = "document.querySelector('[data-k=n%d] .g').textContent"


def slide(page: Page, selector: str, value: float) -> None:
    page.run(
        f"(()=>{{const s=document.querySelector({json.dumps(selector)});s.value={value};"
        "s.dispatchEvent(new Event('input'))})()"
    )


def test_two_graphs_side_by_side(open_page: Opened, tmp_path: Path) -> None:
    g = scalar()
    rows: list[list[object]] = [["same", n.value, n.grad] for n in g.snapshot.nodes]
    rows[2] = ["value", -2.5, 0.25]
    g.scene.diff = {"titles": ["before", "now"], "nodes": rows, "changed": [2], "gone": ["q"]}
    page = open_page(g.save(tmp_path / "diff.html"))
    text = page.run("document.querySelector('#compare').innerText")
    assert "1 of 10 nodes differ" in text and "-2.5 -> " in text and "Only in before: q" in text
    left = "document.querySelector('#before [data-k=n2] .v').textContent"
    assert page.run(left) == "value -2.5" != page.run(VALUE % 2)
    assert page.run("document.querySelectorAll('#stage .changed').length") == 1
    views = (
        "['#before svg', '#stage svg'].map(s => document.querySelector(s).getAttribute('viewBox'))"
    )
    page.press("+")
    page.press("ArrowDown")
    first, second = page.run(views)
    assert first == second
    wide = page.run("document.querySelector('#before').clientWidth")
    assert abs(wide - page.run("document.querySelector('#stage').clientWidth")) <= 2


def test_time_axis(open_page: Opened, tmp_path: Path) -> None:
    loss, net = network_loss()
    g = graph(loss, names={"net": net})
    count = len(g.snapshot.nodes)
    g.scene.times = {
        "labels": ["step 0", "step 1", "step 2"],
        "values": [[float(i + 10 * k) for i in range(count)] for k in range(3)],
        "grads": [[float(i - 10 * k) for i in range(count)] for k in range(3)],
    }
    page = open_page(g.save(tmp_path / "times.html"))
    place = page.run("document.querySelector('[data-k=n0] rect').getAttribute('x')")
    assert page.run("document.querySelectorAll('#curve svg').length") == 2
    slide(page, "#time", 1)
    assert page.run("document.querySelector('#when').textContent") == "step 1"
    assert page.run(VALUE % 0) == "value norm 10" and page.run(GRAD % 0) == "grad  norm -10"
    assert page.run("document.querySelector('.root .v').textContent") == f"value {count + 9}"
    assert page.run("document.querySelector('#next').disabled"), "its steps are of the last time"
    slide(page, "#time", 2)
    assert not page.run("document.querySelector('#next').disabled")
    assert page.run("document.querySelector('[data-k=n0] rect').getAttribute('x')") == place


def test_sliders_kill_a_relu_and_bring_it_back(open_page: Opened) -> None:
    page = open_page("relu")
    assert page.run("document.querySelectorAll('#live input').length") == 3
    drawn = (
        "[...document.querySelectorAll('#stage [data-k]')]"
        ".map(e => e.textContent + e.getAttribute('class').trim())"
    )
    before = page.run(drawn)
    slide(page, '[data-leaf="1"]', -1.0)
    assert page.run(VALUE % 1) == "value -1"
    assert page.run("document.querySelector('.root .v').textContent") == "value 0"
    for leaf in range(3):
        assert page.run(GRAD % leaf) == "grad  0"
    assert page.run("document.querySelectorAll('.n.zero').length") == 5
    assert page.run("document.querySelectorAll('.e.zero').length") >= 4
    slide(page, '[data-leaf="1"]', 2.0)
    x, w, b = Value(1.5), Value(2.0), Value(-0.5)
    out = (x * w + b).relu() * 2.0
    out.backward()
    assert page.run("document.querySelector('.root .v').textContent") == f"value {out.data:g}"
    for i, leaf in enumerate((x, w, b)):
        assert page.run(GRAD % i) == f"grad  {leaf.grad:g}"
    page.press("ArrowRight")
    page.press("ArrowRight")
    assert "= 1 * 2 = 2" in page.run("document.querySelector('#stepbox').innerText")
    page.press("Escape")
    page.click("#reset")
    assert page.run(drawn) == before


def test_sliders_agree_with_python(open_page: Opened, tmp_path: Path) -> None:
    def f(a: Value, b: Value) -> Value:
        return (a * b + a**3 - b / (1.0 + a * a)).tanh() * b.exp() + np.sin(a - 2.0 * b)

    a, b = Value(0.4, label="a"), Value(-0.3, label="b")
    out = f(a, b)
    out.backward()
    page = open_page(graph(out).save(tmp_path / "f.html"))
    for x, y in ((0.9, 0.2), (-0.7, 0.6)):
        slide(page, '[data-leaf="0"]', x)
        slide(page, '[data-leaf="1"]', y)
        x, y = (page.run(f"+document.querySelector(\"[data-leaf='{i}']\").value") for i in (0, 1))
        a, b = Value(x), Value(y)
        out = f(a, b)
        out.backward()
        shown = page.run("document.querySelector('.root .v').textContent").split()[1]
        assert float(shown) == pytest.approx(out.data, abs=1e-4)
        for i, leaf in enumerate((a, b)):
            grad = float(page.run(GRAD % i).split()[1])
            assert grad == pytest.approx(leaf.grad, rel=6e-3, abs=1e-4)
