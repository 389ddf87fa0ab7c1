"""Values and gradients over the steps of a training, on one and the same picture."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autograd.engine.value import Value
from autograd.views.computation_graph import Graph
from autograd.views.entry import graph
from autograd.views.snapshot import Snapshot
from autograd.views.summary import Datum, Summary, jsonable

MOST = 500
"""Steps of one recording."""


class Recording:
    """The graphs of a program that runs again and again: `record()` makes an empty one.

    >>> from autograd import Value
    >>> w, film = Value(1.0, label="w"), Recording()
    >>> for step in range(3):
    ...     loss = (w - 3.0) ** 2
    ...     w.zero_grad()
    ...     loss.backward()
    ...     film.add(loss)
    ...     w.data -= 0.25 * w.grad
    >>> len(film), film.values("w"), film.grads("w")
    (3, [1.0, 2.0, 2.5], [-4.0, -2.0, -1.0])
    """

    def __init__(self, names: Mapping[str, object] | None = None, title: str = "") -> None:
        if names is not None and not isinstance(names, Mapping):
            raise TypeError(
                f"record() begins without a step, got {type(names).__name__}: write "
                "film = record() and, after each backward, film.add(loss)"
            )
        self.names, self.title = names, title
        self.labels: list[str] = []
        self.last: Graph | None = None
        self._values: list[list[object]] = []
        self._grads: list[list[object]] = []

    def add(self, root: Value | Sequence[Value], label: str = "") -> None:
        """Keep the graph of this step, after `backward` and before the parameters change.

        Raises ValueError where the program has other operations than in the first step, and after
        500 steps.
        """
        if len(self) >= MOST:
            raise ValueError(f"a recording has at most {MOST} steps: add every tenth, say")
        found = graph(root, names=self.names, title=self.title)
        if self.last is not None:
            check_same(self.last.snapshot, found.snapshot, label or f"step {len(self)}")
        self.last = found
        self.labels.append(label or f"step {len(self)}")
        self._values.append([one_number(n.value) for n in found.snapshot.nodes])
        self._grads.append([one_number(n.grad) for n in found.snapshot.nodes])

    def __len__(self) -> int:
        return len(self.labels)

    def values(self, name: str | int | Value) -> list[object]:
        """The value of one node at each step, the norm of an array.  KeyError for no such node."""
        node = self.graph().number(name)
        return [row[node] for row in self._values]

    def grads(self, name: str | int | Value) -> list[object]:
        """The gradient of one node at each step, the norm of an array."""
        node = self.graph().number(name)
        return [row[node] for row in self._grads]

    def graph(self) -> Graph:
        """The graph of the last step, whose page has all.  ValueError where there is none."""
        if self.last is None:
            raise ValueError("the recording is empty: call add(loss) in each step of the training")
        self.last.times = {"labels": self.labels, "values": self._values, "grads": self._grads}
        return self.last

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page, or the last picture in another format."""
        return self.graph().save(path)

    def show(self) -> Path:
        """Open the page in the browser."""
        return self.graph().show()

    def __repr__(self) -> str:
        return f"<Recording of {len(self)} steps>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What a notebook shows."""
        if self.last is None:
            return {"text/plain": repr(self)}
        return self.graph()._repr_mimebundle_(include, exclude)


def record(names: Mapping[str, object] | None = None, title: str = "") -> Recording:
    """An empty recording: `add(loss)` in each step of a training, then `save("training.html")`.

    names  {"mlp": mlp}: objects to search for names, besides the caller's variables

    >>> record()
    <Recording of 0 steps>
    """
    return Recording(names, title)


def one_number(value: Datum | None) -> object:
    """A number in JSON: the norm of an array."""
    return jsonable(value.norm if isinstance(value, Summary) else value)


def check_same(first: Snapshot, now: Snapshot, label: str) -> None:
    """ValueError where two steps are not the same program."""
    a, b = ([node.op for node in s.nodes] for s in (first, now))
    if a == b:
        return
    at = next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    names = [ops[at] if at < len(ops) else "nothing" for ops in (a, b)]
    raise ValueError(
        f"{label} has other operations than the steps before ({len(b)} nodes, not {len(a)}; node "
        f"{at} is {names[1] or 'a leaf'}, not {names[0] or 'a leaf'}): a recording shows one "
        "program, so give each its own, or compare two graphs with g.diff(other)"
    )
