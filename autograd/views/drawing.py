"""What is drawn: cards for nodes, boxes for modules, arrows between them, and what is left out.

A drawing says nothing about coordinates; the DOT, SVG and Mermaid writers all read it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from autograd.views.cards import WIDEST, Card, box_card, more_card, node_card, stub_card
from autograd.views.groups import FRAMED, Groups
from autograd.views.inspection import GraphFinding, GraphFindings
from autograd.views.lines import slope
from autograd.views.rolling import Rolled
from autograd.views.snapshot import Edge, Snapshot
from autograd.views.summary import columns, cut, is_zero, trouble

DRAWN_WHOLE = 60  # cards up to which everything is drawn
OPENED = 30  # cards up to which modules of a larger graph are opened
MOST = 2_000  # cards that Graphviz is ever asked to place
NEIGHBOUR_ARROWS = 3  # arrows of a neighbour up to which they are drawn
LEAF_ARROWS = 12  # arrows of a leaf up to which they are drawn
NEIGHBOURS = 8  # cards on each side that show where a module's inputs come from and go to
DENSE = 150  # arrows beyond which labels would hide the arrows: they stay in the tooltips
DENSE_INSIDE = 80  # the same for the drawing of one module, of which a page holds many
LOOP = -2  # in the key of an arrow: it leads around a loop
FEW = 40  # arrows up to which a label names the derivative in full
SLOPE = 14  # cells of `dy/dx` up to which it is named


@dataclass(slots=True)
class Arrow:
    """An edge, or all edges between two cards; `key` is `e` and the edge's number."""

    key: str
    tail: str
    head: str
    label: str
    tip: str
    classes: list[str]
    count: int = 1


@dataclass(slots=True)
class Frame:
    """An open module: a box around the cards and frames inside it."""

    key: str
    title: str
    cards: list[str] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)


@dataclass(slots=True)
class Drawing:
    """Cards by key, the tree of frames, arrows, and a sentence on what is not drawn."""

    cards: dict[str, Card]
    frame: Frame
    arrows: list[Arrow]
    note: str
    title: str
    folded: list[int]
    findings: list[GraphFinding] = field(default_factory=list)

    @property
    def caption(self) -> list[tuple[str, str]]:
        """The lines below the drawing with their classes: title, what is left out or wrong."""
        lines = [(text, "caption") for text in (self.title, self.note) if text]
        for finding in self.findings:
            mark, classes = ("! ", "caption note") if finding.serious else ("", "caption")
            lines.append((cut(mark + finding.text, 112), classes))
        return lines


@dataclass
class Scene:
    """Everything that a drawing is made from."""

    snapshot: Snapshot
    groups: Groups
    findings: GraphFindings
    heavy: set[int]
    remarks: dict[int, str]
    diff: dict[str, Any] | None = None
    times: dict[str, Any] | None = None
    changes: dict[int, list[str]] = field(default_factory=dict)
    boxes: dict[int, Card] = field(default_factory=dict)

    @cached_property
    def typed(self) -> bool:
        """Whether cards show types: not where all nodes are numbers of one type."""
        nodes = self.snapshot.nodes
        return any(n.shape or n.dtype != nodes[0].dtype for n in nodes)

    def box_card(self, key: int) -> Card:
        """The card of a folded box, made once for all drawings."""
        if key not in self.boxes:
            self.boxes[key] = box_card(self.snapshot, self.groups, key)
        return self.boxes[key]


def choose_open(groups: Groups, top: int, budget: int) -> set[int]:
    """The boxes to open below `top`: all if they fit, else level by level, small ones first."""
    boxes = groups.boxes
    everything = boxes[top].size <= budget
    open_boxes = {top}
    count = len(boxes[top].nodes) + len(boxes[top].children)
    level = list(boxes[top].children)
    while level:
        following: list[int] = []
        for key in sorted(level, key=lambda k: boxes[k].size):
            box = boxes[key]
            more = len(box.nodes) + len(box.children) - 1
            one_of_many = boxes[box.parent].kind == "repeat"  # none is opened before the others
            fixed = (box.kind not in FRAMED or one_of_many) and not everything
            if fixed or (not everything and count + more > OPENED):
                continue
            open_boxes.add(key)
            count += more
            following += box.children
        level = following
    return open_boxes


