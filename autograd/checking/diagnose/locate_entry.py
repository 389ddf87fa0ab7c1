"""Which entry of a large gradient is wrong: bisection of a projection that disagrees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from autograd.checking import thresholds as limit
from autograd.checking.compare.input_results import output_name
from autograd.checking.compare.large import LargeCheck
from autograd.checking.compare.problem import Problem
from autograd.checking.compare.projections import Projected
from autograd.checking.compare.verdict import InputResult, Verdict, Worst
from autograd.checking.diagnose.around_entry import Neighbourhood, name_from_sample
from autograd.checking.diagnose.name_mistake import NOT_FINITE
from autograd.checking.diagnose.sample import Finding
from autograd.checking.numeric.probe import ExhaustedError, Floats, Line, Probe
from autograd.checking.numeric.signed import signed_vector
from autograd.checking.numeric.step_sweep import sweep_slope
from autograd.checking.subjects.flat_trees import Place


def explain_large(problem: Problem, probe: Probe, checked: LargeCheck) -> None:
    """Add the wrong entry and the likely mistake to the result of every wrong input."""
    places = problem.subject.inputs.places
    for place, found, result in zip(places, checked.projected, checked.results, strict=True):
        if result.verdict is not Verdict.FAIL:
            continue
        if not np.isfinite(found.gradients[:, place.start : place.stop]).all():
            result.findings.append(NOT_FINITE)
            continue
        try:
            entry = locate_entry(problem, probe, checked.narrow, found, place, result)
            around = Neighbourhood(problem, checked.narrow, found, place)
            text = around.neighbours(entry)
            result.notes += [text] if text else []
            if place.size <= limit.MAP_ENTRIES:
                result.error_map = around.error_map
            named = named_around(problem, probe, around, entry)
            result.findings += [f.text for f in named]
            result.kinds = [f.kind for f in named]
        except ExhaustedError:
            result.notes.append("the budget ended before the wrong entry was found")


def named_around(
    problem: Problem, probe: Probe, around: Neighbourhood, entry: int
) -> list[Finding]:
    """The likely mistake; none where looking for it raises."""
    try:
        return name_from_sample(problem, probe, around, entry)
    except ExhaustedError:
        raise
    except Exception:  # a guess that fails must not hide the numbers
        return []


def locate_entry(
    problem: Problem,
    probe: Probe,
    narrow: Probe,
    found: Projected,
    place: Place,
    result: InputResult,
) -> int:
    """Bisect to the entry and the output that are wrong; store them in the result."""
    j = found.compared
    with np.errstate(invalid="ignore"):
        gap = np.where(j.wrong, j.error / np.fmax(found.numeric.bar, 1e-300), -1.0)
    if j.wrong[1::2].any():  # directions that move every entry by its own size bisect best
        gap[::2] = -1.0
    k, u = (int(a) for a in np.unravel_index(int(np.argmax(gap)), gap.shape))
    direction = np.zeros_like(problem.scales)
    mine = slice(place.start, place.stop)
    direction[mine] = found.directions[k, mine]
    entry = bisect_entry(narrow, direction, found.gradients[u], u, problem.rng)
    scale = float(problem.scales[entry])
    slopes, bars = rough_column(probe, scale, entry)
    output = worst_output(problem, entry, slopes, bars)

    def one_output(flat: Floats) -> Floats:
        y: Floats = np.asarray(probe.function(flat)).reshape(-1)
        return y[output : output + 1]

    one = Probe(one_output, probe.x, limit.ENTRY_EVALUATIONS)
    one.deadline = probe.deadline
    slope = sweep_slope(Line(one, scale, entry))
    g = np.zeros(probe.size)
    g[output] = 1.0
    backward = float(problem.vjp_at(problem.x)(g)[entry])
    name = output_name(problem.subject.outputs, output)
    value, bar = float(slope.value[0]), float(slope.bar[0])
    result.worst = Worst(name, place.index(entry), backward, value, bar)
    return entry


def bisect_entry(
    probe: Probe, direction: Floats, gradient: Floats, column: int, rng: np.random.Generator
) -> int:
    """The entry of the input whose share of a wrong projection is largest, in O(log n) steps.

    Halves the support of the direction; keeps the half whose numerical slope disagrees more.
    """
    support: NDArray[np.intp] = np.flatnonzero(direction)
    rng.shuffle(support)
    while support.size > 1:
        half = support.size // 2
        gaps = []
        for part in (support[:half], support[half:]):
            masked = np.zeros_like(direction)
            masked[part] = direction[part]
            gap = abs(float(masked @ gradient) - rough_slope(probe, masked, column))
            gaps.append(gap if np.isfinite(gap) else 0.0)
        support = support[:half] if gaps[0] >= gaps[1] else support[half:]
    return int(support[0])


def rough_slope(probe: Probe, direction: Floats, column: int) -> float:
    """One extrapolated difference of one output along a direction: four evaluations."""
    line = Line(probe, 1.0, direction=direction)
    slope = 0.0
    for share in limit.ROUGH_STEPS:
        h = share * limit.LINE_STEP
        values = [float(line.at(t)[column]) for t in (h, -h, h / 2, -h / 2)]
        slope = (4.0 * (values[2] - values[3]) / h - (values[0] - values[1]) / (2 * h)) / 3.0
        if np.isfinite(slope):
            break
    return slope


def rough_column(probe: Probe, scale: float, entry: int) -> tuple[Floats, Floats]:
    """The slopes of all outputs to one entry by four evaluations, and a guess of their bars."""
    line = Line(probe, scale, entry)
    found = []
    for t in (limit.LINE_STEP, limit.LINE_STEP / 2):
        h = line.step(t)
        found.append((np.array(line.at(h)) - line.at(-h)) / (2 * h))
    value = (4.0 * found[1] - found[0]) / 3.0
    rounding = limit.ROUGH_ROUNDING * np.abs(probe.f0) / line.step(limit.LINE_STEP)
    return value, np.abs(value - found[1]) + rounding


def worst_output(problem: Problem, entry: int, slopes: Floats, bars: Floats) -> int:
    """The output whose derivative to one entry is most wrong: O(log m) pullbacks."""
    pull = problem.vjp_at(problem.x)
    weights = np.where(np.isfinite(slopes), signed_vector(problem.rng, slopes.size), 0.0)
    known = np.where(np.isfinite(slopes), slopes, 0.0)
    noise = np.where(np.isfinite(bars), bars, 0.0)
    support = np.flatnonzero(weights)
    while support.size > 1:
        half = support.size // 2
        gaps = []
        for part in (support[:half], support[half:]):
            g = np.zeros_like(weights)
            g[part] = weights[part]
            size = float(np.sum(np.abs(g[part]) * noise[part]))
            gaps.append(abs(float(pull(g)[entry]) - float(g @ known)) / max(size, 1e-300))
        support = support[:half] if gaps[0] >= gaps[1] else support[half:]
    return int(support[0]) if support.size else 0
