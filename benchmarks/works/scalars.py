"""Graphs of Python numbers: a chain of products, a scalar network, a million nodes."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.work import (
    COMPILED,
    EAGER,
    HAND,
    HIPS,
    JAX,
    JIT,
    MICROGRAD,
    MYGRAD,
    TORCH,
    Step,
    Work,
    variant,
)

COUNT, FACTOR = 100, 1.01
GRAD = variant("grad")


# --- a hundred products by a constant -------------------------------------------------------------
def products(y: Any) -> Any:
    """The function: y times a constant, a hundred times over."""
    for _ in range(COUNT):
        y = y * FACTOR
    return y


def start() -> tuple[float]:
    return (0.5,)


def products_by_hand(y: float) -> Step:
    def step() -> Any:
        x, g = y, 1.0
        for _ in range(COUNT):
            x = x * FACTOR
        for _ in range(COUNT):
            g = g * FACTOR
        return x, g

    return step


def products_backward(Value: Any, y: float) -> Step:
    def step() -> Any:
        x = Value(y)
        out = products(x)
        out.backward()
        return out, x.grad

    return step


def products_ours(y: float) -> Step:
    from autograd import Value

    return products_backward(Value, y)


def products_micrograd(y: float) -> Step:
    from micrograd.engine import Value

    return products_backward(Value, y)


def products_mygrad(y: float) -> Step:
    import mygrad

    return products_backward(mygrad.tensor, y)


def products_torch(y: float) -> Step:
    import torch

    return products_backward(partial(torch.tensor, dtype=torch.float64, requires_grad=True), y)


def products_grad(y: float) -> Step:
    """Ours, and with the other package on the path HIPS autograd's: their names are the same."""
    from autograd import value_and_grad

    return partial(value_and_grad(products), y)


def products_compiled(y: float) -> Step:
    from autograd import compile, value_and_grad

    return partial(compile(value_and_grad(products)), y)


def products_jax(y: float, jit: bool = False) -> Step:
    import jax

    jax.config.update("jax_enable_x64", True)
    f = jax.value_and_grad(products)
    return partial(jax.jit(f) if jit else f, y)


PRODUCTS = Work(
    name="products",
    title="100 products by a constant",
    outputs="value and gradient",
    dtype="float64",
    problem=start,
    by={
        HAND: products_by_hand,
        EAGER: products_ours,
        GRAD: products_grad,
        COMPILED: products_compiled,
        MICROGRAD: products_micrograd,
        HIPS: products_grad,
        MYGRAD: products_mygrad,
        TORCH: products_torch,
        JAX: products_jax,
        JIT: partial(products_jax, jit=True),
    },
)


# --- a scalar network on two moons ----------------------------------------------------------------
RATE = 0.001
SIZES = (2, 16, 16, 1)


def moons() -> tuple[list[list[float]], list[float], list[float]]:
    """Twenty points of two moons, their signs, and the weights: of each neuron, then its bias."""
    angle = np.linspace(0, np.pi, 10)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    points = np.concatenate([upper, np.array([1.0, 0.5]) - upper]).tolist()
    rng = np.random.default_rng(0)
    count = sum((a + 1) * b for a, b in pairwise(SIZES))
    return points, [1.0] * 10 + [-1.0] * 10, rng.uniform(-1, 1, count).tolist()


def moons_step(Value: Any, model: Any, points: Any, signs: Any, weights: list[float]) -> Step:
    """A step as micrograd's demo writes it; the models have the same interface."""
    parameters = model.parameters()
    for parameter, w in zip(parameters, weights, strict=True):
        parameter.data = w

    def step() -> Any:
        scores = [model([Value(a) for a in point]) for point in points]
        losses = [(1 + -sign * score).relu() for sign, score in zip(signs, scores, strict=True)]
        loss = sum(losses[1:], losses[0]) * (1.0 / len(losses))
        model.zero_grad()
        loss.backward()
        for p in parameters:
            p.data -= RATE * p.grad
        return loss, [p.data for p in parameters]

    return step


def moons_ours(points: Any, signs: Any, weights: list[float]) -> Step:
    import nn
    from autograd import Value

    return moons_step(Value, nn.MLP(SIZES[0], list(SIZES[1:])), points, signs, weights)


def moons_micrograd(points: Any, signs: Any, weights: list[float]) -> Step:
    from micrograd import nn
    from micrograd.engine import Value

    return moons_step(Value, nn.MLP(SIZES[0], list(SIZES[1:])), points, signs, weights)


def moons_loss(relu: Any, weights: Any, points: Any, signs: Any) -> Any:
    """The same loss as a function of a flat list of weights."""
    total: Any = 0.0
    for point, sign in zip(points, signs, strict=True):
        x, place = point, 0
        for a, b in pairwise(SIZES):
            outputs = []
            for _ in range(b):
                s = weights[place + a]
                for w, xi in zip(weights[place : place + a], x, strict=True):
                    s = s + w * xi
                outputs.append(relu(s) if b != 1 else s)
                place += a + 1
            x = outputs
        total = total + relu(1 + -sign * x[0])
    return total * (1.0 / len(points))


def moons_compiled(points: Any, signs: Any, weights: list[float]) -> Step:
    from autograd import compile, relu, value_and_grad

    loss = partial(moons_loss, relu)

    @compile
    def update(weights: Any) -> Any:
        value, gradient = value_and_grad(loss)(weights, points, signs)
        return value, [w - RATE * g for w, g in zip(weights, gradient, strict=True)]

    return carrying(update, weights)


def carrying(update: Any, weights: Any) -> Step:
    """A step that hands the new weights of one call to the next one."""

    def step() -> Any:
        nonlocal weights
        loss, weights = update(weights)
        return loss, weights

    return step


