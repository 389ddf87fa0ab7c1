"""What the corpus of cases is made of: a case, inputs, and functions with their backwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Function = Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Case:
    """One case: ``verdicts`` lists what may come out, ``kinds`` what the mistake may be called."""

    name: str
    f: Function
    inputs: tuple[Any, ...]
    vjp: Function | None
    verdicts: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        return self.verdicts[0] == "PASS"


RNG = np.random.default_rng(20261120)
X = np.array([0.3, -0.7, 1.1, 0.9])
A = RNG.normal(size=(3, 4))
B = RNG.normal(size=(4, 2))
S = RNG.normal(size=(3, 3))
CASES: list[Case] = []


def add(
    name: str, f: Function, x: Any, vjp: Function | None, *verdicts: str, **options: Any
) -> None:
    inputs = x if isinstance(x, tuple) else (x,)
    CASES.append(Case(name, f, inputs, vjp, verdicts, options))


def single(x: Any) -> Any:
    return np.asarray(x, dtype=np.float32)


def double(x: Any) -> Any:
    return np.asarray(x, dtype=np.float64)


def softmax(x: Any) -> Any:
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


def softmax_vjp(g: Any, x: Any) -> Any:
    y = softmax(x)
    return y * (g - np.sum(g * y))


def kepler(x: Any, tolerance: float = 1e-13) -> Any:
    """Solve u - 0.5 sin(u) = x by Newton steps: noise of the size of the tolerance."""
    u = np.array(x, dtype=float)
    for _ in range(50):
        step = (u - 0.5 * np.sin(u) - x) / (1 - 0.5 * np.cos(u))
        u = u - step
        if np.max(np.abs(step)) < tolerance:
            break
    return u


def hashed_noise(x: Any, size: float) -> Any:
    """Deterministic noise that no step resolves."""
    return size * (np.mod(np.sin(x * 1.234e9) * 43758.5453, 1.0) - 0.5)
