"""Mini-batches: of arrays in memory, and of arrays in chunks that memory does not hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nn.checks import array_of, computed

Seed = int | np.random.Generator | None


def batches(x: Any, y: Any, size: int, seed: Seed) -> Iterator[tuple[Any, Any]]:
    """Pairs of arrays with `size` samples each, every sample once; the last pair may be shorter.

    x, y  arrays (or lists) of as many samples, along the first axis
    seed  of the order: an int, or a NumPy Generator to draw a new order each time; None keeps the
          order

    An array in chunks (Dask's) is computed chunk by chunk, so that one chunk at a time is in
    memory: chunks come in a drawn order, and samples in a drawn order inside each.  A batch does
    not reach over two chunks, so the last batch of each chunk may be shorter.

    Raises ValueError where x and y have different lengths, or size is below 1.

    >>> x = np.arange(5)
    >>> [list(a) for a, b in batches(x, x, size=2, seed=None)]
    [[np.int64(0), np.int64(1)], [np.int64(2), np.int64(3)], [np.int64(4)]]
    """
    x, y = array_of(x), array_of(y)
    if len(x) != len(y):
        raise ValueError(f"x and y need as many samples each, they have {len(x)} and {len(y)}")
    if size < 1:
        raise ValueError(f"a batch needs at least one sample, got size {size}")
    if hasattr(x, "chunks") or hasattr(y, "chunks"):
        return chunk_batches(x, y, size, seed)
    return ((x[rows], y[rows]) for rows in batch_rows(len(x), size, seed))


def batch_rows(count: int, size: int, seed: Seed) -> Iterator[Any]:
    """The rows of each batch: a slice, or an array of integers where the order is drawn."""
    order = None if seed is None else np.random.default_rng(seed).permutation(count)
    for start in range(0, count, size):
        yield slice(start, start + size) if order is None else order[start : start + size]


def chunk_batches(x: Any, y: Any, size: int, seed: Seed) -> Iterator[tuple[Any, Any]]:
    """The batches of arrays in chunks; both are cut where the chunks of x (or else of y) end."""
    lengths = (x if hasattr(x, "chunks") else y).chunks[0]
    ends = np.cumsum(lengths)
    source = None if seed is None else np.random.default_rng(seed)
    places = range(len(lengths)) if source is None else source.permutation(len(lengths))
    for i in places:
        part = slice(int(ends[i] - lengths[i]), int(ends[i]))
        xs, ys = computed(x[part]), computed(y[part])
        for rows in batch_rows(len(xs), size, source):
            yield xs[rows], ys[rows]
