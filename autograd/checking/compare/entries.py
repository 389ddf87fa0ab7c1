"""Compare a claimed Jacobian with the numerical one, entry by entry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograd.checking.numeric.step_sweep import DOUBT, KINK, UNKNOWN
from autograd.checking.numeric.noise import EPS
from autograd.checking.numeric.probe import Flags, Floats
from autograd.checking.numeric.quick_pass import Numeric

CLEAR = 3.0
GRANTED = 1e-10
RELATIVE = 3e-3
NATURAL = 1e-4
SINGLE = float(np.finfo(np.float32).eps)
ROW = 1e-3
NOTHING = 1e-25


@dataclass
class Judgement:
    """Per entry, arrays (n, m): the error, what could have gone unseen, and the decision."""

    error: Floats
    unseen: Floats
    wrong: Flags
    kink: Flags
    kink_valid: Flags
    unclear: Flags


def judge(
    claimed: Floats, numeric: Numeric, f0: Floats, scales: Floats, slack: Floats | None = None
) -> Judgement:
    """Decide about every entry of a claimed derivative (n, m).

    An entry is wrong where it is further from the numerical value than three bars; it is unclear
    where the bar is too wide to tell it from a gross error. `slack` (n, m) is the rounding noise
    of the claim itself, where it is known; some is always granted.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        own = GRANTED * np.abs(claimed)
        row = np.max(np.where(np.isfinite(claimed), np.abs(claimed) * scales[:, None], 0.0), axis=0)
        own = own + 64 * EPS * row / scales[:, None]
        if slack is not None:
            own = own + slack
        error = np.abs(claimed - numeric.value)
        same_infinity = np.isinf(claimed) & (claimed == numeric.value)
        error = np.where(same_infinity, 0.0, error)
        kink = numeric.kind == KINK
        low = np.fmin(numeric.left, numeric.right) - CLEAR * numeric.bar - own
        high = np.fmax(numeric.left, numeric.right) + CLEAR * numeric.bar + own
        kink_valid = kink & (claimed >= low) & (claimed <= high)
        finite = np.isfinite(f0)
        unknown = (numeric.kind == UNKNOWN) | ~finite[None, :]
        if not finite.all():  # 0 * inf makes NaN of gradients that are not at fault
            unknown |= ~np.isfinite(claimed)
        bar = np.where(np.isfinite(numeric.value), numeric.bar, 0.0)
        endless = np.isinf(numeric.value) & ~same_infinity
        disputed = (numeric.kind == DOUBT) & ~(error <= CLEAR * bar + own)
        disputed &= (claimed >= numeric.left) & (claimed <= numeric.right)
        wrong = ~kink & ~unknown & ~endless & ~disputed & ~(error <= CLEAR * bar + own)
        unseen = np.where(kink, numeric.bar, bar + error)
        size = np.fmax(
            np.abs(claimed), np.abs(np.where(np.isfinite(numeric.value), numeric.value, 0))
        )
        natural = np.fmax(np.abs(f0)[None, :] / scales[:, None], numeric.natural)
        enough = np.fmax(RELATIVE * size, NATURAL * natural)
        enough = np.fmax(enough, ROW * row[None, :] / scales[:, None]) + NOTHING
        # No dependence is seen, and the claim would not move the output by one float32 unit.
        still = (np.abs(claimed) <= SINGLE * natural) & (np.abs(numeric.value) <= bar)
        still &= bar <= np.where(numeric.value == 0, 1e-2, 1e-4) * natural
        clear = (unseen <= enough) | kink | same_infinity | still
    unclear = unknown | endless | disputed | (~wrong & ~clear)
    return Judgement(error, unseen, wrong & ~unclear, kink & ~unknown, kink_valid, unclear & ~kink)


def jacobian_spread(gradients: list[Floats]) -> Floats:
    """How far claims at points a few roundings apart lie from their mean, entry by entry."""
    stack = np.stack(gradients)
    return np.asarray(np.max(stack, axis=0) - np.min(stack, axis=0))
