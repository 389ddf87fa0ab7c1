"""Normalisation over features or over the samples of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

import numpy as np
from numpy.typing import DTypeLike

from autograd import Value, standardise
from nn.finding import REBINDS
from nn.module import Module
from nn.module_errors import located
from nn.modules.inputs import check_sizes, dtype_of, float_dtype, float_input, shape_error


class FeatureNorm(Module):
    """What the normalisations over the last axes share: their shape and the parameters."""

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        elementwise_affine: bool,
        bias: bool,
        dtype: DTypeLike,
    ) -> None:
        name = type(self).__name__
        shape = normalized_shape if isinstance(normalized_shape, Sequence) else (normalized_shape,)
        self.normalized_shape = tuple(shape)
        check_sizes(name, normalized_shape=self.normalized_shape)
        if not self.normalized_shape:
            raise ValueError(f"{name} needs at least one axis to normalise over")
        self.dtype = float_dtype(name, dtype)
        shape = self.normalized_shape
        shifted = elementwise_affine and bias
        self.weight: Any = Value(np.ones(shape, self.dtype)) if elementwise_affine else None
        self.bias: Any = Value(np.zeros(shape, self.dtype)) if shifted else None

    def checked(self, x: Any) -> tuple[Any, tuple[int, ...]]:
        """The input, and the axes to normalise over."""
        x = float_input(self, x, self.dtype)
        count = len(self.normalized_shape)
        if x.shape[-count:] != self.normalized_shape:
            text = ", ".join(map(str, self.normalized_shape))
            raise shape_error(self, f"x of shape (..., {text})", x)
        return x, tuple(range(-count, 0))

    def __repr__(self) -> str:
        shape = self.normalized_shape
        return f"{type(self).__name__}({shape[0] if len(shape) == 1 else shape})"


@final
class LayerNorm(FeatureNorm):
    """(x - mean) / sqrt(variance + eps) * weight + bias, with mean and variance over the last axes.

    normalized_shape    the sizes of these axes, or a number for the last one
    eps                 added to the variance
    elementwise_affine  False for no weight and no bias
    bias                False for no bias
    dtype               of weight and bias, which begin as ones and zeros

    The variance is divided by the number of entries.  Raises ValueError where the last axes of x
    have other sizes.

    >>> LayerNorm(3)(np.array([1.0, 2.0, 3.0])).data.round(4)
    array([-1.2247,  0.    ,  1.2247])
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        dtype: DTypeLike = np.float64,
    ) -> None:
        super().__init__(normalized_shape, elementwise_affine, bias, dtype)
        self.eps = eps

    def __call__(self, x: Any) -> Any:
        """The normalised entries."""
        x, axes = self.checked(x)
        y = standardise(x, axes, self.eps)
        if self.weight is not None:
            y = y * self.weight
        return y if self.bias is None else y + self.bias


