"""Cards: the text on a node, on a folded module, and on a neighbour outside."""

from __future__ import annotations

from dataclasses import dataclass

from autograd.views.groups import Groups
from autograd.views.snapshot import Snapshot, node_line
from autograd.views.summary import (
    Datum,
    columns,
    cut,
    is_zero,
    magnitude,
    short,
    shown,
    trouble,
)

WIDEST = 30  # cells in a row of a card


@dataclass(slots=True)
class Card:
    """A heading (name, operation, turn in backward), rows of (text, class), and classes."""

    key: str
    name: str
    tag: str
    turn: str
    rows: list[tuple[str, str]]
    classes: list[str]
    tip: str

    @property
    def heading(self) -> str:
        """The first line as plain text."""
        return "  ".join(part for part in (self.name, self.tag, self.turn) if part)

    @property
    def width(self) -> int:
        """Cells of the widest line."""
        return max([columns(self.heading), *(columns(text) for text, _ in self.rows)])


def node_card(snapshot: Snapshot, i: int, remark: str, typed: bool = True) -> Card:
    """The card of a node: name, operation, turn, type, value, gradient, and what is wrong.

    remark  why the gradient is zero, or that it is not of this pass
    typed   whether the type is shown
    """
    node = snapshot.nodes[i]
    classes = ["op" if node.op else "leaf"]
    if i in snapshot.roots:
        classes.append("root")
    rows = [(cut(node.type_text, WIDEST), "type")] if typed else []
    rows.append(number_row("value", shown(node.value), node.value))
    grad = number_row("grad ", shown(node.grad), node.grad)
    if is_zero(node.grad):
        classes.append("zero")
        grad = (cut(f"grad  0  ({remark})" if remark else "grad  0", WIDEST + 6), "g zero")
    elif node.grad is None:
        grad = (grad[0], "g none")
    rows.append(grad)
    if remark and not is_zero(node.grad):
        rows.append((cut(f"({remark})", WIDEST + 6), "remark"))
    kind = trouble(node.value) or trouble(node.grad)
    if kind:
        classes.append("bad")
    note = snapshot.notes.get(i, "")
    if note:
        classes.append("marked")
        rows.append((f"! {cut(note, WIDEST + 6)}", "note"))
    elif any((i, snapshot.edges[e].slot) in snapshot.edge_notes for e in snapshot.inputs_of[i]):
        classes.append("marked")
    turn = f"step {node.order}" if node.order else ""
    tag = cut(node.operation, 18)
    name = cut(node.short_name, 20)
    tip = node_line(snapshot, i) + (f", {node.source}" if node.source else "")
    return Card(f"n{i}", name, tag, turn, rows, classes, tip + (f"  ! {note}" if note else ""))


def number_row(title: str, text: str, value: Datum | None) -> tuple[str, str]:
    """The row of a value or gradient, with a mark where it is NaN or infinite."""
    kind = trouble(value)
    mark = f"  ! {kind}" if kind and kind not in text else "  !" if kind else ""
    letter = "v" if title == "value" else "g"
    return cut(f"{title} {text}{mark}", WIDEST), f"{letter} bad" if kind else letter


def box_card(snapshot: Snapshot, groups: Groups, key: int) -> Card:
    """The card of a folded box: how much it holds, and the size of its parameters' gradients."""
    box = groups.boxes[key]
    nodes = [snapshot.nodes[i] for i in groups.inside(key)]
    leaves = sum(not n.op for n in nodes)
    rows = [(f"{box.size:,} nodes, {leaves:,} {'leaf' if leaves == 1 else 'leaves'}", "type")]
    squares = [magnitude(n.grad) ** 2 for n in nodes if not n.op and n.grad is not None]
    classes = ["box", box.kind]
    if squares:
        norm = sum(squares) ** 0.5
        rows.append((f"leaf grad norm {short(norm)}", "g"))
        if norm == 0.0:
            classes.append("zero")
    bad = sum(bool(trouble(n.value) or trouble(n.grad)) for n in nodes)
    if bad:
        classes.append("bad")
        rows.append((f"! {bad} with NaN or inf", "g bad"))
    noted = sum(n.id in snapshot.notes for n in nodes)
    if noted:
        classes.append("marked")
        rows.append((f"! {noted} marked", "note"))
    parent = groups.boxes[box.parent].title
    prefix = f"{parent}."
    title = box.title[len(prefix) :] if parent and box.title.startswith(prefix) else box.title
    tip = f"{box.title}: {box.size} nodes, folded"
    return Card(f"g{key}", cut(title, WIDEST), "", "[+]", rows, classes, tip)


def stub_card(snapshot: Snapshot, groups: Groups, i: int, box: int | None) -> Card:
    """A node or a box outside the one that is drawn: its full name only."""
    if box is not None:
        title = groups.boxes[box].title
        return Card(f"g{box}", cut(title, WIDEST), "", "", [], ["outside"], f"{title}, outside")
    name = cut(snapshot.nodes[i].name, WIDEST)
    return Card(f"n{i}", name, "", "", [], ["outside"], node_line(snapshot, i))


def more_card(key: str, side: str) -> Card:
    """One card for all the neighbours that are not drawn one by one."""
    text = "more inputs" if side == "in" else "more users"
    return Card(key, text, "", "", [], ["outside"], f"{text}, not drawn one by one")
