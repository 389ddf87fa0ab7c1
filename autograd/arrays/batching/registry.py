"""How batchings are registered, and axes of examples as axes of all."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from autograd.arrays.batch import BATCHINGS, KERNELS

Rule = Callable[..., Any]


def batches(*functions: Any) -> Callable[[Rule], Rule]:
    """Register what these functions do to all examples."""

    def register(rule: Rule) -> Rule:
        for function in functions:
            BATCHINGS[function] = rule
        return rule

    return register


def batches_row(*names: str) -> Callable[[Rule], Rule]:
    """Register what the kernels of these rows do to all examples."""

    def register(rule: Rule) -> Rule:
        for name in names:
            KERNELS[name] = rule
        return rule

    return register


def behind(axis: Any, ndim: int) -> int:
    """An axis of an example as an axis of all: the hidden one stands before it."""
    return normalize_axis_index(operator.index(axis), ndim) + 1


def all_behind(axis: Any, ndim: int) -> tuple[int, ...]:
    """Several axes, or one, or (None) all."""
    if axis is None:
        return tuple(range(1, ndim + 1))
    return tuple([i + 1 for i in normalize_axis_tuple(axis, ndim)])
