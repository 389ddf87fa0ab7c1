"""Convolution and correlation: every mode and pair of lengths, against NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from tests.derivatives import Case, check_dot_product, check_value, check_vjp


@pytest.mark.parametrize("function", [np.convolve, np.correlate], ids=lambda f: f.__name__)
@given(data=st.data())
def test_lengths_and_modes(function: Any, data: st.DataObject) -> None:
    n, m = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
    mode = data.draw(st.sampled_from(["full", "same", "valid"]))
    rng = np.random.default_rng(10 * n + m)
    a, v = rng.normal(size=n), rng.normal(size=m)
    if data.draw(st.booleans()):
        a = a + 1j * rng.normal(size=n)
    if data.draw(st.booleans()):
        v = v + 1j * rng.normal(size=m)
    case = Case(lambda a, v: function(a, v, mode), [a, v])
    check_value(case)
    check_vjp(case)
    check_dot_product(case)


REFUSED: list[Callable[[Any], Any]] = [
    lambda x: np.convolve(x[None], [1.0]),
    lambda x: np.convolve(x, [[1.0]]),
    lambda x: np.convolve(x, []),
    lambda x: np.convolve(x[:0], [1.0]),
    lambda x: np.convolve(x, [1.0], "no such mode"),
    lambda x: np.convolve(x, [1.0], None),
    lambda x: np.correlate(x, 2.0),
    lambda x: np.correlate(x[0], [2.0]),
    lambda x: np.correlate(x, []),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_numpy_refuses_is_refused(number: int) -> None:
    with pytest.raises((ValueError, TypeError)) as wanted:
        REFUSED[number](np.ones(3))
    with pytest.raises(wanted.type):
        REFUSED[number](Value(np.ones(3)))
