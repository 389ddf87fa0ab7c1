"""NumPy's functions that write into an argument, for writable arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.engine.refusals import refuse
from autograd.numpy.lists import join_lists
from autograd.numpy.pieces import is_piece
from autograd.numpy.writable import HANDLERS, WritableArray, each, leaves_of, take_current


def writes(*functions: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register what NumPy functions do that write into their first argument.  Where that one is
    NumPy's own array, NumPy does it, if no Value would get lost."""

    def register(handler: Callable[..., Any]) -> Callable[..., Any]:
        def handle(target: Any, *args: Any, **options: Any) -> Any:
            if type(target) is WritableArray:
                return handler(target, *args, **options)
            args, options = each((args, options), take_current)
            if any(map(is_piece, leaves_of((args, options)))):
                refuse("writing it into an array of NumPy's own")
            return functions[0](target, *args, **options)

        for function in functions:
            HANDLERS[function] = handle
        return handler

    return register


@writes(np.copyto)
def copyto(dst: Any, src: Any, casting: Any = "same_kind", where: Any = True) -> None:
    """`np.copyto`."""
    src = join_lists(src)
    if not is_piece(src) and not np.can_cast(np.asarray(src).dtype, dst.dtype, casting):
        np.copyto(np.empty(dst.shape, dst.dtype), src, casting)  # NumPy's error
    if where is True:
        dst[...] = src
        return
    mask = np.broadcast_to(np.asarray(where), dst.shape)
    dst[mask] = np.broadcast_to(src, dst.shape)[mask]


@writes(np.put)
def put(a: Any, ind: Any, v: Any, mode: Any = "raise") -> None:
    """`np.put`: entries of the flattened array, by position; values are repeated."""
    places = np.ravel(np.arange(a.size).take(np.asarray(ind, dtype=np.intp), mode=mode))
    write_row(a, places, v)


def write_row(a: Any, places: Any, values: Any) -> None:
    """Write values, repeated as often as needed, at positions in the flattened array."""
    values = join_lists(values)
    count = int(np.size(values))
    if not count or not places.size:
        return
    row = np.ravel(values)[np.arange(places.size) % count]
    a[np.unravel_index(places, a.shape)] = row


@writes(np.place)
def place(arr: Any, mask: Any, vals: Any) -> None:
    """`np.place`: values in turn where the mask is True."""
    places = np.flatnonzero(mask)
    if places.size and not np.size(join_lists(vals)):
        raise ValueError("Cannot insert from an empty array!")
    write_row(arr, places, vals)


@writes(np.putmask)
def putmask(a: Any, /, mask: Any, values: Any) -> None:
    """`np.putmask`: at each position where the mask is True the value of that position."""
    values = join_lists(values)
    places = np.flatnonzero(mask)
    if places.size:
        a[np.unravel_index(places, a.shape)] = np.ravel(values)[places % int(np.size(values))]


@writes(np.put_along_axis)
def put_along_axis(arr: Any, indices: Any, values: Any, axis: int | None = -1) -> None:
    """`np.put_along_axis`."""
    index = np.asarray(indices)
    if axis is None:
        arr, axis = arr.reshape(-1), 0
    places = np.take_along_axis(np.arange(arr.size).reshape(arr.shape), index, axis)
    arr[np.unravel_index(places, arr.shape)] = np.broadcast_to(join_lists(values), places.shape)


@writes(np.fill_diagonal)
def fill_diagonal(a: Any, val: Any, wrap: bool = False) -> None:
    """`np.fill_diagonal`."""
    mark = np.zeros(a.shape, bool)
    np.fill_diagonal(mark, True, wrap=wrap)
    write_row(a, np.flatnonzero(mark), val)


def at(ufunc: np.ufunc, target: Any, indices: Any, *operands: Any) -> None:
    """`ufunc.at`: the entries at the indices one after the other, each as often as it is named."""
    operands = tuple(map(join_lists, operands))
    indices = each(indices, take_current)
    if not any(map(is_piece, (target.current(), *operands))):
        ufunc.at(target.memory(), indices, *operands)
        return
    places = np.arange(target.size).reshape(target.shape)[indices]
    rows = [np.ravel(np.broadcast_to(x, np.shape(places))) for x in operands]
    for i, position in enumerate(np.ravel(places).tolist()):
        index = tuple(map(int, np.unravel_index(position, target.shape)))
        target[index] = ufunc(target[index], *[row[i] for row in rows])


HANDLERS[np.ufunc.at] = at
