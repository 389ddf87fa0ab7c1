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


def test_outputs_may_be_used_to_choose_entries() -> None:
    """A sorted sum of the largest entries: the indices are plain, the entries have gradients."""
    g = ag.grad(lambda x: (x[np.argsort(x)[-2:]] * np.array([1.0, 10.0])).sum())(X)
    np.testing.assert_array_equal(g, [1.0, 0.0, 10.0])
