"""`numeric_grad`: the numerical gradient with its error bar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.checking.subjects.user_code import untouched
from autograd.checking.numeric.step_sweep import DOUBT, UNKNOWN, climb
from autograd.checking.subjects.flat_trees import Layout, as_array
from autograd.checking.numeric.probe import ExhaustedError, Floats, Line, Probe
from autograd.checking.numeric.quick_pass import screen, shared_noise
from autograd.engine.cotangents import unwrap
from autograd.engine.value import Value

FEW = 16


def numeric_grad(
    f: Callable[[Any], Any],
    x: Any,
    seed: int = 0,
    evaluations: int = 4_000_000,
    seconds: float = 300.0,
) -> tuple[Floats, Floats]:
    """The gradient of a scalar function by differences, and how far it can be off.

    f    takes a number or an array like x and returns one real number (a Value is read as its data)
    x    a number, an array, or a nested list of numbers; real

    Returns (gradient, bar), float64 arrays of the shape of x: the true derivative of entry i lies
    within gradient[i] +- bar[i]. At a kink the gradient is the mean of the one-sided slopes and the
    bar reaches both; where nothing can be said, the bar is infinite. Steps are chosen by entry: a
    fixed step such as 1e-4 is too long for x = 1e-6 and too short for x = 1e6.

    Raises TypeError for complex or non-numeric x, ValueError where f does not return one number.

    >>> gradient, bar = numeric_grad(lambda w: np.sum(w**2), np.array([1.0, -3.0]))
    >>> np.all(np.abs(gradient - [2.0, -6.0]) <= bar), np.all(bar < 1e-9)
    (np.True_, np.True_)
    """
    layout = Layout([x if np.ndim(x) == 0 else np.asarray(unwrap(as_array(x)))], ["x"])
    if not layout.places:
        layout = Layout([np.asarray(x, dtype=np.float64)], ["x"])
    place = layout.places[0]
    if place.is_complex:
        raise TypeError("numeric_grad needs a real x: split a complex one into x.real and x.imag")

    def flat(point: Floats) -> Floats:
        y = f(place.take(point))
        y = np.asarray(y.data if type(y) is Value else y, dtype=np.float64)
        if y.size != 1:
            raise ValueError(
                f"numeric_grad needs a function that returns one number, not shape {y.shape}"
            )
        return y.reshape(1)

    with untouched():
        probe = Probe(flat, layout.x, evaluations, seconds)
        value, bar = gradient_of(probe, layout.scales(), np.random.default_rng(seed))
    return value.reshape(place.shape), bar.reshape(place.shape)


def gradient_of(probe: Probe, scales: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Value and bar of every entry, (n,): the screen where it is sure, else the ladder."""
    n = scales.size
    value, bar = np.full(n, np.nan), np.full(n, np.inf)
    todo = np.arange(n)
    if n > FEW:
        noise, coarse = shared_noise(probe, scales, rng)
        numeric, sure = screen(probe, scales, noise)
        keep = sure[:, 0] & ~coarse[0]
        value[keep], bar[keep] = numeric.value[keep, 0], numeric.bar[keep, 0]
        todo = np.flatnonzero(~keep)
    try:
        for i in todo:
            slope = climb(Line(probe, float(scales[i]), int(i)))
            value[i], bar[i] = slope.value[0], slope.bar[0]
            if slope.kind[0] == UNKNOWN:
                bar[i] = np.inf
            elif slope.kind[0] == DOUBT:
                ends = np.abs(np.array([slope.left[0], slope.right[0]]) - value[i])
                bar[i] += float(np.max(ends))
            elif np.isfinite(slope.left[0]) and np.isfinite(slope.right[0]) and slope.kind[0] == 2:
                bar[i] += 0.5 * abs(slope.right[0] - slope.left[0])
    except ExhaustedError:
        pass
    return value, bar
