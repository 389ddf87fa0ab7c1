"""Copying and pickling whole graphs, oldest node first and without recursion."""

from __future__ import annotations

import copy
from typing import Any

from autograd.engine.reverse import ancestors

CONSTANT = -1
Columns = tuple[Any, ...]


def family(root: Any) -> list[Any]:
    """The nodes that a Value depends on, oldest first, with their gradients that are Values and
    what these depend on."""
    kind = type(root)
    roots = [root]
    while True:
        order = ancestors(roots)
        known = {id(v) for v in order}
        grads = [v._grad for v in order if type(v._grad) is kind and id(v._grad) not in known]
        if not grads:
            return order[::-1]
        roots += grads


def deep_copy(root: Any, memo: dict[int, Any]) -> Any:
    """`copy.deepcopy` of a Value: its graph is copied with it, shared nodes once."""
    kind, plain = type(root), copy.deepcopy
    new = [v for v in family(root) if id(v) not in memo]
    for v in new:
        inputs = []
        for x in v.inputs:
            if type(x) is kind:
                x = memo[id(x)]
            elif type(x) is not float:
                x = plain(x, memo)
            inputs.append(x)
        data = v.data if type(v.data) is float else plain(v.data, memo)
        notes = None if v._notes is None else dict(v._notes)
        memo[id(v)] = build(kind, data, v.op, tuple(inputs), v.params, notes)
    for v in new:  # a gradient may be newer than its node, and depend on it
        memo[id(v)]._grad = plain(v._grad, memo)
    return memo[id(root)]


def pack(root: Any) -> tuple[type, Columns]:
    """The arguments of `unpack`: the class, and the nodes, oldest first, as flat columns.

    data, op, params, notes   one entry for each node
    counts                    how many inputs each node has
    links                     for each input its node's position, or CONSTANT
    constants                 the inputs that are constants, in order
    grads                     the gradients that are no Values
    grad_links                for each node the position of its gradient, or CONSTANT
    last                      the position of the root
    """
    order = family(root)
    kind = type(root)
    place = {id(v): i for i, v in enumerate(order)}
    inputs = [x for v in order for x in v.inputs]
    grads = [v._grad for v in order]
    columns = (
        [v.data for v in order],
        [v.op for v in order],
        [v.params for v in order],
        [v._notes for v in order],
        [len(v.inputs) for v in order],
        [place[id(x)] if type(x) is kind else CONSTANT for x in inputs],
        [x for x in inputs if type(x) is not kind],
        [None if type(g) is kind else g for g in grads],
        [place[id(g)] if type(g) is kind else CONSTANT for g in grads],
        place[id(root)],
    )
    return kind, columns


def unpack(kind: type, columns: Columns) -> Any:
    """The Value that `pack` took apart."""
    *described, links, constants, grads, grad_links, last = columns
    nodes: list[Any] = []
    link, constant = iter(links).__next__, iter(constants).__next__
    for data, op, params, notes, count in zip(*described, strict=True):
        inputs = []
        for _ in range(count):
            place = link()
            inputs.append(constant() if place == CONSTANT else nodes[place])
        nodes.append(build(kind, data, op, tuple(inputs), params, notes))
    for v, g, place in zip(nodes, grads, grad_links, strict=True):
        v._grad = g if place == CONSTANT else nodes[place]
    return nodes[last]


def build(
    kind: type,
    data: Any,
    op: Any,
    inputs: tuple[Any, ...],
    params: dict[str, Any] | None,
    notes: dict[str, Any] | None,
) -> Any:
    """A node with a serial of its own, and no gradient yet."""
    v: Any = kind(0.0)
    v.data, v.op, v.inputs, v.params, v._notes = data, op, inputs, params, notes
    return v
