"""Pure updates inside `compile`: one program for all steps, and the numbers of eager ones."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from autograd import compile
from nn import SGD, Adagrad, Adam, AdamW, Lion, RMSprop


@pytest.mark.parametrize("kind", [SGD, Adam, AdamW, RMSprop, Adagrad, Lion])
def test_the_count_is_no_static_number(kind: Any) -> None:
    """`compile` makes a program for each int among the arguments: it would be one for each step."""
    optimiser = kind(lr=0.1)
    update = compile(optimiser.update)
    x, state = np.array([1.0, -2.0]), optimiser.init(np.zeros(2))
    eager, eager_state = x, state
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # "is recorded for the 8th time"
        for _ in range(10):
            x, state = update(2 * x, state, x)
            eager, eager_state = optimiser.update(2 * eager, eager_state, eager)
    np.testing.assert_allclose(x, eager, rtol=1e-14)  # numbers are raised to a power by NumPy
    assert state["count"] == eager_state["count"] == 10
