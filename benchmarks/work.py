"""What a benchmark is: a problem, and one function for each contestant that solves it.

Imported in the peers' environments too, so it needs nothing but Python.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

PROJECT = "project"
"""The environment that runs the command: valuegrad and hand-written NumPy."""

Step = Callable[[], Any]
"""One run of the work.  It returns its outputs, or the seconds that it took (see `own_clock`)."""
Prepare = Callable[..., Step]
"""Given the problem's arrays: everything that is done once, then the step."""


@dataclass(frozen=True)
class Contestant:
    """A column of the table: a package, in one way of using it."""

    name: str
    environment: str = PROJECT
    ours: bool = False
    compiles: bool = False


HAND = Contestant("NumPy by hand")
"""The limit: the derivatives written out, by someone who knows the problem."""
EAGER = Contestant("valuegrad", ours=True)
COMPILED = Contestant("valuegrad compiled", ours=True, compiles=True)
NN = Contestant("valuegrad nn", ours=True)
NN_COMPILED = Contestant("valuegrad nn compiled", ours=True, compiles=True)
MICROGRAD = Contestant("micrograd", "micrograd")
HIPS = Contestant("HIPS autograd", "hips")
MYGRAD = Contestant("MyGrad", "mygrad")
TORCH = Contestant("PyTorch", "torch")
JAX = Contestant("JAX eager", "jax")
JIT = Contestant("JAX jit", "jax", compiles=True)
BY_JAX = Contestant("valuegrad by JAX", "jax", ours=True, compiles=True)
"""`compile(f, backend="jax")`: our program run by JAX, in its environment with ours beside it."""

PEERS = (MICROGRAD, HIPS, MYGRAD, TORCH, JAX, JIT)


def variant(name: str) -> Contestant:
    """Another way of using valuegrad, which stands in the table under its own name."""
    return Contestant(f"valuegrad {name}", ours=True)


@dataclass(frozen=True)
class Work:
    """One row of the report.

    name      for `--only`, for targets and for the report's links: words joined by hyphens
    title     what is computed, in a line
    outputs   what every contestant returns, such as "value and gradient"
    dtype     of every answer; another one is a wrong answer.  "" where there are no arrays
    problem   makes the numbers, the same for all: the arguments of each function below
    by        for each contestant, the function that prepares its step
    without   for each contestant that cannot do it, or is not asked, the reason
    tolerance the relative error that is still agreement, of the largest entry of an output
    own_clock the step returns its seconds instead of an answer
    nodes     of the graph: the report then shows time and memory a node, held while it exists
    slow      left out by `--quick`
    """

    name: str
    title: str
    outputs: str
    dtype: str
    problem: Callable[[], tuple[Any, ...]]
    by: Mapping[Contestant, Prepare]
    without: Mapping[Contestant, str] = field(default_factory=dict)
    tolerance: float = 1e-9
    own_clock: bool = False
    nodes: int = 0
    slow: bool = False

    def prepare(self, contestant: str) -> Step:
        """The step of one contestant."""
        for one, function in self.by.items():
            if one.name == contestant:
                return function(*self.problem())
        raise KeyError(f"{self.name} has no {contestant}")


class NotAvailableError(Exception):
    """Raised by a `prepare` where the package lacks what the work needs; the text says what."""
