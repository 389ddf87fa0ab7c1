"""Beside the Jacobian: Taylor rate, forward mode, second order, float32, other points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import pytree
from autograd.checking.compare.contracts import signed
from autograd.checking.compare.entries import judge
from autograd.checking.numeric.noise import EPS
from autograd.checking.subjects.pair_subject import PairSubject
from autograd.checking.numeric.probe import Floats, Probe
from autograd.checking.compare.projections import line_slope, own_scales
from autograd.checking.subjects.subject import Subject
from autograd.checking.subjects.value_subject import ValueSubject
from autograd.engine.cotangents import unwrap
from autograd.transforms.trace import Trace

SPREAD = 1e-7


def taylor_rate(probe: Probe, gradient: Floats, g: Floats, scales: Floats) -> str:
    """The rate at which |g.F(x + hv) - g.F(x) - h c.v| shrinks: 2 if c is right, else 1.

    No step is chosen and no difference quotient taken: the remainder is compared with itself.
    """
    rng = np.random.default_rng(g.size)
    v = signed(rng, scales.size) * scales
    slope = float(gradient @ v)
    f0 = float(g @ probe.f0)
    size = float(np.abs(g) @ np.abs(probe.f0)) + abs(slope) * 1e-3
    previous, rates = None, []
    for k in range(4, 20):
        h = 0.5**k
        rest = abs(float(g @ probe(probe.x + h * v)) - f0 - h * slope)
        if not np.isfinite(rest):
            continue
        if rest <= 64 * EPS * size:
            break
        if previous is not None and rest > 0:
            rates.append(float(np.log2(previous / rest)))
        previous = rest
    if not rates:
        return "" if previous is None or previous > 1e-9 * size else "exact (linear)"
    middle = float(np.median(rates[-4:]))
    return f"{middle:.1f}" + ("" if middle > 1.7 else " (2.0 expected)")


def forward_against_reverse(
    subject: ValueSubject, pull: Callable[[Floats], Floats], rng: Any
) -> str:
    """`g . (J t) = (J^T g) . t`, an identity without any step: "yes", "no" or "not asked"."""
    g, t = signed(rng, subject.outputs.x.size), signed(rng, subject.inputs.x.size)
    try:
        moved = subject.push(subject.inputs.x, t)
    except NotImplementedError:
        return "not asked"
    back = pull(g)
    if not (np.isfinite(moved).all() and np.isfinite(back).all()):
        return "not asked"
    left, right = float(g @ moved), float(back @ t)
    size = float(np.abs(g) @ np.abs(moved)) + float(np.abs(back) @ np.abs(t))
    return "yes" if abs(left - right) <= SPREAD * size else "no"


def second_order(
    subject: ValueSubject, scales: Floats, rng: np.random.Generator, seconds: float
) -> str:
    """Whether w . H v agrees with differences of the gradient: "yes", "no" or why it was not asked.

    H is the derivative of the gradient x -> J(x)^T g for one random signed g.
    """
    g = signed(rng, subject.outputs.x.size)
    w = signed(rng, subject.inputs.x.size)

    def gradient(*trees: Any) -> Any:
        leaves = [leaf for tree in trees for leaf in pytree.flatten(tree)[0]]
        inner = [leaves[place.leaf] for place in subject.inputs.places]
        run = Trace(lambda v: subject.f(*subject.inputs.fill(v), **subject.kwargs), inner)
        return tuple(run.pull(subject.seeds(run, g)))

    try:
        inputs = subject.inputs.trees(subject.inputs.x, copy=True)
        higher = ValueSubject(gradient, inputs, {})
        claimed = higher.puller(subject.inputs.x)(w)
    except Exception as error:
        return f"not available ({type(error).__name__})"
    if not np.isfinite(claimed).all():
        return "not asked"
    flipped = w.copy()  # a gradient comes conjugated, an output does not
    for place in subject.inputs.places:
        if place.is_complex:
            flipped[place.start + 1 : place.stop : 2] *= -1.0
    probe = Probe(
        lambda flat: np.array([float(flipped @ subject.puller(flat)(g))]),
        subject.inputs.x,
        2000,
        seconds,
    )
    v = signed(rng, scales.size) * own_scales(subject.inputs.x, scales, 1e4)
    expected = np.array([float(claimed @ v)])
    size = float(np.abs(claimed) @ np.abs(v)) + float(abs(probe.f0[0]))
    noise = 4 * EPS * np.array([size])
    numeric = line_slope(probe, v, expected, noise)
    unit = np.ones(1)
    found = judge(expected[None, :], numeric, np.array([size]), unit)
    if found.wrong.any() and far(expected, numeric.value, size):
        return "no"
    return (
        "yes" if not (found.unclear.any() or found.kink.any() or found.wrong.any()) else "not asked"
    )


def far(claimed: Floats, value: Floats, size: float) -> bool:
    """Whether two slopes differ by more than a gradient's own rounding can explain."""
    return bool(np.max(np.abs(claimed - value)) > 1e-6 * size)


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
        answers = [low_gradient(subject, g, 1.0 + k * eps) for k in (0.0, 2.0, -2.0)]
    except Exception as error:
        return f"raises {type(error).__name__} in {low[0].dtype}"
    spread = np.max(np.stack(answers), axis=0) - np.min(np.stack(answers), axis=0)
    for place in subject.inputs.places:
        mine = slice(place.start, place.stop)
        size = float(np.max(np.abs(c64[mine]), initial=0.0))
        gap = np.abs(answers[0][mine] - c64[mine])
        if not np.all(gap <= 1e3 * eps * size + 8 * spread[mine] + 1e-30):
            return f"differs from float64 by {float(np.nanmax(gap)):.1e} in {place.name}"
    return "yes"


