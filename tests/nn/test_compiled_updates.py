"""Pure updates inside `compile`: one program for all steps, and the numbers of eager ones."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import nn
from autograd import compile, stop_gradient, value_and_grad
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


@pytest.mark.parametrize("arrays", [False, True])
def test_a_whole_training_step_is_one_program(arrays: bool) -> None:
    """Of a module of Values, and of one of arrays: the bits of eager steps."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(20, 3)), np.eye(2)[rng.integers(0, 2, 20)]
    network = nn.Sequential(nn.Linear(3, 8, seed=0), nn.tanh, nn.Linear(8, 2, seed=1))
    optimiser = AdamW(lr=nn.WarmUp(nn.CosineDecay(0.1, steps=20), steps=3, start=0.1))

    def step(model: Any, state: Any, x: Any, y: Any) -> Any:
        loss = lambda model: nn.cross_entropy_with_logits(model(x), y)
        value, gradient = value_and_grad(loss)(model)
        gradient, _ = nn.clip_by_norm(gradient, 1.0)
        return (*optimiser.update(gradient, state, model), value)

    model: Any = stop_gradient(network) if arrays else network
    compiled: Any = compile(step)
    one, other = (model, optimiser.init(model)), (model, optimiser.init(model))
    for _ in range(6):
        *one, loss = step(*one, x, y)
        *other, also = compiled(*other, x, y)
        assert stop_gradient(loss) == stop_gradient(also)
    assert compiled.recorded == 1 and compiled.eager == 0
    for a, b in zip(one[0].parameters(), other[0].parameters(), strict=True):
        np.testing.assert_array_equal(stop_gradient(a), stop_gradient(b))
