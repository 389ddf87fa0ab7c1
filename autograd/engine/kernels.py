"""NumPy functions that NumPy does not have: plain data in, plain data out, no derivatives."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.engine.arrays import as_array, ndim_of

NUMBERS = frozenset((float, int, bool))


def refuse_complex(x: Any, name: str) -> None:
    """TypeError for complex numbers, which have no order."""
    if type(x) is complex or (hasattr(x, "dtype") and x.dtype.kind == "c"):
        raise TypeError(f"{name} takes real numbers: give it z.real, z.imag or np.abs(z)")


def relu(x: Any) -> Any:
    """max(x, 0), with NaN kept."""
    refuse_complex(x, "relu")
    return np.maximum(x, 0)


def relu_scalar(x: float) -> float:
    """`relu` of a Python float."""
    return x if x > 0.0 else 0.0 * x if x != x else 0.0


def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(-x)) without overflow: both tails go through exp(-abs(x))."""
    refuse_complex(x, "sigmoid")
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


def sigmoid_scalar(x: float) -> float:
    """`sigmoid` of a Python float."""
    small = math.exp(-abs(x))
    return (1.0 if x >= 0.0 else small) / (1.0 + small)


def softplus(x: Any) -> Any:
    """log(1 + exp(x)) without overflow."""
    refuse_complex(x, "softplus")
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def softplus_scalar(x: float) -> float:
    """`softplus` of a Python float."""
    return (x if x > 0.0 else 0.0) + math.log1p(math.exp(-abs(x)))


def astype(x: Any, dtype: Any, order: str = "K") -> Any:
    """x in another float or complex dtype; a Python number becomes a NumPy scalar, or an array of
    no axes where the byte order is not the machine's, which no scalar has."""
    if not np.dtype(dtype).isnative and not ndim_of(x):
        return np.asarray(x, dtype)
    if not hasattr(x, "astype"):
        return np.dtype(dtype).type(x)
    return x.astype(dtype) if order == "K" else x.astype(dtype, order)


def unbroadcast(x: Any, shape: tuple[int, ...]) -> Any:
    """The transpose of broadcasting: x summed over the axes that `shape` lacks or has as 1."""
    lead = ndim_of(x) - len(shape)
    if lead == 1 and type(x) is np.ndarray:
        x = np.add.reduce(x, axis=0)
        if x.shape == shape:
            return x
    elif lead:
        x = np.sum(x, axis=tuple(range(lead)))
    stretched = tuple([i for i, n in enumerate(shape) if n == 1 and x.shape[i] != 1])
    return np.sum(x, axis=stretched, keepdims=True) if stretched else x


def where(condition: Any, a: Any, b: Any) -> Any:
    """`np.where`; a choice between Python numbers stays one, one between scalars a scalar."""
    if type(condition) is bool and type(a) in NUMBERS and type(b) in NUMBERS:
        chosen = a if condition else b
        return chosen if type(a) is type(b) else float(chosen)
    return np.where(condition, a, b)[()]


def broadcast_to(x: Any, shape: tuple[int, ...]) -> Any:
    """`np.broadcast_to` as an array of its own: faster to make than the view, and writable."""
    y = np.empty_like(x, shape=shape)
    y[...] = x
    return y


def sinc_derivative(x: Any, order: int = 1) -> Any:
    """The derivative of the given order of sin(x) / x, also near 0:
    the integral of t**order * cos(x * t + order * pi / 2) over 0 <= t <= 1.

    Gauss-Legendre quadrature where x is small; else the recurrence
    x * s[n] = sin(x + n * pi / 2) - n * s[n - 1], which is stable there.
    """
    x = as_array(x)
    near = np.abs(x) < 6 + 2 * order
    small = np.where(near, x, 0.0)
    nodes, weights = np.polynomial.legendre.leggauss(40 + 2 * order)
    t = (nodes + 1) / 2
    waves = t**order * shifted_cosine(small[..., None] * t, order)
    far = np.where(near, 1.0, x)
    s = np.sin(far) / far
    for n in range(1, order + 1):
        s = (shifted_cosine(far, n - 1) - n * s) / far
    return np.where(near, waves @ (weights / 2), s).astype(x.dtype)[()]


def shifted_cosine(x: Any, quarters: int) -> Any:
    """cos(x + quarters * pi / 2), without rounding the sum: exact zeros stay."""
    y = np.sin(x) if quarters % 2 else np.cos(x)
    return -y if quarters % 4 in (1, 2) else y


def bessel_i(x: Any, order: int = 1) -> Any:
    """The modified Bessel function of the first kind: the mean of exp(x * cos(u)) * cos(order * u)
    over 0 <= u < 2 * pi, by the trapezoidal rule, which converges exponentially.

    Of exp = cosh + sinh one half cancels; without it the function is exact at 0."""
    x = as_array(x)
    count = 64 + 9 * 27  # enough for x = 710, beyond which exp(x) overflows
    angles = np.arange(count) * (2 * np.pi / count)
    half = np.sinh if order % 2 else np.cosh
    waves = half(x[..., None] * np.cos(angles)) * np.cos(order * angles)
    return np.mean(waves, axis=-1).astype(x.dtype)[()]


def copy(x: Any, order: str = "K") -> Any:
    """`np.copy`; a Python number stays one."""
    if isinstance(x, np.ndarray):
        return x.copy(order)  # type: ignore[arg-type]
    return x.copy() if hasattr(x, "copy") else x
