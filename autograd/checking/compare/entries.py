"""Compare claimed slopes with numerical ones, entry by entry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.numeric.derivatives import DOUBT, KINK, UNKNOWN, Derivatives
from autograd.checking.numeric.probe import Flags, Floats


@dataclass
class Comparison:
    """Per entry, arrays (n, m): the error, what could have gone unseen, and the decision.

    `infinite` marks slopes that are infinite, as claimed.
    """

    error: Floats
    unseen: Floats
    wrong: Flags
    kink: Flags
    kink_valid: Flags
    unclear: Flags
    infinite: Flags


def compare_entries(
    claimed: Floats,
    numeric: Derivatives,
    f0: Floats,
    scales: Floats,
    slack: Floats | None = None,
    own: Floats | None = None,
    last: bool = False,
) -> Comparison:
    """Decide about every entry of a claimed derivative (n, m).

    An entry is wrong where it is further from the numerical value than three bars; it is unclear
    where the bar is too wide to tell it from a gross error. `slack` (n, m) is the rounding noise
    of the claim itself, where it is known; some is always granted. `own` (n, m) is the size by
    which each input is measured, if it has its own; at `last` a wider bar is accepted, since there
    is none that is narrower.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        row = np.max(np.where(np.isfinite(claimed), np.abs(claimed) * scales[:, None], 0.0), axis=0)
        granted = limit.CLAIM_ROUNDING * np.where(np.isfinite(claimed), np.abs(claimed), 0.0)
        granted = granted + limit.ROW_ROUNDING * row / scales[:, None]
        if slack is not None:
            granted = granted + slack
        error = np.abs(claimed - numeric.value)
        same_infinity = np.isinf(claimed) & (claimed == numeric.value)
        # 0 * inf: the backward of an infinite slope has NaN for a cotangent that is 0.
        same = same_infinity | (np.isnan(claimed) & same_infinity.any(axis=1)[:, None])
        error = np.where(same, 0.0, error)
        kink = numeric.kind == KINK
        low = np.fmin(numeric.left, numeric.right) - limit.CLEAR_BARS * numeric.bar - granted
        high = np.fmax(numeric.left, numeric.right) + limit.CLEAR_BARS * numeric.bar + granted
        kink_valid = kink & (claimed >= low) & (claimed <= high)
        finite = np.isfinite(f0)
        unknown = (numeric.kind == UNKNOWN) | ~finite[None, :]
        if not finite.all():  # 0 * inf makes NaN of gradients that are not at fault
            unknown |= ~np.isfinite(claimed)
        bar = np.where(np.isfinite(numeric.value), numeric.bar, 0.0)
        infinite = np.isinf(numeric.value) & ~same_infinity
        off = ~(error <= limit.CLEAR_BARS * bar + granted)
        disputed = (numeric.kind == DOUBT) & off
        disputed &= (claimed >= numeric.left) & (claimed <= numeric.right)
        wrong = ~kink & ~unknown & ~infinite & ~disputed & off
        unseen = np.where(kink, numeric.bar, bar + error)
        natural = np.fmax(np.abs(f0)[None, :] / scales[:, None], numeric.natural)
        share = row[None, :] if own is None else own
        enough = smallest_visible(
            claimed, numeric, natural, share / scales[:, None], own is None, last
        )
        clear = (unseen <= enough) | kink | same_infinity
        if own is None or last:
            clear |= still(claimed, numeric, bar, natural)
    unclear = unknown | infinite | disputed | (~wrong & ~clear)
    wrong, unclear, kink = wrong & ~unclear, unclear & ~kink, kink & ~unknown
    return Comparison(error, unseen, wrong, kink, kink_valid, unclear, same_infinity)


def smallest_visible(
    claimed: Floats, numeric: Derivatives, natural: Floats, row: Floats, always: bool, last: bool
) -> Floats:
    """The error that must show for an entry to be decided, (n, m).

    A share of the entry, or of the largest entry `row` for the same output; or of the natural size
    of a slope, `always` or where the gradient is 0.
    """
    known = np.where(np.isfinite(numeric.value), numeric.value, 0)
    size = np.fmax(np.abs(claimed), np.abs(known))
    of_size, of_row = (limit.CLEAR_LAST,) * 2 if last else (limit.CLEAR_SHARE, limit.CLEAR_ROW)
    enough = np.fmax(of_size * size, of_row * row)
    zero = always | (row <= limit.ROW_ROUNDING * natural)
    enough = np.fmax(enough, np.where(zero, limit.CLEAR_NATURAL * natural, 0.0))
    return np.asarray(enough + limit.CLEAR_ALWAYS)


def still(claimed: Floats, numeric: Derivatives, bar: Floats, natural: Floats) -> Flags:
    """Where no dependence is seen, and the claim would not move the output by a float32 unit."""
    small = (np.abs(claimed) <= limit.EPS_SINGLE * natural) & (np.abs(numeric.value) <= bar)
    share = np.where(numeric.value == 0, limit.STILL_ZERO, limit.STILL_NONZERO)
    return np.asarray(small & (bar <= share * natural))
