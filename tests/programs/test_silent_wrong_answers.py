"""What other libraries get wrong without a word: each is right here, or raises.

Threads, depth, changed arrays and the strong zero in general have files of their own
(`tests/engine/test_threads.py`, `test_depth.py`, `tests/test_debugging.py`, `test_strong_zero.py`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from autograd.engine.dispatch import COMPOSITES
from autograd.engine.primitive import TABLE
from tests.derivatives import Case, check_dot_product, check_second_order, check_value, check_vjp

X = np.array([[0.3, -1.2, 2.1], [1.7, 0.6, -0.8]])
MASK = np.array([[True, False, True], [True, True, False]])


# --- options that change what is computed ---------------------------------------------------------
OPTIONS: dict[str, Callable[[Any], Any]] = {
    "sum of some": lambda x: np.sum(x * x, where=MASK),
    "sum of some along an axis": lambda x: np.sum(x * x, axis=0, where=MASK, keepdims=True),
    "mean of some": lambda x: np.mean(x * x, axis=1, where=MASK),
    "product of some": lambda x: np.prod(x, where=MASK, initial=2.0),
    "deviation of some": lambda x: np.std(x, where=MASK, ddof=1),
    "variance of some": lambda x: np.var(x, axis=1, where=MASK),
    "largest from a start on": lambda x: np.max(x, axis=0, initial=0.5),
    "smallest of some": lambda x: np.min(x, where=MASK, initial=9.0),
    "reduced by a ufunc": lambda x: np.add.reduce(x * x, axis=1, where=MASK),
    "filled with a Value": lambda x: np.full_like(x, x[0, 1]) * X,
    "clipped by a Value": lambda x: np.clip(x, x[0, 1] + 0.9, 1.0 + x[0, 0]),
    "started with a Value": lambda x: np.sum(x, initial=x[0, 0] * 2),
    "padded with a Value": lambda x: np.pad(x, 1, constant_values=x[0, 0] * 2),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_options_have_their_part_in_the_gradient(name: str) -> None:
    case = Case(OPTIONS[name], [X])
    check_value(case)
    check_vjp(case)
    check_dot_product(case)
    check_second_order(case)


# --- a gradient that would be lost ----------------------------------------------------------------
def write(x: Any) -> Any:
    """Into a plain array."""
    y = np.zeros(3)
    y[1] = x
    return y


def add_in_place(x: Any) -> Any:
    """Onto a plain array."""
    y = np.zeros(3)
    y += x
    return y


LOSING: dict[str, Callable[[Any], Any]] = {
    "a list as an array": lambda x: np.array([x, x]),
    "an array of one": lambda x: np.asarray(x),
    "full": lambda x: np.full(3, x),
    "full like an array": lambda x: np.full_like(np.ones(3), x),
    "written into zeros": write,
    "added to zeros": add_in_place,
    "copied into zeros": lambda x: np.copyto(np.zeros(3), x),
    "added at places": lambda x: np.add.at(np.zeros(3), [0, 0], x),
    "out=": lambda x: np.multiply(x, 2.0, out=np.zeros(())),
    "a float": lambda x: float(x),
    "an int": lambda x: int(x),
    "a complex": lambda x: complex(x),
    "a function of math": lambda x: math.sin(x),
    "a list in np.sum": lambda x: np.sum([x, x]),
    "r_": lambda x: np.r_[x, x],
    "a matrix of lists": lambda x: np.linalg.det([[x, 1.0], [0.0, x]]),
    "an index": lambda x: np.arange(9.0)[x],
    "a formatted number": lambda x: float(f"{x:f}x"),
    "a power of a modulus": lambda x: pow(x, 2, 3),  # type: ignore[misc]
}


@pytest.mark.parametrize("name", LOSING)
def test_what_cannot_be_traced_raises(name: str) -> None:
    for x in (Value(2.0), Value(np.float32(2.0))):
        with pytest.raises((TypeError, ValueError, IndexError)):
            LOSING[name](x)
    with pytest.raises((TypeError, ValueError, IndexError)):
        ag.grad(lambda x: np.sum(LOSING[name](x)))(2.0)


# --- derivatives at special points ----------------------------------------------------------------
POINTS: dict[str, tuple[Callable[[Any], Any], Any, Any]] = {
    "product with two zeros": (np.prod, [0.0, 3.0, 0.0], [0.0, 0.0, 0.0]),
    "product with one zero": (np.prod, [0.0, 3.0, 2.0], [6.0, 0.0, 0.0]),
    "running product with zeros": (lambda x: np.cumprod(x)[-1], [0.0, 3.0, 2.0], [6.0, 0.0, 0.0]),
    "sinc at 0": (lambda x: np.sinc(x).sum(), [0.0, 0.0], [0.0, 0.0]),
    "deviation of a constant": (np.std, [2.0, 2.0, 2.0], [0.0, 0.0, 0.0]),
    "a logarithm not taken": (
        lambda x: np.where(x > 0, np.log(x), 0).sum(),
        [0.0, 2.0],
        [0.0, 0.5],
    ),
    "a root not taken": (lambda x: (np.sqrt(x) * [0.0, 1.0]).sum(), [0.0, 4.0], [0.0, 0.25]),
    "hypot at the origin": (lambda x: np.hypot(x[0], x[1]), [0.0, 0.0], [0.0, 0.0]),
    "0 ** 0": (lambda x: (x**0.0).sum(), [0.0, 1.0], [0.0, 0.0]),
    "0 ** 2": (lambda x: (x**2).sum(), [0.0, 3.0], [0.0, 6.0]),
    "the larger of equals": (lambda x: np.maximum(x[0], x[1]), [1.0, 1.0], [0.5, 0.5]),
    "the largest of equals": (np.max, [1.0, 0.0, 1.0], [0.5, 0.0, 0.5]),
    "abs at 0": (lambda x: np.abs(x).sum(), [0.0, -1.0], [0.0, -1.0]),
    "log of a sum of nothing": (
        lambda x: np.logaddexp(x[0], x[1]),
        [-np.inf, -np.inf],
        [0.0, 0.0],
    ),
    "largest norm": (lambda x: np.linalg.norm(x, np.inf), [1.0, -3.0, 2.0], [0.0, -1.0, 0.0]),
    "square of a norm at 0": (lambda x: np.linalg.norm(x) ** 2, [0.0, 0.0], [0.0, 0.0]),
    "norm at 0": (np.linalg.norm, [0.0, 0.0], [0.0, 0.0]),
}


def has_rule(f: Any) -> bool:
    return f in COMPOSITES or (f in TABLE and TABLE[f].has_rules)


def needs(name: str) -> Any:
    """`np.linalg` is a part of its own."""
    missing = "norm" in name and not has_rule(np.linalg.norm)
    return pytest.param(name, marks=pytest.mark.skipif(missing, reason="np.linalg.norm: no rule"))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", [needs(name) for name in POINTS])
def test_special_points(name: str) -> None:
    f, x, wanted = POINTS[name]
    x = np.array(x)
    np.testing.assert_array_equal(ag.grad(f)(x), wanted)
    pushed = [ag.jvp(f, (x,), (t,))[1] for t in np.eye(len(x))]
    np.testing.assert_array_equal(pushed, wanted)
    v = Value(x)
    f(v).backward()
    np.testing.assert_array_equal(v.grad, wanted)


@pytest.mark.skipif(not has_rule(np.linalg.eigh), reason="np.linalg.eigh: no rule")
def test_projectors_of_repeated_eigenvalues() -> None:
    """The projector on the first two of three eigenvectors is a smooth function of the matrix,
    although the two belong to one eigenvalue."""
    a, da = np.diag([1.0, 1.0, 3.0]), np.array([[0.3, 0.1, 0.5], [0.1, -0.2, 0.7], [0.5, 0.7, 0.4]])

    def projector(t: Any) -> Any:
        vectors = np.linalg.eigh(a + t * da)[1][:, :2]
        return vectors @ vectors.T

    step = 1e-5
    wanted = (projector(step) - projector(-step)) / (2 * step)
    np.testing.assert_allclose(ag.jvp(projector, (0.0,), (1.0,))[1], wanted, atol=1e-8)
    weights = np.arange(9.0).reshape(3, 3)
    got = ag.grad(lambda t: (projector(t) * weights).sum())(0.0)
    np.testing.assert_allclose(got, (wanted * weights).sum(), atol=1e-7)


# --- calling backward again -----------------------------------------------------------------------
def test_a_second_backward_is_right() -> None:
    x = Value(3.0)
    y = x * x
    z = y * 2.0
    z.backward()
    z.backward()
    assert (y.grad, x.grad) == (2.0, 24.0)  # leaves add up, what is in between does not


def test_a_chain_with_many_paths() -> None:
    x = Value(1.0)
    y = x
    for _ in range(60):
        y = y * y
    y.backward()
    assert x.grad == 2.0**60
    assert str(y.graph()).count("\n") < 400


def test_in_place_on_the_data_of_a_leaf_between_steps() -> None:
    x = Value([1.0, 2.0])
    (x * x).sum().backward()
    x.data[0] = 5.0
    x.zero_grad()
    (x * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [10.0, 4.0])
