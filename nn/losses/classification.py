"""Losses of classifiers.

Predictions are Values (or arrays), targets plain arrays.  Classes are given as integers from 0 to
c - 1 in the shape of the predictions without the last axis, or one-hot (or as probabilities) in the
shape of the predictions.
"""

from __future__ import annotations

from typing import Any, overload

import numpy as np

from autograd import Value, log_softmax, relu, softmax, softmax_cross_entropy, softplus
from autograd.extend import usually
from nn.activations import checked_temperature, entries
from nn.checks import array_of, positive
from nn.losses.labels import (
    Reduction,
    empty_batch,
    floats,
    of_one_shape,
    one_hot,
    reduced,
    unit_labels,
    unwrap,
    within_unit,
)


# --- several classes ------------------------------------------------------------------------------
@overload
def cross_entropy_with_logits(
    logits: Value,
    labels: Any,
    temperature: float = 1.0,
    *,
    weight: Any = None,
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    reduction: Reduction = "mean",
) -> Value: ...
@overload
def cross_entropy_with_logits(
    logits: Any,
    labels: Any,
    temperature: float = 1.0,
    *,
    weight: Any = None,
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    reduction: Reduction = "mean",
) -> Any: ...
def cross_entropy_with_logits(
    logits: Any,
    labels: Any,
    temperature: float = 1.0,
    *,
    weight: Any = None,
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    reduction: Reduction = "mean",
) -> Any:
    """-mean(log(softmax(logits / temperature) of the right class)), from raw scores (..., c).

    weight           one number for each class; the mean is then weighted with that of the right
                     class (for labels that are probabilities, the terms are)
    ignore_index     a label whose samples do not count
    label_smoothing  so much of each label is spread evenly over all classes
    reduction        "mean", "sum", or "none" for one number for each sample

    Without these options it is one node.  It is stable for scores of any size; its derivative is
    (softmax - one-hot) / n.
    Raises ValueError for labels out of range or of a wrong shape, TypeError for labels that are
    neither integers nor in the shape of the logits.

    >>> float(cross_entropy_with_logits(np.array([[1e4, -1e4]]), [1]))
    20000.0
    """
    logits = logits if type(logits) is Value else floats(entries(logits))
    plain = weight is None and ignore_index is None and not label_smoothing
    if plain and reduction == "mean":
        targets = one_hot(labels, logits)
        if not logits.size:
            raise empty_batch()
        if temperature != 1.0:
            logits = logits / checked_temperature(temperature)
        return softmax_loss(logits, targets)
    if temperature != 1.0:
        logits = logits / checked_temperature(temperature)
    terms = Terms(labels, logits, weight, ignore_index, label_smoothing)
    return terms.loss(log_softmax(logits, -1), reduction)


def softmax_loss(logits: Any, targets: Any) -> Any:
    """-mean(sum(targets * log(softmax(logits)))), for targets that are checked."""
    return softmax_cross_entropy(logits, targets, probabilities=True)


@overload
def categorical_cross_entropy(
    probabilities: Value, labels: Any, *, weight: Any = None, reduction: Reduction = "mean"
) -> Value: ...
@overload
def categorical_cross_entropy(
    probabilities: Any, labels: Any, *, weight: Any = None, reduction: Reduction = "mean"
) -> Any: ...
def categorical_cross_entropy(
    probabilities: Any, labels: Any, *, weight: Any = None, reduction: Reduction = "mean"
) -> Any:
    """-mean(log(p of the right class)), from probabilities (..., c), as a softmax gives them.

    weight, reduction  as in `cross_entropy_with_logits`

    It is infinite where the right class has probability 0: train with `cross_entropy_with_logits`,
    which cannot be.  Raises ValueError for probabilities outside [0, 1] and for bad labels.

    >>> p = np.array([[0.5, 0.5], [0.25, 0.75]])
    >>> round(float(categorical_cross_entropy(p, [0, 1])), 4)
    0.4904
    """
    p = within_unit(
        "categorical_cross_entropy", floats(entries(probabilities)), "cross_entropy_with_logits"
    )
    terms = Terms(labels, p, weight)
    return terms.loss(np.log(np.where(terms.targets > 0, p, 1)), reduction)


