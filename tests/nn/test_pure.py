"""Layers in functions that change nothing outside: compiled steps, per-example gradients."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import autograd as ag
import nn
from autograd.pytree import flatten

RNG = np.random.default_rng(4)
X, Y = RNG.normal(size=(8, 1, 10, 10)), RNG.integers(0, 3, 8)


def network() -> Any:
    """Layers of many kinds; parameters are arrays."""
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1, seed=0),
        nn.relu,
        nn.MaxPool2d(2),
        nn.Conv2d(4, 3, 2, seed=1),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.LayerNorm(12),
        nn.Linear(12, 3, seed=2),
    )
    return ag.stop_gradient(model)


def loss(model: Any, x: Any, y: Any) -> Any:
    return nn.cross_entropy_with_logits(model(x), y)


def test_a_compiled_gradient_gives_the_same_bits() -> None:
    model, both = network(), ag.value_and_grad(loss)
    compiled = ag.compile(both)
    for k in range(3):
        found, wanted = compiled(model, X + k, Y), both(model, X + k, Y)
        assert found[0] == wanted[0]
        for a, b in zip(flatten(found[1])[0], flatten(wanted[1])[0], strict=True):
            np.testing.assert_array_equal(a, b)
    assert compiled.recorded == 1 and compiled.eager == 0


def test_gradients_of_each_example() -> None:
    model = network()
    each = ag.vmap(ag.grad(lambda m, x, y: loss(m, x[None], y[None])), (None, 0, 0))
    found = flatten(each(model, X, Y))[0]
    wanted = [flatten(ag.grad(loss)(model, X[i : i + 1], Y[i : i + 1]))[0] for i in range(8)]
    for k, g in enumerate(found):
        np.testing.assert_allclose(g, np.stack([one[k] for one in wanted]), rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("momentum", [0.1, None])
def test_a_compiled_step_with_running_statistics(momentum: float | None) -> None:
    model = nn.Sequential(nn.BatchNorm1d(3, momentum=momentum), nn.Linear(3, 1, seed=0))
    arrays = copy.deepcopy(ag.stop_gradient(model))  # copies share running statistics

    @ag.compile
    def step(m: Any, buffers: Any, x: Any) -> Any:
        kept = {}

        def total(m: Any) -> Any:
            pure = m.with_state(buffers=buffers)
            y = np.sum(pure(x) ** 2)
            kept.update(pure.named_buffers())
            return y

        return ag.value_and_grad(total)(m), kept

    buffers = {name: b.copy() for name, b in model.named_buffers()}
    for k in range(4):
        x = RNG.normal(size=(5, 3)) + k
        (value, slopes), buffers = step(arrays, buffers, x)
        y = (model(x) ** 2).sum()  # the same, in place
        model.zero_grad()
        y.backward()
        np.testing.assert_allclose(value, y.data, rtol=1e-13)
        np.testing.assert_allclose(slopes.layers[1].w, model[1].w.grad, rtol=1e-12)  # type: ignore[attr-defined]
        for name, b in model.named_buffers():
            np.testing.assert_allclose(buffers[name], b, rtol=1e-13)
    assert step.recorded <= 2 and step.eager == 0  # an array of no axes comes out as a number


def test_a_compiled_step_that_drops() -> None:
    model = nn.Sequential(nn.Linear(3, 50, seed=0), nn.Dropout(0.5), nn.Linear(50, 1, seed=1))
    arrays = ag.stop_gradient(model)
    f = lambda m, x, seed: np.sum(m.with_state(seed=seed)(x))
    compiled = ag.compile(f)
    x, one, two = RNG.normal(size=(4, 3)), np.random.default_rng(1), np.random.default_rng(1)
    found = [compiled(arrays, x, one) for _ in range(4)]
    assert found == [f(arrays, x, two) for _ in range(4)]
    assert len(set(map(float, found))) == 4 and compiled.recorded == 1


def test_with_state_shares_parameters_and_nothing_else() -> None:
    model = nn.Sequential(nn.BatchNorm1d(3), nn.Dropout(0.5, seed=0), nn.Linear(3, 1, seed=0))
    model.freeze("layers.2.b")
    before = model.state_dict()
    twin = model.with_state(buffers=dict(model.named_buffers()), seed=3)
    x = RNG.normal(size=(6, 3))
    y = twin(x)
    assert all(a is b for a, b in zip(twin.parameters(), model.parameters(), strict=True))
    for name, kept in model.state_dict().items():
        np.testing.assert_array_equal(kept, before[name])
    assert twin[0].num_batches_tracked == 1 and twin.frozen() == ["layers.2.b"]  # type: ignore[attr-defined]
    assert model[1].source is not twin[1].source  # type: ignore[attr-defined]
    again = model.with_state(buffers=dict(model.named_buffers()), seed=3)
    np.testing.assert_array_equal(again(x).data, y.data)
    with pytest.raises(nn.StateError, match=r"buffers of this Sequential are.*given are \['a'\]"):
        model.with_state(buffers={"a": 1.0})


def test_a_transform_of_such_a_copy_writes_nothing_either() -> None:
    model = nn.BatchNorm1d(3)
    buffers = dict(model.named_buffers())
    twin = model.with_state(buffers=buffers)
    ag.grad(lambda m: m(RNG.normal(size=(6, 3)) + 1).sum())(twin)
    assert not buffers["running_mean"].any() and not buffers["num_batches_tracked"]


@pytest.mark.parametrize("transform", [ag.compile, ag.vmap])
def test_what_a_pure_function_would_lose_is_refused(transform: Any) -> None:
    x = RNG.normal(size=(2, 5, 3))
    for layer, advice in (
        (nn.BatchNorm1d(3), r"layers\.0: BatchNorm1d.*with_state\(buffers=\.\.\.\)"),
        (nn.Dropout(0.5), r"layers\.0: Dropout.*with_state\(seed=generator\)"),
    ):
        model = nn.Sequential(layer)
        with pytest.raises(TypeError, match=advice):
            transform(lambda x, model=model: model(x if x.ndim == 2 else x[0]))(x)
        model.eval()
        transform(lambda x, model=model: model(x if x.ndim == 2 else x[0]))(x)
