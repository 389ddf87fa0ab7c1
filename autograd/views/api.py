"""`graph`, `draw` and `draw_dot`: from Values, or from a function and arguments, to a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from autograd.engine.reverse import pullback
from autograd.engine.value import Value
from autograd.views import dot
from autograd.views.graph import Graph
from autograd.views.local import ones
from autograd.views.modules import spread_paths
from autograd.views.names import caller, name_values, variables
from autograd.views.select import find
from autograd.views.snapshot import Snapshot, collect, take, uncollected
from autograd.views.summary import clean
from autograd.views.tracing import Watch, parameter_names, watching

if TYPE_CHECKING:
    import graphviz


class Marked(Protocol):
    """A report of the gradient checker: the Value that it is about, and what it marks."""

    graph: Any
    marks: dict[Any, str]


SHOWN = 100
"""A notebook draws a bare Value of at most so many nodes; a larger one waits for `v.graph()`."""

Thing = Value | Sequence[Value] | Callable[..., Any] | Exception | Marked


def graph(
    thing: Thing,
    *args: Any,
    names: Mapping[str, object] | None = None,
    mark: Mapping[Any, str] | None = None,
    direction: str = "",
    fold: bool = True,
    title: str = "",
    create_graph: bool = False,
) -> Graph:
    """The computation graph of a Value, of several, or of `f(*args)` with its gradient.

    thing         a Value, a list of Values, a function to be called with `args`, an error of
                  `autograd.debug()` or a report of `gradcheck`, whose operation is then marked
    names         {"mlp": mlp}: objects to search for names, besides the caller's variables
    mark          {node: text} or {(node, slot): text}: what to point out at a node, or on the edge
                  from an input; a node is a Value, its serial, its name, or its number here
    direction     "LR", "TB", "RL" or "BT"; chosen by the depth of the graph where it is not given
    fold          fold modules where the graph is large
    create_graph  with a function: draw the operations of its gradient, too

    The picture is of this moment: later changes of data or gradients do not show in it.
    Raises TypeError for a thing without a graph, KeyError for a mark on an unknown node.

    >>> from autograd import graph
    >>> print(graph(lambda x: 3.0 * x * x, 2.0).explain("x"))
    grad(x) = 1*6 + 2*3 = 12.0000
    """
    found: Watch | None = None
    labels: dict[int, str] = {}
    thing, mark = _failure(thing, mark or {})
    if not isinstance(thing, Value) and callable(thing):
        roots, labels, found = _run(thing, args, create_graph)
    elif args:
        raise TypeError("graph(v) takes no further arguments; graph(f, *args) draws a function")
    else:
        roots = [thing] if isinstance(thing, Value) else _values(thing)
        if not roots:
            raise TypeError(
                f"graph needs a Value, a list of Values or a function, not {type(thing).__name__}"
            )
    snapshot = _snapshot(roots, labels, names or {}, found)
    _mark(snapshot, mark)
    return Graph(snapshot, direction, fold, title)


draw = graph


def mimebundle(v: Value) -> dict[str, str]:
    """What a notebook shows of a Value: its repr, and its graph where it is small; never raises."""
    if not is_small(v):
        return {"text/plain": repr(v)}
    try:
        return {**graph(v)._repr_mimebundle_(), "text/plain": repr(v)}
    except Exception as error:  # a repr must not raise
        return {"text/plain": f"{v!r}\n(no drawing: {type(error).__name__}: {error})"}


def is_small(v: Value) -> bool:
    """True for a computed Value of at most `SHOWN` nodes; looks at no more than these."""
    nodes = [v]
    seen = {v}
    for node in nodes:  # grows while it is walked
        for x in node.inputs:
            if isinstance(x, Value) and x not in seen:
                seen.add(x)
                nodes.append(x)
        if len(nodes) > SHOWN:
            return False
    return v.op is not None


def draw_dot(
    root: Value | Sequence[Value], format: str = "svg", rankdir: str = "LR", **options: Any
) -> graphviz.Digraph:
    """The drawing as a `graphviz.Digraph`, with micrograd's arguments.

    In a notebook it shows even where the `dot` program is missing.  Raises ImportError, naming the
    extra to install, where the package `graphviz` is missing.

    >>> from autograd import Value, draw_dot
    >>> type(draw_dot(Value(1.0) + Value(2.0))).__mro__[1].__name__
    'Digraph'
    """
    from autograd.views.digraph import digraph

    picture = graph(root, direction=rankdir, **options)
    return digraph(dot.body(picture.drawing(), rankdir), format, picture)


def _values(thing: Any) -> list[Value]:
    """The Values in a list, tuple or dict, however nested."""
    out: list[Value] = []
    stack = [thing]
    while stack:
        part = stack.pop()
        if isinstance(part, Value):
            out.append(part)
        elif isinstance(part, (list, tuple)):
            stack += reversed(part)
        elif isinstance(part, dict):
            stack += reversed(list(part.values()))
        elif isinstance(part, np.ndarray) and part.dtype == object:
            stack += reversed(part.ravel().tolist())
    return list({v.serial: v for v in out}.values())


def _snapshot(
    roots: list[Value], labels: dict[int, str], names: Mapping[str, object], found: Watch | None
) -> Snapshot:
    here = variables(caller()) if found is None else {}
    with uncollected():
        values = collect(roots)
        known, paths = name_values(values, here, names)
        known = {**(found.names if found else {}), **known, **labels}
        sources = {v.serial: found.source(v.serial) for v in values} if found else {}
        return take(roots, known, spread_paths(values, paths), sources, values)


def _run(
    f: Callable[..., Any], args: tuple[Any, ...], create_graph: bool
) -> tuple[list[Value], dict[int, str], Watch]:
    """Call f on fresh Values, run backward, and name what the function's variables held."""
    labels: dict[int, str] = {}
    fresh = [
        _fresh(x, name, labels) for x, name in zip(args, parameter_names(f, len(args)), strict=True)
    ]
    watch = Watch()
    with watching(watch):
        y = f(*fresh)
    roots = _values(y)
    if not roots:
        raise TypeError(
            f"{getattr(f, '__name__', 'the function')} returned no Value: its result does not "
            "depend on its arguments through operations of this library"
        )
    values = collect(roots)
    order = [v for v in reversed(values) if v.op is not None]
    seeds = {v: ones(v.data) for v in roots}
    grads = pullback(order, dict(seeds), set(values), record=create_graph, keep=True)
    for v, g in grads.items():
        v._grad = getattr(g, "data", g) if isinstance(g, Value) else g
    if create_graph:
        leaves = [v for v in values if v.serial in labels and isinstance(grads.get(v), Value)]
        for leaf in leaves:
            labels[grads[leaf].serial] = f"d/d{labels[leaf.serial]}"
        roots = list({v.serial: v for v in [*roots, *(grads[leaf] for leaf in leaves)]}.values())
    return roots, labels, watch


