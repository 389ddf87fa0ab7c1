"""Updates of 400,000 weights by momentum and by Adam, and an epoch on 1,797 small pictures."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.work import (
    COMPILED,
    HAND,
    HIPS,
    JAX,
    JIT,
    MICROGRAD,
    MYGRAD,
    NN,
    NN_COMPILED,
    TORCH,
    NotAvailableError,
    Step,
    Work,
)
from benchmarks.works.classifier import (
    gradients_by_hand,
    jax_loss,
    model_of,
    network,
    nn_loss,
)

LR, BETAS, EPSILON, MOMENTUM = 1e-3, (0.9, 0.999), 1e-8, 0.9
SHAPES = ((784, 512), (512,), (512, 10), (10,))
BATCH = 32


def parameters() -> tuple[Any, Any]:
    """Weights and their gradients."""
    rng = np.random.default_rng(0)
    draw = lambda: [rng.normal(size=s).astype(np.float32) for s in SHAPES]
    return draw(), draw()


# --- by hand --------------------------------------------------------------------------------------
class AdamByHand:
    """Adam in place, each array with three buffers."""

    def __init__(self, weights: Any) -> None:
        self.slots = [[np.zeros_like(w) for _ in range(3)] for w in weights]
        self.count = 0

    def update(self, weights: Any, gradients: Any) -> None:
        self.count += 1
        b1, b2 = BETAS
        rate = LR / (1 - b1**self.count)
        root = (1 - b2**self.count) ** 0.5
        for w, g, (m, v, t) in zip(weights, gradients, self.slots, strict=True):
            np.multiply(g, 1 - b1, out=t)
            m *= b1
            m += t
            np.multiply(g, g, out=t)
            t *= 1 - b2
            v *= b2
            v += t
            np.sqrt(v, out=t)
            t /= root
            t += EPSILON
            np.divide(m, t, out=t)
            t *= rate
            w -= t


def adam_by_hand(weights: Any, gradients: Any) -> Step:
    adam = AdamByHand(weights)

    def step() -> Any:
        adam.update(weights, gradients)
        return weights

    return step


def momentum_by_hand(weights: Any, gradients: Any) -> Step:
    slots = [[np.zeros_like(w) for _ in range(2)] for w in weights]

    def step() -> Any:
        for w, g, (m, t) in zip(weights, gradients, slots, strict=True):
            m *= MOMENTUM
            m += g
            np.multiply(m, LR, out=t)
            w -= t
        return weights

    return step


# --- valuegrad, PyTorch, JAX ----------------------------------------------------------------------
def ours(weights: Any, gradients: Any, name: str, **options: Any) -> Step:
    import nn
    from autograd import Value

    values = [Value(w) for w in weights]
    for v, g in zip(values, gradients, strict=True):
        v.grad = g
    optimiser = getattr(nn, name)(values, lr=LR, **options)

    def step() -> Any:
        optimiser.step()
        return [v.data for v in values]

    return step


def torch_(weights: Any, gradients: Any, name: str, **options: Any) -> Step:
    import torch

    tensors = [torch.tensor(w, requires_grad=True) for w in weights]
    for t, g in zip(tensors, gradients, strict=True):
        t.grad = torch.tensor(g)
    optimiser = getattr(torch.optim, name)(tensors, lr=LR, **options)

    def step() -> Any:
        optimiser.step()
        return tensors

    return step


def jax_adam(weights: Any, gradients: Any, state: Any) -> Any:
    """Adam as a pure function."""
    import jax
    import jax.numpy as jnp

    count, m, v = state
    count = count + 1
    b1, b2 = BETAS
    m = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, m, gradients)
    v = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g * g, v, gradients)
    change = lambda w, m, v: (
        w - LR * (m / (1 - b1**count)) / (jnp.sqrt(v / (1 - b2**count)) + EPSILON)
    )
    return jax.tree.map(change, weights, m, v), (count, m, v)


def jax_momentum(weights: Any, gradients: Any, m: Any) -> Any:
    import jax

    m = jax.tree.map(lambda m, g: MOMENTUM * m + g, m, gradients)
    return jax.tree.map(lambda w, m: w - LR * m, weights, m), m


def jit(weights: Any, gradients: Any, update: Any) -> Step:
    import jax
    import jax.numpy as jnp

    weights, gradients = jax.device_put((weights, gradients))
    zeros = jax.tree.map(jnp.zeros_like, weights)
    state = (jnp.float32(0), zeros, zeros) if update is jax_adam else zeros
    compiled = jax.jit(update)

    def step() -> Any:
        nonlocal weights, state
        weights, state = compiled(weights, gradients, state)
        return weights

    return step


NO_OPTIMISER = {
    COMPILED: "not asked: an update is part of the compiled training steps",
    MICROGRAD: "has no optimisers",
    HIPS: "has no optimisers but an example's, on one vector",
    MYGRAD: "has no optimisers",
    JAX: "not asked: JAX's users compile their updates",
}


# --- an epoch -------------------------------------------------------------------------------------
def digits() -> tuple[Any, Any, Any]:
    """A classifier 64-128-10, and as many random pictures as scikit-learn's digits."""
    weights, x, labels = network(1797, 64, 128, 10)
    return weights, x, labels


