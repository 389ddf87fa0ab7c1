"""The gradient of each example of a mini-batch by itself."""

from __future__ import annotations

from functools import partial
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
from benchmarks.works.classifier import mygrad_loss, network, our_loss, plain_loss

LOOP = variant("in a loop")


def by_hand(weights: Any, x: Any, labels: Any) -> Step:
    w1, b1, w2, b2 = weights
    rows = np.arange(len(x))

    def step() -> Any:
        h = np.tanh(x @ w1 + b1)
        z = h @ w2 + b2
        z -= z.max(axis=1, keepdims=True)
        p = np.exp(z)
        p /= p.sum(axis=1, keepdims=True)
        p[rows, labels] -= 1
        dz = (p @ w2.T) * (1 - h * h)
        return [x[:, :, None] * dz[:, None, :], dz, h[:, :, None] * p[:, None, :], p]

    return step


def one_example(loss: Any) -> Any:
    """The loss of one example: a mini-batch of one."""
    return lambda weights, x, label: loss(weights, x[None], label[None])


def ours(weights: Any, x: Any, labels: Any, compiled: bool = False) -> Step:
    from autograd import grad, vmap

    f = vmap(grad(one_example(our_loss)), in_axes=(None, 0, 0))
    if compiled:
        from autograd import compile

        f = compile(f)
    return partial(f, weights, x, labels)


def looped(f: Any, weights: Any, x: Any, labels: Any) -> Step:
    def step() -> Any:
        each = [f(weights, x[i : i + 1], labels[i : i + 1]) for i in range(len(x))]
        return [np.stack(parts) for parts in zip(*each, strict=True)]

    return step


def ours_looped(weights: Any, x: Any, labels: Any) -> Step:
    from autograd import grad

    return looped(grad(our_loss), weights, x, labels)


def hips(weights: Any, x: Any, labels: Any) -> Step:
    import autograd.numpy as anp
    from autograd import grad

    return looped(grad(partial(plain_loss, anp)), weights, x, labels)


def mygrad_(weights: Any, x: Any, labels: Any) -> Step:
    import mygrad

    def gradients(weights: Any, x: Any, labels: Any) -> Any:
        tensors = [mygrad.tensor(w) for w in weights]
        mygrad_loss(tensors, x, labels).backward()
        return [t.grad for t in tensors]

    return looped(gradients, weights, x, labels)


def torch_(weights: Any, x: Any, labels: Any) -> Step:
    import torch
    from torch.func import grad, vmap

    def loss(weights: Any, x: Any, label: Any) -> Any:
        w1, b1, w2, b2 = weights
        z = torch.tanh(x @ w1 + b1) @ w2 + b2
        return torch.nn.functional.cross_entropy(z[None], label[None])

    tensors = tuple(map(torch.tensor, weights))
    f = vmap(grad(loss), in_dims=(None, 0, 0))
    return partial(f, tensors, torch.tensor(x), torch.tensor(labels))


def jax_(weights: Any, x: Any, labels: Any, jit: bool = False) -> Step:
    import jax

    from benchmarks.works.classifier import jax_loss

    f = jax.vmap(jax.grad(one_example(jax_loss)), in_axes=(None, 0, 0))
    return partial(jax.jit(f) if jit else f, *jax.device_put((weights, x, labels)))


WORKS = (
    Work(
        name="per-example",
        title="per-example gradients of the softmax classifier 32x32x32x10",
        outputs="the gradients alone",
        dtype="float32",
        problem=partial(network, 32, 32, 32, 10),
        by={
            HAND: by_hand,
            EAGER: ours,
            LOOP: ours_looped,
            COMPILED: partial(ours, compiled=True),
            HIPS: hips,
            MYGRAD: mygrad_,
            TORCH: torch_,
            JAX: jax_,
            JIT: partial(jax_, jit=True),
        },
        without={MICROGRAD: "has numbers only, no arrays"},
        tolerance=1e-4,
    ),
)
