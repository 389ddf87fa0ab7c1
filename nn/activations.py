"""Activation functions, for numbers, arrays and Values; each one keeps shape and dtype.

softmax and log_softmax act along an axis, every other one on each entry.
"""

from __future__ import annotations

import math
from typing import Any, overload

import numpy as np

import autograd
from autograd import Value, erf, relu, sigmoid, softplus

__all__ = [
    "gelu",
    "hard_sigmoid",
    "leaky_relu",
    "log_softmax",
    "relu",
    "sigmoid",
    "softmax",
    "softplus",
    "softsign",
    "swish",
    "tanh",
    "unit_step",
]

Axis = int | tuple[int, ...] | None


@overload
def unit_step(x: Value) -> Value: ...
@overload
def unit_step(x: Any) -> Any: ...
def unit_step(x: Any) -> Any:
    """0 where x < 0, else 1.  Its derivative is 0 (it does not exist at 0), so nothing learns
    through it.

    >>> unit_step(np.array([-0.5, 0.0, 2.0]))
    array([0., 1., 1.])
    """
    return np.heaviside(x, 1)


@overload
def tanh(x: Value) -> Value: ...
@overload
def tanh(x: Any) -> Any: ...
def tanh(x: Any) -> Any:
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x)), between -1 and 1.

    >>> float(tanh(0.0))
    0.0
    """
    return x.tanh() if type(x) is Value else np.tanh(x)


@overload
def softsign(x: Value) -> Value: ...
@overload
def softsign(x: Any) -> Any: ...
def softsign(x: Any) -> Any:
    """x / (1 + abs(x)), between -1 and 1: as tanh, with slower tails.

    >>> softsign(-3.0)
    -0.75
    """
    return x / (1 + abs(x))


@overload
def leaky_relu(x: Value, slope: float = 0.01) -> Value: ...
@overload
def leaky_relu(x: Any, slope: float = 0.01) -> Any: ...
def leaky_relu(x: Any, slope: float = 0.01) -> Any:
    """x where x > 0, else slope * x; the derivative at 0 is the slope.

    >>> leaky_relu(np.array([-2.0, 3.0]), slope=0.5)
    array([-1.,  3.])
    """
    return np.where(x > 0, x, slope * x)


@overload
def hard_sigmoid(x: Value) -> Value: ...
@overload
def hard_sigmoid(x: Any) -> Any: ...
def hard_sigmoid(x: Any) -> Any:
    """Two relus make a sigmoid of straight lines: relu(x / 6 + 1 / 2) - relu(x / 6 - 1 / 2), which
    is 0 below -3, 1 above 3, and a line between.

    >>> hard_sigmoid(np.array([-4.0, 0.0, 4.0]))
    array([0. , 0.5, 1. ])
    """
    line = x / 6
    return relu(line + 0.5) - relu(line - 0.5)


@overload
def swish(x: Value, beta: float = 1.0) -> Value: ...
@overload
def swish(x: Any, beta: float = 1.0) -> Any: ...
def swish(x: Any, beta: float = 1.0) -> Any:
    """x * sigmoid(beta * x), also called SiLU.

    >>> float(swish(0.0))
    0.0
    """
    return x * sigmoid(x if beta == 1.0 else beta * x)


@overload
def gelu(x: Value, approximate: bool = False) -> Value: ...
@overload
def gelu(x: Any, approximate: bool = False) -> Any: ...
def gelu(x: Any, approximate: bool = False) -> Any:
    """x * P(a standard normal number is below x) = x * (1 + erf(x / sqrt(2))) / 2.

    With `approximate` P is (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3))) / 2; the result is off
    by less than 5e-4.

    >>> round(float(gelu(1.0)), 6), round(float(gelu(1.0, approximate=True)), 6)
    (0.841345, 0.841192)
    """
    if approximate:
        return 0.5 * x * (1 + tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * (x * x * x))))
    return 0.5 * x * (1 + erf(x * math.sqrt(0.5)))


@overload
def softmax(x: Value, axis: Axis = -1, temperature: float = 1.0) -> Value: ...
@overload
def softmax(x: Any, axis: Axis = -1, temperature: float = 1.0) -> Any: ...
def softmax(x: Any, axis: Axis = -1, temperature: float = 1.0) -> Any:
    """exp(x / temperature), divided by its sum over the axis: probabilities.

    A temperature below 1 sharpens towards the largest entry, one above 1 evens out.
    Raises ValueError for a temperature that is not positive.

    >>> softmax(np.array([0.0, math.log(3.0)]))
    array([0.25, 0.75])
    """
    return autograd.softmax(entries(x), axis, checked_temperature(temperature))


@overload
def log_softmax(x: Value, axis: Axis = -1, temperature: float = 1.0) -> Value: ...
@overload
def log_softmax(x: Any, axis: Axis = -1, temperature: float = 1.0) -> Any: ...
def log_softmax(x: Any, axis: Axis = -1, temperature: float = 1.0) -> Any:
    """The logarithm of `softmax`, exact also where the softmax is too small for a float.

    >>> log_softmax(np.array([0.0, 1e4]))
    array([-10000.,      0.])
    """
    return autograd.log_softmax(entries(x), axis, checked_temperature(temperature))


def entries(x: Any) -> Any:
    """A list as an array; Values in it are stacked.  An array of `autograd.numpy` as what was
    written into it."""
    if isinstance(x, list | tuple):
        parts = [as_written(part) for part in x]
        stacked = any(isinstance(part, Value) for part in parts)
        return np.stack(parts) if stacked else np.asarray(x, dtype=float)
    return as_written(x)


def as_written(x: Any) -> Any:
    """The Value that was written into an array of `autograd.numpy`, or its numbers; anything else
    as it is."""
    return x.frozen() if hasattr(x, "frozen") else x


def checked_temperature(temperature: float) -> float:
    """A temperature, checked."""
    if not temperature > 0:
        raise ValueError(
            f"the temperature must be positive, got {temperature}: 1 is the plain softmax"
        )
    return temperature