def epoch_of(train: Any, x: Any, labels: Any, weights: Any) -> Step:
    """All mini-batches in order, the last one smaller; the last loss and the weights."""

    def step() -> Any:
        loss = None
        for i in range(0, len(x), BATCH):
            loss = train(x[i : i + BATCH], labels[i : i + BATCH])
        return loss, weights()

    return step


def epoch_by_hand(weights: Any, x: Any, labels: Any) -> Step:
    adam = AdamByHand(weights)

    def train(x: Any, labels: Any) -> Any:
        loss, gradients = gradients_by_hand(weights, x, labels)
        adam.update(weights, gradients)
        return loss

    return epoch_of(train, x, labels, lambda: weights)


def epoch_ours(weights: Any, x: Any, labels: Any) -> Step:
    import nn

    model = model_of(weights)
    values = model.parameters()
    optimiser = nn.Adam(values, lr=LR)

    def train(x: Any, labels: Any) -> Any:
        loss = nn.cross_entropy_with_logits(model(x), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return loss

    return epoch_of(train, x, labels, lambda: [v.data for v in values])


def epoch_compiled(weights: Any, x: Any, labels: Any) -> Step:
    import nn
    from autograd import compile, value_and_grad

    model = model_of(weights)
    optimiser = nn.Adam(model.parameters(), lr=LR)
    if not hasattr(optimiser, "init"):
        raise NotAvailableError("the optimisers have no pure update yet")
    both = value_and_grad(nn_loss)

    @compile
    def update(model: Any, state: Any, x: Any, labels: Any) -> Any:
        loss, gradient = both(model, x, labels)
        model, state = optimiser.update(gradient, state, model)
        return loss, model, state

    state = optimiser.init(model)

    def train(x: Any, labels: Any) -> Any:
        nonlocal model, state
        loss, model, state = update(model, state, x, labels)
        return loss

    return epoch_of(train, x, labels, lambda: model)


def epoch_torch(weights: Any, x: Any, labels: Any) -> Step:
    import torch

    tensors = [torch.tensor(w, requires_grad=True) for w in weights]
    w1, b1, w2, b2 = tensors
    optimiser = torch.optim.Adam(tensors, lr=LR)

    def train(x: Any, labels: Any) -> Any:
        z = torch.tanh(x @ w1 + b1) @ w2 + b2
        loss = torch.nn.functional.cross_entropy(z, labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return loss

    return epoch_of(train, torch.tensor(x), torch.tensor(labels), lambda: tensors)


def epoch_jit(weights: Any, x: Any, labels: Any) -> Step:
    import jax
    import jax.numpy as jnp

    @jax.jit
    def update(weights: Any, state: Any, x: Any, labels: Any) -> Any:
        loss, gradients = jax.value_and_grad(jax_loss)(weights, x, labels)
        return loss, *jax_adam(weights, gradients, state)

    weights = jax.device_put(weights)
    zeros = jax.tree.map(jnp.zeros_like, weights)
    state = jnp.float32(0), zeros, zeros

    def train(x: Any, labels: Any) -> Any:
        nonlocal weights, state
        loss, weights, state = update(weights, state, x, labels)
        return loss

    return epoch_of(train, x, labels, lambda: weights)


WORKS = (
    Work(
        name="momentum",
        title="a step of SGD with momentum on 407,050 weights, gradients given",
        outputs="new weights",
        dtype="float32",
        problem=parameters,
        by={
            HAND: momentum_by_hand,
            NN: partial(ours, name="SGD", momentum=MOMENTUM),
            TORCH: partial(torch_, name="SGD", momentum=MOMENTUM),
            JIT: partial(jit, update=jax_momentum),
        },
        without=NO_OPTIMISER,
        tolerance=1e-5,
    ),
    Work(
        name="adam",
        title="a step of Adam on 407,050 weights, gradients given",
        outputs="new weights",
        dtype="float32",
        problem=parameters,
        by={
            HAND: adam_by_hand,
            NN: partial(ours, name="Adam"),
            TORCH: partial(torch_, name="Adam"),
            JIT: partial(jit, update=jax_adam),
        },
        without=NO_OPTIMISER,
        tolerance=1e-5,
    ),
    Work(
        name="digits-epoch",
        title="an epoch of a classifier 64-128-10 on 1,797 pictures, mini-batches of 32, Adam",
        outputs="last loss and new weights",
        dtype="float32",
        problem=digits,
        by={
            HAND: epoch_by_hand,
            NN: epoch_ours,
            NN_COMPILED: epoch_compiled,
            TORCH: epoch_torch,
            JIT: epoch_jit,
        },
        without=NO_OPTIMISER,
        tolerance=1e-2,
    ),
)
