"""The layers and options whose outputs and gradients are compared with PyTorch's."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


class Reference(NamedTuple):
    """One layer, made and called as in PyTorch.

    layer    its class, by our name
    args, options  what it is made with
    shapes   of the inputs
    call     keywords of the call; a text names one of `MASKS`
    train    whether the layer is in training
    """

    layer: str
    args: tuple[Any, ...]
    options: dict[str, Any]
    shapes: tuple[tuple[int, ...], ...]
    call: dict[str, Any]
    train: bool


def ref(
    layer: str,
    *args: Any,
    x: tuple[int, ...] | tuple[tuple[int, ...], ...],
    call: dict[str, Any] | None = None,
    train: bool = True,
    **options: Any,
) -> Reference:
    """A reference, written as the layer would be made."""
    shapes: Any = x if x and isinstance(x[0], tuple) else (x,)
    return Reference(layer, args, options, shapes, call or {}, train)


THEIR_NAMES = {"TransformerBlock": "TransformerEncoderLayer"}
INDICES = np.array([[1, 4, 1], [0, 2, 4]])
MASKS = {
    "later": np.triu(np.ones((5, 5), bool), 1),
    "floats": np.linspace(-2, 2, 25).reshape(5, 5),
    "heads": np.linspace(-1, 1, 2 * 2 * 5 * 5).reshape(4, 5, 5),
    "keys": np.array([[False, False, True, False, True], [False, False, False, False, True]]),
    "wide": np.array([[False, True, False, False, True, False]] * 2),
}

IMAGE = (2, 4, 7, 8)
CONV2D: list[Reference] = [
    ref("Conv2d", 4, 6, 3, x=IMAGE),
    ref("Conv2d", 4, 6, 3, x=IMAGE[1:]),
    ref("Conv2d", 4, 6, (3, 2), stride=2, padding=(2, 1), bias=False, x=IMAGE),
    ref("Conv2d", 4, 6, 3, stride=(1, 3), dilation=(2, 1), groups=2, x=IMAGE),
    ref("Conv2d", 4, 8, 2, groups=4, padding=1, x=IMAGE),
    ref("Conv2d", 4, 3, 1, x=IMAGE),
    ref("Conv2d", 4, 3, (4, 3), padding="same", dilation=(1, 2), x=IMAGE),
    ref("Conv2d", 4, 3, 3, padding="valid", x=IMAGE),
    *[
        ref("Conv2d", 4, 3, 3, padding=(2, 1), padding_mode=mode, x=IMAGE)
        for mode in ("reflect", "replicate", "circular")
    ],
    ref("Conv2d", 4, 3, 4, padding="same", padding_mode="circular", x=IMAGE),
]
CONV1D: list[Reference] = [
    ref("Conv1d", 4, 6, 3, x=(2, 4, 9)),
    ref("Conv1d", 4, 6, 3, x=(4, 9)),
    ref("Conv1d", 4, 6, 4, stride=3, padding=2, dilation=2, groups=2, x=(2, 4, 9)),
    ref("Conv1d", 4, 2, 5, padding="same", padding_mode="reflect", x=(2, 4, 9)),
]
TRANSPOSED: list[Reference] = [
    ref("ConvTranspose2d", 4, 6, 3, x=(2, 4, 4, 5)),
    ref("ConvTranspose2d", 4, 6, 3, x=(4, 4, 5)),
    ref("ConvTranspose2d", 4, 6, (4, 3), stride=2, padding=1, output_padding=1, x=(2, 4, 4, 5)),
    ref("ConvTranspose2d", 4, 6, 2, stride=(1, 3), groups=2, dilation=(2, 1), x=(2, 4, 4, 5)),
    ref("ConvTranspose2d", 4, 2, 3, padding=2, output_padding=1, dilation=3, x=(2, 4, 4, 5)),
    ref("ConvTranspose2d", 4, 2, 2, output_padding=2, dilation=3, x=(2, 4, 4, 5)),
    ref("ConvTranspose2d", 4, 2, 2, padding=1, output_padding=3, dilation=4, x=(2, 4, 4, 5)),
    ref("ConvTranspose1d", 4, 2, 3, stride=2, padding=1, output_padding=4, dilation=5, x=(2, 4, 4)),
    ref("ConvTranspose2d", 4, 2, 2, stride=3, bias=False, x=(2, 4, 4, 5)),
    ref("ConvTranspose1d", 4, 6, 3, stride=2, padding=1, output_padding=1, x=(2, 4, 5)),
]
POOLS: list[Reference] = [
    ref("MaxPool2d", 2, x=IMAGE),
    ref("MaxPool2d", 2, x=IMAGE[1:]),
    ref("MaxPool2d", (3, 2), stride=(2, 1), padding=(1, 0), x=IMAGE),
    ref("MaxPool2d", 3, stride=2, padding=1, dilation=2, ceil_mode=True, x=IMAGE),
    ref("MaxPool2d", 2, stride=3, ceil_mode=True, x=IMAGE),
    ref("MaxPool2d", 3, stride=2, ceil_mode=True, x=IMAGE),
    ref("MaxPool1d", 3, stride=2, padding=1, x=(2, 4, 9)),
    ref("AvgPool2d", 2, x=IMAGE),
    ref("AvgPool2d", 2, x=IMAGE[1:]),
    ref("AvgPool2d", 3, stride=2, padding=1, x=IMAGE),
    ref("AvgPool2d", 3, stride=2, padding=1, count_include_pad=False, x=IMAGE),
    ref("AvgPool2d", (3, 2), stride=2, ceil_mode=True, x=IMAGE),
    ref("AvgPool2d", 3, stride=2, padding=1, ceil_mode=True, x=IMAGE),
    ref("AvgPool2d", 3, 2, 1, True, False, x=IMAGE),
    ref("AvgPool2d", 2, divisor_override=3, x=IMAGE),
    ref("AvgPool1d", 3, stride=2, padding=1, x=(2, 4, 9)),
    ref("AdaptiveAvgPool2d", 3, x=IMAGE),
    ref("AdaptiveAvgPool2d", (1, 5), x=IMAGE),
    ref("AdaptiveAvgPool2d", (None, 1), x=IMAGE),
    ref("AdaptiveAvgPool2d", (9, 2), x=IMAGE[1:]),
    ref("AdaptiveAvgPool1d", 4, x=(2, 4, 9)),
]
NORMS: list[Reference] = [
    ref("LayerNorm", 6, x=(3, 5, 6)),
    ref("LayerNorm", 6, eps=0.1, bias=False, x=(3, 6)),
    ref("LayerNorm", (5, 6), x=(3, 5, 6)),
    ref("LayerNorm", 6, elementwise_affine=False, x=(6,)),
    ref("RMSNorm", 6, x=(3, 5, 6)),
    ref("RMSNorm", (5, 6), eps=0.1, x=(3, 5, 6)),
    ref("RMSNorm", 6, elementwise_affine=False, x=(3, 6)),
    ref("BatchNorm1d", 4, x=(5, 4)),
    ref("BatchNorm1d", 4, x=(5, 4, 3)),
    ref("BatchNorm1d", 4, x=(5, 4), train=False),
    ref("BatchNorm1d", 4, affine=False, momentum=0.3, x=(5, 4)),
    ref("BatchNorm2d", 4, x=IMAGE),
    ref("BatchNorm2d", 4, x=IMAGE, train=False),
    ref("BatchNorm2d", 4, momentum=None, eps=0.1, x=IMAGE),
    ref("BatchNorm2d", 4, track_running_stats=False, x=IMAGE),
    ref("BatchNorm2d", 4, track_running_stats=False, x=IMAGE, train=False),
]
PLAIN: list[Reference] = [
    ref("Linear", 4, 3, x=(5, 4)),
    ref("Linear", 4, 3, bias=False, x=(2, 5, 4)),
    ref("Linear", in_features=4, out_features=3, x=(4,)),
    ref("Flatten", x=IMAGE),
    ref("Flatten", 2, x=IMAGE),
    ref("Flatten", start_dim=0, end_dim=1, x=IMAGE),
    ref("Dropout", 0.3, x=(3, 4), train=False),
    ref("Embedding", 5, 3, x=()),
    ref("Embedding", 5, 3, padding_idx=1, x=()),
    ref("Embedding", 5, 3, padding_idx=-1, x=()),
]
RECURRENT: list[Reference] = [
    *[
        made
        for layer, more in (
            ("RNN", {}),
            ("LSTM", {}),
            ("GRU", {}),
            ("RNN", {"nonlinearity": "relu"}),
        )
        for made in (
            ref(layer, 3, 4, x=(5, 2, 3), **more),
            ref(layer, 3, 4, x=(5, 3), **more),
            ref(layer, 3, 4, num_layers=2, bidirectional=True, x=(5, 2, 3), **more),
            ref(layer, 3, 4, 2, bias=False, batch_first=True, x=(2, 5, 3), **more),
        )
    ],
    ref("RNN", 3, 4, x=((5, 2, 3), (1, 2, 4))),
    ref("GRU", 3, 4, 2, bidirectional=True, batch_first=True, x=((2, 5, 3), (4, 2, 4))),
    ref("GRU", 3, 4, x=((5, 3), (1, 4))),
    ref("LSTM", 3, 4, x=((5, 2, 3), (1, 2, 4), (1, 2, 4))),
    ref("LSTM", 3, 4, x=((5, 3), (1, 4), (1, 4))),
]
QKV = ((5, 2, 8),) * 3
ATTENTION: list[Reference] = [
    ref("MultiheadAttention", 8, 2, x=QKV),
    ref("MultiheadAttention", 8, 2, x=((5, 8),) * 3),
    ref("MultiheadAttention", 8, 4, bias=False, batch_first=True, x=((2, 5, 8),) * 3),
    ref("MultiheadAttention", 8, 2, x=((5, 2, 8), (6, 2, 8), (6, 2, 8)),
        call={"key_padding_mask": "wide"}),
    ref("MultiheadAttention", 8, 2, kdim=3, vdim=5, x=((5, 2, 8), (6, 2, 3), (6, 2, 5))),
    ref("MultiheadAttention", 8, 2, x=QKV, call={"attn_mask": "later"}),
    ref("MultiheadAttention", 8, 2, x=QKV, call={"attn_mask": "later", "is_causal": True}),
    ref("MultiheadAttention", 8, 2, x=QKV, call={"attn_mask": "floats"}),
    ref("MultiheadAttention", 8, 2, x=QKV,
        call={"attn_mask": "heads", "average_attn_weights": False}),
    ref("MultiheadAttention", 8, 2, x=QKV,
        call={"key_padding_mask": "keys", "need_weights": False}),
    ref("TransformerBlock", 8, 2, 12, 0.0, x=(5, 2, 8)),
    ref("TransformerBlock", 8, 2, 12, 0.0, activation="gelu", norm_first=True, batch_first=True,
        x=(2, 5, 8), call={"src_mask": "later", "is_causal": True}),
    ref("TransformerBlock", 8, 4, 12, bias=False, layer_norm_eps=0.1, x=(5, 2, 8), train=False,
        call={"src_key_padding_mask": "keys"}),
]  # fmt: skip
CASES: list[Reference] = [
    *(*PLAIN, *CONV1D, *CONV2D, *TRANSPOSED, *POOLS, *NORMS, *RECURRENT, *ATTENTION),
]


def name_of(number: int) -> str:
    """What a case is called in the file and among the tests."""
    return f"{number:03d} {CASES[number].layer}"


def inputs_of(number: int, dtype: Any) -> list[Any]:
    """The inputs of a case."""
    case = CASES[number]
    if case.layer == "Embedding":
        return [INDICES]
    source = np.random.default_rng(number)
    return [source.normal(size=shape).astype(dtype) for shape in case.shapes]


def call_of(case: Reference, dtype: Any) -> dict[str, Any]:
    """The keywords of a call."""
    found = {k: MASKS[v] if isinstance(v, str) else v for k, v in case.call.items()}
    return {
        k: v.astype(dtype) if isinstance(v, np.ndarray) and v.dtype.kind == "f" else v
        for k, v in found.items()
    }


def seeds_of(number: int, outputs: list[Any], dtype: Any) -> list[Any]:
    """The cotangent of each output."""
    source = np.random.default_rng(1000 + number)
    return [source.normal(size=y.shape).astype(dtype) for y in outputs]
