"""Speed and memory of the engine, as ratios measured side by side in this run.

    python -m benchmarks.core

Scalars are compared with micrograd where it can be imported (install it in an environment of its
own, and run this with that environment's Python), arrays with the same training step written by
hand in NumPy, the import with NumPy's.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import nn
from autograd import Value
from benchmarks.sidebyside import header, line, machine, ratio

ROOT = Path(__file__).resolve().parent.parent
Array = np.ndarray[Any, Any]


# --- scalars --------------------------------------------------------------------------------------
def products(kind: type, n: int = 100) -> Callable[[], Any]:
    """A sum of n products, forward and backward."""

    def run() -> Any:
        total = kind(0.0)
        for i in range(n):
            total = total + kind(0.1 * i) * kind(0.2)
        total.backward()
        return total

    return run


def mixed(kind: type, n: int) -> Callable[[], Any]:
    """About n nodes of the operations that micrograd has, in a wide graph (micrograd recurses)."""

    def run() -> Any:
        leaves = [kind(0.01 * (i % 50) + 0.1) for i in range(n // 6)]
        layer = [(x * 1.5 + 0.25).relu() * x + x**2 for x in leaves]
        while len(layer) > 1:
            rest = layer[len(layer) & ~1 :]
            layer = [layer[i] + layer[i + 1] for i in range(0, len(layer) - 1, 2)] + rest
        layer[0].backward()
        return layer[0]

    return run


def memory(run: Callable[[], Any]) -> float:
    """The bytes that a graph takes while it is held."""
    tracemalloc.start()
    root = run()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del root
    return float(size)


def scalars() -> None:
    """Scalar Values beside micrograd's, the garbage collector on."""
    if importlib.util.find_spec("micrograd") is None:
        print("\nscalars: micrograd is not installed here, nothing to compare with")
        return
    from micrograd.engine import Value as Theirs

    print(header("scalars, forward and backward, collector on", "micrograd"))
    print(line("100 products and their sum", *ratio(products(Value), products(Theirs)), 0.7))
    for n in (600, 60_000):
        pair = ratio(mixed(Value, n), mixed(Theirs, n))
        print(line(f"mixed graph of {n} nodes", *pair, 0.7, "ms"))
    ours, theirs = memory(mixed(Value, 60_000)), memory(mixed(Theirs, 60_000))
    print(line("memory of a node", ours / 60_000, theirs / 60_000, 0.4, "bytes"))


# --- arrays ---------------------------------------------------------------------------------------
def by_hand(weights: list[Array], x: Array, labels: Array, rate: float) -> Callable[[], float]:
    """A training step of a two-layer softmax classifier, written out in NumPy."""
    w1, b1, w2, b2 = weights
    rows = np.arange(len(x))

    def step() -> float:
        h = np.tanh(x @ w1 + b1)
        z = h @ w2 + b2
        z -= z.max(axis=1, keepdims=True)
        p = np.exp(z)
        total = p.sum(axis=1, keepdims=True)
        loss = -(z[rows, labels] - np.log(total[:, 0])).mean()
        p /= total
        p[rows, labels] -= 1
        p /= len(x)
        dz = (p @ w2.T) * (1 - h * h)
        for w, g in ((w2, h.T @ p), (b2, p.sum(0)), (w1, x.T @ dz), (b1, dz.sum(0))):
            w -= rate * g
        return float(loss)

    return step


def with_nn(weights: list[Array], x: Array, labels: Array, rate: float) -> Callable[[], float]:
    """The same step with layers, a loss and an optimiser."""
    first, second = (nn.Linear(*w.shape, dtype=x.dtype) for w in weights[::2])
    model = nn.Sequential(first, nn.tanh, second)
    for parameter, w in zip(model.parameters(), weights, strict=True):
        parameter.data = w
    optimiser = nn.SGD(model.parameters(), lr=rate)

    def step() -> float:
        loss = nn.cross_entropy_with_logits(model(x), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return float(loss.data)

    return step


def arrays() -> None:
    """A training step beside the same one by hand; both must give the same losses."""
    print(header("softmax classifier, one training step, float32", "NumPy"))
    for sizes, target, unit in (((32, 32, 32, 10), 1.6, "us"), ((128, 784, 512, 10), 1.15, "ms")):
        batch, n_in, hidden, n_out = sizes
        rng = np.random.default_rng(0)
        x = rng.normal(size=(batch, n_in)).astype(np.float32)
        labels = rng.integers(n_out, size=batch)
        shapes = ((n_in, hidden), (hidden,), (hidden, n_out), (n_out,))
        weights = [(rng.normal(size=s) * 0.1).astype(np.float32) for s in shapes]
        steps = [f([w.copy() for w in weights], x, labels, 0.01) for f in (with_nn, by_hand)]
        losses = [[step() for _ in range(20)] for step in steps]
        np.testing.assert_allclose(losses[0], losses[1], rtol=1e-4)
        print(line("x".join(map(str, sizes)), *ratio(*steps, seconds=4), target, unit))


# --- import ---------------------------------------------------------------------------------------
def imports() -> None:
    """`import autograd` beside `import numpy`, each in a new process, with the bytecode of both
    there already, as after an installation."""

    def importing(name: str, cache: str) -> float:
        code = (
            f"import time; t = time.perf_counter(); import {name}; print(time.perf_counter() - t)"
        )
        words = [sys.executable, "-c", code]
        env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": cache}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        return float(subprocess.run(words, env=env, capture_output=True, check=True).stdout)

    with tempfile.TemporaryDirectory() as cache:
        times = [(importing("autograd", cache), importing("numpy", cache)) for _ in range(15)]
    print(header("import, in a new process", "numpy"))
    print(line("import", min(t[0] for t in times), min(t[1] for t in times), 1.5, "ms"))


if __name__ == "__main__":
    print(machine())
    started = time.perf_counter()
    scalars()
    arrays()
    imports()
    print(f"\n{time.perf_counter() - started:.0f} s")
