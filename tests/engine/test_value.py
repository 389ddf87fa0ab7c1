"""A Value: what it is made of, what it shows, and what it refuses."""

from __future__ import annotations

import array
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograd import Value

NUMBERS = [2, 2.0, True, np.float64(2.0), np.float32(2.0), np.int64(2), np.bool_(True)]


@pytest.mark.parametrize("x", NUMBERS, ids=repr)
def test_numbers(x: Any) -> None:
    v = Value(x)
    assert v.item() == float(x)
    assert (v.shape, v.ndim, v.size) == ((), 0, 1)
    assert v.op is None
    assert v.inputs == ()
    assert v.params is None


def test_python_numbers_become_floats() -> None:
    for x in (2, 2.0, True):
        assert type(Value(x).data) is float
    assert type(Value(2j).data) is complex


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_float_dtypes_are_kept(dtype: Any) -> None:
    for x in (dtype(1.5), np.array(1.5, dtype), np.array([1.5, 2.5], dtype)):
        v = Value(x)
        assert v.dtype == dtype
        assert v.grad.dtype == dtype


@pytest.mark.parametrize("dtype", [np.complex64, np.complex128])
def test_complex_dtypes_are_kept(dtype: Any) -> None:
    v = Value(np.array([1 + 2j], dtype))
    assert v.dtype == dtype
    assert v.grad.dtype == dtype


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint8, np.int32, np.uint64])
def test_integers_and_bools_become_float64(dtype: Any) -> None:
    for x in (np.array([0, 1], dtype), np.array(1, dtype), dtype(1)):
        v = Value(x)
        assert v.dtype == np.float64
        np.testing.assert_array_equal(v.data, np.asarray(x, float))


@pytest.mark.parametrize(
    "x", [[1, 2], (1.0, 2), [[1], [2]], [], [np.float64(1), 2], [np.ones(2), np.zeros(2)], [True]]
)
def test_nested_lists(x: Any) -> None:
    v = Value(x)
    assert v.dtype == np.float64
    np.testing.assert_array_equal(v.data, np.array(x, float))


def test_complex_lists() -> None:
    assert Value([1, 2j]).dtype == np.complex128


def test_arrays_are_copied() -> None:
    x = np.array([1.0, 2.0])
    v = Value(x)
    x[0] = 9.0
    np.testing.assert_array_equal(v.data, [1.0, 2.0])
    locked = np.ones(2)
    locked.flags.writeable = False
    Value(locked).data[0] = 3.0
    assert locked[0] == 1.0


@pytest.mark.parametrize(
    "x",
    [
        "1.0",
        b"1",
        None,
        {},
        {1.0},
        object(),
        np.array(["a"]),
        np.array([1.0, None], dtype=object),
        np.datetime64("2026-01-01"),
        np.array(["2026-01-01"], dtype="datetime64[D]"),
        np.zeros(2, dtype=[("a", float)]),
        np.ma.masked_array([1.0, 2.0], [True, False]),
        [[1.0], [2.0, 3.0]],
        ["a", "b"],
        [None],
        Value(1.0),
        [Value(1.0)],
        (1.0, [Value(1.0)]),
        10**400,
        Decimal(1),
        Fraction(1, 2),
        range(3),
        array.array("d", [1.0]),
        lambda: 1.0,
    ],
    ids=lambda x: type(x).__name__,
)
def test_what_is_refused_is_told_what_is_accepted(x: Any) -> None:
    with pytest.raises(TypeError, match="a Value holds a number"):
        Value(x)


def test_advice_where_values_are_nested() -> None:
    with pytest.raises(TypeError, match=r"np\.stack"):
        Value([Value(1.0), 2.0])
    with pytest.raises(TypeError, match=r"v\.copy\(\)"):
        Value(Value(1.0))


def test_float_subclasses_are_numbers() -> None:
    class Meters(float):
        pass

    assert type(Value(Meters(2.0)).data) is float


