"""Two graphs side by side: which nodes are the same, and what has changed in them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import numpy as np

from autograd.views.snapshot import Snapshot
from autograd.views.summary import Datum, Summary, jsonable, shown

SAME, NEW, OPERATION = "same", "new", "operation"


@dataclass(slots=True)
class Change:
    """What has become of a node: `same value grad both operation new`, and what it held before."""

    state: str
    value: Datum | None = None
    grad: Datum | None = None
    operation: str = ""

    def texts(self) -> list[str]:
        """What a card or a line says of it."""
        if self.state == SAME:
            return []
        if self.state == NEW:
            return ["new"]
        out = [f"was {self.operation}"] if self.state == OPERATION else []
        if self.state in ("value", "both", OPERATION):
            out.append(f"value was {shown(self.value)}")
        if self.state in ("grad", "both", OPERATION):
            out.append(f"grad was {shown(self.grad)}")
        return out


@dataclass(slots=True)
class Difference:
    """The changes of every node of the graph after, and the names of nodes that are gone."""

    titles: tuple[str, str]
    changes: list[Change]
    gone: list[str]

    def sentence(self) -> str:
        """How much has changed."""
        counts = [sum(c.state == state for c in self.changes) for state in (SAME, NEW)]
        changed = len(self.changes) - sum(counts)
        text = f"{changed} of {len(self.changes)} nodes changed"
        text += f", {counts[1]} new" * bool(counts[1])
        names = ", ".join(self.gone[:5]) + ", ..." * (len(self.gone) > 5)
        return text + (f", {len(self.gone)} gone ({names})" if self.gone else "")

    def as_json(self) -> dict[str, Any]:
        """The field `diff` of a page."""
        return {
            "titles": list(self.titles),
            "nodes": [[c.state, jsonable(c.value), jsonable(c.grad)] for c in self.changes],
            "changed": [i for i, c in enumerate(self.changes) if c.state != SAME],
            "gone": self.gone,
        }


def compare(before: Snapshot, after: Snapshot, titles: tuple[str, str]) -> Difference:
    """Pair the nodes of two snapshots and look at what differs."""
    twins, replaced = pair_nodes(before, after)
    changes: list[Change] = []
    for node in after.nodes:
        if node.id not in twins:
            changes.append(Change(NEW))
            continue
        old = before.nodes[twins[node.id]]
        value, grad = not equal(old.value, node.value), not equal(old.grad, node.grad)
        state = "both" if value and grad else "value" if value else "grad" if grad else SAME
        if node.id in replaced:
            state = OPERATION
        changes.append(Change(state, old.value, old.grad, old.operation))
    used = set(twins.values())
    return Difference(titles, changes, [n.name for n in before.nodes if n.id not in used])


def pair_nodes(before: Snapshot, after: Snapshot) -> tuple[dict[int, int], set[int]]:
    """For nodes of the graph after their twins before, and those whose operation is another one.

    The sequences of operations and names are aligned; where one stretch stands in place of another
    of the same length, the nodes are taken for replaced.
    """
    a, b = ([token(s, i) for i in range(len(s.nodes))] for s in (before, after))
    twins: dict[int, int] = {}
    replaced: set[int] = set()
    low = 0
    while low < min(len(a), len(b)) and a[low] == b[low]:
        twins[low] = low
        low += 1
    matcher = SequenceMatcher(None, a[low:], b[low:], autojunk=len(a) + len(b) - 2 * low > 2000)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal" or (kind == "replace" and i2 - i1 == j2 - j1):
            for i, j in zip(range(i1, i2), range(j1, j2), strict=True):
                if kind == "replace" and not (before.nodes[low + i].op and after.nodes[low + j].op):
                    continue
                twins[low + j] = low + i
                if kind == "replace":
                    replaced.add(low + j)
    return twins, replaced


def token(s: Snapshot, i: int) -> object:
    """What makes a node the same one: its operation, or the name of a leaf."""
    node = s.nodes[i]
    return (node.op, node.params, node.constants) if node.op else (node.name if node.named else "",)


def equal(a: Datum | None, b: Datum | None) -> bool:
    """The same numbers; NaN is equal to NaN."""
    if isinstance(a, Summary) and isinstance(b, Summary):
        return a.shape == b.shape and same_entries(a, b)
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (math.isnan(a) and math.isnan(b))
    return type(a) is type(b) and a == b


def same_entries(a: Summary, b: Summary) -> bool:
    """The same entries, or the same facts where these are all that is kept."""
    try:
        return bool(np.array_equal(a.array, b.array, equal_nan=True))
    except LookupError:
        return bool(np.array_equal([a.low, a.high, a.norm], [b.low, b.high, b.norm], True))
