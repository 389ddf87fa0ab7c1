"""Zero times infinity: where the incoming cotangent is exactly zero, the contribution is zero.

`where(x > 0, log(x), 0)` at x = 0 has the derivative 0, but the chain rule as written multiplies
the zero cotangent of the branch not taken by 1/0.  Both walks therefore let an exact zero nearer to
the output win over an infinity nearer to the input.  It costs next to nothing: the reverse walk
runs unguarded under NumPy's "invalid" flag, and again with the mask only where that flag was raised
or an operation may drop entries whatever they are (`Primitive.selects`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from autograd.primitive import Bundle, Primitive, Traced, declare

WHERE = declare(np.where)

_switch: ContextVar[bool] = ContextVar("nan_safe", default=True)


def nan_safe() -> bool:
    """True while the zero-cotangent rule is on."""
    return _switch.get()


@contextmanager
def zero_rule(on: bool) -> Iterator[None]:
    """Switch the zero-cotangent rule on or off in this thread, for a `with` block.

    >>> from autograd import Value, zero_rule
    >>> import numpy as np
    >>> def slope():
    ...     x = Value(np.zeros(1))
    ...     with np.errstate(all="ignore"):
    ...         np.where(x.data > 0, np.log(x), 0).sum().backward()
    ...     return float(x.grad[0])
    >>> slope()
    0.0
    >>> with zero_rule(False):
    ...     slope()
    nan
    """
    token = _switch.set(on)
    try:
        yield
    finally:
        _switch.reset(token)


def masked(c: Any, g: Any, v: Any, op: Primitive) -> Any:
    """The contribution c of node v, zero where it is not finite and the cotangent g is zero."""
    plain = c.data if isinstance(c, Traced) else c
    if is_finite(plain) or isinstance(g, Bundle):
        return c
    zero = np.asarray(g.data if isinstance(g, Traced) else g) == 0
    if op.kind == "reduction":
        zero = expanded(zero, v, np.ndim(plain))
    elif op.kind != "elementwise":
        zero = zero.all()
    return WHERE(zero, 0.0, c)


def expanded(zero: Any, v: Any, ndim: int) -> Any:
    """A mask over the outcome of a reduction, in a shape that broadcasts to its input."""
    params = v.params or {}
    axis = params.get("axis")
    if axis is None or params.get("keepdims"):
        return zero
    axes = axis if isinstance(axis, tuple) else (axis,)
    return np.expand_dims(zero, tuple(a % ndim for a in axes))


def is_finite(x: Any) -> bool:
    """True where no entry is NaN or infinite; one pass, no temporary array."""
    if type(x) is float:
        return math.isfinite(x)
    if isinstance(x, Bundle):
        return True
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(np.vdot(x, x))) or bool(np.isfinite(x).all())
