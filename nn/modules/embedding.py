"""A table of vectors, looked up by number."""

from __future__ import annotations

from typing import Any, final

import numpy as np
from numpy.typing import DTypeLike

from autograd import Value, stop_gradient
from autograd.extend import can_decide, usually
from nn.checks import array_of, take_synonyms
from nn.module import Module
from nn.module_errors import located
from nn.modules.inputs import Seed, check_sizes, float_dtype


@final
class Embedding(Module):
    """The rows of a table: y[...] = weight[x[...]].

    num_embeddings, embedding_dim  the shape of the table; it begins as standard normal numbers
    padding_idx   a row that begins as zeros and is not trained
    dtype, seed   of the table, as in `Linear`

    x holds integers from 0 to num_embeddings - 1, in any shape; the output has one axis more.
    Raises TypeError for floats, ValueError for an integer out of range.

    >>> Embedding(10, 3, seed=0)(np.array([[1, 2], [4, 9]])).shape
    (2, 2, 3)
    """

    @take_synonyms(rng="seed")
    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        dtype: DTypeLike = np.float64,
        seed: Seed = None,
    ) -> None:
        check_sizes("Embedding", num_embeddings=num_embeddings, embedding_dim=embedding_dim)
        dtype = float_dtype("Embedding", dtype)
        table = np.random.default_rng(seed).normal(size=(num_embeddings, embedding_dim))
        if padding_idx is not None:
            if not -num_embeddings <= padding_idx < num_embeddings:
                raise ValueError(
                    f"Embedding: padding_idx {padding_idx} is none of {num_embeddings} rows"
                )
            padding_idx %= num_embeddings
            table[padding_idx] = 0
        self.padding_idx = padding_idx
        self.weight: Any = Value(table.astype(dtype))

    def __call__(self, x: Any) -> Any:
        """The rows of the table."""
        x = x.data if isinstance(x, Value) else array_of(x)
        if getattr(x, "dtype", np.dtype(float)).kind not in "iu":
            raise located(
                self,
                TypeError(
                    f"{self!r} takes integers, the numbers of rows, this x has dtype "
                    f"{np.asarray(x).dtype if isinstance(x, float) else x.dtype}"
                ),
            )
        if not x.size:
            raise located(
                self, ValueError(f"{self!r} takes at least one number, x has shape {x.shape}")
            )
        if can_decide(x):
            self.check_range(x)
        table = self.weight
        if isinstance(table, np.ndarray) and not isinstance(x, np.ndarray):
            # NumPy would compute x to index by it: the table becomes an array of x's library
            table = table - np.zeros_like(x, shape=(), dtype=table.dtype)
        y = table[x]
        if self.padding_idx is not None:
            y = np.where((x == self.padding_idx)[..., None], stop_gradient(y), y)
        return y

    def check_range(self, x: Any) -> None:
        """ValueError where a number is none of a row."""
        count = self.weight.shape[0]
        outside = (x < 0) | (x >= count)
        if not usually(~np.any(outside)):  # where it is recorded, a guard
            found = np.asarray(x)[np.asarray(outside)].flat[0]
            raise located(
                self,
                ValueError(
                    f"{self!r} takes numbers from 0 to {count - 1}, x has {found} among them"
                ),
            )

    def __repr__(self) -> str:
        n, m = self.weight.shape
        padding = "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        return f"Embedding({n}, {m}{padding})"
