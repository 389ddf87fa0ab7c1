"""What an optimiser is given: parameters, or groups of them with options of their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple, final

from autograd import Value, pytree
from nn.module import Module, find_parameters, refuse_output

Parameters = Module | Iterable[Any]


class Named(NamedTuple):
    """The parameters in a module or container, each one once, and their paths."""

    names: list[str]
    values: list[Value]


def groups_of(parameters: Any, known: tuple[str, ...], kind: str) -> list[dict[str, Any]]:
    """The groups as they were given, one without options where none were.

    known  the names of the options of the optimiser
    kind   what the optimiser is called, for errors
    """
    if isinstance(parameters, Value):
        raise TypeError("an optimiser takes a Module or a list of Values, not one: write [v]")
    if (
        isinstance(parameters, dict)
        and "params" in parameters
        and {*parameters} - {*known} == {"params"}
    ):
        parameters = [parameters]
    elif isinstance(parameters, Iterable) and not isinstance(
        parameters, Module | list | tuple | dict
    ):
        parameters = list(parameters)
    if not (isinstance(parameters, list | tuple) and any(map(is_group, parameters))):
        return [{"params": parameters}]
    for group in parameters:
        if not is_group(group):
            raise TypeError(
                'either all parameters stand in groups, dicts with the key "params", or none'
            )
        for name in {*group} - {*known, "params"}:
            raise TypeError(f"a group has no option {name!r}: {kind} knows {', '.join(known)}")
    return list(parameters)


def is_group(thing: Any) -> bool:
    """True for a dict that gives parameters options of their own."""
    return isinstance(thing, dict) and "params" in thing


def named_values(parameters: Any) -> Named:
    """The parameters in a module, list or dict; TypeError where something that is no parameter
    stands beside them."""
    if isinstance(parameters, Value):
        return Named(["0"], [parameters])
    if not isinstance(parameters, Module | list | tuple | dict):
        parameters = list(parameters) if isinstance(parameters, Iterable) else [parameters]
    found = find_parameters(parameters)
    pairs = [
        (pytree.dotted(path), p)
        for path, p in zip(found.paths, found.parameters, strict=True)
        if isinstance(p, Value)
    ]
    if not pairs:
        raise ValueError(
            "there is nothing to optimise: the module or list holds no leaf Value (a module of "
            "arrays becomes one to train with tree_map(Value, model))"
        )
    for path, leaf in pytree.leaves_with_paths(parameters):
        if isinstance(leaf, Value):
            refuse_output(path, leaf)
        elif not path[-1].attribute:
            raise TypeError(
                f"{pytree.dotted(path)} is of type {type(leaf).__name__}, not a parameter; groups "
                'with options of their own are dicts with the key "params"'
            )
    refuse_duplicates(parameters, {id(p): name for name, p in pairs})
    return Named([name for name, _ in pairs], [p for _, p in pairs])


def refuse_duplicates(parameters: Any, known: dict[int, str]) -> None:
    """ValueError where a parameter is given twice; tied inside of one module it may be."""
    seen: set[int] = set()
    stack = [parameters]
    while stack:
        thing = stack.pop()
        if isinstance(thing, Module):
            inside = {id(p) for p in find_parameters(thing).parameters}
        elif isinstance(thing, Value):
            inside = {id(thing)}
        else:
            stack.extend(part for _, part in pytree.children(thing) or [])
            continue
        for i in inside & seen & known.keys():
            raise ValueError(
                f"the parameter {known[i]!r} is given twice: name it once (a module steps "
                "parameters that it shares once by itself)"
            )
        seen |= inside


def names_over(groups: list[Named]) -> list[str]:
    """One name for each parameter of all groups: its path, after the number of its group where two
    groups have the same path."""
    plain = [name for group in groups for name in group.names]
    if len(set(plain)) == len(plain):
        return plain
    return [f"{i}.{name}" for i, group in enumerate(groups) for name in group.names]


# --- groups in a pure state -----------------------------------------------------------------------
@final
class Places:
    """The number of the group of each leaf, -1 for a leaf that is not trained: a branch of a tree
    without leaves, so that a state that is compiled holds it as structure."""

    def __init__(self, groups: tuple[int, ...]) -> None:
        self.groups: Final = groups

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Places) and self.groups == other.groups

    def __hash__(self) -> int:
        return hash(self.groups)

    def __repr__(self) -> str:
        return f"Places({self.groups})"


pytree.register(Places, lambda places: pytree.Branch([], lambda _: places))


def places_of(tree: Any, leaves: list[Any], groups: list[list[Value]]) -> Places | None:
    """The group of each leaf of a tree, by identity; None where all belong to one group.

    Raises ValueError for the parameters of another model.
    """
    if not any(isinstance(leaf, Value) for leaf in leaves):
        shapes = [getattr(leaf, "shape", ()) for leaf in leaves]
        if len(groups) > 1 or shapes != [p.shape for p in groups[0]]:
            raise ValueError(
                "this optimiser was made from other parameters, or from groups: call init with the "
                "model of Values that it was made from, or make it without parameters"
            )
        return None
    number = {id(p): i for i, group in enumerate(groups) for p in group}
    found = tuple(number.get(id(leaf), -1) for leaf in leaves)
    if len({id(leaf) for leaf in leaves if id(leaf) in number}) < len(number):
        raise ValueError(
            "this optimiser was made from the parameters of another model: make one from this "
            f"model, as in Adam(model), to train {type(tree).__name__}"
        )
    return Places(found) if any(found) else None
