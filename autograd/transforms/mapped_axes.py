"""Which axis of each argument `vmap` maps over, and how many examples there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd import pytree
from autograd.engine.arrays import shape_of
from autograd.engine.cotangents import unwrap

GENERATORS = np.random.Generator | np.random.RandomState


def check_axes(axes: Any, name: str) -> None:
    """TypeError where a leaf of `in_axes` or `out_axes` is neither an integer nor None."""
    for axis in pytree.flatten(axes)[0]:
        if axis is not None and (isinstance(axis, bool) or not isinstance(axis, int | np.integer)):
            raise TypeError(f"vmap: {name} holds integers and None, got {axis!r}")


def axes_of_arguments(in_axes: Any, structure: Any, leaves: Sequence[Any]) -> list[Any]:
    """The axis of each leaf of the arguments, None for what is not mapped; `structure` is that of
    the positional arguments and the keyword arguments."""
    positional, _ = structure.children
    if isinstance(in_axes, int | np.integer):
        axes: list[Any] = [in_axes] * count_leaves(positional)
    else:
        if len(in_axes) != len(positional.children):
            raise ValueError(
                f"vmap: in_axes has {len(in_axes)} entries for {len(positional.children)} "
                "positional arguments"
            )
        axes = []
        for i, (axis, part) in enumerate(zip(in_axes, positional.children, strict=True)):
            axes += prefix_leaves(axis, part, f"in_axes[{i}]")
    axes = [None if x is None else axis for axis, x in zip(axes, leaves, strict=False)]
    for x in leaves[len(axes) :]:
        mapped = shape_of(unwrap(x)) or isinstance(x, GENERATORS)
        axes.append(0 if mapped else None)
    return axes


def prefix_leaves(axes: Any, structure: Any, name: str) -> list[Any]:
    """The leaves of a tree of axes, one for each leaf of a structure of which it is the upper part:
    an axis stands for all leaves below its place."""
    if pytree.open_branch(axes) is None:
        return [axes] * count_leaves(structure)
    if structure is pytree.LEAF:
        raise ValueError(f"vmap: {name} is {axes!r} where one array or number belongs to it")
    try:
        children = pytree.matching_children(structure, axes)
    except ValueError as error:
        raise ValueError(
            f"vmap: {name} {axes!r} does not fit what it belongs to: {error}"
        ) from error
    if len(children) != len(structure.children):
        raise ValueError(
            f"vmap: {name} has {len(children)} entries where {len(structure.children)} belong"
        )
    return [
        axis
        for child, part in zip(children, structure.children, strict=True)
        for axis in prefix_leaves(child, part, name)
    ]


def count_leaves(structure: Any) -> int:
    """How many leaves a structure has."""
    return 1 if structure is pytree.LEAF else sum(map(count_leaves, structure.children))


def size_of_batch(leaves: Sequence[Any], axes: list[Any], args: Any, kwargs: Any) -> int:
    """The number of examples, ValueError where the arguments differ in it; the axes are counted
    from the front afterwards."""
    sizes = set()
    for i, (x, axis) in enumerate(zip(leaves, axes, strict=True)):
        if axis is not None:
            shape = shape_of_mapped(x, i, args, kwargs)
            if not -len(shape) <= axis < len(shape):
                raise ValueError(
                    f"vmap: axis {axis} of {names_of(args, kwargs)[i]} does not exist, its shape "
                    f"is {shape}: give in_axes None for what all examples share"
                )
            axes[i] = int(axis) % len(shape)
            sizes.add(shape[axes[i]])
    if not sizes:
        raise ValueError("vmap: no argument is mapped: give one of them an axis in in_axes")
    if len(sizes) > 1:
        found = ", ".join(
            f"{name} has {shape_of(unwrap(x))[axis]}"
            for name, x, axis in zip(names_of(args, kwargs), leaves, axes, strict=True)
            if axis is not None
        )
        raise ValueError(f"vmap: the mapped axes differ in length: {found}")
    return int(sizes.pop())


def shape_of_mapped(x: Any, place: int, args: Any, kwargs: Any) -> tuple[int, ...]:
    """The shape of an argument that is to be mapped; TypeError for what has none."""
    plain = unwrap(x)
    if isinstance(plain, GENERATORS):
        raise TypeError(
            f"vmap: {names_of(args, kwargs)[place]} is a random generator, which is no array of "
            "examples: draw the numbers outside and map over them; to share one draw among all "
            "examples, give it in_axes None, or bind it with functools.partial"
        )
    if not isinstance(plain, int | float | complex | np.generic) and not hasattr(plain, "shape"):
        raise TypeError(
            f"vmap: {names_of(args, kwargs)[place]} is a {type(plain).__name__}, which cannot be "
            "mapped: give in_axes None for it"
        )
    return shape_of(plain)


def names_of(args: Any, kwargs: Any) -> list[str]:
    """The leaves of the arguments as one writes them."""
    paths = [(path, "args") for path, _ in pytree.leaves_with_paths(args)]
    paths += [(path, "kwargs") for path, _ in pytree.leaves_with_paths(kwargs)]
    return [pytree.expression(path, root) for path, root in paths]
