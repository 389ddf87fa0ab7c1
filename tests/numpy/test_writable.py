"""Values written into arrays: what is read, what is used as a whole, what stands in a graph, and
what is refused."""

from __future__ import annotations

import copy
import gc
import threading
import weakref
from collections.abc import Callable
from typing import Any

import numpy
import pytest

import autograd
import autograd.numpy as np
from autograd import (
    Value,
    checkpoint,
    custom_vjp,
    debug,
    defvjp,
    elementwise_grad,
    grad,
    gradcheck,
    hessian,
    hessian_vector_product,
    jacobian,
    jvp,
    make_jvp,
    make_vjp,
    numeric_grad,
    primitive,
    stop_gradient,
    value_and_grad,
    vjp,
)
from autograd.numpy.operands import memory_of

X = numpy.array([0.75, -1.5, 2.0])


# --- programs that people write -------------------------------------------------------------------
def recurrence(x: Any) -> Any:
    u = np.zeros(5)
    u[0] = x[0]
    for i in range(1, 5):
        u[i] = np.sin(u[i - 1]) * x[1] + x[2]
    return u


def heat(x: Any) -> Any:
    u = np.zeros(6)
    u[1:4] = x
    for _ in range(3):
        u[1:-1] += 0.25 * (u[2:] - 2 * u[1:-1] + u[:-2])
    return u


def table(x: Any) -> Any:
    d = np.zeros((3, 4))
    d[0] = np.arange(4.0)
    d[:, 0] = x
    for i in range(1, 3):
        for j in range(1, 4):
            d[i, j] = d[i - 1, j - 1] * x[i] + 0.5 * d[i, j - 1] + d[i - 1, j] ** 2
    return d


def matrix(x: Any) -> Any:
    a = np.eye(3)
    a[0, 1], a[1, 0] = x[0], x[1]
    a[2] *= x[2]
    a[a > 1.5] -= x[0]
    a[[0, 2], [2, 0]] = x[:2]
    return a @ a.T


def swaps(x: Any) -> Any:
    u = np.array(x)
    u[0], u[1] = u[1], u[0] * u[2]
    for i, entry in enumerate(u):
        u[(i + 1) % 3] = entry * u[i]
    return u


def over_time(x: Any) -> Any:
    h = np.zeros((4, 3))
    h[0] = x
    for t in range(1, 4):
        h[t] = np.tanh(h[t - 1] * x + h[:t].sum(axis=0))
    return h


def by_column(x: Any) -> Any:
    q = np.empty((3, 3))
    q[:, 0] = x
    for k in range(1, 3):
        column = q[:, k]
        column[...] = q[:, k - 1] ** 2
        column -= q[:, :k] @ (q[:, :k].T @ column)
    return q


def shifted(x: Any) -> Any:
    u = np.array(x)
    u[1:] = u[:-1]
    u[::-1][0] = u[0] * x[2]
    u[:2] = u[1:] * u[:-1]
    return u


PROGRAMS = (recurrence, heat, table, matrix, swaps, over_time, by_column, shifted)


@pytest.mark.parametrize("f", PROGRAMS)
def test_programs(f: Callable[[Any], Any]) -> None:
    """The checker judges values, both modes and the second order."""
    report = gradcheck(f, X)
    assert report, report
    total = lambda x: np.sum(f(x) ** 2)
    assert gradcheck(grad(total), X)


