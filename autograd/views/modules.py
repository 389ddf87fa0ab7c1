"""Which module an operation belongs to, worked out from the parameters that it uses."""

from __future__ import annotations

from autograd.engine.value import Value
from autograd.views.names import ModulePath

FOLLOWING = frozenset(("activation", "rectifier", "extremum", "shape"))
"""Roles of operations that belong to the layer whose output they transform."""


def operation_paths(values: list[Value], paths: dict[int, ModulePath]) -> dict[int, ModulePath]:
    """Module paths of the operations, given those of the parameters.

    An operation that uses parameters belongs to the module that holds them; a sum of results of
    one module stays in it; an activation follows its input; everything else stays outside.
    """
    if not paths:
        return {}
    out = dict(paths)
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
            path = made[0]
        elif len(made) > 1 and not outside:
            path = common(made)
        if path:
            out[v.serial] = path
    return out


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
