"""Second derivatives: Hessian, Jacobian, Hessian times vector."""

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

WITHOUT = {MICROGRAD: "has numbers only, no arrays", MYGRAD: "has first derivatives only"}


def matrix(n: int) -> tuple[Any, Any, Any]:
    """A matrix, a point and a direction."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(n, n)) / np.sqrt(n), rng.normal(size=n), rng.normal(size=n)


def energy(np: Any, A: Any, x: Any) -> Any:
    """A function of n numbers whose Hessian is dense."""
    return np.sum(np.tanh(A @ x) ** 2)


def layer(np: Any, A: Any, x: Any) -> Any:
    """n functions of n numbers."""
    return np.tanh(A @ np.sin(x))


# --- by hand --------------------------------------------------------------------------------------
def curvature(A: Any, x: Any) -> Any:
    """The second derivative of tanh(s)**2 at s = A x."""
    t = np.tanh(A @ x)
    d = 1 - t * t
    return 2 * d * (1 - 3 * t * t)


def hessian_by_hand(A: Any, x: Any, v: Any) -> Step:
    return lambda: A.T @ (curvature(A, x)[:, None] * A)


def product_by_hand(A: Any, x: Any, v: Any) -> Step:
    return lambda: A.T @ (curvature(A, x) * (A @ v))


def jacobian_by_hand(A: Any, x: Any, v: Any) -> Step:
    def step() -> Any:
        t = np.tanh(A @ np.sin(x))
        return (1 - t * t)[:, None] * A * np.cos(x)

    return step


# --- valuegrad and HIPS autograd, whose names are the same ----------------------------------------
def ours(A: Any, x: Any, v: Any, what: str, compiled: bool = False) -> Step:
    import autograd

    f = partial(layer if what == "jacobian" else energy, np, A)
    if what == "product":
        g: Any = autograd.hessian_vector_product(f)
        return partial(autograd.compile(g) if compiled else g, x, v)
    g = getattr(autograd, what)(f)
    return partial(autograd.compile(g) if compiled else g, x)


def hips(A: Any, x: Any, v: Any, what: str) -> Step:
    import autograd
    import autograd.numpy as anp

    f = partial(layer if what == "jacobian" else energy, anp, A)
    if what == "product":
        return partial(autograd.hessian_vector_product(f), x, v)
    return partial(getattr(autograd, what)(f), x)


# --- PyTorch and JAX ------------------------------------------------------------------------------
def torch_(A: Any, x: Any, v: Any, what: str) -> Step:
    import torch
    from torch.func import grad, hessian, jacrev, jvp

    matrix, point, direction = map(torch.tensor, (A, x, v))
    f = partial(layer if what == "jacobian" else energy, torch, matrix)
    if what == "product":
        return lambda: jvp(grad(f), (point,), (direction,))[1]
    return partial({"jacobian": jacrev, "hessian": hessian}[what](f), point)


def jax_(A: Any, x: Any, v: Any, what: str, jit: bool = False) -> Step:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    matrix, point, direction = jax.device_put((A, x, v))
    f = partial(layer if what == "jacobian" else energy, jnp, matrix)
    g: Any = {
        "product": lambda x, v: jax.jvp(jax.grad(f), (x,), (v,))[1],
        "jacobian": lambda x, v: jax.jacrev(f)(x),
        "hessian": lambda x, v: jax.hessian(f)(x),
    }[what]
    return partial(jax.jit(g) if jit else g, point, direction)


def work(what: str, n: int, title: str, hand: Any) -> Work:
    """One of the three, at one size."""
    return Work(
        name=f"{'hessian-vector' if what == 'product' else what}-{n}",
        title=title.format(n=n),
        outputs={"product": "the product alone"}.get(what, "the matrix alone"),
        dtype="float64",
        problem=partial(matrix, n),
        by={
            HAND: hand,
            EAGER: partial(ours, what=what),
            COMPILED: partial(ours, what=what, compiled=True),
            HIPS: partial(hips, what=what),
            TORCH: partial(torch_, what=what),
            JAX: partial(jax_, what=what),
            JIT: partial(jax_, what=what, jit=True),
        },
        without=WITHOUT,
    )


WORKS = (
    *(
        work("hessian", n, "Hessian of sum(tanh(A x)**2), n = {n}", hessian_by_hand)
        for n in (100, 1000)
    ),
    *(
        work("jacobian", n, "Jacobian of tanh(A sin(x)), n = {n}", jacobian_by_hand)
        for n in (100, 1000)
    ),
    *(
        work("product", n, "Hessian times vector of sum(tanh(A x)**2), n = {n}", product_by_hand)
        for n in (100, 1000)
    ),
)
