"""The window of Kaiser, with respect to its shape."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import Value
from autograd.rules.windows import kaiser
from tests.derivatives import Case, check_dot_product, check_second_order, check_vjp


@pytest.mark.parametrize("M", [0, 1, 2, 5, 6, 3.0, np.int64(4)])
@pytest.mark.parametrize("beta", [0.0, 2.0, 8.6])
def test_the_numbers_are_those_of_numpy(M: float, beta: float) -> None:
    y = kaiser(M, Value(beta))
    np.testing.assert_allclose(y.data, np.kaiser(M, beta), rtol=1e-13)
    np.testing.assert_array_equal(kaiser(M, beta), np.kaiser(M, beta))
    y.backward(seed=np.ones(y.shape))


@pytest.mark.parametrize("beta", [0.0, 1.3, 8.6])
def test_the_shape_has_derivatives(beta: float) -> None:
    case = Case(lambda beta: kaiser(5, beta), [beta])
    check_vjp(case)
    check_dot_product(case)
    check_second_order(case)


def test_the_lengths_of_windows_are_plain() -> None:
    for f in (np.bartlett, np.blackman, np.hamming, np.hanning):
        with pytest.raises(TypeError, match="gradient"):
            f(Value(4.0))
    with pytest.raises(TypeError, match="gradient"):
        np.kaiser(4, Value(1.0))
