"""Windows of signals, as functions of their shape.

The windows without a parameter are plain numbers, and NumPy's own functions make them.  `np.kaiser`
asks no argument for an implementation, so that a Value reaches this one only through
`autograd.numpy`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine.cotangents import unwrap
from autograd.rules.operands import operand


def kaiser(M: Any, beta: Any) -> Any:
    """`np.kaiser`, with beta a Value: I0(beta * sqrt(1 - t ** 2)) / I0(beta) at M places t from -1
    to 1.

    >>> from autograd import Value
    >>> kaiser(3, Value(0.0)).data
    array([1., 1., 1.])
    """
    beta = operand(beta)
    plain = np.kaiser(unwrap(M), unwrap(beta))
    if len(plain) < 2:
        return plain + 0 * beta
    middle = (unwrap(M) - 1) / 2
    t = (np.arange(len(plain)) - middle) / middle
    return np.i0(beta * np.sqrt(1 - t * t)) / np.i0(beta)
