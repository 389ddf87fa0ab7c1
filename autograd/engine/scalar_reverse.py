"""The reverse walk over plain numbers, which scalar programs are made of.

A Python float is made of Python floats only, or is an entry of an array, so a walk that begins at
one meets arrays only there; NumPy's numbers may come from arrays, and are looked at one by one.

Serials are a topological order, so the nodes need no sorting and no set of those seen: a list has a
place for each serial below the root's, and one loop over it passes each node after all that use it.
Nothing is written to the nodes before the walk has ended well.
"""

from __future__ import annotations

import math
from typing import Any, Final, final

import numpy as np

from autograd.engine.node import ABSENT, Node
from autograd.engine.primitive import identity_vjp

FARTHEST: Final = 1_000_000
"""How many serials lie between a node and an input of it at most; beyond, the list of places would
cost more than the general walk."""


def pull_numbers(root: Any, seed: float, start: int = 0) -> NumberWalk | None:
    """Sum cotangents down to the leaves where all nodes are numbers in double precision, made by
    operations of one or two arguments or by taking entries of array leaves.

    None where anything else turns up, a node older than `start`, a pole or a gradient that is not
    finite included: the general walk does these properly.
    """
    if root.serial < start or not isinstance(root.data, float):
        return None
    walk = NumberWalk(root, type(root.data)(seed), start)
    try:
        return walk if walk.run() and walk.settle_leaves() else None
    except ArithmeticError:  # Python floats raise where NumPy gives infinity
        return None


DOUBLES: Final = frozenset((float, np.float64))


@final
class NumberWalk:
    """One walk.  The place of a node is how much older it is than the root, in serials.

    nodes       the computed nodes by place, and None where there is none
    cotangents  theirs
    leaves      those of the leaves; an array for an array of which entries were taken
    oldest      the place of the oldest node that is no constant
    all_floats  whether no number is NumPy's
    """

    __slots__ = ("newest", "nodes", "cotangents", "leaves", "oldest", "all_floats")

    def __init__(self, root: Any, seed: float, start: int) -> None:
        self.newest: int = root.serial
        self.nodes: list[Any] = [root]
        self.cotangents: list[Any] = [seed]
        self.leaves: dict[Any, Any] = {}
        self.oldest = root.serial - start
        self.all_floats = type(seed) is float

    def run(self) -> bool:
        """Pass the nodes, newest first; False where the general walk is needed."""
        newest, nodes, cotangents = self.newest, self.nodes, self.cotangents
        size = 1
        for place, v in enumerate(nodes):  # grows while it is walked
            if v is None:
                continue
            g, y, op, first, second = cotangents[place], v.data, v.op, v._first, v._second
            if op is None or v.params is not None:
                if not self.pass_other(v, g, place):
                    return False
                continue
            if type(g) is not float and not of_numbers(v):
                return False
            x, two = first, False
            if second is ABSENT:
                left = op.unary_vjp
                if left is None:
                    return False
                c = left(g, y, first.data)
            else:
                left, right = op.binary_vjps
                if left is None:
                    return False
                if type(second) is float or not isinstance(second, Node):
                    c = g if left is identity_vjp else left(g, y, first.data, second)
                elif isinstance(first, Node):
                    two = True
                    c = g if left is identity_vjp else left(g, y, first.data, second.data)
                else:
                    x = second
                    c = g if right is identity_vjp else right(g, y, first, second.data)
            # The inputs come in turn: a loop over them, or a function, takes half as long again.
            distance = newest - x.serial
            if distance < size and type(c) is float:
                known = cotangents[distance]
                if known is None:
                    nodes[distance] = x
                    cotangents[distance] = c
                else:
                    cotangents[distance] = known + c
            else:
                size = self.reach(x, c, place)
                if not size:
                    return False
            if two:
                c = g if right is identity_vjp else right(g, y, first.data, second.data)
                distance = newest - second.serial
                if distance < size and type(c) is float:
                    known = cotangents[distance]
                    if known is None:
                        nodes[distance] = second
                        cotangents[distance] = c
                    else:
                        cotangents[distance] = known + c
                else:
                    size = self.reach(second, c, place)
                    if not size:
                        return False
        return True

    def pass_other(self, v: Any, g: Any, place: int) -> bool:
        """Pass a leaf, or an entry of an array leaf, whose g is added into one array; False where
        the node is something else."""
        if v.op is None:
            self.leaves[v] = self.leaves[v] + g if v in self.leaves else g
            self.nodes[place] = None
            return True
        inputs = v.inputs
        x = inputs[0]
        if v.op.add_into is None or x.op is not None or type(x.data) is not np.ndarray:
            return False
        if self.newest - x.serial > self.oldest:
            return False
        if x not in self.leaves:
            self.leaves[x] = np.zeros_like(x.data)
        elif type(self.leaves[x]) is not np.ndarray:
            return False
        v.op.add_into(self.leaves[x], g, *inputs[1:], **v.params)
        return True

    def reach(self, x: Any, c: Any, place: int) -> int:
        """Add c to the cotangent of x where x may have no place yet; the number of places then, 0
        where the general walk is needed."""
        nodes, cotangents = self.nodes, self.cotangents
        distance = self.newest - x.serial
        if c is None:
            if not math.isfinite(self.cotangents[place]):  # a NaN would go unnoticed
                return 0
            c = type(x.data)(0.0) if isinstance(x.data, float) else None
        if type(c) is not float:
            if type(c) is not np.float64 or type(x.data) is not np.float64:
                return 0
            self.all_floats = False
        if distance >= len(nodes):
            if distance > self.oldest:
                return 0
            if x.op is None and distance > 64 + 2 * len(nodes):
                self.leaves[x] = self.leaves[x] + c if x in self.leaves else c
                return len(nodes)
            if distance - place > FARTHEST:
                return 0
            self.grow(distance)
        known = cotangents[distance]
        nodes[distance] = x
        cotangents[distance] = c if known is None else known + c
        return len(nodes)

    def grow(self, distance: int) -> None:
        """Make places up to a distance and beyond; leaves that get a place move there, so that
        each cotangent is summed in the order of the walk, wherever it stands."""
        size = min(max(distance + 64, 2 * len(self.nodes)), self.oldest + 1)
        more = [None] * (size - len(self.nodes))
        self.nodes += more
        self.cotangents += more
        for x in [x for x in self.leaves if self.newest - x.serial < size]:
            if type(self.leaves[x]) is not np.ndarray:
                self.nodes[self.newest - x.serial] = x
                self.cotangents[self.newest - x.serial] = self.leaves.pop(x)

    def settle_leaves(self) -> bool:
        """Give the gradients of the leaves the type of their data; False where one has another type
        or is not finite."""
        leaves = self.leaves
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

    def write_gradients(self) -> None:
        """Leave the gradients in the nodes; leaves add to what they have."""
        for x, g in self.leaves.items():
            x._grad = g if x._grad is None else x._grad + g
        if self.all_floats:
            for v, g in zip(self.nodes, self.cotangents, strict=True):
                if v is not None:
                    v._grad = g
            return
        for v, g in zip(self.nodes, self.cotangents, strict=True):
            if v is not None:
                v._grad = type(v.data)(g)


def of_numbers(v: Any) -> bool:
    """Whether the inputs of a node that is a NumPy number are numbers: they may be arrays, whose
    rules are not to be asked twice."""
    return all(type(x.data) in DOUBLES for x in v.inputs if isinstance(x, Node))
