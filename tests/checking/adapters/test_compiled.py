"""Functions of C and of numba with hand-written backwards."""

from __future__ import annotations

import ctypes
import ctypes.util
from typing import Any

import numpy as np
import pytest

from autograd import gradcheck
from tests.checking.adapters.libraries import is_here, reason

X = np.array([0.3, -0.7, 1.1])


def c_function(name: str) -> Any:
    """A function of C's mathematics library, from a number to a number."""
    path = ctypes.util.find_library("m") or ctypes.util.find_library("msvcrt")
    if path is None:
        pytest.skip("no C mathematics library was found")
    found = getattr(ctypes.CDLL(path), name)
    found.argtypes, found.restype = [ctypes.c_double], ctypes.c_double
    return found


def test_a_c_function_with_its_backward() -> None:
    sin, cos = c_function("sin"), c_function("cos")
    right = gradcheck(sin, 0.5, vjp=lambda g, x: g * cos(x))
    assert right.verdict == "PASS", str(right)
    wrong = gradcheck(sin, 0.5, vjp=lambda g, x: -g * cos(x))
    assert wrong.verdict == "FAIL"
    assert wrong.inputs[0].kinds == ["sign"]


def test_a_c_function_alone_asks_for_its_backward() -> None:
    report = gradcheck(c_function("sin"), 0.5)
    assert report.verdict == "ERROR"
    assert "pass its backward as vjp=" in str(report)


@pytest.mark.skipif(not is_here("numba"), reason=reason("numba"))
def test_numba() -> None:
    import numba

    @numba.njit
    def square(x: Any) -> Any:
        return x * x

    @numba.njit
    def right(g: Any, x: Any) -> Any:
        return 2 * g * x

    @numba.njit
    def wrong(g: Any, x: Any) -> Any:
        return g * x

    @numba.vectorize
    def cube(x: Any) -> Any:
        return x**3

    assert gradcheck(square, X, vjp=right).verdict == "PASS"
    assert gradcheck(square, X.astype(np.float32), vjp=right).verdict == "PASS"
    assert gradcheck(cube, X, vjp=lambda g, x: g * 3 * x**2).verdict == "PASS"
    report = gradcheck(square, X, vjp=wrong)
    assert report.verdict == "FAIL"
    assert report.inputs[0].kinds == ["factor"]
    assert "test_compiled.py" in report.source
    assert "test_compiled.py" in report.rule
    assert "pass its backward as vjp=" in str(gradcheck(square, X))
