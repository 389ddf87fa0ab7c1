"""Kernels of the engine as the NumPy calls that they are made of, for a recording: the same calls
in the same order, so that the same bits come out, with nothing written in place (the plan of the
buffers does that) and each decision a guard."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograd.engine import indexing
from autograd.engine import kernels as engine_kernels
from autograd.engine.arrays import usually
from autograd.engine.indexing import join_index
from autograd.rules import network_kernels as kernels

numpy: Any = np


def affine(x: Any, w: Any, b: Any) -> Any:
    """x @ w + b."""
    return numpy.matmul(x, w) + b


def shift_of(x: Any, axis: Any) -> Any:
    """The largest entries along an axis, 0 where that is infinite."""
    top = numpy.maximum.reduce(x, axis=axis, keepdims=True, initial=-np.inf)
    if usually(np.all(np.isfinite(top))):
        return top
    return np.where(np.isfinite(top), top, np.zeros_like(top))


def sum_kept(x: Any, axis: Any) -> Any:
    """The sum over an axis that stays."""
    return numpy.add.reduce(x, axis=axis, keepdims=True)


def log_softmax(x: Any, axis: Any) -> Any:
    """log(exp(x) / sum(exp(x))) along an axis."""
    z = x - shift_of(x, axis)
    return z - np.log(sum_kept(np.exp(z), axis))


def softmax(x: Any, axis: Any) -> Any:
    """exp(x) / sum(exp(x)) along an axis."""
    e = np.exp(x - shift_of(x, axis))
    return e / sum_kept(e, axis)


def softmax_cross_entropy_saving(
    x: Any, targets: Any, probabilities: bool = False
) -> tuple[Any, Any]:
    """The mean over rows of -sum(targets * log_softmax(x)), and its derivative."""
    z = x - numpy.maximum.reduce(x, axis=-1, keepdims=True)
    if targets.dtype != z.dtype:
        targets = targets.astype(z.dtype)
    picked = np.vdot(z, targets)
    if not usually(np.all(np.isfinite(picked))):
        recorded: Any = x if hasattr(x, "recording") else targets
        found: tuple[Any, Any] = recorded.call(
            kernels.softmax_cross_entropy_saving, (x, targets, probabilities), {}
        )
        return found
    e = np.exp(z)
    total = sum_kept(e, -1)
    if probabilities:
        loss = (numpy.add.reduce(np.log(total), axis=None) - picked) / total.size
        residual = e / total
    else:
        weight = sum_kept(targets, -1)
        loss = (np.vdot(np.log(total), weight) - picked) / total.size
        residual = e * (weight / total)
    return loss, (residual - targets) / total.size


def softmax_cross_entropy(x: Any, targets: Any, probabilities: bool = False) -> Any:
    """The first of `softmax_cross_entropy_saving`."""
    return softmax_cross_entropy_saving(x, targets, probabilities)[0]


def softmax_residual(x: Any, targets: Any) -> Any:
    """The second of `softmax_cross_entropy_saving`."""
    return softmax_cross_entropy_saving(x, targets)[1]


def getitem(x: Any, *arrays: Any, index: Any, unique: bool) -> Any:
    """x[index]; a float64 entry becomes a Python number."""
    whole: Any = join_index(index, arrays)
    if len(index) == 1 and type(index[0]) is int:
        (whole,) = index
    recorded = next(a for a in (x, *arrays) if hasattr(a, "recording"))
    y = recorded.call(operator.getitem, (x, whole), {})
    if type(getattr(y, "example", None)) is np.float64:
        return recorded.recording.call(float, (y,), {})
    return y


EXPANSIONS: Final[dict[Callable[..., Any], Callable[..., Any]]] = {
    kernels.affine: affine,
    kernels.log_softmax: log_softmax,
    kernels.softmax: softmax,
    kernels.softmax_cross_entropy: softmax_cross_entropy,
    kernels.softmax_cross_entropy_saving: softmax_cross_entropy_saving,
    kernels.softmax_residual: softmax_residual,
    engine_kernels.broadcast_to: np.broadcast_to,
    indexing.getitem: getitem,
}
