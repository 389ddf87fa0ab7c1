"""Trees of arguments: tuples, lists, dicts, named tuples, dataclasses and registered classes.

A tree is a leaf or a branch.  `open_branch` is the one place that knows how a branch opens;
everything else here asks it.  `register` adds a class to what it knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

__all__ = [
    *("Branch", "Key", "LEAF", "Leaf", "Path", "Structure"),
    *("attribute_paths", "attribute_step", "children", "dotted", "expression", "flatten"),
    *("leaves_like", "leaves_with_paths", "open_branch", "paths_of", "register"),
    *("same_structure", "tree_map", "unflatten"),
]


class Key(NamedTuple):
    """One step from a branch towards a child, written as Python writes it.

    >>> str(Key("w", attribute=True)), str(Key(0)), str(Key("w"))
    ('.w', '[0]', "['w']")
    """

    name: Any
    attribute: bool = False

    def __str__(self) -> str:
        return f".{self.name}" if self.attribute else f"[{self.name!r}]"


Path = tuple[Key, ...]


class Branch(NamedTuple):
    """A branch of a tree, opened; in the structure of a tree the children are structures.

    children   from left to right
    build      makes a branch of the same kind from a list of new children
    names      of the children, where another tree is matched by name; None where it is by position
    paths      computes the way to each child; by default an item, at its name or position
    open_like  the children of another tree, opened as this one was; None where that tree is to be
               opened in its own way
    """

    children: list[Any]
    build: Callable[[list[Any]], Any]
    names: tuple[Any, ...] | None = None
    paths: Callable[[], list[Path]] | None = None
    open_like: Callable[[Any], list[Any] | None] | None = None


class Leaf:
    """The structure of a leaf."""

    __slots__ = ()


LEAF: Final = Leaf()
Structure = Leaf | Branch
Opener = Callable[[Any], Branch]


# --- how a branch opens -------------------------------------------------------------------------
REGISTERED: Final[dict[type, Opener]] = {}
"""How the instances of registered classes open."""

OPENERS: Final[dict[type, Opener | None]] = {}
"""How the instances of each class met so far open; None for leaves.  It makes leaves cheap."""

OPENERS_LIMIT: Final = 512
"""So many classes are remembered: a program that makes classes in a loop may free them."""


def register(kind: type, opens: Opener) -> None:
    """Make the instances of a class, and of classes derived from it, branches of trees.

    opens  takes an instance and returns how it opens, a `Branch`

    >>> class Interval:
    ...     def __init__(self, low, high):
    ...         self.low, self.high = low, high
    >>> names = ("low", "high")
    >>> register(Interval, lambda i: Branch(
    ...     [i.low, i.high], lambda ends: Interval(*ends), names, attribute_paths(names)))
    >>> doubled = tree_map(lambda x: 2 * x, Interval(1.0, 3.0))
    >>> doubled.low, doubled.high
    (2.0, 6.0)
    """
    REGISTERED[kind] = opens
    OPENERS.clear()


def attribute_paths(names: Sequence[str]) -> Callable[[], list[Path]]:
    """The `paths` of a branch whose children are its attributes of these names."""
    return lambda: list(map(attribute_step, names))


@lru_cache(1024)
def attribute_step(name: str) -> Path:
    """The way to an attribute."""
    return (Key(name, attribute=True),)


@lru_cache(1024)
def item_step(position: int) -> Path:
    """The way to an item of a sequence."""
    return (Key(position),)


def opener_of(kind: type) -> Opener | None:
    """How the instances of a class open; None where they are leaves."""
    try:
        return OPENERS[kind]
    except KeyError:
        if len(OPENERS) >= OPENERS_LIMIT:
            OPENERS.clear()
        return OPENERS.setdefault(kind, find_opener(kind))


def find_opener(kind: type) -> Opener | None:
    """`opener_of`, for a class that was not met before."""
    for base in kind.__mro__:
        if base in REGISTERED:
            return REGISTERED[base]
    if kind is tuple or kind is list:
        return open_sequence
    if issubclass(kind, dict):
        return open_dict
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return open_named_tuple
    return open_dataclass if hasattr(kind, "__dataclass_fields__") else None


def open_sequence(tree: Any) -> Branch:
    """A tuple or a list."""
    return Branch(list(tree), type(tree))


def open_dict(tree: dict[Any, Any]) -> Branch:
    """A dict: its children in the order of its keys' insertion, matched by key."""
    kind: Any = type(tree)
    names = tuple(tree)
    pairs: Callable[[list[Any]], Any] = lambda children: dict(zip(names, children, strict=True))
    if kind is dict:
        return Branch(list(tree.values()), pairs, names)
    first = (tree.default_factory,) if isinstance(tree, defaultdict) else ()
    return Branch(list(tree.values()), lambda children: kind(*first, pairs(children)), names)


