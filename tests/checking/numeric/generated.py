"""Random functions of one number with their exact derivatives, for the calibration tests.

A function is a chain or a sum of atoms ``a * g(w * x + c)``. The derivative comes from the chain
rule in extended precision, so its own error is far below every bar that is tested.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Scalar = Any
Pair = tuple[Callable[[Scalar], Scalar], Callable[[Scalar], Scalar]]

SMOOTH: dict[str, Pair] = {
    "sin": (np.sin, np.cos),
    "cos": (np.cos, lambda u: -np.sin(u)),
    "tanh": (np.tanh, lambda u: 1 / np.cosh(np.clip(u, -5000, 5000)) ** 2),
    "atan": (np.arctan, lambda u: 1 / (1 + u * u)),
    "bell": (lambda u: np.exp(-u * u), lambda u: -2 * u * np.exp(-u * u)),
    "exp": (lambda u: np.exp(u / 8), lambda u: np.exp(u / 8) / 8),
    "root": (lambda u: np.sqrt(1 + u * u), lambda u: u / np.sqrt(1 + u * u)),
    "log": (lambda u: np.log1p(u * u), lambda u: 2 * u / (1 + u * u)),
    "square": (lambda u: u * u, lambda u: 2 * u),
    "cube": (lambda u: u * u * u, lambda u: 3 * u * u),
    "line": (lambda u: u, lambda u: 1 + 0 * u),
    "bend": (lambda u: np.maximum(u, 0), lambda u: 1.0 * (u > 0)),
    "modulus": (np.abs, np.sign),
}
EDGED: dict[str, Pair] = {
    "ln": (np.log, lambda u: 1 / u),
    "sqrt": (np.sqrt, lambda u: 0.5 / np.sqrt(u)),
    "pole": (lambda u: 1 / u, lambda u: -1 / (u * u)),
    "power": (lambda u: u**1.5, lambda u: 1.5 * np.sqrt(u)),
}


@dataclass(frozen=True)
class Generated:
    """``f`` in float64, its exact derivative at ``x``, and how it was made."""

    f: Callable[[Any], Any]
    x: float
    slope: float
    name: str


def atom(rng: np.random.Generator, names: list[str], size: float) -> tuple[str, Pair]:
    """One atom ``a * g(w * x + c)`` for arguments of about this size."""
    name = str(rng.choice(names))
    g, dg = {**SMOOTH, **EDGED}[name]
    size = size or 1.0
    w = float(10.0 ** rng.uniform(-2, 2) / size)
    c = float(rng.normal())
    a = float(10.0 ** rng.uniform(-3, 3) * rng.choice([-1, 1]))
    if name in ("exp", "square", "cube"):
        w = min(w, 3.0 / size)
    return name, (lambda x: a * g(w * x + c), lambda x: a * w * dg(w * x + c))


def draw(seed: int, hard: bool = True) -> Generated:
    """The function with this number."""
    rng = np.random.default_rng([seed, 7])
    scale = float(10.0 ** rng.uniform(-8, 8)) if hard else float(10.0 ** rng.uniform(-1, 1))
    x = float(rng.normal() * scale)
    shape = rng.integers(4)
    if hard and shape == 0:
        name, (g, dg) = _pick(rng, EDGED)
        x = float(10.0 ** rng.uniform(-9, 3))
        return Generated(g, x, float(dg(np.longdouble(x))), f"{name}({x:.3g})")
    names = list(SMOOTH)
    first, (f, df) = atom(rng, names, abs(x))
    second, (g, dg) = atom(rng, names, float(abs(f(np.float64(x)))) if shape == 1 else abs(x))
    long = np.longdouble(x)
    if shape == 1:
        return Generated(lambda x: g(f(x)), x, float(dg(f(long)) * df(long)), f"{second}({first})")
    if shape == 2:
        return Generated(lambda x: f(x) + g(x), x, float(df(long) + dg(long)), f"{first}+{second}")
    slope = float(df(long) * g(long) + f(long) * dg(long))
    return Generated(lambda x: f(x) * g(x), x, slope, f"{first}*{second}")


def _pick(rng: np.random.Generator, table: dict[str, Pair]) -> tuple[str, Pair]:
    name = str(rng.choice(list(table)))
    return name, table[name]


def single(case: Generated) -> Callable[[Any], Any]:
    """The same function computed in float32 inside, with a float64 result."""
    return lambda x: np.float64(case.f(np.asarray(x).astype(np.float32)))


def half(case: Generated) -> Callable[[Any], Any]:
    """The same function computed in float16 inside, with a float64 result."""
    return lambda x: np.float64(case.f(np.asarray(x).astype(np.float16)))
