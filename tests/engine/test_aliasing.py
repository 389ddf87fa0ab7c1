"""A gradient has memory of its own: it shares none with data, what rules keep, seeds, constants,
arguments, or another gradient.  Found as bugs: each of these shared some."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from autograd.engine.ancestry import ancestors
from autograd.extend import custom_vjp, defjvp, defvjp, primitive

X = np.array([1.0, 2.0, 3.0])
CONSTANT = np.ones(3)


@dataclasses.dataclass
class Kept:
    x: Any


def with_rule(rule: Callable[..., Any], f: Callable[..., Any] = lambda x: x * 1.0) -> Any:
    op = primitive(f)
    defvjp(op, rule)
    return op


def pushing(rule: Callable[..., Any]) -> Any:
    op = with_rule(lambda ans, x: lambda g: g)
    defjvp(op, rule)
    return op


def twice(x: Any) -> Any:
    both = custom_vjp(lambda a, b: (a + b, None), lambda saved, g: (g, g))
    return both(x, x * 1.0)


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "custom_vjp returns what it saved": custom_vjp(lambda x: (x * 1.0, x), lambda s, g: s),
    "custom_vjp returns g": custom_vjp(lambda x: (x * 1.0, None), lambda s, g: g),
    "custom_vjp returns g twice": twice,
    "custom_vjp returns a view": custom_vjp(lambda x: (x * 1.0, x), lambda s, g: s[:]),
    "custom_vjp saves a dict": custom_vjp(lambda x: (x * 1.0, {"x": [x]}), lambda s, g: s["x"][0]),
    "custom_vjp saves an object": custom_vjp(lambda x: (x * 1.0, Kept(x)), lambda s, g: s.x),
    "custom_vjp returns a constant": custom_vjp(lambda x: (x * 1.0, None), lambda s, g: CONSTANT),
    "custom_vjp that is the identity": custom_vjp(lambda x: (x, x), lambda s, g: g),
    "defvjp returns g": with_rule(lambda ans, x: lambda g: g),
    "defvjp returns a view of g": with_rule(lambda ans, x: lambda g: g[::1]),
    "defvjp returns the input": with_rule(lambda ans, x: lambda g: x),
    "defvjp returns the output": with_rule(lambda ans, x: lambda g: ans),
    "defvjp of the identity": with_rule(lambda ans, x: lambda g: g, lambda x: x),
    "defjvp returns t": pushing(lambda t, ans, x: t),
    "defjvp returns the input": pushing(lambda t, ans, x: x),
    "defjvp returns the output": pushing(lambda t, ans, x: ans),
    "identity": lambda x: x,
    "plus": lambda x: +x,
    "x + 1": lambda x: x + 1,
    "x + x": lambda x: x + x,
    "x - 1": lambda x: x - 1,
    "-x": lambda x: -x,
    "x * constant": lambda x: x * CONSTANT,
    "reshape": lambda x: x.reshape(3, 1),
    "ravel": lambda x: np.ravel(x, "K"),
    "transpose": lambda x: x.T,
    "swapaxes": lambda x: np.swapaxes(x, 0, 0),
    "expand_dims": lambda x: x[None, :, None],
    "slice": lambda x: x[:],
    "flip": lambda x: x[::-1],
    "broadcast": lambda x: np.broadcast_to(x, (2, 3)),
    "real": lambda x: x.real,
    "copy": lambda x: x.copy(),
    "astype": lambda x: x.astype(float),
    "where": lambda x: np.where(True, x, 0),
    "stack": lambda x: np.stack([x, x]),
    "concatenate": lambda x: np.concatenate([x, x]),
    "checkpoint": ag.checkpoint(lambda x: x + 1),
}


def arrays_in(things: Iterable[Any]) -> list[np.ndarray[Any, Any]]:
    """The arrays in containers and in the nodes of graphs, but for the gradients."""
    found, stack, seen = [], list(things), set()
    while stack:
        x = stack.pop()
        if id(x) in seen:
            continue
        seen.add(id(x))
        if isinstance(x, np.ndarray):
            found.append(x)
        elif isinstance(x, tuple | list):
            stack.extend(x)
        elif isinstance(x, dict):
            stack.extend(x.values())
        elif isinstance(x, Value):
            stack.extend((x.data, x.inputs, x.params, x._notes))
    return found


def check_apart(gradients: Iterable[Any], others: Iterable[Any]) -> None:
    gradients = [g for g in gradients if isinstance(g, np.ndarray)]
    for i, g in enumerate(gradients):
        assert g.flags.writeable
        for x in [*arrays_in(others), *gradients[:i]]:
            assert not np.shares_memory(g, x)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_backward(name: str) -> None:
    x, inner = Value(X), Value(X)
    for y in (FUNCTIONS[name](x), FUNCTIONS[name](inner * 1.0)):
        seed = np.ones(y.shape)
        for _ in range(2):
            y.backward(seed)
            nodes = ancestors([y])
            check_apart([v._grad for v in nodes], [nodes, seed, X, CONSTANT])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_transforms(name: str) -> None:
    f = FUNCTIONS[name]
    several = lambda x, w: (f(x), f(x), x, w, x + w, x[:2], x.T)
    y, pull = ag.vjp(several, X, X)
    seeds = tuple(np.ones(np.shape(part)) for part in y)
    first, second = pull(seeds), pull(seeds)
    check_apart([*first, *second], [X, CONSTANT, list(seeds), list(y)])
    check_apart(y[2:4], [X])
    t, u = np.ones(3), np.ones(3)
    also, pushed = ag.jvp(several, (X, X), (t, u))
    check_apart(pushed, [X, CONSTANT, t, u, list(also)])
    total = lambda x, w: np.sum(f(x)) + np.sum(f(w))
    check_apart(ag.grad(total, (0, 1))(X, X), [X, CONSTANT])
    check_apart([ag.jacobian(f)(X), ag.elementwise_grad(f)(X)], [X, CONSTANT])
    nested = ag.jvp(ag.grad(lambda x: np.sum(f(x) ** 2)), (X,), (t,))
    check_apart(nested, [X, CONSTANT, t])


def test_a_seed_or_a_gradient_that_is_changed_later_changes_nothing() -> None:
    x, g, seed = Value(X), np.ones(3), np.ones(3)
    x.grad = g
    g[:] = 9.0
    np.testing.assert_array_equal(x.grad, np.ones(3))
    x.grad *= 0.5
    np.testing.assert_array_equal(x.grad, np.full(3, 0.5))
    y = x + 1
    y.backward(seed)
    seed[:] = 9.0
    y.grad[:] = 7.0
    np.testing.assert_array_equal(x.grad, np.full(3, 1.5))


def test_a_rule_that_changes_its_cotangent_in_place_harms_nobody() -> None:
    def tripled(saved: Any, g: Any) -> Any:
        g *= 3
        return g

    def maker(ans: Any, x: Any) -> Any:
        return lambda g: tripled(None, g)

    for f in (custom_vjp(lambda x: (x * 3, None), tripled), with_rule(maker, lambda x: x * 3)):
        x, w, seed = Value(X), Value(X), np.ones(3)
        y = f(x) + w
        y.backward(seed)
        np.testing.assert_array_equal(seed, np.ones(3))
        np.testing.assert_array_equal(x.grad, np.full(3, 3.0))
        np.testing.assert_array_equal(w.grad, np.ones(3))
        np.testing.assert_array_equal(y.grad, np.ones(3))
