"""Every row of the rule table: value, first and second derivative in both modes, dtypes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

import autograd as ag
from autograd.engine import kernels
from autograd.engine.primitive import TABLE, Primitive
from tests.derivatives import (
    Case,
    case_of,
    check_dot_product,
    check_dtype,
    check_second_order,
    check_value,
    check_vjp,
    close,
)
from tests.samples import SAMPLES, Sample, samples_of, within

ROWS = [op for op in TABLE.values() if op.vjps or op.variadic or op.joint]
PER_ROW = max(1, settings().max_examples // 3)
NOT_SAMPLED = {"pick": "its argument is a tuple; see test_pick_takes_one_output"}
CALLS = [
    pytest.param(op, sample, id=f"{op.name}-{i}")
    for op in ROWS
    for i, sample in enumerate(samples_of(op))
]
ELEMENTWISE = [op for op in ROWS if op.kind == "elementwise" and None not in op.vjps]
BROADCASTING = [op for op in ELEMENTWISE if len(op.vjps) > 1]

REFERENCES: dict[Any, Callable[..., Any]] = {
    kernels.relu: lambda x: np.where(x > 0, x, 0.0),
    kernels.sigmoid: lambda x: 1 / (1 + np.exp(-x)),
    kernels.softplus: lambda x: np.log(1 + np.exp(x)),
    kernels.astype: lambda x, dtype: np.asarray(x).astype(dtype),
    kernels.getitem: lambda x, index, unique: x[index],
    np.concatenate: lambda *arrays, axis=0: np.concatenate(arrays, axis),
    np.einsum: lambda *arrays, subscripts: np.einsum(subscripts, *arrays),
}
"""What a row computes where its key is not that NumPy function with the same arguments."""


def case_for(op: Primitive, sample: Sample) -> Case:
    """A row at a sample; arguments without a rule are held fixed."""
    fixed = [i for i, rule in enumerate(op.vjps) if rule is None]
    if not fixed:
        return case_of(op, sample.args, sample.params)
    rest = [x for i, x in enumerate(sample.args) if i not in fixed]

    def call(*moving: Any, **params: Any) -> Any:
        args = iter(moving)
        return op(
            *[sample.args[i] if i in fixed else next(args) for i in range(len(sample.args))],
            **params,
        )

    return case_of(call, rest, sample.params)


def test_every_row_can_be_sampled() -> None:
    missing = {op.name for op in ROWS if not samples_of(op)} - set(NOT_SAMPLED)
    assert not missing, f"add arguments for these rows to tests/samples.py: {sorted(missing)}"
    unknown = (set(SAMPLES) | set(NOT_SAMPLED)) - {op.name for op in ROWS}
    assert not unknown, f"tests/samples.py has samples of rows that do not exist: {sorted(unknown)}"


def test_names_of_rows_are_unique() -> None:
    names = [op.name for op in ROWS]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(("op", "sample"), CALLS)
def test_value(op: Primitive, sample: Sample) -> None:
    case = case_for(op, sample)
    raw = REFERENCES.get(op.key, op.key if isinstance(op.key, np.ufunc) else op.fn)
    check_value(case, lambda *xs: case_for_reference(raw, op, sample)(*xs))


def case_for_reference(
    raw: Callable[..., Any], op: Primitive, sample: Sample
) -> Callable[..., Any]:
    """The same call of the NumPy function instead of the row."""
    twin = Primitive(raw, op.name)
    twin.vjps = op.vjps
    return case_for(twin, sample).f


@pytest.mark.parametrize(("op", "sample"), CALLS)
def test_vjp_against_differences(op: Primitive, sample: Sample) -> None:
    check_vjp(case_for(op, sample))


@pytest.mark.parametrize(("op", "sample"), CALLS)
def test_forward_is_the_transpose_of_reverse(op: Primitive, sample: Sample) -> None:
    check_dot_product(case_for(op, sample))


@pytest.mark.parametrize(("op", "sample"), CALLS)
def test_second_order(op: Primitive, sample: Sample) -> None:
    check_second_order(case_for(op, sample))


@pytest.mark.parametrize(("op", "sample"), [p for p in CALLS if p.values[0].name != "astype"])
def test_dtype_is_kept(op: Primitive, sample: Sample) -> None:
    has_complex = any(np.iscomplexobj(x) for x in sample.args)
    for dtype in (
        (np.float32, np.longdouble) if has_complex else (np.float16, np.float32, np.longdouble)
    ):
        check_dtype(case_for(op, sample), dtype)


@pytest.mark.parametrize("op", ELEMENTWISE, ids=lambda op: op.name)
@settings(max_examples=PER_ROW)
@given(data=st.data())
def test_python_floats_and_arrays_agree(op: Primitive, data: st.DataObject) -> None:
    numbers = [data.draw(inside(domain)) for domain in op.domain]
    on_floats = [ag.Value(x) for x in numbers]
    on_arrays = [ag.Value(np.array([x])) for x in numbers]
    with np.errstate(all="ignore"):
        y, z = op(*on_floats), op(*on_arrays)
        y.backward()
        z.backward(seed=np.ones(1))
    close([y.data], [z.data[0]], 2e-15, "value", floor=1e-300)
    for v, w in zip(on_floats, on_arrays, strict=True):
        assert type(v.grad) is float
        close([v.grad], [w.grad[0]], 1e-13, "gradient")


def inside(domain: tuple[float, float]) -> st.SearchStrategy[float]:
    """Floats of moderate size in a domain."""
    low, high = max(domain[0], -30.0), min(domain[1], 30.0)
    return st.floats(low, high, exclude_min=True, exclude_max=True, allow_subnormal=False)


@pytest.mark.parametrize("op", BROADCASTING, ids=lambda op: op.name)
@settings(max_examples=PER_ROW)
@given(data=st.data())
def test_broadcasting_is_summed_back(op: Primitive, data: st.DataObject) -> None:
    count = len(op.vjps)
    drawn = data.draw(
        mutually_broadcastable_shapes(num_shapes=count, max_dims=3, max_side=3, min_side=0)
    )
    shapes, shape = drawn.input_shapes, drawn.result_shape
    xs = [
        np.asarray(within(domain, *s, slot=i))
        for i, (domain, s) in enumerate(zip(op.domain, shapes, strict=True))
    ]
    wide = [np.broadcast_to(x, shape).copy() for x in xs]
    w = np.random.default_rng(1).uniform(-1, 1, shape)
    y, pull = ag.vjp(op, *xs)
    assert np.shape(y) == shape
    full = ag.vjp(op, *wide)[1](w)
    wanted = [summed_to(g, s) for g, s in zip(full, shapes, strict=True)]
    close(pull(w), wanted, 1e-13, "gradient of a broadcast argument")
    check_dot_product(Case(op, xs))


def summed_to(g: Any, shape: tuple[int, ...]) -> Any:
    """g summed over the axes along which `shape` was broadcast."""
    g = np.asarray(g).sum(axis=tuple(range(np.ndim(g) - len(shape))))
    for axis, n in enumerate(shape):
        g = g.sum(axis=axis, keepdims=True) if n == 1 else g
    return g


@given(drawn=mutually_broadcastable_shapes(signature=np.matmul.signature, max_dims=2, max_side=3))
def test_matmul_of_any_shapes(drawn: Any) -> None:
    a, b = [within((-math.inf, math.inf), *shape) for shape in drawn.input_shapes]
    case = Case(np.matmul, [a, b])
    check_value(case)
    check_vjp(case)
    check_dot_product(case)


def test_pick_takes_one_output() -> None:
    op = TABLE[kernels.get_output]
    assert op((1.0, 2.0), index=1, count=2) == 2.0
    rule = op.vjps[0]
    assert rule is not None
    assert rule(3.0, 2.0, (1.0, 2.0), index=1, count=2) == (None, 3.0)
