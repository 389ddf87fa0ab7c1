"""Kernels of neural networks: plain data in, plain data out, as in `autograd.engine.kernels`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from autograd.engine.arrays import as_array, is_foreign
from autograd.engine.strong_zero import is_finite


def affine(x: Any, w: Any, b: Any) -> Any:
    """x @ w + b, the sum in place where that keeps the dtype; all leading axes are taken as one, so
    that it is one matrix product."""
    if x.ndim > 2:
        return affine(x.reshape(-1, x.shape[-1]), w, b).reshape(*x.shape[:-1], w.shape[-1])
    y = x @ w
    if y.dtype == b.dtype:
        y += b
        return y
    return y + b


def shift_of(x: Any, axis: Any) -> Any:
    """The largest entries along an axis, 0 where that is infinite: taken from x, they change no
    softmax, and exp cannot overflow."""
    if is_foreign(x):
        top = np.max(x, axis=axis, keepdims=True)
        return np.where(np.isfinite(top), top, np.zeros_like(top))
    top = np.maximum.reduce(x, axis=axis, keepdims=True, initial=-np.inf)
    return top if is_finite(top) else np.where(np.isfinite(top), top, np.zeros_like(top))


def sum_kept(x: Any, axis: Any) -> Any:
    """The sum over an axis that stays; of NumPy's arrays by the shorter way."""
    if type(x) is np.ndarray:
        return np.add.reduce(x, axis=axis, keepdims=True)
    return np.sum(x, axis=axis, keepdims=True)


def log_softmax(x: Any, axis: Any) -> Any:
    """log(exp(x) / sum(exp(x))) along an axis."""
    z = x - shift_of(x, axis)
    return z - np.log(sum_kept(np.exp(z), axis))


def softmax(x: Any, axis: Any) -> Any:
    """exp(x) / sum(exp(x)) along an axis."""
    e = np.exp(x - shift_of(x, axis))
    return e / sum_kept(e, axis)


def logsumexp(x: Any, axis: Any, keepdims: bool) -> Any:
    """log(sum(exp(x))) along an axis; -inf where all entries are."""
    top = shift_of(x, axis)
    total = sum_kept(np.exp(x - top), axis)
    none = total == 0
    y = np.where(none, -np.inf, np.log(np.where(none, 1, total)) + top).astype(total.dtype)
    return y if keepdims else np.squeeze(y, axis=axis)[()]


def softmax_cross_entropy(x: Any, targets: Any, probabilities: bool = False) -> Any:
    """The mean over rows of -sum(targets * log_softmax(x)).

    targets        in the shape of x: one-hot, or probabilities, or any weights
    probabilities  whether they are known to sum to 1 in each row
    """
    return softmax_cross_entropy_saving(x, targets, probabilities)[0]


def softmax_cross_entropy_saving(
    x: Any, targets: Any, probabilities: bool = False
) -> tuple[Any, Any]:
    """`softmax_cross_entropy`, and its derivative, `softmax_residual`, which comes almost for free
    with it."""
    z = x - np.maximum.reduce(x, axis=-1, keepdims=True)
    if targets.dtype is not z.dtype:
        targets = targets.astype(z.dtype)
    picked = np.vdot(z, targets)
    if not math.isfinite(picked):  # 0 * -inf counts as 0: a score of -inf rules a class out
        picked = np.multiply(z, targets, out=np.zeros_like(z), where=targets != 0).sum()
    np.exp(z, out=z)
    total = np.add.reduce(z, axis=-1, keepdims=True)
    if probabilities:
        loss = (np.add.reduce(np.log(total), axis=None) - picked) / total.size
        z /= total
    else:
        weight = np.add.reduce(targets, axis=-1, keepdims=True)
        loss = (np.vdot(np.log(total), weight) - picked) / total.size
        z *= weight / total
    z -= targets
    z /= total.size
    return loss, z


def portable_cross_entropy(x: Any, targets: Any, probabilities: bool = False) -> Any:
    """`softmax_cross_entropy` in functions that dispatch."""
    z = x - np.max(x, axis=-1, keepdims=True)
    targets = targets.astype(z.dtype)
    picked = np.sum(np.where(targets == 0, 0.0, z * targets), axis=-1, keepdims=True)
    weight = 1.0 if probabilities else np.sum(targets, axis=-1, keepdims=True)
    logs = np.log(np.sum(np.exp(z), axis=-1, keepdims=True))
    return np.mean(weight * logs - picked)


