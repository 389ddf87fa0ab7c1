"""Choosing between entries."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
from autograd import Value
from autograd.rules.selection import strong_product

X = np.array([0.3, -0.4, 1.7])


def test_masks_and_conditions_may_be_computed_from_values() -> None:
    v = Value(X)
    y = np.where(v > 0, v * 2, v)
    y.sum().backward()
    np.testing.assert_array_equal(v.grad, [2.0, 1.0, 2.0])
    v.zero_grad()
    np.sum(v, where=v > 0).backward()
    np.testing.assert_array_equal(v.grad, [1.0, 0.0, 1.0])


def test_where_with_no_choices_gives_indices() -> None:
    (places,) = np.where(Value(X))
    np.testing.assert_array_equal(places, [0, 1, 2])


# --- ties and bounds ------------------------------------------------------------------------------
PAIRS = {np.maximum: max, np.minimum: min, np.fmax: max, np.fmin: min}
few = st.sampled_from([-1.0, 0.0, -0.0, 1.0, 2.0])


@pytest.mark.parametrize("f", PAIRS, ids=lambda f: f.__name__)
@given(a=few, b=few)
def test_ties_share(f: Any, a: float, b: float) -> None:
    slopes = ag.grad(f, (0, 1))(a, b)
    wanted = (0.5, 0.5) if a == b else (1.0, 0.0) if PAIRS[f](a, b) == a else (0.0, 1.0)
    assert slopes == wanted
    arrays = ag.vjp(f, np.array([a]), np.array([b]))[1](np.ones(1))
    assert tuple(float(g[0]) for g in arrays) == wanted


@pytest.mark.parametrize("f", [np.fmax, np.fmin])
def test_a_number_wins_over_nan(f: Any) -> None:
    assert ag.grad(f, (0, 1))(np.nan, 2.0) == (0.0, 1.0)
    assert ag.grad(f, (0, 1))(2.0, np.nan) == (1.0, 0.0)


@given(x=few, low=few, high=few)
def test_one_argument_of_clip_is_passed(x: float, low: float, high: float) -> None:
    """At a bound the entry counts as not clipped; where the bounds cross, NumPy takes the upper."""
    y, pull = ag.vjp(np.clip, x, low, high)
    assert y == np.clip(x, low, high)
    slopes = pull(1.0)
    inside = low <= x <= high
    wanted = (1, 0, 0) if inside else (0, 1, 0) if x < low <= high else (0, 0, 1)
    assert slopes == wanted


def test_clip_without_bounds() -> None:
    v = Value(X)
    for y, wanted in (
        (np.clip(v, None, 1.0), X.clip(None, 1.0)),
        (np.clip(v, 0.0, None), X.clip(0.0, None)),
        (np.clip(v, min=0.0), X.clip(0.0)),
        (v.clip(max=1.0), X.clip(max=1.0)),
    ):
        np.testing.assert_array_equal(y.data, wanted)


# --- where, select, nan_to_num --------------------------------------------------------------------
def test_the_first_condition_that_holds() -> None:
    a, b, c = Value(X), Value(2 * X), Value(9.0)
    y = np.select([X > 1, X > 0], [a, b], default=c)
    np.testing.assert_array_equal(y.data, [0.6, 9.0, 1.7])
    y.sum().backward()
    np.testing.assert_array_equal(a.grad, [0.0, 0.0, 1.0])
    np.testing.assert_array_equal(b.grad, [1.0, 0.0, 0.0])
    assert c.grad == 1.0
    with pytest.raises(ValueError, match="as many conditions"):
        np.select([X > 1], [a, b])


def test_replaced_entries_have_no_slope() -> None:
    x = np.array([np.nan, np.inf, -np.inf, 2.0])
    y, g = ag.value_and_grad(lambda x: np.nan_to_num(x, nan=5.0, posinf=6.0, neginf=7.0).sum())(x)
    assert y == 20.0
    np.testing.assert_array_equal(g, [0.0, 0.0, 0.0, 1.0])


def test_a_zero_wins_over_a_factor_that_is_not_finite() -> None:
    g = np.array([0.0, 0.0, 2.0, 2.0])
    factor = np.array([np.inf, np.nan, np.inf, 3.0])
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(strong_product(g, factor), [0.0, 0.0, np.inf, 6.0])
    np.testing.assert_array_equal(strong_product(g, np.ones(4)), g)
