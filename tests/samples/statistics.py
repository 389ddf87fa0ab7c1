"""Samples of statistics, sorting, calculus and polynomials."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.samples.draw import Sample, call, complexes, floats, holed, mask, start

start(__name__)


def spotted(*shape: int) -> Any:
    """Random numbers with NaN among them, in no row or column NaN alone."""
    x = np.array(floats(*shape))
    x.flat[:: max(3, x.shape[-1] + 1)] = np.nan
    return x


X = floats(2, 3)
Y = spotted(3, 4)
AXES = [
    call(Y),
    call(Y, 1),
    call(Y, axis=0, keepdims=True),
    call(Y, axis=(1, 0)),
    call(spotted(2, 3, 4), axis=(0, -1)),
    call(floats(3), axis=-1),
    call(floats()),
]
MASKED = [
    call(Y, where=~np.eye(3, 4, 1, bool)),
    call(Y, axis=1, where=np.array([True, False, True, True])),
]
EXTREMA = [*AXES, call(Y, axis=1, initial=0.3, where=mask(3, 4)), call(floats(0), initial=0.3)]
SPREADS = [
    *[sample for sample in AXES if np.ndim(sample.args[0])],
    *MASKED[:1],
    call(Y, axis=0, ddof=1),
    call(Y, axis=1, correction=0.5),
    call(Y, axis=1, mean=np.array([[0.1], [0.2], [0.3]])),
]
METHODS = [
    *("inverted_cdf", "averaged_inverted_cdf", "closest_observation", "interpolated_inverted_cdf"),
    *("hazen", "weibull", "linear", "median_unbiased", "normal_unbiased"),
    *("lower", "higher", "midpoint", "nearest"),
]
CONTINUOUS = METHODS[3:9]
WEIGHTS = np.array([1, 3, 2])
MEDIANS = [
    call(X),
    call(X, 0),
    call(X, axis=-1, keepdims=True),
    call(floats(2, 3, 4), axis=(0, 2), overwrite_input=True),
    call(floats(2, 3, 4), (2, 0), None, False, True),
    call(floats(0, 3), axis=1),
    call(floats(), axis=None),
    call(complexes(3)),
]
QUANTILES = [
    *[call(X, np.array([0.21, 0.74]), axis=1, method=method) for method in CONTINUOUS],
    *[call(floats(4), floats(low=0.3, high=0.8), None, None, True, m) for m in CONTINUOUS],
    *[call(X, 1, 0, method=method) for method in METHODS],
    *[call(floats(3, 4), [0, 1], -2, method=method, keepdims=True) for method in METHODS],
    call(X, 1, axis=(0, 1), keepdims=True),
    call(floats(2, 3, 2), (1, 0), axis=(-1, 0)),
    call(X, 1, axis=1, method="inverted_cdf", weights=np.array([[1, 3, 2], [2, 1, 4]])),
    call(floats(3), [1, 0], method="inverted_cdf", weights=WEIGHTS),
    call(floats(), 1),
]

ROWS: dict[str, list[Sample]] = {
    "nanmin": [call(floats(2, 3), axis=1), call(floats(2, 3, 2), axis=(0, 2), keepdims=True)],
    "nanmax": [call(floats(2, 3), axis=0), call(floats(2, 3), axis=None)],
}
CALLS: dict[str, list[Sample]] = {
    # --- sorting ------------------------------------------------------------------------
    "sort": [
        call(X),
        call(X, 0),
        call(X, axis=None),
        call(floats(2, 3, 2), -2, "heapsort"),
        call(X, stable=True),
        call(floats(0)),
        call(complexes(4)),
    ],
    "partition": [
        call(floats(5), 2),
        call(X, [0, 1], axis=0),
        call(X, -1, axis=None),
        call(floats(2, 4), kth=(1, 2), kind="introselect"),
    ],
    "sort_complex": [call(X), call(complexes(2, 3)), call(floats(0))],
    "unique": [
        call(floats(4)),
        call(X, True),
        call(X, return_inverse=True, return_counts=True),
        call(floats(3, 2), axis=0),
        call(floats(3, 2), axis=-1, return_index=True, equal_nan=False),
        call(complexes(3)),
        call(floats(0)),
    ],
    "unique_values": [call(X)],
    "unique_all": [call(X)],
    "unique_counts": [call(X)],
    "unique_inverse": [call(X)],
    "union1d": [call(X, floats(2)), call(floats(2), [1, 2])],
    "setdiff1d": [call(floats(4), [1.0, 2.0]), call(X, np.array([5, 6]), assume_unique=True)],
    "setxor1d": [call(floats(3), floats(2)), call(floats(2), [1, 2], assume_unique=True)],
    # --- medians and quantiles ----------------------------------------------------------
    "median": MEDIANS,
    "nanmedian": [*MEDIANS, call(Y, axis=0), call(Y, (0, 1)), call(spotted(2, 3, 4), (0, 2))],
    "quantile": QUANTILES,
    "nanquantile": [*QUANTILES, call(Y, np.array([0.3, 0.6]), 1), call(Y, 0.3, keepdims=True)],
    "percentile": [call(X, 30), call(X, floats(2, low=5.0, high=90.0), axis=0, method="hazen")],
    "nanpercentile": [call(Y, 30, axis=1), call(Y, [10, 20.5], axis=0, keepdims=True)],
    # --- what ignores NaN ---------------------------------------------------------------
    "nansum": [*AXES, *MASKED, call(Y, axis=0, initial=0.5), call(floats(0))],
    "nanprod": [*AXES, *MASKED, call(holed(4), initial=0.5)],
    "nanmin": EXTREMA,
    "nanmax": EXTREMA,
    "nanmean": [*AXES, *MASKED, call(complexes(3)), call(Y, dtype=np.float64)],
    "nanvar": [*SPREADS, call(complexes(3)), call(floats())],
    "nanstd": SPREADS,
    "nancumsum": [call(Y), call(Y, axis=-1), call(floats())],
    "nancumprod": [call(Y), call(Y, 0), call(spotted(5), dtype=np.float64)],
}
