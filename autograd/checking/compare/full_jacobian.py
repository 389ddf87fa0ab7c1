"""The check of every entry of the Jacobian: for functions whose Jacobian is not large."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograd.checking.compare.entries import Judgement, jacobian_spread, judge
from autograd.checking.numeric.step_sweep import SMOOTH
from autograd.checking.numeric.noise import EPS
from autograd.checking.numeric.probe import Flags, Floats, Probe
from autograd.checking.numeric.quick_pass import Numeric, Rows, refine, screen, shared_noise

Pull = Callable[[Floats], Floats]
FIRST_BATCH = 12
BLURRED = 1e-9


@dataclass
class Dense:
    """A claimed and a numerical Jacobian, (n, m) each, and the judgement of every entry."""

    claimed: Floats
    numeric: Numeric
    judgement: Judgement
    complete: bool


def claimed_jacobian(pull: Pull, n: int, m: int) -> Floats:
    """Column j is the pullback of the unit cotangent j; shape (n, m)."""
    claimed = np.empty((n, m))
    g = np.zeros(m)
    for j in range(m):
        g[j] = 1.0
        claimed[:, j] = pull(g)
        g[j] = 0.0
    return claimed


def check_dense(
    probe: Probe,
    puller: Callable[[Floats], Pull],
    scales: Floats,
    rng: np.random.Generator,
    rounding: Floats | None = None,
) -> Dense:
    """Compare all entries: a screen first, the full ladder where it is in doubt.

    `rounding` (n,) is the unit of the dtype that each entry was given in, where that is low.
    """
    n, m = scales.size, probe.size
    claimed = claimed_jacobian(puller(probe.x), n, m)
    noise, _ = shared_noise(probe, scales, rng)
    numeric, sure = screen(probe, scales, noise, claimed, levels=2)
    rows = np.flatnonzero(~sure.all(axis=1))
    if rows.size:
        closer, good = screen(probe, scales, noise, claimed, levels=3, rows=rows)
        good &= ~sure[rows]
        numeric.merge(closer, rows, good)
        sure[rows] |= good
    widen(probe, scales, noise, claimed, numeric, sure)
    fixed = ~np.isfinite(probe.x)  # an infinite bound cannot be moved: nothing to compare there
    hold(numeric, claimed, fixed)
    slack = low_precision(claimed, scales, rounding)
    first = judge(claimed, numeric, probe.f0, scales, slack)
    doubt = (~sure | first.unclear) & ~fixed[:, None]
    doubt[:, ~np.isfinite(probe.f0)] = False
    if not doubt.any():
        return Dense(claimed, numeric, first, True)
    order = worst_first(claimed, numeric, doubt)
    done = refine(probe, scales, numeric, doubt, order[:FIRST_BATCH])
    found = judge(claimed, numeric, probe.f0, scales, slack)
    if found.wrong.any():
        slack = slack + 4.0 * claim_noise(puller, probe.x, n, m, claimed)
        found = judge(claimed, numeric, probe.f0, scales, slack)
    rest = order[FIRST_BATCH:]
    if rest.size and done == FIRST_BATCH and not found.wrong.any():
        done += refine(probe, scales, numeric, doubt, rest)
        found = judge(claimed, numeric, probe.f0, scales, slack)
        if found.wrong.any():
            slack = slack + 4.0 * claim_noise(puller, probe.x, n, m, claimed)
            found = judge(claimed, numeric, probe.f0, scales, slack)
    return Dense(claimed, numeric, found, done >= order.size)


def low_precision(claimed: Floats, scales: Floats, rounding: Floats | None) -> Floats:
    """What a gradient may be off when it is returned in float32 because its input is, (n, m)."""
    if rounding is None or not rounding.any():
        return np.zeros_like(claimed)
    size = np.where(np.isfinite(claimed), np.abs(claimed), 0.0)
    row = np.max(size * scales[:, None], axis=0) / scales[:, None]
    return 4.0 * rounding[:, None] * np.fmax(size, 0.1 * row)


def widen(
    probe: Probe, scales: Floats, noise: Floats, claimed: Floats, numeric: Numeric, sure: Flags
) -> None:
    """Sharpen, in place, the entries near 0 that short steps leave blurred: steps of about 1."""
    row = np.max(np.abs(claimed) * scales[:, None], axis=0)
    with np.errstate(invalid="ignore"):
        blurred = numeric.bar * scales[:, None] > BLURRED * row
    rows = np.flatnonzero(blurred.any(axis=1) & (scales < 0.05))
    if not rows.size or not np.isfinite(row).all():
        return
    wider, stable = screen(probe, np.maximum(scales, 1.0), noise, rows=rows)
    stable &= wider.bar < numeric.bar[rows]
    agree = np.abs(claimed[rows] - wider.value) <= wider.bar
    numeric.merge(wider, rows, stable & agree)
    sure[rows] = np.where(stable, agree, sure[rows])


def hold(numeric: Numeric, claimed: Floats, fixed: Flags) -> None:
    """Take the claim for entries that are not finite."""
    numeric.value[fixed] = np.where(np.isfinite(claimed[fixed]), claimed[fixed], 0.0)
    numeric.bar[fixed], numeric.kind[fixed] = 0.0, SMOOTH


def worst_first(claimed: Floats, numeric: Numeric, doubt: Flags) -> Rows:
    """The entries with a doubtful output, the largest relative disagreement first."""
    with np.errstate(invalid="ignore", divide="ignore"):
        gap = np.abs(claimed - numeric.value) / np.fmax(np.abs(claimed), np.abs(numeric.value))
    gap = np.where(doubt, np.nan_to_num(gap, nan=2.0), -1.0)
    rows = np.max(gap, axis=1)
    order = np.argsort(-rows, kind="stable")
    return order[rows[order] >= 0.0]


def claim_noise(
    puller: Callable[[Floats], Pull], x: Floats, n: int, m: int, claimed: Floats
) -> Floats:
    """The rounding noise of a claimed Jacobian, from points a few roundings away, (n, m)."""
    found = [claimed]
    for k in (3.0, -5.0, 7.0):
        moved = x * (1.0 + k * EPS)
        try:
            found.append(claimed_jacobian(puller(moved), n, m))
        except Exception:  # outside the domain
            continue
    spread = jacobian_spread(found)
    return np.where(np.isfinite(spread), spread, 0.0)
