"""Graphs a million nodes deep: nothing recurses.  And graphs with exponentially many paths."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value

DEEP = 1_000_000


@pytest.fixture(autouse=True)
def collector_off() -> Iterator[None]:
    """The garbage collector goes over a million nodes again and again, and finds nothing."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(scope="module")
def chain() -> tuple[Value, Value]:
    """x and x + 1e-6 + 1e-6 + ..., a million times."""
    x = Value(1.0)
    y = x
    for _ in range(DEEP):
        y = y + 1e-6
    return x, y


def test_build_and_backward(chain: tuple[Value, Value]) -> None:
    x, y = chain
    assert y.data == pytest.approx(2.0)
    y.backward()
    assert x.grad == 1.0


def test_grad_and_free() -> None:
    def deep(x: Any) -> Any:
        y = x
        for _ in range(DEEP // 4):
            y = (-y) / -1.0
        return y * x

    assert ag.grad(deep)(3.0) == 6.0


def test_forward_mode() -> None:
    def deep(x: Any) -> Any:
        for _ in range(100_000):
            x = x + 1e-6
        return x * x

    assert ag.jvp(deep, (1.0,), (1.0,))[1] == pytest.approx(2.2)


def test_second_order_of_a_deep_graph() -> None:
    def deep(x: Any) -> Any:
        y = x
        for _ in range(20_000):
            y = y * 1.0
        return y * y * y

    assert ag.grad(ag.grad(deep))(2.0) == 12.0


def test_free_a_deep_graph_at_once() -> None:
    """Dropping the root frees a million nodes, one owning the next, without a deep C stack."""

    class Canary(np.ndarray):
        pass

    data = np.ones(()).view(Canary)
    end = weakref.ref(data)
    y = Value(1.0) * data
    y.data, data = 1.0, None
    for _ in range(DEEP):
        y = y + 1.0
    assert end() is not None
    del y
    assert end() is None


def test_squaring_sixty_times() -> None:
    """2 to the power of 60 paths."""
    x = Value(1.0)
    y = x
    for _ in range(60):
        y = y * y
    y.backward()
    assert x.grad == 2.0**60
    assert ag.grad(lambda x: squared(x, 60))(1.0) == 2.0**60
    assert ag.jvp(lambda x: squared(x, 60), (1.0,), (1.0,))[1] == 2.0**60
    assert ag.hessian(lambda x: squared(x, 20))(1.0) == 2.0**20 * (2.0**20 - 1)
    other = pickle.loads(pickle.dumps(copy.deepcopy(y)))
    other.backward()
    assert other.grad == 1.0


def squared(x: Any, times: int) -> Any:
    for _ in range(times):
        x = x * x
    return x


def test_wide_graph() -> None:
    x = Value(2.0)
    y = sum((x * float(i) for i in range(1000)), Value(0.0))
    y.backward()
    assert x.grad == 499500.0
