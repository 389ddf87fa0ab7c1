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
from nn.memory import keep_freed_memory
from nn.module import Module
from nn.modules import (
    GRU,
    LSTM,
    RNN,
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AvgPool1d,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Conv1d,
    Conv2d,
    ConvTranspose1d,
    ConvTranspose2d,
    Dropout,
    Embedding,
    Flatten,
    LayerNorm,
    Linear,
    MaxPool1d,
    MaxPool2d,
    MultiheadAttention,
    RMSNorm,
    Sequential,
    TransformerBlock,
)
from nn.neurons import MLP, Layer, Neuron
from nn.norms import cosine_similarity, l1_norm, l2_norm
from nn.optimisers import SGD, Adam, Optimiser
from nn.parallel import Parallel
from nn.saving import FileError, load, save
from nn.state import StateError
from nn.torch_layout import from_torch, to_torch
from nn.training import History, fit, gradient_norm

keep_freed_memory()

__all__ = [
    "GRU",
    "LSTM",
    "MLP",
    "RNN",
    "SGD",
    "Adam",
    "AdaptiveAvgPool1d",
    "AdaptiveAvgPool2d",
    "AvgPool1d",
    "AvgPool2d",
    "BatchNorm1d",
    "BatchNorm2d",
    "Conv1d",
    "Conv2d",
    "ConvTranspose1d",
    "ConvTranspose2d",
    "Dropout",
    "Embedding",
    "FileError",
    "Flatten",
    "History",
    "Layer",
    "LayerNorm",
    "Linear",
    "MaxPool1d",
    "MaxPool2d",
    "Module",
    "MultiheadAttention",
    "Neuron",
    "Optimiser",
    "Parallel",
    "RMSNorm",
    "Sequential",
    "StateError",
    "TransformerBlock",
    "accuracy",
    "batches",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "categorical_cross_entropy",
    "cosine_similarity",
    "cross_entropy_with_logits",
    "distillation",
    "fit",
    "from_torch",
    "gelu",
    "gradient_norm",
    "hard_sigmoid",
    "l1_norm",
    "l2_norm",
    "leaky_relu",
    "load",
    "log_softmax",
    "mae",
    "mse",
    "relu",
    "save",
    "sigmoid",
    "softmax",
    "softplus",
    "softsign",
    "swish",
    "tanh",
    "to_torch",
    "unit_step",
]
