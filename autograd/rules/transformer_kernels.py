"""Kernels of transformers: plain data in, plain data out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from autograd.rules.network_kernels import erf

BLOCK: Final = 1 << 15
"""So many entries are worked on at a time, so that they stay in the cache from one pass over them
to the next."""

ROOT: Final = math.sqrt(0.5)
HEIGHT: Final = 1 / math.sqrt(2 * math.pi)


# --- attention ------------------------------------------------------------------------------------
def later(queries: int, keys: int) -> Any:
    """True for keys that come after the query."""
    return np.arange(keys) > np.arange(queries)[:, None]


SAFE: Final = {2: 8.0, 4: 80.0, 8: 600.0, 16: 600.0}
"""Scores of floats of so many bytes that are within this range need no shift of their own in each
row: exp of their distance from the largest of all neither overflows nor vanishes."""


def attention_weights(q: Any, k: Any, scale: float, causal: bool) -> Any:
    """softmax(q @ k^T * scale) along the keys, 0 for later keys where it is causal."""
    s = (q * q.dtype.type(scale)) @ np.swapaxes(k, -1, -2)
    top = s.max(initial=-np.inf)
    near = top - s.min(initial=np.inf) < SAFE[s.dtype.itemsize]
    if near:
        s -= top
        np.exp(s, out=s)
        if causal:
            s *= later(*s.shape[-2:]) == 0
    else:
        if causal:
            np.copyto(s, -np.inf, where=later(*s.shape[-2:]))
        s -= np.maximum.reduce(s, axis=-1, keepdims=True)
        np.exp(s, out=s)
    s /= np.einsum("...i->...", s)[..., None]
    return s


def attention(q: Any, k: Any, v: Any, scale: float, causal: bool) -> Any:
    """`attention_weights` @ v."""
    return attention_weights(q, k, scale, causal) @ v


def attention_saving(q: Any, k: Any, v: Any, scale: float, causal: bool) -> tuple[Any, Any]:
    """`attention`, and its weights."""
    p = attention_weights(q, k, scale, causal)
    return p @ v, p


# --- standardisation ------------------------------------------------------------------------------
def reciprocal_root(z: Any, axes: tuple[int, ...], eps: float) -> Any:
    """1 / sqrt(mean(z * z) + eps) over axes that stay."""
    count = math.prod(z.shape[axis] for axis in axes)
    if axes == (-1,):
        squares = np.einsum("...i,...i->...", z, z)[..., None]
    else:
        squares = np.add.reduce(z * z, axis=axes, keepdims=True)
    squares /= count
    squares += squares.dtype.type(eps)
    np.sqrt(squares, out=squares)
    return np.reciprocal(squares, out=squares)


def standardise_saving(x: Any, axes: tuple[int, ...], eps: float, centred: bool) -> tuple[Any, Any]:
    """(x - mean) / sqrt(variance + eps) over axes, and the reciprocal of that root; not centred, x
    / sqrt(mean(x * x) + eps)."""
    if not centred:
        r = reciprocal_root(x, axes, eps)
        return x * r, r
    total = np.add.reduce(x, axis=axes, keepdims=True)
    total /= math.prod(x.shape[axis] for axis in axes)
    z = x - total
    r = reciprocal_root(z, axes, eps)
    z *= r
    return z, r


def standardise(x: Any, axes: tuple[int, ...], eps: float, centred: bool) -> Any:
    """`standardise_saving`, without the root."""
    return standardise_saving(x, axes, eps, centred)[0]


# --- gelu -----------------------------------------------------------------------------------------
def in_blocks(x: Any, *outs: Any) -> Iterator[tuple[Any, ...]]:
    """Parts of arrays of one shape and order in memory, as rows."""
    flat = [a.reshape(-1, order="A") for a in (x, *outs)]
    for start in range(0, x.size, BLOCK):
        yield tuple(a[start : start + BLOCK] for a in flat)


def gelu_saving(x: Any) -> tuple[Any, Any] | None:
    """x * P(a standard normal number is below x), and its derivative P + x * density(x); None for a
    number, for which nothing is saved."""
    if not isinstance(x, np.ndarray):
        return None
    if not (x.flags.c_contiguous or x.flags.f_contiguous):
        x = x.copy()
    y, slope = np.empty_like(x), np.empty_like(x)
    for part, out, rise in in_blocks(x, y, slope):
        below = erf(part * part.dtype.type(ROOT))
        below += 1
        below *= 0.5
        np.multiply(part, below, out=out)
        np.multiply(part, part, out=rise)
        rise *= -0.5
        np.exp(rise, out=rise)
        rise *= part
        rise *= HEIGHT
        rise += below
    return y, slope


def gelu(x: Any) -> Any:
    """x * P(a standard normal number is below x)."""
    return 0.5 * x * (1 + erf(x * ROOT))


def gelu_scalar(x: float) -> float:
    """`gelu` of a Python float."""
    return 0.5 * x * (1 + math.erf(x * ROOT))
