"""The page: one HTML file with the drawing, every module's own drawing, and each step of backward.

Nothing is fetched.  The first drawing is in the file as plain SVG, so that it can be read with
scripts blocked; the others are compressed and unpacked when they are opened.
"""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from math import isfinite
from typing import Any

from autograd.views import dot, svg
from autograd.views.drawing import Drawing, Scene, draw_box
from autograd.views.expression import formula
from autograd.views.flow import Flow
from autograd.views.page_data import fields
from autograd.views.scenes import SceneWriter, packed, packed_if_large
from autograd.views.summary import shown_range

DRAWINGS = 250  # drawings of modules in one page
UNFOLDED = 150  # cards up to which the page holds a drawing with more modules unfolded
SCRIPTS = (
    "data.js",
    "camera.js",
    "scene.js",
    "steps.js",
    "rule.js",
    "pictures.js",
    "panel.js",
    "search.js",
    "live.js",
    "compare.js",
    "export.js",
    "main.js",
)
INNER = 200  # cards up to which a box gets a drawing of its own
LARGE = 2_000  # nodes from which a page is written for a small file
CONSTANTS = 300  # nodes up to which the page also holds drawings with the constants as cards
INLINE_HEIGHT = 660


def asset(name: str) -> str:
    """A template file of this package."""
    return files("autograd.views").joinpath("assets", name).read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Page:
    """What a page is made from.  `first` is the drawing that it shows at first."""

    scene: Scene
    flow: Flow
    first: Drawing
    title: str
    direction: str

    def write(self, description: str) -> str:
        """The whole page as text."""
        still = svg.element(self.first, description, self.direction)
        data = self.data()
        program = data["program"]
        if program:
            data["program"] = {"of": program["of"]}
        parts = {
            "title": escape(self.title),
            "graph.css": asset("graph.css"),
            "page.css": asset("page.css"),
            "svg": still,
            "width": still.partition('width="')[2].partition('"')[0],
            "overview": self.overview(),
            "data": script_safe(data),
            "script": program_script(program) + "".join(asset(name) for name in SCRIPTS),
        }
        out: list[str] = []
        for piece in asset("page.html").split("@"):  # the template has no other @
            out.append(parts.get(piece, piece))
        return "".join(out)

    def data(self) -> dict[str, Any]:
        """Everything the scripts need, in rows rather than objects to stay small."""
        s = self.scene.snapshot
        levels = self.unfoldings()
        writer = SceneWriter(s, self.direction, len(s.nodes) <= CONSTANTS)
        first = writer.rows(self.first)
        inline = len(writer.layouts)
        writer.both = not self.large
        drawn = [(k, d) for k, d in {**levels, **self.inner_drawings(levels)}.items() if k != "0"]
        scenes = {key: writer.rows(d) for key, d in drawn}
        layouts = writer.layouts[inline:]
        return {
            "title": self.title,
            **self.fields(),
            "levels": list(levels),
            "first": first,
            **packed_if_large(scenes, layouts),
            "layouts": writer.layouts[:inline],
            "direction": self.direction,
            "across": dot.chosen(self.first, self.direction) in ("LR", "RL"),
            "formula": formula(s, s.roots[0]) if s.roots else "",
        }

    @property
    def large(self) -> bool:
        """True where numbers are rounded, and less is kept of what the page can work out."""
        return len(self.scene.snapshot.nodes) > LARGE

    def fields(self) -> dict[str, Any]:
        """What the page is given about the graph; for a large page in fewer letters, and without
        the sums before and after a step, which the page works out."""
        found = fields(self.scene, self.flow)
        if self.large:
            for row in found["nodes"]:
                row[3:5] = map(short_form, row[3:5])
            found["steps"] = [short_step(row) for row in found["steps"]]
            for name in ("nodes", "edges"):
                found[name] = [without_empty_end(row) for row in found[name]]
            for name in ("node_pictures", "step_pictures"):
                found[name] = packed(found[name])
        return found

    def unfoldings(self) -> dict[str, Drawing]:
        """The whole graph folded more and less, by rising number of cards; `0` is shown first."""
        groups = self.scene.groups
        depth = {box.key: len(groups.chain(box.key)) - 1 for box in groups.boxes}
        levels = {"0": self.first}
        for deepest in range(1, max(depth.values()) + 2):
            opened = {key for key, d in depth.items() if d < deepest}
            cards = sum(len(groups.boxes[key].nodes) for key in opened)
            cards += sum(key not in opened and groups.boxes[key].parent in opened for key in depth)
            if cards > UNFOLDED:
                break
            drawing = draw_box(self.scene, 0, opened)
            if len(drawing.cards) > UNFOLDED:
                break
            if all(drawing.cards.keys() != other.cards.keys() for other in levels.values()):
                levels[f"level{deepest}"] = drawing
        return dict(sorted(levels.items(), key=lambda item: len(item[1].cards)))

    def inner_drawings(self, levels: dict[str, Drawing]) -> dict[str, Drawing]:
        """The own drawings of all boxes that are folded somewhere."""
        drawings: dict[str, Drawing] = {}
        pending = deque(key for drawing in levels.values() for key in drawing.folded)
        while pending and len(drawings) < DRAWINGS:
            key = pending.popleft()
            if str(key) not in drawings:
                drawing = draw_box(self.scene, key)
                pending.extend(drawing.folded)
                if len(drawing.cards) <= INNER:
                    drawings[str(key)] = drawing
        return drawings

    def overview(self) -> str:
        """What the panel shows before anything is clicked, readable without scripts."""
        s, found = self.scene.snapshot, self.scene.findings
        lines = [f"<h2>{escape(self.title)}</h2>"]
        lines.append(
            f"<p>{len(s.nodes):,} nodes, {len(s.edges):,} edges. {escape(self.warning())}</p>"
        )
        text = formula(s, s.roots[0]) if s.roots else ""
        if text:
            lines.append(f'<p class="sum">{escape(text)}</p>')
        if found.items:
            lines.append("<h3>What to look at</h3><ul>")
            for item in found.items:
                text = escape(item.text)
                if item.node is not None:
                    text = f'<button class="link finding" data-node="{item.node}">{text}</button>'
                lines.append(f'<li class="finding">{text}</li>')
            lines.append("</ul>")
        if len(found.layers) > 1:
            lines.append("<h3>Gradient along the layers (rms)</h3><table>")
            top = max((x for _, x in found.layers if x == x and x != float("inf")), default=0)
            for name, size in found.layers:
                wide = 110 * size / (top or 1.0) if size == size and size <= top else 110
                bar = f'<span class="hintbar" style="width:{wide:.0f}px"></span>'
                lines.append(f"<tr><th>{escape(name)}</th><td>{bar} {size:.1e}</td></tr>")
            lines.append("</table>")
        lines.append(f'<p class="keys">{KEYS}</p>')
        return "".join(lines)

    def warning(self) -> str:
        """Why backward stopped early, and whether its steps are those of newer data."""
        text = self.flow.problem
        if self.flow.stale:
            text += " A leaf was changed after the picture was made: the steps use its new value."
        return text.strip()


