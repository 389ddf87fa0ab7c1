"""What an array without entries refuses, and what a Value of one says of itself."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from autograd.arrays.protocol import ProtocolArray
from autograd.arrays.refusing import RefusingArray
from autograd.compilation.recording import Recording
from tests.samples import floats

ARRAYS: list[Callable[[Any], ProtocolArray]] = [RefusingArray.of, lambda x: Recording().input(x)]
LOOKS: list[Callable[[Any], Any]] = [
    bool,
    float,
    int,
    complex,
    operator.index,
    list,
    np.asarray,
    math.sin,
    lambda x: x.item(),
    lambda x: x.tolist(),
    lambda x: operator.setitem(x, 0, 1.0),
    lambda x: np.add(np.ones(()), x, out=np.ones(())),
    lambda x: np.add.at(np.ones(3), [0], x),
    lambda x: np.copyto(np.ones(()), x),
    lambda x: operator.iadd(np.ones(()), x),
    lambda x: np.ones(3)[x > 0],
]


@pytest.mark.parametrize("make", ARRAYS)
@pytest.mark.parametrize("look", LOOKS)
def test_entries_are_not_looked_at(look: Callable[[Any], Any], make: Any) -> None:
    with pytest.raises((TypeError, IndexError)):
        look(make(np.array(0.5)))


@pytest.mark.parametrize("make", ARRAYS)
def test_a_mask_as_index_is_refused_in_words(make: Any) -> None:
    x = make(floats(3))
    with pytest.raises(TypeError, match="a mask that is not computed, as an index"):
        x[x > 0]
    with pytest.raises(TypeError, match="a mask that is not computed, as an index"):
        Value(x)[x > 0]


@pytest.mark.parametrize("make", ARRAYS)
def test_shape_and_dtype_are_known(make: Any) -> None:
    x = make(np.ones((2, 3), np.float32))
    assert (x.shape, x.dtype, x.ndim, x.size, len(x)) == ((2, 3), np.float32, 2, 6, 2)
    assert (np.shape(x), np.ndim(x), np.size(x), np.iscomplexobj(x)) == ((2, 3), 2, 6, False)
    assert np.result_type(x, np.float64) == np.float64
    with pytest.raises(TypeError, match="len"):
        len(make(np.array(1.0)))


@pytest.mark.parametrize("make", ARRAYS)
def test_beside_a_value_it_steps_back(make: Any) -> None:
    x, v = make(floats(3)), Value(floats(3))
    for y in (x * v, v * x, np.arctan2(x, v), np.concatenate([x, v])):
        assert type(y) is Value


@pytest.mark.parametrize("make", ARRAYS)
def test_unknown_functions_and_classes_are_refused(make: Any) -> None:
    x = make(floats(3))
    assert x.__array_ufunc__(np.add, "__call__", x, object()) is NotImplemented
    assert x.__array_function__(np.sum, (dict,), (x,), {}) is NotImplemented


def test_augmented_assignment_makes_a_new_array() -> None:
    x = RefusingArray.of(np.array([1.0, 2.0]))
    y = x
    y += 1
    y *= 2
    y -= 1
    y /= 2
    np.testing.assert_array_equal(y.compute(), [1.5, 2.5])
    np.testing.assert_array_equal(x.compute(), [1.0, 2.0])


def test_a_call_with_several_outputs_runs_once() -> None:
    x = RefusingArray.of(np.array([1.5, -2.25]))
    whole, fraction = np.modf(x)
    before = RefusingArray.computed
    assert fraction.compute().shape == whole.compute().shape == (2,)
    assert RefusingArray.computed == before + 1


def test_backward_computes_nothing() -> None:
    x = Value(RefusingArray.of(floats(2, 3)))
    before = RefusingArray.computed
    loss = np.sum(np.tanh(x @ RefusingArray.of(floats(3, 2))) ** 2)
    loss.backward()
    loss.backward()
    assert isinstance(x.grad, RefusingArray)
    assert RefusingArray.computed == before
    assert x.grad.shape == (2, 3)


def test_printing_computes_nothing() -> None:
    x = Value(RefusingArray.of(floats(2, 3)))
    before = RefusingArray.computed
    assert "not computed" in repr(x)
    assert "not computed" in str(x)
    x.backward(seed=RefusingArray.of(floats(2, 3)))
    assert "not computed" in repr(x)
    assert RefusingArray.computed == before


def test_drawing_computes_nothing() -> None:
    x = Value(RefusingArray.of(floats(2, 3)), label="x")
    y = np.sum(np.sin(x) * x)
    y.backward()
    before = RefusingArray.computed
    g = y.graph()
    for text in (g.text(), g.svg(), g.html(), g.mermaid(), g.dot()):
        assert "not computed" in text
    assert RefusingArray.computed == before


def test_debug_computes_nothing() -> None:
    x = RefusingArray.of(floats(2, 3))
    before = RefusingArray.computed
    with ag.debug():
        slope = ag.grad(lambda x: np.sum(np.log(x) * x))(x)
    assert isinstance(slope, RefusingArray)
    assert RefusingArray.computed == before


def test_gradient_of_a_number_beside_a_lazy_array_is_lazy() -> None:
    x = RefusingArray.of(np.array([1.0, 2.0]))
    slope = ag.grad(lambda a: np.sum(a * x))(3.0)
    assert isinstance(slope, RefusingArray)
    assert slope.compute() == 3.0


@pytest.mark.parametrize("make", ARRAYS)
@pytest.mark.parametrize("f", [np.nonzero, np.unique, np.where, np.flatnonzero, np.argwhere])
def test_a_shape_that_depends_on_entries_is_refused(f: Any, make: Any) -> None:
    with pytest.raises(TypeError, match="the shape or the dtype of np"):
        f(make(floats(3)))
