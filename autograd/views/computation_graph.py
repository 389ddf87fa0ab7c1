"""`Graph`: one picture of a computation, to print, show, save, search and fold."""

from __future__ import annotations

import json
import os
import tempfile
import webbrowser
from collections.abc import Callable
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, final

from autograd.engine.node import Node
from autograd.engine.picture import Picture
from autograd.views import dot, mermaid, svg
from autograd.views.comparison import Difference, compare
from autograd.views.drawing import MOST, Drawing, Scene, draw_box, draw_nodes
from autograd.views.flow import Flow, chain_rule, heavy_path, replay
from autograd.views.groups import Groups, build_groups
from autograd.views.inspection import CHANGED, GraphFinding, GraphFindings, examine, zero_reason
from autograd.views.page import Page, inline
from autograd.views.placement import ADVICE, available, render
from autograd.views.select import find, near, part
from autograd.views.snapshot import Snapshot
from autograd.views.stored import CHANGED_TEXT, gradient_remarks, is_changed
from autograd.views.summary import clean, is_zero
from autograd.views.text import LIMIT, tree

INLINE = 600_000  # characters of a page that a notebook still gets inline
INLINE_NODES = 500  # nodes up to which it is made at all: larger ones are shown as a drawing
LISTED_BELOW = 4  # findings that are written below the drawing
WIDE = 240  # columns of a text that is no terminal's
SUFFIXES = "svg png pdf html dot mmd txt json"


