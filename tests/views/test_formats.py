"""Every format that a picture is written in, and what each keeps out."""

from __future__ import annotations

import inspect
import json
import os
import re
import shutil
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import FunctionType

import graphviz
import numpy as np
import pytest

from autograd import Value, draw, draw_dot, graph
from autograd.engine.picture import Picture
from autograd.views import Graph, GraphvizMissingError, placement
from tests.views.cases import large_loss, network_loss, scalar_example

ODD = [
    "</script><script>alert(1)</script>",
    "\"quotes\" 'single' `back`",
    "back\\slash \\N \\l {a|b} <f0>",
    "a & b &amp; &lt; #35;",
    "line\nbreak\ttab\x00null\x1b",
    "\ud800 broken surrogate",
    "\u65e5\u672c\u8a9e \U0001f600 \u202eright to left",
    "]]> --> <!-- ${x} {{y}} %% end",
    "x" * 5000,
    "",
    " ",
    "end",
    "mlp..w",
    "1.2.3",
]


def odd_graph() -> Value:
    total = Value(0.0)
    for label in ODD:
        total = total + Value(1.0, label=label) * 2.0
    total.backward()
    return total


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf", "html", "dot", "mmd", "txt", "json"])
def test_every_format_is_written(tmp_path: Path, suffix: str) -> None:
    o, _ = scalar_example()
    target = graph(o).save(tmp_path / f"picture.{suffix}")
    begin = {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<svg", "html": b"<!doctype html>"}
    content = target.read_bytes()
    assert content.startswith(begin.get(suffix, b""))
    assert len(content) > 300


def test_an_unknown_suffix_names_the_known_ones(tmp_path: Path) -> None:
    o, _ = scalar_example()
    with pytest.raises(ValueError, match="svg png pdf html dot mmd txt json"):
        graph(o).save(tmp_path / "picture.gif")


def test_odd_labels_are_escaped_everywhere(tmp_path: Path) -> None:
    g = graph(odd_graph())
    for suffix in ["svg", "png", "pdf", "html", "dot", "mmd", "txt", "json"]:
        g.save(tmp_path / f"odd.{suffix}")
    ET.fromstring((tmp_path / "odd.svg").read_text("utf-8"))
    page = (tmp_path / "odd.html").read_text("utf-8")
    assert page.count("<script") == 2 and page.count("</script>") == 2
    assert "alert(1)</script>" not in page
    data = re.search(r'id="data">(.*?)</script>', page, re.S)
    assert data is not None
    names = [row[0] for row in json.loads(data.group(1))["nodes"]]
    assert ODD[0] in names and ODD[1] in names
    json.loads((tmp_path / "odd.json").read_text("utf-8"))
    assert "\x1b" not in (tmp_path / "odd.txt").read_text("utf-8")
    mermaid = (tmp_path / "odd.mmd").read_text("utf-8")
    assert all(line.count('"') in (0, 2) for line in mermaid.splitlines())


def test_svg_has_alternative_text_and_no_reference_outside() -> None:
    o, _ = scalar_example()
    text = graph(o).svg()
    root = ET.fromstring(text)
    tags = [child.tag.rpartition("}")[2] for child in root]
    assert tags[:2] == ["title", "desc"]
    assert root.get("role") == "img"
    assert "prefers-color-scheme:dark" in text
    assert re.findall(r'(?:href|src|url)\s*[=(]\s*"?http', text) == []


def rectangles(svg: str) -> list[tuple[float, float, float, float]]:
    cards = re.findall(r'<g class="n [^>]*>.*?<rect ([^>]*)/>', svg)
    return [
        tuple(float(v) for v in re.findall(r'(?:x|y|width|height)="([-\d.]+)"', c))[:4]  # type: ignore[misc]
        for c in cards
    ]


@pytest.mark.parametrize("direction", ["", "LR", "TB"])
@pytest.mark.parametrize("case", [scalar_example, network_loss, odd_graph, large_loss])
def test_cards_do_not_overlap_and_text_fits(case, direction: str) -> None:  # type: ignore[no-untyped-def]
    made = case()
    root = made if isinstance(made, Value) else made[0]
    svg = graph(root, direction=direction).svg()
    boxes = rectangles(svg)
    assert boxes
    for i, (x, y, w, h) in enumerate(boxes):
        for x2, y2, w2, h2 in boxes[:i]:
            assert x + w <= x2 + 1 or x2 + w2 <= x + 1 or y + h <= y2 + 1 or y2 + h2 <= y + 1
    width, height = (float(v) for v in re.findall(r'(?:width|height)="(\d+)"', svg)[:2])
    assert all(x >= -1 and y >= -1 and x + w <= width and y + h <= height for x, y, w, h in boxes)


def test_text_tree_is_ascii_where_the_terminal_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    class Latin:
        encoding = "latin-1"

        def write(self, text: str) -> int:
            return len(text)

        def flush(self) -> None:
            pass

    o, v = scalar_example()
    v["x1"].label = "\u03b8"
    g = graph(o)
    assert "\u2514" in g.text(ascii=False)
    monkeypatch.setattr(sys, "stdout", Latin())
    plain = str(g)
    monkeypatch.undo()
    assert plain.isascii()
    monkeypatch.setenv("TERM", "dumb")
    assert str(g).isascii()


def test_shared_nodes_are_written_once() -> None:
    x = Value(1.0)
    for _ in range(60):
        x = x * x
    lines = graph(x).text(ascii=True, limit=None).splitlines()
    assert len(lines) < 150
    sections = sum("(continues" in line for line in lines) // 2  # each is announced twice
    assert sum("(above)" in line for line in lines) + sections == 60
    assert sections > 3


@pytest.mark.parametrize("case", [scalar_example, network_loss, large_loss])
@pytest.mark.parametrize("columns", [50, 80, 120])
def test_text_fits_the_terminal(case, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = str(graph(case()[0])).splitlines()
    assert max(map(len, lines)) <= columns
    assert lines == graph(case()[0]).text(width=columns).splitlines()


def test_text_is_80_columns_wide_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    lines = str(graph(network_loss()[0])).splitlines()
    assert 60 < max(map(len, lines)) <= 80
    assert all("0.0" in line or ".." in line or "all" in line for line in lines[3:] if "@" in line)


def test_without_graphviz_text_formats_work_and_the_rest_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    placement.place.cache_clear()
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    o, _ = scalar_example()
    g = graph(o)
    for suffix in ["txt", "mmd", "dot", "json"]:
        assert g.save(tmp_path / f"x.{suffix}").stat().st_size > 100
    for suffix in ["svg", "png", "pdf", "html"]:
        with pytest.raises(GraphvizMissingError, match="pip install pygraphviz"):
            g.save(tmp_path / f"x.{suffix}")
    bundle = g._repr_mimebundle_()
    assert set(bundle) == {"text/plain"} and "pip install" in bundle["text/plain"]
    assert "pip install" in draw_dot(o)._repr_mimebundle_()["text/plain"]
    assert repr(g) and g._repr_html_().startswith("<pre>")


@pytest.mark.skipif(os.name == "nt", reason="the program is a script of the shell")
def test_the_dot_program_comes_first_and_its_failure_does_not_end_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = tmp_path / "asked"
    program = tmp_path / "dot"
    program.write_text(f"#!/bin/sh\necho $1 >> {asked}\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    placement.place.cache_clear()
    o, _ = scalar_example()
    assert graph(o).svg().startswith("<svg")  # the wheel took over
    assert asked.read_text().startswith("-Tjson0")


def test_notebook_bundle_is_complete_and_capped() -> None:
    o, _ = scalar_example()
    bundle = graph(o)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", "image/svg+xml"}
    assert bundle["text/html"].startswith("<iframe srcdoc=")
    total, _ = large_loss(2)
    big = graph(total)._repr_mimebundle_()
    assert sum(map(len, big.values())) < 700_000
    assert big["text/html"].startswith("<div") and "nodes are drawn" in big["text/html"]


def test_draw_dot_is_a_digraph_and_draw_is_graph() -> None:
    o, _ = scalar_example()
    made = draw_dot(o, format="png", rankdir="TB")
    assert isinstance(made, graphviz.Digraph)
    assert made.format == "png" and "rankdir=TB" in made.source
    assert draw is graph


def test_large_graphs_are_folded_and_say_so() -> None:
    total, net = large_loss(2)
    g = graph(total, names={"net": net})
    drawing = g.drawing()
    assert len(drawing.cards) <= 110
    assert "nodes are drawn; the others are folded into" in drawing.note
    assert any("x 16" in card.name for card in drawing.cards.values())
    near = g.focus("net.layers.3.0.b", radius=1)
    assert "those within 1 edges of net.layers.3.0.b" in near.drawing().note
    assert "net.layers.3.0.b" in near.text()


def test_unfolded_draws_everything_it_can() -> None:
    loss, net = network_loss()
    g = graph(loss, names={"net": net}).fold(False)
    assert len(g.drawing().cards) == len(g.snapshot.nodes)
    total, _ = large_loss(3)
    assert len(graph(total, fold=False).drawing().cards) < 2_000


def test_heavy_paths_lead_from_the_root_to_a_leaf() -> None:
    o, _ = scalar_example()
    g = graph(o)
    edges = [g.snapshot.edges[e] for e in sorted(g.scene.heavy, reverse=True)]
    assert edges[0].target == g.snapshot.roots[0]
    assert not g.snapshot.nodes[edges[-1].source].op


def test_wrong_direction() -> None:
    with pytest.raises(ValueError, match="LR, TB, RL or BT"):
        graph(Value(1.0), direction="sideways")


def test_show_opens_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    o, _ = scalar_example()
    path = graph(o).show()
    assert opened == [path.as_uri()] and path.read_text("utf-8").startswith("<!doctype html>")


def test_gallery_lists_pictures_that_are_there() -> None:
    folder = Path(__file__).parent.parent.parent / "docs" / "gallery"
    named = re.findall(r"!\[(.+)\]\((.+)\)", (folder / "README.md").read_text("utf-8"))
    assert len(named) >= 11
    for text, file in named:
        assert len(text) > 10 and (folder / file).stat().st_size > 1000


def test_value_methods() -> None:
    x = Value(np.ones(3))
    assert "x" in str((x * x).graph())


def test_the_interface_in_the_engine_has_the_signatures_of_graph() -> None:
    declared = sorted(Picture.__abstractmethods__)
    public = [
        name
        for name, thing in vars(Graph).items()
        if isinstance(thing, FunctionType) and not name.startswith("_") and name != "drawing"
    ]
    assert sorted(public) == declared
    for name in declared:
        ours, theirs = (inspect.signature(getattr(cls, name)) for cls in (Graph, Picture))
        assert ours.parameters == theirs.parameters
        assert ours.return_annotation in (theirs.return_annotation, "Graph")
