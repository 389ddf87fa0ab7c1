"""The keywords that every ufunc takes: `dtype`, `casting`, `signature`, `order`, `axes`, ...

`ufunc(*inputs, **options)` is the same ufunc without options, of inputs that are cast and whose
axes are moved beforehand; what NumPy refuses is refused here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograd.engine.cotangents import stand_in, unwrap

CASTS: Final = ("dtype", "casting", "signature", "sig")
AXES: Final = ("axis", "axes", "keepdims")
Call = Callable[[np.ufunc, tuple[Any, ...]], Any]


def call_with_options(
    ufunc: np.ufunc, inputs: tuple[Any, ...], options: dict[str, Any], call: Call
) -> Any:
    """`call(ufunc, inputs)` with the options of `ufunc(*inputs, **options)`.

    Raises what NumPy raises, for an option that is not known or does not fit.
    """
    with np.errstate(all="ignore"):
        plain = ufunc(*[stand_in(x) for x in inputs], **options)
    if any(name in options for name in CASTS):
        inputs = cast_inputs(ufunc, inputs, options)
    if any(name in options for name in AXES):
        y = call_along_axes(ufunc, inputs, options, np.ndim(plain), call)
    else:
        y = call(ufunc, inputs)
    order = options.get("order", "K")
    return y if order == "K" or isinstance(y, tuple) else np.copy(y, order)


def cast_inputs(
    ufunc: np.ufunc, inputs: tuple[Any, ...], options: dict[str, Any]
) -> tuple[Any, ...]:
    """The inputs in the dtypes in which NumPy would compute."""
    resolution: dict[str, Any] = {"casting": options.get("casting", "same_kind")}
    if options.get("dtype") is not None:
        dtype = np.dtype(options["dtype"])
        resolution["signature"] = (None,) * ufunc.nin + (dtype,) * ufunc.nout
    elif "signature" in options or "sig" in options:
        resolution["signature"] = options.get("signature", options.get("sig"))
    arrays = [unwrap(x) for x in inputs]
    given = [type(x) if type(x) in (int, float, complex) else np.result_type(x) for x in arrays]
    resolve: Any = ufunc.resolve_dtypes
    dtypes = resolve((*given, *(None,) * ufunc.nout), **resolution)
    return tuple(
        [
            x if np.result_type(unwrap(x)) == dtype else cast(x, dtype)
            for x, dtype in zip(inputs, dtypes, strict=False)
        ]
    )


def cast(x: Any, dtype: Any) -> Any:
    """x in another dtype; TypeError for a Value that would become an integer."""
    return x.astype(dtype) if hasattr(x, "astype") else np.asarray(x, dtype)[()]


def call_along_axes(
    ufunc: np.ufunc, inputs: tuple[Any, ...], options: dict[str, Any], ndim: int, call: Call
) -> Any:
    """A ufunc with core dimensions (np.matmul, np.vecdot, ...) along other axes than the last."""
    keepdims = bool(options.get("keepdims", False))
    axes = options.get("axes")
    if axes is None:
        axis = options.get("axis", -1)
        axes = [axis] * len(inputs) + ([axis] if keepdims else [()])
    axes = [a if isinstance(a, tuple) else (a,) for a in axes]
    if len(axes) == len(inputs):  # the output has no core dimensions: its entry may be left out
        axes.append((-1,) if keepdims else ())
    moved = [to_the_end(x, axis) for x, axis in zip(inputs, axes[:-1], strict=True)]
    y = call(ufunc, tuple(moved))
    if keepdims:
        return np.expand_dims(y, axes[-1])
    return np.moveaxis(y, range(-len(axes[-1]), 0), axes[-1]) if ndim and axes[-1] else y


def to_the_end(x: Any, axes: tuple[int, ...]) -> Any:
    """x with these axes last, in this order."""
    return np.moveaxis(x, axes, range(-len(axes), 0)) if np.ndim(unwrap(x)) else x
