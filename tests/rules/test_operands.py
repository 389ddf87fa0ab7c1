"""What composed functions take for an array."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Value
from autograd.rules.indexing import gather
from autograd.rules.operands import cast, is_value, operand, real_dtype


def test_lists_with_values_are_joined() -> None:
    v, w = Value(2.0), Value(np.array([1.0, 3.0]))
    joined = operand([[v, 1.0], w, (4, 5)])
    np.testing.assert_array_equal(joined.data, [[2.0, 1.0], [1.0, 3.0], [4.0, 5.0]])
    (joined * joined).sum().backward()
    assert v.grad == 4.0
    np.testing.assert_array_equal(w.grad, [2.0, 6.0])
    with pytest.raises(ValueError, match="one shape"):
        operand([v, w])


@pytest.mark.parametrize("x", [Value(1.0), np.ones(2), np.float32(1.0)], ids=["v", "array", "f4"])
def test_arrays_are_returned_as_they_are(x: Any) -> None:
    assert operand(x) is x


def test_other_things_become_arrays() -> None:
    assert operand([1, 2]).dtype.kind == "i"
    assert operand(1.5).shape == ()
    assert is_value(Value(1.0))
    assert not is_value(np.ones(2))


def test_dtypes() -> None:
    v = Value(np.ones(2, np.complex64))
    assert real_dtype(v) == np.float32
    assert cast(v, np.dtype(np.complex64)) is v
    assert cast(v, np.complex128).dtype == np.complex128


def test_entries_along_an_axis() -> None:
    x = np.arange(6.0).reshape(2, 3)
    v, places = Value(x), np.array([[2, 2], [0, 1]])
    y = gather(v, places, 1)
    np.testing.assert_array_equal(y.data, [[2.0, 2.0], [3.0, 4.0]])
    y.backward(seed=np.ones((2, 2)))
    np.testing.assert_array_equal(v.grad, [[0.0, 0.0, 2.0], [1.0, 1.0, 0.0]])
    assert gather(v, places, 1, unique=True).params["unique"] is True
