"""Python's operators: every pair of operand kinds, in both orders."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Value
from tests.derivatives import Case, check_dot_product, check_second_order, check_value, check_vjp

BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "divmod": divmod,
}
OPERANDS: dict[str, Any] = {
    "float": 1.3,
    "int": 2,
    "bool": True,
    "np.float64": np.float64(1.3),
    "np.float32": np.float32(1.25),
    "np.int64": np.int64(2),
    "0-d array": np.array(1.3),
    "array": np.array([1.3, 0.7, 2.9]),
    "int array": np.array([1, 2, 3]),
    "bool array": np.array([True, True, True]),
    "matrix": np.array([[1.3], [0.6]]),
    "list": [1.3, 0.7, 2.9],
}
VALUES = {
    "number": 2.7,
    "array": np.array([2.7, 0.41, 1.9]),
    "float32": np.float32([2.5, 0.6, 1.6]),
}


@pytest.mark.parametrize("symbol", BINARY)
@pytest.mark.parametrize("other", OPERANDS)
@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("swapped", [False, True], ids=["v op x", "x op v"])
def test_constant_operands(symbol: str, other: str, kind: str, swapped: bool) -> None:
    """Numbers and derivative are those of the same operation on plain data."""
    constant, data = OPERANDS[other], VALUES[kind]
    plain = np.asarray(constant) if other == "list" else constant

    def f(v: Any) -> Any:
        x = constant if isinstance(v, Value) else plain
        return BINARY[symbol](x, v) if swapped else BINARY[symbol](v, x)

    case = Case(f, [data])
    check_value(case)
    check_dot_product(case)
    if kind != "float32" and other != "np.float32":  # differences need double precision
        check_vjp(case)


@pytest.mark.parametrize("symbol", BINARY)
@pytest.mark.parametrize("left", VALUES)
@pytest.mark.parametrize("right", ["number", "array"])
def test_two_values(symbol: str, left: str, right: str) -> None:
    case = Case(BINARY[symbol], [VALUES[left] + 0.25, VALUES[right]])
    check_value(case)
    if left != "float32":
        check_vjp(case)
        check_second_order(case)


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("shape", [(3,), (3, 3), (2, 3, 3)])
def test_matmul(shape: tuple[int, ...], swapped: bool) -> None:
    w = np.linspace(-1, 2, 9).reshape(3, 3)
    x = np.linspace(0.1, 1, int(np.prod(shape))).reshape(shape)
    constant = Case(lambda v: w @ v if swapped else v @ w, [x])
    both = Case(lambda v, u: u @ v if swapped else v @ u, [x, w])
    for case in (constant, both):
        check_value(case)
        check_vjp(case)


def test_matmul_of_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="matmul"):
        Value(2.0) @ Value(3.0)


@pytest.mark.parametrize("data", [-1.25, np.array([-1.25, 0.5]), np.array(0.3), 0.3 - 0.4j])
def test_unary(data: Any) -> None:
    for function in (operator.neg, operator.pos, abs):
        case = Case(function, [data])
        check_value(case)
        check_vjp(case)


def test_round() -> None:
    assert round(Value(1.256), 1).item() == 1.3
    assert round(Value(2.5)).item() == 2.0
    v = Value(1.256)
    round(v, 1).backward()
    assert v.grad == 0.0


@pytest.mark.parametrize("symbol", ["==", "!=", "<", "<=", ">", ">="])
def test_comparisons_are_plain_bools(symbol: str) -> None:
    relation = {
        "==": operator.eq,
        "!=": operator.ne,
        "<": operator.lt,
        "<=": operator.le,
        ">": operator.gt,
        ">=": operator.ge,
    }[symbol]
    x, y = np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 2.0])
    for got in (relation(Value(x), Value(y)), relation(Value(x), y), relation(x, Value(y))):
        assert type(got) is np.ndarray
        assert got.dtype == bool
        np.testing.assert_array_equal(got, relation(x, y))
    assert relation(Value(1.0), 2) is relation(1.0, 2)
    assert relation(1, Value(2.0)) is relation(1.0, 2)


@pytest.mark.parametrize("stranger", [None, "2", object(), {}, {1.0}])
def test_what_is_no_number_is_refused(stranger: Any) -> None:
    for data in (2.0, np.ones(2)):
        for function in (*BINARY.values(), operator.matmul):
            with pytest.raises(TypeError):
                function(Value(data), stranger)
            if function is operator.mod and isinstance(stranger, str):
                continue  # str formatting takes anything
            with pytest.raises(TypeError):
                function(stranger, Value(data))
    assert (Value(2.0) == stranger) is False
    assert (Value(2.0) != stranger) is True


def test_a_class_that_knows_values_is_asked() -> None:
    class Meters:
        def __rmul__(self, other: Any) -> str:
            return f"{other.data} m"

    assert Value(2.0) * Meters() == "2.0 m"  # type: ignore[operator,comparison-overlap]


def test_precision_of_mixed_operands() -> None:
    """Python numbers take the precision of the array, as in NumPy; arrays promote."""
    x = Value(np.float32([1.5, 2.5]))
    for y in (x + 1.0, 2 * x, x**2, 1 / x, x - True, x * Value(2.0), Value(2.0) / x):
        assert y.dtype == np.float32
    assert (x + np.float64(1.0)).dtype == np.float64
    assert (x * np.array([1, 2])).dtype == np.float64
    s = Value(3.0)
    (x * s).sum().backward()
    assert type(s.grad) is float
    assert s.grad == 4.0
    assert x.grad.dtype == np.float32


def test_augmented_assignment_makes_a_new_value() -> None:
    v = Value([1.0, 2.0])
    w = v
    w += 1
    w *= 2
    assert w is not v
    np.testing.assert_array_equal(v.data, [1.0, 2.0])
    w.sum().backward()
    np.testing.assert_array_equal(v.grad, [2.0, 2.0])


def test_array_augmented_by_a_value_is_refused() -> None:
    total = np.zeros(2)
    with pytest.raises(TypeError, match="array = array"):
        total += Value([1.0, 2.0])
    np.testing.assert_array_equal(total, 0.0)


def test_python_sum_max_min_sorted() -> None:
    values = [Value(2.0), Value(1.0), Value(3.0)]
    total = sum(values)
    assert isinstance(total, Value)
    total.backward()
    assert [v.grad for v in values] == [1.0, 1.0, 1.0]
    assert max(values) is values[2]
    assert min(values) is values[1]
    assert sorted(values) == [values[1], values[0], values[2]]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_python_floats_never_raise_at_poles() -> None:
    """Numbers follow IEEE arithmetic as arrays do: no ZeroDivisionError, no OverflowError."""
    zero = Value(0.0)
    assert (1 / zero).data == np.inf
    assert np.isnan((zero / zero).data)
    assert (zero**-1).data == np.inf
    assert np.isnan((Value(1.0) % zero).data)
    assert (Value(10.0) ** 400).data == np.inf
    assert Value(1000.0).exp().data == np.inf
    assert zero.log().data == -np.inf
    assert np.isnan((Value(-8.0) ** (1 / 3)).data)
    slope = Value(0.0)
    (1 / slope).backward()
    assert slope.grad == -np.inf
