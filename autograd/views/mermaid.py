"""The drawing as Mermaid, which GitHub and many notes draw without any program installed."""

from __future__ import annotations

from autograd.views.cards import Card
from autograd.views.dot import chosen
from autograd.views.drawing import Arrow, Drawing, Frame

PLAIN = set(" .,=_-+/")
STYLES = (
    "classDef leaf fill:#eaf3fe,stroke:#3b73b9,color:#1f2328",
    "classDef op fill:#ffffff,stroke:#59636e,color:#1f2328",
    "classDef box fill:#f3f0fb,stroke:#6f52b5,color:#1f2328,stroke-dasharray:5 3",
    "classDef outside fill:#f6f6f6,stroke:#757c84,color:#1f2328",
    "classDef zero fill:#f6f6f6,stroke:#757c84,color:#59636e",
    "classDef bad fill:#ffffff,stroke:#c4151c,color:#c4151c,stroke-width:3px",
)


def escaped(text: str) -> str:
    """Every character that Mermaid might read as syntax, as an entity code.

    >>> escaped('a"b')
    'a#34;b'
    """
    return "".join(
        c if (c.isalnum() and c.isascii()) or c in PLAIN else f"#{ord(c)};" for c in text
    )


def source(drawing: Drawing, direction: str = "") -> str:
    """The whole drawing as a Mermaid flowchart."""
    lines = [f"flowchart {chosen(drawing, direction)}"]
    lines += [f"%% {escaped(text)}" for text, _ in drawing.caption]
    lines += frame_lines(drawing, drawing.frame, "  ")
    lines += [arrow_line(arrow) for arrow in drawing.arrows]
    lines += [f"  {style}" for style in STYLES]
    return "\n".join(lines) + "\n"


def frame_lines(drawing: Drawing, frame: Frame, indent: str) -> list[str]:
    """Cards and frames; modules are nested a few levels deep."""
    lines = [indent + card_line(drawing.cards[key]) for key in frame.cards]
    for inner in frame.frames:
        lines.append(f'{indent}subgraph {inner.key} ["{escaped(inner.title)}"]')
        lines += frame_lines(drawing, inner, indent + "  ")
        lines.append(indent + "end")
    return lines


def card_line(card: Card) -> str:
    """A node of the flowchart."""
    text = "<br/>".join(escaped(row) for row in [card.heading, *(text for text, _ in card.rows)])
    order = ("bad", "zero", "box", "outside", "leaf")
    kind = next((k for k in order if k in card.classes), "op")
    if "marked" in card.classes:
        kind = "bad"
    return f'{key_name(card.key)}["{text}"]:::{kind}'


def arrow_line(arrow: Arrow) -> str:
    """An edge of the flowchart."""
    line = "-.->" if "zero" in arrow.classes else "==>" if "heavy" in arrow.classes else "-->"
    label = "<br/>".join(escaped(part) for part in arrow.label.split("\n"))
    text = f'|"{label}"|' if label else ""
    return f"  {key_name(arrow.tail)} {line}{text} {key_name(arrow.head)}"


def key_name(key: str) -> str:
    """A key as Mermaid allows it."""
    return key.replace("-", "_")
