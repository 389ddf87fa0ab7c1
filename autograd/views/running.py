"""Running a function to draw it, with its gradient and all that is seen on the way."""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from autograd.engine.conversion import freeze
from autograd.engine.reverse import pullback
from autograd.engine.value import Value
from autograd.views.capture import collect
from autograd.views.engine_calls import seed_of
from autograd.views.watching import CallWatcher, parameter_names, watch_calls


@dataclass(slots=True)
class FunctionRun:
    """What is known of a function that was run to be drawn.

    labels   the names of its arguments, by serial
    grads    the gradients of its nodes, by serial
    watcher  what was seen while it ran
    places   where the modules that it used are looked for
    """

    labels: dict[int, str]
    grads: dict[int, Any]
    watcher: CallWatcher
    places: dict[str, object]


def values_in(thing: Any) -> list[Value]:
    """The Values in a list, tuple or dict, however nested."""
    out: list[Value] = []
    stack = [thing]
    while stack:
        part = freeze(stack.pop())
        if isinstance(part, Value):
            out.append(part)
        elif isinstance(part, list | tuple):
            stack += reversed(part)
        elif isinstance(part, dict):
            stack += reversed(list(part.values()))
        elif isinstance(part, np.ndarray) and part.dtype == object:
            stack += reversed(part.ravel().tolist())
    return list({v.serial: v for v in out}.values())


def run_function(
    f: Callable[..., Any], args: tuple[Any, ...], create_graph: bool
) -> tuple[list[Value], FunctionRun]:
    """Call f on fresh Values, pull back, and name what the function's variables held.  The
    gradients are kept beside the Values: those of the caller are not touched."""
    labels: dict[int, str] = {}
    fresh = [
        fresh_copy(x, name, labels)
        for x, name in zip(args, parameter_names(f, len(args)), strict=True)
    ]
    watcher = CallWatcher()
    with watch_calls(watcher):
        y = f(*fresh)
    roots = values_in(y)
    if not roots:
        raise TypeError(
            f"{getattr(f, '__name__', 'the function')} returned no Value: its result does not "
            "depend on its arguments through operations of this library; write it with NumPy or "
            "autograd, and give its arguments: graph(f, *args)"
        )
    values = collect(roots)
    order = [v for v in reversed(values) if v.op is not None]
    first = {roots[0]: seed_of(roots[0].data)}  # the pictures go backward from one root at a time
    grads = pullback(order, first, set(values), record=create_graph, keep=True)
    by_serial = {v.serial: g for v, g in grads.items()}
    if create_graph:
        leaves = [v for v in values if v.serial in labels and isinstance(grads.get(v), Value)]
        for leaf in leaves:
            labels[grads[leaf].serial] = f"d/d{labels[leaf.serial]}"
        roots = list({v.serial: v for v in [*roots, *(grads[leaf] for leaf in leaves)]}.values())
    return roots, FunctionRun(labels, by_serial, watcher, places_of(f))


def places_of(f: Callable[..., Any]) -> dict[str, object]:
    """The variables of a function's surroundings: what it closes over, and its module's."""
    while isinstance(f, functools.partial):
        f = f.func
    f = inspect.unwrap(f)
    found = {} if inspect.isbuiltin(f) else dict(getattr(f, "__globals__", {}))
    code, cells = getattr(f, "__code__", None), getattr(f, "__closure__", None) or ()
    for name, cell in zip(code.co_freevars if code else (), cells, strict=False):
        with contextlib.suppress(ValueError):  # an empty cell
            found[name] = cell.cell_contents
    owner = getattr(f, "__self__", f)
    if not isinstance(owner, FunctionType | type | ModuleType):
        found[type(owner).__name__] = owner
    return {name: thing for name, thing in found.items() if not name.startswith(("_", "@"))}


def fresh_copy(thing: Any, name: str, labels: dict[int, str]) -> Any:
    """Numbers and arrays in an argument as new Values, so that the caller's own stay untouched."""
    if isinstance(thing, Value):
        thing = thing.data
    if isinstance(thing, dict):
        return {k: fresh_copy(part, f"{name}[{k!r}]", labels) for k, part in thing.items()}
    if isinstance(thing, list | tuple) and not hasattr(thing, "_fields"):
        return type(thing)(fresh_copy(part, f"{name}[{i}]", labels) for i, part in enumerate(thing))
    if isinstance(thing, float | int | complex | np.number | np.ndarray) and not isinstance(
        thing, bool
    ):
        v = Value(thing)
        labels[v.serial] = name
        return v
    return thing
