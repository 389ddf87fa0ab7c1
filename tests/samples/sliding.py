"""Samples of the rows of convolution and pooling."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.rules.sliding_kernels import Windows
from tests.samples.draw import Sample, call, complexes, floats, start

start(__name__)

PLAIN = Windows((2,), (1,), (1,), ((0, 0),))
WIDE = Windows((3,), (2,), (2,), ((2, 3),))
"""Strides, holes and more padding at one end than at the other."""
FLAT = Windows((2, 3), (2, 1), (1, 2), ((1, 0), (0, 2)))
SIDE = Windows((2, 2), (2, 2), (1, 1), ((0, 0), (0, 0)))
APART = Windows((1, 2), (2, 3), (1, 1), ((0, 0), (0, 0)))
"""Windows that leave places out."""
SHAPES: list[tuple[Windows, tuple[int, ...]]] = [
    (PLAIN, (4,)),
    (WIDE, (5,)),
    (FLAT, (3, 4)),
    (SIDE, (4, 5)),
    (APART, (3, 5)),
]


def numbered(windows: Windows, *shape: int) -> Any:
    """A number of an entry for each window."""
    return np.arange(np.prod(shape)).reshape(shape) * 7 % np.prod(windows.size)


def convs(kind: str) -> list[Sample]:
    """Convolutions and their transposes, in one group and in two."""
    found = []
    for windows, places in SHAPES:
        for groups in (1, 2):
            x, w = floats(2, 2, *places), floats(4, 2 // groups, *windows.size)
            g = floats(2, 4, *windows.counts(places))
            options: dict[str, Any] = {"windows": windows, "groups": groups}
            if kind == "conv":
                found.append(call(x, w, **options))
            elif kind == "bias":
                found.append(call(x, w, floats(4), **options))
            elif kind == "input":
                found.append(call(g, w, places=places, **options))
            else:
                found.append(call(x, g, **options))
    return found


def pools(kind: str) -> list[Sample]:
    """Pooling and its transposes."""
    found = []
    for windows, places in SHAPES:
        x, g = floats(2, 2, *places), floats(2, 2, *windows.counts(places))
        chosen = numbered(windows, *g.shape)
        found += {
            "pool": [call(x, windows=windows)],
            "take": [call(x, chosen, windows=windows)],
            "put": [call(g, chosen, windows=windows, shape=places)],
            "spread": [call(g, windows=windows, shape=places)],
        }[kind]
    return found


ROWS: dict[str, list[Sample]] = {
    "conv": [
        *convs("conv"),
        call(complexes(1, 1, 3), complexes(1, 1, 2), windows=PLAIN, groups=1),
    ],
    "conv_bias": convs("bias"),
    "conv_input": convs("input"),
    "conv_weight": convs("weight"),
    "max_pool": pools("pool"),
    "max_places": pools("pool"),
    "sum_pool": pools("pool"),
    "take_places": pools("take"),
    "put_places": pools("put"),
    "spread_windows": pools("spread"),
}

CALLS: dict[str, list[Sample]] = {}
