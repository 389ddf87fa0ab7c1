"""A NumPy array that all examples of a `vmap` share: an index of it may differ by example.

NumPy asks nobody when an array is indexed, so `table[i]` with a mapped `i` would raise.  A shared
array hands such an index on; everything else it leaves to NumPy, and every result is NumPy's own.
"""

from __future__ import annotations

import operator
from typing import Any, final

import numpy as np

from autograd.arrays.batch import BATCHINGS
from autograd.arrays.batched import BatchedArray, innermost


@final
class SharedArray(np.ndarray[Any, Any]):
    """An argument that `vmap` does not map, as a view.

    >>> from autograd import vmap
    >>> table = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> vmap(lambda table, i: table[i], in_axes=(None, 0))(table, np.array([1, 1, 0]))
    array([[3., 4.],
           [3., 4.],
           [1., 2.]])
    """

    __slots__ = ()

    def __getitem__(self, index: Any) -> Any:
        parts = index if isinstance(index, tuple) else (index,)
        if any(type(part) is BatchedArray for part in parts):
            return BATCHINGS[operator.getitem](innermost(parts), plain(self), index)
        return plain(self)[index]

    def __array_ufunc__(self, ufunc: Any, method: Any, *inputs: Any, **kwargs: Any) -> Any:
        if "out" in kwargs:
            kwargs["out"] = tuple(map(plain, kwargs["out"]))
        return getattr(ufunc, method)(*map(plain, inputs), **kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        args, kwargs = each(args), each(kwargs)
        if func is np.take:
            return take(*args, **kwargs)
        return func(*args, **kwargs)

    def take(self, indices: Any, axis: Any = None, out: Any = None, mode: Any = "raise") -> Any:
        """As `ndarray.take`."""
        return take(plain(self), indices, axis, out, mode)

    def copy(self, order: Any = "C") -> Any:
        """As `ndarray.copy`: NumPy's own."""
        return plain(self).copy(order)

    def __reduce__(self) -> Any:
        return plain(self).__reduce__()


def plain(x: Any) -> Any:
    """A shared array as NumPy's own, in the same memory; anything else as it is."""
    return x.view(np.ndarray) if type(x) is SharedArray else x


def each(x: Any) -> Any:
    """`plain` of all arrays in the arguments of a call."""
    if isinstance(x, dict):
        return {name: each(part) for name, part in x.items()}
    if isinstance(x, tuple | list):
        parts = [each(part) for part in x]
        return type(x)(*parts) if hasattr(x, "_fields") else type(x)(parts)
    return plain(x)


def take(a: Any, indices: Any, axis: Any = None, out: Any = None, mode: Any = "raise") -> Any:
    """`np.take`, at places that may differ by example."""
    if type(indices) is not BatchedArray:
        return np.take(a, indices, axis, out, mode)
    a, axis = (np.ravel(a), 0) if axis is None else (a, axis % a.ndim)
    if mode != "raise":
        size = a.shape[axis]
        indices = indices % size if mode == "wrap" else np.clip(indices, 0, size - 1)
    index = (*(slice(None),) * axis, indices)
    return BATCHINGS[operator.getitem](indices.batch, a, index)
