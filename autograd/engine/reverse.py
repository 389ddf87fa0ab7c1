"""The reverse walk, newest node to oldest: `pullback` sums cotangents by the chain rule.

Creation order is a topological order, so a walk is one sort and one loop; nothing recurses.
It runs the rules on raw data, or, with `record`, on the Values themselves: then the derivatives
that come out are Values, and can be differentiated again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Final

import numpy as np

from autograd.engine.cotangents import copy_if_aliased, match_primal, one_of, seed_of, zero_of
from autograd.engine.primitive import ABSENT, MANY, Node, Primitive
from autograd.engine.scalar_reverse import GRADIENTS, backward_numbers, by_serial
from autograd.engine.strong_zero import masked, strong_zero_on

ndarray: Final = np.ndarray
CHECKS: Final[dict[str, Callable[..., None]]] = {}
"""While `autograd.debug` is on, its check of every contribution: {"contribution": check}."""


# --- order ----------------------------------------------------------------------------------------
def recorded(roots: Iterable[Any], start: int = 0) -> tuple[list[Any], bool]:
    """The computed nodes from serial `start` on that the roots depend on, newest first; and whether
    older Values were met (to a walk that begins at `start` those are constants)."""
    found = [v for v in roots if isinstance(v, Node)]
    kind = type(found[0]) if found else Node
    order: list[Any] = []
    seen = set()
    met_older = False
    for v in found:
        if v.serial < start:
            met_older = True
        elif v.op is not None and v not in seen:
            seen.add(v)
            order.append(v)
    for v in order:  # grows while it is walked
        for x in v.inputs:
            if type(x) is kind:
                if x.serial < start:
                    met_older = True
                elif x.op is not None and x not in seen:
                    seen.add(x)
                    order.append(x)
    order.sort(key=by_serial, reverse=True)
    return order, met_older


def ancestors(roots: Iterable[Any]) -> list[Any]:
    """All nodes that the roots depend on, leaves and the roots included, newest first."""
    roots = list(roots)
    order, _ = recorded(roots)
    nodes = {x for v in order for x in v.inputs if isinstance(x, Node)}
    return sorted(nodes.union(order, roots), key=by_serial, reverse=True)


def dependents(order: Sequence[Any], variables: Iterable[Any]) -> tuple[list[Any], set[Any]]:
    """Of the nodes in `order` (newest first), those that depend on a variable; and the set of these
    and the variables."""
    active = set(variables)
    inner = []
    for v in reversed(order):
        if v not in active:
            for x in v.inputs:
                if isinstance(x, Node) and x in active:
                    active.add(v)
                    inner.append(v)
                    break
    inner.reverse()
    return inner, active


# --- the walk -------------------------------------------------------------------------------------
def pullback(
    order: Sequence[Any],
    grads: dict[Any, Any],
    active: set[Any] | None = None,
    record: bool = False,
    keep: bool = False,
) -> dict[Any, Any]:
    """Sum the cotangents in `grads` down to the leaves: for y = op(x...), newest first,
    grads[x] += vjp(grads[y], y, x...).

    order   the nodes to pass, newest first
    grads   cotangents of the roots
    active  the nodes that count as variables; None for all
    record  run the rules on Values
    keep    return the cotangents of inner nodes too; else they are dropped when used up

    A first pass runs the rules as they are; only where NumPy's "invalid" flag is raised (0 * inf,
    inf - inf) is the pass done again with the zero rule of `autograd.engine.strong_zero`.
    """
    check = CHECKS.get("contribution")
    masks = strong_zero_on()
    safe = masks and check is not None
    alarms: list[Any] = []
    with np.errstate(invalid="call", call=lambda *flag: alarms.append(flag)):
        result = accumulate(order, dict(grads), active, record, keep, check, masks, safe)
        if alarms and masks and not safe:
            result = accumulate(order, dict(grads), active, record, keep, check, masks, True)
    return result


def accumulate(
    order: Sequence[Any],
    grads: dict[Any, Any],
    active: set[Any] | None,
    record: bool,
    keep: bool,
    check: Callable[..., None] | None,
    masks: bool,
    safe: bool,
) -> dict[Any, Any]:
    """One pass of `pullback`.  `masks`: the zero rule is on; `safe`: and applied from the start,
    else only from the first operation on that may drop entries whatever they are."""
    kind: Any = type(order[0]) if order else Node
    take = grads.get if keep else grads.pop
    c: Any
    for v in order:
        g = take(v, None)
        if g is None:
            continue
        op, params = v.op, v.params
        first, second = v._first, v._second  # `v.inputs`, without a call
        inputs: Any = (first,) if second is ABSENT else first if second is MANY else (first, second)
        y = v if record else v.data
        args = inputs if record else [x.data if type(x) is kind else x for x in inputs]
        safe = safe or (masks and op.selects)
        rules: Sequence[Any] = op.vjps
        if op.joint is not None:
            rules = [partial(given, c) for c in op.joint(g, y, *args, **(params or {}))]
            args = ()  # each rule has its outcome already; n arguments for n rules would be n * n
        elif not rules:
            rules = op.rules(len(inputs))
        for x, rule in zip(inputs, rules, strict=True):
            if type(x) is not kind or (active is not None and x not in active):
                continue
            if rule is None:
                raise no_rule(op, x)
            data = x.data
            if type(g) is float and g == 0.0 and masks and type(data) is float:
                c = 0.0
            else:
                try:
                    c = rule(g, y, *args, **params) if params else rule(g, y, *args)
                except ArithmeticError:
                    c = at_a_pole(rule, g, y, args, params or {})
                if c is None:
                    c = zero_of(data)
                elif safe or (record and type(data) is float):
                    c = masked(c, g, v, op, rule, y, args)
                if type(c) is not type(data) or (
                    type(c) is ndarray and (c.shape != data.shape or c.dtype is not data.dtype)
                ):
                    c = match_primal(c, data, op)
            if check is not None:
                check(v, x, c, g)
            grads[x] = grads[x] + c if x in grads else c
    return grads


def given(c: Any, *args: Any, **params: Any) -> Any:
    """A contribution that is there already, as a rule."""
    return c


def at_a_pole(rule: Any, g: Any, y: Any, args: Any, params: dict[str, Any]) -> Any:
    """A rule where Python floats raise (1 / 0.0): NumPy's scalars give infinity or NaN instead."""
    g, y, *args = [np.float64(x) if type(x) in (float, int) else x for x in (g, y, *args)]
    with np.errstate(all="ignore"):
        return rule(g, y, *args, **params)


def no_rule(op: Primitive, x: Any) -> NotImplementedError:
    """The error for an argument without a derivative."""
    return NotImplementedError(
        f"{op.name} has no derivative with respect to its argument {x!r}: pass its .data (a "
        "constant), or give the operation a rule with autograd.extend.defvjp"
    )


def backward(root: Any, seed: Any, create_graph: bool) -> None:
    """`Value.backward`: every node shows its gradient, leaves add to what they have."""
    g = (
        one_of(root.data, root.label or "this one")
        if seed is None
        else seed_of(seed, root.data, "the seed")
    )
    if (
        isinstance(g, float)
        and not create_graph
        and not CHECKS
        and backward_numbers(root, float(g))
    ):
        return
    order, _ = recorded([root])
    grads = pullback(order, {root: g}, record=create_graph, keep=True)
    taken = {id(seed)}
    with GRADIENTS:
        for v in order:
            v._grad = g = grads.pop(v, None)
            taken.add(id(g))
        for v, g in grads.items():
            g = copy_if_aliased(g, taken)
            v._grad = g if v._grad is None else v._grad + g
