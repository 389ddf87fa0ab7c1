"""The reverse walk, newest node to oldest: `pullback` sums cotangents by the chain rule.

Creation order is a topological order, so a walk is one sort and one loop; nothing recurses.
It runs the rules on plain data, or, with `record`, on the Values themselves: then the derivatives
that come out are Values, and can be differentiated again.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any, Final, final

import numpy as np

from autograd.engine import scalar_reverse
from autograd.engine.ancestry import computed_ancestors
from autograd.engine.arrays import HIDDEN_AXES, is_foreign
from autograd.engine.cotangents import (
    hides_axis,
    match_primal,
    one_of,
    seed_of,
    settle,
    unwrap,
    zero_of,
)
from autograd.engine.node import ABSENT, MANY, Node, Observer, observers
from autograd.engine.outputs import OutputTuple
from autograd.engine.primitive import RECORDED_NUMBERS, Primitive
from autograd.engine.strong_zero import are_finite, is_finite, restore_zeros, strong_zero_on

ndarray: Final = np.ndarray
ONE_WANTED: Final = (True,)
NUMBERS: Final = frozenset((float, complex, np.float64, np.float32, np.complex128, np.complex64))
"""Classes of numbers: two of one class have one shape and dtype."""

GRADIENTS: Final = Lock()
"""Held while `backward` writes gradients, so that two threads can add to one leaf."""


class GraphNeededError(Exception):
    """Raised by a rule that needs to know how its cotangent was computed, where it was called with
    plain numbers, or (in forward mode) with a cotangent of its own.  The walk is then made again on
    Values: a rule may differentiate its cotangent with `engine.forward.derivative_along`."""


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
    walk = walk_back(order, grads, active, record, keep)
    return {**walk.grads, **walk.kept}


def walk_back(
    order: Sequence[Any], seeds: dict[Any, Any], active: set[Any] | None, record: bool, keep: bool
) -> ReverseWalk:
    """`pullback`, as the walk that was made."""
    watchers, strong = observers(), strong_zero_on()
    with np.errstate(invalid="ignore"):
        walk = ReverseWalk(active, record, strong and bool(watchers), watchers)
        try:
            walk.run(order, seeds, keep)
        except GraphNeededError:
            if record:
                raise
            walk = walk_back(order, seeds, active, True, keep)
            walk.grads = {v: unwrap(g) for v, g in walk.grads.items()}
            walk.kept = {v: unwrap(g) for v, g in walk.kept.items()}
            return walk
        if strong and not watchers and not walk.is_finite():
            walk = ReverseWalk(active, record, True, ())
            walk.run(order, seeds, keep)
    return walk


@final
class EntrySum:
    """A cotangent of a recorded array, and what is added to entries of it, in order: as one
    call, where NumPy's arrays are added to in place.

    data   the array that it belongs to
    known  the cotangent before, or None
    parts  nodes that take entries, and their cotangents
    """

    __slots__ = ("data", "known", "parts")

    def __init__(self, data: Any, known: Any, parts: list[tuple[Any, Any]]) -> None:
        self.data, self.known, self.parts = data, known, parts

    def total(self) -> Any:
        """The cotangent with all added."""
        return self.data.add_parts(
            self.known,
            *[g for _, g in self.parts],
            *[array for v, _ in self.parts for array in v.inputs[1:]],
            indices=tuple(v.params["index"] for v, _ in self.parts),
            shape=self.data.shape,
            unique=tuple(v.params["unique"] for v, _ in self.parts),
            dtype=self.data.dtype,
        )

    def __add__(self, c: Any) -> Any:
        return self.total() + c


COLLECTED: Final = frozenset((list, EntrySum))


def joins_recorded(g: Any) -> bool:
    """Whether a cotangent may be added to entries of a recorded array in one call: not one with a
    hidden axis."""
    plain = unwrap(g)
    if not is_foreign(plain):
        return True
    return hasattr(plain, "is_recorded_array") or hasattr(plain, "__number__")


class ReverseWalk:
    """One pass over the nodes.

    strong   restore the zeros of `engine.strong_zero` in every contribution
    grads    the cotangents that are not used up: after the walk those of the leaves
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

    def run(self, order: Sequence[Any], seeds: dict[Any, Any], keep: bool) -> None:
        """Pass the nodes, newest first."""
        self.grads = grads = dict(seeds)
        active, watchers, pending, kept = self.active, self.watchers, self.pending, self.kept
        strong, ask = self.strong, ask_values if self.record else ask_plain
        if strong:
            ask = restoring(ask, self.record)
        for v in order:
            if pending and v in pending:
                self.sum_pending(v)
            g = grads.pop(v, None)
            if g is None:
                continue
            if type(g) in COLLECTED:
                g = OutputTuple(g) if type(g) is list else g.total()
            if keep:
                kept[v] = g
            op, first, second = v.op, v._first, v._second  # `v.inputs`, without a call
            if op.add_into is not None and not watchers and self.add_part(op, v, first, g):
                continue
            inputs: Any
            wanted: Any
            if second is ABSENT:
                inputs, wanted = (first,), ONE_WANTED
            elif second is MANY:
                inputs, wanted = first, [isinstance(x, Node) for x in first]
            else:
                inputs = (first, second)
                wanted = (isinstance(first, Node), isinstance(second, Node))
            if active is not None and second is not ABSENT:
                wanted = [w and x in active for x, w in zip(inputs, wanted, strict=True)]
            contributions = ask(op, v, g, inputs, wanted)
            if len(contributions) != len(inputs):
                raise wrong_count(op, contributions, inputs)
            if op.may_discard_nan and not strong and not is_finite(unwrap(g)):
                self.discarded_nan = True
            for x, want, c in zip(inputs, wanted, contributions, strict=True):
                if not want:
                    continue
                data = x.data
                if c is None:
                    c = zero_of(data)
                    if x in grads and not watchers:
                        continue
                elif type(c) is not type(data):
                    c = match_primal(c, data, op)
                elif type(c) is ndarray:
                    if c.dtype is not data.dtype or c.shape != data.shape:
                        c = match_primal(c, data, op)
                elif type(c) not in NUMBERS:
                    c = match_primal(c, data, op)
                for watcher in watchers:
                    watcher.on_contribution(v, x, c, g)
                known = grads.get(x)
                grads[x] = c if known is None else known + c
        for x in list(pending):
            self.sum_pending(x)
        for x, g in self.buffers.items():
            if type(g) is list and x in grads and grads[x] is g:
                grads[x] = OutputTuple(g)
        for x in [x for x, g in grads.items() if type(g) is EntrySum]:
            grads[x] = grads[x].total()

    def add_part(self, op: Primitive, v: Any, first: Any, g: Any) -> bool:
        """Add g to the part of an input that the node took (an entry of an array, one of several
        outputs), without an array of zeros for each; False where it has to go the general way."""
        x, arrays = (first[0], first[1:]) if v._second is MANY else (first, ())
        if v._second is not MANY and v._second is not ABSENT:
            arrays = (v._second,)
        data, known = x.data, self.grads.get(x)
        if (
            HIDDEN_AXES
            and not isinstance(data, tuple)
            and (hides_axis(g) or hides_axis(known) or any(map(hides_axis, arrays)))
        ):  # what differs by example is not added to what does not
            return False
        if getattr(data, "is_recorded_array", False) and op.sum_into is not None:
            if not (joins_recorded(g) and joins_recorded(known)):  # a batch of them
                if type(known) is EntrySum:
                    self.grads[x] = known.total()
                return False
            if self.record:
                self.pending.setdefault(x, []).append((v, g))
            elif type(known) is EntrySum:
                known.parts.append((v, g))
            else:
                self.grads[x] = EntrySum(data, known, [(v, g)])
            return True
        several = isinstance(data, tuple)
        if not several:  # nothing is added to NumPy's array in place but NumPy's numbers
            if type(g) is not float and type(g) is not ndarray and is_foreign(unwrap(g)):
                return False
            if known is not None and type(known) is not ndarray and is_foreign(unwrap(known)):
                return False
        if not several:
            if self.record:
                if op.sum_into is None or type(data) is not ndarray:
                    return False
                self.pending.setdefault(x, []).append((v, g))
                return True
            if type(data) is not ndarray:
                return False
        grads, buffer = self.grads, self.buffers.get(x)
        if buffer is None or known is not buffer:
            if several:
                buffer = [None] * len(data) if known is None else list(known)
            elif known is None:
                buffer = np.zeros(data.shape, data.dtype)
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

    def is_finite(self) -> bool:
        """Whether the gradients of the leaves are finite and no NaN was left out on the way."""
        if self.discarded_nan:
            return False
        return are_finite(map(unwrap, self.grads.values()))


