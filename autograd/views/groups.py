"""The tree of boxes: modules, repeated blocks, and stretches of a graph too long to draw."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograd.views.rolling import (
    SHORTEST,
    Rolled,
    carried_values,
    find_runs,
    roll,
    steps_of,
)
from autograd.views.snapshot import Snapshot

LONG = 60  # nodes directly in one box beyond which they are cut into stretches
FAN = 16  # boxes directly in one box beyond which they are gathered into larger ones
REPEAT = 3  # equal neighbours from this number on are drawn as one


FRAMED = ("module", "function", "step")
"""Kinds of boxes that are drawn around their nodes when they are open."""


@dataclass(slots=True)
class Group:
    """A box: its own nodes, the boxes inside, and how many nodes are in it altogether.

    carried  of steps that repeat: [node, user] where the first step hands a value to the second
    steps    the boxes that repeat, which may stand in stretches
    """

    key: int
    title: str
    kind: str  # "root" | "module" | "function" | "repeat" | "step" | "stretch"
    parent: int
    nodes: list[int] = field(default_factory=list)
    children: list[int] = field(default_factory=list)
    size: int = 0
    carried: list[list[int]] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Groups:
    """All boxes (`boxes[0]` is the whole graph) and the innermost box of every node."""

    boxes: list[Group]
    home: list[int]

    def chain(self, key: int) -> list[int]:
        """The box and all boxes around it, outermost first."""
        out = [key]
        while out[-1]:
            out.append(self.boxes[out[-1]].parent)
        return out[::-1]

    def rolled(self, snapshot: Snapshot, key: int) -> Rolled | None:
        """How the steps of a repeat are drawn as one, where they hand values on."""
        box = self.boxes[key]
        if not box.carried:
            return None
        return roll(snapshot, [self.inside(child) for child in box.steps])

    def inside(self, key: int) -> list[int]:
        """Every node in the box, at any depth, oldest first."""
        out: list[int] = []
        stack = [key]
        while stack:
            box = self.boxes[stack.pop()]
            out += box.nodes
            stack += box.children
        return sorted(out)


def build_groups(snapshot: Snapshot) -> Groups:
    """Boxes for modules, then for repeats among them, then for long stretches of nodes."""
    groups = Groups([Group(0, "", "root", 0)], [0] * len(snapshot.nodes))
    add_modules(snapshot, groups)
    count_nodes(groups)
    fold_repeats(snapshot, groups)
    roll_steps(snapshot, groups)
    cut_stretches(snapshot, groups)
    count_nodes(groups)
    return groups


def new_box(groups: Groups, title: str, kind: str, parent: int) -> Group:
    """One more box, not yet among the children of another."""
    box = Group(len(groups.boxes), title, kind, parent)
    groups.boxes.append(box)
    return box


def add_modules(snapshot: Snapshot, groups: Groups) -> None:
    """One box for each module path that holds two nodes or more."""
    weight: dict[tuple[str, ...], int] = {}
    for node in snapshot.nodes:
        for depth in range(1, len(node.path) + 1):
            part = node.path[:depth]
            weight[part] = weight.get(part, 0) + 1
    keys: dict[tuple[str, ...], int] = {(): 0}
    for node in snapshot.nodes:
        for depth in range(1, len(node.path) + 1):
            part = node.path[:depth]
            if part not in keys:
                parent = keys[part[:-1]]
                if weight[part] < 2:
                    keys[part] = parent
                    continue
                kind = "function" if part in snapshot.functions else "module"
                box = new_box(groups, ".".join(part), kind, parent)
                keys[part] = box.key
                groups.boxes[parent].children.append(box.key)
        home = keys[node.path]
        groups.home[node.id] = home
        groups.boxes[home].nodes.append(node.id)


def count_nodes(groups: Groups) -> None:
    """Nodes inside each box; a box made later may enclose an older one, so go up by parents."""
    for box in groups.boxes:
        box.size = 0
    for box in groups.boxes:
        key, own = box.key, len(box.nodes)
        while True:
            groups.boxes[key].size += own
            if not key:
                break
            key = groups.boxes[key].parent


def signatures(snapshot: Snapshot, groups: Groups) -> list[int]:
    """One number for each box, equal where operations, shapes and inner boxes are the same."""
    known: dict[object, int] = {}
    out = [0] * len(groups.boxes)
    for box in reversed(groups.boxes):  # children have larger keys than their parents here
        nodes = [snapshot.nodes[i] for i in box.nodes]
        own = tuple((node.op, node.shape) for node in nodes if node.op)
        inner = tuple(out[child] for child in box.children)
        out[box.key] = known.setdefault((own, inner), len(known) + 1)
    return out


def fold_repeats(snapshot: Snapshot, groups: Groups) -> None:
    """Put runs of equal neighbouring modules into one box, titled `first .. last  x 16`."""
    signature = signatures(snapshot, groups)
    for box in list(groups.boxes):
        kept: list[int] = []
        run: list[int] = []
        for child in [*box.children, -1]:
            if run and (child < 0 or not alike(groups, signature, run[0], child)):
                kept += fold_run(snapshot, groups, box.key, run)
                run = []
            run.append(child)
        box.children = kept


def alike(groups: Groups, signature: list[int], first: int, other: int) -> bool:
    """True for boxes of the same structure whose names differ in a number only."""
    stems = [groups.boxes[key].title.rstrip("0123456789") for key in (first, other)]
    return signature[first] == signature[other] and stems[0] == stems[1]


def fold_run(snapshot: Snapshot, groups: Groups, parent: int, run: list[int]) -> list[int]:
    """The run itself where it is short, else one new box around it."""
    if len(run) < REPEAT:
        return run
    first, last = groups.boxes[run[0]].title, groups.boxes[run[-1]].title
    title = f"{first} .. {last.rsplit('.', 1)[-1]}"
    if groups.boxes[run[0]].kind == "function":
        title = first.rstrip("0123456789 ")
    box = new_box(groups, f"{title}  x {len(run)}", "repeat", parent)
    box.children, box.steps = list(run), list(run)
    for child in run:
        groups.boxes[child].parent = box.key
    box.carried = carried_values(snapshot, [groups.inside(child) for child in run])
    return [box.key]


def roll_steps(snapshot: Snapshot, groups: Groups) -> None:
    """Put steps that repeat into one box each, titled `step x 50`."""
    for box in list(groups.boxes):
        operations = [i for i in box.nodes if snapshot.nodes[i].op]
        if len(operations) < SHORTEST:
            continue
        for run in find_runs(snapshot, operations):
            steps = list(steps_of(snapshot, operations, run))
            around = new_box(groups, f"step x {run.count}", "repeat", box.key)
            around.carried = carried_values(snapshot, steps)
            box.children.append(around.key)
            for k, nodes in enumerate(steps, 1):
                step = new_box(groups, f"step {k}", "step", around.key)
                step.nodes = nodes
                around.children.append(step.key)
                around.steps.append(step.key)
                for i in nodes:
                    groups.home[i] = step.key
            gone = {i for nodes in steps for i in nodes}
            around.nodes = [i for i in box.nodes if i not in gone and is_used_in(snapshot, i, gone)]
            gone.update(around.nodes)
            for i in around.nodes:
                groups.home[i] = around.key
            box.nodes = [i for i in box.nodes if i not in gone]


def is_used_in(snapshot: Snapshot, i: int, nodes: set[int]) -> bool:
    """True for a leaf that nothing else than these nodes uses: a parameter of a loop."""
    users = snapshot.users_of[i]
    inside = all(snapshot.edges[e].target in nodes for e in users)
    return not snapshot.nodes[i].op and bool(users) and inside


def cut_stretches(snapshot: Snapshot, groups: Groups) -> None:
    """Cut long lists of nodes and of boxes into stretches of `LONG` and `FAN`, level by level.

    A leaf goes with the first operation that uses it; so a stretch never needs a later one.
    """
    for box in list(groups.boxes):
        if len(box.nodes) > LONG:
            cut_nodes(snapshot, groups, box)
        while len(box.children) > (LONG if box.kind == "repeat" else FAN):
            cut_children(groups, box)


def cut_nodes(snapshot: Snapshot, groups: Groups, box: Group) -> None:
    """Boxes of at most `LONG` nodes each."""
    mine = set(box.nodes)

    def turn(i: int) -> tuple[int, int]:
        if snapshot.nodes[i].op:
            return i, 1
        users = [snapshot.edges[e].target for e in snapshot.users_of[i]]
        near = [u for u in users if u in mine]
        return (near[0] if near else i), 0

    ordered = sorted(box.nodes, key=turn)
    box.nodes = []
    pieces = -(-len(ordered) // LONG)
    step = -(-len(ordered) // pieces)
    for start in range(0, len(ordered), step):
        part = sorted(ordered[start : start + step])
        piece = new_box(groups, "", "stretch", box.key)
        piece.nodes = part
        piece.title = stretch_title(snapshot, part)
        box.children.append(piece.key)
        for i in part:
            groups.home[i] = piece.key


def stretch_title(snapshot: Snapshot, part: list[int]) -> str:
    """The first and the last operation in it."""
    ops = [i for i in part if snapshot.nodes[i].op] or part
    return f"operations #{ops[0]} to #{ops[-1]}"


def cut_children(groups: Groups, box: Group) -> None:
    """Boxes of at most `FAN` boxes each."""
    children, box.children = box.children, []
    for start in range(0, len(children), FAN):
        part = children[start : start + FAN]
        piece = new_box(groups, "", "stretch", box.key)
        first, last = groups.boxes[part[0]].title, groups.boxes[part[-1]].title
        piece.title = f"{first.split(' to ')[0]} to {last.split(' to ')[-1]}"
        piece.children = part
        for child in part:
            groups.boxes[child].parent = piece.key
        box.children.append(piece.key)
