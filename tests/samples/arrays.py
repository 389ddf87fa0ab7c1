"""Samples of making, padding, cutting and rearranging arrays, and ufunc methods."""

from __future__ import annotations

import numpy as np

from autograd.engine.dispatch import UFUNC_METHODS
from tests.samples.draw import Sample, call, complexes, floats, positive, start

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
    **{
        f"{ufunc.__name__}.{method}": samples_of_method(ufunc, method)
        for ufunc, method in UFUNC_METHODS
    },
    "pad": [
        call(floats(2, 3), 1),
        call(floats(2, 3), ((1, 2), (0, 1)), "edge"),
        call(floats(2, 3), (3, 4), mode="reflect"),
        call(floats(2, 3), (3, 4), mode="symmetric", reflect_type="odd"),
        call(floats(4), 6, "wrap"),
        call(floats(2, 3), 2, "linear_ramp", end_values=(0.3, -0.4)),
        call(floats(5), 2, "mean", stat_length=3),
        call(floats(5), 2, "maximum", stat_length=(2, 4)),
        call(floats(2, 3), {0: 1}, "minimum"),
        call(floats(2), 1, constant_values=0.7),
    ],
    "insert": [
        call(floats(4), 1, floats()),
        call(floats(4), [0, 3, 3], floats(3)),
        call(floats(2, 3), 1, floats(2), axis=1),
        call(floats(2, 3), [1], floats(2, 1), axis=-1),
        call(floats(2, 3), slice(0, 2), floats(3), 0),
    ],
    "delete": [
        call(floats(2, 3), 1),
        call(floats(2, 3), [0, -1], axis=1),
        call(floats(4), slice(None, None, 2)),
    ],
    "ix_": [call(floats(2), floats(3)), call(floats(2), [1, 0, 2]), call([True, False], floats(2))],
    "lib.stride_tricks.sliding_window_view": [
        call(floats(5), 3),
        call(floats(3, 4), (2, 2)),
        call(floats(3, 4), 2, axis=-1),
        call(floats(3, 4), (1, 2), (1, 0)),
    ],
    "resize": [call(floats(2, 3), (2, 5)), call(floats(2, 3), 2), call(floats(), (2, 2))],
    "meshgrid": [
        call(floats(2), floats(3)),
        call(floats(2), floats(3), floats(2), indexing="ij"),
        call(floats(2), floats(3), sparse=True),
    ],
    "linspace": [
        call(floats(), floats(), 5),
        call(floats(2, 3), floats(3), 3, axis=-1),
        call(floats(), 3, 4, endpoint=False),
        call(floats(2), floats(2), 4, retstep=True),
    ],
    "logspace": [
        call(floats(), floats(), 4),
        call(floats(2), floats(2), 3, base=positive(2)),
        call(0, floats(), 4, False, positive()),
    ],
    "geomspace": [
        call(positive(), positive(), 4),
        call(positive(2), positive(2), 3, axis=1),
        call(complexes(), complexes(), 3),
    ],
}
