"""Optimisers: how a gradient becomes a step; learning rates over time; gradients as one vector."""

from __future__ import annotations

from nn.optimisers.adam import Adam, AdamW
from nn.optimisers.base import Optimiser
from nn.optimisers.first_order import SGD, Adagrad, Lion, RMSprop
from nn.optimisers.schedules import (
    CosineDecay,
    ExponentialDecay,
    LinearDecay,
    OneCycle,
    Schedule,
    StepDecay,
    WarmUp,
)

__all__ = [
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "CosineDecay",
    "ExponentialDecay",
    "LinearDecay",
    "Lion",
    "OneCycle",
    "Optimiser",
    "RMSprop",
    "Schedule",
    "StepDecay",
    "WarmUp",
]
