"""Layers in a row, and the layer that flattens."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, final

import numpy as np

from autograd import Value
from nn.module import Module, summary
from nn.module_errors import located


class Sequential(Module):
    """Layers and functions applied one after the other.

    >>> from nn import Linear, relu
    >>> model = Sequential(Linear(2, 8, seed=0), relu, Linear(8, 1, seed=1))
    >>> [name for name, _ in model.named_parameters()]
    ['layers.0.w', 'layers.0.b', 'layers.2.w', 'layers.2.b']
    >>> model(np.ones((4, 2))).shape
    (4, 1)
    """

    def __init__(self, *layers: Callable[[Any], Any]) -> None:
        for layer in layers:
            if not callable(layer):
                raise TypeError(f"Sequential takes layers and functions, got {layer!r}")
        self.layers = list(layers)

    def __call__(self, x: Any) -> Value:
        """The output of the last layer."""
        for layer in self.layers:
            x = layer(x)
        return x

    def __len__(self) -> int:
        return len(self.layers)

    def __getitem__(self, index: int) -> Callable[[Any], Any]:
        return self.layers[index]

    def __iter__(self) -> Iterator[Callable[[Any], Any]]:
        return iter(self.layers)

    def __repr__(self) -> str:
        lines = [f"  {i}: {summary(layer)}" for i, layer in enumerate(self.layers)]
        try:
            leaves: list[Any] = self.parameters()  # in a gradient these are numbers and arrays
            remark = f"{sum(np.size(p) for p in leaves)} parameters"
        except TypeError as error:  # a repr does not raise
            remark = str(error)
        return "\n".join(["Sequential(", *lines, f")  # {remark}"])


@final
class Flatten(Module):
    """The axes from `start_dim` to `end_dim` as one; by default all but the first.

    >>> Flatten()(np.ones((2, 3, 4))).shape
    (2, 12)
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim, self.end_dim = start_dim, end_dim

    def __call__(self, x: Any) -> Any:
        """x with these axes as one."""
        x = x if hasattr(x, "shape") else np.asarray(x)
        start, end = (d + x.ndim if d < 0 else d for d in (self.start_dim, self.end_dim))
        if not 0 <= start <= end < x.ndim:
            text = f"{self!r} has no such axes in x of shape {x.shape}"
            raise located(self, ValueError(text))
        shape = x.shape
        return np.reshape(x, (*shape[:start], math.prod(shape[start : end + 1]), *shape[end + 1 :]))

    def __repr__(self) -> str:
        return f"Flatten({self.start_dim}, {self.end_dim})"
