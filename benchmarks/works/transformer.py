"""A small GPT on arrays: root-mean-square norms, causal attention, relu, and no biases."""

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

EPSILON = 1e-5
PER_LAYER = 6


def weights_of(words: int, length: int, width: int, layers: int, dtype: Any) -> list[Any]:
    """Embeddings of words and places; of each layer q, k, v, o and two of its MLP; the head."""
    rng = np.random.default_rng(0)
    block = [(width, width)] * 4 + [(width, 4 * width), (4 * width, width)]
    shapes = [(words, width), (length, width), *block * layers, (width, words)]
    return [(rng.normal(size=s) * s[0] ** -0.5).astype(dtype) for s in shapes]


def gpt(
    batch: int, length: int, words: int, width: int, heads: int, layers: int, dtype: str
) -> tuple[Any, Any, Any, int]:
    """The weights, sequences of words, the next words, and the number of heads."""
    rng = np.random.default_rng(1)
    text = rng.integers(words, size=(batch, length + 1))
    weights = weights_of(words, length, width, layers, np.dtype(dtype))
    return weights, text[:, :-1].copy(), text[:, 1:].copy(), heads


# --- by hand --------------------------------------------------------------------------------------
def normed(x: Any) -> tuple[Any, Any]:
    r = 1 / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + x.dtype.type(EPSILON))
    return x * r, r


def normed_back(g: Any, h: Any, r: Any) -> Any:
    return r * (g - h * np.mean(g * h, axis=-1, keepdims=True))


def transposed(a: Any, g: Any) -> Any:
    """The gradient of a matrix w in a @ w, summed over the sequences."""
    return a.reshape(-1, a.shape[-1]).T @ g.reshape(-1, g.shape[-1])


