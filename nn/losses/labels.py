"""What losses are given, checked: shapes, classes, probabilities; and how they are summed up.

Shapes must agree exactly: nothing is broadcast, since (n, 1) against (n,) would compare every
sample with every other.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

import numpy as np

from autograd import Value
from autograd.extend import usually
from nn.activations import entries
from nn.checks import array_of

Reduction = Literal["mean", "sum", "none"]
"""Whether a loss is the mean over all samples, their sum, or one number for each."""

TABLE_LIMIT = 256
"""Up to how many classes one-hot rows are taken from a table."""


# --- summing up -----------------------------------------------------------------------------------
def reduced(x: Any, reduction: str) -> Any:
    """The mean of all entries, their sum, or the entries themselves.

    >>> float(reduced(np.array([1.0, 3.0]), "mean"))
    2.0
    """
    if reduction == "mean":
        if not x.size:
            raise empty_batch()
        return np.sum(x) / x.size
    if reduction == "sum":
        return np.sum(x)
    if reduction == "none":
        return x
    raise ValueError(f"reduction is 'mean', 'sum' or 'none', got {reduction!r}")


def empty_batch() -> ValueError:
    """The error for a mean over nothing."""
    return ValueError("the batch is empty: the mean of a loss needs at least one sample")


# --- classes --------------------------------------------------------------------------------------
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


# --- numbers --------------------------------------------------------------------------------------
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


def floats(x: Any) -> Any:
    """An array of integers or bools as floats; anything else as it is."""
    return x.astype(float) if hasattr(x, "dtype") and x.dtype.kind in "iub" else x


def unwrap(x: Any) -> Any:
    """The data of a Value."""
    return x.data if isinstance(x, Value) else x
