"""Rows for the layers of networks that cannot be put together as well from others."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.engine.primitive import elementwise, general
from autograd.rules import network_kernels as kernels
from autograd.rules.elementwise import exp
from autograd.rules.shape import transposed


def affine_input(g: Any, y: Any, x: Any, w: Any, b: Any) -> Any:
    """d(x @ w + b) with respect to x: g @ w^T, with all leading axes taken as one."""
    if g.ndim <= 2:
        return g @ transposed(w)
    if type(g) is np.ndarray and type(w) is np.ndarray:  # an array that owns its memory
        out = np.empty((*g.shape[:-1], w.shape[0]), np.result_type(g, w))
        np.matmul(g.reshape(-1, g.shape[-1]), w.T, out=out.reshape(-1, w.shape[0]))
        return out
    return np.reshape(np.reshape(g, (-1, g.shape[-1])) @ transposed(w), x.shape)


def affine_weight(g: Any, y: Any, x: Any, w: Any, b: Any) -> Any:
    """d(x @ w + b) with respect to w: x^T @ g, with all leading axes taken as one."""
    if x.ndim == 2:
        return transposed(x) @ g
    if x.ndim == 1:
        return np.reshape(x, (-1, 1)) * g
    return transposed(np.reshape(x, (-1, x.shape[-1]))) @ np.reshape(g, (-1, g.shape[-1]))


def affine_bias(g: Any, y: Any, x: Any, w: Any, b: Any) -> Any:
    """d(x @ w + b) with respect to b: g summed over all axes but the last."""
    if g.ndim == 2:
        return np.add.reduce(g, axis=0) if type(g) is np.ndarray else np.sum(g, axis=0)
    if g.ndim > 2 and type(g) is np.ndarray:
        return np.add.reduce(g.reshape(-1, g.shape[-1]), axis=0)
    return np.sum(g, axis=tuple(range(g.ndim - 1))) if g.ndim > 1 else g


# A row of its own, because a dense layer is the hot path of a network: measured on a step of a
# 32x32x32x10 classifier, `x @ w + b` costs 25% more (two nodes, dispatch through NumPy where x is a
# plain array, a second pass over the output).
affine = general(
    kernels.affine,
    affine_input,
    affine_weight,
    affine_bias,
    portable=lambda x, w, b: x @ w + b,
    products=True,
    role="matrix product",
)

# NumPy has no erf, and no composition of its functions is accurate.
erf = elementwise(
    kernels.erf,
    lambda g, y, x: g * (2 / math.sqrt(math.pi) * exp(-(x * x))),
    portable=kernels.erf_everywhere,
    scalar=math.erf,
    role="activation",
)
