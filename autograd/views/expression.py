"""The formula of a small graph, `(a*b + c).tanh()`."""

from __future__ import annotations

from autograd.views.snapshot import Node, Snapshot

WIDEST = 60
BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "@": 2, "//": 2, "%": 2, "**": 4}
ATOM, UNARY = 9, 3
Term = tuple[str, int]


def formula(snapshot: Snapshot, root: int) -> str:
    """`name = formula` for the root; empty where it would be too long to help.

    Named intermediate results and results used twice stand as names, so the text cannot blow up.
    """
    terms: dict[int, Term] = {}
    for node in snapshot.nodes[: root + 1]:
        inner = node.id != root
        if not node.op or (inner and (node.named or len(snapshot.users_of[node.id]) > 1)):
            terms[node.id] = (node.name, ATOM)
        else:
            text, binds = _term(node, _operands(snapshot, node, terms))
            if len(text) > WIDEST:
                if not inner:
                    return ""
                text, binds = node.name, ATOM
            terms[node.id] = (text, binds)
    return f"{snapshot.nodes[root].name} = {terms[root][0]}" if snapshot.nodes[root].op else ""


def _operands(snapshot: Snapshot, node: Node, terms: dict[int, Term]) -> list[Term]:
    """Inputs and constants in their slots."""
    slots: dict[int, Term] = {
        slot: (text, UNARY if text.startswith("-") else ATOM) for slot, text in node.constants
    }
    for index in snapshot.inputs_of[node.id]:
        edge = snapshot.edges[index]
        slots[edge.slot] = terms[edge.source]
    return [slots[slot] for slot in sorted(slots)]


def _term(node: Node, operands: list[Term]) -> Term:
    binds = BINDS.get(node.symbol)
    if binds and len(operands) == 2:
        (a, over_a), (b, over_b) = operands
        right = node.symbol in ("-", "/", "//", "%", "@")
        if node.symbol == "**":
            left = _wrapped(a, over_a, binds + 1)
            return f"{left}**{_wrapped(b, over_b, UNARY)}", binds
        left, other = _wrapped(a, over_a, binds), _wrapped(b, over_b, binds + right)
        space = " " if binds == 1 or node.symbol == "@" else ""
        return f"{left}{space}{node.symbol}{space}{other}", binds
    if node.symbol == "-" and len(operands) == 1:
        return f"-{_wrapped(operands[0][0], operands[0][1], UNARY)}", UNARY
    if len(operands) == 1 and node.op.isidentifier():
        inside = node.params if node.params else ""
        return f"{_wrapped(*operands[0], ATOM)}.{node.op}({inside})", ATOM
    inside = ", ".join([text for text, _ in operands] + ([node.params] if node.params else []))
    return f"{node.op}({inside})", ATOM


def _wrapped(text: str, binds: int, needed: int) -> str:
    return text if binds >= needed else f"({text})"
