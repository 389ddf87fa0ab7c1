"""Indices that take views, Values that fit into entries, memory without gaps."""

from __future__ import annotations

from typing import Any

import numpy
import pytest

import autograd.numpy as np
from autograd import Value
from autograd.numpy.operands import fitted, freeze_all, is_basic, memory_of

A = numpy.arange(24.0).reshape(2, 3, 4)
DOUBLE = numpy.dtype(float)


@pytest.mark.parametrize(
    "index",
    [
        *(0, -1, np.int64(1), slice(None), None, ..., (), (0, 1), (0, slice(1), None, ...)),
        *(
            [0],
            [True, False],
            numpy.array(1),
            True,
            (0, [1]),
            (slice(None), numpy.array([1])),
            (True,),
        ),
    ],
    ids=str,
)
def test_basic_indices_are_those_that_take_views(index: Any) -> None:
    """An array of no axes counts as one that does not: a copy of one part is as good."""
    taken = A[index]
    shares = isinstance(taken, numpy.ndarray) and numpy.may_share_memory(taken, A)
    if not (isinstance(index, numpy.ndarray) and index.ndim == 0):
        assert is_basic(index) == shares


def test_what_fits() -> None:
    v = Value([[1.0, 2.0]])
    assert fitted(v, (1, 2), DOUBLE) is v
    assert fitted(v, (2,), DOUBLE).shape == (2,)
    assert fitted(v, (3, 2), DOUBLE).shape == (3, 2)
    assert fitted(Value([[5.0]]), (), DOUBLE).shape == ()
    assert fitted(Value(5.0), (2, 2), numpy.dtype(numpy.float32)).dtype == numpy.float32
    assert fitted(Value(5.0), (), numpy.dtype(complex)).dtype == complex
    for shape in ((3,), (), (2, 1, 1)):
        with pytest.raises(ValueError, match="broadcast"):
            fitted(v, shape, DOUBLE)
    for dtype in (int, bool):
        with pytest.raises(TypeError, match="dtype=float"):
            fitted(v, (1, 2), numpy.dtype(dtype))
    with pytest.raises(TypeError, match="dtype=complex"):
        fitted(Value(1j), (), DOUBLE)


@pytest.mark.parametrize("a", [A, A.T, A.transpose(1, 0, 2), numpy.zeros(()), numpy.zeros((0, 2))])
def test_memory_without_gaps(a: Any) -> None:
    row = memory_of(a)
    assert row.shape == (a.size,)
    assert numpy.may_share_memory(row, a) or not a.size


def test_memory_with_gaps() -> None:
    for a in (A[:, ::2], A[..., 1], numpy.broadcast_to(1.0, (3, 3))):
        with pytest.raises(TypeError, match="gaps"):
            memory_of(a)


def test_arguments_are_frozen_wherever_they_stand() -> None:
    u = np.zeros(2)
    held = np.zeros(2)
    held[0] = Value(1.0)
    frozen = freeze_all(({"a": [u, held]}, 1.0, held))
    assert type(frozen[0]["a"][0]) is numpy.ndarray
    assert type(frozen[0]["a"][1]) is type(frozen[2]) is Value
    assert frozen[1] == 1.0