@overload
def nll(
    log_probabilities: Value,
    labels: Any,
    *,
    weight: Any = None,
    ignore_index: int | None = None,
    reduction: Reduction = "mean",
) -> Value: ...
@overload
def nll(
    log_probabilities: Any,
    labels: Any,
    *,
    weight: Any = None,
    ignore_index: int | None = None,
    reduction: Reduction = "mean",
) -> Any: ...
def nll(
    log_probabilities: Any,
    labels: Any,
    *,
    weight: Any = None,
    ignore_index: int | None = None,
    reduction: Reduction = "mean",
) -> Any:
    """The negative log-likelihood: -mean(log p of the right class), from logarithms (..., c), as
    `log_softmax` gives them.  Of a `log_softmax` it is the cross-entropy.

    weight, ignore_index, reduction  as in `cross_entropy_with_logits`

    Raises ValueError for labels out of range or of a wrong shape.

    >>> float(nll(np.log([[0.25, 0.75], [0.5, 0.5]]), [1, 0]))  # doctest: +ELLIPSIS
    0.490...
    """
    logs = floats(entries(log_probabilities))
    return Terms(labels, logs, weight, ignore_index).loss(logs, reduction)


class Terms:
    """What a sum over classes multiplies the logarithms with, for labels and options.

    targets  in the shape of the logarithms
    total    what the mean divides by: the number of samples, or the sum of their weights
    """

    def __init__(
        self,
        labels: Any,
        scores: Any,
        weight: Any = None,
        ignore_index: int | None = None,
        label_smoothing: float = 0.0,
    ) -> None:
        if not 0 <= label_smoothing <= 1:
            raise ValueError(f"label_smoothing is a share from 0 to 1, got {label_smoothing}")
        labels, shape = array_of(unwrap_labels(labels)), unwrap(scores).shape
        classes = labels.shape == shape[:-1] and labels.dtype.kind in "iu"
        kept = None
        if ignore_index is not None:
            if not classes:
                raise ValueError(
                    f"ignore_index takes integer labels of shape {shape[:-1]}, these are "
                    f"{labels.dtype} of shape {labels.shape}"
                )
            kept = labels != ignore_index
            labels = np.where(kept, labels, np.zeros_like(labels))
        hot = one_hot(labels, scores)
        targets = hot * (1 - label_smoothing) + label_smoothing / shape[-1]
        targets = targets if label_smoothing else hot
        self.total: Any = hot.size // max(shape[-1], 1)
        if weight is not None:
            weight = checked_weight(weight, shape[-1], hot.dtype)
            targets = targets * weight
        if kept is not None:
            targets = targets * np.expand_dims(kept, -1)
        if classes and (weight is not None or kept is not None):
            each = hot if weight is None else hot * weight
            self.total = np.sum(each if kept is None else each * np.expand_dims(kept, -1))
        self.targets = targets

    def loss(self, logs: Any, reduction: str) -> Any:
        """The loss, from the logarithms of the probabilities."""
        logs = np.where(self.targets == 0, np.zeros_like(self.targets), logs)
        each = -np.sum(self.targets * logs, axis=-1)
        if reduction != "mean":
            return reduced(each, reduction)
        if not usually(self.total > 0):
            raise ValueError(
                "no sample counts: the batch is empty, all labels are ignored, or their classes "
                "have the weight 0"
            )
        return np.sum(each) / self.total


def unwrap_labels(labels: Any) -> Any:
    """Labels, refused where they are Values."""
    if isinstance(labels, Value):
        raise TypeError("labels are constants, a gradient to them would be lost: use v.data")
    return labels


def checked_weight(weight: Any, count: int, dtype: Any) -> Any:
    """One weight for each class, none negative."""
    weight = array_of(weight)
    if isinstance(weight, Value) or weight.shape != (count,):
        raise ValueError(
            f"weight has one number for each class, a constant of shape ({count},); this one has "
            f"shape {weight.shape}"
        )
    if not usually(np.all(weight >= 0)):
        raise ValueError(f"weights of classes are not negative, got {weight}")
    return weight.astype(dtype)


