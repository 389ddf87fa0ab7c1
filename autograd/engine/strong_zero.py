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

from autograd.engine.cotangents import unwrap
from autograd.engine.primitive import OutputTuple, Primitive, declare

WHERE = declare(np.where)

_switch: ContextVar[bool] = ContextVar("nan_safe", default=True)


def strong_zero_on() -> bool:
    """True while the zero-cotangent rule is on."""
    return _switch.get()


@contextmanager
def strong_zero(on: bool) -> Iterator[None]:
    """Switch the zero-cotangent rule on or off in this thread, for a `with` block.

    >>> from autograd import Value, strong_zero
    >>> import numpy as np
    >>> def slope():
    ...     x = Value(np.zeros(1))
    ...     with np.errstate(all="ignore"):
    ...         np.where(x.data > 0, np.log(x), 0).sum().backward()
    ...     return float(x.grad[0])
    >>> slope()
    0.0
    >>> with strong_zero(False):
    ...     slope()
    nan
    """
    token = _switch.set(on)
    try:
        yield
    finally:
        _switch.reset(token)


def masked(c: Any, g: Any, v: Any, op: Primitive, rule: Any, y: Any, args: Any) -> Any:
    """The contribution c of node v, zero where it is not finite and the cotangent g is zero."""
    if is_finite(unwrap(c)) or isinstance(g, OutputTuple):
        return c
    zero = np.asarray(unwrap(g)) == 0
    if op.kind == "multilinear":
        return masked_product(c, g, rule, y, args, v.params or {})
    if op.kind == "reduction":
        zero = expanded(zero, v, np.ndim(unwrap(c)))
    elif op.kind != "elementwise":
        zero = zero.all()
    return WHERE(zero, 0.0, c)


def masked_product(c: Any, g: Any, rule: Any, y: Any, args: Any, params: dict[str, Any]) -> Any:
    """`masked` for sums of products, where one zero of g meets many factors: the products without
    the factors that are not finite, but as they are where such a factor meets a g that is not zero
    (which the rule itself tells, applied to the places of both)."""
    finite = [np.isfinite(unwrap(x)) for x in args]
    places = [np.where(ok, 0.0, 1.0) for ok in finite]
    met = rule(np.where(np.asarray(unwrap(g)) == 0, 0.0, 1.0), unwrap(y), *places, **params)
    clean = rule(g, y, *[WHERE(ok, x, 0.0) for ok, x in zip(finite, args, strict=True)], **params)
    return WHERE(np.asarray(met) != 0, c, clean)


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
    if isinstance(x, OutputTuple):
        return True
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(np.vdot(x, x))) or bool(np.isfinite(x).all())
