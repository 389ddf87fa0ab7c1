"""Taking the snapshot: from the engine's nodes to records of plain numbers, without recursion."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from autograd.engine.ancestry import ancestors
from autograd.engine.indexing import index_text
from autograd.engine.primitive import Primitive
from autograd.engine.value import Value
from autograd.views.engine_calls import rule_place, stored_gradient
from autograd.views.expression import UNARY, Term, expression_name
from autograd.views.local import Derivatives, RuleTexts
from autograd.views.recorded import ATOM
from autograd.views.snapshot import Edge, NodeRecord, Snapshot
from autograd.views.summary import Datum, Summary, clean, datum


@dataclass(slots=True)
class Annotations:
    """What is known of the nodes besides the graph: each a mapping by serial.

    names    what the user calls them
    paths    the modules around them, outermost first
    sources  the `file:line` that made them
    grads    gradients that are not stored in the Values
    arrays   names of the caller's arrays, by identity
    functions  the paths that are calls of functions
    """

    names: Mapping[int, str] = field(default_factory=dict)
    paths: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    sources: Mapping[int, str] = field(default_factory=dict)
    grads: Mapping[int, Any] = field(default_factory=dict)
    arrays: Mapping[int, str] = field(default_factory=dict)
    functions: Set[tuple[str, ...]] = frozenset()


def collect(roots: Iterable[Value]) -> list[Value]:
    """Every Value the roots were computed from, oldest first; creation order is topological."""
    newest_first = ancestors(roots)
    return newest_first[::-1]


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


def take_snapshot(roots: Sequence[Value], values: list[Value], known: Annotations) -> Snapshot:
    """The snapshot of `values`, which are all that the roots were computed from, oldest first."""
    with uncollected(), np.errstate(all="ignore"):
        return SnapshotBuilder(values, known).build(roots)


class SnapshotBuilder:
    """Writes the records of one snapshot."""

    def __init__(self, values: list[Value], known: Annotations) -> None:
        self.values, self.known = values, known
        self.place = {v.serial: i for i, v in enumerate(values)}
        self.nodes: list[NodeRecord] = []
        self.edges: list[Edge] = []
        self.held: list[Any] = []
        self.rule_places: dict[tuple[Primitive, int], str] = {}
        self.rule_texts: RuleTexts = {}

    def build(self, roots: Sequence[Value]) -> Snapshot:
        """One record for each Value, and one edge for each input that is a Value."""
        turns = sum([v.op is not None for v in self.values])
        for i, v in enumerate(self.values):
            node = self.record(i, v)
            self.nodes.append(node)
            if v.op is not None:
                node.op, node.symbol, node.role = v.op.name, v.op.symbol, v.op.role
                node.order = turns
                turns -= 1
                self.add_edges(v, v.op, node)
        roots_here = [self.place[v.serial] for v in roots]
        functions = self.known.functions
        return Snapshot(self.nodes, self.edges, roots_here, self.values, functions)

    def record(self, i: int, v: Value) -> NodeRecord:
        """The node without what its operation says.  Arrays of leaves are copied, since an
        optimiser changes them in place."""
        data: Any = v.data
        serial, known = v.serial, self.known
        shape: tuple[int, ...] = ()
        dtype = "float64"
        value: Datum = data
        leaf = v.op is None
        if type(data) is not float:
            data = np.array(data) if leaf and type(data) is np.ndarray else data
            shape, dtype, value = data_facts(data)
        self.held.append(data)
        grad = known.grads[serial] if serial in known.grads else stored_gradient(v)
        if grad is not None and type(grad) is not float:
            grad = datum(grad.data if type(grad) is Value else grad)
            if leaf and isinstance(grad, Summary):
                grad.kept()
        name = known.names.get(serial, "")
        path = known.paths.get(serial, ())
        source = known.sources.get(serial, "") or v.source
        return NodeRecord(
            i, serial, name or f"#{i}", name != "", path, shape, dtype, value, grad, source
        )

    def add_edges(self, v: Value, op: Primitive, node: NodeRecord) -> None:
        """The edges into one operation with their local derivatives, its constant operands, and
        the expression that names it where the user does not."""
        inputs, params = v.inputs, v.params or {}
        wanted: list[bool] = []
        args: list[Any] = []
        places: list[int] = []
        operands: list[Term] = []
        constants: list[tuple[int, str]] = []
        for slot, u in enumerate(inputs):
            traced = type(u) is Value
            wanted.append(traced)
            if traced:
                place = self.place[u.serial]
                places.append(place)
                args.append(self.held[place])
                operands.append((self.nodes[place].short_name, self.nodes[place].binds))
            else:
                args.append(u)
                text = self.known.arrays.get(id(u)) or constant_text(u)
                constants.append((slot, text))
                operands.append((text, UNARY if text.startswith("-") else ATOM))
                if type(u) is float or type(u) is int:
                    node.numbers[slot] = u
        node.constants = tuple(constants)
        if params:
            node.params = params_text(params)
        if not node.named:
            node.name, node.binds = expression_name(node, operands)

        def name_of(slot: int) -> str:
            u = v if slot < 0 else inputs[slot]
            if type(u) is Value:
                return self.nodes[self.place[u.serial]].short_name
            name = operands[slot][0]
            return "array" if name.startswith("array(") else name

        made = Derivatives(op, wanted, self.held[node.id], args, params, name_of, self.rule_texts)
        used = iter(places)
        for slot, want in enumerate(wanted):
            if want:
                rule = self.rule_of(op, slot) if op.custom else ""
                self.edges.append(Edge(next(used), node.id, slot, rule, made))

    def rule_of(self, op: Primitive, slot: int) -> str:
        """The place of the user's rule, looked for once."""
        key = (op, slot)
        if key not in self.rule_places:
            self.rule_places[key] = rule_place(op, slot)
        return self.rule_places[key]


def params_text(params: Mapping[str, Any]) -> str:
    """Keyword parameters that say something: `axis=0`; None and False are left out."""
    plain = bool | int | str | slice | type(None) | type(...)
    texts = []
    for name, x in params.items():
        if name == "unique":  # how an index is summed back, nothing that a reader wrote
            continue
        if name == "index":
            texts.append(index_text(x) if isinstance(x, tuple) else f"index={x}")
            continue
        parts = x if isinstance(x, tuple) else (x,)
        if all(isinstance(part, plain) for part in parts) and x is not None and x is not False:
            texts.append(f"{name}={x}")
    return clean(", ".join(texts), 40)


def data_facts(data: object) -> tuple[tuple[int, ...], str, Datum]:
    """Shape, dtype and numbers."""
    if isinstance(data, tuple):
        return (), f"{len(data)} outputs", f"{len(data)} outputs"
    dtype = getattr(data, "dtype", None)
    name = type(data).__name__ if dtype is None else dtype_name(dtype)
    return tuple(getattr(data, "shape", ())), name, datum(data)


@lru_cache
def dtype_name(dtype: object) -> str:
    """The name of a dtype, which NumPy takes its time to write."""
    return str(dtype)


def constant_text(x: object) -> str:
    """A constant operand: the number itself, or the shape of an array."""
    if isinstance(x, float) and abs(x) < 1e6 and x == int(x):
        return str(int(x))
    if isinstance(x, np.ndarray) and x.ndim:
        return f"array{x.shape}"
    if isinstance(x, int | float | complex | np.generic | np.ndarray):
        return f"{x:.6g}" if isinstance(x, float | np.floating) else str(x)
    return clean(repr(x) if isinstance(x, str | tuple | slice) else f"<{type(x).__name__}>", 40)
