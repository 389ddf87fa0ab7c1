"""Data-parallel training: the gradient of a mini-batch, computed in parts by several processes.

Each process takes a part of the samples; the parts' gradients, weighted by their share of the
samples, are added in a fixed order.  The sum is that of one process to rounding, and the same bits
in each run with as many parts.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, final

import numpy as np

from autograd import Value, pytree, value_and_grad
from nn.finding import named_modules

Loss = Callable[[Any, Any], Any]
Part = tuple[float, list[Any]]
"""The loss of a part of a batch and its gradients, both times the number of its samples."""


class Team(ABC):
    """Processes that compute the parts of a batch.

    parts  how many parts a batch is cut into
    """

    parts: int

    @abstractmethod
    def begin(self, model: Any, loss: Loss, x: Any, y: Any) -> None:
        """Send what does not change in training: the model's structure, the loss, the samples."""

    @abstractmethod
    def compute(self, leaves: list[Any], rows: Sequence[Any]) -> list[Part]:
        """The parts of a batch, in order: the parameters are sent once, rows[k] are part k."""


def team_of(workers: Any, parts: int | None = None) -> Team:
    """The team behind a `dask.distributed.Client` or an mpi4py communicator (or a Team).

    Raises TypeError for anything else."""
    if isinstance(workers, Team):
        return workers
    if hasattr(workers, "scheduler_info") and hasattr(workers, "submit"):
        return DaskTeam(workers, parts)
    if hasattr(workers, "Get_rank") and hasattr(workers, "allgather"):
        return MPITeam(workers)
    raise TypeError(
        f"workers are a dask.distributed.Client or an mpi4py communicator, got {workers!r}"
    )


class Parallel:
    """The gradient of a loss over mini-batches, computed by a team.

    model    a Module
    loss     of (outputs, targets): a mean over the samples, as all losses of `nn` are
    x, y     all samples, along the first axis; they are sent once
    workers  a `dask.distributed.Client`, an mpi4py communicator, or a `Team`
    parts    how many parts a batch is cut into; by default as many as there are processes

    `backward(rows)` adds the gradient of the batch x[rows], y[rows] to the parameters, as
    `loss(model(x[rows]), y[rows]).backward()` does, and returns the loss.

    >>> from nn import Linear, mse
    >>> x, y = np.arange(6.0).reshape(3, 2), np.ones((3, 1))
    >>> model = Linear(2, 1, seed=0)
    >>> loss = Parallel(model, mse, x, y, Alone(parts=2)).backward(slice(0, 3))
    >>> bool(np.isclose(loss, mse(model(x), y).data)), model.w.grad.shape
    (True, (2, 1))
    """

    def __init__(
        self, model: Any, loss: Loss, x: Any, y: Any, workers: Any, parts: int | None = None
    ) -> None:
        for samples in (x, y):
            if hasattr(samples, "chunks"):
                raise TypeError(
                    "workers take samples that fit in memory: an array in chunks is computed on a "
                    "cluster without them"
                )
        self.team = team_of(workers, parts)
        self.count = len(x)
        self.parameters, self.structure = pytree.flatten(model)
        if not self.parameters or not all(isinstance(p, Value) for p in self.parameters):
            raise TypeError("data-parallel training takes a Module whose parameters are Values")
        refuse_state(model)
        self.team.begin(pytree.tree_map(lambda p: p.data, model), loss, x, y)

    def backward(self, rows: Any) -> float:
        """Add the gradient of a batch to the parameters; returns its loss."""
        places = np.arange(self.count)[rows]
        parts = [part for part in np.array_split(places, self.team.parts) if len(part)]
        if not parts:
            raise ValueError("a batch needs at least one sample")
        found = self.team.compute([p.data for p in self.parameters], parts)
        total, gradients = found[0]
        for value, part in found[1:]:
            total = total + value
            gradients = [a + b for a, b in zip(gradients, part, strict=True)]
        for p, g in zip(self.parameters, gradients, strict=True):
            p.grad = g / len(places) if not p.has_grad else p.grad + g / len(places)
        return float(total / len(places))


def refuse_state(model: Any) -> None:
    """TypeError for layers whose calls in training change them: each process would change its own
    copy, and this one never."""
    for path, module in named_modules(model):
        kept = [name for name in module.buffer_names if getattr(module, name) is not None]
        draws = module.draws and getattr(module, "p", 1)  # a Dropout(0) draws nothing
        if module.training and (kept or draws):
            what = "keeps running statistics" if kept else "draws random numbers"
            raise TypeError(
                f"{pytree.dotted(path)}: {module!r} {what}, which each process would do by itself: "
                "call its eval(), or train without workers"
            )


