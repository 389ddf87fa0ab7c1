"""Checking a large function by projections: all inputs at once, then one at a time."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.compare.input_results import BLIND
from autograd.checking.compare.problem import Problem
from autograd.checking.compare.projections import Projected, check_projected, noise_of
from autograd.checking.compare.verdict import InputResult, Verdict, Worst, verdict_of
from autograd.checking.numeric.probe import Floats, Probe
from autograd.checking.numeric.signed import signed_weights
from autograd.checking.subjects.flat_trees import Place


@dataclass
class LargeCheck:
    """The projections of every input, in order, the probe of the projected outputs, and the results
    with what a report says about the method."""

    narrow: Probe
    projected: list[Projected]
    results: list[InputResult]
    method: str
    notes: list[str] = field(default_factory=list)


def check_large(problem: Problem, probe: Probe) -> LargeCheck:
    """Random signed projections over all inputs, then over each of them, so that a small input does
    not pass on the credit of a large one."""
    m, rng, scales = probe.size, problem.rng, problem.scales
    cotangents = output_rows(problem, m)
    pull = problem.vjp_at(problem.x)
    gradients = np.stack([pull(u.copy()) for u in cotangents])
    narrow = narrowed(probe, cotangents)
    places = problem.subject.inputs.places
    noise = noise_of(narrow, scales, rng)
    whole = check_projected(narrow, gradients, scales, rng, noise)
    projected = [whole] * len(places)
    if len(places) > 1:
        count = limit.OWN_DIRECTIONS if whole.passes else limit.DIRECTIONS
        for k, place in enumerate(places):
            masked = np.zeros_like(scales)
            masked[place.start : place.stop] = scales[place.start : place.stop]
            projected[k] = check_projected(narrow, gradients, masked, rng, noise, count)
    results = [projected_result(*pair) for pair in zip(projected, places, strict=True)]
    method = f"{whole.claimed.size} random signed projections of {scales.size} x {m} entries"
    checked = LargeCheck(narrow, projected, results, method)
    if all(result.verdict is Verdict.PASS for result in results):
        checked.notes.append(power_of(max(projected, key=lambda found: found.single)))
    for place, result in zip(places, results, strict=True):
        if not np.isfinite(gradients[:, place.start : place.stop]).all():
            result.verdict = Verdict.FAIL
    return checked


def output_rows(problem: Problem, m: int) -> Floats:
    """Random signed weights of the outputs, (rows, m): of each output array by itself, if there are
    several, since a small one would be lost in the rounding of a large one."""
    places = problem.subject.outputs.places
    if m == 1:
        return np.ones((1, 1))
    if len(places) == 1 or len(places) > limit.OWN_OUTPUTS:
        return signed_weights(problem.rng, min(limit.OUTPUT_ROWS, m), m)
    rows = np.zeros((limit.OWN_ROWS * len(places), m))
    for k in range(rows.shape[0]):
        place = places[k % len(places)]
        rows[k, place.start : place.stop] = signed_weights(problem.rng, place.size)
    return rows


def power_of(found: Projected) -> str:
    """What the projections would have seen, for the report."""
    seen = 1.0 - 2.0 ** -(found.claimed.shape[0] + found.claimed.shape[1] - 1)
    return (
        f"power: one wrong entry of usual size shows from {found.single:.0e} of it on, "
        f"wrong entries that cancel with a chance of {seen:.3f}"
    )


def narrowed(probe: Probe, cotangents: Floats) -> Probe:
    """The probe of a few projected outputs, sharing the budget of the full one."""
    narrow = Probe(
        lambda flat: cotangents @ np.asarray(probe.function(flat)).reshape(-1),
        probe.x,
        probe.left,
        probe.seconds_left(),
    )
    narrow.tick = probe.tick
    return narrow


def projected_result(found: Projected, place: Place) -> InputResult:
    """The verdict of one input from its projections."""
    j = found.compared
    valid = bool(np.all(j.kink_valid | ~j.kink))
    verdict = verdict_of(bool(j.wrong.any()), bool(j.unclear.any()), bool(j.kink.any()), valid)
    result = InputResult(place.name, place.argument, place.shape, verdict, valid=valid)
    if verdict is Verdict.PASS:
        result.resolution = found.resolution
        if not (found.resolution < limit.RESOLUTION_MOST and found.single < 1.0):
            verdict = result.verdict = Verdict.INCONCLUSIVE
            result.notes.append(BLIND.format(max(found.resolution, found.single)))
    if verdict is not Verdict.PASS and j.error.size:
        every = np.ones_like(j.wrong)
        mask = next(m for m in (j.wrong, j.kink, j.unclear, every) if m.any())
        weight = np.where(mask, np.nan_to_num(j.error, nan=0.0, posinf=1e308), -1.0)
        k, u = (int(a) for a in np.unravel_index(int(np.argmax(weight)), weight.shape))
        result.worst = Worst(
            "(u . out)",
            f"(v . {place.name})",
            float(found.claimed[k, u]),
            float(found.numeric.value[k, u]),
            float(found.numeric.bar[k, u]),
            float(found.numeric.left[k, u]) if j.kink[k, u] else float("nan"),
            float(found.numeric.right[k, u]) if j.kink[k, u] else float("nan"),
        )
    return result
