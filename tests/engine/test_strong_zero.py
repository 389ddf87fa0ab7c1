"""The strong zero, and other places where NaN or a wrong number is easily had: poles, ties, kinks,
masks, zeros."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from autograd.engine.outputs import OutputTuple
from autograd.engine.primitive import TABLE, Primitive
from autograd.engine.strong_zero import is_finite, ordinary, restore_zeros

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")
AT = np.array([0.0, 1.0, -1.0])

CASES: dict[str, tuple[Callable[[Any], Any], Any, Any]] = {
    "where of log": (lambda x: np.where(x > 0, np.log(x), 0).sum(), AT, [0, 1, 0]),
    "where of sqrt": (lambda x: np.where(x > 0, np.sqrt(x), 0).sum(), AT, [0, 0.5, 0]),
    "where of reciprocal": (lambda x: np.where(x == 0, 0, 1 / x).sum(), AT, [0, -1, -1]),
    "where of exp": (lambda x: np.where(x < 5, np.exp(x), 0).sum(), np.array([1e4, 0.0]), [0, 1]),
    "where of power": (lambda x: np.where(x > 0, x**-0.5, 0).sum(), AT, [0, -0.5, 0]),
    "where of arccos": (lambda x: np.where(x < 1, np.arccos(x), 0).sum(), AT[:2], [-1, 0]),
    "where, number": (lambda x: np.where(x > 0, np.log(x), 0.0), 0.0, 0.0),
    "sqrt times 0": (lambda x: (np.sqrt(x) * 0).sum(), np.zeros(2), [0, 0]),
    "sqrt times 0, number": (lambda x: np.sqrt(x) * 0, 0.0, 0.0),
    "log times 0": (lambda x: (np.log(x) * np.array([0.0, 2.0])).sum(), AT[:2], [0, 2]),
    "index past a pole": (lambda x: np.log(x)[1], AT[:2], [0, 1]),
    "slice past a pole": (lambda x: (1 / x)[1:].sum(), AT, [0, -1, -1]),
    "sum with a mask past a pole": (lambda x: np.sum(np.log(x), where=x > 0), AT, [0, 1, 0]),
    "clip past a pole": (lambda x: np.clip(np.log(x), -1, 1).sum(), np.array([0.0, 1.0]), [0, 1]),
    "maximum past a pole": (lambda x: np.maximum(np.log(x), -1).sum(), AT[:2], [0, 1]),
    "std of a constant": (np.std, np.ones(3), [0, 0, 0]),
    "std of a constant, axis": (
        lambda x: np.std(x, axis=0).sum(),
        np.ones((2, 2)),
        np.zeros((2, 2)),
    ),
    "sinc at 0": (lambda x: np.sinc(x).sum(), np.array([0.0, 1.0]), [0, -1]),
    "prod with a zero": (np.prod, np.array([0.0, 2.0, 3.0]), [6, 0, 0]),
    "prod with two zeros": (np.prod, np.array([0.0, 0.0, 3.0]), [0, 0, 0]),
    "cumprod with two zeros": (
        lambda x: np.cumprod(x).sum(),
        np.array([2.0, 0, 0, 3]),
        [1, 2, 0, 0],
    ),
    "square at 0": (lambda x: (x**2).sum(), AT, [0, 2, -2]),
    "power 0 at 0": (lambda x: (x**0).sum(), AT, [0, 0, 0]),
    "power 1 at 0": (lambda x: (x**1.0).sum(), AT[:2], [1, 1]),
    "zero to a power": (lambda b: (0.0**b).sum(), np.array([2.0, 1.0]), [0, 0]),
    "absolute at 0": (lambda x: np.abs(x).sum(), AT, [0, 1, -1]),
    "hypot at 0": (lambda x: np.hypot(x, 0.0).sum(), AT, [0, 1, -1]),
    "relu at 0": (lambda x: ag.relu(x).sum(), AT, [0, 1, 0]),
    "sign": (lambda x: np.sign(x).sum(), AT, [0, 0, 0]),
    "ties in max": (np.max, np.array([2.0, 2.0, 1.0]), [0.5, 0.5, 0]),
    "ties in min": (np.min, np.array([1.0, 1.0, 2.0, 1.0]), [1 / 3, 1 / 3, 0, 1 / 3]),
    "ties in maximum": (lambda x: np.maximum(x, 1.0).sum(), np.array([1.0, 2.0]), [0.5, 1]),
    "clip at its bounds": (
        lambda x: np.clip(x, -1, 1).sum(),
        np.array([-1.0, 1.0, 2.0]),
        [1, 1, 0],
    ),
    "max with initial": (lambda x: np.max(x, initial=0.5), AT, [0, 1, 0]),
    "max below initial": (lambda x: np.max(x, initial=5.0), AT, [0, 0, 0]),
    "max with mask": (lambda x: np.max(x, initial=-9, where=x < 1), AT, [1, 0, 0]),
    "sum with mask": (lambda x: np.sum(x * x, where=x > 0), AT, [0, 2, 0]),
    "mean with mask": (lambda x: np.mean(x, where=x <= 0), AT, [0.5, 0, 0.5]),
    "prod with mask": (lambda x: np.prod(x + 2, where=x >= 0), AT, [3, 2, 0]),
    "NaN not chosen": (
        lambda x: np.where(np.isnan(x), 0, x * x).sum(),
        np.array([np.nan, 2]),
        [0, 4],
    ),
    "nan_to_num": (lambda x: np.nan_to_num(x).sum(), np.array([np.nan, np.inf, 2.0]), [0, 0, 1]),
    "fmax with NaN": (lambda x: np.fmax(x, 1.0).sum(), np.array([np.nan, 2.0]), [0, 1]),
    "fmin with NaN": (lambda x: np.fmin(x, 3.0).sum(), np.array([np.nan, 2.0]), [0, 1]),
    "full_like": (lambda x: np.full_like(x, x[1] * 2).sum(), AT, [0, 6, 0]),
    "logaddexp of -inf": (lambda x: np.logaddexp(x, -np.inf).sum(), AT, [1, 1, 1]),
    "logsumexp of -inf": (lambda x: ag.logsumexp(x), np.array([-np.inf, 1.0]), [0, 1]),
    "sigmoid far out": (lambda x: ag.sigmoid(x).sum(), np.array([-1e4, 1e4, 0.0]), [0, 0, 0.25]),
    "softplus far out": (lambda x: ag.softplus(x).sum(), np.array([-1e4, 1e4]), [0, 1]),
    "tanh at infinity": (lambda x: np.tanh(x).sum(), np.array([np.inf, -np.inf]), [0, 0]),
}


@pytest.mark.parametrize("name", CASES)
def test_gradient(name: str) -> None:
    f, x, wanted = CASES[name]
    got = ag.grad(f)(x)
    np.testing.assert_allclose(got, np.asarray(wanted, float), atol=1e-15)


@pytest.mark.parametrize("name", CASES)
def test_forward_mode_agrees(name: str) -> None:
    f, x, wanted = CASES[name]
    t = np.linspace(1.0, 2.0, np.size(x)).reshape(np.shape(x))[()]
    y, pushed = ag.jvp(f, (x,), (t,))
    np.testing.assert_allclose(pushed, np.sum(np.asarray(wanted, float) * t), atol=1e-14)
    np.testing.assert_array_equal(y, f(x))


@pytest.mark.parametrize("name", [n for n in CASES if "infinity" not in n and "-inf" not in n])
def test_second_derivatives_are_finite(name: str) -> None:
    f, x, _ = CASES[name]
    h = ag.hessian(f)(x)
    assert np.all(np.isfinite(h))
    forward = ag.jvp(ag.grad(f), (x,), (np.ones_like(x),))[1]
    np.testing.assert_allclose(forward, np.sum(np.reshape(h, (*np.shape(x), -1)), -1), atol=1e-13)


def test_second_derivatives_at_special_points() -> None:
    h = ag.hessian(np.prod)(np.array([0.0, 0.0, 3.0]))
    np.testing.assert_array_equal(h, [[0, 3, 0], [3, 0, 0], [0, 0, 0]])
    assert ag.grad(ag.grad(np.sinc))(0.0) == pytest.approx(-(np.pi**2) / 3)
    assert ag.grad(ag.grad(lambda x: x**2))(0.0) == 2.0
    assert ag.grad(ag.grad(ag.grad(lambda x: x**3)))(0.0) == 6.0
    assert ag.grad(lambda b: ag.grad(lambda a: a**b)(2.0))(0.0) == 0.5  # d2/dadb a^b = 1/a at b = 0
    np.testing.assert_array_equal(ag.hessian(lambda x: np.hypot(x[0], x[1]))(np.zeros(2)), 0)


def test_sinc_near_zero_is_smooth() -> None:
    x = np.array([1e-8, 1e-4, 0.01, 0.3])
    series = np.pi**2 * (-x / 3 * 1 + np.pi**2 * x**3 / 30 - np.pi**4 * x**5 / 840)
    np.testing.assert_allclose(ag.elementwise_grad(np.sinc)(x[:3]), series[:3], rtol=1e-12)


def test_an_infinite_slope_is_infinite() -> None:
    """The zero rule hides nothing: where the cotangent is not zero, the pole shows."""
    assert ag.grad(np.sqrt)(0.0) == np.inf
    assert ag.grad(np.log)(0.0) == np.inf
    assert np.isinf(ag.grad(lambda x: np.sqrt(x).sum())(np.zeros(2))).all()
    assert np.isnan(ag.grad(np.sqrt)(-1.0))
    assert np.isnan(ag.grad(lambda x: (x / x).sum())(np.zeros(1))).all()


def test_the_rule_can_be_switched_off() -> None:
    f = lambda x: np.where(x > 0, np.log(x), 0).sum()
    with ag.strong_zero(False):
        assert np.isnan(ag.grad(f)(np.zeros(1))).all()
        with ag.strong_zero(True):
            assert ag.grad(f)(np.zeros(1)) == 0.0
        assert np.isnan(ag.jvp(lambda x: np.sqrt(x) * 0, (0.0,), (1.0,))[1])
    assert ag.grad(f)(np.zeros(1)) == 0.0


def test_backward_and_create_graph_follow_the_rule() -> None:
    x = Value(AT)
    np.where(AT > 0, np.log(x), 0).sum().backward(create_graph=True)
    g = x.grad
    np.testing.assert_array_equal(g.data, [0, 1, 0])
    x.zero_grad()
    g.sum().backward()
    np.testing.assert_array_equal(x.grad, [0, -1, 0])


def test_ties_agree_between_forward_and_reverse() -> None:
    x = np.array([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]])
    for f in (lambda x: np.max(x, axis=1), lambda x: np.min(x, axis=1)):
        w, t = np.array([1.0, -2.0]), np.arange(6.0).reshape(2, 3)
        pulled = ag.vjp(f, x)[1](w)[0]
        assert np.sum(pulled * t) == pytest.approx(np.sum(w * ag.jvp(f, (x,), (t,))[1]))


@pytest.mark.parametrize("size", [1e-300, 1e-160, 1e160, 1e300])
def test_huge_and_tiny_numbers(size: float) -> None:
    x = np.array([1.0, 2.0]) * size
    np.testing.assert_allclose(ag.grad(lambda x: np.hypot(x[0], x[1]))(x), x / np.hypot(*x))
    np.testing.assert_allclose(ag.grad(lambda x: np.log(x).sum())(x), 1 / x)
    np.testing.assert_allclose(ag.grad(np.mean)(x), 0.5)
    assert ag.grad(np.sqrt)(size) == pytest.approx(0.5 / np.sqrt(size))
    np.testing.assert_allclose(ag.grad(lambda x: np.arctan2(x[0], x[1]))(x) * size, [0.4, -0.2])
    assert ag.grad(np.arcsinh)(size) == pytest.approx(1 / np.hypot(size, 1), rel=1e-12)
    z = complex(size, 2 * size)
    assert ag.grad(np.angle)(z) * size == pytest.approx(-0.4 - 0.2j)
    assert ag.grad(np.abs)(z) == pytest.approx((1 - 2j) / np.sqrt(5))


def test_products_that_leave_the_range() -> None:
    """y / x[k] would be 0 / tiny or inf / huge: the product of the others is neither."""
    tiny, huge = np.array([1e-200, 1e-200, 3.0]), np.array([1e200, 1e200, 1e-300])
    np.testing.assert_allclose(ag.grad(np.prod)(tiny), [3e-200, 3e-200, 0.0])
    np.testing.assert_allclose(ag.grad(np.prod)(huge)[:2], [1e-100, 1e-100])
    last = ag.grad(lambda x: np.cumprod(x)[-1])(tiny)
    np.testing.assert_allclose(last, [3e-200, 3e-200, 0.0])


def test_two_logsumexps() -> None:
    for shift in (0.0, 1e4, -1e4):
        x = np.array([[1.0, 2.0], [0.0, -1.0]]) + shift
        p = ag.softmax(x, axis=1)
        np.testing.assert_allclose(ag.grad(lambda x: ag.logsumexp(x, axis=1).sum())(x), p)


# --- the functions that restore it ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("x", "finite"),
    [
        (1.0, True),
        (np.inf, False),
        (np.float32(np.nan), False),
        (complex(1, np.inf), False),
        (np.full(3, 1e200), True),  # the sum of squares is beyond all floats
        (np.full(3, 1e300 + 1e300j), True),
        (np.array([1.0, np.nan]), False),
        (np.array([np.inf, -np.inf]), False),
        (np.zeros(0), True),
        ((None, np.ones(2)), True),
        ((None, np.array([np.nan])), False),
        ((Value(np.inf),), False),
    ],
    ids=repr,
)
def test_finite(x: Any, finite: bool) -> None:
    with np.errstate(all="ignore"):
        assert is_finite(x) is finite


def restored(op: Primitive, c: Any, g: Any, *args: Any) -> Any:
    """The first contribution of a node, with its zeros."""
    with np.errstate(all="ignore"):
        others = [None] * (len(args) - 1)
        return restore_zeros([c, *others], op, g, None, args, {})[0]


def test_zeros_of_an_elementwise_row() -> None:
    c = np.array([np.nan, np.inf, 3.0])
    got = restored(TABLE[np.log], c, np.array([0.0, 1.0, 1.0]), np.zeros(3))
    np.testing.assert_array_equal(got, [0.0, np.inf, 3.0])


def test_zeros_of_a_product() -> None:
    """The infinite factor counts where the cotangent that it meets is not zero."""
    a, b = np.ones((2, 2)), np.array([[np.inf, 1.0], [2.0, 3.0]])
    for g, wanted in (
        ([[0.0, 1.0], [0.0, 1.0]], [[1.0, 3.0], [1.0, 3.0]]),
        ([[0.0, 1.0], [1.0, 0.0]], [[1.0, 3.0], [np.inf, 2.0]]),
    ):
        with np.errstate(invalid="ignore"):
            c = np.array(g) @ b.T
        np.testing.assert_array_equal(restored(TABLE[np.matmul], c, np.array(g), a, b), wanted)


def test_zeros_of_any_other_row() -> None:
    """Entries that no cotangent but zeros reaches, as the rule itself shows at other numbers."""
    op = Primitive(lambda x: np.cumsum(1 / x), "mine")
    op.vjp_all = lambda wanted, g, y, x: [-np.cumsum(g[::-1])[::-1] / x**2]
    x = np.array([1.0, 2.0, 0.0, 0.0])
    g = np.array([1.0, 1.0, 0.0, 0.0])
    with np.errstate(all="ignore"):
        (c,) = op.vjp_all([True], g, None, x)
    np.testing.assert_array_equal(restored(op, c, g, x), [-2.0, -0.25, 0.0, 0.0])
    assert restored(op, c, 0 * g, x) is None
    g = np.array([1.0, 0.0, 0.0, 1.0])
    c = np.array([np.nan, 1.0, np.inf, np.inf])
    np.testing.assert_array_equal(restored(op, c, g, x), c)


def test_a_rule_that_cannot_be_asked_is_left_alone() -> None:
    def refuse(*args: Any) -> Any:
        raise ValueError("only at that point")

    op = Primitive(refuse, "mine")
    c = np.array([np.nan, 1.0])
    np.testing.assert_array_equal(restored(op, c, np.array([0.0, 1.0]), np.ones(2)), c)


def test_zeros_of_several_outputs() -> None:
    op = Primitive(lambda x: (x, x), "mine")
    outputs = OutputTuple((np.ones(2), np.ones(2)))
    found = [
        restore_zeros([np.nan], op, OutputTuple((None, g)), outputs, (np.ones(2),), {})[0]
        for g in (np.zeros(2), np.ones(2))
    ]
    assert found[0] is None
    assert np.isnan(found[1])


def test_ordinary_numbers() -> None:
    rng = np.random.default_rng(0)
    x = ordinary(np.full((2, 3), np.nan), rng)
    assert x.shape == (2, 3)
    assert np.all((x > 0.5) & (x < 1))
    assert type(ordinary(np.inf, rng)) is float
    mask = np.array([True, False])
    assert ordinary(mask, rng) is mask
