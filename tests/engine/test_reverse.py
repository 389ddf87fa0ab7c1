"""The reverse walk itself: what it keeps, and what an interrupt leaves behind."""

from __future__ import annotations

import linecache
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from autograd.engine import reverse, scalar_reverse
from autograd.engine.ancestry import ancestors, computed_ancestors, dependents
from autograd.engine.primitive import Primitive
from autograd.engine.reverse import GraphNeededError, pullback

X = np.array([0.5, -1.2, 2.0])


# --- pullback -------------------------------------------------------------------------------------
def test_only_leaves_are_left_unless_all_are_kept() -> None:
    a, b = Value(2.0), Value(3.0)
    p = a * b
    y = p + a
    order = computed_ancestors([y])
    assert pullback(order, {y: 1.0}) == {a: 4.0, b: 2.0}
    assert pullback(order, {y: 1.0}, keep=True) == {a: 4.0, b: 2.0, p: 1.0, y: 1.0}
    assert not a.has_grad


def test_only_active_nodes_are_variables() -> None:
    a, b = Value(2.0), Value(3.0)
    y = a * b + b
    inner, active = dependents(computed_ancestors([y]), [a])
    assert pullback(inner, {y: 1.0}, active) == {a: 3.0}


def test_several_roots() -> None:
    a = Value(2.0)
    y, z = a * 3, a * a
    assert pullback(computed_ancestors([y, z]), {y: 1.0, z: 10.0}) == {a: 43.0}


def test_recorded_derivatives_are_values() -> None:
    a = Value(2.0)
    y = a**3
    g = pullback([y], {y: 1.0}, record=True)[a]
    assert isinstance(g, Value)
    g.backward()
    assert a.grad == 12.0


@pytest.mark.parametrize("record", [False, True])
def test_seeds_are_not_written_to(record: bool) -> None:
    """Parts of an array are added into a buffer, which must not be the caller's array."""
    x = Value(X)
    y = x[0] + x[1] * 2
    seed = np.array([10.0, 20.0, 30.0])
    seeds = {y: 1.0, x: seed}
    found = pullback(computed_ancestors([y]), seeds, record=record)[x]
    np.testing.assert_array_equal(found.data if record else found, [11.0, 22.0, 30.0])
    np.testing.assert_array_equal(seed, [10.0, 20.0, 30.0])
    assert list(seeds) == [y, x]


def test_parts_and_wholes_of_one_array_add_up_in_any_order() -> None:
    """Buffers meet ordinary sums before, between and after."""
    for build in (
        lambda x: x[0] * 1 + (x * x).sum() + x[1:].sum(),
        lambda x: (x * x).sum() + x[0] * 1 + x[1:].sum(),
        lambda x: x[0] * 1 + x[1:].sum() + (x * x).sum(),
        lambda x: (x * x).sum() + x[0] + np.sin(x[1:]).sum() * 0 + x[1:].sum() + 0 * x.sum(),
    ):
        np.testing.assert_allclose(ag.grad(build)(X), 2 * X + 1, rtol=1e-15)
        x = Value(X)
        build(x).backward()
        np.testing.assert_allclose(x.grad, 2 * X + 1, rtol=1e-15)


def test_a_rule_with_too_few_contributions_is_named() -> None:
    op = Primitive(lambda a, b: a + b, "short")
    op.vjp_all = lambda wanted, g, y, a, b: [g]
    a, b = Value(X), Value(X)
    with pytest.raises(ValueError, match=r"short returned 1 contributions for 2"):
        op(a, b).backward(seed=X)
    assert not a.has_grad


def test_poles_of_python_floats_go_on_with_numpys_infinity() -> None:
    x = Value(0.0)
    with np.errstate(all="ignore"):
        assert ag.grad(lambda x: 1.0 / x)(0.0) == -np.inf
        np.log(x).backward()
    assert x.grad == np.inf


# --- interrupts -----------------------------------------------------------------------------------
def scalar_graph() -> tuple[list[Value], Value]:
    a, b = Value(0.5), Value(-1.5)
    y = (a * b + a.sin()) * (b.tanh() + a)
    return [a, b], y


def array_graph() -> tuple[list[Value], Value]:
    a, b = Value(X), Value(-X)
    y = ((a * b + np.sin(a)) * (np.tanh(b) + a[0])).sum()
    return [a, b], y


def gradients(nodes: list[Value]) -> list[Any]:
    return [np.array(v.grad) if v.has_grad else None for v in nodes]


def same(found: list[Any], wanted: list[Any]) -> bool:
    return all(
        (f is None) == (w is None) and (f is None or np.array_equal(f, w))
        for f, w in zip(found, wanted, strict=True)
    )


WALKS = (reverse.__file__, scalar_reverse.__file__)


@contextmanager
def interrupted_at(line: int) -> Iterator[list[str]]:
    """KeyboardInterrupt when the walks come to their line number `line`, counted as they run;
    yields a list of the functions that they were in.

    Lines that begin with `with` are passed over: a tracer comes to them once more before the lock
    is released, at a place where Python handles no signal."""
    passed: list[str] = []

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        if frame.f_code.co_filename not in WALKS:
            return None
        text = linecache.getline(frame.f_code.co_filename, frame.f_lineno)
        if event == "line" and not text.lstrip().startswith("with "):
            passed.append(frame.f_code.co_name)
            if len(passed) == line:
                raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield passed
    finally:
        sys.settrace(before)


