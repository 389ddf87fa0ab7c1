"""What nodes depend on, in the order in which walks pass them: a sort by serial."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from autograd.engine.node import MANY, Node, by_serial


class Ancestors(NamedTuple):
    """What some roots depend on, from a serial on."""

    computed: list[Any]
    """The nodes that operations made, newest first."""
    leaves: set[Any]
    met_older: bool
    """Whether older Values were met: to a walk from that serial on they are constants."""


def find_ancestors(roots: Iterable[Any], start: int = 0) -> Ancestors:
    """The nodes of serial `start` and newer that the roots depend on, the roots included."""
    computed: list[Any] = []
    leaves: set[Any] = set()
    seen: set[Any] = set()
    met_older = False
    groups: list[Iterable[Any]] = [roots]
    for group in groups:  # grows while it is walked, by the inputs of each computed node
        for x in group:
            if isinstance(x, Node):
                if x.serial < start:
                    met_older = True
                elif x.op is None:
                    leaves.add(x)
                elif x not in seen:
                    seen.add(x)
                    computed.append(x)
                    groups.append(x._first if x._second is MANY else (x._first, x._second))
    computed.sort(key=by_serial, reverse=True)
    return Ancestors(computed, leaves, met_older)


def computed_ancestors(roots: Iterable[Any], start: int = 0) -> list[Any]:
    """The nodes that operations made, of serial `start` and newer, newest first."""
    return find_ancestors(roots, start).computed


def ancestors(roots: Iterable[Any]) -> list[Any]:
    """All nodes that the roots depend on, leaves and the roots included, newest first."""
    found = find_ancestors(roots)
    return sorted([*found.computed, *found.leaves], key=by_serial, reverse=True)


def dependents(order: Sequence[Any], variables: Iterable[Any]) -> tuple[list[Any], set[Any]]:
    """Of the nodes in `order` (newest first), those that depend on a variable; and the set of these
    and the variables."""
    active = set(variables)
    inner = []
    for v in reversed(order):
        if v not in active:
            for x in v.inputs:
                if isinstance(x, Node) and x in active:
                    active.add(v)
                    inner.append(v)
                    break
    inner.reverse()
    return inner, active
