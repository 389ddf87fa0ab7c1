"""Functions of networks that NumPy does not have, made of rows of the table, and made public."""

from __future__ import annotations

from typing import Any, overload

import numpy as np

from autograd.engine.cotangents import unwrap
from autograd.engine.kernels import refuse_complex
from autograd.engine.value import Value
from autograd.rules import elementwise, layers, losses, selection
from autograd.rules.network_kernels import shift_of
from autograd.rules.shape import static_axis

Axis = int | tuple[int, ...] | None


@overload
def relu(x: Value) -> Value: ...
@overload
def relu(x: Any) -> Any: ...
def relu(x: Any) -> Any:
    """max(x, 0); the derivative at 0 is 0.

    >>> relu(np.array([-1.0, 2.0]))
    array([0., 2.])
    """
    return selection.relu(x)


@overload
def sigmoid(x: Value) -> Value: ...
@overload
def sigmoid(x: Any) -> Any: ...
def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(-x)), without overflow.

    >>> sigmoid(0.0)
    0.5
    """
    return elementwise.sigmoid(x)


@overload
def softplus(x: Value) -> Value: ...
@overload
def softplus(x: Any) -> Any: ...
def softplus(x: Any) -> Any:
    """log(1 + exp(x)), without overflow.

    >>> round(softplus(0.0), 6)
    0.693147
    """
    return elementwise.softplus(x)


def as_floats(x: Any, name: str) -> Any:
    """A Value or an array of real floats."""
    data = unwrap(x)
    if type(data) is np.ndarray and data.dtype.kind == "f":
        return x
    x = x if hasattr(x, "shape") else np.asarray(x, dtype=float)
    refuse_complex(data, name)
    return x if x.dtype.kind == "f" else x.astype(float)


@overload
def logsumexp(x: Value, axis: Axis = None, keepdims: bool = False) -> Value: ...
@overload
def logsumexp(x: Any, axis: Axis = None, keepdims: bool = False) -> Any: ...
def logsumexp(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """log(sum(exp(x))) over an axis, without overflow; -inf entries count as zero terms.

    >>> round(float(logsumexp([1000.0, 1000.0])), 4)
    1000.6931
    """
    x = as_floats(x, "logsumexp")
    return losses.logsumexp_row(x, axis=static_axis(axis), keepdims=bool(keepdims))


@overload
def softmax(x: Value, axis: Axis = -1, temperature: float = 1.0) -> Value: ...
@overload
def softmax(x: Any, axis: Axis = -1, temperature: float = 1.0) -> Any: ...
def softmax(x: Any, axis: Axis = -1, temperature: float = 1.0) -> Any:
    """exp(x / temperature), divided by its sum over an axis; without overflow.

    >>> softmax(np.array([0.0, 0.0]))
    array([0.5, 0.5])
    """
    return losses.softmax_row(tempered(x, axis, temperature, "softmax"), axis=static_axis(axis))


@overload
def log_softmax(x: Value, axis: Axis = -1, temperature: float = 1.0) -> Value: ...
@overload
def log_softmax(x: Any, axis: Axis = -1, temperature: float = 1.0) -> Any: ...
def log_softmax(x: Any, axis: Axis = -1, temperature: float = 1.0) -> Any:
    """The logarithm of `softmax`, exact where the softmax underflows.

    >>> log_softmax(np.array([0.0, 1e4]))
    array([-10000.,      0.])
    """
    return losses.log_softmax_row(
        tempered(x, axis, temperature, "log_softmax"), axis=static_axis(axis)
    )


def tempered(x: Any, axis: Axis, temperature: Any, name: str) -> Any:
    """x / temperature, up to a number for each row that no softmax sees."""
    x = as_floats(x, name)
    if type(temperature) is float and temperature == 1.0:
        return x
    return (x - shift_of(unwrap(x), static_axis(axis))) / temperature


@overload
def affine(x: Value, w: Any, b: Any) -> Value: ...
@overload
def affine(x: Any, w: Value, b: Any) -> Value: ...
@overload
def affine(x: Any, w: Any, b: Value) -> Value: ...
@overload
def affine(x: Any, w: Any, b: Any) -> Any: ...
def affine(x: Any, w: Any, b: Any) -> Any:
    """x @ w + b, as one node: a dense layer.

    x (..., n), w (n, m), b (m,); the result is (..., m).

    >>> affine(np.ones((1, 2)), np.eye(2), np.array([0.0, 1.0]))
    array([[1., 2.]])
    """
    return layers.affine(x, w, b)


@overload
def erf(x: Value) -> Value: ...
@overload
def erf(x: Any) -> Any: ...
def erf(x: Any) -> Any:
    """The error function 2 / sqrt(pi) * integral of exp(-t * t) for t from 0 to x, to a few units
    in the last place.

    >>> round(float(erf(0.5)), 6)
    0.5205
    """
    return layers.erf(x)


@overload
def softmax_cross_entropy(x: Value, targets: Any, probabilities: bool = False) -> Value: ...
@overload
def softmax_cross_entropy(x: Any, targets: Any, probabilities: bool = False) -> Any: ...
def softmax_cross_entropy(x: Any, targets: Any, probabilities: bool = False) -> Any:
    """The mean over rows of -sum(targets * log_softmax(x)), as one node.

    x              scores (..., classes) of any size
    targets        one-hot, probabilities, or any weights, in the shape of x
    probabilities  whether the targets are known to sum to 1 in each row: then their sums need not
                   be computed, and the derivative is (softmax(x) - targets) / rows

    Raises ValueError where the shapes differ.

    >>> float(softmax_cross_entropy(np.array([[1e4, -1e4]]), np.array([[0.0, 1.0]])))
    20000.0
    """
    if not hasattr(x, "shape") or not hasattr(targets, "shape"):
        x, targets = as_floats(x, "softmax_cross_entropy"), np.asarray(targets, dtype=float)
    if x.shape != targets.shape or not x.shape:
        raise ValueError(
            f"softmax_cross_entropy takes targets in the shape of the scores, {x.shape}, got "
            f"{targets.shape}: for classes given as integers use nn.cross_entropy_with_logits"
        )
    if probabilities:
        return losses.softmax_cross_entropy_row(x, targets, probabilities=True)
    return losses.softmax_cross_entropy_row(x, targets)
