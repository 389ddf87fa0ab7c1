"""Functions that take long: few calls, numbers in every verdict, and a budget that holds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd.checking import Report, gradcheck
from autograd.checking.subjects.user_code import unwrapped

X = np.array([0.3, -0.7, 1.1])


class Slow:
    """A function that takes long when it is called for the first time, and counts its calls."""

    def __init__(
        self, f: Callable[[Any], Any], seconds: float = 0.11, always: bool = False
    ) -> None:
        self.f, self.seconds, self.always = f, seconds, always
        self.calls = 0

    def __call__(self, x: Any) -> Any:
        self.calls += 1
        if self.always or self.calls == 1:
            time.sleep(self.seconds)
        return self.f(x)


def weighted(x: Any) -> Any:
    return np.sum(np.sin(x) * np.array([1.0, 2.0, 3.0]))


def right(g: Any, x: Any) -> Any:
    return g * np.cos(x) * np.array([1.0, 2.0, 3.0])


def check(f: Callable[[Any], Any], x: Any, vjp: Any, **options: Any) -> tuple[Report, int]:
    slow = Slow(f)
    report = gradcheck(slow, x, vjp=vjp, **options)
    assert report.slow
    return report, slow.calls


def test_a_right_gradient_of_three_entries_takes_few_calls() -> None:
    report, calls = check(weighted, X, right)
    assert report.verdict == "PASS"
    assert report.resolution < 1e-6
    assert "slow" in report.headline()
    assert calls <= 14


@pytest.mark.parametrize(
    "wrong",
    [
        lambda g, x: -right(g, x),
        lambda g, x: 2 * right(g, x),
        lambda g, x: right(g, x) * np.array([1, 1, 1.01]),
        lambda g, x: 0 * right(g, x),
    ],
    ids=["sign", "factor", "one entry", "zero"],
)
def test_a_wrong_one_takes_fewer(wrong: Any) -> None:
    report, calls = check(weighted, X, wrong)
    assert report.verdict == "FAIL"
    worst = report.inputs[0].worst
    assert worst is not None
    i = int(worst.entry[-2])
    assert abs(worst.numeric - right(1.0, X)[i]) <= worst.bar < 1e-5
    assert calls <= 13


def test_a_mistake_is_named_from_one_point() -> None:
    report, _ = check(weighted, X, lambda g, x: -right(g, x))
    assert report.inputs[0].kinds == ["sign"]


@pytest.mark.parametrize("count", [2, 5, 40])
def test_outputs_of_every_size(count: int) -> None:
    x = np.linspace(0.2, 2.0, count)
    report, _ = check(np.sin, x, lambda g, x: g * np.cos(x))
    assert report.verdict == "PASS", str(report)
    report, _ = check(np.sin, x, lambda g, x: g * np.cos(x) * np.where(x < 0.3, 1.5, 1.0))
    assert report.verdict == "FAIL", str(report)
    assert report.inputs[0].worst is not None


def test_a_kink_a_flat_point_and_a_backward_that_is_not_linear() -> None:
    l1 = lambda x: np.sum(np.abs(x))
    assert check(l1, np.array([0.0, 1.0]), lambda g, x: g * np.sign(x))[0].verdict == "KINK"
    bad, _ = check(l1, np.array([0.0, 1.0]), lambda g, x: g * np.where(x == 0, 3.0, np.sign(x)))
    assert bad.verdict == "FAIL"
    cube = lambda x: np.sum(x**3)
    assert check(cube, np.zeros(3), lambda g, x: 3 * g * x * x)[0].verdict == "PASS"
    hidden, _ = check(cube, np.zeros(3), lambda g, x: g * x * x)
    assert hidden.verdict == "FAIL"
    assert "wrong nearby" in hidden.headline()
    bent, _ = check(weighted, X, lambda g, x: np.abs(right(g, x)) * np.sign(right(1.0, x)))
    assert bent.verdict == "FAIL"
    assert "not linear" in str(bent)


def test_an_output_that_does_not_move_may_be_a_saturated_float32() -> None:
    saturated = lambda x: np.sum(np.tanh(x.astype(np.float32)))
    report, _ = check(saturated, np.array([10.0]), lambda g, x: g * (1 - np.tanh(x) ** 2))
    assert report.verdict == "INCONCLUSIVE"
    report, _ = check(saturated, np.array([10.0]), lambda g, x: g * np.ones(1))
    assert report.verdict == "FAIL"


def test_a_value_function_and_a_random_one() -> None:
    assert gradcheck(Slow(lambda x: np.sum(np.sin(x) * x)), X).verdict == "PASS"
    rng = np.random.default_rng(0)
    report, _ = check(lambda x: np.sum(x) * rng.uniform(1, 2), X, lambda g, x: g * np.ones(3))
    assert report.verdict == "NONDETERMINISTIC"


@pytest.mark.parametrize("seconds", [0.3, 0.8])
def test_seconds_hold_to_within_one_call(seconds: float) -> None:
    for vjp in (right, lambda g, x: 2 * right(g, x)):
        slow = Slow(weighted, 0.1, always=True)
        started = time.monotonic()
        report = gradcheck(slow, X, vjp=vjp, seconds=seconds)
        assert time.monotonic() - started < seconds + 0.3
        if seconds > 0.5:
            worst = report.inputs[0].worst
            assert report.verdict == "PASS" or (worst is not None and np.isfinite(worst.numeric))


def test_the_function_behind_the_clock_is_still_found() -> None:
    report = gradcheck(weighted_slowly, X, vjp=right)
    assert "test_slow.py" in report.source
    assert unwrapped(weighted_slowly) is weighted_slowly


def weighted_slowly(x: Any) -> Any:
    time.sleep(0.004)
    return weighted(x)