# --- asking a row ---------------------------------------------------------------------------------
def ask_plain(op: Primitive, v: Any, g: Any, inputs: Any, wanted: Any) -> Any:
    """What a node adds to the gradients of its inputs, from plain data; None for zero."""
    params = v.params
    if type(g) is float and g == 0.0 and strong_zero_on():
        return [None] * len(inputs)
    if len(inputs) == 1:
        args: Any = (inputs[0].data,)
    else:
        args = [x.data if isinstance(x, Node) else x for x in inputs]
    try:
        if params is None and op.saves is None:
            return op.vjp_all(wanted, g, v.data, *args)
        params = with_saved(v)
        return op.vjp_all(wanted, g, v.data, *args, **params)
    except ArithmeticError:
        return with_numpy_scalars(op, wanted, g, v.data, args, params or {})


def ask_values(op: Primitive, v: Any, g: Any, inputs: Any, wanted: Any) -> Any:
    """The same from the Values themselves: what comes out can be differentiated again."""
    params = v.params or {}
    try:
        return op.vjp_all(wanted, g, v, *inputs, **params)
    except ArithmeticError:
        return with_numpy_scalars(op, wanted, g, v, inputs, params)


def with_saved(v: Any) -> dict[str, Any]:
    """The parameters of a node, with what its forward pass saved."""
    params: dict[str, Any] = v.params or {}
    if v.op.saves is not None and v._notes is not None and "saved" in v._notes:
        return {**params, "saved": v._notes["saved"]}
    return params


