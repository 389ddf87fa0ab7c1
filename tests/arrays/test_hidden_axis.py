"""Hiding an axis, showing it, summing over it, repeating along it; with several batches."""

from __future__ import annotations

import numpy as np

from autograd.arrays.batch import Batch
from autograd.arrays.hidden_axis import hide_axis, levels, show_axis, spread_over, sum_examples
from tests.samples import floats


def test_hidden_axes_stay_in_the_order_of_their_batches() -> None:
    old, new = Batch(2, 1), Batch(3, 2)
    data = floats(4, 3, 2)
    one = hide_axis(hide_axis(data, 1, new), 1, old)
    other = hide_axis(hide_axis(data, 2, old), 1, new)
    for x in (one, other):
        assert levels(x) == [new, old]
        assert x.shape == (4,)
        np.testing.assert_array_equal(x.data.data, np.transpose(data, (2, 1, 0)))
        np.testing.assert_array_equal(
            show_axis(show_axis(x, 0, old), 0, new), data.transpose(1, 2, 0)
        )
        total = sum_examples(x, old)
        assert levels(total) == [new]
        np.testing.assert_allclose(total.data, data.sum(axis=2).T)


def test_spreading_is_the_transpose_of_summing() -> None:
    old, new = Batch(2, 1), Batch(3, 2)
    x = hide_axis(floats(3, 4), 0, new)
    y = spread_over(x, old)
    assert levels(y) == [new, old]
    np.testing.assert_allclose(sum_examples(y, old).data, 2 * x.data)
    assert show_axis(np.ones(4), 1, new).shape == (4, 3)
    assert spread_over(2.0, old).data.tolist() == [2.0, 2.0]
