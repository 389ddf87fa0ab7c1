"""The picture of a failed check: names, a map of errors, and all of the text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import autograd as ag
from autograd import gradcheck
from autograd.checking import Report
from autograd.checking.report.picture import SIDE_MOST, blocks, colour_of, error_grid

RNG = np.random.default_rng(0)
SVG = "{http://www.w3.org/2000/svg}"


def row_five(g: Any, x: Any) -> Any:
    c = g * (1 - np.tanh(x) ** 2)
    c[5] *= 1.5
    return c


def squares(report: Report) -> list[tuple[str, str]]:
    """Title and colour of every square of a saved picture."""
    tree = ElementTree.fromstring(re.sub(r"^.*?(<svg)", r"\1", report._repr_html_(), flags=re.S)
                                  .replace("</div>", ""))  # fmt: skip
    found = []
    for rect in tree.iter(f"{SVG}rect"):
        title = rect.find(f"{SVG}title")
        if title is not None:
            found.append((str(title.text), rect.attrib["fill"]))
    return found


@pytest.mark.parametrize("shape", [(8, 6), (20, 20), (100, 30)])
def test_a_map_of_errors_for_small_and_large_arrays(shape: tuple[int, int]) -> None:
    report = gradcheck(np.tanh, RNG.normal(size=shape), vjp=row_five, shrink=False)
    found = squares(report)
    assert len(found) == shape[0] * shape[1]
    red = {title.split("]")[0] + "]" for title, colour in found if colour != "#ffffff"}
    assert red == {f"x[5, {k}]" for k in range(shape[1])}


def test_indices_of_a_map_are_those_of_the_array() -> None:
    errors = np.zeros((2, 3, 4))
    errors[1, 2, 3] = 0.5
    drawing, _ = error_grid("x", errors, 0)
    assert "<title>x[1, 2, 3] 0.5</title>" in drawing
    assert "1 of 24 entries are wrong" in drawing


def test_a_long_array_is_drawn_in_blocks_of_which_the_worst_shows() -> None:
    errors = np.zeros(250)
    errors[249], errors[0] = 1e-3, np.nan
    drawing, _ = error_grid("x", errors, 0)
    assert drawing.count("<rect") <= SIDE_MOST
    assert "a square is the worst of 1 x 3 entries" in drawing
    assert colour_of(1e-3) in drawing
    assert "not known" in drawing
    assert blocks(np.array([[0.0, np.nan, 0.2, np.nan]]), 1, 2).tolist()[0][1] == 0.2


def test_nothing_is_cut_off(tmp_path: Path) -> None:
    many = np.linspace(0.1, 1.0, 14)
    report = gradcheck(np.tanh, many, vjp=lambda g, x: g)
    tree = ElementTree.parse(report.save(tmp_path / "report.svg")).getroot()
    width, height = float(tree.attrib["width"]), float(tree.attrib["height"])
    texts = [node for node in tree.iter(f"{SVG}text") if node.attrib.get("{http://www.w3.org/XML/1998/namespace}space")]  # fmt: skip  # noqa: E501
    assert all(7.8 * len(node.text or "") <= width for node in texts)
    shown = re.sub(r"\s+", "", "".join(node.text or "" for node in texts))
    assert shown == re.sub(r"\s+", "", str(report))
    group = next(node for node in tree.iter(f"{SVG}g"))
    down = float(group.attrib["transform"].split()[1].rstrip(")"))
    for rect in group.iter(f"{SVG}rect"):
        assert down + float(rect.attrib["y"]) + float(rect.attrib["height"]) <= height
        assert 8 + float(rect.attrib["x"]) + float(rect.attrib["width"]) <= width


def test_the_graph_shows_the_names_of_the_inputs() -> None:
    half = ag.primitive(lambda x: x**3)
    ag.defvjp(half, lambda y, x: lambda g: g * 1.5 * x**2)

    def model(weights: Any, p: Any) -> Any:
        return np.exp(half(weights) * p["b"])

    report = gradcheck(model, np.array([0.3, -0.7]), {"b": 2.0}, shrink=False)
    text = report.drawing().text()
    assert "weights" in text
    assert "p['b']" in text
    assert "out" in text
    assert "#0" not in text
