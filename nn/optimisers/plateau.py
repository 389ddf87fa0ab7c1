"""A learning rate that falls where a loss no longer does."""

from __future__ import annotations

import math
from typing import Any, Literal, final

from nn.checks import fraction, not_negative
from nn.optimisers.base import Optimiser, State, own_options
from nn.optimisers.states import take_count, take_number

MEASURED = 1e-8
"""A change of the rate that is smaller is not made."""


@final
class ReduceOnPlateau:
    """Multiply the learning rate by a factor where a loss has not fallen for some epochs.

    optimiser  whose rates (those of all groups) are changed; None for the pure form only
    factor     what the rate is multiplied by
    patience   so many epochs without progress are waited for; the next one reduces
    threshold  progress is a loss below (1 - threshold) * the best so far; above (1 + threshold)
               times it for mode "max"
    mode       "min" for a loss, "max" for an accuracy
    cooldown   so many epochs after a reduction are not counted
    lowest     the smallest rate

    `step(loss)` is called after each epoch, and says whether the rate was reduced; as one of the
    `callbacks` of `fit` it is called there.  It is PyTorch's ReduceLROnPlateau.  The pure form:
    `init()` gives the state, `update(loss, state, lr)` the next rate and state.

    Raises ValueError for values out of range, and where a rate is a schedule.

    >>> from autograd import Value
    >>> from nn import SGD
    >>> descent = SGD([Value(1.0)], lr=0.1)
    >>> plateau = ReduceOnPlateau(descent, factor=0.5, patience=1)
    >>> [plateau.step(loss) for loss in (1.0, 1.0, 1.0, 0.5)], descent.lr
    ([False, False, True, False], 0.05)
    """

    def __init__(
        self,
        optimiser: Optimiser | None = None,
        factor: float = 0.1,
        *,
        patience: int = 10,
        threshold: float = 1e-4,
        mode: Literal["min", "max"] = "min",
        cooldown: int = 0,
        lowest: float = 0.0,
    ) -> None:
        if mode not in ("min", "max"):
            raise ValueError(f"mode is 'min' or 'max', got {mode!r}")
        self.factor, self.threshold = fraction("factor", factor), fraction("threshold", threshold)
        self.patience, self.cooldown = not_negative("patience", patience), cooldown
        self.lowest, self.mode = not_negative("lowest", lowest), mode
        not_negative("cooldown", cooldown)
        self.optimiser = optimiser
        self.state = self.init()
        if optimiser is not None:
            self.rates(optimiser)

    def init(self) -> State:
        """The state before the first loss."""
        return {"best": math.inf if self.mode == "min" else -math.inf, "bad": 0, "rest": 0}

    def update(self, loss: float, state: State, lr: float) -> tuple[float, State]:
        """The rate after one more loss, and the state."""
        best, bad, rest = state["best"], state["bad"], state["rest"]
        loss = float(loss)
        if self.is_progress(loss, best):
            best, bad = loss, 0
        else:
            bad += 1
        if rest > 0:
            rest, bad = rest - 1, 0
        if bad > self.patience:
            rest, bad = self.cooldown, 0
            reduced = max(lr * self.factor, self.lowest)
            lr = reduced if lr - reduced > MEASURED else lr
        return lr, {"best": best, "bad": bad, "rest": rest}

    def is_progress(self, loss: float, best: float) -> bool:
        """Whether a loss is better than the best by the threshold; NaN is not."""
        if math.isinf(best):
            return not math.isnan(loss)
        if self.mode == "min":
            return loss < best * (1 - self.threshold)
        return loss > best * (1 + self.threshold)

    def rates(self, optimiser: Optimiser) -> list[tuple[Any, float]]:
        """What holds each rate (a group, or the optimiser itself), and the rate."""
        found: list[tuple[Any, float]] = []
        owners: list[Any] = [optimiser, *[g for g in optimiser.groups if "lr" in own_options(g)]]
        for owner in owners:
            lr = owner.lr if isinstance(owner, Optimiser) else owner["lr"]
            if callable(lr):
                raise ValueError(
                    "the learning rate is a schedule: ReduceOnPlateau changes a rate that is a "
                    "number"
                )
            found.append((owner, lr))
        return found

    def step(self, loss: float) -> bool:
        """Take a loss in, and reduce the rates of the optimiser where it is time to."""
        if self.optimiser is None:
            raise ValueError("made without an optimiser: give it one, or use update")
        state = self.state
        changed = False
        for owner, lr in self.rates(self.optimiser):
            new, self.state = self.update(loss, state, lr)
            changed = changed or new != lr
            if isinstance(owner, Optimiser):
                owner.lr = new
            else:
                owner["lr"] = new
        return changed

    def __call__(self, run: Any) -> None:
        """As a callback of `fit`: `step` with the loss of the epoch."""
        self.step(run.loss)

    def __repr__(self) -> str:
        return f"ReduceOnPlateau(factor={self.factor}, patience={self.patience}, {self.state})"

    def state_dict(self) -> dict[str, Any]:
        """The best loss and the counts; the rates are the optimiser's."""
        return dict(self.state)

    def load_state_dict(self, state: dict[str, Any]) -> ReduceOnPlateau:
        """Continue from a `state_dict`; ValueError where it is none."""
        given = dict(state)
        best = take_number(given, "best", 0.0)
        found = {"best": best, "bad": take_count(given, "bad"), "rest": take_count(given, "rest")}
        if given:
            raise ValueError(f"the state has what a plateau has not: {', '.join(sorted(given))}")
        self.state = found
        return self