def inline(page: str, picture: str) -> str:
    """What a notebook shows: the page in a frame of its own, or the plain drawing."""
    if not page:
        return f'<div style="overflow:auto;max-width:100%">{picture}</div>'
    return (
        f'<iframe srcdoc="{escape(page)}" sandbox="allow-scripts allow-downloads" '
        f'title="Computation graph" style="width:100%;height:{INLINE_HEIGHT}px;border:0"></iframe>'
    )


def program_script(program: dict[str, Any] | None) -> str:
    """The rules of the sliders as the constant `PROGRAM`: for each operation a function of its
    operands, and one of `g y a b c` for each contribution.

    >>> print(program_script({"prelude": "", "operations": [["a * b", ["g * b", "g * a"]]]}))
    const PROGRAM = [
    [(a, b, c) => (a * b), [(g, y, a, b, c) => (g * b), (g, y, a, b, c) => (g * a)]],
    ];
    """
    if not program:
        return "const PROGRAM = null;\n"
    lines = []
    for forward, vjps in program["operations"]:
        rules = ", ".join(f"(g, y, a, b, c) => ({vjp or 0})" for vjp in vjps)
        lines.append(f"[(a, b, c) => ({forward}), [{rules}]],")
    source = "\n".join([program["prelude"], "const PROGRAM = [", *lines, "];"]).lstrip()
    return source.replace("</", "<\\/") + "\n"


def short_form(x: object) -> object:
    """A number to ten digits, and the range of an array without its norm.

    >>> short_form(1 / 3), short_form("-1 .. 2 (norm 3)"), short_form({"min": -1.0, "max": 0.5})
    (0.3333333333, '-1 .. 2', '-1 .. 0.5')
    """
    if isinstance(x, float) and isfinite(x):
        return float(f"{x:.10g}")
    if isinstance(x, str):
        return x.partition(" (norm")[0]
    if isinstance(x, dict):
        low, high = as_float(x["min"]), as_float(x["max"])
        return "holds NaN" if x.get("nans") else shown_range(low, high)
    return x


def without_empty_end(row: list[Any]) -> list[Any]:
    """A row without the fields at its end that say nothing.

    >>> without_empty_end(["x", "", 2.0, "", 0, {}])
    ['x', '', 2.0]
    """
    end = len(row)
    while end and row[end - 1] in ("", 0, {}):
        end -= 1
    return row[:end]


def as_float(x: object) -> float:
    """A number of strict JSON, in which infinity is a string."""
    return float(x) if isinstance(x, float | int | str) else 0.0


def short_step(row: list[Any]) -> list[object]:
    """A step without what follows from the steps before it: `[edge, contribution]`, and for the
    later contributions to an array the sum, too."""
    edge, _, contribution, before, after = row
    if isinstance(contribution, float) or before == 0.0:
        return [edge, short_form(contribution)]
    return [edge, short_form(contribution), short_form(after)]


def script_safe(data: dict[str, Any]) -> str:
    """JSON that cannot end the script element around it."""
    text = json.dumps(data, allow_nan=False, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


KEYS = (
    "Keys: left and right step, space plays, Home and End, q quiz, / searches, Enter opens, "
    "o folds, u unfolds, Backspace goes up, up and down and Shift with arrows move the picture, "
    "+ and - zoom, f fits, t turns it, c constants, d dark, e exports, Esc ends. "
    "Thick arrows carry most gradient; dashed grey ones carry none."
)
