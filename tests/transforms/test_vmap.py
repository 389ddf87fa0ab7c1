"""`vmap`: axes, trees, nesting with every other transform, at two levels, and what it refuses."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Value, grad, hessian, jacobian, jvp, vjp, vmap
from autograd.arrays.batch import Batch, BatchedError
from autograd.arrays.batched import BatchedArray, joined
from autograd.pytree import flatten, tree_map
from autograd.transforms.vmap import LoopWarning
from tests.samples import floats

X, W, B = floats(4, 3), floats(3), floats(4, 3)


def looped(f: Callable[..., Any], *mapped: Any) -> Any:
    """The results for single examples, stacked leaf by leaf."""
    results = [f(*[x[i] for x in mapped]) for i in range(len(mapped[0]))]
    columns = zip(*[flatten(y)[0] for y in results], strict=True)
    leaves = [np.stack([plain(y) for y in column]) for column in columns]
    return leaves[0] if len(leaves) == 1 else leaves


def plain(x: Any) -> Any:
    return x.data if isinstance(x, Value) else x


def same(got: Any, wanted: Any, rtol: float = 1e-12) -> None:
    found = [plain(y) for y in flatten(got)[0]]
    wanted = wanted if isinstance(wanted, list) else [wanted]
    assert len(found) == len(wanted)
    for y, z in zip(found, wanted, strict=True):
        assert np.shape(y) == np.shape(z)
        assert np.asarray(y).dtype == np.asarray(z).dtype
        np.testing.assert_allclose(y, z, rtol=rtol, atol=rtol)


def energy(w: Any, x: Any) -> Any:
    """A number that is linear in nothing."""
    return np.sum(np.tanh(w * x) ** 2 * x) + np.sum(np.sin(w)) * np.sum(x)


# --- axes and trees -------------------------------------------------------------------------------
@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2, -3])
@pytest.mark.parametrize("out", [0, 1, 2, -1, -2, -3])
def test_axes(axis: int, out: int) -> None:
    x = floats(2, 3, 4)
    got = vmap(np.sin, in_axes=axis, out_axes=out)(x)
    np.testing.assert_array_equal(got, np.moveaxis(np.sin(x), axis, out))


def test_axes_of_several_arguments() -> None:
    got = vmap(lambda a, b, c: a * b + c, in_axes=(1, None, 0))(X.T, W, X)
    np.testing.assert_allclose(got, X * W + X)
    got = vmap(lambda a, b: a * b, in_axes=[0, 1])(X, X.T)
    np.testing.assert_allclose(got, X * X)


class Pair(NamedTuple):
    left: Any
    right: Any


def test_trees() -> None:
    tree = {"a": X, "b": (W, [X.T])}

    def f(tree: Any, scale: Any) -> Any:
        y = tree["a"] * tree["b"][0] + tree["b"][1][0]
        return Pair(y * scale, [np.sum(y), tree["b"][0]])

    in_axes = ({"a": 0, "b": (None, 1)}, None)
    got = vmap(f, in_axes=in_axes, out_axes=Pair(1, [0, None]))(tree, 2.0)
    y = X * W + X
    np.testing.assert_allclose(got.left, 2 * y.T)
    np.testing.assert_allclose(got.right[0], y.sum(axis=1))
    assert got.right[1] is W
    assert type(got) is Pair


def test_keyword_arguments_are_mapped_over_their_first_axis() -> None:
    got = vmap(lambda x, *, b, scale, name: x * b * scale if name == "yes" else None)(
        X, b=B, scale=2.0, name="yes"
    )
    np.testing.assert_allclose(got, X * B * 2)


def test_a_module_shared_and_mapped() -> None:
    model = nn.Sequential(nn.Linear(3, 5, rng=0), nn.tanh, nn.Linear(5, 2, rng=1))
    got = vmap(lambda model, x: model(x), in_axes=(None, 0))(model, X)
    same(got, model(X).data, 1e-12)
    models = tree_map(lambda v: np.stack([v.data, 2 * v.data, -v.data]), model)
    got = vmap(lambda model, x: model(x), in_axes=(0, None))(models, X)
    for i in range(3):
        one = tree_map(lambda v, i=i: v[i], models)
        np.testing.assert_allclose(plain(got)[i], plain(one(X)), rtol=1e-12)
    axes = tree_map(lambda v: 0, model)
    same(vmap(lambda model, x: model(x), in_axes=(axes, None))(models, X), plain(got))


def test_per_example_gradients_of_a_module() -> None:
    model = nn.Sequential(nn.Linear(3, 5, rng=0), nn.tanh, nn.Linear(5, 2, rng=1))
    labels = np.array([0, 1, 1, 0])

    def loss(model: Any, x: Any, label: Any) -> Any:
        return -ag.log_softmax(model(x))[label]

    got = vmap(grad(loss), in_axes=(None, 0, 0))(model, X, labels)
    wanted = [flatten(grad(loss)(model, x, label))[0] for x, label in zip(X, labels, strict=True)]
    for g, column in zip(flatten(got)[0], zip(*wanted, strict=True), strict=True):
        np.testing.assert_allclose(plain(g), np.stack([plain(z) for z in column]), rtol=1e-12)


def test_results_of_every_kind() -> None:
    got = vmap(lambda x: (x > 0, np.argmax(x), 3, 2.5, W, None, x.sum() > 0))(X)
    np.testing.assert_array_equal(got[0], X > 0)
    np.testing.assert_array_equal(got[1], np.argmax(X, axis=1))
    np.testing.assert_array_equal(got[2], [3] * 4)
    np.testing.assert_array_equal(got[3], [2.5] * 4)
    np.testing.assert_array_equal(got[4], [W] * 4)
    assert got[5] is None
    assert got[6].dtype == bool


def test_results_have_memory_of_their_own() -> None:
    x = np.array(X)
    y, z, w = vmap(lambda x: (x, x, W))(x)
    for array in (y, z, w):
        array[...] = 0
    np.testing.assert_array_equal(x, X)
    assert W.any()
    assert z.flags.writeable
    v = Value(X)
    vmap(lambda x: ag.stop_gradient(x))(v)[...] = 0
    np.testing.assert_array_equal(v.data, X)


def test_dtypes_stay() -> None:
    x = X.astype(np.float32)
    assert vmap(lambda x: x * 2.0 + np.sum(x))(x).dtype == np.float32
    assert vmap(grad(lambda x: np.sum(x * 2.0)))(x).dtype == np.float32
    assert vmap(lambda i: i + 1)(np.arange(3, dtype=np.int16)).dtype == np.int16
    assert vmap(lambda x: x * 1j)(X).dtype == np.complex128


def test_no_examples() -> None:
    assert vmap(lambda x: np.outer(x, x))(np.zeros((0, 3))).shape == (0, 3, 3)
    assert vmap(grad(lambda x: np.sum(x * x)))(np.zeros((0, 3))).shape == (0, 3)
    assert vmap(lambda x: x.reshape(-1))(np.zeros((0, 2, 3))).shape == (0, 6)


# --- derivatives ----------------------------------------------------------------------------------
def test_gradient_inside() -> None:
    same(vmap(grad(energy, 1), in_axes=(None, 0))(W, X), looped(lambda x: grad(energy, 1)(W, x), X))
    same(vmap(grad(energy), in_axes=(None, 0))(W, X), looped(lambda x: grad(energy)(W, x), X))


def test_gradient_of_a_closed_over_variable() -> None:
    got = grad(lambda w: np.sum(vmap(lambda x: energy(w, x))(X) ** 2))(W)
    wanted = grad(lambda w: sum(energy(w, x) ** 2 for x in X))(W)
    same(got, wanted)


def test_gradient_of_an_argument_and_of_a_closed_over_variable() -> None:
    def batched(w: Any, xs: Any) -> Any:
        return np.sum(vmap(lambda x: energy(w, x))(xs) ** 2)

    def loop(w: Any, xs: Any) -> Any:
        return sum(energy(w, xs[i]) ** 2 for i in range(4))

    same(grad(batched, (0, 1))(W, X), list(grad(loop, (0, 1))(W, X)))


def test_gradient_inside_of_a_closed_over_variable_at_two_levels() -> None:
    """The outer derivative of a sum of inner ones, each with respect to the same variable."""

    def batched(w: Any) -> Any:
        inner = vmap(lambda x: grad(lambda w: energy(w, x))(w))(X)
        return np.sum(np.sin(inner))

    def loop(w: Any) -> Any:
        return sum(np.sum(np.sin(grad(energy)(w, x))) for x in X)

    same(grad(batched)(W), grad(loop)(W))
    same(hessian(batched)(W), hessian(loop)(W), 1e-9)


def test_inner_variable_that_the_examples_share() -> None:
    """An intermediate value made inside, of what all examples share."""

    def batched(w: Any) -> Any:
        def one(x: Any) -> Any:
            u = np.sin(w) * 2.0  # the same for all examples
            return np.sum(u * x) + np.sum(u)

        return np.sum(vmap(one)(X) ** 2)

    def loop(w: Any) -> Any:
        return sum((np.sum(np.sin(w) * 2 * x) + np.sum(np.sin(w) * 2)) ** 2 for x in X)

    same(grad(batched)(W), grad(loop)(W))
    same(hessian(batched)(W), hessian(loop)(W), 1e-10)


def test_a_result_that_does_not_depend_on_the_example() -> None:
    same(grad(lambda w: np.sum(vmap(lambda x: np.sum(w * w))(X)))(W), 8 * W)
    same(grad(lambda w: np.sum(vmap(lambda x: w * w, out_axes=1)(X) * X.T))(W), 2 * W * X.sum(0))
    got = grad(lambda w: np.sum(vmap(lambda x: w * w, out_axes=None)(X)))(W)
    same(got, 2 * W)


def test_hessian_inside() -> None:
    got = vmap(lambda x: hessian(energy)(W, x))(X)
    same(got, looped(lambda x: hessian(energy)(W, x), X), 1e-10)
    got = vmap(hessian(lambda x: energy(W, x)))(X)
    same(got, looped(hessian(lambda x: energy(W, x)), X), 1e-10)


def test_jacobian_inside_and_outside() -> None:
    def f(x: Any) -> Any:
        return np.tanh(np.outer(W, x) @ x)

    same(vmap(jacobian(f))(X), looped(jacobian(f), X))
    same(jacobian(vmap(f))(X), jacobian(lambda xs: np.stack([f(xs[i]) for i in range(4)]))(X))


def test_forward_mode() -> None:
    t = floats(4, 3)
    y, pushed = jvp(vmap(lambda x: energy(W, x)), (X,), (t,))
    wanted = [jvp(lambda x: energy(W, x), (x,), (s,)) for x, s in zip(X, t, strict=True)]
    same(y, np.array([a for a, _ in wanted]))
    same(pushed, np.array([b for _, b in wanted]))
    inside = vmap(lambda x, s: jvp(lambda x: energy(W, x), (x,), (s,))[1])(X, t)
    same(inside, np.array([b for _, b in wanted]))
    w_t = floats(3)
    closed = jvp(lambda w: vmap(lambda x: np.tanh(w * x) + np.linalg.norm(w))(X), (W,), (w_t,))[1]
    loop = [jvp(lambda w, x=x: np.tanh(w * x) + np.linalg.norm(w), (W,), (w_t,))[1] for x in X]
    same(closed, np.array(loop))


def test_forward_mode_of_general_rows() -> None:
    a = np.eye(3) * 3 + floats(3, 3) / 4
    t = floats(3, 3)

    def f(a: Any, x: Any) -> Any:
        return np.linalg.slogdet(a + np.outer(x, x))[1] + np.sum(np.linalg.inv(a) @ x)

    closed = jvp(lambda a: vmap(lambda x: f(a, x))(X), (a,), (t,))[1]
    same(closed, np.array([jvp(lambda a, x=x: f(a, x), (a,), (t,))[1] for x in X]))
    inside = vmap(lambda x: jvp(lambda a: f(a, x), (a,), (t,))[1])(X)
    same(inside, closed)
    ts = floats(4, 3, 3)
    inside = vmap(lambda x, t: jvp(lambda a: f(a, x), (a,), (t,))[1])(X, ts)
    pairs = zip(X, ts, strict=True)
    same(inside, np.array([jvp(lambda a, x=x: f(a, x), (a,), (t,))[1] for x, t in pairs]))


def test_vjp_inside_with_shared_and_mapped_cotangents() -> None:
    def f(w: Any, x: Any) -> Any:
        return np.tanh(w * x)

    g = floats(3)
    got = vmap(lambda x: vjp(lambda w: f(w, x), W)[1](g)[0])(X)
    same(got, looped(lambda x: vjp(lambda w: f(w, x), W)[1](g)[0], X))
    pull = vjp(lambda w: f(w, X[0]), W)[1]
    same(vmap(lambda g: pull(g)[0])(X), looped(lambda g: pull(g)[0], X))


def test_gradient_of_a_pullback_inside() -> None:
    """The cotangent is the same for all examples, and a variable outside."""

    def total(g: Any) -> Any:
        return np.sum(vmap(lambda x: vjp(lambda w: np.tanh(w * x), W)[1](g)[0] ** 2)(X))

    def loop(g: Any) -> Any:
        return sum(np.sum(vjp(lambda w, x=x: np.tanh(w * x), W)[1](g)[0] ** 2) for x in X)

    same(grad(total)(W), grad(loop)(W))


def test_numbers() -> None:
    xs = np.array([0.5, -1.5, 2.0])

    def f(x: Any) -> Any:
        return x**3 + 2.0 * x / (1.0 + x * x) - abs(x) + 2.0**x + -x

    same(vmap(f)(xs), f(xs))
    same(vmap(grad(f))(xs), np.array([grad(f)(x) for x in xs]))
    same(vmap(grad(grad(f)))(xs), np.array([grad(grad(f))(x) for x in xs]))
    w = Value(0.7)
    y = vmap(lambda x: (w * x).tanh() + w)(xs)
    y.sum().backward()
    v = Value(0.7)
    sum((v * float(x)).tanh() + v for x in xs).backward()
    assert w.grad == pytest.approx(v.grad, rel=1e-14)
    assert type(w.grad) is float or np.ndim(w.grad) == 0


def test_values_as_arguments() -> None:
    x, w = Value(X), Value(W)
    y = vmap(lambda x, w: np.sum(np.tanh(x * w)), in_axes=(0, None))(x, w)
    assert type(y) is Value
    y.backward(seed=np.arange(4.0))
    a, b = Value(X), Value(W)
    np.sum(np.tanh(a * b), axis=1).backward(seed=np.arange(4.0))
    same([x.grad, w.grad], [a.grad, b.grad])


def test_backward_twice_with_create_graph() -> None:
    w = Value(W)
    np.sum(vmap(lambda x: energy(w, x))(X)).backward(create_graph=True)
    slope = w.grad
    w.zero_grad()
    np.sum(slope**2).backward()
    gradient = grad(lambda w: sum(energy(w, x) for x in X))
    same(w.grad, grad(lambda w: np.sum(gradient(w) ** 2))(W), 1e-10)


# --- nesting --------------------------------------------------------------------------------------
def test_vmap_of_vmap() -> None:
    x, y = floats(2, 3), floats(4, 3)
    got = vmap(lambda a: vmap(lambda b: np.sum(np.tanh(a * b)))(y))(x)
    same(got, np.array([[np.sum(np.tanh(a * b)) for b in y] for a in x]))
    z = floats(2, 4, 3)
    same(vmap(vmap(lambda r: r / np.sum(r * r)))(z), z / np.sum(z * z, axis=-1, keepdims=True))
    got = vmap(vmap(np.outer, in_axes=(None, 1)), in_axes=(0, None))(x, y.T)
    same(got, np.array([[np.outer(a, b) for b in y] for a in x]))


def test_gradients_at_every_level_of_two_vmaps() -> None:
    x, y = floats(2, 3), floats(4, 3)

    def term(w: Any, a: Any, b: Any) -> Any:
        return np.sum(np.tanh(w * a + b) ** 2) * np.sum(w * b)

    def batched(w: Any, x: Any, y: Any) -> Any:
        def outer(a: Any) -> Any:
            slope = grad(lambda a: np.sum(vmap(lambda b: term(w, a, b))(y)))(a)
            inner = vmap(lambda b: grad(lambda w: term(w, a, b))(w))(y)
            return np.sum(slope**2) + np.sum(np.sin(inner))

        return np.sum(vmap(outer)(x) ** 2)

    def loop(w: Any, x: Any, y: Any) -> Any:
        total = 0.0
        for i in range(2):
            slope = grad(lambda a: sum(term(w, a, y[j]) for j in range(4)))(x[i])
            part = np.sum(slope**2)
            for j in range(4):
                part = part + np.sum(np.sin(grad(lambda w, i=i, j=j: term(w, x[i], y[j]))(w)))
            total = total + part**2
        return total

    same(grad(batched, (0, 1, 2))(W, x, y), list(grad(loop, (0, 1, 2))(W, x, y)), 1e-9)


def test_gradient_through_an_inner_vmap_that_has_ended() -> None:
    """Inside a running vmap a walk passes the graph of one that has ended."""
    y = floats(5, 3)

    def f(x: Any) -> Any:
        return np.sum(vmap(lambda b: np.sum(np.tanh(x * b)))(y) ** 2)

    def g(x: Any) -> Any:
        return sum(np.sum(np.tanh(x * b)) ** 2 for b in y)

    same(vmap(grad(f))(X), looped(grad(g), X))
    same(vmap(hessian(f))(X), looped(hessian(g), X), 1e-10)
    same(jacobian(grad(f))(X[0]), jacobian(grad(g))(X[0]), 1e-10)


def test_jacobian_of_a_vmap_of_gradients() -> None:
    """A batched pullback over the graph of a vmap that has ended."""

    def batched(w: Any) -> Any:
        return vmap(lambda x: grad(energy)(w, x))(X)

    def loop(w: Any) -> Any:
        return np.stack([grad(energy)(w, X[i]) for i in range(4)])

    same(jacobian(batched)(W), jacobian(loop)(W), 1e-10)


# --- indices, decisions ---------------------------------------------------------------------------
def test_mapped_indices() -> None:
    x, i = floats(4, 5, 3), np.array([1, 0, -1, 1])
    rows = np.array([[0, 2], [1, 1], [3, 4], [4, 0]])
    cases: list[Callable[[Any, Any, Any], Any]] = [
        lambda x, i, r: x[i],
        lambda x, i, r: x[r],
        lambda x, i, r: x[:, i],
        lambda x, i, r: x[r, 1],
        lambda x, i, r: x[2, :][i],
        lambda x, i, r: x[r, i],
        lambda x, i, r: x[None, r, :, None],
        lambda x, i, r: x[..., i],
        lambda x, i, r: x[r[:, None], np.array([0, 2])],
        lambda x, i, r: x[np.array([0, 2]), :][:, np.array([1, 1])],
        lambda x, i, r: x[0, :, None],
        lambda x, i, r: x[np.array([[0], [1]]), :, None],
        lambda x, i, r: x[np.array([True, False, True, False, True])][i],
        lambda x, i, r: np.take(x, r, axis=0),
        lambda x, i, r: np.take_along_axis(x, np.argsort(x, axis=0), axis=0),
        lambda x, i, r: np.sort(x, axis=0),
        lambda x, i, r: x[np.argmax(x[:, 0])],
        lambda x, i, r: x[1:3, ::-1],
        lambda x, i, r: x[r][:, None, i],
    ]
    for f in cases:
        same(vmap(f)(x, i, rows), looped(f, x, i, rows))
        slope = grad(lambda x, i, r, f=f: np.sum(f(x, i, r) ** 2))
        same(vmap(slope)(x, i, rows), looped(slope, x, i, rows))
        table = x[0]
        shared = vmap(f, in_axes=(None, 0, 0))
        got = grad(lambda t, g=shared: np.sum(g(t, i, rows) ** 2))(table)
        same(
            got, grad(lambda t, f=f: sum(np.sum(f(t, i[k], rows[k]) ** 2) for k in range(4)))(table)
        )


def test_separated_indices() -> None:
    x, r = floats(4, 2, 5, 3), np.array([[0, 1, 1], [1, 0, 0], [1, 1, 1], [0, 0, 1]])
    fixed = np.array([2, 0, 1])
    for f in (
        lambda x, r: x[r, :, fixed],
        lambda x, r: x[0, :, r],
        lambda x, r: x[np.array([0, 1, 0]), :, fixed],
        lambda x, r: x[1, :, fixed],
        lambda x, r: x[:, r, fixed],
        lambda x, r: x[:, r][..., fixed],
    ):
        same(vmap(f)(x, r), looped(f, x, r))
        slope = grad(lambda x, r, f=f: np.sum(f(x, r) ** 2))
        same(vmap(slope)(x, r), looped(slope, x, r))
        wanted = grad(lambda t, f=f: sum(np.sum(f(t, s) ** 2) for s in r))(x[0])
        same(grad(lambda t, f=f: np.sum(vmap(lambda s: f(t, s))(r) ** 2))(x[0]), wanted)


def test_many_entries_of_one_array() -> None:
    """The recorded contributions to parts of an array are summed at once."""

    def f(x: Any) -> Any:
        return sum(np.sin(x[i]) * x[2 - i] for i in range(3))

    same(vmap(hessian(f))(X), looped(hessian(f), X))
    same(vmap(grad(lambda x: sum(a * a for a in x)))(X), 2 * X)


def test_entries_taken_inside_and_outside() -> None:
    """Of one array: with an index that differs by example, with one that does not, and after."""
    rows, w = np.array([0, 1, 2, 1, 1]), np.array([1.0, 2.0, 3.0])

    def batched(w: Any) -> Any:
        return np.sum(vmap(lambda i: w[i] ** 3 * w[2])(rows)) + w[0] ** 2

    def loop(w: Any) -> Any:
        return sum(w[i] ** 3 * w[2] for i in rows) + w[0] ** 2

    for derivative in (grad, hessian):
        same(derivative(batched)(w), derivative(loop)(w))
        same(ag.compile(derivative(batched))(w), derivative(loop)(w))
    pull = vjp(lambda w: w * 2.0, w)[1]
    got = vmap(lambda i: vjp(lambda w: w[i], w)[1](2.0)[0])(rows)  # the cotangent is shared
    same(got, 2 * np.eye(3)[rows])
    same(vmap(lambda i: pull(np.where(np.arange(3) == i, 1.0, 0.0))[0])(rows), got)


def test_ties_and_strong_zeros_differ_by_example() -> None:
    x = np.array([[1.0, 1.0, 0.0], [0.0, 2.0, 1.0], [3.0, 3.0, 3.0], [0.0, 0.0, -1.0]])
    cases: list[Callable[[Any], Any]] = [
        np.max,
        lambda x: np.prod(x),
        lambda x: np.sum(np.where(x > 0, np.log(np.where(x > 0, x, x)), 0.0)),
        lambda x: np.sum(np.where(x > 0, np.sqrt(x), 0.0)),
        lambda x: np.linalg.norm(x - x[0]),
        lambda x: np.sum(np.cumprod(x)),
        lambda x: np.std(x),
        lambda x: np.where(x[0] > 0, x[1] / x[0], x[1] ** 2),
    ]
    for f in cases:
        with np.errstate(all="ignore"):
            same(vmap(grad(f))(x), looped(grad(f), x))
            same(grad(lambda x, f=f: np.sum(vmap(f)(x)))(x), looped(grad(f), x))
            y = vmap(lambda x, f=f: jvp(f, (x,), (np.arange(3.0),))[1])(x)
            same(y, looped(lambda x, f=f: jvp(f, (x,), (np.arange(3.0),))[1], x))


def test_strong_zero_where_numbers_are_infinite() -> None:
    """Each example restores its own zeros, for rows of every kind and in both modes."""
    x = np.array([[1.0, np.inf, 2.0], [0.5, -1.0, 2.0], [np.inf, 1.0, -np.inf], [np.nan, 1.0, 0.0]])
    m = floats(3, 3)
    cases: list[Callable[[Any], Any]] = [
        lambda x: np.sum(np.where(np.isfinite(plain(x)), np.tanh(x) * x, 0.0)),
        lambda x: np.sum(np.where(np.isfinite(plain(x)).all(), ag.softmax(x), 0.0)),
        lambda x: np.sum(np.where(np.isfinite(plain(x))[::-1], ag.log_softmax(x) ** 2, 0.0)),
        lambda x: np.sum(np.where(np.isfinite(plain(x)), np.linalg.norm(x), 0.0)),
        lambda x: np.sum(np.where(np.isfinite(plain(x)), (m * x) @ x, 0.0)),
        lambda x: np.where(np.isfinite(plain(x)).all(), ag.logsumexp(x), x[1]),
        lambda x: np.sum(np.where(np.arange(3) > 0, np.sort(x) * np.cumprod(x), 0.0)),
    ]
    t = np.array([1.0, -2.0, 0.5])
    for f in cases:
        with np.errstate(all="ignore"):
            same(vmap(grad(f))(x), looped(grad(f), x))
            same(grad(lambda x, f=f: np.sum(vmap(f)(x)))(x), looped(grad(f), x))
            pushed: Any = lambda x, f=f: jvp(f, (x,), (t,))[1]
            same(vmap(pushed)(x), looped(pushed, x))
            far: Any = lambda x, f=f: jvp(lambda s: f(x * s), (1.0,), (np.inf,))[1]
            same(vmap(far)(x), looped(far, x))


def test_strong_zero_of_general_rows() -> None:
    a = np.stack([np.eye(2) * 2, np.zeros((2, 2)), np.array([[1.0, 2.0], [2.0, 4.0]])])

    def f(a: Any) -> Any:
        sign, log = np.linalg.slogdet(a)
        return np.where(plain(sign) != 0, log, 0.0)

    with np.errstate(all="ignore"):
        same(vmap(grad(f))(a), looped(grad(f), a))


# --- what it refuses ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "look",
    [
        lambda x: x[0] if x[0] > 0 else x[1],
        lambda x: float(x[0]),
        lambda x: int(x[0]),
        lambda x: x[0].item(),
        lambda x: x.tolist(),
        lambda x: [1, 2, 3][x[0].astype(int)],
        lambda x: np.asarray(x),
        lambda x: np.array([x[0], x[1]]),
        lambda x: x[x > 0],
        lambda x: np.ones(3)[x.astype(int)],
        lambda x: x.sort(),
        lambda x: x.fill(0),
        lambda x: range(x[0]),
        lambda x: np.add(x, 1, out=np.ones(3)),
        lambda x: np.copyto(np.ones(3), x),
    ],
)
def test_looks_at_entries_are_refused_with_advice(look: Any) -> None:
    with pytest.raises(TypeError, match=r"inside vmap"):
        vmap(look)(X)
    with pytest.raises((TypeError, IndexError, AttributeError)):
        vmap(look)(Value(X))


def test_errors_of_axes() -> None:
    cases: list[tuple[Any, str]] = [
        (lambda: vmap(np.sin)(1.0), r"axis 0 of args\[0\] does not exist"),
        (lambda: vmap(np.add)(X, floats(3, 3)), r"args\[0\] has 4, args\[1\] has 3"),
        (lambda: vmap(np.add, in_axes=(0, 2))(X, X), r"axis 2 of args\[1\]"),
        (lambda: vmap(np.add, in_axes=(0,))(X, X), "1 entries for 2 positional"),
        (lambda: vmap(np.add, in_axes=(None, None))(X, X), "no argument is mapped"),
        (lambda: vmap(np.add, in_axes=None), "maps no argument"),
        (lambda: vmap(lambda: 1.0)(), "no argument is mapped"),
        (lambda: vmap(np.sin, out_axes=2)(X), "out_axes 2 is out of range"),
        (lambda: vmap(np.sin, out_axes=-3)(X), "out_axes -3 is out of range"),
        (lambda: vmap(np.sin, out_axes=None)(X), "differs from example to example"),
        (lambda: vmap(np.sin, out_axes=(0, 0))(X), "out_axes"),
        (lambda: vmap(lambda x: (x, x), out_axes=(0, 0, 0))(X), "out_axes"),
        (lambda: vmap(lambda t: t["a"], in_axes=({"b": 0},))({"a": X}), "does not fit"),
        (lambda: vmap(lambda x: x, in_axes=((0, 0),))(X), "where one array"),
        (lambda: vmap(lambda x, y: x)(X, [1.0, 2.0]), r"args\[1\]\[0\]"),
    ]
    for call, message in cases:
        with pytest.raises(ValueError, match=message):
            call()


def test_errors_of_types() -> None:
    cases: list[tuple[Any, str]] = [
        (lambda: vmap(np.sin, in_axes="x"), "holds integers and None"),
        (lambda: vmap(np.sin, in_axes=True), "holds integers and None"),
        (lambda: vmap(np.sin, in_axes={"a": 0}), "for a function of one argument"),
        (lambda: vmap(np.sin, out_axes=0.0), "out_axes holds integers"),
        (lambda: vmap(lambda x, name: x)(X, "name"), "is a str, which cannot be mapped"),
        (lambda: vmap(lambda x: "text")(X), "returns 'text'"),
        (lambda: vmap(lambda x, r: x)(X, np.random.default_rng(0)), "random generator"),
        (lambda: vmap(lambda x, r: x)(X, r=np.random.default_rng(0)), "random generator"),
    ]
    for call, message in cases:
        with pytest.raises(TypeError, match=message):
            call()


def test_a_shared_generator_draws_once() -> None:
    got = vmap(lambda x, rng: x + rng.normal(size=3), in_axes=(0, None))(
        X, np.random.default_rng(0)
    )
    np.testing.assert_allclose(got, X + np.random.default_rng(0).normal(size=3))


def test_backward_inside_may_not_leave_gradients_outside() -> None:
    w = Value(W)
    with pytest.raises(TypeError, match="backward inside vmap"):
        vmap(lambda x: np.sum(w * x).backward())(X)
    assert not w.has_grad

    def inside(x: Any) -> Any:
        v = Value(x)
        np.sum(v * v).backward()
        return v.grad

    same(vmap(inside)(X), 2 * X)


def test_loops_warn_and_are_right() -> None:
    x = floats(3, 4)
    with pytest.warns(LoopWarning, match="called for one example after another, 3 times") as seen:
        got = vmap(np.bincount)(np.array([[0, 1, 2], [2, 1, 0], [2, 2, 1]]))
    np.testing.assert_array_equal(got, [[1, 1, 1], [1, 1, 1], [0, 1, 2]])
    assert seen[0].filename == __file__
    with pytest.raises(BatchedError, match="several shapes"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        vmap(np.unique)(np.array([[0, 1, 2], [2, 1, 0], [2, 2, 1]]))
    with pytest.warns(LoopWarning):
        got = vmap(
            grad(lambda x: np.sum(np.histogram(np.zeros(4), 2, (-1, 1), weights=x)[0] ** 2))
        )(x)
    assert got.shape == x.shape


def test_a_loop_keeps_the_derivatives_of_examples_apart() -> None:
    """np.polymul looks at entries: with Values it is called for one example after another."""

    def f(w: Any, x: Any) -> Any:
        return np.sum(np.polymul(w, x) ** 2)

    with pytest.warns(LoopWarning):
        got = vmap(grad(f), in_axes=(None, 0))(W, X)
    same(got, looped(lambda x: grad(f)(W, x), X))
    with pytest.warns(LoopWarning):
        total = grad(lambda w: np.sum(vmap(lambda x: f(w, x))(X)))(W)
    same(total, got.sum(axis=0))


def test_a_loop_does_not_hide_a_value() -> None:
    """In a loop a captured Value would get the sum of the derivatives of all examples."""
    w = Value(0.5)

    def f(x: Any) -> Any:
        return np.piecewise(x, [x > 0], [lambda part: w * part, 0.0])

    with pytest.warns(LoopWarning), pytest.raises(TypeError, match="lose the gradient"):
        vmap(f)(X)
    with pytest.raises(TypeError, match="inside vmap"):
        vmap(f)(Value(X))
    with pytest.raises(BatchedError, match="would be called for one example after another"):
        joined([w, w], "piecewise", Batch(2, 0))


# --- compiled, and with arrays into which Values are written --------------------------------------
COMPILED: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (lambda w, x: vmap(grad(energy), in_axes=(None, 0))(w, x), (W, X)),
    (grad(lambda w, x: np.sum(vmap(energy, in_axes=(None, 0))(w, x) ** 2), (0, 1)), (W, X)),
    (lambda w, x: vmap(lambda a: vmap(lambda b: grad(energy)(a, b))(x))(x) + w, (W, X)),
    (hessian(energy), (W, X[0])),
    (vmap(hessian(lambda x: energy(W, x))), (X,)),
    (jacobian(lambda x: np.tanh(np.outer(W, x) @ x)), (X[0],)),
    (jacobian(lambda x: np.tanh(np.outer(X, x))), (X[0],)),
    (lambda w, x: vmap(lambda x: grad(lambda w: np.sum(np.tanh(w * x)))(w))(x), (0.5, X)),
    (lambda w, x: grad(lambda w: np.sum(vmap(lambda x: np.tanh(w * x))(x)))(w), (0.5, X)),
    (vmap(grad(lambda x, i: x[i] * x[np.argmax(x)])), (X, np.array([0, 1, 2, 1]))),
    (vmap(lambda x, i: x[i], in_axes=(None, 0)), (X, np.array([0, 1, 3, 1]))),
    (vmap(grad(lambda x, i: np.sum(x[i] ** 2)), in_axes=(None, 0)), (X, np.array([0, 1, 3, 1]))),
    (
        lambda x, i: grad(lambda x: np.sum(vmap(lambda i: np.sum(x[i] ** 2))(i)))(x),
        (X, np.array([0, 1, 3, 1])),
    ),
    (
        vmap(grad(lambda x, y: ag.softmax_cross_entropy(x[None], y)), in_axes=(0, None)),
        (X, np.eye(3)[:1]),
    ),
    (
        vmap(grad(lambda x, y: ag.softmax_cross_entropy(x, y[None])), in_axes=(None, 0)),
        (X[:1], np.eye(3)[[0, 1, 2, 1]]),
    ),
]


@pytest.mark.parametrize(("f", "args"), COMPILED, ids=range(len(COMPILED)))
def test_compiled(f: Any, args: tuple[Any, ...]) -> None:
    """The same bits as eager, at the numbers of the recording and at others."""
    compiled = ag.compile(f)
    others = tuple([x * 1.25 if np.asarray(x).dtype.kind == "f" else x for x in args])
    for numbers in (args, others, args):
        for y, z in zip(flatten(compiled(*numbers))[0], flatten(f(*numbers))[0], strict=True):
            np.testing.assert_array_equal(y, z)
    assert compiled.recorded == 1
    assert compiled.eager == 0


def test_a_compiled_function_inside() -> None:
    compiled = ag.compile(grad(energy))
    compiled(W, X[0])
    same(vmap(lambda x: compiled(W, x))(X), looped(lambda x: grad(energy)(W, x), X))


def test_writing() -> None:
    anp = pytest.importorskip("autograd.numpy")

    def f(x: Any) -> Any:
        u = anp.zeros(3)
        u[0] = x[0]
        for i in range(1, 3):
            u[i] = np.sin(u[i - 1]) * x[i]
        return np.sum(u * u)

    same(vmap(f)(Value(X)), looped(f, X))
    same(vmap(grad(f))(X), looped(grad(f), X))


def test_threads() -> None:
    from concurrent.futures import ThreadPoolExecutor

    def work(i: int) -> Any:
        w = W * (i + 1)
        return grad(lambda w: np.sum(vmap(lambda x: energy(w, x))(X)))(w)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(work, range(32)))
    for i, g in enumerate(found):
        same(g, work(i), 0)


def test_an_error_inside_ends_the_vmap() -> None:
    seen = []

    def fail(x: Any) -> Any:
        seen.append(x)
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        vmap(fail)(X)
    assert isinstance(seen[0], BatchedArray)
    assert not seen[0].batch.open
    assert "ended" in repr(seen[0])


def test_checkpoint_and_custom_functions() -> None:
    @ag.custom_vjp
    def cube(x: Any) -> Any:
        return x**3, lambda g: g * 3 * x**2

    def f(x: Any) -> Any:
        return np.sum(ag.checkpoint(lambda v: np.tanh(v * W))(x))

    same(vmap(grad(f))(X), looped(grad(f), X))
    same(grad(lambda x: np.sum(vmap(f)(x)))(X), looped(grad(f), X))


def test_debug_and_drawing() -> None:
    with ag.debug():
        same(vmap(grad(energy), in_axes=(None, 0))(W, X), looped(lambda x: grad(energy)(W, x), X))
    y = np.sum(vmap(lambda x: energy(Value(W), x))(X))
    assert "batch" in y.graph().text()
