"""The loop: mini-batches, steps, what is measured after each epoch, and when to stop."""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograd import Value
from nn.batches import DataLoader, Seed, batch_rows, batches
from nn.checks import array_of, check_keywords, positive
from nn.modes import in_mode
from nn.module import Module
from nn.optimisers import Newton, Optimiser, clip_gradient_norm, gradient_norm
from nn.optimisers.schedules import rate_at
from nn.parallel import Parallel
from nn.progress_bar import ProgressBar
from nn.training.checkpoint import Checkpoint, resume_from
from nn.training.culprit import culprit
from nn.training.history import History
from nn.training.run import Callback, Run

Loss = Callable[[Any, Any], Any]
Metrics = Mapping[str, Loss]
Steps = Callable[[], Iterator[tuple[float, int]]]

STUCK_EPOCHS, STUCK = 10, 0.99
"""A loss that after so many epochs was never below this share of its first one lies on a
plateau."""


class TrainingWarning(UserWarning):
    """A training that runs, and does not learn."""


@check_keywords(
    optimizer="optimiser",
    rng="seed",
    tol="tolerance",
    batchsize="batch_size",
    validation_data="validation",
    early_stopping="patience",
)
def fit(
    model: Callable[[Any], Any],
    x: Any,
    y: Any,
    loss: Loss,
    optimiser: Optimiser,
    epochs: int,
    batch_size: int | None = None,
    *,
    seed: Seed = 0,
    test: tuple[Any, Any] | None = None,
    validation: tuple[Any, Any] | None = None,
    metrics: Metrics | Sequence[Loss] | None = None,
    patience: int | None = None,
    tolerance: float | None = None,
    clip: float | None = None,
    callbacks: Sequence[Callback] = (),
    resume: str | os.PathLike[str] | None = None,
    progress: bool = True,
    workers: Any = None,
) -> History:
    """Train: for every batch of every epoch, one step of the optimiser down the gradient of
    loss(model(x), y).

    model       a Module, or any function of a batch
    x, y        the samples, along the first axis; or a `DataLoader` for x, and None for y
    loss        of (outputs, targets), such as `mse` or `cross_entropy_with_logits`
    batch_size  samples in a batch; None takes all of them at once
    seed        of the order of samples, drawn anew for each epoch; None keeps the order
    test        (x, y) whose loss is noted after each epoch, and never trained on; `validation` is
                another word for it
    metrics     {"accuracy": nn.accuracy}, or a list of such functions of (outputs, targets):
                measured after each epoch on the test data, or on the training data where there
                are none
    patience    stop after so many epochs without a lower test loss (or training loss, where there
                is no test), and go back to the weights of the best epoch
    tolerance   stop after an epoch in which no batch's gradient had an L2 norm above it
    clip        the largest length of a gradient: longer ones are shortened
    callbacks   functions of the `Run`, called after each epoch; True ends the training.  A
                `Checkpoint` writes a file, a `ReduceOnPlateau` lowers the rate
    resume      a file of a `Checkpoint`, from which the training goes on
    progress    show a bar (with tqdm, else a few lines)
    workers     a `dask.distributed.Client` or an mpi4py communicator, whose processes compute the
                gradient of each batch in parts (`nn.parallel`)

    Layers such as `Dropout` are in their mode of training, for the test in that of use.  Ctrl-C
    ends the training, too, and keeps the weights of the best epoch where there are test data (else
    the last ones).  With the same seeds every run has the same bits, and so has one that was
    interrupted and resumed.

    Returns the `History`.  Raises ValueError where x and y differ in length, where the loss of a
    batch depends on no parameter of the optimiser, and where the loss (or, with a tolerance, the
    gradient) becomes NaN or infinite: the error names the operation, and no step is made.  Warns
    (`TrainingWarning`) where nothing moves, and where the loss does not fall.

    >>> from nn import Linear, SGD, mse
    >>> x = np.linspace(-1, 1, 20)[:, None]
    >>> model = Linear(1, 1, seed=0)
    >>> descent = SGD(model, lr=0.5)
    >>> h = fit(model, x, 3 * x, mse, descent, epochs=200, tolerance=1e-6, progress=False)
    >>> round(float(model.w.data[0, 0]), 4), h.stopped
    (3.0, 'tolerance')
    """
    if validation is not None and test is not None:
        raise ValueError("validation is another word for test: give one of them")
    test = validation if test is None else test
    check_options(loss, optimiser, epochs, test, patience)
    if clip is not None:
        positive("clip", clip)
    metrics = by_name(metrics or {})
    if isinstance(model, Module):
        model.named()
    run = Run(model, optimiser, epochs, callbacks=in_order(callbacks))
    trainer = Trainer(run, loss, test, clip=clip, tolerance=tolerance)
    trainer.take_samples(x, y, batch_size, seed, workers)
    if resume is not None:
        resume_from(resume, run)
    with ProgressBar(epochs, shown=progress) as bar, in_mode(model, training=True):
        bar.done = run.epoch
        try:
            while run.epoch < epochs:
                trainer.epoch(bar, metrics)
                if test is not None or patience is not None:
                    run.note_best()
                reason = trainer.reason_to_stop(patience)
                if reason:
                    run.history.stopped = reason
                    break
        except KeyboardInterrupt:
            run.history.stopped = "interrupted"
    if patience is not None or run.history.stopped == "interrupted":
        run.restore_best()
    if not trainer.warned:
        warn_of_plateau(run.history)
    return run.history


