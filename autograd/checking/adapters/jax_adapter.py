"""JAX: `custom_vjp`, `jit` and any function of JAX arrays."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from autograd import pytree
from autograd.checking.adapters.adapter import (
    Adapter,
    Called,
    Constant,
    in_double,
    is_floating,
    names_for,
    plain_name,
)


class JaxAdapter(Adapter):
    """JAX arrays, differentiated by `jax.vjp`. Its complex convention is ours."""

    library, title = "jax", "JAX"

    def __init__(self, reseed: Callable[[], Any] | None = None) -> None:
        super().__init__(reseed)
        self.jax: Any = sys.modules["jax"]

    def is_array(self, x: Any) -> bool:
        """Whether an object is a JAX array of numbers (and not of random keys)."""
        return isinstance(x, self.jax.Array) and not self.is_key(x)

    def is_key(self, x: Any) -> bool:
        """Whether a JAX array holds random keys."""
        return bool(self.jax.dtypes.issubdtype(x.dtype, self.jax.dtypes.prng_key))

    def recognizes(self, f: Any) -> bool:
        """What `custom_vjp`, `custom_jvp` and `jit` return, and JAX's own functions."""
        module = str(getattr(f, "__module__", "") or "").split(".")[0]
        kind = type(f).__module__.split(".")[0]
        return module in ("jax", "jaxlib") or kind in ("jax", "jaxlib")

    def to_numpy(self, x: Any) -> Any:
        """The numbers of an array; bfloat16 and its like become float32, which holds them."""
        data = np.asarray(x)
        return data.astype(np.float32) if data.dtype.kind == "V" else data

    def from_numpy(self, x: Any, like: Any) -> Any:
        """A JAX array with these numbers."""
        keep = self.native and self.is_array(like) and is_floating(x)
        return self.jax.numpy.asarray(x, dtype=like.dtype if keep else x.dtype)

    def is_checked(self, x: Any, leaves: Sequence[Any]) -> bool:
        """JAX arrays; where none is given, NumPy arrays and numbers."""
        if any(self.is_array(leaf) for leaf in leaves):
            return self.is_array(x)
        return is_floating(x)

    def prepare(self, f: Any, inputs: tuple[Any, ...]) -> tuple[Called, tuple[Any, ...]]:
        """How to call f; the arguments that a `custom_vjp` does not differentiate are constants."""
        fixed = getattr(f, "nondiff_argnums", ()) or ()
        inputs = tuple(Constant(x) if k in fixed else x for k, x in enumerate(inputs))
        backward = getattr(f, "bwd", None)

        def call(*args: Any, **kwargs: Any) -> Any:
            return f(*(x.value if isinstance(x, Constant) else x for x in args), **kwargs)

        names = names_for(f, len(inputs))
        return Called(call, plain_name(f), names, f, backward), inputs

    def pull(self, leaves: list[Any], checked: list[int], kwargs: Any, g: list[Any]) -> list[Any]:
        """One pullback of JAX."""

        def floats(*moving: Any) -> list[Any]:
            every = list(leaves)
            for k, x in zip(checked, moving, strict=True):
                every[k] = x
            y = pytree.flatten(self.opened(self.call(every, kwargs)))[0]
            return [part for part in y if self.is_continuous(part)]

        y, pull = self.jax.vjp(floats, *[leaves[k] for k in checked])
        seeds = [
            self.jax.numpy.asarray(seed, dtype=part.dtype) for part, seed in zip(y, g, strict=True)
        ]
        return list(pull(seeds))

    def is_continuous(self, x: Any) -> bool:
        """Whether an object is a JAX array of floats or complex numbers."""
        return self.is_array(x) and bool(self.jax.numpy.issubdtype(x.dtype, self.jax.numpy.inexact))

    def opened(self, y: Any) -> Any:
        """A tree of outputs in plain tuples and dicts, registered classes as tuples of leaves."""
        if isinstance(y, tuple | list | dict):
            return super().opened(y)
        leaves = self.jax.tree_util.tree_leaves(y)
        return y if len(leaves) == 1 and leaves[0] is y else tuple(leaves)

    def in_precision_of(self, leaves: Sequence[Any], x: Any) -> Any:
        """An array among the keyword arguments in float64 where the checked leaves are."""
        double = any(self.is_array(leaf) and leaf.dtype.itemsize == 8 for leaf in leaves)
        if double and not self.native and self.is_continuous(x):
            return self.jax.numpy.asarray(in_double(self.to_numpy(x)))
        return x

    def context(self) -> AbstractContextManager[Any]:
        """64-bit numbers, which JAX leaves out by default."""
        if hasattr(self.jax, "enable_x64"):
            now: AbstractContextManager[Any] = self.jax.enable_x64(True)
            return now
        before: AbstractContextManager[Any] = sys.modules["jax.experimental"].enable_x64()
        return before
