"""Losses of numbers against numbers."""

from __future__ import annotations

import math
from typing import Any, overload

import numpy as np

from autograd import Value, stop_gradient
from autograd.extend import usually
from nn.checks import positive
from nn.losses.labels import Reduction, of_one_shape, reduced, unwrap


@overload
def mse(prediction: Value, target: Any, *, reduction: Reduction = "mean") -> Value: ...
@overload
def mse(prediction: Any, target: Any, *, reduction: Reduction = "mean") -> Any: ...
def mse(prediction: Any, target: Any, *, reduction: Reduction = "mean") -> Any:
    """The mean of (prediction - target) ** 2.

    reduction  "mean", "sum", or "none" for one number for each entry

    Raises ValueError where the shapes differ.

    >>> float(mse(np.array([1.0, 2.0]), [1.0, 4.0]))
    2.0
    """
    prediction, target = of_one_shape("mse", prediction, target)
    error = prediction - target
    return reduced(error * error, reduction)


@overload
def mae(prediction: Value, target: Any, *, reduction: Reduction = "mean") -> Value: ...
@overload
def mae(prediction: Any, target: Any, *, reduction: Reduction = "mean") -> Any: ...
def mae(prediction: Any, target: Any, *, reduction: Reduction = "mean") -> Any:
    """The mean of abs(prediction - target); the derivative is 0 where they are equal.

    >>> float(mae(np.array([1.0, 2.0]), [1.0, 4.0]))
    1.0
    """
    prediction, target = of_one_shape("mae", prediction, target)
    return reduced(abs(prediction - target), reduction)


@overload
def huber(
    prediction: Value, target: Any, delta: float = 1.0, *, reduction: Reduction = "mean"
) -> Value: ...
@overload
def huber(
    prediction: Any, target: Any, delta: float = 1.0, *, reduction: Reduction = "mean"
) -> Any: ...
def huber(
    prediction: Any, target: Any, delta: float = 1.0, *, reduction: Reduction = "mean"
) -> Any:
    """With e = abs(prediction - target): the mean of e ** 2 / 2 where e < delta, and of
    delta * (e - delta / 2) beyond: a parabola with straight arms, which outliers pull less.

    Raises ValueError where the shapes differ and for a delta that is not positive.  (Huber, Robust
    estimation of a location parameter, 1964.)

    >>> huber(np.array([0.5, 3.0]), [0.0, 0.0], reduction="none")
    array([0.125, 2.5  ])
    """
    positive("delta", delta)
    prediction, target = of_one_shape("huber", prediction, target)
    error = abs(prediction - target)
    inner = np.where(error < delta, error, delta)
    return reduced(inner * (error - inner / 2), reduction)


@overload
def gaussian_nll(
    mean: Value,
    target: Any,
    variance: Any,
    *,
    full: bool = False,
    eps: float = 1e-6,
    reduction: Reduction = "mean",
) -> Value: ...
@overload
def gaussian_nll(
    mean: Any,
    target: Any,
    variance: Any,
    *,
    full: bool = False,
    eps: float = 1e-6,
    reduction: Reduction = "mean",
) -> Any: ...
def gaussian_nll(
    mean: Any,
    target: Any,
    variance: Any,
    *,
    full: bool = False,
    eps: float = 1e-6,
    reduction: Reduction = "mean",
) -> Any:
    """-log of the density of a normal distribution at the target: the mean of
    (log(variance) + (target - mean) ** 2 / variance) / 2.

    variance  in the shape of the mean; what is below eps counts as eps, and is still moved
    full      adds the constant log(2 pi) / 2

    Raises ValueError where the shapes differ and where a variance is negative.

    >>> float(gaussian_nll(np.array([1.0]), [3.0], np.array([4.0])))  # doctest: +ELLIPSIS
    1.193...
    """
    positive("eps", eps)
    mean, target = of_one_shape("gaussian_nll", mean, target)
    _, variance = of_one_shape("gaussian_nll (the variance)", mean, variance)
    plain = unwrap(variance)
    if not usually(np.all(plain >= 0)):
        raise ValueError(
            f"a variance is not negative, the smallest here is {np.min(plain)}: let the model give "
            "its logarithm, and take np.exp of it"
        )
    variance = variance + stop_gradient(np.maximum(plain, eps) - plain)
    error = target - mean
    loss = 0.5 * (np.log(variance) + error * error / variance)
    return reduced(loss + 0.5 * math.log(2 * math.pi) if full else loss, reduction)
