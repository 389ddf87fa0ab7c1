"""`graph`, `draw` and `draw_dot`: from Values, or from a function and arguments, to a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from autograd.engine.value import Value
from autograd.user_frame import calling_frame
from autograd.views import dot
from autograd.views.capture import Annotations, collect, take_snapshot, uncollected
from autograd.views.computation_graph import Graph
from autograd.views.modules import operation_paths
from autograd.views.names import array_names, name_values, variables
from autograd.views.running import FunctionRun, run_function, values_in
from autograd.views.scopes import Scopes, scope_paths
from autograd.views.select import find
from autograd.views.snapshot import Snapshot
from autograd.views.summary import Datum, Summary, clean, datum, shown

if TYPE_CHECKING:
    import graphviz


class Marked(Protocol):
    """A report of the gradient checker: the Value that it is about, and what it marks."""

    graph: Any
    marks: dict[Any, str]


SMALL = 100
"""A notebook draws a bare Value of at most so many nodes; a larger one waits for `v.graph()`."""

Pair = tuple[Callable[..., Any], Callable[..., Any]]
Drawable = (
    Value | Sequence[Value] | Mapping[str, Value] | Callable[..., Any] | Pair | Exception | Marked
)
"""What `graph` draws."""


def graph(
    thing: Drawable,
    *args: Any,
    names: Mapping[str, object] | None = None,
    mark: Mapping[Any, str] | None = None,
    direction: str = "",
    fold: bool = True,
    title: str = "",
    create_graph: bool = False,
) -> Graph:
    """The computation graph of a Value, of several, or of `f(*args)` with its gradient.

    thing         a Value, a list of Values, a function to be called with `args`, a pair (f, df) of
                  a function and its claimed derivative, which is compared, an error of
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
    run: FunctionRun | None = None
    thing, mark = marked_failure(thing, mark or {})
    derivative: Callable[..., Any] | None = None
    if is_pair(thing):
        functions: Any = thing
        thing, derivative = functions
    if not isinstance(thing, Value) and callable(thing):
        roots, run = run_function(thing, args, create_graph)
    elif args:
        raise TypeError("graph(v) takes no further arguments; graph(f, *args) draws a function")
    else:
        roots = [thing] if isinstance(thing, Value) else values_in(thing)
        if not roots:
            raise TypeError(no_graph(thing))
    snapshot = snapshot_of(roots, names or {}, run)
    add_marks(snapshot, mark)
    if derivative is not None:
        mark_claims(snapshot, derivative, args)
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
    """True for a computed Value of at most `SMALL` nodes; looks at no more than these."""
    nodes = [v]
    seen = {v}
    for node in nodes:  # grows while it is walked
        for x in node.inputs:
            if isinstance(x, Value) and x not in seen:
                seen.add(x)
                nodes.append(x)
        if len(nodes) > SMALL:
            return False
    return v.op is not None


def draw_dot(
    root: Value | Sequence[Value],
    format: str = "svg",
    rankdir: str = "LR",
    *,
    names: Mapping[str, object] | None = None,
    mark: Mapping[Any, str] | None = None,
    fold: bool = True,
    title: str = "",
) -> graphviz.Digraph:
    """The drawing as a `graphviz.Digraph`, with micrograd's arguments and those of `graph`.

    In a notebook it shows even where the `dot` program is missing.  Raises ImportError, naming the
    extra to install, where the package `graphviz` is missing.

    >>> from autograd import Value, draw_dot
    >>> type(draw_dot(Value(1.0) + Value(2.0))).__mro__[1].__name__
    'Digraph'
    """
    from autograd.views.digraph import digraph

    picture = graph(root, names=names, mark=mark, direction=rankdir, fold=fold, title=title)
    return digraph(dot.body(picture.drawing(), rankdir), format, picture)


def snapshot_of(
    roots: list[Value], names: Mapping[str, object], run: FunctionRun | None
) -> Snapshot:
    """The snapshot, with all that is known about names, modules, source lines and gradients."""
    here = variables(calling_frame()) if run is None else run.places
    with uncollected():
        values = collect(roots)
        known, paths, owners = name_values(values, here, names)
        known = {**run.watcher.names, **known, **run.labels} if run else known
        sources = {v.serial: run.watcher.source(v.serial) for v in values} if run else {}
        grads = run.grads if run else {}
        arrays = array_names(here)
        scopes = Scopes({}, set())
        if run and (calls := run.watcher.calls()):
            objects = {id(thing): path for path, thing in owners.items()}
            scopes = scope_paths(values, calls, objects)
        if run:
            arrays.update({key: name for key, (name, _) in run.watcher.arrays.items()})
        around = scopes.paths or operation_paths(values, paths, owners)
        annotations = Annotations(known, around, sources, grads, arrays, scopes.functions)
        return take_snapshot(roots, values, annotations)


def add_marks(snapshot: Snapshot, mark: Mapping[Any, str]) -> None:
    """Put the caller's remarks on nodes and edges."""
    for key, text in mark.items():
        if isinstance(key, tuple):
            node, slot = key
            snapshot.edge_notes[find(snapshot, node, serials=True), int(slot)] = clean(str(text))
        else:
            snapshot.notes[find(snapshot, key, serials=True)] = clean(str(text))


def is_pair(thing: Any) -> bool:
    """True for a function and its derivative."""
    pair = isinstance(thing, tuple | list) and len(thing) == 2
    return pair and all(callable(f) and not isinstance(f, Value) for f in thing)


def no_graph(thing: Any) -> str:
    """What to do with a thing that has no graph."""
    if hasattr(thing, "graph") and hasattr(thing, "marks"):
        return (
            "this report has no graph: the function was not recorded, or nothing is wrong with it; "
            "draw the function itself, graph(f, *args)"
        )
    return (
        "graph needs a Value, a list of Values, or a function and its arguments, graph(f, *args); "
        f"not {type(thing).__name__}"
    )


def mark_claims(snapshot: Snapshot, derivative: Callable[..., Any], args: tuple[Any, ...]) -> None:
    """Compare a claimed derivative with the gradients of the graph, at the leaves that it is
    about; where it is wrong, both numbers are marked."""
    claimed = derivative(*args)
    claims = claimed if isinstance(claimed, tuple | list) and len(args) > 1 else (claimed,)
    leaves = [node for node in snapshot.nodes if not node.op]
    for node, claim in zip(leaves, claims, strict=False):
        number = datum(claim.data if isinstance(claim, Value) else claim)
        if node.grad is None or same_numbers(node.grad, number):
            continue
        snapshot.notes[node.id] = f"claimed {shown(number)}, the graph gives {shown(node.grad)}"


def same_numbers(a: Datum, b: Datum) -> bool:
    """Equal up to the rounding of another way to compute them."""
    x, y = (part.array if isinstance(part, Summary) else part for part in (a, b))
    return np.shape(x) == np.shape(y) and bool(np.allclose(x, y, rtol=1e-6, equal_nan=True))


def marked_failure(thing: Any, mark: Mapping[Any, str]) -> tuple[Any, Mapping[Any, str]]:
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
