"""Bugs of the engine that were found once: each test failed before its fix."""

from __future__ import annotations

import collections
import copy
import dataclasses
import pickle
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Value
from autograd.extend import custom_vjp, defjvp, defvjp, primitive

M = np.arange(6.0).reshape(2, 3)

# --- an index that takes entries twice ------------------------------------------------------------
INDICES: list[Any] = [
    (slice(None), (1, 1)),
    ((0, 0), (1, 1)),
    ((0, 0),),
    [1, 1],
    (slice(None), [1, -2]),
    (slice(None), (1, -2)),
    ([[0, 0], [1, -1]],),
    ((0, 0), slice(0, 2)),
    (Ellipsis, (1, 1)),
    (None, (0, 0)),
    (0, (1, 1)),
    (np.int64(0), [1, 1]),
    (slice(None), np.r_[1, -2]),
    (range(2), (1, 1)),
    ([True, False], (1, 1)),
]


@pytest.mark.parametrize("index", INDICES, ids=repr)
def test_entries_that_are_taken_twice_are_added(index: Any) -> None:
    y, pull = ag.vjp(lambda m: m[index], M)
    g = np.arange(1.0, y.size + 1).reshape(y.shape)
    wanted = np.zeros_like(M)
    np.add.at(wanted, index, g)
    np.testing.assert_array_equal(pull(g)[0], wanted)
    np.testing.assert_array_equal(ag.jvp(lambda m: m[index], (M,), (2 * M,))[1], 2 * M[index])
    second = ag.grad(lambda m: (ag.grad(lambda m: (m[index] ** 3).sum())(m) * M).sum())(M)
    counts = np.zeros_like(M)
    np.add.at(counts, index, 1.0)
    np.testing.assert_allclose(second, 6 * M * M * counts)
    v = Value(M)
    (v[index] * g).sum().backward()
    np.testing.assert_array_equal(v.grad, wanted)


@pytest.mark.parametrize("shape", [(0, 3), (2, 0), (2, 3), (0, 0, 2)])
def test_a_mask_of_several_axes_that_takes_nothing(shape: tuple[int, ...]) -> None:
    x, mask = np.ones(shape), np.zeros(shape, bool)
    y, pull = ag.vjp(lambda v: v[mask], x)
    assert y.shape == (0,)
    np.testing.assert_array_equal(pull(np.zeros(0))[0], np.zeros(shape))
    assert ag.jvp(lambda v: v[mask], (x,), (x,))[1].shape == (0,)
    assert ag.hessian(lambda v: (v[mask] ** 2).sum())(x).shape == shape * 2


# --- an interrupt, and reading during backward ----------------------------------------------------
def test_an_interrupted_backward_leaves_nothing_behind() -> None:
    x = Value(3.0)
    inner = x * 2.0
    seen: list[Any] = []
    interrupts = [KeyboardInterrupt()]

    def maker(ans: Any, u: Any) -> Any:
        reader = threading.Thread(target=lambda: seen.append((x.grad, inner.grad, x.has_grad)))
        reader.start()
        reader.join()
        if interrupts:
            raise interrupts.pop()
        return lambda g: g * 5.0

    times_five = primitive(lambda u: u * 5.0)
    defvjp(times_five, maker)
    y = (times_five(inner) + x) * 1.0
    with pytest.raises(KeyboardInterrupt):
        y.backward()
    assert not x.has_grad
    y.backward()
    assert x.grad == 11.0
    assert inner.grad == 5.0
    assert seen == [(0.0, 0.0, False)] * 2


