"""Losses: one number to make small, the mean over all samples.

Predictions are Values (or arrays), targets plain arrays.  Classes are given as integers from 0 to
c - 1 in the shape of the predictions without the last axis, or one-hot (or as probabilities) in the
shape of the predictions.  Shapes must agree exactly: nothing is broadcast, since (n, 1) against
(n,) would compare every sample with every other.
"""

from __future__ import annotations

from functools import cache
from typing import Any, overload

import numpy as np

from autograd import Value, softmax, softmax_cross_entropy, softplus
from autograd.extend import can_decide, usually
from nn.activations import checked_temperature, entries
from nn.checks import array_of

TABLE_LIMIT = 256
"""Up to how many classes one-hot rows are taken from a table."""


@overload
def mse(prediction: Value, target: Any) -> Value: ...
@overload
def mse(prediction: Any, target: Any) -> Any: ...
def mse(prediction: Any, target: Any) -> Any:
    """The mean of (prediction - target) ** 2.

    Raises ValueError where the shapes differ.

    >>> float(mse(np.array([1.0, 2.0]), [1.0, 4.0]))
    2.0
    """
    prediction, target = of_one_shape("mse", prediction, target)
    error = prediction - target
    return mean(error * error)


@overload
def mae(prediction: Value, target: Any) -> Value: ...
@overload
def mae(prediction: Any, target: Any) -> Any: ...
def mae(prediction: Any, target: Any) -> Any:
    """The mean of abs(prediction - target); the derivative is 0 where they are equal.

    >>> float(mae(np.array([1.0, 2.0]), [1.0, 4.0]))
    1.0
    """
    prediction, target = of_one_shape("mae", prediction, target)
    return mean(abs(prediction - target))


