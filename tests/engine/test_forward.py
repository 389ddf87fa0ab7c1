"""The forward walk: each kind of row pushes in its own way, and all agree with the reverse walk."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value, defjvp, defvjp, primitive
from autograd.engine.ancestry import computed_ancestors
from autograd.engine.forward import (
    derivative_along,
    match_output,
    push,
    push_by_pulling,
    push_number,
    push_transposed,
    pushforward,
    zero_tangent,
)
from autograd.engine.outputs import OutputTuple
from autograd.engine.primitive import TABLE, Primitive

X = np.array([0.5, -1.2, 2.0])
T = np.array([1.0, 10.0, 100.0])


def test_tangents_are_added_over_all_paths() -> None:
    a, b = Value(2.0), Value(3.0)
    p = a * b
    y = p * a + b
    tangents = pushforward(computed_ancestors([y]), {a: 1.0, b: 10.0})
    assert tangents[p] == 3.0 + 20.0
    assert tangents[y] == 23.0 * 2.0 + 6.0 + 10.0
    assert tangents[a] == 1.0


def test_recorded_tangents_are_values() -> None:
    a = Value(2.0)
    y = a**3
    t = pushforward([y], {a: 1.0}, record=True)[y]
    assert isinstance(t, Value)
    t.backward()
    assert a.grad == 12.0


def row(kind: Any, fn: Any, *vjps: Any) -> Primitive:
    """A row that is not in the table."""
    op = Primitive(fn, "row")
    op.kind, op.vjps = kind, vjps
    op.vjp_all = lambda wanted, g, y, *args, **params: [
        rule(g, y, *args, **params) if want else None
        for rule, want in zip(vjps, wanted, strict=True)
    ]
    return op


def fail(*args: Any) -> Any:
    raise AssertionError("not to be called")


def test_an_elementwise_row_pushes_with_its_vjp() -> None:
    op = row("elementwise", fail, lambda g, y, x: g * 3 * x**2)
    (t,) = push(op, {0: T}, X**3, (X,), {})
    np.testing.assert_array_equal(t, T * 3 * X**2)


def test_an_elementwise_row_broadcasts_its_tangent() -> None:
    op = row("elementwise", fail, lambda g, y, a, b: g * b, lambda g, y, a, b: g * a)
    parts = push(op, {0: 2.0, 1: T}, 3.0 * X, (3.0, X), {})
    np.testing.assert_array_equal(parts[0], 2.0 * X)
    np.testing.assert_array_equal(parts[1], 3.0 * T)


def test_the_strong_zero_of_a_tangent() -> None:
    """Where the derivative is zero the tangent is zero, whatever comes in."""
    x = np.array([-1.0, 2.0])
    t = np.array([np.inf, 5.0])
    (got,) = push(TABLE[np.floor], {0: t}, np.floor(x), (x,), {})
    np.testing.assert_array_equal(got, [0.0, 0.0])
    (got,) = push(TABLE[np.maximum], {0: t}, np.maximum(x, 0.0), (x, np.zeros(2)), {})
    np.testing.assert_array_equal(got, [0.0, 5.0])


def test_a_linear_row_pushes_with_its_function() -> None:
    op = row("linear", lambda a, b: 2 * a - b, fail, fail)
    (t,) = push(op, {0: T}, None, (X, X), {})
    np.testing.assert_array_equal(t, 2 * T)
    (t,) = push(op, {0: T, 1: T}, None, (X, X), {})
    np.testing.assert_array_equal(t, T)


def test_a_multilinear_row_pushes_one_argument_at_a_time() -> None:
    op = row("multilinear", lambda a, b: a * b, fail, fail)
    parts = push(op, {0: T, 1: 10 * T}, None, (X, X + 1), {})
    np.testing.assert_array_equal(parts[0], T * (X + 1))
    np.testing.assert_array_equal(parts[1], X * 10 * T)


def test_any_other_row_pushes_with_the_transpose_of_its_vjp() -> None:
    m = np.arange(6.0).reshape(2, 3)
    op = row("general", fail, lambda g, y, x: m.T @ g)
    (t,) = push(op, {0: T}, m @ X, (X,), {})
    np.testing.assert_allclose(t, m @ T, rtol=1e-14)


def test_the_transpose_of_a_rule_that_is_zero() -> None:
    for rule in (lambda g, y, x: None, lambda g, y, x: np.zeros(3), lambda g, y, x: Value(X)):
        op = row("general", fail, rule)
        np.testing.assert_array_equal(push_transposed(op, 0, T, X, (X,), {}), np.zeros(3))


def test_a_forward_rule_comes_first() -> None:
    @primitive
    def double(x: Any) -> Any:
        return 2 * x

    defvjp(double, fail)
    defjvp(double, lambda t, y, x: 2 * t)
    np.testing.assert_array_equal(ag.jvp(double, (X,), (T,))[1], 2 * T)


def test_a_forward_rule_of_none_is_zero_and_a_missing_one_is_named() -> None:
    @primitive
    def chosen(a: Any, b: Any) -> Any:
        return a * 1.0

    defjvp(chosen, None, argnums=[1])
    np.testing.assert_array_equal(ag.jvp(lambda b: chosen(X, b), (X,), (T,))[1], np.zeros(3))
    with pytest.raises(NotImplementedError, match=r"chosen .*argument 0.*defjvp"):
        ag.jvp(lambda a: chosen(a, X), (X,), (T,))


# --- plain numbers --------------------------------------------------------------------------------
def test_numbers_are_pushed_by_the_shorter_way() -> None:
    a, b = Value(2.0), Value(3.0)
    y = a * b
    assert y.op is not None
    assert push_number(y, y.op, {a: 1.0, b: 10.0}) == 23.0
    assert push_number(y, y.op, {b: 10.0}) == 20.0


@pytest.mark.parametrize(
    ("build", "t"),
    [
        (lambda x: x * 1.0, np.float64(1.0)),
        (lambda x: np.sqrt(x * 0.0), 1.0),
        (lambda x: np.exp(x), float("inf")),
        (lambda x: np.stack([x, x])[0], 1.0),
    ],
    ids=["a NumPy number", "a pole", "an infinite tangent", "a general row"],
)
def test_where_the_shorter_way_declines(build: Any, t: Any) -> None:
    x = Value(1.0)
    y = build(x)
    assert push_number(y, y.op, dict.fromkeys(y.inputs, t)) is None


# --- shapes and dtypes ----------------------------------------------------------------------------
def test_tangents_have_the_shape_and_dtype_of_the_output() -> None:
    x = np.float32(X)
    y, t = ag.jvp(lambda x: np.sum(x * x, axis=0, keepdims=True), (x,), (np.float32(T),))
    assert (t.shape, t.dtype) == (y.shape, np.float32)
    v = Value(x) * 1
    assert match_output(None, v).dtype == np.float32
    assert match_output(np.float64(2.0), v).shape == (3,)


def test_tangents_of_several_outputs() -> None:
    v = Value(1.0)
    v.op, v.data = TABLE[np.add], OutputTuple((X, 2.0, 3.0))
    got = match_output(OutputTuple((1.0, None, 2)), v)
    np.testing.assert_array_equal(got[0], np.ones(3))
    assert got[1:] == (None, 2.0)


@pytest.mark.parametrize(
    ("x", "dtype"),
    [
        (1, np.float16),
        (np.int8(1), np.float16),
        (np.array([1, 2]), np.float64),
        (np.float32(1), np.float32),
        (1j, np.complex64),
        (Value(np.float32(X)), np.float32),
    ],
)
def test_the_zero_tangent_of_a_constant(x: Any, dtype: Any) -> None:
    """A Python number is as narrow as can be: it widens no array."""
    zero = zero_tangent(x)
    assert np.asarray(zero).dtype == dtype
    assert np.shape(zero) == np.shape(getattr(x, "data", x))
    assert not np.any(zero)


# --- by way of the reverse walk -------------------------------------------------------------------
def test_pushing_by_pulling_is_pushing() -> None:
    a, b = Value(X), Value(X + 1j)
    p = np.exp(a) * b
    y, z = np.sum(p * p), np.real(p)
    order = computed_ancestors([y, z])
    tangents = {a: T, b: T * (1 - 2j)}
    pushed = pushforward(order, dict(tangents))
    pulled = push_by_pulling(order, dict(tangents), [y, z], None)
    assert pulled.keys() == {y, z}
    for v in (y, z):
        np.testing.assert_allclose(pulled[v], pushed[v], rtol=1e-13)
        assert type(pulled[v]) is not Value
    recorded = push_by_pulling(order, dict(tangents), [z], None, record=True)[z]
    assert type(recorded) is Value


def test_roots_that_do_not_move_have_tangents_of_zero() -> None:
    a, b = Value(X), Value(X)
    y, z = a * 2, np.sign(b)
    pulled = push_by_pulling(computed_ancestors([y, z]), {a: T}, [y, z], None)
    np.testing.assert_array_equal(pulled[y], 2 * T)
    np.testing.assert_array_equal(pulled[z], np.zeros(3))


def test_the_derivative_along_a_node() -> None:
    """What does not depend on the node stays; a constant has the derivative 0."""
    a = Value(3.0)
    p = a * a
    z = p * p * a
    moved = derivative_along(z, p, 1.0)
    assert type(moved) is Value
    assert moved.data == 2 * 9.0 * 3.0
    assert derivative_along(moved, p, 1.0).data == 2 * 3.0
    assert derivative_along(a * 2, p, 1.0) == 0
    assert derivative_along(1.5, p, 1.0) == 0


def test_the_derivative_along_one_of_several_outputs() -> None:
    values, vectors = np.linalg.eigh(Value(np.diag([1.0, 2.0])))
    whole = values.inputs[0]
    z = np.sum(values**3) + np.sum(vectors)
    moved = derivative_along(z, whole, OutputTuple((np.array([1.0, 10.0]), None)))
    assert moved.data == pytest.approx(3.0 + 120.0)
