"""Activation functions, for numbers, arrays and Values; each one keeps shape and dtype.

softmax and log_softmax act along an axis, every other one on each entry.
"""

from __future__ import annotations

import math
from typing import Any, Final, overload

import numpy as np

import autograd
from autograd import Value, relu, sigmoid, softplus

__all__ = [
    "elu",
    "gelu",
    "hard_sigmoid",
    "identity",
    "leaky_relu",
    "log_softmax",
    "logit",
    "mish",
    "relu",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "softsign",
    "swish",
    "tanh",
    "threshold_neuron",
    "unit_step",
]

SELU_SCALE: Final = 1.0507009873554805
SELU_ALPHA: Final = 1.6732632423543772
"""The two numbers with which a mean of 0 and a variance of 1 stay from layer to layer."""

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
def elu(x: Value, alpha: float = 1.0) -> Value: ...
@overload
def elu(x: Any, alpha: float = 1.0) -> Any: ...
def elu(x: Any, alpha: float = 1.0) -> Any:
    """x where x > 0, else alpha * (exp(x) - 1); the derivative at 0 is alpha.

    (Clevert, Unterthiner and Hochreiter, Exponential linear units, 2016.)

    >>> elu(np.array([-math.log(2.0), 3.0]))
    array([-0.5,  3. ])
    """
    above = x > 0
    return np.where(above, x, alpha * np.expm1(np.where(above, 0.0, x)))


@overload
def selu(x: Value) -> Value: ...
@overload
def selu(x: Any) -> Any: ...
def selu(x: Any) -> Any:
    """`elu`, scaled so that a mean of 0 and a variance of 1 stay from layer to layer:
    1.0507 * elu(x, 1.6733).

    (Klambauer et al., Self-normalizing neural networks, 2017.)

    >>> np.round(selu(np.array([-1e4, 1.0])), 4)
    array([-1.7581,  1.0507])
    """
    return SELU_SCALE * elu(x, SELU_ALPHA)


@overload
def mish(x: Value) -> Value: ...
@overload
def mish(x: Any) -> Any: ...
def mish(x: Any) -> Any:
    """x * tanh(softplus(x)).

    (Misra, Mish, 2019.)

    >>> round(float(mish(1.0)), 4)
    0.8651
    """
    return x * tanh(softplus(x))


@overload
def identity(x: Value) -> Value: ...
@overload
def identity(x: Any) -> Any: ...
def identity(x: Any) -> Any:
    """x: no activation, as in the output layer of a regression.

    >>> identity(3.0)
    3.0
    """
    return x


@overload
def threshold_neuron(x: Value, threshold: float = 0.0, strength: float = 1.0) -> Value: ...
@overload
def threshold_neuron(x: Any, threshold: float = 0.0, strength: float = 1.0) -> Any: ...
def threshold_neuron(x: Any, threshold: float = 0.0, strength: float = 1.0) -> Any:
    """A neuron that fires: `strength` where the sum x of its inputs exceeds the threshold, else 0.

    Its derivative is 0, so nothing learns through it: it is the neuron of biology that `sigmoid`
    makes smooth.  (McCulloch and Pitts, A logical calculus, 1943.)

    >>> threshold_neuron(np.array([0.5, 1.0, 1.5]), threshold=1.0)
    array([0., 0., 1.])
    """
    return strength * np.heaviside(x - threshold, 0)


@overload
def logit(p: Value, eps: float = 0.0) -> Value: ...
@overload
def logit(p: Any, eps: float = 0.0) -> Any: ...
def logit(p: Any, eps: float = 0.0) -> Any:
    """log(p / (1 - p)), the inverse of the sigmoid: the score of a probability, its log-odds.

    eps  probabilities nearer to 0 or 1 than eps count as eps or 1 - eps, without a derivative

    It is infinite for 0 and 1, and NaN outside.

    >>> float(logit(0.5)), round(float(logit(sigmoid(3.0))), 12)
    (0.0, 3.0)
    """
    if eps:
        p = np.where(p < eps, eps, np.where(p > 1 - eps, 1 - eps, p))
    return np.log(p) - np.log1p(-p)


@overload
def hard_sigmoid(x: Value) -> Value: ...
@overload
def hard_sigmoid(x: Any) -> Any: ...
def hard_sigmoid(x: Any) -> Any:
    """A sigmoid of straight lines: 0 up to -3, 1 from 3 on, and x / 6 + 1 / 2 between.

    Two relus make it: relu(x / 6 + 1 / 2) - relu(x / 6 - 1 / 2).

    >>> hard_sigmoid(np.array([-4.0, 0.0, 4.0]))
    array([0. , 0.5, 1. ])
    """
    return np.where(abs(x) < 3, x / 6 + 0.5, np.heaviside(x, 1))


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


silu = swish
"""`swish` under the name that its first authors gave it."""


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
    return autograd.gelu(x)


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
