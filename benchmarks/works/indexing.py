"""A loop over the entries of one array: each index is a node, and its gradient one number."""

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

LIST = variant("of a list")


def numbers(n: int) -> tuple[Any]:
    return (np.linspace(0, 1, n),)


def total(x: Any) -> Any:
    """The sum of x[i] * 0.3, an entry at a time."""
    y: Any = 0.0
    for i in range(len(x)):
        y = y + x[i] * 0.3
    return y


def by_hand(x: Any) -> Step:
    return lambda: (np.sum(x * 0.3), np.full(len(x), 0.3))


def backward(array: Any, x: Any) -> Step:
    """For packages whose arrays have `backward`."""

    def step() -> Any:
        v = array(x)
        y = total(v)
        y.backward()
        return y, v.grad

    return step


def ours(x: Any) -> Step:
    from autograd import Value

    return backward(Value, x)


def of_a_list(x: Any) -> Step:
    """The same sum over Values in a list: what it costs without an index."""
    from autograd import Value

    entries = x.tolist()

    def step() -> Any:
        values = [Value(a) for a in entries]
        y = total(values)
        y.backward()
        return y, [v.grad for v in values]

    return step


def compiled(x: Any) -> Step:
    from autograd import compile, value_and_grad

    return partial(compile(value_and_grad(total)), x)


def mygrad_(x: Any) -> Step:
    import mygrad

    return backward(mygrad.tensor, x)


def hips(x: Any) -> Step:
    from autograd import value_and_grad

    return partial(value_and_grad(total), x)


def torch_(x: Any) -> Step:
    import torch

    return backward(partial(torch.tensor, requires_grad=True), x)


def jax_(x: Any, jit: bool = False) -> Step:
    import jax

    jax.config.update("jax_enable_x64", True)
    f = jax.value_and_grad(total)
    return partial(jax.jit(f) if jit else f, jax.device_put(x))


MANY = "not asked: see 1,000 entries; an array of zeros for each index costs the square"

WORKS = (
    Work(
        name="indexed-1000",
        title="the sum of x[i] * 0.3 over 1,000 entries, in a loop",
        outputs="value and gradient",
        dtype="float64",
        problem=partial(numbers, 1000),
        by={
            HAND: by_hand,
            EAGER: ours,
            LIST: of_a_list,
            COMPILED: compiled,
            HIPS: hips,
            MYGRAD: mygrad_,
            TORCH: torch_,
            JIT: partial(jax_, jit=True),
        },
        without={
            MICROGRAD: "has numbers only, no arrays",
            JAX: "not asked: seconds a call, see 100 products",
        },
    ),
    *(
        Work(
            name=f"indexed-{n}",
            title=f"the same over {n:,} entries",
            outputs="value and gradient",
            dtype="float64",
            problem=partial(numbers, n),
            by={HAND: by_hand, EAGER: ours, LIST: of_a_list},
            without={
                COMPILED: "not asked: see 1,000 entries",
                MICROGRAD: "has numbers only, no arrays",
                **dict.fromkeys((HIPS, MYGRAD, TORCH, JAX, JIT), MANY),
            },
        )
        for n in (20_000, 80_000)
    ),
)
