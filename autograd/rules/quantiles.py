"""Medians and quantiles.

NumPy itself is asked, on plain data, where between the sorted entries a quantile lies: it is given
the ranks of the entries in place of the entries.  Of the ranks 0, 1, ... n - 1 a quantile is its
own position p, by whichever method; that of the entries lies between the entries of rank floor(p)
and floor(p) + 1, in the same proportion (Hyndman and Fan, "Sample Quantiles in Statistical
Packages", 1996).  So all methods, weights, axes and errors are NumPy's own.

Conventions at ties: equal entries are ranked in the order in which they stand, and the gradient
goes to the one or two entries whose ranks are taken.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, final

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.engine.arrays import as_array, usually
from autograd.engine.cotangents import unwrap
from autograd.engine.dispatch import implements
from autograd.engine.refusals import refuse_out
from autograd.rules.indexing import gather
from autograd.rules.operands import cast, is_value, operand
from autograd.rules.reductions import kept
from autograd.rules.selection import where_row
from autograd.rules.shape import shape_of

Axis = Any
PLOTTING_POSITIONS = {
    "linear": (1, 1),
    "interpolated_inverted_cdf": (0, 1),
    "hazen": (1 / 2, 1 / 2),
    "weibull": (0, 0),
    "median_unbiased": (1 / 3, 1 / 3),
    "normal_unbiased": (3 / 8, 3 / 8),
}
"""The methods that are continuous in q, with the alpha and beta of Hyndman and Fan: among n entries
the quantile has the position q * (n + 1 - alpha - beta) + alpha - 1, counted from 0."""


@final
class Ranked:
    """An array with the order of its entries along some axes.

    axes     the axes along which entries are ranked, then those that are kept
    shape    the lengths of the axes in that order
    entries  the array with these axes merged into one, the first
    order    the plain places of its entries along the first axis in sorted order, NaN last
    missing  where the sorted entries are NaN
    """

    __slots__ = ("axes", "entries", "missing", "order", "shape")

    def __init__(self, a: Any, axis: Axis) -> None:
        axes = range(a.ndim) if axis is None else sorted(normalize_axis_tuple(axis, a.ndim))
        self.axes = [*axes, *[i for i in range(a.ndim) if i not in axes]]
        self.shape = [shape_of(a)[i] for i in self.axes]
        count = int(np.prod(self.shape[: len(axes)], dtype=int))
        kept_shape = self.shape[len(axes) :]
        self.entries = np.reshape(np.transpose(a, self.axes), (count, *kept_shape))
        data = unwrap(self.entries)
        self.order = np.argsort(data, axis=0, kind="stable")
        self.missing = np.take_along_axis(np.isnan(data), self.order, 0)

    def sorted_ranks(self) -> Any:
        """The ranks in the order of the sorted entries; NaN for NaN."""
        numbers = np.arange(len(self.order)).reshape(-1, *[1] * (self.order.ndim - 1))
        return np.where(self.missing, np.nan, numbers)

    def ranks(self) -> Any:
        """The rank of each entry, in the shape of the array itself; NaN for NaN."""
        places = np.argsort(self.order, axis=0)
        ranks = np.take_along_axis(self.sorted_ranks(), places, 0)
        return np.transpose(np.reshape(ranks, self.shape), np.argsort(self.axes))

    def at(self, positions: Any) -> Any:
        """The entries at plain positions (any number, ...kept axes) in sorted order."""
        places = np.take_along_axis(self.order, positions.astype(np.intp), 0)
        return gather(self.entries, places, 0)

    def in_rows(self, position: Any, count: int) -> Any:
        """Positions as an array (count, ...kept axes).  Where one is NaN, a NaN is the result:
        there the entry sorted last."""
        position = np.reshape(position, (count, *shape_of(self.entries)[1:]))
        return np.where(np.isnan(position), len(self.order) - 1, position)

    def reduced(self, y: Any, position: Any, keepdims: bool) -> Any:
        """What was found at these positions, in the shape of NumPy's result."""
        shape = position.shape
        if keepdims:
            lengths = shape_of(self.entries)[1:]
            ranked = len(self.axes) - len(lengths)
            kept_lengths = dict(zip(self.axes[ranked:], lengths, strict=True))
            lead = shape[: len(shape) - len(lengths)]
            shape = (*lead, *[kept_lengths.get(i, 1) for i in range(len(self.axes))])
        return np.reshape(y, shape)


def without_nan(a: Any) -> Any:
    """a with its NaN as constants: what is ignored has no gradient."""
    nan = np.isnan(unwrap(a))
    if usually(~np.any(nan), unknown=False):
        return a
    return where_row(nan, np.asarray(np.nan, a.dtype), a)


def of_nothing(a: Any, position: Any) -> Any:
    """NaN for each position, for quantiles of no entries."""
    return np.broadcast_to(np.sum(a), position.shape) * np.nan


# --- medians --------------------------------------------------------------------------------------
def median_by(function: Callable[..., Any], a: Any, axis: Axis, keepdims: bool) -> Any:
    """`np.median` or `np.nanmedian`: the entry in the middle, or the mean of the two there."""
    ranked = Ranked(a, axis)
    position = as_array(function(ranked.sorted_ranks(), 0))
    if not len(ranked.order) and position.size:
        return ranked.reduced(of_nothing(a, position), position, keepdims)
    low, high = (step(ranked.in_rows(position, 1)) for step in (np.floor, np.ceil))
    y = one = ranked.at(low)
    if not usually(np.all(low == high), unknown=False):
        y = where_row(low == high, one, (one + ranked.at(high)) / 2)
    return ranked.reduced(y, position, keepdims)


