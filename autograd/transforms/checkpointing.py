"""Trading time for memory: recompute a stretch of the graph instead of storing it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np

from autograd import pytree
from autograd.engine import ancestry, reverse
from autograd.engine.arrays import usually
from autograd.engine.conversion import freeze
from autograd.engine.cotangents import unwrap
from autograd.engine.outputs import OutputTuple
from autograd.engine.primitive import Primitive
from autograd.engine.value import Value, new_variable, record_output

P = ParamSpec("P")
R = TypeVar("R")
Run = Callable[[list[Any]], Any]


def checkpoint(f: Callable[P, R]) -> Callable[P, R]:
    """The same function with the same gradients, as one node: what f computes inside is dropped,
    and computed again when the gradient is asked for.

    Arguments and result may be trees; Values that f uses without being given them (the parameters
    of a layer, say) get their gradients too.  Raises RuntimeError where f, run again, gives another
    result (hidden randomness).

    >>> from autograd import Value
    >>> x = Value(2.0)
    >>> checkpoint(lambda v: (v * v).exp())(x).backward()
    >>> round(x.grad, 3)
    218.393
    """

    @wraps(f)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        leaves, structure = pytree.flatten((args, kwargs))
        leaves = [freeze(x) for x in leaves]
        places = [i for i, x in enumerate(leaves) if type(x) is Value]

        def run(variables: list[Any]) -> R:
            filled = list(leaves)
            for i, v in zip(places, variables, strict=True):
                filled[i] = v
            again_args, again_kwargs = pytree.unflatten(structure, filled)
            return f(*again_args, **again_kwargs)

        mark = new_variable(0.0).serial
        outputs, out_structure = pytree.flatten(run([new_variable(leaves[i].data) for i in places]))
        outputs = [freeze(y) for y in outputs]
        hidden = captured(outputs, mark)
        inputs = (*[leaves[i] for i in places], *hidden)
        if not inputs:
            return pytree.unflatten(out_structure, outputs)
        data = tuple(unwrap(y) for y in outputs)
        params = {"run": run, "count": len(places), "hidden": tuple(hidden)}
        parts = record_output(CHECKPOINT, data if len(data) != 1 else data[0], inputs, params)
        return pytree.unflatten(out_structure, parts if isinstance(parts, tuple) else [parts])

    return wrapped


def captured(outputs: list[Any], mark: int) -> list[Value]:
    """The Values older than `mark` that the outputs depend on, each once."""
    order = ancestry.computed_ancestors(outputs, mark)
    met = [y for y in outputs if type(y) is Value]
    for v in order:
        met.extend([x for x in v.inputs if type(x) is Value])
    return list(dict.fromkeys([x for x in met if x.serial < mark]))


def contributions(
    wanted: Any, g: Any, y: Any, *args: Any, run: Run, count: int, hidden: tuple[Value, ...]
) -> list[Any]:
    """Run the function again, recording it, and pull g back through it."""
    mark = new_variable(0.0).serial
    variables = [new_variable(x) for x in args[:count]]
    outputs = list(map(freeze, pytree.flatten(run(list(variables)))[0]))
    several = isinstance(unwrap(y), OutputTuple)
    for before, after in zip(unwrap(y) if several else [unwrap(y)], outputs, strict=True):
        if not usually(np.array_equal(before, unwrap(after), equal_nan=True)):
            raise RuntimeError(
                "checkpoint: the function gave another result when it was run again; make its "
                "randomness an argument (a seed, or the random numbers themselves)"
            )
    grads: dict[Value, Any] = {}
    for v, c in zip(outputs, g if several else [g], strict=True):
        if c is not None and type(v) is Value:
            grads[v] = grads[v] + c if v in grads else c
    order = ancestry.computed_ancestors(outputs, mark)
    inner, active = ancestry.dependents(order, [*variables, *hidden])
    record = type(y) is Value or any(type(c) is Value for c in grads.values())
    grads = reverse.pullback(inner, grads, active, record=record)
    return [grads.get(v) for v in (*variables, *hidden)]


CHECKPOINT = Primitive(contributions, "checkpoint")
CHECKPOINT.vjp_all = contributions
