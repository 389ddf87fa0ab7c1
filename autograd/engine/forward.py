"""The forward walk, oldest node to newest: `pushforward` carries tangents by the kind of each row.

There is no second table of rules: an elementwise row pushes with its own vjp, a linear one applies
its function to the tangent, and for any other the vjp, which is linear in g, is transposed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.engine import ancestry, reverse
from autograd.engine.arrays import as_array, is_foreign, shape_of
from autograd.engine.cotangents import broadcast, match_primal, own_copy, unwrap, zero_of
from autograd.engine.outputs import OutputTuple
from autograd.engine.primitive import Primitive
from autograd.engine.strong_zero import WHERE, is_finite, strong_zero_on
from autograd.engine.value import Value, new_variable

Push = Callable[[Primitive, int, Any, Any, tuple[Any, ...], dict[str, Any]], Any]
"""What a row does with one tangent: push(op, slot, tangent, y, args, params)."""


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
        params = v.params or {}
        if v.op.saves is not None and not record and v._notes and "saved" in v._notes:
            params = {**params, "saved": v._notes["saved"]}
        parts = push(v.op, moving, v if record else v.data, args, params)
        total = None
        for t in parts:
            t = match_output(t, v)
            total = t if total is None else total + t
        tangents[v] = total
    return tangents


def match_output(t: Any, v: Value) -> Any:
    """A tangent in the shape and dtype of the output of v, or of each of its outputs."""
    assert v.op is not None
    if not isinstance(v.data, OutputTuple):
        return match_primal(zero_of(v.data) if t is None else t, v.data, v.op)
    return OutputTuple(
        None if part is None else match_primal(broadcast(part, shape_of(y)), y, v.op)
        for part, y in zip(t, v.data, strict=True)
    )


def push_number(v: Value, op: Primitive, tangents: dict[Value, Any]) -> float | None:
    """`push` for a plain number made of numbers, whose rules are their own transposes; None where
    something else is involved, for the general way to deal with."""
    if op.jvps or op.kind not in ("elementwise", "linear") or len(op.vjps) != len(v.inputs):
        return None
    total = 0.0
    args = [x.data if type(x) is Value else x for x in v.inputs]
    for x, rule in zip(v.inputs, op.vjps, strict=True):
        if type(x) is Value and x in tangents:
            t = tangents[x]
            if type(t) is not float or type(x.data) is not float:
                return None
            try:
                c = rule(t, v.data, *args)
            except ArithmeticError:
                return None
            total += 0.0 if c is None else c
    return total if type(total) is float and math.isfinite(total) else None


def push(
    op: Primitive, moving: dict[int, Any], y: Any, args: tuple[Any, ...], params: dict[str, Any]
) -> list[Any]:
    """The tangents of y that the moving arguments bring about, to be summed."""
    if op.kind == "linear" and not op.jvps:
        tangents = [moving[i] if i in moving else zero_tangent(x) for i, x in enumerate(args)]
        return [op(*tangents, **params)]
    how: Push = push_elementwise if op.kind == "elementwise" else push_transposed
    if op.jvps:
        how = custom_push
    elif op.kind == "multilinear":
        how = push_multilinear
    with np.errstate(invalid="ignore"):
        return [push_strongly(how, op, i, t, y, args, params) for i, t in moving.items()]


def push_strongly(
    how: Push,
    op: Primitive,
    slot: int,
    t: Any,
    y: Any,
    args: tuple[Any, ...],
    params: dict[str, Any],
) -> Any:
    """One tangent of y.  Where the derivative is zero, so is the tangent, whatever comes in: only
    entries that a number at the places of the infinities and NaNs of t would move depend on them
    (a random number, so that no sum over such places is zero)."""
    c = how(op, slot, t, y, args, params)
    if c is None or not strong_zero_on() or is_finite(unwrap(c)) or is_finite(unwrap(t)):
        return c
    if isinstance(unwrap(t), tuple) or isinstance(unwrap(c), tuple):
        return c
    finite = np.isfinite(unwrap(t))
    number = np.random.default_rng(0).uniform(1, 2, shape_of(finite))
    places = np.where(finite, 0.0, number).astype(np.result_type(unwrap(t)))[()]
    plain = tuple([unwrap(x) for x in args])
    met = how(op, slot, places, unwrap(y), plain, params)
    clean = how(op, slot, WHERE(finite, t, 0.0), y, args, params)
    return WHERE(as_array(met) != 0, c, clean)


def zero_tangent(x: Any) -> Any:
    """The tangent of a constant argument of a linear operation."""
    x = unwrap(x)
    dtype = np.result_type(x, np.float16)
    return zero_of(x.astype(dtype) if is_foreign(x) else np.asarray(x, dtype=dtype)[()])


def custom_push(
    op: Primitive, slot: int, t: Any, y: Any, args: tuple[Any, ...], params: dict[str, Any]
) -> Any:
    """The forward rule that a custom function was given."""
    if slot not in op.jvps:
        raise NotImplementedError(
            f"{op.name} has no forward rule for argument {slot}: give it one with "
            "autograd.extend.defjvp, or define only defvjp and forward mode will transpose it"
        )
    rule = op.jvps[slot]
    return zero_of(unwrap(y)) if rule is None else own_copy(rule(t, y, *args, **params))


def push_elementwise(
    op: Primitive, slot: int, t: Any, y: Any, args: tuple[Any, ...], params: dict[str, Any]
) -> Any:
    """A diagonal Jacobian is its own transpose: the vjp of the tangent."""
    c = contribution_at(op, slot, broadcast(t, shape_of(unwrap(y))), y, args, params)
    return zero_of(unwrap(y)) if c is None else c


def push_multilinear(
    op: Primitive, slot: int, t: Any, y: Any, args: tuple[Any, ...], params: dict[str, Any]
) -> Any:
    """The operation itself, with the tangent in place of the argument."""
    return op(*args[:slot], t, *args[slot + 1 :], **params)


def contribution_at(
    op: Primitive, slot: int, t: Any, y: Any, args: tuple[Any, ...], params: dict[str, Any]
) -> Any:
    """`op.vjp_at`; at a pole of Python floats with NumPy's scalars."""
    try:
        return op.vjp_at(slot, t, y, *args, **params)
    except ArithmeticError:
        wanted = [i == slot for i in range(len(args))]
        return reverse.with_numpy_scalars(op, wanted, t, y, args, params)[slot]


