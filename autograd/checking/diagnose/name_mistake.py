"""Name the mistake: compare samples of wrong Jacobians at two points with the known patterns."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.compare.full_jacobian import FullJacobian, claimed_jacobian
from autograd.checking.compare.problem import Problem
from autograd.checking.compare.verdict import InputResult, Verdict
from autograd.checking.diagnose import axis_patterns, patterns
from autograd.checking.diagnose.complex_patterns import conjugated
from autograd.checking.diagnose.factors import factor_names, partial, simplest, verified
from autograd.checking.diagnose.sample import Finding, JacobianSample
from autograd.checking.numeric.derivatives import KINK, SMOOTH, Derivatives
from autograd.checking.numeric.probe import Floats, Probe
from autograd.checking.numeric.quick_pass import own_scales, quick_pass, shared_noise
from autograd.checking.numeric.step_sweep import refine
from autograd.checking.subjects.flat_trees import Place
from autograd.checking.subjects.subject import Subject

NOT_FINITE = "the gradient is not finite where the function is smooth"

PATTERNS: tuple[Callable[[JacobianSample], Finding | None], ...] = (
    patterns.absent,
    patterns.constant,
    conjugated,
    patterns.swapped,
    axis_patterns.permuted,
    patterns.transposed,
    axis_patterns.symmetric,
    axis_patterns.rearranged,
    patterns.diagonal,
    patterns.unsummed,
    patterns.overwritten,
    axis_patterns.missing_term,
)
"""The more specific first: the first that holds at both points is named."""


def explain_full(
    problem: Problem, full: FullJacobian, f0: Floats, results: list[InputResult]
) -> None:
    """Add the likely mistake to the result of every wrong input."""
    for place, result in zip(problem.subject.inputs.places, results, strict=True):
        if result.verdict is not Verdict.FAIL:
            continue
        if not np.isfinite(full.claimed[place.start : place.stop]).all():
            result.findings.append(NOT_FINITE)
            continue
        try:
            named = likely_mistakes(problem, full, place, f0)
        except Exception:  # a guess that fails must not hide the numbers
            named = []
        result.findings += [finding.text for finding in named]
        result.kinds = [finding.kind for finding in named]


def explain_slow(
    problem: Problem, claimed: Floats, numeric: Derivatives, f0: Floats, results: list[InputResult]
) -> None:
    """The same from one point only: a second one would take too long."""
    for place, result in zip(problem.subject.inputs.places, results, strict=True):
        if result.verdict is Verdict.FAIL and np.isfinite(numeric.value).all():
            here = sample_of(problem.subject, place, problem.x, f0, claimed, numeric)
            named = name_mistake(here, None, place.name)
            result.findings += [finding.text for finding in named]
            result.kinds = [finding.kind for finding in named]


def likely_mistakes(
    problem: Problem, full: FullJacobian, place: Place, f0: Floats
) -> list[Finding]:
    """The patterns that explain the wrong gradient of one input at both points, best first."""
    here = sample_of(problem.subject, place, problem.x, f0, full.claimed, full.numeric)
    if rounded_to_single(here):
        text = "every entry is a float32 number: is the gradient rounded to float32 on the way?"
        return [Finding("float32", text)]
    if not here.wrong.any():
        return []
    flat = flat_function(problem, place, here, f0)
    if flat is not None:
        return [flat]
    rng = np.random.default_rng([problem.seed, 2])
    other = point_nearby(problem, rng, limit.SECOND_POINTS)
    there = None if other is None else sample_of(problem.subject, place, *other)
    if there is not None and not there.wrong.any():
        close = point_nearby(problem, rng, (limit.CLOSE_MOVE,))
        beside = None if close is None else sample_of(problem.subject, place, *close)
        if beside is not None and all(verified(s)[here.wrong].all() for s in (there, beside)):
            return [only_here(here)]
    return name_mistake(here, there, place.name)


def only_here(s: JacobianSample) -> Finding:
    """Wrong at the input, right at points beside it."""
    rows = np.any(s.wrong, axis=1)
    zero = bool(np.all(s.x[rows] == 0))
    which = "where the input is 0" if zero else "at this input"
    text = f"right at points nearby, wrong exactly {which}: is it a special case in the backward?"
    return Finding("only here", text)


def flat_function(problem: Problem, place: Place, s: JacobianSample, f0: Floats) -> Finding | None:
    """A gradient of a function that does not move with its input: steps, or no dependence."""
    if np.any(s.true != 0) or not np.any(s.claimed != 0):
        return None
    rng = np.random.default_rng([problem.seed, 3])
    mine = slice(place.start, place.stop)
    moved = []
    for far in (limit.CLOSE_MOVE, *limit.FAR_STEPS):
        for sign in (1.0, -1.0):
            x = problem.x.copy()
            x[mine] += sign * far * problem.scales[mine] * rng.uniform(0.5, 1.0, place.size)
            try:
                moved.append(bool(np.any(problem.forward(x) != f0)))
            except Exception:  # outside the domain
                moved.append(False)
    if any(moved[:2]):
        return None
    if any(moved):
        text = "the function is flat here and moves in steps, so that its derivative is 0; the "
        text += "gradient is not: is it a straight-through estimate?"
        return Finding("straight-through", text)
    text = f"the output does not move with {place.name}, but its gradient is not 0"
    return Finding("no dependence", text)


def sample_of(
    subject: Subject, place: Place, x: Floats, y: Floats, claimed: Floats, numeric: Derivatives
) -> JacobianSample:
    """The rows of one input out of full Jacobians, unknown and bent entries made neutral."""
    known = (numeric.kind == SMOOTH) | np.isfinite(numeric.bar)
    known &= np.isfinite(numeric.value) & np.isfinite(claimed)
    known &= numeric.kind != KINK
    true = np.where(known, numeric.value, np.where(np.isfinite(claimed), claimed, 0.0))
    bar = np.where(known & np.isfinite(numeric.bar), numeric.bar, 0.0)
    mine = slice(place.start, place.stop)
    others = {
        p.name: (x[p.start : p.stop], p.shape, true[p.start : p.stop])
        for p in subject.inputs.places
        if p is not place
    }
    outputs = subject.outputs.places
    out_shape = outputs[0].shape if len(outputs) == 1 and not outputs[0].is_complex else (y.size,)
    finite = np.where(np.isfinite(claimed), claimed, 0.0)
    shape = place.shape if not place.is_complex else (place.size,)
    imag_columns = np.zeros(y.size, dtype=bool)
    for output in outputs:
        if output.is_complex:
            imag_columns[output.start + 1 : output.stop : 2] = True
    imag_rows = (np.arange(place.size) % 2 == 1) if place.is_complex else None
    return JacobianSample(
        finite[mine],
        true[mine],
        bar[mine],
        x[mine],
        shape,
        y,
        out_shape,
        others,
        array_shape=place.shape,
        imag_rows=imag_rows,
        imag_columns=imag_columns,
        lengths=patterns.lengths_of(subject, place),
        known=None if known[mine].all() else known[mine],
    )


def point_nearby(
    problem: Problem, rng: np.random.Generator, sizes: Sequence[float]
) -> tuple[Floats, Floats, Floats, Derivatives] | None:
    """Another point near x: the point, its outputs, claimed and numerical Jacobians; or None."""
    x, scales = problem.x, problem.scales
    for size in sizes:
        shares = rng.uniform(limit.SECOND_POINT_LEAST, 1.0, x.size)
        moves = own_scales(x, scales, limit.OWN_MOVE) * shares * rng.choice([-1.0, 1.0], x.size)
        moved = x + size * moves
        try:
            probe = Probe(problem.subject.forward, moved)
            if not np.isfinite(probe.f0).all():
                continue
            claimed = claimed_jacobian(problem.vjp_at(moved), x.size, probe.size)
            noise, _ = shared_noise(probe, scales, rng)
            numeric, sure = quick_pass(probe, scales, noise)
            unsure = np.flatnonzero(~sure.all(axis=1))[: limit.FIRST_BATCH]
            refine(probe, scales, numeric, ~sure, unsure)
        except Exception:  # outside the domain
            continue
        if np.isfinite(numeric.value).all():
            return moved, probe.f0, claimed, numeric
    return None


def name_mistake(
    here: JacobianSample, there: JacobianSample | None, input_name: str
) -> list[Finding]:
    """What both samples agree on; with one sample, only patterns that need no second one."""
    if there is not None and not np.any(np.abs(there.true) > there.slack):
        there = None  # all slopes are zero there: it says nothing
    for pattern in PATTERNS:
        found = pattern(here)
        if found is None:
            continue
        if there is None or same_finding(found, pattern(there)):
            return [found]
    if there is not None:
        first, second = factor_names(here, input_name), factor_names(there, input_name)
        common = [finding for key, finding in first.items() if key in second]
        if common:
            return [simplest(here, common)]
    few = partial(here, input_name)
    return [few] if few is not None else []


def same_finding(a: Finding, b: Finding | None) -> bool:
    """Whether two samples say the same: the same kind, and the same factor."""
    return b is not None and (a.kind, a.key) == (b.kind, b.key)


def rounded_to_single(s: JacobianSample) -> bool:
    """Whether a claim that is wrong by roundings only consists of float32 numbers."""
    granted = limit.SINGLE_CLAIM * np.abs(s.true) + limit.SINGLE_CLAIM_BARS * s.bar
    gap = np.abs(s.claimed - s.true)
    close = np.all(gap <= granted) and np.any(gap > limit.CLEAR_BARS * s.bar)
    moving = s.claimed[s.claimed != 0]
    return bool(close and moving.size and np.all(moving == moving.astype(np.float32)))
