"""More data than memory: a logistic regression and a small network on 5 GB, in chunks.

    python examples/out_of_core.py --memory 1                    no more than 1 GB for this process
    python examples/out_of_core.py --cluster tcp://host:8786     over the workers of a Dask cluster

The samples are made anew in chunks of 8 MB whenever they are needed, and never all at once.
"""

from __future__ import annotations

import argparse
import contextlib
from typing import Any

import numpy as np
from _common import needed, optional

from autograd import value_and_grad
from nn import Linear, Sequential, accuracy, binary_cross_entropy_with_logits, fit, relu
from nn.optimisers import Adam
from nn.progress_bar import ProgressBar

FEATURES = 50
TRUE = np.random.default_rng(7).normal(size=FEATURES) / np.sqrt(FEATURES)


def options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="20 MB in place of 5 GB")
    parser.add_argument("--memory", type=float, help="a limit for this process, in GB")
    parser.add_argument("--cluster", help="the address of a dask.distributed scheduler")
    return parser.parse_args()


def samples(rows: int) -> tuple[Any, Any]:
    """Features and labels, lazy: label 1 where a curved score with some noise is positive."""
    da = needed("dask.array")
    source = da.random.default_rng(1)
    x = source.uniform(-1.7, 1.7, size=(rows, FEATURES), chunks=(20_000, FEATURES))
    noise = source.normal(size=rows, chunks=20_000)
    score = x @ TRUE + 0.5 * np.abs(x[:, 0]) - 0.4 + 0.1 * noise
    return x, (score > 0).astype(np.float64)


def logistic_loss(w: Any, x: Any, y: Any) -> Any:
    """The mean cross-entropy of a linear score, and a small penalty."""
    return binary_cross_entropy_with_logits(x @ w, y) + 1e-4 * np.sum(w * w)


def logistic_regression(x: Any, y: Any, passes: int) -> Any:
    """Gradient descent with momentum; each pass computes loss and gradient of all data together."""
    dask = needed("dask")
    w, speed = np.zeros(FEATURES), np.zeros(FEATURES)
    with ProgressBar(passes, shown=True) as bar:
        for _ in range(passes):
            value, slope = dask.compute(*value_and_grad(logistic_loss)(w, x, y))
            speed = 0.5 * speed - 2.0 * slope
            w = w + speed
            bar.advance(float(value), None)
    return w


def main() -> None:
    """Fit both, and say how often they are right on samples that they have not seen."""
    given = options()
    resource = optional("resource", "the memory of a process is limited and told on Unix only")
    if given.memory and resource:
        limit = int(given.memory * 2**30)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    rows, passes = (50_000, 4) if given.quick else (12_500_000, 6)
    with contextlib.ExitStack() as stack:
        if given.cluster:
            stack.enter_context(needed("dask.distributed").Client(given.cluster))
        x, y = samples(rows)
        print(f"{x.nbytes / 2**30:.2f} GB in {x.numblocks[0]} chunks")
        held_out = slice(rows - 20_000, rows)
        x_test, y_test = needed("dask").compute(x[held_out], y[held_out])
        x, y = x[: rows - 20_000], y[: rows - 20_000]
        w = logistic_regression(x, y, passes)
        print(f"logistic regression: {accuracy(x_test @ w, y_test):.3f} right on held-out samples")
        model = Sequential(Linear(FEATURES, 16, seed=0), relu, Linear(16, 1, seed=1))
        loss = lambda scores, labels: binary_cross_entropy_with_logits(scores[:, 0], labels)
        fit(model, x, y, loss, Adam(model, lr=0.01), epochs=1, batch_size=1000)
        print(f"small network: {accuracy(model(x_test).data[:, 0], y_test):.3f} right")
    if resource is None:
        return
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"largest memory of this process: {peak:.2f} GB")


if __name__ == "__main__":
    main()