def moons_hips(points: Any, signs: Any, weights: list[float]) -> Step:
    import autograd.numpy as np
    from autograd import value_and_grad

    both = value_and_grad(partial(moons_loss, lambda s: np.maximum(s, 0.0)))

    def update(weights: Any) -> Any:
        value, gradient = both(weights, points, signs)
        return value, [w - RATE * g for w, g in zip(weights, gradient, strict=True)]

    return carrying(update, weights)


def moons_torch(points: Any, signs: Any, weights: list[float]) -> Step:
    import torch

    number = partial(torch.tensor, dtype=torch.float64)
    tensors = [number(w, requires_grad=True) for w in weights]

    def step() -> Any:
        loss = moons_loss(torch.relu, tensors, points, signs)
        gradient = torch.autograd.grad(loss, tensors)
        with torch.no_grad():
            for w, g in zip(tensors, gradient, strict=True):
                w -= RATE * g
        return loss, tensors

    return step


def moons_by_hand(points: Any, signs: Any, weights: list[float]) -> Step:
    """The network as it is usually written: matrices instead of neurons."""
    x, s = np.array(points), np.array(signs)
    blocks, place = [], 0
    for a, b in pairwise(SIZES):
        blocks.append(np.array(weights[place : place + (a + 1) * b]).reshape(b, a + 1).T.copy())
        place += (a + 1) * b
    (w1, b1), (w2, b2), (w3, b3) = [(m[:-1], m[-1]) for m in blocks]

    def step() -> Any:
        h1 = np.maximum(x @ w1 + b1, 0)
        h2 = np.maximum(h1 @ w2 + b2, 0)
        margins = np.maximum(1 - s * (h2 @ w3 + b3)[:, 0], 0)
        loss = margins.mean()
        d3 = np.where(margins > 0, -s, 0.0)[:, None] / len(s)
        d2 = d3 @ w3.T * (h2 > 0)
        d1 = d2 @ w2.T * (h1 > 0)
        for w, b, h, d in ((w3, b3, h2, d3), (w2, b2, h1, d2), (w1, b1, x, d1)):
            w -= RATE * (h.T @ d)
            b -= RATE * d.sum(0)
        return loss, [m.T.ravel() for m in blocks]

    return step


MOONS = Work(
    name="moons",
    title="two moons, a scalar MLP 2-16-16-1 on 20 points (13,557 nodes), a training step",
    outputs="loss and new weights",
    dtype="float64",
    problem=moons,
    by={
        HAND: moons_by_hand,
        EAGER: moons_ours,
        COMPILED: moons_compiled,
        MICROGRAD: moons_micrograd,
        HIPS: moons_hips,
        TORCH: moons_torch,
    },
    without={
        MYGRAD: "not asked: its scalars are timed at 100 products",
        JAX: "not asked: more than a second a step, see 100 products",
        JIT: "not asked: compiling 13,557 operations on numbers takes a minute",
    },
)


# --- a wide graph of many nodes -------------------------------------------------------------------
NODES = 1_000_000


def sizes(nodes: int) -> tuple[int]:
    return (nodes,)


def wide(Value: Any, relu: Any, nodes: int) -> Step:
    """About so many nodes of the operations that micrograd has; not deep, since it recurses.

    The answer holds the graph.
    """

    def step() -> Any:
        inputs = [Value(0.01 * (i % 50) + 0.1) for i in range(nodes // 6)]
        layer = [relu(x * 1.5 + 0.25) * x + x**2 for x in inputs]
        while len(layer) > 1:
            rest = layer[len(layer) & ~1 :]
            layer = [layer[i] + layer[i + 1] for i in range(0, len(layer) - 1, 2)] + rest
        layer[0].backward()
        return layer[0], [x.grad for x in inputs[:100]]

    return step


def wide_ours(nodes: int) -> Step:
    from autograd import Value

    return wide(Value, Value.relu, nodes)


def wide_micrograd(nodes: int) -> Step:
    from micrograd.engine import Value

    return wide(Value, Value.relu, nodes)


def wide_torch(nodes: int) -> Step:
    import torch

    return wide(partial(torch.tensor, dtype=torch.float64, requires_grad=True), torch.relu, nodes)


def wide_by_hand(nodes: int) -> Step:
    """The same numbers in arrays."""

    def step() -> Any:
        x = 0.01 * (np.arange(nodes // 6) % 50) + 0.1
        inner = np.maximum(x * 1.5 + 0.25, 0)
        gradient = inner + x * 1.5 * (inner > 0) + 2 * x
        return (inner * x + x**2).sum(), gradient[:100]

    return step


WIDE = [
    Work(
        name=f"graph-{nodes}",
        title=f"a wide graph of about {nodes:,} scalar nodes, forward and backward",
        outputs="value and gradients",
        dtype="float64",
        problem=partial(sizes, nodes),
        by={
            HAND: wide_by_hand,
            EAGER: wide_ours,
            MICROGRAD: wide_micrograd,
            **({TORCH: wide_torch} if nodes < NODES else {}),
        },
        without={
            COMPILED: "a compiled function keeps no graph",
            HIPS: "not asked: 12 s a call, see 100 products",
            MYGRAD: "not asked: 14 s a call, see 100 products",
            JAX: "not asked: minutes a call, see 100 products",
            JIT: "not asked: a compiled function keeps no graph",
            **({TORCH: "not asked: 15 s a call, see 60,000 nodes"} if nodes == NODES else {}),
        },
        nodes=nodes,
        slow=nodes == NODES,
    )
    for nodes in (60_000, NODES)
]

WORKS = (PRODUCTS, MOONS, *WIDE)
