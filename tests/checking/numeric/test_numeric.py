"""The numerical derivative: known hard points, edges, kinks, noise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd.checking import numeric_grad
from autograd.engine.value import Value

HARD: list[tuple[str, Callable[[Any], Any], float, float, float]] = [
    ("exp near 0", np.exp, 1e-8, 1.0 + 1e-8, 1e-9),
    ("log near 0", np.log, 1e-8, 1e8, 1e-6),
    ("fast sine", lambda x: np.sin(1e5 * x), 0.7, 1e5 * np.cos(7e4), 1e-6),
    ("faster sine", lambda x: np.sin(1e6 * x), 0.7, 1e6 * np.cos(7e5), 1e-6),
    ("sine far out", np.sin, 1e10, np.cos(1e10), 1e-5),
    ("smooth corner", lambda x: np.sqrt(x * x + 1e-16), 1e-8, 0.5**0.5, 1e-9),
    ("beside a kink", lambda x: np.maximum(x - 1, 0.0), 1 + 1e-9, 1.0, 1e-6),
    ("large offset", lambda x: 1e6 + x * x, 0.7, 1.4, 1e-6),
    ("huge", lambda x: x * x, 1e150, 2e150, 1e-9),
    ("tiny", lambda x: 3 * x, 1e-200, 3.0, 1e-9),
    ("pole", lambda x: 1 / (x - 1), 1.0001, -1e8, 1e-9),
    ("entropy", lambda x: x * np.log(x), 1e-300, np.log(1e-300) + 1, 1e-6),
]


@pytest.mark.parametrize("case", HARD, ids=lambda case: case[0])
def test_hard_points(case: tuple[str, Callable[[Any], Any], float, float, float]) -> None:
    _, f, x, slope, sharp = case
    gradient, bar = numeric_grad(f, x)
    assert abs(gradient - slope) <= bar + 1e-9 * abs(slope) * (x == 1.0001 or x == 1 + 1e-9)
    assert bar <= sharp * abs(slope)


def test_edges_are_one_sided() -> None:
    gradient, bar = numeric_grad(lambda x: x**1.5, 0.0)
    assert abs(gradient) <= bar < 1e-5
    gradient, _ = numeric_grad(np.sqrt, 0.0)
    assert gradient == np.inf


def test_a_kink_has_a_bar_that_reaches_both_slopes() -> None:
    gradient, bar = numeric_grad(np.abs, 0.0)
    assert gradient == 0
    assert 1.0 <= bar < 1.001


def test_shapes_and_inputs() -> None:
    gradient, bar = numeric_grad(lambda w: np.sum(w**3), [[1.0, 2.0], [3.0, -1.0]])
    assert gradient.shape == bar.shape == (2, 2)
    assert np.all(np.abs(gradient - [[3, 12], [27, 3]]) <= bar)
    gradient, bar = numeric_grad(lambda w: Value(float(w)) ** 2, 3)
    assert abs(gradient - 6) <= bar
    with pytest.raises(ValueError, match="one number"):
        numeric_grad(lambda w: w, np.ones(3))
    with pytest.raises(TypeError, match="real x"):
        numeric_grad(np.abs, 1 + 1j)


def test_a_fixed_step_of_the_notes_is_not_enough() -> None:
    h = 1e-4
    for f, x, slope in ((np.log, 1e-6, 1e6), (lambda x: np.sin(1e5 * x), 0.7, 1e5 * np.cos(7e4))):
        with np.errstate(all="ignore"):
            fixed = (f(x + h) - f(x - h)) / (2 * h)
        gradient, bar = numeric_grad(f, x)
        assert not abs(fixed - slope) < 0.1 * abs(slope)
        assert abs(gradient - slope) <= bar < 1e-6 * abs(slope)


def test_rounding_to_decimals_is_noise_not_a_slope_of_zero() -> None:
    gradient, bar = numeric_grad(lambda x: np.round(np.sin(x), 6), 0.7)
    assert abs(gradient - np.cos(0.7)) <= bar < 1e-2
    gradient, bar = numeric_grad(np.round, 0.3)
    assert gradient == 0
    assert bar < 1e-4