def restoring(ask: Any, record: bool) -> Any:
    """An `ask` that restores the zeros of `engine.strong_zero`."""

    def ask_strong(op: Primitive, v: Any, g: Any, inputs: Any, wanted: Any) -> Any:
        found = ask(op, v, g, inputs, wanted)
        if record:
            return restore_zeros(found, op, g, v, inputs, v.params or {})
        args = [unwrap(x) for x in inputs]
        return restore_zeros(found, op, g, v.data, args, with_saved(v))

    return ask_strong


def wrong_count(op: Primitive, contributions: Any, inputs: Any) -> ValueError:
    """The error for a rule that does not answer for each argument."""
    return ValueError(
        f"the rule of {op.name} returned {len(contributions)} contributions for "
        f"{len(inputs)} arguments"
    )


def with_numpy_scalars(
    op: Primitive, wanted: Any, g: Any, y: Any, args: Any, params: dict[str, Any]
) -> Any:
    """`vjp_all` where Python floats raise (1 / 0.0): NumPy's scalars give infinity or NaN."""
    g, y, *args = map(as_numpy_scalar, (g, y, *args))
    with np.errstate(all="ignore"):
        return op.vjp_all(wanted, g, y, *args, **params)


def as_numpy_scalar(x: Any) -> Any:
    """A Python number as NumPy's; anything else as it is."""
    if type(x) in (float, int):
        return np.float64(x)
    return x.to_numpy() if type(x) in RECORDED_NUMBERS else x


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
    walk = walk_back(order, {root: g}, None, create_graph, True)
    taken = {id(seed)}
    kept = walk.kept
    if hides_axis(root.data) or hides_axis(seed):  # else no contribution has an axis that is open
        for v, g in (*kept.items(), *walk.grads.items()):
            if hides_axis(g):
                HIDDEN_AXES[type(unwrap(g))].may_stay(g, v)
    with GRADIENTS:
        for v in order:
            g = kept.get(v)
            if type(g) is not ndarray and not create_graph:
                g = unwrap(g)
            v._grad = settle(g, v.data, taken)
        for v, g in walk.grads.items():
            if type(g) is not ndarray and not create_graph:
                g = unwrap(g)
            v._grad = settle(g if v._grad is None else v._grad + g, v.data, taken)
