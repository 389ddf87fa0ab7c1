"""Arrays that are filled by writing into them, beside a list and one call that stacks it."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy

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

LIST = variant("with a list")
FACTOR = 0.999
NO_WRITING = {
    MICROGRAD: "has numbers only, no arrays",
    HIPS: "arrays cannot be written into",
    JAX: "arrays cannot be written into, and one `.at[i].set` after another is quadratic",
}


def written(np: Any, a: Any, count: int) -> Any:
    """u[i] = 0.999 u[i - 1] + a, then the sum of squares."""
    u = np.zeros(count, dtype="float64")
    u[0] = a
    for i in range(1, count):
        u[i] = u[i - 1] * FACTOR + a
    return np.sum(u * u)


def listed(a: Any, count: int) -> Any:
    """The same with a list that is stacked."""
    u = [a]
    for _ in range(1, count):
        u.append(u[-1] * FACTOR + a)
    s = numpy.stack(u)
    return numpy.sum(s * s)


def rows_written(np: Any, x: Any, count: int) -> Any:
    """h[t] = tanh(0.9 h[t - 1] + x), rows of an array."""
    h = np.zeros((count, len(x)), dtype="float64")
    h[0] = x
    for t in range(1, count):
        h[t] = np.tanh(h[t - 1] * 0.9 + x)
    return np.sum(h)


def rows_listed(x: Any, count: int) -> Any:
    h = [x]
    for _ in range(1, count):
        h.append(numpy.tanh(h[-1] * 0.9 + x))
    return numpy.sum(numpy.stack(h))


def by_hand(a: Any, count: int) -> Step:
    """The recurrence and its adjoint, number by number."""

    def step() -> Any:
        u = [a]
        for _ in range(1, count):
            u.append(u[-1] * FACTOR + a)
        g = total = 0.0
        for value in reversed(u):
            g = g * FACTOR + 2 * value
            total += g
        return float(numpy.dot(u, u)), total

    return step


def rows_by_hand(x: Any, count: int) -> Step:
    def step() -> Any:
        h = numpy.zeros((count, len(x)))
        h[0] = x
        for t in range(1, count):
            h[t] = numpy.tanh(h[t - 1] * 0.9 + x)
        g, total = numpy.ones(len(x)), numpy.zeros(len(x))
        for t in range(count - 1, 0, -1):
            d = g * (1 - h[t] * h[t])
            total += d
            g = 1 + 0.9 * d
        return h.sum(), total + g

    return step


def ours(x: Any, count: int, f: Any) -> Step:
    import autograd.numpy as np
    from autograd import value_and_grad

    return partial(value_and_grad(partial(f, np)), x, count)


def ours_listed(x: Any, count: int, f: Any) -> Step:
    from autograd import value_and_grad

    return partial(value_and_grad(f), x, count)


def second_order(a: Any, count: int, f: Any) -> Step:
    from autograd import grad

    if f is written:
        import autograd.numpy as np

        f = partial(written, np)
    return partial(grad(grad(f)), a, count)


def second_by_hand(a: Any, count: int) -> Step:
    """u is linear in a, so the second derivative is twice the sum of squares of du/da."""

    def step() -> Any:
        slope, total = 1.0, 1.0
        for _ in range(1, count):
            slope = slope * FACTOR + 1.0
            total += slope * slope
        return 2 * total

    return step


def compiled(x: Any, count: int, f: Any) -> Step:
    import autograd.numpy as np
    from autograd import compile, value_and_grad

    both = value_and_grad(partial(f, np))
    return partial(compile(lambda x: both(x, count)), x)


def backward(package: Any, array: Any, x: Any, count: int, f: Any) -> Step:
    """For packages whose arrays can be written into."""

    def step() -> Any:
        v = array(x)
        y = f(package, v, count)
        y.backward()
        return y, v.grad

    return step


def mygrad_(x: Any, count: int, f: Any) -> Step:
    import mygrad

    return backward(mygrad, mygrad.tensor, x, count, f)


def torch_(x: Any, count: int, f: Any) -> Step:
    """PyTorch's zeros are float32 unless told."""
    import torch

    torch.set_default_dtype(torch.float64)
    return backward(torch, partial(torch.tensor, requires_grad=True), x, count, written_apart)


def written_apart(np: Any, a: Any, count: int) -> Any:
    """What PyTorch takes: a slice that is multiplied must not be written later, hence clones."""
    u = np.zeros(count)
    u[0] = last = a
    for i in range(1, count):
        last = last * FACTOR + a
        u[i] = last
    return np.sum(u * u)


def jit(a: Any, count: int) -> Step:
    """A loop of JAX's, which needs to know its length."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def f(a: Any) -> Any:
        def body(i: Any, u: Any) -> Any:
            return u.at[i].set(u[i - 1] * FACTOR + a)

        u = jax.lax.fori_loop(1, count, body, jnp.zeros(count).at[0].set(a))
        return jnp.sum(u * u)

    return partial(jax.jit(jax.value_and_grad(f)), a)


def number(count: int) -> tuple[float, int]:
    return 0.5, count


def row(count: int) -> tuple[Any, int]:
    return numpy.full(50, 0.5), count


SLOW = "not asked: see the 1,000 writes"
OTHERS = (COMPILED, MYGRAD, TORCH, JIT)

WORKS = (
    Work(
        name="writes-1000",
        title="1,000 writes u[i] = 0.999 u[i-1] + a (JAX jit by fori_loop)",
        outputs="value and gradient",
        dtype="float64",
        problem=partial(number, 1000),
        by={
            HAND: by_hand,
            EAGER: partial(ours, f=written),
            LIST: partial(ours_listed, f=listed),
            COMPILED: partial(compiled, f=written),
            MYGRAD: partial(mygrad_, f=written),
            TORCH: partial(torch_, f=written),
            JIT: jit,
        },
        without=NO_WRITING,
    ),
    *(
        Work(
            name=f"writes-{count}",
            title=f"{count:,} such writes",
            outputs="value and gradient",
            dtype="float64",
            problem=partial(number, count),
            by={
                HAND: by_hand,
                EAGER: partial(ours, f=written),
                LIST: partial(ours_listed, f=listed),
            },
            without={**NO_WRITING, **dict.fromkeys(OTHERS, SLOW)},
        )
        for count in (2500, 10_000)
    ),
    *(
        Work(
            name=f"writes-{count}-twice",
            title=f"{count:,} such writes, differentiated twice",
            outputs="the second derivative alone",
            dtype="float64",
            problem=partial(number, count),
            by={
                HAND: second_by_hand,
                EAGER: partial(second_order, f=written),
                LIST: partial(second_order, f=listed),
            },
            without={**NO_WRITING, **dict.fromkeys(OTHERS, SLOW)},
        )
        for count in (2500, 10_000)
    ),
    Work(
        name="writes-rows",
        title="500 writes of a row h[t] = tanh(0.9 h[t-1] + x), 50 numbers",
        outputs="value and gradient",
        dtype="float64",
        problem=partial(row, 500),
        by={
            HAND: rows_by_hand,
            EAGER: partial(ours, f=rows_written),
            LIST: partial(ours_listed, f=rows_listed),
            MYGRAD: partial(mygrad_, f=rows_written),
        },
        without={**NO_WRITING, **dict.fromkeys((COMPILED, TORCH, JIT), SLOW)},
    ),
)