def part_gradient(setup: tuple[Any, Loss, Any, Any], leaves: list[Any], rows: Any) -> Part:
    """The loss over some samples, and its gradients, both times the number of samples."""
    model, loss, x, y = setup
    structure = pytree.flatten(model)[1]
    xs, ys = x[rows], y[rows]
    value, slopes = value_and_grad(lambda m: loss(m(xs), ys))(pytree.unflatten(structure, leaves))
    gradients = pytree.flatten(slopes)[0]
    return value * len(rows), [g * g.dtype.type(len(rows)) for g in gradients]


@final
class Alone(Team):
    """All parts in this process, one after the other: what a team is compared with."""

    def __init__(self, parts: int) -> None:
        self.parts = parts
        self.setup: Any = None

    def begin(self, model: Any, loss: Loss, x: Any, y: Any) -> None:
        """Keep the setup."""
        self.setup = (model, loss, x, y)

    def compute(self, leaves: list[Any], rows: Sequence[Any]) -> list[Part]:
        """The parts in order."""
        return [part_gradient(self.setup, leaves, part) for part in rows]


@final
class DaskTeam(Team):
    """The workers of a `dask.distributed` cluster.

    The samples go to every worker once, the parameters once a step.  A part whose worker dies is
    computed by another."""

    def __init__(self, client: Any, parts: int | None = None) -> None:
        self.client = client
        self.parts = parts or max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
        self.setup: Any = None

    def begin(self, model: Any, loss: Loss, x: Any, y: Any) -> None:
        """Send the setup to every worker."""
        self.setup = self.client.scatter([(model, loss, x, y)], broadcast=True, hash=False)[0]

    def compute(self, leaves: list[Any], rows: Sequence[Any]) -> list[Part]:
        """Send the parameters to every worker, and gather the parts."""
        (sent,) = self.client.scatter([leaves], broadcast=True, hash=False)
        names = list(self.client.scheduler_info(n_workers=-1)["workers"])
        parts = [
            self.client.submit(
                part_gradient,
                self.setup,
                sent,
                part,
                workers=[names[i % len(names)]],
                allow_other_workers=True,
                pure=False,
            )
            for i, part in enumerate(rows)
        ]
        found: list[Part] = self.client.gather(parts)
        return found


@final
class MPITeam(Team):
    """The processes of an MPI communicator, which all run the same program: each computes the part
    of its rank, and all receive the parts of all."""

    def __init__(self, communicator: Any) -> None:
        self.communicator = communicator
        self.parts = communicator.Get_size()
        self.setup: Any = None

    def begin(self, model: Any, loss: Loss, x: Any, y: Any) -> None:
        """Keep the setup, which every process has."""
        self.setup = (model, loss, x, y)

    def compute(self, leaves: list[Any], rows: Sequence[Any]) -> list[Part]:
        """This process's part, exchanged for those of all."""
        rank = self.communicator.Get_rank()
        packed = pack(leaves)
        self.communicator.Bcast(packed)  # so that all have those of rank 0
        leaves = unpack(packed, leaves)
        if rank < len(rows):
            value, gradients = part_gradient(self.setup, leaves, rows[rank])
        else:
            value, gradients = 0.0, [np.zeros_like(x) for x in leaves]
        values = self.communicator.allgather(value)
        own = pack(gradients)
        every = np.empty((self.parts, own.size), np.uint8)
        self.communicator.Allgather(own, every)
        return [(values[k], unpack(every[k], gradients)) for k in range(len(rows))]


def pack(arrays: Sequence[Any]) -> Any:
    """Numbers and arrays as one row of bytes: MPI sends these without pickling."""
    return np.concatenate([np.ascontiguousarray(x).reshape(-1).view(np.uint8) for x in arrays])


def unpack(row: Any, like: Sequence[Any]) -> list[Any]:
    """The arrays that `pack` put into a row, in the shapes and dtypes of others."""
    found, start = [], 0
    for x in map(np.asarray, like):
        part = row[start : start + x.nbytes].copy()  # a copy begins where its dtype may
        found.append(part.view(x.dtype).reshape(x.shape))
        start += x.nbytes
    return found
