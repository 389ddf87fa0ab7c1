"""A line of NumPy each, through plain NumPy and through `autograd.numpy`: value, first and second
derivative in both modes."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy
import pytest

import autograd.numpy
from tests.derivatives import Case, check_dot_product, check_second_order, check_value, check_vjp

LINES = [
    line
    for line in (Path(__file__).parent / "numpy_lines.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
NAMESPACES = {"numpy": numpy, "autograd.numpy": autograd.numpy}
PLAIN = "plain: "


def variables() -> dict[str, Any]:
    """The arrays that the lines are written in; kinks and ties are not among them."""
    rng = numpy.random.default_rng(8)

    def draw(*shape: int) -> Any:
        return rng.uniform(0.2, 1.8, shape) * rng.choice([-1.0, 1.0], shape)

    root = draw(4, 4)
    return {
        "s": 0.7,
        "v": numpy.array([0.63, -1.21, 1.74, -0.38]),
        "w": numpy.array([-0.87, 1.46, 0.59, -1.69]),
        **{name: draw(3, 4) for name in ("m", "n")},
        "q": draw(4, 4) + 2 * numpy.eye(4),
        "p": root @ root.T + numpy.diag([1.0, 2.0, 3.0, 4.0]),
        "t": draw(2, 3, 4),
        "b": draw(2, 3, 3) + 2 * numpy.eye(3),
        **{name: draw(4) + 1j * draw(4) for name in ("z", "c")},
        "Z": draw(3, 3) + 1j * draw(3, 3),
        "i": numpy.array([2, 0, 2]),
        "k": numpy.array([[1, 0, 1, 1], [0, 1, 1, 1], [1, 1, 0, 1]], bool),
    }


VARIABLES = variables()


def case_of_line(line: str, namespace: ModuleType) -> Case:
    """The line as a function of the variables that stand in it."""
    names = [name for name in VARIABLES if re.search(rf"(?<![\w.\"]){name}(?![\w\"=])", line)]
    code = compile(line, line, "eval")

    def f(*leaves: Any) -> Any:
        scope = {"np": namespace, "numpy": numpy, **VARIABLES}
        y = eval(code, scope | dict(zip(floating, leaves, strict=True)))
        return y * 1 if isinstance(y, autograd.numpy.WritableArray) else y  # as a whole: a Value

    floating = [name for name in names if name not in ("i", "k")]
    return Case(f, [VARIABLES[name] for name in floating])


CASES = [
    pytest.param(line.removeprefix(PLAIN), name, id=f"{name}: {line}")
    for line in LINES
    for name in NAMESPACES
    if name != "numpy" or not line.startswith(PLAIN)
]


@pytest.mark.parametrize(("line", "namespace"), CASES)
def test_line(line: str, namespace: str) -> None:
    case = case_of_line(line, NAMESPACES[namespace])
    reference = case_of_line(line, numpy).f
    check_value(case, reference)
    check_vjp(case)
    check_dot_product(case)
    check_second_order(case)


@pytest.mark.parametrize("line", [x.removeprefix(PLAIN) for x in LINES if x.startswith(PLAIN)])
def test_plain_numpy_raises_where_it_cannot_join(line: str) -> None:
    with pytest.raises((TypeError, ValueError), match=r"autograd\.numpy|sequence"):
        case = case_of_line(line, numpy)
        check_value(case)
