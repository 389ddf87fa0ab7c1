"""The page: one HTML file with the drawing, every module's own drawing, and each step of backward.

Nothing is fetched.  The first drawing stands in the file as plain SVG, so that it is readable with
scripts blocked; the others are compressed and unpacked when they are opened.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections import deque
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from autograd.views import svg
from autograd.views.drawing import Drawing, draw_box
from autograd.views.summary import Datum, Summary, jsonable, shown

if TYPE_CHECKING:
    from autograd.views.graph import Graph

DRAWINGS = 250  # drawings of modules in one page
UNFOLDED = 150  # cards up to which the page holds a drawing with more modules unfolded
SCRIPTS = ("data.js", "view.js", "panel.js", "main.js")
INLINE_HEIGHT = 560


def asset(name: str) -> str:
    """A template file of this package."""
    return files("autograd.views").joinpath("assets", name).read_text("utf-8")


def write(graph: Graph) -> str:
    """The whole page as text."""
    first = graph.drawing()
    parts = {
        "title": escape(graph.title or _title(graph)),
        "graph.css": asset("graph.css"),
        "page.css": asset("page.css"),
        "svg": svg.element(first, graph.description(), graph.direction),
        "overview": _overview(graph),
        "data": _script_safe(_data(graph, first)),
        "script": "".join(asset(name) for name in SCRIPTS),
    }
    out: list[str] = []
    for piece in asset("page.html").split("@"):  # the template has no other @
        out.append(parts.get(piece, piece))
    return "".join(out)


def inline(page: str, picture: str) -> str:
    """What a notebook shows: the page in a frame of its own, or the plain drawing."""
    if not page:
        return f'<div style="overflow:auto;max-width:100%">{picture}</div>'
    return (
        f'<iframe srcdoc="{escape(page)}" sandbox="allow-scripts allow-downloads" '
        f'title="Computation graph" style="width:100%;height:{INLINE_HEIGHT}px;border:0"></iframe>'
    )


def _title(graph: Graph) -> str:
    s = graph.snapshot
    return "graph of " + ", ".join(s.nodes[i].name for i in s.roots[:4])


def _script_safe(data: dict[str, Any]) -> str:
    """JSON that cannot end the script element that it stands in."""
    text = json.dumps(data, allow_nan=False, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _data(graph: Graph, first: Drawing) -> dict[str, Any]:
    """Everything the scripts need, in rows rather than objects to stay small."""
    s, flow, groups = graph.snapshot, graph.flow, graph.groups
    nodes = [
        [
            n.name,
            n.operation,
            n.type_text,
            jsonable(n.value),
            jsonable(n.grad),
            n.order,
            groups.home[n.id],
            n.source,
            s.notes.get(n.id, ""),
        ]
        for n in s.nodes
    ]
    edges = [
        [e.source, e.target, e.slot, e.text, s.edge_notes.get((e.target, e.slot), "")]
        for e in s.edges
    ]
    steps = [
        [t.edge, _cell(t.upstream), _cell(t.contribution), _cell(t.before), _cell(t.after)]
        for t in flow.steps
    ]
    levels = _levels(graph, first)
    drawn = [(k, d) for k, d in {**levels, **_insides(graph, levels)}.items() if k != "0"]
    return {
        "title": graph.title or _title(graph),
        "nodes": nodes,
        "edges": edges,
        "steps": steps,
        "roots": s.roots,
        "seed": 1,
        "boxes": [[b.title, b.parent, b.size, b.kind] for b in groups.boxes],
        "levels": list(levels),
        "scenes": {key: _packed(svg.element(d, d.title, graph.direction)) for key, d in drawn},
    }


def _cell(value: Datum) -> object:
    """A number as it is; an array in a line."""
    if isinstance(value, Summary):
        return f"{shown(value)} (norm {value.norm:.3g})"
    return jsonable(value)


def _levels(graph: Graph, first: Drawing) -> dict[str, Drawing]:
    """The whole graph folded more and less, by rising number of cards; `0` is the first sight."""
    groups = graph.groups
    depth = {box.key: len(groups.chain(box.key)) - 1 for box in groups.boxes}
    levels = {"0": first}
    for deepest in range(1, max(depth.values()) + 2):
        drawing = draw_box(graph.scene, 0, {key for key, d in depth.items() if d < deepest})
        if len(drawing.cards) > UNFOLDED:
            break
        if all(drawing.cards.keys() != other.cards.keys() for other in levels.values()):
            levels[f"level{deepest}"] = drawing
    return dict(sorted(levels.items(), key=lambda item: len(item[1].cards)))


def _insides(graph: Graph, levels: dict[str, Drawing]) -> dict[str, Drawing]:
    """The own drawings of all boxes that are folded somewhere."""
    drawings: dict[str, Drawing] = {}
    pending = deque(key for drawing in levels.values() for key in drawing.folded)
    while pending and len(drawings) < DRAWINGS:
        key = pending.popleft()
        if str(key) not in drawings:
            drawings[str(key)] = drawing = draw_box(graph.scene, key)
            pending.extend(drawing.folded)
    return drawings


def _packed(text: str) -> str:
    return base64.b64encode(zlib.compress(text.encode(), 6)).decode("ascii")


def _overview(graph: Graph) -> str:
    """What stands in the panel before anything is clicked, readable without scripts."""
    s, found = graph.snapshot, graph.findings
    lines = [f"<h2>{escape(graph.title or _title(graph))}</h2>"]
    lines.append(
        f"<p>{len(s.nodes):,} nodes, {len(s.edges):,} edges. {escape(_warning(graph))}</p>"
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
        top = max((x for _, x in found.layers if x == x and x != float("inf")), default=0) or 1.0
        for name, size in found.layers:
            wide = 110 * size / top if size == size and size <= top else 110
            bar = f'<span class="hintbar" style="width:{wide:.0f}px"></span>'
            lines.append(f"<tr><th>{escape(name)}</th><td>{bar} {size:.1e}</td></tr>")
        lines.append("</table>")
    lines.append(f'<p class="keys">{_KEYS}</p>')
    return "".join(lines)


def _warning(graph: Graph) -> str:
    text = graph.flow.problem
    if graph.flow.stale:
        text += " A leaf was changed after the picture was made: the steps use its new value."
    return text.strip()


_KEYS = (
    "Keys: left and right step, space plays, Home and End, / searches, Enter opens, o folds, "
    "u unfolds, Backspace goes up, f fits, + and - zoom, d dark, e exports, Esc ends. "
    "On a card, &lt;-3 says: third to hand its gradient on. "
    "Thick arrows carry most gradient; dashed grey ones carry none."
)
