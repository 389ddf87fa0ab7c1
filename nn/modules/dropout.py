"""Dropout."""

from __future__ import annotations

from typing import Any, final

import numpy as np

from autograd import Value
from nn.checks import take_synonyms
from nn.module import Module
from nn.module_errors import located
from nn.modules.inputs import Seed, float_input


def keep_mask(module: Module, x: Any, p: float, source: np.random.Generator) -> Any:
    """For each entry of x 1 / (1 - p) or, with probability p, zero.

    Raises TypeError for arrays that a random array cannot meet entry for entry: what is recorded
    would repeat one drawing for ever (unless its generator is an argument of the compiled function,
    alone or in the module, and is recorded too), what is batched would share it among examples."""
    data = x.data if isinstance(x, Value) else x
    known = isinstance(data, np.ndarray | np.generic | float)
    known = known or hasattr(source, "recording")  # a generator among the arguments of `compile`
    if not (known or hasattr(data, "__cuda_array_interface__") or hasattr(data, "compute")):
        raise located(
            module,
            TypeError(
                f"{module!r} draws random numbers, which a function that is compiled or mapped "
                "would draw once: call model.eval(), or, where it is compiled, pass the model as "
                "an argument, or a generator and call model.with_state(seed=generator)"
            ),
        )
    dtype = x.dtype if x.dtype.kind == "f" else np.dtype(np.float64)
    kept = source.random(x.shape, np.float32) >= p
    return np.where(kept, dtype.type(1 / (1 - p)), dtype.type(0))


@final
class Dropout(Module):
    """In training each entry is zero with probability p, and the others are divided by 1 - p, so
    that the mean stays; in use (`model.eval()`) nothing changes.

    p     a probability, 0 <= p <= 1
    seed  an int or a NumPy Generator: two models with the same seeds drop the same entries, call by
          call

    Raises ValueError for another p.

    >>> drop = Dropout(0.5, seed=0)
    >>> drop(np.ones(6))
    array([2., 2., 2., 0., 0., 0.])
    >>> drop.eval()(np.ones(2))
    array([1., 1.])
    """

    draws = True

    @take_synonyms(rng="seed")
    def __init__(self, p: float = 0.5, inplace: bool = False, seed: Seed = None) -> None:
        if not 0 <= p <= 1:
            raise ValueError(f"Dropout: p is a probability, between 0 and 1, got {p}")
        if inplace:
            raise TypeError("Dropout does not change its input: leave out inplace=")
        self.p = float(p)
        self.source = np.random.default_rng(seed)

    def __call__(self, x: Any) -> Any:
        """x with entries dropped."""
        x = float_input(self, x, None)
        if not self.training or not self.p:
            return x
        if self.p == 1:
            return x * 0.0
        return x * keep_mask(self, x, self.p, self.source)

    def __repr__(self) -> str:
        return f"Dropout({self.p})"
