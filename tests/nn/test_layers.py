"""Linear and Sequential: shapes, dtypes, errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
from autograd import Value
from nn import Linear, Sequential
from tests.nn.differences import slope

rng = np.random.default_rng(3)


@pytest.mark.parametrize("shape", [(2,), (5, 2), (3, 4, 2), (1, 1, 1, 2)])
def test_linear_shapes(shape: tuple[int, ...]) -> None:
    layer, x = Linear(2, 3, seed=0), rng.normal(size=shape)
    y = layer(x)
    assert y.shape == (*shape[:-1], 3)
    assert np.allclose(y.data, x @ layer.w.data + layer.b.data)
    y.sum().backward()
    assert np.allclose(layer.w.grad, np.broadcast_to(x.reshape(-1, 2).sum(0)[:, None], (2, 3)))
    assert np.allclose(layer.b.grad, x.size // 2)


def test_linear_of_a_value_gives_its_gradient() -> None:
    layer, x = Linear(3, 2, seed=0), Value(rng.normal(size=(4, 3)))
    (layer(x) ** 2).sum().backward()
    expected = slope(lambda x: np.sum((x @ layer.w.data + layer.b.data) ** 2), x.data)
    assert np.allclose(x.grad, expected, atol=1e-8)


@pytest.mark.parametrize("source", [np.float64, np.float32, np.float16])
def test_float32_network_stays_float32(source: Any) -> None:
    model = Sequential(
        Linear(3, 4, dtype=np.float32, seed=0), nn.gelu, Linear(4, 2, dtype=np.float32, seed=1)
    )
    x = (rng.uniform(size=(5, 3)) * 3).astype(source)
    loss = nn.cross_entropy_with_logits(model(x), [0, 1, 1, 0, 1])
    assert loss.dtype == np.float32
    for optimiser in (nn.SGD(model, 0.1, momentum=0.9, weight_decay=0.1), nn.Adam(model, 0.1)):
        model.zero_grad()
        loss = nn.cross_entropy_with_logits(model(x), [0, 1, 1, 0, 1])
        loss.backward()
        optimiser.step()
        optimiser.step()
    for p in model.parameters():
        assert p.data.dtype == np.float32 and p.grad.dtype == np.float32


ACTIVATIONS = [
    *(nn.unit_step, nn.sigmoid, nn.tanh, nn.softsign, nn.relu, nn.leaky_relu, nn.hard_sigmoid),
    *(nn.swish, nn.gelu, nn.softplus, nn.softmax, nn.log_softmax),
    lambda x: nn.gelu(x, approximate=True),
    lambda x: nn.softmax(x, temperature=2.0),
]


@pytest.mark.parametrize("f", ACTIVATIONS)
def test_every_activation_keeps_float32(f: Any) -> None:
    x = Value(np.linspace(-2, 2, 6, dtype=np.float32).reshape(2, 3))
    y = f(x)
    assert y.dtype == np.float32 and y.shape == (2, 3)
    y.sum().backward()
    assert x.grad.dtype == np.float32


def test_linear_takes_lists_and_lists_of_values() -> None:
    layer = Linear(2, 1, seed=0)
    a, b = Value(1.0), Value(2.0)
    y = layer([a, b])
    assert np.allclose(y.data, layer([1, 2]).data)
    y.sum().backward()
    assert np.allclose([a.grad, b.grad], layer.w.data[:, 0])


@pytest.mark.parametrize(
    "x", [np.ones((4, 3)), np.ones(3), np.float64(1.0), Value(np.ones((2, 5)))]
)
def test_linear_says_what_does_not_fit(x: Any) -> None:
    with pytest.raises(ValueError, match=r"takes x of shape \(\.\.\., 2\).*has shape"):
        Linear(2, 1)(x)


def test_linear_refuses_bad_sizes_and_dtypes() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Linear(0, 2)
    with pytest.raises(TypeError, match="floating-point"):
        Linear(1, 2, dtype=np.int64)


def test_seeds() -> None:
    a, b, c = Linear(3, 3, seed=1), Linear(3, 3, seed=1), Linear(3, 3, seed=2)
    assert np.array_equal(a.w.data, b.w.data) and np.array_equal(a.b.data, b.b.data)
    assert not np.array_equal(a.w.data, c.w.data)
    shared = np.random.default_rng(1)
    assert np.array_equal(Linear(3, 3, seed=shared).w.data, a.w.data)
    assert not np.array_equal(Linear(3, 3, seed=shared).w.data, a.w.data)
    assert not np.array_equal(Linear(3, 3).w.data, Linear(3, 3).w.data)
    assert np.abs(Linear(400, 5, seed=0).w.data).max() <= 1 / 20


def test_words_of_other_libraries_are_taken() -> None:
    layer = Linear(in_features=3, out_features=2, rng=4)  # type: ignore[call-arg]
    assert np.array_equal(layer.w.data, Linear(3, 2, seed=4).w.data)
    for make in (nn.Neuron, lambda n, **k: nn.Layer(n, 2, **k), lambda n, **k: nn.MLP(n, [2], **k)):
        one, two = make(3, rng=4), make(3, seed=4)  # type: ignore[call-arg]
        assert [p.data for p in one.parameters()] == [p.data for p in two.parameters()]
    with pytest.raises(TypeError, match=r"Linear has no keyword 'sead': it takes \['nin', 'nout'"):
        Linear(3, 2, sead=4)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="'rng' is another word for 'seed'"):
        Linear(3, 2, rng=4, seed=4)  # type: ignore[call-arg]


def test_sequential_applies_in_order() -> None:
    model = Sequential(lambda x: x + 1, lambda x: x * 2)
    assert model(3) == 8
    assert len(model) == 2 and model[1](5) == 10 and len(list(model)) == 2
    assert Sequential()(5) == 5
    with pytest.raises(TypeError, match="layers and functions"):
        Sequential(Linear(1, 1), 3)  # type: ignore[arg-type]


def test_few_nodes_in_a_training_step() -> None:
    model = Sequential(Linear(3, 4, seed=0), nn.tanh, Linear(4, 2, seed=1))
    loss = nn.cross_entropy_with_logits(model(np.ones((5, 3))), np.zeros(5, dtype=int))
    names, v = [], loss
    while v.op is not None:
        names.append(v.op.name)
        v = v.inputs[0]
        if not isinstance(v, Value):
            break
    assert names == ["softmax_cross_entropy", "affine", "tanh", "affine"]
