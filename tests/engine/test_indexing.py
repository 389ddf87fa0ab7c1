"""Indices taken apart and put together again, and what is no index."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Value

X = np.arange(12.0).reshape(3, 4)


def test_an_index_changed_later_does_not_matter() -> None:
    index = np.array([0, 1])
    v = Value([1.0, 2.0, 3.0])
    y = v[index]
    index[:] = 2
    y.sum().backward()
    np.testing.assert_array_equal(v.grad, [1.0, 1.0, 0.0])


@pytest.mark.parametrize("index", [3, (0, 4), (0, 0, 0), [5]])
def test_out_of_bounds(index: Any) -> None:
    with pytest.raises(IndexError):
        Value(X)[index]


@pytest.mark.parametrize("index", [1.0, "a"])
def test_what_is_no_index(index: Any) -> None:
    with pytest.raises(IndexError):
        Value(X)[index]


def test_a_value_is_no_index() -> None:
    for index in (Value(1.0), (0, Value(1.0)), Value([0.0, 1.0])):
        with pytest.raises(TypeError, match=r"v\.item\(\)|astype"):
            Value(X)[index]
    with pytest.raises(TypeError):
        X[Value(1.0)]  # type: ignore[call-overload]
