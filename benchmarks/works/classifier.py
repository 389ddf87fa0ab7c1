"""A softmax classifier with one hidden layer, float32: loss and gradients, and a step."""

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
    NN,
    NN_COMPILED,
    TORCH,
    Step,
    Work,
)

RATE = 1e-4
NUMBERS_ONLY = {MICROGRAD: "has numbers only, no arrays"}


def network(batch: int, n_in: int, hidden: int, n_out: int, dtype: str = "float32") -> Any:
    """The weights, the inputs and the labels."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(batch, n_in)).astype(dtype)
    labels = rng.integers(n_out, size=batch)
    shapes = ((n_in, hidden), (hidden,), (hidden, n_out), (n_out,))
    return [(rng.normal(size=s) * 0.1).astype(dtype) for s in shapes], x, labels


# --- by hand --------------------------------------------------------------------------------------
def gradients_by_hand(weights: Any, x: Any, labels: Any) -> tuple[Any, list[Any]]:
    """The loss and its gradients written out in NumPy."""
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


def by_hand(weights: Any, x: Any, labels: Any) -> Step:
    return partial(gradients_by_hand, weights, x, labels)


def step_by_hand(weights: Any, x: Any, labels: Any) -> Step:
    def step() -> Any:
        loss, gradients = gradients_by_hand(weights, x, labels)
        for w, g in zip(weights, gradients, strict=True):
            w -= RATE * g
        return loss, weights

    return step


# --- in plain NumPy: valuegrad and HIPS autograd --------------------------------------------------
def plain_loss(np: Any, weights: Any, x: Any, labels: Any) -> Any:
    """The loss as one writes it where nothing but NumPy's names is there."""
    w1, b1, w2, b2 = weights
    z = np.tanh(x @ w1 + b1) @ w2 + b2
    z = z - np.max(z, axis=1, keepdims=True)
    logs = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    return -np.mean(logs[np.arange(len(labels)), labels])


def our_loss(weights: Any, x: Any, labels: Any) -> Any:
    """The same with `log_softmax`, which the other packages but HIPS autograd have as well."""
    from autograd import log_softmax

    w1, b1, w2, b2 = weights
    logs = log_softmax(np.tanh(x @ w1 + b1) @ w2 + b2)
    return -logs[np.arange(len(labels)), labels].mean()


def descend(both: Any, weights: Any, x: Any, labels: Any) -> Any:
    """Loss and new weights, as a pure function."""
    loss, gradients = both(weights, x, labels)
    return loss, [w - RATE * g for w, g in zip(weights, gradients, strict=True)]


def carrying(update: Any, weights: Any, *rest: Any) -> Step:
    """A step that hands the new weights of one call to the next one."""

    def step() -> Any:
        nonlocal weights
        loss, weights = update(weights, *rest)
        return loss, weights

    return step


def ours(weights: Any, x: Any, labels: Any) -> Step:
    from autograd import value_and_grad

    return partial(value_and_grad(our_loss), weights, x, labels)


def ours_compiled(weights: Any, x: Any, labels: Any, backend: str = "numpy") -> Step:
    from autograd import compile, value_and_grad

    return partial(compile(value_and_grad(our_loss), backend=backend), weights, x, labels)


def step_ours(weights: Any, x: Any, labels: Any) -> Step:
    from autograd import value_and_grad

    return carrying(partial(descend, value_and_grad(our_loss)), weights, x, labels)


def step_compiled(weights: Any, x: Any, labels: Any) -> Step:
    from autograd import compile, value_and_grad

    update = compile(partial(descend, value_and_grad(our_loss)))
    return carrying(update, weights, x, labels)


def hips(weights: Any, x: Any, labels: Any) -> Step:
    import autograd.numpy as anp
    from autograd import value_and_grad

    return partial(value_and_grad(partial(plain_loss, anp)), weights, x, labels)


def step_hips(weights: Any, x: Any, labels: Any) -> Step:
    import autograd.numpy as anp
    from autograd import value_and_grad

    both = value_and_grad(partial(plain_loss, anp))
    return carrying(partial(descend, both), weights, x, labels)


# --- through nn -----------------------------------------------------------------------------------
def model_of(weights: Any) -> Any:
    """Two layers with these weights."""
    import nn

    first, second = (nn.Linear(*w.shape, dtype=w.dtype) for w in weights[::2])
    model = nn.Sequential(first, nn.tanh, second)
    for parameter, w in zip(model.parameters(), weights, strict=True):
        parameter.data = w
    return model


def nn_gradients(weights: Any, x: Any, labels: Any) -> Step:
    import nn

    model = model_of(weights)
    parameters = model.parameters()

    def step() -> Any:
        loss = nn.cross_entropy_with_logits(model(x), labels)
        model.zero_grad()
        loss.backward()
        return loss, [p.grad for p in parameters]

    return step


