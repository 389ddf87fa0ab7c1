"""How often is a bar violated, and how often is there an answer?"""

from __future__ import annotations

import numpy as np
import pytest

from autograd.checking import gradcheck, numeric_grad
from tests.checking.numeric.generated import Generated, draw, half, single


def usable(case: Generated) -> bool:
    with np.errstate(all="ignore"):
        y = case.f(np.float64(case.x))
    return bool(np.isfinite(y) and np.isfinite(case.slope))


def conclusive(case: Generated, bar: float) -> bool:
    """A bar that says something: small beside the slope, or beside the size of the function."""
    with np.errstate(all="ignore"):
        size = abs(case.f(np.float64(case.x))) / max(abs(case.x), 1e-300)
    return bar <= max(1e-3 * abs(case.slope), 1e-6 * size, 1e-25)


def test_float64_bars_hold() -> None:
    cases = [case for case in map(draw, range(1000)) if usable(case)]
    violated, clear = 0, 0
    for case in cases:
        gradient, bar = numeric_grad(case.f, case.x)
        violated += not abs(gradient - case.slope) <= bar
        clear += conclusive(case, float(bar))
    assert violated <= max(1, len(cases) // 1000)
    assert clear >= 0.9 * len(cases)


def test_float32_bars_hold() -> None:
    cases = [case for case in map(draw, range(5000, 5500)) if usable(case)]
    violated = 0
    for case in cases:
        gradient, bar = numeric_grad(single(case), case.x)
        violated += not abs(gradient - case.slope) <= bar
    assert violated <= len(cases) // 200


def test_float16_bars_hold() -> None:
    smallest = float(np.finfo(np.float16).tiny)
    violated, total = 0, 0
    for case in (draw(seed, hard=False) for seed in range(150)):
        f = half(case)
        with np.errstate(all="ignore"):
            if not (usable(case) and np.isfinite(f(case.x))):
                continue
        gradient, bar = numeric_grad(f, case.x)
        total += 1
        violated += not abs(gradient - case.slope) <= bar + smallest / abs(case.x)
    assert total > 120
    assert violated == 0


@pytest.mark.parametrize("low", [False, True], ids=["float64", "float32"])
def test_no_false_alarm_and_no_blind_pass(low: bool) -> None:
    for seed in range(9000, 9060):
        case = draw(seed)
        if not usable(case) or case.slope == 0:
            continue
        f = single(case) if low else case.f
        slope = case.slope
        x = np.array([case.x])
        right = gradcheck(f, x, vjp=lambda g, x, slope=slope: g * slope)
        assert right.verdict in ("PASS", "INCONCLUSIVE"), f"{case.name}\n{right}"
        wrong = gradcheck(
            f, x, vjp=lambda g, x, slope=slope: g * 1.5 * slope, points=False, shrink=False
        )
        assert wrong.verdict in ("FAIL", "INCONCLUSIVE") or wrong.resolution > 0.1, str(wrong)


def test_a_gradient_of_many_entries() -> None:
    rng = np.random.default_rng(3)
    w = rng.normal(size=(20, 5)) * 10.0 ** rng.uniform(-6, 6, (20, 1))
    gradient, bar = numeric_grad(lambda w: np.sum(np.sin(w) ** 2), w)
    assert gradient.shape == bar.shape == w.shape
    assert np.all(np.abs(gradient - np.sin(2 * w)) <= bar)
    assert np.median(bar) < 1e-6
