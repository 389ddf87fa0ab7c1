"""The rows that write or index, for all examples at once: against the same rows in a loop."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd.arrays.batch import KERNELS, Batch
from autograd.arrays.batched import BatchedArray
from autograd.engine.indexing import split_index
from autograd.engine.primitive import TABLE
from autograd.rules.indexing import getitem, scatter, scatter_all
from autograd.transforms.batched_rows import taken_shape
from tests.samples import floats

COUNT = 3
ROWS = np.array([[0, 1, 1], [2, 0, 2], [1, 1, 1]])
INDICES: list[Any] = [
    (1,),
    (slice(None, 2), None),
    (..., 0),
    (np.array([0, 2]), slice(None), np.array([1, 0])),
    (np.array([[0], [2]]),),
    (np.array([True, False, True]), 1),
    (BatchedArray(ROWS, Batch(COUNT, 1)),),
    (0, slice(None), BatchedArray(ROWS % 2, Batch(COUNT, 1))),
    (slice(1, None), BatchedArray(ROWS, Batch(COUNT, 1))),
    (np.array([0, 1, 2]), BatchedArray(ROWS, Batch(COUNT, 1)), slice(0, 1)),
    (slice(None), slice(1, 3), BatchedArray(ROWS % 2, Batch(COUNT, 1))),
    (slice(None), slice(1, 3), BatchedArray(ROWS[:, :, None] % 2, Batch(COUNT, 1))),
    (np.array([True, True, False]), BatchedArray(ROWS[:, :2], Batch(COUNT, 1))),
]


def at(x: Any, k: int) -> Any:
    return x.data[k] if isinstance(x, BatchedArray) else x


@pytest.mark.parametrize("index", INDICES, ids=range(len(INDICES)))
@pytest.mark.parametrize("mapped", [True, False])
def test_taking_and_adding_entries(index: Any, mapped: bool) -> None:
    found = [part.batch for part in index if isinstance(part, BatchedArray)]
    batch = found[0] if found else Batch(COUNT, 1)
    x = BatchedArray(floats(COUNT, 3, 4, 2), batch) if mapped else floats(3, 4, 2)
    if not mapped and not found:
        return
    template, arrays, unique = split_index(index)
    y = getitem(x, *arrays, index=template, unique=unique)
    wanted = [at(x, k)[tuple(at(part, k) for part in index)] for k in range(COUNT)]
    np.testing.assert_array_equal(y.data, wanted)
    assert taken_shape(template, arrays, (3, 4, 2)) == y.shape
    for g in (BatchedArray(floats(COUNT, *y.shape), batch), floats(*y.shape)):
        params = {"index": template, "shape": (3, 4, 2), "unique": unique}
        if not found and not isinstance(g, BatchedArray):
            continue
        z = scatter(g, *arrays, **params)
        alone = [scatter(at(g, k), *[at(a, k) for a in arrays], **params) for k in range(COUNT)]
        np.testing.assert_allclose(z.data, alone, rtol=1e-14)
        twice = scatter_all(
            *(g, g, *arrays, *arrays),
            indices=(template, template),
            shape=(3, 4, 2),
            unique=(unique, unique),
        )
        np.testing.assert_allclose(twice.data, 2 * z.data, rtol=1e-14, atol=1e-14)


def test_a_cotangent_is_broadcast_to_what_was_taken() -> None:
    batch = Batch(COUNT, 1)
    g = BatchedArray(floats(COUNT), batch)
    z = scatter(g, index=split_index(slice(1, 3))[0], shape=(3, 4), unique=True)
    alone = np.zeros((COUNT, 3, 4))
    alone[:, 1:] = g.data[:, None, None]
    np.testing.assert_array_equal(z.data, alone)


def test_an_empty_shape() -> None:
    template, arrays, _ = split_index((slice(None), np.array([], int)))
    assert taken_shape(template, arrays, (0, 3)) == (0, 0)


def test_the_kernels_are_rows() -> None:
    assert set(KERNELS) <= {op.name for op in TABLE.values()}
