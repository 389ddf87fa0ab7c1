"""A training in a file: written after epochs, and continued with the same bits."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, final

import numpy as np

from autograd import pytree
from nn.batches import restore_source, source_state
from nn.finding import named_modules
from nn.module import Module
from nn.saving import load, save

if TYPE_CHECKING:
    from nn.training.run import Run


@final
class Checkpoint:
    """A callback of `fit` that writes the whole training into a file after every epoch, from which
    `fit(..., resume=path)` continues as if it had never been interrupted.

    path   of the file; it is replaced each time, and there is never half of one
    every  so many epochs pass from one time to the next

    In the file are the parameters and buffers of the model, the optimiser's state, the place in the
    sequence of orders, the sources of random numbers of the layers, the history, the best weights
    so far, and the states of the other callbacks.

    Raises ValueError where `every` is below 1, and TypeError where the model is no Module.
    """

    def __init__(self, path: str | os.PathLike[str], every: int = 1) -> None:
        if every < 1:
            raise ValueError(f"every is a number of epochs, at least 1, got {every}")
        self.path, self.every = Path(path), every

    def __call__(self, run: Run) -> None:
        """Write the file where it is time to."""
        if run.epoch % self.every == 0:
            write(self.path, run)


def write(path: Path, run: Run) -> None:
    """The whole training into a file."""
    if not isinstance(run.model, Module):
        raise TypeError(f"a checkpoint needs a Module to save, the model is {run.model!r}")
    state: dict[str, Any] = {"epoch": run.epoch, "history": run.history.state_dict()}
    state["order"] = None if run.source is None else source_state(run.source)
    state["sources"] = {name: source_state(s) for name, s in sources_of(run.model).items()}
    state["best"] = {"loss": run.best.loss, "epoch": run.best.epoch}
    state["callbacks"] = [
        callback.state_dict() if hasattr(callback, "state_dict") else {}
        for callback in run.callbacks
    ]
    save(path, run.model, optimiser=run.optimiser, training=state, best=run.best.state)


def resume_from(path: str | os.PathLike[str], run: Run) -> None:
    """Continue a training: everything is put where it was.

    Raises what `nn.load` raises, and ValueError where the file is that of another training; the
    model and the optimiser are changed only where they fit.
    """
    saved = load(path, run.model, optimiser=run.optimiser)
    state = saved.parts["training"]
    sources = sources_of(run.model)
    if set(sources) != set(state["sources"]):
        raise ValueError(
            f"{path} has sources of random numbers at {sorted(state['sources'])}, the model at "
            f"{sorted(sources)}"
        )
    if (state["order"] is None) != (run.source is None):
        raise ValueError(f"{path} was written by a training with seed=None, or this one has it")
    if len(state["callbacks"]) != len(run.callbacks):
        raise ValueError(
            f"{path} was written with {len(state['callbacks'])} callbacks, here are "
            f"{len(run.callbacks)}"
        )
    for name, source in sources.items():
        restore_source(source, state["sources"][name])
    if run.source is not None:
        restore_source(run.source, state["order"])
    for callback, part in zip(run.callbacks, state["callbacks"], strict=True):
        load_part: Any = getattr(callback, "load_state_dict", None)
        if part and load_part is not None:
            load_part(part)
    run.history.load_state_dict(state["history"])
    run.epoch = state["epoch"]
    run.best.loss, run.best.epoch = state["best"]["loss"], state["best"]["epoch"]
    run.best.state = dict(saved.parts["best"])


def sources_of(model: Any) -> dict[str, np.random.Generator]:
    """The Generators that the layers of a model draw from, by path."""
    found: dict[str, np.random.Generator] = {}
    for path, module in named_modules(model):
        for name, part in vars(module).items():
            if isinstance(part, np.random.Generator):
                found[".".join(filter(None, [pytree.dotted(path), name]))] = part
    return found
