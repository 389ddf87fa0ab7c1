"""The full ladder: the derivative along one line with an error bar, a side at a time.

Steps fall by a factor of four from the scale of the point down to its rounding; noise is measured
on grids of several spacings. `autograd.checking.numeric.richardson` turns the values into candidates;
here they become a slope: smooth, one-sided at the edge of a domain, bent, or not known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograd.checking.numeric.richardson import NOISE_FACTOR, RATIO, Estimate, best_of, growth
from autograd.checking.numeric.noise_levels import (
    EPS_SINGLE,
    TINY_SINGLE,
    far_noise,
    noise_level,
    rounds_to_single,
)
from autograd.checking.numeric.noise import EPS, SPACINGS, window
from autograd.checking.numeric.probe import Flags, Floats, Line

SMOOTH, EDGE, KINK, UNKNOWN, DOUBT = 0, 1, 2, 3, 4
_JITTER = 0.8731
_LONGEST = 44


@dataclass
class Slope:
    """The derivative along one line for every output, all of shape (m,).

    `kind` is SMOOTH, EDGE (one-sided, at the edge of the domain), KINK (`left` and `right`
    differ; `value` is their mean), UNKNOWN, or DOUBT (fine structure that has the slope
    `value`, or noise, and then any slope from `left` to `right` is possible). `jump` marks
    an output that jumps at the point; `natural` is how far it moves over the scale of the line,
    divided by that scale.
    """

    value: Floats
    bar: Floats
    left: Floats
    right: Floats
    kind: NDArray[np.int8]
    jump: Flags
    natural: Floats


@dataclass
class Rungs:
    """The values on the ladder: steps (K,); f(x + h), f(x - h) and noise (K, m); f(x) (m,)."""

    steps: Floats
    plus: Floats
    minus: Floats
    f0: Floats
    noise: Floats
    calm: Floats
    far: Floats
    scale: float
    hidden: Floats


def steps_of(line: Line) -> Floats:
    """The descending steps of the ladder, in the unit of the line."""
    if line.direction is not None:
        return np.asarray(_JITTER * RATIO ** -np.arange(1.0, 22.0))
    centre, scale = abs(line.centre), line.scale
    top = max(centre, scale, 1.0)
    bottom = 1e-13 * (centre or scale)
    raw = _JITTER * 0.5 * top * RATIO ** -np.arange(0.0, 560.0)
    near = raw[raw > bottom]
    if near.size > _LONGEST:  # a tiny point: steps about 1 and about its own scale, none between
        own = near[near <= 2.0 * max(centre, scale * 1e-3)]
        near = np.concatenate([near[: _LONGEST // 2], own[: _LONGEST // 2]])
    exact = np.array([line.step(h / scale) for h in near])
    return np.unique(exact[exact > 0])[::-1]


def climb(line: Line) -> Slope:
    """Evaluate the ladder and the noise windows of a line and read the slope of every output."""
    steps = steps_of(line)
    size = line.probe.size
    plus, minus = np.empty((steps.size, size)), np.empty((steps.size, size))
    for k, h in enumerate(steps):
        plus[k] = line.at(h)
        minus[k] = line.at(-h)
    plus[~np.isfinite(plus)] = np.nan
    minus[~np.isfinite(minus)] = np.nan
    unit = 1.0
    if line.direction is None and line.reach > 0:
        unit = line.reach / line.scale
    windows = [window(line, s * unit) for s in SPACINGS]
    f0 = line.probe.f0
    moves = np.fmax(np.abs(plus - f0), np.abs(minus - f0))
    variation = np.max(np.where(np.isfinite(moves), moves, 0.0), axis=0)
    values = np.concatenate([plus, minus])
    single = rounds_to_single(windows, values, f0)
    unit_of_rounding = np.where(single, EPS_SINGLE, EPS)
    size_of = np.fmax(np.fmax(np.abs(plus), np.abs(minus)), np.abs(f0))
    floor = 0.5 * unit_of_rounding * size_of
    floor = np.where(single & (f0 == 0), np.fmax(floor, TINY_SINGLE), floor)
    calm, rough = noise_level(windows, variation)
    # Rough from the nearest look on, and as large as the function: structure that no step resolves.
    largest = np.max(np.where(np.isfinite(values), np.abs(values), 0.0), axis=0, initial=0.0)
    blind = (calm > 1e-2 * variation) & (calm > 1e-4 * largest)
    noise = np.fmax(np.where(blind, np.inf, rough), floor)
    scale = line.scale if line.direction is None else 1.0
    far = np.fmax(far_noise(windows, variation), noise)
    # A slope that lives on the size of x alone can hide in float32 steps: so large it can be.
    own = line.reach if line.reach > 0 and line.direction is None else scale
    hidden = np.where(single, 3.0 * NOISE_FACTOR * np.min(noise, axis=0) / own, 0.0)
    calm = np.fmax(calm, floor)
    return read_slope(Rungs(steps, plus, minus, f0, noise, calm, far, scale, hidden))


def read_slope(rungs: Rungs) -> Slope:
    """Central and one-sided estimates of every output, and which of them is the derivative."""
    steps, plus, minus, f0, noise = rungs.steps, rungs.plus, rungs.minus, rungs.f0, rungs.noise
    h = steps[:, None]
    central = best_of((plus - minus) / (2 * h), steps, noise, (2, 4, 6), 1.0)
    natural = flat_and_natural(rungs, central)
    doubt, low, high = dispute(rungs, central)
    other, below, above = overlooked(rungs, central)
    low, high = np.where(doubt, low, below), np.where(doubt, high, above)
    doubt |= other
    buried = ~doubt & (rungs.hidden > 3.0 * central.bar) & np.isfinite(rungs.hidden)
    low = np.where(buried, central.value - rungs.hidden, low)
    high = np.where(buried, central.value + rungs.hidden, high)
    doubt |= buried
    fine = steps.size // 2
    plain = smooth_looking(rungs) & np.isfinite(central.bar)
    plain &= ~doubt & np.isfinite(plus[fine:]).all(axis=0) & np.isfinite(minus[fine:]).all(axis=0)
    if plain.all():
        nothing = np.full(f0.size, np.nan)
        kinds, quiet = np.full(f0.size, SMOOTH, dtype=np.int8), np.zeros(f0.size, dtype=bool)
        bar = central.bar + 4 * EPS * np.abs(central.value)
        return Slope(central.value, bar, nothing, nothing, kinds, quiet, natural)
    right = best_of((plus - f0) / h, steps, noise, (1, 2, 3), 2.0)
    left = best_of((f0 - minus) / h, steps, noise, (1, 2, 3), 2.0)
    jump = singular(rungs, right, +1) | singular(rungs, left, -1)
    kink = bent(rungs, left, right) | jump | (np.isinf(left.value) & np.isinf(right.value))
    edge_right = np.isfinite(plus).any(axis=0) & ~np.isfinite(minus[fine:]).any(axis=0)
    edge_left = np.isfinite(minus).any(axis=0) & ~np.isfinite(plus[fine:]).any(axis=0)
    edge = edge_left | edge_right
    kink &= ~edge
    value = np.where(edge_right, right.value, np.where(edge_left, left.value, central.value))
    bar = np.where(edge_right, right.bar, np.where(edge_left, left.bar, central.bar))
    with np.errstate(invalid="ignore"):
        value = np.where(kink, 0.5 * (left.value + right.value), value)
    bar = np.where(kink, np.fmax(left.bar, right.bar), bar)
    kind = np.where(kink, KINK, np.where(edge, EDGE, SMOOTH)).astype(np.int8)
    doubt &= kind == SMOOTH
    kind[doubt] = DOUBT
    left.value, right.value = np.where(doubt, low, left.value), np.where(doubt, high, right.value)
    kind[~np.isfinite(bar)] = UNKNOWN
    bar = bar + 4 * EPS * np.where(np.isfinite(value), np.abs(value), 0.0)
    return Slope(value, bar, left.value, right.value, kind, jump, natural)


def dispute(rungs: Rungs, central: Estimate) -> tuple[Flags, Floats, Floats]:
    """Where what looks like noise from further off may be fine structure: take its slope, in place.

    With the noise seen from near, the short steps may agree on a slope of their own. Nobody can
    tell then which of the two is meant; the range of the other reading is returned.
    """
    raised = np.max(rungs.noise / np.fmax(rungs.calm, 1e-300), axis=0) > 3.0
    if not raised.any():
        return np.zeros(rungs.f0.size, dtype=bool), central.value, central.value
    differences = (rungs.plus - rungs.minus) / (2 * rungs.steps[:, None])
    near = best_of(differences, rungs.steps, rungs.calm, (2, 4, 6), 1.0)
    sharp = near.bar < 1e-3 * np.abs(near.value)
    apart = np.abs(near.value - central.value) > near.bar + central.bar
    doubt = raised & sharp & (apart | (near.bar < 0.1 * central.bar))
    low, high = central.value - 3.0 * central.bar, central.value + 3.0 * central.bar
    central.value = np.where(doubt, near.value, central.value)
    central.bar = np.where(doubt, near.bar, central.bar)
    return np.asarray(doubt), np.asarray(low), np.asarray(high)


def overlooked(rungs: Rungs, central: Estimate) -> tuple[Flags, Floats, Floats]:
    """Where long steps agree on another slope, if small fine structure is taken for noise.

    A backward that leaves the structure out may be meant so; the range of that slope is returned.
    """
    differences = (rungs.plus - rungs.minus) / (2 * rungs.steps[:, None])
    far = best_of(differences, rungs.steps, rungs.far, (2, 4, 6), 1.0)
    with np.errstate(invalid="ignore"):
        apart = np.abs(far.value - central.value) > 3.0 * (far.bar + central.bar)
    doubt = apart & np.isfinite(far.bar) & np.isfinite(central.bar)
    return np.asarray(doubt), far.value - 3.0 * far.bar, far.value + 3.0 * far.bar


def flat_and_natural(rungs: Rungs, central: Estimate) -> Floats:
    """Set the slope of outputs that stand still around the point to exactly 0, in place.

    Still means: not one value differs over all steps up to a thousandth of the scale or more.
    Returns the natural size of a slope: the largest move within the scale, over the scale.
    """
    moves = np.fmax(np.abs(rungs.plus - rungs.f0), np.abs(rungs.minus - rungs.f0))
    moves = np.where(np.isfinite(moves), moves, 0.0)
    moved = np.maximum.accumulate(moves[::-1], axis=0)[::-1] > 0
    still = np.where(moved, 0.0, rungs.steps[:, None])
    reach = np.max(still, axis=0)
    flat = (reach >= 1e-3 * rungs.scale) & np.isfinite(rungs.plus[-1] + rungs.minus[-1])
    with np.errstate(divide="ignore"):
        bar = NOISE_FACTOR * np.min(rungs.noise, axis=0) / reach
    central.value = np.where(flat, 0.0, central.value)
    central.bar = np.where(flat, bar, central.bar)
    within = rungs.steps <= rungs.scale
    most = np.max(moves[within], axis=0, initial=0.0)
    return np.asarray(most / rungs.scale)


def smooth_looking(rungs: Rungs) -> Flags:
    """Whether second differences over h shrink with h wherever they stand clear of the noise.

    Of a kink they stay the same, of a cusp or a jump they grow; three such steps are a suspicion.
    """
    h = rungs.steps[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        bend = np.abs(rungs.plus + rungs.minus - 2 * rungs.f0) / h
        clear = bend > 6.0 * rungs.noise / h
        slow = clear[1:] & (bend[1:] > 0.6 * bend[:-1])
    return np.asarray(np.sum(slow, axis=0) < 3)


def singular(rungs: Rungs, side: Estimate, sign: int) -> Flags:
    """Repair a one-sided estimate that diverges, in place; return where the output jumps.

    Slopes that grow as a power of 1 / h are infinite (sqrt at 0). Where they grow as 1 / h the
    output jumps at the point, and the slope of the branch beside it is measured without f(x).
    """
    steps, noise = rungs.steps, rungs.noise
    values = rungs.plus if sign > 0 else rungs.minus
    slopes = sign * (values - rungs.f0) / steps[:, None]
    rate, sure = growth(slopes, steps, noise)
    jump = sure & (rate > 0.95) & (rate < 1.05)
    infinite = sure & (rate > 0.05) & (rate <= 0.95)
    last = slopes[-1]
    side.value = np.where(infinite, np.copysign(np.inf, last), side.value)
    side.bar = np.where(infinite, 0.0, side.bar)
    if jump.any():
        between = -sign * np.diff(values, axis=0) / -np.diff(steps)[:, None]
        branch = best_of(between, steps[1:], noise[1:], (1, 2, 3), 3.0)
        side.value = np.where(jump, branch.value, side.value)
        side.bar = np.where(jump, branch.bar, side.bar)
    return jump


def bent(rungs: Rungs, left: Estimate, right: Estimate) -> Flags:
    """Whether the slopes differ on the two sides however near one looks.

    Beside two disjoint bars it takes second differences that shrink as h, not as h ** 2.
    """
    h = rungs.steps[:, None]
    with np.errstate(invalid="ignore"):
        gap = np.abs(right.value - left.value)
        apart = np.isfinite(gap) & (gap > 2.0 * (left.bar + right.bar)) & (gap > 0)
        bend = np.abs(rungs.plus + rungs.minus - 2 * rungs.f0) / h
        steady = (bend > 24.0 * rungs.noise / h) & (np.abs(bend - gap) < 0.2 * gap)
    return np.asarray(apart & (np.sum(steady, axis=0) >= 3))