def low_gradient(subject: Subject, g: Floats, factor: float) -> Floats:
    """The pullback computed in the dtypes that the inputs were given in."""
    leaves = [
        np.asarray(place.take(subject.inputs.x * factor, copy=True)).astype(place.dtype)
        for place in subject.inputs.places
    ]
    if isinstance(subject, ValueSubject):
        run = Trace(lambda v: subject.f(*subject.inputs.fill(v), **subject.kwargs), leaves)
        seeds = [
            None if s is None else np.asarray(s).astype(np.asarray(unwrap(y)).dtype)
            for s, y in zip(subject.seeds(run, g), run.outputs, strict=True)
        ]
        return subject.gradient(run.pull(seeds))
    assert isinstance(subject, PairSubject)
    inputs = subject.inputs.fill(leaves)
    y = pytree.flatten(subject.outcome(inputs))[0]
    tree = subject.cotangent_tree(g)
    seeds, structure = pytree.flatten(tree)
    cast = [
        np.asarray(s).astype(np.asarray(unwrap(o)).dtype)[()] for s, o in zip(seeds, y, strict=True)
    ]
    low = pytree.unflatten(structure, cast)
    return subject.collect(subject.vjp(low, *inputs, **subject.kwargs), low)


def other_points(
    subject: Subject, scales: Floats, rng: np.random.Generator, seconds: float
) -> tuple[Floats, str] | None:
    """A point elsewhere at which the gradient is wrong, and its description, or None.

    A gradient that is right only for positive inputs shows when the signs are flipped. Points where
    the function is not defined, bent or unclear are passed over, and so is a backward that returns
    one fixed gradient: it may be the known one at this input.
    """
    x = subject.inputs.x
    signs = rng.choice([-1.0, 1.0], x.size)
    points = [
        (-x, "with all signs flipped"),
        (x * rng.uniform(0.5, 1.5, x.size) * signs, "at a random point"),
    ]
    for point, name in points:
        if np.array_equal(point, x):
            continue
        try:
            wrong = wrong_at(subject, point, scales, rng, seconds)
            if wrong and not same_everywhere(subject, point, rng):
                return point, name
        except Exception:  # not defined there
            continue
    return None


def same_everywhere(subject: Subject, point: Floats, rng: np.random.Generator) -> bool:
    """Whether the gradient does not depend on the input: perhaps the known one at this input."""
    g = signed(rng, subject.outputs.x.size)
    here, there = (np.array(subject.puller(at)(g.copy())) for at in (subject.inputs.x, point))
    return bool(np.array_equal(here, there, equal_nan=True))


def wrong_at(
    subject: Subject, point: Floats, scales: Floats, rng: np.random.Generator, seconds: float
) -> bool:
    """Whether one random signed projection is wrong beyond doubt at a point."""
    g = signed(rng, subject.outputs.x.size)
    first = np.array(subject.forward(point.copy()))
    if not np.isfinite(first).all():
        return False
    gradient = subject.puller(point)(g)
    if not np.isfinite(gradient).all():
        return False
    probe = Probe(lambda flat: np.array([float(g @ subject.forward(flat))]), point, 2000, seconds)
    v = signed(rng, scales.size) * own_scales(point, scales, 1.0)
    claimed = np.array([float(gradient @ v)])
    size = float(np.abs(gradient) @ np.abs(v)) + float(np.abs(g) @ np.abs(first))
    numeric = line_slope(probe, v, claimed, 2 * EPS * np.array([size]))
    found = judge(claimed[None, :], numeric, np.array([size]), np.ones(1))
    return bool(found.wrong.any()) and far(claimed, numeric.value, size)
