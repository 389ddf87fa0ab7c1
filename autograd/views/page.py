"""The page: one HTML file with the drawing, every module's own drawing, and each step of backward.

Nothing is fetched.  The first drawing is in the file as plain SVG, so that it can be read with
scripts blocked; the others are compressed and unpacked when they are opened.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections import deque
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Any

from autograd.views import svg
from autograd.views.drawing import Drawing, Scene, draw_box
from autograd.views.flow import Flow
from autograd.views.page_data import fields

DRAWINGS = 250  # drawings of modules in one page
UNFOLDED = 150  # cards up to which the page holds a drawing with more modules unfolded
SCRIPTS = ("data.js", "view.js", "panel.js", "main.js")
INLINE_HEIGHT = 560


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
        parts = {
            "title": escape(self.title),
            "graph.css": asset("graph.css"),
            "page.css": asset("page.css"),
            "svg": svg.element(self.first, description, self.direction),
            "overview": self.overview(),
            "data": script_safe(self.data()),
            "script": "".join(asset(name) for name in SCRIPTS),
        }
        out: list[str] = []
        for piece in asset("page.html").split("@"):  # the template has no other @
            out.append(parts.get(piece, piece))
        return "".join(out)

    def data(self) -> dict[str, Any]:
        """Everything the scripts need, in rows rather than objects to stay small."""
        levels = self.unfoldings()
        drawn = [(k, d) for k, d in {**levels, **self.inner_drawings(levels)}.items() if k != "0"]
        return {
            "title": self.title,
            **fields(self.scene, self.flow),
            "levels": list(levels),
            "scenes": {key: packed(svg.element(d, d.title, self.direction)) for key, d in drawn},
        }

    def unfoldings(self) -> dict[str, Drawing]:
        """The whole graph folded more and less, by rising number of cards; `0` is shown first."""
        groups = self.scene.groups
        depth = {box.key: len(groups.chain(box.key)) - 1 for box in groups.boxes}
        levels = {"0": self.first}
        for deepest in range(1, max(depth.values()) + 2):
            drawing = draw_box(self.scene, 0, {key for key, d in depth.items() if d < deepest})
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
                drawings[str(key)] = drawing = draw_box(self.scene, key)
                pending.extend(drawing.folded)
        return drawings

    def overview(self) -> str:
        """What the panel shows before anything is clicked, readable without scripts."""
        s, found = self.scene.snapshot, self.scene.findings
        lines = [f"<h2>{escape(self.title)}</h2>"]
        lines.append(
            f"<p>{len(s.nodes):,} nodes, {len(s.edges):,} edges. {escape(self.warning())}</p>"
        )
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


def script_safe(data: dict[str, Any]) -> str:
    """JSON that cannot end the script element around it."""
    text = json.dumps(data, allow_nan=False, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def packed(text: str) -> str:
    """Text compressed, as letters."""
    return base64.b64encode(zlib.compress(text.encode(), 6)).decode("ascii")


KEYS = (
    "Keys: left and right step, space plays, Home and End, / searches, Enter opens, o folds, "
    "u unfolds, Backspace goes up, f fits, + and - zoom, d dark, e exports, Esc ends. "
    "On a card, &lt;-3 says: third to hand its gradient on. "
    "Thick arrows carry most gradient; dashed grey ones carry none."
)
