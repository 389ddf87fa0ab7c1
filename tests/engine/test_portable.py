"""The portable kernels against those that write: the same numbers for every index."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays, basic_indices

from autograd.arrays.refusing import RefusingArray
from autograd.engine import indexing, kernels, portable
from autograd.engine.indexing import split_index
from tests.samples import floats

INDICES: list[Any] = [
    np.array([0, 2, 2, -1]),
    (slice(None), np.array([1, 1, 0])),
    (slice(1, None), np.array([[1, 0], [3, 3]])),
    (None, np.array([2, 0]), slice(0, 3)),
    (np.array([0, 1]), np.array([2, 2])),
    (np.array([[0], [1]]), np.array([2, 2])),
    (1, np.array([0, 0, 0])),
    (..., np.array([0, 3])),
    np.array([True, False, True]),
    (slice(None, None, 2), 3),
    (slice(None, None, -1),),
    np.array([1] * 40),
]


def scattered(x: Any, index: Any, kernel: Any) -> Any:
    template, arrays_of, unique = split_index(index)
    g = np.asarray(floats(*x[index].shape))
    found = kernel(g, *arrays_of, index=template, shape=x.shape, unique=unique)
    return found, indexing.scatter(g, *arrays_of, index=template, shape=x.shape, unique=unique)


@pytest.mark.parametrize("index", INDICES, ids=str)
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128])
def test_scatter(index: Any, dtype: Any) -> None:
    x = floats(3, 4).astype(dtype)
    template, found, unique = split_index(index)
    g = floats(*x[index].shape).astype(dtype)
    got = portable.scatter(g, *found, index=template, shape=x.shape, unique=unique)
    wanted = indexing.scatter(g, *found, index=template, shape=x.shape, unique=unique)
    assert got.dtype == wanted.dtype
    rounding = 40 * np.finfo(dtype).eps  # of forty sums in another precision
    np.testing.assert_allclose(got, wanted, rtol=rounding, atol=rounding)


@given(data=st.data())
def test_scatter_of_basic_indices(data: st.DataObject) -> None:
    shape = data.draw(array_shapes(max_dims=3, max_side=4, min_side=0))
    index = data.draw(basic_indices(shape, allow_newaxis=True))
    got, wanted = scattered(np.zeros(shape), index, portable.scatter)
    np.testing.assert_array_equal(got, wanted)


@given(
    rows=arrays(np.intp, array_shapes(max_dims=2, max_side=5), elements=st.integers(-3, 2)),
    lead=st.booleans(),
)
def test_scatter_at_foreign_places(rows: Any, lead: bool) -> None:
    shape = (2, 3, 2) if lead else (3, 2)
    index = (slice(None), rows) if lead else rows
    template, (places,), unique = split_index(index)
    g = np.asarray(floats(*np.zeros(shape)[index].shape))
    wanted = indexing.scatter(g, places, index=template, shape=shape, unique=unique)
    lazy = RefusingArray.of(places)
    got = portable.scatter(g, lazy, index=template, shape=shape, unique=unique)
    np.testing.assert_allclose(got.compute(), wanted, rtol=1e-12)


@pytest.mark.parametrize("index", [np.array([0, 2]), (slice(1, 3), np.array([1, 1])), (None, [1])])
def test_getitem_of_numpy_at_a_lazy_index(index: Any) -> None:
    x = floats(3, 4)
    template, (rows,), unique = split_index(index)
    got = portable.getitem(x, RefusingArray.of(rows), index=template, unique=unique)
    np.testing.assert_array_equal(
        got.compute(), indexing.getitem(x, rows, index=template, unique=unique)
    )


def test_an_index_array_stands_alone() -> None:
    rows = RefusingArray.of(np.array([0, 1]))
    template, found, unique = split_index((rows, rows))
    with pytest.raises(TypeError, match="stands alone, or beside slices"):
        portable.scatter(floats(2), *found, index=template, shape=(3, 4), unique=unique)


def test_scatter_all_adds_up() -> None:
    indices = tuple(split_index(i)[0] for i in (0, slice(1, 3), 0))
    gs = [floats(4), floats(2, 4), floats(4)]
    got = portable.scatter_all(*gs, indices=indices, shape=(3, 4), unique=(True,) * 3)
    wanted = indexing.scatter_all(*gs, indices=indices, shape=(3, 4), unique=(True,) * 3)
    np.testing.assert_allclose(got, wanted, rtol=1e-15)


def test_broadcast_to() -> None:
    x = floats(3, 1)
    np.testing.assert_array_equal(
        portable.broadcast_to(x, (2, 3, 4)), kernels.broadcast_to(x, (2, 3, 4))
    )
