"""NumPy functions whose output has no derivative."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from autograd.engine.dispatch import NONDIFFERENTIABLE

X = np.array([0.3, -0.4, 1.7])


@pytest.mark.parametrize(
    "f", sorted(NONDIFFERENTIABLE, key=lambda f: f.__name__), ids=lambda f: f.__name__
)
def test_plain_functions_see_the_data(f: Any) -> None:
    """Shapes, indices, bools: no Value comes back, and the numbers are NumPy's."""
    calls: dict[str, Any] = {
        **dict.fromkeys(("argpartition", "searchsorted", "isin"), lambda f, x: f(x, 1)),
        **dict.fromkeys(
            ("allclose", "isclose", "array_equal", "array_equiv"), lambda f, x: f(x, x)
        ),
        "digitize": lambda f, x: f(x, np.array([0.0, 1.0])),
        "lexsort": lambda f, x: f((x,)),
        "can_cast": lambda f, x: f(np.dtype("f4"), np.asarray(getattr(x, "data", x)).dtype),
        "shares_memory": lambda f, x: f(x, np.ones(3)),
        "may_share_memory": lambda f, x: f(x, np.ones(3)),
    }
    call = calls.get(f.__name__, lambda f, x: f(x, x) if getattr(f, "nin", 1) == 2 else f(x))
    got, wanted = call(f, Value(X)), call(f, X)
    assert not isinstance(got, Value)
    for a, b in zip(got, wanted, strict=True) if isinstance(wanted, tuple) else [(got, wanted)]:
        if f is not np.empty_like:
            np.testing.assert_array_equal(a, b)
        else:
            assert a.shape == b.shape


def test_counting_does_not_lose_the_gradient_of_weights() -> None:
    np.testing.assert_array_equal(np.bincount([0, 1, 1], minlength=3), [1, 2, 0])
    counts, edges = np.histogram(Value(X), bins=2)
    np.testing.assert_array_equal(counts, np.histogram(X, bins=2)[0])
    np.testing.assert_array_equal(edges, np.histogram(X, bins=2)[1])
    with pytest.raises(TypeError, match="bincount"):
        np.histogram([0.0, 1.0, 2.0], weights=Value(X))


def test_sums_of_weights_in_bins() -> None:
    """The gradient of a weight is that of the sum of its bin."""
    places, w = np.array([2, 0, 2, 1]), np.array([1.0, 2.0, 3.0, 4.0])
    v = Value(w)
    y = np.bincount(places, weights=v, minlength=5)
    np.testing.assert_array_equal(y.data, np.bincount(places, w, 5))
    y.backward(seed=[1.0, 10.0, 100.0, 7.0, 7.0])
    np.testing.assert_array_equal(v.grad, [100.0, 1.0, 100.0, 10.0])
    assert np.bincount(places, weights=Value(np.float32(w))).dtype == np.float64
    np.testing.assert_array_equal(np.bincount(np.array([], int), weights=Value(w[:0])).data, [])


def test_outputs_may_be_used_to_choose_entries() -> None:
    """A sorted sum of the largest entries: the indices are plain, the entries have gradients."""
    g = ag.grad(lambda x: (x[np.argsort(x)[-2:]] * np.array([1.0, 10.0])).sum())(X)
    np.testing.assert_array_equal(g, [1.0, 0.0, 10.0])
