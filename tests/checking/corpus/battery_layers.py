"""Layers: affine, normalisations, attention, embeddings, convolutions, pooling, recurrences."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.checking.corpus.battery import draw, pair, sigmoid, softmax_rows, softmax_rows_vjp

R = draw(2)
X, W, B = R.normal(size=(4, 3)), R.normal(size=(3, 5)), R.normal(size=5)

pair(
    "affine",
    lambda x, w, b: x @ w + b,
    (X, W, B),
    lambda g, x, w, b: (g @ w.T, x.T @ g, g.sum(0)),
    bias_mean=(lambda g, x, w, b: (g @ w.T, x.T @ g, g.mean(0)), "factor"),
    bias_one=(lambda g, x, w, b: (g @ w.T, x.T @ g, g[0]), "broadcast"),
    batch_mean=(lambda g, x, w, b: (g @ w.T, x.T @ g / len(x), g.sum(0)), "factor"),
    bias_unsummed=lambda g, x, w, b: (g @ w.T, x.T @ g, g),
    weight_transposed=lambda g, x, w, b: (g @ w.T, (g.T @ x), g.sum(0)),
    x_lost=(lambda g, x, w, b: (0 * x, x.T @ g, g.sum(0)), "not propagated"),
)
S = R.normal(size=(3, 3))
pair(
    "square weight",
    lambda x, w: x @ w,
    (X, S),
    lambda g, x, w: (g @ w.T, x.T @ g),
    no_transpose=lambda g, x, w: (g @ w, x.T @ g),
    weight_transposed=(lambda g, x, w: (g @ w.T, g.T @ x), "transposed"),
)
H, V = R.normal(size=(4, 6)), R.normal(size=(6, 2))
pair(
    "two layers",
    lambda x, w, v: np.tanh(x @ w) @ v,
    (X, W[:, :4], R.normal(size=(4, 2))),
    lambda g, x, w, v: (
        ((g @ v.T) * (1 - np.tanh(x @ w) ** 2)) @ w.T,
        x.T @ ((g @ v.T) * (1 - np.tanh(x @ w) ** 2)),
        np.tanh(x @ w).T @ g,
    ),
    no_tanh=lambda g, x, w, v: ((g @ v.T) @ w.T, x.T @ (g @ v.T), np.tanh(x @ w).T @ g),
    preactivation=lambda g, x, w, v: (
        ((g @ v.T) * (1 - (x @ w) ** 2)) @ w.T,
        x.T @ ((g @ v.T) * (1 - (x @ w) ** 2)),
        np.tanh(x @ w).T @ g,
    ),
)


def norm_of(x: Any, axis: int) -> tuple[Any, Any]:
    s = np.sqrt(x.var(axis, keepdims=True) + 1e-5)
    return (x - x.mean(axis, keepdims=True)) / s, s


def norm_vjp(g: Any, x: Any, axis: int, mean: bool = True, var: bool = True) -> Any:
    h, s = norm_of(x, axis)
    c = g - mean * g.mean(axis, keepdims=True)
    return (c - var * h * (g * h).mean(axis, keepdims=True)) / s


for kind, ax in (("layer norm", -1), ("batch norm", 0)):
    pair(
        kind,
        lambda x, a, b, ax=ax: norm_of(x, ax)[0] * a + b,
        (X, 1 + 0.1 * R.normal(size=3), R.normal(size=3)),
        lambda g, x, a, b, ax=ax: (
            norm_vjp(g * a, x, ax),
            (g * norm_of(x, ax)[0]).sum(0),
            g.sum(0),
        ),
        no_mean_term=lambda g, x, a, b, ax=ax: (
            norm_vjp(g * a, x, ax, mean=False),
            (g * norm_of(x, ax)[0]).sum(0),
            g.sum(0),
        ),
        no_variance_term=lambda g, x, a, b, ax=ax: (
            norm_vjp(g * a, x, ax, var=False),
            (g * norm_of(x, ax)[0]).sum(0),
            g.sum(0),
        ),
        no_scale=lambda g, x, a, b, ax=ax: (
            norm_vjp(g, x, ax),
            (g * norm_of(x, ax)[0]).sum(0),
            g.sum(0),
        ),
        scale_of_input=lambda g, x, a, b, ax=ax: (
            norm_vjp(g * a, x, ax),
            (g * x).sum(0),
            g.sum(0),
        ),
        wrong_axis=lambda g, x, a, b, ax=ax: (
            norm_vjp(g * a, x, -1 - ax),
            (g * norm_of(x, ax)[0]).sum(0),
            g.sum(0),
        ),
    )


def rms(x: Any) -> Any:
    return x / np.sqrt(np.mean(x * x, -1, keepdims=True))


def rms_vjp(g: Any, x: Any) -> Any:
    s = np.sqrt(np.mean(x * x, -1, keepdims=True))
    return g / s - x * np.sum(g * x, -1, keepdims=True) / (x.shape[-1] * s**3)


pair(
    "rms norm",
    rms,
    X,
    rms_vjp,
    first_term=lambda g, x: g / np.sqrt(np.mean(x * x, -1, keepdims=True)),
    no_n=lambda g, x: (
        g / np.sqrt(np.mean(x * x, -1, keepdims=True))
        - x * np.sum(g * x, -1, keepdims=True) / np.sqrt(np.mean(x * x, -1, keepdims=True)) ** 3
    ),
)


def attention(q: Any, k: Any, v: Any) -> Any:
    return softmax_rows(q @ k.T / 2.0) @ v


def attention_vjp(g: Any, q: Any, k: Any, v: Any, scale: float = 0.5, ds: bool = True) -> Any:
    p = softmax_rows(q @ k.T / 2.0)
    dp = softmax_rows_vjp(g @ v.T, p) if ds else (g @ v.T) * p
    return dp @ k * scale, dp.T @ q * scale, p.T @ g


QKV = (R.normal(size=(3, 4)), R.normal(size=(5, 4)), R.normal(size=(5, 2)))
pair(
    "attention",
    attention,
    QKV,
    attention_vjp,
    no_scale=lambda g, q, k, v: attention_vjp(g, q, k, v, 1.0),
    softmax_diagonal=lambda g, q, k, v: attention_vjp(g, q, k, v, ds=False),
    keys_lost=lambda g, q, k, v: (
        attention_vjp(g, q, k, v)[0],
        0 * k,
        attention_vjp(g, q, k, v)[2],
    ),
)
MASK = np.tril(np.ones((3, 3)))


def causal(s: Any) -> Any:
    return softmax_rows(np.where(MASK > 0, s, -1e30))


pair(
    "causal softmax",
    causal,
    S,
    lambda g, s: softmax_rows_vjp(g, causal(s)),
    unmasked=lambda g, s: softmax_rows_vjp(g, softmax_rows(s)),
    mask_transposed=lambda g, s: softmax_rows_vjp(g, causal(s)) * MASK.T,
)
ROWS = np.array([2, 0, 2, 1])


def embed_vjp(g: Any, w: Any) -> Any:
    c = np.zeros_like(w)
    np.add.at(c, ROWS, g)
    return c


def embed_assigned(g: Any, w: Any) -> Any:
    c = np.zeros_like(w)
    c[ROWS] = g
    return c


pair("embedding", lambda w: w[ROWS], R.normal(size=(4, 3)), embed_vjp, assigned=embed_assigned)
KEEP = np.array([1.0, 0, 1, 1, 0])
pair(
    "dropout mask",
    lambda x: x * KEEP / 0.6,
    B,
    lambda g, x: g * KEEP / 0.6,
    unscaled=(lambda g, x: g * KEEP, "factor"),
    unmasked=lambda g, x: g / 0.6,
)


def conv(x: Any, k: Any) -> Any:
    return np.array([np.sum(x[i : i + 3] * k) for i in range(x.size - 2)])


def conv_vjp(g: Any, x: Any, k: Any) -> Any:
    dk = np.array([np.sum(g * x[j : j + g.size]) for j in range(3)])
    return np.convolve(g, k), dk


pair(
    "correlation",
    conv,
    (R.normal(size=8), R.normal(size=3)),
    conv_vjp,
    kernel_flipped=lambda g, x, k: (np.convolve(g, k[::-1]), conv_vjp(g, x, k)[1]),
    kernel_gradient_flipped=lambda g, x, k: (np.convolve(g, k), conv_vjp(g, x, k)[1][::-1]),
    shifted=lambda g, x, k: (np.roll(np.convolve(g, k), 1), conv_vjp(g, x, k)[1]),
)


def maxpool(x: Any) -> Any:
    return x.reshape(2, 2, 2, 2).max((1, 3))


def maxpool_vjp(g: Any, x: Any) -> Any:
    z = x.reshape(2, 2, 2, 2)
    return ((z == z.max((1, 3), keepdims=True)) * g[:, None, :, None]).reshape(x.shape)


pair(
    "max pooling",
    maxpool,
    R.normal(size=(4, 4)),
    maxpool_vjp,
    average=lambda g, x: np.kron(g, np.ones((2, 2))) / 4,
    spread=lambda g, x: np.kron(g, np.ones((2, 2))),
    transposed=(lambda g, x: maxpool_vjp(g, x).T, "transposed"),
)
pair(
    "average pooling",
    lambda x: x.reshape(2, 2, 2, 2).mean((1, 3)),
    R.normal(size=(4, 4)),
    lambda g, x: np.kron(g, np.ones((2, 2))) / 4,
    no_4=(lambda g, x: np.kron(g, np.ones((2, 2))), "factor"),
    tiled=lambda g, x: np.tile(g, (2, 2)) / 4,
)
U = 0.5 * R.normal(size=(3, 3))


def rnn(h: Any, u: Any) -> Any:
    for _ in range(4):
        h = np.tanh(h @ u)
    return h


def rnn_vjp(g: Any, h: Any, u: Any, all_steps: bool = True, last: bool = False) -> Any:
    states = [h]
    for _ in range(4):
        states.append(np.tanh(states[-1] @ u))
    du = np.zeros_like(u)
    for k in range(3, -1, -1):
        d = g * (1 - states[k + 1] ** 2)
        du = du + np.outer(states[k], d) if all_steps else np.outer(states[k], d)
        g = d @ u.T
        if last:
            break
    return g, du


pair(
    "rnn",
    rnn,
    (R.normal(size=3), U),
    rnn_vjp,
    first_step_only=lambda g, h, u: rnn_vjp(g, h, u, all_steps=False),
    truncated=lambda g, h, u: rnn_vjp(g, h, u, last=True),
    no_transpose=lambda g, h, u: (rnn_vjp(g, h, u.T)[0], rnn_vjp(g, h, u)[1]),
)


def gru_like(h: Any, z: Any) -> Any:
    s = sigmoid(z)
    return s * h + (1 - s) * np.tanh(z)


def gru_vjp(g: Any, h: Any, z: Any, sign: float = -1.0, inner: float = 1.0) -> Any:
    s, t = sigmoid(z), np.tanh(z)
    return g * s, g * (s * (1 - s) * (h + sign * t) + inner * (1 - s) * (1 - t * t))


pair(
    "gate",
    gru_like,
    (R.normal(size=4), R.normal(size=4)),
    gru_vjp,
    plus=lambda g, h, z: gru_vjp(g, h, z, 1.0),
    candidate_lost=lambda g, h, z: gru_vjp(g, h, z, inner=0.0),
)
