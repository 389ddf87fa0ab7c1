"""The graph as an indented tree for terminals: shared nodes once, deep graphs in sections."""

from __future__ import annotations

import os
import sys
from collections import deque
from dataclasses import dataclass

from autograd.views.expression import formula
from autograd.views.inspection import GraphFindings, zero_reason
from autograd.views.snapshot import Edge, Snapshot
from autograd.views.summary import columns, cut, is_zero, shown, trouble

LIMIT = 200  # nodes in the text unless more are asked for
DEEP = 14  # levels of indentation, after which a branch continues in a section of its own
NAME, LOCAL, NUMBER = 72, 60, 24
UNICODE = ("\u251c\u2500 ", "\u2514\u2500 ", "\u2502  ", "   ", "\u2026")
ASCII = ("|- ", "`- ", "|  ", "   ", "...")


def needs_ascii() -> bool:
    """True where the terminal cannot show line-drawing characters."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        "".join(UNICODE).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return True
    return os.environ.get("TERM") == "dumb"


@dataclass(slots=True)
class Branch:
    """A branch that waits to be written: node, the edge above it, and its indentation."""

    node: int
    edge: Edge | None
    before: str
    last: bool
    depth: int


def tree(
    snapshot: Snapshot,
    findings: GraphFindings,
    ascii: bool | None = None,
    limit: int | None = LIMIT,
) -> str:
    """The text tree of every root, then the findings."""
    plain = needs_ascii() if ascii is None else ascii
    rows, left = tree_rows(snapshot, ASCII if plain else UNICODE, limit)
    heading = formula(snapshot, snapshot.roots[0]) if len(snapshot.roots) == 1 else ""
    lines = aligned([(heading or "graph", "", "value", "grad", ""), *rows])
    if left:
        total = len(snapshot.nodes)
        lines.append(
            f"{total - left:,} of {total:,} nodes are shown; graph.focus(name) shows the "
            "surroundings of one, graph.text(limit=None) all"
        )
    lines += [f"! {item.text}" for item in findings.items]
    out = "\n".join(lines)
    return out.encode("ascii", "replace").decode() if plain else out


Row = tuple[str, str, str, str, str]


def tree_rows(
    snapshot: Snapshot, marks: tuple[str, ...], limit: int | None
) -> tuple[list[Row], int]:
    """One row for each edge, and the number of nodes that are not shown."""
    rows: list[Row] = []
    written: set[int] = set()
    sections = deque(snapshot.roots)
    while sections and (limit is None or len(rows) < limit):
        root = sections.popleft()
        if root in written:
            continue
        stack = [Branch(root, None, "", True, 0)]
        while stack and (limit is None or len(rows) < limit):
            item = stack.pop()
            again = item.node in written
            later = not again and item.depth >= DEEP and bool(snapshot.inputs_of[item.node])
            rows.append(tree_row(snapshot, item, marks, again, later))
            if later:
                sections.append(item.node)
            elif not again:
                written.add(item.node)
                stack += branches(snapshot, item, marks)
    return rows, len(snapshot.nodes) - len(written)


def branches(snapshot: Snapshot, item: Branch, marks: tuple[str, ...]) -> list[Branch]:
    """The inputs of a node, last first, as they go onto a stack."""
    inner = "" if item.edge is None else item.before + (marks[3] if item.last else marks[2])
    edges = [snapshot.edges[e] for e in snapshot.inputs_of[item.node]]
    out = [Branch(e.source, e, inner, False, item.depth + 1) for e in edges]
    if out:
        out[-1].last = True
    return out[::-1]


def tree_row(
    snapshot: Snapshot, item: Branch, marks: tuple[str, ...], again: bool, later: bool
) -> Row:
    """Name, local derivative, value, gradient and remark of one branch."""
    node = snapshot.nodes[item.node]
    lead = "" if item.edge is None else item.before + (marks[1] if item.last else marks[0])
    name = cut(f"{lead}{tail(node.name, 28)}  {node.operation}", NAME)
    local, remark = "", []
    if item.edge is not None:
        target = snapshot.nodes[item.edge.target]
        local = f"d{tail(target.short_name, 12)}/d{tail(node.short_name, 12)} {item.edge.text}"
        note = snapshot.edge_notes.get((item.edge.target, item.edge.slot))
        remark += [f"! {note}"] if note else []
    if again:
        return name, local, "", "", "  ".join(["(above)", *remark])
    if node.shape:
        remark.append(node.type_text)
    if is_zero(node.grad):
        remark.append(f"({zero_reason(snapshot, node.id) or 'zero'})")
    kind = trouble(node.value) or trouble(node.grad)
    remark += [f"! {kind}"] if kind else []
    remark += [f"! {snapshot.notes[node.id]}"] if node.id in snapshot.notes else []
    remark += [f"(continues below, at {node.name})"] if later else []
    return name, local, shown(node.value), shown(node.grad), "  ".join(remark)


def aligned(rows: list[Row]) -> list[str]:
    """Rows in columns: names and derivatives to the left, numbers to the right."""
    wide = [min(max(columns(row[i]) for row in rows), cap) for i, cap in CAPS]
    lines = []
    for name, local, value, grad, remark in rows:
        cells = [pad_right(name, wide[0]), pad_right(cut(local, LOCAL), wide[1])]
        cells += [pad_left(value, wide[2]), pad_left(grad, wide[3]), remark]
        lines.append("  ".join(cells).rstrip())
    return lines


CAPS = ((0, NAME), (1, LOCAL), (2, NUMBER), (3, NUMBER))


def tail(text: str, limit: int) -> str:
    """The text, or its end where it is long: a module path says most at its end."""
    return text if columns(text) <= limit else "\u2026" + cut(text[::-1], limit)[-2::-1]


def pad_right(text: str, width: int) -> str:
    """The text with spaces behind it, in a column of some cells."""
    return text + " " * (width - columns(text))


def pad_left(text: str, width: int) -> str:
    """The text with spaces before it."""
    return " " * (width - columns(text)) + text
