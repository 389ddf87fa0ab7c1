"""Hidden axes in the graph: the rows that hide an axis, show it, sum over it and repeat along it,
and what walks do where an array with a hidden axis meets one without.

A Value is always outside, the hidden axis in its data.  While a `vmap` is running, a contribution
that differs from example to example stays so, also where it belongs to a Value that all examples
share: gradients inside `vmap` are those of one example.  Once it has ended, they are summed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograd import pytree
from autograd.arrays import batch as batches
from autograd.arrays import batching
from autograd.arrays.batch import BatchedError
from autograd.arrays.batched import BatchedArray
from autograd.arrays.hidden_axis import hide_axis, levels, show_axis, spread_over, sum_examples
from autograd.engine.arrays import HIDDEN_AXES, HiddenAxes, shape_of
from autograd.engine.cotangents import unwrap
from autograd.engine.dispatch import COMPOSITES, name_of
from autograd.engine.primitive import Primitive, Rule, ask_each
from autograd.engine.value import Value
from autograd.transforms import batched_rows

__all__ = ["BATCH", "SPREAD", "SUM_BATCH", "UNBATCH", "batched_rows", "batching"]

batches.COMPOSITIONS.append(COMPOSITES)


# --- rows -----------------------------------------------------------------------------------------
def linear_row(fn: Callable[..., Any], rule: Rule, name: str) -> Primitive:
    """A linear row of one argument.  It is not in the table: no NumPy function stands for it."""
    op = Primitive(fn, name)
    op.kind, op.custom, op.vjps = "linear", False, (rule,)
    op.vjp_all, op.unary_vjp = ask_each(op, op.vjps), rule
    return op


BATCH: Final[Primitive] = linear_row(
    hide_axis, lambda g, y, x, axis, batch: UNBATCH(g, axis=axis, batch=batch), "batch"
)
"""An array with one of its axes hidden."""

UNBATCH: Final[Primitive] = linear_row(
    show_axis, lambda g, y, x, axis, batch: BATCH(g, axis=axis, batch=batch), "unbatch"
)
"""The way back; what is the same for all examples is repeated."""

SUM_BATCH: Final[Primitive] = linear_row(
    sum_examples, lambda g, y, x, batch: SPREAD(g, batch=batch), "sum_batch"
)
"""The sum over the examples."""

SPREAD: Final[Primitive] = linear_row(
    spread_over, lambda g, y, x, batch: SUM_BATCH(g, batch=batch), "spread_batch"
)
"""The same for each example."""


def match_hidden_axes(c: Any, primal: Any) -> Any:
    """A contribution with the hidden axes of what it belongs to, as far as their `vmap` has ended:
    summed over the examples that share it, and one for each example of what has one for each."""
    plain = c if type(c) is BatchedArray else unwrap(c)
    if type(plain) is BatchedArray and plain.batch.open and type(plain.data) is np.ndarray:
        if type(primal) is not BatchedArray:
            return c  # the usual case: one batch, and it is running
        if primal.batch is plain.batch and type(primal.data) is np.ndarray:
            return c
    of_primal, of_contribution = levels(primal), levels(plain)
    for batch in of_contribution:
        if not batch.open and batch not in of_primal:
            c = SUM_BATCH(c, batch=batch)
    for batch in of_primal:
        if not batch.open and batch not in of_contribution:
            c = SPREAD(c, batch=batch)
    return c


def may_stay(g: Any, v: Any) -> None:
    """TypeError where the gradients of single examples would be left in a Value from outside."""
    for batch in levels(unwrap(g)):
        if batch.open and v.serial < batch.serial:
            raise BatchedError(
                "backward inside vmap would leave the gradient of each example in one Value from "
                "outside: use grad inside vmap, which returns it, or call backward after vmap"
            )


def shown(x: Any) -> Any:
    """All examples in one array, in any order."""
    while type(x) is BatchedArray:
        x = x.data
    return x


HIDDEN_AXES[BatchedArray] = HiddenAxes(match_hidden_axes, may_stay, shown)


# --- one example after another --------------------------------------------------------------------
def call_each(function: Callable[..., Any], args: Any, kwargs: Any, error: BatchedError) -> Any:
    """A function of Values that looks at entries, called for one example after another.

    Each Value gives its examples as Values, those that it does not differ in too, so that the
    derivatives inside `vmap` stay those of one example."""
    leaves, structure = pytree.flatten((tuple(args), dict(kwargs)))
    found = [batch for x in leaves for batch in levels(unwrap(x))]
    if not found or any(callable(x) for x in leaves):
        raise error
    batch = max(found, key=lambda batch: batch.serial)
    if not batch.size:
        raise error
    if not batch.quiet:
        batches.warn_of_loop(name_of(function), batch)
    rows = [
        UNBATCH(x, axis=0, batch=batch)
        if type(x) is Value
        else x.data
        if batch in levels(x)
        else None
        for x in leaves
    ]
    results: list[list[Any]] = []
    inner: Any = None
    for i in range(batch.size):
        row = [x if r is None else r[i] for x, r in zip(leaves, rows, strict=True)]
        example, options = pytree.unflatten(structure, row)
        outputs, inner = pytree.flatten(function(*example, **options))
        results.append(outputs)
    joined = []
    for column in zip(*results, strict=True):
        if len({shape_of(unwrap(y)) for y in column}) > 1:
            raise batches.ragged(name_of(function), batch)
        y: Any = np.stack(column)
        joined.append(BATCH(y, axis=0, batch=batch) if type(y) is Value else hide_axis(y, 0, batch))
    return pytree.unflatten(inner, joined)


BatchedError.call_each = staticmethod(call_each)