@overload
def categorical_cross_entropy(probabilities: Value, labels: Any) -> Value: ...
@overload
def categorical_cross_entropy(probabilities: Any, labels: Any) -> Any: ...
def categorical_cross_entropy(probabilities: Any, labels: Any) -> Any:
    """-mean(log(p of the right class)), from probabilities (..., c), as a softmax gives them.

    It is infinite where the right class has probability 0: train with `cross_entropy_with_logits`,
    which cannot be.  Raises ValueError for probabilities outside [0, 1] and for bad labels.

    >>> p = np.array([[0.5, 0.5], [0.25, 0.75]])
    >>> round(float(categorical_cross_entropy(p, [0, 1])), 4)
    0.4904
    """
    p = within_unit(
        "categorical_cross_entropy", entries(probabilities), "cross_entropy_with_logits"
    )
    targets = one_hot(labels, p)
    logs = np.log(np.where(targets > 0, p, 1))
    return -np.sum(targets * logs) / (p.size // p.shape[-1])


@overload
def cross_entropy_with_logits(logits: Value, labels: Any, temperature: float = 1.0) -> Value: ...
@overload
def cross_entropy_with_logits(logits: Any, labels: Any, temperature: float = 1.0) -> Any: ...
def cross_entropy_with_logits(logits: Any, labels: Any, temperature: float = 1.0) -> Any:
    """-mean(log(softmax(logits / temperature) of the right class)), from raw scores (..., c).

    One node, stable for scores of any size; its derivative is (softmax - one-hot) / n.
    Raises ValueError for labels out of range or of a wrong shape, TypeError for labels that are
    neither integers nor in the shape of the logits.

    >>> float(cross_entropy_with_logits(np.array([[1e4, -1e4]]), [1]))
    20000.0
    """
    logits = logits if type(logits) is Value else floats(entries(logits))
    targets = one_hot(labels, logits)
    if temperature != 1.0:
        logits = logits / checked_temperature(temperature)
    return softmax_loss(logits, targets)


def softmax_loss(logits: Any, targets: Any) -> Any:
    """-mean(sum(targets * log(softmax(logits)))), for targets that are checked."""
    return softmax_cross_entropy(logits, targets, probabilities=True)


@overload
def binary_cross_entropy(probabilities: Value, labels: Any) -> Value: ...
@overload
def binary_cross_entropy(probabilities: Any, labels: Any) -> Any: ...
def binary_cross_entropy(probabilities: Any, labels: Any) -> Any:
    """-mean(y * log(p) + (1 - y) * log(1 - p)), with labels y of 0, 1 or between; 0 * log(0) is 0.

    It is infinite where p says the opposite of y with certainty.  Raises ValueError for
    probabilities or labels outside [0, 1], and where the shapes differ.

    >>> round(float(binary_cross_entropy(np.array([0.5, 0.75]), [0, 1])), 4)
    0.4904
    """
    name = "binary_cross_entropy"
    p, y = of_one_shape(name, probabilities, labels)
    p, y = within_unit(name, p, f"{name}_with_logits"), unit_labels(name, y)
    yes, no = (y > 0) | (p > 0), (y < 1) | (p < 1)
    return -mean(y * np.log(np.where(yes, p, 1)) + (1 - y) * np.log(np.where(no, 1 - p, 1)))


@overload
def binary_cross_entropy_with_logits(logits: Value, labels: Any) -> Value: ...
@overload
def binary_cross_entropy_with_logits(logits: Any, labels: Any) -> Any: ...
def binary_cross_entropy_with_logits(logits: Any, labels: Any) -> Any:
    """`binary_cross_entropy` of sigmoid(logits), stable for scores of any size:
    mean(y * softplus(-x) + (1 - y) * softplus(x)).

    >>> float(binary_cross_entropy_with_logits(np.array([1e4, -1e4]), [0, 0]))
    5000.0
    """
    name = "binary_cross_entropy_with_logits"
    x, y = of_one_shape(name, logits, labels)
    y = unit_labels(name, y)
    if type(y) is not Value and usually(np.all((y == 0) | (y == 1)), unknown=False):
        return mean(softplus((1 - 2 * y) * x))
    return mean(y * softplus(-x) + (1 - y) * softplus(x))


@overload
def distillation(logits: Value, teacher: Any, temperature: float = 2.0) -> Value: ...
@overload
def distillation(logits: Any, teacher: Any, temperature: float = 2.0) -> Any: ...
def distillation(logits: Any, teacher: Any, temperature: float = 2.0) -> Any:
    """Learn from a teacher's scores, softened by a temperature T:
    -mean(sum(softmax(teacher / T) * log_softmax(logits / T))) * T ** 2.

    The factor keeps the size of the gradient as T grows.  The teacher is a constant.

    Raises ValueError where the shapes differ or the temperature is not positive.

    >>> round(float(distillation(np.zeros((1, 2)), np.zeros((1, 2)), temperature=1.0)), 4)
    0.6931
    """
    logits, teacher = of_one_shape("distillation", logits, teacher)
    soft = softmax(unwrap(teacher) / checked_temperature(temperature))
    return softmax_loss(logits / temperature, soft) * temperature**2


def accuracy(scores: Any, labels: Any) -> Any:
    """The share of samples that are classified right; a plain float.

    Of several classes, with scores (..., c), the largest score decides.  Of two classes with one
    raw score each, of shape (n,) or (n, 1), its sign does: class 1 where it is above 0, as
    `binary_cross_entropy_with_logits` trains it (for a probability p, give p - 0.5).

    Raises ValueError for labels out of range or of a wrong shape, TypeError for labels that are
    neither integers nor in the shape of the scores.

    >>> accuracy(np.array([[0.1, 0.9], [0.8, 0.2]]), [1, 1])
    0.5
    >>> accuracy(np.array([1.5, -0.5, 0.3, 2.0]), [1, 0, 0, 1])
    0.75
    """
    scores, labels = array_of(unwrap(entries(scores))), array_of(unwrap(labels))
    if scores.shape[-1:] == (1,) and labels.shape in (scores.shape, scores.shape[:-1]):
        scores, labels = np.reshape(scores, (-1,)), np.reshape(labels, (-1,))
    if scores.ndim < 2 and scores.shape == labels.shape:
        return binary_accuracy(scores, labels)
    right = np.argmax(one_hot(labels, floats(scores)), axis=-1)
    return share(np.argmax(scores, axis=-1) == right)


def binary_accuracy(scores: Any, labels: Any) -> Any:
    """`accuracy` for one raw score for each sample; NaN is neither class."""
    if not usually(np.all((labels == 0) | (labels == 1))):
        raise ValueError(
            f"with one score for each sample the labels are 0 or 1; these go from {labels.min()} "
            f"to {labels.max()}: for several classes give scores of shape (n, c)"
        )
    return share(np.where(labels == 1, scores > 0, scores <= 0))


def share(right: Any) -> Any:
    """The share of samples that are right: a float; of lazy arrays one lazy number."""
    found = np.mean(right)
    asked = hasattr(found, "__usually__")  # while a function is recorded nobody knows it
    return float(found) if can_decide(found) and not asked else found


@cache
def identity(count: int, dtype: Any) -> Any:
    """A row for each class, all 0 but for a 1."""
    return np.eye(count, dtype=dtype)


def one_hot(labels: Any, scores: Any) -> Any:
    """Classes for scores (..., c), checked, as an array of their shape and dtype."""
    labels = labels if type(labels) is np.ndarray else array_of(labels)
    if isinstance(labels, Value):
        raise TypeError("labels are constants, a gradient to them would be lost: use v.data")
    scores = unwrap(scores)
    shape = scores.shape
    if not shape:
        raise ValueError("scores of several classes are needed along the last axis; got one number")
    if labels.dtype.kind in "iu" and labels.shape == shape[:-1]:
        hot = rows_of(labels, shape[-1], scores.dtype)
        if hot is None:
            raise ValueError(
                f"class labels must lie in 0 ... {shape[-1] - 1} for scores of shape {shape}; "
                f"these go from {labels.min()} to {labels.max()}"
            )
        return hot
    if labels.shape == shape and labels.dtype.kind in "fiub":
        return probabilities_of(labels, scores)
    if labels.shape == shape[:-1]:
        raise TypeError(
            f"class labels must be integers, these are {labels.dtype}: use labels.astype(int)"
        )
    raise ValueError(
        f"for scores of shape {shape}, labels are integers of shape {shape[:-1]} or one-hot of "
        f"shape {shape}; these have shape {labels.shape}"
    )


def rows_of(labels: Any, count: int, dtype: Any) -> Any:
    """One-hot rows from integers; None where one is no class.  Few classes have a table of rows."""
    if count > TABLE_LIMIT or type(labels) is not np.ndarray:
        hot = np.equal(np.expand_dims(labels, -1), np.arange(count))
        known = usually(np.count_nonzero(hot) == labels.size)
        return hot.astype(dtype) if known else None
    if labels.dtype.kind == "u":
        labels = np.minimum(labels, count).astype(np.intp)
    if np.minimum.reduce(labels, axis=None, initial=0) < 0:
        return None
    try:
        return identity(count, dtype).take(labels, axis=0)
    except IndexError:
        return None


def probabilities_of(labels: Any, scores: Any) -> Any:
    """One-hot labels or probabilities, checked, in the dtype of the scores."""
    labels = labels.astype(scores.dtype if scores.dtype.kind == "f" else float)
    off = np.abs(np.sum(labels, axis=-1) - 1)
    if not usually(np.all(labels >= 0) & np.all(off < 1e-3)):
        raise ValueError(
            "one-hot labels (or probabilities) must be at least 0 and sum to 1 along the last "
            "axis; for several labels at once use binary_cross_entropy_with_logits"
        )
    return labels


def of_one_shape(name: str, prediction: Any, target: Any) -> tuple[Any, Any]:
    """Prediction and target as arrays of one shape."""
    prediction, target = entries(prediction), entries(target)
    if not isinstance(prediction, Value):
        prediction = array_of(prediction)
    if not isinstance(target, Value):
        target = array_of(target)
        if target.dtype.kind in "fiub" and target.dtype != prediction.dtype:
            target = target.astype(prediction.dtype if prediction.dtype.kind in "fc" else float)
    if prediction.shape != target.shape:
        raise ValueError(
            f"{name} compares entry by entry: the prediction has shape {prediction.shape}, "
            f"the target {target.shape}; use reshape to make them the same"
        )
    return prediction, target if target.ndim else target[()]


def within_unit(name: str, p: Any, advice: str) -> Any:
    """Probabilities, refused outside [0, 1] (with some room, for finite differences)."""
    found = unwrap(p)
    if not usually(~(np.any(found < -1e-3) | np.any(found > 1 + 1e-3))):
        raise ValueError(f"{name} takes probabilities between 0 and 1: for raw scores use {advice}")
    return p


def unit_labels(name: str, y: Any) -> Any:
    """Labels between 0 and 1."""
    if not usually(~(np.any(unwrap(y) < 0) | np.any(unwrap(y) > 1))):
        raise ValueError(
            f"{name} takes labels of 0, 1 or between; these go from {y.min()} to {y.max()}"
        )
    return y


def mean(x: Any) -> Any:
    """The mean of all entries, as a sum over their number."""
    return np.sum(x) / max(x.size, 1)


def floats(x: Any) -> Any:
    """An array of integers or bools as floats; anything else as it is."""
    return x.astype(float) if hasattr(x, "dtype") and x.dtype.kind in "iub" else x


def unwrap(x: Any) -> Any:
    """The data of a Value."""
    return x.data if isinstance(x, Value) else x
