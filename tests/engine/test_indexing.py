"""Indices taken apart and put together again, and what is no index."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays, basic_indices, integer_array_indices

from autograd import Value
from autograd.engine.indexing import (
    ARRAY,
    add_at,
    array_count,
    getitem,
    index_array,
    join_index,
    scatter,
    scatter_all,
    split_index,
)

X = np.arange(12.0).reshape(3, 4)


def test_an_index_changed_later_does_not_matter() -> None:
    index = np.array([0, 1])
    v = Value([1.0, 2.0, 3.0])
    y = v[index]
    index[:] = 2
    y.sum().backward()
    np.testing.assert_array_equal(v.grad, [1.0, 1.0, 0.0])


@pytest.mark.parametrize("index", [3, (0, 4), (0, 0, 0), [5]])
def test_out_of_bounds(index: Any) -> None:
    with pytest.raises(IndexError):
        Value(X)[index]


@pytest.mark.parametrize("index", [1.0, "a"])
def test_what_is_no_index(index: Any) -> None:
    with pytest.raises(IndexError):
        Value(X)[index]


def test_a_value_is_no_index() -> None:
    for index in (Value(1.0), (0, Value(1.0)), Value([0.0, 1.0])):
        with pytest.raises(TypeError, match=r"v\.item\(\)|astype"):
            Value(X)[index]
    with pytest.raises(TypeError):
        X[Value(1.0)]  # type: ignore[call-overload]


# --- templates ------------------------------------------------------------------------------------
@st.composite
def places(draw: Any) -> tuple[Any, Any]:
    """An array, and an index of it of any kind that NumPy takes."""
    shape = draw(array_shapes(min_dims=1, max_dims=4, max_side=4))
    x = np.arange(float(np.prod(shape))).reshape(shape)
    short = array_shapes(max_dims=2, max_side=3)
    entry = st.integers(-shape[0], shape[0] - 1)
    index = draw(
        st.one_of(
            basic_indices(shape, allow_ellipsis=True, allow_newaxis=True),
            integer_array_indices(shape, result_shape=short),
            arrays(bool, shape),
            arrays(bool, shape[:1]),
            entry.map(np.int64),
            st.lists(entry, max_size=4),
            st.tuples(entry, st.just(...), st.none()),
            st.tuples(st.lists(entry, min_size=1, max_size=3), st.just(...)),
            st.tuples(arrays(bool, shape[:1]), st.none()),
            st.booleans(),
        )
    )
    return x, index


@given(place=places())
def test_an_index_taken_apart_and_joined_is_the_index(place: Any) -> None:
    x, index = place
    template, parts, unique = split_index(index)
    hash(template)
    assert array_count(template) == len(parts)
    wanted = x[index]
    np.testing.assert_array_equal(x[join_index(template, parts)], wanted)
    got = getitem(x, *parts, index=template, unique=unique)
    np.testing.assert_array_equal(got, wanted)
    assert type(got) is float or got.dtype == x.dtype
    counts = np.zeros(x.shape)
    np.add.at(counts, index, 1.0)
    assert not unique or counts.max(initial=0) <= 1, "said to take no entry twice"


@given(place=places())
def test_scatter_is_the_transpose(place: Any) -> None:
    x, index = place
    template, parts, unique = split_index(index)
    g = np.random.default_rng(0).integers(-9, 9, np.shape(x[index])).astype(float)
    wanted = np.zeros(x.shape)
    np.add.at(wanted, index, g)
    params = {"index": template, "shape": x.shape, "unique": unique}
    np.testing.assert_array_equal(scatter(g, *parts, **params), wanted)
    base = np.ones(x.shape)
    assert add_at(base, g, template, parts, unique) is base
    np.testing.assert_array_equal(base, 1 + wanted)


@given(data=st.data())
def test_many_scatters_in_one(data: st.DataObject) -> None:
    x, index = data.draw(places())
    others = [index, 0, (Ellipsis, slice(None, None, 2)), [0, 0]]
    split = [split_index(i) for i in others]
    gs = [np.full(np.shape(x[i]), 10.0**k) for k, i in enumerate(others)]
    wanted = np.zeros(x.shape)
    for g, i in zip(gs, others, strict=True):
        np.add.at(wanted, i, g)
    got = scatter_all(
        *gs,
        *[a for _, parts, _ in split for a in parts],
        indices=tuple(t for t, _, _ in split),
        shape=x.shape,
        unique=tuple(u for _, _, u in split),
    )
    np.testing.assert_array_equal(got, wanted)


def test_equal_indices_have_equal_templates() -> None:
    for a, b in (
        (1, np.int64(1)),
        (slice(0, 2), slice(np.int8(0), np.int64(2))),
        ((..., None), (..., None)),
    ):
        assert split_index(a)[0] == split_index(b)[0]
        assert hash(split_index(a)[0]) == hash(split_index(b)[0])
    assert split_index([0, 1])[0] == split_index(np.array([5]))[0] == (ARRAY,)


def test_what_may_take_an_entry_twice() -> None:
    once = (1, (1, ...), slice(None), np.array([True, False, True]), (None, 0))
    assert all(split_index(i)[2] for i in once)
    twice = ([0, 1], (slice(None), (1, 1)), ((0, 0), (1, 1)), np.array(1), (0, [1]))
    assert not any(split_index(i)[2] for i in twice)


def test_sequences_take_entries_twice() -> None:
    for index in ((slice(None), (1, 1)), ((0, 0), (1, 1)), ([0, 0], [1, 1])):
        v = Value(X)
        v[index].sum().backward()
        wanted = np.zeros(X.shape)
        np.add.at(wanted, index, 1.0)
        np.testing.assert_array_equal(v.grad, wanted)


def test_index_arrays_are_copies_of_integers_or_bools() -> None:
    index = np.array([0, 1])
    assert not np.shares_memory(index_array(index), index)
    assert index_array([]).dtype == np.intp
    assert index_array((True, False)).dtype == bool
    with pytest.raises(IndexError, match="float64"):
        index_array([1.0])
