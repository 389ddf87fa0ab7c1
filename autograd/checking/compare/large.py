"""Checking a large function by projections: the verdict, the power of the test, the wrong entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.checking.compare.contracts import signed
from autograd.checking.diagnose.name_mistake import name_mistake
from autograd.checking.diagnose.patterns import Sample
from autograd.checking.numeric.step_sweep import climb
from autograd.checking.subjects.flat_trees import Place
from autograd.checking.numeric.noise import EPS
from autograd.checking.compare.input_results import decide, output_name
from autograd.checking.numeric.probe import ExhaustedError, Floats, Line, Probe
from autograd.checking.compare.projections import (
    OUTPUTS,
    STEP,
    Projected,
    bisect_entry,
    check_projected,
    signed_rows,
)
from autograd.checking.numeric.quick_pass import screen, shared_noise
from autograd.checking.compare.verdict import InputResult, Verdict, Worst

if TYPE_CHECKING:
    from autograd.checking.run import Run

SAMPLE = 40


def check_large(run: Run, probe: Probe) -> None:
    """Random signed projections over all inputs; one input at a time where they disagree."""
    m = probe.size
    rows = min(OUTPUTS, m)
    cotangents = np.ones((1, 1)) if m == 1 else signed_rows(run.rng, rows, m)
    pull = run.puller(run.subject.inputs.x)
    gradients = np.stack([pull(u.copy()) for u in cotangents])
    narrow = narrowed(probe, cotangents)
    places = run.subject.inputs.places
    joint = check_projected(narrow, cotangents, gradients, run.scales, run.rng)
    found = {place.name: joint for place in places}
    if len(places) > 1 and not passes(joint):
        for place in places:
            masked = np.zeros_like(run.scales)
            masked[place.start : place.stop] = run.scales[place.start : place.stop]
            found[place.name] = check_projected(narrow, cotangents, gradients, masked, run.rng)
    run.report.inputs = [projected_result(found[place.name], place) for place in places]
    run.report.method = (
        f"{joint.claimed.size} random signed projections of {run.scales.size} x {m} entries"
    )
    if all(result.verdict is Verdict.PASS for result in run.report.inputs):
        seen = 1.0 - 2.0 ** -(joint.claimed.shape[0] + joint.claimed.shape[1] - 1)
        run.report.notes.append(
            f"power: one wrong entry of usual size shows from {joint.single:.0e} of it on, "
            f"wrong entries that cancel with a chance of {seen:.3f}"
        )
    for place, result in zip(places, run.report.inputs, strict=True):
        if not np.isfinite(gradients[:, place.start : place.stop]).all():
            result.verdict = Verdict.FAIL
            result.findings.append("the gradient is not finite where the function is smooth")
        elif result.verdict is Verdict.FAIL:
            try:
                locate(run, probe, narrow, found[place.name], place, result)
            except ExhaustedError:
                result.notes.append("the budget ended before the wrong entry was found")
    probe.count += narrow.count


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


def passes(found: Projected) -> bool:
    """Whether nothing is wrong, bent or unclear."""
    j = found.judgement
    return not (j.wrong.any() or j.kink.any() or j.unclear.any())


def projected_result(found: Projected, place: Place) -> InputResult:
    """The verdict of one input from its projections."""
    j = found.judgement
    valid = bool(np.all(j.kink_valid | ~j.kink))
    verdict = decide(bool(j.wrong.any()), bool(j.unclear.any()), bool(j.kink.any()), valid)
    result = InputResult(place.name, place.argument, place.shape, verdict, valid=valid)
    if verdict is Verdict.PASS:
        result.resolution = found.resolution
    if verdict in (Verdict.KINK, Verdict.INCONCLUSIVE):
        mask = j.kink if j.kink.any() else j.unclear
        k, u = (int(a) for a in np.argwhere(mask)[0])
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


def locate(
    run: Run, probe: Probe, narrow: Probe, found: Projected, place: Place, result: InputResult
) -> None:
    """Bisect to the entry and the output that are wrong, and try to name the mistake."""
    j = found.judgement
    with np.errstate(invalid="ignore"):
        gap = np.where(j.wrong, j.error / np.fmax(found.numeric.bar, 1e-300), -1.0)
    if j.wrong[1::2].any():  # directions that move every entry by its own size bisect best
        gap[::2] = -1.0
    k, u = (int(a) for a in np.unravel_index(int(np.argmax(gap)), gap.shape))
    direction = np.zeros_like(run.scales)
    mine = slice(place.start, place.stop)
    direction[mine] = found.directions[k, mine]
    entry = bisect_entry(narrow, direction, found.gradients[u], u, run.rng)
    slopes, bars = rough_column(probe, float(run.scales[entry]), entry)
    output = worst_output(run, entry, slopes, bars)
    single = slice(output, output + 1)
    one = Probe(lambda flat: np.asarray(probe.function(flat)).reshape(-1)[single], probe.x, 2000)
    one.deadline = probe.deadline
    column = climb(Line(one, float(run.scales[entry]), entry))
    g = np.zeros(probe.size)
    g[output] = 1.0
    backward = float(run.puller(run.subject.inputs.x)(g)[entry])
    name = output_name(run.subject.outputs, output)
    value, bar = float(column.value[0]), float(column.bar[0])
    result.worst = Worst(name, place.index(entry), backward, value, bar)
    name_from_sample(run, narrow, found, place, entry, result)


def rough_column(probe: Probe, scale: float, entry: int) -> tuple[Floats, Floats]:
    """The slopes of all outputs to one entry by four evaluations, and a guess of their bars."""
    line = Line(probe, scale, entry)
    found = []
    for t in (STEP, STEP / 2):
        h = line.step(t)
        found.append((np.array(line.at(h)) - line.at(-h)) / (2 * h))
    value = (4.0 * found[1] - found[0]) / 3.0
    rounding = 64 * EPS * np.abs(probe.f0) / line.step(STEP)
    return value, np.abs(value - found[1]) + rounding


def worst_output(run: Run, entry: int, slopes: Floats, bars: Floats) -> int:
    """The output whose derivative to one entry is most wrong: O(log m) pullbacks."""
    pull = run.puller(run.subject.inputs.x)
    weights = np.where(np.isfinite(slopes), signed(run.rng, slopes.size), 0.0)
    known = np.where(np.isfinite(slopes), slopes, 0.0)
    support = np.flatnonzero(weights)
    while support.size > 1:
        half = support.size // 2
        gaps = []
        for part in (support[:half], support[half:]):
            g = np.zeros_like(weights)
            g[part] = weights[part]
            noise = float(
                np.sum(np.abs(g[part]) * np.where(np.isfinite(bars[part]), bars[part], 0.0))
            )
            gaps.append(abs(float(pull(g)[entry]) - float(g @ known)) / max(noise, 1e-300))
        support = support[:half] if gaps[0] >= gaps[1] else support[half:]
    return int(support[0]) if support.size else 0


def name_from_sample(
    run: Run, narrow: Probe, found: Projected, place: Place, entry: int, result: InputResult
) -> None:
    """Compare a few random entries of the projected gradient with the known patterns."""
    chosen = run.rng.choice(place.size, min(SAMPLE, place.size), replace=False) + place.start
    rows = np.unique(np.append(chosen, entry))
    noise, _ = shared_noise(narrow, run.scales, run.rng)
    claimed = found.gradients[:, rows].T
    numeric, _ = screen(narrow, run.scales, noise, rows=rows)
    good = np.isfinite(numeric.value)
    true = np.where(good, numeric.value, claimed)
    bar = np.where(good & np.isfinite(numeric.bar), numeric.bar, 0.0)
    x = run.subject.inputs.x[rows]
    sample = Sample(claimed, true, bar, x, (rows.size,), narrow.f0, (narrow.size,), {})
    named = name_mistake(sample, None, place.name)
    result.findings += [f"among {rows.size} sampled entries: {f.text}" for f in named]
    result.kinds = [finding.kind for finding in named]