def test_a_row_that_is_interrupted_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    x = Value(0.5)
    y = (x * 3.0).tanh() * x
    row = y.inputs[0].op

    def interrupt(*args: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(row, "unary_vjp", interrupt)
        patch.setattr(row, "vjp_all", interrupt)
        with pytest.raises(KeyboardInterrupt):
            y.backward()
    assert not x.has_grad
    y.backward()
    assert x.grad == pytest.approx(np.tanh(1.5) + 1.5 * (1 - np.tanh(1.5) ** 2))


# --- custom functions that get Values inside something --------------------------------------------
@dataclasses.dataclass
class Pair:
    a: Any
    b: Any = 0.0


NAMED = collections.namedtuple("NAMED", "a")


class Opaque:
    def __init__(self, x: Any) -> None:
        self.x = x


HOLDERS: dict[str, Callable[[Any], Any]] = {
    "dict": lambda v: {"a": v},
    "ordered dict": lambda v: collections.OrderedDict(a=v),
    "dataclass": Pair,
    "module": lambda v: nn.Linear(2, 2),
    "nested list": lambda v: [[1.0, [v]]],
    "tuple": lambda v: (v,),
    "named tuple": NAMED,
    "set": lambda v: {v},
    "queue": lambda v: collections.deque([[v]]),
}


@pytest.mark.parametrize("name", HOLDERS)
def test_a_custom_function_refuses_what_holds_values(name: str) -> None:
    held = HOLDERS[name](Value(1.0))
    constant = primitive(lambda d, k=None: 2.0)
    defvjp(constant, lambda ans, d, k=None: lambda g: g)
    pair = custom_vjp(lambda d: (2.0, None), lambda saved, g: g)
    for function in (constant, pair):
        with pytest.raises(TypeError, match=r"argument 0 is a .* that holds Values"):
            function(held)
    with pytest.raises(TypeError, match="positional argument"):
        constant(1.0, k=held)


def test_a_custom_function_that_returns_a_hidden_value_is_refused() -> None:
    doubled = primitive(lambda thing: thing.x * 2)
    with pytest.raises(TypeError, match="must be a positional argument"):
        doubled(Opaque(Value(1.0)))


# --- rules of one's own: existing rows, None, missing ones ----------------------------------------
@pytest.mark.parametrize(
    "function", [np.tanh, np.where, np.sum, np.mean, np.argmax, np.matmul, np.einsum, np.angle]
)
@pytest.mark.parametrize("define", [defvjp, defjvp])
def test_a_rule_that_exists_is_not_replaced_unasked(function: Any, define: Any) -> None:
    before = ag.grad(np.tanh)(0.5)
    with pytest.raises(ValueError, match="replace=True"):
        define(function, lambda *args: lambda g: g)
    assert ag.grad(np.tanh)(0.5) == before


@pytest.mark.parametrize("function", [len, lambda x: x, ag.relu, 3, custom_vjp(np.sin)])
def test_a_rule_for_a_function_that_nobody_sees_is_refused(function: Any) -> None:
    """`defvjp` on an undecorated function was accepted, and its rule never used."""
    with pytest.raises(TypeError, match=r"primitive|defvjp\(forward, backward\)"):
        defvjp(function, lambda ans, x: lambda g: g)


def product() -> Any:
    return primitive(lambda x, y: x * y)


def test_none_is_zero_and_a_missing_rule_raises() -> None:
    with_none, missing, forward, forward_missing = (product() for _ in range(4))
    defvjp(with_none, lambda ans, x, y: lambda g: g * y, None)
    defvjp(missing, lambda ans, x, y: lambda g: g * y)
    defjvp(forward, lambda t, ans, x, y: t * y, None)
    defjvp(forward_missing, lambda t, ans, x, y: t * y)
    pair = custom_vjp(lambda x, y: (x * y, y), lambda y, g: (g * y, None))
    returns = product()
    defvjp(returns, lambda ans, x, y: lambda g: g * y, lambda ans, x, y: lambda g: None)
    for zero in (with_none, pair, returns):
        assert ag.grad(zero, (0, 1))(2.0, 3.0) == (3.0, 0.0)
        assert ag.jvp(zero, (2.0, 3.0), (1.0, 1.0))[1] == 3.0
        assert ag.hessian(lambda y, zero=zero: zero(2.0, y))(3.0) == 0.0
        x, y = np.ones(3), np.ones(3)
        np.testing.assert_array_equal(ag.grad(lambda y, f=zero, x=x: f(x, y).sum())(y), np.zeros(3))
    assert ag.jvp(forward, (2.0, 3.0), (1.0, 1.0))[1] == 3.0
    assert ag.grad(missing)(2.0, 3.0) == 3.0
    with pytest.raises(NotImplementedError, match="has no derivative"):
        ag.grad(missing, 1)(2.0, 3.0)
    with pytest.raises(NotImplementedError, match="no forward rule for argument 1"):
        ag.jvp(forward_missing, (2.0, 3.0), (1.0, 1.0))
    with pytest.raises(NotImplementedError, match="has no derivative"):
        ag.grad(product())(2.0, 3.0)


FORWARDS = [lambda x: x * 2, lambda x: (x * 2, x, x), lambda x: [x, x]]


@pytest.mark.parametrize("forward", FORWARDS)
def test_a_forward_that_returns_no_pair_is_refused(forward: Any) -> None:
    """An array of two entries was taken apart as output and saved, silently."""
    f = custom_vjp(forward, lambda saved, g: g)
    with pytest.raises(TypeError, match=r"must return a pair \(y, saved\)"):
        f(Value(np.ones(2)))


def test_rules_that_are_given_wrongly_say_so() -> None:
    eager, listed = primitive(lambda x: x * 2), primitive(lambda x: x * 2)
    defvjp(eager, lambda ans, x: ans * 2)
    with pytest.raises(TypeError, match=r"argument 0 must return a function of g.*lambda g"):
        ag.grad(eager)(2.0)
    defvjp(listed, lambda ans, x: lambda g: [2.0, 2.0])
    assert isinstance(ag.grad(lambda x: listed(x).sum())(np.ones(2)), np.ndarray)
    for define in (defvjp, defjvp):
        for argnums in ((0, 1), (), (-1,)):
            with pytest.raises(ValueError, match="a position, counted from 0, for each rule"):
                define(listed, lambda *args: None, argnums=argnums)


# --- copies of a variable -------------------------------------------------------------------------
COPIES: list[Callable[[Any], Any]] = [copy.copy, copy.deepcopy]


@pytest.mark.parametrize("copied", COPIES)
def test_a_copy_of_a_variable_keeps_the_gradient(copied: Callable[[Any], Any]) -> None:
    assert ag.grad(lambda x: copied(x) * x)(3.0) == 6.0
    assert ag.jvp(lambda x: copied(x) * x, (3.0,), (1.0,))[1] == 6.0
    assert ag.grad(ag.grad(lambda x: copied(x) ** 3))(3.0) == 18.0
    assert ag.grad(lambda x: ag.jvp(lambda z: copied(z) ** 3, (x,), (1.0,))[1])(3.0) == 18.0
    assert ag.grad(lambda x: copied(x * x) * x)(3.0) == 27.0
    assert ag.grad(lambda x: copied([x, {"a": (x,)}])[1]["a"][0] * x)(3.0) == 6.0
    assert ag.grad(lambda x: copied(Pair(x)).a * x)(3.0) == 6.0
    assert ag.grad(lambda x: ag.grad(lambda y: copied(x) * y * copied(y))(2.0))(3.0) == 4.0
    assert ag.grad(lambda x: ag.checkpoint(lambda v: copied(v) * v)(x))(3.0) == 6.0


@pytest.mark.parametrize("copied", COPIES)
def test_a_copy_of_a_module_keeps_the_gradient(copied: Callable[[Any], Any]) -> None:
    model = nn.Linear(2, 1)
    found = ag.grad(lambda m: copied(m)(np.array([[2.0, 3.0]])).sum())(model)
    np.testing.assert_array_equal(found.w.data, [[2.0], [3.0]])
    np.testing.assert_array_equal(found.b.data, [1.0])


def test_a_copy_after_the_transform_is_independent() -> None:
    w = Value(3.0)
    g = ag.grad(lambda x: x * x * x)(w)  # a Value, recorded on variables of the transform
    again = copy.deepcopy(g)
    assert again.data == 27.0
    again.backward()
    assert not w.has_grad
    loaded = pickle.loads(pickle.dumps(g))
    loaded.backward()
    assert not w.has_grad
    g.backward()
    assert w.grad == 18.0


# --- a custom function that closes over an outer Value --------------------------------------------
def scaled_by(a: Any) -> list[Any]:
    number = a.data if isinstance(a, Value) else a
    pair = custom_vjp(lambda x: (x * number, None), lambda saved, g: g * a)
    reverse, forward = primitive(lambda x: x * number), primitive(lambda x: x * number)
    defvjp(reverse, lambda ans, x: lambda g: g * a)
    defjvp(forward, lambda t, ans, x: t * a)
    return [pair, reverse, forward]


@pytest.mark.parametrize("which", range(3))
def test_forward_mode_through_a_rule_that_closes_over_an_outer_value(which: int) -> None:
    def pushed(a: Any) -> Any:
        return ag.jvp(scaled_by(a)[which], (2.0,), (5.0,))[1]

    def pushed_array(a: Any) -> Any:
        return ag.jvp(scaled_by(a)[which], (np.ones(3),), (np.arange(3.0),))[1].sum()

    assert ag.grad(pushed)(3.0) == 5.0
    assert ag.grad(pushed_array)(3.0) == 3.0
    assert ag.jvp(pushed, (3.0,), (1.0,)) == (15.0, 5.0)


# --- forward mode, several outputs of different shapes --------------------------------------------
def test_forward_mode_through_several_outputs_of_different_shapes() -> None:
    x, y = np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0])
    t, u = np.array([1.0, 0.0, 2.0]), np.array([0.0, 1.0])
    plain = lambda x, y: (2 * x, np.outer(x, y), np.sum(x))
    wanted = (2 * t, np.outer(t, y) + np.outer(x, u), np.sum(t))
    rule = lambda x, y, g: (g[0] * 2 + g[1] @ y + g[2], g[1].T @ x)
    reverse = primitive(plain)
    defvjp(
        reverse,
        lambda ans, x, y: lambda g: rule(x, y, g)[0],
        lambda ans, x, y: lambda g: rule(x, y, g)[1],
    )
    pair = custom_vjp(lambda x, y: (plain(x, y), (x, y)), lambda s, g: rule(*s, g))
    for f in (plain, reverse, pair, ag.checkpoint(plain)):
        for got, want in zip(ag.jvp(f, (x, y), (t, u))[1], wanted, strict=True):
            np.testing.assert_allclose(got, want)
            assert np.shape(got) == np.shape(want)
        one = ag.jvp(lambda x, f=f: f(x, y)[1], (x,), (t,))[1]
        np.testing.assert_allclose(one, np.outer(t, y))
    stretched = ag.checkpoint(lambda x: (x[:2] * 2, x[None, :], x[0]))
    first, second, third = ag.jvp(stretched, (x,), (t,))[1]
    np.testing.assert_array_equal(first, [2.0, 0.0])
    np.testing.assert_array_equal(second, [t])
    assert third == 1.0


