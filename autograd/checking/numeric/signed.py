"""Random vectors in which no entry hides and no two cancel."""

from __future__ import annotations

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.numeric.probe import Floats


def signed_vector(rng: np.random.Generator, size: int) -> Floats:
    """Random signs times sizes in [0.5, 1.5], (size,): cotangents and directions."""
    signs = 2.0 * rng.integers(0, 2, size) - 1.0  # `choice` takes five times as long
    return np.asarray(signs * rng.uniform(limit.VECTOR_LEAST, limit.VECTOR_MOST, size))


def signed_weights(rng: np.random.Generator, *shape: int) -> Floats:
    """Random signs times sizes in [0.6, 1]: weights of projections, and directions that stay within
    the scales."""
    signs = 2.0 * rng.integers(0, 2, shape) - 1.0
    return np.asarray(signs * rng.uniform(limit.WEIGHT_LEAST, limit.WEIGHT_MOST, shape))
