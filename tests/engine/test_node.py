"""Nodes: their slots, how they are made, and who sees them being made."""

from __future__ import annotations

import threading
from contextvars import copy_context
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
from autograd import Value
from autograd.engine import node
from autograd.engine.node import (
    VARIABLE,
    Observer,
    add_note,
    is_variable,
    make_binary,
    make_node,
    observe,
    observers,
)
from autograd.engine.outputs import OutputTuple
from autograd.engine.primitive import TABLE
from autograd.engine.value import new_variable

ADD, POSITIVE = TABLE[np.add], TABLE[np.positive]


class Recorder(Observer):
    """Keeps what it sees."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.contributions: list[tuple[Any, Any, Any, Any]] = []

    def on_record(self, v: Any) -> None:
        self.nodes.append(v)

    def on_contribution(self, v: Any, x: Any, c: Any, g: Any) -> None:
        self.contributions.append((v, x, c, g))


# --- slots ----------------------------------------------------------------------------------------
operands = st.one_of(
    st.floats(allow_nan=False),
    st.none(),
    st.just(()),
    st.just((1.0, 2.0)),
    st.just(OutputTuple((1.0,))),
    st.builds(Value, st.floats(-1, 1)),
)


@given(inputs=st.lists(operands, max_size=5).map(tuple))
def test_inputs_are_read_as_they_were_given(inputs: tuple[Any, ...]) -> None:
    """Whatever stands in the two slots: a tuple that is an input is not taken for all inputs."""
    v = make_node(Value, 1.0, ADD, inputs)
    assert type(v.inputs) is tuple
    assert len(v.inputs) == len(inputs)
    assert all(a is b for a, b in zip(v.inputs, inputs, strict=True))


@given(first=operands, second=operands)
def test_two_inputs_by_the_shorter_way(first: Any, second: Any) -> None:
    short = make_binary(Value, 1.0, ADD, first, second)
    long = make_node(Value, 1.0, ADD, (first, second))
    assert short.inputs[0] is long.inputs[0] is first
    assert short.inputs[1] is long.inputs[1] is second
    for name in ("data", "op", "params", "_grad", "_notes"):
        assert getattr(short, name) == getattr(long, name)


def test_a_node_is_newer_than_all_before() -> None:
    nodes = [make_node(Value, 1.0, POSITIVE, (1.0,)), Value(1.0)]
    nodes += [make_binary(Value, 1.0, ADD, *nodes), new_variable(2.0)]
    serials = [v.serial for v in nodes]
    assert serials == sorted(set(serials))


def test_a_new_node_has_no_gradient_and_no_notes() -> None:
    v = make_node(Value, 3.0, POSITIVE, (1.0,), {"k": 1})
    assert (v.data, v.op, v.params) == (3.0, POSITIVE, {"k": 1})
    assert not v.has_grad
    assert (v.label, v.source) == ("", "")


def test_notes_are_added_and_never_shared() -> None:
    v, w = new_variable(1.0), new_variable(2.0)
    add_note(v, "label", "v")
    add_note(v, "source", "here")
    assert (v.label, v.source, w.label) == ("v", "here", "")
    assert VARIABLE == {"variable": True}
    assert is_variable(v)


def test_which_leaves_are_variables() -> None:
    assert is_variable(new_variable(1.0))
    assert not is_variable(Value(1.0, label="variable"))
    assert not is_variable(new_variable(1.0) * 2)
    assert is_variable(new_variable(Value(1.0))), "a node through which the Value is reached"


# --- observers ------------------------------------------------------------------------------------
def test_an_observer_sees_nodes_in_the_order_in_which_they_are_made() -> None:
    seen = Recorder()
    with observe(seen):
        v = np.tanh(Value([1.0, 2.0]))
        y = (v * 2).sum()
    y * 3.0
    assert [n.op.name for n in seen.nodes] == ["tanh", "multiply", "sum"]
    assert seen.nodes[0] is v


def test_an_observer_sees_every_contribution() -> None:
    a, b = Value(2.0), Value(3.0)
    y = a * b + a
    seen = Recorder()
    with observe(seen):
        y.backward()
    product = y.inputs[0]
    wanted = [(y, product, 1.0), (y, a, 1.0), (product, a, 3.0), (product, b, 2.0)]
    assert [(v, x, c) for v, x, c, _ in seen.contributions] == wanted
    assert (a.grad, b.grad) == (4.0, 2.0)


def test_the_switch_is_on_inside_only() -> None:
    assert not node.observed
    with observe(Recorder()):
        assert node.observed
        with observe(Recorder()):
            assert node.observed
        assert node.observed
    assert not node.observed
    assert observers() == ()


def test_a_copied_context_does_not_keep_an_observer() -> None:
    """Work that was handed to a pool inside, and is done after."""
    seen = Recorder()
    with observe(seen):
        context = copy_context()
    assert context.run(observers) == ()
    context.run(lambda: Value(1.0) + 1.0)
    assert seen.nodes == []


def test_an_error_turns_the_switch_off() -> None:
    with pytest.raises(ZeroDivisionError), observe(Recorder()):
        1 / 0  # noqa: B018
    assert not node.observed
    assert observers() == ()


def test_an_observer_that_raises_ends_the_operation() -> None:
    class Refusing(Recorder):
        def on_record(self, v: Any) -> None:
            raise LookupError("no more")

    with pytest.raises(LookupError), observe(Refusing()):
        Value(1.0) + 1.0
    assert (Value(1.0) + 1.0).data == 2.0


def test_nested_observers_all_see_and_leave_in_turn() -> None:
    outer, inner = Recorder(), Recorder()
    v = Value(1.0)
    with observe(outer):
        first = v + 1.0
        with observe(inner):
            assert observers() == (outer, inner)
            second = v + 2.0
        third = v + 3.0
    assert outer.nodes == [first, second, third]
    assert inner.nodes == [second]


def test_an_observer_sees_its_own_thread_only() -> None:
    """The switch is one for all threads; who is told is decided by thread."""
    here, there = Recorder(), Recorder()
    started, go_on = threading.Event(), threading.Event()
    made: list[Value] = []

    def work() -> None:
        made.append(Value(1.0) + 1.0)
        with observe(there):
            made.append(Value(2.0) * 2.0)
            started.set()
            go_on.wait(30)
        made.append(Value(3.0) - 1.0)

    thread = threading.Thread(target=work)
    with observe(here):
        thread.start()
        assert started.wait(30)
        own = Value(5.0) + 5.0
    assert node.observed, "the other thread observes still"
    assert observers() == ()
    unseen = Value(6.0) + 6.0
    go_on.set()
    thread.join(30)
    assert here.nodes == [own]
    assert there.nodes == [made[1]]
    assert unseen.data == 12.0
    assert not node.observed


def test_what_an_observer_must_have() -> None:
    with pytest.raises(TypeError, match="abstract"):
        type("Half", (Observer,), {"on_record": lambda self, v: None})()


def test_observing_changes_no_result() -> None:
    x = np.array([0.5, -1.0, 0.0])

    def f(x: Any) -> Any:
        return (np.tanh(x)[[0, 0, 1]] * np.where(x > 0, x, 0.0)).sum() + x[2]

    plain = ag.grad(f)(x)
    with observe(Recorder()):
        seen = ag.grad(f)(x)
    np.testing.assert_array_equal(plain, seen)