# --- arrays that are not exactly ndarray ----------------------------------------------------------
class Sub(np.ndarray):
    """A subclass of ndarray."""


def test_subclasses_of_ndarray_as_parameters_and_constants(tmp_path: Path) -> None:
    plain = np.array([1.0, 2.0, 3.0])
    mapped = np.memmap(tmp_path / "numbers", dtype=float, mode="w+", shape=(3,))
    mapped[:] = plain
    f = lambda x: (np.tanh(x) * x + x[0] * x[[0, 0, 1]]).sum() + np.max(x) + x @ plain
    for x in (mapped, plain.view(Sub), plain.view(np.recarray), mapped[:]):
        np.testing.assert_array_equal(np.asarray(ag.grad(f)(x)), ag.grad(f)(plain))
        np.testing.assert_array_equal(np.asarray(ag.hessian(f)(x)), ag.hessian(f)(plain))
        np.testing.assert_allclose(ag.jvp(f, (x,), (plain,))[1], ag.jvp(f, (plain,), (plain,))[1])
        p = Value(x)
        f(p).backward()
        np.testing.assert_array_equal(np.asarray(p.grad), ag.grad(f)(plain))
        for g in (lambda v, x=x: v * x, lambda v, x=x: x * v, lambda v, x=x: x / v + x @ v):
            got = ag.grad(lambda v, g=g: g(v).sum())(plain)
            want = ag.grad(lambda v, g=g: g(v).sum())(plain.copy())
            np.testing.assert_array_equal(np.asarray(got), np.asarray(want))
    np.testing.assert_array_equal(mapped, plain)


