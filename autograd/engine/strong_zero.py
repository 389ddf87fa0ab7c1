"""The strong zero: a cotangent that is exactly zero gives a zero contribution.

`where(x > 0, log(x), 0)` at x = 0 has the derivative 0, but the chain rule as written multiplies
the zero cotangent of the branch that was not taken by 1 / 0.  Both walks therefore let an exact
zero nearer to the output win over an infinity or a NaN nearer to the input.  It is free where no
NaN arises: the reverse walk runs the rules as they are, looks at the finished gradients once, and
only where one is not finite runs again with the functions of this file.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import reduce
from typing import Any

import numpy as np

from autograd.engine.arrays import (
    HIDDEN_AXES,
    as_array,
    can_decide,
    is_foreign,
    ndim_of,
    shape_of,
    usually,
)
from autograd.engine.cotangents import dtype_of, unwrap
from autograd.engine.outputs import OutputTuple
from autograd.engine.primitive import RECORDED_NUMBERS, Primitive, declare

WHERE = declare(np.where)

switch: ContextVar[bool] = ContextVar("strong_zero", default=True)


def strong_zero_on() -> bool:
    """True while the strong zero is on."""
    return switch.get()


@contextmanager
def strong_zero(on: bool) -> Iterator[None]:
    """Switch the strong zero on or off in this thread, for a `with` block.

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
    token = switch.set(on)
    try:
        yield
    finally:
        switch.reset(token)


def is_finite(x: Any) -> bool:
    """True where no entry is NaN or infinite; for real arrays in one pass."""
    if type(x) is np.ndarray and x.dtype.kind == "f":
        return math.isfinite(np.vdot(x, x)) or bool(np.isfinite(x).all())
    if type(x) is float:
        return math.isfinite(x)
    if isinstance(x, tuple):
        return are_finite([unwrap(part) for part in x if part is not None])
    if type(x) in HIDDEN_AXES:
        return is_finite(HIDDEN_AXES[type(x)].shown(x))
    return not can_decide(x) or usually(np.all(np.isfinite(x)))


def are_finite(arrays: Iterable[Any]) -> bool:
    """`is_finite` for several; the conditions of arrays that are not NumPy's are asked as one."""
    conditions: list[Any] = []
    numbers = []
    for x in arrays:
        if type(x) in HIDDEN_AXES:
            x = HIDDEN_AXES[type(x)].shown(x)
        if type(x) in RECORDED_NUMBERS:
            numbers.append(x)
        elif type(x) is np.ndarray or not is_foreign(x):
            if not is_finite(x):
                return False
        elif can_decide(x):
            conditions.append(np.all(np.isfinite(x)))
    if numbers and not numbers[0].are_finite(numbers):
        return False
    return not conditions or usually(reduce(operator.and_, conditions))


def restore_zeros(
    contributions: Any, op: Primitive, g: Any, y: Any, args: Any, params: dict[str, Any]
) -> list[Any]:
    """The contributions of a node, with zero in place of what is not finite where only cotangents
    that are zero reach.

    elementwise rows  entry by entry
    sums of products  product by product: the factors that are not finite are left out where the
                      cotangents that they meet are zero
    linear rows       have finite coefficients: nothing to restore
    other rows        their rules keep the strong zero themselves where that is possible; here
                      entries that no other cotangent reaches (`where_reached`)
    """
    restored = []
    for slot, c in enumerate(contributions):
        if c is None or is_finite(unwrap(c)):
            restored.append(c)
        elif op.kind == "elementwise":
            restored.append(WHERE(unwrap(g) == 0, 0.0, c))
        elif op.products:
            restored.append(without_factors(c, op, slot, g, y, args, params))
        elif op.kind == "general":
            restored.append(where_reached(c, op, slot, g, y, args, params))
        else:
            restored.append(c)
    return restored


def without_factors(
    c: Any, op: Primitive, slot: int, g: Any, y: Any, args: Any, params: dict[str, Any]
) -> Any:
    """A sum of products, without the products of a factor that is not finite with a zero of g; but
    as it is where such a factor meets a g that is not zero (which the rule itself tells, applied to
    the places of both)."""
    finite = [np.isfinite(unwrap(x)) for x in args]
    places = [np.where(ok, 0.0, 1.0) for ok in finite]
    nonzero = np.where(unwrap(g) == 0, 0.0, 1.0)
    met = op.vjp_at(slot, nonzero, unwrap(y), *places, **params)
    finite_args = [WHERE(ok, x, 0.0) for ok, x in zip(finite, args, strict=True)]
    clean = op.vjp_at(slot, g, y, *finite_args, **params)
    return WHERE(met != 0, c, clean)


def where_reached(
    c: Any, op: Primitive, slot: int, g: Any, y: Any, args: Any, params: dict[str, Any]
) -> Any:
    """c, zero in the entries that are not finite and that no cotangent but zeros reaches.

    Which entries a cotangent reaches is seen by asking the rule itself, at ordinary numbers of the
    same shapes, for a cotangent of random numbers where g is not zero."""
    zeros = [
        np.ones(shape_of(output), bool) if part is None else as_array(unwrap(part)) == 0
        for part, output in zip(in_turn(g), in_turn(unwrap(y)), strict=True)
    ]
    if all(usually(np.all(zero)) for zero in zeros):
        return None
    if all(usually(~np.any(zero)) for zero in zeros):
        return c
    params = {name: x for name, x in params.items() if name != "saved"}  # of the real arguments
    reached = np.zeros(shape_of(unwrap(c)), bool)
    rng = np.random.default_rng(0)
    try:
        for _ in range(3):
            point = [ordinary(x, rng) for x in args]
            output: Any = op.compute(*point, **params)
            probe: Any
            probes = [np.where(zero, 0.0, rng.uniform(1, 2, zero.shape))[()] for zero in zeros]
            if isinstance(g, tuple):
                output, probe = OutputTuple(output), OutputTuple(probes)
            else:
                (probe,) = probes
            if list(map(shape_of, probes)) != [shape_of(z) for z in in_turn(output)]:
                return c
            found = op.vjp_at(slot, probe, output, *point, **params)
            reached = reached | (as_array(0 if found is None else unwrap(found)) != 0)
    except Exception:  # a rule that refuses these numbers: the contribution stays as it is
        return c
    return WHERE(reached | np.isfinite(unwrap(c)), c, 0.0)


def in_turn(y: Any) -> tuple[Any, ...]:
    """The outputs of an operation, one or several."""
    return y if isinstance(y, tuple) else (y,)


def ordinary(x: Any, rng: np.random.Generator) -> Any:
    """Random numbers between 0.5 and 1 in the shape of x; integers and bools as they are."""
    data = unwrap(x)
    if dtype_of(data).kind not in "fc":
        return data
    return rng.uniform(0.5, 1.0, shape_of(data)) if ndim_of(data) else float(rng.uniform(0.5, 1.0))
