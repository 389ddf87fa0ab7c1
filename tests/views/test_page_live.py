"""Sliders, two graphs side by side, and a graph over time."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from autograd import Value, graph, record
from autograd.engine.picture import Picture
from tests.views.browser import Page
from tests.views.conftest import Opened
from tests.views.test_page_looks import CONTRAST

VALUE = "document.querySelector('[data-k=n%d] .v').textContent"
GRAD = "document.querySelector('[data-k=n%d] .g').textContent"


def slide(page: Page, selector: str, value: float) -> None:
    page.run(
        f"(()=>{{const s=document.querySelector({json.dumps(selector)});s.value={value};"
        "s.dispatchEvent(new Event('input'))})()"
    )


def test_two_graphs_side_by_side(open_page: Opened, tmp_path: Path) -> None:
    x, w = Value(2.0, label="x"), Value(0.25, label="w")

    def picture() -> Picture:
        x.grad = w.grad = None
        out = (x * w).tanh()
        out.label = "out"
        out.backward()
        return graph(out)

    before = picture()
    w.data -= 0.5
    page = open_page(before.diff(picture()).save(tmp_path / "diff.html"), dark=True)
    assert page.run(CONTRAST) == []
    text = page.run("document.querySelector('#compare').innerText")
    assert "3 of 4 nodes differ" in text or "4 of 4 nodes differ" in text
    assert "0.25 -> -0.25" in text
    left = "document.querySelector('#before [data-k=n1] .v').textContent"
    assert (page.run(left), page.run(VALUE % 1)) == ("value 0.25", "value -0.25")
    assert page.run("document.querySelectorAll('#stage .changed').length") >= 3
    views = (
        "['#before svg', '#stage svg'].map(s => document.querySelector(s).getAttribute('viewBox'))"
    )
    page.press("+")
    page.press("ArrowDown")
    first, second = page.run(views)
    assert first == second
    wide = page.run("document.querySelector('#before').clientWidth")
    assert abs(wide - page.run("document.querySelector('#stage').clientWidth")) <= 2


def test_a_training_over_time(open_page: Opened, tmp_path: Path) -> None:
    x, w = Value(2.0, label="x"), Value(0.25, label="w")
    films = record()
    values = []
    for _ in range(4):
        w.grad = x.grad = None
        loss = (x * w - 1.0) ** 2
        loss.backward()
        films.add(loss)
        values.append((w.data, w.grad))
        w.data -= 0.05 * w.grad
    page = open_page(films.save(tmp_path / "times.html"))
    assert page.run(CONTRAST) == []
    name = "N => N.findIndex(n => n[0] === 'w')"
    node = page.run(f"({name})(JSON.parse(document.querySelector('#data').textContent).nodes)")
    place = "document.querySelector('.root rect').getAttribute('x')"
    before = page.run(place)
    for k in (0, 2, 3):
        slide(page, "#time", k)
        value, grad = (float(page.run(row % node).split()[1]) for row in (VALUE, GRAD))
        assert value == pytest.approx(values[k][0], abs=1e-4)
        assert grad == pytest.approx(values[k][1], abs=1e-4)
        assert page.run(place) == before
    assert page.run("document.querySelectorAll('#curve svg').length") == 2


def test_arrays_over_time_show_their_norms(open_page: Opened, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    w, data = Value(rng.normal(size=(4, 3)), label="w"), rng.normal(size=(5, 4))
    films = record()
    norms = []
    for _ in range(3):
        w.grad = None
        loss = (np.tanh(data @ w) ** 2).mean()
        loss.backward()
        films.add(loss)
        norms.append(float(np.linalg.norm(w.data)))
        w.data -= 0.5 * w.grad
    page = open_page(films.save(tmp_path / "arrays.html"))
    slide(page, "#time", 1)
    assert page.run(VALUE % 0) == f"value norm {round(norms[1], 4):g}"
    assert page.run("document.querySelector('#next').disabled"), "its steps are of the last time"
    slide(page, "#time", 2)
    assert not page.run("document.querySelector('#next').disabled")
    assert ".." in page.run(VALUE % 0)


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


def test_a_gradient_of_zero_stays_zero_at_a_pole(open_page: Opened, tmp_path: Path) -> None:
    x = Value(1.0, label="x")
    out = (x.sqrt() - 5.0).relu()
    out.backward()
    page = open_page(graph(out).save(tmp_path / "pole.html"))
    slide(page, "[data-leaf='0']", 0.0)
    assert page.run(VALUE % 0) == "value 0"
    assert page.run(GRAD % 0) == "grad  0", "the slope of sqrt at 0 is infinite"
