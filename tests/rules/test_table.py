"""Every row of the rule table: value, first and second derivative in both modes, dtypes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes
from scipy import integrate, special

import autograd as ag
from autograd.engine import indexing, kernels
from autograd.engine.primitive import TABLE, Primitive
from autograd.rules import (
    network_kernels,
    sliding_kernels,
    sliding_portable,
    transformer_kernels,
)
from autograd.rules.linalg import norms
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
from tests.samples import NOT_ELEMENTWISE, SAMPLES, Sample, samples_of, within

ROWS = [op for op in TABLE.values() if op.has_rules]
PER_ROW = max(1, settings().max_examples // 3)
NOT_SAMPLED = {"get_output": "its argument is a tuple; see test_get_output"}
CALLS = [
    pytest.param(op, sample, id=f"{op.name}-{i}")
    for op in ROWS
    for i, sample in enumerate(samples_of(op))
]
ELEMENTWISE = [op for op in ROWS if op.kind == "elementwise" and op.name not in NOT_ELEMENTWISE]
BROADCASTING = [op for op in ELEMENTWISE if len(op.vjps) > 1]


def take(x: Any, *arrays: Any, index: Any, unique: bool) -> Any:
    """x at an index."""
    return np.asarray(x)[indexing.join_index(index, arrays)]


def put(g: Any, *arrays: Any, index: Any, shape: Any, unique: bool) -> Any:
    """Zeros with g added at an index."""
    out = np.zeros(shape, np.asarray(g).dtype)
    np.add.at(out, indexing.join_index(index, arrays), g)
    return out


def put_all(*args: Any, indices: Any, shape: Any, unique: Any) -> Any:
    """Zeros with several summands added at an index each."""
    arrays = iter(args[len(indices) :])
    total = np.zeros(shape)
    for g, index in zip(args, indices, strict=False):
        own = [next(arrays) for _ in range(indexing.array_count(index))]
        total = total + put(g, *own, index=index, shape=shape, unique=False)
    return total


def sinc_derivative(x: Any, order: int = 1) -> Any:
    """The integral of t**order * cos(x * t + order * pi / 2) over 0 <= t <= 1."""
    wave = lambda t, a: t**order * np.cos(a * t + order * np.pi / 2)
    integral = lambda a: integrate.quad(wave, 0, 1, args=(a,), epsabs=1e-14)[0]
    return np.vectorize(integral, otypes=[float])(x)[()]


def cross_entropy(x: Any, t: Any) -> Any:
    """-sum(t * log_softmax(x)) over the number of rows."""
    p = np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)
    return -(t * np.log(p)).sum() / (np.size(x) // np.shape(x)[-1])


def attend(q: Any, k: Any, v: Any, scale: float, causal: bool) -> Any:
    """softmax(q @ k^T * scale) @ v, without the later keys."""
    e = np.exp(np.einsum("...id,...jd->...ij", q, k) * scale)
    e = np.tril(e) if causal else e
    return np.einsum("...ij,...jl->...il", e / e.sum(axis=-1, keepdims=True), v)


SLIDING = (
    *("conv", "conv_bias", "conv_input", "conv_weight", "max_pool", "max_places", "sum_pool"),
    *("take_places", "put_places", "spread_windows"),
)
"""Rows whose kernel is compared with its portable form; `test_sliding_kernels.py` has the loops."""

REFERENCES: dict[Any, Callable[..., Any]] = {
    kernels.relu: lambda x: np.where(x > 0, x, 0.0),
    kernels.sigmoid: lambda x: 1 / (1 + np.exp(-x)),
    kernels.softplus: lambda x: np.log(1 + np.exp(x)),
    kernels.astype: lambda x, dtype: np.asarray(x).astype(dtype),
    kernels.unbroadcast: lambda x, shape: summed_to(x, shape),
    kernels.sinc_derivative: sinc_derivative,
    kernels.bessel_i: lambda x, order=1: special.iv(order, x),
    transformer_kernels.attention: attend,
    transformer_kernels.standardise: lambda x, axes, eps, centred: (
        (x - x.mean(axes, keepdims=True) * centred)
        / np.sqrt(
            (x - x.mean(axes, keepdims=True) * centred).__pow__(2).mean(axes, keepdims=True) + eps
        )
    ),
    transformer_kernels.gelu: lambda x: np.asarray(x) * special.ndtr(np.asarray(x)),
    network_kernels.affine: lambda x, w, b: np.dot(x, w) + b,
    network_kernels.erf: special.erf,
    network_kernels.log_softmax: special.log_softmax,
    network_kernels.softmax: special.softmax,
    network_kernels.logsumexp: special.logsumexp,
    network_kernels.softmax_cross_entropy: cross_entropy,
    network_kernels.softmax_residual: lambda x, t: (
        (special.softmax(x, axis=-1) * t.sum(axis=-1, keepdims=True) - t)
        / (np.size(x) // np.shape(x)[-1])
    ),
    indexing.getitem: take,
    indexing.scatter: put,
    indexing.scatter_all: put_all,
    np.concatenate: lambda *arrays, axis=0: np.concatenate(arrays, axis),
    np.stack: lambda *arrays, axis=0: np.stack(arrays, axis),
    np.einsum: lambda *arrays, subscripts: np.einsum(subscripts, *arrays),
    np.linalg.lstsq: lambda a, b, rcond: np.linalg.lstsq(a, b, rcond)[0],
    norms.length_array: np.linalg.vector_norm,
    **{getattr(sliding_kernels, name): getattr(sliding_portable, name) for name in SLIDING},
}
"""What a row computes where its key is not that NumPy function with the same arguments."""


def case_for(op: Primitive, sample: Sample) -> Case:
    """A row at a sample; integers and bools are held fixed."""
    return case_of(op, sample.args, sample.params)


def test_every_row_can_be_sampled() -> None:
    missing = {op.name for op in ROWS if not samples_of(op)} - set(NOT_SAMPLED)
    assert not missing, f"add arguments for these rows to tests/samples/: {sorted(missing)}"
    unknown = (set(SAMPLES) | set(NOT_SAMPLED)) - {op.name for op in ROWS}
    assert not unknown, f"tests/samples/ has samples of rows that do not exist: {sorted(unknown)}"


def test_names_of_rows_are_unique() -> None:
    names = [op.name for op in ROWS]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(("op", "sample"), CALLS)
def test_value(op: Primitive, sample: Sample) -> None:
    reference = REFERENCES.get(op.key, op.key)
    check_value(case_for(op, sample), case_of(reference, sample.args, sample.params).f)


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
    dtypes = [np.float32]
    if op.key.__module__ != "numpy.linalg" and op.key is not np.roots:  # they refuse all others
        dtypes += [np.longdouble]
        if not any(np.iscomplexobj(x) for x in sample.args):
            dtypes += [np.float16]
    for dtype in dtypes:
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


def test_parameters_are_static() -> None:
    """Arrays are arguments of a row: its parameters can be hashed."""
    for op in ROWS:
        for sample in samples_of(op):
            hash(tuple(sample.params.items()))