def _fresh(thing: Any, name: str, labels: dict[int, str]) -> Any:
    """Numbers and arrays in an argument as new Values, so that the caller's own stay untouched."""
    if isinstance(thing, Value):
        thing = thing.data
    if isinstance(thing, dict):
        return {k: _fresh(part, f"{name}[{k!r}]", labels) for k, part in thing.items()}
    if isinstance(thing, (list, tuple)) and not hasattr(thing, "_fields"):
        return type(thing)(_fresh(part, f"{name}[{i}]", labels) for i, part in enumerate(thing))
    if isinstance(thing, (float, int, complex, np.number, np.ndarray)) and not isinstance(
        thing, bool
    ):
        v = Value(thing)
        labels[v.serial] = name
        return v
    return thing


def _mark(snapshot: Snapshot, mark: Mapping[Any, str]) -> None:
    """Put the caller's remarks on nodes and edges."""
    for key, text in mark.items():
        if isinstance(key, tuple):
            node, slot = key
            snapshot.edge_notes[find(snapshot, node, serials=True), int(slot)] = clean(str(text))
        else:
            snapshot.notes[find(snapshot, key, serials=True)] = clean(str(text))


def _failure(thing: Any, mark: Mapping[Any, str]) -> tuple[Any, Mapping[Any, str]]:
    """What an error of `debug()` or a report of `gradcheck` is about, with what it marks."""
    if isinstance(thing, Exception):
        node = getattr(thing, "node", None)
        if not isinstance(node, Value):
            raise TypeError(
                f"{type(thing).__name__} names no node: graph draws the errors of autograd.debug()"
            )
        return node, {node: str(thing).partition("\n")[0], **mark}
    found, marks = getattr(thing, "graph", None), getattr(thing, "marks", None)
    if isinstance(found, Value) and isinstance(marks, dict):
        return found, {**marks, **mark}
    return thing, mark
