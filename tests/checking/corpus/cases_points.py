"""Right backwards at hard points, and with float32 inside."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.checking.corpus.cases import add
from tests.checking.corpus.models import W1, W2, huber, lse, lse_v, net_v, r, readonly, sig, sl

MORE: list[tuple[Any, ...]] = [
    ("1e300", lambda x: x * 1e300, (np.array([1.5]),), lambda g, x: g * 1e300, "PASS"),
    (
        "1e300b",
        lambda x: np.sqrt(x),
        (np.array([1e300]),),
        lambda g, x: g * 0.5 / np.sqrt(x),
        "PASS",
    ),
    (
        "osc",
        lambda x: x * x * np.sin(1 / x),
        (np.array([1e-3, 0.1]),),
        lambda g, x: g * (2 * x * np.sin(1 / x) - np.cos(1 / x)),
        "PASS",
    ),
    (
        "steep",
        lambda x: sig(1e6 * x),
        (np.array([1e-7]),),
        lambda g, x: g * 1e6 * sig(1e6 * x) * (1 - sig(1e6 * x)),
        "PASS",
    ),
    (
        "steep0",
        lambda x: sig(1e6 * x),
        (np.array([0.0]),),
        lambda g, x: g * 1e6 * sig(1e6 * x) * (1 - sig(1e6 * x)),
        "PASS",
    ),
    (
        "tanh1e8",
        lambda x: np.tanh(1e8 * x),
        (np.array([1.0, 0.0]) * 1e-9,),
        lambda g, x: g * 1e8 * (1 - np.tanh(1e8 * x) ** 2),
        "PASS",
    ),
    ("mod", lambda x: np.mod(x, 1), (np.array([0.9999999, 0.3]),), lambda g, x: g, "PASS"),
    ("floor+x", lambda x: np.floor(x) + x, (np.array([1 - 1e-9, 2.5]),), lambda g, x: g, "PASS"),
    ("slow", sl, (np.ones(5) * 0.3,), lambda g, x: g * np.cos(x), "PASS"),
    (
        "f16 in",
        np.tanh,
        (np.array([0.3, -0.5], np.float16),),
        lambda g, x: g * (1 - np.tanh(x) ** 2),
        "PASS",
    ),
    (
        "longd",
        np.tanh,
        (np.array([0.3, -0.5], np.longdouble),),
        lambda g, x: g * (1 - np.tanh(x) ** 2),
        "PASS",
    ),
    (
        "fortran",
        lambda a: a @ a,
        (np.asfortranarray(r.normal(size=(3, 3))),),
        lambda g, a: g @ a.T + a.T @ g,
        "PASS",
    ),
    ("strided", np.sin, (r.normal(size=10)[::-2],), lambda g, x: g * np.cos(x), "PASS"),
    ("readonly", np.sin, (readonly([0.1, 0.2]),), lambda g, x: g * np.cos(x), "PASS"),
    ("bigend", np.sin, (np.array([0.1, 0.2], ">f8"),), lambda g, x: g * np.cos(x), "PASS"),
    (
        "huber at delta",
        huber,
        (np.array([1.0, -1.0, 0.3]),),
        lambda g, x: g * np.clip(x, -1, 1),
        "PASS",
    ),
    ("elementwise1000", np.sin, (r.normal(size=1000),), lambda g, x: g * np.cos(x), "PASS"),
    ("elementwise100k", np.sin, (r.normal(size=(100, 1000)),), lambda g, x: g * np.cos(x), "PASS"),
    (
        "bcast view",
        lambda x: np.sum(x),
        (np.ones((2, 3)),),
        lambda g, x: np.broadcast_to(g, x.shape),
        "PASS",
    ),
    ("int-valued", lambda x: x**3, (np.array([1.0, 2, 3]),), lambda g, x: 3 * x**2 * g, "PASS"),
    (
        "eig",
        lambda a: np.linalg.eigvalsh(a + a.T),
        (r.normal(size=(3, 3)),),
        lambda g, a: 2 * (np.linalg.eigh(a + a.T)[1] * g) @ np.linalg.eigh(a + a.T)[1].T,
        "PASS",
    ),
    ("exp700", np.exp, (np.array([700.0, -700.0]),), lambda g, x: g * np.exp(x), "PASS"),
    (
        "x^x",
        lambda x: x**x,
        (np.array([1e-3, 5.0]),),
        lambda g, x: g * x**x * (np.log(x) + 1),
        "PASS",
    ),
    ("log1p", np.log1p, (np.array([1e-18, 1e-9]),), lambda g, x: g / (1 + x), "PASS"),
    ("expm1", np.expm1, (np.array([1e-18, 1e-9]),), lambda g, x: g * np.exp(x), "PASS"),
    (
        "1-cos",
        lambda x: 1 - np.cos(x),
        (np.array([1e-6, 1e-3]),),
        lambda g, x: g * np.sin(x),
        "PASS",
    ),
    (
        "naive var",
        lambda x: np.mean(x**2) - np.mean(x) ** 2,
        (1e6 + r.normal(size=5),),
        lambda g, x: g * 2 * (x - x.mean()) / 5,
        "PASS",
    ),
    (
        "y-out inf",
        lambda x: np.exp(x),
        (np.array([800.0, 1.0]),),
        lambda g, x: g * np.exp(x),
        "INCONCLUSIVE",
    ),
    (
        "f32 in complex chain",
        lambda x: np.sum(np.exp(x) / np.exp(x).sum() * x),
        (r.normal(size=6).astype(np.float32),),
        None,
        "PASS",
    ),
    (
        "f32 lse inside",
        lambda x: float(lse(x.astype(np.float32))),
        (r.normal(size=6),),
        lse_v,
        "PASS",
    ),
    (
        "f32 relu net",
        lambda x: (
            np.maximum(x.astype(np.float32) @ W1.astype(np.float32), 0) @ W2.astype(np.float32)
        ).astype(float),
        (r.normal(size=(4, 6)),),
        net_v,
        "PASS",
    ),
    (
        "f32 relu net wrong",
        lambda x: (
            np.maximum(x.astype(np.float32) @ W1.astype(np.float32), 0) @ W2.astype(np.float32)
        ).astype(float),
        (r.normal(size=(4, 6)),),
        lambda g, x: net_v(g, x) * 1.001,
        "FAIL",
    ),
    (
        "f32 big sum",
        lambda x: np.sum(np.sin(x.astype(np.float32)), dtype=np.float32),
        (r.normal(size=500),),
        lambda g, x: g * np.cos(x),
        "PASS",
    ),
    (
        "f32 offset",
        lambda x: (1000 + np.sin(x.astype(np.float32))).astype(np.float32),
        (np.array([0.3, 0.4]),),
        lambda g, x: g * np.cos(x),
        "PASS",
    ),
    (
        "f32 offset wrong",
        lambda x: (1000 + np.sin(x.astype(np.float32))).astype(np.float32),
        (np.array([0.3, 0.4]),),
        lambda g, x: g * np.cos(x) * 2,
        "FAIL",
    ),
]

for name, f, x, vjp, verdict in MORE:
    add(name, f, x, vjp, verdict)
