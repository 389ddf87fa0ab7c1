"""Statistics, reductions, indexing, sorting and shapes."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.checking.corpus.battery import draw, pair

R = draw(5)
X, A = R.normal(size=6), R.normal(size=(4, 3))
MU, SIGMA = 0.3, 1.7

pair(
    "variance",
    np.var,
    X,
    lambda g, x: g * 2 * (x - x.mean()) / x.size,
    uncentred=lambda g, x: g * 2 * x / x.size,
    unbiased=(lambda g, x: g * 2 * (x - x.mean()) / (x.size - 1), "factor"),
    no_2=(lambda g, x: g * (x - x.mean()) / x.size, "factor"),
)
pair(
    "standard deviation",
    np.std,
    X,
    lambda g, x: g * (x - x.mean()) / (x.size * x.std()),
    of_variance=lambda g, x: g * 2 * (x - x.mean()) / x.size,
    uncentred=lambda g, x: g * x / (x.size * x.std()),
)
pair(
    "centre columns",
    lambda x: x - x.mean(0),
    A,
    lambda g, x: g - g.mean(0),
    mean_constant=lambda g, x: g,
    rows=lambda g, x: g - g.mean(1, keepdims=True),
    all_mean=lambda g, x: g - g.mean(),
)


def covariance(x: Any) -> Any:
    c = x - x.mean(0)
    return c.T @ c / len(x)


pair(
    "covariance",
    covariance,
    A,
    lambda g, x: (x - x.mean(0)) @ (g + g.T) / len(x),
    not_symmetric=lambda g, x: 2 * (x - x.mean(0)) @ g / len(x),
    uncentred=lambda g, x: x @ (g + g.T) / len(x),
)
pair(
    "normal log density",
    lambda x, m, s: np.sum(-0.5 * ((x - m) / s) ** 2 - np.log(s)),
    (X, MU, SIGMA),
    lambda g, x, m, s: (
        -g * (x - m) / s**2,
        float(g * np.sum(x - m) / s**2),
        float(g * np.sum((x - m) ** 2 / s**3 - 1 / s)),
    ),
    sigma_once=lambda g, x, m, s: (
        -g * (x - m) / s,
        float(g * np.sum(x - m) / s),
        float(g * np.sum((x - m) ** 2 / s**3 - 1 / s)),
    ),
    normaliser_once=lambda g, x, m, s: (
        -g * (x - m) / s**2,
        float(g * np.sum(x - m) / s**2),
        float(g * (np.sum((x - m) ** 2 / s**3) - 1 / s)),
    ),
    mean_sign=lambda g, x, m, s: (
        -g * (x - m) / s**2,
        float(-g * np.sum(x - m) / s**2),
        float(g * np.sum((x - m) ** 2 / s**3 - 1 / s)),
    ),
)


def lse(x: Any) -> Any:
    return x.max() + np.log(np.sum(np.exp(x - x.max())))


pair(
    "log sum exp",
    lse,
    X,
    lambda g, x: g * np.exp(x - lse(x)),
    unnormalised=lambda g, x: g * np.exp(x),
    argmax=lambda g, x: g * (x == x.max()),
)
pair(
    "geometric mean",
    lambda x: np.exp(np.mean(np.log(x))),
    np.abs(X) + 0.1,
    lambda g, x: g * np.exp(np.mean(np.log(x))) / (x.size * x),
    no_n=(lambda g, x: g * np.exp(np.mean(np.log(x))) / x, "factor"),
    arithmetic=lambda g, x: g * np.ones_like(x) / x.size,
)
pair(
    "logistic map",
    lambda r: r * 0.3 * (1 - r * 0.3 * 0.7),
    np.array([2.1, 3.3]),
    lambda g, r: g * (0.3 - 2 * r * 0.063),
    product_rule_half=lambda g, r: g * (0.3 - r * 0.063),
)
pair(
    "weighted mean",
    lambda x, w: np.sum(x * w) / np.sum(w),
    (X, np.abs(X[::-1]) + 0.5),
    lambda g, x, w: (g * w / w.sum(), g * (x - np.sum(x * w) / w.sum()) / w.sum()),
    weights_constant=lambda g, x, w: (g * w / w.sum(), g * x / w.sum()),
    unnormalised=lambda g, x, w: (g * w, g * (x - np.sum(x * w) / w.sum())),
)
pair(
    "product",
    np.prod,
    X,
    lambda g, x: g * np.prod(x) / x,
    no_division=lambda g, x: g * np.prod(x) * np.ones_like(x),
)
pair(
    "sum of squares over axis",
    lambda a: np.sum(a * a, axis=1),
    A,
    lambda g, a: 2 * a * g[:, None],
    ignores_rows=lambda g, a: 2 * a * g.mean(),
    no_2=(lambda g, a: a * g[:, None], "factor"),
)
pair(
    "maximum of rows",
    lambda a: a.max(1),
    A,
    lambda g, a: (a == a.max(1, keepdims=True)) * g[:, None],
    columns=lambda g, a: (a == a.max(0)) * g[:, None],
    everybody=lambda g, a: np.ones_like(a) * g[:, None],
    minimum=lambda g, a: (a == a.min(1, keepdims=True)) * g[:, None],
)
pair(
    "sort ascending",
    np.sort,
    X,
    lambda g, x: g[np.argsort(np.argsort(x))],
    order_once=(lambda g, x: g[np.argsort(x)], "permutation", "shift", "transposed"),
    unsorted=(lambda g, x: g, "permutation", "shift", "diagonal"),
)
pair(
    "median of five",
    np.median,
    X[:5],
    lambda g, x: g * (x == np.median(x)),
    mean=lambda g, x: g * np.ones_like(x) / x.size,
    middle_position=lambda g, x: g * np.eye(5)[2],
)
pair(
    "median of six",
    np.median,
    X,
    lambda g, x: g * 0.5 * np.isin(np.argsort(np.argsort(x)), [2, 3]),
    lower_only=lambda g, x: g * 1.0 * (np.argsort(np.argsort(x)) == 2),
    unhalved=lambda g, x: g * 1.0 * np.isin(np.argsort(np.argsort(x)), [2, 3]),
)
pair(
    "top two",
    lambda x: np.sort(x)[-2:],
    X,
    lambda g, x: np.where(
        np.argsort(np.argsort(x)) == 5, g[1], np.where(np.argsort(np.argsort(x)) == 4, g[0], 0.0)
    ),
    swapped=lambda g, x: np.where(
        np.argsort(np.argsort(x)) == 5, g[0], np.where(np.argsort(np.argsort(x)) == 4, g[1], 0.0)
    ),
)
INDEX = np.array([1, 1, 4])


def take_vjp(g: Any, x: Any) -> Any:
    return np.bincount(INDEX, g, x.size)


def take_assigned(g: Any, x: Any) -> Any:
    c = np.zeros_like(x)
    c[INDEX] = g
    return c


pair("take", lambda x: x[INDEX], X, take_vjp, assigned=take_assigned)
pair(
    "boolean mask",
    lambda x: x[np.arange(6) % 2 == 0] ** 2,
    X,
    lambda g, x: np.where(np.arange(6) % 2 == 0, np.repeat(g, 2) * 2 * x, 0.0),
    other_half=lambda g, x: np.where(np.arange(6) % 2 == 1, np.repeat(g, 2) * 2 * x, 0.0),
    everywhere=lambda g, x: np.repeat(g, 2) * 2 * x,
)
pair(
    "segment sum",
    lambda x: np.bincount([0, 0, 1, 2, 2, 2], x),
    X,
    lambda g, x: g[[0, 0, 1, 2, 2, 2]],
    mean=lambda g, x: g[[0, 0, 1, 2, 2, 2]] / np.array([2, 2, 1, 3, 3, 3]),
    order=lambda g, x: g[[0, 1, 2, 0, 1, 2]],
)
pair(
    "concatenate",
    lambda x, y: np.concatenate([x, 2 * y]),
    (X[:2], X[2:]),
    lambda g, x, y: (g[:2], 2 * g[2:]),
    split_wrong=lambda g, x, y: (g[-2:], 2 * g[:-2]),
    no_2=lambda g, x, y: (g[:2], g[2:]),
)
pair(
    "reshape",
    lambda a: a.reshape(3, 4) * 2,
    A,
    lambda g, a: 2 * g.reshape(4, 3),
    transposed=(lambda g, a: 2 * g.T, "transposed", "permutation"),
)
pair(
    "transpose",
    lambda a: a.T * 2,
    A,
    lambda g, a: 2 * g.T,
    reshaped=(lambda g, a: 2 * g.reshape(a.shape), "transposed", "permutation"),
)
pair(
    "flip",
    lambda x: x[::-1] * 2,
    X,
    lambda g, x: 2 * g[::-1],
    unflipped=(lambda g, x: 2 * g, "permutation", "shift"),
)
pair(
    "pad",
    lambda x: np.pad(x, (2, 1)),
    X,
    lambda g, x: g[2:-1],
    other_end=(lambda g, x: g[1:-2], "shift", "not propagated", "permutation"),
)
pair(
    "tile",
    lambda x: np.tile(x, 3),
    X[:2],
    lambda g, x: g.reshape(3, 2).sum(0),
    repeat=lambda g, x: g.reshape(2, 3).sum(1),
    first_copy=(lambda g, x: g[:2], "broadcast", "copies"),
)
pair(
    "broadcast product",
    lambda a, b: a * b,
    (A, X[:3]),
    lambda g, a, b: (g * b, (g * a).sum(0)),
    unsummed=lambda g, a, b: (g * b, g * a),
    mean=(lambda g, a, b: (g * b, (g * a).mean(0)), "factor"),
)
pair(
    "where",
    lambda a, b: np.where(a > 0, a, b),
    (X, X[::-1].copy()),
    lambda g, a, b: (g * (a > 0), g * (a <= 0)),
    swapped=(lambda g, a, b: (g * (a <= 0), g * (a > 0)), "swapped"),
    both=lambda g, a, b: (g, g),
)
pair(
    "clip inside and outside",
    lambda x: np.clip(x, -0.5, 0.5),
    X,
    lambda g, x: g * (np.abs(x) < 0.5),
    unclipped=lambda g, x: g,
    one_bound=lambda g, x: g * (x < 0.5),
)
pair(
    "power of two arrays",
    lambda x, y: x**y,
    (np.abs(X) + 0.2, X[::-1].copy()),
    lambda g, x, y: (g * y * x ** (y - 1), g * x**y * np.log(x)),
    log_of_y=lambda g, x, y: (g * y * x ** (y - 1), g * x**y * np.log(np.abs(y))),
    exponent=lambda g, x, y: (g * y * x**y, g * x**y * np.log(x)),
)
pair(
    "division",
    lambda x, y: x / y,
    (X, X[::-1] + 3),
    lambda g, x, y: (g / y, -g * x / y**2),
    sign=lambda g, x, y: (g / y, g * x / y**2),
    not_squared=lambda g, x, y: (g / y, -g * x / y),
)
pair(
    "angle of two arrays",
    np.arctan2,
    (X, X[::-1].copy()),
    lambda g, y, x: (g * x / (x * x + y * y), -g * y / (x * x + y * y)),
    swapped=lambda g, y, x: (g * y / (x * x + y * y), -g * x / (x * x + y * y)),
)
pair(
    "polynomial",
    lambda c, x: np.polyval(c, x),
    (X[:3], np.array([0.5, -1.5])),
    lambda g, c, x: (np.vander(x, 3).T @ g, g * np.polyval(np.polyder(c), x)),
    reversed_powers=lambda g, c, x: (
        np.vander(x, 3)[:, ::-1].T @ g,
        g * np.polyval(np.polyder(c), x),
    ),
)
