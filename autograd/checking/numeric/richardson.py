"""Richardson extrapolation with bars that are meant to hold.

A candidate counts only if no finer difference contradicts it within that difference's own noise;
its bar covers the noise, the step to its neighbours in the tableau, and the rest of the series at
the rate at which it is seen to converge.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.numeric.probe import Flags, Floats


@dataclass
class Estimate:
    """A number per output with its bar, shapes (m,); an infinite bar where nothing can be said."""

    value: Floats
    bar: Floats


def tableau(differences: Floats, steps: Floats, powers: tuple[int, ...]) -> list[Floats]:
    """Richardson columns; column c combines c + 1 neighbouring steps, NaN where there are fewer.

    Error terms `h ** p` for `p` in `powers` are removed one after the other.
    """
    columns = [differences]
    for c, p in enumerate(powers, 1):
        last = columns[-1]
        new = np.full_like(last, np.nan)
        weight = (steps[c - 1 : -1] / steps[c:])[:, None] ** p
        new[c:] = (weight * last[c:] - last[c - 1 : -1]) / (weight - 1.0)
        columns.append(new)
    return columns


def best_of(
    differences: Floats, steps: Floats, noise: Floats, powers: tuple[int, ...], noise_gain: float
) -> Estimate:
    """The candidate with the smallest bar among those that no finer difference contradicts.

    `differences` and `noise` (of one value of f) have shape (K, m), `steps` (K,); a
    difference carries `noise_gain` times the noise divided by its step.
    """
    columns = tableau(differences, steps, powers)
    noise_bar = limit.SWEEP_NOISE * noise_gain * noise / steps[:, None]
    m = differences.shape[1]
    value, bar = np.zeros(m), np.full(m, np.inf)
    where = np.arange(m)
    for c in range(1, len(columns)):
        here, below = columns[c], columns[c - 1]
        stretch = 1.0 + 2.0 / (limit.STEP_RATIO ** powers[c - 1] - 1.0)
        truncation = remaining(here, below, noise_bar)
        candidate = limit.TRUNCATION_FACTOR * truncation + noise_bar * stretch
        good = np.isfinite(candidate) & ~contradicted(
            here, differences, candidate, noise_bar, steps, powers[0]
        )
        candidate = np.where(good, candidate, np.inf)
        k = np.argmin(candidate, axis=0)
        chosen = candidate[k, where]
        value = np.where(chosen < bar, here[k, where], value)
        bar = np.fmin(bar, chosen)
    return Estimate(value, bar)


def remaining(here: Floats, below: Floats, noise_bar: Floats) -> Floats:
    """The truncation error left in a column, estimated from its neighbours, shape (K, m).

    The distance to the row above, continued as a geometric series at the rate seen; infinite where
    the rows do not converge and the noise does not explain it.
    """
    change = np.abs(here - below)
    row = np.full_like(here, np.nan)
    row[1:] = np.abs(here[1:] - here[:-1])
    rate = np.full_like(here, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate[1:] = row[1:] / row[:-1]
        rate = np.where(np.isfinite(rate), rate, np.where(row > 0, 1.0, 0.0))
        rate = np.maximum(rate, limit.SLOWEST_GAIN)
        tail = np.where(
            rate < limit.CONVERGING, row * rate / (1.0 - np.minimum(rate, limit.CONVERGING)), np.inf
        )
        tail = np.where(row <= noise_bar, np.fmin(tail, row), tail)
    tail[np.isnan(row)] = np.nan
    return np.asarray(np.maximum(0.5 * change, tail))


def contradicted(
    here: Floats,
    differences: Floats,
    candidate: Floats,
    noise_bar: Floats,
    steps: Floats,
    power: int,
) -> Flags:
    """Whether some finer difference lies further off than noise and truncation allow, (K, m)."""
    count = steps.size
    shrink = (steps[None, :] / steps[:, None]) ** power
    finer = np.triu(np.ones((count, count), dtype=bool), 1)
    slack = limit.FINER_SLACK * np.abs(differences - here)
    with np.errstate(invalid="ignore"):
        distance = np.abs(here[:, None, :] - differences[None, :, :])
        allowed = noise_bar[None] + slack[:, None, :] * shrink[:, :, None] + candidate[:, None, :]
        return np.asarray(((distance > allowed) & finer[:, :, None]).any(axis=1))


def growth(slopes: Floats, steps: Floats, noise: Floats) -> tuple[Floats, Flags]:
    """The power of 1 / h with which slopes grow, shape (m,), and whether that is beyond doubt.

    Sure means: over the last eight finite steps every ratio says the same power within 0.1, and
    the slopes stand clear of their noise.
    """
    count = min(limit.GROWTH_STEPS, steps.size - 1)
    tail = slopes[-count - 1 :]
    h = steps[-count - 1 :, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        powers = np.log(np.abs(tail[1:] / tail[:-1])) / np.log(h[:-1] / h[1:])
        clear = np.abs(tail) > limit.GROWTH_NOISE * noise[-count - 1 :] / h
        rate = np.median(powers, axis=0)
        sure = np.all(np.abs(powers - rate) < limit.GROWTH_SCATTER, axis=0) & np.all(clear, axis=0)
    return np.asarray(np.nan_to_num(rate)), np.asarray(sure)
