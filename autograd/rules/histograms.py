"""Counting in bins.

Which bin an entry falls into changes in steps: counts are plain integers.  The sum of weights in a
bin is linear in the weights, and bins that are spread between the extreme entries move with these:
weights and edges have derivatives, and so has a density.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine.cotangents import unwrap
from autograd.engine.dispatch import implements, plain
from autograd.engine.indexing import ARRAY
from autograd.rules.indexing import scatter
from autograd.rules.operands import cast, is_value, operand
from autograd.rules.shape import atleast_2d, ravel

numpy: Any = np  # NumPy's stubs do not know what may be a bin


@implements(np.bincount)
def bincount(x: Any, /, weights: Any = None, minlength: int = 0) -> Any:
    """`np.bincount`: plain counts, or the sums of the weights in each bin."""
    weights = None if weights is None else operand(weights)
    found = numpy.bincount(plain(x), unwrap(weights), minlength)
    if weights is None or not is_value(weights):
        return found
    places = np.asarray(plain(x)).astype(np.intp)
    return sums_at(cast(weights, np.dtype(float)), (places,), found.shape)


def sums_at(weights: Any, places: tuple[Any, ...], shape: tuple[int, ...]) -> Any:
    """The sums of weights at each of some plain places."""
    return scatter(weights, *places, index=(ARRAY,) * len(places), shape=shape, unique=False)


# --- edges ----------------------------------------------------------------------------------------
def moving_edges(a: Any, bins: Any, span: Any, edges: Any) -> Any:
    """The edges that NumPy found, as a function of what they depend on: of bins given as a Value,
    of the two ends given as `span`, or of the extreme entries."""
    if np.ndim(plain(bins)):
        return operand(bins)
    if span is not None:
        low, high = span
    elif not is_value(a) or not a.size:
        return edges
    else:
        low, high = np.min(a), np.max(a)
    if not (is_value(low) or is_value(high)):
        return edges
    share = np.arange(len(edges)) / (len(edges) - 1)
    moving = cast(low + (high - low) * share, edges.dtype)
    return moving + (edges - unwrap(moving))  # NumPy's own, half a unit off where low is high


@implements(np.histogram_bin_edges)
def histogram_bin_edges(a: Any, bins: Any = 10, range: Any = None, weights: Any = None) -> Any:
    """`np.histogram_bin_edges`: they move with the extreme entries where no range is given."""
    a = operand(a)
    edges = numpy.histogram_bin_edges(unwrap(a), plain(bins), plain(range), plain(weights))
    return moving_edges(a, bins, range, edges)


# --- histograms -----------------------------------------------------------------------------------
@implements(np.histogram)
def histogram(
    a: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None
) -> Any:
    """`np.histogram`: plain counts, or the sums of Values as weights; edges as in
    `histogram_bin_edges`."""
    a, weights = operand(a), None if weights is None else operand(weights)
    data = unwrap(a)
    sums, found = numpy.histogram(data, plain(bins), plain(range), None, unwrap(weights))
    edges = moving_edges(a, bins, range, found)
    if weights is not None and is_value(weights):
        data = np.ravel(data)
        inside = np.flatnonzero((data >= found[0]) & (data <= found[-1]))
        places = np.searchsorted(found, data[inside], "right") - 1
        places = np.minimum(places, len(found) - 2)
        sums = sums_at(ravel(weights)[inside], (places,), sums.shape)
    if density:
        sums = sums / cast(np.diff(edges), np.dtype(float)) / np.sum(sums)
    return sums, edges


@implements(np.histogram2d)
def histogram2d(
    x: Any,
    y: Any,
    bins: Any = 10,
    range: Any = None,
    density: Any = None,
    weights: Any = None,
) -> Any:
    """`np.histogram2d`, as `histogramdd` of two columns."""
    x, y = operand(x), operand(y)
    if len(x) != len(y):
        raise ValueError(f"np.histogram2d: {len(x)} x and {len(y)} y")
    if not is_number(bins) and len(bins) not in (1, 2):
        bins = [operand(bins)] * 2
    sums, edges = histogramdd([x, y], bins, range, density, weights)
    return sums, edges[0], edges[1]


def is_number(bins: Any) -> bool:
    """Whether bins are given as their number, the same for each axis."""
    return np.isscalar(bins) or getattr(bins, "ndim", 1) == 0


@implements(np.histogramdd)
def histogramdd(
    sample: Any,
    bins: Any = 10,
    range: Any = None,
    density: Any = None,
    weights: Any = None,
) -> Any:
    """`np.histogramdd`: counts, or the sums of Values as weights, in boxes; edges as in
    `histogram_bin_edges`."""
    sample, listed = operand(sample), not hasattr(sample, "shape")
    if listed or sample.ndim != 2:
        sample = atleast_2d(sample).T
    weights = None if weights is None else operand(weights)
    data = unwrap(sample)
    sums, found = numpy.histogramdd(data, plain(bins), plain(range), None, unwrap(weights))
    columns = [sample[:, i] for i, _ in enumerate(found)]
    each = [bins] * len(found) if is_number(bins) else bins
    spans = [None] * len(found) if range is None else range
    edges = list(map(moving_edges, columns, each, spans, found))
    if weights is not None and is_value(weights):
        places = [
            np.searchsorted(e, x, "right") for e, x in zip(found, np.transpose(data), strict=True)
        ]
        for place, e, x in zip(places, found, np.transpose(data), strict=True):
            place[x == e[-1]] -= 1
        inside = [(p > 0) & (p < len(e)) for p, e in zip(places, found, strict=True)]
        kept = np.flatnonzero(np.logical_and.reduce(inside))
        boxes = tuple(place[kept] - 1 for place in places)
        sums = sums_at(cast(ravel(weights)[kept], sums.dtype), boxes, sums.shape)
    if density:
        total = np.sum(sums)
        for i, e in enumerate(edges):
            lengths = np.reshape(np.diff(e), [-1 if i == j else 1 for j in np.arange(len(edges))])
            sums = sums / lengths
        sums = sums / total
    return sums, edges
