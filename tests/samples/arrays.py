"""Samples of making, padding, cutting and rearranging arrays, and ufunc methods."""

from __future__ import annotations

import numpy as np

from autograd.engine.dispatch import UFUNC_METHODS
from tests.samples.draw import Sample, call, floats, positive, start

start(__name__)


def samples_of_method(ufunc: np.ufunc, method: str) -> list[Sample]:
    """A few calls of a ufunc's method; `tests/rules/test_ufunc_methods.py` has more."""
    if ufunc is np.ldexp:
        return [call(floats(2, 3), np.array([1, -2]))]
    return {
        "reduce": [call(positive(3, 2)), call(positive(2, 3), axis=0, keepdims=True)],
        "accumulate": [call(positive(3, 2)), call(positive(2, 3), axis=0)],
        "reduceat": [call(positive(4, 2), [0, 2])],
        "outer": [call(positive(2), floats(3, low=3, high=5)), call(positive(2, 2), 2.73)],
    }[method]


ROWS: dict[str, list[Sample]] = {}
CALLS: dict[str, list[Sample]] = {
    f"{ufunc.__name__}.{method}": samples_of_method(ufunc, method)
    for ufunc, method in UFUNC_METHODS
}
