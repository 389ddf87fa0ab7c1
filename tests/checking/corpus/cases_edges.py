"""Edges of domains, kinks, and functions that compute in float32."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.checking.corpus.cases import A, B, X, add, double, single


def raises_below_zero(x: Any) -> Any:
    if np.any(x < 0):
        raise ValueError("only for x >= 0")
    return x * x


def edges() -> None:
    add(
        "x ** 1.5 at 0",
        lambda x: x**1.5,
        np.array([0.0, 1.0]),
        lambda g, x: g * 1.5 * np.sqrt(x),
        "PASS",
    )
    add("square root near 0", np.sqrt, np.array([1e-12]), lambda g, x: g / (2 * np.sqrt(x)), "PASS")
    add("square root at 0", np.sqrt, np.array([0.0]), lambda g, x: g / (2 * np.sqrt(x)), "PASS")
    add(
        "arcsin near 1",
        np.arcsin,
        np.array([1 - 1e-9]),
        lambda g, x: g / np.sqrt(1 - x * x),
        "PASS",
        "INCONCLUSIVE",
    )
    add("log1p near -1", np.log1p, np.array([-1 + 1e-9]), lambda g, x: g / (1 + x), "PASS")
    add("raises outside", raises_below_zero, np.array([0.0, 2.0]), lambda g, x: g * 2 * x, "PASS")
    add(
        "raises outside, wrong", raises_below_zero, np.array([0.0, 2.0]), lambda g, x: g * x, "FAIL"
    )
    add(
        "clip inside",
        lambda x: np.clip(x, 0, 1),
        np.array([0.5, 2.0]),
        lambda g, x: g * ((x > 0) & (x < 1)),
        "PASS",
    )
    add(
        "entropy",
        lambda p: -np.sum(p * np.log(p)),
        np.array([0.2, 1e-7, 0.8]),
        lambda g, p: -g * (np.log(p) + 1),
        "PASS",
    )


def kinks() -> None:
    add("abs at 0", np.abs, np.array([0.0, 1.0]), lambda g, x: g * np.sign(x), "KINK")
    add("value relu at 0", lambda x: np.maximum(x, 0.0), np.array([0.0, -1.0, 2.0]), None, "KINK")
    add(
        "relu near 0",
        lambda x: np.maximum(x, 0),
        np.array([1e-7, -1e-9]),
        lambda g, x: g * (x > 0),
        "PASS",
    )
    add(
        "relu beside 1",
        lambda x: np.maximum(x - 1, 0),
        np.array([1 + 1e-9]),
        lambda g, x: g * (x > 1),
        "PASS",
    )
    add(
        "relu wrong elsewhere",
        lambda x: np.maximum(x, 0),
        np.array([0.0, 2.0]),
        lambda g, x: g * (x > 0) * 2,
        "FAIL",
    )
    add(
        "max at a tie",
        np.max,
        np.array([1.0, 3.0, 3.0]),
        lambda g, x: g * (x == np.max(x)) / np.sum(x == np.max(x)),
        "KINK",
    )
    add("norm at 0", lambda x: np.sqrt(np.sum(x * x)), np.zeros(2), lambda g, x: g * 0 * x, "KINK")
    add(
        "cusp",
        lambda x: np.abs(x) ** (2 / 3),
        np.array([1e-6]),
        lambda g, x: g * 2 / 3 * np.sign(x) * np.abs(x) ** (-1 / 3),
        "PASS",
    )
    add(
        "x |x|",
        lambda x: x * np.abs(x),
        np.array([0.0, 2.0]),
        lambda g, x: g * 2 * np.abs(x),
        "PASS",
    )
    add(
        "relu squared",
        lambda x: np.maximum(x, 0) ** 2,
        np.array([0.0, -1.0]),
        lambda g, x: g * 2 * np.maximum(x, 0),
        "PASS",
    )
    add(
        "median away from ties",
        np.median,
        np.array([1.0, 5.0, 2.0]),
        lambda g, x: g * (x == np.median(x)),
        "PASS",
    )


def invalid_kinks() -> None:
    add("abs at 0 with 5", np.abs, np.array([0.0]), lambda g, x: 5 * g, "FAIL")
    add("relu at 0 with -1", lambda x: np.maximum(x, 0), np.array([0.0]), lambda g, x: -g, "FAIL")


def float32() -> None:
    add("f32 sine", lambda x: np.sin(single(x)), X, lambda g, x: g * np.cos(x), "PASS")
    add(
        "f32 inside",
        lambda x: 1.1 * double(np.exp(single(x))),
        X,
        lambda g, x: g * 1.1 * np.exp(x),
        "PASS",
    )
    add(
        "f32 sum",
        lambda x: np.sum(single(x) ** 2),
        np.linspace(-1, 1, 30),
        lambda g, x: g * 2 * x,
        "PASS",
    )
    add("f32 wrong 1%", lambda x: np.sin(single(x)), X, lambda g, x: g * np.cos(x) * 1.01, "FAIL")
    add("f32 wrong zero", lambda x: double(np.sin(single(x))), X, lambda g, x: 0 * g, "FAIL")
    add(
        "f32 wrong sign",
        lambda x: np.tanh(single(x)),
        X,
        lambda g, x: -g * (1 - np.tanh(x) ** 2),
        "FAIL",
    )
    add(
        "f32 saturated",
        lambda x: double(np.tanh(single(x))),
        np.array([10.0]),
        lambda g, x: g * (1 - np.tanh(x) ** 2),
        "INCONCLUSIVE",
        "PASS",
    )
    add("f32 input", np.tanh, single(X), lambda g, x: g * (1 - np.tanh(x) ** 2), "PASS")
    add("f32 value input", lambda x: np.sum(np.exp(x) * x), single(X), None, "PASS")
    add("f32 input wrong", np.tanh, single(X), lambda g, x: g * (1 - np.tanh(x)), "FAIL")
    add("rounded to f32", np.exp, X, lambda g, x: double(single(g * np.exp(x))), "FAIL")
    add(
        "f32 matmul",
        lambda a, b: single(a) @ single(b),
        (A, B),
        lambda g, a, b: (g @ b.T, a.T @ g),
        "PASS",
    )
    add(
        "f16 inside",
        lambda x: double(np.sin(np.asarray(x).astype(np.float16))),
        X,
        lambda g, x: g * np.cos(x),
        "INCONCLUSIVE",
        "PASS",
    )


for group in (
    edges,
    kinks,
    invalid_kinks,
    float32,
):
    group()
