"""Seeded mistakes: 19 in 20 are named, none is named wrongly."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from autograd.checking import Report, gradcheck
from tests.checking.diagnose.mistakes import MISTAKES, Mistake
from tests.checking.diagnose.mistakes_more import MORE

EVERY = [*MISTAKES, *MORE]


@cache
def report_of(mistake: Mistake) -> Report:
    return gradcheck(mistake.f, *mistake.inputs, vjp=mistake.vjp, shrink=False)


def names(mistake: Mistake) -> list[str]:
    """What a report calls a mistake, of the contracts first."""
    report = report_of(mistake)
    if report.facts.get("mutates nothing") == "no":
        return ["mutates"]
    found = [kind for result in report.inputs for kind in result.kinds] + report.kinds
    return found or (["linear"] if report.facts.get("linear in g") == "no" else [])


@pytest.mark.parametrize("mistake", EVERY, ids=lambda mistake: mistake.name)
def test_every_mistake_fails_and_none_is_named_wrongly(mistake: Mistake) -> None:
    report = report_of(mistake)
    raises = report.verdict == "ERROR" and "exchanged" in mistake.kinds
    assert report.verdict == "FAIL" or raises, str(report)
    found = names(mistake)
    assert not found or set(found) <= set(mistake.kinds), str(report)


def test_nineteen_in_twenty_are_named() -> None:
    unnamed = [mistake.name for mistake in EVERY if not names(mistake)]
    assert len(EVERY) >= 500
    assert len(unnamed) <= 0.05 * len(EVERY), unnamed


def test_a_kink_alone_is_no_rounding_to_float32() -> None:
    x = np.array([1.0, 1.0, 0.0])
    report = gradcheck(np.max, x, vjp=lambda g, x: g * np.array([-1.0, -1.0, 0.0]))
    assert report.verdict == "FAIL"
    assert "float32" not in str(report)


def test_a_gradient_that_is_too_small_to_be_seen_nearby_is_not_right_there() -> None:
    a, b = np.array([0.3, -0.7, 1.1]), np.array([0.4, -1.2])
    report = gradcheck(
        lambda a, b: np.sum(np.tanh(a)) + 1e-11 * np.sum(np.sin(b)),
        a,
        b,
        vjp=lambda g, a, b: (g * (1 - np.tanh(a) ** 2), 0.5e-11 * g * np.cos(b)),
    )
    assert report.verdict in ("FAIL", "INCONCLUSIVE")
    assert "only here" not in report.inputs[1].kinds


def test_a_sign_is_a_sign_in_low_precision() -> None:
    def low(x: Any) -> Any:
        return np.sin(x.astype(np.float32)).astype(np.float64)

    report = gradcheck(low, np.array([0.3, 0.7, 1.1]), vjp=lambda g, x: -g * np.cos(x))
    assert report.inputs[0].kinds == ["sign"], str(report)


def test_a_constant_that_is_missing() -> None:
    p, q = np.array([0.2, 0.5, 0.7, 0.4]), np.array([0.3, 0.4, 0.9, 0.8])
    report = gradcheck(lambda p: np.sum(p * np.log(p / q)), p, vjp=lambda g, p: g * np.log(p / q))
    assert report.inputs[0].kinds == ["constant term"], str(report)
