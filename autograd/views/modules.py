"""Which module an operation belongs to, worked out from the parameters that it uses."""

from __future__ import annotations

from collections.abc import Mapping
from types import CodeType, FunctionType
from typing import Any

from autograd.engine.value import Value
from autograd.views.names import ModulePath, stored_attributes

FOLLOWING = frozenset(("activation", "rectifier", "extremum", "shape"))
"""Roles of operations that belong to the layer whose output they transform, if it calls them."""

Owners = Mapping[ModulePath, object]
"""The objects that the boxes stand for, where they are known."""


def operation_paths(
    values: list[Value], paths: dict[int, ModulePath], owners: Owners
) -> dict[int, ModulePath]:
    """Module paths of the operations, given those of the parameters.

    An operation that uses parameters belongs to the module that holds them; a sum of results of
    one module stays in it; an activation stays in the module of its input if that one calls it,
    else in the innermost one around it that does; everything else stays outside.
    """
    if not paths:
        return {}
    out = dict(paths)
    callers: dict[tuple[ModulePath, str], ModulePath] = {}
    for v in values:
        if v.op is None or v.serial in out:
            continue
        held: list[ModulePath] = []
        made: list[ModulePath] = []
        outside = 0
        for u in v.inputs:
            if type(u) is Value:
                if u.serial in paths:
                    held.append(paths[u.serial])
                elif u.op is not None:
                    made.append(out.get(u.serial, ()))
                else:
                    outside += 1
        path: ModulePath = ()
        if held:
            path = common(held)
        elif len(made) == 1 and not outside and v.op.role in FOLLOWING:
            key = (made[0], v.op.name)
            if key not in callers or made[0] not in owners:
                callers[key] = caller(made[0], v.op.name, owners, type(v.data) is float)
            path = callers[key]
        elif len(made) > 1 and not outside:
            path = common(made)
        if path:
            out[v.serial] = path
    return out


def caller(path: ModulePath, name: str, owners: Owners, number: bool) -> ModulePath:
    """The innermost module along a path that calls an operation of this name.  Where none is seen
    to, or the object is unknown: a layer of arrays leaves it to what is around it, and a neuron of
    numbers is taken to call it itself."""
    for depth in range(len(path), 0, -1):
        if path[:depth] in owners and calls(owners[path[:depth]], name):
            return path[:depth]
    return path if path not in owners and number else path[:-1]


def calls(thing: object, name: str) -> bool:
    """Whether a module holds a function of this name, or its code names one."""
    if any(holds(part, name) for _, part in stored_attributes(thing)):
        return True
    for kind in type(thing).__mro__[:-1]:
        for method in list(vars(kind).values()):
            method = getattr(method, "__func__", method)
            if isinstance(method, FunctionType) and name in names_in(method, 2):
                return True
    return False


def holds(part: object, name: str) -> bool:
    """Whether something is a function of this name, or a list with one."""
    parts = part if isinstance(part, list | tuple) else (part,)
    return any(callable(p) and getattr(p, "__name__", "") == name for p in parts)


def names_in(function: FunctionType, depth: int) -> set[str]:
    """The names that a function's code mentions, and those of the functions that it names."""
    found: set[str] = set()
    codes: list[CodeType] = [function.__code__]
    for code in codes:  # grows by the functions inside
        found.update(code.co_names)
        codes += [c for c in code.co_consts if isinstance(c, CodeType)]
    if depth > 1:
        for name in list(found):
            inner: Any = function.__globals__.get(name)
            if isinstance(inner, FunctionType):
                found |= names_in(inner, depth - 1)
    return found


def common(paths: list[ModulePath]) -> ModulePath:
    """The longest path that all begin with.

    >>> common([("mlp", "layers.0"), ("mlp", "layers.1")])
    ('mlp',)
    """
    first = paths[0]
    for other in paths[1:]:
        if other is first or other == first:
            continue
        n = 0
        while n < min(len(first), len(other)) and first[n] == other[n]:
            n += 1
        first = first[:n]
    return first