def draw_box(scene: Scene, top: int = 0, open_boxes: set[int] | None = None) -> Drawing:
    """The drawing of one box (0: the whole graph), its neighbours outside as stubs."""
    groups = scene.groups
    chosen = choose_open(groups, top, DRAWN_WHOLE) if open_boxes is None else open_boxes | {top}
    maker = DrawingBuilder(scene, top, chosen)
    inside = groups.inside(top)
    for i in inside:
        maker.place(i)
    maker.connect(inside)
    return maker.finish(len(inside), groups.boxes[top].title)


def draw_nodes(scene: Scene, nodes: Iterable[int], note: str) -> Drawing:
    """The drawing of a few chosen nodes, all boxes open."""
    chosen = sorted(set(nodes))
    maker = DrawingBuilder(scene, 0, {box.key for box in scene.groups.boxes})
    for i in chosen:
        maker.place(i)
    maker.connect(chosen, stubs=False)
    drawing = maker.finish(len(chosen), "")
    drawing.note = note
    return drawing


class DrawingBuilder:
    """Collects the cards, frames and arrows of one drawing."""

    def __init__(self, scene: Scene, top: int, open_boxes: set[int]) -> None:
        self.scene, self.top, self.open = scene, top, open_boxes
        self.inner = set(scene.groups.chain(top))
        self.cards: dict[str, Card] = {}
        self.frames: dict[int, Frame] = {top: Frame("top", "")}
        self.arrows: dict[tuple[str, str, int], Arrow] = {}
        self.shown: dict[int, str] = {}
        self.homes: dict[int, tuple[str, Frame]] = {}
        self.folded: list[int] = []
        self.rolled: dict[str, Rolled] = {}
        self.steps: dict[int, Rolled] = {}
        self.stubs = {"in": 0, "out": 0}
        self.long_labels = False

    def place(self, i: int) -> None:
        """Put node i, or the folded box that holds it, into its frame."""
        home = self.scene.groups.home[i]
        if home not in self.homes:
            self.homes[home] = self.fold_home(home)
        folded, frame = self.homes[home]
        steps = self.rolled.get(folded)
        twin = i if steps is None else steps.twin.get(i, i)
        self.shown[i] = f"n{twin}" if steps or not folded else folded
        if steps and i in steps.step:
            self.steps[i] = steps
        if (steps or not folded) and twin == i:
            remark = self.scene.remarks.get(i, "")
            card = node_card(self.scene.snapshot, i, remark, self.scene.typed)
            if changes := self.scene.changes.get(i):
                card.rows += [(cut(text, WIDEST), "was") for text in changes]
                card.classes.append("changed")
            self.cards[f"n{i}"] = card
            frame.cards.append(f"n{i}")

    def fold_home(self, home: int) -> tuple[str, Frame]:
        """The card of the outermost folded box around the nodes of one box ("" where none is
        folded), and the frame around them."""
        chain = self.scene.groups.chain(home)
        chain = chain[chain.index(self.top) :]
        for depth, key in enumerate(chain):
            if key not in self.open:
                frame, name = self.frame_of(chain[:depth]), f"g{key}"
                if name not in self.cards and name not in self.rolled:
                    steps = self.roll(key)
                    if steps is not None:
                        self.rolled[name] = steps
                if name in self.rolled:
                    return name, self.rolled_frame(key, frame)
                if name not in self.cards:
                    self.cards[name] = self.scene.box_card(key)
                    frame.cards.append(name)
                    self.folded.append(key)
                return name, frame
        return "", self.frame_of(chain)

    def frame_of(self, chain: list[int]) -> Frame:
        """The frame of the innermost module in the chain, made where it is missing."""
        frame = self.frames[self.top]
        for key in chain[1:]:
            box = self.scene.groups.boxes[key]
            if box.kind in FRAMED:
                if key not in self.frames:
                    self.frames[key] = Frame(f"f{key}", box.title)
                    frame.frames.append(self.frames[key])
                frame = self.frames[key]
        return frame

    def roll(self, key: int) -> Rolled | None:
        """How a folded repeat is drawn as one step, None where it is a card."""
        found = self.scene.groups.boxes[key]
        return self.scene.groups.rolled(self.scene.snapshot, key) if found.carried else None

    def rolled_frame(self, key: int, around: Frame) -> Frame:
        """The frame of the one step that stands for all."""
        if key not in self.frames:
            box = self.scene.groups.boxes[key]
            self.frames[key] = Frame(f"f{key}", f"{box.title}, the last one is drawn")
            around.frames.append(self.frames[key])
            self.folded.append(key)
        return self.frames[key]

    def connect(self, inside: list[int], stubs: bool = True) -> None:
        """Arrows between what is drawn, and stubs for what lies just outside."""
        snapshot = self.scene.snapshot
        edges = {e for i in inside for e in snapshot.inputs_of[i]}
        if stubs:
            edges |= {e for i in inside for e in snapshot.users_of[i]}
        self.long_labels = len(edges) <= FEW
        for index in sorted(edges):
            edge = snapshot.edges[index]
            tail = self.shown.get(edge.source) or (stubs and self.stub_key(edge.source, "in"))
            head = self.shown.get(edge.target) or (stubs and self.stub_key(edge.target, "out"))
            if tail and head and self.is_next_step(edge):
                self.add_loop(index, edge, tail, head)
            elif tail and head and tail != head and not self.has_twin(edge):
                self.add_arrow(index, edge, tail, head)

    def is_next_step(self, edge: Edge) -> bool:
        """Whether an edge leads from one step of a rolled repeat into another."""
        a, b = self.steps.get(edge.source), self.steps.get(edge.target)
        return a is not None and a is b and a.step[edge.source] != a.step[edge.target]

    def has_twin(self, edge: Edge) -> bool:
        """Whether an edge of an earlier step has a twin in the step that is drawn."""
        a, b = self.twin(edge.source), self.twin(edge.target)
        if (a, b) == (edge.source, edge.target):
            return False
        edges = [self.scene.snapshot.edges[e] for e in self.scene.snapshot.inputs_of[b]]
        return any(e.source == a and e.slot == edge.slot for e in edges)

    def twin(self, i: int) -> int:
        """The node that is drawn for node i."""
        steps = self.steps.get(i)
        return i if steps is None else steps.twin.get(i, i)

    def add_loop(self, index: int, edge: Edge, tail: str, head: str) -> None:
        """One more value that a step hands to the next: an arrow around the loop."""
        at = (tail, head, LOOP)
        if at not in self.arrows:
            self.arrows[at] = Arrow(f"e{index}", tail, head, "", "", ["loop"], 0)
        arrow = self.arrows[at]
        arrow.count += 1
        arrow.label = f"to the next step x {arrow.count}"
        name = self.scene.snapshot.nodes[edge.source].name
        arrow.tip = f"{name} is handed to the next step, {arrow.count} times"

    def stub_key(self, i: int, side: str) -> str:
        """A small card for the box or node outside, or one card for all beyond the first few."""
        groups, inner = self.scene.groups, self.inner
        box = next((key for key in groups.chain(groups.home[i]) if key not in inner), None)
        key = f"n{i}" if box is None else f"g{box}"
        if key in self.cards:
            return key
        if self.stubs[side] >= NEIGHBOURS:
            key = f"more-{side}"
            self.cards.setdefault(key, more_card(key, side))
        else:
            self.stubs[side] += 1
            self.cards[key] = stub_card(self.scene.snapshot, groups, i, box)
        if key not in self.frames[self.top].cards:
            self.frames[self.top].cards.append(key)
        return key

    def add_arrow(self, index: int, edge: Edge, tail: str, head: str) -> None:
        """One more edge between two cards: an arrow, or one more in the arrow's count."""
        single = tail == f"n{edge.source}" and head == f"n{edge.target}"
        at, classes = (tail, head, index if single else -1), arrow_classes(self.scene, index, edge)
        if at in self.arrows:
            arrow = self.arrows[at]
            arrow.count += 1
            arrow.label = f"x {arrow.count}"
            arrow.tip = f"{arrow.count} edges"
            arrow.classes = sorted({*arrow.classes, *classes} - {"zero"})
            return
        label, tip = edge_label(self.scene.snapshot, edge, self.long_labels)
        self.arrows[at] = Arrow(f"e{index}", tail, head, label, tip, classes)

    def finish(self, total: int, title: str) -> Drawing:
        """The drawing, with the sentence on what is folded."""
        drawn = sum(key == f"n{i}" for i, key in self.shown.items())
        note = ""
        if drawn < total:
            boxes = "1 box" if len(self.folded) == 1 else f"{len(self.folded)} boxes"
            note = f"{drawn:,} of {total:,} nodes are drawn; the others are folded into {boxes}."
        arrows = self.without_busy_ends()
        if len(arrows) > (DENSE_INSIDE if self.top else DENSE):
            for arrow in arrows:
                arrow.label = arrow.label.partition("\n")[2]
            note = f"{note} Derivatives are in the tooltips of the arrows.".strip()
        return Drawing(self.cards, self.frames[self.top], arrows, note, title, self.folded)

    def without_busy_ends(self) -> list[Arrow]:
        """The arrows; where a neighbour or a leaf has many, the cards name it in a row instead."""
        ends = [key for arrow in self.arrows.values() for key in (arrow.tail, arrow.head)]
        most = {
            key: NEIGHBOUR_ARROWS if "outside" in card.classes else LEAF_ARROWS
            for key, card in self.cards.items()
        }
        busy = {key for key, count in Counter(ends).items() if count > most[key]}
        busy = {key for key in busy if not {"outside", "leaf"}.isdisjoint(self.cards[key].classes)}
        kept: list[Arrow] = []
        for arrow in self.arrows.values():
            inside = arrow.head if arrow.tail in busy else arrow.tail
            if not busy.isdisjoint((arrow.tail, arrow.head)) and inside[0] == "n":
                edge = self.scene.snapshot.edges[int(arrow.key[1:])]
                way, other = ("<-", edge.source) if inside == arrow.head else ("->", edge.target)
                name = self.scene.snapshot.nodes[other].name
                self.cards[inside].rows.append((cut(f"{way} {name}", WIDEST), "type"))
            else:
                kept.append(arrow)
        used = {key for arrow in kept for key in (arrow.tail, arrow.head)}
        for key in busy - used:
            if "outside" in self.cards[key].classes:
                del self.cards[key]
                self.frames[self.top].cards.remove(key)
            else:
                self.cards[key].rows.append((f"-> named in {ends.count(key)} cards", "type"))
        return kept


def edge_label(snapshot: Snapshot, edge: Edge, in_full: bool) -> tuple[str, str]:
    """The label of an arrow and its tooltip, `dL/da = -3`."""
    source, target = snapshot.nodes[edge.source], snapshot.nodes[edge.target]
    note = snapshot.edge_notes.get((edge.target, edge.slot), "")
    tip = f"{slope(target.name, source.name)} = {edge.text}"
    tip += f"   rule {edge.rule}" * bool(edge.rule) + f"   ! {note}" * bool(note)
    label = edge.text
    name = slope(target.short_name, source.short_name)
    if in_full and columns(name) <= SLOPE:
        label = f"{name} = {edge.text}"
    label = cut(label, 44)
    return (f"{label}\n! {cut(note, 44)}" if note else label), tip


def arrow_classes(scene: Scene, index: int, edge: Edge) -> list[str]:
    """What the style sheet should know of an edge."""
    classes = []
    if trouble(edge.local):
        classes.append("bad")
    elif is_zero(edge.local) or is_zero(scene.snapshot.nodes[edge.target].grad):
        classes.append("zero")
    if (edge.target, edge.slot) in scene.snapshot.edge_notes:
        classes.append("marked")
    if index in scene.heavy:
        classes.append("heavy")
    return classes
