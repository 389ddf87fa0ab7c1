"""Samples of statistics, sorting, calculus and polynomials."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.samples.draw import Sample, call, complexes, floats, holed, mask, positive, start

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

KNOTS = np.array([-2.1, -0.9, 0.2, 1.3, 2.4])
AT = np.array([[-1.6, -0.3, 0.7], [1.9, -3.0, 3.1]])
BINS = np.array([-2.0, -0.75, 0.25, 2.0])

ROWS: dict[str, list[Sample]] = {
    "convolve": [
        call(floats(3), floats(2)),
        call(floats(2), floats(4)),
        call(complexes(3), complexes(2)),
        call(floats(1), np.array([1, 2])),
    ],
    "roots": [
        call(np.array([1.0, -3.2, 2.1, 0.4])),
        call(np.array([2.0, 1.0, 3.5])),
        call(np.array([1.0, 2.0 + 1.0j, 5.0])),
    ],
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
    # --- weighted means, covariance ------------------------------------------------------
    "average": [
        call(X),
        call(X, 1),
        call(X, None, positive(2, 3)),
        call(X, 0, positive(2), True),
        call(floats(2, 3, 4), (2, 0), positive(4, 2), keepdims=True),
        call(floats(2, 3, 4), (1, 2, 0), positive(3, 4, 2)),
        call(X, axis=-1, weights=[1, 2, 1], returned=True, keepdims=True),
        call(complexes(3), None, positive(3)),
        call(np.array([1, 2, 4]), None, positive(3)),
    ],
    "cov": [
        call(floats(3, 5)),
        call(floats(5)),
        call(floats(5), floats(5)),
        call(floats(5, 2), floats(5, 3), False),
        call(floats(5), floats(1, 5), False),
        call(floats(2, 4), None, True, True),
        call(floats(2, 4), ddof=2, fweights=np.array([1, 3, 0, 2])),
        call(floats(2, 4), None, True, False, None, [1, 3, 1, 2], positive(4)),
        call(floats(2, 4), None, True, False, 0, None, positive(4)),
        call(complexes(2, 4), rowvar=True),
        call(floats(2, 3), dtype=np.float64),
    ],
    "corrcoef": [
        call(floats(3, 5)),
        call(floats(5), floats(2, 5)),
        call(floats(5, 2), rowvar=False),
        call(complexes(2, 5)),
    ],
    # --- histograms ---------------------------------------------------------------------
    "bincount": [call([2, 0, 2], floats(3)), call(np.array([1, 1]), floats(2), minlength=4)],
    "histogram": [
        call(floats(6), 3),
        call(floats(6), "sturges"),
        call(floats(6), 4, None, True),
        call(floats(6), BINS, None, None, floats(6)),
        call(np.array([1, 2, 6]), 2, None, False, complexes(3)),
        call(floats(6), 3, (-1.5, 1.5), True, positive(6)),
    ],
    "histogram_bin_edges": [call(floats(6), 3), call(X), call(floats(3), 2), call([1], BINS)],
    "histogram2d": [
        call(floats(6), floats(6), 2),
        call(floats(6), floats(6), [2, BINS], None, True, positive(6)),
        call(floats(5), floats(5), BINS, None, None, positive(5)),
    ],
    "histogramdd": [
        call(floats(6, 2), 2, None, None, positive(6)),
        call([floats(6), floats(6)], (2, 3), [None, (-1, 1)], True, positive(6)),
        call(floats(5), 3),
    ],
    # --- integrals, derivatives, interpolation ------------------------------------------
    "trapezoid": [
        call(floats(4)),
        call(floats(2, 4), floats(4)),
        call(floats(3, 2), floats(3, 2), axis=0),
        call(X, None, 0.3, -2),
        call(X, dx=0.3, axis=-1),
        call([1, 2, 4], floats(3)),
        call(complexes(3), None, floats()),
    ],
    "ediff1d": [
        call(X),
        call(floats(3), floats(2), floats(1)),
        call(floats(3), to_begin=floats(1, 2)),
        call(floats(1), 7.5),
        call(floats(0)),
    ],
    "gradient": [
        call(floats(5)),
        call(floats(5), 0.7),
        call(floats(5), KNOTS),
        call(floats(3, 5), floats(3), KNOTS),
        call(floats(5, 3), KNOTS, axis=0, edge_order=2),
        call(floats(3, 4), positive(), edge_order=2),
        call(floats(3, 4), [0, 1, 3], np.arange(4)),
        call(floats(2, 3, 4), 0.5, 2, axis=(2, 0)),
        call([1, 2, 4, 8, 5], KNOTS),
        call(complexes(4), axis=-1),
    ],
    "interp": [
        call(AT, KNOTS, floats(5)),
        call(floats(), KNOTS, complexes(5)),
        call(AT, KNOTS, [1, 2, 4, 3, 0], floats(), right=7.0),
        call(AT, KNOTS[::-1].copy(), floats(5), None, None, 3.7),
        call([-0.5, 1.0], KNOTS, floats(5), period=np.float64(-3.7)),
        call(AT, np.array([0.3]), floats(1)),
    ],
    "unwrap": [
        call(4 * floats(3, 4)),
        call(4 * floats(5), None, 0, period=3.1),
        call(4 * floats(3, 2), discont=4.0, axis=-2),
    ],
    "cumulative_sum": [
        call(floats(3)),
        call(X, axis=-1, include_initial=True),
        call(floats(), include_initial=True),
    ],
    "cumulative_prod": [
        call(holed(4)),
        call(X, axis=0, include_initial=True),
        call(floats(3), dtype=np.complex128),
    ],
    # --- convolution --------------------------------------------------------------------
    "convolve": [
        call(floats(4), floats(3)),
        call(floats(2), floats(5), "same"),
        call(complexes(4), floats(2), mode="valid"),
        call(floats(), floats(3)),
        call(floats(3), [1, 2], "same"),
        call([1, 2], floats(3), 2),
    ],
    "correlate": [
        call(floats(4), floats(3)),
        call(floats(2), floats(5), "same"),
        call(complexes(4), complexes(2), mode="full"),
        call(complexes(2), floats(4), "valid"),
        call(floats(3), [1, 2], "same"),
    ],
    # --- polynomials --------------------------------------------------------------------
    "polyval": [
        call(floats(3), floats(2, 3)),
        call(floats(3), 2),
        call([1, 2, 3], floats()),
        call(complexes(2), floats(2)),
    ],
    "polyadd": [call(floats(3), floats(2)), call([1, 2, 3, 4], floats(2)), call(floats(2), 1.5)],
    "polysub": [call(floats(2), floats(3)), call(floats(2), complexes(2))],
    "polymul": [call(floats(3), floats(2)), call(complexes(2), [2, 1]), call(floats(2), 3.0)],
    "polydiv": [
        call(floats(4), positive(2)),
        call(floats(2), positive(3)),
        call([1, 2, 3], positive(2)),
        call(complexes(3), complexes(2)),
    ],
    "polyder": [call(floats(4)), call(floats(4), 2), call(complexes(3), m=0), call(floats(2), 3)],
    "polyint": [
        call(floats(3)),
        call(floats(3), 2, floats()),
        call(floats(2), m=2, k=floats(2)),
        call(floats(2), 0),
    ],
    "roots": [
        call(np.array([1.0, -3.2, 2.1, 0.4])),
        call(np.array([2.0, 1.0, 3.5])),
        call(np.array([1.0, 2.0, 5.0, 0.0])),
        call(np.array([3.0])),
    ],
    "poly": [
        call(floats(3)),
        call(np.array([1.0, 1.0, 2.0])),
        call(complexes(2)),
        call(floats(3, 3)),
        call(np.eye(2)),
        call(complexes(2, 2)),
    ],
    "vander": [call(floats(3)), call(np.array([0.0, 1.5]), 4), call(complexes(2), 3, True)],
    # --- products -----------------------------------------------------------------------
    "kron": [
        call(X, floats(2)),
        call(floats(3), floats(2, 2)),
        call(floats(), X),
        call(complexes(2), floats(2, 1, 2)),
        call([[1, 2]], floats(2, 2)),
        call(floats(0, 2), floats(2)),
    ],
    "cross": [
        call(floats(3), floats(3)),
        call(floats(2, 3), floats(3)),
        call(floats(3, 2), floats(2, 3), 0),
        call(floats(4, 1, 3), floats(2, 3), axisc=0),
        call(complexes(3, 2), [[1, 2]] * 3, axis=0),
    ],
    # --- choosing -----------------------------------------------------------------------
    "select": [
        call([mask(3), mask(3)], [floats(3), floats(3)]),
        call([mask(3), mask(2, 1)], [floats(3), 2], floats()),
        call([mask(3)], [floats(2, 3)], floats(3)),
        call([mask(2)], [floats()], 1j),
    ],
    "choose": [
        call([0, 1, 1], [floats(3), floats(3)]),
        call(np.array([[0], [1]]), [floats(3), 2.5]),
        call([2, -1, 0], floats(2, 3), mode="wrap"),
        call(1, [floats(2), complexes(2)]),
        call([5, -5], (floats(2), floats(2)), None, "clip"),
    ],
    "nan_to_num": [
        call(floats(3)),
        call(np.array([1.5, np.nan, -np.inf]), nan=1.0, posinf=2.0, neginf=np.float64(0.5)),
        call(np.array([1.5, np.nan, np.nan]), True, floats(3), neginf=-1.0),
        call(np.array([1.5, complex(np.nan, 2.0)]), True, floats()),
        call(np.array([1.5, np.inf]), posinf=[1, 2], neginf=0),
    ],
    "real_if_close": [call(floats(2)), call(complexes(2))],
    # --- functions of the user's --------------------------------------------------------
    "apply_along_axis": [
        call(np.sort, 0, X),
        call(np.sum, -1, X),
        call(lambda row, k, shift=0.0: np.outer(row, row) * k + shift, 1, X, 2.0, shift=0.5),
        call(np.prod, 0, floats(3)),
    ],
    "apply_over_axes": [
        call(np.sum, floats(2, 3, 4), [0, -1]),
        call(lambda x, axis: np.max(x, axis, keepdims=True), X, 1),
    ],
    "piecewise": [
        call(X, [mask(2, 3)], [np.sin, np.cos]),
        call(floats(3), mask(3), [lambda x, k: k * x, floats()], 3.0),
        call(X, [mask(2, 3), mask(2, 3)], [lambda x: x * x, lambda x: np.sum(x) * x]),
        call(floats(), [True], [np.exp]),
        call(X, [np.array([True, False])], [np.exp, 2.5]),
    ],
}
