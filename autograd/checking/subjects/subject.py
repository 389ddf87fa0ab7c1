"""What is checked: a function of Values, or a pair of plain functions, in one flat form.

`forward` maps R^n to R^m; `vjp_at` returns, for a cotangent in R^m, the gradient in R^n. For
complex entries the pairing is Re(g dy) = Re(c dx), the convention of the rule table.
"""

from __future__ import annotations

import functools
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import pytree
from autograd.checking.numeric.probe import ExhaustedError, Floats
from autograd.checking.subjects.flat_trees import (
    FlatTrees,
    argument_names,
    is_numeric,
    leaf_names,
    to_floats,
)
from autograd.checking.subjects.user_code import name_of, source_of
from autograd.engine.cotangents import unwrap

Function = Callable[..., Any]
NO_OUTPUT = "{name} returns no floating-point number: there is nothing to differentiate"


class ShapeError(Exception):
    """A backward returned a gradient of another structure or shape than its input."""

    def __init__(self, text: str, place: int, gradient: Any = None) -> None:
        super().__init__(text)
        self.place = place
        self.gradient = gradient


class Guard:
    """Notices whether an array is changed in place."""

    def __init__(self, name: str, data: Any) -> None:
        self.name = name
        self.data = data if isinstance(data, np.ndarray) else None
        self.before = None if self.data is None else self.data.tobytes()

    def changed(self) -> bool:
        """Whether the bytes differ from those at the start."""
        return self.data is not None and self.data.tobytes() != self.before


def stopped_at(f: Function, deadline: float) -> Function:
    """The same function, which raises `ExhaustedError` when it is called after the deadline."""

    @functools.wraps(f, updated=())
    def clocked(*args: Any, **kwargs: Any) -> Any:
        if time.monotonic() > deadline:
            raise ExhaustedError("seconds")
        return f(*args, **kwargs)

    return clocked


class Subject(ABC):
    """A function with a claimed derivative."""

    def __init__(self, f: Function, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.f = f
        self.kwargs = kwargs
        self.name = name_of(f)
        self.inputs = FlatTrees(inputs, argument_names(f, len(inputs)))
        self.outputs: FlatTrees
        self.reseed: Callable[[], Any] | None = None
        self.float_leaves: list[int] = []
        self.cost = 0.0

    def stop_at(self, deadline: float) -> None:
        """Let the function raise `ExhaustedError` from this time on, in the seconds of
        `time.monotonic`."""
        self.f = stopped_at(self.f, deadline)

    def adopt(self, y: Any) -> None:
        """Learn the structure of the outputs from one output."""
        plain = pytree.tree_map(unwrap, y)
        self.outputs = FlatTrees([plain], ["out"])
        self.float_leaves = [place.leaf for place in self.outputs.places]
        if not self.float_leaves:
            raise TypeError(NO_OUTPUT.format(name=self.name))

    def flat_output(self, y: Any) -> Floats:
        """An output as a flat vector; no copy for one real array."""
        if type(y) is np.ndarray and y.dtype == np.float64:
            return y.reshape(-1)
        leaves = [unwrap(leaf) for leaf in pytree.flatten(y)[0]]
        if not all(k < len(leaves) and is_numeric(leaves[k]) for k in self.float_leaves):
            raise ValueError("the function returned another structure than before")
        return np.concatenate([to_floats(leaves[k]) for k in self.float_leaves])

    def cotangent(self, g: Floats) -> list[Any]:
        """A flat cotangent as one leaf for each floating-point output."""
        leaves = [place.take(g, copy=True) for place in self.outputs.places]
        return [np.conj(leaf) if np.iscomplexobj(leaf) else leaf for leaf in leaves]

    def leaves_of(self, trees: tuple[Any, ...]) -> list[tuple[str, Any]]:
        """Name and content of every leaf of a tuple of arguments."""
        names = argument_names(self.f, len(trees))
        return [
            pair
            for tree, name in zip(trees, names, strict=True)
            for pair in zip(leaf_names(tree, name), pytree.flatten(tree)[0], strict=True)
        ]

    @property
    def source(self) -> str:
        """`file:line` of the function that is checked, where Python knows it."""
        return source_of(self.f)

    def shares_state(self) -> bool:
        """Whether the derivative can see what the function keeps from one call to the next."""
        return True

    @abstractmethod
    def pull_and_detect_mutation(self, g: Floats) -> tuple[Floats, list[str]]:
        """One pullback at x, and the names of everything that it changed in place."""

    @abstractmethod
    def aliased_inputs(self, first: int, second: int, g: Floats) -> tuple[Floats, Floats]:
        """With one object for two places: the gradient it gets, and the sum of both partials."""

    @abstractmethod
    def output(self, inputs: tuple[Any, ...]) -> Any:
        """The function's output for arguments in their own form."""

    @abstractmethod
    def forward(self, flat: Floats) -> Floats:
        """F(x), shape (m,); it may be a view."""

    @abstractmethod
    def vjp_at(self, flat: Floats) -> Callable[[Floats], Floats]:
        """The pullback at a point: from a cotangent (m,) to a gradient (n,)."""

    @abstractmethod
    def vjp_from(self, leaves: list[Any], g: Floats) -> Floats:
        """One pullback at checked leaves of any dtype, computed in that dtype."""
