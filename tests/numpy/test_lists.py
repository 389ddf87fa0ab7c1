"""Nested lists with Values in them."""

from __future__ import annotations

from typing import Any

import numpy
import pytest

import autograd.numpy as np
from autograd import Value, gradcheck
from autograd.numpy.lists import holds_pieces, join_lists


def test_a_list_without_values_is_left_alone() -> None:
    x = [[1.0, 2], (3, 4)]
    assert join_lists(x) is x
    assert not holds_pieces(x)
    assert holds_pieces([1.0, [2.0, (Value(1.0),)]])


def test_a_writable_array_in_a_list_counts_by_what_it_holds() -> None:
    u = np.zeros(2)
    assert not holds_pieces([u, u])
    u[0] = Value(1.0)
    assert holds_pieces([1.0, u])
    assert type(join_lists([u, u])) is Value


def test_numbers_arrays_and_values_are_mixed() -> None:
    v, w = Value(2.0), Value([3.0, 4.0])
    x = join_lists([[v, 1], w, numpy.array([5, 6]), (7.0, v)])
    numpy.testing.assert_array_equal(x.data, [[2, 1], [3, 4], [5, 6], [7, 2]])


@pytest.mark.parametrize("bad", [[1.0, [2.0, 3.0]], [[1.0], [2.0, 3.0]]])
def test_parts_of_different_shapes(bad: Any) -> None:
    with pytest.raises(ValueError, match=r"one shape|inhomogeneous"):
        join_lists([Value(1.0), bad])


def test_no_number() -> None:
    with pytest.raises(TypeError, match="numbers and Values"):
        join_lists([Value(1.0), "text"])


def test_gradients() -> None:
    def matrix(x: Any) -> Any:
        return join_lists([[x[0], x[0] * x[1], 1.0], [x[1], 2.0, x[2]]]) ** 2

    assert gradcheck(matrix, numpy.array([0.5, -2.0, 3.0]))