@pytest.mark.parametrize("f", PROGRAMS)
def test_every_transform_takes_what_they_return(f: Callable[[Any], Any]) -> None:
    y, ones = f(X), numpy.ones(3)
    expected = jacobian(f)(X)
    assert type(expected) is numpy.ndarray
    total = lambda x: np.sum(f(x))
    flat = expected.reshape(-1, 3)
    same = lambda a, b: numpy.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)
    same(numeric_grad(total, X)[0], flat.sum(0))
    same(jvp(f, (X,), (ones,))[1], expected @ ones)
    same(make_jvp(f)(X)(ones)[1], expected @ ones)
    same(vjp(f, X)[1](np.ones(y.shape))[0], flat.sum(0))
    same(make_vjp(f)(X)[0](numpy.ones(y.shape)), flat.sum(0))
    same(elementwise_grad(f)(X), flat.sum(0))
    same(value_and_grad(total)(X)[1], flat.sum(0))
    same(grad(lambda x: np.sum(checkpoint(f)(x)))(X), flat.sum(0))
    same(grad(total)(np.array(X)), flat.sum(0))
    same(hessian_vector_product(total)(X, np.array(ones)), hessian(total)(X) @ ones)
    for found in (jvp(f, (X,), (ones,))[0], vjp(f, X)[0], make_vjp(f)(X)[1]):
        assert type(found) is numpy.ndarray
        same(found, y)
    with debug():
        same(grad(total)(X), flat.sum(0))


def test_nested_levels() -> None:
    def outer(a: Any) -> Any:
        u = np.zeros(2)
        u[0] = a

        def inner(b: Any) -> Any:
            w = np.zeros(2)
            w[0] = b * u[0]
            w[1] = u[0]
            return np.sum(w * np.array([w[0], u[0]]))

        u[1] = grad(inner)(a * 2)
        return np.sum(u * u)

    f = lambda a: a**2 + (2 * (2 * a) * a * a) ** 2
    for _ in range(3):
        assert outer(1.5) == pytest.approx(f(1.5))
        outer, f = grad(outer), grad(f)


def test_an_argument_that_holds_values() -> None:
    def f(a: Any) -> Any:
        u = np.zeros(3)
        u[1] = a * a
        return np.sum(grad(lambda w: np.sum(w**3))(u))

    assert f(2.0) == 48.0
    assert grad(f)(2.0) == pytest.approx(12 * 2.0**3)


# --- reading --------------------------------------------------------------------------------------
def test_what_was_written_is_read_back_itself() -> None:
    v, w = Value(1.0), Value(X)
    u = np.zeros((3, 3))
    u[0, 1], u[1], u[:, 2] = v, w, w * 2
    assert u[0, 1] is v
    assert u[0][1] is v
    assert (u[:, 2] * 1.0).inputs[0] is u[:, 2].frozen()
    row = np.zeros((2, 3))
    row[1] = w
    assert row[1].frozen() is w
    assert row[-1, ...].frozen() is w
    assert row.T[:, 1].frozen() is w
    assert row[1, 2].inputs[0] is w


def test_numbers_stay_numbers() -> None:
    u = np.zeros(3)
    u[0] = Value(2.0)
    assert type(u[1]) is numpy.float64
    assert float(u[1]) == 0.0
    assert type(u[1:].sum()) is numpy.float64
    np.sum(u)
    assert type(u[1]) is numpy.float64, "after a use as a whole, too"
    u[1] = numpy.nan
    assert numpy.isnan(u[1])
    assert u[0].item() == 2.0


@pytest.mark.parametrize(
    "copied",
    [
        lambda u: u.copy(),
        lambda u: np.copy(u),
        lambda u: numpy.copy(u),
        lambda u: np.array(u),
        lambda u: np.array(u, dtype=np.float32),
        lambda u: u.astype(complex),
        lambda u: u.flatten(),
        lambda u: u[[0, 1, 2]],
        lambda u: u[np.array([True, True, True])],
        lambda u: copy.deepcopy(u),
        lambda u: copy.copy(u),
    ],
)
def test_numbers_stay_numbers_in_copies(copied: Callable[[Any], Any]) -> None:
    u = np.arange(3.0)
    u[0] = Value(5.0)
    w = copied(u)
    assert type(w[0]) is Value
    assert isinstance(w[1], numpy.number)
    numpy.testing.assert_array_equal(w.data, [5.0, 1.0, 2.0])
    w[1] = 7.0
    assert u[1] == 1.0


