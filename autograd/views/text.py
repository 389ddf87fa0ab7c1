"""The graph as an indented tree for terminals: shared nodes once, deep graphs in sections.

A line is as wide as the terminal at most; what does not fit beside the numbers goes below them.
"""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from autograd.views.expression import formula
from autograd.views.inspection import GraphFindings, zero_reason
from autograd.views.lines import slope
from autograd.views.snapshot import Edge, Snapshot
from autograd.views.summary import Datum, bare, columns, cut, is_zero, shown, trouble

LIMIT = 200  # nodes in the text unless more are asked for
DEEP = 14  # levels of indentation, after which a branch continues in a section of its own
NAME, LOCAL, NUMBER = 72, 60, 24  # the widest cells
SLOPE = 18  # cells of `dy/dx` up to which all are written
NARROWEST = 40  # columns below which nothing more is squeezed
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


def terminal_width() -> int:
    """Columns of the terminal, 80 where that is unknown."""
    return max(shutil.get_terminal_size((80, 24)).columns, NARROWEST)


@dataclass(slots=True)
class Branch:
    """A branch that waits to be written: node, the edge above it, and its indentation."""

    node: int
    edge: Edge | None
    before: str
    last: bool
    depth: int


@dataclass(slots=True)
class Row:
    """A line: the tree's lines, name, type, local derivative, value, gradient, and a remark."""

    lead: str
    name: str
    kind: str = ""
    slope: str = ""
    local: str = ""
    value: str = ""
    grad: str = ""
    remark: str = ""
    numbers: tuple[Datum | None, Datum | None] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class TreeWriter:
    """Writes the trees of one snapshot; `remarks` are about its gradients."""

    snapshot: Snapshot
    findings: GraphFindings
    remarks: Mapping[int, str]
    marks: tuple[str, ...]
    width: int

    def lines(self, limit: int | None) -> list[str]:
        """All lines: the formula, a tree for each root, the findings."""
        rows, left = self.rows(limit)
        roots = self.snapshot.roots
        heading = (formula(self.snapshot, roots[0]) if len(roots) == 1 else "") or "graph"
        lines = self.aligned([Row("", heading, value="value", grad="grad"), *rows])
        if left:
            total = len(self.snapshot.nodes)
            lines += self.wrapped(
                f"{total - left:,} of {total:,} nodes are shown; graph.focus(name) shows the "
                "surroundings of one, graph.text(limit=None) all"
            )
        for item in self.findings.items:
            lines += self.wrapped(f"{'! ' if item.serious else ''}{item.text}")
        return lines

    def rows(self, limit: int | None) -> tuple[list[Row], int]:
        """One row for each edge, and the number of nodes that are not shown."""
        rows: list[Row] = []
        written: set[int] = set()
        sections = deque(self.snapshot.roots)
        deep = min(DEEP, max(4, (self.width - 50) // 6))
        while sections and (limit is None or len(rows) < limit):
            root = sections.popleft()
            if root in written:
                continue
            stack = [Branch(root, None, "", True, 0)]
            while stack and (limit is None or len(rows) < limit):
                item = stack.pop()
                again = item.node in written
                later = not again and item.depth >= deep and bool(self.inputs(item.node))
                rows.append(self.row(item, again, later))
                if later:
                    sections.append(item.node)
                elif not again:
                    written.add(item.node)
                    stack += self.branches(item)
        return rows, len(self.snapshot.nodes) - len(written)

    def inputs(self, node: int) -> list[Edge]:
        """The edges into a node."""
        return [self.snapshot.edges[e] for e in self.snapshot.inputs_of[node]]

    def branches(self, item: Branch) -> list[Branch]:
        """The inputs of a node, last first, as they go onto a stack."""
        inner = "" if item.edge is None else item.before + self.marks[3 if item.last else 2]
        out = [Branch(e.source, e, inner, False, item.depth + 1) for e in self.inputs(item.node)]
        if out:
            out[-1].last = True
        return out[::-1]

    def row(self, item: Branch, again: bool, later: bool) -> Row:
        """Name, local derivative, value, gradient and remark of one branch."""
        snapshot = self.snapshot
        node = snapshot.nodes[item.node]
        lead = "" if item.edge is None else item.before + self.marks[1 if item.last else 0]
        name = tail(node.name, 28)
        if node.named or not node.op:
            name += f"  {node.operation}"
        above, local, remark = "", "", []
        if item.edge is not None:
            target = snapshot.nodes[item.edge.target]
            above, local = slope(target.short_name, node.short_name), item.edge.text
            remark += [local] if item.edge.rule and columns(local) > SLOPE else []
            note = snapshot.edge_notes.get((item.edge.target, item.edge.slot))
            remark += [f"! {note}"] if note else []
        if again:
            return Row(lead, name, "", above, local, remark="  ".join(["(above)", *remark]))
        if is_zero(node.grad):
            remark.append(f"({zero_reason(snapshot, node.id) or 'zero'})")
        if item.node in self.remarks:
            remark.append(f"({self.remarks[item.node]})")
        kind = trouble(node.value) or trouble(node.grad)
        remark += [f"! {kind}"] if kind else []
        remark += [f"! {snapshot.notes[node.id]}"] if node.id in snapshot.notes else []
        remark += ["(continues below)"] if later else []
        shape = node.type_text if node.shape else ""
        numbers = shown(node.value), shown(node.grad)
        both = node.value, node.grad
        return Row(lead, name, shape, above, local, *numbers, "  ".join(remark), both)

    def aligned(self, rows: list[Row]) -> list[str]:
        """Rows in columns: names and derivatives to the left, numbers to the right."""
        slopes = all(columns(row.slope) <= SLOPE for row in rows)
        if slopes:
            for row in rows:
                row.local = f"{row.slope} {row.local}".strip()
        else:
            rows[0].local = "local"
        wide = widths(rows)
        longest = max(columns(f"{row.kind}  {row.remark}".strip()) for row in rows)
        if sum(wide) + longest + 8 <= self.width:
            return [self.wide_line(row, wide) for row in rows]
        lines: list[str] = []
        if columns(rows[0].name) > self.width // 3:
            lines, rows[0].name = self.wrapped(rows[0].name), ""
        if slopes:
            for row in rows:
                row.local = row.local.removeprefix(row.slope).strip()
            rows[0].local = "local"
        for row in rows[1:]:
            if row.value:
                row.value, row.grad = (shown(x, 2) for x in row.numbers)
        wide = widths(rows)
        wide[2:] = [min(n, 17, self.width // 5 + 1) for n in wide[2:]]
        wide[1] = min(wide[1], SLOPE, self.width // 4)
        wide[0] = min(wide[0], self.width - sum(wide[1:]) - 6)
        for row in rows:
            lines += self.narrow_lines(row, wide)
        return lines

    def wide_line(self, row: Row, wide: list[int]) -> str:
        """One line with everything in it."""
        remark = "  ".join(part for part in (row.kind, row.remark) if part)
        return self.cells(row, row.name, wide) + (f"  {remark}" if remark else "")

    def narrow_lines(self, row: Row, wide: list[int]) -> list[str]:
        """The numbers, and below them the remark where there is one."""
        name = row.name
        room = wide[0] - columns(row.lead)
        shape = row.kind.rpartition(" ")[0]
        if shape and columns(name) + columns(shape) + 2 <= room:
            name = f"{name}  {shape}"
        line = self.cells(row, name, wide)
        if row.remark and columns(line) + columns(row.remark) + 2 <= self.width:
            return [f"{line}  {row.remark}"]
        lead = " " * min(columns(row.lead) + 2, self.width // 2)
        return [line, *self.wrapped(row.remark, lead)]

    def cells(self, row: Row, name: str, wide: list[int]) -> str:
        """The four columns."""
        lead = cut(row.lead, wide[0] - 3)
        cells = [pad_right(lead + cut(name, max(wide[0] - columns(lead), 1)), wide[0])]
        if wide[1]:
            cells.append(pad_right(cut(row.local, wide[1]), wide[1]))
        cells += [
            pad_left(cut(row.value, wide[2]), wide[2]),
            pad_left(cut(row.grad, wide[3]), wide[3]),
        ]
        return "  ".join(cells).rstrip()

    def wrapped(self, text: str, lead: str = "") -> list[str]:
        """A sentence in lines of the terminal's width."""
        return textwrap.wrap(text, self.width, initial_indent=lead, subsequent_indent=lead)


def widths(rows: list[Row]) -> list[int]:
    """The widest cell of each column, as far as it may be."""
    return [
        min(max(columns(row.lead + row.name) for row in rows), NAME),
        min(max(columns(row.local) for row in rows), LOCAL),
        min(max(columns(row.value) for row in rows), NUMBER),
        min(max(columns(row.grad) for row in rows), NUMBER),
    ]


def tree(
    snapshot: Snapshot,
    findings: GraphFindings,
    remarks: Mapping[int, str],
    ascii: bool | None = None,
    limit: int | None = LIMIT,
    width: int | None = None,
) -> str:
    """The text tree of every root, then the findings; no `width` is that of the terminal."""
    plain = needs_ascii() if ascii is None else ascii
    marks = ASCII if plain else UNICODE
    room = terminal_width() if width is None else max(width, NARROWEST)
    out = "\n".join(TreeWriter(snapshot, findings, remarks, marks, room).lines(limit))
    return bare(out).replace("\u2026", "...").encode("ascii", "replace").decode() if plain else out


def tail(text: str, limit: int) -> str:
    """The text, or its end where it is long: a module path says most at its end."""
    return text if columns(text) <= limit else "\u2026" + cut(text[::-1], limit)[-2::-1]


def pad_right(text: str, width: int) -> str:
    """The text with spaces behind it, in a column of some cells."""
    return text + " " * (width - columns(text))


def pad_left(text: str, width: int) -> str:
    """The text with spaces before it."""
    return " " * (width - columns(text)) + text
