"""Speed and memory of the engine, as ratios measured side by side in this run.

    python -m benchmarks.core

Scalars are compared with micrograd, a training step also with PyTorch, where they can be imported
(install them in an environment of its own, and run this with that environment's Python); arrays
with the same step written by hand in NumPy, `grad` with `backward`, the import with NumPy's.
"""

from __future__ import annotations

import importlib.util
import os
import random
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
from autograd import Value, grad, log_softmax, value_and_grad
from benchmarks.sidebyside import header, line, machine, ratio

ROOT = Path(__file__).resolve().parent.parent
Array = np.ndarray[Any, Any]


# --- scalars --------------------------------------------------------------------------------------
def products(kind: type, n: int = 100) -> Callable[[], Any]:
    """n products by a constant, one after the other, forward and backward."""

    def run() -> Any:
        y = kind(0.5)
        for _ in range(n):
            y = y * 1.01
        y.backward()
        return y

    return run


def products_grad(n: int = 100) -> Callable[[], Any]:
    """The same as a function, through `grad`."""

    def f(y: Any) -> Any:
        for _ in range(n):
            y = y * 1.01
        return y

    slope = grad(f)
    return lambda: slope(0.5)


def indexed(n: int) -> Callable[[], Any]:
    """The sum of n terms x[i] * 0.3 of one array, forward and backward."""
    numbers = np.linspace(0, 1, n)

    def run() -> Any:
        x = Value(numbers)
        total: Any = 0.0
        for i in range(n):
            total = total + x[i] * 0.3
        total.backward()
        return x.grad

    return run


def not_indexed(n: int) -> Callable[[], Any]:
    """The same sum over n Values in a list."""
    numbers = np.linspace(0, 1, n).tolist()

    def run() -> Any:
        xs = [Value(a) for a in numbers]
        total: Any = 0.0
        for x in xs:
            total = total + x * 0.3
        total.backward()
        return xs

    return run


def moons(kind: type, mlp: type, seed: int = 0) -> Callable[[], Any]:
    """A training step of a scalar MLP 2-16-16-1 on 20 points, as in micrograd's demo."""
    random.seed(seed)
    angle = np.linspace(0, np.pi, 10)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    points = np.concatenate([upper, np.array([1.0, 0.5]) - upper]).tolist()
    signs = [1.0] * 10 + [-1.0] * 10
    model = mlp(2, [16, 16, 1])

    def run() -> float:
        scores = [model([kind(a) for a in point]) for point in points]
        losses = [(1 + -sign * score).relu() for sign, score in zip(signs, scores, strict=True)]
        loss = sum(losses[1:], losses[0]) * (1.0 / len(losses))
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= 0.1 * p.grad
        return float(loss.data)

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
    """Scalar Values: `grad` beside `backward`, an index beside none, and beside micrograd's, the
    garbage collector on."""
    print(header("scalars: transforms beside backward, an index beside none", "without"))
    print(line("grad of 100 products", *ratio(products_grad(), products(Value)), 1.3))
    pair = indexed(80_000), not_indexed(80_000)
    print(line("80,000 indexed terms", *ratio(*pair, 4), 5.0, "ms"))
    pair = indexed(80_000), indexed(20_000)
    print(line("80,000 indexed terms beside 20,000", *ratio(*pair, 4), 4.4, "ms"))
    if importlib.util.find_spec("micrograd") is None:
        print("\nscalars: micrograd is not installed here, nothing to compare with")
        return
    from micrograd import nn as their_nn
    from micrograd.engine import Value as Theirs

    print(header("scalars, forward and backward, collector on", "micrograd"))
    both = ratio(products(Value), products(Theirs))
    print(line("100 products by a constant", *both, 0.25))
    pair = moons(Value, nn.MLP), moons(Theirs, their_nn.MLP)
    print(line("moons MLP 2-16-16-1, 20 samples, a step", *ratio(*pair, 6), 0.15, "ms"))
    for n in (600, 60_000):
        both = ratio(mixed(Value, n), mixed(Theirs, n), 4)
        print(line(f"mixed graph of {n} nodes", *both, 0.7, "ms"))
    ours, theirs = memory(mixed(Value, 60_000)), memory(mixed(Theirs, 60_000))
    print(line("memory of a node", ours / 60_000, theirs / 60_000, 0.4, "bytes"))


