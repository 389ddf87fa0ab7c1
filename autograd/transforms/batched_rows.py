"""The rows whose kernels write or index, for all examples of arrays with a hidden axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from autograd.arrays.batch import Batch
from autograd.arrays.batched import BatchedArray, full, is_mapped, ndim_of
from autograd.arrays.batching.indexing import Place, expanded_template, place_of_all
from autograd.arrays.batching.registry import all_behind, batches_row
from autograd.engine.indexing import ARRAY, Slice, array_count

WHOLE: Final = Slice(None, None, None)


@batches_row("mT")
def matrix_transpose(batch: Batch, op: Any, args: Any, params: Any) -> Any:
    """The transpose of each matrix."""
    return np.matrix_transpose(*args)


@batches_row("broadcast_to")
def broadcast_to(batch: Batch, op: Any, args: Any, params: Any) -> Any:
    """Broadcasting of each example."""
    return np.broadcast_to(*args, **params)


@batches_row("softmax", "log_softmax", "logsumexp")
def along_axes(batch: Batch, op: Any, args: Any, params: Any) -> Any:
    """A function along axes: the same kernel, along the axes of each example."""
    (x,) = args
    if not x.ndim:
        return NotImplemented
    return BatchedArray(
        op.fn(x.data, **{**params, "axis": all_behind(params["axis"], x.ndim)}), batch
    )


@batches_row("erf")
def entry_by_entry(batch: Batch, op: Any, args: Any, params: Any) -> Any:
    """A function of each entry: the same kernel."""
    return BatchedArray(op.fn(args[0].data), batch)


@batches_row("getitem")
def getitem_row(batch: Batch, op: Any, args: Any, params: Any) -> Any:
    """x[index]."""
    x, *arrays = args
    template, mapped = params["index"], is_mapped(args[0], batch)
    template = expanded_template(template, arrays, batch)
    place = place_of_all(template, arrays, ndim_of(x), batch, mapped, WHOLE)
    y = op.fn(x.data if mapped else x, *place.arrays, index=place.template, unique=params["unique"])
    return BatchedArray(y if place.order is None else np.transpose(y, place.order), batch)


def scattered(
    g: Any, arrays: Sequence[Any], index: Any, shape: tuple[int, ...], batch: Batch
) -> tuple[Any, Place]:
    """The summand g of all examples, laid out as the index of all takes it."""
    template = expanded_template(index, arrays, batch)
    place = place_of_all(template, arrays, len(shape), batch, True, WHOLE)
    data = full(g, batch, taken_shape(index, arrays, shape))
    if place.order is not None:
        back = [0] * len(place.order)
        for i, axis in enumerate(place.order):
            back[axis] = i
        data = np.transpose(data, back)
    return data, place


def taken_shape(
    template: Sequence[Any], arrays: Sequence[Any], shape: tuple[int, ...]
) -> tuple[int, ...]:
    """The shape of what an index takes from one example."""
    rest = iter([np.zeros(a.shape, np.intp) if a.dtype.kind != "b" else a for a in arrays])
    index = tuple(
        [
            next(rest) if part == ARRAY else slice(*part) if type(part) is Slice else part
            for part in template
        ]
    )
    return (
        tuple(np.empty(shape, bool)[index].shape)
        if 0 not in shape
        else np.zeros(shape)[index].shape
    )


@batches_row("scatter")
def scatter_row(batch: Batch, op: Any, args: Any, params: Any) -> Any:
    """Zeros with g added at an index."""
    g, *arrays = args
    shape = params["shape"]
    data, place = scattered(g, arrays, params["index"], shape, batch)
    return BatchedArray(
        op.fn(
            data,
            *place.arrays,
            index=place.template,
            shape=(batch.size, *shape),
            unique=params["unique"],
        ),
        batch,
    )


@batches_row("scatter_all")
def scatter_all_row(batch: Batch, op: Any, args: Any, params: Any) -> Any:
    """The sum of many `scatter`s."""
    indices, shape = params["indices"], params["shape"]
    rest = list(args[len(indices) :])
    summands, places = [], []
    for g, index in zip(args, indices, strict=False):
        count = array_count(index)
        data, place = scattered(g, rest[:count], index, shape, batch)
        summands.append(data)
        places.append(place)
        del rest[:count]
    return BatchedArray(
        op.fn(
            *summands,
            *[a for place in places for a in place.arrays],
            indices=tuple([place.template for place in places]),
            shape=(batch.size, *shape),
            unique=params["unique"],
        ),
        batch,
    )
