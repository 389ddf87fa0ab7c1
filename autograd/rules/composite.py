"""Stable functions put together from rows of the table; they have no rule of their own."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine.cotangents import unwrap
from autograd.rules.elementwise import exp, log, sigmoid, softplus
from autograd.rules.selection import relu, where

__all__ = ["exp", "log", "log_softmax", "logsumexp", "relu", "sigmoid", "softmax", "softplus"]

Axis = int | tuple[int, ...] | None


def shift_of(x: Any, axis: Axis) -> Any:
    """The largest entry, as a constant: subtracting it changes no derivative.  0 for infinities."""
    data = unwrap(x) if hasattr(unwrap(x), "shape") else np.asarray(unwrap(x), dtype=float)
    data = data if data.dtype.kind in "fc" else data.astype(float)
    top = np.max(data, axis=axis, keepdims=True, initial=-np.inf)
    return np.where(np.isfinite(top), top, np.zeros_like(top))


def logsumexp(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """log(sum(exp(x))) over an axis, without overflow; -inf entries count as zero terms.

    >>> round(float(logsumexp([1000.0, 1000.0])), 4)
    1000.6931
    """
    x = x if hasattr(x, "shape") else np.asarray(x, dtype=float)
    top = shift_of(x, axis)
    total = np.sum(exp(x - top), axis=axis, keepdims=keepdims)
    top = top if keepdims else np.squeeze(top, axis=axis)
    none = unwrap(total) == 0  # all entries are -inf: so is the outcome, and its derivative is 0
    return where(none, -np.inf, log(where(none, 1, total))) + top


def softmax(x: Any, axis: Axis = -1, temperature: float = 1.0) -> Any:
    """exp(x / temperature), divided by its sum over an axis; without overflow.

    >>> softmax(np.array([0.0, 0.0]))
    array([0.5, 0.5])
    """
    e = exp((x - shift_of(x, axis)) / temperature)
    return e / np.sum(e, axis=axis, keepdims=True)


def log_softmax(x: Any, axis: Axis = -1, temperature: float = 1.0) -> Any:
    """The logarithm of `softmax`, exact where the softmax underflows.

    >>> log_softmax(np.array([0.0, 1e4]))
    array([-10000.,      0.])
    """
    z = (x - shift_of(x, axis)) / temperature
    return z - log(np.sum(exp(z), axis=axis, keepdims=True))
