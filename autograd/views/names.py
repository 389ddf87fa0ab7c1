"""What the user calls things: labels, module paths, and the variables of the calling function."""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import islice
from types import FrameType, FunctionType, MethodType, ModuleType

import numpy as np

from autograd.engine.value import Value
from autograd.views.summary import clean, isolated

BUDGET = 50_000  # things looked at when searching the caller's variables
DEPTH = 12
ModulePath = tuple[str, ...]
CLOSED = (
    str | bytes | int | float | complex | type | ModuleType | FunctionType | MethodType | FrameType
)
"""Things that are not looked into."""

NEVER_VALUES = frozenset((float, int, str, bool, type(None), np.ndarray, np.float64))
"""The commonest of them, and arrays: not even put into the queue."""


def variables(frame: FrameType | None) -> dict[str, object]:
    """The variables that the caller sees, without underscored ones (a notebook's old outputs)."""
    if frame is None:
        return {}
    skip = {"In", "Out", "exit", "quit"}
    return {
        name: thing
        for name, thing in {**frame.f_globals, **frame.f_locals}.items()
        if not name.startswith(("_", ".", "@")) and name not in skip
    }


@dataclasses.dataclass(slots=True)
class Found:
    """Where a Value was found: its dotted name and the module boxes around it."""

    name: str
    path: ModulePath


def search(
    places: Mapping[str, object], serials: set[int], owners: dict[ModulePath, object] | None = None
) -> dict[int, Found]:
    """Names of the Values with these serials, inside variables, containers and modules; the
    objects behind the boxes go into `owners`.

    Breadth first, so the shortest name wins; a path through a module wins over a bare variable.
    Objects are read through their `__dict__` only: no property of the user's is run.

    >>> search({}, set())
    {}
    """
    found: dict[int, Found] = {}
    visited: set[int] = set()
    queue: deque[tuple[object, str, ModulePath, int]] = deque(
        (thing, clean(str(name), 60), (), 0) for name, thing in places.items()
    )
    alive: list[object] = []  # what was visited stays alive, so that no id is used twice
    budget = BUDGET
    while queue and budget > 0:
        thing, name, path, depth = queue.popleft()
        if type(thing) is Value:
            old = found.get(thing.serial)
            if thing.serial in serials and (old is None or (path and not old.path)):
                found[thing.serial] = Found(name, path)
            continue
        if isinstance(thing, CLOSED) or id(thing) in visited or depth > DEPTH or is_own(thing):
            continue
        visited.add(id(thing))
        alive.append(thing)
        if owners is not None and not isinstance(thing, dict | list | tuple):
            owners.setdefault(box_of(name, path), thing)
        for child in islice(children(thing, name, path, depth + 1), budget):
            budget -= 1
            if type(child[0]) not in NEVER_VALUES:
                queue.append(child)
    return found


def is_own(thing: object) -> bool:
    """True for this library's own objects: a Graph holds every node of an older picture."""
    return type(thing).__module__.split(".")[0] == "autograd"


def children(
    thing: object, name: str, path: ModulePath, depth: int
) -> Iterator[tuple[object, str, ModulePath, int]]:
    """The parts of a container or object, with their names."""
    inside = bool(path)  # below a module the dotted style is used throughout
    last = last_part(name, path)
    if inside and isinstance(thing, list | tuple) and last.rpartition(".")[2].isdecimal():
        path = (*path, last)  # a list in a list of modules is a box of its own
    if isinstance(thing, dict):
        for key, part in list(thing.items()):
            if isinstance(key, str | int):
                text = clean(str(key), 60)
                yield part, f"{name}.{text}" if inside else f"{name}[{key!r}]", path, depth
    elif isinstance(thing, list | tuple):
        fields = getattr(thing, "_fields", None)
        for i, part in enumerate(thing):
            if isinstance(fields, tuple) and i < len(fields):
                yield part, f"{name}.{fields[i]}", path, depth
            else:
                yield part, f"{name}.{i}" if inside else f"{name}[{i}]", path, depth
    else:
        box = box_of(name, path)
        dotted = ".".join(box)
        for key, part in stored_attributes(thing):
            if not (isinstance(part, CLOSED) or key.startswith("_")):
                yield part, f"{dotted}.{key}", box, depth


def last_part(name: str, path: ModulePath) -> str:
    """The name without the path in front of it."""
    return name[len(".".join(path)) + 1 :] if path else dotted_name(name)


def box_of(name: str, path: ModulePath) -> ModulePath:
    """The box of an object, below the path to it."""
    return (*path, last_part(name, path))


def dotted_name(name: str) -> str:
    """`layers[0]` as `layers.0`."""
    return name.replace("[", ".").replace("]", "").replace("'", "")


def stored_attributes(thing: object) -> list[tuple[str, object]]:
    """The stored attributes of an instance: its `__dict__`, or the slots of a dataclass."""
    try:
        stored = object.__getattribute__(thing, "__dict__")
    except AttributeError:
        stored = None
    if isinstance(stored, dict):
        return [(k, v) for k, v in list(stored.items()) if isinstance(k, str)]
    if dataclasses.is_dataclass(thing):
        names = [f.name for f in dataclasses.fields(thing)]
        return [(n, object.__getattribute__(thing, n)) for n in names if has_slot(thing, n)]
    return []


def has_slot(thing: object, name: str) -> bool:
    """True where the slot of a dataclass holds something."""
    try:
        object.__getattribute__(thing, name)
    except AttributeError:
        return False
    return True


def label_path(label: str) -> ModulePath:
    """The module boxes in a dotted label; digits belong to the part before them.

    >>> label_path("mlp.layers.0.w"), label_path("n.w.3"), label_path("loss"), label_path("3.14")
    (('mlp', 'layers.0'), ('n',), (), ())
    """
    parts = label.split(".")
    while len(parts) > 1 and parts[-1].isdecimal():  # the last name is that of a container
        parts.pop()
    if len(parts) < 2 or not all(p.isidentifier() or p.isdecimal() for p in parts):
        return ()
    boxes: list[str] = []
    for part in parts[:-1]:
        if part.isdecimal():
            if not boxes:
                return ()
            boxes[-1] += f".{part}"
        else:
            boxes.append(part)
    return tuple(boxes)


def name_values(
    values: list[Value], places: Mapping[str, object], explicit: Mapping[str, object]
) -> tuple[dict[int, str], dict[int, ModulePath], dict[ModulePath, object]]:
    """Names and module paths by serial, and the modules by path: labels, then `explicit`, then the
    caller's variables."""
    serials = {v.serial for v in values}
    owners: dict[ModulePath, object] = {}
    found = search(explicit, serials, owners) if explicit else {}
    found = {**(search(places, serials, owners) if places else {}), **found}
    names = {serial: f.name for serial, f in found.items()}
    paths = {serial: f.path for serial, f in found.items() if f.path}
    for v in values:
        label = str(v.label)
        if label.strip():
            names[v.serial] = clean(label, 200)
            path = label_path(label)
            if path:
                paths[v.serial] = path
    return {k: isolated(name) for k, name in names.items()}, paths, owners


def array_names(places: Mapping[str, object]) -> dict[int, str]:
    """The names of the arrays among the variables, by identity."""
    return {id(x): clean(str(name), 60) for name, x in places.items() if type(x) is np.ndarray}
