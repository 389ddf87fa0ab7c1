"""Gradients through a compiled function: its results as nodes, which run it again where a gradient
is asked for."""

from __future__ import annotations

from typing import Any, Final

from autograd import pytree
from autograd.engine import ancestry, reverse
from autograd.engine.primitive import Primitive
from autograd.engine.value import Value, new_variable


class Again:
    """The function, run with other Values in place of those among the arguments: the outputs that
    depend on them."""

    def __init__(
        self, f: Any, places: list[int], values: list[Any], args: Any, kwargs: Any
    ) -> None:
        self.f, self.places, self.values = f, places, values
        self.args, self.kwargs = args, kwargs

    def __call__(self, variables: list[Any]) -> list[Any]:
        """The outputs, with these Values in place."""
        new = {id(v): w for v, w in zip(self.values, variables, strict=True)}
        leaves, structure = pytree.flatten((self.args, self.kwargs))
        args, kwargs = pytree.unflatten(structure, [new.get(id(x), x) for x in leaves])
        outputs = pytree.flatten(self.f(*args, **kwargs))[0]
        return [outputs[i] for i in self.places]


def contributions(
    wanted: Any, g: Any, y: Any, *inputs: Any, run: Again, count: int, hidden: tuple[Value, ...]
) -> list[Any]:
    """Run the function again, recording it, and pull g back through it."""
    mark = new_variable(0.0).serial
    variables = [new_variable(x) for x in inputs[:count]]
    outputs = run(variables)
    several = len(outputs) > 1
    grads: dict[Value, Any] = {}
    for v, c in zip(outputs, g if several else [g], strict=True):
        if c is not None and type(v) is Value:
            grads[v] = grads[v] + c if v in grads else c
    targets = (*variables, *hidden)
    order = ancestry.computed_ancestors(outputs, mark)
    inner, active = ancestry.dependents(order, targets)
    record = type(y) is Value or any(type(c) is Value for c in grads.values())
    grads = reverse.pullback(inner, grads, active, record=record)
    return [grads.get(v) for v in targets]


COMPILED: Final = Primitive(contributions, "compiled")
COMPILED.vjp_all = contributions