@final
class RMSNorm(FeatureNorm):
    """x / sqrt(mean of x * x + eps) * weight, with the mean over the last axes.

    normalized_shape    the sizes of these axes, or a number for the last one
    eps                 by default the distance from 1 to the next number of the dtype of x
    elementwise_affine  False for no weight
    dtype               of the weight, which begins as ones

    Raises ValueError where the last axes of x have other sizes.

    >>> RMSNorm(2)(np.array([3.0, 4.0])).data.round(4)
    array([0.8485, 1.1314])
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float | None = None,
        elementwise_affine: bool = True,
        dtype: DTypeLike = np.float64,
    ) -> None:
        super().__init__(normalized_shape, elementwise_affine, False, dtype)
        self.eps = eps

    def __call__(self, x: Any) -> Any:
        """The normalised entries."""
        x, axes = self.checked(x)
        eps = float(np.finfo(x.dtype).eps) if self.eps is None else self.eps
        y = standardise(x, axes, eps, centred=False)
        return y if self.weight is None else y * self.weight


class BatchNorm(Module):
    """What the batch normalisations share; `BatchNorm2d` says what they compute."""

    buffer_names = ("running_mean", "running_var", "num_batches_tracked")
    ranks: tuple[int, ...]
    layout: str

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        dtype: DTypeLike = np.float64,
    ) -> None:
        name = type(self).__name__
        check_sizes(name, num_features=num_features)
        kind = float_dtype(name, dtype)
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.dtype = kind
        self.weight: Any = Value(np.ones(num_features, kind)) if affine else None
        self.bias: Any = Value(np.zeros(num_features, kind)) if affine else None
        tracked = track_running_stats
        self.running_mean: Any = np.zeros(num_features, kind) if tracked else None
        self.running_var: Any = np.ones(num_features, kind) if tracked else None
        self.num_batches_tracked: Any = np.zeros((), np.int64) if tracked else None

    def __call__(self, x: Any) -> Any:
        """The normalised entries."""
        x = float_input(self, x, self.dtype if self.weight is None else dtype_of(self.weight))
        if x.ndim not in self.ranks or x.shape[1] != self.num_features:
            raise shape_error(self, f"x of shape {self.layout.format(self.num_features)}", x)
        axes = (0, *range(2, x.ndim))
        wide = (-1, *(1,) * (x.ndim - 2))
        if self.training or self.running_mean is None:
            count = x.size // self.num_features
            if self.training and count < 2:
                raise shape_error(self, "more than one entry for each channel in training", x)
            mean = np.mean(x, axis=axes, keepdims=True)
            z = x - mean
            variance = np.mean(z * z, axis=axes, keepdims=True)
            if self.training and self.running_mean is not None:
                self.update(mean, variance, count)
        else:
            z = x - np.reshape(self.running_mean, wide)
            variance = np.reshape(self.running_var, wide)
        if self.weight is None:
            return z / np.sqrt(variance + self.eps)
        y = z * (np.reshape(self.weight, wide) / np.sqrt(variance + self.eps))
        return y + np.reshape(self.bias, wide)

    def update(self, mean: Any, variance: Any, count: int) -> None:
        """Move the running statistics towards those of a batch."""
        rebinds = bool(vars(self).get(REBINDS))
        mean, variance = (statistic_of(self, part, rebinds) for part in (mean, variance))
        seen = self.num_batches_tracked + 1
        share = 1 / seen if self.momentum is None else self.momentum
        unbiased = variance * (count / (count - 1))
        for name, new in (("running_mean", mean), ("running_var", unbiased)):
            kept = getattr(self, name)
            moved = (1 - share) * kept + share * np.reshape(new, (-1,))
            self.store(name, moved.astype(kept.dtype), rebinds)
        self.store("num_batches_tracked", seen, rebinds)

    def store(self, name: str, new: Any, rebinds: bool) -> None:
        """Write a buffer in place, or put another array there."""
        if rebinds:
            object.__setattr__(self, name, new)
        else:
            getattr(self, name)[...] = new

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.num_features})"


def statistic_of(module: Module, x: Any, rebinds: bool) -> Any:
    """The numbers of a statistic; TypeError where they are not known and would have to be written
    into a buffer."""
    data = x.data if isinstance(x, Value) else x
    if rebinds or isinstance(data, np.ndarray) or hasattr(data, "__cuda_array_interface__"):
        return data
    raise located(
        module,
        TypeError(
            f"{module!r} keeps running statistics, and those of a {type(data).__name__} cannot be "
            "written into them: call model.eval() to use them as they are, "
            "model.with_state(buffers=...) to get new ones, or make the layer with "
            "track_running_stats=False"
        ),
    )


@final
class BatchNorm1d(BatchNorm):
    """Batch normalisation of (samples, channels) or (samples, channels, length): in training with
    mean and variance of the batch, for each channel, and in use with their running means.

    The options, the buffers and what a call in training does to them: see `BatchNorm2d`.

    >>> norm = BatchNorm1d(2)
    >>> norm(np.array([[1.0, 5.0], [3.0, 9.0]])).data.round(4)
    array([[-1., -1.],
           [ 1.,  1.]])
    >>> norm.running_mean
    array([0.2, 0.7])
    """

    ranks = (2, 3)
    layout = "(samples, {0}) or (samples, {0}, length)"


@final
class BatchNorm2d(BatchNorm):
    """Batch normalisation of (samples, channels, height, width):
    (x - mean) / sqrt(variance + eps) * weight + bias for each channel.

    In training mean and variance are those of the batch, over the samples and all places; running
    means of both are kept.  In use (`model.eval()`) the running ones are taken.

    num_features  how many channels x has, on its second axis
    eps           added to the variance
    momentum      the share of the batch in the running means; None for the mean over all batches
    affine        False for no weight and no bias
    track_running_stats  False for none: the batch's own are taken in use, too
    dtype         of parameters and statistics

    The running statistics are buffers: `running_mean`, `running_var` (divided by the number of
    entries less one) and `num_batches_tracked` stand in `state_dict` and are no parameters.  Each
    call in training updates these arrays in place, also inside `grad` and on a copy that `tree_map`
    makes of the model, since copies share them.  Where the batch is no array of numbers that is
    known now (`compile`, `vmap`, a lazy array) an update would be lost: TypeError; there
    `model.with_state(buffers=...)` takes them and gives new ones.  `checkpoint` runs a function
    twice, and so does each update in it.

    Raises ValueError for another shape, and in training for a batch with one entry a channel.

    >>> BatchNorm2d(3)(np.random.default_rng(0).normal(size=(4, 3, 5, 5))).shape
    (4, 3, 5, 5)
    """

    ranks = (4,)
    layout = "(samples, {0}, height, width)"