def test_indices_of_numpy() -> None:
    u, m = np.zeros(3), np.zeros((2, 2))
    for i in np.arange(3):
        u[i] = Value(1.0) * i
    m[np.int64(1), np.int32(0)] = u[np.uint8(2)]
    numpy.testing.assert_array_equal(u.data, [0, 1, 2])
    assert m[np.int64(1), 0] is u[2]
    assert m[1, np.int16(0)] is u[-1]


def test_a_chain_is_a_chain_of_small_nodes() -> None:
    v = Value(0.5)
    u = np.zeros(1000)
    u[0] = v
    for i in range(1, 1000):
        u[i] = u[i - 1] * 0.99
    assert u[999].serial - v.serial == 999
    assert type(u[999].data) is float


def test_the_whole_is_joined_once() -> None:
    u = np.zeros(3)
    u[0] = Value(2.0)
    assert u.frozen() is u.frozen()
    before = u.frozen()
    u[1] = 5.0
    assert u.frozen() is not before
    numpy.testing.assert_array_equal(before.data, [2, 0, 0])
    numpy.testing.assert_array_equal(u.data, [2, 5, 0])


def test_what_was_overwritten_is_freed() -> None:
    u = np.zeros(3)
    for write in (lambda x: u.__setitem__(0, x[0]), lambda x: u.__setitem__(slice(0, 2), x[:2])):
        x = Value(numpy.ones(3))
        alive = weakref.ref(x.data)
        write(x)
        u[:2] = 0.0
        del x
        gc.collect()
        assert alive() is None


def test_many_writes_of_pieces_do_not_pile_up() -> None:
    u = np.zeros(4)
    for i in range(200):
        u[i % 3 : i % 3 + 2] = Value([1.0, 2.0])
        assert len(u._pieces.arrays) == len(u._pieces.left) <= 3
    for i in range(200):
        u[i % 4] = u.sum()
        u[[0, 0]] = Value([1.0, 2.0])
        assert len(u._pieces.arrays) == len(u._pieces.left) <= 3


# --- what stands in a graph does not change -------------------------------------------------------
OPERANDS: dict[str, Callable[[Any, Any], Any]] = {
    "*": lambda v, y: v * y,
    "reflected *": lambda v, y: y * v,
    "@": lambda v, y: v @ y,
    "reflected @": lambda v, y: y @ v,
    "np.multiply": lambda v, y: np.multiply(y, v),
    "np.where": lambda v, y: np.where([True, False, True], v * v, v) * y,
    "np.where, chosen": lambda v, y: np.where(y > 1, v, v * v),
    "np.einsum": lambda v, y: np.einsum("i,i->i", v, y),
    "np.dot": lambda v, y: np.dot(y, v),
    "np.outer": lambda v, y: np.outer(v, y),
    "np.concatenate": lambda v, y: np.concatenate([y, v]) ** 2,
    "np.stack": lambda v, y: np.prod(np.stack([v, y]), axis=0),
    "v.dot": lambda v, y: v.dot(y),
    "np.clip": lambda v, y: np.clip(v, -y, y),
    "np.power": lambda v, y: v**y,
    "sum where": lambda v, y: np.sum(v * v, where=y > 1),
    "sum initial": lambda v, y: np.prod(v, initial=y[0]),
    "index": lambda v, y: v[y.astype(int) % 3] ** 2,
    "mask": lambda v, y: v[y > 1] ** 2,
    "take": lambda v, y: np.take(v, y.astype(int) % 3) ** 2,
    "affine": lambda v, y: autograd.affine(v[None], np.eye(3) * y, y),
    "cross entropy": lambda v, y: autograd.softmax_cross_entropy(v[None], y[None]),
    "primitive": lambda v, y: product(v, y),
    "custom_vjp": lambda v, y: paired(v, y),
    "list": lambda v, y: v * [1.0, 2.0, 3.0] * y[:],
    "a view": lambda v, y: v * y[::-1],
    "seed": lambda v, y: v * stop_gradient(y),
}


