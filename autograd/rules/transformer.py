"""Rows of transformers, each in place of a dozen nodes: attention, standardisation and gelu.

Their gradients need what the forward pass has computed and little more, which they save; where they
are differentiated again, it is computed again from Values.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.engine.cotangents import unwrap
from autograd.engine.primitive import elementwise, general
from autograd.engine.strong_zero import are_finite
from autograd.rules import transformer_kernels as kernels
from autograd.rules.elementwise import exp
from autograd.rules.layers import erf
from autograd.rules.losses import softmax_row
from autograd.rules.operands import operand
from autograd.rules.selection import strong_product


# --- attention ------------------------------------------------------------------------------------
def weights_of(q: Any, k: Any, scale: float, causal: bool) -> Any:
    """softmax(q @ k^T * scale), 0 for later keys where it is causal; in functions that dispatch."""
    s = (q * scale) @ np.swapaxes(k, -1, -2)
    if causal:
        s = np.where(kernels.later(*s.shape[-2:]), -np.inf, s)
    return softmax_row(s, axis=-1)


def attention_rule(
    wanted: Any,
    g: Any,
    y: Any,
    q: Any,
    k: Any,
    v: Any,
    scale: float,
    causal: bool,
    saved: Any = None,
) -> Any:
    """s @ k * scale, s^T @ q * scale and p^T @ g, where p are the weights and s = p * (g @ v^T -
    sum(g * y)).  Where an argument is not finite, a zero of g or s wins over it."""
    p = weights_of(q, k, scale, causal) if saved is None else saved
    finite = are_finite([unwrap(x) for x in (q, k, v)])
    product, entrywise = (np.matmul, np.multiply) if finite else (strong_matmul, strong_product)
    s: Any = None
    if wanted[0] or wanted[1]:
        s = product(g, np.swapaxes(v, -1, -2)) - np.sum(entrywise(g, y), axis=-1, keepdims=True)
        s = entrywise(s, p)
    values: Any = None
    if wanted[2] and finite:
        values = np.swapaxes(p, -1, -2) @ g
    elif wanted[2]:
        values = np.swapaxes(strong_matmul(np.swapaxes(g, -1, -2), p), -1, -2)
    return (
        product(s, k * scale) if wanted[0] else None,
        product(np.swapaxes(s, -1, -2), q * scale) if wanted[1] else None,
        values,
    )


def strong_matmul(g: Any, factor: Any) -> Any:
    """g @ factor, in which a zero of g wins over what is not finite."""
    finite = np.isfinite(unwrap(factor))
    clean = g @ np.where(finite, factor, 0.0)
    met = np.where(unwrap(g) == 0, 0.0, 1.0) @ np.where(finite, 0.0, 1.0)
    return np.where(met != 0, g @ factor, clean)


attention_row = general(
    kernels.attention,
    vjp_all=attention_rule,
    saves=kernels.attention_saving,
    portable=lambda q, k, v, scale, causal: weights_of(q, k, scale, causal) @ v,
    name="attention",
    role="matrix product",
)


def attention(q: Any, k: Any, v: Any, scale: float, causal: bool = False) -> Any:
    """softmax(q @ k^T * scale) @ v: for each query the mean of the values, weighted by how well
    their keys fit.

    q       (..., queries, d);  k (..., keys, d);  v (..., keys, n)
    causal  whether a query sees only the keys up to its own place

    Returns (..., queries, n).  Raises ValueError where the shapes do not fit.

    >>> q = k = np.zeros((2, 1))
    >>> attention(q, k, np.array([[1.0], [3.0]]), 1.0, causal=True)
    array([[1.],
           [2.]])
    """
    q, k, v = operand(q), operand(k), operand(v)
    fits = min(q.ndim, k.ndim, v.ndim) >= 2 and q.shape[-1] == k.shape[-1]
    if not (fits and k.shape[:-1] == v.shape[:-1] and q.shape[:-2] == k.shape[:-2]):
        raise ValueError(
            "attention takes queries (..., m, d), keys (..., n, d) and values (..., n, l), got "
            f"{q.shape}, {k.shape} and {v.shape}"
        )
    if causal and q.shape[-2] > 0 and not k.shape[-2]:
        raise ValueError("attention: there are no keys")
    return attention_row(q, k, v, scale=float(scale), causal=bool(causal))


# --- standardisation ------------------------------------------------------------------------------
def portable_standardise(x: Any, axes: tuple[int, ...], eps: float, centred: bool) -> Any:
    """(x - mean) / sqrt(variance + eps), in functions that dispatch."""
    return x_minus_mean(x, axes, centred) * portable_root(x, axes, eps, centred)


def x_minus_mean(x: Any, axes: tuple[int, ...], centred: bool) -> Any:
    """x - mean over axes, or x."""
    return x - np.mean(x, axis=axes, keepdims=True) if centred else x


def portable_root(x: Any, axes: tuple[int, ...], eps: float, centred: bool) -> Any:
    """1 / sqrt(variance + eps)."""
    z = x_minus_mean(x, axes, centred)
    return 1 / np.sqrt(np.mean(z * z, axis=axes, keepdims=True) + eps)


def standardise_rule(
    g: Any, y: Any, x: Any, axes: tuple[int, ...], eps: float, centred: bool, saved: Any = None
) -> Any:
    """(g - mean(g) - y * mean(g * y)) / sqrt(variance + eps); without mean(g) where it is not
    centred."""
    r = portable_root(x, axes, eps, centred) if saved is None else saved
    count = math.prod(x.shape[axis] for axis in axes)
    part = g - y * (np.sum(g * y, axis=axes, keepdims=True) / count)
    return r * (part - np.sum(g, axis=axes, keepdims=True) / count if centred else part)


standardise_row = general(
    kernels.standardise,
    standardise_rule,
    saves=kernels.standardise_saving,
    portable=portable_standardise,
    name="standardise",
)


def standardise(
    x: Any, axis: int | tuple[int, ...] = -1, eps: float = 0.0, centred: bool = True
) -> Any:
    """(x - mean) / sqrt(variance + eps), with mean and variance over axes.

    centred  False for x / sqrt(mean of squares + eps)

    >>> standardise(np.array([1.0, 3.0]))
    array([-1.,  1.])
    """
    x = operand(x)
    axes = tuple(
        a - x.ndim if a >= 0 else a for a in (axis if isinstance(axis, tuple) else (axis,))
    )
    return standardise_row(x, axes=axes, eps=float(eps), centred=bool(centred))


# --- gelu -----------------------------------------------------------------------------------------
def gelu_slope(x: Any) -> Any:
    """P(a standard normal number is below x) + x * density(x)."""
    return 0.5 * (1 + erf(x * kernels.ROOT)) + x * exp(-0.5 * (x * x)) * kernels.HEIGHT


def gelu_rule(g: Any, y: Any, x: Any, saved: Any = None) -> Any:
    """g * (P(a standard normal number is below x) + x * density(x))."""
    return g * (gelu_slope(x) if saved is None else saved)


gelu_row = elementwise(
    kernels.gelu,
    gelu_rule,
    saves=kernels.gelu_saving,
    portable=lambda x: 0.5 * x * (1 + erf(x * kernels.ROOT)),
    scalar=kernels.gelu_scalar,
    role="activation",
)


def gelu(x: Any) -> Any:
    """x * P(a standard normal number is below x) = x * (1 + erf(x / sqrt(2))) / 2.

    >>> round(gelu(1.0), 6)
    0.841345
    """
    return gelu_row(operand(x) if isinstance(x, list | tuple) else x)
