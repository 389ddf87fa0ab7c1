"""The forward walk, oldest node to newest: `pushforward` carries tangents by the kind of each row.

There is no second table of rules: an elementwise row pushes with its own vjp, a linear one applies
its function to the tangent, and for any other the vjp, which is linear in g, is transposed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np

from autograd.engine import reverse
from autograd.engine.cotangents import broadcast, match_primal, unwrap, zero_of
from autograd.engine.primitive import Primitive
from autograd.engine.strong_zero import WHERE, is_finite, strong_zero_on
from autograd.engine.value import Value, fresh


def pushforward(
    order: Sequence[Value], tangents: dict[Value, Any], record: bool = False
) -> dict[Value, Any]:
    """Carry tangents from the variables to every dependent node:
    tangents[y] = sum over inputs x of (dy/dx) tangents[x].

    order     the nodes to pass, newest first
    tangents  those of the variables
    record    run the rules on Values
    """
    for v in reversed(order):
        assert v.op is not None
        if not record and type(v.data) is float and v.params is None:
            t = push_number(v, v.op, tangents)
            if t is not None:
                tangents[v] = t
                continue
        moving = {
            i: tangents[x] for i, x in enumerate(v.inputs) if type(x) is Value and x in tangents
        }
        args = v.inputs if record else tuple([unwrap(x) for x in v.inputs])
        y = v if record else v.data
        parts = push(v.op, moving, y, args, v.params or {})
        tangents[v] = reduce(lambda a, b: a + b, [match_primal(t, v.data, v.op) for t in parts])
    return tangents


def push_number(v: Value, op: Primitive, tangents: dict[Value, Any]) -> float | None:
    """`push` for a plain number made of numbers, whose rules are their own transposes; None where
    something else is involved, for the general way to deal with."""
    if op.jvps or op.kind not in ("elementwise", "linear"):
        return None
    total = 0.0
    args = [x.data if type(x) is Value else x for x in v.inputs]
    for x, rule in zip(v.inputs, op.vjps, strict=False):
        if type(x) is Value and x in tangents:
            t = tangents[x]
            if type(t) is not float or type(x.data) is not float or rule is None:
                return None
            try:
                total += rule(t, v.data, *args)
            except ArithmeticError:
                return None
    return total if type(total) is float and math.isfinite(total) else None


def push(
    op: Primitive, moving: dict[int, Any], y: Any, args: tuple[Any, ...], params: dict[str, Any]
) -> list[Any]:
    """The tangents of y that the moving arguments bring about, to be summed."""
    if op.jvps:
        return [custom_push(op, i, t, y, args, params) for i, t in moving.items()]
    if op.kind == "linear":
        return [op(*[moving[i] if i in moving else still(x) for i, x in enumerate(args)], **params)]
    if op.kind == "multilinear":
        return [op(*args[:i], t, *args[i + 1 :], **params) for i, t in moving.items()]
    rules = op.vjps or op.rules(len(args))
    for i in moving:
        if rules[i] is None:
            raise reverse.no_rule(op, args[i])
    how = push_elementwise if op.kind == "elementwise" else push_transposed
    return [how(rules[i], t, y, args, i, params) for i, t in moving.items()]


def still(x: Any) -> Any:
    """The zero tangent of a constant argument of a linear operation."""
    return zero_of(np.asarray(unwrap(x), dtype=np.result_type(unwrap(x), np.float16))[()])


def custom_push(
    op: Primitive, slot: int, t: Any, y: Any, args: tuple[Any, ...], params: dict[str, Any]
) -> Any:
    """The forward rule that a custom function was given."""
    rule = op.jvps[slot] if slot < len(op.jvps) else None
    if rule is None:
        raise NotImplementedError(
            f"{op.name} has no forward rule for argument {slot}: give it one with "
            "autograd.extend.defjvp, or define only defvjp and forward mode will transpose it"
        )
    return rule(t, y, *args, **params)


def push_elementwise(
    rule: Any, t: Any, y: Any, args: tuple[Any, ...], slot: int, params: dict[str, Any]
) -> Any:
    """A diagonal Jacobian is its own transpose: the vjp of the tangent."""
    t = broadcast(t, np.shape(unwrap(y)))
    c = derivative_rule(rule, t, y, args, params)
    if strong_zero_on() and not is_finite(unwrap(c)):
        slope = derivative_rule(
            rule, broadcast(1.0, np.shape(unwrap(y))), unwrap(y), map(unwrap, args), params
        )
        c = WHERE(np.asarray(slope) == 0, 0.0, c)
    return c


def derivative_rule(rule: Any, t: Any, y: Any, args: Any, params: dict[str, Any]) -> Any:
    """One call of a rule; at a pole of Python floats with NumPy's scalars."""
    args = tuple(args)
    try:
        return rule(t, y, *args, **params)
    except ArithmeticError:
        return reverse.at_a_pole(rule, t, y, args, params)


def push_transposed(
    rule: Any, t: Any, y: Any, args: tuple[Any, ...], slot: int, params: dict[str, Any]
) -> Any:
    """J t from the rule g -> J^T g, which is linear in g: the pullback of t through the rule."""
    g = fresh(zero_of(unwrap(y)) if not isinstance(unwrap(y), tuple) else unwrap(y))
    z = rule(g, y, *args, **params)
    if type(z) is not Value:
        return zero_of(unwrap(y))
    record = type(t) is Value or type(y) is Value
    order, _ = reverse.recorded([z], g.serial)
    inner, active = reverse.dependents(order, [g])
    if z not in active:
        return zero_of(unwrap(y))
    grads = reverse.pullback(inner, {z: broadcast(t, z.shape)}, active, record=record)
    return grads.get(g, zero_of(unwrap(y)))
