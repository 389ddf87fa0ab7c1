"""What is kept and what is freed: the lean walk, dropped graphs."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import numpy as np

import autograd as ag
from autograd import Value
from tests.memory import SIZE, peak_of


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
