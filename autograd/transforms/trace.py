"""Running a function on fresh Values: what every transform does first.

A transform tracks variables of its own.  A Value that is older than these cannot depend on them, so
to this transform it is a constant; if one is met, derivatives are recorded as Values, for whoever
differentiates with respect to it.  That is all that nesting needs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, final

import numpy as np

from autograd import pytree
from autograd.engine import reverse
from autograd.engine.cotangents import copy_if_aliased, seed_of, unwrap, zero_of
from autograd.engine.forward import pushforward
from autograd.engine.value import Value, fresh

Function = Callable[..., Any]


@final
class Trace:
    """One run of a function on fresh variables, to be walked either way, any number of times.

    variables  the fresh Values, one for each leaf of the arguments
    outputs    the leaves of the outcome: Values, or constants where nothing varied
    record     whether derivatives are Values, because older Values are involved
    """

    __slots__ = ("variables", "outputs", "out_structure", "record", "_inner", "_active")

    def __init__(self, call: Function, leaves: Sequence[Any]) -> None:
        self.variables = [fresh(x) for x in leaves]
        self.outputs, self.out_structure = pytree.flatten(call(self.variables))
        start = self.variables[0].serial if self.variables else 0
        order, met_older = reverse.recorded(self.outputs, start)
        self._inner, self._active = reverse.dependents(order, self.variables)
        self.record = met_older or any(v.inputs for v in self.variables)

    @property
    def value(self) -> Any:
        """The outcome: plain numbers and arrays unless older Values are involved."""
        return pytree.unflatten(self.out_structure, [self.released(y) for y in self.outputs])

    def released(self, y: Any) -> Any:
        """One output, without its graph where nobody outside can reach it."""
        return y.data if type(y) is Value and not self.record else y

    def pull(self, cotangents: Sequence[Any]) -> list[Any]:
        """The cotangents of the variables from those of the outputs."""
        grads: dict[Value, Any] = {}
        for y, g in zip(self.outputs, cotangents, strict=True):
            if type(y) is Value and y in self._active:
                grads[y] = grads[y] + g if y in grads else g
        grads = reverse.pullback(self._inner, grads, self._active, record=self.record)
        results = [grads[v] if v in grads else zero_of(v.data) for v in self.variables]
        taken = set(map(id, cotangents))
        return [copy_if_aliased(g, taken) for g in results]

    def push(self, tangents: Sequence[Any]) -> list[Any]:
        """The tangents of the outputs from those of the variables."""
        moving = dict(zip(self.variables, tangents, strict=True))
        record = self.record or any(type(t) is Value for t in tangents)
        moving = pushforward(self._inner, moving, record=record)
        results = [
            moving[y] if type(y) is Value and y in moving else zero_of(inexact(unwrap(y)))
            for y in self.outputs
        ]
        taken = set(map(id, tangents))
        return [copy_if_aliased(t, taken) for t in results]


def inexact(x: Any) -> Any:
    """A constant outcome as a number that a tangent can have."""
    return x if np.asarray(x).dtype.kind in "fc" else np.asarray(x, dtype=np.float64)[()]


def trace(
    f: Function, args: tuple[Any, ...], kwargs: dict[str, Any], argnum: Any
) -> tuple[Trace, Any]:
    """Run f with the arguments at `argnum` (an int or a tuple of ints) as fresh variables; returns
    the trace and the structure of these arguments, which derivatives with respect to them have."""
    positions = argnum if isinstance(argnum, tuple | list) else (argnum,)
    for i in positions:
        if not isinstance(i, int | np.integer) or not -len(args) <= i < len(args):
            raise ValueError(
                f"argnum {i!r} names no positional argument: {len(args)} were given "
                "(keyword arguments are constants)"
            )
    if len({i % len(args) for i in positions}) < len(positions):
        raise ValueError(f"argnum {argnum!r} names an argument twice")
    chosen = tuple(args[i] for i in positions)
    leaves, structure = pytree.flatten(chosen if isinstance(argnum, tuple | list) else chosen[0])

    def call(variables: list[Value]) -> Any:
        tree = pytree.unflatten(structure, variables)
        filled = list(args)
        for i, x in zip(
            positions, tree if isinstance(argnum, tuple | list) else (tree,), strict=True
        ):
            filled[i] = x
        return f(*filled, **kwargs)

    return Trace(call, leaves), structure


def seeds_like(outputs: Sequence[Any], structure: Any, tree: Any, what: str) -> list[Any]:
    """The leaves of a tree of cotangents or tangents, checked against what they belong to."""
    try:
        leaves = pytree.leaves_like(structure, tree)
    except ValueError as error:
        raise ValueError(
            f"{what} must have the structure of what it belongs to: {error}"
        ) from error
    return [seed_of(g, inexact(unwrap(y)), what) for g, y in zip(leaves, outputs, strict=True)]
