"""Which numbers are computed together, and in which order.

Numbers of one function that do not depend on each other are one array operation.  What is left
narrow, as a recurrence is, is cheaper as plain lines of Python: these are gathered into passages as
long as possible, since moving numbers between arrays and Python costs more than computing them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final, NamedTuple

from autograd.compilation.number_graph import SUM, NumberGraph

NARROW: Final = 16
"""So few numbers of one function and depth are cheaper one by one: an array operation with its
gathers costs 2 to 3 us, a plain line with its share of loads and stores 0.15 us."""


class Group(NamedTuple):
    """Numbers that are computed by one array operation.

    code   their function; SUM for a sum of several terms
    kinds  the classes of their operands, where these matter
    """

    code: Any
    kinds: tuple[type, ...]
    places: list[int]


class Lines(NamedTuple):
    """Numbers that are computed one by one, in this order."""

    places: list[int]


def schedule(graph: NumberGraph, kinds_matter: Any) -> list[Group | Lines]:
    """The groups and passages, in order.

    kinds_matter  tells of a code whether the classes of its operands do"""
    keys = keys_of(graph, kinds_matter)
    narrow = find_narrow(graph, keys)
    all_args = graph.args
    times: dict[int, tuple[int, int]] = {}  # phase, even for passages, and depth in the phase
    outside = (-1, 0)
    lines: dict[int, list[int]] = defaultdict(list)
    groups: dict[Any, list[int]] = defaultdict(list)
    for place, key in keys.items():
        if key is None:
            times[place] = outside
            continue
        parity = 0 if place in narrow else 1
        latest = (parity, 0)
        for a in all_args[place]:
            if a >= 0:
                found = times[a]
                if found >= latest:  # else known long before
                    latest = found if found[0] % 2 == parity else (found[0] + 1, 0)
        phase, depth = latest
        times[place] = phase, depth + 1
        if parity:
            groups[phase, depth, key].append(place)
        else:
            lines[phase].append(place)
    ordered: list[tuple[int, int, Any]] = [(n, 0, Lines(found)) for n, found in lines.items()]
    for (phase, depth, key), members in groups.items():
        code, kinds = key[0], key[1:]
        ordered.append((phase, depth, Group(code, kinds if code is not SUM else (), members)))
    ordered.sort(key=lambda entry: entry[:2])
    return [part for _, _, part in ordered]


def keys_of(graph: NumberGraph, kinds_matter: Any) -> dict[int, Any]:
    """What numbers must share to be computed together: the function, and the classes of operands
    where they matter; for sums how many terms they have, to the next power of two.  None for a
    number from outside."""
    kinds = graph.kinds
    keys: dict[int, Any] = {}
    common: dict[Any, Any] = {None: None}
    for place, code in graph.codes.items():
        if code is SUM:
            keys[place] = (SUM, (len(graph.args[place]) - 1).bit_length())
            continue
        if code not in common:
            common[code] = () if kinds_matter(code) else (code,)
        key = common[code]
        if key == ():
            key = (code, *[float if a < 0 else kinds[a] for a in graph.args[place]])
        keys[place] = key
    return keys


def find_narrow(graph: NumberGraph, keys: dict[int, Any]) -> set[int]:
    """The numbers with which few others can be computed."""
    depths: dict[int, int] = {}
    groups: dict[Any, list[int]] = defaultdict(list)
    all_args = graph.args
    for place, key in keys.items():
        depth = 0
        for a in all_args[place]:
            if a >= 0 and depths[a] > depth:
                depth = depths[a]
        depths[place] = depth + 1
        if key is not None:
            groups[depth, key].append(place)
    narrow: set[int] = set()
    for (_, key), found in groups.items():
        work = len(found) if key[0] is not SUM else sum(len(all_args[p]) - 1 for p in found)
        if work < NARROW:
            narrow.update(found)
    return narrow
