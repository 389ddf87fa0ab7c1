"""Functions that move, take, join and reduce entries: any shape, memory order, dtype and axis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from tests.calls import check_call

Draw = Callable[[st.SearchStrategy[Any]], Any]
LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "C": np.ascontiguousarray,
    "F": np.asfortranarray,
    "reversed": lambda x: np.ascontiguousarray(x[::-1])[::-1] if x.ndim else x,
    "a view": lambda x: np.repeat(x, 2, axis=-1)[..., ::2] if x.ndim else x,
    "other byte order": lambda x: x.astype(x.dtype.newbyteorder()),
}


@st.composite
def arrays(draw: Draw, min_dims: int = 0, max_dims: int = 3) -> Any:
    """Numbers that differ from each other, in some layout and dtype."""
    if min_dims == 0 and draw(st.integers(0, 9)) == 0:
        return np.float64(0.7)
    shape = draw(array_shapes(min_dims=max(1, min_dims), max_dims=max_dims, min_side=0, max_side=3))
    order = np.random.default_rng(draw(st.integers(0, 9))).permutation(int(np.prod(shape)))
    x = (order * 0.37 - 1.21).reshape(shape)
    if draw(st.integers(0, 3)) == 0:
        x = x + 1j * x[::-1]
    return LAYOUTS[draw(st.sampled_from(sorted(LAYOUTS)))](x)


def axis_of(draw: Draw, x: Any, wrong: bool = True) -> Any:
    """An axis of an array, as an int or NumPy's; now and then one that is not there."""
    ndim = np.ndim(x)
    axis = draw(st.integers(-ndim, ndim - 1) if ndim else st.just(0))
    if wrong and draw(st.integers(0, 19)) == 0:
        axis = ndim
    return np.int64(axis) if draw(st.booleans()) else axis


def axes_of(draw: Draw, x: Any) -> Any:
    """None, one axis, or a tuple of axes."""
    ndim = np.ndim(x)
    if not ndim or draw(st.booleans()):
        return draw(st.none() | st.just(axis_of(draw, x)))
    return tuple(draw(st.lists(st.integers(-ndim, ndim - 1), max_size=3)))


def index_of(draw: Draw, x: Any) -> Any:
    """Integers, slices, arrays of integers and bools, None and dots."""
    parts: list[Any] = []
    for n in x.shape[: draw(st.integers(0, x.ndim))]:
        kind = draw(st.integers(0, 4))
        if kind == 0 and n:
            parts.append(draw(st.integers(-n, n - 1)))
        elif kind == 1:
            bounds = st.none() | st.integers(-4, 4)
            parts.append(slice(draw(bounds), draw(bounds), draw(st.sampled_from([None, 1, 2, -1]))))
        elif kind == 2 and n:
            parts.append(draw(st.lists(st.integers(-n, n - 1), min_size=1, max_size=3)))
        elif kind == 3:
            parts.append(np.array([draw(st.booleans()) for _ in range(n)], dtype=bool))
        else:
            parts.append(slice(None))
    if draw(st.booleans()):
        parts.insert(draw(st.integers(0, len(parts))), draw(st.sampled_from([None, Ellipsis])))
    return tuple(parts)


def permutation_of(draw: Draw, x: Any) -> Any:
    """The axes in another order, counted from either end."""
    order = draw(st.permutations(range(x.ndim)))
    chosen = [a - x.ndim if draw(st.booleans()) else a for a in order]
    return tuple(chosen) if draw(st.booleans()) else chosen


def places(draw: Draw, n: int) -> Any:
    """Indices along an axis."""
    return draw(st.lists(st.integers(-n, n - 1), max_size=4)) if n else []


def then(f: Callable[..., Any], *args: Any, **options: Any) -> Callable[[Any], Any]:
    """f of an array and of these."""
    return lambda v: f(v, *args, **options)


def some_axis(draw: Draw, x: Any) -> Any:
    """One axis, or None."""
    return draw(st.none() | st.just(axis_of(draw, x)))


