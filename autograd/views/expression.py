"""The formula of a small graph, `(a*b + c).tanh()`."""

from __future__ import annotations

from autograd.views.recorded import ATOM
from autograd.views.snapshot import NodeRecord, Snapshot
from autograd.views.summary import columns

WIDEST = 60
BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "@": 2, "//": 2, "%": 2, "**": 4}
UNARY = 3
LONGEST_NAME = 18  # cells of an expression that names a node
Term = tuple[str, int]


def formula(snapshot: Snapshot, root: int) -> str:
    """`name = formula` for the root; empty where it would be too long to help.

    Results that have a name or are used twice are written as names, so the text cannot blow up.
    """
    terms: dict[int, Term] = {}
    for node in snapshot.nodes[: root + 1]:
        inner = node.id != root
        if not node.op or (inner and (node.named or len(snapshot.users_of[node.id]) > 1)):
            terms[node.id] = (node.name, node.binds)
        else:
            text, binds = term_of(node, operands_of(snapshot, node, terms))
            if len(text) > WIDEST:
                if not inner:
                    return ""
                text, binds = node.name, node.binds
            terms[node.id] = (text, binds)
    node = snapshot.nodes[root]
    left = f"{node.name} = " if node.named else ""
    return f"{left}{terms[root][0]}" if node.op else ""


def expression_name(node: NodeRecord, operands: list[Term]) -> Term:
    """The name of a result that the user has not named: its expression, `x1*w1`, or where that is
    long its operation and number, `tanh#12`."""
    name = node.op if node.op.isidentifier() else "result"
    if sum(len(text) for text, _ in operands[:8]) > LONGEST_NAME:
        return f"{name}#{node.id}", ATOM
    text, binds = term_of(node, operands)
    return (text, binds) if columns(text) <= LONGEST_NAME else (f"{name}#{node.id}", ATOM)


def operands_of(snapshot: Snapshot, node: NodeRecord, terms: dict[int, Term]) -> list[Term]:
    """Inputs and constants in their slots."""
    slots: dict[int, Term] = {
        slot: (text, UNARY if text.startswith("-") else ATOM) for slot, text in node.constants
    }
    for index in snapshot.inputs_of[node.id]:
        edge = snapshot.edges[index]
        slots[edge.slot] = terms[edge.source]
    return [slots[slot] for slot in sorted(slots)]


def term_of(node: NodeRecord, operands: list[Term]) -> Term:
    """An operation on its operands, and how strongly it binds."""
    binds = BINDS.get(node.symbol)
    if binds and len(operands) == 2:
        (a, over_a), (b, over_b) = operands
        right = node.symbol in ("-", "/", "//", "%", "@")
        if node.symbol == "**":
            left = wrapped(a, over_a, binds + 1)
            return f"{left}**{wrapped(b, over_b, UNARY)}", binds
        left, other = wrapped(a, over_a, binds), wrapped(b, over_b, binds + right)
        space = " " if binds == 1 or node.symbol == "@" else ""
        return f"{left}{space}{node.symbol}{space}{other}", binds
    if node.symbol == "-" and len(operands) == 1:
        return f"-{wrapped(operands[0][0], operands[0][1], UNARY)}", UNARY
    if node.params.startswith("["):
        return f"{wrapped(*operands[0], ATOM)}{node.params}", ATOM
    if len(operands) == 1 and node.op.isidentifier():
        inside = node.params if node.params else ""
        return f"{wrapped(*operands[0], ATOM)}.{node.op}({inside})", ATOM
    inside = ", ".join([text for text, _ in operands] + ([node.params] if node.params else []))
    return f"{node.op}({inside})", ATOM


def wrapped(text: str, binds: int, needed: int) -> str:
    """The text, in parentheses where its operator binds less than is needed."""
    return text if binds >= needed else f"({text})"
