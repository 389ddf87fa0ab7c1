"""The reverse walk, newest node to oldest: `pullback` sums cotangents by the chain rule.

Creation order is a topological order, so a walk is one sort and one loop; nothing recurses.
It runs the rules on plain data, or, with `record`, on the Values themselves: then the derivatives
that come out are Values, and can be differentiated again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any, Final, NamedTuple

import numpy as np

from autograd.engine import scalar_reverse
from autograd.engine.cotangents import (
    match_primal,
    one_of,
    seed_of,
    settle,
    unwrap,
    zero_of,
)
from autograd.engine.node import ABSENT, MANY, Node, Observer, by_serial, observers
from autograd.engine.outputs import OutputTuple
from autograd.engine.primitive import Primitive
from autograd.engine.strong_zero import is_finite, restore_zeros, strong_zero_on

ndarray: Final = np.ndarray
ONE_WANTED: Final = (True,)
GRADIENTS: Final = Lock()
"""Held while `backward` writes gradients, so that two threads can add to one leaf."""


# --- order ----------------------------------------------------------------------------------------
class Ancestors(NamedTuple):
    """What some roots depend on, from a serial on."""

    computed: list[Any]
    """The nodes that operations made, newest first."""
    leaves: set[Any]
    met_older: bool
    """Whether older Values were met: to a walk from that serial on they are constants."""


def find_ancestors(roots: Iterable[Any], start: int = 0) -> Ancestors:
    """The nodes of serial `start` and newer that the roots depend on, the roots included."""
    computed: list[Any] = []
    leaves: set[Any] = set()
    seen: set[Any] = set()
    met_older = False
    for v in roots:
        if not isinstance(v, Node):
            continue
        if v.serial < start:
            met_older = True
        elif v.op is None:
            leaves.add(v)
        elif v not in seen:
            seen.add(v)
            computed.append(v)
    for v in computed:  # grows while it is walked
        for x in v.inputs:
            if isinstance(x, Node):
                if x.serial < start:
                    met_older = True
                elif x.op is None:
                    leaves.add(x)
                elif x not in seen:
                    seen.add(x)
                    computed.append(x)
    computed.sort(key=by_serial, reverse=True)
    return Ancestors(computed, leaves, met_older)


def computed_ancestors(roots: Iterable[Any], start: int = 0) -> list[Any]:
    """The nodes that operations made, of serial `start` and newer, newest first."""
    return find_ancestors(roots, start).computed


def ancestors(roots: Iterable[Any]) -> list[Any]:
    """All nodes that the roots depend on, leaves and the roots included, newest first."""
    found = find_ancestors(roots)
    return sorted([*found.computed, *found.leaves], key=by_serial, reverse=True)


def dependents(order: Sequence[Any], variables: Iterable[Any]) -> tuple[list[Any], set[Any]]:
    """Of the nodes in `order` (newest first), those that depend on a variable; and the set of these
    and the variables."""
    active = set(variables)
    inner = []
    for v in reversed(order):
        if v not in active:
            for x in v.inputs:
                if isinstance(x, Node) and x in active:
                    active.add(v)
                    inner.append(v)
                    break
    inner.reverse()
    return inner, active


# --- the walk -------------------------------------------------------------------------------------
def pullback(
    order: Sequence[Any],
    grads: dict[Any, Any],
    active: set[Any] | None = None,
    record: bool = False,
    keep: bool = False,
) -> dict[Any, Any]:
    """Sum the cotangents in `grads` down to the leaves: for y = op(x...), newest first,
    grads[x] += vjp(grads[y], y, x...).

    order   the nodes to pass, newest first
    grads   cotangents of the roots
    active  the nodes that count as variables; None for all
    record  run the rules on Values
    keep    return the cotangents of inner nodes too; else they are dropped when used up

    The strong zero (`engine.strong_zero`) costs nothing where no NaN arises: a first pass runs the
    rules as they are, and a second one restores the zeros only if a finished gradient is not
    finite.  Observers see one pass, in which the zeros are restored from the start.
    """
    watchers, strong = observers(), strong_zero_on()
    with np.errstate(invalid="ignore"):
        walk = ReverseWalk(active, record, strong and bool(watchers), watchers)
        found = walk.run(order, grads, keep)
        if strong and not watchers and not walk.is_finite(found):
            walk = ReverseWalk(active, record, True, ())
            found = walk.run(order, grads, keep)
    if keep:
        found.update(walk.kept)
    return found


class ReverseWalk:
    """One pass over the nodes.

    strong   restore the zeros of `engine.strong_zero` in every contribution
    kept     the cotangents of the nodes that were passed, where they were asked for
    """

    __slots__ = (
        *("active", "record", "strong", "watchers"),
        *("grads", "kept", "buffers", "pending", "discarded_nan"),
    )

    def __init__(
        self,
        active: set[Any] | None,
        record: bool,
        strong: bool,
        watchers: tuple[Observer, ...],
    ) -> None:
        self.active, self.record = active, record
        self.strong, self.watchers = strong, watchers
        self.grads: dict[Any, Any] = {}
        self.kept: dict[Any, Any] = {}
        self.buffers: dict[Any, Any] = {}
        self.pending: dict[Any, list[tuple[Any, Any]]] = {}
        self.discarded_nan = False

    def run(self, order: Sequence[Any], seeds: dict[Any, Any], keep: bool) -> dict[Any, Any]:
        """Pass the nodes, newest first; the cotangents that are left are those of the leaves."""
        self.grads = grads = dict(seeds)
        active, watchers, pending = self.active, self.watchers, self.pending
        for v in order:
            if pending and v in pending:
                self.sum_pending(v)
            g = grads.pop(v, None)
            if g is None:
                continue
            if type(g) is list:
                g = OutputTuple(g)
            if keep:
                self.kept[v] = g
            op: Primitive = v.op
            first, second = v._first, v._second  # `v.inputs`, without a call
            if op.add_into is not None and not watchers and self.add_part(op, v, first, g):
                continue
            inputs: Any
            wanted: Any
            if second is ABSENT:
                inputs, wanted = (first,), ONE_WANTED
            else:
                inputs = first if second is MANY else (first, second)
                wanted = [isinstance(x, Node) and (active is None or x in active) for x in inputs]
            for x, want, c in zip(
                inputs, wanted, self.contributions(op, v, g, inputs, wanted), strict=True
            ):
                if not want:
                    continue
                data = x.data
                if c is None:
                    c = zero_of(data)
                    if x in grads and not watchers:
                        continue
                elif type(c) is not type(data) or (
                    c.shape != data.shape or c.dtype is not data.dtype
                    if type(c) is ndarray
                    else type(c) is not float
                ):
                    c = match_primal(c, data, op)
                for watcher in watchers:
                    watcher.on_contribution(v, x, c, g)
                grads[x] = grads[x] + c if x in grads else c
        for x in list(pending):
            self.sum_pending(x)
        for x, g in self.buffers.items():
            if type(g) is list and grads.get(x) is g:
                grads[x] = OutputTuple(g)
        return grads

    def contributions(self, op: Primitive, v: Any, g: Any, inputs: Any, wanted: Any) -> Any:
        """What a node adds to the gradients of its inputs; None for zero."""
        strong, params = self.strong, v.params or {}
        if type(g) is float and g == 0.0 and strong_zero_on():
            return [None] * len(inputs)
        if self.record:
            y, args = v, inputs
        else:
            y, args = v.data, [x.data if isinstance(x, Node) else x for x in inputs]
            if op.saves is not None and v._notes is not None and "saved" in v._notes:
                params = {**params, "saved": v._notes["saved"]}
        try:
            found = op.vjp_all(wanted, g, y, *args, **params)
        except ArithmeticError:
            found = with_numpy_scalars(op, wanted, g, y, args, params)
        if len(found) != len(inputs):
            raise ValueError(
                f"the rule of {op.name} returned {len(found)} contributions for "
                f"{len(inputs)} arguments"
            )
        if strong:
            return restore_zeros(found, op, g, y, args, params)
        if op.may_discard_nan and not is_finite(unwrap(g)):
            self.discarded_nan = True
        return found

    def add_part(self, op: Primitive, v: Any, first: Any, g: Any) -> bool:
        """Add g to the part of an input that the node took (an entry of an array, one of several
        outputs), without an array of zeros for each; False where it has to go the general way."""
        x, arrays = (first[0], first[1:]) if v._second is MANY else (first, ())
        if v._second is not MANY and v._second is not ABSENT:
            arrays = (v._second,)
        data = x.data
        several = isinstance(data, tuple)
        if not several:
            if self.record:
                if op.sum_into is None or type(data) is not ndarray:
                    return False
                self.pending.setdefault(x, []).append((v, g))
                return True
            if type(data) is not ndarray:
                return False
        grads, buffer = self.grads, self.buffers.get(x)
        known = grads.get(x)
        if buffer is None or known is not buffer:
            if several:
                buffer = [None] * len(data) if known is None else list(known)
            elif known is None:
                buffer = np.zeros_like(data)
            else:  # an array that others may hold; after a sum with the old buffer, a new one
                buffer = known if buffer is not None else np.array(known)
            self.buffers[x] = grads[x] = buffer
        assert op.add_into is not None
        op.add_into(buffer, g, *arrays, **v.params)
        return True

    def sum_pending(self, x: Any) -> None:
        """The recorded contributions to parts of x, as one Value."""
        parts = self.pending.pop(x)
        op: Primitive = parts[0][0].op
        assert op.sum_into is not None
        c = match_primal(op.sum_into(parts, x), x.data, op)
        self.grads[x] = self.grads[x] + c if x in self.grads else c

    def is_finite(self, found: dict[Any, Any]) -> bool:
        """Whether the gradients of the leaves are finite and no NaN was left out on the way."""
        if self.discarded_nan:
            return False
        return all(is_finite(unwrap(g)) for g in found.values())


def with_numpy_scalars(
    op: Primitive, wanted: Any, g: Any, y: Any, args: Any, params: dict[str, Any]
) -> Any:
    """`vjp_all` where Python floats raise (1 / 0.0): NumPy's scalars give infinity or NaN."""
    g, y, *args = [np.float64(x) if type(x) in (float, int) else x for x in (g, y, *args)]
    with np.errstate(all="ignore"):
        return op.vjp_all(wanted, g, y, *args, **params)


# --- Value.backward -------------------------------------------------------------------------------
def backward(root: Any, seed: Any, create_graph: bool) -> None:
    """`Value.backward`: every node shows its gradient, leaves add to what they have."""
    if seed is None:
        g = one_of(root.data, root.label or "this one")
    else:
        g = seed_of(seed, root.data, "the seed")
    if isinstance(g, float) and not create_graph and not observers():
        numbers = scalar_reverse.pull_numbers(root, float(g))
        if numbers is not None:
            with GRADIENTS:
                numbers.write_gradients()
            return
    order = computed_ancestors([root])
    kept = pullback(order, {root: g}, record=create_graph, keep=True)
    taken = {id(seed)}
    with GRADIENTS:
        for v in order:
            g = kept.pop(v, None)
            v._grad = settle(g if create_graph else unwrap(g), v.data, taken)
        for v, g in kept.items():
            g = g if create_graph else unwrap(g)
            v._grad = settle(g if v._grad is None else v._grad + g, v.data, taken)
