"""What is measured and not trained: accuracies, the confusion matrix, predicted classes."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import sigmoid, softmax
from autograd.extend import can_decide, usually
from nn.activations import entries
from nn.checks import array_of
from nn.losses.labels import floats, one_hot, unwrap
from nn.modes import in_mode


def accuracy(scores: Any, labels: Any) -> Any:
    """The share of samples that are classified right; a plain float.

    Of several classes, with scores (..., c), the largest score decides.  Of two classes with one
    raw score each, of shape (n,) or (n, 1), its sign does: class 1 where it is above 0, as
    `binary_cross_entropy_with_logits` trains it (for a probability p, give p - 0.5, or use
    `binary_accuracy`).

    Raises ValueError for labels out of range or of a wrong shape, and where there are none;
    TypeError for labels that are neither integers nor in the shape of the scores.

    >>> accuracy(np.array([[0.1, 0.9], [0.8, 0.2]]), [1, 1])
    0.5
    >>> accuracy(np.array([1.5, -0.5, 0.3, 2.0]), [1, 0, 0, 1])
    0.75
    """
    scores, labels = array_of(unwrap(entries(scores))), array_of(unwrap(labels))
    if scores.shape[-1:] == (1,) and labels.shape in (scores.shape, scores.shape[:-1]):
        scores, labels = np.reshape(scores, (-1,)), np.reshape(labels, (-1,))
    if scores.ndim < 2 and scores.shape == labels.shape:
        return share(agree(scores, labels, 0.0))
    right = np.argmax(one_hot(labels, floats(scores)), axis=-1)
    return share(np.argmax(scores, axis=-1) == right)


def binary_accuracy(scores: Any, labels: Any, threshold: float = 0.0) -> Any:
    """The share of entries on the right side of the threshold: above it is class 1.

    scores     raw scores; for probabilities the threshold is 0.5
    labels     0 or 1, in the shape of the scores; several columns are several questions

    Raises ValueError for other labels, another shape, and where there are none.

    >>> binary_accuracy(np.array([0.9, 0.2, 0.7]), [1, 0, 0], threshold=0.5)  # doctest: +ELLIPSIS
    0.666...
    """
    return share(agree(*of_answers("binary_accuracy", scores, labels), threshold))


def multi_label_accuracy(scores: Any, labels: Any, threshold: float = 0.0) -> Any:
    """The share of samples, along the first axis, of which every label is right.

    `binary_accuracy` is the share of the labels.  Raises ValueError as it does.

    >>> multi_label_accuracy(np.array([[2.0, -1.0], [3.0, 1.0]]), [[1, 0], [1, 0]])
    0.5
    """
    right = agree(*of_answers("multi_label_accuracy", scores, labels), threshold)
    return share(np.all(np.reshape(right, (right.shape[0], -1)), axis=1))


def of_answers(name: str, scores: Any, labels: Any) -> tuple[Any, Any]:
    """Scores and labels as arrays of one shape."""
    scores, labels = array_of(unwrap(entries(scores))), array_of(unwrap(entries(labels)))
    if scores.shape != labels.shape or not scores.ndim:
        raise ValueError(
            f"{name} takes one score for each label: these have shapes {scores.shape} and "
            f"{labels.shape}"
        )
    return scores, labels


def agree(scores: Any, labels: Any, threshold: float) -> Any:
    """Where a score is on the side of its label, 0 or 1; NaN is on neither."""
    if not usually(np.all((labels == 0) | (labels == 1))):
        raise ValueError(
            f"with one score for each sample the labels are 0 or 1; these go from {labels.min()} "
            f"to {labels.max()}: for several classes give scores of shape (n, c)"
        )
    return np.where(labels == 1, scores > threshold, scores <= threshold)


def share(right: Any) -> Any:
    """The share of samples that are right: a float; of lazy arrays one lazy number."""
    if not right.size:
        raise ValueError("the batch is empty: an accuracy needs at least one sample")
    found = np.mean(right)
    asked = hasattr(found, "__usually__")  # while a function is recorded nobody knows it
    return float(found) if can_decide(found) and not asked else found


def confusion_matrix(scores: Any, labels: Any, classes: int | None = None) -> Any:
    """How often each class was taken for each: entry [i, j] counts the samples of class i that were
    classified as j.

    scores   (n, c), of which the largest decides, or n predicted classes
    labels   n integers, or one-hot (n, c)
    classes  how many there are; by default c, or what the numbers show

    Raises ValueError for classes out of range and where the lengths differ.

    >>> confusion_matrix([0, 1, 1], [0, 1, 0])
    array([[1, 1],
           [0, 1]])
    """
    scores, labels = np.asarray(unwrap(entries(scores))), np.asarray(unwrap(labels))
    if scores.ndim == 2:
        classes = scores.shape[1] if classes is None else classes
        predicted = np.argmax(scores, axis=-1)
        labels = np.argmax(one_hot(labels, floats(scores)), axis=-1)
    else:
        predicted = np.asarray(scores)
        if predicted.shape != labels.shape or labels.ndim != 1:
            raise ValueError(
                "confusion_matrix takes scores (n, c), or n predicted classes, and n labels: got "
                f"shapes {scores.shape} and {labels.shape}"
            )
        if np.any(predicted % 1 != 0) or np.any(labels % 1 != 0):
            raise ValueError(
                "predicted classes are integers; scores have the shape (n, c), also for two classes"
            )
        predicted, labels = predicted.astype(int), labels.astype(int)
    both = np.concatenate([predicted, labels])
    count = int(both.max(initial=-1)) + 1 if classes is None else classes
    if both.size and not (both.min() >= 0 and both.max() < count):
        raise ValueError(
            f"classes lie in 0 ... {count - 1}; these go from {both.min()} to {both.max()}"
        )
    return np.bincount(labels * count + predicted, minlength=count * count).reshape(count, count)


# --- what a model predicts ------------------------------------------------------------------------
def outputs_of(model: Any, x: Any, batch_size: int | None) -> Any:
    """The outputs of a model for samples along the first axis, as an array; a module is in its mode
    of evaluation meanwhile."""
    x = array_of(x)
    if not x.shape or not len(x):
        raise ValueError("there are no samples to predict for")
    size = batch_size or len(x)
    with in_mode(model, training=False):
        parts = [unwrap(model(x[start : start + size])) for start in range(0, len(x), size)]
    return np.concatenate(parts) if len(parts) > 1 else parts[0]


def predict(model: Any, x: Any, batch_size: int | None = None) -> Any:
    """The class of each sample, integers: the largest of several scores, or the sign of one.

    model       of which the outputs are raw scores (logits)
    batch_size  so many samples at a time; None takes all at once

    >>> predict(lambda x: x, np.array([[0.1, 0.9], [2.0, 1.0]]))
    array([1, 0])
    """
    scores = outputs_of(model, x, batch_size)
    if scores.ndim < 2 or scores.shape[-1] == 1:
        return (np.reshape(scores, (len(scores),)) > 0).astype(int)
    return np.argmax(scores, axis=-1)


def predict_proba(model: Any, x: Any, batch_size: int | None = None) -> Any:
    """The probability of each class for each sample, (..., c): the softmax of several scores; of
    one score its sigmoid s, as the two columns 1 - s and s.

    model       of which the outputs are raw scores (logits)
    batch_size  so many samples at a time; None takes all at once

    >>> predict_proba(lambda x: x, np.array([[0.0], [np.log(3.0)]]))
    array([[0.5 , 0.5 ],
           [0.25, 0.75]])
    """
    scores = outputs_of(model, x, batch_size)
    if scores.ndim < 2 or scores.shape[-1] == 1:
        scores = np.reshape(scores, (len(scores),))
        return np.stack([sigmoid(-scores), sigmoid(scores)], axis=-1)
    return softmax(scores, -1)
