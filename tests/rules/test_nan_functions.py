"""Reductions that ignore NaN: what is ignored has the derivative 0, and nothing else has."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, valid_tuple_axes

import autograd as ag
from autograd import Value
from tests.derivatives import Case, check_dot_product, check_value, check_vjp

NAN, INF = np.nan, np.inf
REDUCERS = [np.nansum, np.nanprod, np.nanmean, np.nanvar, np.nanstd, np.nanmin, np.nanmax]


@pytest.fixture(autouse=True)
def without_warnings() -> Iterator[None]:
    """What NumPy warns of is tested below, by its name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("function", REDUCERS, ids=lambda f: f.__name__)
@given(data=st.data())
def test_any_axes_and_options(function: Any, data: st.DataObject) -> None:
    shape = data.draw(array_shapes(min_dims=1, max_dims=3, max_side=4))
    axis = data.draw(
        st.none() | valid_tuple_axes(len(shape)) | st.integers(-len(shape), len(shape) - 1)
    )
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    count = int(np.prod(shape))
    x = ((rng.permutation(count) + 0.37 - count / 2) * (4 / count)).reshape(shape)
    x[rng.uniform(size=shape) < 0.3] = NAN
    options: dict[str, Any] = {"axis": axis, "keepdims": data.draw(st.booleans())}
    keep = np.ones(shape, bool)
    if data.draw(st.booleans()):
        options["where"] = keep = rng.uniform(size=shape) < 0.8
    if function in (np.nanmin, np.nanmax):
        options["initial"] = 0.0
    if function in (np.nanvar, np.nanstd):
        options[data.draw(st.sampled_from(["ddof", "correction"]))] = data.draw(st.integers(0, 1))
        numbers = np.sum(keep & ~np.isnan(x), axis=axis)
        if np.any(numbers <= 1):
            return  # NaN, or the kink of a deviation at 0
    if function is np.nanmean and np.any(np.sum(keep & ~np.isnan(x), axis=axis) == 0):
        return
    case = Case(lambda x: function(x, **options), [x])
    check_value(case)
    check_vjp(case)
    check_dot_product(case)


@pytest.mark.parametrize(
    ("f", "row", "wanted"),
    [
        (np.nanmin, [INF, NAN, INF], [0.5, 0.0, 0.5]),
        (np.nanmin, [1.0, NAN, 1.0], [0.5, 0.0, 0.5]),
        (np.nanmax, [-INF, NAN, NAN], [1.0, 0.0, 0.0]),
        (np.nanmin, [NAN, NAN, NAN], [0.0, 0.0, 0.0]),
        (np.nanmean, [NAN, NAN, NAN], [0.0, 0.0, 0.0]),
        (np.nanmean, [3.0, NAN, 1.0], [0.5, 0.0, 0.5]),
        (np.nanvar, [NAN, NAN, NAN], [0.0, 0.0, 0.0]),
        (np.nanstd, [2.0, NAN, 2.0], [0.0, 0.0, 0.0]),
        (np.nanstd, [2.0, NAN, NAN], [0.0, 0.0, 0.0]),
        (np.nanprod, [0.0, NAN, 0.0], [0.0, 0.0, 0.0]),
        (np.nanprod, [0.0, NAN, 3.0], [3.0, 0.0, 0.0]),
        (np.nansum, [INF, NAN, 1.0], [1.0, 0.0, 1.0]),
    ],
)
def test_ties_infinities_and_nan_alone(f: Callable[..., Any], row: Any, wanted: Any) -> None:
    np.testing.assert_array_equal(ag.grad(f)(np.array(row)), wanted)


def test_scans_go_over_nan() -> None:
    x = np.array([2.0, NAN, 3.0])
    g = np.array([1.0, 10.0, 100.0])
    np.testing.assert_array_equal(ag.vjp(np.nancumsum, x)[1](g)[0], [111.0, 0.0, 100.0])
    np.testing.assert_array_equal(ag.vjp(np.nancumprod, x)[1](g)[0], [311.0, 0.0, 200.0])


@pytest.mark.parametrize(
    ("f", "text"),
    [
        (np.nanmin, "All-NaN"),
        (np.nanmax, "All-NaN"),
        (np.nanmean, "empty slice"),
        (np.nanvar, "Degrees of freedom"),
    ],
)
def test_warnings_are_those_of_numpy(f: Callable[..., Any], text: str) -> None:
    for x in (np.array([NAN, NAN]), Value([NAN, NAN])):
        with pytest.warns(RuntimeWarning, match=text) as found:
            f(x)
        assert len(found) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        f(Value([1.0, NAN, 2.0]))


REFUSED: list[Callable[[Any], Any]] = [
    lambda x: np.nanmin(x[:0]),
    lambda x: np.nanmax(x, axis=3),
    lambda x: np.nanmin(x, where=np.ones(3, bool)),
    lambda x: np.nansum(x, axis=3),
    lambda x: np.nanmean(x, dtype=int),
    lambda x: np.nanvar(x, ddof=1, correction=1),
    lambda x: np.nanmean(x, 0, None, None, True, True),
    lambda x: np.nancumsum(x, axis=3),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_numpy_refuses_is_refused(number: int) -> None:
    with pytest.raises((ValueError, TypeError)) as wanted:
        REFUSED[number](np.ones(3))
    with pytest.raises(wanted.type):
        REFUSED[number](Value(np.ones(3)))


@pytest.mark.parametrize("f", [*REDUCERS, np.nancumsum, np.nancumprod], ids=lambda f: f.__name__)
def test_an_output_array_is_refused(f: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match="out="):
        f(Value(np.ones(3)), out=np.empty(()))
