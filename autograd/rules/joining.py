"""Joining arrays and taking them apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from autograd.engine.conversion import join_values
from autograd.engine.cotangents import stand_in, unwrap
from autograd.engine.dispatch import implements
from autograd.engine.primitive import linear
from autograd.engine.refusals import refuse_out
from autograd.rules.shape import atleast_1d, atleast_2d, atleast_3d, place_of, reshape_row, shape_of


def concatenate_arrays(*arrays: Any, axis: int = 0) -> Any:
    """`np.concatenate` with its arrays as arguments."""
    return np.concatenate(arrays, axis=axis)


def stretches(wanted: Any, g: Any, y: Any, *arrays: Any, axis: int = 0) -> list[Any]:
    """The vjp of concatenate: to each array its stretch of g."""
    axis %= np.ndim(unwrap(y))
    lengths = [shape_of(a)[axis] for a in arrays]
    bounds = [0, *np.cumsum(lengths).tolist()]
    lead = (slice(None),) * axis
    return [
        g[(*lead, slice(i, j))] if want else None
        for want, (i, j) in zip(wanted, pairwise(bounds), strict=True)
    ]


def stack_arrays(*arrays: Any, axis: int = 0) -> Any:
    """`np.stack` with its arrays as arguments; numbers, however many, as one array."""
    if all(type(a) is float for a in arrays):
        return np.array(arrays)
    return np.stack(arrays, axis=axis)


def layers(wanted: Any, g: Any, y: Any, *arrays: Any, axis: int = 0) -> list[Any]:
    """The vjp of stack: to each array its layer of g."""
    if type(g) is np.ndarray:
        return g.tolist() if g.ndim == 1 and g.dtype == float else list(np.moveaxis(g, axis, 0))
    lead = (slice(None),) * axis
    return [g[(*lead, i)] if want else None for i, want in enumerate(wanted)]


concatenate_row = linear(
    np.concatenate,
    vjp_all=stretches,
    computed_by=concatenate_arrays,
    may_discard_nan=True,
    name="concatenate",
    role="shape",
)
stack_row = linear(
    np.stack,
    vjp_all=layers,
    computed_by=stack_arrays,
    may_discard_nan=True,
    name="stack",
    role="shape",
)


@implements(np.concatenate, np.concat)
def concatenate(
    arrays: Any,
    axis: int | None = 0,
    out: None = None,
    dtype: Any = None,
    casting: Any = "same_kind",
) -> Any:
    """`np.concatenate`."""
    refuse_out("concatenate", out)
    if not hasattr(arrays, "__getitem__"):
        raise TypeError("np.concatenate takes a list or tuple of arrays, not a generator")
    arrays = [join_values(a) for a in arrays]
    if axis is None:
        arrays, axis = [reshape_row(a, shape=(-1,)) for a in arrays], 0
    y = concatenate_row(*arrays, axis=axis)
    return y if dtype is None else y.astype(dtype, casting=casting)


@implements(np.stack)
def stack(
    arrays: Any,
    axis: int = 0,
    out: None = None,
    *,
    dtype: Any = None,
    casting: Any = "same_kind",
) -> Any:
    """`np.stack`."""
    refuse_out("stack", out)
    arrays = [join_values(a) for a in arrays]
    if len({shape_of(a) for a in arrays}) > 1:
        raise ValueError("np.stack needs arrays of one shape")
    y = stack_row(*arrays, axis=place_of(axis, len(shape_of(arrays[0])) + 1))
    return y if dtype is None else y.astype(dtype, casting=casting)


@implements(np.vstack)
def vstack(tup: Any, **options: Any) -> Any:
    """`np.vstack`."""
    return concatenate([atleast_2d(a) for a in tup], 0, **options)


@implements(np.hstack)
def hstack(tup: Any, **options: Any) -> Any:
    """`np.hstack`."""
    arrays = [atleast_1d(a) for a in tup]
    return concatenate(arrays, 0 if len(shape_of(arrays[0])) == 1 else 1, **options)


@implements(np.dstack)
def dstack(tup: Any) -> Any:
    """`np.dstack`."""
    return concatenate([atleast_3d(a) for a in tup], 2)


@implements(np.column_stack)
def column_stack(tup: Any) -> Any:
    """`np.column_stack`."""
    arrays = [join_values(a) for a in tup]
    columns = [a if len(shape_of(a)) > 1 else reshape_row(a, shape=(-1, 1)) for a in arrays]
    return concatenate(columns, 1)


@implements(np.append)
def append(arr: Any, values: Any, axis: int | None = None) -> Any:
    """`np.append`."""
    return concatenate([arr, values], axis)


@implements(np.block)
def block(arrays: Any) -> Any:
    """`np.block`: innermost lists join along the last axis, the next along the one before, ..."""
    depth = depth_of(arrays)
    ndim = max(depth, max(len(shape_of(a)) for a in leaves_of(arrays)))
    return join(arrays, ndim - depth, ndim)


def depth_of(arrays: Any) -> int:
    """How deep the lists are nested."""
    depth = 0
    while isinstance(arrays, list):
        depth, arrays = depth + 1, arrays[0]
    return depth


def leaves_of(arrays: Any) -> list[Any]:
    """The arrays in nested lists."""
    return (
        [leaf for item in arrays for leaf in leaves_of(item)]
        if isinstance(arrays, list)
        else [arrays]
    )


def join(arrays: Any, axis: int, ndim: int) -> Any:
    """Join nested lists, the outermost along `axis`."""
    if not isinstance(arrays, list):
        shape = shape_of(arrays)
        return reshape_row(arrays, shape=(1,) * (ndim - len(shape)) + shape)
    return concatenate([join(item, axis + 1, ndim) for item in arrays], axis)


def cut(a: Any, bounds: Sequence[int], axis: int) -> list[Any]:
    """The stretches of a between consecutive bounds."""
    lead = (slice(None),) * place_of(axis, len(shape_of(a)))
    return [a[(*lead, slice(i, j))] for i, j in pairwise(bounds)]


@implements(np.array_split)
def array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """`np.array_split`: NumPy's own bounds, read off the split positions."""
    places = np.array_split(np.arange(shape_of(ary)[axis]), indices_or_sections)
    if np.ndim(indices_or_sections) == 0:
        return cut(ary, [0, *np.cumsum([len(p) for p in places]).tolist()], axis)
    lead = (slice(None),) * place_of(axis, len(shape_of(ary)))
    edges = [None, *indices_or_sections, None]
    return [ary[(*lead, slice(i, j))] for i, j in pairwise(edges)]


