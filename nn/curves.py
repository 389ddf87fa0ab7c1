"""The losses of a training over its epochs, with matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.canvas import COLOURS, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LASTS = 0.1
"""Share of the epochs that the test loss must stay above its best."""


def loss_curves(
    train: Any,
    test: Sequence[float] | None = None,
    axes: Axes | None = None,
    log: bool = False,
) -> Axes:
    """Losses over the epochs, training and test together, so that overfitting can be seen.

    train, test  one number for each epoch; or a `History`, which holds both
    log          a logarithmic loss axis

    Where the test loss rises again and stays above its best, that epoch is marked and what follows
    is shaded; a loss that is NaN or infinite is marked at its epoch.
    Raises ValueError where there is nothing to draw.

    >>> loss_curves([1.0, 0.5, 0.2], [1.1, 0.8, 0.9]).get_xlabel()
    'epoch'
    """
    if hasattr(train, "train"):
        train, test = train.train, test or train.test
    if not len(train):
        raise ValueError("loss_curves needs the loss of at least one epoch")
    axes = new_axes(axes)
    epochs = np.arange(1, len(train) + 1)
    dots = "o" if len(train) == 1 else ""
    axes.plot(epochs, train, color=COLOURS[0], marker=dots, label="training")
    if test is not None and len(test):
        places = np.arange(1, len(test) + 1)
        axes.plot(places, test, "--", color=COLOURS[1], marker=dots, label="test")
        best = overfits_after(np.asarray(test, dtype=float))
        if best is not None:
            axes.axvspan(best + 1, len(test), color=COLOURS[1], alpha=0.08)
            name = f"best epoch: {best + 1}"
            axes.plot([best + 1], [test[best]], "o", color=COLOURS[1], label=name)
    for losses, colour, name in ((train, COLOURS[0], "training"), (test, COLOURS[1], "test")):
        broken = np.flatnonzero(~np.isfinite(np.asarray(losses if losses is not None else [])))
        if len(broken):
            first = int(broken[0]) + 1
            axes.axvline(first, color=colour, linewidth=1, linestyle=":")
            line = axes.get_xaxis_transform()
            label = f"{name}: not finite from epoch {first}"
            axes.plot(
                broken + 1, [0.03] * len(broken), "X", color="#c4151c", transform=line, label=label
            )
    if log:
        axes.set_yscale("log")
    axes.set(xlabel="epoch", ylabel="loss", title="Loss over the epochs")
    axes.legend()
    axes.grid(alpha=0.25)
    return axes


def overfits_after(test: Any) -> int | None:
    """The best epoch, if the test loss stays above it for a tenth of the epochs and at least three,
    by more than it goes up and down from one epoch to the next."""
    if not np.isfinite(test).any():
        return None
    best = int(np.nanargmin(np.where(np.isfinite(test), test, np.inf)))
    after = test[best + 1 :]
    after = after[np.isfinite(after)]
    if len(after) < max(3, LASTS * len(test)):
        return None
    steps = np.abs(np.diff(test[np.isfinite(test)]))
    noise = float(np.median(steps)) if len(steps) > 8 else 0.0
    return best if after[-max(3, len(after) // 2) :].min() > test[best] + noise else None
