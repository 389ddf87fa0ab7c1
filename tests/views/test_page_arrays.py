"""Arrays in a page: numbers up to 12 entries, heat strips beyond, and the same on the cards."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from autograd import Value, graph
from tests.views.conftest import Opened

FIGURES = "document.querySelectorAll('#stepbox .three figure')"


def test_three_pictures_stand_side_by_side(open_page: Opened) -> None:
    page = open_page("network", fragment="#step=8")
    page.until(f"{FIGURES}.length === 3 && !!document.querySelector('#stepbox svg.heat')")
    tops = page.run(f"[...{FIGURES}].map(f => f.getBoundingClientRect().top)")
    assert max(tops) - min(tops) < 1
    texts = page.run(f"[...{FIGURES}].map(f => f.innerText)")
    assert "upstream" in texts[0] and "(16, 3)" in texts[0]
    assert "local rule" in texts[1] and texts[1].split("\n")[1] == "g @ net.layers.3.w.T"
    assert "contribution" in texts[2] and "(16, 8)" in texts[2]
    line = page.run("document.querySelector('#stepbox .line').innerText")
    assert " += grad(" in line and line.endswith("@ net.layers.3.w.T")


def test_few_entries_are_printed_in_full(open_page: Opened, tmp_path: Path) -> None:
    x = Value(np.arange(6.0).reshape(2, 3), label="x")
    y = (x * x).sum()
    y.backward()
    page = open_page(graph(y).save(tmp_path / "few.html"), fragment="#step=3")
    page.until(f"{FIGURES}.length === 3 && !!document.querySelector('#stepbox td')")
    rows = page.run(
        "[...document.querySelectorAll('#stepbox figure:last-child tr')].map(r => r.innerText)"
    )
    assert [row.split() for row in rows] == [["0", "1", "2"], ["3", "4", "5"]]


def test_strips_are_small_signed_and_hatched(open_page: Opened, tmp_path: Path) -> None:
    entries = np.linspace(-1.0, 1.0, 2500).reshape(50, 50)
    entries[0, 0] = np.nan
    x = Value(entries, label="x")
    y = (x * 2.0).sum()
    y.backward()
    page = open_page(graph(y).save(tmp_path / "large.html"))
    page.until("document.querySelectorAll('[data-k=n0] .heat').length === 2")
    box = page.run("document.querySelector('[data-k=n0] .heat').getAttribute('viewBox')")
    assert all(float(x) <= 32 for x in box.split())
    for kind in ("plus", "minus", "nan"):
        assert page.run(f"document.querySelectorAll('[data-k=n0] .heat .{kind}').length") > 0
    fill = "getComputedStyle(document.querySelector('[data-k=n0] .heat .%s')).fill"
    assert page.run(fill % "plus") != page.run(fill % "minus")
    assert page.run(fill % "nan") == "none", "hatched, not filled"
    page.click("[data-k=n0]")
    label = "document.querySelector('#nodebox svg.heat').getAttribute('aria-label')"
    assert "NaN" in page.run(label)


def test_the_gradient_on_a_card_waits_for_its_turn(open_page: Opened) -> None:
    page = open_page("network")
    strips = "document.querySelectorAll('[data-k=n0] .heat').length"
    page.until(f"{strips} === 2")
    page.press("ArrowRight")
    assert page.run(strips) == 1
    page.press("End")
    assert page.run(strips) == 2


def test_search_by_value_name_and_operation(open_page: Opened) -> None:
    page = open_page("nan")
    found = {}
    for query in ("nan", "log", "x", "NaN", "-1"):
        page.run(
            "(()=>{const s=document.querySelector('#search');"
            f"s.value='{query}';s.dispatchEvent(new Event('input'))}})()"
        )
        found[query] = page.run("[...document.querySelectorAll('.hit')].map(e => e.dataset.k)")
    assert found["nan"] == found["NaN"] == ["n1", "n2"]
    assert found["log"] == ["n1"] and found["x"] == ["n0"] and found["-1"] == ["n0"]
