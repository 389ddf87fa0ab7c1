"""Right backwards: plain ones, hard scales, noise."""

from __future__ import annotations

import numpy as np

from tests.checking.corpus.cases import A, B, S, X, add, hashed_noise, kepler, softmax, softmax_vjp


def right() -> None:
    add("tanh", np.tanh, X, lambda g, x: g * (1 - np.tanh(x) ** 2), "PASS")
    add("value tanh", lambda x: np.tanh(x), X, None, "PASS")
    add("value scalar", lambda x: x**3 - 2 * x, 1.7, None, "PASS")
    add("matmul", lambda a, b: a @ b, (A, B), lambda g, a, b: (g @ b.T, a.T @ g), "PASS")
    add("value matmul", lambda a, b: np.tanh(a @ b), (A, B), None, "PASS")
    add("broadcast add", lambda a, b: a + b, (A, B[:, 0]), lambda g, a, b: (g, g.sum(0)), "PASS")
    add("softmax", softmax, X, softmax_vjp, "PASS")
    add("sum", np.sum, A, lambda g, a: g * np.ones_like(a), "PASS")
    add("mean of squares", lambda a: np.mean(a * a), A, lambda g, a: g * 2 * a / a.size, "PASS")
    add("cumsum", np.cumsum, X, lambda g, x: np.cumsum(g[::-1])[::-1], "PASS")
    add(
        "inverse",
        np.linalg.inv,
        S,
        lambda g, s: -(np.linalg.inv(s).T @ g @ np.linalg.inv(s).T),
        "PASS",
    )
    add("identity", lambda x: x, X, lambda g, x: g, "PASS")
    add("constant", lambda x: 0 * x + 5.0, X, lambda g, x: 0 * g, "PASS")
    add(
        "two outputs",
        lambda x: (np.sin(x), np.sum(x)),
        X,
        lambda g, x: g[0] * np.cos(x) + g[1],
        "PASS",
    )
    add("tree", lambda p: p["w"] * p["b"], {"w": X, "b": 2.0}, None, "PASS")
    add(
        "keyword",
        lambda x, p=2: x**p,
        X,
        lambda g, x, p=2: g * p * x ** (p - 1),
        "PASS",
        kwargs={"p": 3},
    )
    add(
        "complex square", lambda z: z * z, np.array([1 + 2j, -0.5j]), lambda g, z: g * 2 * z, "PASS"
    )
    add("value complex", lambda z: np.exp(z), np.array([0.3 + 1j, -1j]), None, "PASS")
    add(
        "complex to real",
        lambda z: np.abs(z) ** 2,
        np.array([1 + 2j]),
        lambda g, z: g * 2 * np.conj(z),
        "PASS",
    )
    add("same input twice", lambda x, y: x * y, (X, X), lambda g, x, y: (g * y, g * x), "PASS")
    add(
        "integer exponent argument",
        lambda x, n: x**n,
        (X, 3),
        lambda g, x, n: (g * n * x ** (n - 1), None),
        "PASS",
    )
    add(
        "empty",
        lambda x: x * 2,
        np.zeros((0, 3)),
        lambda g, x: g * 2,
        "PASS",
        "INCONCLUSIVE",
        "ERROR",
    )
    add("large constant", lambda x: 1e6 + x * x, X, lambda g, x: g * 2 * x, "PASS")
    add("round", np.round, X, lambda g, x: 0 * g, "PASS")
    add("floor", lambda x: np.floor(10 * x), np.array([0.55, -1.23]), lambda g, x: 0 * g, "PASS")


