"""The gradient of a function with one output, entry by entry, with bars."""

from __future__ import annotations

import numpy as np

from autograd.checking.numeric.derivatives import DOUBT, KINK, UNKNOWN
from autograd.checking.numeric.probe import ExhaustedError, Floats, Line, Probe
from autograd.checking.numeric.quick_pass import quick_pass, shared_noise
from autograd.checking.numeric.step_sweep import sweep_slope
from autograd.checking.thresholds import FEW_ENTRIES


def gradient_of(probe: Probe, scales: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Value and bar of every entry, (n,): the quick pass where it is sure, else the step sweep."""
    n = scales.size
    value, bar = np.full(n, np.nan), np.full(n, np.inf)
    todo = np.arange(n)
    if n > FEW_ENTRIES:
        noise, coarse = shared_noise(probe, scales, rng)
        found, sure = quick_pass(probe, scales, noise)
        keep = sure[:, 0] & ~coarse[0]
        value[keep], bar[keep] = found.value[keep, 0], found.bar[keep, 0]
        todo = np.flatnonzero(~keep)
    try:
        for i in todo:
            value[i], bar[i] = slope_of_entry(probe, float(scales[i]), int(i))
    except ExhaustedError:
        pass
    return value, bar


def slope_of_entry(probe: Probe, scale: float, index: int) -> tuple[float, float]:
    """The derivative to one entry, and a bar that reaches every slope that it may have."""
    slope = sweep_slope(Line(probe, scale, index))
    value, bar, kind = float(slope.value[0]), float(slope.bar[0]), slope.kind[0]
    left, right = float(slope.left[0]), float(slope.right[0])
    if kind == UNKNOWN:
        return value, np.inf
    if kind == DOUBT:
        return value, bar + float(np.max(np.abs(np.array([left, right]) - value)))
    if kind == KINK and np.isfinite(left) and np.isfinite(right):
        return value, bar + 0.5 * abs(right - left)
    return value, bar
