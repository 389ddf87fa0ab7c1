"""Products of arrays."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from tests.derivatives import (
    Case,
    check_dot_product,
    check_value,
    check_vjp,
)
from tests.samples import within


@given(drawn=mutually_broadcastable_shapes(signature=np.matmul.signature, max_dims=2, max_side=3))
def test_matmul_of_any_shapes(drawn: Any) -> None:
    a, b = [within((-math.inf, math.inf), *shape) for shape in drawn.input_shapes]
    case = Case(np.matmul, [a, b])
    check_value(case)
    check_vjp(case)
    check_dot_product(case)
