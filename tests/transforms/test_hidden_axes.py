"""The rows of hidden axes, and what walks do where an array with one meets an array without."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from autograd import Value
from autograd.arrays.batch import Batch
from autograd.arrays.batched import BatchedArray
from autograd.arrays.hidden_axis import levels
from autograd.engine.cotangents import unwrap
from autograd.engine.node import next_serial
from autograd.transforms.hidden_axes import (
    BATCH,
    SPREAD,
    SUM_BATCH,
    UNBATCH,
    match_hidden_axes,
)
from tests.samples import floats


def ended(size: int) -> Batch:
    batch = Batch(size, next_serial())
    batch.open = False
    return batch


def test_each_row_is_the_transpose_of_another() -> None:
    batch = ended(3)
    x = Value(floats(2, 3))
    y = UNBATCH(BATCH(x, axis=1, batch=batch), axis=0, batch=batch)
    np.testing.assert_array_equal(y.data, x.data.T)
    g = floats(3, 2)
    y.backward(seed=g)
    np.testing.assert_array_equal(x.grad, g.T)
    z = Value(floats(2))
    w = SPREAD(z, batch=batch)
    SUM_BATCH(w * BATCH(x, axis=1, batch=batch), batch=batch).backward(seed=np.array([1.0, 10.0]))
    np.testing.assert_allclose(z.grad, x.data.sum(axis=1) * [1.0, 10.0])


def test_a_contribution_gets_the_hidden_axes_of_batches_that_ended() -> None:
    done, running = ended(3), Batch(2, next_serial())
    c = BatchedArray(floats(3, 4), done)
    np.testing.assert_allclose(match_hidden_axes(c, np.zeros(4)), c.data.sum(axis=0))
    assert match_hidden_axes(c, c) is c
    assert levels(match_hidden_axes(np.ones(4), c)) == [done]
    both = BatchedArray(BatchedArray(floats(3, 2, 4), done), running)
    assert levels(both) == [running, done]
    assert levels(match_hidden_axes(both, np.zeros(4))) == [running]
    assert levels(match_hidden_axes(BatchedArray(floats(2, 4), running), np.zeros(4))) == [running]
    assert levels(unwrap(match_hidden_axes(Value(floats(4)), c))) == [done]
    alone = BatchedArray(floats(2, 4), running)
    assert levels(match_hidden_axes(alone, both)) == [running, done]


def test_copies_of_a_graph_with_hidden_axes() -> None:
    batch = ended(3)
    x = Value(floats(3, 2))
    y = UNBATCH(np.sin(BATCH(x, axis=0, batch=batch)), axis=0, batch=batch)
    z = copy.deepcopy(y)
    np.testing.assert_array_equal(z.data, y.data)
    z.backward(seed=np.ones((3, 2)))
    assert not x.has_grad
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(y)
