"""Large inputs: random signed projections, then bisection to the entry that is wrong.

With v a random signed direction of the inputs and u one of the outputs, u . J v is one number that
every entry of J takes part in: a wrong entry shows unless others cancel it, which two independent
signed projections make as unlikely as a coin that falls the same way every time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograd.checking.compare.entries import Judgement, judge
from autograd.checking.numeric.step_sweep import climb
from autograd.checking.numeric.noise import EPS
from autograd.checking.numeric.probe import ExhaustedError, Floats, Line, Probe
from autograd.checking.numeric.quick_pass import Numeric, shared_noise

Pull = Callable[[Floats], Floats]
OUTPUTS, DIRECTIONS = 4, 4
STEP, TINY = 0.0049, 1.03e-6


@dataclass
class Projected:
    """Claimed and numerical u . J v, shape (DIRECTIONS, OUTPUTS), and what was decided."""

    claimed: Floats
    numeric: Numeric
    judgement: Judgement
    directions: Floats
    cotangents: Floats
    gradients: Floats
    resolution: float
    single: float


def signed_rows(rng: np.random.Generator, rows: int, size: int) -> Floats:
    """Random signs times sizes in [0.6, 1]: no two entries cancel exactly."""
    return np.asarray(rng.choice([-1.0, 1.0], (rows, size)) * rng.uniform(0.6, 1.0, (rows, size)))


def line_slope(probe: Probe, direction: Floats, claimed: Floats, noise: Floats) -> Numeric:
    """The slope of every output along one direction, (1, m): a screen, then the ladder."""
    line = Line(probe, 1.0, direction=direction)
    numeric = Numeric.unknown(1, probe.size)
    tiny = np.array(line.at(TINY))
    central: list[Floats] = []
    first = np.zeros(0)
    for k in range(4):
        h = STEP / 2.0**k
        plus, minus = np.array(line.at(h)), np.array(line.at(-h))
        central.append((plus - minus) / (2 * h))
        if k == 0:
            continue
        before, first = first, (4.0 * central[-1] - central[-2]) / 3.0
        rounding = 0.5 * EPS * np.fmax(np.abs(plus), np.abs(minus))
        own = 5.0 * np.fmax(noise, rounding) / h
        value, bar = first, 1.5 * own + 3e-5 * np.abs(first - central[-1])
        if k > 1:
            value = (16.0 * first - before) / 15.0
            bar = 1.6 * own + 0.03 * np.abs(value - first)
        bend = (plus + minus - 2 * probe.f0) / h**2
        ahead = (tiny - probe.f0) / TINY - 0.5 * bend * TINY
        allowed = 10.0 * noise / TINY + 0.1 * np.abs(bend) * TINY + bar
        sure = (np.abs(claimed - value) <= bar) & (np.abs(ahead - claimed) <= allowed)
        numeric.value[0], numeric.bar[0], numeric.kind[0, sure] = value, bar, 0
        if sure.all():
            return numeric
    numeric.put(0, climb(line), ~sure)
    return numeric


def own_scales(x: Floats, scales: Floats, most: float) -> Floats:
    """The scales, but no nonzero entry moves by more than `most` times its own size."""
    return np.asarray(np.where(x != 0, np.minimum(scales, most * np.abs(x)), scales))


def check_projected(
    probe: Probe, project: Floats, gradients: Floats, scales: Floats, rng: np.random.Generator
) -> Projected:
    """Compare u . J v for a few random u and v.

    `probe` evaluates the projected outputs `U F(x)`, (OUTPUTS,); `gradients` are the
    pullbacks of the rows of U = `project`, (OUTPUTS, n).
    """
    n = scales.size
    directions = signed_rows(rng, DIRECTIONS, n)
    directions[::2] *= own_scales(probe.x, scales, 100.0)
    directions[1::2] *= own_scales(probe.x, scales, 1.0)
    if probe.cost * 100 > probe.seconds_left():  # too slow to measure: rounding, and the ladder
        noise = 8 * EPS * np.abs(probe.f0)
    else:
        noise, _ = shared_noise(probe, scales, rng)
    claimed = directions @ gradients.T
    numeric = Numeric.unknown(DIRECTIONS, probe.size)
    try:
        for k in range(DIRECTIONS):
            one = line_slope(probe, directions[k], claimed[k], noise)
            for mine, new in zip(vars(numeric).values(), vars(one).values(), strict=True):
                mine[k] = new[0]
    except ExhaustedError:
        pass
    typical = np.sqrt((directions**2) @ (gradients**2).T)
    numeric.natural = 1e3 * typical  # a projection is clear to a hundredth of its usual size
    found = judge(claimed, numeric, np.abs(probe.f0), np.ones(DIRECTIONS))
    # One entry of usual size weighs 1 / sqrt(n) of the projection.
    unseen = np.where(np.isfinite(found.unseen), found.unseen, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = float(np.max(np.where(typical > 0, unseen / typical, unseen)))
    single = share * float(np.sqrt(max(n, 1)))
    return Projected(claimed, numeric, found, directions, project, gradients, share, single)


def rough_slope(probe: Probe, direction: Floats, column: int) -> float:
    """One extrapolated difference of one output along a direction: four evaluations."""
    line = Line(probe, 1.0, direction=direction)
    slope = 0.0
    for h in (STEP, 1e-3 * STEP, 1e-6 * STEP):
        values = [float(line.at(t)[column]) for t in (h, -h, h / 2, -h / 2)]
        slope = (4.0 * (values[2] - values[3]) / h - (values[0] - values[1]) / (2 * h)) / 3.0
        if np.isfinite(slope):
            break
    return slope


def bisect_entry(
    probe: Probe, direction: Floats, gradient: Floats, column: int, rng: np.random.Generator
) -> int:
    """The entry of the input whose share of a wrong projection is largest, in O(log n) steps.

    Halves the support of the direction; keeps the half whose numerical slope disagrees more.
    """
    support: NDArray[np.intp] = np.flatnonzero(direction)
    rng.shuffle(support)
    while support.size > 1:
        half = support.size // 2
        gaps = []
        for part in (support[:half], support[half:]):
            masked = np.zeros_like(direction)
            masked[part] = direction[part]
            gap = abs(float(masked @ gradient) - rough_slope(probe, masked, column))
            gaps.append(gap if np.isfinite(gap) else 0.0)
        support = support[:half] if gaps[0] >= gaps[1] else support[half:]
    return int(support[0])
