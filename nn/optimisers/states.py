"""Options, counts and arrays of an optimiser as entries of a flat dict, and back, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np

from autograd import pytree
from nn.optimisers.schedules import Schedule

NOTHING = object()


def flat_state(state: Any) -> dict[str, Any]:
    """The pure state of an optimiser (or another tree) as a flat dict of path -> leaf, to be saved.

    >>> flat_state({"count": 2.0, "slots": [{"m": 0.5}]})
    {'count': 2.0, 'slots.0.m': 0.5}
    """
    return {pytree.dotted(path): leaf for path, leaf in pytree.leaves_with_paths(state)}


def restored_state(like: Any, flat: Mapping[str, Any]) -> Any:
    """A tree of the structure of another one, such as `optimiser.init(parameters)`, with the leaves
    of a `flat_state`.

    Raises ValueError for a name that is missing or unknown, and for another shape or dtype.

    >>> restored_state({"count": 0.0, "slots": [{"m": 0.0}]}, {"count": 2.0, "slots.0.m": 0.5})
    {'count': 2.0, 'slots': [{'m': 0.5}]}
    """
    given = dict(flat)
    _, structure = pytree.flatten(like)
    paths = pytree.leaves_with_paths(like)
    leaves = [take_array(given, pytree.dotted(path), leaf) for path, leaf in paths]
    if given:
        raise ValueError(f"the state has what is unknown here: {', '.join(sorted(given))}")
    return pytree.unflatten(structure, leaves)


def options_of(options: dict[str, Any], prefix: str) -> dict[str, Any]:
    """Options as numbers: a pair of them by position, a schedule by its name and its fields; a
    function of the user's own is not kept."""
    found: dict[str, Any] = {}
    for name, setting in options.items():
        path = f"{prefix}.{name}"
        if isinstance(setting, Schedule):
            found[f"{path}.schedule"] = type(setting).__name__
            found |= options_of(inside(setting), path)
        elif isinstance(setting, tuple):
            found |= {f"{path}.{i}": part for i, part in enumerate(setting)}
        elif not callable(setting):
            found[path] = setting
    return found


def load_options(options: dict[str, Any], given: dict[str, Any], prefix: str) -> dict[str, Any]:
    """The same options with the numbers of a saved state, which are taken out of it."""
    found: dict[str, Any] = {}
    for name, setting in options.items():
        path = f"{prefix}.{name}"
        if isinstance(setting, Schedule):
            kind = given.pop(f"{path}.schedule", None)
            if kind != type(setting).__name__:
                raise ValueError(
                    f"{path} is a {type(setting).__name__} here, in the state it is {kind!r}"
                )
            found[name] = replace(setting, **load_options(inside(setting), given, path))  # type: ignore[type-var]
        elif isinstance(setting, tuple):
            found[name] = tuple(
                take_number(given, f"{path}.{i}", part) for i, part in enumerate(setting)
            )
        elif callable(setting):
            found[name] = setting
        else:
            found[name] = take_number(given, path, setting)
    return found


def inside(schedule: Any) -> dict[str, Any]:
    """The fields of a schedule."""
    return {field.name: getattr(schedule, field.name) for field in fields(schedule)}


def take_number(given: dict[str, Any], path: str, like: Any) -> Any:
    """A number of a state, in the type that it has here."""
    x = given.pop(path, NOTHING)
    if x is NOTHING:
        raise ValueError(f"the state has no {path}")
    if np.shape(x) != () or isinstance(x, str):
        raise ValueError(f"the state has {x!r} for {path}, a number is needed")
    return type(like)(x)


def take_count(given: dict[str, Any], path: str, default: int | None = None) -> int:
    """A number of steps of a state."""
    x = given.pop(path, default)
    if x is None:
        raise ValueError(f"the state has no {path}")
    if np.shape(x) != () or not float(x).is_integer() or x < 0:
        raise ValueError(f"{path} is a number of steps, the state has {x!r}")
    return int(x)


def take_array(given: dict[str, Any], path: str, like: Any) -> Any:
    """An array (or a number) of a state, copied, in the shape and dtype that it has here."""
    x = given.pop(path, NOTHING)
    if x is NOTHING:
        raise ValueError(f"the state has no {path}: was it saved with other options or parameters?")
    if np.shape(x) != np.shape(like):
        raise ValueError(f"{path} has shape {np.shape(x)} in the state, {np.shape(like)} is needed")
    if isinstance(like, float | complex | np.generic):
        return type(like)(x)
    if np.asarray(x).dtype != like.dtype:
        raise ValueError(f"{path} has dtype {np.asarray(x).dtype} in the state, not {like.dtype}")
    return np.array(x)
