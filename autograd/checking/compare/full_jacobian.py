"""The check of every entry of the Jacobian: for functions whose Jacobian is not large."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.compare.directions import check_bend, settle_bend
from autograd.checking.compare.entries import Comparison, compare_entries
from autograd.checking.compare.problem import Problem, Pull
from autograd.checking.numeric.derivatives import SMOOTH, Derivatives, Rows
from autograd.checking.numeric.probe import ExhaustedError, Flags, Floats, Probe
from autograd.checking.numeric.quick_pass import quick_pass, shared_noise
from autograd.checking.numeric.step_sweep import refine


@dataclass
class FullJacobian:
    """A claimed and a numerical Jacobian, (n, m) each, and the decision about every entry.

    `natural` (n, m) is the size of a slope of the output over the scale; `rounding` (n, m) marks
    claims that are nothing but rounding, of a slope of 0.
    """

    claimed: Floats
    numeric: Derivatives
    compared: Comparison
    complete: bool
    natural: Floats
    rounding: Flags


def claimed_jacobian(pull: Pull, n: int, m: int) -> Floats:
    """Column j is the pullback of the unit cotangent j; shape (n, m)."""
    rows = np.empty((m, n))
    g = np.zeros(m)
    for j in range(m):
        g[j] = 1.0
        rows[j] = pull(g)
        g[j] = 0.0
    return np.ascontiguousarray(rows.T)


def check_full(problem: Problem, probe: Probe, rounding: Floats | None = None) -> FullJacobian:
    """Compare all entries at the point of the probe: a quick pass first, the step sweep where it
    is in doubt.

    `rounding` (n,) is the unit of the dtype that each entry was given in, where that is low.
    """
    scales = problem.scales
    n, m = scales.size, probe.size
    claimed = claimed_jacobian(problem.vjp_at(probe.x), n, m)
    noise, _ = shared_noise(probe, scales, problem.rng)
    numeric, sure = quick_pass(probe, scales, noise, claimed, levels=2)
    rows = np.flatnonzero(~sure.all(axis=1))
    if rows.size:
        closer, good = quick_pass(probe, scales, noise, claimed, levels=3, rows=rows)
        good &= ~sure[rows]
        numeric.merge(closer, rows, good)
        sure[rows] |= good
    sharpen_near_zero(probe, scales, noise, claimed, numeric, sure)
    fixed = ~np.isfinite(probe.x)  # an infinite bound cannot be moved: nothing to compare there
    accept_claim(numeric, claimed, fixed)
    slack = low_precision(claimed, scales, rounding)
    own = largest_of_input(problem, claimed)
    compared = compare_entries(claimed, numeric, probe.f0, scales, slack, own)
    doubt = (~sure | compared.unclear) & ~fixed[:, None]
    doubt[:, ~np.isfinite(probe.f0)] = False
    if not doubt.any():
        return finished(problem, probe, claimed, numeric, compared, True)

    def compare_again(slack: Floats) -> tuple[Comparison, Floats]:
        settle_rounding(numeric, probe.f0, scales)
        found = compare_entries(claimed, numeric, probe.f0, scales, slack, own, last=True)
        if found.wrong.any():
            slack = slack + limit.CLAIM_SPREAD * claim_noise(problem.vjp_at, probe.x, claimed)
            found = compare_entries(claimed, numeric, probe.f0, scales, slack, own, last=True)
        return found, slack

    order = worst_first(claimed, numeric, doubt)
    first, rest = order[: limit.FIRST_BATCH], order[limit.FIRST_BATCH :]
    done = refine(probe, scales, numeric, doubt, first)
    compared, slack = compare_again(slack)
    rest = rest[~in_wrong_inputs(problem, compared)[rest]]
    if rest.size and done == limit.FIRST_BATCH:
        done += refine(probe, scales, numeric, doubt, rest)
        compared, slack = compare_again(slack)
    complete = done >= first.size + rest.size
    full = finished(problem, probe, claimed, numeric, compared, complete)
    if compared.wrong.any() or compared.kink.any():
        look_for_bend(problem, probe, noise, full)
    return full


def in_wrong_inputs(problem: Problem, compared: Comparison) -> Flags:
    """The entries, (n,), of inputs of which one is wrong already: the others add nothing."""
    found = np.zeros(problem.scales.size, dtype=bool)
    for place in problem.subject.inputs.places:
        mine = slice(place.start, place.stop)
        found[mine] = compared.wrong[mine].any()
    return found


def finished(
    problem: Problem,
    probe: Probe,
    claimed: Floats,
    numeric: Derivatives,
    compared: Comparison,
    complete: bool,
) -> FullJacobian:
    """The result with the sizes that its resolution is measured by."""
    natural = np.fmax(np.abs(probe.f0)[None, :] / problem.scales[:, None], numeric.natural)
    natural = np.where(np.isfinite(natural), natural, 0.0)
    tiny = (claimed != 0) & (np.abs(claimed) <= limit.ROW_ROUNDING * natural)
    for place in problem.subject.inputs.places:
        mine = slice(place.start, place.stop)
        if tiny[mine].any() and np.all(tiny[mine] | (claimed[mine] == 0)):
            spread = claim_noise(problem.vjp_at, probe.x, claimed)
            tiny &= spread >= limit.CLAIM_ROUNDED * np.abs(claimed)
            break
    else:
        tiny[:] = False
    return FullJacobian(claimed, numeric, compared, complete, natural, tiny)


def look_for_bend(problem: Problem, probe: Probe, noise: Floats, full: FullJacobian) -> None:
    """Decide along directions, in place, about entries that are bent or look wrong."""
    try:
        bend = check_bend(
            probe, problem.scales, noise, full.claimed, full.numeric, full.compared, problem.rng
        )
    except ExhaustedError:
        return
    settle_bend(bend, full.compared, full.numeric)


def settle_rounding(numeric: Derivatives, f0: Floats, scales: Floats) -> None:
    """Settle, in place, the outputs that are rounding of the others: their slope is 0.

    Such is the imaginary part of the spectrum of a real signal at 0, or the mean of what is
    centred. Over the whole scale they move by less than the others are rounded.
    """
    if f0.size < 2 or not np.isfinite(f0).all():
        return
    rounding = limit.ROW_ROUNDING * float(np.max(np.abs(f0)))
    moves = numeric.natural * scales[:, None]
    tiny = (np.abs(f0) <= rounding)[None, :] & (moves <= rounding)
    with np.errstate(invalid="ignore"):  # a slope that was seen, or of an entry not swept yet
        seen = np.abs(numeric.value) * scales[:, None] > rounding
    tiny &= ~(seen & ((numeric.kind == SMOOTH) | (numeric.natural == 0)))
    noisy = tiny & ((numeric.kind != SMOOTH) | ((f0 == 0)[None, :] & (moves == 0)))
    numeric.value[noisy] = 0.0
    numeric.bar[noisy] = np.broadcast_to(rounding / scales[:, None], noisy.shape)[noisy]
    numeric.kind[noisy] = SMOOTH
    natural = np.broadcast_to(np.max(np.abs(f0)) / scales[:, None], noisy.shape)
    numeric.natural[noisy] = natural[noisy]


def largest_of_input(problem: Problem, claimed: Floats) -> Floats:
    """The largest claim times scale of the same input, for every output, (n, m).

    A small input beside a large one is decided by its own size.
    """
    size = np.where(np.isfinite(claimed), np.abs(claimed), 0.0) * problem.scales[:, None]
    for place in problem.subject.inputs.places:
        mine = slice(place.start, place.stop)
        size[mine] = np.max(size[mine], axis=0, initial=0.0)
    return np.asarray(size)


def low_precision(claimed: Floats, scales: Floats, rounding: Floats | None) -> Floats:
    """What a gradient may be off when it is returned in float32 because its input is, (n, m)."""
    if rounding is None or not rounding.any():
        return np.zeros_like(claimed)
    size = np.where(np.isfinite(claimed), np.abs(claimed), 0.0)
    row = np.max(size * scales[:, None], axis=0) / scales[:, None]
    granted = limit.LOW_PRECISION * rounding[:, None]
    return granted * np.fmax(size, limit.LOW_PRECISION_ROW * row)


def sharpen_near_zero(
    probe: Probe, scales: Floats, noise: Floats, claimed: Floats, numeric: Derivatives, sure: Flags
) -> None:
    """Sharpen, in place, the entries near 0 that short steps leave blurred: steps of about 1."""
    row = np.max(np.abs(claimed) * scales[:, None], axis=0)
    with np.errstate(invalid="ignore"):
        blurred = numeric.bar * scales[:, None] > limit.BLURRED * row
    rows = np.flatnonzero(blurred.any(axis=1) & (scales < limit.SMALL_SCALE))
    if not rows.size or not np.isfinite(row).all():
        return
    wider, stable = quick_pass(probe, np.maximum(scales, 1.0), noise, rows=rows)
    stable &= wider.bar < numeric.bar[rows]
    agree = np.abs(claimed[rows] - wider.value) <= wider.bar
    numeric.merge(wider, rows, stable & agree)
    sure[rows] = np.where(stable, agree, sure[rows])


def accept_claim(numeric: Derivatives, claimed: Floats, fixed: Flags) -> None:
    """Take the claim, in place, for entries that are not finite."""
    numeric.value[fixed] = np.where(np.isfinite(claimed[fixed]), claimed[fixed], 0.0)
    numeric.bar[fixed] = 0.0
    numeric.kind[fixed] = SMOOTH


def worst_first(claimed: Floats, numeric: Derivatives, doubt: Flags) -> Rows:
    """The entries with a doubtful output, the largest relative disagreement first."""
    with np.errstate(invalid="ignore", divide="ignore"):
        gap = np.abs(claimed - numeric.value) / np.fmax(np.abs(claimed), np.abs(numeric.value))
    unknown = 2.0  # more than any relative gap: first of all
    gap = np.where(doubt, np.nan_to_num(gap, nan=unknown), -1.0)
    rows = np.max(gap, axis=1)
    order = np.argsort(-rows, kind="stable")
    return order[rows[order] >= 0.0]


def claim_noise(vjp_at: Callable[[Floats], Pull], x: Floats, claimed: Floats) -> Floats:
    """The rounding noise of a claimed Jacobian, from points a few roundings away, (n, m)."""
    found = [claimed]
    for k in limit.CLAIM_MOVES:
        moved = x * (1.0 + k * limit.EPS)
        try:
            found.append(claimed_jacobian(vjp_at(moved), *claimed.shape))
        except Exception:  # outside the domain
            continue
    stack = np.stack(found)
    spread = np.max(stack, axis=0) - np.min(stack, axis=0)
    return np.where(np.isfinite(spread), spread, 0.0)
