"""The dense layer."""

from __future__ import annotations

import math
from typing import Any, final

import numpy as np
from numpy.typing import DTypeLike

from autograd import Value, affine
from nn.checks import take_synonyms
from nn.module import Module
from nn.modules.inputs import Seed, float_dtype, float_input, shape_error


@final
class Linear(Module):
    """x @ w + b: a dense layer.

    nin, nout  the sizes of the last axis of x and of the output (`in_features`, `out_features`)
    dtype      of w (nin, nout) and b (nout,): float32 or float64
    seed       an int or a NumPy Generator
    bias       False for x @ w: then b is None

    x is (..., nin), the output (..., nout).  A plain array of floats in another dtype is cast to
    that of the weights, so that a float32 network stays float32; a Value follows NumPy's promotion.
    The weights and biases begin uniform in (-1, 1) / sqrt(nin).  PyTorch's weight is our w
    transposed; `weight` gives that view.

    Raises ValueError where the last axis of x is not nin and where there are no samples, TypeError
    for an array of integers and for a dtype that is not real floating point.

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
        seed: Seed = None,
        bias: bool = True,
    ) -> None:
        if nin < 1 or nout < 1:
            raise ValueError(
                f"Linear needs at least one input and one output, got {nin} and {nout}"
            )
        dtype = float_dtype("Linear", dtype)
        draw = np.random.default_rng(seed).uniform
        bound = 1 / math.sqrt(nin)
        self.w = Value(draw(-bound, bound, (nin, nout)).astype(dtype))
        self.b = Value(draw(-bound, bound, nout).astype(dtype)) if bias else None

    def __call__(self, x: Any) -> Value:
        """x @ w + b."""
        w, b = self.w, self.b
        matrix = w.data if type(w) is Value else w
        data = x.data if type(x) is Value else x
        usual = type(data) is np.ndarray and data.ndim and data.dtype is matrix.dtype and data.size
        if not usual or data.shape[-1] != matrix.shape[0]:
            x = self.checked(x, matrix)
        return x @ w if b is None else affine(x, w, b)

    def checked(self, x: Any, matrix: Any) -> Any:
        """An input that is not the usual one, converted, or what is wrong with it."""
        x = float_input(self, x, matrix.dtype)
        if not x.ndim or x.shape[-1] != matrix.shape[0]:
            raise shape_error(
                self,
                f"x of shape (..., {matrix.shape[0]})",
                x,
                "samples go along the first axis, features along the last",
            )
        return x

    @property
    def weight(self) -> Any:
        """w transposed, (nout, nin), as PyTorch has it."""
        w: Any = self.w
        return np.transpose(w)

    @property
    def bias(self) -> Any:
        """b, by PyTorch's name."""
        return self.b

    def __repr__(self) -> str:
        nin, nout = self.w.shape
        return (
            f"Linear({nin}, {nout}, {self.w.dtype}{'' if self.b is not None else ', bias=False'})"
        )
