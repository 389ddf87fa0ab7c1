"""From grids of several spacings to the noise of an output: near, further off, and float32."""

from __future__ import annotations

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.numeric.noise import Window
from autograd.checking.numeric.probe import Flags, Floats


def noise_level(windows: list[Window], variation: Floats) -> tuple[Floats, Floats]:
    """The noise of a value of every output seen from near and from further off, (m,) each.

    The finest grid that is not flat stairs measures it. A coarser grid may raise it (noise that
    looks smooth from too near) while it stays small beside the variation of the function.
    """
    sigma = np.stack([w.sigma for w in windows])
    moving = (np.stack([w.stairs for w in windows]) <= limit.FLAT_SHARE) & np.isfinite(sigma)
    decay = np.stack([w.decay for w in windows])
    variation = np.fmax(variation, np.max(np.stack([w.spread for w in windows]), axis=0))
    first = np.argmax(moving, axis=0)
    near = np.where(moving.any(axis=0), sigma[first, np.arange(variation.size)], 0.0)
    noise = near
    for k in range(1, min(limit.NEAR_GRIDS, len(windows))):
        rough = moving[k] & (k > first) & (decay[k] > limit.NOISE_DECAY)
        rough &= sigma[k] < limit.NOISE_SHARE * variation
        if k + 1 < len(windows):  # roughness that grows with the spacing is kinks, not noise
            grows = sigma[k + 1] > limit.KINK_GROWTH * sigma[k]
            rough &= ~(grows & (decay[k + 1] > limit.NOISE_DECAY))
        noise = np.where(rough, np.fmax(noise, sigma[k]), noise)
    return np.asarray(near), np.asarray(noise)


def far_noise(windows: list[Window], variation: Floats) -> Floats:
    """The noise if everything small that only a coarse grid shows were noise, (m,)."""
    sigma = np.stack([w.sigma for w in windows])
    small = np.isfinite(sigma) & (sigma < limit.NOISE_SHARE * variation)
    return np.asarray(limit.FAR_NOISE_FACTOR * np.max(np.where(small, sigma, 0.0), axis=0))


def rounds_to_single(windows: list[Window], values: Floats, f0: Floats) -> Flags:
    """Whether an output is rounded more coarsely than float64 rounds, shape (m,).

    Such an output is flat on the finest grid, and its smallest move is far above one unit in the
    last place yet far below its size. Saturated float32 shows no noise at all, so that its values
    need this floor.
    """
    moves = np.abs(values - f0)
    least = np.min(np.where(moves > 0, moves, np.inf), axis=0, initial=np.inf)
    size = np.fmax(np.abs(f0), np.nanmax(np.where(moves > 0, np.abs(values), 0.0), axis=0))
    flat = windows[0].stairs > limit.FLAT_SHARE
    stairs = (least > limit.STAIR_LEAST * np.abs(f0)) & (least < limit.STAIR_MOST * size)
    short = np.all((moves == 0) | (values == values.astype(np.float32)) | np.isnan(values), axis=0)
    short &= f0 == f0.astype(np.float32)
    meant = np.isfinite(least) & (least > limit.STAIR_MOST * size) & (f0 != 0)
    short &= ~meant  # steps of that height are no rounding
    return np.asarray(flat & (stairs | short))
