"""Sliders, two graphs side by side, and a graph over time."""

from __future__ import annotations

from pathlib import Path

from autograd import graph
from tests.views.browser import Page
from tests.views.cases import network_loss
from tests.views.conftest import Opened
from tests.views.pages import scalar

VALUE = "document.querySelector('[data-k=n%d] .v').textContent"
GRAD = "document.querySelector('[data-k=n%d] .g').textContent"


def slide(page: Page, selector: str, value: float) -> None:
    page.run(
        f"(()=>{{const s=document.querySelector('{selector}');s.value={value};"
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
