"""What is worked out about an array: its range, mean and norm, and a strip of cells."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

SMALL = 64  # arrays up to this size are summarised in Python, which is faster than NumPy there


@dataclass(slots=True)
class Facts:
    """Range, mean and norm of an array, and how much of it is zero or broken."""

    low: float
    high: float
    mean: float
    norm: float
    zeros: int
    nans: int
    infs: int


@dataclass(frozen=True, slots=True)
class Strip:
    """An array as a picture of at most `SIDE` x `SIDE` cells.

    A cell is a letter, from A (minus the largest magnitude) over K (zero) to U; n is NaN, p and q
    are plus and minus infinity.  It stands for the entry of largest magnitude in its block.
    """

    rows: int
    columns: int
    largest: float
    cells: str


SIDE = 32
"""Cells of a strip along each side."""


def strip_of(array: np.ndarray) -> Strip:
    """The strip of an array: its last axis across, all others downwards.

    >>> strip_of(np.array([1.0, -1.0, 0.0, np.nan]))
    Strip(rows=1, columns=4, largest=1.0, cells='UAKn')
    """
    wide = np.asarray(array, dtype=np.float64)
    wide = wide.reshape(-1, wide.shape[-1]) if wide.ndim else wide.reshape(1, 1)
    for axis in (0, 1):
        wide = pooled(wide, axis)
    finite = np.isfinite(wide)
    largest = float(np.abs(wide[finite]).max(initial=0.0))
    level = np.where(finite, wide, 0.0) / (largest or 1.0) * 10
    level = np.where(level > 0, np.ceil(level), np.floor(level)).astype(int)  # zero alone is K
    codes = np.where(finite, level + ord("K"), ord("n"))
    codes[np.isposinf(wide)], codes[np.isneginf(wide)] = ord("p"), ord("q")
    rows, across = wide.shape
    return Strip(rows, across, largest, "".join(map(chr, codes.ravel().tolist())))


def pooled(wide: np.ndarray, axis: int) -> np.ndarray:
    """A matrix with at most `SIDE` rows or columns: of each block the entry of largest magnitude;
    NaN before all others."""
    length = wide.shape[axis]
    if length <= SIDE:
        return wide
    size = np.abs(wide)
    size[np.isnan(size)] = np.inf
    size[np.isinf(wide)] = np.finfo(float).max
    bounds = np.linspace(0, length, SIDE + 1).astype(int)
    taken = []
    for low, high in pairwise(bounds.tolist()):
        part = np.take(size, range(low, high), axis).argmax(axis, keepdims=True)
        taken.append(np.take_along_axis(np.take(wide, range(low, high), axis), part, axis))
    return np.concatenate(taken, axis)


def facts_about(array: np.ndarray) -> Facts:
    """The facts about an array of real numbers."""
    if array.size <= SMALL:
        return facts_of([float(x) for x in array.ravel()])
    return measure(array)


def measure(array: np.ndarray) -> Facts:
    """The facts about a large array."""
    flat = array.ravel()
    with np.errstate(all="ignore"):
        low, high = float(flat.min()), float(flat.max())
        wide = flat.astype(np.float64, copy=False)
        mean, norm = float(wide.mean()), float(np.sqrt(wide @ wide))
    zeros = flat.size - int(np.count_nonzero(flat))
    broken = not (math.isfinite(low) and math.isfinite(high))
    nans = int(np.isnan(flat).sum()) if broken else 0
    infs = int(np.isinf(flat).sum()) if broken else 0
    return Facts(low, high, mean, norm, zeros, nans, infs)


def facts_of(xs: list[float]) -> Facts:
    """The facts about a small array, listed."""
    if not xs:
        return Facts(0.0, 0.0, 0.0, 0.0, 0, 0, 0)
    total = sum(xs)
    mean, norm, zeros = total / len(xs), math.hypot(*xs), xs.count(0.0)
    if math.isfinite(total):
        return Facts(min(xs), max(xs), mean, norm, zeros, 0, 0)
    nans = sum(x != x for x in xs)
    infs = sum(math.isinf(x) for x in xs)
    low, high = (math.nan, math.nan) if nans else (min(xs), max(xs))
    return Facts(low, high, mean, norm, zeros, nans, infs)