def check_options(loss: Any, optimiser: Any, epochs: Any, test: Any, patience: int | None) -> None:
    """Refuse what no training can be made of."""
    if not callable(loss) or isinstance(loss, Optimiser):
        raise TypeError(f"the loss is a function of (outputs, targets), such as mse, got {loss!r}")
    if isinstance(optimiser, type) or not hasattr(optimiser, "step"):
        raise TypeError(
            f"the optimiser is made from the model, as in SGD(model, lr=0.1), got {optimiser!r}"
        )
    if not isinstance(epochs, int | np.integer) or isinstance(epochs, bool) or epochs < 0:
        raise ValueError(f"epochs is a number of epochs, an integer of at least 0, got {epochs!r}")
    if test is not None and (not isinstance(test, tuple | list) or len(test) != 2):
        raise TypeError("test is a pair: the samples and their targets, test=(x_test, y_test)")
    if patience is not None and patience < 1:
        raise ValueError(f"patience is a number of epochs, at least 1, got {patience}")


def by_name(metrics: Metrics | Sequence[Loss]) -> Metrics:
    """Metrics by name; those of a list by the names of the functions."""
    if isinstance(metrics, Mapping):
        return metrics
    if callable(metrics):
        raise TypeError("metrics is a list or a dict of functions: write [accuracy]")
    return {getattr(metric, "__name__", repr(metric)): metric for metric in metrics}


def in_order(callbacks: Sequence[Callback]) -> list[Callback]:
    """The callbacks, those that write checkpoints last: they save the states of the others."""
    if callable(callbacks):
        raise TypeError("callbacks is a list of functions: write [callback]")
    return sorted(callbacks, key=lambda callback: isinstance(callback, Checkpoint))


