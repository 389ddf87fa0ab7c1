"""Weighted means, covariances and correlations, put together from rows of the table."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.engine.arrays import usually
from autograd.engine.cotangents import unwrap
from autograd.engine.dispatch import implements
from autograd.rules.operands import cast, operand
from autograd.rules.reductions import kept, mean
from autograd.rules.shape import shape_of

Axis = Any


@implements(np.average)
def average(
    a: Any, axis: Axis = None, weights: Any = None, returned: bool = False, *, keepdims: Any = False
) -> Any:
    """`np.average`: sum(weights * a) / sum(weights); both may be Values."""
    a = operand(a)
    if axis is not None:
        axis = normalize_axis_tuple(axis, a.ndim, argname="axis")
    if weights is None:
        y = mean(a, axis, keepdims=kept(keepdims))
        scale: Any = y.dtype.type(a.size / y.size)
    else:
        weights = weights_of(weights, a, axis)
        dtype = np.result_type(a.dtype, weights.dtype)
        if a.dtype.kind in "iub":
            dtype = np.result_type(dtype, np.float64)
        weights = cast(weights, dtype)
        scale = np.sum(weights, axis=axis, keepdims=kept(keepdims))
        if not usually(np.all(unwrap(scale) != 0)):
            raise ZeroDivisionError("np.average needs weights that do not sum to zero")
        y = np.sum(cast(a, dtype) * weights, axis=axis, keepdims=kept(keepdims)) / scale
    if not returned:
        return y
    return y, scale if shape_of(scale) == shape_of(y) else np.broadcast_to(scale, shape_of(y))


def weights_of(weights: Any, a: Any, axis: tuple[int, ...] | None) -> Any:
    """Weights that broadcast against a: one for each entry, or one for each place along axes."""
    weights, shape = operand(weights), shape_of(a)
    if shape_of(weights) == shape:
        return weights
    if axis is None:
        raise TypeError("np.average needs axis= where weights have another shape than a")
    if shape_of(weights) != tuple(shape[i] for i in axis):
        raise ValueError(
            f"np.average takes weights in the shape of a, {shape}, or of its axes {axis}; got "
            f"{shape_of(weights)}"
        )
    in_order = np.transpose(weights, [int(i) for i in np.argsort(axis)])
    return np.reshape(in_order, [n if i in axis else 1 for i, n in enumerate(shape)])


# --- covariance -----------------------------------------------------------------------------------
@implements(np.cov)
def cov(
    m: Any,
    y: Any = None,
    rowvar: bool = True,
    bias: bool = False,
    ddof: int | None = None,
    fweights: Any = None,
    aweights: Any = None,
    *,
    dtype: Any = None,
) -> Any:
    """`np.cov`: the products of the deviations of each two variables, over n - ddof; for complex
    variables of the one with the conjugate of the other.  `aweights` may be a Value."""
    if ddof is not None and ddof != int(ddof):
        raise ValueError(f"np.cov takes an integer ddof, got {ddof!r}")
    x = variables(m, rowvar, "m")
    parts = [x] if y is None else [x, variables(y, rowvar, "y", shape_of(operand(y)))]
    dtype = np.result_type(*[part.dtype for part in parts], np.float64) if dtype is None else dtype
    if x.shape[0] == 0:
        return np.empty((0, 0))
    x = np.concatenate([cast(part, np.dtype(dtype)) for part in parts], axis=0)
    if ddof is None:
        ddof = 1 if bias == 0 else 0
    weights = sample_weights(x.shape[1], fweights, aweights)
    centre, total = average(x, axis=1, weights=weights, returned=True)
    freedom = degrees_of_freedom(x.shape[1], total[0], ddof, weights, aweights)
    centred = x - centre[:, None]
    weighted = centred if weights is None else centred * weights
    products = centred @ np.conjugate(weighted.T) * (1 / freedom)
    return np.squeeze(cast(products, x.dtype))


def variables(m: Any, rowvar: bool, name: str, second: Any = None) -> Any:
    """Observations as an array with a row for each variable."""
    m = operand(m)
    if m.ndim > 2:
        raise ValueError(f"np.cov: {name} has more than two dimensions")
    x = m if m.ndim == 2 else np.reshape(m, (1, -1))
    turned = m.ndim != 1 if name == "m" else x.shape[0] != 1
    return x.T if not rowvar and turned else x


def sample_weights(count: int, fweights: Any, aweights: Any) -> Any:
    """The product of both kinds of weights of the observations; None where there are none."""
    found = None
    for name, weights in (("fweights", fweights), ("aweights", aweights)):
        if weights is None:
            continue
        weights = cast(operand(weights), np.dtype(float))
        data = unwrap(weights)
        if name == "fweights" and not usually(np.all(data == np.around(data))):
            raise TypeError("np.cov takes integers as fweights")
        if weights.ndim > 1:
            raise RuntimeError(f"np.cov takes {name} of one dimension, got {weights.ndim}")
        if weights.shape[0] != count:
            raise RuntimeError(f"np.cov: {weights.shape[0]} {name} for {count} observations")
        if not usually(np.all(data >= 0)):
            raise ValueError(f"np.cov: {name} cannot be negative")
        found = weights if found is None else found * weights
    return found


def degrees_of_freedom(count: int, total: Any, ddof: int, weights: Any, aweights: Any) -> Any:
    """What the sum of products is divided by; 0 and a warning where it would be negative."""
    if weights is None:
        freedom: Any = np.float64(count - ddof)
    elif ddof == 0:
        freedom = total
    elif aweights is None:
        freedom = total - ddof
    else:
        freedom = total - ddof * np.sum(weights * operand(aweights)) / total
    if not usually(np.logical_not(np.real(unwrap(freedom)) <= 0)):
        warnings.warn("Degrees of freedom <= 0 for slice", RuntimeWarning, stacklevel=5)
        return np.float64(0)
    return freedom


@implements(np.corrcoef)
def corrcoef(x: Any, y: Any = None, rowvar: bool = True, *, dtype: Any = None) -> Any:
    """`np.corrcoef`: the covariances of variables scaled to variance 1, kept within -1 and 1."""
    c = cov(x, y, rowvar, dtype=dtype)
    if c.ndim == 0:
        return c / c
    spread = np.sqrt(np.real(np.diagonal(c)))
    c = c / spread[:, None] / spread[None, :]
    if c.dtype.kind == "c":
        return np.clip(np.real(c), -1, 1) + 1j * np.clip(np.imag(c), -1, 1)
    return np.clip(c, -1, 1)
