"""Choosing among arrays by plain conditions or indices, and replacing what is not finite."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine.cotangents import unwrap
from autograd.engine.dispatch import implements
from autograd.engine.refusals import refuse_out
from autograd.rules.indexing import gather
from autograd.rules.operands import cast, operand
from autograd.rules.selection import nan_to_num_row, where_row
from autograd.rules.shape import broadcast_to, shape_of

NUMBERS = (int, float, complex)


@implements(np.select)
def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """`np.select`: the first choice whose condition holds; choices and default may be Values."""
    if len(condlist) != len(choicelist):
        raise ValueError("np.select needs as many conditions as choices")
    if not len(condlist):
        raise ValueError("np.select needs one condition at least")
    conditions = [np.asarray(unwrap(condition)) for condition in condlist]
    for i, condition in enumerate(conditions):
        if condition.dtype != bool:
            raise TypeError(f"np.select: condition {i} has dtype {condition.dtype}, not bool")
    choices = [x if type(x) in NUMBERS else operand(x) for x in (*choicelist, default)]
    dtype = np.result_type(*map(kind_of, choices))
    shape = np.broadcast_shapes(*[x.shape for x in conditions], *map(shape_of, choices))
    y = choices.pop()
    for condition, choice in zip(reversed(conditions), reversed(choices), strict=True):
        y = where_row(condition, choice, y)
    return cast(broadcast_to(operand(y), shape), dtype)


def kind_of(x: Any) -> Any:
    """What decides the dtype of a result: a dtype, or a Python number, which has none."""
    return unwrap(x) if type(unwrap(x)) in NUMBERS else x.dtype


@implements(np.choose)
def choose(a: Any, choices: Any, out: None = None, mode: Any = "raise") -> Any:
    """`np.choose`: of several arrays, at each place the entry of the one with the number a."""
    refuse_out("choose", out)
    choices = [x if type(x) in NUMBERS else operand(x) for x in choices]
    numbers = np.choose(unwrap(a), list(range(len(choices))), mode=mode)
    shape = np.broadcast_shapes(np.shape(numbers), *map(shape_of, choices))
    dtype = np.result_type(*map(kind_of, choices))
    layers = np.stack([cast(broadcast_to(operand(choice), shape), dtype) for choice in choices])
    return gather(layers, np.broadcast_to(numbers, (1, *shape)), 0)[0]


@implements(np.nan_to_num)
def nan_to_num(
    x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None
) -> Any:
    """`np.nan_to_num`: an entry that is replaced has no derivative, but a Value in its place has.

    The replacements may be numbers, arrays or Values."""
    x, given = operand(x), (nan, posinf, neginf)
    if x.dtype.kind == "c":  # of an entry that is half replaced, the other half has a derivative
        return replaced(np.real(x), *given) + 1j * replaced(np.imag(x), *given)
    if all(n is None or type(n) in NUMBERS or isinstance(n, np.generic) for n in given):
        return nan_to_num_row(x, nan=nan, posinf=posinf, neginf=neginf)
    return replaced(x, *given)


def replaced(x: Any, nan: Any, posinf: Any, neginf: Any) -> Any:
    """A real x with the given numbers in place of NaN and infinities."""
    data, limits = unwrap(x), np.finfo(x.dtype)
    for found, number, usual in (
        (np.isnan(data), nan, 0.0),
        (np.isposinf(data), posinf, limits.max),
        (np.isneginf(data), neginf, limits.min),
    ):
        number = operand(usual if number is None else number)
        np.broadcast_to(unwrap(number), shape_of(x))  # NumPy's error where it is too large
        x = where_row(found, cast(number, x.dtype), x)
    return x
