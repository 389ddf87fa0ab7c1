"""PReLU: a leaky relu that learns its slope."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd import Value
from nn.activations import as_written
from nn.checks import check_keywords
from nn.module import Module


class PReLU(Module):
    """x where x > 0, else weight * x, with a slope that is learned.

    num_parameters  1 for one slope, or one for each channel, along the second axis of x
    init            where the slopes begin
    dtype           of the slopes: float32 or float64

    The output has the shape of x.  Raises ValueError where the second axis of x has another length.
    (He et al., Delving deep into rectifiers, 2015.)

    >>> layer = PReLU()
    >>> layer(np.array([-2.0, 4.0])).data, [name for name, _ in layer.named_parameters()]
    (array([-0.5,  4. ]), ['weight'])
    """

    @check_keywords(slope="init", n="num_parameters")
    def __init__(
        self, num_parameters: int = 1, init: float = 0.25, dtype: DTypeLike = np.float64
    ) -> None:
        if num_parameters < 1:
            raise ValueError(f"PReLU needs at least one slope, got {num_parameters}")
        if np.dtype(dtype).kind != "f":
            raise TypeError(f"PReLU needs a real floating-point dtype, got {np.dtype(dtype)}")
        self.weight = Value(np.full(num_parameters, init, dtype=dtype))

    def __call__(self, x: Any) -> Value:
        """x, its negative entries times the slope."""
        x = x if isinstance(x, Value) or hasattr(x, "__array_function__") else np.asarray(x)
        x, weight = as_written(x), self.weight
        count = weight.shape[0]
        if count > 1:
            channels = x.shape[1] if x.ndim > 1 else x.shape[0] if x.ndim else 1
            if channels != count:
                raise ValueError(
                    f"{self!r} takes x with {count} channels along its second axis, this one has "
                    f"shape {x.shape}"
                )
            weight = weight.reshape(count, *[1] * (x.ndim - 2))
        return np.where(x > 0, x, weight * x)

    def __repr__(self) -> str:
        return f"PReLU({self.weight.shape[0]})"
