"""Networks inside the transforms: higher orders, forward mode, debugging."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Value
from nn import SGD, Linear, Sequential
from tests.nn.differences import slope

rng = np.random.default_rng(13)
X, LABELS = rng.normal(size=(6, 3)), rng.integers(0, 4, 6)


def network() -> Sequential:
    return Sequential(Linear(3, 5, seed=0), nn.gelu, Linear(5, 4, seed=1))


def loss_at(w: Any, model: Sequential | None = None) -> Any:
    """The loss as a function of the first weights alone."""
    first, bend, last = model or network()
    assert isinstance(last, Linear) and isinstance(first, Linear)
    hidden = bend(X @ w + first.b.data)
    return nn.cross_entropy_with_logits(hidden @ last.w.data + last.b.data, LABELS)


def test_gradient_penalty_by_create_graph() -> None:
    """The length of a gradient, differentiated: backward through backward."""
    model = network()
    x = Value(X)
    nn.cross_entropy_with_logits(model(x), LABELS).backward(create_graph=True)
    penalty = nn.l2_norm(x.grad)
    model.zero_grad()
    penalty.backward()
    w = model.parameters()[0]
    found, kept = w.grad.copy(), w.data

    def length(moved: Any) -> float:
        w.data = moved
        other = Value(X)
        nn.cross_entropy_with_logits(model(other), LABELS).backward()
        w.data = kept
        return float(np.sqrt(np.sum(other.grad**2)))

    assert np.allclose(found, slope(length, kept), atol=1e-8)


def test_forward_mode_and_hessian_vector_product() -> None:
    w, t = network().parameters()[0].data, rng.normal(size=(3, 5))
    _, along = ag.jvp(loss_at, (w,), (t,))
    g = ag.grad(loss_at)(w)
    assert float(along) == pytest.approx(float(np.sum(g * t)), rel=1e-12)
    product = ag.hessian_vector_product(loss_at)(w, t)
    expected = slope(lambda w: np.sum(ag.grad(loss_at)(w) * t), w)
    assert np.allclose(product, expected, atol=1e-8)


def test_module_parameters_are_constants_to_a_transform() -> None:
    model = network()
    g = ag.grad(lambda x: nn.cross_entropy_with_logits(model(x), LABELS))(X)
    x = Value(X)
    nn.cross_entropy_with_logits(model(x), LABELS).backward()
    plain = g.data if isinstance(g, Value) else g
    assert np.allclose(plain, x.grad)


def test_training_under_debug() -> None:
    model = network()
    descent = SGD(model, 0.1)
    with ag.debug():
        history = nn.fit(model, X, LABELS, nn.cross_entropy_with_logits, descent, 3, progress=False)
    assert history.train[-1] < history.train[0]


def test_debug_names_the_line_that_breaks() -> None:
    model = network()
    model.parameters()[0].data[:] = np.inf
    with np.errstate(all="ignore"), ag.debug(), pytest.raises(FloatingPointError):
        model(X)
