"""One snapshot of a computation graph: every view reads it, so no two views can disagree.

It holds plain numbers only (a later optimiser step does not change it), and turns into JSON;
`autograd.views.capture` takes it.
"""

from __future__ import annotations

import os
from collections.abc import Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from autograd.engine.value import Value
from autograd.views.local import Derivatives, local_text, shape_text
from autograd.views.recorded import ATOM
from autograd.views.summary import Datum, bare, jsonable, shown


@dataclass(slots=True)
class NodeRecord:
    """A value in the picture.

    op, symbol, role  columns of the operation's row; "" for a leaf
    named             whether the name is the user's
    path              the modules around it, outermost first
    source            the `file:line` that made it, where it is known
    order             its turn in backward; 0 for a leaf
    binds             how tightly the name binds, where it is an expression
    constants         the constant operands, with their slots
    numbers           those of them that are numbers
    params            the keyword parameters as text
    """

    id: int
    serial: int
    name: str
    named: bool
    path: tuple[str, ...]
    shape: tuple[int, ...]
    dtype: str
    value: Datum
    grad: Datum | None
    source: str
    op: str = ""
    symbol: str = ""
    role: str = ""
    order: int = 0
    binds: int = ATOM
    constants: tuple[tuple[int, str], ...] = ()
    numbers: dict[int, float] = field(default_factory=dict)
    params: str = ""

    @property
    def short_name(self) -> str:
        """The name without the module path in front of it."""
        if not self.path or not self.named:
            return self.name
        prefix = ".".join(self.path) + "."
        return self.name[len(prefix) :] if self.name.startswith(prefix) else self.name

    @property
    def operation(self) -> str:
        """The operation with its constant operands: `tanh`, `* 2`, `1 -`, `sum axis=0`."""
        text = self.symbol
        for slot, constant in self.constants[:2]:
            infix = not self.op or not self.symbol.isidentifier()
            if not infix and constant.startswith("array("):
                continue  # of a function's arguments the numbers say most
            text = f"{constant} {text}" if slot == 0 and infix else f"{text} {constant}"
        return f"{text} {self.params}" if self.params else text or "leaf"

    @property
    def type_text(self) -> str:
        """Shape and dtype, such as `(4, 3) float64` or `scalar float64`."""
        return f"{shape_text(self.shape)} {self.dtype}"


class Edge:
    """Input `source` of the operation that made `target`, with d target / d source.

    rule    the `file:line` of the rule, where it is the user's own
    local   the derivative as a number or range, None where one says too little
    phrase  what is done to the upstream gradient, as a NumPy expression of g
    texts   the same as texts with holes, None for a rule of the user's
    """

    __slots__ = ("made", "rule", "slot", "source", "target")

    def __init__(self, source: int, target: int, slot: int, rule: str, made: Derivatives) -> None:
        self.source, self.target, self.slot, self.rule = source, target, slot, rule
        self.made = made

    local = property(lambda self: self.made.found[self.slot][0])
    phrase = property(lambda self: self.made.found[self.slot][1])
    texts = property(lambda self: self.made.texts(self.slot))

    @property
    def text(self) -> str:
        """The local derivative as a label; a rule that is mentioned is named by its place."""
        text = local_text(self.local, self.phrase)
        if self.rule and self.phrase.startswith(("vjp of", "undefined")):
            return f"{text} ({os.path.basename(self.rule)})"
        return text

    def between(self, source: int, target: int) -> Edge:
        """The same edge where the nodes have other numbers."""
        return Edge(source, target, self.slot, self.rule, self.made)


@dataclass
class Snapshot:
    """Nodes oldest first (`nodes[i].id == i`), edges, roots, and what the caller marked.

    functions  the paths of nodes that are calls of functions, not modules
    """

    nodes: list[NodeRecord]
    edges: list[Edge]
    roots: list[int]
    values: list[Value] = field(repr=False)
    functions: Set[tuple[str, ...]] = frozenset()
    notes: dict[int, str] = field(default_factory=dict)
    edge_notes: dict[tuple[int, int], str] = field(default_factory=dict)

    @cached_property
    def inputs_of(self) -> list[list[int]]:
        """Numbers of the edges into each node, in the order of their slots."""
        out: list[list[int]] = [[] for _ in self.nodes]
        for index, edge in enumerate(self.edges):
            out[edge.target].append(index)
        return out

    @cached_property
    def users_of(self) -> list[list[int]]:
        """Numbers of the edges out of each node."""
        out: list[list[int]] = [[] for _ in self.nodes]
        for index, edge in enumerate(self.edges):
            out[edge.source].append(index)
        return out

    def as_json(self) -> dict[str, Any]:
        """The snapshot in strict JSON: NaN and infinity are strings, nothing is left out."""
        return {
            "format": "valuegrad graph 1",
            "roots": self.roots,
            "nodes": [self.node_json(node) for node in self.nodes],
            "edges": [
                {
                    "source": e.source,
                    "target": e.target,
                    "slot": e.slot,
                    "local": jsonable(e.local),
                    "text": e.text,
                    "rule": e.rule or None,
                    "note": self.edge_notes.get((e.target, e.slot)),
                }
                for e in self.edges
            ],
        }

    def node_json(self, node: NodeRecord) -> dict[str, Any]:
        """One node in strict JSON."""
        return {
            "id": node.id,
            "op": node.op or None,
            "symbol": node.symbol or None,
            "name": bare(node.name),
            "module": ".".join(node.path) or None,
            "shape": list(node.shape),
            "dtype": node.dtype,
            "value": jsonable(node.value),
            "grad": "not computed" if node.grad is None else jsonable(node.grad),
            "source": node.source or None,
            "backward_order": node.order or None,
            "params": node.params or None,
            "constants": [{"slot": slot, "text": text} for slot, text in node.constants],
            "note": self.notes.get(node.id),
        }


def node_line(snapshot: Snapshot, index: int) -> str:
    """One line about a node: name, operation, type, value and gradient."""
    node = snapshot.nodes[index]
    made = f" = {node.op}" if node.op else ""
    turn = f", turn {node.order} in backward" if node.order else ""
    numbers = f"value {shown(node.value)}, grad {shown(node.grad)}"
    return f"{node.name}{made}, {node.type_text}, {numbers}{turn}"
