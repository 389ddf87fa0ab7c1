"""Copying and pickling whole graphs, oldest node first and without recursion."""

from __future__ import annotations

import copy
from typing import Any

from autograd.walks import ancestors

Entry = tuple[Any, ...]


def deep_copy(root: Any, memo: dict[int, Any]) -> Any:
    """`copy.deepcopy` of a Value: its graph is copied with it, shared nodes once."""
    for v in reversed(ancestors([root])[0]):
        if id(v) not in memo:
            inputs = tuple(
                [memo[id(x)] if id(x) in memo else copy.deepcopy(x, memo) for x in v.inputs]
            )
            memo[id(v)] = build(type(root), entry_of(v, inputs, copy.deepcopy(v.data, memo)))
    return memo[id(root)]


def pack(root: Any) -> tuple[Any, ...]:
    """The arguments of `unpack`: the class and a flat list of nodes, inputs by position."""
    order = ancestors([root])[0][::-1]
    place = {v: i for i, v in enumerate(order)}
    kind = type(root)
    entries = []
    for v in order:
        inputs = tuple(
            [("node", place[x]) if type(x) is kind else ("constant", x) for x in v.inputs]
        )
        entries.append(entry_of(v, inputs, v.data))
    return kind, entries


def unpack(kind: type, entries: list[Entry]) -> Any:
    """The Value that `pack` took apart."""
    nodes: list[Any] = []
    for data, op, inputs, *rest in entries:
        linked = tuple([nodes[x] if tag == "node" else x for tag, x in inputs])
        nodes.append(build(kind, (data, op, linked, *rest)))
    return nodes[-1]


def entry_of(v: Any, inputs: tuple[Any, ...], data: Any) -> Entry:
    """What there is to say of one node; the gradient of a leaf goes along."""
    return (data, v.op, inputs, v.params, v._grad, v._notes)


def build(kind: type, entry: Entry) -> Any:
    """A node from its entry, with a serial of its own."""
    data, op, inputs, params, grad, notes = entry
    v: Any = kind(0.0)
    v.data, v.op, v.inputs, v.params, v._grad, v._notes = data, op, inputs, params, grad, notes
    return v
