"""A call on Values is the call on arrays: number, dtype, shape, container, or NumPy's error."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Value
from tests.derivatives import Case, check_dot_product, check_value, check_vjp, flat, rounding

PLACES = (ValueError, IndexError)
"""Errors of one family: NumPy is not consistent about them either."""


def family(error: Exception) -> tuple[type[Exception], ...]:
    """The errors that say the same as this one."""
    if isinstance(error, PLACES):
        return PLACES
    return (TypeError,) if isinstance(error, TypeError) else (type(error),)


def check_call(f: Callable[..., Any], *leaves: Any, smooth: bool = True) -> bool:
    """f of Values against f of their data; in double precision also both modes.  Returns whether
    NumPy accepts the call; `smooth=False` leaves differences out."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            wanted = f(*leaves)
        except Exception as error:
            with pytest.raises(family(error)):
                f(*[Value(x) for x in leaves])
            return False
        got = f(*[Value(x) for x in leaves])
        assert isinstance(got, type(wanted)) or not isinstance(wanted, list | tuple)
        plain = not any(isinstance(y, Value) for y in flat(got))
        for y, z in zip(flat(got), flat(wanted), strict=True):
            data, z = np.asarray(y.data if isinstance(y, Value) else y), np.asarray(z)
            assert data.shape == z.shape
            assert data.dtype == z.dtype
            digits = 16 * np.finfo(z.dtype).eps if z.dtype.kind in "fc" else 0
            scale = max(1.0, float(np.max(np.abs(np.nan_to_num(z)), initial=0.0)))
            np.testing.assert_allclose(data, z, rtol=0, atol=digits * scale)
        finite = all(np.all(np.isfinite(y)) for y in [*leaves, *flat(wanted)])
        if finite and not plain and max(map(rounding, [*leaves, *flat(wanted)])) < 1e-15:
            case = Case(f, list(leaves))
            check_value(case)
            check_dot_product(case)
            if smooth:
                check_vjp(case)
        return True
