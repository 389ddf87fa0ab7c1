"""Products of the arrays of each example."""

from __future__ import annotations

import string
from typing import Any, Final

import numpy as np

from autograd.arrays.batch import Batch
from autograd.arrays.batched import BatchedArray, aligned, is_mapped, ndim_of, shape_of
from autograd.arrays.batching.registry import batches

SMALL: Final = 64
"""Of matrices with fewer rows the rows of all examples make one product."""


@batches(np.matmul)
def matmul(batch: Batch, a: Any, b: Any, /, **options: Any) -> Any:
    """`np.matmul`.  Rows of examples by a matrix that they share are one product of matrices."""
    if options:
        return NotImplemented
    left, right = ndim_of(a), ndim_of(b)
    if not left or not right:
        np.matmul(np.empty(shape_of(a)), np.empty(shape_of(b)))  # NumPy's error
    if not is_mapped(b, batch) and right <= 2:
        return BatchedArray(times_matrix(a.data, b), batch)
    if not is_mapped(a, batch) and left <= 2:
        if right == 2 and left == 2 and shape_of(b)[1] < SMALL:
            rows = times_matrix(np.swapaxes(b.data, -1, -2), np.transpose(a))
            return BatchedArray(np.swapaxes(rows, -1, -2), batch)
        if right > 1:
            return BatchedArray(np.matmul(a, b.data), batch)
        return BatchedArray(times_matrix(b.data, a if left == 1 else np.transpose(a)), batch)
    a, b = as_matrices(a, (*(1,) * (left == 1),), batch, 0), as_matrices(b, (), batch, right == 1)
    ndim = max(ndim_of(a), ndim_of(b))
    y = np.matmul(aligned(a, batch, ndim), aligned(b, batch, ndim))
    if left == 1 and right == 1:
        y = np.reshape(y, np.shape(y)[:-2] if isinstance(y, np.ndarray) else y.shape[:-2])
    elif left == 1:
        y = np.squeeze(y, -2)
    elif right == 1:
        y = np.squeeze(y, -1)
    return BatchedArray(y, batch)


def as_matrices(x: Any, lead: tuple[int, ...], batch: Batch, trail: int) -> Any:
    """A vector as a matrix of one row (`lead` is (1,)) or of one column (`trail` is 1)."""
    if not lead and not trail:
        return x
    return np.reshape(x, (*lead, *shape_of(x), *(1,) * trail))


def times_matrix(x: Any, w: Any) -> Any:
    """x @ w, where w has one axis or two: of small matrices x as one product."""
    if len(x.shape) > 2 and x.shape[-2] < SMALL and x.size:
        rows = np.reshape(x, (-1, x.shape[-1]))
        y = np.matmul(rows, w)
        return np.reshape(y, (*x.shape[:-1], *y.shape[1:]))
    return np.matmul(x, w)


@batches(np.einsum)
def einsum(batch: Batch, *operands: Any, optimize: Any = False, **options: Any) -> Any:
    """`np.einsum` with an explicit output: one letter more."""
    subscripts, *arrays = operands
    if type(subscripts) is not str or "->" not in subscripts or "." in subscripts or options:
        return NotImplemented
    subscripts = subscripts.replace(" ", "")
    free = [letter for letter in string.ascii_letters if letter not in subscripts]
    if not free:
        return NotImplemented
    inputs, output = subscripts.split("->")
    terms = inputs.split(",")
    if len(terms) != len(arrays) or any(
        len(term) != ndim_of(x) for term, x in zip(terms, arrays, strict=True)
    ):
        raise ValueError(f"einsum: {subscripts!r} does not fit the operands")
    batched = [
        free[0] + term if is_mapped(x, batch) else term
        for term, x in zip(terms, arrays, strict=True)
    ]
    data = [x.data if is_mapped(x, batch) else x for x in arrays]
    y = np.einsum(",".join(batched) + "->" + free[0] + output, *data, optimize=optimize)
    return BatchedArray(y, batch)


@batches(np.convolve)
def convolve(batch: Batch, a: Any, v: Any, mode: Any = "full") -> Any:
    """`np.convolve` as a product with a matrix of windows: y[k] = sum of a[k - j] * v[j]."""
    if mode != "full" or ndim_of(a) != 1 or ndim_of(v) != 1:
        return NotImplemented
    n, m = shape_of(a)[0], shape_of(v)[0]
    if m > n:
        a, v, n, m = v, a, m, n
    if not m:
        raise ValueError("a and v cannot be empty")
    mapped = is_mapped(a, batch)
    padded = np.pad(a.data if mapped else a, [(0, 0)] * mapped + [(m - 1, m - 1)])
    places = np.arange(n + m - 1)[:, None] + np.arange(m)
    windows = np.take(padded, places, axis=-1)
    reverse = np.flip(v.data if is_mapped(v, batch) else v, -1)
    if not is_mapped(v, batch):
        return BatchedArray(np.matmul(windows, reverse), batch)
    columns = np.expand_dims(reverse, -1)
    return BatchedArray(np.squeeze(np.matmul(windows, columns), -1), batch)
