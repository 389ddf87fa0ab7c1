"""Count, bound and guard the evaluations of the function that is checked."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.checking import thresholds as limit

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
FlatFunction = Callable[[Floats], Any]


class ExhaustedError(Exception):
    """The budget of evaluations or of seconds is spent."""


class Probe:
    """A function `F: R^n -> R^m` of one flat vector, evaluated within a budget.

    A point at which `F` raises or changes its output size reads as NaN in every output: it is
    taken to lie outside the domain. `F` gets a buffer that it must neither keep nor write to.

    Errors: `ExhaustedError` when `evaluations` or `seconds` are spent.
    """

    def __init__(
        self, function: FlatFunction, x: Floats, evaluations: int = 400_000, seconds: float = 60.0
    ) -> None:
        self.function = function
        self.x = np.array(x, dtype=np.float64).ravel()
        self.left = evaluations
        self.count = 0
        self.deadline = time.monotonic() + seconds
        self.tick: Callable[[int], None] | None = None
        started = time.perf_counter()
        self.f0 = np.array(function(self.x.copy()), dtype=np.float64).ravel()
        self.cost = time.perf_counter() - started
        self.size = self.f0.size

    def __call__(self, x: Floats) -> Floats:
        """The outputs at `x`, shape (m,), not copied; NaN where `F` raises."""
        self.count += 1
        if self.count > self.left:
            raise ExhaustedError("evaluations")
        if not self.count % limit.CLOCK_EVERY or self.cost > limit.SLOW_EVALUATION:
            self.check_time()
        try:
            y = np.asarray(self.function(x))
        except ExhaustedError:
            raise
        except Exception:  # any error of the user's function means: not defined here
            return np.full(self.size, np.nan)
        if y.size != self.size:
            return np.full(self.size, np.nan)
        return y.reshape(-1)

    def seconds_left(self) -> float:
        """What is left of the seconds, at least a tenth of one."""
        return max(self.deadline - time.monotonic(), 0.1)

    def check_time(self) -> None:
        """Look at the clock and move the progress bar."""
        if time.monotonic() > self.deadline:
            raise ExhaustedError("seconds")
        if self.tick is not None:
            self.tick(self.count)


class Line:
    """A straight line `x + t d` through the point of a probe, `t` without unit.

    A coordinate line moves entry `index` by `t * scale`, its steps rounded so that `x + h` and
    `x - h` are exact; a general line moves along `direction` (shape (n,)).
    """

    __slots__ = ("centre", "direction", "index", "probe", "reach", "scale", "work")

    def __init__(
        self, probe: Probe, scale: float, index: int = -1, direction: Floats | None = None
    ) -> None:
        self.probe = probe
        self.index = index
        self.scale = scale
        self.direction = direction
        self.work = probe.x.copy()
        if direction is None:
            self.centre = float(probe.x[index])
            self.reach = abs(self.centre)
        else:
            self.centre = 0.0
            self.reach = scale

    def step(self, t: float) -> float:
        """The step really made for `t`, in units of `x` (of `t` on a general line)."""
        if self.direction is not None:
            return t
        h = t * self.scale
        ulp = float(np.spacing(self.reach + h))
        return max(round(h / ulp), 1) * ulp if h < 1e15 * ulp else h

    def at(self, step: float) -> Floats:
        """The outputs at a signed step, shape (m,); a view that the next call may overwrite."""
        if self.direction is None:
            self.work[self.index] = self.centre + step
            return self.probe(self.work)
        return self.probe(self.probe.x + step * self.direction)
