"""Losses: one number to make small, by default the mean over all samples; and what is measured."""

from __future__ import annotations

from nn.losses.classification import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    categorical_cross_entropy,
    cross_entropy_with_logits,
    distillation,
    hinge,
    kl_divergence,
    nll,
)
from nn.losses.metrics import (
    accuracy,
    binary_accuracy,
    confusion_matrix,
    multi_label_accuracy,
    predict,
    predict_proba,
)
from nn.losses.regression import gaussian_nll, huber, mae, mse

__all__ = [
    "accuracy",
    "binary_accuracy",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "categorical_cross_entropy",
    "confusion_matrix",
    "cross_entropy_with_logits",
    "distillation",
    "gaussian_nll",
    "hinge",
    "huber",
    "kl_divergence",
    "mae",
    "mse",
    "multi_label_accuracy",
    "nll",
    "predict",
    "predict_proba",
]
