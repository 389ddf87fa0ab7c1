"""Schedules: the learning rate as a function of the number of steps that were made.

An optimiser takes one in place of its rate, `Adam(model, lr=CosineDecay(1e-3, steps=1000))`, and
asks it at every step; there is nothing to advance by hand.  A schedule keeps no state: with the
optimiser's count it is where it was.  It is written in functions that dispatch, so that a compiled
step asks it, too.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, final

import numpy as np

from nn.checks import not_negative, positive

Rate = float | Callable[[Any], Any]
"""A learning rate: a number, or a function of the number of steps made before, such as a
`Schedule`."""


def rate_at(lr: Rate, count: Any) -> Any:
    """The rate after `count` steps: a Python float, or an array of another library.

    >>> rate_at(0.1, 5), rate_at(lambda count: 1 / (1 + count), 3)
    (0.1, 0.25)
    """
    if type(lr) is float:
        return lr
    rate = lr(count) if callable(lr) else lr
    return float(rate) if isinstance(rate, int | float | np.generic | np.ndarray) else rate


def checked_rate(lr: Rate) -> Rate:
    """A rate that is positive, or a function."""
    if callable(lr):
        return lr
    if isinstance(lr, str) or not hasattr(lr, "__float__"):
        raise TypeError(f"lr is a number, or a function of the number of steps made, got {lr!r}")
    return positive("lr", float(lr))


class Schedule(ABC):
    """A learning rate that depends on the number of steps made: called with it, the rate."""

    @abstractmethod
    def __call__(self, count: Any) -> Any:
        """The rate after `count` steps, 0 for the first."""

    def step(self) -> NoReturn:
        """Refused: there is nothing to advance."""
        raise TypeError(
            "a schedule is not stepped: give it to the optimiser, Adam(model, lr=schedule), which "
            "asks it at every step; schedule.per(batches) counts epochs"
        )

    def per(self, steps: int) -> Stretched:
        """The same schedule with `steps` steps as its unit: with the number of batches in an epoch,
        one that counts epochs.

        >>> slow = StepDecay(1.0, every=2, factor=0.5).per(10)
        >>> [slow(count) for count in (0, 19, 20, 40)]
        [1.0, 1.0, 0.5, 0.25]
        """
        return Stretched(self, steps)


@final
@dataclass(frozen=True)
class Stretched(Schedule):
    """A schedule that moves on once in every `steps` steps: see `Schedule.per`."""

    schedule: Schedule
    steps: int

    def __post_init__(self) -> None:
        whole("steps", self.steps)

    def __call__(self, count: Any) -> Any:
        """The rate after `count` steps."""
        return self.schedule(count // self.steps)


@final
@dataclass(frozen=True)
class StepDecay(Schedule):
    """lr * factor ** (count // every): multiplied by the factor once in every so many steps.

    PyTorch's StepLR.

    >>> [StepDecay(1.0, every=2)(count) for count in range(3)]
    [1.0, 1.0, 0.1]
    """

    lr: float
    every: int
    factor: float = 0.1

    def __post_init__(self) -> None:
        positive("lr", self.lr)
        whole("every", self.every)
        positive("factor", self.factor)

    def __call__(self, count: Any) -> Any:
        """The rate after `count` steps."""
        return self.lr * self.factor ** (count // self.every)


@final
@dataclass(frozen=True)
class ExponentialDecay(Schedule):
    """lr * factor ** count.

    PyTorch's ExponentialLR.

    >>> ExponentialDecay(1.0, factor=0.5)(3)
    0.125
    """

    lr: float
    factor: float

    def __post_init__(self) -> None:
        positive("lr", self.lr)
        positive("factor", self.factor)

    def __call__(self, count: Any) -> Any:
        """The rate after `count` steps."""
        return self.lr * self.factor**count


@dataclass(frozen=True)
class Descent(Schedule):
    """From lr to lowest in `steps` steps."""

    lr: float
    steps: int
    lowest: float = 0.0

    def __post_init__(self) -> None:
        positive("lr", self.lr)
        whole("steps", self.steps)
        not_negative("lowest", self.lowest)


@final
@dataclass(frozen=True)
class LinearDecay(Descent):
    """From lr to lowest along a line of `steps` steps, and lowest from there on.

    >>> [LinearDecay(1.0, steps=4)(count) for count in (0, 1, 4, 9)]
    [1.0, 0.75, 0.0, 0.0]
    """

    def __call__(self, count: Any) -> Any:
        """The rate after `count` steps."""
        return self.lr + (self.lowest - self.lr) * share(count, self.steps)


@final
@dataclass(frozen=True)
class CosineDecay(Descent):
    """lowest + (lr - lowest) * (1 + cos(pi * count / steps)) / 2, and lowest from `steps` on.

    PyTorch's CosineAnnealingLR, which climbs again after `steps`.  (Loshchilov and Hutter, SGDR,
    2017.)

    >>> [round(CosineDecay(1.0, steps=4)(count), 3) for count in (0, 2, 4, 9)]
    [1.0, 0.5, 0.0, 0.0]
    """

    def __call__(self, count: Any) -> Any:
        """The rate after `count` steps."""
        return cosine(self.lr, self.lowest, share(count, self.steps))


@final
@dataclass(frozen=True)
class WarmUp(Schedule):
    """A rate, or a schedule, after a start in which the rate rises along a line:
    for `steps` steps from start * rate up to the rate; then the schedule begins.

    PyTorch's LinearLR, followed by another schedule by way of SequentialLR.

    >>> [WarmUp(1.0, steps=4)(count) for count in (0, 1, 4, 9)]
    [0.0, 0.25, 1.0, 1.0]
    """

    then: Rate
    steps: int
    start: float = 0.0

    def __post_init__(self) -> None:
        checked_rate(self.then)
        whole("steps", self.steps)
        not_negative("start", self.start)

    def __call__(self, count: Any) -> Any:
        """The rate after `count` steps."""
        rising = self.start + (1 - self.start) * share(count, self.steps)
        return rising * rate_at(self.then, larger(count - self.steps, 0))


@final
@dataclass(frozen=True)
class OneCycle(Schedule):
    """Up to the rate `highest` and down to almost nothing, along two halves of a cosine.

    highest  the largest rate
    steps    of the whole cycle; the last rate holds after it
    rising   the share of the cycle in which the rate rises
    start    the first rate is highest / start
    end      the last rate is that divided by `end`

    PyTorch's OneCycleLR with cycle_momentum=False: the momentum does not change.  (Smith and Topin,
    Super-convergence, 2018.)

    >>> cycle = OneCycle(1.0, steps=10)
    >>> [round(cycle(count), 3) for count in (0, 2, 9)]
    [0.04, 1.0, 0.0]
    """

    highest: float
    steps: int
    rising: float = 0.3
    start: float = 25.0
    end: float = 1e4

    def __post_init__(self) -> None:
        positive("highest", self.highest)
        whole("steps", self.steps)
        positive("start", self.start)
        positive("end", self.end)
        if not 0 < self.rising < 1 or self.rising * self.steps <= 1:
            raise ValueError(
                f"rising is a share between 0 and 1 that makes more than one of the {self.steps} "
                f"steps, got {self.rising}"
            )

    def __call__(self, count: Any) -> Any:
        """The rate after `count` steps."""
        first, last = self.highest / self.start, self.highest / self.start / self.end
        top, bottom = self.rising * self.steps - 1, self.steps - 1.0
        up = cosine(first, self.highest, count / top)
        down = cosine(self.highest, last, smaller((count - top) / (bottom - top), 1.0))
        return choose(count <= top, up, down)


# --- numbers and arrays alike ---------------------------------------------------------------------
def cosine(start: Any, end: Any, share: Any) -> Any:
    """From start (share 0) to end (share 1) along half a wave."""
    turned = math.cos(math.pi * share) if type(share) is float else np.cos(math.pi * share)
    return end + (start - end) / 2 * (1 + turned)


def share(count: Any, steps: int) -> Any:
    """How much of the steps is over, at most 1."""
    return smaller(count / steps, 1.0)


def smaller(a: Any, b: Any) -> Any:
    """The smaller one."""
    return min(a, b) if isinstance(a, int | float) else np.minimum(a, b)


def larger(a: Any, b: Any) -> Any:
    """The larger one."""
    return max(a, b) if isinstance(a, int | float) else np.maximum(a, b)


def choose(condition: Any, a: Any, b: Any) -> Any:
    """a where the condition holds, else b."""
    if isinstance(condition, bool | np.bool_):
        return a if condition else b
    return np.where(condition, a, b)


def whole(name: str, x: int) -> None:
    """Refuse what is no positive integer."""
    if not isinstance(x, int | np.integer) or isinstance(x, bool) or x < 1:
        raise ValueError(f"{name} is a number of steps, an integer of at least 1, got {x!r}")