def push_transposed(
    op: Primitive, slot: int, t: Any, y: Any, args: tuple[Any, ...], params: dict[str, Any]
) -> Any:
    """J t from the rule g -> J^T g, which is linear in g: the pullback of t through the rule."""
    plain = unwrap(y)
    several = isinstance(plain, tuple)
    parts = [new_variable(zero_of(part)) for part in (plain if several else (plain,))]
    z = op.vjp_at(slot, OutputTuple(parts) if several else parts[0], y, *args, **params)
    if type(z) is not Value:
        return zero_of(plain)
    found = ancestry.find_ancestors([z], parts[0].serial)
    inner, active = ancestry.dependents(found.computed, parts)
    if z not in active:
        return zero_of(plain)
    record = type(t) is Value or type(y) is Value or found.met_older
    grads = reverse.pullback(inner, {z: broadcast(t, z.shape)}, active, record=record)
    pushed = [grads.get(part) for part in parts]
    if several:
        return OutputTuple(pushed)
    return zero_of(plain) if pushed[0] is None else pushed[0]


# --- by way of the reverse walk -------------------------------------------------------------------
def push_by_pulling(
    order: Sequence[Value],
    tangents: dict[Value, Any],
    roots: Sequence[Value],
    active: set[Any] | None,
    record: bool = False,
) -> dict[Value, Any]:
    """What `pushforward` computes for some roots, where a rule raises `reverse.GraphNeededError`:
    the pullback is linear in the cotangents u of the roots, and J t is the pullback of t through
    it.  The u are random numbers, so that what a rule checks in its cotangents is checked."""
    rng = np.random.default_rng(0)
    cotangents = {v: new_variable(random_like(v.data, rng)) for v in roots}
    start = min(u.serial for u in cotangents.values())
    found = reverse.pullback(order, dict(cotangents), active, record=True)
    seeds: dict[Any, Any] = {}
    for v, t in tangents.items():
        pairs = zip(found[v], t, strict=True) if isinstance(t, tuple) else ((found[v], t),)
        for z, part in pairs if v in found else ():
            if type(z) is Value and part is not None and z.serial >= start:
                part = broadcast(part, z.shape)
                seeds[z] = seeds[z] + part if z in seeds else part
    ancestors = ancestry.find_ancestors(seeds, start)
    inner, active = ancestry.dependents(ancestors.computed, cotangents.values())
    seeds = {z: t for z, t in seeds.items() if z in active}
    pushed = reverse.pullback(inner, seeds, active, record=record)
    return {v: pushed[u] if u in pushed else zero_of(v.data) for v, u in cotangents.items()}


def random_like(data: Any, rng: np.random.Generator) -> Any:
    """Random numbers in the shape and dtype of some data."""
    x = rng.uniform(0.5, 1.0, np.shape(data))
    if np.iscomplexobj(data):
        x = x + 1j * rng.uniform(0.5, 1.0, np.shape(data))
    return np.asarray(x, np.result_type(data))[()]


def dependents_between(z: Value, v: Any) -> tuple[list[Any], set[Any]]:
    """The nodes by which z depends on the node v, newest first, and the set of these and v."""
    return ancestry.dependents(ancestry.computed_ancestors([z], v.serial), [v])


def depends_on(z: Any, v: Any) -> bool:
    """Whether z was computed from the node v."""
    return type(z) is Value and z in dependents_between(z, v)[1]


def derivative_along(z: Any, v: Any, t: Any) -> Any:
    """The derivative of z, as a Value, where the node v moves by t and whatever does not depend on
    v stays: for a rule that differentiates its cotangent.  Zero where z does not depend on v."""
    if type(z) is not Value:
        return 0.0
    inner, active = dependents_between(z, v)
    if z not in active:
        return 0.0
    try:
        return pushforward(inner, {v: t}, record=True)[z]
    except reverse.GraphNeededError:
        return push_by_pulling(inner, {v: t}, [z], active, record=True)[z]