def nn_step(weights: Any, x: Any, labels: Any) -> Step:
    import nn

    model = model_of(weights)
    parameters = model.parameters()
    optimiser = nn.SGD(parameters, lr=RATE)

    def step() -> Any:
        loss = nn.cross_entropy_with_logits(model(x), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return loss, [p.data for p in parameters]

    return step


def nn_loss(model: Any, x: Any, labels: Any) -> Any:
    import nn

    return nn.cross_entropy_with_logits(model(x), labels)


def nn_compiled(weights: Any, x: Any, labels: Any) -> Step:
    from autograd import compile, value_and_grad

    return partial(compile(value_and_grad(nn_loss)), model_of(weights), x, labels)


def nn_step_compiled(weights: Any, x: Any, labels: Any) -> Step:
    import nn
    from autograd import compile, value_and_grad
    from benchmarks.work import NotAvailableError

    model = model_of(weights)
    optimiser = nn.SGD(model.parameters(), lr=RATE)
    if not hasattr(optimiser, "init"):
        raise NotAvailableError("the optimisers have no pure update yet")
    both = value_and_grad(nn_loss)

    @compile
    def update(model: Any, state: Any, x: Any, labels: Any) -> Any:
        loss, gradient = both(model, x, labels)
        model, state = optimiser.update(gradient, state, model)
        return loss, model, state

    state = optimiser.init(model)

    def step() -> Any:
        nonlocal model, state
        loss, model, state = update(model, state, x, labels)
        return loss, model

    return step


# --- the others -----------------------------------------------------------------------------------
def mygrad_loss(tensors: Any, x: Any, labels: Any) -> Any:
    import mygrad
    from mygrad.nnet.losses import softmax_crossentropy

    w1, b1, w2, b2 = tensors
    return softmax_crossentropy(
        mygrad.matmul(mygrad.tanh(mygrad.matmul(x, w1) + b1), w2) + b2, labels
    )


def mygrad_(weights: Any, x: Any, labels: Any) -> Step:
    import mygrad

    tensors = [mygrad.tensor(w) for w in weights]

    def step() -> Any:
        loss = mygrad_loss(tensors, x, labels)
        loss.backward()
        return loss, [t.grad for t in tensors]

    return step


def step_mygrad(weights: Any, x: Any, labels: Any) -> Step:
    import mygrad

    tensors = [mygrad.tensor(w) for w in weights]

    def step() -> Any:
        loss = mygrad_loss(tensors, x, labels)
        loss.backward()
        for t in tensors:
            t.data -= RATE * t.grad
        return loss, tensors

    return step


def torch_parts(weights: Any, x: Any, labels: Any) -> Any:
    import torch

    tensors = [torch.tensor(w, requires_grad=True) for w in weights]
    w1, b1, w2, b2 = tensors
    inputs, targets = torch.tensor(x), torch.tensor(labels)

    def loss() -> Any:
        z = torch.tanh(inputs @ w1 + b1) @ w2 + b2
        return torch.nn.functional.cross_entropy(z, targets)

    return torch, tensors, loss


def torch_(weights: Any, x: Any, labels: Any) -> Step:
    torch, tensors, loss_of = torch_parts(weights, x, labels)

    def step() -> Any:
        loss = loss_of()
        return loss, torch.autograd.grad(loss, tensors)

    return step


def step_torch(weights: Any, x: Any, labels: Any) -> Step:
    torch, tensors, loss_of = torch_parts(weights, x, labels)
    optimiser = torch.optim.SGD(tensors, lr=RATE)

    def step() -> Any:
        loss = loss_of()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return loss, tensors

    return step


def jax_loss(weights: Any, x: Any, labels: Any) -> Any:
    import jax
    import jax.numpy as jnp

    w1, b1, w2, b2 = weights
    logs = jax.nn.log_softmax(jnp.tanh(x @ w1 + b1) @ w2 + b2)
    return -logs[jnp.arange(len(labels)), labels].mean()


def jax_(weights: Any, x: Any, labels: Any, jit: bool = False) -> Step:
    import jax

    f = jax.value_and_grad(jax_loss)
    return partial(jax.jit(f) if jit else f, *jax.device_put((weights, x, labels)))


def step_jax(weights: Any, x: Any, labels: Any, jit: bool = False) -> Step:
    import jax

    f = partial(descend, jax.value_and_grad(jax_loss))
    return carrying(jax.jit(f) if jit else f, *jax.device_put((weights, x, labels)))


WORKS = tuple(
    work
    for sizes in ((32, 32, 32, 10), (128, 784, 512, 10))
    for name in ["x".join(map(str, sizes))]
    for work in (
        Work(
            name=f"gradients-{name}",
            title=f"softmax classifier {name}",
            outputs="loss and gradients",
            dtype="float32",
            problem=partial(network, *sizes),
            by={
                HAND: by_hand,
                EAGER: ours,
                COMPILED: ours_compiled,
                BY_JAX: partial(ours_compiled, backend="jax"),
                NN: nn_gradients,
                NN_COMPILED: nn_compiled,
                HIPS: hips,
                MYGRAD: mygrad_,
                TORCH: torch_,
                JAX: jax_,
                JIT: partial(jax_, jit=True),
            },
            without=NUMBERS_ONLY,
            tolerance=1e-4,
        ),
        Work(
            name=f"step-{name}",
            title=f"softmax classifier {name}, a training step",
            outputs="loss and new weights",
            dtype="float32",
            problem=partial(network, *sizes),
            by={
                HAND: step_by_hand,
                EAGER: step_ours,
                COMPILED: step_compiled,
                NN: nn_step,
                NN_COMPILED: nn_step_compiled,
                HIPS: step_hips,
                MYGRAD: step_mygrad,
                TORCH: step_torch,
                JAX: step_jax,
                JIT: partial(step_jax, jit=True),
            },
            without=NUMBERS_ONLY,
            tolerance=1e-4,
        ),
    )
)
