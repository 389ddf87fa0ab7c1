"""What layers do with their input before they compute: conversion and checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd import Value
from nn.activations import as_written
from nn.finding import Searched
from nn.module_errors import located

Seed = int | np.random.Generator | None


def float_dtype(name: str, dtype: DTypeLike) -> np.dtype[Any]:
    """A dtype for parameters: real floating point, or TypeError."""
    if isinstance(dtype, bool | np.bool_):
        raise TypeError(f"{name} takes bias by name: bias={dtype}")
    found = np.dtype(dtype)
    if found.kind != "f":
        raise TypeError(f"{name} needs a real floating-point dtype, got {found}")
    return found


def check_sizes(name: str, **sizes: Any) -> None:
    """ValueError where a size is below 1, TypeError where it is no integer."""
    for key, size in sizes.items():
        for number in size if isinstance(size, tuple) else (size,):
            if isinstance(number, bool) or not isinstance(number, int | np.integer):
                raise TypeError(f"{name}: {key} is an integer, got {number!r}")
            if number < 1:
                raise ValueError(f"{name}: {key} must be at least one, got {size}")


def constant(x: Any) -> Any:
    """An input that is neither an array nor a Value: a list of numbers as an array of floats, a
    list of Values stacked, an array of another library as it is."""
    if isinstance(x, list | tuple):
        parts = [as_written(part) for part in x]
        if any(isinstance(part, Value) for part in parts):
            return np.stack(parts)
        found = np.asarray(x)
        return found.astype(np.float64) if found.dtype.kind in "iu" else found
    return as_written(x) if hasattr(x, "__array_function__") else np.asarray(x)


def float_input(module: Searched, x: Any, dtype: Any) -> Any:
    """An input as an array or Value of floats: a plain array in the dtype of the parameters, which
    None leaves open.  Raises TypeError for integers, ValueError where there are no samples."""
    if type(x) is not Value:
        x = x if type(x) is np.ndarray else constant(x)
        if x.dtype is not dtype:
            if x.dtype.kind in "iub":
                raise located(
                    module,
                    TypeError(
                        f"{module!r} takes floats, this x has dtype {x.dtype}: convert it with "
                        f"x.astype({'float' if dtype is None else f'np.{dtype}'})"
                    ),
                )
            if dtype is not None and x.dtype.kind == "f":
                x = x.astype(dtype)
    if not x.size:
        raise located(
            module, ValueError(f"{module!r} takes at least one sample, x has shape {x.shape}")
        )
    return x


def shape_error(module: Searched, expected: str, x: Any, advice: str = "") -> ValueError:
    """The error for an input of another shape than a layer takes."""
    text = f"{module!r} takes {expected}, this one has shape {x.shape}"
    return located(module, ValueError(f"{text}: {advice}" if advice else text))


def per_axis(name: str, key: str, value: Any, count: int, least: int = 1) -> tuple[int, ...]:
    """An option as one number for each axis: an integer, or a sequence of them; ValueError or
    TypeError for anything else."""
    numbers = tuple(value) if isinstance(value, Sequence) else (value,) * count
    if len(numbers) != count:
        raise ValueError(f"{name}: {key} is a number or {count} of them, got {value!r}")
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, int | np.integer):
            raise TypeError(f"{name}: {key} is an integer or {count} of them, got {value!r}")
        if number < least:
            raise ValueError(f"{name}: {key} must be at least {least}, got {value!r}")
    return tuple(map(int, numbers))


def dtype_of(p: Any) -> Any:
    """The dtype of a parameter."""
    return p.data.dtype if type(p) is Value else p.dtype


def uniform(seed: Seed, bound: float, dtype: Any, *shapes: tuple[int, ...]) -> list[Value]:
    """Parameters drawn uniformly from (-bound, bound)."""
    draw = np.random.default_rng(seed).uniform
    return [Value(draw(-bound, bound, shape).astype(dtype)) for shape in shapes]
