"""Ties and kinks: is a claimed gradient one that the function has nearby?

Where f is not differentiable, coordinates mislead: at a tie of `max` each entry alone may have any
slope from 0 to 1, and at equal values `median` looks flat along each entry. What is valid is the
convex hull of the gradients at nearby points (F. H. Clarke, Optimization and Nonsmooth Analysis,
1983): for every direction v, the claim times v must lie among the slopes along v at nearby points.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.compare.entries import Comparison
from autograd.checking.numeric.derivatives import KINK, Derivatives
from autograd.checking.numeric.probe import Flags, Floats, Probe
from autograd.checking.numeric.signed import signed_weights


@dataclass
class Bend:
    """How a function bends at the point: which outputs do (m,), and whose claim is invalid (m,)."""

    bent: Flags
    invalid: Flags


class Directions:
    """Slopes along directions at the point of a probe and beside it.

    `scales` (n,) are the units of a move, `step` is the length of a difference in these units, and
    `slack` (m,) how far a slope over the scale may be off.
    """

    def __init__(
        self, probe: Probe, scales: Floats, noise: Floats, claimed: Floats, numeric: Derivatives
    ) -> None:
        self.probe, self.scales = probe, scales
        known = np.where(np.isfinite(numeric.value), np.abs(numeric.value), 0.0)
        claims = np.where(np.isfinite(claimed), np.abs(claimed), 0.0)
        self.natural = np.max(np.fmax(known, claims) * scales[:, None], axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(self.natural > 0, noise / self.natural, 0.0)
        worst = float(np.max(np.where(np.isfinite(share), share, 0.0), initial=0.0))
        self.step = min(max(limit.BEND_STEP, limit.BEND_STEP_NOISE * worst), limit.BEND_STEP_MOST)
        granted = limit.BEND_SLACK + limit.BEND_CURVATURE * self.step
        self.slack = granted * self.natural + limit.SWEEP_NOISE * noise / self.step

    def at(self, move: Floats) -> Floats:
        """The outputs at the point moved by so many scales."""
        return np.array(self.probe(self.probe.x + move * self.scales))

    def slope(self, v: Floats, beside: Floats) -> Floats:
        """The slope along v, in units of the scales, at a point beside the input, (m,)."""
        ahead, behind = self.at(beside + self.step * v), self.at(beside - self.step * v)
        return np.asarray((ahead - behind) / (2 * self.step))

    def one_sided(self, v: Floats) -> tuple[Floats, Floats]:
        """The slopes along v ahead and behind, extrapolated from two steps, (m,) each."""
        h, f0 = 2.0 * self.step, self.probe.f0
        ahead = (4.0 * self.at(0.5 * h * v) - self.at(h * v) - 3.0 * f0) / h
        behind = (3.0 * f0 - 4.0 * self.at(-0.5 * h * v) + self.at(-h * v)) / h
        return np.asarray(ahead), np.asarray(behind)


def check_bend(
    probe: Probe,
    scales: Floats,
    noise: Floats,
    claimed: Floats,
    numeric: Derivatives,
    compared: Comparison,
    rng: np.random.Generator,
) -> Bend:
    """Look at outputs with a kink or a wrong entry along directions of all entries together."""
    n, m = claimed.shape
    lines = Directions(probe, scales, noise, claimed, numeric)
    bad = compared.wrong | (compared.kink & ~compared.kink_valid)
    suspicious = np.asarray(bad.any(axis=1))
    kinked = np.asarray(compared.kink.any(axis=1))
    bent = np.asarray(compared.kink.any(axis=0))
    slopes = np.where(np.isfinite(numeric.value), numeric.value, 0.0) * scales[:, None]
    for _ in range(limit.BEND_LINES):
        v = signed_weights(rng, n)
        ahead, behind = lines.one_sided(v)
        # Not the sum of the slopes along the entries: no derivative, even if each of these exists.
        gap = np.fmax(np.abs(ahead - v @ slopes), np.abs(behind - v @ slopes))
        with np.errstate(invalid="ignore"):
            bent = bent | (gap > limit.BEND_CLEAR * lines.natural + 4.0 * lines.slack)
    if not bent.any():
        return Bend(bent, np.zeros(m, dtype=bool))
    claims = np.where(np.isfinite(claimed), claimed, 0.0) * scales[:, None]
    invalid = np.zeros(m, dtype=bool)
    for v in test_directions(n, suspicious, kinked, scales, rng):
        asked = np.asarray(bent & ~invalid)
        for _ in range(limit.BEND_ROUNDS):  # with new points for those that look invalid
            asked = outside(lines, v, claims, asked, rng) if asked.any() else asked
        invalid |= asked
    return Bend(np.asarray(bent), np.asarray(invalid))


def test_directions(
    n: int, suspicious: Flags, kinked: Flags, scales: Floats, rng: np.random.Generator
) -> list[Floats]:
    """Shifts that keep ties, in units of x; random directions; and entries that look wrong."""
    found = [signed_weights(rng, n) for _ in range(limit.BEND_LINES)]
    for chosen in (np.ones(n, dtype=bool), kinked):
        if chosen.any():
            shift = chosen / scales
            found.append(shift / np.max(shift))
    for i in np.flatnonzero(suspicious)[: limit.BEND_ENTRIES]:
        found.append(np.eye(1, n, int(i))[0])
    return found


def outside(
    lines: Directions, v: Floats, claims: Floats, asked: Flags, rng: np.random.Generator
) -> Flags:
    """The outputs, of those asked for, whose claim times v is not among the slopes nearby, (m,)."""
    m = claims.shape[1]
    target = v @ claims
    low, high = np.full(m, np.inf), np.full(m, -np.inf)
    missing = np.asarray(asked)
    best, nearest = np.zeros_like(v), np.inf
    for k in range(limit.BEND_POINTS):
        if not missing.any():
            break
        searching = k > limit.BEND_POINTS_LEAST and k % 4
        move = beside_best(best, rng) if searching else beside(k, v, claims, rng)
        slope = lines.slope(v, limit.BEND_REACH * lines.step * move)
        low, high = np.fmin(low, slope), np.fmax(high, slope)
        first = int(np.argmax(missing))  # one output at a time is searched for
        missing = asked & ~((target >= low - lines.slack) & (target <= high + lines.slack))
        if not missing[first]:
            nearest = np.inf
        elif abs(slope[first] - target[first]) < nearest:
            best = move / max(float(np.max(np.abs(move))), 1.0)
            nearest = abs(slope[first] - target[first])
    return np.asarray(missing & np.isfinite(low))


def beside_best(best: Floats, rng: np.random.Generator) -> Floats:
    """A nearby point beside the one whose slope came nearest to what is claimed."""
    return np.asarray(best + rng.choice(limit.BEND_SEARCH) * rng.normal(size=best.size))


def beside(k: int, v: Floats, claims: Floats, rng: np.random.Generator) -> Floats:
    """The k-th move to a nearby point, at most one scale: along v, along the claim, or random.

    Along the claim: with weights that rise over the outputs it breaks ties in the order in which
    the claim has them.
    """
    n, m = claims.shape
    if k < 2:
        return v * (1.0, -1.0)[k]
    if k % 3 == 0:
        return signed_weights(rng, n)
    rising = np.arange(1.0, m + 1.0) if k % 3 == 1 else rng.normal(size=m)
    move = claims @ rising * (1.0, -1.0)[k // 3 % 2]
    size = float(np.max(np.abs(move), initial=0.0))
    if size == 0.0:
        return np.asarray(rng.normal(size=n) / 3.0)
    return np.asarray(move / size + (k > 5) * 0.1 * rng.normal(size=n))


def settle_bend(bend: Bend, compared: Comparison, numeric: Derivatives) -> None:
    """Decide, in place, about the entries of outputs that bend.

    With a valid claim, entries that looked wrong one at a time are kinks; an invalid claim is wrong
    at the entries that look wrong, or at all with a kink.
    """
    valid = bend.bent & ~bend.invalid
    turned = compared.wrong & valid[None, :]
    numeric.kind[turned] = KINK
    compared.wrong &= ~turned
    compared.kink |= turned
    compared.kink_valid |= compared.kink & valid[None, :]
    bad = compared.kink & ~compared.kink_valid & bend.invalid[None, :]
    shown = (bad | compared.wrong).any(axis=0)
    rest = compared.kink & (bend.invalid & ~shown)[None, :]
    compared.kink_valid &= ~(bad | rest)
