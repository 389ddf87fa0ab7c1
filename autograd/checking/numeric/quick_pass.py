"""The quick pass: a few evaluations an entry, kept only where everything agrees.

Two or three nested central differences, extrapolated, and one short one-sided difference that
exposes what the long ones cannot see: kinks, fine structure, stairs. An entry that raises any
doubt is left to the step sweep.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.numeric.derivatives import SMOOTH, Derivatives, Rows
from autograd.checking.numeric.noise import Window, window
from autograd.checking.numeric.noise_levels import noise_level
from autograd.checking.numeric.probe import Flags, Floats, Line, Probe
from autograd.checking.numeric.signed import signed_weights
from autograd.checking.numeric.step_sweep import sweep_slope


def shared_noise(probe: Probe, scales: Floats, rng: np.random.Generator) -> tuple[Floats, Flags]:
    """The noise of every output near the point, (m,), along one random signed direction.

    Also which outputs round more coarsely than float64 and still move: their noise is not white.
    """
    line = Line(probe, 1.0, direction=signed_weights(rng, scales.size) * scales)
    windows: list[Window] = []
    for spacing in limit.SPACINGS:
        if spacing == limit.SPACINGS[1] and not (windows[0].stairs > limit.FLAT_SHARE).any():
            continue
        if spacing > limit.SHORT_SPACING and not (windows[-1].stairs > limit.FLAT_SHARE).any():
            break
        windows.append(window(line, spacing))
    size = np.abs(probe.f0)
    flat = windows[0].stairs > limit.FLAT_SHARE
    least = np.min(np.stack([w.least for w in windows]), axis=0)
    coarse = flat & np.isfinite(least) & (least > limit.STAIR_LEAST * size)
    # A flat output may be a saturated float32; not where its neighbours are seen to be float64.
    single = bool(coarse.any()) or not np.isfinite(least).any()
    unit = np.where(flat, limit.EPS_SINGLE if single else limit.EPS, limit.EPS)
    tiny = np.where(flat & (size == 0), limit.TINY_SINGLE, 0.0)
    floor = np.fmax(limit.HALF_UNIT * unit * size, tiny)
    noise = np.fmax(noise_level(windows, np.zeros(probe.size))[1], floor)
    return np.asarray(noise), np.asarray(coarse)


@dataclass
class QuickSamples:
    """Values at fixed shares of the scale of each entry, (n, m); `h` and `tiny` (n, 1)."""

    plus: list[Floats]
    minus: list[Floats]
    ahead: Floats
    h: Floats
    tiny: Floats


def quick_samples(
    probe: Probe, scales: Floats, rows: Rows, levels: int, reach: float
) -> QuickSamples:
    """Evaluate `2 * levels + 1` points for the entries in `rows`."""
    n, m = rows.size, probe.size
    centres = probe.x[rows]
    ulp = np.spacing(np.abs(centres) + scales[rows])
    h = np.maximum(np.round(reach * scales[rows] / 2 ** (levels - 1) / ulp), 1.0) * ulp
    tiny = np.maximum(np.round(limit.FINE_STEP * scales[rows] / ulp), 1.0) * ulp
    plus = [np.empty((n, m)) for _ in range(levels)]
    minus = [np.empty((n, m)) for _ in range(levels)]
    ahead = np.empty((n, m))
    work = probe.x.copy()
    for r, i in enumerate(rows.tolist()):
        centre, step = centres[r], h[r]
        for k in range(levels):
            work[i] = centre + step
            plus[k][r] = probe(work)
            work[i] = centre - step
            minus[k][r] = probe(work)
            step = 2.0 * step
        work[i] = centre + tiny[r]
        ahead[r] = probe(work)
        work[i] = centre
    return QuickSamples(plus, minus, ahead, h[:, None], tiny[:, None])


def longest_step(probe: Probe, noise: Floats, levels: int) -> float:
    """The longest step in units of the scale: noisier functions get longer ones."""
    sizes = np.where(probe.f0 == 0, np.inf, np.abs(probe.f0))
    relative = float(np.median(noise / sizes)) if probe.size else limit.EPS
    excess = max(relative / limit.EPS, 1.0)
    if levels == 3:
        return limit.LONG_STEP * min(excess**limit.LONG_STEP_POWER, limit.LONG_STEP_MOST)
    return limit.SHORT_STEP * min(excess**limit.SHORT_STEP_POWER, limit.SHORT_STEP_MOST)


def quick_pass(
    probe: Probe,
    scales: Floats,
    noise: Floats,
    claimed: Floats | None = None,
    levels: int = 3,
    rows: Rows | None = None,
) -> tuple[Derivatives, Flags]:
    """Cheap derivatives of the entries in `rows` (all), and which are beyond doubt, (k, m).

    With a `claimed` derivative (n, m) two levels can be enough: two independent numbers agree.
    """
    rows = np.arange(scales.size) if rows is None else rows
    s = quick_samples(probe, scales, rows, levels, longest_step(probe, noise, levels))
    central = [
        (p - q) / (2.0 * s.h * 2**k) for k, (p, q) in enumerate(zip(s.plus, s.minus, strict=True))
    ]
    value = (4.0 * central[0] - central[1]) / 3.0
    change = np.abs(value - central[0])
    reached = np.fmax(np.abs(s.plus[0]), np.abs(s.minus[0]))
    rounding = limit.HALF_UNIT * limit.EPS * np.where(np.isfinite(reached), reached, 0.0)
    noise = np.fmax(noise, rounding)
    noise_bar = limit.QUICK_NOISE * noise / s.h
    share = limit.ALONE_TWO if claimed is None else limit.AGREED_TWO
    bar = limit.NOISE_GAIN_TWO * noise_bar + share * change
    sure = np.isfinite(bar)
    if levels == 3:
        first, second = value, (4.0 * central[1] - central[2]) / 3.0
        value = (16.0 * first - second) / 15.0
        share = limit.ALONE_THREE if claimed is None else limit.AGREED_THREE
        bar = limit.NOISE_GAIN_THREE * noise_bar + share * np.abs(value - first)
        sure = change <= limit.FALLING * np.abs(second - central[1]) + noise_bar
        sure &= np.abs(value - first) <= limit.FALLING_TWICE * change + noise_bar
    agreed = value if claimed is None else claimed[rows]
    with np.errstate(invalid="ignore"):
        sure &= np.abs(agreed - value) <= bar
        bend = (s.plus[0] + s.minus[0] - 2.0 * probe.f0) / s.h**2
        forward = (s.ahead - probe.f0) / s.tiny
        allowed = limit.FORWARD_NOISE * noise / s.tiny
        allowed = allowed + limit.FORWARD_BEND * np.abs(bend) * s.tiny + bar
        sure &= np.abs(forward - agreed - 0.5 * bend * s.tiny) <= allowed
    found = Derivatives.unknown(*value.shape)
    found.value, found.bar = value, np.where(np.isfinite(bar), bar, np.inf)
    found.kind[sure] = SMOOTH
    return found, np.asarray(sure)


def line_slope(probe: Probe, direction: Floats, claimed: Floats, noise: Floats) -> Derivatives:
    """The slope of every output along one direction, (1, m): a quick pass, then the step sweep."""
    line = Line(probe, 1.0, direction=direction)
    found = Derivatives.unknown(1, probe.size)
    tiny = limit.LINE_FINE_STEP
    forward = (np.array(line.at(tiny)) - probe.f0) / tiny
    central: list[Floats] = []
    first = np.zeros(0)
    for k in range(limit.LINE_LEVELS):
        h = limit.LINE_STEP / 2.0**k
        plus, minus = np.array(line.at(h)), np.array(line.at(-h))
        central.append((plus - minus) / (2 * h))
        if k == 0:
            continue
        before, first = first, (4.0 * central[-1] - central[-2]) / 3.0
        rounding = limit.HALF_UNIT * limit.EPS * np.fmax(np.abs(plus), np.abs(minus))
        noise_bar = limit.QUICK_NOISE * np.fmax(noise, rounding) / h
        if k == 1:
            value = first
            bar = limit.AGREED_TWO * np.abs(first - central[-1]) + limit.NOISE_GAIN_TWO * noise_bar
        else:
            value = (16.0 * first - before) / 15.0
            bar = limit.AGREED_THREE * np.abs(value - first) + limit.NOISE_GAIN_THREE * noise_bar
        bend = (plus + minus - 2 * probe.f0) / h**2
        ahead = forward - 0.5 * bend * tiny
        allowed = limit.LINE_FORWARD_NOISE * noise / tiny
        allowed = allowed + limit.FORWARD_BEND * np.abs(bend) * tiny + bar
        sure = (np.abs(claimed - value) <= bar) & (np.abs(ahead - claimed) <= allowed)
        found.value[0], found.bar[0], found.kind[0, sure] = value, bar, SMOOTH
        if sure.all():
            return found
    found.put(0, sweep_slope(line), ~sure)
    return found


def own_scales(x: Floats, scales: Floats, most: float) -> Floats:
    """The scales, but no nonzero entry moves by more than `most` times its own size."""
    return np.asarray(np.where(x != 0, np.minimum(scales, most * np.abs(x)), scales))