def softmax_by_hand(z: Any) -> Any:
    p = np.exp(z - z.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    return p


def by_hand(weights: Any, words: Any, following: Any, heads: int) -> Step:
    """Loss and gradients written out; also for numbers, as arrays of one sequence."""
    embed, places, *blocks, head = weights
    layers = [blocks[i : i + PER_LAYER] for i in range(0, len(blocks), PER_LAYER)]
    batch, length = words.shape
    width = embed.shape[1]
    scale = embed.dtype.type((width // heads) ** -0.5)
    later = np.triu(np.full((length, length), -np.inf, embed.dtype), 1)
    split = lambda a: a.reshape(batch, length, heads, -1).transpose(0, 2, 1, 3)
    join = lambda a: a.transpose(0, 2, 1, 3).reshape(batch, length, width)

    def forward(x: Any, layer: Any) -> Any:
        wq, wk, wv, wo, w1, w2 = layer
        h1, r1 = normed(x)
        q, k, v = split(h1 @ wq), split(h1 @ wk), split(h1 @ wv)
        p = softmax_by_hand(q @ k.swapaxes(-1, -2) * scale + later)
        a = join(p @ v)
        middle = x + a @ wo
        h2, r2 = normed(middle)
        m = np.maximum(h2 @ w1, 0)
        return middle + m @ w2, (h1, r1, q, k, v, p, a, h2, r2, m)

    def backward(g: Any, layer: Any, saved: Any) -> Any:
        wq, wk, wv, wo, w1, w2 = layer
        h1, r1, q, k, v, p, a, h2, r2, m = saved
        du = g @ w2.T * (m > 0)
        d2, d1 = transposed(m, g), transposed(h2, du)
        g = g + normed_back(du @ w1.T, h2, r2)
        do, da = transposed(a, g), split(g @ wo.T)
        dv, dp = p.swapaxes(-1, -2) @ da, da @ v.swapaxes(-1, -2)
        ds = p * (dp - np.sum(dp * p, axis=-1, keepdims=True)) * scale
        dq, dk, dv = join(ds @ k), join(ds.swapaxes(-1, -2) @ q), join(dv)
        dh = dq @ wq.T + dk @ wk.T + dv @ wv.T
        found = [transposed(h1, d) for d in (dq, dk, dv)]
        return g + normed_back(dh, h1, r1), [*found, do, d1, d2]

    def step() -> Any:
        x = embed[words] + places
        saved = []
        for layer in layers:
            x, kept = forward(x, layer)
            saved.append(kept)
        z = x @ head
        z -= z.max(axis=-1, keepdims=True)
        g = np.exp(z)
        total = g.sum(axis=-1, keepdims=True)
        chosen = np.take_along_axis(z, following[..., None], -1)
        loss = np.mean(np.log(total) - chosen)
        g /= total
        g[np.arange(batch)[:, None], np.arange(length), following] -= 1
        g /= batch * length
        d_head = transposed(x, g)
        g = g @ head.T
        found: list[Any] = []
        for layer, kept in zip(reversed(layers), reversed(saved), strict=True):
            g, gradients = backward(g, layer, kept)
            found = gradients + found
        d_embed = np.zeros_like(embed)
        np.add.at(d_embed, words, g)
        return loss, [d_embed, g.sum(0), *found, d_head]

    return step


# --- in NumPy's names: HIPS autograd and JAX ------------------------------------------------------
def loss_in(np: Any, weights: Any, words: Any, following: Any, heads: int, later: Any) -> Any:
    """The loss of the network in the names of NumPy, from either package."""
    embed, places, *blocks, head = weights
    batch, length = words.shape
    width = embed.shape[1]

    def norm(x: Any) -> Any:
        return x / np.sqrt(np.mean(x * x, -1)[..., None] + EPSILON)

    def logs_of(z: Any) -> Any:
        z = z - np.max(z, -1)[..., None]
        return z - np.log(np.sum(np.exp(z), -1)[..., None])

    def split(a: Any) -> Any:
        return np.swapaxes(a.reshape(batch, length, heads, width // heads), 1, 2)

    x = embed[words] + places
    for i in range(0, len(blocks), PER_LAYER):
        wq, wk, wv, wo, w1, w2 = blocks[i : i + PER_LAYER]
        h = norm(x)
        q, k, v = split(h @ wq), split(h @ wk), split(h @ wv)
        scores = q @ np.swapaxes(k, -1, -2) * (width // heads) ** -0.5 + later
        a = np.swapaxes(np.exp(logs_of(scores)) @ v, 1, 2).reshape(batch, length, width)
        x = x + a @ wo
        x = x + np.maximum(norm(x) @ w1, 0) @ w2
    logs = logs_of(x @ head)
    rows = np.arange(batch)[:, None], np.arange(length), following
    return -np.mean(logs[rows])


def mask(length: int, dtype: Any) -> Any:
    """Minus infinity for what comes later."""
    return np.triu(np.full((length, length), -np.inf, dtype), 1)


def ours(weights: Any, words: Any, following: Any, heads: int, compiled: bool = False) -> Step:
    from autograd import relu, softmax, value_and_grad
    from nn import cross_entropy_with_logits

    batch, length = words.shape
    later = mask(length, weights[0].dtype)

    def norm(x: Any) -> Any:
        return x / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + EPSILON)

    def loss(weights: Any, words: Any, following: Any) -> Any:
        embed, places, *blocks, head = weights
        width = embed.shape[1]
        split = lambda a: a.reshape(batch, length, heads, -1).swapaxes(1, 2)
        x = embed[words] + places
        for i in range(0, len(blocks), PER_LAYER):
            wq, wk, wv, wo, w1, w2 = blocks[i : i + PER_LAYER]
            h = norm(x)
            q, k, v = split(h @ wq), split(h @ wk), split(h @ wv)
            p = softmax(q @ k.swapaxes(-1, -2) * (width // heads) ** -0.5 + later)
            x = x + (p @ v).swapaxes(1, 2).reshape(batch, length, width) @ wo
            x = x + relu(norm(x) @ w1) @ w2
        z = (x @ head).reshape(batch * length, -1)
        return cross_entropy_with_logits(z, following.reshape(-1))

    f = value_and_grad(loss)
    if compiled:
        from autograd import compile

        f = compile(f)
    return partial(f, weights, words, following)


def hips(weights: Any, words: Any, following: Any, heads: int) -> Step:
    import autograd.numpy as anp
    from autograd import value_and_grad

    later = mask(words.shape[1], weights[0].dtype)
    loss = lambda w: loss_in(anp, w, words, following, heads, later)
    return partial(value_and_grad(loss), weights)


def jax_(weights: Any, words: Any, following: Any, heads: int, jit: bool = False) -> Step:
    import jax
    import jax.numpy as jnp

    later = mask(words.shape[1], weights[0].dtype)
    f = jax.value_and_grad(lambda w, x, y: loss_in(jnp, w, x, y, heads, later))
    return partial(jax.jit(f) if jit else f, *jax.device_put((weights, words, following)))


def torch_(weights: Any, words: Any, following: Any, heads: int) -> Step:
    import torch
    from torch.nn import functional

    tensors = [torch.tensor(w, requires_grad=True) for w in weights]
    inputs, targets = torch.tensor(words), torch.tensor(following)
    batch, length = words.shape

    def step() -> Any:
        embed, places, *blocks, head = tensors
        width = embed.shape[1]
        norm = lambda x: functional.rms_norm(x, (width,), eps=EPSILON)
        split = lambda a: a.view(batch, length, heads, -1).transpose(1, 2)
        x = functional.embedding(inputs, embed) + places
        for i in range(0, len(blocks), PER_LAYER):
            wq, wk, wv, wo, w1, w2 = blocks[i : i + PER_LAYER]
            h = norm(x)
            q, k, v = split(h @ wq), split(h @ wk), split(h @ wv)
            a = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + a.transpose(1, 2).reshape(batch, length, width) @ wo
            x = x + torch.relu(norm(x) @ w1) @ w2
        loss = functional.cross_entropy((x @ head).flatten(0, 1), targets.flatten())
        return loss, torch.autograd.grad(loss, tensors)

    return step


WORKS = (
    Work(
        name="gpt",
        title="a GPT of 2 layers, width 64, 4 heads, on 8 sequences of 64 words of 65",
        outputs="loss and gradients",
        dtype="float32",
        problem=partial(gpt, 8, 64, 65, 64, 4, 2, "float32"),
        by={
            HAND: by_hand,
            EAGER: ours,
            COMPILED: partial(ours, compiled=True),
            HIPS: hips,
            TORCH: torch_,
            JAX: jax_,
            JIT: partial(jax_, jit=True),
        },
        without={
            MICROGRAD: "has numbers only, no arrays",
            MYGRAD: "not asked: it has no attention, and its arrays are timed elsewhere",
        },
        tolerance=1e-3,
    ),
)
