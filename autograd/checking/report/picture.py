"""Pictures: the relative error over the entries of the inputs, and a text as an SVG."""

from __future__ import annotations

import html
import math
import textwrap
from collections.abc import Sequence

import numpy as np

from autograd.checking.compare.verdict import InputResult
from autograd.checking.numeric.probe import Floats

SIDE_MOST = 100
"""Squares along a side; each stands for a block of entries where the array is longer."""

AREA, CELL_LEAST, CELL_MOST = 560, 5, 16
"""A grid takes so many pixels along its longer side, within these sizes of a square."""

LINE_HEIGHT, CHARACTER_WIDTH, MARGIN = 18, 7.9, 8
LINE_MOST = 130
"""Characters of a line; what is longer goes on in the next."""

UNKNOWN = "#dddddd"
LEGEND = ((1e-9, "below 1e-9"), (1e-6, "1e-6"), (1e-3, "1e-3"), (1.0, "1 or more"))
"""Errors whose colours are explained."""


def errors_svg(results: Sequence[InputResult]) -> str:
    """One grid of squares for each input: white is right, red is wrong, darker by the decade."""
    drawn, width, height = error_grids(results)
    if not drawn:
        return ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="monospace" font-size="11">{drawn}</svg>'
    )


def error_grids(results: Sequence[InputResult]) -> tuple[str, int, int]:
    """The grids of all inputs below each other, with their legend: drawing, width and height."""
    parts, top, width = [], 0, 0
    for result in results:
        errors = errors_of(result)
        if errors is None or not errors.size:
            continue
        block, size = error_grid(result.name, errors, top)
        parts.append(block)
        top, width = top + size[1], max(width, size[0])
    if not parts:
        return "", 0, 0
    parts.append(legend(top))
    return "".join(parts), max(width, 470), top + 24


def errors_of(result: InputResult) -> Floats | None:
    """The errors of an input, measured now where they were not before."""
    if result.errors is None and result.error_map is not None:
        result.errors = result.error_map()
    return result.errors


def error_grid(name: str, errors: Floats, top: int) -> tuple[str, tuple[int, int]]:
    """The squares of one input and the space that they take."""
    flat = np.atleast_1d(errors)
    table = flat.reshape(-1, flat.shape[-1]) if flat.ndim > 1 else flat[None, :]
    steps = tuple(-(-n // SIDE_MOST) for n in table.shape)
    shown = blocks(table, *steps)
    rows, columns = shown.shape
    cell = int(np.clip(AREA // max(rows, columns), CELL_LEAST, CELL_MOST))
    wrong, unknown = int(np.sum(errors > 0)), int(np.sum(np.isnan(errors)))
    title = f"relative error of the gradient of {name}: {wrong} of {errors.size} entries are wrong"
    title += f", {unknown} not known" if unknown else ""
    if steps != (1, 1):
        title += f"; a square is the worst of {steps[0]} x {steps[1]} entries"
    out = [f'<text x="2" y="{top + 13}">{html.escape(title)}</text>']
    for i in range(rows):
        for k in range(columns):
            e = float(shown[i, k])
            where = np.unravel_index(i * steps[0] * table.shape[1] + k * steps[1], flat.shape)
            index = ", ".join(str(int(j)) for j in where) if errors.shape else ""
            says = "not known" if math.isnan(e) else f"{e:.2g}"
            out.append(
                f'<rect x="{2 + k * cell}" y="{top + 18 + i * cell}" width="{cell - 1}" '
                f'height="{cell - 1}" fill="{colour_of(e)}" stroke="#bbb" stroke-width="0.5">'
                f"<title>{html.escape(name)}[{index}] {says}</title></rect>"
            )
    width = max(int(len(title) * 6.7) + 8, 4 + columns * cell)
    return "".join(out), (width, 28 + rows * cell)


def blocks(table: Floats, down: int, across: int) -> Floats:
    """The worst entry of every block, NaN where one is unknown and none is wrong."""
    rows, columns = -(-table.shape[0] // down), -(-table.shape[1] // across)
    padded = np.full((rows * down, columns * across), -1.0)
    padded[: table.shape[0], : table.shape[1]] = np.where(np.isnan(table), -0.5, table)
    worst = padded.reshape(rows, down, columns, across).max(axis=(1, 3))
    unknown = (padded == -0.5).reshape(rows, down, columns, across).any(axis=(1, 3))
    return np.where(unknown & (worst <= 0), np.nan, worst)


def legend(top: int) -> str:
    """What the colours mean."""
    out, x = [], 2
    for error, text in (*LEGEND, (math.nan, "not known")):
        out.append(
            f'<rect x="{x}" y="{top + 4}" width="11" height="11" fill="{colour_of(error)}" '
            f'stroke="#bbb"/><text x="{x + 15}" y="{top + 14}">{text}</text>'
        )
        x += 30 + int(6.7 * len(text))
    return "".join(out)


def colour_of(error: float) -> str:
    """White up to 1e-9, then redder with every decade; grey where nothing is known."""
    if math.isnan(error):
        return UNKNOWN
    share = min(max((math.log10(error) + 9) / 9, 0.0), 1.0) if error > 0 else 0.0
    other = round(255 * (1 - share))
    return f"#ff{other:02x}{other:02x}" if share else "#ffffff"


def wrapped(line: str) -> list[str]:
    """A line in pieces that a page is wide enough for, all of it."""
    if len(line) <= LINE_MOST:
        return [line]
    return textwrap.wrap(
        line,
        LINE_MOST,
        subsequent_indent=" " * 8,
        drop_whitespace=False,
        replace_whitespace=False,
        break_on_hyphens=False,
    )


def text_svg(lines: Sequence[str], results: Sequence[InputResult]) -> str:
    """The text of a report and the error squares in one SVG, as large as they are."""
    lines = [part for line in lines for part in wrapped(line)]
    height = LINE_HEIGHT * len(lines) + 10
    rows = "".join(
        f'<text x="{MARGIN}" y="{LINE_HEIGHT * (k + 1)}" xml:space="preserve">'
        f"{html.escape(line)}</text>"
        for k, line in enumerate(lines)
    )
    drawn, grid_width, grid_height = error_grids(results)
    inner = f'<g transform="translate({MARGIN} {height})" font-size="11">{drawn}</g>'
    longest = max(len(line) for line in lines)
    width = max(int(CHARACTER_WIDTH * longest), grid_width) + 2 * MARGIN
    total = height + (grid_height + MARGIN if drawn else 0)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{total}" '
        f'viewBox="0 0 {width} {total}" font-family="monospace" font-size="13">'
        f'<rect width="100%" height="100%" fill="white"/>{rows}{inner if drawn else ""}</svg>\n'
    )
