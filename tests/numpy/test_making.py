"""Functions that make arrays: the numbers of NumPy's, arrays that can be written into, and Values
joined."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy
import pytest

import autograd.numpy as np
from autograd import Value, grad, gradcheck, jacobian
from autograd.numpy.making import WITH_WRITABLE_RESULTS

X = numpy.array([0.5, -2.0, 3.0])
CALLS: dict[str, Callable[[Any], Any]] = {
    "zeros": lambda np: np.zeros((2, 3), order="F"),
    "ones": lambda np: np.ones(3, dtype=np.float32),
    "empty": lambda np: np.empty((0, 2)),
    "eye": lambda np: np.eye(2, 3, k=1),
    "identity": lambda np: np.identity(2),
    "tri": lambda np: np.tri(3),
    "arange": lambda np: np.arange(1.0, 4.0, 0.5),
    "arange of integers": lambda np: np.arange(3),
    "zeros_like": lambda np: np.zeros_like(X),
    "ones_like": lambda np: np.ones_like([1, 2]),
    "empty_like": lambda np: np.empty_like(numpy.zeros((0, 2))),
    "full_like": lambda np: np.full_like(X, 2),
    "full_like of another shape": lambda np: np.full_like(X, 2, dtype=int, shape=(2, 2)),
    "full": lambda np: np.full((2, 2), [1.0, 2.0]),
    "full of integers": lambda np: np.full(np.int64(2), 7),
    "indices": lambda np: np.indices((2, 2)),
    "fromfunction": lambda np: np.fromfunction(lambda i, j: i + 2 * j, (2, 3)),
    "geomspace": lambda np: np.geomspace(1, 8, 4),
    "logspace": lambda np: np.logspace(0, 2, 3),
    "meshgrid": lambda np: np.meshgrid([1.0, 2.0], [3.0, 4.0, 5.0], indexing="ij")[1],
    "array": lambda np: np.array([[1, 2.5]], ndmin=3),
    "array of a dtype": lambda np: np.array([1, 2], dtype=np.float32),
    "asarray": lambda np: np.asarray([1, 2], float),
    "asanyarray": lambda np: np.asanyarray((1.0, 2.0)),
    "asarray_chkfinite": lambda np: np.asarray_chkfinite([1.0]),
    "ascontiguousarray": lambda np: np.ascontiguousarray(2.0),
    "asfortranarray": lambda np: np.asfortranarray([[1.0, 2.0]]),
    "copy": lambda np: np.copy(X),
    "linspace": lambda np: np.linspace(0, 1, 5),
    "linspace without its end": lambda np: np.linspace([0, 1], [1, 5], 4, False, axis=1),
    "fromiter": lambda np: np.fromiter(iter([1.0, 2.0, 3.0]), float, 2),
    "vectorize": lambda np: np.vectorize(lambda a, b: a + b)([1.0, 2.0], 3.0),
    "r_": lambda np: np.r_[1.0, 0:3, [4.0]],
    "c_": lambda np: np.c_[[1.0, 2.0], [3.0, 4.0]],
    "text": lambda np: np.array(["a", "b"]),
}


@pytest.mark.parametrize("name", CALLS)
def test_the_same_numbers_as_numpy_in_a_new_array(name: str) -> None:
    ours, theirs = CALLS[name](np), CALLS[name](numpy)
    assert isinstance(ours, numpy.ndarray)
    assert ours.dtype == theirs.dtype
    assert ours.shape == theirs.shape
    assert ours.flags.f_contiguous == theirs.flags.f_contiguous
    if "empty" not in name:
        numpy.testing.assert_array_equal(ours, theirs)
    assert repr(ours) == repr(theirs)
    assert (type(ours) is np.WritableArray) == (theirs.dtype.kind in "fciub")
    if ours.dtype.kind == "f" and ours.size:
        ours[(0,) * ours.ndim] = Value(2.5)
        assert ours[(0,) * ours.ndim].item() == 2.5


def test_every_maker_is_called_here() -> None:
    named = {name.split()[0] for name in CALLS}
    assert {*WITH_WRITABLE_RESULTS, *np.OURS} - named == {"WritableArray", "ndenumerate"}


JOINING: dict[str, Callable[[Any], Any]] = {
    "array": lambda x: np.array([x[0], 1.0, x[1] * x[2]]),
    "array, nested": lambda x: np.array([[x[0], 1.0], [2, x[1] * x[2]]]),
    "array, of arrays": lambda x: np.array([x, [1.0, x[0], 2.0], np.ones(3)]),
    "array of a Value": lambda x: np.array(x),
    "array of a number": lambda x: np.array(x[0]),
    "array, ndmin": lambda x: np.array([x[0]], ndmin=3),
    "asarray": lambda x: np.asarray([x[0], 2.0]),
    "asanyarray": lambda x: np.asanyarray(x),
    "asarray_chkfinite": lambda x: np.asarray_chkfinite([x[0], 2.0]),
    "ascontiguousarray": lambda x: np.ascontiguousarray(x[0]),
    "asfortranarray": lambda x: np.asfortranarray([x, x]),
    "copy": lambda x: np.copy(x),
    "full": lambda x: np.full((2, 3), x),
    "full of a number": lambda x: np.full(2, x[1]),
    "full_like": lambda x: np.full_like(np.ones((2, 2)), x[0]),
    "full_like of a Value": lambda x: np.full_like(x, x[1]),
    "linspace": lambda x: np.linspace(x[0], x[1], 4),
    "linspace, open": lambda x: np.linspace(1.0, x, 3, endpoint=False, axis=1),
    "linspace, one": lambda x: np.linspace(x[0], x[1], 1),
    "linspace, step": lambda x: np.linspace(x[0], 3.0, 3, retstep=True)[1],
    "r_": lambda x: np.r_[x[0], 0:2, x, np.zeros(1)],
    "r_ of rows": lambda x: np.r_["0,2", x, [1.0, 2.0, 3.0]],
    "r_ of a range": lambda x: np.r_[x[0] : x[2] : 4j],
    "c_": lambda x: np.c_[x, [1.0, 2.0, 3.0], x * x],
    "fromiter": lambda x: np.fromiter((x[i] * i for i in range(3)), float, 2),
    "fromfunction": lambda x: np.fromfunction(lambda i, j: i * x[0] + j, (2, 2)),
    "vectorize": lambda x: np.vectorize(lambda a, b: a * b if a > 0 else b)(x, 2.0),
    "vectorize, closure": lambda x: np.vectorize(lambda a: a * x[0])([1.0, 2.0]),
    "vectorize, otypes": lambda x: np.vectorize(lambda a: a * x[0], otypes=[float])([1.0, 2.0]),
    "vectorize, two results": lambda x: np.vectorize(lambda a: (a, a * a))(x),
    "ndenumerate": lambda x: sum(v * (i + 1) for (i,), v in np.ndenumerate(np.array(x))),
}


@pytest.mark.parametrize("name", JOINING)
def test_values_are_joined(name: str) -> None:
    f = JOINING[name]
    assert gradcheck(lambda x: [part**2 for part in as_tuple(f(x))], X)


def as_tuple(y: Any) -> tuple[Any, ...]:
    return y if isinstance(y, tuple) else (y,)


def test_what_is_an_array_already_is_itself() -> None:
    v, u, a = Value(X), np.zeros(3), numpy.zeros(3)
    for f in (np.asarray, np.asanyarray):
        assert f(v) is v
        assert f(u) is u
        assert f(a) is a
    assert np.asarray(u, dtype=float) is u
    w = np.array(u, copy=None)
    w[0] = 5.0
    assert u[0] == 5.0


def test_copies_are_copies() -> None:
    u = np.zeros(2)
    u[0] = Value(1.0)
    for w in (np.array(u), np.copy(u), u.copy(), numpy.copy(u), np.array(u, ndmin=1)):
        w[0] = 7.0
        assert u[0].item() == 1.0


def test_dtypes() -> None:
    assert np.array([Value(1.0), 2], dtype=np.float32).dtype == np.float32
    assert np.array([Value(1.0), 2j]).dtype == np.complex128
    assert np.full(2, Value(1.0), dtype=np.float32).dtype == np.float32
    assert (
        grad(lambda x: np.sum(np.array([x[0], x[1]])))(np.ones(2, np.float32)).dtype == np.float32
    )
    with pytest.raises(TypeError, match="no derivative"):
        np.array([Value(1.0), 2], dtype=int)
    with pytest.raises(TypeError, match="dtype=float"):
        np.full_like(np.arange(2), Value(1.0))


def test_refusals() -> None:
    with pytest.raises(ValueError, match="one shape"):
        np.array([Value(1.0), [1.0, 2.0]])
    with pytest.raises(TypeError, match="number of its entries"):
        _ = np.r_[Value(0.0) : 3.0 : 1.0]
    with pytest.raises(ValueError, match="too short"):
        np.fromiter([Value(1.0)], float, 2)
    with pytest.raises(TypeError, match="signature="):
        np.vectorize(lambda a: a, signature="(n)->(n)")(Value(X))
    with pytest.raises(ValueError, match="infs or NaNs"):
        np.asarray_chkfinite([Value(1.0), np.inf])


def test_a_function_that_fails_says_so() -> None:
    def fails(a: float) -> float:
        raise TypeError("its own error")

    with pytest.raises(TypeError, match="its own error"):
        np.vectorize(fails)([1.0])


def test_functions_are_pickled_by_name() -> None:
    for name in ("zeros", "array", "asarray", "ascontiguousarray", "full", "meshgrid", "vectorize"):
        assert pickle.loads(pickle.dumps(getattr(np, name))) is getattr(np, name)


def test_functions_are_documented_as_numpys() -> None:
    assert np.zeros.__name__ == "zeros"
    assert "Return a new array of given shape" in np.zeros.__doc__
    assert not any(">>>" in getattr(np, name).__doc__ for name in WITH_WRITABLE_RESULTS)


def test_vectorize_as_a_decorator() -> None:
    @np.vectorize
    def f(a: float) -> float:
        return a * 2

    g = np.vectorize(otypes=[float])(lambda a: a * 2)
    for doubled in (f, g):
        numpy.testing.assert_array_equal(doubled(Value(X)).data, 2 * X)
        numpy.testing.assert_array_equal(doubled(X), 2 * X)


def test_a_copy_that_is_written_into() -> None:
    def f(x: Any) -> Any:
        y = np.array(x)
        y[0] = y[1] * 2
        return np.sum(y * x)

    numpy.testing.assert_array_equal(jacobian(f)(X), [2 * X[1], 2 * X[0] + 2 * X[1], 2 * X[2]])


def test_a_plain_argument_is_not_taken_over() -> None:
    """What shares the memory of an array of the user's stays NumPy's own array."""
    a = numpy.zeros(3)
    for y in (np.asarray(a), np.asarray(a).reshape(3, 1), np.array(a, copy=None)):
        assert type(y) is numpy.ndarray
