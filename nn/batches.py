"""Mini-batches: of arrays in memory, and of arrays in chunks that memory does not hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Self, final

import numpy as np

from nn.checks import array_of, computed, take_synonyms

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
    check_size(size)
    if hasattr(x, "chunks") or hasattr(y, "chunks"):
        return chunk_batches((x, y), size, seed)
    return ((x[rows], y[rows]) for rows in batch_rows(len(x), size, seed))


@final
class DataLoader:
    """Mini-batches of arrays, epoch after epoch: each loop over it goes once through all samples,
    in a new order.

    arrays      arrays (or lists) of as many samples each, along the first axis; a batch is a tuple
                of one part of each, or the part itself where there is one array
    batch_size  samples in a batch
    shuffle     whether the order is drawn; else it is kept
    seed        of the order: an int (then the orders are the same in every run), a NumPy Generator,
                or None for another order in every run
    drop_last   whether the last batch is left out where it is shorter than the others

    `len` is the number of batches.  Arrays in chunks are computed chunk by chunk, as in `batches`.
    `state_dict` and `load_state_dict` keep the place in the sequence of orders.

    Raises ValueError where there are no samples, where lengths differ, for a size below 1, and
    where no batch would be left.

    >>> loader = DataLoader(np.arange(5), np.arange(5) * 10, batch_size=2, shuffle=False)
    >>> [(x.tolist(), y.tolist()) for x, y in loader], len(loader)
    ([([0, 1], [0, 10]), ([2, 3], [20, 30]), ([4], [40])], 3)
    """

    @take_synonyms(rng="seed", size="batch_size")
    def __init__(
        self,
        *arrays: Any,
        batch_size: int = 32,
        shuffle: bool = True,
        seed: Seed = None,
        drop_last: bool = False,
    ) -> None:
        if not arrays:
            raise ValueError("a DataLoader needs at least one array of samples")
        self.arrays = tuple(map(array_of, arrays))
        lengths = [len(x) if x.shape else 0 for x in self.arrays]
        if len(set(lengths)) > 1:
            raise ValueError(f"the arrays need as many samples each, they have {lengths}")
        check_size(batch_size)
        self.count, self.batch_size = lengths[0], batch_size
        if not self.count:
            raise ValueError("there are no samples to make batches of")
        self.drop_last, self.source = drop_last, np.random.default_rng(seed) if shuffle else None
        self.chunked = [x for x in self.arrays if hasattr(x, "chunks")]
        if not len(self):
            raise ValueError(
                f"no batch is left: {self.count} samples make none of {batch_size}; use "
                "drop_last=False"
            )

    def __len__(self) -> int:
        lengths = self.chunked[0].chunks[0] if self.chunked else [self.count]
        up = 0 if self.drop_last else self.batch_size - 1
        return sum((int(length) + up) // self.batch_size for length in lengths)

    def __repr__(self) -> str:
        order = "in order" if self.source is None else "shuffled"
        return f"DataLoader({len(self)} batches of {self.batch_size} of {self.count}, {order})"

    def __iter__(self) -> Iterator[Any]:
        parts: Iterator[tuple[Any, ...]]
        if self.chunked:
            parts = chunk_batches(self.arrays, self.batch_size, self.source)
        else:
            rows = batch_rows(self.count, self.batch_size, self.source)
            parts = (tuple(x[part] for x in self.arrays) for part in rows)
        for part in parts:
            if not self.drop_last or len(part[0]) == self.batch_size:
                yield part if len(part) > 1 else part[0]

    def state_dict(self) -> dict[str, Any]:
        """Where the source of the orders stands."""
        return {} if self.source is None else {"source": source_state(self.source)}

    def load_state_dict(self, state: dict[str, Any]) -> Self:
        """Go on from a `state_dict`; ValueError where it is that of another kind of loader."""
        if set(state) != set(self.state_dict()):
            raise ValueError(
                "the state is that of a loader that shuffles, or this one does and it does not"
            )
        if self.source is not None:
            restore_source(self.source, state["source"])
        return self


def check_size(size: int) -> None:
    """Refuse a batch without samples."""
    if not isinstance(size, int | np.integer) or isinstance(size, bool):
        raise TypeError(f"the size of a batch is a number of samples, an integer, got {size!r}")
    if size < 1:
        raise ValueError(f"a batch needs at least one sample, got size {size}")


def batch_rows(count: int, size: int, seed: Seed) -> Iterator[Any]:
    """The rows of each batch: a slice, or an array of integers where the order is drawn."""
    order = None if seed is None else np.random.default_rng(seed).permutation(count)
    for start in range(0, count, size):
        yield slice(start, start + size) if order is None else order[start : start + size]


def chunk_batches(arrays: tuple[Any, ...], size: int, seed: Seed) -> Iterator[Any]:
    """The batches of arrays in chunks; all are cut where the chunks of the first such one end."""
    lengths = next(x for x in arrays if hasattr(x, "chunks")).chunks[0]
    ends = np.cumsum(lengths)
    source = None if seed is None else np.random.default_rng(seed)
    places = range(len(lengths)) if source is None else source.permutation(len(lengths))
    for i in places:
        part = slice(int(ends[i] - lengths[i]), int(ends[i]))
        found = [computed(x[part]) for x in arrays]
        for rows in batch_rows(len(found[0]), size, source):
            yield tuple(x[rows] for x in found)


# --- where a source of random numbers stands ------------------------------------------------------
def source_state(source: np.random.Generator) -> str:
    """The state of a Generator as text."""
    try:
        return json.dumps(source.bit_generator.state)
    except TypeError as error:
        raise TypeError(
            "the state of this Generator is no plain text: use np.random.default_rng(seed)"
        ) from error


def restore_source(source: np.random.Generator, text: str) -> None:
    """Put a Generator where another one stood."""
    try:
        source.bit_generator.state = json.loads(text)
    except (TypeError, ValueError, KeyError) as error:
        raise ValueError(f"this is no state of a {source.bit_generator!r}: {text!r}") from error
