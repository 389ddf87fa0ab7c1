"""What a page is given about the graph: rows of plain data, as README.md lists them."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

from autograd.views.drawing import Scene
from autograd.views.flow import Flow
from autograd.views.pictures import CELLS, NONE, PictureBook, compact
from autograd.views.scalar_program import scalar_program
from autograd.views.snapshot import Edge, Snapshot
from autograd.views.summary import Datum, Summary, jsonable, shown

FEW_CELLS = 40_000  # cells of strips in the page of a larger graph
DETAILED = 2_000  # nodes up to which the page has all facts about every array


def fields(scene: Scene, flow: Flow) -> dict[str, Any]:
    """All fields that do not depend on a drawing."""
    s = scene.snapshot
    book = PictureBook(CELLS if len(s.nodes) <= DETAILED else FEW_CELLS)
    rules, edge_rules = rule_rows(s)
    return {
        "nodes": node_rows(scene),
        "edges": [edge_row(s, e) for e in s.edges],
        "steps": step_rows(flow, len(s.nodes) <= DETAILED),
        "passes": [[one.root, one.first, one.count] for one in flow.passes],
        "pass_note": flow.note,
        "roots": s.roots,
        "seed": 1,
        "rules": rules,
        "edge_rules": edge_rules,
        **picture_fields(s, flow, book),
        "pictures": packed(book.pictures),
        "boxes": [[b.title, b.parent, b.size, b.kind, b.carried] for b in scene.groups.boxes],
        "program": scalar_program(s),
        "diff": scene.diff,
        "times": scene.times,
    }


def node_rows(scene: Scene) -> list[list[object]]:
    """A row for each node."""
    s, home = scene.snapshot, scene.groups.home
    whole = len(s.nodes) <= DETAILED
    return [
        [
            n.name,
            n.operation,
            n.type_text,
            number(n.value, whole),
            number(n.grad, whole),
            n.order,
            home[n.id],
            n.source,
            s.notes.get(n.id, ""),
            int(n.named),
            {str(slot): n.numbers.get(slot, text) for slot, text in n.constants},
            scene.remarks.get(n.id, ""),
        ]
        for n in s.nodes
    ]


def number(value: Datum | None, whole: bool) -> object:
    """A number, or the facts about an array; of many arrays the range only."""
    if not isinstance(value, Summary):
        return jsonable(value)
    if not whole:
        return shown(value)
    facts = {"size": value.size, "min": value.low, "max": value.high}
    facts.update(mean=value.mean, norm=value.norm, zeros=value.zeros)
    facts.update(nans=value.nans, infs=value.infs)
    found: dict[str, object] = {
        k: jsonable(compact(x)) if isinstance(x, float) else x for k, x in facts.items()
    }
    return {**found, "head": [jsonable(compact(x)) for x in value.head]}


def edge_row(s: Snapshot, e: Edge) -> list[object]:
    """The row of an edge; the place of a user's rule comes last."""
    row: list[object] = [e.source, e.target, e.slot, e.text]
    return [*row, s.edge_notes.get((e.target, e.slot), ""), *([e.rule] if e.rule else [])]


def step_rows(flow: Flow, whole: bool) -> list[list[object]]:
    """A row for each step: numbers as they are, arrays in a line, with their norm if `whole`."""
    known: dict[int, object] = {}  # what one step leaves, the next one finds

    def text(value: Datum) -> object:
        if not isinstance(value, Summary):
            return jsonable(value)
        if id(value) not in known:
            line = shown(value) if whole else shown(value, 2)
            known[id(value)] = f"{line} (norm {value.norm:.3g})" if whole else line
        return known[id(value)]

    return [
        [t.edge, text(t.upstream), text(t.contribution), text(t.before), text(t.after)]
        for t in flow.steps
    ]


def rule_rows(s: Snapshot) -> tuple[list[list[str]], list[int]]:
    """The distinct texts of rules, and the number of each edge's."""
    known: dict[object, int] = {}
    out: list[int] = []
    for e in s.edges:
        texts = e.texts
        out.append(NONE if texts is None else known.setdefault(texts, len(known)))
    rows = [[t.title, t.local, t.full] for t in known]  # type: ignore[attr-defined]
    return rows, out


def picture_fields(s: Snapshot, flow: Flow, book: PictureBook) -> dict[str, Any]:
    """The numbers of the pictures of values, gradients, steps and local derivatives.  Values and
    gradients come first: where there is no room for all, steps go without."""
    if not any(n.shape for n in s.nodes):
        return {"node_pictures": [], "step_pictures": [], "edge_pictures": []}
    nodes = [[book.add(n.value), book.add(n.grad)] for n in s.nodes]
    steps = [
        [book.add(x) for x in (t.upstream, t.contribution, t.before, t.after)]
        for t in (flow.steps if book.left > 0 else ())
    ]
    edges = [[book.add(e.local)] for e in s.edges] if book.left > 0 else []
    return {
        "node_pictures": nodes,
        "step_pictures": steps if any(max(row) >= 0 for row in steps) else [],
        "edge_pictures": [number for (number,) in edges],
    }


def packed(data: object) -> str:
    """JSON, compressed, as letters."""
    text = json.dumps(data, allow_nan=False, ensure_ascii=True, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 6)).decode("ascii")
