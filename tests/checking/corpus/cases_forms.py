"""Right backwards in all forms: layers, linear algebra, zeros, odd dtypes and layouts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tests.checking.corpus.cases import add
from tests.checking.corpus.models import (
    Ai,
    ker,
    ln,
    ln_v,
    lse,
    lse_v,
    mp,
    mp_v,
    net,
    net_v,
    r,
    sig,
    solve,
)

MORE: list[tuple[Any, ...]] = [
    ("pyfloat", lambda x: x * x, (3.0,), lambda g, x: 2 * x * g, "PASS"),
    ("0d", np.sin, (np.array(0.3),), lambda g, x: g * np.cos(x), "PASS"),
    ("math", lambda x: math.sin(x), (0.3,), lambda g, x: g * math.cos(x), "PASS"),
    ("math erf edge", lambda x: math.sqrt(x), (1e-8,), lambda g, x: g * 0.5 / math.sqrt(x), "PASS"),
    (
        "list out",
        lambda x: [x * 2, x**2],
        (np.ones(3),),
        lambda g, x: 2 * g[0] + 2 * x * g[1],
        "PASS",
    ),
    (
        "list of grads",
        lambda x, y: x * y,
        (np.ones(3), 2 * np.ones(3)),
        lambda g, x, y: [g * y, g * x],
        "PASS",
    ),
    (
        "conv",
        lambda x: np.convolve(x, ker, "valid"),
        (r.normal(size=8),),
        lambda g, x: np.convolve(g, ker[::-1], "full"),
        "PASS",
    ),
    (
        "fft",
        lambda x: np.abs(np.fft.fft(x)) ** 2,
        (r.normal(size=6),),
        lambda g, x: 2 * np.real(len(x) * np.fft.ifft(g * np.fft.fft(x))),
        "PASS",
    ),
    ("sort", np.sort, (r.normal(size=6),), lambda g, x: g[np.argsort(np.argsort(x))], "PASS"),
    (
        "prod zero",
        np.prod,
        (np.array([0.0, 2, 3]),),
        lambda g, x: g * np.array([x[1] * x[2], x[0] * x[2], x[0] * x[1]]),
        "PASS",
    ),
    (
        "prod two zeros",
        np.prod,
        (np.array([0.0, 0, 3]),),
        lambda g, x: g * np.array([x[1] * x[2], x[0] * x[2], x[0] * x[1]]),
        "PASS",
    ),
    ("lse big", lse, (1000 + r.normal(size=5),), lse_v, "PASS"),
    ("lse", lse, (r.normal(size=5) * 50,), lse_v, "PASS"),
    ("layernorm", ln, (r.normal(size=(3, 4)),), ln_v, "PASS"),
    ("layernorm f32", ln, (r.normal(size=(3, 4)).astype(np.float32),), ln_v, "PASS"),
    ("relu net", net, (r.normal(size=(4, 6)),), net_v, "PASS"),
    ("maxpool", mp, (r.normal(size=8),), mp_v, "PASS"),
    ("illsolve", solve, (r.normal(size=6),), lambda g, b: np.linalg.solve(Ai.T, g), "PASS"),
    (
        "det",
        np.linalg.det,
        (r.normal(size=(3, 3)),),
        lambda g, a: g * np.linalg.det(a) * np.linalg.inv(a).T,
        "PASS",
    ),
    (
        "softplus ext",
        lambda x: np.logaddexp(0, x),
        (np.array([-800.0, 800, 0, -30]),),
        lambda g, x: g * sig(x),
        "PASS",
    ),
    (
        "sinc0",
        np.sinc,
        (np.array([0.0, 0.5]),),
        lambda g, x: (
            g
            * np.where(
                x == 0,
                0,
                (np.cos(np.pi * x) * np.pi * x - np.sin(np.pi * x))
                / np.where(x == 0, 1, np.pi * x * x),
            )
        ),
        "PASS",
    ),
    (
        "hypot",
        np.hypot,
        (np.array([3.0, 1e-8]), np.array([4.0, 1e-8])),
        lambda g, x, y: (g * x / np.hypot(x, y), g * y / np.hypot(x, y)),
        "PASS",
    ),
    (
        "arctan2",
        np.arctan2,
        (np.array([3.0, -1e-8]), np.array([4.0, 1e8])),
        lambda g, y, x: (g * x / (x * x + y * y), -g * y / (x * x + y * y)),
        "PASS",
    ),
    ("zeros sin", np.sin, (np.zeros(4),), lambda g, x: g * np.cos(x), "PASS"),
    ("zeros sq", np.square, (np.zeros(4),), lambda g, x: g * 2 * x, "PASS"),
    ("x4", lambda x: x**4, (np.zeros(2),), lambda g, x: 4 * x**3 * g, "PASS"),
    ("x3", lambda x: x**3, (np.zeros(2),), lambda g, x: 3 * x**2 * g, "PASS"),
    ("cos0", np.cos, (np.zeros(3),), lambda g, x: -g * np.sin(x), "PASS"),
    (
        "zeros mm",
        lambda a, b: a @ b,
        (np.zeros((2, 3)), np.zeros((3, 2))),
        lambda g, a, b: (g @ b.T, a.T @ g),
        "PASS",
    ),
    ("sumsq0", lambda x: np.sum(x * x), (np.zeros(5),), lambda g, x: 2 * x * g, "PASS"),
    ("denorm", lambda x: x * 2, (np.array([5e-324, 1e-310]),), lambda g, x: 2 * g, "PASS"),
    ("1e-300", np.sin, (np.array([1e-300]),), lambda g, x: g * np.cos(x), "PASS"),
]

for name, f, x, vjp, verdict in MORE:
    add(name, f, x, vjp, verdict)
