"""The drawing in Graphviz's DOT language, with every text escaped."""

from __future__ import annotations

from autograd.views.cards import Card
from autograd.views.drawing import Arrow, Drawing, Frame
from autograd.views.summary import columns

CELL = 7.3  # width of a monospaced character at 12 points
ROW = 16.0  # height of a row
PAD = 20.0  # left and right of the text together
SHALLOW = 6  # steps from the first to the last card up to which a drawing runs left to right
INK = "#1f2328"
MUTED = "#59636e"
RED = "#c4151c"
FILL = {"leaf": "#eaf3fe", "op": "#ffffff", "box": "#f3f0fb", "outside": "#f6f6f6"}
LINE = {"leaf": "#3b73b9", "op": "#59636e", "box": "#6f52b5", "outside": "#757c84"}


def size(card: Card) -> tuple[float, float]:
    """Width and height of a card in points; widths come in steps, so that columns line up."""
    return stepped(max(card.width, 8)) * CELL + PAD, ROW * (1 + len(card.rows)) + 12.0


def stepped(cells: int) -> int:
    """A width in cells, rounded up to a multiple of four."""
    return -(-cells // 4) * 4


def chosen(drawing: Drawing, direction: str) -> str:
    """The direction asked for; else left to right for shallow drawings, downwards for deep ones."""
    if direction:
        return direction
    rank = dict.fromkeys(drawing.cards, 0)
    forward = [arrow for arrow in drawing.arrows if "loop" not in arrow.classes]
    for arrow in sorted(forward, key=lambda a: int(a.key[1:])):
        rank[arrow.head] = max(rank[arrow.head], rank[arrow.tail] + 1)
    return "LR" if max(rank.values(), default=0) <= SHALLOW else "TB"


def skeleton(drawing: Drawing, direction: str) -> str:
    """The drawing as sizes only, numbered from zero: what the layout needs and nothing else.

    Modules of the same structure have the same skeleton, and are laid out once.
    """
    direction = chosen(drawing, direction)
    number = {key: i for i, key in enumerate(drawing.cards)}
    limits = layout_limits(len(drawing.arrows))
    lines = [f"digraph {{ graph [rankdir={direction} nodesep=0.25 ranksep=0.45{limits}]"]
    lines.append('node [shape=box fixedsize=true label=""]')
    lines.append('edge [fontname="Courier" fontsize=11.5 arrowsize=0.7]')
    closing: list[tuple[Frame | None, str]] = [(drawing.frame, "")]
    frames = 0
    while closing:
        frame, end = closing.pop()
        if frame is None:
            lines.append(end)
            continue
        if frame is not drawing.frame:
            wide = "x" * stepped(columns(frame.title))
            # dot lets the labels of arrows stick out of a box to the right of the last card
            margin = 36 if direction == "TB" and frame.cards else 12
            box = f'id="f{frames}" label="{wide}" margin={margin}'
            lines.append(f"subgraph cluster_{frames} {{ {box}")
            frames += 1
            closing.append((None, "}"))
        for key in frame.cards:
            width, height = size(drawing.cards[key])
            lines.append(f"n{number[key]} [width={width / 72:.3f} height={height / 72:.3f}]")
        closing += [(inner, "") for inner in reversed(frame.frames)]
    for i, arrow in enumerate(drawing.arrows):
        wide = "\\n".join("x" * stepped(columns(part)) for part in arrow.label.split("\n"))
        ends = f"n{number[arrow.tail]} -> n{number[arrow.head]}"
        label = f' label="{wide}"' if wide else ""
        label += " constraint=false" * ("loop" in arrow.classes)
        lines.append(f'{ends} [id="e{i}"{label}]')
    return "\n".join(lines) + "\n}\n"


def layout_limits(arrows: int) -> str:
    """Limits on the layout's search, without which dense drawings take minutes."""
    if arrows > 160:
        return " nslimit=1 nslimit1=1 mclimit=0.2 splines=line"
    return " nslimit=2 nslimit1=2 mclimit=0.3" if arrows > 110 else ""


def frames_in_order(frame: Frame) -> list[Frame]:
    """Open modules in the order in which the skeleton numbers them."""
    out: list[Frame] = []
    stack = frame.frames[::-1]
    while stack:
        inner = stack.pop()
        out.append(inner)
        stack += inner.frames[::-1]
    return out


def quoted(text: str) -> str:
    """A DOT string: quotes and backslashes are escaped, `&` is not read as an entity.

    >>> quoted('a "b" & c')
    '"a \\\\"b\\\\" &amp; c"'
    """
    escaped = text.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n") + '"'


def markup(text: str) -> str:
    """Text inside one of Graphviz's HTML-like labels."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def body(drawing: Drawing, direction: str) -> list[str]:
    """The statements between the braces."""
    rankdir = chosen(drawing, direction)
    lines = [
        f"graph [rankdir={rankdir} nodesep=0.25 ranksep=0.45{layout_limits(len(drawing.arrows))}]",
        "graph [fontname=Helvetica fontsize=12]",
        'node [shape=box style="rounded,filled" fontname="Courier" fontsize=12 fixedsize=true]',
        f'edge [fontname="Courier" fontsize=11 arrowsize=0.7 color="{MUTED}" fontcolor="{INK}"]',
    ]
    caption = [text for text, _ in drawing.caption]
    if caption:
        lines.append(f"graph [labelloc=b labeljust=l label={quoted(chr(10).join(caption))}]")
    lines += frame_statements(drawing, drawing.frame, "")
    lines += [arrow_statement(arrow) for arrow in drawing.arrows]
    return lines


def source(drawing: Drawing, direction: str = "") -> str:
    """The whole drawing as DOT."""
    return "digraph valuegrad {\n" + "\n".join(body(drawing, direction)) + "\n}\n"


def frame_statements(drawing: Drawing, frame: Frame, indent: str) -> list[str]:
    """Cards and frames; modules are nested a few levels deep, never as deep as the graph."""
    lines = [indent + card_statement(drawing.cards[key]) for key in frame.cards]
    for inner in frame.frames:
        lines.append(f"{indent}subgraph cluster_{inner.key} {{")
        lines.append(
            f'{indent}  label={quoted(inner.title)} id="{inner.key}" labeljust=l style=rounded '
            f'color="{LINE["box"]}" fontcolor="{LINE["box"]}" margin=12'
        )
        lines += frame_statements(drawing, inner, indent + "  ")
        lines.append(indent + "}")
    return lines


def card_statement(card: Card) -> str:
    """The statement of a node."""
    width, height = size(card)
    kind = next((k for k in ("box", "outside", "leaf") if k in card.classes), "op")
    line, thick = LINE[kind], 1.0
    if "bad" in card.classes or "marked" in card.classes:
        line, thick = RED, 2.0
    elif "root" in card.classes:
        thick = 2.0
    elif "zero" in card.classes:
        line = "#757c84"
    tag = "  ".join(part for part in (card.tag, card.turn) if part)
    rows = [f"<B>{markup(card.name)}</B>" + (f"  {markup(tag)}" if tag else "")]
    for text, kind_of_row in card.rows:
        colour = RED if "bad" in kind_of_row or kind_of_row == "note" else MUTED
        plain = kind_of_row in ("v", "g")
        rows.append(markup(text) if plain else f'<FONT COLOR="{colour}">{markup(text)}</FONT>')
    label = '<BR ALIGN="LEFT"/>'.join(rows) + '<BR ALIGN="LEFT"/>'
    return (
        f'"{card.key}" [id="{card.key}" width={width / 72:.3f} height={height / 72:.3f} '
        f'fillcolor="{FILL[kind]}" color="{line}" penwidth={thick} label=<{label}> '
        f"tooltip={quoted(card.tip)}]"
    )


def arrow_statement(arrow: Arrow) -> str:
    """The statement of an edge."""
    extra = ""
    if "bad" in arrow.classes or "marked" in arrow.classes:
        extra = f' color="{RED}" fontcolor="{RED}" penwidth=2'
    elif "loop" in arrow.classes:
        extra = f' color="{LINE["box"]}" fontcolor="{LINE["box"]}" penwidth=2 constraint=false'
    elif "heavy" in arrow.classes:
        extra = " penwidth=2.5"
    elif "zero" in arrow.classes:
        extra = ' color="#757c84" style=dashed'
    return (
        f'"{arrow.tail}" -> "{arrow.head}" [id="{arrow.key}" label={quoted(arrow.label)} '
        f"tooltip={quoted(arrow.tip)}{extra}]"
    )
