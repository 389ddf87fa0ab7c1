"""Which mistake makes a backward nonlinear in its cotangent g."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.diagnose.sample import Finding
from autograd.checking.numeric.probe import Floats
from autograd.checking.numeric.signed import signed_vector
from autograd.checking.subjects.subject import Subject

Pull = Callable[[Floats], Floats]


def nonlinear_mistake(subject: Subject, seed: int) -> Finding | None:
    """The mistake behind a backward that is not linear in g, tried with a few cotangents."""
    try:
        pull = subject.vjp_at(subject.inputs.x)
        return named(pull, signed_vector(np.random.default_rng([seed, 4]), subject.outputs.x.size))
    except Exception:  # a guess that fails must not hide the breach
        return None


def named(pull: Pull, g: Floats) -> Finding | None:
    """Compare pull(g) with what usual mistakes would give."""
    c, zero, minus = pull(g.copy()), pull(np.zeros_like(g)), pull(-g)
    twice, small = pull(2.0 * g), pull(g * limit.SMALL_SHARE) / limit.SMALL_SHARE
    size = max(float(np.max(np.abs(c), initial=0.0)), float(np.max(np.abs(zero), initial=0.0)))

    def same(a: Floats, b: Floats) -> bool:
        return bool(np.all(np.abs(a - b) <= limit.SAME_SUM * size))

    if same(c, zero) and same(c, minus) and same(c, twice):
        text = "the backward returns the same gradient for every g: is g ignored?"
        return Finding("ignores g", text)
    if not same(zero, 0 * zero):
        if same(minus - zero, zero - c) and same(twice - zero, 2 * (c - zero)):
            text = "vjp(g) - vjp(0) is linear in g: is a term added that g does not multiply?"
            return Finding("ignores g", text)
        return None
    if clipped(pull, g, c, small, minus):
        text = "linear in small g and not in large ones: is g, or the gradient, clipped?"
        return Finding("clipped", text)
    if same(minus, c):
        if same(twice, 2 * c):
            return Finding("abs g", "vjp(-g) equals vjp(g): is abs taken of g, or of the gradient?")
        if same(twice, 4 * c):
            text = "vjp(-g) equals vjp(g), and vjp(2 g) is 4 vjp(g): is g multiplied by itself?"
            return Finding("g squared", text)
        return None
    if same(minus, -c) and same(twice, c):
        text = "vjp(2 g) equals vjp(g): is only the sign of g used, or the gradient normalised?"
        return Finding("sign of g", text)
    positive, negative = np.maximum(g, 0.0), np.minimum(g, 0.0)
    if same(pull(positive), c) and same(pull(negative), zero):
        return Finding("relu g", "negative entries of g are dropped: is a relu or a clip on g?")
    if same(pull(negative), c) and same(pull(positive), zero):
        return Finding("relu g", "positive entries of g are dropped: is a relu or a clip on g?")
    if np.all(c * small >= 0) and not np.any(minus > 0) and not np.any(minus * small < 0):
        return Finding("relu g", "no entry of the gradient is negative: is it clipped at 0?")
    return None


def clipped(pull: Pull, g: Floats, c: Floats, small: Floats, minus: Floats) -> bool:
    """Whether a backward is odd, and linear for small g."""
    share = limit.SMALL_SHARE
    slack = limit.SAME_SUM * max(float(np.max(np.abs(small), initial=0.0)), 0.0)
    linear = np.all(np.abs(pull(2.0 * share * g) / share - 2.0 * small) <= 2.0 * slack)
    return bool(linear and np.all(np.abs(minus + c) <= slack))
