"""What a training measured, epoch by epoch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.curves import loss_curves

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass
class History:
    """What `fit` measured, one entry for each epoch.

    train     the mean loss over the epoch's batches, each before its update
    test      the loss on the test data after the epoch; empty without test data
    gradient  the largest L2 norm of a batch's gradient; empty unless a tolerance was given
    stopped   why training ended: "epochs", "tolerance", "patience", "callback" or "interrupted"
    lr        the learning rate of the first group, at the end of the epoch
    metrics   by name, what the metrics gave after the epoch
    restored  the epoch whose weights the model has, where that is not the last one; else None

    `history["train"]` is one of these as an array, `arrays()` all of them.

    >>> h = History(train=[2.0, 1.0])
    >>> h.epochs, h.train[-1], h.stopped, h["train"]
    (2, 1.0, 'epochs', array([2., 1.]))
    """

    train: list[float] = field(default_factory=list)
    test: list[float] = field(default_factory=list)
    gradient: list[float] = field(default_factory=list)
    stopped: str = "epochs"
    lr: list[float] = field(default_factory=list)
    metrics: dict[str, list[float]] = field(default_factory=dict)
    restored: int | None = None

    @property
    def epochs(self) -> int:
        """How many epochs there were."""
        return len(self.train)

    @property
    def best_epoch(self) -> int:
        """The epoch (1 for the first) with the lowest test loss, or training loss where there is
        no test.  Raises ValueError where there was no epoch.

        >>> History(train=[3.0, 2.0, 1.0], test=[3.0, 2.5, 2.8]).best_epoch
        2
        """
        losses = np.array(self.test or self.train, dtype=float)
        if not np.isfinite(losses).any():
            raise ValueError("no epoch has a loss that is a number")
        return int(np.nanargmin(np.where(np.isfinite(losses), losses, np.nan))) + 1

    def arrays(self) -> dict[str, Any]:
        """All that was measured, as arrays by name, with the numbers of the epochs."""
        named = {"train": self.train, "test": self.test, "gradient": self.gradient, "lr": self.lr}
        found = {name: np.array(x) for name, x in {**named, **self.metrics}.items() if len(x)}
        return {"epoch": np.arange(1, self.epochs + 1), **found}

    def __getitem__(self, name: str) -> Any:
        found = self.arrays()
        if name not in found:
            raise KeyError(f"{name!r} was not measured: there are {', '.join(found)}")
        return found[name]

    def plot(self, axes: Axes | None = None, *, log: bool = False) -> Axes:
        """The losses over the epochs, as `nn.plots.loss_curves` draws them, with matplotlib.

        >>> History(train=[2.0, 1.0]).plot().get_ylabel()
        'loss'
        """
        return loss_curves(self, axes=axes, log=log)

    def state_dict(self) -> dict[str, Any]:
        """All of it, to be saved."""
        return asdict(self)

    def load_state_dict(self, state: dict[str, Any]) -> History:
        """Continue from a `state_dict`."""
        unknown = set(state) ^ set(self.state_dict())
        if unknown:
            raise ValueError(f"this is no state of a History: {', '.join(sorted(unknown))}")
        for name, x in state.items():
            setattr(self, name, list(x) if isinstance(x, Sequence) and type(x) is not str else x)
        self.metrics = {name: list(x) for name, x in state["metrics"].items()}
        return self
