"""Finding the parameters and the modules below a module or a container."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd import Value, pytree
from autograd.pytree import Path, attribute_step


class Searched:
    """What the search opens attribute by attribute: the base of `Module`.

    buffer_names  attributes that are state and no parameters, such as running statistics
    draws         whether it draws random numbers, from the generator in its attribute `source`
    """

    buffer_names: tuple[str, ...] = ()
    draws: bool = False


PLACES = "_places"
"""The attribute in which a module that was rebuilt with other leaves remembers where they stand:
a token for each path, the same one where parameters are tied.  Numbers and arrays would not be
known as leaves otherwise."""

FROZEN = "_frozen"
"""The attribute in which a module remembers what stood where a parameter was frozen: by the path to
it, the Value that will stand there again, or a token where a copy is to make a new one."""

REBINDS = "_rebinds"
"""The attribute that is True in a copy whose buffers are replaced where others are written into."""


class Found(NamedTuple):
    """The parameters below a module or container.

    parameters  each one once
    paths       the first path to each
    places      the number of the parameter at every path that leads to one
    """

    parameters: list[Any]
    paths: list[Path]
    places: dict[Path, int]


def find_parameters(root: Any) -> Found:
    """The parameters below a module or container, depth first."""
    found = Found([], [], {})
    numbers: dict[Any, int] = {}  # of a parameter, by the identity of its Value or by its token
    visited: dict[int, Any] = {}  # containers by id, kept so that no id is used twice
    stack: list[tuple[Path, Any, int, dict[Path, object]]] = [((), root, 0, {})]
    while stack:
        path, thing, start, tokens = stack.pop()
        token = tokens.get(path[start:]) if tokens else None
        if token is not None or isinstance(thing, Value):
            known: Any = id(thing)
            if token is None:
                refuse_output(path, thing)
            else:  # a number has no identity: pickle makes two of one
                known = id(token), thing if isinstance(thing, float | complex) else id(thing)
            if known not in numbers:
                numbers[known] = len(found.parameters)
                numbers.setdefault(id(thing), numbers[known])
                found.parameters.append(thing)
                found.paths.append(path)
            found.places[path] = numbers[known]
            continue
        if id(thing) in visited:
            continue
        if isinstance(thing, Searched):
            start, tokens = len(path), vars(thing).get(PLACES, {})
        below = parts(thing)
        if below is None:
            refuse_hidden(path, thing)
        else:
            visited[id(thing)] = thing
            inner = [(path + way, part, start, tokens) for way, part in below]
            stack.extend(reversed(inner))
    return found


def parts(thing: Any) -> list[tuple[Path, Any]] | None:
    """What a module or container holds, with paths; None for anything else."""
    if isinstance(thing, Searched):
        return [(attribute_step(name), part) for name, part in attributes(thing).items()]
    return pytree.children(thing)


def attributes(module: Searched) -> dict[str, Any]:
    """What is stored in a module, in its `__dict__` and in slots."""
    state = object.__getstate__(module)
    plain, slots = state if isinstance(state, tuple) else (state, None)
    stored = {**(plain or {}), **(slots or {})}
    stored.pop(PLACES, None)
    stored.pop(FROZEN, None)
    stored.pop(REBINDS, None)
    return stored


def refuse_output(path: Path, p: Value) -> None:
    """Raise where a Value is the output of an operation."""
    if p.op is not None:
        raise TypeError(
            f"{pytree.dotted(path)} is the output of the operation {p.op.name!r}, not a parameter: "
            "store Value(v.data) to train it, or v.data to keep it as a constant"
        )


def refuse_hidden(path: Path, thing: Any) -> None:
    """Raise where parameters stand in a container that is not searched."""
    if isinstance(thing, set | frozenset):
        inside: Any = thing
    elif isinstance(thing, np.ndarray) and thing.dtype == object:
        inside = thing.ravel()
    else:
        return
    if any(isinstance(part, Value | Searched) for part in inside):
        raise TypeError(
            f"{pytree.dotted(path)} is a {type(thing).__name__} that holds parameters: keep them "
            "in a list, a tuple or a dict"
        )


def named_modules(root: Any) -> list[tuple[Path, Any]]:
    """The modules below a module or container, itself first, each one once, with paths."""
    found: list[tuple[Path, Any]] = []
    visited: dict[int, Any] = {}
    stack: list[tuple[Path, Any]] = [((), root)]
    while stack:
        path, thing = stack.pop()
        if isinstance(thing, Value) or id(thing) in visited:
            continue
        below = parts(thing)
        if below is None:
            continue
        visited[id(thing)] = thing
        if isinstance(thing, Searched):
            found.append((path, thing))
        stack.extend(reversed([(path + way, part) for way, part in below]))
    return found


def part_at(thing: Any, path: Path) -> Any:
    """What a path leads to."""
    for key in path:
        thing = getattr(thing, key.name) if key.attribute else thing[key.name]
    return thing


def set_at(thing: Any, path: Path, new: Any) -> Any:
    """Put something else where a path leads to; returns `thing`, or what stands for it where it is
    a tuple, which is made anew."""
    if not path:
        return new
    key, rest = path[0], path[1:]
    old = part_at(thing, path[:1])
    part = set_at(old, rest, new)
    if part is old:
        return thing
    if isinstance(thing, tuple):
        if key.attribute:
            return thing._replace(**{key.name: part})  # type: ignore[attr-defined]
        return (*thing[: key.name], part, *thing[key.name + 1 :])
    if key.attribute:
        object.__setattr__(thing, key.name, part)
    else:
        thing[key.name] = part
    return thing
