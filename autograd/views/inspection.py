"""What went wrong: where NaN begins, which units are dead, whether gradients fade or blow up."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from autograd.views.lines import slope
from autograd.views.snapshot import Edge, NodeRecord, Snapshot
from autograd.views.summary import Summary, brief, is_zero, magnitude, shown, trouble

LISTED = 5  # findings of one kind that are listed one by one
NEAR = 2_000  # nodes that are looked at to find the weights of a unit
LAYERS = 3  # layers from which a trend is looked for
FADES = 1e-3  # gradient of the first layer over that of the last: below this it vanishes
INACTIVE, CHANGED = "inactive ReLU", "changed"
FADES_IN_CHAIN = 1e-6  # the same for a chain of operations without modules


@dataclass(slots=True)
class GraphFinding:
    """One thing to look at: its kind, a sentence, and the node where it is seen."""

    kind: str
    text: str
    node: int | None = None

    @property
    def serious(self) -> bool:
        """Whether it is shown in red: an inactive unit may be as it should, and so may a step."""
        return self.kind not in (INACTIVE, CHANGED)


@dataclass(slots=True)
class GraphFindings:
    """All findings, and the root-mean-square gradient of each layer, first layer first."""

    items: list[GraphFinding] = field(default_factory=list)
    layers: list[tuple[str, float]] = field(default_factory=list)

    def add(self, kind: str, found: list[GraphFinding]) -> None:
        """List a few one by one, many in one sentence."""
        if len(found) <= LISTED:
            self.items += found
        elif found:
            first = ", ".join(f.text.split(":")[0] for f in found[:3])
            text = f"{len(found)} times {kind}, first seen here: {first}"
            self.items.append(GraphFinding(kind, text, found[0].node))


def examine(snapshot: Snapshot) -> GraphFindings:
    """Look at every node once, and along the layers."""
    out = GraphFindings()
    marks = {f"{name_of(snapshot, i)}: {text}": i for i, text in snapshot.notes.items()}
    for (i, slot), text in snapshot.edge_notes.items():
        marks[f"{name_of(snapshot, i)}, input {slot}: {text}"] = i
    out.items += [GraphFinding("marked", text, i) for text, i in marks.items()]
    out.add("NaN or infinity", broken_values(snapshot))
    out.add("NaN or infinite gradient", broken_gradients(snapshot))
    out.add("dead ReLU", dead_rectifiers(snapshot))
    out.add(INACTIVE, inactive_rectifiers(snapshot))
    out.layers = layer_gradients(snapshot)
    out.items += trend(out.layers, FADES) or chain_trend(snapshot)
    return out


def name_of(snapshot: Snapshot, i: int) -> str:
    """The name of a node with its operation, `h (tanh)`."""
    node = snapshot.nodes[i]
    return f"{node.name} ({node.op})" if node.op else node.name


def broken_values(snapshot: Snapshot) -> list[GraphFinding]:
    """Nodes whose value is broken although every input is finite."""
    found = []
    for node in snapshot.nodes:
        kind = trouble(node.value)
        sources = [snapshot.nodes[snapshot.edges[e].source] for e in snapshot.inputs_of[node.id]]
        if kind and not any(trouble(s.value) for s in sources):
            inputs = ", ".join(f"{s.name} = {shown(s.value)}" for s in sources[:3])
            why = f"its inputs are finite ({inputs})" if inputs else "it is an input"
            found.append(
                GraphFinding(kind, f"{kind} begins at {name_of(snapshot, node.id)}: {why}", node.id)
            )
    return found


def broken_gradients(snapshot: Snapshot) -> list[GraphFinding]:
    """Nodes whose gradient is broken although every gradient that it is made of is finite."""
    found = []
    for node in reversed(snapshot.nodes):
        kind = trouble(node.grad)
        edges = [snapshot.edges[e] for e in snapshot.users_of[node.id]]
        if kind and not any(trouble(snapshot.nodes[e.target].grad) for e in edges):
            edges.sort(key=lambda e: not trouble(e.local))
            terms = [
                f"{slope(snapshot.nodes[e.target].name, node.name)} = {e.text}" for e in edges[:2]
            ]
            why = f"upstream is finite, {', '.join(terms)}" if terms else "it is a root"
            text = f"gradient becomes {kind} at {name_of(snapshot, node.id)}: {why}"
            found.append(GraphFinding(kind, text, node.id))
    return found


def is_rectifier(node: NodeRecord) -> bool:
    """True for a ReLU, and for the larger or smaller of a value and 0."""
    return node.role == "rectifier" or (
        node.role == "extremum" and any(text == "0" for _, text in node.constants)
    )


def dead_rectifiers(snapshot: Snapshot) -> list[GraphFinding]:
    """Units of ReLUs that are 0 for all samples of a batch: no gradient passes for any.

    In an array a unit is an entry of the last axis, and the samples are along the others; of
    numbers it is what is computed from the same weights several times.
    """
    found = []
    for node in snapshot.nodes:
        if is_rectifier(node) and len(node.shape) > 1 and isinstance(node.value, Summary):
            units = node.shape[-1]
            data = np.asarray(snapshot.values[node.id].data).reshape(-1, units)
            dead = int((data == 0).all(axis=0).sum()) if len(data) > 1 else 0
            if dead:
                name = name_of(snapshot, node.id)
                text = f"dead ReLU {name}: {dead} of {units} units are 0 for all {len(data)} rows"
                found.append(GraphFinding("dead ReLU", text, node.id))
    for samples in units_of_numbers(snapshot):
        if len(samples) > 1 and all(is_zero(snapshot.nodes[i].value) for i in samples):
            name = name_of(snapshot, samples[0])
            text = f"dead ReLU {name}: 0 for all {len(samples)} samples, no gradient passes"
            found.append(GraphFinding("dead ReLU", text, samples[0]))
    return found


def inactive_rectifiers(snapshot: Snapshot) -> list[GraphFinding]:
    """ReLUs that are 0 for the one sample that there is."""
    found = []
    single = [samples[0] for samples in units_of_numbers(snapshot) if len(samples) == 1]
    rows = [n.id for n in snapshot.nodes if is_rectifier(n) and n.shape and is_single(n.shape)]
    for i in sorted(single + rows):
        if is_zero(snapshot.nodes[i].value):
            inputs = [snapshot.nodes[snapshot.edges[e].source] for e in snapshot.inputs_of[i]]
            values = ", ".join(shown(x.value) for x in inputs)
            text = f"inactive ReLU {name_of(snapshot, i)}: 0 for this input, {values}"
            found.append(GraphFinding(INACTIVE, text, i))
    return found


def is_single(shape: tuple[int, ...]) -> bool:
    """True for one row of units."""
    return math.prod(shape[:-1]) == 1


def units_of_numbers(snapshot: Snapshot) -> list[list[int]]:
    """ReLUs of numbers, those together that are computed from the same leaves."""
    units: dict[frozenset[int], list[int]] = {}
    for node in snapshot.nodes:
        if is_rectifier(node) and not node.shape:
            units.setdefault(weights_below(snapshot, node.id), []).append(node.id)
    return list(units.values())


def weights_below(snapshot: Snapshot, i: int) -> frozenset[int]:
    """The leaves from which a node is computed, down to the activations before it; its parameters
    where they are known, so that samples may be Values."""
    leaves: set[int] = set()
    seen = {i}
    stack = [i]
    while stack and len(seen) < NEAR:
        for e in snapshot.inputs_of[stack.pop()]:
            source = snapshot.nodes[snapshot.edges[e].source]
            if not source.op:
                leaves.add(source.id)
            elif source.id not in seen and not source.role:
                seen.add(source.id)
                stack.append(source.id)
    held = {leaf for leaf in leaves if snapshot.nodes[leaf].path}
    return frozenset(held or leaves or {i})


def layer_gradients(snapshot: Snapshot) -> list[tuple[str, float]]:
    """Root-mean-square gradient of the parameters of each layer, in forward order."""
    total: dict[str, tuple[float, int]] = {}
    first: dict[str, int] = {}
    for node in snapshot.nodes:
        layer = layer_of(node.path)
        if node.op and layer:
            first.setdefault(layer, node.id)
        if node.op or not layer or node.grad is None:
            continue
        squares, count = total.get(layer, (0.0, 0))
        size = node.grad.size if isinstance(node.grad, Summary) else 1
        total[layer] = (squares + magnitude(node.grad) ** 2, count + size)
    order = sorted(total, key=lambda layer: first.get(layer, 0))
    return [(layer, math.sqrt(total[layer][0] / max(total[layer][1], 1))) for layer in order]


def layer_of(path: tuple[str, ...]) -> str:
    """The path up to its first numbered part: the layer, not the neuron in it."""
    for depth, part in enumerate(path, 1):
        if any(c.isdecimal() for c in part):
            return ".".join(path[:depth])
    return ".".join(path)


def trend(series: list[tuple[str, float]], limit: float) -> list[GraphFinding]:
    """A sentence where the first of the series is far smaller or larger than the last."""
    if len(series) < LAYERS:
        return []
    (first, a), (last, b) = series[0], series[-1]
    if not (math.isfinite(a) and math.isfinite(b)) or b == 0.0:
        return []
    if a == 0.0:
        return [GraphFinding("vanishing", f"no gradient reaches {first}: it is exactly 0")]
    if a < limit * b:
        text = f"vanishing gradient: rms {b:.1e} at {last} falls to {a:.1e} at {first}"
        return [GraphFinding("vanishing", text)]
    if a * limit > b:
        text = f"exploding gradient: rms {b:.1e} at {last} grows to {a:.1e} at {first}"
        return [GraphFinding("exploding", text)]
    return []


def chain_trend(snapshot: Snapshot) -> list[GraphFinding]:
    """The same along the operations on the path of largest gradients."""
    if not snapshot.roots:
        return []
    node: int | None = snapshot.roots[0]
    series: list[tuple[str, float]] = []
    while node is not None:
        here = snapshot.nodes[node]
        if here.grad is None:
            return []
        size = here.grad.size if isinstance(here.grad, Summary) else 1
        series.append((here.name, magnitude(here.grad) / math.sqrt(max(size, 1))))
        before = [snapshot.edges[e].source for e in snapshot.inputs_of[node]]
        operations = [i for i in before if snapshot.nodes[i].op]
        node = max(operations, key=lambda i: magnitude(snapshot.nodes[i].grad), default=None)
        if node is not None and is_zero(snapshot.nodes[node].grad):
            break  # reported as such: a dead ReLU, a factor of zero
    return trend(series[::-1], FADES_IN_CHAIN) if len(series) > 8 else []


def zero_reason(snapshot: Snapshot, i: int) -> str:
    """Why a gradient is exactly zero: `zero: a = 0`, `zero: the ReLU is inactive`, ..."""
    node = snapshot.nodes[i]
    if not is_zero(node.grad):
        return ""
    edges = [snapshot.edges[e] for e in snapshot.users_of[i]]
    if not edges:
        return ""
    alive = [e for e in edges if not is_zero(snapshot.nodes[e.target].grad)]
    if not alive:
        return "zero: upstream is zero"
    if not all(is_zero(e.local) for e in alive):
        return "zero: the parts cancel" if len(edges) > 1 else "zero"
    return f"zero: {local_reason(snapshot, alive[0])}"


def local_reason(snapshot: Snapshot, edge: Edge) -> str:
    """Why the derivative on an edge is zero."""
    target = snapshot.nodes[edge.target]
    if is_rectifier(target):
        return "the ReLU is inactive"
    if target.symbol == "*":
        others = [
            snapshot.nodes[snapshot.edges[e].source]
            for e in snapshot.inputs_of[edge.target]
            if snapshot.edges[e].slot != edge.slot
        ]
        return f"{others[0].name} = 0" if others else "a factor is 0"
    if target.role == "activation" and isinstance(target.value, float):
        return f"{target.name} is saturated at {brief(target.value)}"
    return f"{slope(target.name, snapshot.nodes[edge.source].name)} = 0"