class Trainer:
    """What `fit` does in one epoch."""

    def __init__(
        self,
        run: Run,
        loss: Loss,
        test: tuple[Any, Any] | None,
        *,
        clip: float | None = None,
        tolerance: float | None = None,
    ) -> None:
        self.run, self.loss, self.test = run, loss, test
        self.clip, self.tolerance = clip, tolerance
        self.steps: Steps
        self.samples: Any = None
        self.count, self.warned = 0, False

    def take_samples(
        self, x: Any, y: Any, batch_size: int | None, seed: Seed, workers: Any
    ) -> None:
        """The samples, and how an epoch passes through them."""
        if isinstance(x, DataLoader):
            self.take_loader(x, y, batch_size, workers)
            return
        x, y = array_of(x), array_of(y)
        if not x.shape or not len(x):
            raise ValueError("there are no samples to train on")
        size = len(x) if batch_size is None else batch_size
        self.count, self.samples = len(x), (x, y)
        run = self.run
        run.source = source = None if seed is None else np.random.default_rng(seed)
        if workers is None:
            batches(x, y, size, None)  # its checks
            self.steps = lambda: map(self.step_on, batches(x, y, size, source))
        else:
            team = Parallel(run.model, self.loss, x, y, workers)
            self.steps = lambda: self.steps_of_team(team, batch_rows(len(x), size, source))

    def take_loader(self, loader: DataLoader, y: Any, batch_size: int | None, workers: Any) -> None:
        """Samples that come in batches already."""
        if y is not None or batch_size is not None or workers is not None:
            raise ValueError(
                "a DataLoader has targets and a batch size of its own: fit(model, loader, None, "
                "loss, optimiser, epochs), without workers"
            )
        if len(loader.arrays) != 2:
            raise ValueError(f"fit needs a DataLoader of two arrays, got {len(loader.arrays)}")
        whole = len(loader) * loader.batch_size if loader.drop_last else loader.count
        self.count, self.samples, self.run.source = whole, loader.arrays, loader.source
        self.steps = lambda: map(self.step_on, loader)

    def epoch(self, bar: ProgressBar, metrics: Metrics) -> None:
        """One epoch: its steps, and what is measured after it."""
        run, history = self.run, self.run.history
        total, largest, batch = 0.0, 0.0, 0
        try:
            for value, count in self.steps():
                batch += 1
                total += value * count
                bar.advance_within(count / self.count)
                if self.tolerance is not None:
                    norm = finite("gradient", gradient_norm(run.optimiser.parameters))
                    largest = max(largest, norm)
        except (ArithmeticError, TypeError, ValueError) as error:
            error.add_note(f"in epoch {run.epoch + 1}, batch {batch + 1}")
            raise
        run.epoch += 1
        history.train.append(total / self.count)
        if self.tolerance is not None:
            history.gradient.append(largest)
        history.lr.append(rate_at(rate_of(run.optimiser), max(run.optimiser.count - 1, 0)))
        self.measure(metrics)
        self.warn_if_nothing_moves()
        bar.advance(history.train[-1], history.test[-1] if history.test else None)

    def step_on(self, batch: tuple[Any, Any]) -> tuple[float, int]:
        """One step: the loss of the batch before it, and the number of its samples."""
        x, y = batch
        return train_step(self.run.model, x, y, self.loss, self.run.optimiser, clip=self.clip), len(
            x
        )

    def steps_of_team(self, team: Parallel, rows: Iterator[Any]) -> Iterator[tuple[float, int]]:
        """The steps of an epoch whose gradients several processes compute."""
        optimiser, count = self.run.optimiser, len(self.samples[0])
        for part in rows:
            optimiser.zero_grad()
            value = finite("loss", team.backward(part))
            if self.clip is not None:
                clip_gradient_norm(optimiser.parameters, self.clip)
            optimiser.step()
            yield value, len(range(count)[part]) if isinstance(part, slice) else len(part)

    def measure(self, metrics: Metrics) -> None:
        """The loss on the test data, and the metrics."""
        if self.test is None and not metrics:
            return
        x, y = self.test or self.samples
        with in_mode(self.run.model, training=False):
            outputs = self.run.model(x)
            if self.test is not None:
                self.run.history.test.append(number(self.loss(outputs, y)))
                self.warn_if_nan(self.run.history.test[-1])
            for name, metric in metrics.items():
                measured = self.run.history.metrics.setdefault(name, [])
                measured.append(number(metric(outputs, y)))

    def warn_if_nan(self, value: float) -> None:
        """Say so where the loss on the test data is no number; an infinite one may be right."""
        if math.isnan(value) and not self.warned:
            self.warned = True
            where = culprit(self.run.model, *self.test, self.loss) if self.test else ""
            warnings.warn(
                f"the loss on the test data is nan in epoch {self.run.epoch}\n{where}",
                TrainingWarning,
                stacklevel=6,
            )

    def reason_to_stop(self, patience: int | None) -> str | None:
        """Why training ends after this epoch, or None."""
        run = self.run
        stopped = [callback(run) is True for callback in run.callbacks]
        if self.tolerance is not None and run.history.gradient[-1] <= self.tolerance:
            return "tolerance"
        if patience is not None and run.epoch - run.best.epoch >= patience:
            return "patience"
        return "callback" if any(stopped) else None

    def warn_if_nothing_moves(self) -> None:
        """Look at the gradients, after epochs 1, 2, 4, 8 and so on: none may be left."""
        run = self.run
        if self.warned or run.epoch & (run.epoch - 1) or not run.history.train[-1]:
            return
        known = [p.grad for p in run.optimiser.parameters if p.has_grad]
        if known and not any(np.any(g.data if isinstance(g, Value) else g) for g in known):
            self.warned = True
            warnings.warn(
                f"nothing moves: in epoch {run.epoch} the gradient of the last batch is zero for "
                f"every parameter, and the loss {run.history.train[-1]:.6g}. Are all relus below "
                "0, is a sigmoid saturated, or is there a unit_step in the model?",
                TrainingWarning,
                stacklevel=5,
            )


