"""Other points than the input: near ones, where a special input hides nothing, and far ones.

A wrong rule can agree with the truth at one point: `x * x` for `x**3` at 0, `2` for `2 * x` at 1.
Near points are moved additively, by a share of each input's own scale, zeros included. A function
may be meant, and its backward be right, in a part of the space only, so what is wrong at a point is
held against the backward only if the function is analytic on the way there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.compare.entries import compare_entries
from autograd.checking.compare.problem import Problem
from autograd.checking.numeric.probe import ExhaustedError, Floats, Probe
from autograd.checking.numeric.quick_pass import line_slope, own_scales
from autograd.checking.numeric.signed import signed_vector, signed_weights

NEARBY = "right at the input, wrong nearby"
STALE = (
    "the gradient is the same at every point: does the backward keep what the first forward saw?"
)
KNOWN = "the gradient does not depend on the input: it is checked at this input only"
MEANT = "right at the input and nearby; {where}, beyond a kink or a jump, it is wrong: x -> {point}"


@dataclass
class Elsewhere:
    """A point at which the gradient is wrong; `where` begins the report, `why` goes with it.

    `fails` is False for what is only noted.
    """

    point: Floats
    where: str
    fails: bool = True
    why: str = ""


def wrong_elsewhere(problem: Problem, seconds: float) -> Elsewhere | None:
    """The first point near x, then far from it, at which the gradient is wrong; None for none.

    Points where the function is not defined, bent or unclear are passed over.
    """
    for point in near_points(problem):
        found = twice_at(problem, point, seconds)
        if found == "wrong":
            return described(problem, point, NEARBY)
        if found == "right":
            break
    for name, point in far_points(problem):
        if twice_at(problem, point, seconds) == "wrong":
            return described(problem, point, name)
    return None


def wrong_all_around(problem: Problem, seconds: float) -> Elsewhere | None:
    """A point beside a kink, if the gradient is wrong on all sides of it; None where it is not.

    One fixed gradient is a choice, and a backward may be meant for one side of the kink.
    """
    point = problem.x
    for _ in range(limit.NEAR_SIDES):
        point = beside(problem, limit.NEAR_SHARES[1])
        if twice_at(problem, point, seconds) != "wrong":
            return None
    return None if same_everywhere(problem, point) else described(problem, point, NEARBY)


def twice_at(problem: Problem, point: Floats, seconds: float) -> str:
    """`state_at`; "wrong" where two of three random directions say so."""
    found = state_at(problem, point, seconds)
    if found != "wrong":
        return found
    again = [state_at(problem, point, seconds) for _ in range(2)]
    return "wrong" if "wrong" in again else "unclear"


def beside(problem: Problem, share: float) -> Floats:
    """A point beside x, moved by this share of the scales in a random direction."""
    return problem.x + share * problem.scales * signed_weights(problem.rng, problem.x.size)


def near_points(problem: Problem) -> Iterator[Floats]:
    """Points beside x, each nearer than the one before."""
    for share in limit.NEAR_SHARES:
        yield beside(problem, share)


def far_points(problem: Problem) -> Iterator[tuple[str, Floats]]:
    """All signs flipped, and random signs and sizes."""
    x, rng = problem.x, problem.rng
    signs = rng.choice([-1.0, 1.0], x.size)
    sizes = rng.uniform(limit.VECTOR_LEAST, limit.VECTOR_MOST, x.size)
    if np.any(x != 0) and x.size < limit.MANY_SIGNS:
        yield "with all signs flipped", -x
    if np.any(x != 0):
        yield "at a random point", x * sizes * signs


def described(problem: Problem, point: Floats, name: str) -> Elsewhere:
    """What a gradient that is wrong at a point means for the check at x."""
    text = point_text(point)
    if same_everywhere(problem, point):
        if problem.subject.shares_state():
            return Elsewhere(point, f"{NEARBY}: x -> {text}", True, STALE)
        if name != NEARBY or not simple_claim(problem):
            return Elsewhere(point, KNOWN, False)
    if analytic_between(problem, point):
        start = name if name == NEARBY else f"right at the input and nearby, wrong {name}"
        return Elsewhere(point, f"{start}: x -> {text}")
    return Elsewhere(point, MEANT.format(where=name, point=text), False)


def point_text(x: Floats) -> str:
    """A flat point, cut to a few numbers."""
    text = ", ".join(f"{v:.6g}" for v in x[:6])
    return f"[{text}{', ...' if x.size > 6 else ''}]"


def same_everywhere(problem: Problem, point: Floats) -> bool:
    """Whether the gradient does not depend on the input: perhaps the known one at this input."""
    g = signed_vector(problem.rng, problem.subject.outputs.x.size)
    nearby = beside(problem, limit.NEAR_SHARES[0])
    here, *others = (np.array(problem.vjp_at(at)(g.copy())) for at in (problem.x, point, nearby))
    return all(np.array_equal(here, there, equal_nan=True) for there in others)


def simple_claim(problem: Problem) -> bool:
    """Whether the input or the gradient consists of round numbers: then a wrong formula may agree
    with the truth by chance.

    A gradient of other numbers that is right to many digits was computed for this input.
    """
    signs = problem.rng.choice([-1.0, 1.0], problem.subject.outputs.x.size)
    return all_round(problem.x) or all_round(problem.vjp_at(problem.x)(signs))


def all_round(values: Floats) -> bool:
    """Whether all numbers are multiples of a simple fraction, and not large."""
    units = values * limit.ROUND_DENOMINATOR
    if not np.max(np.abs(units), initial=0.0) < limit.ROUND_MOST:
        return False
    return bool(np.all(np.abs(units - np.round(units)) <= limit.CLAIM_ROUNDING * np.abs(units)))


def state_at(problem: Problem, point: Floats, seconds: float) -> str:
    """Whether random signed projections, one for each input, are "right" or "wrong" at a point.

    "unclear" where the function is not defined there, or nothing is sure.
    """
    try:
        first = np.array(problem.forward(point.copy()))
        if not np.isfinite(first).all():
            return "unclear"
        g = signed_vector(problem.rng, first.size)
        gradient = problem.vjp_at(point)(g.copy())
    except ExhaustedError:
        raise
    except Exception:  # not defined there
        return "unclear"
    if not np.isfinite(gradient).all():
        return "unclear"
    probe = Probe(
        lambda flat: np.array([float(g @ problem.forward(flat))]),
        point,
        limit.ENTRY_EVALUATIONS,
        seconds,
    )
    size = float(np.abs(g) @ np.abs(first))
    found = [slope_at(problem, probe, gradient, size, mask) for mask in masks(problem)]
    if "wrong" in found:
        return "wrong"
    return "right" if all(one == "right" for one in found) else "unclear"


def masks(problem: Problem) -> list[Floats]:
    """Directions of one input each, or of all together where there are many, as 0 and 1."""
    places = problem.subject.inputs.places
    if len(places) == 1 or len(places) > limit.NEAR_INPUTS:
        return [np.ones(problem.x.size)]
    found = [np.zeros(problem.x.size) for _ in places]
    for mask, place in zip(found, places, strict=True):
        mask[place.start : place.stop] = 1.0
    return found


def slope_at(problem: Problem, probe: Probe, gradient: Floats, size: float, mask: Floats) -> str:
    """One projection along a random direction: "right", "wrong" or "unclear"."""
    scales = own_scales(problem.x, problem.scales, limit.OWN_MOVE)
    v = signed_vector(problem.rng, scales.size) * scales * mask
    claimed = np.array([float(gradient @ v)])
    reach = float(np.abs(gradient) @ np.abs(v))
    noise = limit.ELSEWHERE_NOISE * np.array([size + reach])
    numeric = line_slope(probe, v, claimed, noise)
    found = compare_entries(claimed[None, :], numeric, np.array([size]), np.ones(1))
    if found.wrong.any():
        clear = limit.ELSEWHERE_SHARE * (size + reach + np.abs(numeric.value[0, 0]))
        return "wrong" if found.error[0, 0] > clear else "unclear"
    return "unclear" if found.unclear.any() or found.kink.any() else "right"


def analytic_between(problem: Problem, point: Floats) -> bool:
    """Whether the function is analytic, as far as one can see, on the way from x to a point.

    The Chebyshev coefficients of an analytic function fall geometrically; those of a function with
    a kink or a jump as k**-2 or k**-1.
    """
    count = limit.WAY_POINTS
    nodes = np.cos(np.pi * (np.arange(count) + 0.5) / count)
    try:
        values = np.stack(
            [problem.forward(problem.x + 0.5 * (1 + t) * (point - problem.x)) for t in nodes]
        )
    except ExhaustedError:
        raise
    except Exception:  # the way leads out of the domain
        return False
    if not np.isfinite(values).all():
        return False
    degrees = np.arange(count)[:, None]
    basis = np.cos(degrees * np.arccos(nodes)[None, :])
    coefficients = np.abs(basis @ values) * 2.0 / count
    size = np.max(np.abs(values - values.mean(axis=0)), axis=0)
    tail = np.max(coefficients[-count // 4 :], axis=0)
    return bool(
        np.all(tail <= limit.WAY_TAIL * size + limit.CLAIM_ROUNDING * np.max(np.abs(values)))
    )
