"""How far the values of a function stray from a smooth curve: the noise that bounds a step.

Source of the idea: Moré and Wild, Estimating computational noise (SIAM J. Sci. Comput. 33, 2011):
high differences of values on a fine grid keep the noise and lose the function. It is applied to
a window left of the point, one around it and one right of it, so that a kink is not read as
noise, and to several spacings, because stairs (float32 inside, rounding to decimals) look
perfectly flat on a grid finer than one stair.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial

import numpy as np

from autograd.checking.numeric.probe import Floats, Line
from autograd.checking.thresholds import DIFFERENCE_ORDERS, GRID_HALF

NORMALISE = {k: factorial(k) ** 2 / factorial(2 * k) for k in DIFFERENCE_ORDERS}
"""The square of a k-th difference of white noise has (2k)! / k!**2 times its variance."""


@dataclass(frozen=True)
class Window:
    """What one grid of `2 * GRID_HALF + 1` points says about every output, arrays of shape (m,).

    `sigma` is the standard deviation of the noise, `decay` the ratio by which it shrinks from one
    order of differences to the next (about 1 for noise, small while the function itself is seen),
    `stairs` the share of neighbours that are equal, `spread` the range of the values, `least` their
    smallest move.
    """

    sigma: Floats
    decay: Floats
    stairs: Floats
    spread: Floats
    least: Floats


def window(line: Line, spacing: float) -> Window:
    """Evaluate a grid around the point of a line and difference it."""
    unit = line.step(spacing)
    values = np.empty((2 * GRID_HALF + 1, line.probe.size))
    values[GRID_HALF] = line.probe.f0
    for k in range(1, GRID_HALF + 1):
        values[GRID_HALF + k] = line.at(k * unit)
        values[GRID_HALF - k] = line.at(-k * unit)
    return analyse(values)


def analyse(values: Floats) -> Window:
    """The noise of a grid of values, shape (2 * GRID_HALF + 1, m)."""
    size = np.max(np.where(np.isfinite(values), np.abs(values), 0.0), axis=0)
    size = np.where(size > 0, size, 1.0)
    values = values / size  # so that squares neither overflow nor vanish
    middle = slice(GRID_HALF - 4, GRID_HALF + 4)
    parts = np.stack([values[:GRID_HALF], values[middle], values[GRID_HALF + 1 :]])
    per_order = []
    for k in range(1, max(DIFFERENCE_ORDERS) + 1):
        parts = parts[:, 1:] - parts[:, :-1]
        if k in DIFFERENCE_ORDERS:
            per_order.append(median_of_finite(np.sqrt(NORMALISE[k] * np.mean(parts**2, axis=1))))
    sigma = np.stack(per_order)
    best = np.minimum(np.maximum(sigma[1], sigma[2]), np.maximum(sigma[2], sigma[3]))
    low = np.maximum(sigma[0], sigma[1])
    high = np.maximum(sigma[2], sigma[3])
    decay = np.where(low > 0, high / np.where(low > 0, low, 1.0), 1.0)
    ties = np.mean(np.diff(values, axis=0) == 0, axis=0)
    finite = np.isfinite(values)
    top = np.max(np.where(finite, values, -np.inf), axis=0)
    bottom = np.min(np.where(finite, values, np.inf), axis=0)
    moves = np.abs(values - values[GRID_HALF])
    least = np.min(np.where(moves > 0, moves, np.inf), axis=0)
    spread = np.maximum(top - bottom, 0.0) * size
    return Window(best * size, decay, ties, spread, least * size)


def median_of_finite(sides: Floats) -> Floats:
    """The median of three windows per output; the largest that is left where one is not finite."""
    count = np.isfinite(sides).sum(axis=0)
    filled = np.where(np.isfinite(sides), sides, -np.inf)
    ordered = np.sort(filled, axis=0)
    chosen = np.where(count == 3, ordered[1], ordered[2])
    return np.where(count > 0, chosen, np.nan)
