"""Gradient checks: the answer is 1.0, the check has passed."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.work import (
    COMPILED,
    EAGER,
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

FIRST = variant("first order only")
NONE = {
    COMPILED: "not asked: the checker looks at eager derivatives",
    MICROGRAD: "has no checker",
    MYGRAD: "has no checker among its public functions",
    JIT: "its checker runs eagerly",
}


def square() -> tuple[Any]:
    return (np.random.default_rng(0).normal(size=(10, 10)),)


def tall() -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(784, 512)), rng.normal(size=(512, 10)) / 20


def ours(a: Any, **options: Any) -> Step:
    from autograd import gradcheck

    return lambda: float(bool(gradcheck(lambda a: np.tanh(a @ a), a, progress=False, **options)))


def ours_tall(x: Any, w: Any) -> Step:
    from autograd import gradcheck

    return lambda: float(bool(gradcheck(lambda x: np.tanh(x @ w), x, progress=False)))


def hips(a: Any) -> Step:
    from autograd.test_util import check_grads

    import autograd.numpy as anp

    check = check_grads(lambda a: anp.tanh(anp.dot(a, a)), modes=["rev"], order=1)

    def step() -> float:
        check(a)  # raises where the gradient is wrong
        return 1.0

    return step


def torch_(a: Any) -> Step:
    import torch

    t = torch.tensor(a, requires_grad=True)
    return lambda: float(torch.autograd.gradcheck(lambda a: torch.tanh(a @ a), (t,)))


def jax_(a: Any) -> Step:
    import jax
    import jax.numpy as jnp
    from jax.test_util import check_grads

    jax.config.update("jax_enable_x64", True)

    def step() -> float:
        check_grads(lambda a: jnp.tanh(a @ a), (a,), 1, ["rev"])
        return 1.0

    return step


WORKS = (
    Work(
        name="gradcheck",
        title="gradient check of tanh(a @ a), 10x10 (HIPS autograd and JAX: one random direction)",
        outputs="passed",
        dtype="float64",
        problem=square,
        by={
            EAGER: ours,
            FIRST: partial(ours, order=1, points=False),
            HIPS: hips,
            TORCH: torch_,
            JAX: jax_,
        },
        without=NONE,
    ),
    Work(
        name="gradcheck-large",
        title="gradient check of tanh(x @ w), x 784x512: 401,408 entries",
        outputs="passed",
        dtype="float64",
        problem=tall,
        by={EAGER: ours_tall},
        without={
            **NONE,
            HIPS: "not asked: checks random directions only",
            TORCH: "not asked: its Jacobian has 3 billion entries",
            JAX: "not asked: checks random directions only",
        },
        slow=True,
    ),
)
