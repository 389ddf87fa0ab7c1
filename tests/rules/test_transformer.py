"""Rows of transformers: shapes, second order, and that they are single nodes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value

RNG = np.random.default_rng(9)
Q, K, V = (RNG.normal(size=(2, 3, 4, 2)) for _ in range(3))


def composed(q: Any, k: Any, v: Any) -> Any:
    """Causal attention from other functions."""
    s = 0.7 * (q @ np.swapaxes(k, -1, -2))
    mask = np.triu(np.ones((4, 4), bool), 1)
    return ag.softmax(np.where(mask, -np.inf, s)) @ v


def test_attention_is_what_it_is_composed_of() -> None:
    f = lambda q, k, v: ag.attention(q, k, v, 0.7, causal=True)
    total = lambda f: lambda *x: np.sum(f(*x) ** 3)
    for order in (
        ag.grad,
        lambda g, argnum: ag.grad(lambda *x: np.sum(ag.grad(g)(*x) ** 2), argnum),
    ):
        for argnum in range(3):
            found, wanted = (order(total(h), argnum)(Q, K, V) for h in (f, composed))
            np.testing.assert_allclose(found, wanted, rtol=1e-10, atol=1e-12)
    t = (np.ones_like(Q), K, -V)
    found, wanted = (ag.jvp(h, (Q, K, V), t)[1] for h in (f, composed))
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-12)


def test_later_entries_have_no_gradient_through_earlier_outputs() -> None:
    first = lambda k, v: np.sum(ag.attention(Q, k, v, 1.0, causal=True)[..., :2, :])
    for g in ag.grad(first, (0, 1))(K, V):
        assert not g[..., 2:, :].any() and g[..., :2, :].any()


def test_each_is_one_node() -> None:
    x = Value(Q)
    for y, name in (
        (ag.attention(x, K, V, 1.0), "attention"),
        (ag.standardise(x), "standardise"),
        (ag.gelu(x), "gelu"),
    ):
        assert y.op.name == name and y.inputs[0] is x


def test_standardise_axes_and_numbers() -> None:
    x = RNG.normal(size=(3, 4))
    y = ag.standardise(x, axis=0)
    np.testing.assert_allclose([y.mean(0), y.var(0)], [[0] * 4, [1] * 4], atol=1e-13)
    np.testing.assert_allclose(
        ag.standardise(x, (0, 1), centred=False), x / np.sqrt((x * x).mean())
    )
    assert ag.gelu(1.0) == ag.gelu(Value(1.0)).data
    np.testing.assert_allclose(ag.gelu([1.0, -2.0]), [0.8413447, -0.0455003], atol=1e-7)


@pytest.mark.parametrize(
    ("q", "k", "v"),
    [(Q, K[..., :1], V), (Q, K[..., :3, :], V), (Q[0], K, V), (Q[0, 0, 0], K, V)],
)
def test_shapes_that_do_not_fit(q: Any, k: Any, v: Any) -> None:
    with pytest.raises(ValueError, match=r"attention takes queries \(\.\.\., m, d\)"):
        ag.attention(q, k, v, 1.0)
    with pytest.raises(ValueError, match="there are no keys"):
        ag.attention(Q, K[..., :0, :], V[..., :0, :], 1.0, causal=True)
