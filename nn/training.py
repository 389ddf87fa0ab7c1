"""Mini-batches and a training loop with a progress bar, a stop by tolerance, and a history."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd import Value
from nn.batches import Seed, batch_rows, batches
from nn.checks import array_of, check_keywords
from nn.module import Module
from nn.optimisers import Optimiser, gradient_norm
from nn.parallel import Parallel
from nn.progress_bar import ProgressBar

Loss = Callable[[Any, Any], Any]


@dataclass
class History:
    """What `fit` measured, one entry for each epoch.

    train     the mean loss over the epoch's batches, each before its update
    test      the loss on the test data after the epoch; empty without test data
    gradient  the largest L2 norm of a batch's gradient; empty unless a tolerance was given
    stopped   why training ended: "epochs" or "tolerance"

    >>> h = History(train=[2.0, 1.0])
    >>> h.epochs, h.train[-1], h.stopped
    (2, 1.0, 'epochs')
    """

    train: list[float] = field(default_factory=list)
    test: list[float] = field(default_factory=list)
    gradient: list[float] = field(default_factory=list)
    stopped: str = "epochs"

    @property
    def epochs(self) -> int:
        """How many epochs there were."""
        return len(self.train)


@check_keywords(optimizer="optimiser", rng="seed", tol="tolerance", batchsize="batch_size")
def fit(
    model: Callable[[Any], Any],
    x: Any,
    y: Any,
    loss: Loss,
    optimiser: Optimiser,
    epochs: int,
    batch_size: int | None = None,
    seed: Seed = 0,
    test: tuple[Any, Any] | None = None,
    tolerance: float | None = None,
    progress: bool = True,
    workers: Any = None,
) -> History:
    """Train: for every batch of every epoch, one step of the optimiser down the gradient of
    loss(model(x), y).

    model       a Module, or any function of a batch
    x, y        the samples, along the first axis
    loss        of (outputs, targets), such as `mse` or `cross_entropy_with_logits`
    batch_size  samples in a batch; None takes all of them at once
    seed        of the order of samples, drawn anew for each epoch; None keeps the order
    test        (x, y) whose loss is noted after each epoch, and never trained on
    tolerance   stop after an epoch in which no batch's gradient had an L2 norm above it
    progress    show a bar (with tqdm, else a few lines)
    workers     a `dask.distributed.Client` or an mpi4py communicator, whose processes compute the
                gradient of each batch in parts (`nn.parallel`)

    Returns the `History`.  Raises ValueError where x and y differ in length, where the loss of a
    batch depends on no parameter of the optimiser, and where the loss (or, with a tolerance, the
    gradient) becomes NaN or infinite.

    >>> from nn import Linear, SGD, mse
    >>> x = np.linspace(-1, 1, 20)[:, None]
    >>> model = Linear(1, 1, seed=0)
    >>> descent = SGD(model, lr=0.5)
    >>> h = fit(model, x, 3 * x, mse, descent, epochs=200, tolerance=1e-6, progress=False)
    >>> round(float(model.w.data[0, 0]), 4), h.stopped
    (3.0, 'tolerance')
    """
    x, y = array_of(x), array_of(y)
    if not len(x):
        raise ValueError("there are no samples to train on")
    if isinstance(model, Module):
        model.named()
    rng = None if seed is None else np.random.default_rng(seed)
    history = History()
    steps = epoch_steps(model, x, y, loss, optimiser, workers)
    with ProgressBar(epochs, shown=progress) as bar:
        for epoch in range(epochs):
            total, largest = 0.0, 0.0
            for value, count in steps(batch_size or len(x), rng):
                finite("loss", value, epoch)
                total += value * count
                bar.advance_within(count / len(x))
                if tolerance is not None:
                    norm = finite("gradient", gradient_norm(optimiser.parameters), epoch)
                    largest = max(largest, norm)
            history.train.append(total / len(x))
            if test is not None:
                history.test.append(number(loss(model(test[0]), test[1])))
            bar.advance(history.train[-1], history.test[-1] if history.test else None)
            if tolerance is not None:
                history.gradient.append(largest)
                if largest <= tolerance:
                    history.stopped = "tolerance"
                    break
    return history


def epoch_steps(
    model: Any, x: Any, y: Any, loss: Loss, optimiser: Optimiser, workers: Any
) -> Callable[[int, Seed], Iterator[tuple[float, int]]]:
    """A function of batch size and seed that makes the steps of one epoch: pairs of the loss of a
    batch, before its update, and the number of its samples."""
    team = None if workers is None else Parallel(model, loss, x, y, workers)

    def alone(size: int, seed: Seed) -> Iterator[tuple[float, int]]:
        for xs, ys in batches(x, y, size, seed):
            yield train_step(model, xs, ys, loss, optimiser), len(xs)

    def together(size: int, seed: Seed) -> Iterator[tuple[float, int]]:
        assert team is not None
        for rows in batch_rows(len(x), size, seed):
            optimiser.zero_grad()
            value = team.backward(rows)
            optimiser.step()
            yield value, len(range(len(x))[rows]) if isinstance(rows, slice) else len(rows)

    return alone if team is None else together


def train_step(
    model: Callable[[Any], Any], x: Any, y: Any, loss: Loss, optimiser: Optimiser
) -> float:
    """One update: the loss of a batch, before it."""
    cost = loss(model(x), y)
    if not isinstance(cost, Value):
        raise TypeError(
            f"the loss does not depend on a Value, it is {cost!r}: is the model a Module?"
        )
    optimiser.zero_grad()
    cost.backward()
    if not any(p.has_grad for p in optimiser.parameters):
        raise ValueError(
            "the loss depends on no parameter of the optimiser: make the optimiser from the model "
            "that is trained, as in fit(model, x, y, loss, SGD(model, lr=0.1), ...)"
        )
    optimiser.step()
    return number(cost)


def finite(what: str, x: float, epoch: int) -> float:
    """x, refused where it is NaN or infinite."""
    if not math.isfinite(x):
        raise ValueError(
            f"the {what} became {x} in epoch {epoch + 1}: try a smaller learning rate, or look for "
            "the operation that yields it with autograd.debug()"
        )
    return x


def number(cost: Any) -> float:
    """A loss as a plain float."""
    return float(cost.data if isinstance(cost, Value) else cost)