@primitive
def product(a: Any, b: Any) -> Any:
    return a * b


defvjp(product, lambda ans, a, b: lambda g: g * b, lambda ans, a, b: lambda g: g * a)
paired = custom_vjp(lambda a, b: (a * b, (a, b)), lambda ab, g: (g * ab[1], g * ab[0]))


@pytest.mark.parametrize("name", OPERANDS)
def test_a_later_write_changes_no_earlier_node(name: str) -> None:
    f = OPERANDS[name]
    start = numpy.array([2.0, 1.0, 3.0])
    plain, first = Value(X * X), f(Value(X * X), start)
    expected = vjp(lambda v: np.sum(f(v, start) ** 2), plain.data)[1](1.0)[0]
    for fill in (9.0, numpy.array([9.0, 9.0, 0.0]), Value([1.0, 2.0, 9.0])):
        v, y = Value(X * X), np.array(start)
        used = np.sum(f(v, y) ** 2)
        y[...] = fill
        used.backward()
        numpy.testing.assert_allclose(v.grad, expected, rtol=1e-12)
    numpy.testing.assert_allclose(f(Value(X * X), np.array(start)).data, first.data)


@pytest.mark.parametrize("name", sorted({*OPERANDS} - {"index", "mask", "take", "sum initial"}))
def test_an_operand_that_holds_values_passes_gradients(name: str) -> None:
    """With y built from Values, the gradient to these is that of a y that is one Value."""
    f = OPERANDS[name]
    if name == "seed":
        return

    def written(x: Any) -> Any:
        y = np.ones(3)
        y[0], y[1:] = x[0] + 2, x[1:] * x[1:] + 1.0
        return np.sum(f(x * x, y) ** 2)

    def joined(x: Any) -> Any:
        y = np.concatenate([x[:1] + 2, x[1:] * x[1:] + 1.0])
        return np.sum(f(x * x, y) ** 2)

    numpy.testing.assert_allclose(grad(written)(X), grad(joined)(X), rtol=1e-9)


def test_seeds_and_gradients_are_numpys_own_arrays() -> None:
    v = Value(X)
    (v * 2).backward(np.ones(3))
    assert type(v.grad) is numpy.ndarray
    v.grad = np.ones(3)
    assert type(v.grad) is numpy.ndarray
    assert type(Value(np.ones(3)).data) is numpy.ndarray
    assert type(stop_gradient(np.ones(3))) is numpy.ndarray
    twice = primitive(lambda x: 2 * np.array(x))
    defvjp(twice, lambda ans, x: lambda g: np.full(3, 2.0) * g)
    assert type(grad(lambda x: np.sum(twice(x)))(X)) is numpy.ndarray


def test_a_seed_that_holds_values_passes_gradients() -> None:
    def f(a: Any) -> Any:
        seed = np.ones(3)
        seed[1] = a
        return np.sum(vjp(lambda x: x * x, X)[1](seed)[0] * [1.0, 10.0, 100.0])

    assert grad(f)(2.0) == 10 * 2 * X[1]

    def pushed(a: Any) -> Any:
        tangent = np.ones(3)
        tangent[1] = a
        return np.sum(jvp(lambda x: x * x, (X,), (tangent,))[1])

    assert grad(pushed)(2.0) == 2 * X[1]


def test_checkpoint_of_functions_that_build_arrays() -> None:
    """A Value that the function uses gets its gradient; an argument is taken as it was."""
    v, w = Value(2.0), Value(3.0)

    def build(y: Any) -> Any:
        u = np.zeros(2)
        u[0] = v * y[0]
        u[1] = y[1] * v
        return u

    y = np.ones(2)
    y[1] = w
    total = np.sum(checkpoint(build)(y))
    y[:] = 100.0
    total.backward()
    assert total.item() == 8.0
    assert (v.grad, w.grad) == (4.0, 2.0)