@implements(np.median)
def median(
    a: Any,
    axis: Axis = None,
    out: None = None,
    overwrite_input: bool = False,
    keepdims: Any = False,
) -> Any:
    """`np.median`; no input is overwritten."""
    refuse_out("median", out)
    return median_by(np.median, operand(a), axis, kept(keepdims))


@implements(np.nanmedian)
def nanmedian(
    a: Any,
    axis: Axis = None,
    out: None = None,
    overwrite_input: bool = False,
    keepdims: Any = False,
) -> Any:
    """`np.nanmedian`; no input is overwritten."""
    refuse_out("nanmedian", out)
    return median_by(np.nanmedian, without_nan(operand(a)), axis, kept(keepdims))


# --- quantiles ------------------------------------------------------------------------------------
def quantile_by(
    function: Callable[..., Any], a: Any, q: Any, axis: Axis, keepdims: bool, **options: Any
) -> Any:
    """`np.quantile` or `np.nanquantile`: between two sorted entries, at the position of q."""
    a = operand(a)
    if a.dtype.kind == "c":
        raise TypeError(f"np.{function.__name__} takes real numbers")
    if is_value(options["weights"]):
        raise TypeError(
            f"np.{function.__name__} changes with its weights in steps, where it has no "
            "derivative: give it weights.data"
        )
    level, ranked = unwrap(q), Ranked(a, axis)
    if options["weights"] is None:
        position = as_array(function(ranked.sorted_ranks(), level, 0, **options))
    else:
        position = as_array(function(ranked.ranks(), level, axis, **options))
        options["weights"] = np.ones(1)
    if not len(ranked.order) and position.size:
        return ranked.reduced(of_nothing(a, position), position, keepdims)
    rows = ranked.in_rows(position, np.size(level))
    low, high = np.floor(rows), np.ceil(rows)
    weight = rows - low
    if is_value(q):
        moving, last = position_of(q, ranked, options["method"])
        nan = np.reshape(np.isnan(position), low.shape)
        low = np.where(nan, low, np.clip(low, 0, np.maximum(last - 1, 0)))
        high = np.minimum(low + 1, np.maximum(last, low))  # above 1 the line through the last two
        weight = moving - low
    dtype = function(np.zeros(1, a.dtype), level, **options).dtype
    weights = cast(weight, dtype), cast(1 - weight, dtype)
    y = between(ranked.at(low), ranked.at(high), *weights)
    return ranked.reduced(y, position, keepdims)


def position_of(q: Any, ranked: Ranked, method: str) -> tuple[Any, Any]:
    """The position of the quantile q among the sorted entries as a function of q, for each q and
    each row of entries that are numbers; and the last position of each row."""
    if method not in PLOTTING_POSITIONS:
        raise TypeError(
            f"a quantile by method {method!r} moves in steps with q, where it has no derivative: "
            "give it q.data, or a continuous method such as 'linear'"
        )
    alpha, beta = PLOTTING_POSITIONS[method]
    count = np.sum(~ranked.missing, axis=0)
    q = np.reshape(q, (-1, *[1] * count.ndim))
    position = q * (count + (1 - alpha - beta)) + (alpha - 1)
    return np.clip(position, 0, count - 1), count - 1


def between(a: Any, b: Any, weight: Any, rest: Any) -> Any:
    """a + weight * (b - a), from the nearer end; `rest` is 1 - weight."""
    step = b - a
    return where_row(unwrap(weight) < 0.5, a + step * weight, b - step * rest)


@implements(np.quantile)
def quantile(
    a: Any,
    q: Any,
    axis: Axis = None,
    out: None = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: Any = False,
    *,
    weights: Any = None,
) -> Any:
    """`np.quantile` by all methods; no input is overwritten.  q may be a Value where the method is
    continuous in it."""
    refuse_out("quantile", out)
    q, weights = level_of(q), None if weights is None else operand(weights)
    return quantile_by(np.quantile, a, q, axis, kept(keepdims), method=method, weights=weights)


@implements(np.nanquantile)
def nanquantile(
    a: Any,
    q: Any,
    axis: Axis = None,
    out: None = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: Any = False,
    *,
    weights: Any = None,
) -> Any:
    """`np.nanquantile`, as `quantile`, of the entries that are not NaN."""
    refuse_out("nanquantile", out)
    q, weights = level_of(q), None if weights is None else operand(weights)
    a = without_nan(operand(a))
    return quantile_by(np.nanquantile, a, q, axis, kept(keepdims), method=method, weights=weights)


def level_of(q: Any) -> Any:
    """q, joined where it is a list with Values; a Python number stays one: it is of no dtype."""
    return operand(q) if isinstance(q, list | tuple) else q


@implements(np.percentile)
def percentile(a: Any, q: Any, *args: Any, **options: Any) -> Any:
    """`np.percentile`: the quantile of q / 100."""
    return quantile(a, hundredth(q), *args, **options)


@implements(np.nanpercentile)
def nanpercentile(a: Any, q: Any, *args: Any, **options: Any) -> Any:
    """`np.nanpercentile`: the quantile of q / 100."""
    return nanquantile(a, hundredth(q), *args, **options)


def hundredth(q: Any) -> Any:
    """q / 100; a Python number stays one."""
    return level_of(q) / 100
