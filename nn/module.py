"""Module: a tree of parameters, found by walking its attributes and named by their path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Self

import numpy as np

from autograd import Value

Part = tuple[str, Any]


class Module:
    """What layers and networks derive from: Values, modules and containers as attributes.

    The parameters are the leaf Values found in the attributes, in lists, tuples, dicts and
    dataclasses and in the modules inside them, however nested, in the order in which the attributes
    were set.  A Value that is found twice is one parameter, under its first path.  Attributes whose
    name begins with an underscore are private to the module: they are not searched.

    Raises TypeError where a Value that is the outcome of an operation stands among the parameters
    (a step would not reach what it was computed from), and for sets, which have no order.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.points = Value(2.0), [Value(0.0), Value(1.0)]
    ...     def __call__(self, x):
    ...         return self.slope * x + self.points[0]
    >>> [name for name, _ in Line().named_parameters()]
    ['slope', 'points.0', 'points.1']
    """

    def named_parameters(self) -> list[tuple[str, Value]]:
        """Pairs of path and parameter, such as ("layers.0.w", Value(...))."""
        return list(search(self))

    def parameters(self) -> list[Value]:
        """The parameters, each one once."""
        return [p for _, p in search(self)]

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for p in self.parameters():
            p.zero_grad()

    def named(self, prefix: str = "") -> Self:
        """Give every parameter without a label its path as label, for drawings and messages; the
        module itself is returned, so that `model = MLP(2, [1]).named("mlp")` can be written."""
        for path, p in search(self):
            if not p.label:
                p.label = f"{prefix}.{path}" if prefix else path
        return self

    def __repr__(self) -> str:
        lines = [f"  {name}: {describe(part)}" for name, part in parts(self)]
        return (
            "\n".join([f"{type(self).__name__}(", *lines, ")"])
            if lines
            else f"{type(self).__name__}()"
        )


def search(root: Any) -> Iterator[tuple[str, Value]]:
    """The parameters below a module or container with their paths, depth first, each one once."""
    seen: set[int] = set()
    stack: list[Part] = [("", root)]
    while stack:
        path, thing = stack.pop()
        if id(thing) in seen:
            continue
        if isinstance(thing, Value):
            seen.add(id(thing))
            yield path, leaf(path, thing)
        elif isinstance(thing, Module | list | tuple | dict) or is_record(thing):
            seen.add(id(thing))
            inner = [(f"{path}.{name}" if path else name, part) for name, part in parts(thing)]
            stack.extend(reversed(inner))
        else:
            refuse_hidden(path, thing)


def parts(thing: Any) -> list[Part]:
    """What a module or container holds, with names."""
    if isinstance(thing, dict):
        return [(str(key), part) for key, part in thing.items()]
    if isinstance(thing, list | tuple):
        return [(str(i), part) for i, part in enumerate(thing)]
    if is_record(thing):
        stored = [(f.name, getattr(thing, f.name)) for f in fields(thing) if hasattr(thing, f.name)]
    else:
        stored = list(vars(thing).items())
    return [(name, part) for name, part in stored if not name.startswith("_")]


def is_record(thing: Any) -> bool:
    """True for an instance of a dataclass that is no module."""
    return is_dataclass(thing) and not isinstance(thing, type | Module)


def leaf(path: str, p: Value) -> Value:
    """A parameter, refused where it is the outcome of an operation."""
    if p.op is not None:
        raise TypeError(
            f"{path} is the outcome of the operation {p.op.name!r}, not a parameter: store "
            "Value(v.data) to train it, or keep it in an attribute whose name begins with _"
        )
    return p


def refuse_hidden(path: str, thing: Any) -> None:
    """Raise where parameters stand in a container that is not searched."""
    if isinstance(thing, set | frozenset):
        inside: Any = thing
    elif isinstance(thing, np.ndarray) and thing.dtype == object:
        inside = thing.ravel()
    else:
        return
    if any(isinstance(part, Value | Module) for part in inside):
        raise TypeError(
            f"{path} is a {type(thing).__name__} that holds parameters: keep them in a list, a "
            "tuple or a dict"
        )


def describe(part: Any) -> str:
    """One attribute in a module's repr."""
    if isinstance(part, Value):
        return f"{part.dtype} {part.shape}" if part.shape else f"{part.dtype} {part.data:.4g}"
    if isinstance(part, list | tuple) and any(isinstance(x, Module) for x in part):
        inner = "\n".join(f"  {i}: {describe(x)}" for i, x in enumerate(part)).replace("\n", "\n  ")
        return f"[\n  {inner}\n  ]"
    if isinstance(part, np.ndarray):
        return f"constant {part.dtype} {part.shape}"
    if callable(part) and not isinstance(part, Module):
        return getattr(part, "__name__", None) or getattr(part, "name", None) or repr(part)
    return repr(part).replace("\n", "\n  ")
