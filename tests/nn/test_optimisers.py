"""SGD and Adam against steps worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Value
from nn import SGD, Adam, Linear, Optimiser

GRADIENTS = [0.5, -1.0, 0.25, 2.0]


def run(make: Callable[[list[Value]], Optimiser], start: Any, like: Any = 1.0) -> Any:
    """The parameter after four steps with given gradients."""
    p = Value(start)
    optimiser = make([p])
    for g in GRADIENTS:
        p.grad = g * like
        optimiser.step()
    return p.data


def sgd(lr: float, m: float, nesterov: bool, decay: float) -> float:
    x, u = 1.0, 0.0
    for i, g in enumerate(GRADIENTS):
        g += decay * x
        u = g if i == 0 else m * u + g
        x -= lr * (g + m * u if nesterov else u)
    return x


def adam(lr: float, b1: float, b2: float, eps: float, decay: float, decoupled: bool) -> float:
    x, m, s = 1.0, 0.0, 0.0
    for t, g in enumerate(GRADIENTS, start=1):
        start = x
        if not decoupled:
            g += decay * x
        m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g * g
        x -= lr * (m / (1 - b1**t)) / (math.sqrt(s / (1 - b2**t)) + eps)
        if decoupled:
            x -= lr * decay * start
    return x


@pytest.mark.parametrize("m", [0.0, 0.9])
@pytest.mark.parametrize("decay", [0.0, 0.1])
@pytest.mark.parametrize("nesterov", [False, True])
def test_sgd_by_hand(m: float, decay: float, nesterov: bool) -> None:
    if nesterov and not m:
        return

    def make(ps: list[Value]) -> Optimiser:
        return SGD(ps, 0.1, momentum=m, nesterov=nesterov, weight_decay=decay)

    expected = sgd(0.1, m, nesterov, decay)
    assert run(make, 1.0) == pytest.approx(expected, rel=1e-14)
    assert np.allclose(run(make, np.ones((2, 2)), np.ones((2, 2))), expected, rtol=1e-14)


@pytest.mark.parametrize("decay", [0.0, 0.1])
@pytest.mark.parametrize("decoupled", [False, True])
def test_adam_by_hand(decay: float, decoupled: bool) -> None:
    def make(ps: list[Value]) -> Optimiser:
        return Adam(ps, 0.1, (0.8, 0.95), 1e-6, weight_decay=decay, decoupled=decoupled)

    expected = adam(0.1, 0.8, 0.95, 1e-6, decay, decoupled)
    assert run(make, 1.0) == pytest.approx(expected, rel=1e-13)
    assert np.allclose(run(make, np.ones(3), np.ones(3)), expected, rtol=1e-13)


MAKERS = [
    lambda ps: SGD(ps, 0.1),
    lambda ps: SGD(ps, 0.1, momentum=0.9, nesterov=True, weight_decay=0.1),
    lambda ps: Adam(ps, 0.1),
    lambda ps: Adam(ps, 0.1, weight_decay=0.1, decoupled=True),
]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize(
    "start", [1.0, np.float32(1), np.ones((2, 3), np.float32), np.ones(2), np.array(1.0)]
)
def test_type_and_dtype_of_the_data_stay(make: Any, start: Any) -> None:
    p = Value(start)
    before = p.data
    optimiser = make([p])
    optimiser.lr = np.float64(0.1)
    for _ in range(3):
        p.grad = np.ones(np.shape(start))
        optimiser.step()
    assert type(p.data) is type(before) and np.shape(p.data) == np.shape(start)
    assert np.asarray(p.data).dtype == np.asarray(start).dtype
    assert np.all(p.data < 1)
    assert p.data is before or not isinstance(before, np.ndarray)  # arrays change in place


@pytest.mark.parametrize("make", MAKERS)
def test_unused_parameters_stay(make: Any) -> None:
    used, unused = Value([1.0, 2.0]), Value(5.0)
    optimiser = make([used, unused])
    for _ in range(3):
        optimiser.zero_grad()
        (used * used).sum().backward()
        optimiser.step()
    assert unused.data == 5.0
    assert np.all(used.data < [1.0, 2.0])
    frozen = used.data.copy()
    optimiser.zero_grad()
    optimiser.step()
    assert np.array_equal(used.data, frozen)


@pytest.mark.parametrize(
    "given", [lambda p, m: [p, [p]], lambda p, m: {"a": p, "b": p}, lambda p, m: [m, m.layers[0].w]]
)
def test_a_parameter_given_twice_is_an_error(given: Any) -> None:
    model = nn.Sequential(Linear(2, 2, seed=0))
    with pytest.raises(ValueError, match="is given twice: name it once"):
        SGD(given(Value(1.0), model), lr=0.5)


def test_a_list_that_holds_itself_is_an_error() -> None:
    ring: list[Any] = [Value(1.0)]
    ring.append(ring)
    with pytest.raises(ValueError, match="holds itself"):
        SGD(ring, 0.1)


def test_a_parameter_that_a_module_shares_steps_once() -> None:
    model = nn.Sequential(Linear(2, 2, seed=0), Linear(2, 2, seed=1))
    model.layers[1].w = model.layers[0].w
    for make in (lambda: model, lambda: [model], lambda: {"params": model}):
        optimiser = SGD(make(), lr=0.5)  # type: ignore[arg-type]
        assert len(optimiser.parameters) == 3
    before = model.layers[0].w.data.copy()
    model.layers[0].w.grad = np.ones((2, 2))
    optimiser.step()
    np.testing.assert_allclose(model.layers[1].w.data, before - 0.5)
    pure, tree = SGD(lr=0.5), model
    moved, _ = pure.update(tree, pure.init(tree), tree)  # the model as its own gradient
    assert moved.layers[0].w is moved.layers[1].w and len(moved.parameters()) == 3


def test_parameters_as_module_list_tuple_dict_or_generator() -> None:
    model = Linear(2, 2, seed=0)
    for given in (
        model,
        [model],
        model.parameters(),
        tuple(model.parameters()),
        dict(model.named_parameters()),
        (p for p in model.parameters()),
    ):
        assert len(SGD(given, 0.1).parameters) == 2


def test_gradients_that_are_values() -> None:
    p = Value(2.0)
    (p * p * p).backward(create_graph=True)
    for optimiser in (SGD([p], 0.1, momentum=0.5), Adam([p], 0.1)):
        optimiser.step()
    assert type(p.data) is float
    assert p.data == pytest.approx(2 - 0.1 * 12 - 0.1)


def test_the_gradient_itself_is_not_changed() -> None:
    for make in MAKERS:
        p = Value([1.0, 2.0])
        optimiser = make([p])
        (p * p).sum().backward()
        for _ in range(3):
            optimiser.step()
        assert np.array_equal(p.grad, [2.0, 4.0])


def test_momentum_keeps_no_reference_to_a_gradient_that_changes() -> None:
    p = Value(np.ones(1))
    optimiser = SGD([p], 1.0, momentum=0.5)
    p.grad = g = np.ones(1)
    optimiser.step()
    g += 100
    p.grad = np.zeros(1)
    optimiser.step()
    assert p.data == 1 - 1 - 0.5


@pytest.mark.parametrize("make", MAKERS)
def test_descends_a_bowl(make: Any) -> None:
    p = Value([3.0, -4.0])
    optimiser = make(p for p in [p])
    for _ in range(500):
        optimiser.zero_grad()
        (p * p).sum().backward()
        optimiser.step()
    assert np.abs(p.data).max() < 0.05


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda p: SGD([], 0.1), "nothing to optimise"),
        (lambda p: SGD([1.0], 0.1), "nothing to optimise"),
        (lambda p: SGD([p], 0.0), "lr must be positive"),
        (lambda p: SGD([p], math.nan), "lr must be positive"),
        (lambda p: SGD([p], 0.1, momentum=1.0), "momentum must be at least 0 and below 1"),
        (lambda p: SGD([p], 0.1, nesterov=True), "nesterov needs a momentum"),
        (lambda p: SGD([p], 0.1, weight_decay=-1), "must not be negative"),
        (lambda p: Adam([p], betas=(0.9, 1.0)), r"betas\[1\]"),
        (lambda p: Adam([p], eps=0.0), "eps must be positive"),
    ],
)
def test_bad_settings(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(Value(1.0))


def test_an_output_is_no_parameter() -> None:
    with pytest.raises(TypeError, match="output of the operation"):
        SGD([Value(1.0) * 2], 0.1)


def test_single_value_is_taken_as_a_list_of_one() -> None:
    with pytest.raises(TypeError, match="Module or a list"):
        nn.SGD(Value(1.0), 0.1)  # type: ignore[arg-type]


# --- groups with options of their own, as PyTorch writes them ------------------------------------
def stepped(make: Callable[..., Optimiser], given: Any, ps: list[Value], **options: Any) -> Any:
    """The parameters after three steps along the gradient 1."""
    optimiser = make(given, **options)
    for _ in range(3):
        for p in ps:
            p.grad = np.ones(p.shape)
        optimiser.step()
    return [p.data for p in ps]


@pytest.mark.parametrize(
    ("make", "first", "second"),
    [
        (SGD, {"lr": 0.1, "momentum": 0.5}, {"lr": 0.01, "momentum": 0.5, "weight_decay": 0.3}),
        (SGD, {"lr": 0.1}, {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
        (Adam, {"lr": 0.1, "eps": 1e-3}, {"lr": 0.02, "eps": 1e-3, "betas": (0.5, 0.6)}),
        (Adam, {"lr": 0.1}, {"lr": 0.1, "weight_decay": 0.1, "decoupled": True}),
    ],
)
def test_each_group_steps_with_its_own_options(make: Any, first: Any, second: Any) -> None:
    alone = lambda options: stepped(make, ps := [Value([1.0, 2.0])], ps, **options)[0]
    ps = [Value([1.0, 2.0]), Value([1.0, 2.0])]
    groups = [{"params": [ps[0]]}, {"params": ps[1], **second}]
    found = stepped(make, groups, ps, **first)
    assert np.array_equal(found[0], alone(first))
    assert np.array_equal(found[1], alone(second))
    assert not np.array_equal(found[0], found[1])


def test_options_may_change_between_steps() -> None:
    a, b = Value(0.0), Value(0.0)
    optimiser = SGD([{"params": [a], "lr": 1.0}, {"params": [b]}], lr=10.0)
    assert optimiser.groups[0] == {"params": [a], "lr": 1.0}
    for own, default in ((1.0, 10.0), (2.0, 20.0)):
        optimiser.groups[0]["lr"], optimiser.lr = own, default
        a.data, b.data, a.grad, b.grad = 0.0, 0.0, 1.0, 1.0
        optimiser.step()
        assert (a.data, b.data) == (-own, -default)
    optimiser.groups[0]["lr"] = -1.0
    with pytest.raises(ValueError, match="lr must be positive"):
        optimiser.step()


def test_groups_of_modules_and_one_group_alone() -> None:
    first, last = Linear(2, 2, seed=0), Linear(2, 2, seed=1)
    optimiser = Adam([{"params": first, "lr": 0.1}, {"params": last.parameters()}])
    assert len(optimiser.parameters) == 4
    only = SGD({"params": first, "lr": 0.5}, lr=0.1)
    assert only.groups[0]["lr"] == 0.5 and len(only.parameters) == 2
    groups = (g for g in [{"params": [first.w]}, {"params": [first.b], "lr": 0.5}])
    assert len(SGD(groups, lr=0.1).groups) == 2
    assert len(SGD({"params": first.w, "other": first.b}, 0.1).parameters) == 2  # names, no options


@pytest.mark.parametrize(
    ("groups", "error", "message"),
    [
        (lambda p: [{"params": [p], "rate": 0.1}], TypeError, "no option 'rate': Adam knows betas"),
        (lambda p: [{"params": [p], "momentum": 0.9}], TypeError, "no option 'momentum'"),
        (lambda p: [{"params": [p]}, Value(1.0)], TypeError, "all parameters stand in groups"),
        (lambda p: [{"param": [p], "lr": 0.1}], TypeError, r"0.lr is of type float.*\"params\""),
        (lambda p: {"w": p, "rate": 0.1}, TypeError, "rate is of type float"),
        (lambda p: [{"params": [p]}, {"params": [p]}], ValueError, "two groups"),
        (lambda p: [{"params": [p]}, {"params": []}], ValueError, "nothing to optimise"),
        (lambda p: [{"params": [p], "lr": -0.1}], ValueError, "lr must be positive"),
        (lambda p: [{"params": [p], "betas": (0.9, 1.0)}], ValueError, r"betas\[1\]"),
    ],
)
def test_groups_that_are_wrong(groups: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        Adam(groups(Value(1.0)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda p: SGD([p], learning_rate=0.1), "SGD has no keyword 'learning_rate'.*'lr'"),
        (lambda p: Adam(params=[p]), "Adam has no keyword 'params'.*'parameters'"),
        (lambda p: SGD([p], 0.1, speed=1), "SGD has no keyword 'speed'.*momentum"),
    ],
)
def test_keywords_of_other_libraries(call: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call(Value(1.0))


# --- complex parameters --------------------------------------------------------------------------
@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize(
    "start", [3 - 4j, np.array([3 - 4j, 1j]), np.array([2 + 1j], np.complex64)]
)
def test_descends_a_bowl_of_complex_numbers(make: Any, start: Any) -> None:
    """The gradient is df/da - i df/db: going along it would climb in the imaginary part."""
    p = Value(start)
    optimiser = make([p])
    kind, dtype = type(p.data), np.asarray(p.data).dtype
    for _ in range(1000):
        optimiser.zero_grad()
        (p * p.conj()).real.sum().backward()
        optimiser.step()
    assert np.abs(p.data).max() < 0.02
    assert type(p.data) is kind and np.asarray(p.data).dtype == dtype


def test_complex_steps_by_hand() -> None:
    """One step of abs(z - 1)**2, whose gradient as a vector is 2 * (z - 1)."""
    for z in (3 + 4j, np.array([3 + 4j])):
        p, q = Value(z), Value(z)
        for v in (p, q):
            (abs(v - 1) ** 2).sum().backward()
        SGD([p], 0.25).step()
        assert np.allclose(p.data, 2 + 2j)
        Adam([q], 0.5).step()  # |g| / sqrt(|g|**2): a step of length lr along the gradient
        assert np.allclose(q.data, z - 0.5 * (2 + 4j) / abs(2 + 4j))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda p: Adam([p], lr="0.1"), "lr is a number, or a function"),
        (lambda p: Adam([p], lr=None), "lr is a number, or a function"),
        (lambda p: Adam([p], betas=0.9), "betas are two numbers"),
        (lambda p: Adam([p], betas=(0.9, 0.9, 0.9)), "betas are two numbers"),
    ],
)
def test_settings_that_are_no_numbers(call: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call(Value(1.0))


@pytest.mark.parametrize("make", MAKERS)
def test_a_parameter_that_is_frozen_later_stays(make: Any) -> None:
    """Its last gradient is forgotten: `model.zero_grad` does not reach it any more."""
    model = nn.Sequential(Linear(3, 4, seed=0), Linear(4, 1, seed=1))
    optimiser, x = make(model), np.ones((5, 3))

    def step() -> None:
        model.zero_grad()
        nn.mse(model(x), np.zeros((5, 1))).backward()
        optimiser.step()

    step()
    model.freeze("layers.0")
    before = model.state_dict()
    step()
    after = model.state_dict()
    assert np.array_equal(before["layers.0.w"], after["layers.0.w"])
    assert not np.array_equal(before["layers.1.w"], after["layers.1.w"])
    model.unfreeze()
    step()
    assert not np.array_equal(after["layers.0.w"], model.state_dict()["layers.0.w"])
