"""The gradients of all parameters as one vector, clipping, and a rate that falls on plateaus."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Value, grad, stop_gradient
from autograd.arrays.refusing import RefusingArray
from nn import SGD, Linear, ReduceOnPlateau
from tests.nn.test_optimiser_formulas import REFERENCE


def with_gradients() -> list[Value]:
    ps = [Value(1.0), Value(np.ones((2, 2), np.float32)), Value(2.0)]
    ps[0].grad, ps[1].grad = -3.0, np.array([[1.0, 2.0], [0.0, -4.0]], np.float32)
    return ps


def test_one_vector() -> None:
    ps = with_gradients()
    np.testing.assert_array_equal(nn.flat_gradient(ps), [-3, 1, 2, 0, -4, 0])
    assert nn.gradient_norm(ps) == pytest.approx(math.sqrt(30))
    model = Linear(2, 1, seed=0)
    assert nn.flat_gradient(model).shape == (3,) and nn.gradient_norm(model) == 0
    x, y = np.ones((4, 2)), np.zeros((4, 1))
    slope = grad(lambda m: nn.mse(m(x), y))(stop_gradient(model))
    nn.mse(model(x), y).backward()
    np.testing.assert_allclose(nn.flat_vector(slope), nn.flat_gradient(model))
    with pytest.raises(ValueError, match="nothing in the tree"):
        nn.flat_vector([])


def test_the_cosine_between_gradients() -> None:
    model = stop_gradient(Linear(2, 1, seed=0))
    x = np.random.default_rng(0).normal(size=(6, 2))
    slope = lambda y: grad(lambda m: nn.mse(m(x), y))(model)
    out = model(x)
    a, b = slope(out + 1.0), slope(out - 1.0)
    assert nn.gradient_cosine(a, a) == pytest.approx(1)
    assert nn.gradient_cosine(a, b) == pytest.approx(-1)
    with pytest.raises(ValueError, match="another structure"):
        nn.gradient_cosine({"w": 1.0}, [1.0])


def test_clipping_by_norm_is_that_of_pytorch() -> None:
    """limit / (norm + 1e-6) is the factor, where it is below 1."""
    ps = with_gradients()
    norm = math.sqrt(30)
    assert nn.clip_gradient_norm(ps, 2.0) == pytest.approx(norm)
    factor = 2.0 / (norm + 1e-6)
    np.testing.assert_allclose(nn.flat_gradient(ps), factor * np.array([-3, 1, 2, 0, -4, 0]))
    assert ps[1].grad.dtype == np.float32 and type(ps[0].grad) is float and not ps[2].has_grad
    before = nn.flat_gradient(ps)
    assert nn.clip_gradient_norm(ps, 100.0) == pytest.approx(2.0)
    np.testing.assert_array_equal(nn.flat_gradient(ps), before)
    ps[0].grad = math.nan
    with pytest.raises(ValueError, match=r"length nan.*autograd\.debug"):
        nn.clip_gradient_norm(ps, 1.0)


def test_clipping_by_value() -> None:
    ps = with_gradients()
    nn.clip_gradient_value(ps, 1.5)
    np.testing.assert_array_equal(nn.flat_gradient(ps), [-1.5, 1, 1.5, 0, -1.5, 0])
    assert not ps[2].has_grad
    for clip in (nn.clip_gradient_norm, nn.clip_gradient_value, nn.clip_by_norm, nn.clip_by_value):
        with pytest.raises(ValueError, match="limit must be positive"):
            clip(ps, 0.0)


def test_clipping_of_trees() -> None:
    tree: Any = {"w": np.array([3.0, 4.0], np.float32), "b": 12.0, "none": None}
    short, norm = nn.clip_by_norm(tree, 6.5)
    assert norm == pytest.approx(13) and short["none"] is None and type(short["b"]) is float
    np.testing.assert_allclose(short["w"], [1.5, 2.0], rtol=1e-6)
    assert short["w"].dtype == np.float32
    np.testing.assert_array_equal(tree["w"], [3, 4])
    assert nn.clip_by_value(tree, 3.5)["b"] == 3.5
    lazy, length = nn.clip_by_norm([RefusingArray.of(np.array([3.0, 4.0]))], 1.0)
    np.testing.assert_allclose(lazy[0].compute(), [0.6, 0.8], rtol=1e-6)
    assert length.compute() == 5


@pytest.mark.parametrize("case", REFERENCE["plateaus"], ids=str)
def test_plateaus_are_those_of_pytorch(case: dict[str, Any]) -> None:
    options = {"lowest" if k == "min_lr" else k: x for k, x in case["options"].items()}
    group = {"params": [Value(1.0)], "lr": 0.1}
    optimiser = SGD([group, {"params": [Value(1.0)]}], lr=0.2)
    plateau, pure = ReduceOnPlateau(optimiser, **options), ReduceOnPlateau(**options)
    state, lr, restored = pure.init(), 0.1, ReduceOnPlateau(**options)
    for loss, rate in zip(REFERENCE["losses"], case["rates"], strict=True):
        before = optimiser.lr, optimiser.groups[0]["lr"]
        assert plateau.step(loss) == (before != (optimiser.lr, optimiser.groups[0]["lr"]))
        lr, state = pure.update(loss, state, lr)
        restored = ReduceOnPlateau(**options).load_state_dict({**state})
        assert restored.state == state == plateau.state_dict()
        assert optimiser.groups[0]["lr"] == pytest.approx(rate, rel=1e-14)
        assert lr == pytest.approx(rate, rel=1e-14)
    assert optimiser.lr < 0.2


def test_plateaus_of_an_accuracy_and_of_nan() -> None:
    plateau = ReduceOnPlateau(SGD([Value(1.0)], 1.0), factor=0.5, patience=0, mode="max")
    assert [plateau.step(x) for x in (0.5, 0.6, 0.6, 0.7, math.nan)] == [
        *(False, False, True, False, True)
    ]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda o: ReduceOnPlateau(o, factor=1.0), "factor must be at least 0 and below 1"),
        (lambda o: ReduceOnPlateau(o, patience=-1), "patience must not be negative"),
        (lambda o: ReduceOnPlateau(o, cooldown=-1), "cooldown must not be negative"),
        (lambda o: ReduceOnPlateau(o, mode="low"), "mode is 'min' or 'max'"),
        (lambda o: ReduceOnPlateau().step(1.0), "made without an optimiser"),
        (lambda o: ReduceOnPlateau(o).load_state_dict({"best": 1.0}), "no bad"),
        (
            lambda o: ReduceOnPlateau(o).load_state_dict(
                {"best": 1.0, "bad": 0, "rest": 0, "x": 1}
            ),
            "has not: x",
        ),
        (
            lambda o: ReduceOnPlateau(SGD([Value(1.0)], nn.StepDecay(0.1, every=2))),
            "is a schedule",
        ),
    ],
)
def test_plateaus_that_are_none(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make(SGD([Value(1.0)], 0.1))