def test_functions_with_rules_return_numpys_own_arrays() -> None:
    v = Value(2.0)

    def hidden(x: Any) -> Any:
        u = np.zeros(2)
        u[0] = v
        return u

    op = primitive(hidden)
    for x in (1.0, Value(1.0)):
        with pytest.raises(TypeError, match="not Values"):
            op(x)
    pair = custom_vjp(lambda x: (np.ones(2) * x, None), lambda saved, g: np.sum(g))
    for y in (pair(v), primitive(lambda x: (np.ones(2), np.zeros(2)))(v)[1]):
        assert type(y.data) is numpy.ndarray
    assert type(primitive(lambda x: np.ones(2))(1.0)) is numpy.ndarray


def test_what_a_function_gives_away_is_a_copy() -> None:
    u = np.ones(2)
    for y in (stop_gradient(u), jvp(lambda x: u, (1.0,), (1.0,))[0]):
        y[0] = 5.0
    assert u[0] == 1.0


# --- functions of NumPy ---------------------------------------------------------------------------
def test_results_on_numbers_can_be_written_into() -> None:
    for u in (np.ones(2) * 2, 1 - np.ones(2), np.sqrt(np.ones(2)), np.cumsum(np.ones(2))):
        u[0] = Value(3.0)
        assert u[0].item() == 3.0
    names = np.linalg.eigh(np.eye(2))
    assert type(names).__name__ == "EighResult"
    quotient, rest = np.divmod(np.arange(3.0), 2)
    assert type(quotient) is type(rest) is np.WritableArray


def test_an_array_of_the_users_is_never_taken_over() -> None:
    a = numpy.zeros(2)
    for y in (*np.broadcast_arrays(np.ones(2), a)[1:], *np.atleast_1d(np.ones(2), a)[1:]):
        assert type(y) is numpy.ndarray


@pytest.mark.parametrize(
    "f",
    [
        lambda u: np.reshape(u, (3, 2)),
        lambda u: np.transpose(u),
        lambda u: np.moveaxis(u, 0, 1),
        lambda u: np.expand_dims(u, 0),
        lambda u: np.flip(u, 1),
        lambda u: np.split(u, 2)[1],
        lambda u: np.unstack(u)[1],
        lambda u: np.atleast_3d(u),
        lambda u: np.rot90(u),
    ],
)
def test_functions_that_return_views(f: Callable[[Any], Any]) -> None:
    for u in (np.arange(6.0).reshape(2, 3), np.array(Value(numpy.arange(6.0).reshape(2, 3)))):
        view = f(u)
        known = view.data.copy()
        numpy.testing.assert_array_equal(known, f(numpy.arange(6.0).reshape(2, 3)))
        view[...] = Value(numpy.array(-1.0))
        assert (u.data == -1.0).sum() == known.size


def test_a_view_joins_nothing() -> None:
    u = np.zeros((2, 3))
    u[0] = Value(X)
    before = Value(1.0).serial
    for view in (np.reshape(u, -1), np.transpose(u), u.T, np.broadcast_to(u, (2, 2, 3))):
        assert type(view) is np.WritableArray
    assert Value(1.0).serial == before + 1
    assert not u._pieces.joined


