"""The drawing as SVG: coordinates from Graphviz, text and style from here."""

from __future__ import annotations

from importlib.resources import files
from xml.sax.saxutils import escape, quoteattr

from autograd.views import dot
from autograd.views.cards import Card
from autograd.views.drawing import Arrow, Drawing, Frame
from autograd.views.placement import Places, place
from autograd.views.summary import columns

MARGIN = 8.0
CAPTION = 20.0


def style() -> str:
    """The style sheet that pictures and pages share; it follows the reader's dark mode."""
    return files("autograd.views").joinpath("assets", "graph.css").read_text("utf-8")


def document(drawing: Drawing, description: str, direction: str = "") -> str:
    """A complete SVG file with its own style and an alternative text."""
    return element(drawing, description, direction, standalone=True)


def element(
    drawing: Drawing, description: str, direction: str = "", standalone: bool = False
) -> str:
    """The `<svg>` element.  Cards carry `data-k="n12"`, arrows `data-k="e5"`."""
    places = placed(drawing, direction)
    captions = drawing.caption
    width = max([places.width, *(columns(text) * dot.CELL for text, _ in captions)]) + 2 * MARGIN
    height = places.height + 2 * MARGIN + CAPTION * len(captions)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="vg" role="img" width="{width:.0f}" '
        f'height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}">',
        f"<title>{escape(first_line(description))}</title><desc>{escape(description)}</desc>",
    ]
    if standalone:
        lines.append(f"<style>{style()}</style>")
        lines.append('<rect class="paper" width="100%" height="100%"/>')
    lines.append(f'<g transform="translate({MARGIN:.0f},{MARGIN:.0f})">')
    frames, titles = frame_elements(drawing.frame, places)
    lines += frames
    lines += [
        arrow_element(arrow, places) for arrow in drawing.arrows if arrow.key in places.arrows
    ]
    lines += titles
    lines += [card_element(card, places) for card in drawing.cards.values()]
    for i, (text, classes) in enumerate(captions):
        y = places.height + MARGIN + CAPTION * (i + 0.5)
        lines.append(f'<text class="{classes}" x="0" y="{y:.0f}">{escape(text)}</text>')
    lines.append("</g></svg>")
    return "\n".join(lines)


def placed(drawing: Drawing, direction: str) -> Places:
    """The layout of the skeleton, with the drawing's own names put back."""
    found = place(dot.skeleton(drawing, direction))
    cards = {key: found.cards[f"n{i}"] for i, key in enumerate(drawing.cards)}
    boxes = enumerate(dot.frames_in_order(drawing.frame))
    frames = {frame.key: found.frames[f"f{i}"] for i, frame in boxes if f"f{i}" in found.frames}
    numbered = ((arrow.key, f"e{i}") for i, arrow in enumerate(drawing.arrows))
    arrows = {key: found.arrows[name] for key, name in numbered if name in found.arrows}
    return Places(found.width, found.height, cards, frames, arrows)


def first_line(text: str) -> str:
    """The first line of a text."""
    return text.split("\n", 1)[0]


def frame_elements(frame: Frame, places: Places) -> tuple[list[str], list[str]]:
    """Rounded rectangles around open modules, outer ones first, and the titles above the arrows."""
    frames: list[str] = []
    titles: list[str] = []
    for inner in dot.frames_in_order(frame):
        if inner.key in places.frames:
            x, y, w, h = places.frames[inner.key]
            frames.append(
                f'<g class="f" data-k="{inner.key}"><rect x="{x:.0f}" y="{y:.0f}" '
                f'width="{w:.0f}" height="{h:.0f}" rx="8"/></g>'
            )
            titles.append(
                f'<text class="ft" data-f="{inner.key}" x="{x + 8:.0f}" y="{y + 15:.0f}">'
                f"{escape(inner.title)}</text>"
            )
    return frames, titles


def card_element(card: Card, places: Places) -> str:
    """The group of a card."""
    x, y = places.cards[card.key]
    w, h = dot.size(card)
    left, top = x - w / 2, y - h / 2
    parts = [
        f'<g class="n {" ".join(card.classes)}" data-k="{card.key}"><title>{escape(card.tip)}'
        f'</title><rect x="{left:.0f}" y="{top:.0f}" width="{w:.0f}" height="{h:.0f}" rx="6"/>'
    ]
    heading = f'<tspan class="name">{escape(card.name)}</tspan>'
    if card.tag:
        heading += f'<tspan class="tag" dx="10">{escape(card.tag)}</tspan>'
    line = top + 19
    parts.append(f'<text x="{left + 10:.0f}" y="{line:.0f}">{heading}</text>')
    if card.turn:
        parts.append(
            f'<text class="turn" text-anchor="end" x="{left + w - 8:.0f}" y="{line:.0f}">'
            f"{escape(card.turn)}</text>"
        )
    for text, classes in card.rows:
        line += dot.ROW
        parts.append(
            f'<text class={quoteattr(classes)} x="{left + 10:.0f}" y="{line:.0f}" '
            f'xml:space="preserve">{escape(text)}</text>'
        )
    return "".join(parts) + "</g>"


def arrow_element(arrow: Arrow, places: Places) -> str:
    """The group of an arrow."""
    path, at = places.arrows[arrow.key]
    classes = " ".join(["e", *arrow.classes])
    out = (
        f'<g class="{classes}" data-k="{arrow.key}" data-ends="{arrow.tail} {arrow.head}">'
        f"<title>{escape(arrow.tip)}</title>"
        f'<path d="{path}"/>{arrow_head(path)}'
    )
    if at and arrow.label:
        lines = arrow.label.split("\n")
        for i, text in enumerate(lines):
            y = at[1] + 1 + 13 * (i - (len(lines) - 1) / 2)
            extra = ' class="note"' if i else ""
            out += f'<text{extra} x="{at[0]:.0f}" y="{y:.0f}">{escape(text)}</text>'
    return out + "</g>"


def arrow_head(path: str) -> str:
    """The arrow head, a triangle along the last piece of the path."""
    if "L" not in path:
        return ""
    curve, tip = path.rsplit("L", 1)
    x1, y1 = (float(v) for v in tip.split(","))
    x0, y0 = (float(v) for v in curve.split(" ")[-1].split(","))
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 or 1.0
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    bx, by = x1 - 8 * ux, y1 - 8 * uy
    return (
        f'<path class="h" d="M{x1:.0f},{y1:.0f}L{bx - 3.5 * uy:.1f},{by + 3.5 * ux:.1f}'
        f'L{bx + 3.5 * uy:.1f},{by - 3.5 * ux:.1f}Z"/>'
    )
