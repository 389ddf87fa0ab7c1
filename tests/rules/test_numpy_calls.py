"""NumPy's own functions on Values: those composed from rows of the table, with their options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, mutually_broadcastable_shapes, valid_tuple_axes

from autograd.engine.dispatch import COMPOSITES, UFUNC_METHODS, name_of
from autograd.engine.primitive import ANYWHERE
from tests.derivatives import (
    Case,
    case_of,
    check_dot_product,
    check_dtype,
    check_second_order,
    check_value,
    check_vjp,
)
from tests.samples import NUMPY_CALLS, Sample, within

NOT_SAMPLED = {
    "intersect1d": "what is common changes with the numbers; see test_sorting.py",
    "polyfit": "see test_polynomials.py",
    "trim_zeros": "the shape changes with the numbers; see test_sorting.py",
}


def functions() -> dict[str, Callable[..., Any]]:
    """Every composite by its name, as "linalg.norm"; ufunc methods as "add.reduce"."""
    found = {name_of(f).removeprefix("np."): f for f in COMPOSITES}
    return found | {f"{u.__name__}.{method}": getattr(u, method) for u, method in UFUNC_METHODS}


CALLS = [
    pytest.param(functions()[name], sample, id=f"{name}-{i}")
    for name, samples in NUMPY_CALLS.items()
    if name in functions()
    for i, sample in enumerate(samples)
]
DTYPES_OF_THEIR_OWN = {"float_power"}
REDUCERS = [np.sum, np.mean, np.prod, np.max, np.min, np.var, np.std]


def test_every_composite_is_sampled() -> None:
    missing = set(functions()) - set(NUMPY_CALLS) - set(NOT_SAMPLED)
    assert not missing, f"add calls of these to tests/samples/: {sorted(missing)}"
    unknown = {n for n in NUMPY_CALLS if hasattr(np, n.split(".")[0])} - set(functions())
    assert not unknown, f"these are composites no longer: {sorted(unknown)}"


@pytest.mark.parametrize(("function", "sample"), CALLS)
def test_value(function: Any, sample: Sample) -> None:
    check_value(case_of(function, sample.args, sample.params))


@pytest.mark.parametrize(("function", "sample"), CALLS)
def test_vjp_against_differences(function: Any, sample: Sample) -> None:
    check_vjp(case_of(function, sample.args, sample.params))


@pytest.mark.parametrize(("function", "sample"), CALLS)
def test_forward_is_the_transpose_of_reverse(function: Any, sample: Sample) -> None:
    check_dot_product(case_of(function, sample.args, sample.params))


@pytest.mark.parametrize(("function", "sample"), CALLS)
def test_second_order(function: Any, sample: Sample) -> None:
    check_second_order(case_of(function, sample.args, sample.params))


@pytest.mark.parametrize(("function", "sample"), CALLS)
def test_single_precision_is_kept(function: Any, sample: Sample) -> None:
    if "dtype" not in sample.params and function.__name__ not in DTYPES_OF_THEIR_OWN:
        check_dtype(case_of(function, sample.args, sample.params), np.float32)


@pytest.mark.parametrize("function", REDUCERS, ids=lambda f: f.__name__)
@given(data=st.data())
def test_reductions_over_any_axes(function: Any, data: st.DataObject) -> None:
    shape = data.draw(array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=3))
    axis = data.draw(
        st.none() | valid_tuple_axes(len(shape)) | st.integers(-len(shape), len(shape) - 1)
    )
    params: dict[str, Any] = {"axis": axis, "keepdims": data.draw(st.booleans())}
    seed = str(data.draw(st.integers(0, 99)))
    keep = within((0.0, 1.0), *shape, seed=seed + "mask") < 0.6
    keep.flat[0] = True
    reduced = range(len(shape)) if axis is None else np.atleast_1d(np.array(axis, dtype=int))
    if function in (np.sum, np.prod) and data.draw(st.booleans()):
        params["where"] = keep
    if function in (np.max, np.min) and data.draw(st.booleans()):
        params |= {"initial": 0.0, "where": keep}
    if function is np.std and np.prod([shape[i] for i in reduced], dtype=int) == 1:
        return  # the deviation of one number has a kink
    order = np.random.default_rng(int(seed)).permutation(int(np.prod(shape)))
    x = (order + 0.37 - order.size / 2).reshape(shape) * (4 / order.size)  # no two close together
    case = case_of(function, [x], params)
    check_value(case)
    check_vjp(case)
    check_dot_product(case)


@given(drawn=mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3, min_side=0))
def test_where_of_any_shapes(drawn: Any) -> None:
    a, b = [np.asarray(within(ANYWHERE, *shape)) for shape in drawn.input_shapes]
    condition = np.random.default_rng(0).uniform(size=drawn.result_shape) < 0.5
    case = Case(lambda x, y: np.where(condition, x, y), [a, b])
    check_value(case)
    check_vjp(case)
