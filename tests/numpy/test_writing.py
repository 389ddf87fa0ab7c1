"""NumPy's functions that write into an argument do so with Values, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy
import pytest

import autograd.numpy as np
from autograd import Value, gradcheck

X = numpy.array([0.75, -1.5, 2.0])
START = numpy.arange(6.0).reshape(2, 3)
ROWS = numpy.array([[0], [1]])

WRITE: dict[str, Callable[[Any, Any], Any]] = {
    "copyto": lambda u, x: numpy.copyto(u, x),
    "copyto where": lambda u, x: numpy.copyto(u, x, where=START % 2 == 0),
    "put": lambda u, x: numpy.put(u, [0, -1, 2], x),
    "put, repeated": lambda u, x: numpy.put(u, [5, 4, 3, 2, 1], x),
    "put, wrapped": lambda u, x: numpy.put(u, [7, -9], x, mode="wrap"),
    "put, clipped": lambda u, x: numpy.put(u, [[7], [-9]], x, mode="clip"),
    "put nothing": lambda u, x: numpy.put(u, [], x),
    "place": lambda u, x: numpy.place(u, START > 1, x),
    "putmask": lambda u, x: numpy.putmask(u, START > 1, x),
    "put_along_axis": lambda u, x: numpy.put_along_axis(u, numpy.array([[1], [2]]), x[:1], 1),
    "put_along_axis, rows": lambda u, x: numpy.put_along_axis(u, numpy.array([[1, 0, 1]]), x, 0),
    "put_along_axis, flat": lambda u, x: numpy.put_along_axis(u, numpy.array([1, 5, 0]), x, None),
    "fill_diagonal": lambda u, x: numpy.fill_diagonal(u, x[0]),
    "fill_diagonal of many": lambda u, x: numpy.fill_diagonal(u, x),
    "fill_diagonal, wrapped": lambda u, x: numpy.fill_diagonal(u.T, x, wrap=True),
    "add.at": lambda u, x: numpy.add.at(u, ([0, 0, 1], [1, 1, 2]), x),
    "subtract.at": lambda u, x: numpy.subtract.at(u, [0, 1, 1], x),
    "multiply.at": lambda u, x: numpy.multiply.at(u, (slice(None), [1, 1]), x[1]),
    "negative.at": lambda u, x: numpy.negative.at(u, [1, 1, 0]),
}


@pytest.mark.parametrize("name", WRITE)
def test_the_same_as_numpy(name: str) -> None:
    write, expected = WRITE[name], START.copy()
    write(expected, X)
    empty, held = np.array(START), np.array(Value(START))
    write(empty, X)
    numpy.testing.assert_array_equal(empty, expected)
    write(held, X)
    numpy.testing.assert_array_equal(held.data, expected)

    def written(x: Any) -> Any:
        u = np.array(START) * 1.0
        u[0] = x
        write(u, x)
        return u * u

    assert gradcheck(written, X)
    assert gradcheck(lambda x: written(np.array(x)), X)


@pytest.mark.parametrize("name", sorted(set(WRITE) - {"put nothing", "negative.at"}))
def test_nothing_is_lost_in_an_array_of_numpys_own(name: str) -> None:
    plain, held = START.copy(), np.zeros(3)
    with pytest.raises(TypeError):
        WRITE[name](plain, Value(X))
    held[:] = Value(X)
    if name in ("fill_diagonal of many", "fill_diagonal, wrapped"):  # NumPy asks its first argument
        WRITE[name](plain, held)
        assert numpy.isnan(plain[plain != START]).all()
        return
    with pytest.raises(TypeError):
        WRITE[name](plain, held)
    numpy.testing.assert_array_equal(plain, START)


@pytest.mark.parametrize("name", ["copyto", "put", "place", "putmask", "put_along_axis, rows"])
def test_numbers_into_an_array_of_numpys_own(name: str) -> None:
    """The mask, or what is written, may be a writable array without Values."""
    plain, expected = START.copy(), START.copy()
    WRITE[name](plain, np.array(X))
    WRITE[name](expected, X)
    numpy.testing.assert_array_equal(plain, expected)


def test_errors_are_numpys() -> None:
    u = np.zeros(3)
    with pytest.raises(IndexError):
        np.put(u, [7], Value(1.0))
    with pytest.raises(ValueError, match="empty"):
        np.place(u, [True, False, False], [])
    with pytest.raises(TypeError, match="cast"):
        np.copyto(np.zeros(2, int), 1.5)
    with pytest.raises(ValueError, match="2-d"):
        np.fill_diagonal(u, Value(1.0))


def test_numbers_that_are_written_in_place_are_numbers() -> None:
    u = np.array(Value(X))
    np.copyto(u, numpy.nan)
    assert numpy.isnan(u.frozen()).all()
    u = np.zeros(3)
    np.add.at(u, [0, 0], 1.0)
    assert u[0] == 2.0
