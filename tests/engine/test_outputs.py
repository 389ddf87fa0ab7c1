"""Operations with several outputs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
from autograd import Value, defvjp, primitive
from autograd.engine import outputs
from autograd.engine.outputs import OutputTuple, get_output, only_output
from autograd.engine.primitive import TABLE


@given(st.lists(st.none() | st.floats(-9, 9), min_size=1, max_size=4))
def test_output_tuples_add_up(parts: list[float | None]) -> None:
    total = OutputTuple(parts) + OutputTuple([1.0] * len(parts))
    assert tuple(total) == tuple(1.0 if p is None else p + 1.0 for p in parts)
    assert tuple(OutputTuple([None]) + OutputTuple([None])) == (None,)


def test_get_output() -> None:
    op = TABLE[outputs.get_output]
    assert op((1.0, 2.0), index=1, count=2) == 2.0
    assert op.vjp_at(0, 3.0, 2.0, (1.0, 2.0), index=1, count=2) == (None, 3.0)


def test_one_output_and_back() -> None:
    """The transpose of taking one output: its cotangent, and None, which is zero, for the rest."""
    assert get_output((1.0, 2.0, 3.0), index=2, count=3) == 3.0
    assert only_output(5.0, index=2, count=3) == (None, None, 5.0)
    assert type(only_output(5.0, index=0, count=1)) is OutputTuple


def test_a_sum_needs_as_many_outputs() -> None:
    with pytest.raises(ValueError, match="zip"):
        OutputTuple((1.0, 2.0)) + OutputTuple((1.0,))


@primitive
def divided(x: Any) -> Any:
    """The whole part and the rest, and an integer."""
    return np.trunc(x), x - np.trunc(x), 7


defvjp(divided, lambda ans, x: lambda g: g[1] + 0.0 * g[2])


@pytest.mark.parametrize("x", [2.5, np.array([2.5, -1.5])])
def test_every_output_is_a_node_of_one_whole(x: Any) -> None:
    v = Value(x)
    whole, rest, _ = divided(v)
    assert whole.inputs[0] is rest.inputs[0]
    assert isinstance(whole.inputs[0].data, OutputTuple)
    (rest * rest).sum().backward()
    np.testing.assert_allclose(v.grad, 2 * (x - np.trunc(x)))
    np.testing.assert_allclose(rest.grad, 2 * (x - np.trunc(x)))
    assert not np.any(whole.grad)


def test_outputs_in_forward_mode_and_again() -> None:
    def f(x: Any) -> Any:
        whole, rest, _ = divided(x)
        return rest * rest * whole

    assert ag.jvp(f, (2.5,), (1.0,))[1] == ag.grad(f)(2.5) == 2.0
    assert ag.grad(ag.grad(f))(2.5) == 4.0
    assert ag.jvp(ag.grad(f), (2.5,), (1.0,))[1] == 4.0
