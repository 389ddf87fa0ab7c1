"""Neural networks on `autograd`: modules, layers, activations, losses, optimisers and training.

No derivative is written here: everything is put together from functions that the engine knows.
"""

from __future__ import annotations

from nn.activations import (
    gelu,
    hard_sigmoid,
    leaky_relu,
    log_softmax,
    relu,
    sigmoid,
    softmax,
    softplus,
    softsign,
    swish,
    tanh,
    unit_step,
)
from nn.batches import batches
from nn.layers import Linear, Sequential
from nn.losses import (
    accuracy,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    categorical_cross_entropy,
    cross_entropy_with_logits,
    distillation,
    mae,
    mse,
)
from nn.module import Module
from nn.neurons import MLP, Layer, Neuron
from nn.norms import cosine_similarity, l1_norm, l2_norm
from nn.optimisers import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    CosineDecay,
    ExponentialDecay,
    LinearDecay,
    Lion,
    OneCycle,
    Optimiser,
    RMSprop,
    Schedule,
    StepDecay,
    WarmUp,
)
from nn.parallel import Parallel
from nn.sampling import sample
from nn.training import History, fit, gradient_norm

__all__ = [
    "MLP",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "CosineDecay",
    "ExponentialDecay",
    "History",
    "Layer",
    "Linear",
    "LinearDecay",
    "Lion",
    "Module",
    "Neuron",
    "OneCycle",
    "Optimiser",
    "Parallel",
    "RMSprop",
    "Schedule",
    "Sequential",
    "StepDecay",
    "WarmUp",
    "accuracy",
    "batches",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "categorical_cross_entropy",
    "cosine_similarity",
    "cross_entropy_with_logits",
    "distillation",
    "fit",
    "gelu",
    "gradient_norm",
    "hard_sigmoid",
    "l1_norm",
    "l2_norm",
    "leaky_relu",
    "log_softmax",
    "mae",
    "mse",
    "relu",
    "sample",
    "sigmoid",
    "softmax",
    "softplus",
    "softsign",
    "swish",
    "tanh",
    "unit_step",
]