def open_named_tuple(tree: Any) -> Branch:
    """A named tuple: matched by position, as a tuple is."""
    kind = type(tree)
    return Branch(list(tree), lambda children: kind(*children), paths=attribute_paths(kind._fields))


def open_dataclass(tree: Any) -> Branch:
    """A dataclass: its children are the fields that are set, matched by name."""
    names = tuple(name for name in tree.__dataclass_fields__ if hasattr(tree, name))

    def build(children: list[Any]) -> Any:
        """`__init__` and its checks are not run."""
        copy = object.__new__(type(tree))
        if hasattr(tree, "__dict__"):
            copy.__dict__.update(tree.__dict__)
        for name, child in zip(names, children, strict=True):
            object.__setattr__(copy, name, child)
        return copy

    return Branch([getattr(tree, name) for name in names], build, names, attribute_paths(names))


def open_branch(tree: Any) -> Branch | None:
    """How a branch opens; None for a leaf."""
    opener = opener_of(type(tree))
    return None if opener is None else opener(tree)


# --- names and paths ----------------------------------------------------------------------------
def children(tree: Any) -> list[tuple[Path, Any]] | None:
    """The children of a branch, each with the way to it; None for a leaf.

    The way is one step, except where a registered class opens several levels at once.

    >>> [(str(*path), child) for path, child in children({"w": 1.0, "b": [2.0]})]
    [("['w']", 1.0), ("['b']", [2.0])]
    """
    opened = open_branch(tree)
    return None if opened is None else list(zip(paths_of(opened), opened.children, strict=True))


def paths_of(opened: Branch) -> list[Path]:
    """The way to each child."""
    if opened.paths is not None:
        return opened.paths()
    if opened.names is None:
        return list(map(item_step, range(len(opened.children))))
    return [(Key(name),) for name in opened.names]


def leaves_with_paths(tree: Any) -> list[tuple[Path, Any]]:
    """The leaves in the order of `flatten`, each with the way to it; () for a tree that is a leaf.

    >>> [(expression(path, "x"), leaf) for path, leaf in leaves_with_paths({"w": (1.0, [2.0])})]
    [("x['w'][0]", 1.0), ("x['w'][1][0]", 2.0)]
    """
    found: list[tuple[Path, Any]] = []

    def visit(path: Path, part: Any) -> None:
        below = children(part)
        if below is None:
            found.append((path, part))
        else:
            for way, child in below:
                visit(path + way, child)

    try:
        visit((), tree)
    except RecursionError as error:
        raise too_deep() from error
    return found


def expression(path: Path, root: str = "") -> str:
    """A path as Python: `x.layers[0].w` for the root `x`."""
    return root + "".join(map(str, path))


def dotted(path: Path) -> str:
    """A path as plain names: `layers.0.w`."""
    return ".".join(str(key.name) for key in path)


