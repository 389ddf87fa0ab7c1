"""The line "reproduce" of a report is Python: run it where the check was made."""

from __future__ import annotations

import functools
from collections import namedtuple
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import gradcheck
from autograd.checking import Report
from autograd.checking.report.reproduce import Names, expression

X = np.array([0.3, -0.7, 1.1])
Pair = namedtuple("Pair", ["w", "b"])


@dataclass
class Layer:
    w: Any
    name: str = "layer"

    def forward(self, x: Any) -> Any:
        return x * x


@ag.primitive
def cube(x: Any) -> Any:
    return x**3


ag.defvjp(cube, lambda y, x: lambda g: g * 2 * x**2)
square = ag.custom_vjp(lambda x: (x * x, x), lambda x, g: g * x)
layer = Layer(X)


def total(tree: Any, scale: float = 1.0) -> Any:
    """Of the floats in any tree, with a gradient that is wrong."""
    if isinstance(tree, dict):
        return sum(total(x, scale) for x in tree.values())
    if isinstance(tree, Layer):
        return total(tree.w, scale)
    if isinstance(tree, list | tuple):
        return sum(total(x, scale) for x in tree)
    return np.sum(cube(tree)) * scale


def identity_vjp(g: Any, *inputs: Any) -> Any:
    return g


def pasted(report: Report, **names: Any) -> Report:
    """What the line gives where the imports of this file hold."""
    again = eval(report.reproduce, {**globals(), **names})
    assert isinstance(again, Report)
    return again


ARGUMENTS: list[tuple[Any, Any]] = [
    (cube, X),
    (cube, 1.5),
    (cube, np.float32(1.5)),
    (cube, np.array(1.5)),
    (cube, X.astype(np.float32)),
    (cube, np.array([[1.0], [2.0]])[:, :, None]),
    (cube, np.asfortranarray(np.arange(6.0).reshape(2, 3) + 0.1)),
    (cube, X + 1j),
    (cube, 0.1 + 0.2),
    (cube, np.array([1.0, np.nan])),
    (cube, np.array([1.0, -np.inf])),
    (cube, np.empty((0, 3))),
    (cube, np.linspace(0.1, 1.0, 20)),
    (square, X),
    (total, [1.0, 2.0]),
    (total, (X, 2.0)),
    (total, (X,)),
    (total, {"w": X, "b": [1.0, X]}),
    (total, Pair(X, 2.0)),
    (total, Layer(X)),
    (layer.forward, X),
    (np.tanh, X),
    (functools.reduce, X),  # raises: an ERROR is repeated as well
]


@pytest.mark.parametrize(("f", "x"), ARGUMENTS, ids=lambda case: "")
def test_the_line_repeats_the_check(f: Any, x: Any) -> None:
    report = gradcheck(f, x)
    again = pasted(report, np=np, x=x)
    assert "#" not in report.reproduce or np.size(x) == 20
    assert again.verdict == report.verdict, report.reproduce
    assert again.headline() == report.headline()


def test_arguments_are_printed_in_full() -> None:
    assert gradcheck(cube, [1.0, 2.0]).reproduce == "gradcheck(cube, [1.0, 2.0], seed=0)"
    many = np.linspace(0.0, 1.0, 14)
    text = gradcheck(cube, many).reproduce
    assert text == f"gradcheck(cube, np.array({many.tolist()!r}), seed=0)"
    assert gradcheck(cube, X, seed=3).reproduce.endswith(", seed=3)")


def test_a_pair_with_keywords_and_settings() -> None:
    def power(x: Any, p: int = 1) -> Any:
        return x**p

    report = gradcheck(power, X, vjp=lambda g, x, p: g, p=3, order=1, points=False)
    assert report.reproduce.startswith(
        "gradcheck(power, np.array([0.3, -0.7, 1.1]), vjp=vjp, kwargs={'p': 3}, seed=0, order=1, "
        "points=False)  # vjp is the function at "
    )
    assert "test_reproduce.py:" in report.reproduce
    vjp = lambda g, x, p: g
    assert pasted(report, power=power, vjp=vjp).headline() == report.headline()


def test_a_large_array_goes_by_its_name() -> None:
    big = np.random.default_rng(0).normal(size=(30, 20))
    report = gradcheck(cube, big, shrink=False)
    assert report.reproduce == (
        "gradcheck(cube, big, seed=0)  # big is the float64 array of shape (30, 20) passed"
    )
    assert pasted(report, big=big).headline() == report.headline()
    unnamed = gradcheck(cube, np.ones((30, 20)) * 2.0, shrink=False)
    assert unnamed.reproduce.startswith("gradcheck(cube, x, seed=0)  # x is the float64 array of")


def test_a_function_without_a_name_is_located() -> None:
    report = gradcheck(lambda x: cube(x) + 1, X)
    assert report.reproduce.startswith(
        "gradcheck(f, np.array([0.3, -0.7, 1.1]), seed=0)  # f is the"
    )
    assert (
        pasted(report, f=lambda x: cube(x) + 1).headline().split(":")[1:]
        == (report.headline().split(":")[1:])
    )


def test_names_are_those_of_the_code_that_checks() -> None:
    mine = cube
    assert gradcheck(mine, 1.0).reproduce.startswith("gradcheck(cube, ")
    other = ag.primitive(lambda x: x * x)
    assert gradcheck(other, 1.0).reproduce.startswith("gradcheck(other, ")
    assert gradcheck(np.exp, 1.0, vjp=identity_vjp).reproduce == (
        "gradcheck(np.exp, 1.0, vjp=identity_vjp, seed=0)"
    )
    assert gradcheck(ag.logsumexp, X).reproduce.startswith("gradcheck(ag.logsumexp, ")


def test_a_function_that_must_be_imported_says_so() -> None:
    names = Names(None)
    assert names.function(identity_vjp, "f") == f"{__name__}.identity_vjp"
    assert names.remarks == [f"import {__name__}"]


def test_random_functions_keep_their_reseed() -> None:
    state = {"rng": np.random.default_rng(0)}

    def reset() -> None:
        state["rng"] = np.random.default_rng(0)

    def noisy(x: Any) -> Any:
        return cube(x) * state["rng"].normal()

    report = gradcheck(noisy, X, reseed=reset)
    assert "reseed=reset" in report.reproduce
    again = pasted(report, noisy=noisy, reset=reset)
    assert again.verdict == report.verdict == "FAIL"


@pytest.mark.parametrize(
    "x",
    [
        np.array([1, 2]),
        np.array([True, False]),
        np.array([1, 2], dtype=np.int8),
        np.array([1.0], dtype=">f8"),
        np.array([0.1], dtype=np.float32),
        np.float64("nan"),
        np.complex64(1 - 2j),
        complex(float("nan"), -0.0),
        -0.0,
        float("-inf"),
        None,
        "text",
        3,
        {1: (np.float16(0.1),), "a": []},
    ],
    ids=repr,
)
def test_expressions_give_equal_objects(x: Any) -> None:
    text = expression(x, Names(None))
    again = eval(text, {"np": np})
    assert type(again) is type(x)
    assert getattr(again, "dtype", None) == getattr(x, "dtype", None) or x.dtype.str[0] == ">"
    assert repr(again) == repr(x) or np.array_equal(again, x)
