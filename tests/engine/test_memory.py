"""What is kept and what is freed: checkpoints, the lean path, dropped graphs."""

from __future__ import annotations

import gc
import tracemalloc
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

import autograd as ag
from autograd import Value

W = np.array([[1.0, 0.3, -0.7], [0.2, -1.1, 0.4]])
X = np.array([0.5, -1.2])
SIZE = 20_000
BYTES = 8 * SIZE


def peak_of(call: Callable[[], Any]) -> float:
    """The most memory in use during a call, in arrays of SIZE float64 numbers."""
    call()
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1] / BYTES
    finally:
        tracemalloc.stop()


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


def test_gradients_of_inner_nodes_are_freed_on_the_way() -> None:
    """The walk of `grad` holds a few cotangents at a time; `backward` shows them all."""
    x = np.linspace(-1, 1, SIZE)

    def chain(x: Any) -> Any:
        for _ in range(40):
            x = x * 1.01
        return x.sum()

    def by_backward() -> None:
        chain(Value(x)).backward()

    lean, shown = peak_of(lambda: ag.grad(chain)(x)), peak_of(by_backward)
    assert shown > 75, "forty numbers and forty gradients"
    assert lean < 50


class Canary(np.ndarray):
    """An array that can be watched."""


def test_a_dropped_graph_is_freed_without_the_collector() -> None:
    gc.disable()
    try:
        data = np.ones(3).view(Canary)
        end = weakref.ref(data)
        y = np.sum(np.tanh(Value(np.ones(3)) * data) @ np.ones((3, 2)))
        y.backward()
        assert end() is not None
        del y, data
        assert end() is None
    finally:
        gc.enable()


def test_transforms_keep_nothing() -> None:
    def watched() -> weakref.ref[Canary]:
        data = np.ones(3).view(Canary)
        ag.grad(lambda x: (x * data).sum())(np.ones(3))
        ag.hessian(lambda x: (x * x * data).sum())(np.ones(3))
        ag.jvp(lambda x: x * data, (np.ones(3),), (np.ones(3),))
        return weakref.ref(data)

    gc.disable()
    try:
        assert watched()() is None
    finally:
        gc.enable()