def warn_of_plateau(history: History) -> None:
    """Say so where the loss has never fallen."""
    losses = history.train
    if len(losses) >= STUCK_EPOCHS and losses[0] > 0 and min(losses) > STUCK * losses[0]:
        warnings.warn(
            f"the loss has hardly fallen in {len(losses)} epochs, from {losses[0]:.6g} to "
            f"{min(losses):.6g}: a plateau, or a learning rate that is too small or too large",
            TrainingWarning,
            stacklevel=4,
        )


def rate_of(optimiser: Optimiser) -> Any:
    """The learning rate of the first group."""
    return (optimiser.groups[0] if optimiser.groups else {}).get("lr", optimiser.lr)


def train_step(
    model: Callable[[Any], Any],
    x: Any,
    y: Any,
    loss: Loss,
    optimiser: Optimiser,
    *,
    clip: float | None = None,
) -> float:
    """One update: the loss of a batch, before it.

    Raises ValueError, and makes no step, where the loss is NaN or infinite, or depends on no
    parameter of the optimiser.
    """
    cost = loss(model(x), y)
    if not isinstance(cost, Value):
        raise TypeError(
            f"the loss does not depend on a Value, it is {cost!r}: is the model a Module?"
        )
    if cost.size != 1:
        raise ValueError(
            f"the loss is one number, this one has shape {cost.shape}: take its mean, with "
            'reduction="mean"'
        )
    value = number(cost)
    if not math.isfinite(value):
        optimiser.zero_grad()
        raise not_finite("loss", value, culprit(model, x, y, loss))
    optimiser.zero_grad()
    cost.backward()
    if not any(p.has_grad for p in optimiser.parameters):
        raise ValueError(
            "the loss depends on no parameter of the optimiser: make the optimiser from the model "
            "that is trained, as in fit(model, x, y, loss, SGD(model, lr=0.1), ...)"
        )
    if clip is not None:
        clip_gradient_norm(optimiser.parameters, clip)
    if isinstance(optimiser, Newton):
        optimiser.step(lambda tree: loss(tree(x), y))
    else:
        optimiser.step()
    return value


def finite(what: str, x: float) -> float:
    """x, refused where it is NaN or infinite."""
    if not math.isfinite(x):
        raise not_finite(what, x, "")
    return x


def not_finite(what: str, x: float, where: str) -> ValueError:
    """The error for a loss or a gradient that is no number."""
    advice = "try a smaller learning rate, or look for the operation with autograd.debug()"
    return ValueError(f"the {what} became {x}: {advice}" + (f"\n{where}" if where else ""))


def number(cost: Any) -> float:
    """A loss as a plain float."""
    return float(cost.data if isinstance(cost, Value) else cost)
