"""Choosing between entries."""

from __future__ import annotations

import numpy as np

from autograd import Value

X = np.array([0.3, -0.4, 1.7])


def test_masks_and_conditions_may_be_computed_from_values() -> None:
    v = Value(X)
    y = np.where(v > 0, v * 2, v)
    y.sum().backward()
    np.testing.assert_array_equal(v.grad, [2.0, 1.0, 2.0])
    v.zero_grad()
    np.sum(v, where=v > 0).backward()
    np.testing.assert_array_equal(v.grad, [1.0, 0.0, 1.0])


def test_where_with_no_choices_gives_indices() -> None:
    (places,) = np.where(Value(X))
    np.testing.assert_array_equal(places, [0, 1, 2])
