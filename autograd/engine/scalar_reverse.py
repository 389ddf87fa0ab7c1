"""The reverse walk over plain numbers, which scalar programs are made of.

Serials are a topological order, so the nodes need no sorting and no set of those seen: a list has a
place for each serial below the root's, and one loop over it passes each node after all that use it.
Nothing is written to the nodes before the walk has ended well.
"""

from __future__ import annotations

import math
from typing import Any, Final, final

import numpy as np

from autograd.engine.node import ABSENT, MANY, Node
from autograd.engine.primitive import Primitive, identity_vjp

FARTHEST: Final = 1_000_000
"""How many serials lie between a node and an input of it at most; beyond, the list of places would
cost more than the general walk."""

DOUBLES: Final = {float: float, np.float64: np.float64}


@final
class NumberGradients:
    """The cotangents of a graph of numbers.

    nodes       the computed nodes, newest first, and None where there is none
    cotangents  theirs
    leaves      those of the leaves; an array for an array of which entries were taken
    """

    __slots__ = ("nodes", "cotangents", "leaves")

    def __init__(self, nodes: list[Any], cotangents: list[Any], leaves: dict[Any, Any]) -> None:
        self.nodes, self.cotangents, self.leaves = nodes, cotangents, leaves

    def write_gradients(self) -> None:
        """Leave the gradients in the nodes; leaves add to what they have."""
        for x, g in self.leaves.items():
            x._grad = g if x._grad is None else x._grad + g
        for v, g in zip(self.nodes, self.cotangents, strict=True):
            if v is not None:
                v._grad = g if type(v.data) is float else np.float64(g)


def pull_numbers(root: Any, seed: float, start: int = 0) -> NumberGradients | None:
    """Sum cotangents down to the leaves where all nodes are numbers in double precision, made by
    operations of one or two arguments or by taking entries of array leaves.

    None where anything else turns up, a node older than `start`, a pole or a gradient that is not
    finite included: the general walk does these properly.
    """
    try:
        found = walk_numbers(root, seed, start)
    except ArithmeticError:  # Python floats raise where NumPy gives infinity
        return None
    return found if found is not None and settle_leaves(found.leaves) else None


def walk_numbers(root: Any, seed: float, start: int) -> NumberGradients | None:
    """`pull_numbers` before the gradients of the leaves are looked at."""
    newest = root.serial
    nodes: list[Any] = [root]
    cotangents: list[Any] = [seed]
    leaves: dict[Any, Any] = {}
    size = 1
    if root.op is None or newest < start:
        return None if newest < start else NumberGradients([], [], {root: seed})
    for place, v in enumerate(nodes):  # grows while it is walked
        if v is None:
            continue
        g = cotangents[place]
        data, op, first, second = v.data, v.op, v._first, v._second
        if type(data) is not float and type(data) is not np.float64:
            return None
        if v.params is not None:
            if not add_entry(op, v, g, leaves, start):
                return None
            continue
        rules = op.vjps
        if second is ABSENT:
            if len(rules) != 1:
                return None
            pairs: Any = ((first, rules[0](g, data, first.data)),)
        elif second is MANY or len(rules) != 2:
            return None
        else:
            left, right = rules
            if isinstance(first, Node):
                x = first.data
                if isinstance(second, Node):
                    z = second.data
                    pairs = (
                        (first, g if left is identity_vjp else left(g, data, x, z)),
                        (second, g if right is identity_vjp else right(g, data, x, z)),
                    )
                else:
                    pairs = ((first, g if left is identity_vjp else left(g, data, x, second)),)
            else:
                z = second.data
                pairs = ((second, g if right is identity_vjp else right(g, data, first, z)),)
        for x, c in pairs:
            if type(c) is not float:
                if c is None:
                    c = 0.0
                elif type(c) is not np.float64:
                    return None
            if x.op is None:
                if x.serial < start:
                    return None
                leaves[x] = leaves[x] + c if x in leaves else c
                continue
            distance = newest - x.serial
            if distance >= size:
                if x.serial < start or distance - place > FARTHEST:
                    return None
                more = [None] * (distance + 64 - size)
                nodes.extend(more)
                cotangents.extend(more)
                size = len(nodes)
            if nodes[distance] is None:
                nodes[distance] = x
                cotangents[distance] = c
            else:
                cotangents[distance] += c
    return NumberGradients(nodes, cotangents, leaves)


def add_entry(op: Primitive, v: Any, g: float, leaves: dict[Any, Any], start: int) -> bool:
    """Add g to the entry that v is of an array leaf; False where v is something else."""
    inputs = v.inputs
    x = inputs[0]
    if op.add_into is None or x.op is not None or type(x.data) is not np.ndarray:
        return False
    if x.serial < start:
        return False
    if x not in leaves:
        leaves[x] = np.zeros_like(x.data)
    elif type(leaves[x]) is not np.ndarray:
        return False
    op.add_into(leaves[x], g, *inputs[1:], **v.params)
    return True


def settle_leaves(leaves: dict[Any, Any]) -> bool:
    """Give the gradients of the leaves the type of their data; False where one has another type or
    is not finite."""
    total = 0.0
    for x, g in leaves.items():
        kind = type(x.data)
        if kind is float:
            if type(g) is not float:
                leaves[x] = g = float(g)
            total += g
        elif kind is np.float64:
            leaves[x] = np.float64(g)
            total += g
        elif kind is np.ndarray and type(g) is np.ndarray:
            total += float(np.vdot(g, g))
        else:
            return False
    return math.isfinite(total)
