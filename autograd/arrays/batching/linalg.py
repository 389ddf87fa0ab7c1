"""`np.linalg` of each example: NumPy takes stacks of matrices itself."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograd.arrays.batch import Batch
from autograd.arrays.batched import BatchedArray, aligned, any_mapped, ndim_of, wrap
from autograd.arrays.batching.registry import batches

OF_STACKS: Final[tuple[Any, ...]] = (
    *(np.linalg.inv, np.linalg.det, np.linalg.slogdet, np.linalg.eigh, np.linalg.eig),
    *(np.linalg.cholesky, np.linalg.qr, np.linalg.svd, np.linalg.pinv, np.linalg.eigvals),
    *(np.linalg.eigvalsh, np.linalg.svdvals, np.linalg.matrix_rank, np.linalg.cond),
    *(np.linalg.matrix_power,),
)


def of_stacks(function: Any) -> Any:
    """The batching of a function of one matrix, or a stack of them."""

    def rule(batch: Batch, a: Any, *args: Any, **options: Any) -> Any:
        if any_mapped((*args, *options.values()), batch):
            return NotImplemented
        if a.ndim < 2:
            function(np.empty(a.shape), *args, **options)  # NumPy's error, or what needs no matrix
            return NotImplemented
        return wrap(function(a.data, *args, **options), batch)

    return rule


for each in OF_STACKS:
    batches(each)(of_stacks(each))


@batches(np.linalg.solve)
def solve(batch: Batch, a: Any, b: Any) -> Any:
    """`np.linalg.solve`; b is one vector only where it has one axis."""
    if ndim_of(b) == 1:
        return np.linalg.solve(a, np.expand_dims(b, -1))[..., 0]
    ndim = max(ndim_of(a), ndim_of(b))
    return BatchedArray(np.linalg.solve(aligned(a, batch, ndim), aligned(b, batch, ndim)), batch)
