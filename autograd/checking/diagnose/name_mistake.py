"""Name the mistake: compare samples of wrong Jacobians at two points with the known patterns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograd.checking.compare.full_jacobian import Dense, Pull, claimed_jacobian
from autograd.checking.diagnose.factors import factor_names, partial, simplest
from autograd.checking.diagnose.patterns import PATTERNS, Finding, Sample
from autograd.checking.numeric.step_sweep import SMOOTH
from autograd.checking.subjects.flat_trees import Place
from autograd.checking.numeric.probe import Floats, Probe
from autograd.checking.numeric.quick_pass import Numeric, screen, shared_noise
from autograd.checking.subjects.subject import Subject

MOVES = (0.31, 0.07, 0.011)


def sample_of(
    subject: Subject, place: Place, x: Floats, y: Floats, claimed: Floats, numeric: Numeric
) -> Sample:
    """The rows of one input out of full Jacobians, unknown and bent entries made neutral."""
    known = (numeric.kind == SMOOTH) | np.isfinite(numeric.bar)
    known &= np.isfinite(numeric.value) & np.isfinite(claimed)
    known &= ~(numeric.kind == 2)
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
    plain = np.where(np.isfinite(claimed), claimed, 0.0)
    shape = place.shape if not place.is_complex else (place.size,)
    return Sample(plain[mine], true[mine], bar[mine], x[mine], shape, y, out_shape, others)


def second_point(
    subject: Subject, puller: Callable[[Floats], Pull], scales: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats, Floats, Numeric] | None:
    """Another point near x: the point, its outputs, claimed and numerical Jacobians; or None."""
    x = subject.inputs.x
    for size in MOVES:
        moved = x + size * scales * rng.uniform(0.3, 1.0, x.size) * rng.choice([-1.0, 1.0], x.size)
        try:
            probe = Probe(subject.forward, moved)
            if not np.isfinite(probe.f0).all():
                continue
            claimed = claimed_jacobian(puller(moved), x.size, probe.size)
            noise, _ = shared_noise(probe, scales, rng)
            numeric, _ = screen(probe, scales, noise)
        except Exception:  # outside the domain
            continue
        if np.isfinite(numeric.value).all():
            return moved, probe.f0, claimed, numeric
    return None


def diagnose(
    subject: Subject,
    dense: Dense,
    place: Place,
    puller: Callable[[Floats], Pull],
    f0: Floats,
    scales: Floats,
    seed: int,
) -> list[Finding]:
    """The patterns that explain the wrong gradient of one input at both points, best first."""
    x = subject.inputs.x
    here = sample_of(subject, place, x, f0, dense.claimed, dense.numeric)
    if rounded(here):
        text = "every entry is a float32 number: is the gradient rounded to float32 on the way?"
        return [Finding("float32", text)]
    if not here.wrong.any():
        return []
    other = second_point(subject, puller, scales, np.random.default_rng([seed, 2]))
    there = None
    if other is not None:
        moved, y, claimed, numeric = other
        there = sample_of(subject, place, moved, y, claimed, numeric)
    return name_mistake(here, there, place.name)


def name_mistake(here: Sample, there: Sample | None, own: str) -> list[Finding]:
    """What both samples agree on; with one sample, only patterns that need no second one."""
    for pattern in PATTERNS:
        found = pattern(here)
        if found is None:
            continue
        if there is None or _same(found, pattern(there)):
            return [found]
    if there is not None:
        first, second = factor_names(here, own), factor_names(there, own)
        common = [finding for key, finding in first.items() if key in second]
        if common:
            return [simplest(here, common)]
    few = partial(here)
    return [few] if few is not None else []


def _same(a: Finding, b: Finding | None) -> bool:
    """Whether two samples tell the same: the same kind and the same words."""
    if b is None or a.kind != b.kind:
        return False
    return a.kind not in ("factor",) or a.text == b.text


def rounded(s: Sample) -> bool:
    """Whether a claim that is wrong by roundings only consists of float32 numbers."""
    close = np.all(np.abs(s.claimed - s.true) <= 2e-7 * np.abs(s.true) + 8 * s.bar)
    moving = s.claimed[s.claimed != 0]
    return bool(close and moving.size and np.all(moving == moving.astype(np.float32)))
