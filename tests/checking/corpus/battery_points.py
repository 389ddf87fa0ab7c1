"""Special points: what hides a mistake, ties, kinks, jumps, infinite slopes, stale state."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.checking.corpus.battery import draw, pair, sigmoid

R = draw(6)
ONES, ZEROS = np.ones(3), np.zeros(3)
X = np.array([0.3, 1.1, 0.9, 2.0])

# --- hidden by the point --------------------------------------------------------------------------
pair("cube at 0", lambda x: x**3, ZEROS, lambda g, x: 3 * g * x * x, no_3=lambda g, x: g * x * x)
W0, XW = np.zeros((3, 2)), R.normal(size=(4, 3))
pair(
    "tanh layer at W = 0",
    lambda w: np.tanh(XW @ w),
    W0,
    lambda g, w: XW.T @ (g * (1 - np.tanh(XW @ w) ** 2)),
    no_factor=lambda g, w: XW.T @ g,
)
pair(
    "product by the identity",
    lambda x, w: x @ w,
    (XW, np.eye(3)),
    lambda g, x, w: (g @ w.T, x.T @ g),
    no_transpose=lambda g, x, w: (g @ w, x.T @ g),
    w_missing=lambda g, x, w: (g, x.T @ g),
)
pair(
    "exp gate at b = 0",
    lambda x, b: x * np.exp(b),
    (X, 0 * X),
    lambda g, x, b: (g * np.exp(b), g * x * np.exp(b)),
    no_exp=lambda g, x, b: (g, g * x),
)
pair(
    "square at ones",
    lambda x: x * x,
    ONES,
    lambda g, x: 2 * g * x,
    constant=lambda g, x: 2 * g,
    cube=lambda g, x: 2 * g * x**3,
)
pair(
    "sigmoid at 0",
    sigmoid,
    ZEROS,
    lambda g, x: g * sigmoid(x) * (1 - sigmoid(x)),
    quarter=lambda g, x: g * 0.25,
    squared=lambda g, x: g * sigmoid(x) ** 2,
)
pair("sine at 0", np.sin, ZEROS, lambda g, x: g * np.cos(x), one=lambda g, x: g)
pair("exp at 0", np.exp, ZEROS, lambda g, x: g * np.exp(x), one=lambda g, x: g * (1 + x))
pair("log at 1", np.log, ONES, lambda g, x: g / x, no_x=lambda g, x: g, x=lambda g, x: g * x)
pair("reciprocal at 1", lambda x: 1 / x, ONES, lambda g, x: -g / x**2, once=lambda g, x: -g / x)
pair(
    "softmax at equal logits",
    lambda x: np.exp(x) / np.exp(x).sum(),
    ZEROS,
    lambda g, x: np.exp(x) / np.exp(x).sum() * (g - (g * np.exp(x)).sum() / np.exp(x).sum()),
    uniform=lambda g, x: (g - g.mean()) / 3,
)
pair(
    "relu at 1",
    lambda x: np.maximum(x, 0) ** 2,
    ONES,
    lambda g, x: 2 * g * np.maximum(x, 0),
    mask=lambda g, x: 2.0 * g * (x > 0),
)
pair(
    "product at ones",
    lambda x, y: x * x * y,
    (ONES, ONES),
    lambda g, x, y: (2 * g * x * y, g * x * x),
    no_x=lambda g, x, y: (2 * g * y, g * x),
)
pair(
    "abs at 0, doubled nearby",
    np.abs,
    np.array([0.0, 0.0]),
    None,
    doubled=lambda g, x: 2 * g * np.sign(x),
)

# --- right only where the function is meant to be used --------------------------------------------


def table(x: Any) -> Any:
    return np.interp(x, [0.0, 1.0, 2.0, 3.0], [0.0, 2.0, 1.0, 5.0])


def table_vjp(g: Any, x: Any) -> Any:
    return g * np.array([2.0, -1.0, 4.0])[np.clip(x.astype(int), 0, 2)]


pair("table lookup", table, np.array([0.3, 1.6, 2.2]), table_vjp)
pair("clip from above", lambda x: np.clip(x, 0, 9), X, lambda g, x: g * (x < 9))
pair("relu of positive numbers", lambda x: np.maximum(x, 0), X, lambda g, x: g + 0 * x)
pair("root", np.sqrt, X, lambda g, x: g / (2 * np.sqrt(x)), half=lambda g, x: g / np.sqrt(x))
pair("arcsin inside", np.arcsin, X / 2.5, lambda g, x: g / np.sqrt(1 - x * x))


def positive(x: Any) -> Any:
    if np.any(x <= 0):
        raise ValueError("only for x > 0")
    return x * x


pair("raises elsewhere", positive, X, lambda g, x: 2 * g * np.abs(x), half=lambda g, x: g * x)

# --- stale state ----------------------------------------------------------------------------------


class Stale:
    """A layer that keeps what its first forward saw."""

    def __init__(self, f: Any, slope: Any) -> None:
        self.f, self.slope = f, slope
        self.saved: Any = None

    def __call__(self, x: Any) -> Any:
        if self.saved is None:
            self.saved = np.array(x)
        return self.f(x)

    def backward(self, g: Any, *_: Any) -> Any:
        return g * self.slope(self.saved)


LAYER = Stale(np.tanh, lambda x: 1 - np.tanh(x) ** 2)
pair("stale layer", LAYER, X, None, first_forward=LAYER.backward)
SEEN: dict[str, Any] = {}


def remembering(x: Any) -> Any:
    SEEN.setdefault("x", np.array(x))
    return np.exp(x)


pair("stale dict", remembering, X, None, first_forward=lambda g, x: g * np.exp(SEEN["x"]))

# --- ties and kinks -------------------------------------------------------------------------------
TIE = np.array([1.0, 1.0, 0.0])


def everybody(g: Any, x: Any) -> Any:
    return g * (x == x.max())


pair(
    "max of a tie",
    np.max,
    TIE,
    lambda g, x: g * (x == x.max()) / np.sum(x == x.max()),
    verdict="KINK",
    everybody=everybody,
    nobody=lambda g, x: g * 0.0 * x,
    negative=lambda g, x: g * np.where(x == x.max(), [1.5, -0.5, 0.0], 0.0),
)
pair("max takes the first", np.max, TIE, lambda g, x: g * np.eye(3)[np.argmax(x)], verdict="KINK")
pair(
    "maximum of two equal arrays",
    np.maximum,
    (TIE, TIE),
    lambda g, x, y: (g * np.where(x == y, 0.5, x > y), g * np.where(x == y, 0.5, y > x)),
    verdict="KINK",
    both=lambda g, x, y: (g * (x >= y), g * (y >= x)),
    neither=lambda g, x, y: (g * (x > y), g * (y > x)),
)


def sort_vjp(g: Any, x: Any) -> Any:
    c = np.zeros_like(x)
    c[np.argsort(x, kind="stable")] = g
    return c


EQUAL = np.array([2.0, 2.0, 2.0, 5.0, 2.0])
pair(
    "sort of equal values",
    np.sort,
    EQUAL,
    sort_vjp,
    verdict="KINK",
    doubled=lambda g, x: 2 * sort_vjp(g, x),
    minus=lambda g, x: -sort_vjp(g, x),
)


def median_vjp(g: Any, x: Any) -> Any:
    c = np.zeros_like(x)
    c[np.argsort(x, kind="stable")[x.size // 2]] = g
    return c


pair(
    "median of equal values",
    np.median,
    EQUAL,
    median_vjp,
    verdict="KINK",
    everybody=lambda g, x: g * (x == np.median(x)),
    nobody=lambda g, x: 0.0 * g * x,
)
pair(
    "median shared",
    np.median,
    EQUAL,
    lambda g, x: g * (x == np.median(x)) / np.sum(x == np.median(x)),
    verdict="KINK",
)


def eigenvalues(a: Any) -> Any:
    return np.linalg.eigvalsh(0.5 * (a + a.T))


def eigen_vjp(g: Any, a: Any) -> Any:
    v = np.linalg.eigh(0.5 * (a + a.T))[1]
    return (v * g) @ v.T


pair(
    "eigenvalues of the identity",
    eigenvalues,
    np.eye(3),
    eigen_vjp,
    verdict="KINK",
    doubled=lambda g, a: 2 * eigen_vjp(g, a),
    negative=lambda g, a: -eigen_vjp(g, a),
)
pair(
    "eigenvalues, one pair equal",
    eigenvalues,
    np.diag([1.0, 1.0, 3.0]),
    eigen_vjp,
    verdict="KINK",
    all_from_first=lambda g, a: eigen_vjp(g[[0, 0, 0]], a),
)
pair(
    "singular values of the identity",
    lambda a: np.linalg.svd(a, compute_uv=False),
    np.eye(2),
    lambda g, a: (np.linalg.svd(a)[0] * g) @ np.linalg.svd(a)[2],
    verdict="KINK",
    halved=lambda g, a: 0.5 * (np.linalg.svd(a)[0] * g) @ np.linalg.svd(a)[2],
)
pair(
    "norm of zeros",
    np.linalg.norm,
    ZEROS,
    lambda g, x: g * x / max(np.linalg.norm(x), 1e-300),
    verdict="KINK",
    ones=lambda g, x: g * np.ones(3),
)
pair(
    "l1 of zeros",
    lambda x: np.sum(np.abs(x)),
    np.array([0.0, 0.0, 1.0]),
    lambda g, x: g * np.sign(x),
    verdict="KINK",
    twice=lambda g, x: g * np.where(x == 0, 2.0, np.sign(x)),
)
pair(
    "sorted sum is smooth",
    lambda x: np.sum(np.sort(x) ** 2),
    EQUAL,
    lambda g, x: 2 * g * x,
    once=lambda g, x: g * x,
)
pair(
    "difference of order statistics",
    lambda x: np.max(x) - np.min(x),
    EQUAL[:3],
    lambda g, x: g * (np.eye(3)[np.argmax(x)] - np.eye(3)[np.argmin(x)]),
    verdict="KINK",
)
pair(
    "relu at 0",
    lambda x: np.maximum(x, 0),
    np.array([0.0, -1.0, 2.0]),
    lambda g, x: g * (x > 0),
    verdict="KINK",
    five=lambda g, x: g * np.where(x == 0, 5.0, x > 0),
    minus=lambda g, x: g * np.where(x == 0, -0.1, x > 0),
)
pair(
    "sign at 0",
    np.sign,
    np.array([0.0, 1.0]),
    lambda g, x: 0 * g,
    verdict="KINK",
    ste=lambda g, x: g,
)
pair("round between", np.round, X, lambda g, x: 0 * g, straight_through=lambda g, x: g)

# --- infinite slopes ------------------------------------------------------------------------------
pair(
    "square root at 0 and 4",
    np.sqrt,
    np.array([0.0, 4.0]),
    lambda g, x: g / (2 * np.sqrt(x)),
    half_elsewhere=lambda g, x: g / np.sqrt(x),
)
pair("cube root at 0", np.cbrt, np.array([0.0]), lambda g, x: g * np.inf)