@implements(np.split)
def split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """`np.split`: equal parts, or ValueError."""
    if np.ndim(indices_or_sections) == 0 and shape_of(ary)[axis] % indices_or_sections:
        raise ValueError("array split does not result in an equal division: use np.array_split")
    return array_split(ary, indices_or_sections, axis)


@implements(np.vsplit)
def vsplit(ary: Any, indices_or_sections: Any) -> list[Any]:
    """`np.vsplit`."""
    np.vsplit(stand_in(ary), indices_or_sections)  # NumPy's error where there are too few axes
    return split(ary, indices_or_sections, 0)


@implements(np.hsplit)
def hsplit(ary: Any, indices_or_sections: Any) -> list[Any]:
    """`np.hsplit`."""
    np.hsplit(stand_in(ary), indices_or_sections)
    return split(ary, indices_or_sections, 0 if len(shape_of(ary)) == 1 else 1)


@implements(np.dsplit)
def dsplit(ary: Any, indices_or_sections: Any) -> list[Any]:
    """`np.dsplit`."""
    np.dsplit(stand_in(ary), indices_or_sections)
    return split(ary, indices_or_sections, 2)


@implements(np.unstack)
def unstack(x: Any, /, *, axis: int = 0) -> tuple[Any, ...]:
    """`np.unstack`."""
    lead = (slice(None),) * place_of(axis, len(shape_of(x)))
    return tuple(x[(*lead, i)] for i in range(shape_of(x)[axis]))
