"""One snapshot of a computation graph: every view reads it, so no two views can disagree.

It is taken newest to oldest without recursion, holds plain numbers only (a later optimiser step
does not change it), and turns into JSON.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from autograd.engine.reverse import ancestors
from autograd.engine.value import Value
from autograd.views.local import exact, local_derivative, local_text, shape_text
from autograd.views.summary import Datum, clean, datum, jsonable, shown


@dataclass(slots=True)
class Node:
    """A value in the picture.  `order` is its turn in backward; leaves have none."""

    id: int
    serial: int
    op: str
    symbol: str
    name: str
    named: bool
    path: tuple[str, ...]
    shape: tuple[int, ...]
    dtype: str
    value: Datum
    grad: Datum | None
    source: str
    order: int
    constants: tuple[tuple[int, str], ...]
    params: str

    @property
    def short_name(self) -> str:
        """The name without the module path in front of it."""
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


@dataclass(slots=True)
class Edge:
    """Input `source` of the operation that made `target`, with d target / d source."""

    source: int
    target: int
    slot: int
    local: Datum | None
    phrase: str

    @property
    def text(self) -> str:
        """The local derivative as a label."""
        return local_text(self.local, self.phrase)


@dataclass
class Snapshot:
    """Nodes oldest first (`nodes[i].id == i`), edges, roots, and what the caller marked."""

    nodes: list[Node]
    edges: list[Edge]
    roots: list[int]
    values: list[Value] = field(repr=False)
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
            "nodes": [self._node_json(node) for node in self.nodes],
            "edges": [
                {
                    "source": e.source,
                    "target": e.target,
                    "slot": e.slot,
                    "local": jsonable(e.local),
                    "text": e.text,
                    "note": self.edge_notes.get((e.target, e.slot)),
                }
                for e in self.edges
            ],
        }

    def _node_json(self, node: Node) -> dict[str, Any]:
        return {
            "id": node.id,
            "op": node.op or None,
            "symbol": node.symbol or None,
            "name": node.name,
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


def collect(roots: Iterable[Value]) -> list[Value]:
    """Every Value the roots were computed from, oldest first; creation order is topological."""
    newest_first = ancestors(roots)
    return newest_first[::-1]


def take(
    roots: Sequence[Value],
    names: Mapping[int, str] | None = None,
    paths: Mapping[int, tuple[str, ...]] | None = None,
    sources: Mapping[int, str] | None = None,
    values: list[Value] | None = None,
) -> Snapshot:
    """The snapshot below `roots`.  The mappings give names, modules and source lines by serial."""
    with uncollected(), np.errstate(all="ignore"):
        return _take(roots, names or {}, paths or {}, sources or {}, values)


@contextmanager
def uncollected() -> Iterator[None]:
    """The garbage collector paused: it would scan the whole graph again and again for nothing."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _take(
    roots: Sequence[Value],
    names: Mapping[int, str],
    paths: Mapping[int, tuple[str, ...]],
    sources: Mapping[int, str],
    values: list[Value] | None,
) -> Snapshot:
    values = collect(roots) if values is None else values
    place = {v.serial: i for i, v in enumerate(values)}
    turns = sum([v.op is not None for v in values])
    nodes: list[Node] = []
    edges: list[Edge] = []
    for i, v in enumerate(values):
        serial, op = v.serial, v.op
        node = _node(i, v, names.get(serial, ""), paths.get(serial, ()))
        node.source = sources.get(serial, "") or v.source
        nodes.append(node)
        if op is not None:
            node.op, node.symbol, node.order = op.name, op.symbol, turns
            turns -= 1
            _edges(v, node, place, nodes, edges)
    return Snapshot(nodes, edges, [place[v.serial] for v in roots], values)


def _node(i: int, v: Value, name: str, path: tuple[str, ...]) -> Node:
    """The node without what its operation says."""
    data, grad = v.data, v._grad
    shape: tuple[int, ...] = ()
    dtype = "float64"
    value: Datum = data
    if type(data) is not float:
        shape, dtype, value = _describe(data)
    if grad is not None and type(grad) is not float:
        grad = datum(getattr(grad, "data", grad) if type(grad) is Value else grad)
    named = name != ""
    name = name or f"#{i}"
    return Node(i, v.serial, "", "", name, named, path, shape, dtype, value, grad, "", 0, (), "")


def _params_text(params: Mapping[str, Any]) -> str:
    """Keyword parameters that say something: `axis=0`; None and False are left out."""
    plain = (bool, int, str, slice, type(None), type(...))
    told = []
    for name, x in params.items():
        parts = x if isinstance(x, tuple) else (x,)
        if all(isinstance(part, plain) for part in parts) and x is not None and x is not False:
            told.append(f"{name}={x}")
    return clean(", ".join(told), 40)


def _describe(data: object) -> tuple[tuple[int, ...], str, Datum]:
    if isinstance(data, tuple):
        return (), f"{len(data)} outputs", f"{len(data)} outputs"
    kind = getattr(data, "dtype", None)
    name = type(data).__name__ if kind is None else _dtype_name(kind)
    return tuple(getattr(data, "shape", ())), name, datum(data)


@lru_cache
def _dtype_name(dtype: object) -> str:
    return str(dtype)  # NumPy takes its time to spell it


def constant_text(x: object) -> str:
    """A constant operand: the number itself, or the shape of an array."""
    if isinstance(x, float) and abs(x) < 1e6 and x == int(x):
        return str(int(x))
    if isinstance(x, np.ndarray) and x.ndim:
        return f"array{x.shape}"
    if isinstance(x, (int, float, complex, np.generic, np.ndarray)):
        return f"{x:.6g}" if isinstance(x, (float, np.floating)) else str(x)
    return clean(repr(x) if isinstance(x, (str, tuple, slice)) else f"<{type(x).__name__}>", 40)


def _edges(
    v: Value, node: Node, place: Mapping[int, int], nodes: list[Node], edges: list[Edge]
) -> None:
    """The edges into one operation with their local derivatives, and its constant operands."""
    op, inputs, y, target = v.op, v.inputs, v.data, node.id
    assert op is not None
    params = v.params or {}
    args = [u.data if type(u) is Value else u for u in inputs]
    try:
        rules = op.vjps or op.rules(len(args))
    except Exception:  # a broken custom rule: the edge says that it is undefined
        rules = [_broken] * len(args)

    def operand(slot: int) -> str:
        u = inputs[slot]
        return nodes[place[u.serial]].short_name if type(u) is Value else constant_text(u)

    scalar = type(y) is float
    constants: list[tuple[int, str]] = []
    for slot, u in enumerate(inputs):
        if type(u) is not Value:
            constants.append((slot, constant_text(u)))
            continue
        rule = rules[slot] if slot < len(rules) else None
        if scalar and rule is not None and type(args[slot]) is float:
            local, phrase = exact(rule, 1.0, y, args, params)
        else:
            local, phrase = local_derivative(op, slot, rule, y, args, params, operand)
        edges.append(Edge(place[u.serial], target, slot, local, phrase))
    node.constants = tuple(constants)
    if params:
        node.params = _params_text(params)


def _broken(*_: object, **__: object) -> float:
    raise ValueError("the rule cannot be built")


def describe(snapshot: Snapshot, index: int) -> str:
    """One line about a node: name, operation, type, value and gradient."""
    node = snapshot.nodes[index]
    made = f" = {node.op}" if node.op else ""
    turn = f", turn {node.order} in backward" if node.order else ""
    numbers = f"value {shown(node.value)}, grad {shown(node.grad)}"
    return f"{node.name}{made}, {node.type_text}, {numbers}{turn}"
