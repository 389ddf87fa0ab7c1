"""A smaller input on which a gradient is still wrong: shorter axes first, then rounder numbers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.subjects.flat_trees import argument_names, as_array

SHORT_LENGTHS = (3, 4, 5, 2)
"""What different long axes are cut to, so that they stay different."""

TEXT_MOST = 200
"""Characters of a failing input that is shown."""

Fails = Callable[[tuple[Any, ...]], bool]


def smallest_failing(
    f: Any, inputs: tuple[Any, ...], fails: Fails, seconds: float = limit.SHRINK_SECONDS
) -> str:
    """The smallest failing input found, as `x = [1.0], y = [2.0]`; "" where nothing got smaller.

    Works on numbers and arrays of floats. Axes of equal length are shortened together in all
    inputs, so that shapes that belong together stay so.
    """
    current = tuple(as_array(x) for x in inputs)
    if (
        not all(is_float_array(x) for x in current)
        or sum(np.size(x) for x in current) > limit.SHRINK_SIZE
    ):
        return ""
    deadline, tries, changed = time.monotonic() + seconds, 0, False
    for step in (shorter, rounder):
        going = True
        while going:
            going = False
            for candidate in step(current):
                tries += 1
                if tries > limit.SHRINK_TRIES or time.monotonic() > deadline:
                    return inputs_text(f, current) if changed else ""
                if fails(candidate):
                    current, changed, going = candidate, True, True
                    break
    return inputs_text(f, current) if changed else ""


def few_entries(inputs: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """The inputs with long axes cut to a few entries, those of different lengths to different
    ones; None where nothing can be cut."""
    inputs = tuple(as_array(x) for x in inputs)
    if not all(is_float_array(x) for x in inputs):
        return None
    lengths = sorted({n for x in inputs for n in np.shape(x) if n > 1})
    if not lengths or lengths[-1] <= max(SHORT_LENGTHS):
        return None
    if len(lengths) > len(SHORT_LENGTHS):
        return None
    for length, target in zip(lengths, SHORT_LENGTHS, strict=False):
        if length > target:
            inputs = tuple(cut(x, length, target) for x in inputs)
    return inputs


def is_float_array(x: Any) -> bool:
    """Whether an input is a float or an array of floats."""
    return type(x) is float or (isinstance(x, np.ndarray) and x.dtype.kind == "f")


def shorter(inputs: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """All inputs with every axis of one length cut to 1, or to 2."""
    lengths = sorted({n for x in inputs for n in np.shape(x) if n > 1}, reverse=True)
    for target in (1, 2):
        for length in lengths:
            if length > target:
                yield tuple(cut(x, length, target) for x in inputs)


def cut(x: Any, length: int, target: int) -> Any:
    """An input without what is beyond `target` on its axes of this length."""
    if not np.shape(x):
        return x
    return x[tuple(slice(target) if n == length else slice(None) for n in x.shape)].copy()


def rounder(inputs: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """All numbers one, or rounded to one digit, if that changes anything."""
    for new in (lambda x: x * 0 + 1.0, lambda x: np.round(x, 1) + 0.0):
        candidate = tuple(new(x) for x in inputs)
        changed = any(np.any(a != b) for a, b in zip(candidate, inputs, strict=True))
        simple = all(np.all(np.asarray(x) == 1.0) for x in inputs)
        if changed and not simple:
            yield candidate


def inputs_text(f: Any, inputs: tuple[Any, ...]) -> str:
    """The inputs by name, whole; "" where that is too long to be read."""
    names = argument_names(f, len(inputs))
    pairs = zip(names, inputs, strict=True)
    text = ", ".join(f"{name} = {np.asarray(x).tolist()}" for name, x in pairs)
    return text if len(text) <= TEXT_MOST else ""
