"""Functions of shape and place with drawn shapes and drawn parameters: value, and transpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, broadcastable_shapes, valid_tuple_axes

from tests.derivatives import Case, check_dot_product, check_value

Draw = Callable[[st.SearchStrategy[Any]], Any]
Shape = tuple[int, ...]


def axis_of(draw: Draw, shape: Shape) -> int:
    return int(draw(st.integers(-len(shape), len(shape) - 1)))


def axes_of(draw: Draw, shape: Shape, **limits: int) -> tuple[int, ...]:
    return tuple(draw(valid_tuple_axes(len(shape), **limits)))


def two_axes(draw: Draw, shape: Shape) -> tuple[int, int]:
    assume(len(shape) >= 2)
    first, second = axes_of(draw, shape, min_size=2, max_size=2)
    return first, second


def transpose(draw: Draw, shape: Shape) -> Any:
    order = draw(st.permutations(range(len(shape))))
    signed = [i - len(shape) if draw(st.booleans()) else i for i in order]
    return lambda x: np.transpose(x, signed)


def moveaxis(draw: Draw, shape: Shape) -> Any:
    count = draw(st.integers(1, len(shape)))
    source = axes_of(draw, shape, min_size=count, max_size=count)
    target = axes_of(draw, shape, min_size=count, max_size=count)
    return lambda x: np.moveaxis(x, source, target)


def swapaxes(draw: Draw, shape: Shape) -> Any:
    a, b = axis_of(draw, shape), axis_of(draw, shape)
    return lambda x: np.swapaxes(x, a, b)


def rollaxis(draw: Draw, shape: Shape) -> Any:
    a, start = axis_of(draw, shape), draw(st.integers(-len(shape), len(shape)))
    return lambda x: np.rollaxis(x, a, start)


def roll(draw: Draw, shape: Shape) -> Any:
    axes = axes_of(draw, shape, min_size=1)
    shifts = tuple(draw(st.integers(-4, 4)) for _ in axes)
    if draw(st.booleans()):
        return lambda x: np.roll(x, shifts[0])
    return lambda x: np.roll(x, shifts, axes)


def flip(draw: Draw, shape: Shape) -> Any:
    axes = draw(st.none() | st.just(axes_of(draw, shape)))
    return lambda x: np.flip(x, axes)


def rot90(draw: Draw, shape: Shape) -> Any:
    axes, k = two_axes(draw, shape), draw(st.integers(-5, 5))
    return lambda x: np.rot90(x, k, axes)


def repeat(draw: Draw, shape: Shape) -> Any:
    axis = axis_of(draw, shape)
    counts = draw(
        st.integers(0, 3) | st.lists(st.integers(0, 3), min_size=shape[axis], max_size=shape[axis])
    )
    return lambda x: np.repeat(x, counts, axis)


def tile(draw: Draw, shape: Shape) -> Any:
    reps = draw(st.integers(0, 3) | st.lists(st.integers(0, 2), min_size=1, max_size=4))
    return lambda x: np.tile(x, reps)


def expand_dims(draw: Draw, shape: Shape) -> Any:
    places = draw(valid_tuple_axes(len(shape) + 2, min_size=2, max_size=2))
    return lambda x: np.expand_dims(x, tuple(places))


def squeeze(draw: Draw, shape: Shape) -> Any:
    return lambda x: np.squeeze(x)


def broadcast_to(draw: Draw, shape: Shape) -> Any:
    wide = draw(broadcastable_shapes(shape, max_dims=4, max_side=3))
    wide = np.broadcast_shapes(shape, wide)
    return lambda x: np.broadcast_to(x, wide)


def diagonal(draw: Draw, shape: Shape) -> Any:
    axes, offset = two_axes(draw, shape), draw(st.integers(-3, 3))
    return lambda x: np.diagonal(x, offset, *axes)


def trace(draw: Draw, shape: Shape) -> Any:
    axes, offset = two_axes(draw, shape), draw(st.integers(-3, 3))
    return lambda x: np.trace(x, offset, *axes)


def triangle(draw: Draw, shape: Shape) -> Any:
    f, k = draw(st.sampled_from([np.tril, np.triu])), draw(st.integers(-3, 3))
    return lambda x: f(x, k)


def diff(draw: Draw, shape: Shape) -> Any:
    axis, n = axis_of(draw, shape), draw(st.integers(0, 3))
    assume(n < shape[axis])
    return lambda x: np.diff(x, n, axis)


def cumsum(draw: Draw, shape: Shape) -> Any:
    axis = draw(st.none() | st.just(axis_of(draw, shape)))
    return lambda x: np.cumsum(x, axis)


def take(draw: Draw, shape: Shape) -> Any:
    axis, mode = axis_of(draw, shape), draw(st.sampled_from(["wrap", "clip"]))
    index = draw(st.integers(-9, 9) | st.lists(st.integers(-9, 9), max_size=4))
    return lambda x: np.take(x, index, axis, mode=mode)


def take_along_axis(draw: Draw, shape: Shape) -> Any:
    axis, count = axis_of(draw, shape), draw(st.integers(1, 3))
    wide = list(shape)
    wide[axis] = count
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    index = rng.integers(-shape[axis], shape[axis], wide)
    return lambda x: np.take_along_axis(x, index, axis)


def array_split(draw: Draw, shape: Shape) -> Any:
    axis = axis_of(draw, shape)
    places = draw(st.integers(1, 4) | st.lists(st.integers(0, 4), max_size=3).map(sorted))
    return lambda x: np.array_split(x, places, axis)


def stack(draw: Draw, shape: Shape) -> Any:
    axis = draw(st.integers(-len(shape) - 1, len(shape)))
    return lambda x: np.stack([x, 2 * x, np.ones(shape)], axis)


def concatenate(draw: Draw, shape: Shape) -> Any:
    axis = draw(st.none() | st.just(axis_of(draw, shape)))
    return lambda x: np.concatenate([x, 3 * x], axis)


def tensordot(draw: Draw, shape: Shape) -> Any:
    left = axes_of(draw, shape)
    right = draw(st.permutations(left))
    sizes = [shape[i] for i in left]
    other = np.linspace(-1, 1, int(np.prod(shape)) or 1)[: int(np.prod(shape))].reshape(shape)
    assume(sizes == [shape[i] for i in right])
    return lambda x: np.tensordot(x, other, (left, list(right)))


def reduction(draw: Draw, shape: Shape) -> Any:
    f, keep = draw(st.sampled_from([np.sum, np.mean])), draw(st.booleans())
    axes = draw(st.none() | st.just(axes_of(draw, shape)))
    return lambda x: f(x, axis=axes, keepdims=keep)


def compress(draw: Draw, shape: Shape) -> Any:
    axis = axis_of(draw, shape)
    mask = draw(st.lists(st.booleans(), max_size=shape[axis]))
    return lambda x: np.compress(np.array(mask, bool), x, axis)


CALLS = [
    *(transpose, moveaxis, swapaxes, rollaxis, roll, flip, rot90, repeat, tile, expand_dims),
    *(squeeze, broadcast_to, diagonal, trace, triangle, diff, cumsum, take, take_along_axis),
    *(array_split, stack, concatenate, tensordot, reduction, compress),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.__name__)
@given(data=st.data())
def test_drawn_calls(call: Any, data: st.DataObject) -> None:
    """All are linear: value and <w, J t> = <J^T w, t> leave no room for a wrong transpose, and the
    value fixes J."""
    shape = data.draw(array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=3))
    f = call(data.draw, shape)
    x = np.arange(1.0, 1 + np.prod(shape)).reshape(shape)
    case = Case(f, [x])
    check_value(case)
    check_dot_product(case)
