"""Which axis of each argument is mapped; the errors are in `test_vmap.py`, as users meet them."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import Value, pytree
from autograd.transforms.mapped_axes import axes_of_arguments, prefix_leaves, size_of_batch


def test_an_axis_stands_for_all_leaves_below_it() -> None:
    structure = pytree.flatten({"a": [1.0, 2.0], "b": (3.0, {"c": 4.0})})[1]
    assert prefix_leaves(0, structure, "in_axes") == [0, 0, 0, 0]
    assert prefix_leaves({"b": (None, -1), "a": 2}, structure, "in_axes") == [2, 2, None, -1]
    assert prefix_leaves({"a": [0, 1], "b": None}, structure, "in_axes") == [0, 1, None, None]
    with pytest.raises(ValueError, match="does not fit"):
        prefix_leaves({"a": [0], "b": None}, structure, "in_axes")


def test_keywords_are_mapped_where_they_have_an_axis() -> None:
    kwargs = {"x": np.ones(3), "scale": 2.0, "name": "n", "v": Value(np.ones((3, 1))), "none": None}
    leaves, structure = pytree.flatten(((), kwargs))
    assert axes_of_arguments(0, structure, leaves) == [0, None, None, 0, None]


def test_axes_are_counted_from_the_front() -> None:
    axes = [-1, None, 1]
    leaves = [np.ones((2, 5)), 1.0, Value(np.ones((3, 5, 1)))]
    assert size_of_batch(leaves, axes, tuple(leaves), {}) == 5
    assert axes == [1, None, 1]
