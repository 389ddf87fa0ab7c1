"""Jacobians, Hessians, and their products with a vector."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd.engine.primitive import Primitive
from autograd.transforms import jacobians
from autograd.transforms.trace import Trace
from tests.derivatives import differences

X = np.array([0.5, -1.2, 2.0])
W = np.array([[1.0, 0.3, -0.7], [0.2, -1.1, 0.4]])


def energy(x: Any) -> Any:
    return np.sum(np.sin(x) * x) + x[0] * x[1] ** 2


def layer(w: Any, x: Any) -> Any:
    return np.tanh(w @ x)


def test_jacobian_shapes() -> None:
    for shape_x, shape_y in (
        ((), ()),
        ((3,), ()),
        ((), (2,)),
        ((3,), (2,)),
        ((2, 3), (4, 1)),
        ((0,), (2,)),
    ):
        m = np.linspace(-1, 1, int(np.prod(shape_x) * np.prod(shape_y)))
        m = m.reshape(int(np.prod(shape_y)), int(np.prod(shape_x)))

        def linear(x: Any, m: Any = m, shape: Any = shape_y) -> Any:
            return np.reshape(m @ np.reshape(x, -1), shape)

        got = ag.jacobian(linear)(np.ones(shape_x)[()])
        assert np.shape(got) == shape_y + shape_x
        np.testing.assert_allclose(got, m.reshape(shape_y + shape_x), atol=1e-15)


def test_jacobian_in_both_directions() -> None:
    """Wide ones run in reverse, tall ones forward: the numbers agree with differences."""
    for f, x in ((lambda x: layer(W, x), X), (lambda x: layer(W.T, x), X[:2])):
        got = ag.jacobian(f)(x)
        for i in range(len(got)):
            np.testing.assert_allclose(
                got[i], differences(lambda x, f=f, i=i: f(x)[i], [x])[0], atol=1e-9
            )
    assert ag.jacobian(lambda x: x * x)(np.float32(X)).dtype == np.float32


def test_jacobian_of_trees() -> None:
    out = ag.jacobian(lambda p: {"a": p[0] * p[1], "b": p[1].sum()})((2.0, X))
    assert set(out) == {"a", "b"}
    np.testing.assert_array_equal(out["a"][0], X)
    np.testing.assert_array_equal(out["a"][1], 2 * np.eye(3))
    assert out["b"][0] == 0.0
    np.testing.assert_array_equal(out["b"][1], np.ones(3))


def test_hessian() -> None:
    got = ag.hessian(energy)(X)
    np.testing.assert_allclose(got, got.T, atol=1e-14)
    for i in range(3):
        row = differences(lambda x, i=i: ag.grad(energy)(x)[i], [X])[0]
        np.testing.assert_allclose(got[i], row, atol=1e-8)
    assert ag.hessian(lambda x: x**4)(2.0) == 48.0


def test_hessian_of_matrix_argument() -> None:
    got = ag.hessian(lambda w: (w @ X).sum() ** 2)(W)
    assert got.shape == (2, 3, 2, 3)
    wanted = 2 * np.multiply.outer(np.ones((2, 1)) * X, np.ones((2, 1)) * X)
    np.testing.assert_allclose(got, wanted, atol=1e-12)


def test_hessian_vector_product() -> None:
    v = np.array([1.0, -2.0, 0.5])
    product = ag.hessian_vector_product(energy)(X, v)
    np.testing.assert_allclose(product, ag.hessian(energy)(X) @ v, atol=1e-13)


# --- many unit vectors in one walk ----------------------------------------------------------------
def one_by_one(f: Any, x: Any) -> Any:
    """The Jacobian with a pullback for each entry of the output."""
    y, pull = ag.vjp(f, x)
    units = np.eye(y.size, dtype=y.dtype).reshape(y.size, *y.shape)
    return np.stack([pull(unit)[0] for unit in units]).reshape(y.shape + x.shape)


@pytest.mark.parametrize("entries", [1, 40, 1 << 20])
def test_walks_take_as_many_unit_vectors_as_fit(
    entries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jacobians, "ENTRIES", entries)
    monkeypatch.setattr(jacobians, "LEAST", 1)
    x, w = np.linspace(-1, 1, 7), np.linspace(-2, 1, 35).reshape(5, 7)
    for f in (lambda x: np.tanh(w @ x) * x[0], lambda x: np.outer(w @ x, np.cumprod(x + 2))):
        np.testing.assert_allclose(ag.jacobian(f)(x), one_by_one(f, x), rtol=1e-12, atol=1e-14)

    def scalar(x: Any) -> Any:
        return np.sum(np.tanh(w @ x) ** 2) * np.max(x)

    wanted = one_by_one(ag.grad(scalar), x)
    np.testing.assert_allclose(ag.hessian(scalar)(x), wanted, rtol=1e-12, atol=1e-14)


def test_a_jacobian_takes_few_walks(monkeypatch: pytest.MonkeyPatch) -> None:
    walks = []
    pull = Trace.pull

    def counted(self: Trace, cotangents: Any) -> Any:
        walks.append(cotangents)
        return pull(self, cotangents)

    monkeypatch.setattr(Trace, "pull", counted)
    ag.jacobian(lambda x: np.sin(x) * x[0])(np.ones(50))
    assert len(walks) == 1


def test_blocks_share_no_memory_and_can_be_written_to() -> None:
    def f(x: Any, y: Any) -> Any:
        return x + y, 2.0 * np.ones(3)

    blocks = ag.jacobian(f, (0, 1))(np.ones(3), np.ones(3))
    arrays = [block for row in blocks for block in row]
    for i, a in enumerate(arrays):
        assert not any(np.shares_memory(a, b) for b in arrays[:i])
        a[...] = 0.0
    np.testing.assert_array_equal(ag.jacobian(f)(np.ones(3), np.ones(3))[0], np.eye(3))


def test_rules_of_users_meet_plain_arrays() -> None:
    """A rule that asks for NumPy's own array gets one unit vector after another."""

    @ag.primitive
    def cube(x: Any) -> Any:
        return np.asarray(x) ** 3

    def rule(y: Any, x: Any) -> Any:
        def pull(g: Any) -> Any:
            assert type(g) is np.ndarray
            return 3 * np.asarray(g) * x**2

        return pull

    ag.defvjp(cube, rule)
    np.testing.assert_allclose(ag.jacobian(cube)(X), np.diag(3 * X**2))
    np.testing.assert_allclose(ag.jacobian(lambda x: W @ cube(x))(X), W * 3 * X**2)


