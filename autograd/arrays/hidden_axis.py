"""Hiding an axis of an array, showing it again, summing over it, and repeating along it.

Hidden axes are kept in the order of their batches, the youngest outermost, whatever the order in
which they are hidden: walks hide axes of a `vmap` that has ended in arrays with younger ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays.batch import Batch
from autograd.arrays.batched import BatchedArray, is_mapped, shape_of


def levels(x: Any) -> list[Batch]:
    """The batches of an array, the youngest first."""
    found = []
    while type(x) is BatchedArray:
        found.append(x.batch)
        x = x.data
    return found


def hide_axis(x: Any, axis: int, batch: Batch) -> Any:
    """x with one of its axes hidden; hidden axes are kept in the order of their batches."""
    if type(x) is BatchedArray and x.batch.serial > batch.serial:
        return BatchedArray(hide_axis(x.data, axis + 1, batch), x.batch)
    return BatchedArray(x if axis == 0 else np.moveaxis(x, axis, 0), batch)


def show_axis(x: Any, axis: int, batch: Batch) -> Any:
    """x with the hidden axis of a batch at a place; broadcast along it where x has none."""
    if type(x) is BatchedArray and x.batch.serial > batch.serial:
        return BatchedArray(show_axis(x.data, axis + 1, batch), x.batch)
    if is_mapped(x, batch):
        return x.data if axis == 0 else np.moveaxis(x.data, 0, axis)
    shape = shape_of(x)
    lead = (*shape[:axis], 1, *shape[axis:])
    wide = (*shape[:axis], batch.size, *shape[axis:])
    return np.broadcast_to(np.reshape(x, lead), wide)


def spread_over(x: Any, batch: Batch) -> Any:
    """x for each example of a batch that it is not mapped over."""
    if type(x) is BatchedArray and x.batch.serial > batch.serial:
        inner = x.data  # its first axis is the other hidden one
        return BatchedArray(spread_over(inner, batch), x.batch)
    x = x if hasattr(x, "shape") else np.asarray(x)
    return BatchedArray(np.broadcast_to(x, (batch.size, *x.shape)), batch)


def sum_examples(x: Any, batch: Batch) -> Any:
    """The sum over the examples of a batch."""
    if type(x) is BatchedArray and x.batch.serial > batch.serial:
        return BatchedArray(sum_examples(x.data, batch), x.batch)
    return np.sum(x.data, axis=0)
