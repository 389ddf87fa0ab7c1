"""Sequences of operations that repeat: a loop of the program, rolled up again.

A step is a stretch of operations that comes several times in a row with the same operations, shapes
and connections; what one step hands to the next is carried around the loop.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from autograd.views.snapshot import NodeRecord, Snapshot

REPEATS = 3  # steps from which a sequence is rolled
LONGEST = 200  # operations of a step
SHORTEST = 16  # operations of all steps together: less is not worth a box
SMALL = 40  # nodes of a step up to which one step is drawn in place of a card


@dataclass(frozen=True, slots=True)
class Run:
    """`count` steps of `period` operations, the first at place `start` of a list."""

    start: int
    period: int
    count: int

    @property
    def stop(self) -> int:
        """The place behind the last step."""
        return self.start + self.period * self.count


def find_runs(snapshot: Snapshot, operations: Sequence[int]) -> list[Run]:
    """The runs of repeating steps in a list of nodes, oldest first, that do not overlap."""
    strict = tokens(snapshot, operations, True)
    loose = tokens(snapshot, operations, False)
    found: list[Run] = []
    pending = [(0, len(operations))]
    while pending:
        low, high = pending.pop()
        best = longest_run(strict, loose, low, high)
        if best is not None:
            found.append(best)
            pending += [(low, best.start), (best.stop, high)]
    return sorted(found, key=lambda run: run.start)


def tokens(snapshot: Snapshot, operations: Sequence[int], connected: bool) -> np.ndarray:
    """One number for each operation: equal where operation, shape and parameters are, and if
    `connected` also how far back its inputs are."""
    place = {node: k for k, node in enumerate(operations)}
    known: dict[object, int] = {}
    out: list[int] = []
    for k, i in enumerate(operations):
        node = snapshot.nodes[i]
        key: list[object] = [node.op, node.shape, node.params]
        if connected:
            for e in snapshot.inputs_of[i]:
                edge = snapshot.edges[e]
                source = edge.source
                back: object = k - place[source] if source in place else "outside"
                key.append((edge.slot, back))
        out.append(known.setdefault(tuple(key), len(known)))
    return np.array(out)


def longest_run(strict: np.ndarray, loose: np.ndarray, low: int, high: int) -> Run | None:
    """The run between two places that covers most; of those the one with the shortest step.

    The first step may be connected otherwise: it starts from what stands before the loop.
    """
    best: Run | None = None
    covered = SHORTEST - 1
    for period in range(1, min(LONGEST, (high - low) // REPEATS) + 1):
        equal = strict[low : high - period] == strict[low + period : high]
        breaks = np.flatnonzero(~equal)
        edges = np.concatenate([[-1], breaks, [len(equal)]])
        longest = int(np.argmax(np.diff(edges)))
        start, stop = int(edges[longest]) + 1 + low, int(edges[longest + 1]) + low
        if stop - start + 2 * period <= covered:
            continue
        first = start
        while first > max(low, start - period) and loose[first - 1] == loose[first - 1 + period]:
            first -= 1
        count = (stop + period - first) // period
        if stop > start and count >= REPEATS and count * period > covered:
            best, covered = Run(first, period, count), count * period
    return best


def steps_of(snapshot: Snapshot, operations: Sequence[int], run: Run) -> Iterator[list[int]]:
    """The nodes of each step: its operations, and the leaves that only it uses."""
    for first in range(run.start, run.stop, run.period):
        own = list(operations[first : first + run.period])
        mine = set(own)
        sources = {snapshot.edges[e].source for i in own for e in snapshot.inputs_of[i]} - mine
        for i in sources:
            edges = snapshot.users_of[i]
            if snapshot.nodes[i].op or len(edges) > 2 * len(mine):
                continue  # a parameter of all steps
            if mine.issuperset([snapshot.edges[e].target for e in edges]):
                own.append(i)
        yield sorted(own)


def carried_values(snapshot: Snapshot, steps: Sequence[Sequence[int]]) -> list[list[int]]:
    """`[node, user]` for every value that the first step hands to the second."""
    second = set(steps[1])
    return [
        [i, snapshot.edges[e].target]
        for i in steps[0]
        for e in snapshot.users_of[i]
        if snapshot.edges[e].target in second
    ]


@dataclass(slots=True)
class Rolled:
    """A repeat that is drawn as its last step.

    step     the number of the step of each node
    twin     the node of the last step that stands for a node of an earlier one
    """

    step: dict[int, int]
    twin: dict[int, int]


def roll(snapshot: Snapshot, steps: Sequence[Sequence[int]]) -> Rolled | None:
    """Pair the nodes of all steps with those of the last; None where they do not match.

    A leaf is paired with the one that stands at its place in the last step, if one does.
    """
    nodes = snapshot.nodes
    found = Rolled({}, {})
    drawn, own_leaves = split(nodes, steps[-1])
    if len(drawn) + len(own_leaves) > SMALL:
        return None
    for k, own in enumerate(steps):
        operations, leaves = split(nodes, own)
        if len(operations) != len(drawn):
            return None
        found.step.update(dict.fromkeys(own, k))
        for i, j in zip(operations, drawn, strict=True):
            if i != j:
                found.twin[i] = j
        for leaf in leaves:
            twin = leaf_twin(snapshot, leaf, found, own_leaves)
            if twin is None:
                del found.step[leaf]  # the start of the loop: drawn as it is
            elif twin != leaf:
                found.twin[leaf] = twin
    return found


def leaf_twin(
    snapshot: Snapshot, leaf: int, found: Rolled, candidates: Sequence[int]
) -> int | None:
    """The leaf of the last step that the same operation takes at the same place."""
    for e in snapshot.users_of[leaf]:
        edge = snapshot.edges[e]
        user = found.twin.get(edge.target, edge.target)
        for other in snapshot.inputs_of[user]:
            if snapshot.edges[other].slot == edge.slot:
                source = snapshot.edges[other].source
                if source in candidates:
                    return source
    return None


def split(nodes: Sequence[NodeRecord], chosen: Sequence[int]) -> tuple[list[int], list[int]]:
    """Operations and leaves, each oldest first."""
    ordered = sorted(chosen)
    return [i for i in ordered if nodes[i].op], [i for i in ordered if not nodes[i].op]
