"""LeNet on a mini-batch of 64 pictures of 28 x 28 points, in float32."""

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
    NN,
    NN_COMPILED,
    TORCH,
    NotAvailableError,
    Step,
    Work,
)

BATCH, SIDE, KERNEL, PAD = 64, 28, 5, 2


def network() -> tuple[Any, Any, Any]:
    """Kernels (out, in, 5, 5) and matrices (in, out), each with its bias; pictures; labels."""
    rng = np.random.default_rng(0)
    kernels = ((6, 1, KERNEL, KERNEL), (16, 6, KERNEL, KERNEL))
    matrices = ((400, 120), (120, 84), (84, 10))
    weights = []
    for shape in (*kernels, *matrices):
        fan, out = (np.prod(shape[1:]), shape[0]) if len(shape) == 4 else shape
        weights += [rng.normal(size=shape) * (2 / fan) ** 0.5, rng.normal(size=out) * 0.1]
    x = rng.normal(size=(BATCH, 1, SIDE, SIDE))
    labels = rng.integers(10, size=BATCH)
    return [w.astype(np.float32) for w in weights], x.astype(np.float32), labels


# --- by hand --------------------------------------------------------------------------------------
QUARTERS = [np.s_[:, i::2, j::2] for i in (0, 1) for j in (0, 1)]
"""Every second point of a picture, from four corners: what a pooling compares."""


def windows(x: Any, w: Any) -> Any:
    """The windows that a kernel sees, a row for each place of the kernel."""
    seen = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(1, 2))
    return seen.reshape(-1, w[0].size), seen.shape[:3]


def convolve(x: Any, w: Any, b: Any) -> Any:
    """The pictures (n, height, width, channels) that a kernel makes, and the windows."""
    rows, shape = windows(x, w)
    return (rows @ w.reshape(len(w), -1).T + b).reshape(*shape, len(w)), rows


def pool(x: Any) -> Any:
    """The largest of each 2 x 2 points."""
    a, b, c, d = (x[quarter] for quarter in QUARTERS)
    return np.maximum(np.maximum(a, b), np.maximum(c, d))


def convolve_back(g: Any, x: Any, w: Any, rows: Any) -> Any:
    """The gradients with respect to kernel and bias, and to the picture, if x is given."""
    n, height, width, c = g.shape
    g = g.reshape(-1, c)
    dw, db, dx = (g.T @ rows).reshape(w.shape), g.sum(0), None
    if x is not None:
        dx = np.zeros_like(x)
        turned = w.transpose(0, 2, 3, 1).reshape(c, -1)
        seen = (g @ turned).reshape(n, height, width, KERNEL, KERNEL, -1)
        for i in range(KERNEL):
            for j in range(KERNEL):
                dx[:, i : i + height, j : j + width] += seen[:, :, :, i, j]
    return dw, db, dx


def pool_back(g: Any, x: Any, y: Any) -> Any:
    """The gradient before a pooling and a relu: y is what came out of both."""
    g, dx = g * (y > 0), np.empty_like(x)
    for quarter in QUARTERS:
        np.multiply(g, x[quarter] == y, out=dx[quarter])
    return dx


def by_hand(weights: Any, x: Any, labels: Any) -> Step:
    k1, c1, k2, c2, w3, b3, w4, b4, w5, b5 = weights
    rows = np.arange(len(x))

    def step() -> Any:
        padded = np.pad(x[:, 0, :, :, None], ((0, 0), (PAD, PAD), (PAD, PAD), (0, 0)))
        a1, seen1 = convolve(padded, k1, c1)
        h1 = np.maximum(pool(a1), 0)
        a2, seen2 = convolve(h1, k2, c2)
        h2 = np.maximum(pool(a2), 0)
        f = h2.transpose(0, 3, 1, 2).reshape(len(x), -1)
        h3 = np.maximum(f @ w3 + b3, 0)
        h4 = np.maximum(h3 @ w4 + b4, 0)
        z = h4 @ w5 + b5
        z -= z.max(axis=1, keepdims=True)
        p = np.exp(z)
        total = p.sum(axis=1, keepdims=True)
        loss = -(z[rows, labels] - np.log(total[:, 0])).mean()
        p /= total
        p[rows, labels] -= 1
        p /= len(x)
        d4 = p @ w5.T * (h4 > 0)
        d3 = d4 @ w4.T * (h3 > 0)
        g2 = (d3 @ w3.T).reshape(len(x), -1, *h2.shape[1:3]).transpose(0, 2, 3, 1)
        dk2, dc2, dh1 = convolve_back(pool_back(g2, a2, h2), h1, k2, seen2)
        dk1, dc1, _ = convolve_back(pool_back(dh1, a1, h1), None, k1, seen1)
        dense = [f.T @ d3, d3.sum(0), h3.T @ d4, d4.sum(0), h4.T @ p, p.sum(0)]
        return loss, [dk1, dc1, dk2, dc2, *dense]

    return step


# --- valuegrad ------------------------------------------------------------------------------------
def our_loss(weights: Any, x: Any, labels: Any) -> Any:
    """The same forward pass in plain NumPy."""
    from nn import cross_entropy_with_logits, relu

    k1, c1, k2, c2, w3, b3, w4, b4, w5, b5 = weights
    padded = np.pad(x[:, 0, :, :, None], ((0, 0), (PAD, PAD), (PAD, PAD), (0, 0)))
    h = relu(pool(convolve(padded, k1, c1)[0]))
    h = relu(pool(convolve(h, k2, c2)[0])).transpose(0, 3, 1, 2).reshape(len(x), -1)
    z = relu(relu(h @ w3 + b3) @ w4 + b4) @ w5 + b5
    return cross_entropy_with_logits(z, labels)


