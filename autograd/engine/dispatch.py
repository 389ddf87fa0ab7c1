"""How NumPy hands its own functions over to the rule table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from autograd.engine.node import Node, Writable
from autograd.engine.primitive import TABLE
from autograd.engine.ufunc_options import call_with_options

COMPOSITES: Final[dict[Callable[..., Any], Callable[..., Any]]] = {}
"""NumPy functions that are put together from rows of the table, or adapt their arguments to one."""

NONDIFFERENTIABLE: Final[set[Callable[..., Any]]] = set()
"""NumPy functions whose output has no derivative (shapes, indices, bools): run on the data."""

REFUSED: Final[dict[Callable[..., Any], str]] = {}
"""NumPy functions that would lose the gradient of a Value, and what to do instead."""

FOREIGN_TWINS: Final = {
    "erf": "autograd.erf(v)",
    "erfc": "1 - autograd.erf(v)",
    "ndtr": "(1 + autograd.erf(v / np.sqrt(2))) / 2",
    "expit": "autograd.sigmoid(v)",
    "log_expit": "-autograd.softplus(-v)",
    "logit": "np.log(v) - np.log1p(-v)",
    "xlogy": "np.where(x == 0, 0, x * np.log(v))",
    "xlog1py": "np.where(x == 0, 0, x * np.log1p(v))",
    "entr": "np.where(v == 0, 0, -v * np.log(v))",
    "exp10": "10**v",
}
"""What to write in place of ufuncs of SciPy, by their names."""

UFUNC_METHODS: Final[dict[tuple[np.ufunc, str], Callable[..., Any]]] = {}
"""Ufunc methods with a differentiable twin, such as np.add.reduce."""

PUBLIC: Final = {np._core.umath.clip: np.clip}  # type: ignore[attr-defined]
"""NumPy functions of which only an inner ufunc is seen: `array.clip(low, high)`."""


def implements(
    *functions: Callable[..., Any],
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function as what these NumPy functions do with Values."""

    def register(composite: Callable[..., Any]) -> Callable[..., Any]:
        for function in functions:
            COMPOSITES[function] = composite
        return composite

    return register


def call_ufunc(
    ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """`np.tanh(v)`, `array * v`, `np.add.reduce(v)`."""
    out = kwargs.pop("out", ())
    if any(isinstance(x, Writable) for x in (*inputs, *out)):
        return NotImplemented  # that array is asked next, and says what it holds
    if method == "at":
        raise TypeError(
            f"np.{ufunc.__name__}.at changes its first argument in place, and the gradient of a "
            "Value would be lost: for sums use array + np.bincount(indices, weights=v, "
            f"minlength=len(array)), else np.where(mask, np.{ufunc.__name__}(...), v)"
        )
    if any(isinstance(x, Node) or (x is not None and not is_plain(ufunc)) for x in out):
        raise TypeError(
            f"np.{ufunc.__name__}(..., out=...) would write a Value into an array and lose its "
            "gradient (so does array += v): use the returned Value (array = array + v), or an "
            "array of `import autograd.numpy as np`, into which Values can be written"
        )
    if is_plain(ufunc):
        options = {**kwargs, "out": out} if out else kwargs
        return getattr(ufunc, method)(*plain(inputs), **plain(options))
    if method != "__call__":
        if (ufunc, method) in UFUNC_METHODS:
            return UFUNC_METHODS[ufunc, method](*inputs, **kwargs)
        with np.errstate(all="ignore"):
            getattr(ufunc, method)(*plain(inputs), **plain(kwargs))  # the error is NumPy's
        raise no_rule(f"{name_of(ufunc)}.{method}")
    if kwargs.pop("where", True) is not True:
        raise TypeError(
            f"np.{ufunc.__name__}(where=mask) leaves the other entries undefined: "
            f"use np.where(mask, np.{ufunc.__name__}(...), other)"
        )
    return (
        call_with_options(ufunc, inputs, kwargs, call_plainly)
        if kwargs
        else call_plainly(ufunc, inputs)
    )


def call_plainly(ufunc: np.ufunc, inputs: tuple[Any, ...]) -> Any:
    """A ufunc without options."""
    return call_function(PUBLIC.get(ufunc, ufunc), inputs, {})


def is_plain(ufunc: np.ufunc) -> bool:
    """Whether a ufunc runs on the data: its output has no derivative."""
    return ufunc in NONDIFFERENTIABLE


def call_function(
    func: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Any:
    """`np.sum(v, axis=0)`, `np.concatenate([v, w])`."""
    handler = COMPOSITES.get(func) or TABLE.get(func)
    if handler is not None:
        try:
            return handler(*args, **kwargs)
        except TypeError as error:
            again = getattr(error, "call_each", None)  # of arrays with a hidden axis
            if again is None:
                raise
            return again(func, args, kwargs, error)
    if func in NONDIFFERENTIABLE:
        if isinstance(kwargs.get("out"), Node):
            raise TypeError(f"{name_of(func)}(out=v) would change a Value in place: use the result")
        return func(*plain(args), **plain(kwargs))
    if func in REFUSED:
        raise TypeError(f"{name_of(func)} {REFUSED[func]}")
    raise no_rule(name_of(func), twin_of(func))


def name_of(func: Callable[..., Any]) -> str:
    """A function as its user writes it: np.sort, np.linalg.inv; a ufunc of another library has
    only its own name."""
    if isinstance(func, np.ufunc):
        known = getattr(np, func.__name__, None) is func
        return f"np.{func.__name__}" if known else f"the ufunc {func.__name__}"
    module = getattr(func, "__module__", None) or "numpy"
    return f"{module}.{func.__name__}".replace("numpy.", "np.", 1)


def twin_of(func: Callable[..., Any]) -> str:
    """What has a derivative and computes the same as a ufunc of another library; "" where nothing
    does."""
    if not isinstance(func, np.ufunc):
        return ""
    twin = getattr(np, func.__name__, None)
    if twin is not None and twin is not func and (twin in TABLE or twin in COMPOSITES):
        return f"np.{func.__name__}(v)"
    return FOREIGN_TWINS.get(func.__name__, "")


def no_rule(name: str, twin: str = "") -> TypeError:
    """The error for a function that is not in the table."""
    advice = f"use {twin}" if twin else "write it with functions that have one (docs/rules.md)"
    return TypeError(
        f"{name} has no derivative rule: {advice}, give it one of its own with "
        "autograd.extend.primitive and defvjp, or take v.data where no gradient is wanted"
    )


def plain(x: Any) -> Any:
    """Arguments with the data in place of every Value."""
    if isinstance(x, Node):
        return x.data
    if isinstance(x, tuple | list):
        return type(x)(plain(item) for item in x)
    if isinstance(x, dict):
        return {key: plain(item) for key, item in x.items()}
    return x
