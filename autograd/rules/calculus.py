"""Integrals, derivatives and interpolation of sampled functions.

All of these may be differentiated with respect to the samples and to the places of the samples.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.engine.arrays import usually
from autograd.engine.cotangents import unwrap
from autograd.engine.dispatch import implements
from autograd.rules.indexing import gather
from autograd.rules.operands import cast, is_value, operand
from autograd.rules.selection import where_row
from autograd.rules.shape import place_of, ravel, shape_of

Axis = Any


@implements(np.trapezoid)
def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """`np.trapezoid`: the sum of distance times mean of each two neighbours."""
    y = operand(y)
    place = place_of(axis, y.ndim)
    distance = dx
    if x is not None:
        x = operand(x)
        distance = along_axis(np.diff(x), y.ndim, place) if x.ndim == 1 else np.diff(x, axis=axis)
    lead = (slice(None),) * place
    pairs = y[(*lead, slice(1, None))] + y[(*lead, slice(None, -1))]
    return np.sum(distance * pairs / 2.0, axis=axis)


def along_axis(x: Any, ndim: int, axis: int) -> Any:
    """An array of one dimension as one of several, along one axis of them."""
    return np.reshape(x, [-1 if i == axis else 1 for i in range(ndim)])


# --- differences ----------------------------------------------------------------------------------
@implements(np.ediff1d)
def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    """`np.ediff1d`: differences of neighbours among all entries, between numbers that are given."""
    ary = ravel(operand(ary))
    ends = {}
    for name, end in (("to_begin", to_begin), ("to_end", to_end)):
        end = operand([] if end is None else end)
        kind = end if end.size else ary
        if not np.can_cast(kind.dtype, ary.dtype, casting="same_kind"):
            raise TypeError(f"np.ediff1d: {name} has dtype {end.dtype}, the array {ary.dtype}")
        ends[name] = cast(ravel(end), ary.dtype)
    return np.concatenate([ends["to_begin"], ary[1:] - ary[:-1], ends["to_end"]])


@implements(np.gradient)
def gradient(f: Any, *varargs: Any, axis: Axis = None, edge_order: int = 1) -> Any:
    """`np.gradient`: the slope of the parabola through each entry and its neighbours; at both ends
    that of a line or, with edge_order=2, of a parabola."""
    f = operand(f)
    axes = tuple(range(f.ndim)) if axis is None else normalize_axis_tuple(axis, f.ndim)
    spacings = spacings_of(varargs, [shape_of(f)[i] for i in axes])
    if edge_order > 2:
        raise ValueError(f"np.gradient takes edge_order 1 or 2, got {edge_order}")
    if f.dtype.kind in "iub":
        f = f.astype(np.float64)
    found = tuple(map(slopes, [f] * len(axes), axes, spacings, [edge_order] * len(axes)))
    return found[0] if len(axes) == 1 else found


def spacings_of(varargs: tuple[Any, ...], lengths: list[int]) -> list[Any]:
    """For each axis the distances of its entries: one number, or one for each two neighbours."""
    given = [operand(h) for h in varargs]
    if not given:
        return [1.0] * len(lengths)
    if len(given) == 1 and given[0].ndim == 0:
        return [*given] * len(lengths)
    if len(given) != len(lengths):
        raise TypeError(f"np.gradient: {len(given)} spacings for {len(lengths)} axes")
    return list(map(distances, given, lengths))


def distances(places: Any, length: int) -> Any:
    """The distances of places; where those of plain places are all equal, one number."""
    if places.ndim == 0:
        return places
    if places.ndim != 1:
        raise ValueError("np.gradient takes spacings as numbers or in one dimension")
    if len(places) != length:
        raise ValueError(f"np.gradient: {len(places)} places along an axis of {length} entries")
    h = np.diff(places if is_value(places) else places.astype(np.result_type(places, 1.0)))
    return h[0] if not is_value(h) and (h == h[:1]).all() else h


def slopes(f: Any, axis: int, spacing: Any, edge_order: int) -> Any:
    """The slopes along one axis."""
    if shape_of(f)[axis] < edge_order + 1:
        raise ValueError(
            f"np.gradient needs {edge_order + 1} entries along an axis, got {shape_of(f)[axis]}"
        )
    rows = np.moveaxis(f, axis, 0)
    uniform = np.ndim(unwrap(spacing)) == 0
    h = spacing if uniform else along_axis(spacing, f.ndim, 0)
    if uniform:
        inner = (rows[2:] - rows[:-2]) / (2.0 * h)
        first, second, last, before = h, h, h, h
    else:
        one, two = h[:-1], h[1:]
        inner = (
            rows[:-2] * (-two / (one * (one + two)))
            + rows[1:-1] * ((two - one) / (one * two))
            + rows[2:] * (one / (two * (one + two)))
        )
        first, second, last, before = h[:1], h[1:2], h[-1:], h[-2:-1]
    if edge_order == 1:
        low = (rows[1:2] - rows[:1]) / first
        high = (rows[-1:] - rows[-2:-1]) / last
    else:
        low = slope_at_end(rows[:1], rows[1:2], rows[2:3], first, second)
        high = -slope_at_end(rows[-1:], rows[-2:-1], rows[-3:-2], last, before)
    return cast(np.moveaxis(np.concatenate([low, inner, high]), 0, axis), f.dtype)


def slope_at_end(a: Any, b: Any, c: Any, h: Any, k: Any) -> Any:
    """The slope at a of the parabola through a, b at distance h, and c at distance k from b."""
    return a * (-(2.0 * h + k) / (h * (h + k))) + b * ((h + k) / (h * k)) - c * (h / (k * (h + k)))


# --- interpolation --------------------------------------------------------------------------------
@implements(np.interp)
def interp(
    x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None
) -> Any:
    """`np.interp`: the line through the two points around x; constant outside.

    At a point its derivative with respect to x is the slope on the right of it, at the last point
    that on the left."""
    x, xp, fp = operand(x), operand(xp), operand(fp)
    x, xp = (cast_safely(z, np.dtype(float)) for z in (x, xp))
    fp = cast_safely(fp, np.dtype(complex if fp.dtype.kind == "c" else float))
    if xp.ndim != 1 or fp.ndim != 1:
        raise ValueError("np.interp takes points in one dimension")
    if len(xp) != len(fp):
        raise ValueError(f"np.interp: {len(xp)} xp and {len(fp)} fp")
    if not len(xp):
        raise ValueError("np.interp needs at least one point")
    if period is not None:
        x, xp, fp = on_circle(x, xp, fp, period)
        left = right = None
    left = fp[0] if left is None else one_number(left, fp.dtype)
    right = fp[-1] if right is None else one_number(right, fp.dtype)
    y = on_line(x, xp, fp) if len(xp) > 1 else fp[0]
    data, places = unwrap(x), unwrap(xp)
    y = where_row(data < places[0], left, y)
    return where_row(data > places[-1], right, y)


def cast_safely(x: Any, dtype: Any) -> Any:
    """x in a dtype; TypeError where a complex x would lose a part."""
    if not np.can_cast(x.dtype, dtype, "same_kind"):
        raise TypeError(f"np.interp takes no {x.dtype} where {dtype} belongs")
    return cast(x, dtype)


def one_number(x: Any, dtype: Any) -> Any:
    """What is returned outside, one number."""
    x = operand(x)
    if x.ndim:
        raise TypeError(f"np.interp takes numbers as left and right, got shape {shape_of(x)}")
    return cast_safely(x, dtype)


def on_circle(x: Any, xp: Any, fp: Any, period: Any) -> tuple[Any, Any, Any]:
    """Places within one period, the points in order, and the last and first once more around."""
    if not usually(unwrap(period) != 0):
        raise ValueError("np.interp needs a period that is not zero")
    period = np.abs(period)
    x, xp = x % period, xp % period
    order = np.argsort(unwrap(xp))
    xp, fp = xp[order], fp[order]
    xp = np.concatenate([xp[-1:] - period, xp, xp[:1] + period])
    return x, xp, np.concatenate([fp[-1:], fp, fp[:1]])


def on_line(x: Any, xp: Any, fp: Any) -> Any:
    """The line through the points on both sides of each x, of the first or last two outside."""
    low = np.searchsorted(unwrap(xp), unwrap(x), "right") - 1
    low = np.clip(low, 0, len(xp) - 2)
    at, value = gather(xp, low, 0), gather(fp, low, 0)
    slope = (gather(fp, low + 1, 0) - value) / (gather(xp, low + 1, 0) - at)
    y = slope * (x - at) + value
    steep = ~np.isfinite(unwrap(slope))  # at a point its own value, whatever comes after it
    for place in (low, low + 1):
        here = steep & (unwrap(x) == gather(unwrap(xp), place, 0))
        if not usually(~np.any(here), unknown=False):
            y = where_row(here, gather(fp, place, 0), y)
    return y


@implements(np.unwrap)
def unwrap_phase(p: Any, discont: Any = None, axis: int = -1, *, period: Any = 2 * math.pi) -> Any:
    """`np.unwrap`: p and so many whole periods that no step is larger than half a period.

    How many is plain; the derivative is 1, and with respect to the period that number."""
    p = operand(p)
    data, length = unwrap(p), unwrap(period)
    found = np.unwrap(data, unwrap(discont), axis, period=length)
    turns = np.rint((found - data) / length).astype(found.dtype)
    return cast(p, found.dtype) + turns * period
