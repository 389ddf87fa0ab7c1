"""A training while it runs: what callbacks see, and the best weights so far."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nn.module import Module
from nn.optimisers import Optimiser
from nn.training.history import History

Callback = Callable[["Run"], Any]


@dataclass
class Best:
    """The weights with the lowest loss so far, and the epoch and loss that they had."""

    loss: float = math.inf
    epoch: int = 0
    state: dict[str, Any] = field(default_factory=dict)


@dataclass
class Run:
    """What a callback of `fit` is given after each epoch; where it returns True, training ends.

    model, optimiser  what is trained
    history           what was measured so far
    epoch, epochs     the epoch that is over, 1 for the first, and how many there will be
    best              the best weights so far, where there are test data or a patience
    """

    model: Any
    optimiser: Optimiser
    epochs: int
    source: np.random.Generator | None = None
    callbacks: Sequence[Callback] = ()
    epoch: int = 0
    history: History = field(default_factory=History)
    best: Best = field(default_factory=Best)

    @property
    def loss(self) -> float:
        """The loss of the last epoch that counts: on the test data, or on the training data where
        there are none."""
        return (self.history.test or self.history.train)[-1]

    def note_best(self) -> None:
        """Keep a copy of the weights where the last epoch was the best one."""
        if self.loss < self.best.loss:
            self.best = Best(self.loss, self.epoch, weights_of(self.model, self.optimiser))

    def restore_best(self) -> None:
        """Go back to the best weights, where there are better ones than the last; also where the
        next epoch had begun."""
        begun = self.history.stopped == "interrupted"
        if self.best.state and (begun or self.best.epoch != self.epoch):
            put_weights(self.model, self.optimiser, self.best.state)
            self.history.restored = self.best.epoch


def weights_of(model: Any, optimiser: Optimiser) -> dict[str, Any]:
    """Copies of all weights: the state of a module, else the parameters of the optimiser."""
    if isinstance(model, Module):
        return model.state_dict()
    data = [p.data for p in optimiser.parameters]
    return {
        name: x.copy() if hasattr(x, "copy") else x
        for name, x in zip(optimiser.names, data, strict=True)
    }


def put_weights(model: Any, optimiser: Optimiser, state: dict[str, Any]) -> None:
    """Put weights back that `weights_of` took."""
    if isinstance(model, Module):
        model.load_state_dict(state)
        return
    for p, name in zip(optimiser.parameters, optimiser.names, strict=True):
        x = state[name]
        p.data = x.copy() if hasattr(x, "copy") else x
