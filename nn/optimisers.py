"""Gradient descent: SGD and Adam.  A step changes `p.data`: arrays in place, numbers anew."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, final

import numpy as np

from autograd import Value
from nn.module import Module, search

Parameters = Module | Iterable[Any]


class Optimiser(ABC):
    """What optimisers share: the list of parameters and the learning rate `lr`, which may be
    changed between steps.

    Parameters are a Module, or a list (nested, or a dict) of Values and Modules; one that appears
    twice is stepped once.  A parameter whose gradient was not computed, because the loss does not
    use it, stays as it is, with its moments.
    """

    def __init__(self, parameters: Parameters, lr: float) -> None:
        if isinstance(parameters, Value):
            raise TypeError("an optimiser takes a Module or a list of Values, not one: write [v]")
        tree = (
            parameters if isinstance(parameters, Module | list | tuple | dict) else list(parameters)
        )
        self.parameters = [p for _, p in search(tree)]
        if not self.parameters:
            raise ValueError("there is nothing to optimise: the module or list holds no leaf Value")
        self.lr = positive("lr", float(lr))
        self.state: list[Any] = [None] * len(self.parameters)

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for p in self.parameters:
            p._grad = None

    def step(self) -> None:
        """Change every parameter that has a gradient."""
        state = self.state
        for i, p in enumerate(self.parameters):
            g, x = p._grad, p.data
            if g is None:
                continue
            if type(g) is Value:
                g = g.data
            change, state[i] = self.change(g, x, state[i])
            if type(x) is np.ndarray:
                x -= change
            else:
                p.data = type(x)(x - change)

    @abstractmethod
    def change(self, g: Any, x: Any, state: Any) -> tuple[Any, Any]:
        """What to subtract from x, given its gradient g and its state; and the new state."""


@final
class SGD(Optimiser):
    """x -= lr * g; with momentum m: u = m * u + g, x -= lr * u.

    momentum      how much of the last direction is kept, 0 <= momentum < 1
    nesterov      look ahead: x -= lr * (g + momentum * u)
    weight_decay  adds weight_decay * x to g

    Raises ValueError for values out of range.

    >>> p = Value(3.0)
    >>> (p * p).backward()
    >>> SGD([p], lr=0.5).step()
    >>> p.data
    0.0
    """

    def __init__(
        self,
        parameters: Parameters,
        lr: float,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr)
        self.momentum = fraction("momentum", momentum)
        self.nesterov = nesterov
        self.weight_decay = not_negative("weight_decay", weight_decay)
        if nesterov and not momentum:
            raise ValueError("nesterov needs a momentum, such as 0.9")

    def change(self, g: Any, x: Any, state: Any) -> tuple[Any, Any]:
        """The step, and the velocity u."""
        if self.weight_decay:
            g = g + self.weight_decay * x
        if not self.momentum:
            return self.lr * g, None
        u = 0 * g if state is None else state
        u *= self.momentum
        u += g
        return self.lr * (g + self.momentum * u if self.nesterov else u), u


@final
class Adam(Optimiser):
    """Steps of about lr in every direction: x -= lr * m / (sqrt(s) + eps), with the running means
    m of g and s of g * g, both divided by 1 - beta ** step to make up for their start at 0.

    betas         how much of the old mean is kept, for m and s
    weight_decay  adds weight_decay * x to g; with `decoupled` (AdamW) the means do not see it, and
                  x -= lr * weight_decay * x

    Raises ValueError for values out of range.

    >>> p = Value(3.0)
    >>> (p * p).backward()
    >>> Adam([p], lr=0.5).step()
    >>> round(p.data, 6)
    2.5
    """

    def __init__(
        self,
        parameters: Parameters,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        decoupled: bool = False,
    ) -> None:
        super().__init__(parameters, lr)
        self.betas = fraction("betas[0]", betas[0]), fraction("betas[1]", betas[1])
        self.eps = positive("eps", eps)
        self.weight_decay = not_negative("weight_decay", weight_decay)
        self.decoupled = decoupled

    def change(self, g: Any, x: Any, state: Any) -> tuple[Any, Any]:
        """The step, and (m, s, number of steps)."""
        if self.weight_decay and not self.decoupled:
            g = g + self.weight_decay * x
        m, s, count = state or (0 * g, 0 * g, 0)  # arrays are updated in place, numbers replaced
        first, second = self.betas
        count += 1
        m *= first
        m += (1 - first) * g
        s *= second
        s += (1 - second) * (g * g)
        root = (s / (1 - second**count)) ** 0.5
        root += self.eps
        step = m * (self.lr / (1 - first**count))
        step /= root
        if self.weight_decay and self.decoupled:
            step += self.lr * self.weight_decay * x
        return step, (m, s, count)


def positive(name: str, x: float) -> float:
    """x, refused unless it is above 0."""
    if not x > 0:
        raise ValueError(f"{name} must be positive, got {x}")
    return x


def not_negative(name: str, x: float) -> float:
    """x, refused where it is below 0."""
    if not x >= 0:
        raise ValueError(f"{name} must not be negative, got {x}")
    return x


def fraction(name: str, x: float) -> float:
    """x, refused outside 0 <= x < 1."""
    if not 0 <= x < 1:
        raise ValueError(f"{name} must be at least 0 and below 1, got {x}")
    return x
