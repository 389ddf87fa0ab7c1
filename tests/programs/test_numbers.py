"""Random programs on single numbers: Python floats, NumPy scalars and 0-d arrays, mixed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
from autograd import Value
from tests.derivatives import differences

UNARY: list[Callable[[Any], Any]] = [
    lambda x: x.tanh() if isinstance(x, Value) else np.tanh(x),
    lambda x: x.relu() if isinstance(x, Value) else ag.relu(x),
    lambda x: np.exp(-x * x),
    lambda x: np.log(x * x + 1),
    lambda x: np.sin(x),
    lambda x: -x,
    lambda x: abs(x),
    lambda x: x**2,
    lambda x: x**3 * 0.1,
    lambda x: 1 / (x * x + 1),
    lambda x: 2 - x,
    lambda x: x / 3,
    lambda x: 1.5**x,
    lambda x: ag.sigmoid(x),
    lambda x: ag.softplus(x),
    lambda x: np.sqrt(x * x + 0.5),
    lambda x: np.where(x > 0.1, x, 0.3 * x),
    lambda x: np.maximum(x, 0.25),
    lambda x: np.clip(x, -0.8, 0.8),
    lambda x: np.stack([x, x * x]).sum(),
    lambda x: np.arctan(x) % 5.0,
]
BINARY: list[Callable[[Any, Any], Any]] = [
    lambda x, y: x + y,
    lambda x, y: x - y,
    lambda x, y: x * y,
    lambda x, y: x / (y * y + 1),
    lambda x, y: (x * x + 1) ** (y * 0.3),
    lambda x, y: np.hypot(x, y + 0.01),
    lambda x, y: np.logaddexp(x, y),
]
steps = st.lists(
    st.tuples(st.integers(0, len(UNARY) + len(BINARY) - 1), st.integers(0, 9), st.integers(0, 9)),
    min_size=1,
    max_size=12,
)
numbers = st.floats(-2, 2).map(lambda x: round(x, 3) + 0.0007)
KINDS = {"float": float, "np.float64": np.float64, "0-d array": np.array}


def run(program: list[tuple[int, int, int]], *inputs: Any) -> Any:
    """Each step adds a number to the pool, made of one or two that are there."""
    pool = list(inputs)
    for place, i, j in program:
        x, y = pool[i % len(pool)], pool[j % len(pool)]
        new = UNARY[place](x) if place < len(UNARY) else BINARY[place - len(UNARY)](x, y)
        size = new.data if isinstance(new, Value) else new
        pool.append(new if abs(size) < 50 else new * 0.01)
    return pool[-1] + 0.5 * pool[0]


def is_smooth_near(f: Callable[..., Any], leaves: list[float]) -> bool:
    """No kink within reach of the differences: two step sizes agree."""
    fine, coarse = differences(f, leaves, 2e-4), differences(f, leaves, 1e-3)
    return bool(np.allclose(fine, coarse, rtol=1e-7, atol=1e-7))


@given(program=steps, x=numbers, y=numbers)
def test_gradients(program: Any, x: float, y: float) -> None:
    f = lambda *xs: run(program, *xs)
    gradient = ag.grad(f, (0, 1))(x, y)
    forward = [ag.jvp(f, (x, y), t)[1] for t in ((1.0, 0.0), (0.0, 1.0))]
    np.testing.assert_allclose(forward, gradient, rtol=1e-12, atol=1e-13)
    if is_smooth_near(f, [x, y]):
        np.testing.assert_allclose(gradient, differences(f, [x, y]), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("kind", KINDS)
@given(program=steps, x=numbers, y=numbers)
def test_kinds_of_numbers_agree(kind: str, program: Any, x: float, y: float) -> None:
    """A float beside a NumPy scalar or a 0-d array: the same numbers, the types of the leaves."""
    a, b = Value(x), Value(KINDS[kind](y))
    z = run(program, a, b)
    z.backward()
    wanted = ag.grad(lambda a, b: run(program, a, b), (0, 1))(x, y)
    np.testing.assert_allclose([a.grad, b.grad], wanted, rtol=1e-12, atol=1e-13)
    assert type(a.grad) is float
    assert np.asarray(b.grad).dtype == np.float64
    z.backward()
    np.testing.assert_allclose([a.grad, b.grad], np.multiply(wanted, 2), rtol=1e-12, atol=1e-13)


@given(program=steps, x=numbers, y=numbers)
def test_second_derivatives(program: Any, x: float, y: float) -> None:
    f = lambda *xs: run(program, *xs)
    over_reverse = ag.grad(ag.grad(f))(x, y)
    forward = ag.jvp(lambda x: ag.grad(f)(x, y), (x,), (1.0,))[1]
    np.testing.assert_allclose(forward, over_reverse, rtol=1e-10, atol=1e-11)
    v = Value(x)
    run(program, v, y).backward(create_graph=True)
    g = v.grad
    v.zero_grad()
    if isinstance(g, Value):
        g.backward()
    np.testing.assert_allclose(v.grad, over_reverse, rtol=1e-10, atol=1e-11)
    if is_smooth_near(f, [x, y]) and is_smooth_near(lambda x: ag.grad(f)(x, y), [x]):
        wanted = differences(lambda x: ag.grad(f)(x, y), [x])[0]
        np.testing.assert_allclose(over_reverse, wanted, rtol=1e-5, atol=1e-6)


@given(program=steps, x=numbers)
def test_single_precision(program: Any, x: float) -> None:
    """np.float32 numbers stay np.float32, and agree with double precision to its digits."""
    v = Value(np.float32(x))
    y = run(program, v, 0.5)
    y.backward()
    assert v.grad.dtype == np.float32
    wanted = ag.grad(lambda x: run(program, x, 0.5))(float(np.float32(x)))
    assert abs(float(v.grad) - wanted) <= 2e-3 * (1 + abs(wanted))
