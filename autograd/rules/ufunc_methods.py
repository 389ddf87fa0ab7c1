"""`reduce`, `accumulate`, `reduceat` and `outer` of every differentiable ufunc of two arguments.

A reduction is put together from the ufunc itself: pairwise where the order does not matter (about
log2(n) nodes), from the first entry to the last where it does (n nodes).  NumPy is asked first,
with zeros for the Values, so that what it refuses is refused, and for the dtype of the result.

On some processors `reduce` of `np.power` and `np.arctan2` in NumPy 2.4 itself is wrong where three
entries or more become one; here each is the ufunc applied from the first entry to the last.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np

from autograd.engine.cotangents import stand_in, unwrap
from autograd.engine.dispatch import COMPOSITES, UFUNC_METHODS
from autograd.engine.primitive import TABLE
from autograd.engine.refusals import refuse_out
from autograd.rules import arithmetic, elementwise, reductions, scans, selection  # noqa: F401
from autograd.rules.reductions import axes_of
from autograd.rules.selection import fmax, fmin, missing, where_row
from autograd.rules.shape import astype, shape_of

NEUTRAL: Final[dict[np.ufunc, float]] = {
    np.hypot: 0.0,
    np.logaddexp: -math.inf,
    np.logaddexp2: -math.inf,
    np.maximum: -math.inf,
    np.minimum: math.inf,
    np.fmax: -math.inf,
    np.fmin: math.inf,
}
"""The ufuncs that can be grouped at will, and what masked entries are replaced by."""

Method = Callable[..., Any]


def plain_result(method: Method, *args: Any, **options: Any) -> Any:
    """What NumPy makes of zeros in place of the Values: its shape, its dtype, or its error."""
    with np.errstate(all="ignore"):
        return method(*map(asked, args), **{k: asked(x) for k, x in options.items()})


def asked(x: Any) -> Any:
    """Zeros in place of a Value."""
    return x if x is unwrap(x) else stand_in(x)


def in_dtype_of(x: Any, y: Any) -> Any:
    """x in the dtype of the plain result y: NumPy computes in it from the first entry on."""
    if np.result_type(unwrap(x)) == y.dtype:
        return x
    return astype(x, dtype=y.dtype)


def pairwise(ufunc: np.ufunc, rows: Any) -> Any:
    """ufunc over the rows (the first axis), halving their number at each step."""
    while (count := len(rows)) > 1:
        y = ufunc(rows[: count - 1 : 2], rows[1::2])
        rows = np.concatenate([y, rows[-1:]]) if count % 2 else y
    return rows[0]


def in_order(ufunc: np.ufunc, rows: Any, kept: Any) -> Any:
    """ufunc over the rows from the first to the last; a row that is not kept is passed over."""
    y = rows[0]
    for i in range(1, len(rows)):
        y = ufunc(y, rows[i]) if kept is None else where_row(kept[i], ufunc(y, rows[i]), y)
    return y


class Reduction(NamedTuple):
    """The arguments of `ufunc.reduce`, as NumPy has them."""

    axis: Any = 0
    dtype: Any = None
    out: None = None
    keepdims: bool = False
    initial: Any = missing
    where: Any = True


def reduce_of(ufunc: np.ufunc, apply: Callable[[Any, Reduction], Any]) -> Method:
    """`ufunc.reduce`, where `apply` reduces an array that has the dtype of the result."""

    def reduce(array: Any, *given: Any, **options: Any) -> Any:
        call = Reduction(*given, **options)
        refuse_out(f"{ufunc.__name__}.reduce", call.out)
        y = plain_result(ufunc.reduce, array, **call._asdict())
        x = in_dtype_of(array, y)
        return np.reshape(apply(x, call._replace(dtype=None, where=unwrap(call.where))), y.shape)

    return reduce


def fold_of(ufunc: np.ufunc) -> Callable[[Any, Reduction], Any]:
    """A reduction put together from the ufunc itself."""

    def fold(x: Any, call: Reduction) -> Any:
        shape = shape_of(x)
        axes = axes_of(x, call.axis) if shape else ()
        rows, kept = rows_of(x, axes), None
        if call.where is not True:
            kept = rows_of(np.broadcast_to(np.asarray(call.where, bool), shape), axes)
        start = ufunc.identity if call.initial is missing else call.initial
        if start is not None:
            first = np.broadcast_to(start, (1, *rows.shape[1:]))
            rows = np.concatenate([first.astype(rows.dtype), rows])
            kept = None if kept is None else np.concatenate([np.ones_like(kept[:1]), kept])
        if ufunc not in NEUTRAL:
            return in_order(ufunc, rows, kept)
        return pairwise(ufunc, rows if kept is None else where_row(kept, rows, NEUTRAL[ufunc]))

    return fold


def reduce_by(composite: Callable[..., Any]) -> Method:
    """`ufunc.reduce` by `np.sum` and its like, which know all options themselves."""

    def reduce(array: Any, *given: Any, **options: Any) -> Any:
        call = Reduction(*given, **options)
        x = array if call.dtype is None else array.astype(call.dtype)
        return composite(
            x,
            call.axis,
            out=call.out,
            keepdims=call.keepdims,
            initial=call.initial,
            where=call.where,
        )

    return reduce


def rows_of(x: Any, axes: tuple[int, ...]) -> Any:
    """x with `axes` merged to one, which comes first."""
    shape = shape_of(x)
    kept = [i for i in range(len(shape)) if i not in axes]
    count = math.prod([shape[i] for i in axes])
    return np.reshape(np.transpose(x, [*axes, *kept]), (count, *[shape[i] for i in kept]))


def ignoring_nan(single: Any, extremum: Any, neutral: float) -> Callable[[Any, Reduction], Any]:
    """`np.fmax` and `np.fmin`: NaN counts only where there is nothing else."""

    def apply(x: Any, call: Reduction) -> Any:
        axis = call.axis if shape_of(x) else None
        numbers = ~np.isnan(unwrap(x)) & call.where
        y = extremum(where_row(numbers, x, neutral), axis, None, True, initial=neutral)
        y = where_row(np.any(numbers, axis, keepdims=True), y, np.nan)
        if call.initial is missing or call.initial is None:
            return y
        return single(y, reductions.start_of(call.initial, y))

    return apply


def accumulate_of(ufunc: np.ufunc, scan: Callable[[Any], Any]) -> Method:
    """`ufunc.accumulate`, where `scan` goes along the first axis."""

    def accumulate(array: Any, axis: Any = 0, dtype: Any = None, out: None = None) -> Any:
        refuse_out(f"{ufunc.__name__}.accumulate", out)
        x = in_dtype_of(array, plain_result(ufunc.accumulate, array, axis, dtype))
        axis = axis[0] if isinstance(axis, tuple) else axis
        rows = np.moveaxis(x, axis, 0)
        return np.moveaxis(scan(rows) if len(rows) else rows, 0, axis)

    return accumulate


def scan_by_doubling(ufunc: np.ufunc) -> Callable[[Any], Any]:
    """All partial results at once: log2(n) steps, each of which doubles the stretch reduced."""

    def scan(rows: Any) -> Any:
        stride = 1
        while stride < len(rows):
            rows = np.concatenate([rows[:stride], ufunc(rows[:-stride], rows[stride:])])
            stride *= 2
        return rows

    return scan


def scan_in_order(ufunc: np.ufunc) -> Callable[[Any], Any]:
    """One partial result after the other."""

    def scan(rows: Any) -> Any:
        parts = [rows[0]]
        for i in range(1, len(rows)):
            parts.append(ufunc(parts[-1], rows[i]))
        return np.stack(parts)

    return scan


def reduceat_of(ufunc: np.ufunc) -> Method:
    """`ufunc.reduceat`: the reductions of stretches."""

    def reduceat(
        array: Any, indices: Any, axis: Any = 0, dtype: Any = None, out: None = None
    ) -> Any:
        refuse_out(f"{ufunc.__name__}.reduceat", out)
        x = in_dtype_of(array, plain_result(ufunc.reduceat, array, indices, axis, dtype))
        starts = np.asarray(unwrap(indices)).tolist()
        axis = axis[0] if isinstance(axis, tuple) else axis
        rows = np.moveaxis(x, axis, 0)
        reduce = UFUNC_METHODS[ufunc, "reduce"]
        stretches = itertools.pairwise([*starts, len(rows)])
        parts = [reduce(rows[i:j], 0, initial=None) if j > i else rows[i] for i, j in stretches]
        return np.stack(parts, axis) if parts else np.moveaxis(rows[:0], 0, axis)

    return reduceat


def outer_of(ufunc: np.ufunc) -> Method:
    """`ufunc.outer`: every entry of a with every entry of b."""

    def outer(a: Any, b: Any, /, **options: Any) -> Any:
        shape = shape_of(a)
        a = np.reshape(a, shape + (1,) * len(shape_of(b)))
        return ufunc(a, b, **options)

    return outer


REDUCE: Final[dict[np.ufunc, Method]] = {
    np.add: reduce_by(reductions.sum),
    np.multiply: reduce_by(reductions.prod),
    np.maximum: reduce_by(reductions.max),
    np.minimum: reduce_by(reductions.min),
    np.fmax: reduce_of(np.fmax, ignoring_nan(fmax, reductions.max, -math.inf)),
    np.fmin: reduce_of(np.fmin, ignoring_nan(fmin, reductions.min, math.inf)),
}
"""The reductions that are not put together from the ufunc itself."""

SCAN: Final[dict[np.ufunc, Callable[[Any], Any]]] = {
    np.add: lambda rows: scans.cumsum(rows, 0),
    np.multiply: lambda rows: scans.cumprod(rows, 0),
    **{ufunc: scan_by_doubling(ufunc) for ufunc in NEUTRAL},
}
"""What accumulates faster than from the first entry to the last."""

BINARY: Final = [
    f
    for f in (*TABLE, *COMPOSITES)
    if isinstance(f, np.ufunc) and f.nin == 2 and f.signature is None
]
"""The ufuncs of two numbers that have a derivative."""

for ufunc in BINARY:
    UFUNC_METHODS[ufunc, "outer"] = outer_of(ufunc)
    if ufunc.nout == 1 and ufunc is not np.ldexp:  # whose second argument is an integer
        UFUNC_METHODS[ufunc, "reduce"] = REDUCE.get(ufunc) or reduce_of(ufunc, fold_of(ufunc))
        UFUNC_METHODS[ufunc, "reduceat"] = reduceat_of(ufunc)
        scan = SCAN.get(ufunc) or scan_in_order(ufunc)
        UFUNC_METHODS[ufunc, "accumulate"] = accumulate_of(ufunc, scan)
