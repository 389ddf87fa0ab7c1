"""From the samples of a step sweep to a slope: smooth, one-sided, bent, infinite, or not known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.numeric.derivatives import DOUBT, EDGE, KINK, SMOOTH, UNKNOWN, Slope
from autograd.checking.numeric.probe import Flags, Floats
from autograd.checking.numeric.richardson import Estimate, best_of, growth

CENTRAL, ONE_SIDED = (2, 4, 6), (1, 2, 3)
"""The powers of h in the error of a central and of a one-sided difference."""

CENTRAL_GAIN, ONE_SIDED_GAIN, BRANCH_GAIN = 1.0, 2.0, 3.0
"""The noise of a difference over that of one value over h, at worst: two values over 2 h; two over
h; and two over the distance of two steps, 3/4 of the longer one."""


@dataclass
class Samples:
    """The values of a step sweep: steps (K,), descending; f(x + h), f(x - h) (K, m); f(x) (m,).

    Three readings of the noise of a value, (K, m): `near` and `noise` as seen from near and from
    further off, `far` if everything small were noise; `floor` is its rounding. `hidden` (m,) is how
    large a slope can be that float32 steps hide. `coarse` (m,) marks outputs that round as float16
    does, if they are not stairs that are meant: their slope is that of long steps, `fitted`, or 0.
    """

    steps: Floats
    plus: Floats
    minus: Floats
    f0: Floats
    noise: Floats
    near: Floats
    far: Floats
    scale: float
    hidden: Floats
    floor: Floats
    coarse: Flags
    fitted: Estimate | None


def read_slope(s: Samples) -> Slope:
    """Central and one-sided estimates of every output, and which of them is the derivative."""
    steps, plus, minus, f0, noise = s.steps, s.plus, s.minus, s.f0, s.noise
    h = steps[:, None]
    central = central_of(s, noise)
    natural = flat_and_natural(s, central)
    doubt, low, high = second_reading(s, central)
    if s.fitted is not None:
        better = s.coarse & (s.fitted.bar < central.bar)
        central.value = np.where(better, s.fitted.value, central.value)
        central.bar = np.where(better, s.fitted.bar, central.bar)
    doubt = np.where(s.coarse, np.isfinite(central.bar), doubt)
    low, high = np.where(s.coarse, 0.0, low), np.where(s.coarse, 0.0, high)
    fine = steps.size // 2
    plain = smooth_looking(s) & np.isfinite(central.bar)
    plain &= ~doubt & np.isfinite(plus[fine:]).all(axis=0) & np.isfinite(minus[fine:]).all(axis=0)
    if plain.all():
        nothing = np.full(f0.size, np.nan)
        kinds, no_jump = np.full(f0.size, SMOOTH, dtype=np.int8), np.zeros(f0.size, dtype=bool)
        bar = central.bar + limit.VALUE_ROUNDING * np.abs(central.value)
        return Slope(central.value, bar, nothing, nothing, kinds, no_jump, natural)
    right = best_of((plus - f0) / h, steps, noise, ONE_SIDED, ONE_SIDED_GAIN)
    left = best_of((f0 - minus) / h, steps, noise, ONE_SIDED, ONE_SIDED_GAIN)
    jump = singular(s, right, +1) | singular(s, left, -1)
    steep = np.isinf(left.value) & np.isinf(right.value) & ~jump
    vertical = steep & (left.value == right.value)
    kink = (bent(s, left, right) | jump | steep) & ~vertical
    edge_right = np.isfinite(plus).any(axis=0) & ~np.isfinite(minus[fine:]).any(axis=0)
    edge_left = np.isfinite(minus).any(axis=0) & ~np.isfinite(plus[fine:]).any(axis=0)
    edge = edge_left | edge_right
    kink &= ~edge
    value = np.where(edge_right, right.value, np.where(edge_left, left.value, central.value))
    bar = np.where(edge_right, right.bar, np.where(edge_left, left.bar, central.bar))
    with np.errstate(invalid="ignore"):
        value = np.where(kink, 0.5 * (left.value + right.value), value)
    bar = np.where(kink, np.fmax(left.bar, right.bar), bar)
    value, bar = np.where(vertical, left.value, value), np.where(vertical, 0.0, bar)
    kind = np.where(kink, KINK, np.where(edge, EDGE, SMOOTH)).astype(np.int8)
    doubt &= kind == SMOOTH
    kind[doubt] = DOUBT
    left.value, right.value = np.where(doubt, low, left.value), np.where(doubt, high, right.value)
    kind[~np.isfinite(bar)] = UNKNOWN
    bar = bar + limit.VALUE_ROUNDING * np.where(np.isfinite(value), np.abs(value), 0.0)
    return Slope(value, bar, left.value, right.value, kind, jump, natural)


def central_of(s: Samples, noise: Floats) -> Estimate:
    """The best extrapolated central difference of every output, for one reading of the noise."""
    differences = (s.plus - s.minus) / (2 * s.steps[:, None])
    return best_of(differences, s.steps, noise, CENTRAL, CENTRAL_GAIN)


def second_reading(s: Samples, central: Estimate) -> tuple[Flags, Floats, Floats]:
    """Which outputs can be read in two ways, and the slopes of the other reading, (m,) each.

    Where short steps resolve a slope of their own, it is put in `central`, in place.
    """
    doubt, low, high = prefer_short_steps(s, central)
    other, below, above = long_steps_disagree(s, central)
    low, high = np.where(doubt, low, below), np.where(doubt, high, above)
    doubt |= other
    buried = ~doubt & (s.hidden > limit.CLEAR_BARS * central.bar) & np.isfinite(s.hidden)
    low = np.where(buried, central.value - s.hidden, low)
    high = np.where(buried, central.value + s.hidden, high)
    return doubt | buried, low, high


def prefer_short_steps(s: Samples, central: Estimate) -> tuple[Flags, Floats, Floats]:
    """Where what looks like noise from further off may be fine structure: take its slope, in place.

    With the noise seen from near, the short steps may agree on a slope of their own. Nobody can
    tell then which of the two is meant; the range of the other reading is returned.
    """
    raised = np.max(s.noise / np.fmax(s.near, 1e-300), axis=0) > limit.RAISED_NOISE
    if not raised.any():
        return np.zeros(s.f0.size, dtype=bool), central.value, central.value
    near = central_of(s, s.near)
    sharp = near.bar < limit.SHARP_SLOPE * np.abs(near.value)
    apart = np.abs(near.value - central.value) > near.bar + central.bar
    doubt = raised & sharp & (apart | (near.bar < limit.SHARPER_BAR * central.bar))
    reach = limit.CLEAR_BARS * central.bar
    low, high = central.value - reach, central.value + reach
    central.value = np.where(doubt, near.value, central.value)
    central.bar = np.where(doubt, near.bar, central.bar)
    return np.asarray(doubt), np.asarray(low), np.asarray(high)


def long_steps_disagree(s: Samples, central: Estimate) -> tuple[Flags, Floats, Floats]:
    """Where long steps agree on another slope, if small fine structure is taken for noise.

    A backward that leaves the structure out may be meant so; the range of that slope is returned.
    """
    far = central_of(s, s.far)
    with np.errstate(invalid="ignore"):
        apart = np.abs(far.value - central.value) > limit.CLEAR_BARS * (far.bar + central.bar)
    doubt = apart & np.isfinite(far.bar) & np.isfinite(central.bar)
    reach = limit.CLEAR_BARS * far.bar
    return np.asarray(doubt), far.value - reach, far.value + reach


def flat_and_natural(s: Samples, central: Estimate) -> Floats:
    """Set the slope of outputs that do not move around the point to exactly 0, in place.

    That is, not one value differs over all steps up to a thousandth of the scale or more.
    Returns the natural size of a slope: the largest move within the scale, over the scale.
    """
    moves = np.fmax(np.abs(s.plus - s.f0), np.abs(s.minus - s.f0))
    moves = np.where(np.isfinite(moves), moves, 0.0)
    moved = np.maximum.accumulate(moves[::-1], axis=0)[::-1] > 0
    still = np.where(moved, 0.0, s.steps[:, None])
    reach = np.max(still, axis=0)
    flat = (reach >= limit.STILL_REACH * s.scale) & np.isfinite(s.plus[-1] + s.minus[-1])
    flat &= ~s.coarse
    with np.errstate(divide="ignore"):
        bar = limit.SWEEP_NOISE * np.min(s.floor, axis=0) / reach
    central.value = np.where(flat, 0.0, central.value)
    central.bar = np.where(flat, bar, central.bar)
    within = s.steps <= s.scale
    most = np.max(moves[within], axis=0, initial=0.0)
    return np.asarray(most / s.scale)


def smooth_looking(s: Samples) -> Flags:
    """Whether second differences over h shrink with h wherever they are clear of the noise.

    Of a kink they stay the same, of a cusp or a jump they grow; three such steps are a suspicion.
    """
    h = s.steps[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        bend = np.abs(s.plus + s.minus - 2 * s.f0) / h
        clear = bend > limit.BEND_NOISE * s.noise / h
        slow = clear[1:] & (bend[1:] > limit.BEND_SHRINK * bend[:-1])
    return np.asarray(np.sum(slow, axis=0) < limit.BEND_STEPS)


def singular(s: Samples, side: Estimate, sign: int) -> Flags:
    """Repair a one-sided estimate that diverges, in place; return where the output jumps.

    Slopes that grow as a power of 1 / h are infinite (sqrt at 0). Where they grow as 1 / h the
    output jumps at the point, and the slope of the branch beside it is measured without f(x).
    """
    steps, noise = s.steps, s.noise
    values = s.plus if sign > 0 else s.minus
    slopes = sign * (values - s.f0) / steps[:, None]
    rate, sure = growth(slopes, steps, noise)
    jump = sure & (rate > limit.JUMP_POWER) & (rate < limit.JUMP_POWER_MOST)
    infinite = sure & (rate > limit.INFINITE_POWER) & (rate <= limit.JUMP_POWER)
    last = slopes[-1]
    side.value = np.where(infinite, np.copysign(np.inf, last), side.value)
    side.bar = np.where(infinite, 0.0, side.bar)
    if jump.any():
        between = -sign * np.diff(values, axis=0) / -np.diff(steps)[:, None]
        branch = best_of(between, steps[1:], noise[1:], ONE_SIDED, BRANCH_GAIN)
        side.value = np.where(jump, branch.value, side.value)
        side.bar = np.where(jump, branch.bar, side.bar)
    return jump


def bent(s: Samples, left: Estimate, right: Estimate) -> Flags:
    """Whether the slopes differ on the two sides however near one looks.

    Beside two disjoint bars it takes second differences that shrink as h, not as h ** 2.
    """
    h = s.steps[:, None]
    with np.errstate(invalid="ignore"):
        gap = np.abs(right.value - left.value)
        apart = np.isfinite(gap) & (gap > 0)
        apart &= gap > limit.KINK_BARS * (left.bar + right.bar)
        bend = np.abs(s.plus + s.minus - 2 * s.f0) / h
        steady = bend > limit.KINK_NOISE * s.noise / h
        steady &= np.abs(bend - gap) < limit.KINK_STEADY * gap
    return np.asarray(apart & (np.sum(steady, axis=0) >= limit.KINK_STEPS))
