"""The state of a module as a flat dict, and parameters that are frozen."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any

import numpy as np

from autograd import Value, pytree
from autograd.pytree import Path, attribute_step
from nn.checks import computed
from nn.finding import (
    FROZEN,
    PLACES,
    REBINDS,
    Searched,
    find_parameters,
    named_modules,
    part_at,
    set_at,
)

State = dict[str, Any]


def entries_of(x: Any) -> Any:
    """The entries of an array on a device or of a lazy one; anything else as it is."""
    if hasattr(x, "__cuda_array_interface__"):
        return x.get()
    return computed(x)


def frozen_places(root: Any) -> list[tuple[Path, Searched, Path, Any]]:
    """Where frozen parameters stand: the path, the module around it, the path from there, and what
    that module remembers."""
    return [
        (path + way, module, way, known)
        for path, module in named_modules(root)
        for way, known in vars(module).get(FROZEN, {}).items()
    ]


def frozen_paths(root: Any) -> list[Path]:
    """Where frozen parameters stand, each tied one once."""
    found: dict[int, Path] = {}
    for path, _, _, known in frozen_places(root):
        found.setdefault(id(known), path)
    return list(found.values())


def buffer_paths(root: Any) -> list[Path]:
    """Where the buffers of all modules stand: those that are not None."""
    return [
        path + attribute_step(name)
        for path, module in named_modules(root)
        for name in module.buffer_names
        if getattr(module, name) is not None
    ]


def state_paths(root: Any) -> dict[str, Path]:
    """The paths to all that is state: parameters, also frozen ones, and buffers."""
    paths = [*find_parameters(root).paths, *frozen_paths(root), *buffer_paths(root)]
    return {pytree.dotted(path): path for path in paths}


def data_of(leaf: Any) -> Any:
    """The numbers of a parameter or buffer."""
    return leaf.data if isinstance(leaf, Value) else leaf


def state_dict(root: Any) -> State:
    """Copies of all parameters and buffers, by path."""
    found = {}
    for name, path in state_paths(root).items():
        data = data_of(part_at(root, path))
        found[name] = data.copy() if hasattr(data, "copy") else data
    return found


def load_state(root: Any, state: Mapping[str, Any], strict: bool = True) -> None:
    """Put a state into a module; nothing is written unless all of it fits."""
    if not isinstance(state, Mapping):
        raise TypeError(f"a state is a dict of path -> array, got {type(state).__name__}")
    paths = state_paths(root)
    if strict:
        check_keys(root, state, paths)
    shared = [name for name in paths if name in state]
    fitting = {name: fit(name, part_at(root, paths[name]), state[name]) for name in shared}
    ties = ties_of(root)
    for name, new in fitting.items():
        path = paths[name]
        for place in ties.get(path, [path]):
            write(root, place, new)


def check_keys(root: Any, state: Mapping[str, Any], paths: Mapping[str, Any]) -> None:
    """StateError where the state lacks a key or has one more."""
    unknown = [str(key) for key in state if key not in paths]
    missing = [key for key in paths if key not in state]
    if not (unknown or missing):
        return
    kind = type(root).__name__
    lines = [f"the state does not fit this {kind}:"]
    for key in unknown[:10]:
        close = get_close_matches(key, missing, 1)
        lines.append(f"  unknown key {key!r}" + (f": is it {close[0]!r}?" if close else ""))
    lines += [f"  missing key {key!r}" for key in missing[:10]]
    rest = max(0, len(unknown) - 10) + max(0, len(missing) - 10)
    lines += [f"  and {rest} more"] if rest else []
    lines.append("load_state_dict(state, strict=False) takes the keys that both have")
    if any(key.rpartition(".")[2] in ("weight", "in_proj_weight") for key in unknown):
        lines.append("a state of PyTorch is translated by nn.from_torch(model, state)")
    raise StateError("\n".join(lines))


class StateError(ValueError, KeyError):
    """A state that does not fit a module: another key, or another shape."""

    __str__ = ValueError.__str__  # a KeyError would show its repr


def fit(name: str, leaf: Any, new: Any) -> Any:
    """The new numbers for a leaf, in its dtype; StateError or TypeError where they do not fit."""
    old = data_of(leaf)
    new = entries_of(data_of(new))
    new = new if isinstance(new, np.ndarray) else np.asarray(new)
    shape = getattr(old, "shape", ())
    dtype = old.dtype if hasattr(old, "dtype") else np.asarray(old).dtype
    if new.shape != shape:
        raise StateError(f"{name} has shape {shape}, the state has {new.shape}")
    if not np.can_cast(new.dtype, dtype, "same_kind"):
        raise TypeError(f"{name} has dtype {dtype}, the state has {new.dtype}")
    return new.astype(dtype)


def ties_of(root: Any) -> dict[Path, list[Path]]:
    """All places of each parameter, by its first."""
    found = find_parameters(root)
    ties: dict[Path, list[Path]] = {}
    for path, number in found.places.items():
        ties.setdefault(found.paths[number], []).append(path)
    first: dict[int, Path] = {}
    for path, _, _, known in frozen_places(root):
        ties.setdefault(first.setdefault(id(known), path), []).append(path)
    return ties


def write(root: Any, path: Path, new: Any) -> None:
    """Write numbers into a leaf: arrays in place, so that whoever holds them sees the change."""
    leaf = part_at(root, path)
    old = data_of(leaf)
    if type(old) is np.ndarray and old.flags.writeable:
        old[...] = new
        return
    if isinstance(old, np.ndarray):
        made: Any = new
    elif hasattr(old, "__array_function__"):
        library = importlib.import_module(type(old).__module__.partition(".")[0])
        made = library.asarray(new)
    else:
        made = type(old)(new[()])
    if isinstance(leaf, Value):
        leaf.data = made
    else:
        set_at(root, path, made)


# --- copies for pure functions --------------------------------------------------------------------
def copy_with(root: Any, buffers: Mapping[str, Any] | None, seed: Any) -> Any:
    """A copy of a module with the same parameters, other buffers and another source of random
    numbers."""
    leaves, structure = pytree.flatten(root)
    copied = pytree.unflatten(structure, leaves)
    modules = [module for _, module in named_modules(copied)]
    if seed is not None:
        source = np.random.default_rng(seed)
        for module in modules:
            if module.draws:
                object.__setattr__(module, "source", source)
    if buffers is not None:
        paths = {pytree.dotted(path): path for path in buffer_paths(copied)}
        if set(buffers) != set(paths):
            raise StateError(
                f"the buffers of this {type(root).__name__} are {list(paths)}, given are "
                f"{list(buffers)}"
            )
        for name, path in paths.items():
            set_at(copied, path, buffers[name])
        for module in modules:
            object.__setattr__(module, REBINDS, True)
    return copied


# --- freezing -------------------------------------------------------------------------------------
def matching(names: Iterable[str], patterns: tuple[str, ...], what: str) -> set[str]:
    """The names that match a pattern, or stand below one; ValueError for one that none matches."""
    names = list(names)
    found: set[str] = set()
    for pattern in patterns or ("*",):
        mine = {n for n in names if fnmatchcase(n, pattern) or fnmatchcase(n, f"{pattern}.*")}
        if not mine and patterns:
            close = get_close_matches(pattern, names, 3, 0.0)
            raise ValueError(f"no {what} parameter matches {pattern!r}: there are {close} ...")
        found |= mine
    return found


def freeze(root: Any, patterns: tuple[str, ...]) -> None:
    """Put plain arrays in place of parameters, at every place where they stand."""
    found = find_parameters(root)
    names = [pytree.dotted(path) for path in found.paths]
    chosen = matching(names, patterns, "trained")
    numbers = {i for i, name in enumerate(names) if name in chosen}
    for i in numbers:
        if not isinstance(found.parameters[i], Value):
            raise TypeError("freeze takes a model whose parameters are Values, not arrays")
    owners = dict(named_modules(root))
    for path, number in found.places.items():
        if number not in numbers:
            continue
        p = found.parameters[number]
        cut = max(k for k in range(len(path)) if path[:k] in owners)
        owner, way = owners[path[:cut]], path[cut:]
        p.zero_grad()  # an optimiser that was made before would step along it for ever
        set_at(owner, way, p.data)
        remember(owner, FROZEN)[way] = p
        vars(owner).get(PLACES, {}).pop(way, None)


def remember(module: Searched, name: str) -> dict[Path, Any]:
    """The dict that a module keeps under a name."""
    if name not in vars(module):
        object.__setattr__(module, name, {})
    found: dict[Path, Any] = vars(module)[name]
    return found


def unfreeze(root: Any, patterns: tuple[str, ...]) -> None:
    """Put the Values back, with the numbers that stand there now."""
    places = frozen_places(root)
    names = [pytree.dotted(path) for path, _, _, _ in places]
    chosen = matching(names, patterns, "frozen")
    made: dict[int, Value] = {}
    for name, (_, module, way, known) in zip(names, places, strict=True):
        if name not in chosen:
            continue
        data = part_at(module, way)
        p = made.setdefault(id(known), known if isinstance(known, Value) else Value(data))
        p.data = data
        set_at(module, way, p)
        del vars(module)[FROZEN][way]
