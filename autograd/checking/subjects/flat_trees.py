"""Between trees of arguments or outputs and the one flat real vector that is checked.

Floating-point leaves are checked; integers, bools, strings and other leaves are constants. A
complex leaf takes two places an entry, its real and its imaginary part.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import pytree
from autograd.checking.numeric.probe import Floats
from autograd.engine.cotangents import unwrap


@dataclass(frozen=True)
class Place:
    """One checked leaf: its name, the argument it belongs to, and its part of the vector."""

    name: str
    argument: int
    leaf: int
    shape: tuple[int, ...]
    start: int
    stop: int
    number: bool
    is_complex: bool
    dtype: np.dtype[Any]

    @property
    def size(self) -> int:
        """How many real numbers the leaf has."""
        return self.stop - self.start

    @property
    def low(self) -> bool:
        """Whether the leaf was given in float32 or less."""
        return self.dtype.itemsize < (16 if self.is_complex else 8)

    def take(self, flat: Floats, copy: bool = False) -> Any:
        """The leaf out of a flat vector: a view, or a number where a number was given."""
        part = flat[self.start : self.stop]
        if self.number:
            return complex(*part) if self.is_complex else float(part[0])
        if copy:
            part = part.copy()
        return (part.view(np.complex128) if self.is_complex else part).reshape(self.shape)

    def index(self, entry: int) -> str:
        """The name of one entry of the leaf, such as `x[2, 0]`."""
        local = (entry - self.start) // 2 if self.is_complex else entry - self.start
        part = (".real", ".imag")[(entry - self.start) % 2] if self.is_complex else ""
        if not self.shape:
            return f"{self.name}{part}"
        where = ", ".join(str(int(k)) for k in np.unravel_index(local, self.shape))
        return f"{self.name}[{where}]{part}"


class FlatTrees:
    """The flat form of a tuple of trees; `x` are its floats in float64, in order."""

    def __init__(self, trees: Sequence[Any], names: Sequence[str]) -> None:
        self.leaves: list[Any] = []
        self.structures: list[pytree.Structure] = []
        self.places: list[Place] = []
        parts: list[Floats] = []
        end = 0
        for argument, (tree, name) in enumerate(zip(trees, names, strict=True)):
            found, structure = pytree.flatten(as_array(tree))
            self.structures.append(structure)
            for label, leaf in zip(leaf_names(as_array(tree), name), found, strict=True):
                plain = unwrap(leaf)
                kind = np.asarray(plain).dtype.kind if is_numeric(plain) else ""
                if kind in ("f", "c"):
                    part = to_floats(plain)
                    place = Place(
                        label,
                        argument,
                        len(self.leaves),
                        np.shape(plain),
                        end,
                        end + part.size,
                        type(plain) in (float, complex),
                        kind == "c",
                        np.asarray(plain).dtype,
                    )
                    self.places.append(place)
                    parts.append(part)
                    end += part.size
                self.leaves.append(plain)
        self.x = np.concatenate(parts) if parts else np.empty(0)
        bare = all(isinstance(structure, pytree.Leaf) for structure in self.structures)
        self.bare = bare and len(self.places) == len(self.structures)

    def fill(self, new: Sequence[Any]) -> tuple[Any, ...]:
        """The trees with other leaves at the places that are checked."""
        if self.bare:
            return tuple(new)
        leaves = list(self.leaves)
        for place, leaf in zip(self.places, new, strict=True):
            leaves[place.leaf] = leaf
        trees, at = [], 0
        for structure in self.structures:
            count = count_leaves(structure)
            trees.append(pytree.unflatten(structure, leaves[at : at + count]))
            at += count
        return tuple(trees)

    def trees(self, flat: Floats, copy: bool = False) -> tuple[Any, ...]:
        """The arguments at a point of the flat space."""
        return self.fill([place.take(flat, copy) for place in self.places])

    def rounding(self) -> Floats:
        """The unit of the dtype of every entry, (n,); 0 for float64 and better."""
        units = np.zeros(self.x.size)
        for place in self.places:
            if place.low:
                units[place.start : place.stop] = float(np.finfo(place.dtype).eps)
        return units

    def scales(self) -> Floats:
        """A natural size of step for every entry, (n,): its own size, or that of its array."""
        scales = np.abs(self.x)
        for place in self.places:
            part = scales[place.start : place.stop]
            moving = part[(part > 0) & np.isfinite(part)]
            typical = float(np.median(moving)) if moving.size else 1.0
            part[~np.isfinite(part)] = typical
            np.maximum(part, typical, out=part)
        return scales


def to_floats(leaf: Any) -> Floats:
    """A leaf as a flat float64 vector of its own."""
    data = np.asarray(leaf)
    if data.dtype.kind == "c":
        return np.array(data, dtype=np.complex128).ravel().view(np.float64)
    return np.array(data, dtype=np.float64).ravel()


def is_numeric(leaf: Any) -> bool:
    """Whether a leaf is a number or an array of numbers."""
    return isinstance(leaf, bool | int | float | complex | np.generic | np.ndarray)


def as_array(tree: Any) -> Any:
    """A list of plain floats becomes an array; any other tree stays as it is."""
    if type(tree) is list and tree and all_numbers(tree):
        array = np.array(tree)
        return array.astype(np.float64) if array.dtype.kind in "iub" else array
    return tree


def all_numbers(items: list[Any]) -> bool:
    """Whether a nested list is rectangular and holds nothing but Python numbers."""
    if all(type(item) in (int, float, complex) for item in items):
        return True
    nested = all(type(item) is list and item and all_numbers(item) for item in items)
    return nested and len({len(item) for item in items}) == 1


def count_leaves(structure: pytree.Structure) -> int:
    """How many leaves a tree has."""
    if isinstance(structure, pytree.Leaf):
        return 1
    return sum(count_leaves(child) for child in structure.children)


def leaves_by_key(structure: pytree.Structure, tree: Any) -> list[Any]:
    """The leaves of another tree in the order of a structure: dicts are matched by key.

    None where the other tree has nothing; ValueError for a key that the structure has not.
    """
    if isinstance(structure, pytree.Leaf):
        return [tree]
    if tree is None:
        return [None] * count_leaves(structure)
    if isinstance(tree, dict) and structure.names is not None:
        unknown = [name for name in tree if name not in structure.names]
        if unknown:
            raise ValueError(
                f"the gradient has the key {unknown[0]!r}, which the input has not: its keys are "
                f"{list(structure.names)}"
            )
        pairs = zip(structure.names, structure.children, strict=True)
        return [leaf for name, child in pairs for leaf in leaves_by_key(child, tree.get(name))]
    if isinstance(tree, tuple | list) and len(tree) == len(structure.children):
        parts = zip(structure.children, tree, strict=True)
        return [leaf for child, part in parts for leaf in leaves_by_key(child, part)]
    return pytree.flatten(tree)[0]


def leaf_names(tree: Any, name: str) -> list[str]:
    """A Python expression for every leaf, in the order of `pytree.flatten`."""
    return [pytree.expression(path, name) for path, _ in pytree.leaves_with_paths(tree)]


def argument_names(f: Callable[..., Any], count: int) -> list[str]:
    """The names of the positional arguments of a function, `x0, x1, ...` where it has none."""
    names: list[str] = []
    try:
        for name, p in inspect.signature(f).parameters.items():
            if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD):
                names.append(name)
    except (TypeError, ValueError):
        pass
    if len(names) < count:
        names += [f"x{k}" for k in range(len(names), count)] if count > 1 or names else ["x"]
    return names[:count]
