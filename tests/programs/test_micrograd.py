"""A script in micrograd's manner: scalar Values, two moons, a max-margin loss, plain steps."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest

from autograd import Value
from nn import MLP, Layer, Module, Neuron


def two_moons(
    count: int, noise: float, source: random.Random
) -> tuple[list[list[float]], list[int]]:
    """Two half circles that reach into each other, and the side (-1 or 1) of each point."""
    points, sides = [], []
    for i in range(count):
        turn = math.pi * source.random()
        upper = i % 2 == 0
        x = math.cos(turn) if upper else 1 - math.cos(turn)
        y = math.sin(turn) if upper else 0.5 - math.sin(turn)
        points.append([x + source.gauss(0, noise), y + source.gauss(0, noise)])
        sides.append(-1 if upper else 1)
    return points, sides


def loss_of(model: MLP, points: Any, sides: Any, alpha: float = 1e-4) -> tuple[Value, float]:
    """Max-margin loss with L2 regularisation, and the accuracy."""
    inputs = [list(map(Value, row)) for row in points]
    scores = list(map(model, inputs))
    losses = [(1 + -yi * score).relu() for yi, score in zip(sides, scores, strict=True)]
    data_loss = sum(losses) * (1.0 / len(losses))
    reg_loss = alpha * sum(p * p for p in model.parameters())
    hits = [(yi > 0) == (score.data > 0) for yi, score in zip(sides, scores, strict=True)]
    return data_loss + reg_loss, sum(hits) / len(hits)


def test_two_moons() -> None:
    source = random.Random(1337)
    points, sides = two_moons(40, 0.1, source)
    random.seed(1337)
    model = MLP(2, [16, 16, 1])
    assert len(model.parameters()) == 337
    history = []
    for k in range(25):
        total_loss, accuracy = loss_of(model, points, sides)
        model.zero_grad()
        total_loss.backward()
        learning_rate = 1.0 - 0.9 * k / 25
        for p in model.parameters():
            p.data -= learning_rate * p.grad
        history.append((total_loss.data, accuracy))
    assert history[-1][0] < history[0][0] / 3
    assert history[-1][1] >= 0.95
    assert all(type(p.data) is float and type(p.grad) is float for p in model.parameters())


def test_numpy_points_and_labels_as_in_a_notebook() -> None:
    points, sides = two_moons(8, 0.1, random.Random(5))
    model, twin = (MLP(2, [3, 1], seed=random.Random(6)) for _ in range(2))
    for _ in range(3):
        for net, xs, ys in ((model, np.array(points), np.array(sides)), (twin, points, sides)):
            total_loss, _ = loss_of(net, xs, ys)
            net.zero_grad()
            total_loss.backward()
            for p in net.parameters():
                p.data -= 0.5 * p.grad
    for p, q in zip(model.parameters(), twin.parameters(), strict=True):
        assert p.data == pytest.approx(q.data, rel=1e-12)
        assert isinstance(p.data, float)
    scores = list(map(model, [list(map(Value, row)) for row in np.array(points)]))
    assert np.array([s.data > 0 for s in scores]).dtype == bool


def test_gradient_of_the_whole_loss_against_differences() -> None:
    points, sides = two_moons(6, 0.1, random.Random(1))
    model = MLP(2, [4, 1], seed=random.Random(2))
    loss, _ = loss_of(model, points, sides, alpha=0.1)
    loss.backward()
    for p in model.parameters():
        found, start, step = p.grad, p.data, 1e-6
        p.data = start + step
        up = loss_of(model, points, sides, alpha=0.1)[0].data
        p.data = start - step
        down = loss_of(model, points, sides, alpha=0.1)[0].data
        p.data = start
        assert found == pytest.approx((up - down) / (2 * step), abs=1e-7)


def test_gradients_add_up_until_zero_grad() -> None:
    n = Neuron(2, nonlin=False)
    n([1.0, 2.0]).backward()
    n([10.0, 20.0]).backward()
    assert [p.grad for p in n.parameters()] == [11.0, 22.0, 2.0]
    n.zero_grad()
    assert [p.grad for p in n.parameters()] == [0.0, 0.0, 0.0]


def test_operations_as_written_for_micrograd() -> None:
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    y = f / 2.0
    y += 10.0 / f
    y.backward()

    def plain(a: float, b: float) -> float:
        c = a + b
        c = c + c + 1
        c = c + 1 + c - a
        d = a * b + b**3
        d = d + d * 2 + max(b + a, 0)
        d = d + 3 * d + max(b - a, 0)
        f = (c - d) ** 2
        return f / 2 + 10 / f

    step = 1e-6
    assert y.data == pytest.approx(plain(-4, 2))
    assert a.grad == pytest.approx(
        (plain(-4 + step, 2) - plain(-4 - step, 2)) / (2 * step), rel=1e-6
    )
    assert b.grad == pytest.approx(
        (plain(-4, 2 + step) - plain(-4, 2 - step)) / (2 * step), rel=1e-6
    )


def test_an_own_module_with_own_parameters_method() -> None:
    class Pair(Module):
        def __init__(self) -> None:
            self.first, self.second = Neuron(1), Layer(1, 2)

        def parameters(self) -> list[Value]:
            return self.first.parameters()

    pair = Pair()
    assert len(pair.parameters()) == 2
    for p in pair.first.parameters() + pair.second.parameters():
        p.grad = 1.0
    pair.zero_grad()
    assert [p.grad for p in pair.second.parameters()] == [1.0] * 4
    assert [p.grad for p in pair.first.parameters()] == [0.0] * 2


def test_data_and_grad_may_be_set_freely() -> None:
    v = Value(2)
    v.grad = 0
    v.data += 1
    assert v.data == 3.0 and v.grad == 0.0
    (v * v).backward()
    assert v.grad == 6.0
