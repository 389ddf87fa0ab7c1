"""Inserting, deleting, resizing, grids and equal steps, on Values as on arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
from autograd import Value
from tests.calls import check_call
from tests.derivatives import Case, check_second_order

X = np.array([[0.37, -1.21, 1.83, 0.52], [-0.66, 2.14, 0.95, -1.47], [1.18, -0.29, -1.92, 0.71]])
V = np.array([0.41, -0.87, 1.33])
W = np.array([2.6, 3.1, 4.7, 1.9, 2.2])
INSERTED: list[tuple[Any, Any, Any]] = [
    (1, 9.0, None),
    (1, 9.0, 0),
    (-1, 9.0, 1),
    ([1, 2], 9.0, 1),
    ([1, 2], [8.0, 9.0], 1),
    ([2, 1], [8.0, 9.0], None),
    (slice(1, 3), 9.0, 1),
    (slice(0, 3), [7.0, 8.0, 9.0], 1),
    (slice(3, 0, -1), [1.0, 2.0, 3.0], 1),
    (slice(None, None, 2), 1.0, None),
    (np.array([True, False, True, False]), 5.0, 1),
    (4, 1.0, 1),
    (5, 1.0, 1),
    ([0, 0, 3], [1.0, 2.0, 3.0], 1),
    ([1], [[1.0], [2.0], [3.0]], 1),
    (1, [1.0, 2.0, 3.0], 1),
    (1, [[1.0, 2.0, 3.0]], 1),
    (1, [[1.0], [2.0], [3.0]], 1),
    ([1], [1.0, 2.0, 3.0], 1),
    (1, [1.0, 2.0, 3.0, 4.0], 0),
    (1, [[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]], 0),
    ([1], [[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]], 0),
    (np.int64(1), 9.0, np.int64(0)),
    (np.array(1), 9.0, -2),
    ([], 9.0, 1),
    ([], [], None),
    (1.0, 9.0, 0),
    ([0, 1], [[1.0], [2.0]], 0),
    (1, [1.0, 2.0], 0),
    (True, 9.0, 0),
    (1, 9.0, 2),
    (1, [], 0),
    (1, [1.0, 2.0], None),
    ([1], [1.0, 2.0], None),
]
DELETED: list[tuple[Any, Any]] = [
    (1, None),
    (1, 0),
    (-1, 1),
    ([0, 2], 1),
    (slice(0, 2), 1),
    (slice(None, None, -2), 1),
    (np.array([True, False, True, False]), 1),
    (np.int64(0), np.int64(-1)),
    ((0, 1), 0),
    ([0, 0], 1),
    ([], 1),
    (9, 0),
    ([0, 9], 1),
    (1.0, 0),
    (0, 3),
]


@pytest.mark.parametrize("number", range(len(INSERTED)))
def test_insert(number: int) -> None:
    where, values, axis = INSERTED[number]
    check_call(lambda v: np.insert(v, where, values, axis), X)
    check_call(lambda v, w: np.insert(v, where, w, axis=axis), X, np.array(values, float)[()])
    check_call(lambda w: np.insert(X, where, w, axis=axis), np.array(values, float)[()])


def test_what_is_inserted_takes_the_dtype_of_the_array() -> None:
    check_call(lambda v: np.insert(v, 1, X[0, 0]), np.float32(V))
    check_call(lambda v: np.insert([1.0, 2.0], 1, v), V)
    check_call(lambda v: np.insert(arr=v, obj=0, values=[1, 2]), V)
    with pytest.raises(TypeError, match="floats"):
        np.insert(np.arange(3), 1, Value(V[0]))
    y = np.insert(Value(V), 1, [Value(7.0), 8.0])
    np.testing.assert_array_equal(y.data, np.insert(V, 1, [7.0, 8.0]))


@pytest.mark.parametrize("number", range(len(DELETED)))
def test_delete(number: int) -> None:
    where, axis = DELETED[number]
    check_call(lambda v: np.delete(v, where, axis), X)
    check_call(lambda v: np.delete(arr=v, obj=where, axis=axis), X)


def test_resize() -> None:
    sizes: list[Any] = [5, (2, 3), [2, 2], np.int64(20), (0,), (), (4, 9), np.array([2, 3]), -1]
    for size in sizes:
        check_call(lambda v, s=size: np.resize(v, s), X)
        check_call(lambda v, s=size: np.resize(v[:0], s), X)
    check_call(lambda v: np.resize(v[0, 0], 3), X)
    check_call(lambda v: np.resize(a=v, new_shape=(3,)), X)


def test_meshgrid() -> None:
    options: list[dict[str, Any]] = [
        {},
        {"sparse": True},
        {"indexing": "ij"},
        {"copy": False},
        {"copy": True, "sparse": True, "indexing": "ij"},
        {"indexing": "zz"},
        {"no_such_option": 1},
    ]
    for kwargs in options:
        check_call(lambda v, w, k=kwargs: np.meshgrid(v, w, **k), V, W)
        check_call(lambda v, w, k=kwargs: np.meshgrid(v, w, [1.0, 2.0], **k)[:2], V, W)
        check_call(lambda v, w, k=kwargs: np.meshgrid(v, w, v * w[0], **k), V, W)
        check_call(lambda v, k=kwargs: np.meshgrid(v, **k), V)
        check_call(lambda v, k=kwargs: np.meshgrid(v[0], v, **k), V)
        check_call(lambda v, k=kwargs: np.meshgrid(v[None], v, **k), V)
        check_call(lambda v, k=kwargs: np.meshgrid(v[:0], v, **k), V)


def test_ix_() -> None:
    """As a function of indices only, it would lose the gradient of numbers that are broadcast."""
    check_call(lambda v, w: np.ix_(v, w), V, W)
    check_call(lambda v: np.ix_(v, [1, 0], [True, False, True]), V)
    check_call(lambda v: np.ix_([2, 1], v[:0]), V)
    check_call(lambda v: np.ix_(v), X)
    assert ag.grad(lambda v: np.prod(np.ix_(v, W)[0] * W))(V).shape == V.shape


def test_sliding_window_view() -> None:
    window = np.lib.stride_tricks.sliding_window_view
    for args in (
        (2,),
        ((2, 3),),
        (2, 0),
        ((2, 2), (1, 1)),
        (2, np.int64(-1)),
        (9, 0),
        (-1, 0),
        (2, 5),
    ):
        check_call(lambda v, a=args: window(v, *a), X)
    check_call(lambda v: window(x=v, window_shape=[2, 2], axis=None), X)
    check_call(lambda v: window(v[:, :0], 0, 1), X)


STEPS: dict[str, tuple[Any, ...]] = {
    "alone": (lambda f, a, b: f(a, b), 1.3, 4.7),
    "NumPy's integers": (lambda f, a, b: f(a, b, np.int64(5)), 1.3, 4.7),
    "without the end": (lambda f, a, b: f(a, b, num=4, endpoint=False), 1.3, 4.7),
    "one": (lambda f, a, b: f(a, b, 1), 1.3, 4.7),
    "none": (lambda f, a, b: f(a, b, 0), 1.3, 4.7),
    "one without the end": (lambda f, a, b: f(a, b, 1, False), 1.3, 4.7),
    "less than none": (lambda f, a, b: f(a, b, -1), 1.3, 4.7),
    "a fraction": (lambda f, a, b: f(a, b, 2.5), 1.3, 4.7),
    "from a Value": (lambda f, a: f(a, 3.0, 4), 1.3),
    "to a Value": (lambda f, b: f(1, b, 4), 4.7),
    "arrays": (lambda f, a, b: f(a, b, 4), np.abs(V), W[:3]),
    "last axis": (lambda f, a, b: f(a, b, 4, axis=-1), np.abs(V), W[:3]),
    "an array and a number": (lambda f, a, b: f(a, b, 4, axis=1), np.abs(V), 7.0),
    "broadcast": (lambda f, a, b: f(a, b[:, None], 4, axis=1), np.abs(V), W[:2]),
    "single precision asked for": (lambda f, a, b: f(a, b, 4, dtype=np.float32), 1.3, 4.7),
    "single precision": (lambda f, a, b: f(a, b, 4), np.float32(1.3), np.float32(4.7)),
    "mixed precision": (lambda f, a, b: f(a, b, 4), np.float32(1.3), 4.7),
    "complex": (lambda f, a, b: f(a, b, 4), 1.0 + 2.0j, 4.7),
    "negative": (lambda f, a, b: f(a, b, 4), -1.3, -4.7),
    "down": (lambda f, a, b: f(b, a, 4), 1.3, 4.7),
    "by name": (lambda f, a, b: f(start=a, stop=b, num=3, axis=0), 1.3, 4.7),
    "nowhere": (lambda f, a: f(a, a, 3), 1.3),
    "no such axis": (lambda f, a, b: f(a, b, 3, axis=2), 1.3, 4.7),
    "with a list": (lambda f, a: f(a, [1.0, 2.0, 3.0], 3), np.abs(V)),
    "with integers": (lambda f, a: f(np.arange(1, 4), a, 3), W[:3]),
}


@pytest.mark.parametrize("f", [np.linspace, np.logspace, np.geomspace], ids=lambda f: f.__name__)
@pytest.mark.parametrize("name", STEPS)
def test_equal_steps(f: Any, name: str) -> None:
    call, *leaves = STEPS[name]
    if check_call(lambda *xs: call(f, *xs), *leaves) and name in ("arrays", "alone"):
        check_second_order(Case(lambda *xs: call(f, *xs), leaves))


def test_linspace_gives_the_step_too() -> None:
    for num in (5, 1):
        check_call(lambda a, b, n=num: np.linspace(a, b, n, retstep=True), 1.3, 4.7)
        check_call(lambda a, b, n=num: np.linspace(a, b, n, False, True), V, 4.7)
    check_call(lambda a: np.linspace(a, 1.0, 3, device="cpu"), 1.3)
    check_call(lambda a: np.linspace(a, 1.0, 3, device="no such device"), 1.3)
    with pytest.raises(TypeError, match="no derivative"):
        np.linspace(Value(0.0), 5.0, dtype=int)


def test_linspace_ends_where_it_is_told_to() -> None:
    """start + n * ((stop - start) / n) is often another number."""
    stops = np.random.default_rng(0).uniform(0, 1, 50)
    assert any(0.1 + 49 * ((stop - 0.1) / 49) != stop for stop in stops)
    for stop in stops:
        assert np.linspace(Value(0.1), stop, 50).data[-1] == stop


def test_bases_of_logspace() -> None:
    check_call(lambda a, b: np.logspace(a, b, 5, base=2), 1.3, 2.7)
    check_call(lambda a, b, e: np.logspace(a, b, 5, base=e), 1.3, 2.7, 2.2)
    check_call(lambda a, b, e: np.logspace(a, b, 5, base=e), 1.3, 2.7, W)
    check_call(lambda a, b, e: np.logspace(a, b, 5, base=e, axis=-1), V, 2.7, W[:3])
    check_call(lambda e: np.logspace(0, 2.0, 5, True, e), 1.3)


def test_geomspace_is_exact_at_its_ends() -> None:
    for start, stop in ((1.7, 256.3), (0.3, 0.7), (0.1, 7.7), (3.3, 1e-3)):
        y = np.geomspace(Value(start), stop, 9)
        assert (y.data[0], y.data[-1]) == (start, stop)
    assert not check_call(lambda a: np.geomspace(a, 1.0, 3), 0.0)


@given(
    n=st.integers(1, 5),
    places=st.lists(st.integers(0, 1), max_size=4),
    axis=st.sampled_from([0, 1, -1]),
)
def test_what_is_inserted_can_be_deleted(n: int, places: list[int], axis: int) -> None:
    x = np.arange(2.0 * n).reshape((2, n) if axis == 0 else (n, 2))
    v, w = Value(x), Value(np.full((1, 1), 0.5))
    wide = np.insert(v, places, w, axis)
    back = np.delete(wide, [p + i for i, p in enumerate(sorted(places))], axis)
    np.testing.assert_array_equal(back.data, x)
    g = ag.grad(lambda w: np.insert(x, places, w, axis).sum())(0.5)
    assert g == len(places) * x.size / x.shape[axis]
