"""Joining arrays and taking them apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
from autograd import Value

X = np.array([0.3, -0.4, 1.7])


@pytest.mark.parametrize("order", [0, 1])
def test_mixed_values_and_arrays(order: int) -> None:
    v, x = Value(X), np.array([1.0, 2.0, 3.0])
    pair = (v, x) if order == 0 else (x, v)
    for call in (
        np.concatenate,
        np.stack,
        np.hstack,
        lambda p: np.einsum("i,i->i", *p),
        lambda p: np.where([True, False, True], *p),
        lambda p: np.logaddexp(*p),
        lambda p: np.outer(*p),
        lambda p: np.hypot(*p),
        lambda p: np.append(*p),
    ):
        v.zero_grad()
        y = call(pair)
        np.testing.assert_array_equal(y.data, call((X, x) if order == 0 else (x, X)))
        y.sum().backward()
        assert np.any(v.grad)


def test_scalars_join_arrays() -> None:
    a, b = Value(2.0), Value(3.0)
    y = np.stack([a, b, 1.0])
    (y * y).sum().backward()
    assert (a.grad, b.grad) == (4.0, 6.0)
    m = np.stack([np.stack([a, b]), np.stack([b, a])])
    assert m.shape == (2, 2)


# --- taking apart ---------------------------------------------------------------------------------
M = np.arange(24.0).reshape(4, 3, 2)


@given(axis=st.integers(-3, 2), sections=st.integers(1, 6))
def test_equal_and_nearly_equal_parts(axis: int, sections: int) -> None:
    parts = np.array_split(Value(M), sections, axis)
    wanted = np.array_split(M, sections, axis)
    assert len(parts) == len(wanted)
    for a, b in zip(parts, wanted, strict=True):
        np.testing.assert_array_equal(a.data, b)
    if M.shape[axis] % sections:
        with pytest.raises(ValueError, match="equal division"):
            np.split(Value(M), sections, axis)
    else:
        assert len(np.split(Value(M), sections, axis)) == sections


@given(places=st.lists(st.integers(-5, 5), max_size=4), axis=st.integers(-3, 2))
def test_parts_at_places(places: list[int], axis: int) -> None:
    """Places may repeat, go backwards, count from the end and lie outside."""
    parts = np.split(Value(M), places, axis)
    for a, b in zip(parts, np.split(M, places, axis), strict=True):
        np.testing.assert_array_equal(a.data, b)
    for f, g in ((np.vsplit, 0), (np.hsplit, 1), (np.dsplit, 2)):
        for a, b in zip(f(Value(M), places), np.split(M, places, g), strict=True):
            np.testing.assert_array_equal(a.data, b)


@given(axis=st.integers(-3, 2))
def test_taken_apart_and_joined_is_the_same(axis: int) -> None:
    w = np.cos(M)
    for f in (
        lambda x: np.stack(np.unstack(x, axis=axis), axis=axis),
        lambda x: np.concatenate(np.array_split(x, 2, axis), axis=axis),
        lambda x: np.concatenate(np.split(x, [1], axis), axis),
    ):
        y, g = ag.value_and_grad(lambda x, f=f: (w * f(x)).sum())(M)
        assert y == (w * M).sum()
        np.testing.assert_array_equal(g, w)


# --- blocks ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "build",
    [
        lambda a: [a, a],
        lambda a: [[a, 2 * a], [3 * a, a]],
        lambda a: [[a[:, :2], a[:, :1]], [a]],
        lambda a: [[[a]], [[a]]],
        lambda a: [a[0], 1.0],
        lambda a: [[a[0]], [a]],
        lambda a: a,
    ],
)
def test_blocks(build: Any) -> None:
    a = np.arange(6.0).reshape(2, 3)
    w = np.sin(np.arange(float(np.size(np.block(build(a)))))).reshape(np.block(build(a)).shape)
    v = Value(a)
    y = np.block(build(v))
    np.testing.assert_array_equal(y.data, np.block(build(a)))
    (w * y).sum().backward()
    # linear: the gradient times a is the value
    np.testing.assert_allclose(
        (v.grad * a).sum(), (w * np.block(build(a))).sum() - constant(build, w)
    )


def constant(build: Any, w: Any) -> float:
    """What a linear function has at zero."""
    return float((w * np.block(build(np.zeros((2, 3))))).sum())


# --- shapes and dtypes ----------------------------------------------------------------------------
def test_dtypes_of_what_is_joined() -> None:
    v = Value(np.float32([1, 2]))
    assert np.concatenate([v, np.ones(2)]).dtype == np.float64
    assert np.concatenate([v, v]).dtype == np.float32
    assert np.concatenate([v, v], dtype=np.float64).dtype == np.float64
    assert np.stack([v, v], dtype=np.complex64).dtype == np.complex64
    y = np.concatenate([v, np.ones(2)])
    y.sum().backward()
    assert v.grad.dtype == np.float32


@given(numbers=st.lists(st.floats(-9, 9), min_size=1, max_size=30))
def test_numbers_however_many_are_one_node(numbers: list[float]) -> None:
    vs = [Value(x) for x in numbers]
    y = np.stack(vs)
    np.testing.assert_array_equal(y.data, numbers)
    assert y.inputs == tuple(vs)
    y.backward(seed=np.arange(len(vs)))
    assert [v.grad for v in vs] == list(range(len(vs)))
    assert all(type(v.grad) is float for v in vs)


def test_what_numpy_refuses() -> None:
    v = Value(np.ones((2, 3)))
    for call in (
        lambda: np.stack([v, np.ones(2)]),
        lambda: np.stack([]),
        lambda: np.concatenate([v, np.ones((3, 2))]),
        lambda: np.concatenate([v, 1.0]),
        lambda: np.stack([v, v], axis=3),
        lambda: np.concatenate([v, v], axis=2),
    ):
        with pytest.raises(ValueError, match=r".") as caught:
            call()
        assert str(caught.value)
