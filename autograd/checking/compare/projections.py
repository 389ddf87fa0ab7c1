"""Large inputs: random signed projections of the Jacobian.

With v a random signed direction of the inputs and u one of the outputs, u . J v is one number that
every entry of J takes part in: a wrong entry shows unless others cancel it, which two independent
signed projections make as unlikely as a coin that falls the same way every time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.compare.entries import Comparison, compare_entries
from autograd.checking.numeric.derivatives import Derivatives
from autograd.checking.numeric.probe import ExhaustedError, Floats, Probe
from autograd.checking.numeric.quick_pass import line_slope, own_scales, shared_noise
from autograd.checking.numeric.signed import signed_weights


@dataclass
class Projected:
    """Claimed and numerical u . J v, shape (DIRECTIONS, OUTPUT_ROWS), and what was decided.

    `gradients` are the pullbacks of the rows u, (OUTPUT_ROWS, n). `resolution` is the largest error
    that could have gone unseen, relative to the usual size of a projection; `single` the same for
    one wrong entry, relative to the usual size of an entry.
    """

    claimed: Floats
    numeric: Derivatives
    compared: Comparison
    directions: Floats
    gradients: Floats
    resolution: float
    single: float

    @property
    def passes(self) -> bool:
        """Whether nothing is wrong, bent or unclear."""
        found = self.compared
        return not (found.wrong.any() or found.kink.any() or found.unclear.any())


def noise_of(probe: Probe, scales: Floats, rng: np.random.Generator) -> Floats:
    """The noise of every output, (m,), measured if the function is fast enough for that."""
    if probe.cost * limit.SLOW_EVALUATIONS > probe.seconds_left():
        return np.asarray(limit.ROUNDING_NOISE * np.abs(probe.f0))
    return shared_noise(probe, scales, rng)[0]


def check_projected(
    probe: Probe,
    gradients: Floats,
    scales: Floats,
    rng: np.random.Generator,
    noise: Floats,
    count: int = limit.DIRECTIONS,
) -> Projected:
    """Compare u . J v for `count` random directions v.

    `probe` evaluates the projected outputs `U F(x)`, (OUTPUT_ROWS,); `gradients` are the pullbacks
    of the rows of U, (OUTPUT_ROWS, n).
    """
    n = scales.size
    directions = signed_weights(rng, count, n)
    directions[::2] *= own_scales(probe.x, scales, limit.FAR_MOVE)
    directions[1::2] *= own_scales(probe.x, scales, limit.OWN_MOVE)
    claimed = directions @ gradients.T
    numeric = Derivatives.unknown(count, probe.size)
    try:
        for k in range(count):
            one = line_slope(probe, directions[k], claimed[k], noise)
            for mine, new in zip(vars(numeric).values(), vars(one).values(), strict=True):
                mine[k] = new[0]
    except ExhaustedError:
        pass
    typical = np.sqrt((directions**2) @ (gradients**2).T)
    numeric.natural = limit.PROJECTION_NATURAL * typical
    found = compare_entries(claimed, numeric, np.abs(probe.f0), np.ones(count))
    # One entry of usual size weighs 1 / sqrt(n) of the projection.
    unseen = np.where(np.isfinite(found.unseen), found.unseen, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        # A gradient of 0 is measured by what a slope could be.
        size = np.where(typical > limit.ROW_ROUNDING * np.abs(probe.f0), typical, np.abs(probe.f0))
        share = float(np.max(np.where(size > 0, unseen / size, unseen)))
    single = share * float(np.sqrt(max(int(np.count_nonzero(scales)), 1)))
    return Projected(claimed, numeric, found, directions, gradients, share, single)
