"""The softmax and its loss: the same derivatives as the plain formulas, from fewer operations."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value, softmax_cross_entropy
from autograd.engine.primitive import TABLE
from autograd.rules import network_kernels as kernels

RNG = np.random.default_rng(0)
X, T = RNG.normal(size=(4, 3)), RNG.uniform(0, 1, (4, 3))
ONE_HOT = np.eye(3)[[0, 2, 1, 1]]


def plain_log_softmax(x: Any, axis: int = -1) -> Any:
    return x - np.log(np.sum(np.exp(x), axis=axis, keepdims=True))


def plain_loss(x: Any, t: Any) -> Any:
    return -np.sum(t * plain_log_softmax(x)) / (x.size // x.shape[-1])


PAIRS = {
    "log_softmax": (lambda x: ag.log_softmax(x), plain_log_softmax),
    "log_softmax, axis 0": (lambda x: ag.log_softmax(x, 0), lambda x: plain_log_softmax(x, 0)),
    "softmax": (lambda x: ag.softmax(x), lambda x: np.exp(plain_log_softmax(x))),
    "logsumexp": (lambda x: ag.logsumexp(x), lambda x: np.log(np.sum(np.exp(x)))),
    "logsumexp, axis": (
        lambda x: ag.logsumexp(x, axis=-1),
        lambda x: np.log(np.sum(np.exp(x), axis=-1)),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_derivatives_are_those_of_the_plain_formula(name: str) -> None:
    ours, plain = PAIRS[name]
    w = RNG.normal(size=np.shape(ours(X)))
    for derive in (ag.grad, ag.hessian):
        found, wanted = (derive(lambda x, f=f: np.sum(w * f(x) ** 2))(X) for f in (ours, plain))
        np.testing.assert_allclose(found, wanted, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("t", [T, ONE_HOT, -T, 0 * T], ids=["weights", "one-hot", "negative", "0"])
def test_the_loss_in_both_arguments_to_second_order(t: Any) -> None:
    both = (0, 1)
    for a, b in zip(
        ag.grad(softmax_cross_entropy, both)(X, t), ag.grad(plain_loss, both)(X, t), strict=True
    ):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)
    joined = lambda f: lambda p: f(p[:4], p[4:])
    p = np.concatenate([X, t])
    np.testing.assert_allclose(
        ag.hessian(joined(softmax_cross_entropy))(p),
        ag.hessian(joined(plain_loss))(p),
        rtol=1e-10,
        atol=1e-13,
    )


def test_backward_takes_what_the_forward_pass_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    v = Value(X)
    loss = softmax_cross_entropy(v, ONE_HOT)
    residual = TABLE[kernels.softmax_residual]

    def again(*args: Any) -> Any:
        raise AssertionError("computed again")

    monkeypatch.setattr(residual, "fn", again)
    loss.backward()
    monkeypatch.undo()
    np.testing.assert_allclose(v.grad, ag.grad(plain_loss)(X, ONE_HOT), rtol=1e-12)


def test_to_second_order_it_is_computed_from_the_values() -> None:
    v = Value(X)
    softmax_cross_entropy(v, ONE_HOT).backward(create_graph=True)
    g = v.grad
    v.zero_grad()
    (g * g).sum().backward()
    wanted = ag.grad(lambda x: (ag.grad(plain_loss)(x, ONE_HOT) ** 2).sum())(X)
    np.testing.assert_allclose(v.grad, wanted, rtol=1e-10, atol=1e-14)


def test_scores_changed_after_the_forward_pass_do_not_mix_losses() -> None:
    """What was saved belongs to the node: two losses of one array do not share it."""
    v = Value(X)
    a = softmax_cross_entropy(v, ONE_HOT)
    b = softmax_cross_entropy(v, T)
    b.backward()
    a.backward()
    wanted = ag.grad(lambda x: plain_loss(x, ONE_HOT) + plain_loss(x, T))(X)
    np.testing.assert_allclose(v.grad, wanted, rtol=1e-12)


def test_targets_of_another_shape_are_refused() -> None:
    for targets in (np.ones(3), np.array([0, 1])):
        with pytest.raises(ValueError, match=r"targets in the shape of the scores.*nn\.cross"):
            softmax_cross_entropy(Value(X), targets)
    assert softmax_cross_entropy([[0.0, 0.0]], [[1, 0]]) == pytest.approx(np.log(2))
