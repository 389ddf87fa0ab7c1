"""More wrong backwards, and kinks of every kind."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.checking.corpus.cases import add
from tests.checking.corpus.models import W1, net, net_v, r

MORE: list[tuple[Any, ...]] = [
    (
        "f32 input half",
        np.tanh,
        (np.float32([0.3, 0.5]),),
        lambda g, x: g * 0.5 * (1 - np.tanh(x) ** 2),
        "FAIL",
    ),
    (
        "f32 vjp for f32",
        lambda x: np.sin(x),
        (np.float32([0.3, 0.5]),),
        lambda g, x: (g * np.cos(x)).astype(np.float32),
        "PASS",
    ),
    (
        "wrong small entry",
        lambda x, y: x + 1e-6 * np.sin(y),
        (np.ones(2), np.ones(2)),
        lambda g, x, y: (g, g * 0),
        "FAIL",
    ),
    (
        "wrong one of 100",
        lambda x: np.sin(x),
        (r.normal(size=100),),
        lambda g, x: g * np.cos(x) * (1 + 1e-5 * (np.arange(100) == 37)),
        "FAIL",
    ),
    (
        "wrong 100k",
        np.sin,
        (r.normal(size=(100, 1000)),),
        lambda g, x: g * np.cos(x) * np.where(np.arange(1000) == 7, 1.01, 1),
        "FAIL",
    ),
    (
        "bias sign",
        lambda x, b: x @ W1 + b,
        (r.normal(size=(2, 6)), r.normal(size=5)),
        lambda g, x, b: (g @ W1.T, -g.sum(0)),
        "FAIL",
    ),
    ("nan off", np.sqrt, (np.array([1.0, 4.0]),), lambda g, x: g * np.array([0.5, np.nan]), "FAIL"),
    ("zero at 0", np.sin, (np.zeros(2),), lambda g, x: 0 * g, "FAIL"),
    ("wrong at zero", np.square, (np.zeros(2),), lambda g, x: g, "FAIL"),
    (
        "mean vs sum large",
        lambda x: x.mean(),
        (r.normal(size=(50, 50)),),
        lambda g, x: g * np.ones_like(x),
        "FAIL",
    ),
    (
        "scale 1e-12",
        lambda x: 1e-12 * x**2,
        (np.array([1.0, 2]),),
        lambda g, x: g * 1e-12 * x,
        "FAIL",
    ),
    ("huge wrong", lambda x: x**2, (np.array([1e100]),), lambda g, x: g * x, "FAIL"),
    ("wrong near edge", np.log, (np.array([1e-8]),), lambda g, x: g / (x + 1e-12), "FAIL"),
    ("tiny x wrong", np.sin, (np.array([1e-12]),), lambda g, x: g * 0.5, "FAIL"),
    (
        "relu 0 valid1",
        lambda x: np.maximum(x, 0),
        (np.array([0.0, 1]),),
        lambda g, x: g * (x >= 0),
        "KINK",
    ),
    ("relu .3", lambda x: np.maximum(x, 0), (np.array([0.0]),), lambda g, x: 0.3 * g, "KINK"),
    ("L1", lambda x: np.sum(np.abs(x)), (np.zeros(3),), lambda g, x: g * np.sign(x), "KINK"),
    (
        "hinge",
        lambda x: np.maximum(0, 1 - x),
        (np.array([1.0, 2]),),
        lambda g, x: -g * (x < 1),
        "KINK",
    ),
    (
        "max tie",
        np.maximum,
        (np.array([1.0, 2]), np.array([1.0, 0])),
        lambda g, x, y: (g * (x >= y), g * (x < y)),
        "KINK",
    ),
    (
        "abs+x2",
        lambda x: np.abs(x) + x * x,
        (np.array([0.0]),),
        lambda g, x: g * (np.sign(x) + 2 * x),
        "KINK",
    ),
    (
        "clip edge",
        lambda x: np.clip(x, 0, 1),
        (np.array([0.0, 1.0, 0.5]),),
        lambda g, x: g * ((x > 0) & (x < 1)),
        "KINK",
    ),
    (
        "leaky",
        lambda x: np.where(x > 0, x, 0.01 * x),
        (np.array([0.0]),),
        lambda g, x: g * np.where(x > 0, 1, 0.01),
        "KINK",
    ),
    ("relu net at zeros with a choice of its own", net, (np.zeros((2, 6)),), net_v, "KINK"),
    ("sign0", np.sign, (np.array([0.0]),), lambda g, x: 0 * g, "KINK"),
    ("floor int", np.floor, (np.array([2.0]),), lambda g, x: 0 * g, "KINK"),
    ("abs 1e-300", np.abs, (np.array([1e-300]),), lambda g, x: g * np.sign(x), "PASS"),
    ("-0.0", np.abs, (np.array([-0.0]),), lambda g, x: g * np.sign(x), "KINK"),
    (
        "relu6",
        lambda x: np.minimum(np.maximum(x, 0), 6),
        (np.array([6.0, 3.0]),),
        lambda g, x: g * ((x > 0) & (x < 6)),
        "KINK",
    ),
    (
        "sort tie",
        np.sort,
        (np.array([1.0, 1, 2]),),
        lambda g, x: g[np.argsort(np.argsort(x))],
        "KINK",
    ),
    ("sqrtabs 0", lambda x: np.sqrt(np.abs(x)), (np.array([0.0]),), lambda g, x: 0 * g, "KINK"),
    (
        "offset kink",
        lambda x: np.abs(x - 1e3),
        (np.array([1e3]),),
        lambda g, x: g * np.sign(x - 1e3),
        "KINK",
    ),
    (
        "kink bad",
        lambda x: np.maximum(x, 0),
        (np.array([0.0, 1]),),
        lambda g, x: g * np.where(x == 0, 1.5, 1),
        "FAIL",
    ),
    (
        "f32 relu 0",
        lambda x: np.maximum(x.astype(np.float32), 0),
        (np.array([0.0, 1]),),
        lambda g, x: g * (x > 0),
        "KINK",
    ),
    ("small kink", lambda x: x + 1e-6 * np.abs(x), (np.array([0.0]),), lambda g, x: g, "KINK"),
    (
        "curved kink",
        lambda x: np.maximum(np.sin(x), x * x),
        (np.array([0.0]),),
        lambda g, x: g * np.cos(x),
        "KINK",
    ),
]

for name, f, x, vjp, verdict in MORE:
    add(name, f, x, vjp, verdict)
