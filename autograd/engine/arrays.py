"""What the engine asks of an array that need not be NumPy's.

Its `shape dtype ndim size`, and nothing about its entries.  A decision that entries would have to
make goes through `usually`, so that arrays without entries (lazy ones, recording ones, batches) can
answer in their own way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np


class HiddenAxes(NamedTuple):
    """What walks ask of arrays with hidden axes.

    match     `match(c, primal)`: a contribution with the hidden axes of what it belongs to
    may_stay  `may_stay(g, v)`: TypeError where a node cannot keep a gradient with a hidden axis
    shown     `shown(x)`: the same entries in an array without hidden axes
    """

    match: Callable[[Any, Any], Any]
    may_stay: Callable[[Any, Any], None]
    shown: Callable[[Any], Any]


HIDDEN_AXES: Final[dict[type, HiddenAxes]] = {}
"""By the classes of arrays that have hidden axes; empty until `vmap` is used."""


def is_foreign(x: Any) -> bool:
    """Whether x is an array of another library than NumPy."""
    return hasattr(x, "__array_function__") and not isinstance(x, np.ndarray)


def any_foreign(arrays: Sequence[Any]) -> bool:
    """Whether one of several arrays is of another library."""
    for x in arrays:  # noqa: SIM110 (a generator costs three times as much)
        if type(x) is not np.ndarray and is_foreign(x):
            return True
    return False


def can_decide(x: Any) -> bool:
    """Whether a condition on the entries of x can be answered: for numbers, NumPy's arrays, arrays
    on a device, and arrays with a `__usually__` of their own.  A lazy array is computed by nobody
    but the user: it cannot decide."""
    return not is_foreign(x) or hasattr(x, "__usually__") or hasattr(x, "__cuda_array_interface__")


def usually(condition: Any, unknown: bool = True) -> bool:
    """A condition that holds in nearly all calls and on which the engine decides what to compute.

    NumPy's arrays and those on a device answer with their bool.  An array with the method
    `__usually__` is asked: one that records writes a guard and says True, a batch says whether the
    condition holds for all examples.  Any other array is lazy and is not computed: `unknown`.

    >>> import numpy as np
    >>> usually(np.all(np.array([1.0, 2.0]) > 0))
    True
    """
    if type(condition) is np.bool_:
        return bool(condition)
    if hasattr(condition, "__usually__"):
        return bool(condition.__usually__())
    return bool(condition) if can_decide(condition) else unknown


def as_array(x: Any) -> Any:
    """A number or a sequence as a NumPy array; an array of any library as it is."""
    return x if hasattr(x, "shape") else np.asarray(x)


def shape_of(x: Any) -> tuple[int, ...]:
    """The shape of an array or a number."""
    shape: tuple[int, ...] = x.shape if hasattr(x, "shape") else np.shape(x)
    return shape


def ndim_of(x: Any) -> int:
    """The number of axes of an array or a number."""
    return len(shape_of(x))


def size_of(x: Any) -> int:
    """The number of entries of an array or a number."""
    return math.prod(shape_of(x))


def name_operation(error: Exception, name: str, args: Sequence[Any]) -> None:
    """Say in an error which operation was computed, where another library raised it."""
    kinds = sorted({f"{type(x).__module__}.{type(x).__name__}" for x in args if ndim_of(x)})
    if any_foreign(args):
        error.add_note(f"raised while computing {name} of {' and '.join(kinds)}")