def test_out() -> None:
    v = Value(X)
    u = np.zeros(3)
    assert np.multiply(v, v, out=u) is u
    numpy.testing.assert_array_equal(u.data, X * X)
    np.exp(X, out=u)
    numpy.testing.assert_array_equal(u, numpy.exp(X))
    np.sum(np.stack([v, v]), axis=0, out=u)
    numpy.testing.assert_array_equal(u.data, 2 * X)
    quotient = np.zeros(3)
    np.divmod(v, 2.0, out=(quotient, u))
    numpy.testing.assert_array_equal(quotient.data, X // 2)
    numpy.testing.assert_array_equal(u.data, X % 2)
    with pytest.raises(ValueError, match="fit"):
        np.add(v, numpy.zeros((2, 3)), out=u)
    with pytest.raises(TypeError, match="Value"):
        np.add(u, u, out=numpy.zeros(3))


def test_out_with_where() -> None:
    u = np.full(3, 7.0)
    v = Value(X)
    np.log(v, out=u, where=X > 0)
    numpy.testing.assert_allclose(u.data, [numpy.log(0.75), 7.0, numpy.log(2.0)])
    np.sum(u).backward()
    numpy.testing.assert_allclose(v.grad, [1 / 0.75, 0.0, 0.5])
    np.add(1.0, 1.0, out=u, where=np.array([False, True, False]))
    numpy.testing.assert_allclose(u.data, [numpy.log(0.75), 2.0, numpy.log(2.0)])


def test_numbers_written_by_numpy_are_numbers() -> None:
    u = np.array(Value(X))
    np.add([1.0, numpy.nan, 2.0], 0.0, out=u)
    assert type(u.frozen()) is numpy.ndarray
    assert numpy.isnan(u[1])


# --- what cannot be intercepted meets NaN ---------------------------------------------------------
def test_the_memory_holds_nan() -> None:
    u = np.arange(3.0)
    u[1] = Value(5.0)
    numpy.testing.assert_array_equal(numpy.asarray(u), [0.0, numpy.nan, 2.0])
    numpy.testing.assert_array_equal(numpy.array(memoryview(u)), [0.0, numpy.nan, 2.0])


def test_a_number_that_other_code_writes_is_a_number() -> None:
    u = np.array(Value(X))
    np.sum(u)
    numpy.asarray(u)[1] = 4.0
    assert u[1] == 4.0
    numpy.testing.assert_array_equal(u.data, [0.75, 4.0, 2.0])
    numpy.testing.assert_array_equal((u * 1.0).data, [0.75, 4.0, 2.0])
    assert type(u[0]) is Value


def test_a_nan_that_is_written_is_a_number() -> None:
    """No Value comes back that stood there before."""
    nan = numpy.nan
    for written in (1, 3):
        for write in (
            lambda u: u.__setitem__(0, nan),
            lambda u: u.__setitem__(slice(0, 1), [nan]),
            lambda u: u.fill(nan),
            lambda u: np.copyto(u, nan),
            lambda u: np.add(nan, 0.0, out=u),
            lambda u: (numpy.asarray(u).fill(1.0), np.add(nan, 0.0, out=u)),
        ):
            u = np.zeros(3)
            for i in range(written):
                u[i] = Value(2.0)
            write(u)
            assert numpy.isnan(u[0])
            assert type(u[0]) is numpy.float64


# --- dtypes ---------------------------------------------------------------------------------------
def test_arrays_keep_their_dtype() -> None:
    u = np.zeros(3, np.float32)
    u[0], u[1:] = Value(0.1), Value([0.2, 0.3])
    assert u[0].dtype == u.frozen().dtype == np.float32
    z = np.zeros(2, complex)
    z[0] = Value(2.0)
    assert z.frozen().dtype == complex
    swapped = np.zeros(2, ">f8")
    swapped[0] = Value(2.0)
    numpy.testing.assert_array_equal(swapped.data, [2.0, 0.0])


@pytest.mark.parametrize("dtype", [int, bool, np.uint8])
def test_arrays_of_integers_refuse(dtype: Any) -> None:
    u = np.zeros(3, dtype)
    for index, x in ((0, Value(1.0)), (slice(None), Value(X)), ([0, 1], Value(1.0))):
        with pytest.raises(TypeError, match="dtype=float"):
            u[index] = x
    with pytest.raises(TypeError, match="dtype=float"):
        u += Value(1.0)
    assert not u.any()


def test_an_array_of_real_numbers_refuses_complex_ones() -> None:
    u = np.zeros(3)
    with pytest.raises(TypeError, match="dtype=complex"):
        u[0] = Value(1j)
    assert not u.any()


# --- errors ---------------------------------------------------------------------------------------
def test_what_does_not_fit_changes_nothing() -> None:
    u = np.zeros(3)
    with pytest.raises(ValueError, match="broadcast"):
        u[:2] = Value(X)
    with pytest.raises(IndexError):
        u[5] = Value(1.0)
    with pytest.raises(IndexError):
        u[0, 0] = Value(1.0)
    with pytest.raises(IndexError):
        np.zeros((2, 2))[0, 7] = Value(1.0)
    with pytest.raises(ValueError, match="text"):
        u[0] = "text"
    with pytest.raises(TypeError, match="0-d"):
        iter(np.zeros(()))
    assert u._pieces.is_plain if u._pieces else True
    numpy.testing.assert_array_equal(u, [0, 0, 0])


def test_shapes_that_fit() -> None:
    u = np.zeros((2, 3))
    u[0] = Value([[1.0, 2.0, 3.0]])
    u[1] = Value([4.0])
    u[1, 1] = Value([5.0])
    numpy.testing.assert_array_equal(u.data, [[1, 2, 3], [4, 5, 4]])


def test_plain_arrays_and_values_name_this_namespace() -> None:
    with pytest.raises(ValueError, match="sequence") as error:
        numpy.zeros(3)[0] = Value(1.0)
    assert "import autograd.numpy as np" in str(error.value.__cause__)
    for write in (
        lambda: numpy.zeros(3).__setitem__(slice(None), Value(X)),
        lambda: numpy.zeros(3).__iadd__(Value(X)),
        lambda: Value(X).__setitem__(0, 1.0),
        lambda: numpy.array([Value(1.0), 2.0]),
    ):
        with pytest.raises(TypeError, match=r"import autograd\.numpy as np"):
            write()


def test_gaps_in_memory() -> None:
    with pytest.raises(TypeError, match="gaps"):
        memory_of(numpy.zeros(6)[::2])
    u = numpy.zeros(6)[::2].view(np.WritableArray)
    with pytest.raises(TypeError, match="gaps"):
        u[0] = Value(1.0)


# --- other things ---------------------------------------------------------------------------------
def test_arrays_of_another_library_are_kept_as_they_are() -> None:
    class Foreign:
        """Just enough of an array that NumPy hands functions over to."""

        def __init__(self, numbers: Any) -> None:
            self.numbers = numbers
            self.shape, self.dtype, self.ndim = numbers.shape, numbers.dtype, numbers.ndim

        def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
            raise NotImplementedError

        def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
            raise TypeError("not an array of NumPy's")

    foreign = Foreign(numpy.ones(3))
    u = np.zeros((2, 3))
    u[1] = foreign
    assert u[1].frozen() is foreign
    assert numpy.isnan(numpy.asarray(u)[1]).all()


def test_threads_have_arrays_of_their_own() -> None:
    found: dict[int, float] = {}

    def work(k: int) -> None:
        found[k] = grad(lambda a: np.sum(recurrence(np.array([a, 0.5, 1.0]))))(0.1 * k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k, g in found.items():
        assert g == grad(lambda a: np.sum(recurrence(np.array([a, 0.5, 1.0]))))(0.1 * k)


def test_pictures() -> None:
    assert "stack" in str(autograd.graph(recurrence(Value(X))))
    assert "sin" in str(autograd.graph(recurrence, X))
    with pytest.raises(TypeError, match="graph needs a Value"):
        autograd.graph(np.zeros(2))


def test_empty_and_single() -> None:
    u = np.zeros((0, 3))
    u[...] = Value(numpy.zeros((0, 3)))
    assert u.sum() == 0.0
    z = np.zeros(())
    z[()] = Value(3.0)
    assert type(z[()]) is Value
    assert (z * 2).item() == 6.0
    z[...] = 1.0
    assert z == 1.0
