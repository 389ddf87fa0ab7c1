"""The step sweep: the derivative along one line with an error bar, a side at a time.

Steps fall by a factor of four from the scale of the point down to its rounding; noise is measured
on grids of several spacings. `autograd.checking.numeric.slopes` reads the slope from the samples.
"""

from __future__ import annotations

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.numeric.derivatives import Derivatives, Rows, Slope
from autograd.checking.numeric.low_precision import (
    fitted_slope,
    low_precision_stairs,
    unit_of_half,
)
from autograd.checking.numeric.noise import Window, window
from autograd.checking.numeric.noise_levels import (
    far_noise,
    noise_level,
    rounds_to_single,
)
from autograd.checking.numeric.probe import ExhaustedError, Flags, Floats, Line, Probe
from autograd.checking.numeric.slopes import Samples, read_slope


def sweep_slope(line: Line) -> Slope:
    """Evaluate all steps and the noise windows of a line and read the slope of every output."""
    return read_slope(samples_of(line))


def steps_of(line: Line) -> Floats:
    """The descending steps of the sweep, in the unit of the line."""
    if line.direction is not None:
        powers = np.arange(1.0, limit.LINE_STEPS + 1.0)
        return np.asarray(limit.STEP_OFFSET * limit.STEP_RATIO**-powers)
    centre, scale = abs(line.centre), line.scale
    top = max(centre, scale, 1.0)
    powers = np.arange(0.0, limit.STEP_COUNT)
    steps = limit.STEP_OFFSET * 0.5 * top * limit.STEP_RATIO**-powers
    steps = steps[steps > limit.SMALLEST_STEP * (centre or scale)]
    if steps.size > limit.LONGEST_SWEEP:
        half = limit.LONGEST_SWEEP // 2
        reach = limit.OWN_SCALE_REACH * max(centre, scale * limit.OWN_SCALE_SHARE)
        steps = np.concatenate([steps[:half], steps[steps <= reach][:half]])
    exact = np.array([line.step(h / scale) for h in steps])
    return np.unique(exact[exact > 0])[::-1]


def samples_of(line: Line) -> Samples:
    """The values at all steps of a line, and what its noise can be."""
    steps = steps_of(line)
    size = line.probe.size
    plus, minus = np.empty((steps.size, size)), np.empty((steps.size, size))
    for k, h in enumerate(steps):
        plus[k] = line.at(h)
        minus[k] = line.at(-h)
    plus[~np.isfinite(plus)] = np.nan
    minus[~np.isfinite(minus)] = np.nan
    on_entry = line.direction is None
    unit = line.reach / line.scale if on_entry and line.reach > 0 else 1.0
    windows = [window(line, spacing * unit) for spacing in limit.SPACINGS]
    f0 = line.probe.f0
    moves = np.fmax(np.abs(plus - f0), np.abs(minus - f0))
    variation = np.max(np.where(np.isfinite(moves), moves, 0.0), axis=0)
    single, floor = rounding_floor(windows, plus, minus, f0)
    near, rough = noise_level(windows, variation)
    # Rough from the nearest look on, and as large as the function: structure that no step resolves.
    values = np.concatenate([plus, minus])
    largest = np.max(np.where(np.isfinite(values), np.abs(values), 0.0), axis=0, initial=0.0)
    blind = (near > limit.BLIND_VARIATION * variation) & (near > limit.BLIND_SIZE * largest)
    stairs = low_precision_stairs(windows, values, f0)
    blind &= stairs == 0
    noise = np.fmax(np.where(blind, np.inf, rough), np.fmax(floor, limit.STAIR_NOISE * stairs))
    scale = line.scale if on_entry else 1.0
    far = np.fmax(far_noise(windows, variation), noise)
    # A slope that lives on the size of x alone can hide in float32 steps: so large it can be.
    span = line.reach if line.reach > 0 and on_entry else scale
    quietest = np.min(noise, axis=0)
    hidden = np.where(single, limit.CLEAR_BARS * limit.SWEEP_NOISE * quietest / span, 0.0)
    fitted = fitted_slope(line, stairs) if stairs.any() else None
    near, coarse = np.fmax(near, floor), np.asarray(stairs > 0)
    return Samples(steps, plus, minus, f0, noise, near, far, scale, hidden, floor, coarse, fitted)


def rounding_floor(
    windows: list[Window], plus: Floats, minus: Floats, f0: Floats
) -> tuple[Flags, Floats]:
    """Which outputs round as float32 does, (m,), and the rounding of every value, (K, m)."""
    values = np.concatenate([plus, minus])
    single = rounds_to_single(windows, values, f0)
    half = unit_of_half(windows, values, f0)
    unit = np.fmax(np.where(single, limit.EPS_SINGLE, limit.EPS), half)
    size = np.fmax(np.fmax(np.abs(plus), np.abs(minus)), np.abs(f0))
    floor = limit.HALF_UNIT * unit * size
    tiny = np.fmax(floor, np.where(half > 0, limit.TINY_HALF, limit.TINY_SINGLE))
    low = (single | (half > 0)) & (f0 == 0)
    return single, np.where(low, tiny, floor)


def refine(probe: Probe, scales: Floats, found: Derivatives, doubt: Flags, order: Rows) -> int:
    """Sweep the steps of the entries in `order`, and keep the slopes of the outputs in `doubt`.

    Returns how many entries were refined before the budget ended.
    """
    done = 0
    try:
        for i in order:
            found.put(int(i), sweep_slope(Line(probe, float(scales[i]), int(i))), doubt[i])
            done += 1
    except ExhaustedError:
        pass
    return done