def ours(weights: Any, x: Any, labels: Any, compiled: bool = False) -> Step:
    from autograd import value_and_grad

    f = value_and_grad(our_loss)
    if compiled:
        from autograd import compile

        f = compile(f)
    return partial(f, weights, x, labels)


def model_of(weights: Any) -> Any:
    """The network by layers, with these weights."""
    import nn

    if not hasattr(nn, "Conv2d"):
        raise NotAvailableError("nn has no convolution yet")
    model = nn.Sequential(
        nn.Conv2d(1, 6, KERNEL, padding=PAD, dtype=np.float32),
        nn.relu,
        nn.MaxPool2d(2),
        nn.Conv2d(6, 16, KERNEL, dtype=np.float32),
        nn.relu,
        nn.MaxPool2d(2),
        nn.Flatten(),
        *(nn.Linear(400, 120, dtype=np.float32), nn.relu),
        *(nn.Linear(120, 84, dtype=np.float32), nn.relu),
        nn.Linear(84, 10, dtype=np.float32),
    )
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


def nn_compiled(weights: Any, x: Any, labels: Any) -> Step:
    import nn
    from autograd import compile, value_and_grad

    model = model_of(weights)
    both = compile(
        value_and_grad(lambda model, x, labels: nn.cross_entropy_with_logits(model(x), labels))
    )
    return partial(both, model, x, labels)


# --- the others -----------------------------------------------------------------------------------
def mygrad_(weights: Any, x: Any, labels: Any) -> Step:
    import mygrad
    from mygrad.nnet.activations import relu
    from mygrad.nnet.layers import conv_nd, max_pool
    from mygrad.nnet.losses import softmax_crossentropy

    tensors = [mygrad.tensor(w) for w in weights]
    k1, c1, k2, c2, w3, b3, w4, b4, w5, b5 = tensors

    def step() -> Any:
        h = conv_nd(x, k1, stride=1, padding=PAD) + c1.reshape(1, -1, 1, 1)
        h = max_pool(relu(h), (2, 2), 2)
        h = conv_nd(h, k2, stride=1) + c2.reshape(1, -1, 1, 1)
        h = max_pool(relu(h), (2, 2), 2).reshape(len(x), -1)
        h = relu(mygrad.matmul(relu(mygrad.matmul(h, w3) + b3), w4) + b4)
        loss = softmax_crossentropy(mygrad.matmul(h, w5) + b5, labels)
        loss.backward()
        return loss, [t.grad for t in tensors]

    return step


def torch_(weights: Any, x: Any, labels: Any) -> Step:
    import torch
    from torch.nn import functional

    tensors = [torch.tensor(w, requires_grad=True) for w in weights]
    k1, c1, k2, c2, w3, b3, w4, b4, w5, b5 = tensors
    inputs, targets = torch.tensor(x), torch.tensor(labels)

    def step() -> Any:
        h = functional.max_pool2d(torch.relu(functional.conv2d(inputs, k1, c1, padding=PAD)), 2)
        h = functional.max_pool2d(torch.relu(functional.conv2d(h, k2, c2)), 2).flatten(1)
        h = torch.relu(torch.relu(h @ w3 + b3) @ w4 + b4)
        loss = functional.cross_entropy(h @ w5 + b5, targets)
        return loss, torch.autograd.grad(loss, tensors)

    return step


def jax_loss(weights: Any, x: Any, labels: Any) -> Any:
    import jax
    import jax.numpy as jnp
    from jax import lax

    k1, c1, k2, c2, w3, b3, w4, b4, w5, b5 = weights

    def convolved(x: Any, k: Any, c: Any, pad: int) -> Any:
        y = lax.conv_general_dilated(x, k, (1, 1), ((pad, pad), (pad, pad)))
        y = jax.nn.relu(y + c[:, None, None])
        return lax.reduce_window(y, -jnp.inf, lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")

    h = convolved(convolved(x, k1, c1, PAD), k2, c2, 0).reshape(len(x), -1)
    h = jax.nn.relu(jax.nn.relu(h @ w3 + b3) @ w4 + b4)
    logs = jax.nn.log_softmax(h @ w5 + b5)
    return -logs[jnp.arange(len(labels)), labels].mean()


def jax_(weights: Any, x: Any, labels: Any, jit: bool = False) -> Step:
    import jax

    f = jax.value_and_grad(jax_loss)
    return partial(jax.jit(f) if jit else f, *jax.device_put((weights, x, labels)))


WORKS = (
    Work(
        name="lenet",
        title="LeNet (convolutions 6 and 16 of 5x5, then 120-84-10), 64 pictures of 28x28",
        outputs="loss and gradients",
        dtype="float32",
        problem=network,
        by={
            HAND: by_hand,
            EAGER: ours,
            COMPILED: partial(ours, compiled=True),
            NN: nn_gradients,
            NN_COMPILED: nn_compiled,
            MYGRAD: mygrad_,
            TORCH: torch_,
            JAX: jax_,
            JIT: partial(jax_, jit=True),
        },
        without={
            MICROGRAD: "has numbers only, no arrays",
            HIPS: "has no convolution of mini-batches but a direct one, which takes seconds",
        },
        tolerance=1e-3,
    ),
)
