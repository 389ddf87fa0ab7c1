"""Backward, one `+=` at a time: upstream x local = contribution, and the sum before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np

from autograd.engine.node import Observer
from autograd.engine.value import Value
from autograd.user_frame import raising_line
from autograd.views.engine_calls import observed_backward, seed_of
from autograd.views.snapshot import Edge, Snapshot
from autograd.views.summary import Datum, Summary, brief, datum, jsonable, magnitude, short, shown

PASSES = 8  # roots from which backward is shown
STEPS = 200_000  # steps after which no further root gets a pass


@dataclass(slots=True)
class Step:
    """One contribution: `after = before + upstream * local`, at the input end of an edge."""

    edge: int
    upstream: Datum
    contribution: Datum
    before: Datum
    after: Datum


@dataclass(slots=True)
class Pass:
    """Backward from one root: `flow.steps[first : first + count]`, and what each node received."""

    root: int
    first: int
    count: int
    received: dict[int, Datum]


@dataclass(slots=True)
class Flow:
    """Every step of backward in its order, one pass for each root.

    stale    a leaf was changed in place after the snapshot: the numbers are those of the new values
    problem  why backward stopped early, where it did
    note     a sentence where not every root has a pass
    """

    steps: list[Step]
    passes: list[Pass]
    stale: bool = False
    problem: str = ""
    note: str = ""

    @property
    def received(self) -> dict[int, Datum]:
        """What each node has received at the end of the first pass."""
        return self.passes[0].received if self.passes else {}

    def steps_of(self, one: Pass) -> list[Step]:
        """The steps of one pass."""
        return self.steps[one.first : one.first + one.count]


@final
class FlowRecorder(Observer):
    """Observes the engine's own walk, and keeps the sums before and after each contribution."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.place = {v.serial: i for i, v in enumerate(snapshot.values)}
        self.turn: dict[int, int] = {}
        self.sums: dict[int, Any] = {}
        self.shown: dict[int, Datum] = {}
        self.steps: list[Step] = []

    def add(self, node: int, g: Any) -> Datum:
        """Add to the gradient of a node; the sum so far."""
        total = self.sums[node] + g if node in self.sums else g
        self.sums[node] = total
        self.shown[node] = safe(total)
        return self.shown[node]

    def on_record(self, v: Value) -> None:
        """Nothing: a picture shows what was recorded before."""

    def on_contribution(self, v: Value, x: Value, c: Any, g: Any) -> None:
        """One step: the next edge from x into v is used."""
        target, source = self.place[v.serial], self.place[x.serial]
        edges = self.snapshot.inputs_of[target]
        turn = self.turn.get(target, 0)
        while self.snapshot.edges[edges[turn]].source != source:
            turn += 1
        self.turn[target] = turn + 1
        edge = edges[turn]
        before = self.shown.get(source, 0.0)
        after = self.add(source, c)
        self.steps.append(Step(edge, self.shown[target], safe(c), before, after))


def safe(x: Any) -> Datum:
    """A number or the summary of an array, which the walk may go on to change in place."""
    found = datum(x)
    return found.kept() if isinstance(found, Summary) else found


def replay(snapshot: Snapshot) -> Flow:
    """Run backward again, from a seed of one at one root after the other, writing down each
    contribution.

    The engine's own walk is used, and the stored gradients are not touched.
    """
    flow = Flow([], [], is_stale(snapshot))
    for root in snapshot.roots:
        if flow.passes and (len(flow.passes) >= PASSES or len(flow.steps) > STEPS):
            shown_roots, roots = len(flow.passes), len(snapshot.roots)
            flow.note = f"backward is shown from the first {shown_roots} of {roots} roots"
            break
        recorder = FlowRecorder(snapshot)
        with np.errstate(all="ignore"):
            v = snapshot.values[root]
            seed = seed_of(v.data)
            recorder.add(root, seed)
            order = [v for v in reversed(snapshot.values[: root + 1]) if v.op is not None]
            try:
                observed_backward(order, {v: seed}, snapshot.values, recorder)
            except Exception as error:  # shown with the steps that were made instead of raised
                line = raising_line(error.__traceback__)
                flow.problem = f"backward stops here: {error}" + (f" ({line})" if line else "")
        flow.passes.append(Pass(root, len(flow.steps), len(recorder.steps), recorder.shown))
        flow.steps += recorder.steps
    return flow


def is_stale(snapshot: Snapshot) -> bool:
    """True where a leaf no longer holds what the snapshot saw."""
    return any(
        v.op is None and jsonable(datum(v.data)) != jsonable(node.value)
        for v, node in zip(snapshot.values, snapshot.nodes, strict=True)
        if node.shape
    )


def chain_rule(snapshot: Snapshot, flow: Flow, node: int) -> str:
    """The sum that makes up a gradient: `grad(x) = 2*1 + 3*1 = 5`, or its parts for arrays; a line
    for each root where there are several."""
    lines = [chain_rule_of(snapshot, flow, one, node) for one in flow.passes]
    if len(lines) == 1:
        return lines[0]
    names = [snapshot.nodes[one.root].name for one in flow.passes]
    pairs = zip(names, flow.passes, lines, strict=True)
    found = [f"from {name}: {line}" for name, one, line in pairs if node in one.received]
    return "\n".join(found) or lines[0]


def chain_rule_of(snapshot: Snapshot, flow: Flow, one: Pass, node: int) -> str:
    """The sum in one pass."""
    name = snapshot.nodes[node].name
    steps = [s for s in flow.steps_of(one) if snapshot.edges[s.edge].source == node]
    parts = ["1 (the seed)"] if node == one.root else []
    parts += [product_text(snapshot.edges[s.edge], s) for s in steps]
    if not parts:
        return f"grad({name}): nothing reaches it"
    if parts == ["1 (the seed)"]:
        return f"grad({name}) = 1 (the seed)"
    return f"grad({name}) = {' + '.join(parts)} = {shown(one.received[node])}"


def product_text(edge: Edge, step: Step) -> str:
    """One term of the sum."""
    if isinstance(step.upstream, float | complex) and isinstance(edge.local, float | complex):
        return f"{factor_text(step.upstream)}*{factor_text(edge.local)}"
    if isinstance(step.contribution, float | complex):
        return short(step.contribution)
    return f"[{shown(step.contribution)}]"


def factor_text(x: float | complex) -> str:
    """A number as a factor, in parentheses where it is negative."""
    text = brief(x)
    return f"({text})" if text.startswith("-") else text


def heavy_path(snapshot: Snapshot, flow: Flow) -> set[int]:
    """Edges of the path from the first root that carries most gradient, chosen step by step."""
    best: dict[int, tuple[float, int]] = {}
    for step in flow.steps_of(flow.passes[0]) if flow.passes else ():
        target = snapshot.edges[step.edge].target
        weight = magnitude(step.contribution)
        if weight > best.get(target, (0.0, -1))[0]:
            best[target] = (weight, step.edge)
    path: set[int] = set()
    for root in snapshot.roots[:1]:
        node = root
        while node in best and best[node][1] not in path:
            edge = best[node][1]
            path.add(edge)
            node = snapshot.edges[edge].source
    return path
