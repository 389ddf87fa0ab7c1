"""What becomes data, what may be a constant, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from autograd import Value
from autograd.engine.conversion import (
    describe,
    dtype_kind,
    freeze,
    from_sequence,
    holds_value,
    integers_as_floats,
    to_constant,
    to_data,
)
from autograd.engine.node import Writable

A = np.array([1.0, 2.0])
MATRIX = np.ones((1, 1)).view(np.matrix)


@pytest.mark.parametrize(
    ("x", "wanted"),
    [
        (1.5, 1.5),
        (1j, 1j),
        (2, 2.0),
        (True, 1.0),
        (np.float32(2), np.float32(2)),
        (np.int8(2), np.float64(2)),
        (np.bool_(True), np.float64(1)),
        ([1, 2], A),
        ((1, 2), A),
        ([[1], [2j]], np.array([[1], [2j]])),
        ([True], np.array([1.0])),
        ([], np.array([])),
        ([np.float32(1), np.float32(2)], A.astype(np.float32)),
        (np.array([1, 2], np.uint8), A),
        (A.astype(np.float16), A.astype(np.float16)),
    ],
    ids=repr,
)
def test_data(x: Any, wanted: Any) -> None:
    got = to_data(x)
    assert type(got) is type(wanted)
    assert np.asarray(got).dtype == np.asarray(wanted).dtype
    np.testing.assert_array_equal(got, wanted)


def test_subclasses_of_numbers_are_plain_numbers() -> None:
    class Metres(float):
        pass

    assert type(to_data(Metres(2.0))) is float
    assert type(to_data(type("Z", (complex,), {})(2j))) is complex


def test_data_are_a_copy() -> None:
    assert not np.shares_memory(to_data(A), A)
    assert not np.shares_memory(from_sequence([A, A]), A)


@pytest.mark.parametrize(
    ("x", "advice"),
    [
        (Value(1.0), r"v\.copy\(\)"),
        (10**400, "beyond a float"),
        ([1.0, Value(1.0)], r"np\.stack"),
        ([[1.0], [1.0, 2.0]], "ragged"),
        (["a"], "list of dtype"),
        (np.ma.masked_array([1.0]), "mask"),
        (MATRIX, r"np\.asarray"),
        (np.array(["a"]), "dtype <U1"),
        ("text", "str 'text'"),
        (None, "NoneType"),
    ],
    ids=lambda x: type(x).__name__,
)
def test_what_is_refused(x: Any, advice: str) -> None:
    with pytest.raises(TypeError, match=advice):
        to_data(x)


@pytest.mark.parametrize(
    "x", [1, 1.5, True, 2j, np.int8(1), np.float32(1), A, A > 1, A.astype(int)]
)
def test_constants_are_used_as_they_are(x: Any) -> None:
    assert to_constant(x) is x


def test_sequences_are_constants() -> None:
    np.testing.assert_array_equal(to_constant([1, 2]), [1, 2])


def test_lists_of_values_are_joined() -> None:
    """np.concatenate([v, [a, b]]) and v + [a, b] mean what they mean for numbers."""
    v = Value([1.0, 2.0])
    y = v * [v[1], 3] + ([v[0]] * 2)
    np.testing.assert_array_equal(y.data, [3.0, 7.0])
    y.sum().backward()
    np.testing.assert_array_equal(v.grad, [2.0 + 2.0, 3.0 + 1.0])
    with pytest.raises(ValueError, match="shape"):
        np.add(v, [v, 1.0])
    endless: list[Any] = [v]
    endless.append(endless)
    with pytest.raises(ValueError, match="deep"):
        np.add(v, endless)


@pytest.mark.parametrize("x", ["1", None, {}, Decimal(1), np.array(["a"]), MATRIX, object()])
def test_what_is_no_constant(x: Any) -> None:
    assert to_constant(x) is NotImplemented


@pytest.mark.parametrize(
    ("constant", "dtype", "wanted"),
    [
        (np.uint8(200), np.float64, np.float64),
        (np.array([1, 2], np.uint8), np.float32, np.float32),
        (np.array([1, 2], np.int32), np.float32, np.float64),
        (np.int64(2), np.complex64, np.complex128),
    ],
)
def test_integers_become_floats_as_numpy_computes_with_them(
    constant: Any, dtype: Any, wanted: Any
) -> None:
    got = integers_as_floats(constant, np.dtype(dtype))
    assert got.dtype == wanted
    np.testing.assert_array_equal(got, constant)


@pytest.mark.parametrize("x", [2, True, 1.5, A, A > 1, np.float32(2)])
def test_what_does_not_wrap_around_is_left_alone(x: Any) -> None:
    assert integers_as_floats(x, np.dtype(np.float64)) is x


@pytest.mark.parametrize(
    ("x", "kind"),
    [(A, "f"), (A > 1, "b"), (np.uint8(1), "u"), (np.array("a"), "U"), (1.0, ""), ("f", "")],
)
def test_kind(x: Any, kind: str) -> None:
    assert dtype_kind(x) == kind


def test_kinds_of_arrays_that_mean_something_else() -> None:
    assert dtype_kind(MATRIX) == ""
    assert dtype_kind(np.ma.masked_array([1.0])) == ""


def test_values_in_lists() -> None:
    v = Value(1.0)
    endless: list[Any] = [1.0]
    endless.append(endless)
    for x in (v, [v], [1.0, (2.0, [v])], [endless, v]):
        assert holds_value(x)
    for x in (1.0, [], [[1.0], ()], endless, "abc", {"v": v}):
        assert not holds_value(x)


def test_descriptions_are_short() -> None:
    assert describe("x" * 1000) == f"str {'x' * 40!r}"
    assert describe({}) == "dict"
    assert describe(np.array(["a"])) == "ndarray of dtype <U1"


class Quantity(np.ndarray):
    """An array with a unit, as packages of units have them."""

    unit = "m"


REFUSED: list[tuple[Any, str]] = [
    (np.ones(2).view(Quantity), "a Quantity with units"),
    (np.array([1.0, None], object), "an array of objects"),
    (np.ma.masked_array([1.0, 2.0]), "a masked array"),
]


@pytest.mark.parametrize(("x", "what"), REFUSED, ids=lambda x: x if isinstance(x, str) else "")
def test_arrays_with_another_meaning_are_refused_by_name(x: Any, what: str) -> None:
    with pytest.raises(TypeError, match=what):
        Value(x)
    with pytest.raises(TypeError, match=what):
        np.where(Value([1.0, 2.0]) > 0, x, Value(1.0))


def test_sparse_arrays_are_refused_with_advice() -> None:
    sparse = pytest.importorskip("scipy.sparse")
    with pytest.raises(TypeError, match=r"sparse array \(use x.toarray"):
        Value(sparse.csr_array(np.eye(2)))
    for combine in (lambda v, x: v * x, lambda v, x: v @ x, lambda v, x: x @ v):
        with pytest.raises(TypeError):
            combine(Value(np.eye(2)), sparse.csr_array(np.eye(2)))


class Held(Writable):
    """An array that holds something."""

    def __init__(self, x: object) -> None:
        self.x = self.data = x

    def frozen(self) -> object:
        return self.x


def test_a_writable_array_becomes_what_it_holds() -> None:
    v, numbers = Value(2.0), np.ones(2)
    assert freeze(Held(v)) is v
    assert freeze(numbers) is numbers
    assert to_constant(Held(v)) is v
    assert to_constant(Held(numbers)) is numbers
    np.testing.assert_array_equal(to_data(Held(numbers)), numbers)
    assert holds_value([1.0, Held(v)])
    assert not holds_value([1.0, Held(numbers)])
    with pytest.raises(TypeError, match="got a Value"):
        to_data(Held(v))
    assert (v * Held(numbers)).inputs[1] is numbers
    assert (v * Held(v)).inputs == (v, v)