class Foreign(np.lib.mixins.NDArrayOperatorsMixin):
    """A minimal array of another library: both protocols, and no way to a plain array."""

    def __init__(self, array: Any) -> None:
        self.array = np.asarray(array)

    shape = property(lambda self: self.array.shape)
    dtype = property(lambda self: self.array.dtype)
    ndim = property(lambda self: self.array.ndim)
    size = property(lambda self: self.array.size)
    T = property(lambda self: Foreign(self.array.T))
    mT = property(lambda self: Foreign(self.array.mT))  # noqa: N815

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        raise TypeError("an array of another library does not become a plain one")

    def __array_ufunc__(self, ufunc: Any, method: str, *xs: Any, **options: Any) -> Any:
        if any(isinstance(x, Value) for x in xs):
            return NotImplemented
        return foreign(getattr(ufunc, method)(*inside(xs), **inside(options)))

    def __array_function__(self, f: Any, types: Any, args: Any, options: Any) -> Any:
        if Value in types:
            return NotImplemented
        return foreign(f(*inside(args), **inside(options)))

    def __getitem__(self, index: Any) -> Any:
        return foreign(self.array[inside(index)])

    def __bool__(self) -> bool:
        return bool(self.array)

    def astype(self, dtype: Any) -> Foreign:
        return Foreign(self.array.astype(dtype))

    def copy(self) -> Foreign:
        return Foreign(self.array.copy())

    def sum(self, **options: Any) -> Any:
        return foreign(self.array.sum(**options))

    def all(self) -> bool:
        return bool(self.array.all())


