"""Copying and pickling whole graphs, oldest node first and without recursion."""

from __future__ import annotations

import copy
from typing import Any, TypeVar

import numpy as np

from autograd.engine.ancestry import ancestors
from autograd.engine.node import VARIABLE, Node, is_variable, make_node
from autograd.engine.primitive import declare

N = TypeVar("N", bound=Node)
POSITIVE = declare(np.positive)
CONSTANT = -1
Columns = tuple[Any, ...]


def family(root: Any) -> list[Any]:
    """The nodes that a Value depends on, oldest first, with their gradients that are Values and
    what these depend on."""
    roots = [root]
    while True:
        order = ancestors(roots)
        known = {id(v) for v in order}
        grads = [v._grad for v in order if isinstance(v._grad, Node) and id(v._grad) not in known]
        if not grads:
            return order[::-1]
        roots += grads


def deep_copy(kind: type[N], root: N, memo: dict[int, Any]) -> N:
    """`copy.deepcopy` of a node of class `kind`: its graph is copied with it, shared nodes once."""
    plain = copy.deepcopy
    new = [v for v in family(root) if id(v) not in memo]
    for v in new:
        if is_variable(v):  # its gradient must flow on
            memo[id(v)] = make_node(kind, v.data, POSITIVE, (v,))
            continue
        inputs = []
        for x in v.inputs:
            if isinstance(x, Node):
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


def pack(kind: type[N], root: N) -> tuple[type[N], Columns]:
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
    place = {id(v): i for i, v in enumerate(order)}
    inputs = [x for v in order for x in v.inputs]
    grads = [v._grad for v in order]
    columns = (
        [v.data for v in order],
        [v.op for v in order],
        [v.params for v in order],
        [None if v._notes is VARIABLE else v._notes for v in order],
        [len(v.inputs) for v in order],
        [place[id(x)] if isinstance(x, Node) else CONSTANT for x in inputs],
        [x for x in inputs if not isinstance(x, Node)],
        [None if isinstance(g, Node) else g for g in grads],
        [place[id(g)] if isinstance(g, Node) else CONSTANT for g in grads],
        place[id(root)],
    )
    return kind, columns


def unpack(kind: type[N], columns: Columns) -> Any:
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
    kind: type[N],
    data: Any,
    op: Any,
    inputs: tuple[Any, ...],
    params: dict[str, Any] | None,
    notes: dict[str, Any] | None,
) -> N:
    """A node with a serial of its own, and no gradient yet."""
    v = make_node(kind, data, op, inputs, params)
    v._notes = notes
    return v