# --- arrays ---------------------------------------------------------------------------------------
def loss_and_gradients(weights: list[Array], x: Array, labels: Array) -> tuple[Any, list[Array]]:
    """A two-layer softmax classifier, its loss and its gradients written out in NumPy."""
    w1, b1, w2, b2 = weights
    rows = np.arange(len(x))
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
    return loss, [x.T @ dz, dz.sum(0), h.T @ p, p.sum(0)]


def by_hand(weights: list[Array], x: Array, labels: Array, rate: float) -> Callable[[], float]:
    """A training step with these gradients."""

    def step() -> float:
        loss, gradients = loss_and_gradients(weights, x, labels)
        for w, g in zip(weights, gradients, strict=True):
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


def in_plain_numpy(weights: list[Array], x: Array, labels: Array) -> Callable[[], Any]:
    """The loss and its gradients by `value_and_grad` of a function in plain NumPy."""
    rows = np.arange(len(x))

    def loss(parameters: Any) -> Any:
        w1, b1, w2, b2 = parameters
        logs = log_softmax(np.tanh(x @ w1 + b1) @ w2 + b2)
        return -logs[rows, labels].mean()

    both = value_and_grad(loss)
    return lambda: both(weights)


def in_pytorch(weights: list[Array], x: Array, labels: Array) -> Callable[[], Any]:
    """The same in PyTorch, on one thread as NumPy's small products are."""
    import torch

    torch.set_num_threads(1)
    w1, b1, w2, b2 = tensors = [torch.tensor(w, requires_grad=True) for w in weights]
    inputs, targets = torch.tensor(x), torch.tensor(labels)

    def step() -> Any:
        logs = torch.log_softmax(torch.tanh(inputs @ w1 + b1) @ w2 + b2, dim=1)
        loss = -logs[torch.arange(len(targets)), targets].mean()
        return loss, torch.autograd.grad(loss, tensors)

    return step


def arrays() -> None:
    """A training step beside the same one by hand; all must agree."""
    for sizes, targets, unit in (
        ((32, 32, 32, 10), (2.6, 1.6, 0.5), "us"),
        ((128, 784, 512, 10), (1.1, 1.1, None), "ms"),
    ):
        batch, n_in, hidden, n_out = sizes
        rng = np.random.default_rng(0)
        x = rng.normal(size=(batch, n_in)).astype(np.float32)
        labels = rng.integers(n_out, size=batch)
        shapes = ((n_in, hidden), (hidden,), (hidden, n_out), (n_out,))
        weights = [(rng.normal(size=s) * 0.1).astype(np.float32) for s in shapes]
        steps = [f([w.copy() for w in weights], x, labels, 0.01) for f in (with_nn, by_hand)]
        losses = [[step() for _ in range(20)] for step in steps]
        np.testing.assert_allclose(losses[0], losses[1], rtol=1e-4)
        plain = in_plain_numpy(weights, x, labels)
        hand = lambda w=weights, x=x, y=labels: loss_and_gradients(w, x, y)
        for ours, theirs in zip(plain()[1], hand()[1], strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-6)
        name = "x".join(map(str, sizes))
        print(header(f"softmax classifier {name}, float32", "NumPy"))
        pair = ratio(plain, hand, seconds=4)
        print(line("loss and gradients, value_and_grad", *pair, targets[0], unit))
        print(line("training step through nn", *ratio(*steps, seconds=4), targets[1], unit))
        if importlib.util.find_spec("torch") is None:
            print("PyTorch is not installed here, nothing to compare with")
            continue
        pair = ratio(plain, in_pytorch(weights, x, labels), seconds=4)
        print(line("loss and gradients beside PyTorch", *pair, targets[2], unit))


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
