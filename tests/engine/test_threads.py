"""Threads that differentiate at the same time, made to interleave inside the function."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value

COUNT = 4
ROUNDS = 12


def together(work: Callable[[int], Any]) -> list[Any]:
    """work(i) in a thread of its own for each i; what they return, or the first error."""
    results: list[Any] = [None] * COUNT
    errors: list[BaseException] = []

    def run(i: int) -> None:
        try:
            results[i] = work(i)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(i,)) for i in range(COUNT)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
    finally:
        sys.setswitchinterval(before)
    assert not any(thread.is_alive() for thread in threads)
    if errors:
        raise errors[0]
    return results


class Step:
    """A place where all threads wait for each other."""

    def __init__(self) -> None:
        self.barrier = threading.Barrier(COUNT, timeout=30)

    def __call__(self, x: Any) -> Any:
        self.barrier.wait()
        return x


@pytest.mark.parametrize("transform", ["grad", "jvp", "vjp", "jacobian", "backward"])
def test_interleaved(transform: str) -> None:
    """Every thread passes every operation in step with the others."""
    step = Step()

    def f(x: Any) -> Any:
        y = x
        for _ in range(ROUNDS):
            y = step(np.sin(step(y) * 1.25) + x)
        return y

    def derive(f: Callable[[Any], Any], x: float) -> Any:
        if transform == "backward":
            v = Value(x)
            step(f(v)).backward()
            return v.grad
        if transform == "jvp":
            return ag.jvp(f, (x,), (1.0,))[1]
        if transform == "vjp":
            return ag.vjp(f, x)[1](1.0)[0]
        return getattr(ag, transform)(f)(x)

    points = [0.1 + 0.3 * i for i in range(COUNT)]
    found = together(lambda i: derive(f, points[i]))
    step.barrier = threading.Barrier(1)
    for x, slope in zip(points, found, strict=True):
        assert slope == derive(f, x)


def test_interleaved_nesting() -> None:
    """Second derivatives, with the inner transforms of all threads open at the same time."""
    step = Step()

    def f(x: Any) -> Any:
        return step(x) * ag.grad(lambda y: step(np.sin(step(y)) * x))(x)

    found = together(lambda i: ag.grad(ag.grad(f))(0.3 * i + 0.1))
    for i, second in enumerate(found):
        x = 0.3 * i + 0.1  # f = x^2 cos x
        wanted = 2 * np.cos(x) - 4 * x * np.sin(x) - x * x * np.cos(x)
        assert second == pytest.approx(wanted, rel=1e-12)


def test_threads_on_one_shared_graph() -> None:
    """Reading a common subexpression from many threads: each transform has walks of its own."""
    c = Value(np.linspace(0.1, 1.0, 50))
    shared = np.tanh(c) * 2

    def work(i: int) -> Any:
        return [ag.grad(lambda x: (shared * x**2).sum())(float(i)).data for _ in range(30)]

    for i, found in enumerate(together(work)):
        np.testing.assert_allclose(found, 2 * i * shared.data.sum())


def test_the_strong_zero_is_a_switch_of_one_thread() -> None:
    step = Step()

    def slope() -> float:
        v = Value(np.zeros(1))
        with np.errstate(all="ignore"):
            np.where(v.data > 0, np.log(v), 0.0).sum().backward()
        return float(v.grad[0])

    def work(i: int) -> float:
        if i % 2:
            with ag.strong_zero(False):
                return step(step(slope()) and slope())
        return step(step(slope()) or slope())

    found = together(work)
    assert found[::2] == [0.0, 0.0]
    assert np.isnan(found[1::2]).all()


def test_debug_watches_one_thread() -> None:
    step = Step()

    def work(i: int) -> str:
        if i == 0:
            with ag.debug():
                step(None)
                try:
                    with np.errstate(all="ignore"):
                        Value(0.0).log()
                except FloatingPointError:
                    return step("caught")
                return step("missed")
        step(None)
        with np.errstate(all="ignore"):
            y = Value(0.0).log()
        return step(str(y.data))

    assert together(work) == ["caught", "-inf", "-inf", "-inf"]


def test_serials_are_unique_across_threads() -> None:
    found = together(lambda i: [Value(1.0).serial for _ in range(5000)])
    assert len(set().union(*found)) == COUNT * 5000
    assert all(serials == sorted(serials) for serials in found)
