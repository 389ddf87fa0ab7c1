"""Checkpoints: the same gradients with less memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autograd as ag
from autograd import Value
from tests.memory import SIZE, peak_of

W = np.array([[1.0, 0.3, -0.7], [0.2, -1.1, 0.4]])


X = np.array([0.5, -1.2])


def block(x: Any) -> Any:
    """Eight operations that each keep an array."""
    for _ in range(4):
        x = np.tanh(x * 1.1)
    return x


def test_checkpoint_changes_no_gradient() -> None:
    def block(w: Any, x: Any) -> Any:
        return np.tanh(w @ np.tanh(w.T @ x))

    def plain(w: Any, x: Any) -> Any:
        return (block(w, block(w, x)) ** 2).sum()

    saving = ag.checkpoint(block)

    def saved(w: Any, x: Any) -> Any:
        return (saving(w, saving(w, x)) ** 2).sum()

    x = X
    for a, b in zip(ag.grad(saved, (0, 1))(W, x), ag.grad(plain, (0, 1))(W, x), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-14)
    np.testing.assert_allclose(ag.hessian(saved, 1)(W, x), ag.hessian(plain, 1)(W, x), atol=1e-13)
    a = ag.jvp(saved, (W, x), (W, x))
    np.testing.assert_allclose(a, ag.jvp(plain, (W, x), (W, x)), rtol=1e-13)
    v = Value(W)
    saved(v, x).backward()
    np.testing.assert_allclose(v.grad, ag.grad(plain)(W, x), rtol=1e-14)


def test_checkpoint_takes_less_memory() -> None:
    x = np.linspace(-1, 1, SIZE)

    def network(block: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return lambda x: block(block(block(block(block(block(x)))))).sum()

    plain = peak_of(lambda: ag.grad(network(block))(x))
    saved = peak_of(lambda: ag.grad(network(ag.checkpoint(block)))(x))
    assert plain > 40, "six blocks keep eight arrays each"
    assert saved < 0.5 * plain
