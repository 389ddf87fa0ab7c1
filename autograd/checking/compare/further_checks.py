"""Beside the Jacobian: Taylor rate, forward mode, second order, float32, other points."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import pytree
from autograd.checking import thresholds as limit
from autograd.checking.compare.entries import compare_entries
from autograd.checking.compare.problem import Pull
from autograd.checking.numeric.probe import ExhaustedError, Floats, Probe
from autograd.checking.numeric.quick_pass import line_slope, own_scales
from autograd.checking.numeric.signed import signed_vector
from autograd.checking.subjects.subject import Subject
from autograd.checking.subjects.value_subject import ValueSubject


def taylor_rate(probe: Probe, gradient: Floats, g: Floats, scales: Floats) -> str:
    """The rate at which |g.F(x + hv) - g.F(x) - h c.v| shrinks: 2 if c is right, else 1.

    No step is chosen and no difference quotient taken: the remainder is compared with itself.
    """
    rng = np.random.default_rng(g.size)
    v = signed_vector(rng, scales.size) * scales
    slope = float(gradient @ v)
    f0 = float(g @ probe.f0)
    size = float(np.abs(g) @ np.abs(probe.f0)) + abs(slope) * limit.TAYLOR_SLOPE
    previous, rates = None, []
    for k in range(limit.TAYLOR_FIRST, limit.TAYLOR_LAST):
        h = 0.5**k
        rest = abs(float(g @ probe(probe.x + h * v)) - f0 - h * slope)
        if not np.isfinite(rest):
            continue
        if rest <= limit.TAYLOR_NOISE * size:
            break
        if previous is not None and rest > 0:
            rates.append(float(np.log2(previous / rest)))
        previous = rest
    if not rates:
        linear = previous is not None and previous <= limit.TAYLOR_LINEAR * size
        return "exact (linear)" if linear else ""
    middle = float(np.median(rates[-4:]))
    return f"{middle:.1f}" + ("" if middle > limit.TAYLOR_RIGHT else " (2.0 expected)")


def forward_against_reverse(subject: ValueSubject, pull: Pull, rng: np.random.Generator) -> str:
    """`g . (J t) = (J^T g) . t`, an identity without any step: "yes", "no" or "not asked"."""
    g = signed_vector(rng, subject.outputs.x.size)
    t = signed_vector(rng, subject.inputs.x.size)
    try:
        moved = subject.push(subject.inputs.x, t)
    except NotImplementedError:
        return "not asked"
    back = pull(g)
    if not (np.isfinite(moved).all() and np.isfinite(back).all()):
        return "not asked"
    left, right = float(g @ moved), float(back @ t)
    size = float(np.abs(g) @ np.abs(moved)) + float(np.abs(back) @ np.abs(t))
    return "yes" if abs(left - right) <= limit.MODES_AGREE * size else "no"


def second_order(
    subject: ValueSubject, scales: Floats, rng: np.random.Generator, seconds: float
) -> str:
    """Whether w . H v agrees with differences of the gradient: "yes", "no" or why it was not asked.

    H is the derivative of the gradient x -> J(x)^T g for one random signed g.
    """
    x = subject.inputs.x
    g = signed_vector(rng, subject.outputs.x.size)
    w = signed_vector(rng, x.size)

    def gradient(*trees: Any) -> Any:
        leaves = [leaf for tree in trees for leaf in pytree.flatten(tree)[0]]
        run = subject.trace_leaves([leaves[place.leaf] for place in subject.inputs.places])
        return tuple(run.pull(subject.seeds(run, g)))

    try:
        claimed = ValueSubject(gradient, subject.inputs.trees(x, copy=True), {}).vjp_at(x)(w)
    except ExhaustedError:
        raise
    except Exception as error:
        return f"not available ({type(error).__name__})"
    if not np.isfinite(claimed).all():
        return "not asked"
    flipped = w.copy()  # a gradient comes conjugated, an output does not
    for place in subject.inputs.places:
        if place.is_complex:
            flipped[place.start + 1 : place.stop : 2] *= -1.0

    def projected(flat: Floats) -> Floats:
        return np.array([float(flipped @ subject.vjp_at(flat)(g))])

    probe = Probe(projected, x, limit.ENTRY_EVALUATIONS, seconds)
    v = signed_vector(rng, scales.size) * own_scales(x, scales, limit.SECOND_MOVE)
    expected = np.array([float(claimed @ v)])
    size = float(np.abs(claimed) @ np.abs(v)) + float(abs(probe.f0[0]))
    numeric = line_slope(probe, v, expected, limit.SECOND_NOISE * np.array([size]))
    found = compare_entries(expected[None, :], numeric, np.array([size]), np.ones(1))
    if found.wrong.any():
        return "no" if apart(expected, numeric.value, size) else "not asked"
    return "not asked" if found.unclear.any() or found.kink.any() else "yes"


def apart(claimed: Floats, value: Floats, size: float) -> bool:
    """Whether two slopes differ by more than a gradient's own rounding can explain."""
    return bool(np.max(np.abs(claimed - value)) > limit.GRADIENT_ROUNDING * size)


def single_precision(subject: Subject, c64: Floats, g: Floats) -> str:
    """The gradient in the inputs' own float32 or float16 against the float64 one.

    An empty string when all inputs are float64, "yes" where they agree to rounding, otherwise what
    is wrong. Rounding is measured by moving the inputs by a few units in the last place.
    """
    low = [p for p in subject.inputs.places if p.low]
    if not low:
        return ""
    eps = max(float(np.finfo(p.dtype).eps) for p in low)
    try:
        answers = [low_gradient(subject, g, 1.0 + k * eps) for k in limit.SINGLE_ULPS]
    except ExhaustedError:
        raise
    except Exception as error:
        return f"raises {type(error).__name__} in {low[0].dtype}"
    spread = np.max(np.stack(answers), axis=0) - np.min(np.stack(answers), axis=0)
    for place in subject.inputs.places:
        mine = slice(place.start, place.stop)
        size = float(np.max(np.abs(c64[mine]), initial=0.0))
        gap = np.abs(answers[0][mine] - c64[mine])
        granted = limit.SINGLE_SHARE * eps * size + limit.SINGLE_SPREAD * spread[mine]
        if not np.all(gap <= granted + limit.SINGLE_LEAST):
            return f"differs from float64 by {float(np.nanmax(gap)):.1e} in {place.name}"
    return "yes"


def low_gradient(subject: Subject, g: Floats, factor: float) -> Floats:
    """The pullback computed in the dtypes that the inputs were given in."""
    moved = subject.inputs.x * factor
    leaves = [
        np.asarray(place.take(moved, copy=True)).astype(place.dtype)
        for place in subject.inputs.places
    ]
    return subject.vjp_from(leaves, g)