# --- flattening and rebuilding ------------------------------------------------------------------
def flatten(tree: Any) -> tuple[list[Any], Structure]:
    """The leaves of a tree from left to right, and what `unflatten` needs to rebuild it.

    Tuples, lists, dicts (in the order of their keys' insertion), named tuples, dataclasses and
    instances of registered classes are branches; everything else, None included, is a leaf.
    Raises ValueError for a tree that is nested too deeply or holds itself.

    >>> leaves, structure = flatten({"w": (1.0, [2.0]), "b": 3.0})
    >>> leaves
    [1.0, 2.0, 3.0]
    >>> unflatten(structure, [10.0, 20.0, 30.0])
    {'w': (10.0, [20.0]), 'b': 30.0}
    """
    if opener_of(type(tree)) is None:
        return [tree], LEAF
    leaves: list[Any] = []
    try:
        return leaves, collect_leaves(tree, leaves)
    except RecursionError as error:
        raise too_deep() from error


def collect_leaves(tree: Any, leaves: list[Any]) -> Structure:
    """The structure of a tree; its leaves are appended to `leaves`."""
    opener = opener_of(type(tree))
    if opener is None:
        leaves.append(tree)
        return LEAF
    if opener is open_sequence:  # most branches: not opened first
        return Branch([collect_leaves(child, leaves) for child in tree], type(tree))
    opened = opener(tree)
    structures: list[Any] = [collect_leaves(child, leaves) for child in opened.children]
    return Branch(structures, *opened[1:])


def too_deep() -> ValueError:
    """The error for a tree that no recursion can follow to its end."""
    return ValueError(
        "the tree is nested too deeply, or holds itself: keep its numbers in a flat list or dict"
    )


def unflatten(structure: Structure, leaves: Sequence[Any]) -> Any:
    """The tree of this structure with these leaves; ValueError where their number differs."""
    if structure is LEAF and len(leaves) == 1:
        return leaves[0]
    rest = iter(leaves)
    try:
        tree = rebuild(structure, rest)
    except RecursionError as error:
        raise too_deep() from error
    if next(rest, LEAF) is not LEAF:
        raise ValueError("more leaves than the tree has places")
    return tree


def rebuild(structure: Structure, leaves: Iterator[Any]) -> Any:
    """One place of a tree, its leaves taken from an iterator."""
    if isinstance(structure, Leaf):
        try:
            return next(leaves)
        except StopIteration:
            raise ValueError("fewer leaves than the tree has places") from None
    return structure.build([rebuild(child, leaves) for child in structure.children])


# --- matching -----------------------------------------------------------------------------------
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
    leaves: list[Any] = []
    try:
        match_leaves(structure, tree, leaves)
    except RecursionError as error:
        raise too_deep() from error
    return leaves


def match_leaves(structure: Structure, tree: Any, leaves: list[Any]) -> None:
    """Append the leaves of a tree, one for each leaf of the structure."""
    if isinstance(structure, Leaf):
        if opener_of(type(tree)) is not None:
            raise ValueError(f"another structure: a {type(tree).__name__} where a leaf belongs")
        leaves.append(tree)
        return
    for place, child in zip(structure.children, matching_children(structure, tree), strict=True):
        match_leaves(place, child, leaves)


def matching_children(structure: Branch, tree: Any) -> list[Any]:
    """The children of a tree in the order of a branch; ValueError where they do not match."""
    if structure.open_like is not None:
        found = structure.open_like(tree)
        if found is not None:
            return found
    opened = open_branch(tree)
    if opened is None:
        raise ValueError(f"another structure: {tree!r} where a branch belongs")
    if structure.names == opened.names and len(opened.children) == len(structure.children):
        return opened.children
    if structure.names is None or opened.names is None:
        raise ValueError(
            f"another structure: {len(opened.children)} of {len(structure.children)} branches"
        )
    if set(opened.names) != set(structure.names):
        raise ValueError(f"another structure: names {opened.names} in place of {structure.names}")
    by_name = dict(zip(opened.names, opened.children, strict=True))
    return [by_name[name] for name in structure.names]


def tree_map(function: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """The tree with `function` applied to its leaves, and to those of others of the same structure.

    >>> tree_map(lambda x, y: x + y, (1, [2]), (10, [20]))
    (11, [22])
    """
    leaves, structure = flatten(tree)
    columns = [leaves, *[leaves_like(structure, other) for other in others]]
    return unflatten(structure, [function(*row) for row in zip(*columns, strict=True)])
