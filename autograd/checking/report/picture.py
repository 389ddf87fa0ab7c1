"""Pictures: the relative error over the entries of the inputs, and a text as an SVG."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence

import numpy as np

from autograd.checking.compare.verdict import InputResult
from autograd.checking.numeric.probe import Floats

CELL, CELLS_MOST = 14, 40
LINE_HEIGHT, CHARACTER_WIDTH = 18, 8


def errors_svg(results: Sequence[InputResult]) -> str:
    """One grid of squares for each input: white is right, red is wrong, darker by the decade."""
    grids = [(r.name, r.errors) for r in results if r.errors is not None and r.errors.size]
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
    shown = table[:CELLS_MOST, :CELLS_MOST]
    rows, columns = shown.shape
    cut = "" if shown.shape == table.shape else f" (first {rows} x {columns} of {table.shape})"
    out = [f'<text x="2" y="{top + 13}">relative error of d / d {html.escape(name)}{cut}</text>']
    for i in range(rows):
        for k in range(columns):
            e = float(shown[i, k])
            out.append(
                f'<rect x="{2 + k * CELL}" y="{top + 18 + i * CELL}" width="{CELL - 1}" '
                f'height="{CELL - 1}" fill="{colour_of(e)}" stroke="#bbb"><title>[{i}, {k}] '
                f"{e:.2g}</title></rect>"
            )
    return "".join(out), (max(360, 4 + columns * CELL), 24 + rows * CELL)


def colour_of(error: float) -> str:
    """White below 1e-9, then redder with every decade; grey where nothing is known."""
    if math.isnan(error):
        return "#dddddd"
    share = min(max((math.log10(error) + 9) / 9, 0.0), 1.0) if error > 0 else 0.0
    other = round(255 * (1 - share))
    return f"#ff{other:02x}{other:02x}" if share else "#ffffff"


def text_svg(lines: Sequence[str], results: Sequence[InputResult]) -> str:
    """The text of a report and the error squares in one SVG."""
    height = LINE_HEIGHT * len(lines) + 10
    rows = "".join(
        f'<text x="8" y="{LINE_HEIGHT * (k + 1)}" xml:space="preserve">{html.escape(line)}</text>'
        for k, line in enumerate(lines)
    )
    squares = errors_svg(results)
    width = max(60 + CHARACTER_WIDTH * max(len(line) for line in lines), 400)
    inner = f'<g transform="translate(8 {height})">{squares}</g>' if squares else ""
    total = height + (LINE_HEIGHT + CELL * CELLS_MOST if squares else 0)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{total}" '
        f'font-family="monospace" font-size="13"><rect width="100%" height="100%" fill="white"/>'
        f"{rows}{inner}</svg>\n"
    )
