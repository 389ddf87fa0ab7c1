"""Losses and activations."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.checking.corpus.battery import draw, pair, sigmoid, softmax_rows, softmax_rows_vjp

R = draw(1)
P, T = R.normal(size=(4, 3)), R.normal(size=(4, 3))
Z, LABELS = R.normal(size=(5, 4)), np.array([0, 3, 1, 1, 2])
X = np.array([0.3, -0.7, 1.1, 0.9, -2.1])
Q = np.array([0.2, 0.7, 0.5, 0.9])
HOT = np.eye(4)[LABELS]


def mse(p: Any, t: Any) -> Any:
    return np.mean((p - t) ** 2)


pair(
    "mse",
    mse,
    (P, T),
    lambda g, p, t: (g * 2 * (p - t) / p.size, g * 2 * (t - p) / p.size),
    no_2=(lambda g, p, t: (g * (p - t) / p.size, g * (t - p) / p.size), "factor"),
    no_mean=(lambda g, p, t: (g * 2 * (p - t), g * 2 * (t - p)), "factor"),
    batch_only=(
        lambda g, p, t: (g * 2 * (p - t) / len(p), g * 2 * (t - p) / len(p)),
        "factor",
    ),
    target_sign=(
        lambda g, p, t: (g * 2 * (p - t) / p.size, g * 2 * (p - t) / p.size),
        "sign",
        "swapped",
    ),
    ignores_g=lambda g, p, t: (2 * (p - t) / p.size, 2 * (t - p) / p.size),
)


def cross_entropy(z: Any) -> Any:
    m = z.max(-1, keepdims=True)
    lse = np.log(np.exp(z - m).sum(-1)) + m[:, 0]
    return np.mean(lse - z[np.arange(len(z)), LABELS])


pair(
    "cross entropy",
    cross_entropy,
    Z,
    lambda g, z: g * (softmax_rows(z) - HOT) / len(z),
    no_mean=(lambda g, z: g * (softmax_rows(z) - HOT), "factor"),
    no_target=lambda g, z: g * softmax_rows(z) / len(z),
    target_first=lambda g, z: g * (HOT - softmax_rows(z)) / len(z),
    wrong_axis=lambda g, z: g * (softmax_rows(z.T).T - HOT) / len(z),
)


def bce(q: Any) -> Any:
    t = np.array([1.0, 0.0, 1.0, 1.0])
    return -np.mean(t * np.log(q) + (1 - t) * np.log(1 - q))


def bce_vjp(g: Any, q: Any) -> Any:
    t = np.array([1.0, 0.0, 1.0, 1.0])
    return g * (q - t) / (q * (1 - q)) / q.size


pair(
    "binary cross entropy",
    bce,
    Q,
    bce_vjp,
    of_logits=lambda g, q: bce_vjp(g, q) * q * (1 - q),
    sign=(lambda g, q: -bce_vjp(g, q), "sign"),
    positives_only=lambda g, q: -g * np.array([1.0, 0.0, 1.0, 1.0]) / q / q.size,
)
pair(
    "bce with logits",
    lambda z: np.mean(np.logaddexp(0, z) - z * (z > -5)),
    X,
    lambda g, z: g * (sigmoid(z) - 1) / z.size,
    no_mean=(lambda g, z: g * (sigmoid(z) - 1), "factor"),
    derivative_of_sigmoid=lambda g, z: g * sigmoid(z) * (1 - sigmoid(z)) / z.size,
)


def huber(x: Any) -> Any:
    return np.sum(np.where(np.abs(x) < 1, 0.5 * x * x, np.abs(x) - 0.5))


pair(
    "huber",
    huber,
    X,
    lambda g, x: g * np.clip(x, -1, 1),
    unclipped=lambda g, x: g * x,
    sign_only=lambda g, x: g * np.sign(x),
    one_sided=lambda g, x: g * np.minimum(x, 1),
)
pair(
    "log cosh",
    lambda x: np.sum(np.log(np.cosh(x))),
    X,
    lambda g, x: g * np.tanh(x),
    sinh=lambda g, x: g * np.sinh(x),
    sech=lambda g, x: g / np.cosh(x) ** 2,
)
pair(
    "hinge loss",
    lambda x: np.mean(np.maximum(0, 1 - x)),
    X,
    lambda g, x: -g * (x < 1) / x.size,
    sign=(lambda g, x: g * (x < 1) / x.size, "sign"),
    other_side=lambda g, x: -g * (x > 1) / x.size,
    unmasked=lambda g, x: -g * np.ones_like(x) / x.size,
)
pair(
    "kl divergence",
    lambda p: np.sum(p * np.log(p / 0.25)),
    Q,
    lambda g, p: g * (np.log(p / 0.25) + 1),
    no_1=lambda g, p: g * np.log(p / 0.25),
    no_reference=lambda g, p: g * (np.log(p) + 1),
)
pair(
    "focal loss",
    lambda q: -np.sum((1 - q) ** 2 * np.log(q)),
    Q,
    lambda g, q: g * (2 * (1 - q) * np.log(q) - (1 - q) ** 2 / q),
    weight_constant=lambda g, q: -g * (1 - q) ** 2 / q,
    sign_of_weight=lambda g, q: g * (-2 * (1 - q) * np.log(q) - (1 - q) ** 2 / q),
)


def cosine(a: Any, b: Any) -> Any:
    return np.sum(a * b) / np.sqrt(np.sum(a * a) * np.sum(b * b))


def cosine_vjp(g: Any, a: Any, b: Any) -> Any:
    na, nb, c = np.sqrt(np.sum(a * a)), np.sqrt(np.sum(b * b)), cosine(a, b)
    return g * (b / (na * nb) - c * a / na**2), g * (a / (na * nb) - c * b / nb**2)


pair(
    "cosine similarity",
    cosine,
    (P, T),
    cosine_vjp,
    no_norm_term=lambda g, a, b: (
        g * b / np.sqrt(np.sum(a * a) * np.sum(b * b)),
        g * a / np.sqrt(np.sum(a * a) * np.sum(b * b)),
    ),
    swapped=(lambda g, a, b: cosine_vjp(g, a, b)[::-1], "swapped"),
)
pair(
    "triplet",
    lambda a, p, n: np.maximum(np.sum((a - p) ** 2) - 0.1 * np.sum((a - n) ** 2) + 1, 0),
    (P[0], T[0], P[1]),
    lambda g, a, p, n: (
        g * (2 * (a - p) - 0.2 * (a - n)),
        g * -2 * (a - p),
        g * 0.2 * (a - n),
    ),
    anchor_once=lambda g, a, p, n: (g * 2 * (a - p), g * -2 * (a - p), g * 0.2 * (a - n)),
    negative_sign=lambda g, a, p, n: (
        g * (2 * (a - p) - 0.2 * (a - n)),
        g * -2 * (a - p),
        g * -0.2 * (a - n),
    ),
)
pair(
    "poisson loss",
    lambda r: np.sum(np.exp(r) - 3.0 * r),
    X,
    lambda g, r: g * (np.exp(r) - 3.0),
    no_exp=lambda g, r: g * (1 - 3.0 / np.exp(r)),
    constant_lost=lambda g, r: g * np.exp(r),
)
pair(
    "quantile loss",
    lambda x: np.sum(np.maximum(0.9 * x, -0.1 * x)),
    X,
    lambda g, x: g * np.where(x > 0, 0.9, -0.1),
    swapped_sides=lambda g, x: g * np.where(x > 0, -0.1, 0.9),
    mean_like=lambda g, x: g * np.sign(x) * 0.5,
)

# --- activations ----------------------------------------------------------------------------------


def gelu(x: Any) -> Any:
    return 0.5 * x * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x**3)))


def gelu_vjp(g: Any, x: Any, inner: float = 3 * 0.044715) -> Any:
    t = np.tanh(0.7978845608 * (x + 0.044715 * x**3))
    return g * (0.5 * (1 + t) + 0.5 * x * (1 - t * t) * 0.7978845608 * (1 + inner * x * x))


pair(
    "gelu",
    gelu,
    X,
    gelu_vjp,
    inner_3=lambda g, x: gelu_vjp(g, x, 0.044715),
    first_term=lambda g, x: g * gelu(x) / x,
    cdf_only=lambda g, x: g * 0.5 * (1 + np.tanh(0.7978845608 * x)),
)
pair(
    "swish",
    lambda x: x * sigmoid(x),
    X,
    lambda g, x: g * (sigmoid(x) + x * sigmoid(x) * (1 - sigmoid(x))),
    first_term=lambda g, x: g * sigmoid(x),
    second_term=lambda g, x: g * x * sigmoid(x) * (1 - sigmoid(x)),
)
pair(
    "elu",
    lambda x: np.where(x > 0, x, np.expm1(x)),
    X,
    lambda g, x: g * np.where(x > 0, 1, np.exp(x)),
    expm1=lambda g, x: g * np.where(x > 0, 1, np.expm1(x)),
    zero_below=lambda g, x: g * (x > 0),
)
pair(
    "softplus",
    lambda x: np.logaddexp(0, x),
    X,
    lambda g, x: g * sigmoid(x),
    of_minus_x=lambda g, x: g * sigmoid(-x),
    exp=lambda g, x: g * np.exp(x) / (1 + x),
)
pair(
    "softsign",
    lambda x: x / (1 + np.abs(x)),
    X,
    lambda g, x: g / (1 + np.abs(x)) ** 2,
    no_square=(lambda g, x: g / (1 + np.abs(x)), "extra factor", "missing factor"),
    no_abs=lambda g, x: g / (1 + x) ** 2,
)
pair(
    "sigmoid",
    sigmoid,
    X,
    lambda g, x: g * sigmoid(x) * (1 - sigmoid(x)),
    of_y=lambda g, x: g * sigmoid(sigmoid(x)) * (1 - sigmoid(sigmoid(x))),
    tanh_rule=lambda g, x: g * (1 - sigmoid(x) ** 2),
    no_g=lambda g, x: sigmoid(x) * (1 - sigmoid(x)),
)
pair(
    "softmax rows",
    softmax_rows,
    Z,
    lambda g, z: softmax_rows_vjp(g, softmax_rows(z)),
    diagonal=(lambda g, z: g * softmax_rows(z) * (1 - softmax_rows(z)), "diagonal"),
    sum_over_all=lambda g, z: softmax_rows(z) * (g - (g * softmax_rows(z)).sum()),
    wrong_axis=lambda g, z: softmax_rows(z) * (g - (g * softmax_rows(z)).sum(0)),
)
pair(
    "log softmax",
    lambda z: np.log(softmax_rows(z)),
    Z,
    lambda g, z: g - softmax_rows(z) * g.sum(-1, keepdims=True),
    no_sum=lambda g, z: g - softmax_rows(z) * g,
    softmax_rule=lambda g, z: softmax_rows_vjp(g, softmax_rows(z)),
)
pair(
    "leaky relu",
    lambda x: np.where(x > 0, x, 0.1 * x),
    X,
    lambda g, x: g * np.where(x > 0, 1, 0.1),
    zero_below=lambda g, x: g * (x > 0),
    mask_of_g=lambda g, x: g * np.where(g > 0, 1, 0.1),
)
