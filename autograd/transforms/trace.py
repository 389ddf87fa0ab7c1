"""Running a function on variables of its own: what every transform does first.

A Value that is older than these variables cannot depend on them, so to this transform it is a
constant; if one is met, derivatives are recorded as Values, for whoever differentiates with respect
to it.  That is all that nesting needs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, NamedTuple, final

import numpy as np

from autograd import pytree
from autograd.engine import ancestry, reverse
from autograd.engine.arrays import is_foreign
from autograd.engine.conversion import freeze
from autograd.engine.cotangents import copy_if_aliased, dtype_of, seed_of, settle, unwrap, zero_of
from autograd.engine.forward import push_by_pulling, pushforward
from autograd.engine.node import observers
from autograd.engine.scalar_reverse import pull_numbers
from autograd.engine.value import Value, new_variable

Function = Callable[..., Any]


class Reach(NamedTuple):
    """What a walk of a trace needs to know of its graph."""

    inner: list[Any]
    """The nodes that depend on a variable, newest first."""
    active: set[Any] | None
    """These and the variables; None where every node depends on a variable."""
    record: bool
    """Whether derivatives are Values, because older Values are involved."""


@final
class Trace:
    """One run of a function on new variables, to be walked either way, any number of times.

    variables  the Values, one for each leaf of the arguments
    outputs    the leaves of the result: Values, or constants where nothing varied
    """

    def __init__(self, call: Function, leaves: Sequence[Any]) -> None:
        self.variables = [new_variable(x) for x in leaves]
        outputs, self.out_structure = pytree.flatten(call(self.variables))
        self.outputs = [y if type(y) is Value else freeze(y) for y in outputs]
        for v in self.variables:  # from now on a copy of one is a node of its own
            v._notes = None

    @property
    def start(self) -> int:
        """The serial of the first variable; older Values are constants."""
        return self.variables[0].serial if self.variables else 0

    @cached_property
    def reach(self) -> Reach:
        """The part of the graph that a walk passes."""
        found = ancestry.find_ancestors(self.outputs, self.start)
        record = found.met_older or any(v.inputs for v in self.variables)
        if not record and found.leaves.issubset(self.variables):
            return Reach(found.computed, None, record)
        return Reach(*ancestry.dependents(found.computed, self.variables), record)

    @property
    def record(self) -> bool:
        """Whether derivatives are Values, because older Values are involved."""
        return self.reach.record

    @property
    def value(self) -> Any:
        """The result: plain numbers and arrays unless older Values are involved."""
        taken = {id(v.data) for v in self.variables}
        outputs = [self.released(y, taken) for y in self.outputs]
        return pytree.unflatten(self.out_structure, outputs)

    def released(self, y: Any, taken: set[int]) -> Any:
        """One output, without its graph where nobody outside can reach it; its array is not that of
        an argument."""
        return copy_if_aliased(y.data, taken) if type(y) is Value and not self.record else y

    def depends(self, y: Any) -> bool:
        """Whether an output depends on a variable."""
        if type(y) is not Value:
            return False
        active = self.reach.active
        return y.serial >= self.start if active is None else y in active

    def pull(self, cotangents: Sequence[Any]) -> list[Any]:
        """The cotangents of the variables from those of the outputs."""
        numbers = self.pull_numbers(cotangents)
        if numbers is not None:
            return numbers
        grads: dict[Value, Any] = {}
        for y, g in zip(self.outputs, cotangents, strict=True):
            if self.depends(y):
                grads[y] = grads[y] + g if y in grads else g
        inner, active, record = self.reach
        grads = reverse.pullback(inner, grads, active, record=record)
        results = [grads[v] if v in grads else zero_of(v.data) for v in self.variables]
        taken = set(map(id, cotangents))
        return [settle(g, v.data, taken) for g, v in zip(results, self.variables, strict=True)]

    def pull_numbers(self, cotangents: Sequence[Any]) -> list[Any] | None:
        """`pull` by the walk over plain numbers, for one output that is one; None where that walk
        does not apply, as where older Values are involved."""
        if len(self.outputs) != 1 or type(cotangents[0]) is not float or observers():
            return None
        (y,) = self.outputs
        if type(y) is not Value or type(y.data) is not float:
            return None
        found = pull_numbers(y, cotangents[0], self.start)
        if found is None:
            return None
        leaves = found.leaves
        return [leaves[v] if v in leaves else zero_of(v.data) for v in self.variables]

    def push(self, tangents: Sequence[Any]) -> list[Any]:
        """The tangents of the outputs from those of the variables."""
        moving = dict(zip(self.variables, tangents, strict=True))
        record = self.record or any(type(t) is Value for t in tangents)
        inner, active, _ = self.reach
        try:
            moving = pushforward(inner, moving, record=record)
        except reverse.GraphNeededError:
            moving = dict(zip(self.variables, tangents, strict=True))
            roots = [y for y in self.outputs if self.depends(y)]
            moving |= push_by_pulling(inner, moving, roots, active, record=record)
        results = [
            moving[y] if type(y) is Value and y in moving else zero_of(inexact(unwrap(y)))
            for y in self.outputs
        ]
        taken = set(map(id, tangents))
        return [settle(t, unwrap(y), taken) for t, y in zip(results, self.outputs, strict=True)]


def inexact(x: Any) -> Any:
    """A constant output as floats, which a tangent can have."""
    if dtype_of(x).kind in "fc":
        return x
    return x.astype(np.float64) if is_foreign(x) else np.asarray(x, dtype=np.float64)[()]


def trace(
    f: Function, args: tuple[Any, ...], kwargs: dict[str, Any], argnum: Any
) -> tuple[Trace, Any]:
    """Run f with the arguments at `argnum` (an int or a tuple of ints) as variables; returns the
    trace and the structure of these arguments, which derivatives with respect to them have."""
    if type(argnum) is int and 0 <= argnum < len(args):
        leaves, structure = pytree.flatten(args[argnum])

        def call_one(variables: list[Value]) -> Any:
            tree = pytree.unflatten(structure, variables)
            return f(*args[:argnum], tree, *args[argnum + 1 :], **kwargs)

        return Trace(call_one, leaves), structure
    positions = check_positions(argnum, len(args))
    several = isinstance(argnum, tuple | list)
    chosen = tuple(args[i] for i in positions)
    leaves, structure = pytree.flatten(chosen if several else chosen[0])

    def call(variables: list[Value]) -> Any:
        tree = pytree.unflatten(structure, variables)
        filled = list(args)
        for i, x in zip(positions, tree if several else (tree,), strict=True):
            filled[i] = x
        return f(*filled, **kwargs)

    return Trace(call, leaves), structure


def check_positions(argnum: Any, count: int) -> tuple[int, ...]:
    """The positions that `argnum` names, ValueError where one is no positional argument."""
    positions = tuple(argnum) if isinstance(argnum, tuple | list) else (argnum,)
    for i in positions:
        if not isinstance(i, int | np.integer) or not -count <= i < count:
            raise ValueError(
                f"argnum {i!r} names no positional argument: {count} were given "
                "(keyword arguments are constants)"
            )
    if len({i % count for i in positions}) < len(positions):
        raise ValueError(f"argnum {argnum!r} names an argument twice")
    return positions


def seeds_like(outputs: Sequence[Any], structure: Any, tree: Any, what: str) -> list[Any]:
    """The leaves of a tree of cotangents or tangents, checked against what they belong to."""
    try:
        leaves = pytree.leaves_like(structure, tree)
    except ValueError as error:
        raise ValueError(
            f"{what} must have the structure of what it belongs to: {error}"
        ) from error
    return [seed_of(g, inexact(unwrap(y)), what) for g, y in zip(leaves, outputs, strict=True)]
