"""`np.r_` and `np.c_` put Values where NumPy puts numbers."""

from __future__ import annotations

from typing import Any

import numpy
import pytest

import autograd.numpy as np
from autograd import Value

V = Value([1.0, 2.0])
CASES: list[Any] = [
    (1.0, V, slice(0, 3)),
    (V, slice(0.0, 1.0, 3j)),
    ("0,2", V, V),
    ("0,2,0", V, V),
    ("1", Value([[1.0, 2.0]]), Value([[3.0]])),
    (Value([[1.0, 2.0], [3.0, 4.0]]), Value([[5.0, 6.0]])),
    (Value(3.0), [1, 2]),
    V,
]


def plain(x: Any) -> Any:
    if isinstance(x, tuple):
        return tuple(map(plain, x))
    return x.data if isinstance(x, Value) else x


@pytest.mark.parametrize("key", CASES, ids=str)
def test_r_(key: Any) -> None:
    found = np.r_[key]
    numpy.testing.assert_array_equal(found.data, numpy.r_[plain(key)])
    assert type(found[(0,) * found.ndim]) is Value or not isinstance(key[0], Value)


@pytest.mark.parametrize("key", [(V, V), (V, [3, 4]), (Value([[1.0], [2.0]]), V)], ids=str)
def test_c_(key: Any) -> None:
    numpy.testing.assert_array_equal(np.c_[key].data, numpy.c_[plain(key)])


def test_the_rest_of_the_object_is_numpys() -> None:
    assert np.r_.concatenate is numpy.r_.concatenate
    assert np.r_.__doc__ == numpy.r_.__doc__
    assert len(np.r_) == 0
