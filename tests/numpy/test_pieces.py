"""What was written is found by place, joined in few nodes, and dropped when it is overwritten."""

from __future__ import annotations

from typing import Any

import numpy
import pytest

import autograd.numpy as np
from autograd import Value
from autograd.numpy.operands import memory_of
from autograd.numpy.pieces import CONSTANT, ENTRY, FEW, Pieces, assemble, is_piece


def test_places_of_views() -> None:
    memory = numpy.arange(24.0)
    pieces = Pieces(memory)
    a = memory.reshape(2, 3, 4)
    for view in (
        a,
        a.T,
        a[:, ::-2, 1:],
        a[1, :, 2],
        a[..., None],
        a[0, 0, 0, ...],
        a[:0],
        numpy.broadcast_to(a[0], (3, 3, 4)),
        numpy.lib.stride_tricks.as_strided(a, (2,), (16,)),
    ):
        numpy.testing.assert_array_equal(pieces.places_of(view), view)
        assert pieces.has(view) or not view.size
    assert not pieces.has(numpy.zeros(3))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, complex, np.longdouble])
def test_places_in_every_width(dtype: Any) -> None:
    u = np.zeros((3, 2), dtype)
    u[1:, 0] = Value([1.0, 2.0])
    u[0, 1] = Value(3.0)
    numpy.testing.assert_array_equal(u.data, [[0, 3], [1, 0], [2, 0]])
    assert u.frozen().dtype == dtype


def test_memory_in_any_order() -> None:
    for a in (numpy.zeros((2, 3), order="F"), numpy.zeros((2, 3, 4)).transpose(2, 0, 1)):
        row = memory_of(a)
        row[1] = 1.0
        assert a.sum() == 1.0


def test_entries_that_were_all_written_in_order_are_one_stack() -> None:
    u = np.zeros(3)
    for i in range(3):
        u[i] = Value(float(i))
    assert u.frozen().op.name == "stack"
    u = np.zeros((2, 2))
    for i in range(4):
        u.flat[i] = Value(float(i))
    assert u.frozen().op.name == "reshape"


def test_a_piece_of_its_own_shape_is_itself() -> None:
    x = Value(numpy.ones((2, 3)))
    u = np.zeros((2, 3))
    u[...] = x
    assert u.frozen() is x
    assert u[:, :].frozen() is x
    assert u.reshape(2, 3).frozen() is x
    u[0, 0] = 1.0
    assert u.frozen() is not x


def test_joining_turns_many_pieces_into_one() -> None:
    u = np.zeros(100)
    for i in range(50):
        u[i] = Value(1.0)
    first = u.frozen()
    pieces = u._pieces
    assert len(pieces.arrays) == 1
    assert (pieces.owner[:50] > 0).all()
    assert (pieces.owner[50:] == CONSTANT).all()
    u[3] = Value(2.0)
    assert pieces.owner[3] == ENTRY
    second = u.frozen()
    assert second.serial - first.serial < 10, "not a node for each entry"
    assert type(u[4]) is Value
    assert u[4].op is None, "the Value that was written"


def test_what_was_joined_is_remembered_for_few_views() -> None:
    u = np.array(Value(numpy.arange(100.0)))
    for i in range(3 * FEW):
        u[i : i + 3].frozen()
    assert len(u._pieces.joined) <= FEW
    u[0] = 1.0
    assert not u._pieces.joined


def test_overlapping_pieces() -> None:
    u = np.zeros(6)
    u[:4], u[2:] = Value([1.0, 2.0, 3.0, 4.0]), Value([5.0, 6.0, 7.0, 8.0])
    u[[5, 5]] = Value([9.0, 10.0])
    numpy.testing.assert_array_equal(u.data, [1, 2, 5, 6, 7, 10])
    numpy.testing.assert_array_equal(u[::-2].data, [10, 6, 2])
    assert set(u._pieces.arrays) == set(u._pieces.left)


def test_a_repeated_view() -> None:
    u = np.zeros(2)
    u[0], u[1] = Value(2.0), Value(3.0)
    wide = np.broadcast_to(u, (3, 2))
    total = np.sum(wide * wide)
    assert total.item() == 39.0
    total.backward()
    assert u[0].grad == 12.0


def test_a_repeated_view_takes_no_piece_away() -> None:
    u = np.zeros(5)
    u[:], u[0] = Value(numpy.arange(5.0)), Value(7.0)
    np.sum(np.broadcast_to(u[:3], (2, 3)))
    u[0] = Value(8.0)
    numpy.testing.assert_array_equal(u.data, [8, 1, 2, 3, 4])


def test_what_was_joined_is_not_what_is_written_later() -> None:
    for index, place in ((0, 0), ((1, 1), 3), (-1, 3)):
        u = np.zeros(4) if isinstance(index, int) else np.zeros((2, 2))
        u[index] = Value(1.0)
        assert np.sum(u).item() == 1.0
        u[index] = Value(2.0)
        assert np.sum(u).item() == 2.0
        numpy.asarray(u).reshape(-1)[1] = 5.0
        assert np.sum(u).item() == 7.0
        numpy.asarray(u).reshape(-1)[place] = 3.0
        assert np.sum(u) == 8.0


def test_assemble() -> None:
    v, w = Value([[1.0, 2.0], [3.0, 4.0]]), Value([5.0])
    found = assemble([v, w], numpy.array([4, 0, 0, 3]), (2, 2))
    numpy.testing.assert_array_equal(found.data, [[5, 1], [1, 4]])
    found.backward(numpy.array([[1.0, 10.0], [100.0, 1000.0]]))
    numpy.testing.assert_array_equal(v.grad, [[110, 0], [0, 1000]])
    assert assemble([v], numpy.arange(4), (2, 2)) is v


def test_is_piece() -> None:
    assert is_piece(Value(1.0))
    for x in (1.0, numpy.float64(1.0), numpy.zeros(2), [1.0], None, "text"):
        assert not is_piece(x)
