"""What an index takes, what fits into entries, and which memory can be written into."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograd.engine.node import Writable

BASIC: Final = frozenset((int, slice, type(None), type(Ellipsis)))


def is_basic(index: Any) -> bool:
    """Whether an index takes a view (or one entry)."""
    if type(index) is tuple:
        return all(type(part) in BASIC or isinstance(part, np.integer) for part in index)
    return type(index) in BASIC or isinstance(index, np.integer)


def fitted(x: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    """A Value as it can stand in entries of this shape and dtype: cast, and broadcast.

    Raises TypeError where the dtype cannot hold it, ValueError where the shape does not fit."""
    if dtype.kind not in "fc":
        raise TypeError(
            f"a Value cannot be written into an array of {dtype}, which has no derivative: make "
            "the array with dtype=float (np.zeros(n), np.arange(3.0), np.array(x, dtype=float))"
        )
    if x.dtype.kind == "c" and dtype.kind != "c":
        raise TypeError(
            f"a complex Value cannot be written into an array of {dtype}: make the array with "
            "dtype=complex, or write v.real"
        )
    given = x.shape
    if given != shape:
        extra = len(given) - len(shape)
        if extra > 0 and set(given[:extra]) == {1}:
            x = np.reshape(x, given[extra:])
        if x.shape != shape:
            try:
                x = np.broadcast_to(x, shape)
            except ValueError as error:
                raise ValueError(
                    f"could not broadcast a Value of shape {given} into entries of shape {shape}"
                ) from error
    return x if x.dtype == dtype else x.astype(dtype)


def memory_of(array: Any) -> Any:
    """An array without gaps as one row, in the order of memory; TypeError where it has gaps."""
    row = array.ravel(order="K")
    if array.size and not np.may_share_memory(row, array):
        raise TypeError("this array has gaps between its entries in memory: copy it first")
    return row


def freeze_all(x: Any) -> Any:
    """Arguments with what they hold now in place of writable arrays."""
    if isinstance(x, Writable):
        return x.frozen()
    if type(x) is tuple or type(x) is list:
        return type(x)(map(freeze_all, x))
    if type(x) is dict:
        return {key: freeze_all(item) for key, item in x.items()}
    return x