@overload
def kl_divergence(
    log_probabilities: Value,
    target: Any,
    *,
    log_target: bool = False,
    reduction: str = "batchmean",
) -> Value: ...
@overload
def kl_divergence(
    log_probabilities: Any,
    target: Any,
    *,
    log_target: bool = False,
    reduction: str = "batchmean",
) -> Any: ...
def kl_divergence(
    log_probabilities: Any,
    target: Any,
    *,
    log_target: bool = False,
    reduction: str = "batchmean",
) -> Any:
    """How far a distribution is from a target: sum(target * (log(target) - log_probabilities)) for
    each sample, and the mean of that over the first axis; 0 * log(0) is 0.

    log_probabilities  as `log_softmax` gives them, also for large scores
    log_target         whether the target is given by its logarithm, too
    reduction          "batchmean" as above, "sum", "none" for each entry, or "mean" over all
                       entries, which divides by the number of classes, too, as PyTorch's does

    Raises ValueError where the shapes differ.

    >>> from nn import log_softmax
    >>> float(kl_divergence(log_softmax(np.zeros((1, 2))), [[1.0, 0.0]]))  # doctest: +ELLIPSIS
    0.693...
    """
    logs, target = of_one_shape("kl_divergence", log_probabilities, target)
    if log_target:
        target, own = np.exp(target), target
    else:
        own = np.log(np.where(target > 0, target, 1.0))
    nothing = unwrap(target) == 0
    difference = np.where(nothing, 0.0, own - np.where(nothing, 0.0, logs))
    each = target * difference
    if reduction != "batchmean":
        return reduced(each, reduction)
    if not each.ndim or not each.shape[0]:
        raise ValueError("'batchmean' is a mean over the first axis, and needs at least one sample")
    return np.sum(each) / each.shape[0]


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


@overload
def hinge(
    scores: Value,
    labels: Any,
    *,
    margin: float = 1.0,
    power: int = 1,
    reduction: Reduction = "mean",
) -> Value: ...
@overload
def hinge(
    scores: Any,
    labels: Any,
    *,
    margin: float = 1.0,
    power: int = 1,
    reduction: Reduction = "mean",
) -> Any: ...
def hinge(
    scores: Any,
    labels: Any,
    *,
    margin: float = 1.0,
    power: int = 1,
    reduction: Reduction = "mean",
) -> Any:
    """The loss of a support vector machine: nothing for scores that are right by the margin.

    Of two classes, with labels -1 and 1 (or 0 and 1) in the shape of the scores:
    max(0, margin - label * score) ** power.  Of several, with scores (..., c) and integer labels,
    sum(max(0, margin - score of the right class + score of another) ** power) / c over the others.

    Raises ValueError for labels that are neither, TypeError where several classes have labels that
    are no integers.

    >>> float(hinge(np.array([0.5, 3.0]), [1, 1])), float(hinge(np.array([[0.5, 3.0]]), [0]))
    (0.25, 1.75)
    """
    positive("margin", margin)
    if power not in (1, 2):
        raise ValueError(f"power is 1, or 2 for the squared hinge, got {power!r}")
    scores = scores if isinstance(scores, Value) else floats(array_of(entries(scores)))
    labels = array_of(unwrap_labels(labels))
    if labels.shape == scores.shape:
        signs = np.where(labels == 0, -1.0, labels).astype(unwrap(scores).dtype)
        if not usually(np.all(np.abs(signs) == 1)) or usually(
            np.any(labels == 0) & np.any(labels == -1), False
        ):
            raise ValueError(
                "hinge takes labels of -1 and 1, or of 0 and 1, one for each score; these go from "
                f"{labels.min()} to {labels.max()}"
            )
        return reduced(relu(margin - signs * scores) ** power, reduction)
    hot = one_hot(labels, scores)
    right = np.sum(hot * scores, axis=-1, keepdims=True)
    short = relu(margin - right + scores) ** power
    return reduced(np.sum(short * (1 - hot), axis=-1) / hot.shape[-1], reduction)


