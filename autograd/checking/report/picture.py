"""Pictures of a report: the error over the entries, and the graph with the guilty operation."""

from __future__ import annotations

import html
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.checking.numeric.probe import Floats

if TYPE_CHECKING:
    from autograd.checking.report.report import Report

CELL, MOST = 14, 40
SUFFIXES = (".svg", ".html", ".json", ".txt")


def errors_svg(report: Report) -> str:
    """One grid of squares for each input: white is right, red is wrong, darker by the decade."""
    grids = [(r.name, r.errors) for r in report.inputs if r.errors is not None and r.errors.size]
    if not grids:
        return ""
    parts, top, width = [], 0, 0
    for name, errors in grids:
        block, size = error_grid(name, errors, top)
        parts.append(block)
        top, width = top + size[1], max(width, size[0])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{top}" '
        f'font-family="monospace" font-size="11">{"".join(parts)}</svg>'
    )


def error_grid(name: str, errors: Floats, top: int) -> tuple[str, tuple[int, int]]:
    """The squares of one input, relative errors (rows, columns), and the space that they take."""
    flat = np.atleast_1d(errors)
    table = flat.reshape(-1, flat.shape[-1]) if flat.ndim > 1 else flat[None, :]
    shown = table[:MOST, :MOST]
    rows, columns = shown.shape
    cut = "" if shown.shape == table.shape else f" (first {rows} x {columns} of {table.shape})"
    out = [f'<text x="2" y="{top + 13}">relative error of d / d {html.escape(name)}{cut}</text>']
    for i in range(rows):
        for k in range(columns):
            e = float(shown[i, k])
            out.append(
                f'<rect x="{2 + k * CELL}" y="{top + 18 + i * CELL}" width="{CELL - 1}" '
                f'height="{CELL - 1}" fill="{colour(e)}" stroke="#bbb"><title>[{i}, {k}] '
                f"{e:.2g}</title></rect>"
            )
    return "".join(out), (max(360, 4 + columns * CELL), 24 + rows * CELL)


def colour(error: float) -> str:
    """White below 1e-9, then redder with every decade; grey where nothing is known."""
    if math.isnan(error):
        return "#dddddd"
    share = min(max((math.log10(error) + 9) / 9, 0.0), 1.0) if error > 0 else 0.0
    other = round(255 * (1 - share))
    return f"#ff{other:02x}{other:02x}" if share else "#ffffff"


def graph_of(report: Report) -> Any:
    """The graph with the guilty operation marked; None where there is no graph to draw."""
    if report.graph is None:
        return None
    try:
        from autograd.views import graph
    except ImportError:
        return None
    return graph(report.graph, mark=report.marks)


def show(report: Report) -> Any:
    """Display in a notebook; print elsewhere."""
    try:
        from IPython import get_ipython
        from IPython.display import HTML, display
    except ImportError:
        print(report)
        return None
    if get_ipython() is None:
        print(report)
        return None
    display(HTML(report._repr_html_()))
    drawing = graph_of(report)
    if drawing is not None:
        display(drawing)
    return None


def save(report: Report, path: Path) -> Path:
    """Write a report in the format that the suffix names."""
    if path.suffix not in SUFFIXES:
        raise ValueError(f"a report is saved as one of {', '.join(SUFFIXES)}, not {path.suffix!r}")
    if path.suffix == ".json":
        text = report.to_json()
    elif path.suffix == ".txt":
        text = str(report) + "\n"
    elif path.suffix == ".svg":
        text = text_svg(report)
    else:
        title = html.escape(report.headline())
        text = f"<!doctype html><meta charset='utf-8'><title>{title}</title>{report._repr_html_()}"
        text += graph_html(report)
    path.write_text(text, encoding="utf-8")
    return path


def graph_html(report: Report) -> str:
    """The drawing of the graph as it would show in a notebook, or nothing."""
    drawing = graph_of(report)
    if drawing is None:
        return ""
    for method in ("_repr_html_", "_repr_svg_"):
        render = getattr(drawing, method, None)
        if render is not None:
            return str(render() or "")
    return f"<pre>{html.escape(str(drawing))}</pre>"


def text_svg(report: Report) -> str:
    """The text and the error squares in one SVG."""
    lines = report.lines()
    height = 18 * len(lines) + 10
    rows = "".join(
        f'<text x="8" y="{18 * (k + 1)}" xml:space="preserve">{html.escape(line)}</text>'
        for k, line in enumerate(lines)
    )
    squares = errors_svg(report)
    width = max(60 + 8 * max(len(line) for line in lines), 400)
    inner = f'<g transform="translate(8 {height})">{squares}</g>' if squares else ""
    total = height + (18 + CELL * MOST if squares else 0)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{total}" '
        f'font-family="monospace" font-size="13"><rect width="100%" height="100%" fill="white"/>'
        f"{rows}{inner}</svg>\n"
    )
