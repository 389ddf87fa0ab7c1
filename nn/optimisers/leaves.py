"""The leaves of trees of parameters: numbers, arrays of any library, Values."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Value, pytree


def gradients_like(structure: Any, gradients: Any, leaves: list[Any]) -> list[Any]:
    """The gradient of each leaf, checked: of its shape, or None."""
    try:
        slopes = pytree.leaves_like(structure, gradients)
    except ValueError as error:
        raise ValueError(f"gradients need the structure of the parameters: {error}") from error
    for i, (g, x) in enumerate(zip(slopes, leaves, strict=True)):
        if g is not None and np.shape(data_of(g)) != np.shape(data_of(x)):
            raise ValueError(
                f"the gradient of leaf {i} has shape {np.shape(data_of(g))}, the parameter "
                f"{np.shape(data_of(x))}"
            )
        if hasattr(x, "dtype") and x.dtype.kind not in "fc":
            raise TypeError(f"leaf {i} is of dtype {x.dtype}, not a parameter: use floats")
    return slopes


def zeros(x: Any) -> Any:
    """Zero in the type, shape and dtype of x."""
    if isinstance(x, float | complex | np.generic):
        return type(x)(0)
    return np.zeros_like(x)


def real_zeros(x: Any) -> Any:
    """Zero for abs(x)."""
    return zeros(abs(x)) if is_complex(x) else zeros(x)


def is_complex(g: Any) -> bool:
    """True for a complex number or array."""
    return type(g) is complex or (type(g) is not float and g.dtype.kind == "c")


def conjugate(g: Any) -> Any:
    """The direction of steepest ascent: for complex numbers the conjugate of the gradient."""
    return np.conjugate(g) if is_complex(g) else g


def data_of(x: Any) -> Any:
    """The data of a Value; a Python float for an int."""
    if isinstance(x, Value):
        return x.data
    return float(x) if type(x) is int else x


def copy_if_written(x: Any) -> Any:
    """An array that may be written into: a copy, where x can be written into at all."""
    if isinstance(x, Value | float | complex | np.generic) or not hasattr(x, "copy"):
        return x
    return x.copy()


def own_copy(x: Any) -> Any:
    """A copy of an array; numbers as they are."""
    return x.copy() if isinstance(x, np.ndarray) else x


def like_scalar(changed: Any, x: Any) -> Any:
    """A number in the type of x, which was one; anything else as it is."""
    if isinstance(x, float | complex | np.generic) and isinstance(
        changed, float | complex | np.generic
    ):
        kind: Any = type(x)
        return kind(changed)
    return changed


def rewrapped(changed: Any, p: Any) -> Any:
    """A new Value for a parameter that was one."""
    if not isinstance(p, Value):
        return changed
    v = Value(0.0, p.label)
    v.data = changed
    return v


def cast(c: tuple[Any, ...], x: Any) -> tuple[Any, ...]:
    """The coefficients; those that are arrays of another library in the real dtype of x, so that
    they promote nothing."""
    if all(type(number) in (float, int, bool) for number in c) or not hasattr(x, "dtype"):
        return c
    dtype = np.empty(0, x.dtype).real.dtype
    return tuple(n.astype(dtype) if hasattr(n, "astype") else n for n in c)