def inside(x: Any) -> Any:
    if isinstance(x, tuple | list):
        return type(x)(map(inside, x))
    if isinstance(x, dict):
        return {name: inside(item) for name, item in x.items()}
    return x.array if isinstance(x, Foreign) else x


def foreign(y: Any) -> Any:
    if isinstance(y, tuple):
        return tuple(map(foreign, y))
    return Foreign(y) if isinstance(y, np.ndarray | np.floating) else y


@pytest.mark.parametrize("f", [np.add, np.multiply, np.divide, np.power, np.maximum, np.hypot])
@pytest.mark.parametrize("shapes", [((2, 3), (3,)), ((2, 3), (2, 1)), ((2, 1), (3,)), ((3,), ())])
def test_a_broadcast_array_of_another_library_gets_its_own_shape(f: Any, shapes: Any) -> None:
    xs = [np.arange(1.0, 1 + np.prod(s, dtype=int)).reshape(s) + i for i, s in enumerate(shapes)]
    values = [Value(Foreign(x)) for x in xs]
    y = f(*values)
    y.backward(Foreign(np.ones(y.shape)))
    plain = ag.vjp(f, *xs)[1](np.ones(y.shape))
    pulled = ag.vjp(f, *map(Foreign, xs))[1](Foreign(np.ones(y.shape)))
    for v, g, want in zip(values, pulled, plain, strict=True):
        assert v.grad.shape == g.shape == np.shape(want)
        np.testing.assert_allclose(v.grad.array, want)
        np.testing.assert_allclose(g.array, want)
    total = ag.grad(lambda a, b: f(a, b).sum(), (0, 1))(*map(Foreign, xs))
    for g, want in zip(total, plain, strict=True):
        np.testing.assert_allclose(g.array, want)
