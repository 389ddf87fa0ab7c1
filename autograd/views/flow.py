"""Backward, one `+=` at a time: upstream x local = contribution, and the sum before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np

from autograd.engine.node import Observer
from autograd.engine.value import Value
from autograd.user_frame import raising_line
from autograd.views.engine_calls import observed_backward
from autograd.views.local import ones
from autograd.views.snapshot import Edge, Snapshot
from autograd.views.summary import Datum, brief, datum, jsonable, magnitude, short, shown


@dataclass(slots=True)
class Step:
    """One contribution: `after = before + upstream * local`, at the input end of an edge."""

    edge: int
    upstream: Datum
    contribution: Datum
    before: Datum
    after: Datum


@dataclass(slots=True)
class Flow:
    """Every step of backward in its order, and what each node has received at the end.

    stale    a leaf was changed in place after the snapshot: the numbers are those of the new values
    problem  why backward stopped early, where it did
    """

    steps: list[Step]
    received: dict[int, Datum]
    stale: bool = False
    problem: str = ""


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
        self.shown[node] = datum(total)
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
        self.steps.append(Step(edge, self.shown[target], datum(c), before, after))


def replay(snapshot: Snapshot) -> Flow:
    """Run backward again from a seed of one at every root, writing down each contribution.

    The engine's own walk is used, and the stored gradients are not touched.
    """
    recorder = FlowRecorder(snapshot)
    problem = ""
    with np.errstate(all="ignore"):
        seeds: dict[Any, Any] = {}
        for root in snapshot.roots:
            v = snapshot.values[root]
            if v not in seeds:
                seeds[v] = ones(v.data)
                recorder.add(root, seeds[v])
        order = [v for v in reversed(snapshot.values) if v.op is not None]
        try:
            observed_backward(order, seeds, snapshot.values, recorder)
        except Exception as error:  # shown with the steps that were made instead of raised
            line = raising_line(error.__traceback__)
            problem = f"backward stops here: {error}" + (f" ({line})" if line else "")
    return Flow(recorder.steps, recorder.shown, is_stale(snapshot), problem)


def is_stale(snapshot: Snapshot) -> bool:
    """True where a leaf no longer holds what the snapshot saw."""
    return any(
        v.op is None and jsonable(datum(v.data)) != jsonable(node.value)
        for v, node in zip(snapshot.values, snapshot.nodes, strict=True)
        if node.shape
    )


def chain_rule(snapshot: Snapshot, flow: Flow, node: int) -> str:
    """The sum that makes up a gradient: `grad(x) = 2*1 + 3*1 = 5`, or its parts for arrays."""
    name = snapshot.nodes[node].name
    steps = [s for s in flow.steps if snapshot.edges[s.edge].source == node]
    if node in snapshot.roots:
        seed = "1 (the seed)"
        if not steps:
            return f"grad({name}) = {seed}"
        parts = [seed]
    else:
        parts = []
    parts += [product_text(snapshot.edges[s.edge], s) for s in steps]
    if not parts:
        return f"grad({name}): nothing reaches it"
    return f"grad({name}) = {' + '.join(parts)} = {shown(flow.received[node])}"


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
    """Edges of the path from each root that carries most gradient, chosen step by step."""
    best: dict[int, tuple[float, int]] = {}
    for step in flow.steps:
        target = snapshot.edges[step.edge].target
        weight = magnitude(step.contribution)
        if weight > best.get(target, (0.0, -1))[0]:
            best[target] = (weight, step.edge)
    path: set[int] = set()
    for root in snapshot.roots:
        node = root
        while node in best and best[node][1] not in path:
            edge = best[node][1]
            path.add(edge)
            node = snapshot.edges[edge].source
    return path
