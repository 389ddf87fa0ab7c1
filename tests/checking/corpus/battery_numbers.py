"""Numbers: small beside large, low precision, outputs of rounding only, integers, dicts, noise."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.checking.corpus.battery import NOT_PASS, draw, pair

R = draw(7)
A, B = R.normal(size=(6, 5)), R.normal(size=5)
LONG, LARGE = R.normal(size=3000), R.normal(size=(400, 5))
X = np.array([0.3, -0.7, 1.1, 0.9])

# --- small beside large ---------------------------------------------------------------------------
for size, unseen in ((1e-6, ()), (1e-9, ()), (1e-11, (NOT_PASS,))):
    pair(
        f"sum of tanh and {size:g} sin",
        lambda a, b, size=size: np.sum(np.tanh(a)) + size * np.sum(np.sin(b)),
        (A, B),
        lambda g, a, b, size=size: (g * (1 - np.tanh(a) ** 2), g * size * np.cos(b)),
        small_lost=(lambda g, a, b, size=size: (g * (1 - np.tanh(a) ** 2), 0 * b), *unseen),
        small_halved=(
            lambda g, a, b, size=size: (g * (1 - np.tanh(a) ** 2), g * 0.5 * size * np.cos(b)),
            *unseen,
        ),
    )
pair(
    "large and small input",
    lambda a, b: np.sum(np.tanh(a)) + 1e-6 * np.sum(np.sin(b)),
    (LONG, B),
    lambda g, a, b: (g * (1 - np.tanh(a) ** 2), g * 1e-6 * np.cos(b)),
    small_halved=lambda g, a, b: (g * (1 - np.tanh(a) ** 2), g * 0.5e-6 * np.cos(b)),
    small_lost=lambda g, a, b: (g * (1 - np.tanh(a) ** 2), 0 * b),
    large_off=lambda g, a, b: (g * 1.001 * (1 - np.tanh(a) ** 2), g * 1e-6 * np.cos(b)),
)
pair(
    "large and tiny input",
    lambda a, b: np.sum(np.tanh(a)) + 1e-9 * np.sum(np.sin(b)),
    (LONG, B),
    lambda g, a, b: (g * (1 - np.tanh(a) ** 2), g * 1e-9 * np.cos(b)),
    tiny_halved=lambda g, a, b: (g * (1 - np.tanh(a) ** 2), g * 0.5e-9 * np.cos(b)),
    tiny_lost=(lambda g, a, b: (g * (1 - np.tanh(a) ** 2), 0 * b), NOT_PASS),
)
pair(
    "input that is not used",
    lambda a, b: np.sum(np.tanh(a)) + 0 * np.sum(b),
    (LONG, B),
    lambda g, a, b: (g * (1 - np.tanh(a) ** 2), 0 * b),
    ones=lambda g, a, b: (g * (1 - np.tanh(a) ** 2), g * 1e-6 * np.ones_like(b)),
)
pair(
    "large and tiny output of many entries",
    lambda x: (1e8 * x, 1e-8 * np.sin(x)),
    LARGE,
    lambda g, x: 1e8 * g[0] + 1e-8 * g[1] * np.cos(x),
    tiny_halved=lambda g, x: 1e8 * g[0] + 0.5e-8 * g[1] * np.cos(x),
)
pair(
    "large and small output",
    lambda x: (1e8 * x, 1e-8 * np.sin(x)),
    X,
    lambda g, x: 1e8 * g[0] + 1e-8 * g[1] * np.cos(x),
    small_halved=lambda g, x: 1e8 * g[0] + 0.5e-8 * g[1] * np.cos(x),
    small_lost=lambda g, x: 1e8 * g[0],
)
pair(
    "large and small output of many entries",
    lambda x: (1e4 * x, 1e-4 * np.sin(x)),
    LARGE,
    lambda g, x: 1e4 * g[0] + 1e-4 * g[1] * np.cos(x),
    small_halved=lambda g, x: 1e4 * g[0] + 0.5e-4 * g[1] * np.cos(x),
)
pair(
    "units",
    lambda x: np.sum(x**2 * np.array([1e-12, 1.0, 1e12])),
    np.array([1e6, 1.0, 1e-6]),
    lambda g, x: 2 * g * x * np.array([1e-12, 1.0, 1e12]),
    first_halved=lambda g, x: 2 * g * x * np.array([0.5e-12, 1.0, 1e12]),
    last_sign=lambda g, x: 2 * g * x * np.array([1e-12, 1.0, -1e12]),
)

# --- outputs of rounding only ---------------------------------------------------------------------
pair(
    "mean of what is centred",
    lambda a: np.append(a - a.mean(), (a - a.mean()).mean()),
    R.normal(size=7),
    lambda g, a: g[:-1] - g[:-1].mean(),
    mean_lost=lambda g, a: g[:-1],
)
pair(
    "softmax and its sum",
    lambda x: np.append(np.exp(x) / np.exp(x).sum(), (np.exp(x) / np.exp(x).sum()).sum()),
    X,
    lambda g, x: (
        np.exp(x) / np.exp(x).sum() * (g[:-1] - (g[:-1] * np.exp(x)).sum() / np.exp(x).sum())
    ),
    diagonal=lambda g, x: g[:-1] * np.exp(x) / np.exp(x).sum(),
)
pair(
    "fft as two real arrays",
    lambda x: (np.fft.fft(x).real, np.fft.fft(x).imag),
    R.normal(size=6),
    lambda g, x: np.fft.fft(g[0] - 0j).real + np.fft.fft(g[1]).imag,
    imaginary_sign=lambda g, x: np.fft.fft(g[0]).real - np.fft.fft(g[1]).imag,
)

# --- low precision inside -------------------------------------------------------------------------


def bfloat16(x: Any) -> Any:
    """A float rounded to 8 significant bits."""
    bits = np.asarray(x, dtype=np.float32).view(np.uint32)
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) & np.uint32(0xFFFF0000)
    return rounded.astype(np.uint32).view(np.float32)


def float16(x: Any) -> Any:
    return np.asarray(x).astype(np.float16)


def float32(x: Any) -> Any:
    return np.asarray(x).astype(np.float32)


LOW = {"float32": float32, "float16": float16, "bfloat16": bfloat16}
INSIDE: dict[str, tuple[Any, Any]] = {
    "sin": (np.sin, np.cos),
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    "exp": (np.exp, np.exp),
    "square": (np.square, lambda x: 2 * x),
    "sigmoid": (lambda x: 1 / (1 + np.exp(-x)), lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2),
    "gauss": (lambda x: np.exp(-x * x), lambda x: -2 * x * np.exp(-x * x)),
}
for unit, cast in LOW.items():
    for word, (h, slope) in INSIDE.items():
        pair(
            f"{unit} {word}",
            lambda x, h=h, cast=cast: cast(h(cast(x))).astype(np.float64),
            X,
            lambda g, x, slope=slope: g * slope(x),
            verdict="PASS" if unit == "float32" else "NOT FAIL",
            twice=lambda g, x, slope=slope: 2 * g * slope(x),
            half=lambda g, x, slope=slope: 0.5 * g * slope(x),
            sign=lambda g, x, slope=slope: -g * slope(x),
        )
pair(
    "float16 matmul",
    lambda a, b: (float16(a) @ float16(b)).astype(np.float64),
    (A, R.normal(size=(5, 2))),
    lambda g, a, b: (g @ b.T, a.T @ g),
    verdict="NOT FAIL",
    twice=lambda g, a, b: (2 * g @ b.T, a.T @ g),
)
pair(
    "float16 mean of squares, scaled",
    lambda x: 37.0 * float(np.mean(float16(x) ** 2, dtype=np.float16)),
    R.normal(size=12),
    lambda g, x: g * 37.0 * 2 * x / 12,
    verdict="NOT FAIL",
    no_2=lambda g, x: g * 37.0 * x / 12,
)

# --- integers, bools, dicts -----------------------------------------------------------------------
K, M = np.array([0, 2, 2]), np.array([True, False, True, True])


def indexed(g: Any, x: Any, k: Any) -> Any:
    return np.bincount(k, 2 * g, x.size)


pair("integers: None", lambda x, k: 2 * x[k], (X, K), lambda g, x, k: (indexed(g, x, k), None))
pair("integers: zeros", lambda x, k: 2 * x[k], (X, K), lambda g, x, k: (indexed(g, x, k), 0.0 * k))
pair(
    "integers: left out",
    lambda x, k: 2 * x[k],
    (X, K),
    indexed,
    half=lambda g, x, k: indexed(g, x, k) / 2,
)
pair(
    "integers first, left out",
    lambda k, x, y: x[k] * y,
    (K, X, np.ones(3)),
    lambda g, k, x, y: (np.bincount(k, g * y, 4), g * x[k]),
    swapped=lambda g, k, x, y: (np.bincount(k, g * y, 4), g * y),
)
pair("bools: left out", lambda x, m: np.where(m, x, 0), (X, M), lambda g, x, m: g * m)
pair(
    "bools: zeros",
    lambda x, m: np.where(m, x, 0),
    (X, M),
    lambda g, x, m: (g * m, np.zeros(4, bool)),
)
pair(
    "dict by key",
    lambda p: p["w"] * p["b"],
    {"w": X, "b": X[::-1].copy()},
    lambda g, p: {"b": g * p["w"], "w": g * p["b"]},
    swapped=lambda g, p: {"b": g * p["b"], "w": g * p["w"]},
    one_lost=lambda g, p: {"b": g * p["w"]},
)
pair(
    "nested dict by key",
    lambda p: p["layer"]["w"] @ p["x"] + p["layer"]["b"],
    {"x": B, "layer": {"w": A, "b": A[:, 0]}},
    lambda g, p: {"layer": {"b": g, "w": np.outer(g, p["x"])}, "x": p["layer"]["w"].T @ g},
    sign=lambda g, p: {"layer": {"b": -g, "w": np.outer(g, p["x"])}, "x": p["layer"]["w"].T @ g},
)

# --- noise ----------------------------------------------------------------------------------------


def iterate(x: Any, tolerance: float) -> Any:
    """The fixed point of y = cos(y) / 2 + x, to a tolerance."""
    y = np.zeros_like(x)
    for _ in range(200):
        new = 0.5 * np.cos(y) + x
        done = np.max(np.abs(new - y)) < tolerance
        y = new
        if done:
            break
    return y


# A coarser solver has a slope of its own: the gradient of the exact solution is off by that.
for tolerance in (1e-12, 1e-8, 1e-5):
    pair(
        f"fixed point to {tolerance:g}",
        lambda x, tolerance=tolerance: iterate(x, tolerance),
        X,
        (lambda g, x: g / (1 + 0.5 * np.sin(iterate(x, 1e-14)))) if tolerance < 1e-10 else None,
        minus=lambda g, x: g / (1 - 0.5 * np.sin(iterate(x, 1e-14))),
        explicit=lambda g, x: g / (1 + 0.5 * np.sin(x)),
    )


def simulated(x: Any) -> Any:
    """Rounded to seven decimals, as a program that prints and parses."""
    return np.array([float(f"{v:.7f}") for v in np.sin(x) * 3])


pair(
    "printed and parsed",
    simulated,
    X,
    lambda g, x: 3 * g * np.cos(x),
    half=lambda g, x: 1.5 * g * np.cos(x),
)