@final
class Graph(Picture):
    """The graph below one or several Values, as it was when this object was made.

    `print(graph)` shows a text tree, a notebook displays it, `show()` opens a page that steps
    through backward, `save("x.svg")` writes the format that the suffix names.

    >>> from autograd import Value, graph
    >>> x = Value(3.0, label="x")
    >>> y = x * x
    >>> y.backward()
    >>> print(graph(y).text(ascii=True))
    y = x*x                 value    grad
    y  *                   9.0000  1.0000
    |- x  leaf  dy/dx 3    3.0000  6.0000
    `- x  leaf  dy/dx 3                    (above)
    """

    def __init__(
        self, snapshot: Snapshot, direction: str = "", fold: bool = True, title: str = ""
    ) -> None:
        if direction not in ("", "LR", "TB", "RL", "BT"):
            raise ValueError(f"direction is LR, TB, RL or BT, not {direction!r}")
        self.snapshot = snapshot
        self.direction = direction
        self.folded = fold
        self.title = clean(title)
        self.difference: Difference | None = None
        self.times: dict[str, Any] | None = None
        self._only: tuple[int, int] | None = None

    # --- what is known about the graph ------------------------------------------------------
    @cached_property
    def findings(self) -> GraphFindings:
        """What went wrong: NaN, dead ReLUs, fading gradients, and what the caller marked."""
        found = examine(self.snapshot)
        if self.changed:
            found.items.append(GraphFinding(CHANGED, CHANGED_TEXT))
        return found

    @cached_property
    def changed(self) -> bool:
        """Whether a leaf was changed after the graph was computed."""
        return is_changed(self.snapshot)

    @cached_property
    def groups(self) -> Groups:
        """The boxes: modules, repeats, stretches."""
        return build_groups(self.snapshot)

    @cached_property
    def flow(self) -> Flow:
        """Backward, contribution by contribution."""
        return replay(self.snapshot)

    @cached_property
    def remarks(self) -> dict[int, str]:
        """What is to be said of stored gradients that are not those of one backward."""
        return {} if self.changed else gradient_remarks(self.snapshot)

    @cached_property
    def scene(self) -> Scene:
        """All that the drawings are made from."""
        nodes = self.snapshot.nodes
        zeros = {n.id: zero_reason(self.snapshot, n.id) for n in nodes if is_zero(n.grad)}
        zeros = {i: text.removeprefix("zero: ") for i, text in zeros.items() if ":" in text}
        heavy = heavy_path(self.snapshot, self.flow)
        changed = self.difference
        diff = None if changed is None else changed.as_json()
        changes = {} if changed is None else {i: c.texts() for i, c in enumerate(changed.changes)}
        return Scene(
            self.snapshot,
            self.groups,
            self.findings,
            heavy,
            {**zeros, **self.remarks},
            diff,
            self.times,
            changes,
        )

    def drawing(self) -> Drawing:
        """What the picture shows: everything, folded modules, or the focus."""
        total = len(self.snapshot.nodes)
        if self._only is not None:
            chosen = self._near(*self._only)
            name = self.snapshot.nodes[self._only[0]].name
            note = (
                f"{len(chosen):,} of {total:,} nodes are drawn: those within {self._only[1]} "
                f"edges of {name}."
            )
            drawing = draw_nodes(self.scene, chosen, note if len(chosen) < total else "")
        elif not self.folded and total <= MOST:
            every = {box.key for box in self.groups.boxes}
            drawing = draw_box(self.scene, 0, every)
        else:
            drawing = draw_box(self.scene)
        drawing.title = self.title
        if self.difference is not None:
            drawing.title = f"{self.title}: {self.difference.sentence()}".removeprefix(": ")
        drawing.findings = self.findings.items[:LISTED_BELOW]
        return drawing

    def _near(self, node: int, radius: int) -> list[int]:
        return near(self.snapshot, node, radius, MOST)

    # --- views of it ------------------------------------------------------------------------
    def focus(self, name: str | int | Node, radius: int = 2) -> Graph:
        """The surroundings of one node: by name, number or Value.  KeyError where there is none."""
        graph = Graph(self.snapshot, self.direction, self.folded, self.title)
        graph._only = (find(self.snapshot, name), radius)
        graph.difference, graph.times = self.difference, self.times
        return graph

    def fold(self, on: bool = True) -> Graph:
        """The same graph with its modules folded where it is large, or with `False` open."""
        graph = Graph(self.snapshot, self.direction, on, self.title)
        graph.difference, graph.times = self.difference, self.times
        return graph

    def number(self, name: str | int | Node) -> int:
        """The number of a node, by name, number or Value.  KeyError where there is none."""
        return find(self.snapshot, name)

    def diff(self, other: Picture) -> Graph:
        """What has changed from this graph to another: the other one, in which every changed node
        says what it was.

        >>> from autograd import Value, graph
        >>> w = Value(1.0, label="w")
        >>> before = graph(w * 2.0)
        >>> w.data = 3.0
        >>> print(before.diff(graph(w * 2.0)).text(ascii=True, width=100))
        w*2               value          grad
        w*2              6.0000  not computed  (value was 2.0000)
        `- w  leaf  d(w*2)/dw 2  3.0000  not computed  (value was 1.0000)
        2 of 2 nodes changed
        """
        if not isinstance(other, Graph):
            raise TypeError(
                f"diff takes another Graph, not {type(other).__name__}: g.diff(graph(v))"
            )
        found = Graph(other.snapshot, other.direction, other.folded, other.title)
        names = (self.title or "before", other.title or "after")
        found.difference = compare(self.snapshot, other.snapshot, names)
        return found

    def explain(self, name: str | int | Node) -> str:
        """The chain-rule sum of a node: `grad(x) = 3*2 + 1*4 = 10`."""
        return chain_rule(self.snapshot, self.flow, find(self.snapshot, name))

    def text(
        self, ascii: bool | None = None, limit: int | None = LIMIT, width: int | None = None
    ) -> str:
        """The text tree; where `ascii` and `width` are None, as the terminal can show it."""
        snapshot, remarks = self.snapshot, dict(self.remarks)
        if self.difference is not None:
            for i, change in enumerate(self.difference.changes):
                if texts := change.texts():
                    remarks[i] = "; ".join([*([remarks[i]] if i in remarks else []), *texts])
        if self._only is not None:
            chosen = self._near(*self._only)
            snapshot = part(snapshot, chosen)
            remarks = {new: remarks[old] for new, old in enumerate(chosen) if old in remarks}
        text = tree(snapshot, self.findings, remarks, ascii, limit, width)
        return text if self.difference is None else f"{text}\n{self.difference.sentence()}"

    def dot(self) -> str:
        """The drawing in the DOT language; needs no Graphviz."""
        return dot.source(self.drawing(), self.direction)

    def mermaid(self) -> str:
        """The drawing as a Mermaid flowchart; needs no Graphviz."""
        return mermaid.source(self.drawing(), self.direction)

    def json(self) -> str:
        """The whole snapshot in strict JSON, with the findings; needs no Graphviz."""
        data = self.snapshot.as_json()
        data["findings"] = [
            {"kind": f.kind, "text": f.text, "node": f.node} for f in self.findings.items
        ]
        return json.dumps(data, allow_nan=False, ensure_ascii=True)

    def svg(self) -> str:
        """The drawing as an SVG file.  Raises GraphvizMissingError where there is no Graphviz."""
        return svg.document(self.drawing(), self.description(), self.direction)

    def html(self) -> str:
        """The page: one file with everything in it.  Raises GraphvizMissingError."""
        s = self.snapshot
        title = self.title or "graph of " + ", ".join(s.nodes[i].name for i in s.roots[:4])
        page = Page(self.scene, self.flow, self.drawing(), title, self.direction)
        return page.write(self.description())

    def description(self) -> str:
        """The alternative text of the picture."""
        s = self.snapshot
        roots = ", ".join(s.nodes[i].name for i in s.roots)
        lines = [f"Computation graph of {roots}: {len(s.nodes)} nodes, {len(s.edges)} edges."]
        lines += [finding.text for finding in self.findings.items]
        if len(s.nodes) <= 60:
            lines.append(self.text(ascii=False, width=WIDE))
        return "\n".join(lines)

    # --- output -----------------------------------------------------------------------------
    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the file; its suffix decides the format (svg png pdf html dot mmd txt json)."""
        target = Path(path)
        suffix = target.suffix.lower().lstrip(".")
        if suffix in ("png", "pdf"):
            target.write_bytes(render(self.dot(), suffix))
            return target
        writers: dict[str, Callable[[], str]] = {
            "svg": self.svg,
            "html": self.html,
            "dot": self.dot,
            "mmd": self.mermaid,
            "txt": lambda: self.text(ascii=False, limit=None, width=WIDE) + "\n",
            "json": self.json,
        }
        if suffix not in writers:
            raise ValueError(f"cannot tell the format of {target.name!r}: use one of {SUFFIXES}")
        target.write_text(writers[suffix](), encoding="utf-8")
        return target

    def show(self) -> Path:
        """Write the page to a temporary file and open it in the browser; returns where it is."""
        folder = Path(tempfile.mkdtemp(prefix="valuegrad-"))
        target = self.save(folder / "graph.html")
        webbrowser.open(target.as_uri())
        return target

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        try:
            return self.text()
        except Exception as error:  # a repr never raises
            return f"<Graph that cannot be shown as text: {type(error).__name__}: {error}>"

    def _repr_html_(self) -> str:
        """The HTML part of what a notebook shows; the text where there is no drawing."""
        bundle = self._repr_mimebundle_()
        return bundle.get("text/html") or f"<pre>{escape(bundle['text/plain'])}</pre>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What a notebook shows: the page while it is small, else the drawing, else text."""
        text = repr(self)
        if not available():
            return {"text/plain": f"{text}\n{ADVICE}"}
        try:
            picture = self.svg()
            if len(picture) > INLINE:
                picture = self.fold().svg()
            bundle = {"text/plain": text, "image/svg+xml": picture}
            small = len(self.snapshot.nodes) <= INLINE_NODES and len(picture) < INLINE
            whole = self.html() if small else ""
            bundle["text/html"] = inline(whole if len(whole) <= INLINE else "", picture)
            return bundle
        except Exception as error:  # shown below the text instead of raised out of the notebook
            return {"text/plain": f"{text}\n{type(error).__name__}: {error}"}