@pytest.mark.parametrize("build", [scalar_graph, array_graph])
def test_an_interrupt_anywhere_leaves_gradients_old_or_new(
    build: Callable[[], tuple[list[Value], Value]],
) -> None:
    """Until gradients are written none has changed; then each is the old one or the new one; and
    the next backward is right."""
    leaves, y = build()
    y.backward()
    nodes = ancestors([y])
    once = gradients(nodes)
    y.backward()
    twice = gradients(nodes)
    with interrupted_at(-1) as passed:
        y.backward()
    lines = len(passed)
    assert lines > 100
    unchanged = 0
    for line in range(1, lines + 1):
        for v in leaves:
            v.zero_grad()
        y.backward()
        with pytest.raises(KeyboardInterrupt), interrupted_at(line) as passed:
            y.backward()
        found = gradients(nodes)
        if same(found, once):
            unchanged += 1
        else:
            assert passed[-1] in ("write_gradients", "backward")
            for f, old, new in zip(found, once, twice, strict=True):
                assert np.array_equal(f, old) or np.array_equal(f, new)
        for v in nodes:
            v.zero_grad()
        y.backward()
        assert same(gradients(nodes), once)
    assert unchanged > lines // 5, "most of the time is spent before anything is written"


@pytest.mark.parametrize("build", [scalar_graph, array_graph])
def test_an_interrupt_inside_a_rule_leaves_gradients_alone(
    build: Callable[[], tuple[list[Value], Value]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, y = build()
    nodes = ancestors([y])
    y.backward()
    before = gradients(nodes)
    for op in {v.op for v in nodes if v.op is not None}:

        def interrupt(*args: Any, **kwargs: Any) -> Any:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            for name in ("vjp_all", "unary_vjp", "add_into"):
                if getattr(op, name) is not None:
                    patch.setattr(op, name, interrupt)
            if op.binary_vjps != (None, None):
                patch.setattr(op, "binary_vjps", (op.binary_vjps[0], interrupt))
            with pytest.raises(KeyboardInterrupt):
                y.backward()
        assert same(gradients(nodes), before), op.name
    for v in nodes:
        v.zero_grad()
    y.backward()
    assert same(gradients(nodes), before)


# --- threads --------------------------------------------------------------------------------------
@pytest.mark.parametrize("build", [scalar_graph, array_graph])
def test_one_thread_writes_gradients_at_a_time(
    build: Callable[[], tuple[list[Value], Value]],
) -> None:
    """Reading the gradient of a leaf, adding to it and writing it is one step for the others."""
    _, y = build()
    thread = threading.Thread(target=y.backward)
    with reverse.GRADIENTS:
        thread.start()
        thread.join(0.1)
        assert thread.is_alive()
        assert not any(v.has_grad for v in ancestors([y]))
    thread.join(30)
    assert all(v.has_grad for v in ancestors([y]))


def test_gradients_of_threads_add_up_in_one_leaf() -> None:
    rounds, count = 400, 4
    leaf = Value(1.0)

    def work() -> None:
        for _ in range(rounds):
            (leaf * 1.0 + leaf).backward()

    threads = [threading.Thread(target=work) for _ in range(count)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    finally:
        sys.setswitchinterval(before)
    assert leaf.grad == 2.0 * rounds * count


# --- rules that need the graph of their cotangent -------------------------------------------------
def asking_row() -> Primitive:
    """x * x, with a rule that works on Values alone."""

    def rule(wanted: Any, g: Any, y: Any, x: Any) -> Any:
        if type(y) is not Value or type(g) is not Value:
            raise GraphNeededError
        return (2 * g * x,)

    op = Primitive(lambda x: x * x, "asking")
    op.vjp_all = rule
    return op


def test_the_walk_is_made_again_on_values_where_a_rule_asks_for_it() -> None:
    op, x = asking_row(), Value(X)
    y = np.sum(op(np.sin(x)) ** 2)
    y.backward()
    assert type(x.grad) is np.ndarray
    wanted = 4 * np.sin(X) ** 3 * np.cos(X)
    np.testing.assert_allclose(x.grad, wanted, rtol=1e-13)
    f = lambda x: np.sum(op(np.sin(x)) ** 2)
    assert type(ag.grad(f)(X)) is np.ndarray
    np.testing.assert_allclose(ag.grad(f)(X), wanted, rtol=1e-13)
    np.testing.assert_allclose(ag.jvp(f, (X,), (X,))[1], wanted @ X, rtol=1e-13)
    by_hand = lambda x: np.sum(np.sin(x) ** 4)
    np.testing.assert_allclose(ag.hessian(f)(X), ag.hessian(by_hand)(X), rtol=1e-12, atol=1e-13)


def test_a_rule_that_always_asks_is_no_endless_loop() -> None:
    op = asking_row()

    def ask(wanted: Any, g: Any, y: Any, x: Any) -> Any:
        raise GraphNeededError

    op.vjp_all = ask
    with pytest.raises(GraphNeededError):
        np.sum(op(Value(X))).backward()
