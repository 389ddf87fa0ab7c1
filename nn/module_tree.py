"""A module as a tree: its leaves are its parameters, and it is rebuilt with other leaves."""

from __future__ import annotations

from typing import Any

from autograd import pytree
from autograd.pytree import Branch, Path, attribute_step
from nn.finding import (
    FROZEN,
    PLACES,
    REBINDS,
    Searched,
    attributes,
    find_parameters,
    part_at,
)


def open_module(module: Searched) -> Branch:
    """A module as a branch of a tree: its children are its parameters, each one once."""
    found = find_parameters(module)
    paths = found.paths
    names = tuple(map(pytree.dotted, paths))
    if len(set(names)) < len(names):  # the keys 1 and "1" of one dict
        names = tuple(map(pytree.expression, paths))

    def open_like(other: Any) -> list[Any] | None:
        """Another module, also one that has arrays where the parameters stand here."""
        if not isinstance(other, Searched):
            return None
        if not set(find_parameters(other).paths) <= set(paths):
            return None
        try:
            return [part_at(other, path) for path in paths]
        except (AttributeError, LookupError, TypeError):
            return None

    build = lambda leaves: Rebuild(found.places, leaves).copy(module, (), 0, {})
    return Branch(found.parameters, build, names, lambda: paths, open_like)


class Rebuild:
    """A structural copy of a module with other leaves in place of its parameters: modules and
    containers are new, everything else is the same object."""

    def __init__(self, places: dict[Path, int], leaves: list[Any]) -> None:
        self.places, self.leaves = places, leaves
        self.tokens = [object() for _ in leaves]
        self.copies: dict[int, tuple[Any, Any]] = {}
        """Originals and copies, by the id of the original."""
        self.fixed: dict[int, object] = {}
        """A token for each frozen parameter, by the id of what the original remembers."""

    def copy(self, thing: Any, path: Path, start: int, tokens: dict[Path, object]) -> Any:
        """The copy of what stands at a path; `tokens` are those of the module around it, whose own
        path has the length `start`."""
        place = self.places.get(path)
        if place is not None:
            tokens[path[start:]] = self.tokens[place]
            return self.leaves[place]
        if id(thing) in self.copies:
            return self.copies[id(thing)][1]
        if isinstance(thing, Searched):
            return self.copy_module(thing, path)
        opened = pytree.open_branch(thing)
        if opened is None:
            return thing
        new: Any = type(thing)() if type(thing) in (list, dict) else None
        if new is not None:  # known before it is filled: it may hold itself
            self.copies[id(thing)] = thing, new
        ways = zip(pytree.paths_of(opened), opened.children, strict=True)
        inside = [self.copy(part, path + way, start, tokens) for way, part in ways]
        if new is None:
            new = opened.build(inside)
        elif opened.names is None:
            new.extend(inside)
        else:
            new.update(zip(opened.names, inside, strict=True))
        self.copies[id(thing)] = thing, new
        return new

    def copy_module(self, module: Searched, path: Path) -> Searched:
        """The copy of a module, made without its `__init__`."""
        new = object.__new__(type(module))
        self.copies[id(module)] = module, new
        tokens: dict[Path, object] = {}
        for name, part in attributes(module).items():
            way = path + attribute_step(name)
            object.__setattr__(new, name, self.copy(part, way, len(path), tokens))
        frozen = vars(module).get(FROZEN)
        if frozen:
            known = {way: self.fixed.setdefault(id(v), object()) for way, v in frozen.items()}
            object.__setattr__(new, FROZEN, known)
        if vars(module).get(REBINDS):
            object.__setattr__(new, REBINDS, True)
        if tokens:
            object.__setattr__(new, PLACES, tokens)
        return new
