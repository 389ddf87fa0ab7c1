"""From compared entries to a result for every input."""

from __future__ import annotations

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.compare.full_jacobian import FullJacobian
from autograd.checking.compare.verdict import InputResult, Verdict, Worst, verdict_of
from autograd.checking.numeric.derivatives import EDGE
from autograd.checking.numeric.probe import Floats
from autograd.checking.subjects.flat_trees import FlatTrees, Place

BLIND = (
    "an error of {:.0e} of the largest entry could go unseen: its slopes are below what the values "
    "of the function show; scale the input, or return the small output by itself"
)
INVALID_KINK = "the function has a kink here, and the returned value is not among the slopes nearby"


def results_of(full: FullJacobian, inputs: FlatTrees, outputs: FlatTrees) -> list[InputResult]:
    """One result for each checked leaf."""
    return [result_of(full, place, outputs) for place in inputs.places]


def result_of(full: FullJacobian, place: Place, outputs: FlatTrees) -> InputResult:
    """The verdict, resolution and worst entry of one input."""
    mine = slice(place.start, place.stop)
    j = full.compared
    wrong, kink, unclear = j.wrong[mine], j.kink[mine], j.unclear[mine]
    valid = bool(np.all(j.kink_valid[mine] | ~kink))
    verdict = verdict_of(bool(wrong.any()), bool(unclear.any()), bool(kink.any()), valid)
    result = InputResult(place.name, place.argument, place.shape, verdict, valid=valid)
    result.resolution = resolution_of(full, mine, outputs)
    blind = verdict is Verdict.PASS and not result.resolution < limit.RESOLUTION_MOST
    if blind:
        verdict = result.verdict = Verdict.INCONCLUSIVE
    result.errors = error_map(full, place)
    if verdict is not Verdict.PASS:
        result.worst = worst_of(full, place, outputs)
    if verdict is Verdict.INCONCLUSIVE:
        result.notes.append(BLIND.format(result.resolution) if blind else advice(full, mine))
    result.kink, result.infinite = bool(kink.any()), int(j.infinite[mine].any(axis=1).sum())
    if not valid:
        result.findings.append(INVALID_KINK)
        result.at_kinks_only = not wrong.any()
    edge = np.any(full.numeric.kind[mine] == EDGE, axis=1)
    if edge.any():
        lie = "1 entry lies" if edge.sum() == 1 else f"{int(edge.sum())} entries lie"
        result.notes.append(f"{lie} at the edge of the domain: one-sided there")
    jumps = full.numeric.jump[mine] & kink
    if jumps.any():
        result.jump = True
        result.notes.append(
            "the function jumps here, which is no kink: compared with the slopes on both sides"
        )
    return result


def resolution_of(full: FullJacobian, mine: slice, outputs: FlatTrees) -> float:
    """The largest error that could have gone unseen, relative to the largest gradient entry.

    Each output array is measured by its own gradients, or by the natural size of a slope where the
    gradients are 0.
    """
    j = full.compared
    counted = ~(j.wrong[mine] | j.unclear[mine] | j.kink[mine])
    if not counted.any():
        return float("inf") if counted.size else 0.0
    unseen = np.where(counted & ~j.infinite[mine], j.unseen[mine], 0.0)
    claimed = np.where(np.isfinite(full.claimed[mine]), np.abs(full.claimed[mine]), 0.0)
    claimed[full.rounding[mine]] = 0.0
    worst = 0.0
    for place in outputs.places:
        block = slice(place.start, place.stop)
        size = float(np.max(claimed[:, block], initial=0.0))
        size = size or float(np.max(full.natural[mine, block], initial=0.0))
        most = float(np.max(unseen[:, block], initial=0.0))
        worst = max(worst, most / size if size > 0 else most)
    return worst


def tension(full: FullJacobian) -> float:
    """log10 of the largest |backward - numeric| / bar: what a search for failures drives up."""
    numeric = full.numeric
    with np.errstate(all="ignore"):
        ratio = full.compared.error / numeric.bar
    known = np.isfinite(ratio) & (numeric.bar > 0) & ~full.compared.kink
    most = float(np.max(ratio[known], initial=0.0))
    return float(np.log10(most)) if most > 0 else float("-inf")


def error_map(full: FullJacobian, place: Place) -> Floats:
    """The relative error of every entry over all outputs, in the shape of the input."""
    mine = slice(place.start, place.stop)
    error = np.where(full.compared.wrong[mine], full.compared.error[mine], 0.0)
    with np.errstate(invalid="ignore"):
        size = np.fmax(np.abs(full.claimed[mine]), np.abs(full.numeric.value[mine]))
        share = np.where(size > 0, error / np.where(size > 0, size, 1.0), 0.0)
    worst = np.max(np.where(np.isnan(share), np.inf, share), axis=1)
    worst = np.where(full.compared.unclear[mine].any(axis=1), np.nan, worst)
    if place.is_complex:
        worst = np.max(worst.reshape(-1, 2), axis=1)
    return np.asarray(worst.reshape(place.shape))


def worst_of(full: FullJacobian, place: Place, outputs: FlatTrees) -> Worst:
    """The entry with the largest error among those that decide the verdict."""
    mine = slice(place.start, place.stop)
    j, numeric = full.compared, full.numeric
    bad_kink = j.kink[mine] & ~j.kink_valid[mine]
    for mask in (j.wrong[mine], bad_kink, j.unclear[mine], j.kink[mine]):
        if mask.any():
            break
    weight = np.where(mask, np.nan_to_num(j.error[mine], nan=np.inf, posinf=1e308), -1.0)
    i, k = np.unravel_index(int(np.argmax(weight)), weight.shape)
    row = place.start + int(i)
    kinked = bool(j.kink[row, k])
    return Worst(
        output_name(outputs, int(k)),
        place.index(row),
        float(full.claimed[row, k]),
        float(numeric.value[row, k]),
        float(numeric.bar[row, k]),
        float(numeric.left[row, k]) if kinked else float("nan"),
        float(numeric.right[row, k]) if kinked else float("nan"),
    )


def output_name(outputs: FlatTrees, k: int) -> str:
    """The name of one entry of the outputs."""
    for place in outputs.places:
        if place.start <= k < place.stop:
            return place.index(k)
    return f"out[{k}]"


def advice(full: FullJacobian, mine: slice) -> str:
    """Why nothing could be decided, and what to do."""
    numeric = full.numeric
    unclear = full.compared.unclear[mine]
    if np.isinf(numeric.value[mine][unclear]).any():
        return "the slope is infinite here: check at another point"
    if not full.complete:
        return "the budget ended: raise seconds= or evaluations=, or check a smaller input"
    if not np.isfinite(numeric.bar[mine][unclear]).all():
        return "no step gives a stable difference (undefined or not finite nearby): move the input"
    return "the function is too noisy or too flat to tell: compute in float64, or scale the input"
