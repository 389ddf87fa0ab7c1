"""`u.flat`: the entries in one row, whatever their order in memory."""

from __future__ import annotations

from typing import Any

import numpy
import pytest

import autograd.numpy as np
from autograd import Value

NUMBERS = numpy.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize("index", [0, -1, slice(1, 5, 2), [0, 5, 0], NUMBERS.ravel() > 2])
@pytest.mark.parametrize("order", ["C", "F"])
def test_the_entries_that_numpy_takes(index: Any, order: str) -> None:
    plain = numpy.array(NUMBERS, order=order)
    for u in (
        np.array(NUMBERS, order=order),
        np.array(Value(NUMBERS)),
        np.array(Value(NUMBERS.T)).T,
    ):
        taken = u.flat[index]
        numpy.testing.assert_array_equal(getattr(taken, "data", taken), plain.flat[index])
        u.flat[index] = Value(9.0)
        expected = plain.copy()
        expected.flat[index] = 9.0
        numpy.testing.assert_array_equal(u.data, expected)


def test_iteration_and_length() -> None:
    u = np.array(NUMBERS)
    u[0, 1] = Value(7.0)
    flat = u.flat
    assert len(flat) == 6
    assert [x.item() for x in flat] == [0, 7, 2, 3, 4, 5]
    assert next(flat) == 0.0
    assert type(next(flat)) is Value
    assert len(list(iter(flat))) == 6
    empty = np.zeros(0).flat
    with pytest.raises(StopIteration):
        next(empty)
