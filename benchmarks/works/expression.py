"""sum(tanh(z) * sin(z) + exp(-z * z)) of arrays from a thousand to ten million numbers."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.work import (
    BY_JAX,
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


def numbers(n: int) -> tuple[Any]:
    return (np.random.default_rng(0).normal(size=n),)


def expression(np: Any, z: Any) -> Any:
    """The function, with the names of one package or another."""
    return np.sum(np.tanh(z) * np.sin(z) + np.exp(-z * z))


def by_hand(z: Any, value: bool) -> Step:
    """Each function is computed once, and serves the value and the derivative."""

    def gradient() -> Any:
        t, s, e = np.tanh(z), np.sin(z), np.exp(-z * z)
        return (1 - t * t) * s + t * np.cos(z) - 2 * z * e

    def both() -> Any:
        t, s, e = np.tanh(z), np.sin(z), np.exp(-z * z)
        return np.sum(t * s + e), (1 - t * t) * s + t * np.cos(z) - 2 * z * e

    return both if value else gradient


def ours(z: Any, value: bool) -> Step:
    from autograd import grad, value_and_grad

    return partial((value_and_grad if value else grad)(partial(expression, np)), z)


def compiled(z: Any, value: bool, backend: str = "numpy") -> Step:
    from autograd import compile, grad, value_and_grad

    f = (value_and_grad if value else grad)(partial(expression, np))
    return partial(compile(f, backend=backend), z)


def hips(z: Any, value: bool) -> Step:
    import autograd.numpy as anp
    from autograd import grad, value_and_grad

    return partial((value_and_grad if value else grad)(partial(expression, anp)), z)


def mygrad_(z: Any, value: bool) -> Step:
    import mygrad

    tensor = mygrad.tensor(z)

    def step() -> Any:
        y = expression(mygrad, tensor)
        y.backward()
        return (y, tensor.grad) if value else tensor.grad

    return step


def torch_(z: Any, value: bool) -> Step:
    import torch

    tensor = torch.tensor(z, requires_grad=True)

    def step() -> Any:
        y = expression(torch, tensor)
        (g,) = torch.autograd.grad(y, tensor)
        return (y, g) if value else g

    return step


def jax_(z: Any, value: bool, jit: bool = False) -> Step:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    f = (jax.value_and_grad if value else jax.grad)(partial(expression, jnp))
    return partial(jax.jit(f) if jit else f, jax.device_put(z))


WORKS = tuple(
    Work(
        name=f"expression-{n:.0e}{'' if value else '-gradient'}".replace("e+0", "e"),
        title=f"sum(tanh(z) sin(z) + exp(-z z)), {n:,} numbers",
        outputs="value and gradient" if value else "gradient",
        dtype="float64",
        problem=partial(numbers, n),
        by={
            contestant: partial(prepare, value=value)
            for contestant, prepare in {
                HAND: by_hand,
                EAGER: ours,
                COMPILED: compiled,
                **({BY_JAX: partial(compiled, backend="jax")} if n == 10**6 else {}),
                HIPS: hips,
                MYGRAD: mygrad_,
                TORCH: torch_,
                JAX: jax_,
                JIT: partial(jax_, jit=True),
            }.items()
        },
        without={MICROGRAD: "has numbers only, no arrays"},
        slow=n == 10**7,
    )
    for value in (True, False)
    for n in (10**3, 10**4, 10**5, 10**6, 10**7)
)
