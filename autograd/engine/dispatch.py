"""How NumPy hands its own functions over to the rule table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from autograd.engine.node import Node
from autograd.engine.primitive import TABLE

COMPOSITES: Final[dict[Callable[..., Any], Callable[..., Any]]] = {}
"""NumPy functions that are put together from rows of the table, or adapt their arguments to one."""

NONDIFFERENTIABLE: Final[set[Callable[..., Any]]] = set()
"""NumPy functions whose outcome has no derivative (shapes, indices, bools): run on the data."""

UFUNC_METHODS: Final[dict[tuple[np.ufunc, str], Callable[..., Any]]] = {}
"""Ufunc methods with a differentiable twin, such as np.add.reduce."""


def implements(
    *functions: Callable[..., Any],
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function as what these NumPy functions do with Values."""

    def register(composite: Callable[..., Any]) -> Callable[..., Any]:
        for function in functions:
            COMPOSITES[function] = composite
        return composite

    return register


def call_ufunc(
    ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """`np.tanh(v)`, `array * v`, `np.add.reduce(v)`."""
    if any(x is not None for x in kwargs.pop("out", ())):
        raise TypeError(
            f"np.{ufunc.__name__}(..., out=...) would write a Value into an array and lose its "
            "gradient (so does array += v): use the returned Value (array = array + v)"
        )
    if method != "__call__":
        if (ufunc, method) not in UFUNC_METHODS:
            raise no_rule(f"{ufunc.__name__}.{method}")
        return UFUNC_METHODS[ufunc, method](*inputs, **kwargs)
    if kwargs.get("where", True) is not True:
        raise TypeError(
            f"np.{ufunc.__name__}(where=mask) leaves the other entries undefined: "
            f"use np.where(mask, np.{ufunc.__name__}(...), other)"
        )
    unknown = set(kwargs) - {"where"}
    if unknown:
        raise TypeError(
            f"np.{ufunc.__name__} of a Value does not take {', '.join(sorted(unknown))}"
        )
    return call_function(ufunc, inputs, {})


def call_function(
    func: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Any:
    """`np.sum(v, axis=0)`, `np.concatenate([v, w])`."""
    handler = COMPOSITES.get(func) or TABLE.get(func)
    if handler is not None:
        return handler(*args, **kwargs)
    if func in NONDIFFERENTIABLE:
        return func(*plain(args), **plain(kwargs))
    module = getattr(func, "__module__", None) or "numpy"
    raise no_rule(f"{module}.{func.__name__}".removeprefix("numpy."))


def no_rule(name: str) -> TypeError:
    """The error for a NumPy function that is not in the table."""
    return TypeError(
        f"np.{name} has no derivative rule: write it with functions that have one (docs/rules.md), "
        f"give it one of its own with autograd.extend.primitive and defvjp, or take v.data where "
        "no gradient is wanted"
    )


def plain(x: Any) -> Any:
    """Arguments with the data in place of every Value."""
    if isinstance(x, Node):
        return x.data
    if isinstance(x, tuple | list):
        return type(x)(plain(item) for item in x)
    if isinstance(x, dict):
        return {key: plain(item) for key, item in x.items()}
    return x
