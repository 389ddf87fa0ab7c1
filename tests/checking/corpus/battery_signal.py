"""Signals, geometry and physics."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.checking.corpus.battery import draw, pair

R = draw(4)
X = R.normal(size=8)
N = X.size


def rfft_vjp(g: Any, x: Any, double: bool = False) -> Any:
    """Re(g dy) = Re(c dx), y = sum x exp(-2 pi i jk / n): c is the real part of sum g exp."""
    k = np.arange(g.size)[:, None] * np.arange(x.size)[None, :]
    weight = np.where((np.arange(g.size) % (x.size // 2) == 0) | (not double), 1.0, 2.0)
    return np.real((g * weight) @ np.exp(-2j * np.pi * k / x.size))


pair(
    "rfft",
    np.fft.rfft,
    X,
    rfft_vjp,
    doubled=lambda g, x: rfft_vjp(g, x, double=True),
    other_sign=lambda g, x: rfft_vjp(np.conj(g), x),
    over_n=(lambda g, x: rfft_vjp(g, x) / x.size, "factor"),
)
pair(
    "fft of a real signal",
    np.fft.fft,
    X,
    lambda g, x: np.real(np.fft.fft(g)),
    inverse=(lambda g, x: np.real(np.fft.ifft(g)), "factor", "conjugate"),
    imaginary=lambda g, x: np.imag(np.fft.fft(g)),
)
pair(
    "irfft",
    lambda a: np.fft.irfft(a, 8),
    np.fft.rfft(X) + 0.0,
    lambda g, a: np.conj(np.fft.rfft(g)) / 8 * np.array([1, 2, 2, 2, 1]),
    ends_doubled=lambda g, a: np.conj(np.fft.rfft(g)) / 4,
    no_n=lambda g, a: np.conj(np.fft.rfft(g)) * np.array([1, 2, 2, 2, 1]),
)
pair(
    "power spectrum",
    lambda x: np.abs(np.fft.fft(x)) ** 2,
    X,
    lambda g, x: 2 * np.real(x.size * np.fft.ifft(g * np.fft.fft(x))),
    no_n=(lambda g, x: 2 * np.real(np.fft.ifft(g * np.fft.fft(x))), "factor"),
    no_2=(lambda g, x: np.real(x.size * np.fft.ifft(g * np.fft.fft(x))), "factor"),
)
pair(
    "circular convolution",
    lambda x, h: np.real(np.fft.ifft(np.fft.fft(x) * np.fft.fft(h))),
    (X, R.normal(size=8)),
    lambda g, x, h: (
        np.real(np.fft.ifft(np.fft.fft(g) * np.conj(np.fft.fft(h)))),
        np.real(np.fft.ifft(np.fft.fft(g) * np.conj(np.fft.fft(x)))),
    ),
    no_conjugate=lambda g, x, h: (
        np.real(np.fft.ifft(np.fft.fft(g) * np.fft.fft(h))),
        np.real(np.fft.ifft(np.fft.fft(g) * np.fft.fft(x))),
    ),
)
pair(
    "moving average",
    lambda x: np.convolve(x, np.ones(3) / 3, "same"),
    X,
    lambda g, x: np.convolve(g, np.ones(3) / 3, "same"),
    no_3=(lambda g, x: np.convolve(g, np.ones(3), "same"), "factor"),
    shifted=(lambda g, x: np.roll(np.convolve(g, np.ones(3) / 3, "same"), 1), "shift"),
)


def smooth(x: Any) -> Any:
    y = np.zeros_like(x)
    state = 0.0
    for k, v in enumerate(x):
        state = 0.9 * state + 0.1 * v
        y[k] = state
    return y


pair(
    "exponential smoothing",
    smooth,
    X,
    lambda g, x: smooth(g[::-1])[::-1],
    forward=(lambda g, x: smooth(g), "transposed"),
    memoryless=(lambda g, x: 0.1 * g, "diagonal"),
)
pair(
    "difference",
    np.diff,
    X,
    lambda g, x: -np.diff(g, prepend=0, append=0),
    sign=(lambda g, x: np.diff(g, prepend=0, append=0), "sign"),
    one_side=lambda g, x: np.append(-g, 0.0),
)
pair(
    "cumulative product",
    np.cumprod,
    X,
    lambda g, x: np.cumsum((g * np.cumprod(x))[::-1])[::-1] / x,
    forward=lambda g, x: np.cumsum(g * np.cumprod(x)) / x,
    no_division=lambda g, x: np.cumsum((g * np.cumprod(x))[::-1])[::-1],
)
pair(
    "trapezoid",
    lambda x: np.sum(0.5 * (x[1:] + x[:-1])),
    X,
    lambda g, x: g * np.array([0.5, *[1.0] * (N - 2), 0.5]),
    ends=(lambda g, x: g * np.ones(N), "few entries"),
    half=lambda g, x: g * 0.5 * np.ones(N),
)
pair(
    "roll",
    lambda x: np.roll(x, 2) * 3,
    X,
    lambda g, x: 3 * np.roll(g, -2),
    same_way=lambda g, x: 3 * np.roll(g, 2),
    unrolled=(lambda g, x: 3 * g, "shift", "permutation"),
)

# --- geometry -------------------------------------------------------------------------------------


def iou(a: Any, b: Any) -> Any:
    w = np.maximum(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0)
    inter = w[0] * w[1]
    return inter / (np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - inter)


def iou_half(a: Any, b: Any, union: float = 1.0) -> Any:
    w = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    inter, s = w[0] * w[1], a[2:] - a[:2]
    total = np.prod(s) + np.prod(b[2:] - b[:2]) - inter
    di = np.concatenate([-1.0 * (a[:2] > b[:2]) * w[::-1], (a[2:] < b[2:]) * w[::-1]])
    da = np.concatenate([-s[::-1], s[::-1]])
    return di / total - union * inter / total**2 * (da - di)


BOXES = (np.array([0.1, 0.2, 1.1, 1.3]), np.array([0.4, 0.1, 1.6, 1.2]))
pair(
    "intersection over union",
    iou,
    BOXES,
    lambda g, a, b: (g * iou_half(a, b), g * iou_half(b, a)),
    union_constant=lambda g, a, b: (g * iou_half(a, b, 0.0), g * iou_half(b, a, 0.0)),
    swapped=(lambda g, a, b: (g * iou_half(b, a), g * iou_half(a, b)), "swapped"),
)


def rotate(t: Any, p: Any) -> Any:
    c, s = np.cos(t), np.sin(t)
    return np.array([[c, -s], [s, c]]) @ p


def rotate_vjp(g: Any, t: Any, p: Any, sign: float = 1.0) -> Any:
    c, s = np.cos(t), np.sin(t)
    turn = np.array([[c, -s], [s, c]])
    change = np.array([[-s, -sign * c], [sign * c, -s]])
    return np.sum(g * (change @ p)), turn.T @ g


pair(
    "rotation",
    rotate,
    (0.7, R.normal(size=(2, 3))),
    rotate_vjp,
    turned_on=lambda g, t, p: (rotate_vjp(g, t, p)[0], rotate(t, g)),
    angle_sign=lambda g, t, p: (rotate_vjp(g, t, p, -1.0)[0], rotate_vjp(g, t, p)[1]),
)
pair(
    "cross product",
    np.cross,
    (R.normal(size=3), R.normal(size=3)),
    lambda g, a, b: (np.cross(b, g), np.cross(g, a)),
    order=(lambda g, a, b: (np.cross(g, b), np.cross(a, g)), "sign"),
    one_order=lambda g, a, b: (np.cross(b, g), np.cross(a, g)),
)
pair(
    "normalise",
    lambda v: v / np.linalg.norm(v),
    R.normal(size=3),
    lambda g, v: (g - v * (g @ v) / (v @ v)) / np.linalg.norm(v),
    norm_constant=lambda g, v: g / np.linalg.norm(v),
    projection=lambda g, v: g - v * (g @ v) / (v @ v),
)
GRID = np.array([0.0, 1.0, 2.0, 3.0])


def lerp_vjp(g: Any, x: Any, y: Any) -> Any:
    k = np.clip(np.searchsorted(GRID, x) - 1, 0, 2)
    w = x - GRID[k]
    dy = np.zeros_like(y)
    np.add.at(dy, k, g * (1 - w))
    np.add.at(dy, k + 1, g * w)
    return g * (y[k + 1] - y[k]), dy


def lerp_assigned(g: Any, x: Any, y: Any) -> Any:
    k = np.clip(np.searchsorted(GRID, x) - 1, 0, 2)
    w = x - GRID[k]
    dy = np.zeros_like(y)
    dy[k] += g * (1 - w)
    dy[k + 1] += g * w
    return g * (y[k + 1] - y[k]), dy


# Right inside the table; outside, the function is constant and this backward is not.
pair(
    "interpolation",
    lambda x, y: np.interp(x, GRID, y),
    (np.array([0.3, 1.6, 1.7, 2.2]), R.normal(size=4)),
    lerp_vjp,
    assigned=lerp_assigned,
    weights_swapped=lambda g, x, y: (lerp_vjp(g, x, y)[0], lerp_vjp(g, x, y)[1][::-1]),
)


def distances(a: Any, b: Any) -> Any:
    return np.sqrt(np.sum((a[:, None] - b[None]) ** 2, -1))


def distances_vjp(g: Any, a: Any, b: Any) -> Any:
    d = (a[:, None] - b[None]) / distances(a, b)[..., None]
    return np.sum(g[..., None] * d, 1), -np.sum(g[..., None] * d, 0)


pair(
    "pairwise distances",
    distances,
    (R.normal(size=(3, 2)), R.normal(size=(4, 2))),
    distances_vjp,
    second_sign=lambda g, a, b: (distances_vjp(g, a, b)[0], -distances_vjp(g, a, b)[1]),
    squared=lambda g, a, b: tuple(2 * c for c in distances_vjp(g * distances(a, b), a, b)),
)
pair(
    "polar",
    lambda x, y: (np.hypot(x, y), np.arctan2(y, x)),
    (np.array([0.5, -1.0]), np.array([1.5, 0.3])),
    lambda g, x, y: (
        g[0] * x / np.hypot(x, y) - g[1] * y / (x * x + y * y),
        g[0] * y / np.hypot(x, y) + g[1] * x / (x * x + y * y),
    ),
    angle_sign=lambda g, x, y: (
        g[0] * x / np.hypot(x, y) + g[1] * y / (x * x + y * y),
        g[0] * y / np.hypot(x, y) - g[1] * x / (x * x + y * y),
    ),
    radius_only=lambda g, x, y: (g[0] * x / np.hypot(x, y), g[0] * y / np.hypot(x, y)),
)

# --- physics --------------------------------------------------------------------------------------


def spring(q: Any, p: Any) -> Any:
    for _ in range(5):
        p = p - 0.1 * np.sin(q)
        q = q + 0.1 * p
    return q


def spring_vjp(g: Any, q: Any, p: Any, kick: float = 0.1) -> Any:
    path = []
    for _ in range(5):
        path.append(q)
        p = p - 0.1 * np.sin(q)
        q = q + 0.1 * p
    dq, dp = g, 0 * g
    for at in reversed(path):
        dp = dp + 0.1 * dq
        dq = dq - kick * np.cos(at) * dp
    return dq, dp


pair(
    "leapfrog",
    spring,
    (np.array([0.4, 1.0]), np.array([0.2, -0.5])),
    spring_vjp,
    force_lost=lambda g, q, p: spring_vjp(g, q, p, 0.0),
    force_sign=lambda g, q, p: spring_vjp(g, q, p, -0.1),
)
pair(
    "lennard jones",
    lambda r: np.sum(4 * (r**-12 - r**-6)),
    np.array([1.1, 1.5, 0.95]),
    lambda g, r: g * 4 * (-12 * r**-13 + 6 * r**-7),
    exponent=lambda g, r: g * 4 * (-12 * r**-13 + 6 * r**-6),
    force=(lambda g, r: -g * 4 * (-12 * r**-13 + 6 * r**-7), "sign"),
)


def heat(u: Any) -> Any:
    for _ in range(3):
        u = u + 0.2 * (np.roll(u, 1) - 2 * u + np.roll(u, -1))
    return u


pair(
    "heat equation",
    heat,
    X,
    lambda g, u: heat(g),
    one_step_less=lambda g, u: heat(heat(g)),
    not_propagated=lambda g, u: g,
)


def burgers(u: Any) -> Any:
    return u - 0.1 * u * (u - np.roll(u, 1))


pair(
    "upwind step",
    burgers,
    X,
    lambda g, u: g - 0.1 * g * (2 * u - np.roll(u, 1)) + np.roll(0.1 * g * u, -1),
    neighbour_lost=lambda g, u: g - 0.1 * g * (2 * u - np.roll(u, 1)),
    wrong_way=lambda g, u: g - 0.1 * g * (2 * u - np.roll(u, 1)) + np.roll(0.1 * g * u, 1),
    velocity_constant=lambda g, u: g - 0.1 * g * u + np.roll(0.1 * g * u, -1),
)


def newton_root(a: Any) -> Any:
    y = np.ones_like(a)
    for _ in range(30):
        y = y - (y**3 + y - a) / (3 * y * y + 1)
    return y


pair(
    "implicit root",
    newton_root,
    np.array([0.5, 2.0, 7.0]),
    lambda g, a: g / (3 * newton_root(a) ** 2 + 1),
    no_1=lambda g, a: g / (3 * newton_root(a) ** 2),
    last_step=lambda g, a: g / (3 * a**2 + 1),
)


def gravity(x: Any) -> Any:
    return -x / np.sum(x * x) ** 1.5


pair(
    "gravity",
    gravity,
    R.normal(size=3) + 1,
    lambda g, x: -g / np.sum(x * x) ** 1.5 + 3 * x * (g @ x) / np.sum(x * x) ** 2.5,
    tidal_lost=lambda g, x: -g / np.sum(x * x) ** 1.5,
    tidal_sign=lambda g, x: -g / np.sum(x * x) ** 1.5 - 3 * x * (g @ x) / np.sum(x * x) ** 2.5,
)
