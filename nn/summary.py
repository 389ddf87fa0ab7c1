"""A model as a table: its layers, their shapes and their parameters."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from autograd import pytree
from nn.finding import FROZEN, find_parameters, named_modules, part_at
from nn.state import data_of


class Summary(str):
    """A table that a prompt shows as it is printed."""

    def __repr__(self) -> str:
        return str(self)


def summary(root: Any, inputs: tuple[Any, ...]) -> Summary:
    """The table of a module; with inputs, also the shape of what each module gives for them."""
    found = find_parameters(root)
    counted: set[int] = set()
    shapes = output_shapes(root, inputs) if inputs else {}
    header = ["path", "module", *(["output"] if inputs else []), "parameters", "count"]
    rows = [header]
    trained = frozen = 0
    for path, module in named_modules(root):
        own: dict[int, tuple[pytree.Path, Any]] = {}
        for place, i in found.places.items():
            if i not in counted and owner_of(root, place) is module:
                own.setdefault(i, (place[len(path) :], part_at(root, place)))
        fixed = {
            id(known): (way, part_at(module, way))
            for way, known in remembered(module).items()
            if id(known) not in counted
        }
        count = sum(size_of(p) for _, p in own.values())
        fixed_count = sum(size_of(p) for _, p in fixed.values())
        counted |= {*own, *fixed}
        trained, frozen = trained + count, frozen + fixed_count
        named = [(way, p, "") for way, p in own.values()]
        named += [(way, p, " frozen") for way, p in fixed.values()]
        texts = [f"{pytree.dotted(way)} {shape_text(p)}{mark}" for way, p, mark in named]
        if len(texts) > 4:
            texts = [*texts[:3], f"{len(texts) - 3} more"]
        row = [pytree.dotted(path) or "(model)", type(module).__name__]
        row += [shapes.get(id(module), "")] if inputs else []
        rows.append([*row, ", ".join(texts), f"{count + fixed_count:,}" if named else ""])
    widths = [max(len(row[i]) for row in rows) for i in range(len(header))]
    lines = [
        "  ".join(
            [cell.ljust(w) for cell, w in zip(row[:-1], widths, strict=False)]
            + [row[-1].rjust(widths[-1])]
        ).rstrip()
        for row in rows
    ]
    rule = "-" * max(map(len, lines))
    total = f"{trained + frozen:,} parameters: {trained:,} trained, {frozen:,} frozen"
    return Summary("\n".join([lines[0], rule, *lines[1:], rule, total]))


def remembered(module: Any) -> dict[pytree.Path, Any]:
    """What a module remembers of its frozen parameters."""
    found: dict[pytree.Path, Any] = vars(module).get(FROZEN, {})
    return found


def owner_of(root: Any, place: pytree.Path) -> Any:
    """The innermost module around a place."""
    owner = thing = root
    for k in range(len(place) - 1):
        thing = part_at(thing, place[k : k + 1])
        owner = thing if hasattr(thing, "buffer_names") else owner
    return owner


def size_of(p: Any) -> int:
    """How many numbers a parameter holds."""
    return math.prod(getattr(data_of(p), "shape", ()))


def shape_text(p: Any) -> str:
    """The shape of a parameter, or of what a module gives."""
    if isinstance(p, tuple | list):
        return f"({', '.join(map(shape_text, p))})"
    return str(getattr(data_of(p), "shape", "")) or "()"


def output_shapes(root: Any, inputs: tuple[Any, ...]) -> dict[int, str]:
    """The shape of what each module gives, by its id: the model runs once, not in training, on
    modules whose class writes it down."""
    found: dict[int, str] = {}
    modules = [module for _, module in named_modules(root)]
    classes = [type(module) for module in modules]
    modes = [module.training for module in modules]
    try:
        for module, kind in zip(modules, classes, strict=True):
            module.training = False
            if callable(module):
                module.__class__ = writing(kind, found)
        root(*inputs)
    finally:
        for module, kind, mode in zip(modules, classes, modes, strict=True):
            module.__class__ = kind
            module.training = mode
    return found


def writing(kind: type, found: dict[int, str]) -> type:
    """A class whose calls write down the shape of their output."""
    plain: Callable[..., Any] = kind.__call__

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        y = plain(self, *args, **kwargs)
        found[id(self)] = shape_text(y)
        return y

    return type(kind.__name__, (kind,), {"__call__": call})
