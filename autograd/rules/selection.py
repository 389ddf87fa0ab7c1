"""Choosing between entries.

Conventions at ties and kinks: in max, min, maximum and minimum, entries that tie share the gradient
equally; at the bounds of clip the entry counts as not clipped; relu'(0) = abs'(0) = sign'(0) = 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine import kernels
from autograd.engine.cotangents import dtype_of, unwrap
from autograd.engine.dispatch import implements
from autograd.engine.primitive import elementwise
from autograd.engine.refusals import refuse_out
from autograd.engine.ufunc_options import call_with_options

missing: Any = getattr(np, "_NoValue", object())  # what NumPy itself passes for "not given"

where_row = elementwise(
    np.where,
    None,
    lambda g, y, condition, a, b: where_row(condition, g, 0),
    lambda g, y, condition, a, b: where_row(condition, 0, g),
    computed_by=kernels.where,
    may_discard_nan=True,
)
maximum = elementwise(
    np.maximum,
    lambda g, y, a, b: g * where_row(a == b, 0.5, a > b),
    lambda g, y, a, b: g * where_row(a == b, 0.5, b > a),
    role="extremum",
)
minimum = elementwise(
    np.minimum,
    lambda g, y, a, b: g * where_row(a == b, 0.5, a < b),
    lambda g, y, a, b: g * where_row(a == b, 0.5, b < a),
    role="extremum",
)
fmax = elementwise(
    np.fmax,
    lambda g, y, a, b: g * where_row(a == b, 0.5, (a > b) | np.isnan(b)),
    lambda g, y, a, b: g * where_row(a == b, 0.5, (b > a) | np.isnan(a)),
    role="extremum",
)
fmin = elementwise(
    np.fmin,
    lambda g, y, a, b: g * where_row(a == b, 0.5, (a < b) | np.isnan(b)),
    lambda g, y, a, b: g * where_row(a == b, 0.5, (b < a) | np.isnan(a)),
    role="extremum",
)
clip_row = elementwise(
    np.clip,
    lambda g, y, x, low, high: g * ((x >= low) & (x <= high)),
    lambda g, y, x, low, high: g * ((x < low) & (low <= high)),
    lambda g, y, x, low, high: g * ((x > high) | (low > high)),
)
relu = elementwise(
    kernels.relu,
    lambda g, y, x: g * (x > 0),
    scalar=kernels.relu_scalar,
    role="rectifier",
)
nan_to_num_row = elementwise(
    np.nan_to_num, lambda g, y, x, **replacements: g * np.isfinite(x), may_discard_nan=True
)


def strong_product(g: Any, factor: Any) -> Any:
    """g * factor, and zero where g is zero and the factor is not finite."""
    product = g * factor
    lost = (unwrap(g) == 0) & ~np.isfinite(unwrap(factor))
    return where_row(lost, 0.0, product) if np.any(lost) else product


@implements(np.where)
def where(condition: Any, *choices: Any) -> Any:
    """`np.where`: the condition is plain; with no choices, plain indices."""
    if not choices:
        return np.where(unwrap(condition))
    if len(choices) == 1:
        raise ValueError("np.where takes both choices or neither")
    return where_row(unwrap(condition), *choices)


@implements(np.clip)
def clip(
    a: Any,
    a_min: Any = missing,
    a_max: Any = missing,
    out: None = None,
    *,
    min: Any = missing,
    max: Any = missing,
    **options: Any,
) -> Any:
    """`np.clip`; None is no bound."""
    refuse_out("clip", out)
    low, high = bounds(a_min, a_max, min, max)
    args = (a, -np.inf if low is None else low, np.inf if high is None else high)
    if options.pop("where", True) is not True:
        raise TypeError("np.clip(where=mask) leaves the other entries undefined: use np.where")
    if not options:
        return clip_row(*args)
    ufunc = np._core.umath.clip  # type: ignore[attr-defined]
    return call_with_options(ufunc, args, options, lambda _, cast: clip_row(*cast))


def bounds(a_min: Any, a_max: Any, low: Any, high: Any) -> tuple[Any, Any]:
    """The bounds of `np.clip`, which may be called a_min and a_max, or min and max."""
    if a_min is missing and a_max is missing:
        return None if low is missing else low, None if high is missing else high
    if a_min is missing or a_max is missing:
        raise TypeError("np.clip takes both a_min and a_max; for one bound give min= or max=")
    if low is not missing or high is not missing:
        raise ValueError("np.clip takes a_min and a_max, or min= and max=, not both")
    return a_min, a_max


@implements(np.nan_to_num)
def nan_to_num(
    x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None
) -> Any:
    """`np.nan_to_num`; replaced entries have no derivative."""
    if not copy:
        raise TypeError("np.nan_to_num(copy=False) would change a Value in place: use its result")
    return nan_to_num_row(x, nan=nan, posinf=posinf, neginf=neginf)


@implements(np.select)
def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """`np.select`: the first choice whose condition holds."""
    if len(condlist) != len(choicelist):
        raise ValueError("np.select needs as many conditions as choices")
    if len(condlist) == 0:
        raise ValueError("np.select needs at least one condition")
    y = default
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        if dtype_of(unwrap(condition)).kind != "b":
            raise TypeError("np.select: the conditions are arrays of bools")
        y = where_row(unwrap(condition), choice, y)
    return y
