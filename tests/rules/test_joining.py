"""Joining arrays and taking them apart."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import Value

X = np.array([0.3, -0.4, 1.7])


@pytest.mark.parametrize("order", [0, 1])
def test_mixed_values_and_arrays(order: int) -> None:
    v, x = Value(X), np.array([1.0, 2.0, 3.0])
    pair = (v, x) if order == 0 else (x, v)
    for call in (
        np.concatenate,
        np.stack,
        np.hstack,
        lambda p: np.einsum("i,i->i", *p),
        lambda p: np.where([True, False, True], *p),
        lambda p: np.logaddexp(*p),
        lambda p: np.outer(*p),
        lambda p: np.hypot(*p),
        lambda p: np.append(*p),
    ):
        v.zero_grad()
        y = call(pair)
        np.testing.assert_array_equal(y.data, call((X, x) if order == 0 else (x, X)))
        y.sum().backward()
        assert np.any(v.grad)


def test_scalars_join_arrays() -> None:
    a, b = Value(2.0), Value(3.0)
    y = np.stack([a, b, 1.0])
    (y * y).sum().backward()
    assert (a.grad, b.grad) == (4.0, 6.0)
    m = np.stack([np.stack([a, b]), np.stack([b, a])])
    assert m.shape == (2, 2)
