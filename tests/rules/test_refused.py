"""Functions that would lose a gradient say what to do instead."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Value
from autograd.engine.dispatch import COMPOSITES, NONDIFFERENTIABLE, REFUSED
from autograd.engine.primitive import TABLE

X = np.array([0.3, -0.4, 1.7])
PLAIN = np.zeros(3)
WRITING: list[Any] = [
    lambda v: np.copyto(PLAIN, v),
    lambda v: np.full_like(PLAIN, v[0]),
    lambda v: np.full_like(PLAIN, v),
    lambda v: np.fill_diagonal(v * np.eye(3), 1.0),
    lambda v: np.place(PLAIN, [True] * 3, v),
    lambda v: np.put(PLAIN, [0, 1, 2], v),
    lambda v: np.put_along_axis(PLAIN, np.array([0]), v[:1], 0),
    lambda v: np.putmask(PLAIN, [True] * 3, v),
]
MAKING: list[Any] = [
    lambda v: np.array([v, v]),
    lambda v: np.array([v[0], 1.0]),
    lambda v: np.array(v),
    lambda v: np.asarray([v[0]]),
    lambda v: np.asarray(v),
    lambda v: np.asanyarray(v),
    lambda v: np.ascontiguousarray(v),
    lambda v: np.asfortranarray(v),
    lambda v: np.asarray_chkfinite(v),
    lambda v: np.require(v, float, ["C"]),
    lambda v: np.full(3, v[0]),
    lambda v: np.full(3, v),
    lambda v: np.r_[v, v],
    lambda v: np.r_[v[0], 1.0],
    lambda v: np.c_[v, v],
    lambda v: np.linspace([v[0], v[1]], 1.0),
    lambda v: np.sum([v[0], v[1]]),
]


@pytest.mark.parametrize("number", range(len(WRITING)))
def test_what_writes_into_an_array(number: int) -> None:
    with pytest.raises(TypeError, match=r"gradient of a Value would be lost: use np\.where"):
        WRITING[number](Value(X))
    np.testing.assert_array_equal(PLAIN, np.zeros(3))


@pytest.mark.parametrize("number", range(len(MAKING)))
def test_what_makes_a_plain_array(number: int) -> None:
    """NumPy does not hand these over: the Value itself refuses to become plain."""
    with pytest.raises(TypeError) as caught:
        MAKING[number](Value(X))
    for advice in ("np.stack", "autograd.numpy"):
        assert advice in str(caught.value)


def test_like_makes_no_array_of_values() -> None:
    v = Value(X)
    for make in (np.array, np.asarray, np.full, np.arange):
        with pytest.raises(TypeError, match="leave like= out"):
            make(3, like=v) if make is not np.full else make(3, v[0], like=v)
    np.testing.assert_array_equal(np.zeros(3, like=v), np.zeros(3))
    np.testing.assert_array_equal(np.eye(2, like=v), np.eye(2))


def test_nothing_is_refused_that_is_there() -> None:
    there = {*COMPOSITES, *NONDIFFERENTIABLE, *(f for f, op in TABLE.items() if op.has_rules)}
    assert not there & set(REFUSED)


@pytest.mark.parametrize("f", REFUSED, ids=lambda f: f.__name__)
def test_every_refusal_gives_advice(f: Any) -> None:
    assert any(word in REFUSED[f] for word in ("use ", "np.where", "np.stack"))