def scales() -> None:
    add("log near 0", np.log, np.array([1e-8, 1e-5]), lambda g, x: g / x, "PASS")
    add(
        "reciprocal near 0",
        lambda x: 1 / x,
        np.array([1e-6, -1e-3]),
        lambda g, x: -g / x**2,
        "PASS",
    )
    add(
        "fast sine",
        lambda x: np.sin(1e5 * x),
        np.array([0.7]),
        lambda g, x: g * 1e5 * np.cos(1e5 * x),
        "PASS",
    )
    add("sine far out", np.sin, np.array([1e5, -1e7]), lambda g, x: g * np.cos(x), "PASS")
    add("exp of tiny", np.exp, np.array([1e-9]), lambda g, x: g * np.exp(x), "PASS")
    add("huge square", lambda x: x * x, np.array([1e150]), lambda g, x: g * 2 * x, "PASS")
    add("tiny linear", lambda x: 3 * x, np.array([1e-200]), lambda g, x: 3 * g, "PASS")
    add("tiny gradient", lambda x: 1e-9 * np.sin(x), X, lambda g, x: g * 1e-9 * np.cos(x), "PASS")
    add("tiny gradient as zero", lambda x: 1e-9 * np.sin(x), X, lambda g, x: 0 * g, "FAIL")
    add(
        "small term as zero",
        lambda x, y: np.sum(np.sin(x)) + 1e-9 * y,
        (X, 2.0),
        lambda g, x, y: (g * np.cos(x), 0.0),
        "FAIL",
    )
    add(
        "mixed scales",
        lambda x: np.sum(x**2),
        np.array([1e-6, 1.0, 1e6]),
        lambda g, x: g * 2 * x,
        "PASS",
    )
    add(
        "smooth corner",
        lambda x: np.sqrt(x * x + 1e-16),
        np.array([1e-8]),
        lambda g, x: g * x / np.sqrt(x * x + 1e-16),
        "PASS",
    )
    add(
        "smooth corner as sign",
        lambda x: np.sqrt(x * x + 1e-16),
        np.array([1e-8]),
        lambda g, x: g * np.sign(x),
        "FAIL",
    )
    add(
        "saturated tanh",
        np.tanh,
        np.array([25.0, -30.0]),
        lambda g, x: g * (1 - np.tanh(x) ** 2),
        "PASS",
    )
    add(
        "saturated sigmoid",
        lambda x: 1 / (1 + np.exp(-x)),
        np.array([30.0, -30.0]),
        lambda g, x: g * np.exp(-x) / (1 + np.exp(-x)) ** 2,
        "PASS",
    )
    add("steep tan", np.tan, np.array([1.5707]), lambda g, x: g * (1 + np.tan(x) ** 2), "PASS")
    add(
        "near a pole",
        lambda x: 1 / (x - 1),
        np.array([1.0001]),
        lambda g, x: -g / (x - 1) ** 2,
        "PASS",
    )
    add(
        "huge input linear",
        lambda x: 1e-100 * x,
        np.array([1e200]),
        lambda g, x: 1e-100 * g,
        "PASS",
    )
    add("scale error 5e-4", np.exp, X, lambda g, x: g * np.exp(x) * 1.0005, "FAIL")
    add("scale error 1e-7", np.exp, X, lambda g, x: g * np.exp(x) * (1 + 1e-7), "FAIL")


def noisy() -> None:
    add("newton", lambda x: kepler(x), X, lambda g, x: g / (1 - 0.5 * np.cos(kepler(x))), "PASS")
    add(
        "hashed noise 1e-8",
        lambda x: x * x + hashed_noise(x, 1e-8),
        X,
        lambda g, x: g * 2 * x,
        "PASS",
    )
    add(
        "hashed noise, wrong",
        lambda x: x * x + hashed_noise(x, 1e-8),
        X,
        lambda g, x: g * 2.1 * x,
        "FAIL",
    )
    add(
        "rounded to 6 decimals",
        lambda x: np.round(np.sin(x), 6),
        X,
        lambda g, x: g * np.cos(x),
        "PASS",
    )
    add(
        "rounded, wrong",
        lambda x: np.round(np.sin(x), 6),
        X,
        lambda g, x: g * np.cos(x) * 1.05,
        "FAIL",
    )
    add(
        "noise 1e-2",
        lambda x: x * x + hashed_noise(x, 1e-1),
        X,
        lambda g, x: g * 2 * x,
        "INCONCLUSIVE",
        "PASS",
    )
    add("cancellation", lambda x: (1e8 + np.sin(x)) - 1e8, X, lambda g, x: g * np.cos(x), "PASS")


for group in (
    right,
    scales,
    noisy,
):
    group()
