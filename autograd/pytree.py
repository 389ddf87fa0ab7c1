"""Trees of arguments: nested tuples, lists, dicts, named tuples, dataclasses; leaves in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple


class Branch(NamedTuple):
    """An inner place of a tree: how to put its children together again."""

    build: Callable[[list[Any]], Any]
    children: list[Any]
    names: tuple[Any, ...] | None = None
    """The keys of a dict, the fields of a dataclass; None where children have only an order."""


class Leaf:
    """A place of a tree where a leaf stands."""

    __slots__ = ()


LEAF = Leaf()
Structure = Leaf | Branch


def flatten(tree: Any) -> tuple[list[Any], Structure]:
    """The leaves of a tree from left to right, and what `unflatten` needs to rebuild it.

    Tuples, lists, dicts (in the order of their keys' insertion), named tuples and dataclasses are
    branches; everything else, None included, is a leaf.

    >>> leaves, structure = flatten({"w": (1.0, [2.0]), "b": 3.0})
    >>> leaves
    [1.0, 2.0, 3.0]
    >>> unflatten(structure, [10.0, 20.0, 30.0])
    {'w': (10.0, [20.0]), 'b': 30.0}
    """
    leaves: list[Any] = []
    return leaves, describe(tree, leaves)


def describe(tree: Any, leaves: list[Any]) -> Structure:
    """The structure of a tree; its leaves are appended to `leaves`."""
    opened = open_branch(tree)
    if opened is None:
        leaves.append(tree)
        return LEAF
    children, build, names = opened
    return Branch(build, [describe(child, leaves) for child in children], names)


Opened = tuple[list[Any], Callable[[list[Any]], Any], tuple[Any, ...] | None]


def open_branch(tree: Any) -> Opened | None:
    """The children of a branch, how to rebuild it, and their names; None for a leaf."""
    kind = type(tree)
    if kind is tuple or kind is list:
        return list(tree), kind, None
    if isinstance(tree, dict):
        keys = list(tree)
        return list(tree.values()), lambda found: rebuild_dict(kind, keys, found), tuple(keys)
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return list(tree), lambda found: kind(*found), None
    if hasattr(tree, "__dataclass_fields__") and not isinstance(tree, type):
        names = [name for name in tree.__dataclass_fields__ if hasattr(tree, name)]
        children = [getattr(tree, name) for name in names]
        return children, lambda found: rebuild_dataclass(tree, names, found), tuple(names)
    return None


def rebuild_dict(kind: type, keys: list[Any], children: list[Any]) -> Any:
    """A dict of the same class, plain where that class takes other arguments."""
    pairs = dict(zip(keys, children, strict=True))
    return pairs if kind is dict or hasattr(kind, "default_factory") else kind(pairs)


def rebuild_dataclass(original: Any, names: list[str], children: list[Any]) -> Any:
    """A dataclass instance with other field values; `__init__` and its checks are not run."""
    copy = object.__new__(type(original))
    if hasattr(original, "__dict__"):
        copy.__dict__.update(original.__dict__)
    for name, child in zip(names, children, strict=True):
        object.__setattr__(copy, name, child)
    return copy


def unflatten(structure: Structure, leaves: Sequence[Any]) -> Any:
    """The tree of this structure with these leaves; ValueError where their number differs."""
    rest = iter(leaves)
    tree = rebuild(structure, rest)
    if next(rest, LEAF) is not LEAF:
        raise ValueError("more leaves than the tree has places")
    return tree


def rebuild(structure: Structure, leaves: Any) -> Any:
    """One place of a tree, its leaves taken from an iterator."""
    if isinstance(structure, Leaf):
        try:
            return next(leaves)
        except StopIteration:
            raise ValueError("fewer leaves than the tree has places") from None
    return structure.build([rebuild(child, leaves) for child in structure.children])


def same_structure(a: Structure, b: Structure) -> bool:
    """True where two trees have the same shape and names, in the same order (a tuple counts as a
    list, a dataclass as a dict)."""
    if isinstance(a, Leaf) or isinstance(b, Leaf):
        return isinstance(a, Leaf) and isinstance(b, Leaf)
    if a.names != b.names or len(a.children) != len(b.children):
        return False
    return all(map(same_structure, a.children, b.children))


def leaves_like(structure: Structure, tree: Any) -> list[Any]:
    """The leaves of a tree in the order of a structure: what has names is matched by name, whatever
    the order of the keys.  Raises ValueError where the tree has another structure.

    >>> leaves_like(flatten({"w": 1.0, "b": 2.0})[1], {"b": 20.0, "w": 10.0})
    [10.0, 20.0]
    """
    opened = open_branch(tree)
    if isinstance(structure, Leaf):
        if opened is not None:
            raise ValueError(f"another structure: a {type(tree).__name__} where a leaf belongs")
        return [tree]
    if opened is None:
        raise ValueError(f"another structure: {tree!r} where a branch belongs")
    children, _, names = opened
    if structure.names is not None and names is not None:
        if set(names) != set(structure.names):
            raise ValueError(f"another structure: names {names} in place of {structure.names}")
        children = [children[names.index(name)] for name in structure.names]
    elif (
        structure.names is not None or names is not None or len(children) != len(structure.children)
    ):
        raise ValueError(
            f"another structure: {len(children)} of {len(structure.children)} branches"
        )
    pairs = zip(structure.children, children, strict=True)
    return [leaf for place, child in pairs for leaf in leaves_like(place, child)]


def tree_map(function: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """The tree with `function` applied to its leaves, and to those of others of the same structure.

    >>> tree_map(lambda x, y: x + y, (1, [2]), (10, [20]))
    (11, [22])
    """
    leaves, structure = flatten(tree)
    columns = [leaves, *[leaves_like(structure, other) for other in others]]
    return unflatten(structure, [function(*row) for row in zip(*columns, strict=True)])