ORDERS = st.sampled_from("CFA")
SHIFTS = st.integers(-4, 4)
COUNTS = st.integers(0, 3)
MODES = st.sampled_from(["raise", "wrap", "clip"])
Family = dict[str, Callable[[Draw, Any], Callable[[Any], Any]]]
MOVES: Family = {
    "transpose": lambda d, x: then(np.transpose, permutation_of(d, x)),
    "moveaxis": lambda d, x: then(np.moveaxis, axis_of(d, x), axis_of(d, x)),
    "rollaxis": lambda d, x: then(np.rollaxis, axis_of(d, x), axis_of(d, x)),
    "swapaxes": lambda d, x: then(np.swapaxes, axis_of(d, x), axis_of(d, x)),
    "flip": lambda d, x: then(np.flip, axes_of(d, x)),
    "roll": lambda d, x: then(np.roll, d(SHIFTS), axes_of(d, x)),
    "rot90": lambda d, x: then(np.rot90, d(SHIFTS), (axis_of(d, x), axis_of(d, x))),
    "expand_dims": lambda d, x: then(np.expand_dims, axis_of(d, x)),
    "squeeze": lambda d, x: then(np.squeeze, axes_of(d, x)),
    "ravel": lambda d, x: then(np.ravel, d(st.sampled_from("CFAK"))),
    "reshape": lambda d, x: then(np.reshape, -1, d(ORDERS)),
    "tril": lambda d, x: then(np.tril, d(SHIFTS)),
    "triu": lambda d, x: then(np.triu, k=d(SHIFTS)),
    "diagonal": lambda d, x: then(np.diagonal, d(SHIFTS), axis_of(d, x), axis_of(d, x)),
    "diag": lambda d, x: then(np.diag, d(SHIFTS)),
    "copy": lambda d, x: then(np.copy, d(ORDERS)),
}
TAKES: Family = {
    "index": lambda d, x: then(lambda v, index: v[index], index_of(d, x)),
    "take": lambda d, x: then(np.take, places(d, len(x)), 0, mode=d(MODES)),
    "delete": lambda d, x: then(np.delete, places(d, len(x)), axis=0),
    "insert": lambda d, x: then(np.insert, places(d, len(x)), 0.5, 0),
    "repeat": lambda d, x: then(np.repeat, d(COUNTS), axes_of(d, x)),
    "tile": lambda d, x: then(np.tile, d(st.lists(COUNTS, max_size=4))),
    "resize": lambda d, x: then(np.resize, tuple(d(st.lists(COUNTS, max_size=3)))),
    "array_split": lambda d, x: then(np.array_split, d(st.integers(1, 4)), axis_of(d, x)),
    "unstack": lambda d, x: then(np.unstack, axis=axis_of(d, x)),
    "broadcast_to": lambda d, x: then(np.broadcast_to, (d(COUNTS), *x.shape)),
}
JOINS: Family = {
    "concatenate": lambda d, x: then(
        lambda v, axis: np.concatenate([v, x, v], axis), some_axis(d, x)
    ),
    "stack": lambda d, x: then(lambda v, axis: np.stack((v, x), axis), axis_of(d, x)),
    "hstack": lambda d, x: lambda v: np.hstack([v, x]),
    "vstack": lambda d, x: lambda v: np.vstack([x, v]),
    "dstack": lambda d, x: lambda v: np.dstack([v, v]),
    "column_stack": lambda d, x: lambda v: np.column_stack([v, x]),
    "append": lambda d, x: then(np.append, x, some_axis(d, x)),
    "block": lambda d, x: lambda v: np.block([[v, x], [x, v]]),
    "where": lambda d, x: lambda v: np.where(x.real > 0, v, 0.5),
    "meshgrid": lambda d, x: then(np.meshgrid, x, sparse=d(st.booleans())),
}
REDUCES: Family = {
    "sum": lambda d, x: then(np.sum, axes_of(d, x), keepdims=d(st.booleans())),
    "prod": lambda d, x: then(np.prod, axes_of(d, x), keepdims=d(st.booleans())),
    "mean": lambda d, x: then(np.mean, axes_of(d, x), keepdims=d(st.booleans())),
    "var": lambda d, x: then(np.var, axes_of(d, x), ddof=d(st.sampled_from([0, 1, 0.5]))),
    "cumsum": lambda d, x: then(np.cumsum, some_axis(d, x)),
    "cumprod": lambda d, x: then(np.cumprod, some_axis(d, x)),
    "diff": lambda d, x: then(np.diff, d(COUNTS), axis_of(d, x)),
    "trace": lambda d, x: then(np.trace, d(SHIFTS), axis_of(d, x), axis_of(d, x)),
}


@pytest.mark.parametrize("name", [*MOVES, *TAKES, *JOINS, *REDUCES])
@given(data=st.data())
def test_any_array(name: str, data: st.DataObject) -> None:
    calls = {**MOVES, **TAKES, **JOINS, **REDUCES}
    x = data.draw(arrays(min_dims=1 if name in TAKES or name == "transpose" else 0))
    check_call(calls[name](data.draw, x), x)