# --- two classes, and several at once -------------------------------------------------------------
@overload
def binary_cross_entropy(
    probabilities: Value, labels: Any, *, weight: Any = None, reduction: Reduction = "mean"
) -> Value: ...
@overload
def binary_cross_entropy(
    probabilities: Any, labels: Any, *, weight: Any = None, reduction: Reduction = "mean"
) -> Any: ...
def binary_cross_entropy(
    probabilities: Any, labels: Any, *, weight: Any = None, reduction: Reduction = "mean"
) -> Any:
    """-mean(y * log(p) + (1 - y) * log(1 - p)), with labels y of 0, 1 or between; 0 * log(0) is 0.

    weight     of each entry, in the shape of the labels or one that broadcasts to it
    reduction  "mean", "sum", or "none" for one number for each entry

    It is infinite where p says the opposite of y with certainty.  Raises ValueError for
    probabilities or labels outside [0, 1], and where the shapes differ.

    >>> round(float(binary_cross_entropy(np.array([0.5, 0.75]), [0, 1])), 4)
    0.4904
    """
    name = "binary_cross_entropy"
    p, y = of_one_shape(name, probabilities, labels)
    p, y = within_unit(name, p, f"{name}_with_logits"), unit_labels(name, y)
    yes, no = (y > 0) | (p > 0), (y < 1) | (p < 1)
    each = -(y * np.log(np.where(yes, p, 1)) + (1 - y) * np.log(np.where(no, 1 - p, 1)))
    return reduced(each if weight is None else each * spread(weight, each, "weight"), reduction)


@overload
def binary_cross_entropy_with_logits(
    logits: Value,
    labels: Any,
    *,
    weight: Any = None,
    pos_weight: Any = None,
    reduction: Reduction = "mean",
) -> Value: ...
@overload
def binary_cross_entropy_with_logits(
    logits: Any,
    labels: Any,
    *,
    weight: Any = None,
    pos_weight: Any = None,
    reduction: Reduction = "mean",
) -> Any: ...
def binary_cross_entropy_with_logits(
    logits: Any,
    labels: Any,
    *,
    weight: Any = None,
    pos_weight: Any = None,
    reduction: Reduction = "mean",
) -> Any:
    """`binary_cross_entropy` of sigmoid(logits), stable for scores of any size:
    mean(y * softplus(-x) + (1 - y) * softplus(x)).

    weight      of each entry, in the shape of the labels or one that broadcasts to it
    pos_weight  of the first term: above 1, a missed positive costs more; a number, or one for each
                column
    reduction   "mean", "sum", or "none" for one number for each entry

    Labels of several columns are several yes-or-no questions at once (multi-label).

    >>> float(binary_cross_entropy_with_logits(np.array([1e4, -1e4]), [0, 0]))
    5000.0
    """
    name = "binary_cross_entropy_with_logits"
    x, y = of_one_shape(name, logits, labels)
    y = unit_labels(name, y)
    if pos_weight is not None:
        each = spread(pos_weight, x, "pos_weight") * y * softplus(-x) + (1 - y) * softplus(x)
    elif type(y) is not Value and usually(np.all((y == 0) | (y == 1)), unknown=False):
        each = softplus((1 - 2 * y) * x)
    else:
        each = y * softplus(-x) + (1 - y) * softplus(x)
    return reduced(each if weight is None else each * spread(weight, each, "weight"), reduction)


def spread(weight: Any, x: Any, name: str) -> Any:
    """Weights, checked to broadcast to the shape of x, in its dtype."""
    weight = array_of(weight)
    try:
        fits = np.broadcast_shapes(weight.shape, x.shape) == x.shape
    except ValueError:
        fits = False
    if not fits or isinstance(weight, Value):
        raise ValueError(
            f"{name} is a constant that broadcasts to the shape {x.shape}, this one has shape "
            f"{weight.shape}"
        )
    return weight.astype(unwrap(x).dtype) if unwrap(x).shape else weight
