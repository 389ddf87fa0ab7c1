"""`backward` of a graph of plain numbers, what scalar programs are made of.

The general walk keeps cotangents in a dict; here they stand in the nodes themselves, which is twice
as fast.  Only one such walk may run at a time, and nobody else may write gradients meanwhile: that
is what `GRADIENTS` guards.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import attrgetter
from threading import Lock
from typing import Any, Final

import numpy as np

from autograd.engine.primitive import ABSENT, identity_vjp

GRADIENTS: Final = Lock()
DOUBLES: Final = {float: float, np.float64: np.float64}
"""Numbers in double precision; NumPy's are five times slower, so the walk itself uses Python's."""

PENDING: Final = object()
"""Stands in `_grad` of a node that was reached and has no contribution yet."""

by_serial: Final = attrgetter("serial")


def backward_numbers(root: Any, seed: float) -> bool:
    """`walks.backward` where all is numbers in double precision, in operations of one or two
    arguments without parameters.  Returns False, and leaves the gradients of leaves as they were,
    where anything else turns up, a NaN included: the general walk does that properly."""
    with GRADIENTS:
        order, leaves, held = reach(root)
        done = False
        try:
            root._grad = seed
            spread_numbers(order)
            total = sum([x._grad for x in leaves], root._grad)
            if isinstance(total, float) and math.isfinite(total):
                if type(total) is not float or type(root.data) is not float:
                    for v in (*order, *leaves):
                        v._grad = DOUBLES[type(v.data)](v._grad)
                done = True
        except Exception:  # whatever it is, the general walk says it better
            return False
        finally:
            if not done:
                for v in (*order, *leaves):
                    v._grad = None
            for x, g in held:
                x._grad = g + x._grad if done else g
    return done


def reach(root: Any) -> tuple[list[Any], list[Any], list[tuple[Any, Any]]]:
    """The computed nodes that the root depends on, newest first; the leaves; and those of them that
    hold a gradient already, with it.  All are marked as pending."""
    kind, pending = type(root), PENDING
    order = [root] if root.op is not None else []
    leaves = [] if order else [root]
    held = [(x, x._grad) for x in leaves if x._grad is not None]
    root._grad = pending
    # `order` grows while it is walked; the inputs come in turn, as a loop over them takes longer
    for v in order:
        x = v._first
        if type(x) is kind and x._grad is not pending:
            if x.op is not None:
                order.append(x)
            else:
                leaves.append(x)
                if x._grad is not None:
                    held.append((x, x._grad))
            x._grad = pending
        x = v._second
        if type(x) is kind and x._grad is not pending:
            if x.op is not None:
                order.append(x)
            else:
                leaves.append(x)
                if x._grad is not None:
                    held.append((x, x._grad))
            x._grad = pending
    order.sort(key=by_serial, reverse=True)
    return order, leaves, held


def spread_numbers(order: Sequence[Any]) -> None:
    """Carry the cotangents from node to node, newest first."""
    kind = type(order[0]) if order else None
    pending, absent, same = PENDING, ABSENT, identity_vjp
    mixed = bool(order) and type(order[0].data) is not float
    for v in order:
        if v.params is not None:
            raise TypeError("parameters")
        g = v._grad
        a, b = v._first, v._second
        if b is absent:
            (rule,) = v.op.vjps
            c = rule(g, v.data, a.data)
            c = as_float(c) if mixed else c
            old = a._grad
            a._grad = c if old is pending else old + c
            continue
        left, right = v.op.vjps
        x = a.data if type(a) is kind else a
        z = b.data if type(b) is kind else b
        if x is not a:
            c = g if left is same else left(g, v.data, x, z)
            c = as_float(c) if mixed else c
            old = a._grad
            a._grad = c if old is pending else old + c
        if z is not b:
            c = g if right is same else right(g, v.data, x, z)
            c = as_float(c) if mixed else c
            old = b._grad
            b._grad = c if old is pending else old + c


def as_float(c: Any) -> float:
    """A contribution as a Python float; KeyError where it is not in double precision."""
    return c if type(c) is float else float(DOUBLES[type(c)](c))