def portable_residual(x: Any, targets: Any) -> Any:
    """`softmax_residual` in functions that dispatch."""
    targets = targets.astype(x.dtype)
    weight = np.sum(targets, axis=-1, keepdims=True)
    return (softmax(x, -1) * weight - targets) / (x.size // x.shape[-1])


def softmax_residual(x: Any, targets: Any) -> Any:
    """(softmax(x) * sum(targets) - targets) / number of rows: for probabilities the sum is 1."""
    return softmax_cross_entropy_saving(x, targets)[1]


SERIES = [2 / math.sqrt(math.pi) * (-1) ** k / (math.factorial(k) * (2 * k + 1)) for k in range(18)]
"""erf(x) / x as a power series in x * x."""

FAR = 6.0
"""From here on erf is 1 in double precision."""

LOW = 2 / (1 + FAR)
"""2 / (1 + x) at x = FAR; it is 1 at x = 1."""


@cache
def tail(degree: int) -> list[float]:
    """A polynomial for erfc(x) * exp(x * x) * (1 + x) on 1 <= x <= FAR, in u from -1 to 1, where
    u is linear in 2 / (1 + x): interpolated at Chebyshev points, lowest power first."""

    def scaled(u: Any) -> Any:
        x = 2 / (LOW + (1 - LOW) * (u + 1) / 2) - 1
        return [math.erfc(a) * math.exp(a * a) * (1 + a) for a in x]

    chebyshev = np.polynomial.chebyshev
    return [float(c) for c in chebyshev.cheb2poly(chebyshev.chebinterpolate(scaled, degree))]


def horner(coefficients: Sequence[float], u: Any) -> Any:
    """A polynomial, lowest power first."""
    y = np.full_like(u, coefficients[-1])
    for c in coefficients[-2::-1]:
        y *= u
        y += c
    return y


SINGLE = (
    *(1.1283792743018435, 0.10276905570906335, -0.00019183035298220638, -0.0006197852494971371),
    *(8.763761644854105e-05, -5.668531980558867e-06, 1.4185585525221764e-07),
)
"""atanh(erf(x)) / x as a polynomial in x * x, lowest power first: a least-squares fit, weighted so
that erf is off by 1e-7 of itself at most.  It rises beyond the fit, to where tanh is 1."""

SINGLE_BLOCK = 1 << 15
"""So many numbers in single precision go through all passes before the next."""


def erf_single(x: Any) -> Any:
    """`erf` in single precision, tanh of a polynomial, block by block."""
    y = np.empty(x.shape, np.float32)
    flat, out = x.reshape(-1), y.reshape(-1)
    with np.errstate(over="ignore"):  # infinite where tanh is 1
        for start in range(0, x.size, SINGLE_BLOCK):
            part = flat[start : start + SINGLE_BLOCK]
            place = out[start : start + SINGLE_BLOCK]
            square = part * part
            np.multiply(square, SINGLE[-1], out=place)
            for c in SINGLE[-2:0:-1]:
                place += c
                place *= square
            place += SINGLE[0]
            place *= part
            np.tanh(place, out=place)
    return y


def erf(x: Any) -> Any:
    """The error function 2 / sqrt(pi) * integral of exp(-t * t) for t from 0 to x, to a few units
    in the last place: a power series where abs(x) < 1, beyond it 1 - exp(-x * x) * polynomial; in
    single precision tanh of a polynomial."""
    x = as_array(x)
    x = x if x.dtype.kind == "f" else x.astype(np.float64)
    if x.dtype.itemsize <= 4:
        return erf_single(x.astype(np.float32)).astype(x.dtype)[()]
    size = np.abs(x)
    near = size < 1
    y = np.asarray(np.copysign(1, x))
    small = x[near]
    y[near] = small * horner(SERIES, small * small)
    far = ~near & (size < FAR)
    large = size[far]
    t = 2 / (1 + large)
    u = (t - LOW) * (2 / (1 - LOW)) - 1
    rest = np.exp(-large * large) * (horner(tail(18), u) * (t / 2))
    y[far] = np.copysign(1 - rest, x[far])
    return np.where(np.isnan(x), x, y)[()]


def erf_everywhere(x: Any) -> Any:
    """`erf` in functions that dispatch: both formulas at every entry, each at numbers that it is
    made for."""
    x = x if x.dtype.kind == "f" else x.astype(np.float64)
    single = x.dtype.itemsize <= 4
    size = np.abs(x)
    small = np.where(size < 1, x, 0.0)
    large = np.where((size >= 1) & (size < FAR), size, 1.0)
    t = 2 / (1 + large)
    u = (t - LOW) * (2 / (1 - LOW)) - 1
    rest = np.exp(-large * large) * (powers(tail(9 if single else 18), u) * (t / 2))
    beyond = np.copysign(np.where(size < FAR, 1 - rest, 1.0), x)
    near = small * powers(SERIES[:10] if single else SERIES, small * small)
    y = np.where(size < 1, near, beyond).astype(x.dtype)
    return np.where(np.isnan(x), x, y)


def powers(coefficients: list[float], u: Any) -> Any:
    """A polynomial, lowest power first."""
    y = coefficients[-1] * np.ones_like(u)
    for c in coefficients[-2::-1]:
        y = y * u + c
    return y
