"""Neuron, Layer and MLP: micrograd's interface."""

from __future__ import annotations

import random

import numpy as np
import pytest

import nn
from autograd import Value
from nn import MLP, Layer, Neuron


def test_reprs() -> None:
    assert repr(Neuron(3)) == "ReLUNeuron(3)"
    assert repr(Neuron(3, nonlin=False)) == "LinearNeuron(3)"
    assert repr(Layer(2, 2)) == "Layer of [ReLUNeuron(2), ReLUNeuron(2)]"
    assert repr(MLP(2, [2, 1])) == (
        "MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(2)]]"
    )


def test_neuron_computes_relu_of_the_weighted_sum() -> None:
    n = Neuron(2)
    n.w[0].data, n.w[1].data, n.b.data = 2.0, -3.0, 0.5
    assert n([1.0, 0.25]).data == pytest.approx(1.75)
    assert n([0.0, 1.0]).data == 0.0
    n.nonlin = False
    assert n([0.0, 1.0]).data == -2.5


def test_weights_are_drawn_as_in_micrograd() -> None:
    random.seed(1337)
    expected = [random.uniform(-1, 1) for _ in range(2 * 3 + 3)]
    random.seed(1337)
    model = MLP(2, [3, 1])
    found = [p.data for name, p in model.named_parameters() if ".w." in name]
    assert found == expected
    assert all(p.data == 0.0 for name, p in model.named_parameters() if name.endswith(".b"))


def test_parameters_come_neuron_by_neuron_weights_first() -> None:
    model = MLP(2, [2, 1])
    expected = [p for layer in model.layers for n in layer.neurons for p in [*n.w, n.b]]
    assert len(expected) == 9
    assert all(a is b for a, b in zip(model.parameters(), expected, strict=True))


@pytest.mark.parametrize("make", [lambda: random.Random(3), lambda: np.random.default_rng(3)])
def test_own_source_of_randomness(make: object) -> None:
    first, second = (MLP(3, [4, 2], seed=make()) for _ in range(2))  # type: ignore[operator]
    assert [p.data for p in first.parameters()] == [p.data for p in second.parameters()]
    assert all(type(p.data) is float and -1 < p.data < 1 for p in first.parameters())


def test_an_own_source_leaves_the_module_random_alone() -> None:
    random.seed(0)
    expected = random.random()
    random.seed(0)
    MLP(3, [4, 2], seed=random.Random(3))
    assert random.random() == expected


def test_inputs_may_be_numbers_values_arrays_and_iterators() -> None:
    model = MLP(3, [4, 2], seed=random.Random(0))
    x = [0.5, -1.0, 2.0]
    expected = [v.data for v in model(x)]
    for other in (tuple(x), np.array(x), list(map(Value, x)), np.array(x, dtype=np.float32)):
        assert [v.data for v in model(other)] == pytest.approx(expected)
    assert [v.data for v in model(iter(x))] == expected
    assert all(type(v.data) is float for v in model(np.array(x)))


def test_one_output_is_a_value_also_between_layers() -> None:
    model = MLP(2, [1, 1, 2], seed=random.Random(0))
    assert type(MLP(2, [1])([1.0, 2.0])) is Value
    assert len(model([1.0, 2.0])) == 2


def test_wrong_number_of_inputs() -> None:
    with pytest.raises(ValueError, match="takes 2 inputs, 3 were given"):
        MLP(2, [2, 1])([1.0, 2.0, 3.0])


def test_gradient_of_the_inputs_too() -> None:
    model = MLP(2, [3, 1], seed=random.Random(4))
    x = [Value(0.3), Value(-0.7)]
    model(x).backward()
    step = 1e-6
    for i in range(2):
        moved = [0.3, -0.7]
        moved[i] += step
        up = model(moved).data
        moved[i] -= 2 * step
        assert x[i].grad == pytest.approx((up - model(moved).data) / (2 * step), abs=1e-8)


def test_a_seed_draws_every_neuron_anew_and_the_same_again() -> None:
    first, again = (MLP(2, [3, 1], seed=7) for _ in range(2))
    weights = [p.data for p in first.parameters() if p.data]
    assert weights == [p.data for p in again.parameters() if p.data]
    assert len(set(weights)) == len(weights) == 2 * 3 + 3


# --- activations ----------------------------------------------------------------------------------
def test_activations_by_name_and_as_a_function() -> None:
    x = [0.3, -0.7]
    for activation, f in (("tanh", np.tanh), (nn.sigmoid, nn.sigmoid), ("ReLU", nn.relu)):
        n = Neuron(2, seed=1, activation=activation)
        total = sum(w.data * a for w, a in zip(n.w, x, strict=True))
        assert n(x).data == pytest.approx(float(f(total)))
    assert repr(Neuron(2, activation="leaky_relu")) == "LeakyReluNeuron(2)"
    assert repr(Neuron(2, activation="linear")) == repr(Neuron(2, False, activation="tanh"))
    assert repr(Neuron(2, activation=lambda v: v * v)) == "LambdaNeuron(2)"


def test_activations_of_an_mlp() -> None:
    last = lambda model: [n.activation for n in model.layers[-1].neurons]
    assert last(MLP(2, [3, 1], activation="tanh")) == [nn.tanh]
    each = MLP(2, [3, 2, 1], seed=0, activation=["tanh", nn.sigmoid, "linear"])
    assert [layer.neurons[0].nonlin for layer in each.layers] == [True, True, False]
    assert each.layers[1].neurons[0].activation is nn.sigmoid
    plain, named = MLP(2, [3, 1], seed=0), MLP(2, [3, 1], seed=0, activation=["relu", "linear"])
    assert plain([1.0, 2.0]).data == named([1.0, 2.0]).data
    assert repr(plain) == repr(named)


XS = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
YS = [1.0, -1.0, -1.0, 1.0]


def test_the_network_of_the_video_learns_with_nearly_every_seed() -> None:
    """MLP(3, [4, 4, 1]) with tanh throughout, and steps of 0.1 down the summed squares."""
    learned = 0
    for seed in range(20):
        model = MLP(3, [4, 4, 1], seed=seed, activation="tanh")
        for _ in range(60):
            loss = sum((model(x) - y) ** 2 for x, y in zip(XS, YS, strict=True))
            model.zero_grad()
            loss.backward()
            for p in model.parameters():
                p.data -= 0.1 * p.grad
        learned += loss.data < 0.05
    assert learned >= 19