def test_labels() -> None:
    v = Value(2.0, label="w")
    assert v.label == "w"
    assert "w" in repr(v)
    v.label = "b"
    assert v.label == "b"
    assert Value(2.0).label == ""
    assert (v * 2).label == ""


def test_repr_shows_data_and_gradient() -> None:
    v = Value(2.0)
    assert repr(v) == "Value(data=2.0, grad=0.0)"
    (v * 3).backward()
    assert repr(v) == "Value(data=2.0, grad=3.0)"
    assert f"{v:.3f}" == "2.000"
    assert f"{v}" == repr(v)


def test_graph_is_recorded() -> None:
    a, b = Value(2.0), Value(3.0)
    x = np.ones(2)
    y = a * b
    assert y.op is not None
    assert (y.op.name, y.op.symbol) == ("multiply", "*")
    assert y.inputs == (a, b)
    assert a.serial < b.serial < y.serial
    z = y * x
    assert z.inputs[1] is x, "a constant is not wrapped"
    s = z.sum(axis=0)
    assert s.params == {"axis": 0, "keepdims": False}
    assert (y._prev, y._op) == ({a, b}, "*")


def test_a_value_has_no_other_attributes() -> None:
    with pytest.raises(AttributeError):
        Value(1.0).colour = "red"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "lose",
    [
        float,
        int,
        complex,
        math.sin,
        math.floor,
        math.exp,
        np.array,
        np.asarray,
        lambda v: np.array([v, v]),
        lambda v: np.array([1.0, v]),
        lambda v: np.asarray([[v]]),
        np.float64,
        lambda v: np.full(3, v),
        lambda v: np.full_like(np.ones(2), v),
        lambda v: np.ones(3).__setitem__(slice(None), v),
        lambda v: np.array([1.0, 2.0]).fill(v),
        lambda v: np.arange(v),
        range,
        lambda v: [1, 2][v],
        lambda v: np.copyto(np.ones(2), v),
        lambda v: np.put(np.ones(2), [0], v),
        lambda v: np.place(np.ones(2), [True, False], v),
        lambda v: np.putmask(np.ones(2), [True, False], v),
        lambda v: np.fill_diagonal(np.ones((2, 2)), v),
        lambda v: np.add(1.0, v, out=np.ones(())),
        lambda v: np.asarray(v, dtype=float),
        lambda v: np.ascontiguousarray(v),
        lambda v: np.fromiter([v], float),
        lambda v: np.ma.array([1.0]) * v,
    ],
)
@pytest.mark.parametrize("data", [2.0, np.float32(2.0), np.array(2.0), np.array([2.0])])
def test_no_gradient_is_lost_in_silence(lose: Any, data: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        lose(Value(data))


@pytest.mark.parametrize(
    "lose", [float, math.sin, np.array, np.asarray, lambda v: np.array([v, v])]
)
def test_advice_instead_of_a_lost_gradient(lose: Any) -> None:
    with pytest.raises(TypeError) as caught:
        lose(Value(2.0))
    for way in ("np.stack", "v.item()", "v.data", "np.sin(v)"):
        assert way in str(caught.value)


def test_writing_an_item_is_refused() -> None:
    z = np.zeros(2)
    with pytest.raises((TypeError, ValueError)):
        z[0] = Value(1.0)  # type: ignore[call-overload]
    np.testing.assert_array_equal(z, 0.0)


def test_truth() -> None:
    assert bool(Value(1.0)) is True
    assert not Value(0.0)
    with pytest.raises(ValueError, match="ambiguous"):
        bool(Value([1.0, 2.0]))


def test_values_are_hashable_by_identity() -> None:
    a, b = Value(1.0), Value(1.0)
    assert len({a, b, a}) == 2


def test_value_is_final() -> None:
    """The engine asks `type(x) is Value`: a subclass would be taken for a constant."""
    with pytest.raises(TypeError, match="final"):
        type("Weight", (Value,), {})


def test_a_list_that_holds_itself_is_refused() -> None:
    endless: list[Any] = [1.0]
    endless.append(endless)
    with pytest.raises(TypeError, match="nested list of numbers"):
        Value(endless)
