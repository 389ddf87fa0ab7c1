"""Checking a large function by projections: all inputs at once, then one at a time."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.compare.problem import Problem
from autograd.checking.compare.projections import Projected, check_projected
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
    """Random signed projections over all inputs; one input at a time where they disagree."""
    m, rng, scales = probe.size, problem.rng, problem.scales
    rows = min(limit.OUTPUT_ROWS, m)
    cotangents = np.ones((1, 1)) if m == 1 else signed_weights(rng, rows, m)
    pull = problem.vjp_at(problem.x)
    gradients = np.stack([pull(u.copy()) for u in cotangents])
    narrow = narrowed(probe, cotangents)
    places = problem.subject.inputs.places
    whole = check_projected(narrow, gradients, scales, rng)
    projected = [whole] * len(places)
    if len(places) > 1 and not whole.passes:
        for k, place in enumerate(places):
            masked = np.zeros_like(scales)
            masked[place.start : place.stop] = scales[place.start : place.stop]
            projected[k] = check_projected(narrow, gradients, masked, rng)
    results = [projected_result(*pair) for pair in zip(projected, places, strict=True)]
    method = f"{whole.claimed.size} random signed projections of {scales.size} x {m} entries"
    checked = LargeCheck(narrow, projected, results, method)
    if all(result.verdict is Verdict.PASS for result in results):
        checked.notes.append(power_of(whole))
    for place, result in zip(places, results, strict=True):
        if not np.isfinite(gradients[:, place.start : place.stop]).all():
            result.verdict = Verdict.FAIL
    return checked


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
    if verdict is not Verdict.PASS and j.error.size:
        mask = next(m for m in (j.wrong, j.kink, j.unclear) if m.any())
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
