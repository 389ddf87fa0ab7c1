"""Reductions and scans that ignore NaN: an entry that is ignored has the derivative 0."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from autograd.engine.arrays import usually
from autograd.engine.cotangents import real_dtype, unwrap
from autograd.engine.dispatch import implements
from autograd.engine.primitive import general
from autograd.engine.refusals import refuse_out
from autograd.rules.arithmetic import real
from autograd.rules.operands import cast, operand
from autograd.rules.reductions import deviation, expand, extremal, kept, started
from autograd.rules.selection import fmax, fmin, missing, where_row

Axis = Any


def nan_as(a: Any, number: float) -> tuple[Any, Any]:
    """a with a number in place of NaN, and the plain mask of its NaN."""
    a = operand(a)
    nan = np.isnan(unwrap(a))
    return where_row(nan, number, a), nan


@implements(np.nansum)
def nansum(a: Any, *args: Any, **options: Any) -> Any:
    """`np.nansum`: NaN count as 0."""
    return np.sum(nan_as(a, 0)[0], *args, **options)


@implements(np.nanprod)
def nanprod(a: Any, *args: Any, **options: Any) -> Any:
    """`np.nanprod`: NaN count as 1."""
    return np.prod(nan_as(a, 1)[0], *args, **options)


@implements(np.nancumsum)
def nancumsum(a: Any, *args: Any, **options: Any) -> Any:
    """`np.nancumsum`: NaN count as 0."""
    return np.cumsum(nan_as(a, 0)[0], *args, **options)


@implements(np.nancumprod)
def nancumprod(a: Any, *args: Any, **options: Any) -> Any:
    """`np.nancumprod`: NaN count as 1."""
    return np.cumprod(nan_as(a, 1)[0], *args, **options)


# --- extrema --------------------------------------------------------------------------------------
def nan_extremum_rule(
    g: Any, y: Any, x: Any, axis: Axis = None, keepdims: bool = False, **initial: Any
) -> Any:
    """The gradient goes to the extreme entry; entries that tie share it equally, NaN get none."""
    ties = unwrap(x) == unwrap(expand(y, x, axis, keepdims))
    share = ties / np.maximum(np.sum(ties, axis=axis, keepdims=True), 1)
    return expand(g, x, axis, keepdims) * share


nanmin_row = general(
    np.nanmin,
    nan_extremum_rule,
    computed_by=np.fmin.reduce,
    portable=started(np.nanmin, np.fmin),
    name="nanmin",
    role="reduction",
)
nanmax_row = general(
    np.nanmax,
    nan_extremum_rule,
    computed_by=np.fmax.reduce,
    portable=started(np.nanmax, np.fmax),
    name="nanmax",
    role="reduction",
)
least = extremal(nanmin_row, fmin, np.nan)
greatest = extremal(nanmax_row, fmax, np.nan)


@implements(np.nanmin)
def nanmin(a: Any, *args: Any, **options: Any) -> Any:
    """`np.nanmin`: of NaN alone it is NaN."""
    return warn_of_nan(least(operand(a), *args, **options))


@implements(np.nanmax)
def nanmax(a: Any, *args: Any, **options: Any) -> Any:
    """`np.nanmax`: of NaN alone it is NaN."""
    return warn_of_nan(greatest(operand(a), *args, **options))


def warn_of_nan(y: Any) -> Any:
    """y; NumPy's warning where one is NaN."""
    if not usually(~np.any(np.isnan(unwrap(y)))):
        warnings.warn("All-NaN slice encountered", RuntimeWarning, stacklevel=6)
    return y


# --- means and variances --------------------------------------------------------------------------
def over_count(total: Any, count: Any, warning: str) -> Any:
    """total / count; NaN and a warning where there is nothing to count."""
    if not usually(np.all(count > 0)):
        warnings.warn(warning, RuntimeWarning, stacklevel=6)
    return total / np.where(count > 0, count, np.nan).astype(real_dtype(total))


def counted(nan: Any, axis: Axis, keepdims: Any, where: Any) -> Any:
    """How many entries are numbers."""
    given = {} if where is missing else {"where": where}
    return np.sum(~nan, axis=axis, dtype=np.intp, keepdims=kept(keepdims), **given)


@implements(np.nanmean)
def nanmean(
    a: Any,
    axis: Axis = None,
    dtype: Any = None,
    out: None = None,
    keepdims: Any = False,
    *,
    where: Any = True,
) -> Any:
    """`np.nanmean`: the mean of the entries that are numbers."""
    refuse_out("nanmean", out)
    numbers, nan = nan_as(a, 0)
    total = np.sum(numbers, axis, dtype, None, kept(keepdims), where=where)
    return over_count(total, counted(nan, axis, kept(keepdims), where), "Mean of empty slice")


@implements(np.nanvar)
def nanvar(
    a: Any,
    axis: Axis = None,
    dtype: Any = None,
    out: None = None,
    ddof: float = 0,
    keepdims: Any = False,
    *,
    where: Any = True,
    mean: Any = missing,
    correction: Any = missing,
) -> Any:
    """`np.nanvar`: the mean squared distance of the numbers from their mean, over n - ddof."""
    refuse_out("nanvar", out)
    if correction is not missing:
        if ddof != 0:
            raise ValueError("np.nanvar takes ddof or correction, not both")
        ddof = correction
    numbers, nan = nan_as(a, 0)
    if mean is missing:
        total = np.sum(numbers, axis, dtype, None, True, where=where)
        mean = total / np.maximum(counted(nan, axis, True, where), 1).astype(real_dtype(total))
    centred = cast(where_row(nan, 0, numbers - mean), numbers.dtype)
    squares = centred * centred
    if centred.dtype.kind == "c":
        squares = real(centred * np.conjugate(centred))
    total = np.sum(squares, axis, dtype, None, kept(keepdims), where=where)
    freedom = counted(nan, axis, kept(keepdims), where) - ddof
    return over_count(total, freedom, "Degrees of freedom <= 0 for slice.")


@implements(np.nanstd)
def nanstd(a: Any, *args: Any, **options: Any) -> Any:
    """`np.nanstd`: the root of the variance; where that is 0, so is its derivative."""
    return deviation(nanvar(a, *args, **options))
