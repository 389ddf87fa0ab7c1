"""Functions that take long: one central difference for each entry before anything else.

Each call is worth seconds, so no noise is measured and no step is chosen. A difference that agrees
with the claim verifies it, since two independent numbers do not agree by chance; one that does not
is taken again with a step of another length, and what the two have in common decides.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.compare.elsewhere import NEARBY, beside, point_text
from autograd.checking.compare.entries import Comparison
from autograd.checking.compare.full_jacobian import FullJacobian
from autograd.checking.compare.input_results import results_of
from autograd.checking.compare.large import projected_result
from autograd.checking.compare.problem import Problem, Pull
from autograd.checking.compare.projections import Projected
from autograd.checking.compare.verdict import InputResult, Verdict
from autograd.checking.numeric.derivatives import KINK, SMOOTH, Derivatives
from autograd.checking.numeric.probe import ExhaustedError, Floats
from autograd.checking.numeric.signed import signed_weights
from autograd.checking.subjects.flat_trees import Place

TIME = "there was time for {} of {} differences: raise seconds="


@dataclass
class SlowCheck:
    """Claimed and numerical slopes of projected outputs along lines, (K, R), and the decision.

    `entries` says whether the lines are the entries and the outputs themselves; `lines` (K, n) are
    directions otherwise. `done` (K,) marks the lines that there was time for.
    """

    claimed: Floats
    numeric: Derivatives
    compared: Comparison
    lines: Floats
    gradients: Floats
    entries: bool
    done: np.ndarray
    evaluations: int = 0
    pairs: dict[int, list[tuple[float, Floats, Floats]]] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every line was measured."""
        return bool(self.done.all())


def check_slow(problem: Problem, f0: Floats, pull: Pull, cost: float, deadline: float) -> SlowCheck:
    """Compare central differences with the claim, within the seconds up to a deadline.

    `f0` (m,) are the outputs at x, `cost` the seconds of one evaluation.
    """
    n, m = problem.x.size, f0.size
    left = max(deadline - time.monotonic(), 0.0)
    few = m <= limit.SLOW_OUTPUTS and 2 * n * cost <= limit.SLOW_SHARE * left
    lines = np.diag(problem.scales) if few else directions(problem, cost, left)
    cotangents = np.eye(m) if m <= limit.SLOW_OUTPUTS else signed_weights(problem.rng, 2, m)
    gradients = np.stack([pull(u.copy()) for u in cotangents])
    count, rows = lines.shape[0], cotangents.shape[0]
    blank = np.zeros((count, rows), dtype=bool)
    flags = [blank.copy() for _ in range(5)]
    empty = Comparison(np.zeros((count, rows)), np.zeros((count, rows)), *flags)
    found = SlowCheck(
        lines @ gradients.T,
        Derivatives.unknown(count, rows),
        empty,
        lines,
        gradients,
        few,
        np.zeros(count, dtype=bool),
    )
    at_x = cotangents @ f0

    def measure(k: int, h: float) -> None:
        ahead, behind = (
            cotangents @ np.array(problem.forward(problem.x + s * h * lines[k])) for s in (1, -1)
        )
        found.pairs.setdefault(k, []).append((h, ahead, behind))
        found.evaluations += 2

    try:
        for k in problem.rng.permutation(count):
            measure(int(k), limit.SLOW_STEP)
            found.done[k] = True
        decide(found, at_x)
        worst = np.max(np.where(found.compared.unclear, found.compared.error, -1.0), axis=1)
        for count, k in enumerate(np.argsort(-worst)):
            if worst[k] < 0 or (count >= limit.SLOW_AGAIN and found.compared.wrong.any()):
                break
            measure(int(k), limit.SLOW_STEP_AGAIN)
            decide(found, at_x)
    except ExhaustedError:
        pass
    decide(found, at_x)
    if few:  # from slopes over the scale to slopes
        in_units_of_x(found, problem.scales)
    return found


def directions(problem: Problem, cost: float, left: float) -> Floats:
    """As many random directions as there is time for, of one input each in turn, (K, n)."""
    places = problem.subject.inputs.places
    most = max(limit.SLOW_DIRECTIONS, len(places))
    count = int(np.clip(limit.SLOW_SHARE * left / (2 * cost), 1, most))
    found = signed_weights(problem.rng, count, problem.x.size) * problem.scales
    if count >= len(places):
        for k in range(count):
            place = places[k % len(places)]
            found[k, : place.start] = found[k, place.stop :] = 0.0
    return found


