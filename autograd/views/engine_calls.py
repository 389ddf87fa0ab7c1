"""What the views ask of the engine and its rows, each question in one function."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograd.engine.node import Observer, observe
from autograd.engine.primitive import Primitive, zero_vjp
from autograd.engine.reverse import pullback, with_numpy_scalars
from autograd.engine.value import Value
from autograd.user_frame import LIBRARIES


def contributions(
    op: Primitive, wanted: Sequence[bool], g: Any, y: Any, args: Sequence[Any], params: Any
) -> Sequence[Any]:
    """What a node with cotangent g gives each wanted argument, in one call; None is zero."""
    try:
        found: Sequence[Any] = op.vjp_all(wanted, g, y, *args, **params)
    except ArithmeticError:  # Python floats raise at a pole, where NumPy says infinity
        found = with_numpy_scalars(op, wanted, g, y, args, params)
    return found


def is_constant_slot(op: Primitive, slot: int) -> bool:
    """True where y is known not to depend on an argument, or only in steps."""
    return slot < len(op.vjps) and op.vjps[slot] is zero_vjp


def stored_gradient(v: Value) -> Any:
    """The gradient that `backward` left, None where there was none."""
    return v.grad if v.has_grad else None


def observed_backward(
    order: Sequence[Value], seeds: dict[Any, Any], active: Iterable[Value], observer: Observer
) -> None:
    """The reverse walk; `observer` sees every contribution, in order."""
    with observe(observer):
        pullback(order, seeds, active=set(active), keep=False)


def gradients_from(root: Value, values: Sequence[Value]) -> dict[Any, Any]:
    """What backward from `root` would leave in all `values` (oldest first); nothing is stored."""
    order = [v for v in reversed(values) if v.op is not None and v.serial <= root.serial]
    found: dict[Any, Any] = pullback(order, {root: seed_of(root.data)}, set(values), keep=True)
    return found


def seed_of(data: Any) -> Any:
    """A cotangent of ones in the shape and dtype of the data: the seed of every drawn backward.

    >>> seed_of(2.0)
    1.0
    """
    if isinstance(data, tuple):
        return type(data)(seed_of(part) for part in data)
    if isinstance(data, float | int | complex | np.generic):
        return type(data)(1)
    return np.ones_like(data)


def rule_place(op: Primitive, slot: int) -> str:
    """`file:line` of the user's function that gives the contribution to an argument; "" where the
    rule is the library's own."""
    rule = op.written.get(slot, op.written.get(0))
    while isinstance(rule, partial):
        rule = rule.func
    code = getattr(rule, "__code__", None)
    if code is None or code.co_filename.startswith(LIBRARIES):
        return ""
    return f"{code.co_filename}:{code.co_firstlineno}"
