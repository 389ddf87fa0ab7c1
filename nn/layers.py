"""Layers on arrays: Linear, and Sequential to put layers and functions in a row."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import DTypeLike

from autograd import Value, affine
from nn.activations import as_written
from nn.checks import take_synonyms
from nn.module import Module, summary

PROMOTED: Final = frozenset("fiub")


class Linear(Module):
    """x @ w + b: a dense layer.

    nin, nout  the sizes of the last axis of x and of the output
    dtype      of w (nin, nout) and b (nout,): float32 or float64
    seed       an int or a NumPy Generator

    x is (..., nin), the output (..., nout).  A plain array in another dtype is cast to that of the
    weights, so that a float32 network stays float32; a Value follows NumPy's promotion.
    The weights and biases begin uniform in (-1, 1) / sqrt(nin).  Raises ValueError where the last
    axis of x is not nin, TypeError for a dtype that is not real floating point.

    >>> layer = Linear(3, 2, dtype=np.float32, seed=0)
    >>> y = layer(np.ones((5, 3)))
    >>> layer, y.shape, str(y.dtype)
    (Linear(3, 2, float32), (5, 2), 'float32')
    """

    @take_synonyms(rng="seed", in_features="nin", out_features="nout")
    def __init__(
        self,
        nin: int,
        nout: int,
        dtype: DTypeLike = np.float64,
        seed: int | np.random.Generator | None = None,
    ) -> None:
        if nin < 1 or nout < 1:
            raise ValueError(
                f"Linear needs at least one input and one output, got {nin} and {nout}"
            )
        if np.dtype(dtype).kind != "f":
            raise TypeError(f"Linear needs a real floating-point dtype, got {np.dtype(dtype)}")
        draw = np.random.default_rng(seed).uniform
        bound = 1 / math.sqrt(nin)
        self.w = Value(draw(-bound, bound, (nin, nout)).astype(dtype))
        self.b = Value(draw(-bound, bound, nout).astype(dtype))

    def __call__(self, x: Any) -> Value:
        """x @ w + b."""
        w = self.w
        if type(x) is not Value:
            x = x if type(x) is np.ndarray else constant(x)
            dtype = w.data.dtype if type(w) is Value else w.dtype
            if x.dtype is not dtype and x.dtype.kind in PROMOTED:
                x = x.astype(dtype)
        try:
            return affine(x, w, self.b)
        except (ValueError, AttributeError) as error:
            nin = self.w.shape[0]
            if x.ndim and x.shape[-1] == nin:
                raise
            raise ValueError(
                f"{self!r} takes x of shape (..., {nin}), this one has shape {x.shape}: "
                "samples go along the first axis, features along the last"
            ) from error

    def __repr__(self) -> str:
        nin, nout = self.w.shape
        return f"Linear({nin}, {nout}, {self.w.dtype})"


def constant(x: Any) -> Any:
    """An input that is neither an array nor a Value: a list of numbers as an array, a list of
    Values stacked, an array of another library as it is."""
    if isinstance(x, list | tuple):
        parts = [as_written(part) for part in x]
        stacked = any(isinstance(part, Value) for part in parts)
        return np.stack(parts) if stacked else np.asarray(x)
    return as_written(x) if hasattr(x, "__array_function__") else np.asarray(x)


class Sequential(Module):
    """Layers and functions applied one after the other.

    >>> from nn import relu
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
