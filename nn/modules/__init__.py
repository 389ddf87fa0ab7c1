"""The layers of networks on arrays."""

from nn.modules.attention import MultiheadAttention, TransformerBlock
from nn.modules.containers import Flatten, Sequential
from nn.modules.convolution import Conv1d, Conv2d, ConvTranspose1d, ConvTranspose2d
from nn.modules.dropout import Dropout
from nn.modules.embedding import Embedding
from nn.modules.linear import Linear
from nn.modules.normalisation import BatchNorm1d, BatchNorm2d, LayerNorm, RMSNorm
from nn.modules.pooling import (
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AvgPool1d,
    AvgPool2d,
    MaxPool1d,
    MaxPool2d,
)
from nn.modules.recurrent import GRU, LSTM, RNN

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
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
    "Flatten",
    "LayerNorm",
    "Linear",
    "MaxPool1d",
    "MaxPool2d",
    "MultiheadAttention",
    "RMSNorm",
    "Sequential",
    "TransformerBlock",
]
