"""What composed functions take for an array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from autograd.engine.cotangents import real_dtype
from autograd.rules.indexing import gather
from autograd.rules.operands import cast, is_value, operand


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


X = np.array([0.3, -0.4, 1.7])
WITH_LISTS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "average": lambda v, a, b: np.average(v, weights=[a, b, 2.0]),
    "cov": lambda v, a, b: np.cov(v, [a, 1.0, b]),
    "aweights": lambda v, a, b: np.cov(v, aweights=(a, b, 1.0)),
    "quantile": lambda v, a, b: np.quantile(v, [a / 3, b / 3]),
    "interp": lambda v, a, b: np.interp(v, [-1.0, a, b], [b, 1.0, a]),
    "gradient": lambda v, a, b: np.gradient(v, [0.0, a, a + b]),
    "trapezoid": lambda v, a, b: np.trapezoid(v, [0.0, a, b]),
    "convolve": lambda v, a, b: np.convolve(v, [a, b]),
    "correlate": lambda v, a, b: np.correlate([a, b], v, "full"),
    "polyval": lambda v, a, b: np.polyval([a, 1.0, b], v),
    "polyadd": lambda v, a, b: np.polyadd(v, [a, b]),
    "polyint": lambda v, a, b: np.polyint(v, 2, [a, b]),
    "kron": lambda v, a, b: np.kron([a, b], v),
    "cross": lambda v, a, b: np.cross(v, [[a, b, 1.0], [1.0, a, b]]),
    "union1d": lambda v, a, b: np.union1d(v, [a, b]),
    "select": lambda v, a, b: np.select([X > 0, X < -1], [v, [a, b, a]], [b, b, a]),
    "choose": lambda v, a, b: np.choose([0, 1, 1], [v, [a, b, a]]),
    "diff": lambda v, a, b: np.diff(v, prepend=[a, b], append=b),
    "ediff1d": lambda v, a, b: np.ediff1d(v, to_end=[a, b], to_begin=b),
    "bincount": lambda v, a, b: v * np.histogram(v, [-1, 0, 2], weights=[a, b, 1.0])[0][1],
    "nan_to_num": lambda v, a, b: np.nan_to_num(v / [0.0, 1.0, 2.0], posinf=[a, b, b]),
    "piecewise": lambda v, a, b: np.piecewise(v, [X > 0], [lambda x: x * a, b]),
}


@pytest.mark.parametrize("name", WITH_LISTS)
def test_lists_with_values_as_arguments(name: str) -> None:
    """The gradient of each Value in a list, against differences."""
    f = WITH_LISTS[name]
    point = (X, 0.7, 1.3)
    with np.errstate(divide="ignore"):
        y, pull = ag.vjp(f, *point)
        np.testing.assert_allclose(y, f(*point), rtol=1e-13)
        g = np.cos(np.arange(y.size)).reshape(y.shape)
        found = pull(g)
        for slot in (1, 2):
            moved = [tuple(x + s * (i == slot) for i, x in enumerate(point)) for s in (1e-6, -1e-6)]
            slope = np.sum(g * (f(*moved[0]) - f(*moved[1]))) / 2e-6
            assert found[slot] == pytest.approx(slope, abs=1e-7), slot
