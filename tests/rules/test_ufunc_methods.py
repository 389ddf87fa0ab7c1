"""`reduce`, `accumulate`, `reduceat` and `outer` of ufuncs, on Values as on arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

import autograd as ag
from autograd import Value
from autograd.engine.dispatch import UFUNC_METHODS
from tests.derivatives import Case, check_dot_product, check_value, check_vjp

X = np.array([[1.31, 0.63, 2.27, 1.93], [0.71, 1.13, 0.97, 2.61], [1.67, 2.39, 0.43, 1.19]])
W = np.array([1.37, 0.59])
KEPT = np.array([True, False, True, True])
WRONG_IN_NUMPY = (np.power, np.arctan2)
"""On some processors NumPy 2.4 is wrong where one entry of the result takes three or more: its loop
does not see what it has just written.  These two are compared where it is right."""

REDUCTIONS: list[Any] = [
    lambda f, x: f(x),
    lambda f, x: f(x, np.int64(0)),
    lambda f, x: f(x, 0, None, None, True),
    lambda f, x: f(x, initial=0.9),
    lambda f, x: f(x, axis=0, where=KEPT),
    lambda f, x: f(x, axis=0, where=KEPT[:3, None], initial=0.9),
    lambda f, x: f(x, axis=(0,), out=None, keepdims=True),
    lambda f, x: f(x, (), initial=None),
    lambda f, x: f(x[:1]),
    lambda f, x: f(x[:0]),
    lambda f, x: f(x[:, :0]),
    lambda f, x: f(x[0, 0]),
    lambda f, x: f(x, axis=(0, 1)),
    lambda f, x: f(x, axis=2),
    lambda f, x: f(x, dtype=np.longdouble),
    lambda f, x: f(x, axis=1),
    lambda f, x: f(x, -1, keepdims=True, where=KEPT, initial=1.4),
    lambda f, x: f(x, axis=None),
]
SCANS: list[Any] = [
    lambda f, x: f(x),
    lambda f, x: f(x, 0, None, None),
    lambda f, x: f(x, axis=-1),
    lambda f, x: f(x, (np.int64(1),)),
    lambda f, x: f(x[:0]),
    lambda f, x: f(x[0, 0]),
    lambda f, x: f(x, None),
    lambda f, x: f(x, 2),
    lambda f, x: f(x, dtype=np.longdouble),
]
STRETCHES: list[Any] = [
    lambda f, x: f(x, [0, 2]),
    lambda f, x: f(x, np.array([1, 1, 0])),
    lambda f, x: f(x, np.array([1, 0, 0])),
    lambda f, x: f(x, (2, 1), axis=np.int64(0), dtype=None, out=None),
    lambda f, x: f(x, []),
    lambda f, x: f(x, [3]),
    lambda f, x: f(x, [0, 3, 1], axis=-1),
]
OUTER: list[Any] = [
    lambda f, x: f(x, W),
    lambda f, x: f(W, x),
    lambda f, x: f(x[0] * 1.01, x),
    lambda f, x: f(2.03, x),
    lambda f, x: f([1.03, 2.01], x[0]),
    lambda f, x: f(x[0, 0], x[:, :0]),
    lambda f, x: f(x, W, dtype=np.longdouble),
]
CALLS = {"reduce": REDUCTIONS, "accumulate": SCANS, "reduceat": STRETCHES, "outer": OUTER}
METHODS = sorted(UFUNC_METHODS, key=lambda key: f"{key[0].__name__}.{key[1]}")
LAST_AXIS = {"reduce": 3, "reduceat": 6}


def raises(call: Any, *args: Any) -> Any:
    """The error of a call, or None."""
    try:
        call(*args)
    except (ValueError, TypeError, IndexError, np.exceptions.AxisError) as error:
        return error
    return None


@pytest.mark.parametrize(
    ("ufunc", "method"), METHODS, ids=lambda x: x if isinstance(x, str) else x.__name__
)
def test_methods(ufunc: np.ufunc, method: str) -> None:
    """Values, errors, and derivatives in both modes."""
    calls = CALLS[method]
    if ufunc in WRONG_IN_NUMPY:
        calls = calls[: len(calls) - LAST_AXIS.get(method, 0)]
    checked = 0
    for call in calls:
        f = getattr(ufunc, method)
        if ufunc is np.ldexp:
            n = np.array([1, 2, -1])
            case = Case(lambda x, f=f, n=n: f(x, n), [X])
        else:
            case = Case(lambda x, f=f, call=call: call(f, x), [X])
        error = raises(case.f, X)
        if error is not None:
            with pytest.raises(type(error)):
                case.f(Value(X))
            continue
        if not np.all(np.isfinite(case.f(X))):  # log(0) of nothing has no differences
            np.testing.assert_allclose(case.f(Value(X)).data, case.f(X), rtol=1e-14)
        else:
            check_value(case)
            check_vjp(case)
            check_dot_product(case)
        checked += 1
    assert checked >= len(calls) // 2


def test_reductions_of_long_arrays_need_few_nodes() -> None:
    x = np.linspace(0.1, 2.0, 1000)
    for f in (np.logaddexp.reduce, np.hypot.reduce):
        assert Value(x).serial + 100 > f(Value(x)).serial
    np.testing.assert_allclose(
        ag.grad(np.logaddexp.reduce)(x), np.exp(x) / np.exp(x).sum(), rtol=1e-12
    )


def test_a_stretch_of_one_is_that_entry() -> None:
    """`reduce` of it starts from the identity: hypot(0, x) is |x|."""
    x = np.array([-1.5, 2.5, -0.5])
    np.testing.assert_array_equal(
        np.hypot.reduceat(Value(x), [0, 1]).data, np.hypot.reduceat(x, [0, 1])
    )
    assert np.hypot.reduce(Value(x[:1])).data == 1.5


def test_ties_share_equally() -> None:
    x = np.array([2.0, 1.0, 2.0, 2.0, np.nan])
    np.testing.assert_array_equal(ag.grad(np.fmax.reduce)(x), [1 / 3, 0, 1 / 3, 1 / 3, 0])
    np.testing.assert_array_equal(
        ag.grad(lambda x: np.fmin.reduce(-x))(x), -ag.grad(np.fmax.reduce)(x)
    )
    running = lambda x: np.maximum.accumulate(x)[-1]
    assert ag.grad(running)(x[:4]).sum() == 1.0
    assert np.isnan(np.fmax.reduce(Value([np.nan, np.nan])).data)


def test_a_start_is_taken_in_the_dtype_of_the_array() -> None:
    x = np.float32(X)
    for f in (np.fmax, np.fmin, np.hypot, np.subtract, np.add):
        got = f.reduce(Value(x), initial=np.float64(1.0))
        assert got.dtype == f.reduce(x, initial=np.float64(1.0)).dtype == np.float32


def test_zero_at_the_origin() -> None:
    np.testing.assert_array_equal(ag.grad(np.hypot.reduce)(np.zeros(3)), np.zeros(3))


@given(shape=array_shapes(max_dims=3, max_side=4), data=st.data())
def test_running_maximum_of_any_shape(shape: tuple[int, ...], data: st.DataObject) -> None:
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    f = data.draw(st.sampled_from([np.maximum, np.minimum, np.fmax, np.hypot, np.add]))
    order = np.random.default_rng(data.draw(st.integers(0, 9))).permutation(int(np.prod(shape)))
    x = (order + 0.37).reshape(shape) / order.size
    case = Case(lambda x: f.accumulate(x, axis), [x])
    check_value(case)
    check_vjp(case)
    check_dot_product(case)
