"""The formula of a small graph, `(a*b + c).tanh()`."""

from __future__ import annotations

from autograd.views.snapshot import NodeRecord, Snapshot

WIDEST = 60
BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "@": 2, "//": 2, "%": 2, "**": 4}
ATOM, UNARY = 9, 3
Term = tuple[str, int]


def formula(snapshot: Snapshot, root: int) -> str:
    """`name = formula` for the root; empty where it would be too long to help.

    Results that have a name or are used twice are written as names, so the text cannot blow up.
    """
    terms: dict[int, Term] = {}
    for node in snapshot.nodes[: root + 1]:
        inner = node.id != root
        if not node.op or (inner and (node.named or len(snapshot.users_of[node.id]) > 1)):
            terms[node.id] = (node.name, ATOM)
        else:
            text, binds = term_of(node, operands_of(snapshot, node, terms))
            if len(text) > WIDEST:
                if not inner:
                    return ""
                text, binds = node.name, ATOM
            terms[node.id] = (text, binds)
    return f"{snapshot.nodes[root].name} = {terms[root][0]}" if snapshot.nodes[root].op else ""


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
