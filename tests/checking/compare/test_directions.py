"""Ties and kinks: a claim must be a gradient that the function has nearby."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd.checking import gradcheck

TIE = np.array([1.0, 1.0, 0.0])


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    ("share", "verdict"),
    [
        ([1.0, 0.0, 0.0], "KINK"),
        ([0.25, 0.75, 0.0], "KINK"),
        ([1.0, 1.0, 0.0], "FAIL"),
        ([0.0, 0.0, 0.0], "FAIL"),
        ([0.5, 0.4, 0.0], "FAIL"),
        ([0.5, 0.5, 0.1], "FAIL"),
        ([1.5, -0.5, 0.0], "FAIL"),
    ],
)
def test_the_maximum_at_a_tie(share: list[float], verdict: str, seed: int) -> None:
    report = gradcheck(np.max, TIE, vjp=lambda g, x: g * np.array(share), seed=seed)
    assert report.verdict == verdict, str(report)
    assert bool(report) == (verdict == "KINK")
    if verdict == "FAIL" and share[2] == 0:
        assert "has a kink here" in str(report)
        assert report.inputs[0].kink


def sort_vjp(g: Any, x: Any) -> Any:
    c = np.zeros_like(x)
    c[np.argsort(x, kind="stable")] = g
    return c


@pytest.mark.parametrize("count", [2, 3, 6])
def test_sorting_equal_values(count: int) -> None:
    x = np.full(count, 2.0)
    assert gradcheck(np.sort, x, vjp=sort_vjp).verdict == "KINK"
    assert gradcheck(np.sort, x, vjp=lambda g, x: 1.1 * sort_vjp(g, x)).verdict == "FAIL"


def test_coordinates_look_flat_at_the_median_of_equal_values() -> None:
    x = np.full(5, 3.0)
    assert gradcheck(np.median, x, vjp=lambda g, x: g * np.eye(5)[2]).verdict == "KINK"
    assert gradcheck(np.median, x, vjp=lambda g, x: g * np.full(5, 0.2)).verdict == "KINK"
    assert gradcheck(np.median, x, vjp=lambda g, x: g * np.full(5, 0.3)).verdict == "FAIL"


def test_a_smooth_function_of_sorted_values_stays_smooth() -> None:
    f = lambda x: np.sum(np.sort(x) ** 2)
    assert gradcheck(f, np.full(4, 2.0), vjp=lambda g, x: 2 * g * x).verdict == "PASS"
    assert gradcheck(f, np.full(4, 2.0), vjp=lambda g, x: g * x).verdict == "FAIL"


def test_a_wrong_smooth_entry_beside_a_tie_is_not_excused() -> None:
    def f(x: Any) -> Any:
        return np.maximum(x[0], x[1]) + np.sin(x[2])

    def vjp(g: Any, x: Any, factor: float = 1.0) -> Any:
        first = 0.5 if x[0] == x[1] else float(x[0] > x[1])
        return g * np.array([first, 1.0 - first, factor * np.cos(x[2])])

    assert gradcheck(f, np.array([1.0, 1.0, 0.7]), vjp=vjp).verdict == "KINK"
    wrong = gradcheck(f, np.array([1.0, 1.0, 0.7]), vjp=lambda g, x: vjp(g, x, 1.01))
    assert wrong.verdict == "FAIL", str(wrong)


def test_a_jump_is_said_to_be_one() -> None:
    report = gradcheck(np.sign, np.array([0.0, 1.0]), vjp=lambda g, x: 0 * g)
    assert report
    assert report.inputs[0].jump
    assert "jumps here, which is no kink" in report.headline()
    assert gradcheck(np.sign, np.array([0.0, 1.0]), vjp=lambda g, x: g).verdict == "FAIL"


def test_a_slope_that_is_infinite_as_claimed() -> None:
    slope = lambda g, x: g / (2 * np.sqrt(x))
    alone = gradcheck(np.sqrt, np.array([0.0]), vjp=slope)
    assert alone.verdict == "PASS"
    assert "the slope is infinite at 1 entries, and so is yours" in alone.headline()
    beside = gradcheck(np.sqrt, np.array([0.0, 4.0]), vjp=slope)
    assert beside.verdict == "PASS"
    assert beside.inputs[0].infinite == 1
    assert "verified to" in beside.headline()
    assert "and so is yours" in str(beside)
    both = gradcheck(np.cbrt, np.array([0.0]), vjp=lambda g, x: g * np.inf)
    assert both.verdict == "PASS"
    half = gradcheck(np.sqrt, np.array([0.0, 4.0]), vjp=lambda g, x: g / np.sqrt(x))
    assert half.verdict == "FAIL"
