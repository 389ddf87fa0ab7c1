"""Calls to try NumPy's functions with: those that the library composes from rows of its table.

The key is the name of the function, or "add.reduce" for the method of a ufunc; every entry of
`COMPOSITES` and `UFUNC_METHODS` in `autograd.engine.dispatch` needs one
(`tests/rules/test_numpy_calls.py`).
"""

from __future__ import annotations

import numpy as np

from tests.samples import Sample, call, complexes, floats, holed, mask, positive

X = floats(2, 3)
REDUCTIONS = [
    call(floats(2, 3)),
    call(floats(2, 3), axis=0),
    call(floats(2, 3), axis=-1, keepdims=True),
    call(floats(2, 3, 4), axis=(0, -1)),
    call(floats(2, 3, 4), axis=(1, 0), keepdims=True),
    call(floats(2, 3), axis=()),
    call(floats(), axis=None),
    call(floats(), keepdims=True),
    call(floats(3, 0, 2), axis=0),
    call(floats(2, 3), 1),
]
MASKED = [
    call(floats(2, 3), where=mask(2, 3)),
    call(floats(2, 3), axis=1, where=np.array([True, False, True])),
    call(floats(2, 3), axis=0, keepdims=True, where=mask(2, 1)),
    call(floats(2, 3), where=True),
    call(floats(2, 3), keepdims=np._NoValue, where=np._NoValue),
]
STARTED = [call(floats(2, 3), initial=3.3), call(floats(2, 3), axis=0, initial=-0.2)]
NOTHING = [call(floats(0, 3), axis=0), call(floats(0)), call(floats(2, 0), axis=-1)]
MASKED_STARTED = [call(floats(2, 3), axis=1, where=mask(2, 3), initial=0.25)]
SPREADS = [
    *REDUCTIONS[:5],
    call(floats(2, 3), ddof=1),
    call(floats(2, 3), axis=1, ddof=0.5),
    call(floats(2, 3), axis=0, correction=1),
    call(floats(2, 3), axis=0, mean=np.array([[0.1, 0.2, 0.3]])),
    call(complexes(2, 3), axis=0),
    call(floats(4, 3), axis=0, where=np.array([[True], [False], [True], [True]])),
    call(floats(3), dtype=np.float64),
    call(floats(2, 3), 1, keepdims=True),
]
EXTREMA = [
    *REDUCTIONS[:8],
    *STARTED,
    call(floats(2, 3), where=mask(2, 3), initial=0.3),
    call(floats(2, 3), axis=1, where=mask(2, 3), initial=-5.0),
]

