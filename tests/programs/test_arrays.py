"""Random programs: a dozen operations on a pool of arrays, drawn by hypothesis, differentiated in
every mode, and compared with differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
from autograd import Value
from tests.derivatives import Case, check_dot_product, check_second_order, check_vjp

UNARY: list[Callable[[Any], Any]] = [
    np.sin,
    np.tanh,
    np.arctan,
    np.negative,
    np.transpose,
    lambda x: ag.sigmoid(x) * 2,
    lambda x: np.exp(-x * x),
    lambda x: np.sqrt(x * x + 1),
    lambda x: np.log1p(x * x),
    lambda x: x.sum(axis=0, keepdims=True) * 0.3,
    lambda x: np.mean(x, axis=1, keepdims=True),
    lambda x: np.cumsum(x, axis=1) * 0.3,
    lambda x: np.flip(x, 1),
    lambda x: x[:, ::-1][[1, 0, 1]],
    lambda x: np.concatenate([x[1:], x[:1]]),
    lambda x: x.reshape(-1)[:6].reshape(2, 3),
    lambda x: ag.softmax(x, axis=-1),
    lambda x: np.where(np.arange(x.shape[1]) % 2 == 0, x, x * x * 0.3),
    lambda x: 2 - x,
    lambda x: x**2 * 0.2,
    lambda x: 1 / (x * x + 1),
    lambda x: np.prod(np.tanh(x), axis=0, keepdims=True),
]
BINARY: list[Callable[[Any, Any], Any]] = [
    np.add,
    np.subtract,
    np.multiply,
    lambda x, y: np.tanh(x @ y.T),
    lambda x, y: np.einsum("ij,kj->ik", x, y) * 0.2,
    lambda x, y: np.logaddexp(x, y),
    lambda x, y: x / (1 + y * y),
    lambda x, y: np.hypot(x, 1 + y * y),
    lambda x, y: np.arctan2(x, 1.5 + np.sin(y)),
]
Step = tuple[int, int, int]


def size_of(x: Any) -> int:
    """The number of entries."""
    return int(np.prod(x.shape))


steps = st.lists(
    st.tuples(st.integers(0, len(UNARY) + len(BINARY) - 1), st.integers(0, 9), st.integers(0, 9)),
    min_size=1,
    max_size=10,
)


def run(program: list[Step], *inputs: Any) -> Any:
    """Each step takes one or two arrays of the pool and adds its output; the last one counts.
    Steps whose shapes do not go together are left out, for plain arrays and Values alike."""
    pool = [np.reshape(x, (-1, x.shape[-1])) for x in inputs]
    for place, i, j in program:
        x, y = pool[i % len(pool)], pool[j % len(pool)]
        try:
            new = UNARY[place](x) if place < len(UNARY) else BINARY[place - len(UNARY)](x, y)
        except (ValueError, IndexError):
            continue
        if new.ndim == 2 and size_of(new) <= 30:
            pool.append(new)
    return pool[-1] * 1.0 + (pool[0] * pool[0]).sum() * 0.1


def inputs_for(seed: int) -> list[Any]:
    rng = np.random.default_rng(seed)
    return [rng.uniform(-1.5, 1.5, (2, 3)), rng.uniform(-1.5, 1.5, (1, 3))]


@given(program=steps, seed=st.integers(0, 1000))
def test_first_derivatives(program: list[Step], seed: int) -> None:
    case = Case(lambda *xs: run(program, *xs), inputs_for(seed))
    check_vjp(case)
    check_dot_product(case)


@given(program=steps, seed=st.integers(0, 1000))
def test_second_derivatives(program: list[Step], seed: int) -> None:
    check_second_order(Case(lambda *xs: run(program, *xs), inputs_for(seed)))


@given(program=steps, seed=st.integers(0, 1000))
def test_jacobians_agree_in_both_modes(program: list[Step], seed: int) -> None:
    x, y = inputs_for(seed)
    f = lambda x: run(program, x, y)
    columns = ag.jacobian(f)(x)
    value, pull = ag.vjp(f, x)
    for i in np.ndindex(value.shape):
        unit = np.zeros(value.shape)
        unit[i] = 1.0
        np.testing.assert_allclose(pull(unit)[0], columns[i], atol=1e-13)


@given(program=steps, seed=st.integers(0, 1000))
def test_backward_agrees_with_grad(program: list[Step], seed: int) -> None:
    x, y = inputs_for(seed)
    gx, gy = ag.grad(lambda x, y: run(program, x, y).sum(), (0, 1))(x, y)
    v, w = Value(x), Value(y)
    z = run(program, v, w).sum()
    z.backward()
    np.testing.assert_array_equal(v.grad, gx)
    np.testing.assert_array_equal(w.grad, gy)
    z.backward(create_graph=True)
    np.testing.assert_allclose(v.grad.data, 2 * gx)
