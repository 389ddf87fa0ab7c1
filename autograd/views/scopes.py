"""Boxes for the functions of the user's program, from the calls that were seen as it ran."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autograd.engine.value import Value
from autograd.views.modules import common
from autograd.views.names import ModulePath
from autograd.views.summary import clean, isolated

DEEPEST = 12  # boxes inside each other; deeper calls belong to the innermost of them
CALLS = ("__call__", "forward")
"""Methods that stand for their object."""


@dataclass(slots=True)
class Call:
    """A call of one of the user's functions, between two serials.

    thing  the object whose method it is, or None
    """

    name: str
    thing: object
    first: int
    last: int = 0
    inner: list[Call] = field(default_factory=list)


@dataclass(slots=True)
class Scopes:
    """The boxes around each node by serial, and those of them that are functions."""

    paths: dict[int, ModulePath]
    functions: set[ModulePath]


def scope_paths(
    values: Sequence[Value], calls: Sequence[Call], objects: Mapping[int, ModulePath]
) -> Scopes:
    """The path of every node through the calls in which it was made.

    `objects` has the paths of the user's modules by identity.  A function that is called several
    times is numbered; a leaf stands in the innermost box around all that use it.
    """
    scopes = Scopes({}, set())
    operations = [v for v in values if v.op is not None]
    stack: list[tuple[Sequence[Call], ModulePath]] = [(calls, ())]
    spans: list[tuple[int, int, ModulePath]] = []
    while stack:
        inner, path = stack.pop()
        names = [name_of(call) for call in inner]
        again = Counter(names)
        turn: Counter[str] = Counter()
        for call, name in zip(inner, names, strict=True):
            turn[name] += 1
            known = objects.get(id(call.thing)) if call.name in CALLS else None
            if known:
                inside = known[: len(path)] == path and len(known) > len(path)
                own = known if inside else (*path, known[-1])
            else:
                own = (*path, f"{name} {turn[name]}" if again[name] > 1 else name)
                scopes.functions.add(own)
            if len(own) <= DEEPEST:
                spans.append((call.first, call.last, own))
                stack.append((call.inner, own))
    spans.sort(key=lambda span: (span[0], -span[1]))
    open_spans: list[tuple[int, int, ModulePath]] = []
    following = iter([*spans, (1 << 62, 1 << 62, ())])
    span = next(following)
    for v in operations:
        while span[0] <= v.serial:
            open_spans.append(span)
            span = next(following)
        while open_spans and open_spans[-1][1] < v.serial:
            open_spans.pop()
        if open_spans:
            scopes.paths[v.serial] = open_spans[-1][2]
    place_leaves(operations, scopes.paths)
    return scopes


def name_of(call: Call) -> str:
    """What a box around a call is titled."""
    if call.thing is not None and call.name in CALLS:
        return type(call.thing).__name__
    return isolated(clean(call.name, 40))


def place_leaves(operations: Sequence[Value], paths: dict[int, ModulePath]) -> None:
    """Put each leaf where all its users are."""
    around: dict[int, ModulePath] = {}
    for v in operations:
        path = paths.get(v.serial, ())
        for u in v.inputs:
            if type(u) is Value and u.op is None:
                old = around.get(u.serial)
                around[u.serial] = path if old is None else common([old, path])
    paths.update({serial: path for serial, path in around.items() if path})