def decide(found: SlowCheck, f0: Floats) -> None:
    """Fill in the numerical slopes and the decision about each of them, in place."""
    j, numeric = found.compared, found.numeric
    rows = np.max(np.abs(found.claimed), axis=0)
    for k, pairs in found.pairs.items():
        h, ahead, behind = pairs[0]
        seen = np.stack([f0, *(part for _, *pair in pairs for part in pair)])
        single = np.all(seen == seen.astype(np.float32), axis=0)
        unit = np.where(single, limit.EPS_SINGLE, limit.SLOW_NOISE)
        rounding = unit * np.max(np.abs(seen), axis=0)
        noise = rounding / h
        value, claim = (ahead - behind) / (2 * h), found.claimed[k]
        right, left = (ahead - f0) / h, (f0 - behind) / h
        size = np.fmax(np.abs(claim), np.abs(value))
        error = np.abs(claim - value)
        bar = 2.0 * error + noise
        agrees = error <= limit.SLOW_AGREE * np.fmax(size, limit.SLOW_ROW * rows) + noise
        gap = np.abs(right - left)
        bent = gap > limit.SLOW_KINK * np.fmax(np.abs(right), np.abs(left)) + noise
        kink = wrong = np.zeros(agrees.shape, dtype=bool)
        if len(pairs) > 1:
            longer, far, back = pairs[1]
            again = (far - back) / (2 * longer)
            far_gap = np.abs(far + back - 2 * f0) / longer
            kink = bent & (np.abs(far_gap - gap) < limit.KINK_STEADY * gap)
            # The error of a central difference of a smooth function falls as h ** 2.
            rest = (again - value) / ((longer / h) ** 2 - 1.0)
            value = np.where(agrees, value, value - rest)
            error = np.abs(claim - value)
            bar = np.where(agrees, bar, limit.TRUNCATION_FACTOR * np.abs(rest) + noise)
            agrees |= error <= bar
            bar = np.where(agrees, bar, np.fmax(bar, limit.SLOW_AGREE * np.abs(again - value)))
            # The longer step sees more of a function that rounds as float32 does.
            value = np.where(single & ~agrees, again, value)
            error = np.abs(claim - value)
            far_bar = rounding / longer + limit.SLOW_AGREE * np.abs(again)
            bar = np.where(single & ~agrees, far_bar, bar)
            agrees |= single & (error <= bar) & (far_bar < limit.SLOW_KINK * np.abs(claim))
            wrong = ~agrees & ~kink & (error > limit.CLEAR_BARS * bar)
            bent = kink
        low, high = np.fmin(left, right) - noise, np.fmax(left, right) + noise
        j.kink[k], j.kink_valid[k] = kink, kink & (claim >= low) & (claim <= high)
        j.wrong[k], j.unclear[k] = wrong, ~(agrees | wrong | kink) | (bent & ~kink)
        j.error[k], j.unseen[k] = error, error + bar
        numeric.kind[k] = np.where(kink, KINK, SMOOTH)
        numeric.value[k], numeric.bar[k] = value, bar
        numeric.left[k], numeric.right[k] = left, right
    if j.wrong.any():  # the others disagree as clearly: there was no time to look twice
        gross = j.unclear & (j.error > limit.SLOW_KINK * np.abs(numeric.value))
        j.wrong |= gross
        j.unclear &= ~gross
        numeric.bar[gross] = limit.SLOW_AGREE * np.abs(numeric.value[gross])
    j.unclear[~found.done] = True


def in_units_of_x(found: SlowCheck, scales: Floats) -> None:
    """Divide slopes along entries by the scales, in place."""
    numeric, j = found.numeric, found.compared
    found.claimed = found.gradients.T.copy()
    for part in (numeric.value, numeric.bar, numeric.left, numeric.right, j.error, j.unseen):
        part /= scales[:, None]


def slow_results(problem: Problem, found: SlowCheck, f0: Floats) -> list[InputResult]:
    """One result for each input, and what to do where there was no time for all lines."""
    inputs, outputs = problem.subject.inputs, problem.subject.outputs
    results = []
    if found.entries:
        natural = np.abs(f0)[None, :] / problem.scales[:, None]
        rounding = np.zeros(natural.shape, dtype=bool)
        full = FullJacobian(
            found.claimed, found.numeric, found.compared, found.complete, natural, rounding
        )
        results = results_of(full, inputs, outputs)
    else:
        results = [projected_result(projected_of(found, p), p) for p in inputs.places]
        for place, result in zip(inputs.places, results, strict=True):
            if not np.any(found.lines[:, place.start : place.stop]):
                result.verdict, result.worst = Verdict.INCONCLUSIVE, None
    for place, result in zip(inputs.places, results, strict=True):
        if not np.isfinite(found.gradients[:, place.start : place.stop]).all():
            result.verdict = Verdict.FAIL
        elif result.verdict is Verdict.INCONCLUSIVE and not found.complete:
            done = int(found.done.sum())
            result.notes = [TIME.format(done, found.done.size)]
    return results


def projected_of(found: SlowCheck, place: Place) -> Projected:
    """The lines that move one input."""
    mine = np.any(found.lines[:, place.start : place.stop] != 0, axis=1)
    numeric = Derivatives(**{name: part[mine] for name, part in vars(found.numeric).items()})
    compared = Comparison(**{name: part[mine] for name, part in vars(found.compared).items()})
    lines = found.lines[mine]
    typical = np.sqrt((lines**2) @ (found.gradients**2).T)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(typical > 0, compared.unseen / typical, compared.unseen)
    share = np.where(np.isfinite(share), share, 0.0)
    worst = float(np.max(share, initial=0.0 if mine.any() else np.inf))
    single = worst * float(np.sqrt(max(place.size, 1)))
    return Projected(found.claimed[mine], numeric, compared, lines, found.gradients, worst, single)


def wrong_beside(problem: Problem) -> str:
    """Where beside x the gradient is wrong along one random direction; "" where it is not."""
    point = beside(problem, limit.NEAR_SHARES[1])
    v = signed_weights(problem.rng, point.size) * problem.scales
    g = signed_weights(problem.rng, problem.subject.outputs.x.size)
    try:
        claim = float(problem.vjp_at(point)(g.copy()) @ v)
        slopes = []
        for h in (limit.SLOW_STEP, limit.SLOW_STEP_AGAIN):
            ahead, behind = (float(g @ problem.forward(point + s * h * v)) for s in (1, -1))
            slopes.append((ahead - behind) / (2 * h))
            error, size = abs(claim - slopes[0]), max(abs(claim), abs(slopes[0]))
            if not error > limit.SLOW_KINK * size:
                return ""
    except ExhaustedError:
        raise
    except Exception:  # not defined there
        return ""
    if abs(slopes[1] - slopes[0]) * limit.CLEAR_BARS > error:
        return ""
    return f"{NEARBY}: x -> {point_text(point)}"
