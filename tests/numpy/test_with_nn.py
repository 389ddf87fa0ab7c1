"""Arrays with Values in them as data of networks and losses: the gradients of these Values are
those of one Value with the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy
import pytest

import autograd.numpy as np
import nn
from autograd import grad, stop_gradient

X = numpy.array([[0.25, 0.5, 0.125], [0.75, 0.25, 0.5]])
TARGET = numpy.array([[0.5, 0.25, 0.25], [0.125, 0.5, 0.375]])
LINEAR = nn.Linear(3, 2, seed=0)
MLP = nn.MLP(3, [4, 1], seed=0)

USES: dict[str, Callable[[Any], Any]] = {
    "Linear": LINEAR,
    "Linear of a list": lambda x: LINEAR([x[0], x[1]]),
    "Sequential": nn.Sequential(LINEAR, nn.tanh, nn.Linear(2, 1, seed=1)),
    "MLP of numbers": lambda x: MLP(x[0]),
    "mse": lambda x: nn.mse(x, TARGET),
    "mse of a list": lambda x: nn.mse([x[0], x[1]], TARGET),
    "mse, target": lambda x: nn.mse(TARGET, x),
    "mae": lambda x: nn.mae(x, TARGET),
    "binary_cross_entropy": lambda x: nn.binary_cross_entropy(x, TARGET),
    "binary_cross_entropy_with_logits": lambda x: nn.binary_cross_entropy_with_logits(x, TARGET),
    "cross_entropy_with_logits": lambda x: nn.cross_entropy_with_logits(x, [0, 2]),
    "categorical_cross_entropy": lambda x: nn.categorical_cross_entropy(
        x / np.sum(x, axis=1, keepdims=True), [0, 2]
    ),
    "softmax": nn.softmax,
    "log_softmax": nn.log_softmax,
    "l1_norm": nn.l1_norm,
    "l2_norm": lambda x: nn.l2_norm(x, axis=0),
    "cosine_similarity": lambda x: nn.cosine_similarity(x, TARGET),
    "distillation": lambda x: nn.distillation(x, TARGET),
    **{
        name: getattr(nn, name)
        for name in (
            *("gelu", "hard_sigmoid", "leaky_relu", "relu", "sigmoid", "softplus", "softsign"),
            *("swish", "tanh"),
        )
    },
}


def written(x: Any) -> Any:
    u = np.zeros((2, 3))
    u[0, 0], u[0, 1:], u[1] = x[0, 0], x[0, 1:], x[1] * 1.0
    return u


@pytest.mark.parametrize("name", USES)
def test_gradients_are_those_of_one_value(name: str) -> None:
    f = USES[name]
    expected = stop_gradient(grad(lambda x: np.sum(f(x) ** 2))(X))
    found = stop_gradient(grad(lambda x: np.sum(f(written(x)) ** 2))(X))
    numpy.testing.assert_allclose(found, expected)
    assert expected.any()


@pytest.mark.parametrize("name", USES)
def test_arrays_without_values_are_data_like_any(name: str) -> None:
    f = USES[name]
    if name == "MLP of numbers":
        assert f(np.array(X)).data == f(X).data
        return
    found, expected = f(np.array(X)), f(X)
    numpy.testing.assert_array_equal(numpy.asarray(found.data), numpy.asarray(expected.data))


def test_training() -> None:
    x = np.linspace(-1, 1, 20)[:, None]
    model = nn.Linear(1, 1, seed=0)
    nn.fit(model, x, 3 * x, nn.mse, nn.SGD(model, lr=0.5), epochs=50, progress=False)
    assert model.w.data[0, 0] == pytest.approx(3.0, abs=1e-3)
    assert type(model.w.data) is numpy.ndarray


def test_parameters_from_arrays() -> None:
    model = nn.Linear(2, 1, seed=0)
    model.w.data[...] = np.ones((2, 1))
    assert type(model.w.data) is numpy.ndarray
    assert model.w.data.sum() == 2.0
