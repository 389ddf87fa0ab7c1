"""Functions that compute in float16 or bfloat16 inside: stairs, and the slope through them.

A unit of these is a thousandth or a hundredth of the value, so no difference of two values says
much. A polynomial through many values at long steps does: its roundings average out.
"""

from __future__ import annotations

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.numeric.noise import Window
from autograd.checking.numeric.probe import Flags, Floats, Line
from autograd.checking.numeric.richardson import Estimate


def low_precision_stairs(windows: list[Window], values: Floats, f0: Floats) -> Floats:
    """The stairs of outputs that round more coarsely than float32, (m,); 0 for other outputs.

    Such an output is flat on every grid on which float32 moves, and either all its values are
    numbers of float16 or bfloat16, or its smallest move is as small a share as theirs.
    """
    fine = [w.stairs > limit.FLAT_SHARE for w in windows[: limit.SINGLE_GRIDS]]
    flat = np.all(np.stack(fine), axis=0)
    if not flat.any():
        return np.zeros(f0.size)
    moves = np.abs(values - f0)
    least = np.min(np.where(moves > 0, moves, np.inf), axis=0, initial=np.inf)
    for w in windows:
        least = np.fmin(least, w.least)
    size = np.fmax(np.abs(f0), np.max(np.where(np.isfinite(moves), moves, 0.0), axis=0))
    known = np.where(np.isfinite(values), values, 0.0)
    half = np.all(is_half(known), axis=0) & is_half(f0)
    share = np.where(half, limit.STAIR_HALF, limit.STAIR_LOW)
    coarse = flat & np.isfinite(least) & (least <= share * size)
    return np.where(coarse, least, 0.0)


def unit_of_half(windows: list[Window], values: Floats, f0: Floats) -> Floats:
    """The unit of outputs all of whose values are numbers of 16 bits, (m,); 0 for other outputs.

    Many different values say so, which differ by less than a step that is meant would.
    """
    known = np.where(np.isfinite(values), values, f0)
    moves = np.abs(known - f0)
    least = np.min(np.where(moves > 0, moves, np.inf), axis=0, initial=np.inf)
    size = np.max(np.abs(known), axis=0)
    several = np.array([np.unique(column).size for column in known.T]) >= limit.HALF_VALUES
    meant = several & (windows[0].stairs > limit.FLAT_SHARE) & (least < limit.STAIR_HALF * size)
    with np.errstate(over="ignore"):
        half = np.all(known == known.astype(np.float16), axis=0)
    brain = np.all(is_half(known), axis=0)
    unit = np.where(half, limit.EPS_HALF, np.where(brain, limit.EPS_BRAIN, 0.0))
    return np.where(meant, unit, 0.0)


def is_half(values: Floats) -> Flags:
    """Which values are numbers of float16 or of bfloat16."""
    with np.errstate(over="ignore"):
        single = values.astype(np.float32)
        as_half = values == values.astype(np.float16)
    short = (single.view(np.uint32) & np.uint32(0xFFFF)) == 0
    return np.asarray(as_half | ((values == single) & short))


def fitted_slope(line: Line, stairs: Floats) -> Estimate:
    """The slope of polynomials fitted around the point of a line, with bars, (m,).

    The bar covers the noise, seen in the residuals and at least that of the stairs, and the
    change to the next degree; of all lengths and degrees the one with the smallest bar counts.
    """
    m = line.probe.size
    found = Estimate(np.zeros(m), np.full(m, np.inf))
    for reach in limit.FIT_REACHES:
        t = reach * (np.arange(limit.FIT_POINTS) + 0.5) / limit.FIT_POINTS
        t = np.concatenate([-t[::-1], t])
        unit = line.scale if line.direction is None else 1.0
        values = np.stack([np.array(line.at(step * unit)) for step in t])
        if not np.isfinite(values).all():
            continue
        slopes, bars = [], []
        for degree in limit.FIT_DEGREES:
            basis = np.vander(t / reach, degree + 1, increasing=True)
            inverse = np.linalg.pinv(basis)
            weights = inverse[1] / (reach * unit)
            rest = values - basis @ (inverse @ values)
            sigma = np.sqrt(np.sum(rest**2, axis=0) / (t.size - degree - 1))
            smooth = sigma <= limit.FIT_MOST_NOISE * stairs  # else it is not the stairs one sees
            sigma = np.where(smooth, np.fmax(sigma, limit.FIT_LEAST_NOISE * stairs), np.inf)
            slopes.append(weights @ values)
            bars.append(limit.QUICK_NOISE * sigma * np.sqrt(weights @ weights))
        for k in range(len(slopes) - 1):
            bar = bars[k] + np.abs(slopes[k + 1] - slopes[k])
            better = bar < found.bar
            found.value = np.where(better, slopes[k], found.value)
            found.bar = np.where(better, bar, found.bar)
    return found