NUMPY_CALLS: dict[str, list[Sample]] = {
    # --- reductions ---------------------------------------------------------------------
    "sum": [
        *REDUCTIONS,
        *MASKED,
        *STARTED,
        *NOTHING,
        *MASKED_STARTED,
        call(floats(3), dtype=np.float64),
        call(floats(3), dtype=np.complex128),
    ],
    "prod": [
        *REDUCTIONS,
        *MASKED,
        *STARTED,
        *NOTHING,
        *MASKED_STARTED,
        call(holed(2, 3), axis=1, where=mask(2, 3)),
        call(holed(4), initial=2.0),
        call(floats(3), dtype=np.float64),
    ],
    "max": EXTREMA,
    "amax": [call(floats(2, 3), axis=0)],
    "min": EXTREMA,
    "amin": [call(floats(2, 3), axis=0)],
    "mean": [
        *REDUCTIONS,
        *MASKED,
        call(floats(3), dtype=np.float64),
        call(complexes(2, 3), axis=1),
    ],
    "var": SPREADS,
    "std": [*SPREADS[:3], *SPREADS[5:]],
    "ptp": [call(floats(2, 3)), call(floats(2, 3), axis=1, keepdims=True)],
    "cumsum": [
        call(floats(2, 3)),
        call(floats(2, 3), axis=-1),
        call(floats(0)),
        call(floats(), axis=0),
    ],
    "cumprod": [call(holed(2, 3)), call(floats(2, 3), axis=0), call(floats(2), dtype=np.float64)],
    "diff": [
        call(floats(4)),
        call(floats(3, 4), n=2, axis=0),
        call(floats(3), n=0),
        call(floats(3), prepend=0.25, append=floats(2)),
        call(floats(2), n=3),
    ],
    "add.reduce": [call(floats(2, 3)), call(floats(2, 3), axis=None), call(floats(2, 3), 1)],
    "multiply.reduce": [call(floats(2, 3)), call(floats(2, 3), axis=(0, 1), keepdims=True)],
    "maximum.reduce": [call(floats(2, 3)), call(floats(2, 3), axis=-1)],
    "minimum.reduce": [call(floats(2, 3)), call(floats(2, 3), axis=1, initial=0.2)],
    "add.accumulate": [call(floats(2, 3)), call(floats(2, 3), axis=1)],
    "multiply.accumulate": [call(floats(2, 3)), call(holed(4))],
    # --- choosing and arithmetic --------------------------------------------------------
    "where": [call(mask(2, 3), floats(3), floats(2, 1)), call(mask(3), floats(3), 0)],
    "clip": [
        call(floats(2, 3), -1.1, 0.7),
        call(floats(2, 3), None, floats(3)),
        call(floats(2, 3), a_min=-0.3, a_max=None),
        call(floats(2, 3), min=-0.7),
    ],
    "nan_to_num": [call(floats(3)), call(floats(3), nan=1.0, posinf=2.0)],
    "select": [
        call([mask(3), mask(3)], [floats(3), floats(3)]),
        call([mask(3), mask(3)], [floats(3), floats(3)], 0.25),
        call([mask(3)], [floats(2, 3)], floats(3)),
    ],
    "sign": [call(floats(3)), call(complexes(3))],
    "around": [call(floats(3)), call(np.array([0.12, -1.37, 1.73]), 1)],
    "angle": [call(complexes(3)), call(complexes(3), True), call(complexes(3), deg=False)],
    "round": [call(floats(3)), call(np.array([0.12, -1.37, 1.73]), decimals=1)],
    "divmod": [call(floats(3), positive(3)), call(floats(2, 1), 0.7), call(2.3, positive(2))],
    "modf": [call(floats(3))],
    "frexp": [call(floats(3))],
    "float_power": [call(positive(3), floats(3)), call(positive(3), 2)],
    # --- shape --------------------------------------------------------------------------
    "reshape": [
        call(X, (3, 2)),
        call(X, -1),
        call(X, (3, 2), order="F"),
        call(X, shape=(6,)),
        call(X, [1, 6]),
        call(floats(0, 2), (2, 0, 5)),
    ],
    "ravel": [call(X), call(X, "F"), call(floats())],
    "transpose": [
        call(X),
        call(floats(2, 3, 4), (2, 0, 1)),
        call(floats(2, 3, 4), axes=[-1, 0, 1]),
    ],
    "swapaxes": [call(floats(2, 3, 4), 0, -1)],
    "moveaxis": [call(floats(2, 3, 4), 0, -1), call(floats(2, 3, 4), [0, 1], [2, 0])],
    "rollaxis": [call(floats(2, 3, 4), 2), call(floats(2, 3, 4), 0, 3)],
    "expand_dims": [call(X, 0), call(X, (0, -1)), call(floats(), 0)],
    "squeeze": [
        call(floats(1, 2, 1)),
        call(floats(1, 2, 1), axis=0),
        call(floats(1, 1), axis=(0, -1)),
    ],
    "broadcast_to": [call(floats(3), (2, 3)), call(floats(2, 1), shape=(2, 2)), call(floats(1), 3)],
    "broadcast_arrays": [call(floats(3), floats(2, 1)), call(floats(2))],
    "atleast_1d": [call(floats()), call(floats(2)), call(floats(), floats(2))],
    "atleast_2d": [call(floats()), call(floats(2)), call(floats(2, 1, 2))],
    "atleast_3d": [call(floats()), call(floats(2)), call(floats(2, 3)), call(floats(2), floats())],
    "flip": [call(X), call(X, 0), call(X, axis=(0, -1))],
    "fliplr": [call(X)],
    "flipud": [call(X), call(floats(3))],
    "rot90": [call(X, k) for k in (-1, 0, 1, 2, 3, 5)] + [call(floats(2, 3, 4), 1, (1, 2))],
    "roll": [call(X, 1), call(X, -2, axis=1), call(X, (1, 1), (0, 1)), call(X, 1, axis=(0, 1))],
    "copy": [call(X), call(X, order="F")],
    "astype": [call(X, np.complex128), call(X, float, copy=False)],
    "repeat": [
        call(X, 2),
        call(X, 2, axis=1),
        call(X, [1, 0, 2], axis=1),
        call(X, np.array([2]), axis=0),
        call(floats(), 3),
    ],
    "tile": [
        call(X, 2),
        call(X, (2, 1)),
        call(floats(2), (2, 1, 2)),
        call(floats(2, 1, 2), (2,)),
        call(X, 0),
    ],
    "tril": [call(floats(3, 3)), call(floats(2, 3), k=1), call(floats(3))],
    "triu": [call(floats(3, 3)), call(floats(2, 3), -1)],
    "full_like": [
        call(X, floats()),
        call(X, floats(), None, "C", True, (2, 2)),
        call(X, floats(), shape=4),
        call(X, floats(3)),
    ],
    # --- indexing -----------------------------------------------------------------------
    "take": [
        call(X, [0, 5, 5]),
        call(X, np.array([[2, 0], [1, 1]]), axis=1),
        call(X, 1, axis=0),
        call(X, [-1, 7], axis=1, mode="wrap"),
        call(X, [-1, 7], axis=1, mode="clip"),
        call(X, [], axis=0),
        call(X, [True, False], axis=1),
        call(X, np.uint8([1, 0]), axis=0),
    ],
    "take_along_axis": [
        call(X, np.array([[2, 0], [1, 1]]), axis=1),
        call(X, np.array([[1, 0, 1]]), 0),
        call(X, np.array([3, 3, 0]), None),
        call(floats(2, 3, 2), np.array([[[0], [2]]]), 1),
    ],
    "bincount": [call(np.array([0, 2, 2]), floats(3)), call(np.array([0, 1]), floats(2), 4)],
    "compress": [call([True, False, True], X, axis=1), call([True, True], X), call([1, 0], X, 0)],
    "extract": [call(mask(2, 3), X)],
    "diagonal": [
        call(floats(3, 4)),
        call(floats(3, 4), 1),
        call(floats(3, 4), -1),
        call(floats(2, 3, 4), 0, 2, 1),
        call(floats(3, 4), 7),
    ],
    "diag": [call(floats(3)), call(floats(3), -1), call(floats(3, 4), k=1), call(floats(2), 2)],
    "diagflat": [call(X), call(floats(2), 1)],
    "trace": [call(floats(3, 4)), call(floats(3, 4), -1), call(floats(2, 3, 4), 1, 1, 2)],
    # --- joining ------------------------------------------------------------------------
    "concatenate": [
        call([floats(2), floats(3)]),
        call((floats(2, 3), floats(2, 1)), axis=1),
        call([floats(2, 3), floats(2)], axis=None),
        call([floats(2), np.array([1, 2])]),
        call([floats(2), floats(2)], dtype=np.complex128),
    ],
    "stack": [
        call([floats(2), floats(2)]),
        call([floats(2, 3), floats(2, 3)], axis=-1),
        call([floats(), 1.5, 2]),
        call((floats(2, 3), floats(2, 3)), 1),
    ],
    "vstack": [
        call([floats(2), floats(2)]),
        call([floats(2, 3), floats(3)]),
        call([floats(), 1.0]),
    ],
    "hstack": [
        call([floats(2), floats(3)]),
        call([floats(2, 3), floats(2, 1)]),
        call([floats(), 2]),
    ],
    "dstack": [call([floats(2), floats(2)]), call([floats(2, 3), floats(2, 3)])],
    "column_stack": [call([floats(2), floats(2)]), call([floats(2, 3), floats(2)])],
    "append": [call(floats(2), 0.7), call(X, floats(1, 3), axis=0), call(X, floats(2))],
    "block": [
        call([floats(2), floats(3)]),
        call([[floats(2, 3), floats(2, 1)], [floats(1, 2), floats(1, 2)]]),
        call([[floats(), 2.0], [0, 1.0]]),
        call(floats(2)),
    ],
    "array_split": [call(floats(7), 3), call(X, [1, 2], axis=1), call(X, 2), call(floats(3), 5)],
    "split": [call(floats(6), 3), call(X, [1], axis=-1), call(floats(4), [3, 1])],
    "vsplit": [call(floats(4, 2), 2)],
    "hsplit": [call(floats(4), 2), call(floats(2, 4), [1, 3])],
    "dsplit": [call(floats(2, 1, 4), 2)],
    "unstack": [call(X), call(X, axis=-1)],
    # --- products -----------------------------------------------------------------------
    "dot": [
        call(floats(3), floats(3)),
        call(floats(2, 3), floats(3, 2)),
        call(floats(2, 3), floats(3)),
        call(floats(2), 0.5),
        call(2.0, floats(2, 2)),
        call(floats(2, 2, 3), floats(3)),
        call(floats(2, 3), floats(2, 3, 2)),
        call(floats(3), floats(2, 3, 2)),
    ],
    "vdot": [
        call(floats(2, 3), floats(2, 3)),
        call(complexes(3), complexes(3)),
        call(floats(3), complexes(3)),
    ],
    "vecdot": [call(floats(2, 3), floats(3)), call(complexes(3), complexes(2, 3))],
    "matvec": [call(floats(2, 3), floats(3)), call(floats(2, 3), floats(4, 3))],
    "vecmat": [call(floats(2), floats(2, 3)), call(complexes(4, 2), complexes(2, 3))],
    "inner": [
        call(floats(3), floats(3)),
        call(floats(2, 3), floats(4, 3)),
        call(floats(2), 0.4),
    ],
    "outer": [call(floats(2), floats(3)), call(floats(2, 2), 0.3)],
    "tensordot": [
        call(floats(2, 3), floats(2, 3)),
        call(floats(2, 3), floats(3, 4), 1),
        call(floats(2), floats(3), axes=0),
        call(floats(2, 3, 4), floats(4, 3, 2), axes=([1, 0], [1, -1])),
        call(floats(2, 3), floats(3, 4), axes=(1, 0)),
    ],
    "einsum": [
        call("ij,jk", floats(2, 3), floats(3, 4)),
        call("...ja,...ab", floats(2, 2, 3), floats(3, 4)),
        call("i...->...", floats(2, 3)),
        call("...i , ...i", floats(2, 3), floats(3)),
        call("ii", floats(3, 3)),
        call("ij,j->i", floats(2, 3), floats(3), optimize=True),
        call(floats(2, 3), [0, 1], floats(3, 4), [1, 2]),
        call(floats(2, 3), [Ellipsis, 0], [0, Ellipsis]),
        call("i,i->", floats(3), np.array([1, 2, 3])),
        call("ij,jk,kl,lm->im", floats(2, 2), floats(2, 3), floats(3, 2), floats(2, 1)),
        call("...,...->...", floats(2, 1, 3), floats(2, 1)),
    ],
}
