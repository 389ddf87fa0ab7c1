"""Finding nodes by what the user calls them, and cutting a part out of a snapshot."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace

from autograd.engine.node import Node
from autograd.views.snapshot import Snapshot
from autograd.views.summary import bare


def find(snapshot: Snapshot, name: str | int | Node, serials: bool = False) -> int:
    """The node with that name, number or Value; KeyError with the nearest names else.

    With `serials` a number is first read as the `serial` of a Value.
    """
    if not isinstance(name, str | int):
        for i, v in enumerate(snapshot.values):
            if id(v) == id(name):
                return i
        raise KeyError("this Value is not part of the graph")
    if isinstance(name, int):
        for i, v in enumerate(snapshot.values if serials else ()):
            if v.serial == name:
                return i
        if 0 <= name < len(snapshot.nodes):
            return name
        raise KeyError(f"the graph has nodes 0 to {len(snapshot.nodes) - 1}, not {name}")
    for node in snapshot.nodes:
        if name in (node.name, bare(node.name), f"#{node.id}"):
            return node.id
    near = difflib.get_close_matches(name, [bare(n.name) for n in snapshot.nodes[:5000]], 3, 0.4)
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    raise KeyError(f"no node is named {name!r}{hint}")


def near(snapshot: Snapshot, node: int, radius: int, most: int) -> list[int]:
    """Nodes within `radius` edges of one, in either direction, at most `most` of them."""
    seen, ring = {node}, [node]
    for _ in range(radius):
        ends = [snapshot.edges[e].source for i in ring for e in snapshot.inputs_of[i]]
        ends += [snapshot.edges[e].target for i in ring for e in snapshot.users_of[i]]
        ring = [i for i in dict.fromkeys(ends) if i not in seen][: most - len(seen)]
        seen.update(ring)
    return sorted(seen)


def part(snapshot: Snapshot, chosen: Sequence[int]) -> Snapshot:
    """The snapshot restricted to some nodes, which keep their names."""
    place = {old: new for new, old in enumerate(chosen)}
    nodes = [replace(snapshot.nodes[old], id=place[old]) for old in chosen]
    edges = [
        e.between(place[e.source], place[e.target])
        for e in snapshot.edges
        if e.source in place and e.target in place
    ]
    used = {e.source for e in edges}
    roots = [i for i in range(len(nodes)) if i not in used][::-1]
    notes = {place[i]: text for i, text in snapshot.notes.items() if i in place}
    values = [snapshot.values[i] for i in chosen]
    return Snapshot(nodes, edges, roots, values, snapshot.functions, notes)