def test_a_row_that_looks_at_entries_is_walked_one_by_one() -> None:
    x, p = np.array([1.0, -2.0, 0.5]), np.array([2.0, 1.0])

    def f(x: Any) -> Any:
        return np.polymul(x, p) * x[0]

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_allclose(ag.jacobian(f)(x), one_by_one(f, x), rtol=1e-12)


def test_no_warning_of_a_loop() -> None:
    """What has no batching is run in a loop, as it was."""

    def f(x: Any) -> Any:
        return np.sort(np.roots(np.stack([1.0 + 0 * x[0], x[0], x[1]])).real)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        got = ag.jacobian(f)(np.array([-3.0, 2.0]))
    # of x ** 2 - 3 x + 2, whose roots r move by -(r, 1) / (2 r - 3)
    np.testing.assert_allclose(got, [[1, 1], [-2, -1]], rtol=1e-10)


def test_strong_zeros_of_each_row() -> None:
    def f(x: Any) -> Any:
        return np.where(x > 0, np.log(np.abs(x)), 0.0) * np.sum(x)

    x = np.array([0.0, 1.0, -1.0, 2.0])
    with np.errstate(all="ignore"):
        got, wanted = ag.jacobian(f)(x), one_by_one(f, x)
    assert np.isfinite(wanted).all()
    np.testing.assert_allclose(got, wanted, rtol=1e-13)


def test_a_rule_that_cannot_take_many_is_asked_for_one_after_another() -> None:
    op = Primitive(lambda x: x * x, "square of one")
    op.custom = False
    asked = []

    def rule(wanted: Any, g: Any, y: Any, x: Any) -> Any:
        asked.append(bool(np.all(g == 0)))  # a decision that a batch refuses
        return [2 * g * x]

    op.vjp_all = rule
    np.testing.assert_array_equal(ag.jacobian(lambda x: op(x))(X), np.diag(2 * X))
    assert asked == [False] * 3


def test_reverse_mode_through_a_recorded_jacobian() -> None:
    """The walks that take many unit vectors have ended: their contributions are summed."""

    def spread(x: Any) -> Any:
        return np.sum(ag.hessian(energy)(x) ** 2) + np.sum(np.sin(ag.jacobian(lambda x: x * x)(x)))

    wanted = differences(spread, [X])[0]
    np.testing.assert_allclose(ag.grad(spread)(X), wanted, rtol=1e-7, atol=1e-8)


def test_third_derivatives() -> None:
    third = ag.jacobian(ag.hessian(energy))(X)
    wanted = differences(lambda x: ag.hessian(energy)(x)[0, 1], [X])[0]
    np.testing.assert_allclose(third[0, 1], wanted, atol=1e-8)
    assert third.shape == (3, 3, 3)
    np.testing.assert_allclose(third, np.transpose(third, (2, 1, 0)), atol=1e-12)


def test_compiled_jacobians_in_parts_have_the_same_bits() -> None:
    a = np.random.default_rng(0).normal(size=(517, 517)) / 20
    x = np.random.default_rng(1).normal(size=517)
    f = ag.hessian(lambda x: np.sum(np.tanh(a @ x) ** 2))
    np.testing.assert_array_equal(ag.compile(f)(x), f(x))
