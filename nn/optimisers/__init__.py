"""Optimisers: how a gradient becomes a step; learning rates over time; gradients as one vector."""

from __future__ import annotations

from nn.optimisers.adam import Adam, AdamW
from nn.optimisers.base import Optimiser
from nn.optimisers.first_order import SGD, Adagrad, Lion, RMSprop
from nn.optimisers.gradients import (
    clip_by_norm,
    clip_by_value,
    clip_gradient_norm,
    clip_gradient_value,
    flat_gradient,
    flat_vector,
    gradient_cosine,
    gradient_norm,
)
from nn.optimisers.lbfgs import LBFGS
from nn.optimisers.newton import Newton
from nn.optimisers.plateau import ReduceOnPlateau
from nn.optimisers.schedules import (
    CosineDecay,
    ExponentialDecay,
    LinearDecay,
    OneCycle,
    Schedule,
    StepDecay,
    WarmUp,
)
from nn.optimisers.states import flat_state, restored_state

__all__ = [
    "LBFGS",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "CosineDecay",
    "ExponentialDecay",
    "LinearDecay",
    "Lion",
    "Newton",
    "OneCycle",
    "Optimiser",
    "RMSprop",
    "ReduceOnPlateau",
    "Schedule",
    "StepDecay",
    "WarmUp",
    "clip_by_norm",
    "clip_by_value",
    "clip_gradient_norm",
    "clip_gradient_value",
    "flat_gradient",
    "flat_state",
    "flat_vector",
    "gradient_cosine",
    "gradient_norm",
    "restored_state",
]
