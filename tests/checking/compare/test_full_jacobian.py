"""Regressions of the comparison of all entries."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import gradcheck


def test_outputs_that_are_all_zero_still_have_slopes() -> None:
    def product(a: Any, b: Any) -> Any:
        return a @ b

    a, b = np.array([[0.0]]), np.array([[3.4263939876416305e-51, 1.0]])
    report = gradcheck(product, a, b, order=1, points=False)
    assert report.verdict == "PASS", str(report)
