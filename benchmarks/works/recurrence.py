"""A thousand steps h = tanh(h @ W + x[t]), differentiated through all of them."""

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
)

STEPS, WIDTH = 1000, 32


def problem() -> tuple[Any, Any, Any]:
    """The matrix, the first state and the inputs."""
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(WIDTH, WIDTH)) * 0.9 / np.sqrt(WIDTH)
    return matrix, rng.normal(size=WIDTH), rng.normal(size=(STEPS, WIDTH))


def by_hand(W: Any, start: Any, x: Any) -> Step:
    def step() -> Any:
        states = [start]
        for t in range(STEPS):
            states.append(np.tanh(states[-1] @ W + x[t]))
        g, dW = 2 * states[-1], np.zeros_like(W)
        deltas = np.empty((STEPS, WIDTH))
        for t in reversed(range(STEPS)):
            h = states[t + 1]
            deltas[t] = g * (1 - h * h)
            g = W @ deltas[t]
        dW = np.stack(states[:-1]).T @ deltas
        return np.sum(states[-1] ** 2), [dW, g]

    return step


def loss(np: Any, parameters: Any, x: Any) -> Any:
    """The sum of squares of the last state."""
    W, h = parameters
    for t in range(STEPS):
        h = np.tanh(np.matmul(h, W) + x[t])
    return np.sum(h**2)


def ours(W: Any, start: Any, x: Any) -> Step:
    from autograd import value_and_grad

    return partial(value_and_grad(partial(loss, np)), [W, start], x)


def compiled(W: Any, start: Any, x: Any) -> Step:
    from autograd import compile, value_and_grad

    return partial(compile(value_and_grad(partial(loss, np))), [W, start], x)


def hips(W: Any, start: Any, x: Any) -> Step:
    import autograd.numpy as anp
    from autograd import value_and_grad

    return partial(value_and_grad(partial(loss, anp)), [W, start], x)


def mygrad_(W: Any, start: Any, x: Any) -> Step:
    import mygrad

    tensors = [mygrad.tensor(W), mygrad.tensor(start)]

    def step() -> Any:
        y = loss(mygrad, tensors, x)
        y.backward()
        return y, [t.grad for t in tensors]

    return step


def torch_(W: Any, start: Any, x: Any) -> Step:
    import torch

    tensors = [torch.tensor(a, requires_grad=True) for a in (W, start)]
    inputs = torch.tensor(x)

    def step() -> Any:
        y = loss(torch, tensors, inputs)
        return y, torch.autograd.grad(y, tensors)

    return step


def jax_(W: Any, start: Any, x: Any, jit: bool = False) -> Step:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def scanned(parameters: Any, x: Any) -> Any:
        W, h = parameters
        last, _ = jax.lax.scan(lambda h, xt: (jnp.tanh(h @ W + xt), None), h, x)
        return jnp.sum(last**2)

    f = jax.value_and_grad(scanned if jit else partial(loss, jnp))
    return partial(jax.jit(f) if jit else f, *jax.device_put(([W, start], x)))


WORKS = (
    Work(
        name="recurrence",
        title="1,000 steps h = tanh(h @ W + x[t]), 32 numbers (JAX jit by lax.scan)",
        outputs="value and gradients",
        dtype="float64",
        problem=problem,
        by={
            HAND: by_hand,
            EAGER: ours,
            COMPILED: compiled,
            HIPS: hips,
            MYGRAD: mygrad_,
            TORCH: torch_,
            JAX: jax_,
            JIT: partial(jax_, jit=True),
        },
        without={MICROGRAD: "has numbers only, no arrays"},
    ),
)
