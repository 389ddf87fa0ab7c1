"""Descent without a network: the minimum of a function of numbers or arrays."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import pytree, stop_gradient, value_and_grad
from nn.checks import check_keywords, not_negative, positive
from nn.optimisers.adam import Adam
from nn.optimisers.base import Optimiser
from nn.optimisers.first_order import SGD
from nn.optimisers.lbfgs import LBFGS, direction, in_dtype, joined, remembered, split
from nn.optimisers.leaves import data_of
from nn.optimisers.newton import Newton
from nn.optimisers.schedules import whole

Function = Callable[[Any], Any]
Move = Callable[["Point"], Any]
"""A step: from a point to the next vector, or None where there is no way down."""

DECREASE, FLATTER = 1e-4, 0.9
"""A step is long enough where the slope along it is FLATTER times that at its start, and short
enough where the value fell by DECREASE of what the slope at the start promised."""

HALVINGS = 60
"""So many lengths of a step are tried."""


@dataclass(frozen=True)
class Minimum:
    """What `minimize` found.

    x          the best place, in the structure of x0
    value      f(x)
    gradient   of f at x, in the structure of x0
    converged  whether the length of the gradient is at most the tolerance
    message    why it ended, in words
    steps      how many steps were made
    values     f at every place visited, the start first
    lengths    of the gradient at these places
    path       these places: an array (steps + 1, ...) where x0 is a number or an array, else a list
    """

    x: Any
    value: float
    gradient: Any
    converged: bool
    message: str
    steps: int
    values: Any
    lengths: Any
    path: Any

    def __str__(self) -> str:
        return f"f = {self.value:.6g} after {self.steps} steps: {self.message}"


class Point:
    """A place as one vector, the value and the gradient of the function there."""

    def __init__(self, problem: Problem, vector: Any) -> None:
        self.vector = vector
        self.value, self.slope = problem.evaluate(vector)
        self.length = math.sqrt(float(np.vdot(self.slope, self.slope)))
        self.finite = math.isfinite(self.value) and math.isfinite(self.length)


class Problem:
    """The function of one vector, and its gradient."""

    def __init__(self, f: Function, x0: Any) -> None:
        leaves, self.structure = pytree.flatten(stop_gradient(x0))
        if not leaves:
            raise ValueError("minimize needs at least one number to change")
        self.leaves = [floating(x) for x in leaves]
        self.f, self.both = f, value_and_grad(f)
        self.start = joined(self.leaves)

    def tree(self, vector: Any) -> Any:
        """A vector in the structure of x0."""
        return pytree.unflatten(self.structure, split(vector, self.leaves))

    def evaluate(self, vector: Any) -> tuple[float, Any]:
        """The value and the gradient at a vector; infinity where numbers overflow."""
        try:
            with np.errstate(all="ignore"):
                value, slope = self.both(self.tree(vector))
        except OverflowError:  # of Python floats
            return math.inf, np.full_like(vector, math.nan)
        parts = pytree.leaves_like(self.structure, slope)
        return float(data_of(value)), in_dtype(joined(list(map(data_of, parts))), vector)


@check_keywords(tol="tolerance", maxiter="steps", learning_rate="lr", fun="f")
def minimize(
    f: Function,
    x0: Any,
    method: str | Optimiser = "l-bfgs",
    *,
    tolerance: float = 1e-6,
    steps: int = 1000,
    lr: float | None = None,
    callback: Callable[[Any, float], Any] | None = None,
) -> Minimum:
    """Walk downhill from x0 until the gradient is (almost) zero.

    f          a function of one argument, of the structure of x0, that returns one real number
    x0         a number, an array, or a tree of them
    method     "gradient descent", "momentum", "adam", "l-bfgs", "newton", or an optimiser made
               without parameters, such as `RMSprop(lr=0.1)`
    tolerance  it ends where the length (L2 norm) of the gradient is at most this
    steps      at most so many
    lr         the learning rate of the first three: by default 0.01 for "momentum" and 0.1 for
               "adam"; gradient descent without one, L-BFGS and Newton look for a good length of
               each step
    callback   called with the place and the value after each step; True ends the descent

    Returns a `Minimum`, of the lowest place that was visited.  A gradient of zero is no proof of a
    minimum: it is zero at saddles and on plateaus, too, and a minimum found may be a local one.

    Raises ValueError for an unknown method and where f is not finite at x0.

    >>> found = minimize(lambda w: (w - 3.0) ** 2 + 1.0, 0.0)
    >>> round(found.x, 6), round(found.value, 6), found.converged
    (3.0, 1.0, True)
    >>> minimize(lambda w: (w - 3.0) ** 2, 0.0, "gradient descent", lr=0.25, steps=3).path
    array([0.   , 1.5  , 2.25 , 2.625])
    """
    not_negative("tolerance", tolerance)
    whole("steps", steps)
    problem = Problem(f, x0)
    move = mover(method, problem, lr)
    point = best = Point(problem, problem.start)
    if not point.finite:
        raise ValueError(
            f"f is {point.value} at x0, its gradient {point.length} long: start elsewhere"
        )
    visited, message = [point], f"{steps} steps were made, and the gradient is not zero yet"
    for _ in range(steps):
        if point.length <= tolerance:
            break
        vector = move(point)
        if vector is None:
            message = "no shorter step goes down: this is as near as rounding allows"
            break
        point = vector if isinstance(vector, Point) else Point(problem, vector)
        visited.append(point)
        if not point.finite:
            message = "it diverged: f is not finite any more; try a smaller lr"
            break
        if point.value <= best.value:
            best = point
        if callback is not None and callback(problem.tree(point.vector), point.value):
            message = "the callback ended it"
            break
    if point.finite and point.length <= tolerance:
        best, message = point, "the gradient is zero, up to the tolerance"
    path: Any = [problem.tree(p.vector) for p in visited]
    if problem.structure is pytree.LEAF:
        path = np.array(path)
    return Minimum(
        x=problem.tree(best.vector),
        value=best.value,
        gradient=problem.tree(best.slope),
        converged=best.length <= tolerance,
        message=message,
        steps=len(visited) - 1,
        values=np.array([p.value for p in visited]),
        lengths=np.array([p.length for p in visited]),
        path=np.array(path)
        if len(problem.leaves) == 1 and problem.structure is pytree.LEAF
        else path,
    )


def mover(method: str | Optimiser, problem: Problem, lr: float | None) -> Move:
    """The step of a method."""
    if isinstance(method, Optimiser):
        if lr is not None:
            raise ValueError("the optimiser has a learning rate of its own: give it there")
        return by_optimiser(method, problem)
    f, name = problem.f, method.lower().replace("_", "-").replace(" ", "-")
    name = {"gd": "gradient-descent", "lbfgs": "l-bfgs"}.get(name, name)
    if lr is not None:
        positive("lr", lr)
        if name in ("l-bfgs", "newton"):
            raise ValueError(f"{method!r} looks for the length of each step: it takes no lr")
    if name == "gradient-descent":
        return by_optimiser(SGD(lr=lr), problem) if lr else searching(problem, Steepest())
    if name == "momentum":
        return by_optimiser(SGD(lr=lr or 0.01, momentum=0.9), problem)
    if name == "adam":
        return by_optimiser(Adam(lr=lr or 0.1), problem)
    if name == "l-bfgs":
        return searching(problem, Curvature(problem))
    if name == "newton":
        solve = Newton().direction
        return searching(problem, lambda p: (solve(f, problem.tree(p.vector), p.slope), 1.0))
    raise ValueError(
        f"there is no method {method!r}: 'gradient descent', 'momentum', 'adam', 'l-bfgs', "
        "'newton', or an optimiser such as nn.RMSprop(lr=0.1)"
    )


def by_optimiser(optimiser: Optimiser, problem: Problem) -> Move:
    """Steps of an optimiser, on the tree."""
    state = optimiser.init(problem.tree(problem.start))

    def move(point: Point) -> Any:
        nonlocal state
        tree, slope = problem.tree(point.vector), problem.tree(point.slope)
        if isinstance(optimiser, Newton):
            moved, state = optimiser.update(slope, state, tree, problem.f)
        else:
            moved, state = optimiser.update(slope, state, tree)
        return joined(pytree.leaves_like(problem.structure, moved))

    return move


class Steepest:
    """The direction of steepest descent, and the length that the last change of the gradient
    suggests.  (Barzilai and Borwein, Two-point step size gradient methods, 1988.)"""

    def __init__(self) -> None:
        self.before: Point | None = None

    def __call__(self, point: Point) -> tuple[Any, float | None]:
        """Minus the gradient, and a length to try."""
        length = None
        if self.before is not None:
            s, y = point.vector - self.before.vector, point.slope - self.before.slope
            curvature = float(np.vdot(s, y))
            length = float(np.vdot(s, s)) / curvature if curvature > 0 else None
        self.before = point
        return -point.slope, length


class Curvature:
    """The direction of L-BFGS, which remembers the points that it was asked for."""

    def __init__(self, problem: Problem) -> None:
        self.state = LBFGS(lr=1.0).init(problem.start)
        self.before: Point | None = None

    def __call__(self, point: Point) -> tuple[Any, float | None]:
        """The direction at a point; after the first one it has the right length already."""
        first = self.before is None
        if self.before is not None:
            step = point.vector - self.before.vector
            self.state |= {"direction": step, "length": 1.0, "previous": self.before.slope}
            self.state = remembered(point.slope, self.state)
        self.before = point
        return direction(point.slope, self.state), None if first else 1.0


def searching(problem: Problem, aim: Callable[[Point], tuple[Any, float | None]]) -> Move:
    """Steps along a direction, of a length that is looked for.

    aim  gives the direction, and the length to try first; None for that of the last step
    """
    last: float | None = None

    def move(point: Point) -> Any:
        nonlocal last
        d, length = aim(point)
        slope = float(np.vdot(point.slope, d))
        if length is None:
            length = last or min(1.0, 1.0 / point.length)
        found, last = search(problem, point, d, slope, length)
        return found

    return move


def search(
    problem: Problem, point: Point, d: Any, slope: float, length: float
) -> tuple[Point | None, float]:
    """A point along d where the value has fallen enough and the slope has become flatter (the weak
    Wolfe conditions, by bisection), and the length of the step; None where there is none.

    (Lewis and Overton, Nonsmooth optimization via quasi-Newton methods, 2013, algorithm 4.6.)
    """
    low, high = 0.0, math.inf
    lower: Point | None = None
    for _ in range(HALVINGS):
        vector = point.vector + in_dtype(length, d) * d
        if np.array_equal(vector, point.vector):
            break  # shorter than rounding shows
        there = Point(problem, vector)
        if not there.finite or there.value > point.value + DECREASE * length * slope:
            high = length
        elif float(np.vdot(there.slope, d)) < FLATTER * slope:
            low, lower = length, there
        else:
            return there, length
        length = (low + high) / 2 if high < math.inf else 2 * low
    return lower, low


def floating(x: Any) -> Any:
    """A number or an array as floats."""
    if isinstance(x, int | np.integer | bool):
        return float(x)
    if isinstance(x, np.ndarray) and x.dtype.kind in "iub":
        return x.astype(float)
    return x
