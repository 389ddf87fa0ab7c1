"""Optimisers against PyTorch's numbers; their pure form against `step`, on arrays of all kinds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Value, compile, grad, pytree, stop_gradient
from autograd.arrays.refusing import RefusingArray
from nn import SGD, Adagrad, Adam, AdamW, Linear, Lion, Optimiser, RMSprop, Sequential
from nn.optimisers import entrywise

FILE = Path(__file__).parent / "references" / "optimisers.json"
REFERENCE: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
START, CURVATURE = np.array(REFERENCE["start"]), np.array(REFERENCE["curvature"])
OURS = {"initial_accumulator_value": "start"}
ENTRYWISE = [name for name, case in REFERENCE["optimisers"].items() if case["class"] != "LBFGS"]


def made(name: str, parameters: Any) -> Optimiser:
    """The optimiser of a reference case."""
    case = REFERENCE["optimisers"][name]
    options = {OURS.get(option, option): x for option, x in case["options"].items()}
    make: Any = getattr(nn, case["class"])
    found: Optimiser = make(parameters, **options)
    return found


def gradient(x: Any, t: int) -> Any:
    return CURVATURE * (x - 1) + 0.3 * np.sin(t + np.arange(5.0))


@pytest.mark.parametrize("name", ENTRYWISE)
def test_a_hundred_steps_are_those_of_pytorch(name: str) -> None:
    p = Value(START)
    optimiser = made(name, [p])
    for t in range(1, 101):
        p.grad = gradient(p.data, t)
        optimiser.step()
        if str(t) in REFERENCE["optimisers"][name]["path"]:
            expected = REFERENCE["optimisers"][name]["path"][str(t)]
            np.testing.assert_allclose(p.data, expected, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("name", ENTRYWISE)
def test_numbers_step_as_arrays_do(name: str) -> None:
    ps = [Value(float(x)) for x in START]
    optimiser = made(name, ps)
    for t in range(1, 11):
        for p, g in zip(ps, gradient(np.array([p.data for p in ps]), t), strict=True):
            p.grad = float(g)
        optimiser.step()
    expected = REFERENCE["optimisers"][name]["path"]["10"]
    np.testing.assert_allclose([p.data for p in ps], expected, rtol=1e-11)
    assert all(type(p.data) is float for p in ps)


def test_lion_is_the_formula_of_the_paper() -> None:
    p = Value(START)
    optimiser = Lion([p], lr=0.01, betas=(0.8, 0.95), weight_decay=0.3)
    x, m = START.copy(), np.zeros(5)
    for t in range(1, 101):
        g = gradient(x, t)
        update = np.sign(0.8 * m + (1 - 0.8) * g)
        m = 0.95 * m + (1 - 0.95) * g
        x = x - 0.01 * (update + 0.3 * x)
        p.grad = gradient(p.data, t)
        optimiser.step()
    np.testing.assert_allclose(p.data, x, rtol=1e-12)


def test_a_variance_of_zero_is_not_negative_by_rounding() -> None:
    """The mean of the squares minus the square of the mean, of gradients that never change."""
    p = Value(np.linspace(0.1, 3.0, 50))
    optimiser, g = RMSprop([p], 1e-3, alpha=0.5, centered=True), p.data.copy()
    with np.errstate(invalid="raise"):
        for _ in range(200):
            p.grad = g
            optimiser.step()
    assert np.isfinite(p.data).all()


# --- the pure form --------------------------------------------------------------------------------
CASES: dict[str, Any] = {
    "SGD": lambda ps: SGD(ps, 0.1),
    "SGD momentum": lambda ps: SGD(ps, 0.1, momentum=0.9, nesterov=True, weight_decay=0.1),
    "SGD dampening": lambda ps: SGD(ps, 0.1, momentum=0.9, dampening=0.5),
    "RMSprop": lambda ps: RMSprop(ps, 0.1, weight_decay=0.1),
    "RMSprop all": lambda ps: RMSprop(ps, 0.1, momentum=0.9, centered=True),
    "Adagrad": lambda ps: Adagrad(ps, 0.1, lr_decay=0.1, weight_decay=0.1, start=0.2),
    "Adam": lambda ps: Adam(ps, 0.1, weight_decay=0.1),
    "Adam amsgrad": lambda ps: Adam(ps, 0.1, amsgrad=True, decoupled=True, weight_decay=0.1),
    "AdamW": lambda ps: AdamW(ps, 0.1),
    "AdamW schedule": lambda ps: AdamW(
        ps, nn.WarmUp(nn.CosineDecay(0.1, steps=3), steps=2, start=0.1)
    ),
    "Lion": lambda ps: Lion(ps, 0.1, weight_decay=0.1),
}
rng = np.random.default_rng(0)
TREE = {"w": rng.normal(size=(3, 4)), "b": [rng.normal(size=4).astype(np.float32), 0.5]}


def slopes(t: int) -> Any:
    noise = np.random.default_rng(t)
    return pytree.tree_map(
        lambda x: (
            noise.normal(size=x.shape).astype(x.dtype)
            if isinstance(x, np.ndarray)
            else float(noise.normal())
        ),
        TREE,
    )


def in_place(make: Any, steps: int = 4) -> list[Any]:
    """The parameters after some steps in place."""
    leaves = [Value(x) for x in pytree.flatten(TREE)[0]]
    optimiser = make(leaves)
    for t in range(steps):
        for p, g in zip(leaves, pytree.flatten(slopes(t))[0], strict=True):
            p.grad = g
        optimiser.step()
    return [p.data for p in leaves]


@pytest.mark.parametrize("name", CASES)
def test_update_gives_the_bits_of_step_and_changes_nothing(name: str) -> None:
    optimiser = CASES[name](None)
    parameters, state = TREE, optimiser.init(TREE)
    for t in range(4):
        g = slopes(t)
        before = [pytree.tree_map(np.copy, part) for part in (g, state["slots"], parameters)]
        new, new_state = optimiser.update(g, state, parameters)
        for old, kept in zip((g, state["slots"], parameters), before, strict=True):
            for x, y in zip(pytree.flatten(old)[0], pytree.flatten(kept)[0], strict=True):
                np.testing.assert_array_equal(x, y)
        parameters, state = new, new_state
    assert state["count"] == 4
    for x, y in zip(pytree.flatten(parameters)[0], in_place(CASES[name]), strict=True):
        assert type(x) is type(y) and np.asarray(x).dtype == np.asarray(y).dtype
        np.testing.assert_array_equal(x, y)


@pytest.mark.parametrize("name", CASES)
def test_a_compiled_update_is_a_program_for_every_step(name: str) -> None:
    """Count and rate are its inputs; the bits are those of `step`."""
    optimiser = CASES[name](None)
    update: Any = compile(optimiser.update)
    parameters, state = TREE, optimiser.init(TREE)
    for t in range(6):
        parameters, state = update(slopes(t), state, parameters)
    assert state["count"] == 6 and update.eager == 0
    assert update.recorded <= 3  # numbers come back as NumPy's, which is another signature
    for x, y in zip(pytree.flatten(parameters)[0], in_place(CASES[name], 6), strict=True):
        assert np.asarray(x).dtype == np.asarray(y).dtype
        np.testing.assert_array_equal(x, y)


@pytest.mark.parametrize("name", CASES)
def test_update_looks_at_no_entry(name: str) -> None:
    optimiser = CASES[name](None)
    lazy = lambda tree: pytree.tree_map(RefusingArray.of, tree)
    parameters, state = lazy(TREE), None
    for t in range(3):
        state = optimiser.init(parameters) if state is None else state
        parameters, state = optimiser.update(lazy(slopes(t)), state, parameters)
    for x, y in zip(pytree.flatten(parameters)[0], in_place(CASES[name], 3), strict=True):
        np.testing.assert_array_equal(x.compute(), y)


@pytest.mark.parametrize("name", CASES)
def test_large_arrays_change_block_after_block(name: str, monkeypatch: Any) -> None:
    x = rng.normal(size=(7, 11))
    found = []
    for whole in (1 << 19, 0):
        monkeypatch.setattr(entrywise, "WHOLE", whole)
        monkeypatch.setattr(entrywise, "BLOCK", 10)
        for start in (x, np.asfortranarray(x)):
            p = Value(0.0)
            p.data = start.copy(order="K")
            optimiser = CASES[name]([p])
            for t in range(3):
                p.grad = np.asfortranarray(np.random.default_rng(t).normal(size=x.shape))
                optimiser.step()
            found.append(p.data)
    for y in found[1:]:
        np.testing.assert_array_equal(found[0], y)
    assert not np.array_equal(found[0], x)


@pytest.mark.parametrize("name", CASES)
def test_a_parameter_without_a_gradient_stays_in_both_forms(name: str) -> None:
    """It makes its first step later, as if it were the first: also where others are ahead."""
    late, alone = [Value(1.0), Value([2.0])], [Value([2.0])]
    optimiser, twin = CASES[name](late), CASES[name](alone)
    pure = CASES[name](None)
    tree: Any = [1.0, np.array([2.0])]
    state = pure.init(tree)
    for t in range(4):
        late[0].grad = 0.3
        if t >= 2:
            late[1].grad = alone[0].grad = [0.7]
            twin.step()
        optimiser.step()
        tree, state = pure.update([0.3, np.array([0.7]) if t >= 2 else None], state, tree)
    if "schedule" not in name:  # the schedule of the twin is two steps behind
        np.testing.assert_array_equal(late[1].data, alone[0].data)
    np.testing.assert_array_equal(late[1].data, tree[1])
    assert late[0].data == tree[0]


def test_a_training_step_is_a_function_of_a_module() -> None:
    def model() -> Sequential:
        return Sequential(Linear(3, 4, seed=0), nn.tanh, Linear(4, 1, seed=1))

    x, y = rng.normal(size=(8, 3)), rng.normal(size=(8, 1))
    loss = lambda m: nn.mse(m(x), y)
    trained = model()
    adam = Adam(trained, 0.1)
    for _ in range(5):
        adam.zero_grad()
        loss(trained).backward()
        adam.step()
    for start in (model(), stop_gradient(model())):  # Values, and arrays
        found, optimiser = start, Adam(lr=0.1)
        state = optimiser.init(found)
        for _ in range(5):
            found, state = optimiser.update(grad(loss)(found), state, found)
        for a, b in zip(trained.parameters(), found.parameters(), strict=True):
            np.testing.assert_array_equal(a.data, stop_gradient(b))
            assert type(b) is (Value if start.parameters()[0].__class__ is Value else np.ndarray)
            assert not isinstance(b, Value) or b.op is None


def test_derivatives_pass_through_an_update() -> None:
    """The gradient of the loss after a step, with respect to the start: a step of a learner."""

    def after(x: Any) -> Any:
        optimiser = Adam(lr=0.1)
        g = grad(lambda z: np.sum(z**4))(x)
        x, _ = optimiser.update(g, optimiser.init(x), x)
        return np.sum(x * x)

    def numeric(f: Any, x: float) -> float:
        return float((f(x + 1e-5) - f(x - 1e-5)) / 2e-5)

    sgd = lambda x: np.sum(SGD(lr=0.1).update(4 * x**3, SGD(lr=0.1).init(x), x)[0] ** 2)
    assert grad(sgd)(1.5) == pytest.approx(numeric(sgd, 1.5), rel=1e-6)
    assert grad(after)(1.5) == pytest.approx(numeric(after, 1.5), rel=1e-6)
    assert grad(after)(Value(1.5)).data == pytest.approx(numeric(after, 1.5), rel=1e-6)


def test_derivatives_pass_to_what_a_gradient_depends_on() -> None:
    """Also where the parameters are Values of a module, whose data would be enough otherwise."""
    model = {"w": Value(2.0)}

    def after(penalty: Any) -> Any:
        g = grad(lambda m: penalty * m["w"] ** 2)(model)
        optimiser = SGD(lr=0.1)
        return optimiser.update(g, optimiser.init(model), model)[0]["w"] ** 2

    # w - 0.1 * 2 * penalty * w = 2 - 0.4 * penalty
    assert grad(after)(0.5) == pytest.approx(2 * (2 - 0.4 * 0.5) * -0.4)


def test_groups_in_the_pure_form() -> None:
    def model() -> Sequential:
        return Sequential(Linear(2, 3, seed=0), Linear(3, 2, seed=1), Linear(2, 1, seed=2))

    def groups(m: Any) -> Any:
        return [{"params": m[2], "lr": 0.5}, {"params": m[0], "momentum": 0.5}]

    first, second = model(), model()
    trained, pure = SGD(groups(first), 0.1), SGD(groups(second), 0.1)
    state = pure.init(second)
    g = pytree.tree_map(lambda p: np.ones_like(p.data), second)
    for _ in range(3):
        for p in first.parameters():
            p.grad = np.ones_like(p.data)
        trained.step()
        second, state = pure.update(g, state, second)
    for a, b in zip(first.parameters(), second.parameters(), strict=True):
        np.testing.assert_array_equal(a.data, b.data)
    np.testing.assert_array_equal(second.parameters()[2].data, model().parameters()[2].data)
    assert state["lr"] == [0.5, 0.1]
    state["lr"] = [1e-9, 1e-9]  # a rate of the state, not of the optimiser
    moved, _ = pure.update(g, state, second)
    np.testing.assert_allclose(moved.parameters()[5].data, second.parameters()[5].data, atol=1e-8)


def test_foreign_parameters() -> None:
    mine, other = Linear(2, 1, seed=0), Linear(2, 1, seed=0)
    optimiser = Adam(mine, 0.1)
    with pytest.raises(ValueError, match="parameters of another model"):
        optimiser.init(other)
    with pytest.raises(ValueError, match="from other parameters"):
        optimiser.init([np.zeros(3)])
    optimiser.init(stop_gradient(mine))
    with pytest.raises(ValueError, match="call init with the model of Values"):
        Adam([{"params": mine.w}, {"params": mine.b}], 0.1).init(stop_gradient(mine))
    with pytest.raises(ValueError, match="made without parameters"):
        Adam(lr=0.1).step()


@pytest.mark.parametrize(
    ("gradients", "parameters", "error", "message"),
    [
        ({"v": 1.0}, {"w": 1.0}, ValueError, "structure of the parameters"),
        ({"w": np.ones(2)}, {"w": np.ones(3)}, ValueError, r"shape \(2,\), the parameter \(3,\)"),
        ({"w": 1.0}, {"w": np.ones(3)}, ValueError, r"shape \(\), the parameter \(3,\)"),
        ({"w": np.ones(3)}, {"w": np.arange(3)}, TypeError, "dtype int64, not a parameter"),
    ],
)
def test_gradients_that_do_not_fit(
    gradients: Any, parameters: Any, error: Any, message: str
) -> None:
    optimiser = Adam(lr=0.1)
    with pytest.raises(error, match=message):
        optimiser.update(gradients, optimiser.init(parameters), parameters)


def test_a_state_that_does_not_fit() -> None:
    optimiser = Adam(lr=0.1)
    with pytest.raises(ValueError, match="belongs to 1 parameters, these are 2"):
        optimiser.update([1.0, 2.0], optimiser.init([1.0]), [1.0, 2.0])
    with pytest.raises(ValueError, match="options changed after init"):
        SGD(lr=0.1, momentum=0.9).update([1.0], SGD(lr=0.1).init([1.0]), [1.0])


def test_a_momentum_that_comes_later() -> None:
    p, q = Value(np.ones(3)), Value(np.ones(3))
    late, alone = SGD([p], 0.1), SGD([q], 0.1, momentum=0.5)
    p.grad = [1.0, 2.0, 3.0]
    late.step()
    late.momentum = 0.5
    q.data[:] = p.data
    for _ in range(3):
        p.grad = q.grad = [1.0, 2.0, 3.0]
        late.step()
        alone.step()
    np.testing.assert_array_equal(p.data, q.data)


def test_complex_parameters_in_the_pure_form() -> None:
    z = np.array([3 - 4j, 1j])
    for name, make in CASES.items():
        p = Value(z)
        optimiser, pure = make([p]), make(None)
        tree, state = z, pure.init(z)
        for _ in range(3):
            p.grad = 2 * np.conj(p.data)
            optimiser.step()
            tree, state = pure.update(2 * np.conj(tree), state, tree)
        np.testing.assert_array_equal(p.data, tree, err_msg=name)


# --- schedules ------------------------------------------------------------------------------------
SCHEDULES = {
    "step": nn.StepDecay(0.1, every=7, factor=0.5),
    "exponential": nn.ExponentialDecay(0.1, factor=0.95),
    "cosine": nn.CosineDecay(0.1, steps=40, lowest=0.01),
    "warm-up": nn.WarmUp(0.1, steps=12, start=0.25),
    "one-cycle": nn.OneCycle(0.5, steps=40),
    "one-cycle early": nn.OneCycle(0.5, steps=40, rising=0.1, start=10.0, end=100.0),
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules_are_those_of_pytorch(name: str) -> None:
    expected = REFERENCE["schedules"][name]["rates"]
    schedule = SCHEDULES[name]
    np.testing.assert_allclose([schedule(t) for t in range(40)], expected, rtol=1e-12)
    rate = compile(lambda t: schedule(t))
    found = [float(rate(np.asarray(t))) for t in range(40)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_what_comes_after_a_schedule() -> None:
    assert nn.CosineDecay(1.0, steps=4, lowest=0.1)(100) == pytest.approx(0.1)
    assert nn.LinearDecay(1.0, steps=4, lowest=0.2)(100) == pytest.approx(0.2)
    assert nn.OneCycle(1.0, steps=10)(100) == nn.OneCycle(1.0, steps=10)(9) > 0
    both = nn.WarmUp(nn.ExponentialDecay(1.0, factor=0.5), steps=2)
    assert [both(t) for t in range(5)] == [0.0, 0.5, 1.0, 0.5, 0.25]


def test_an_optimiser_asks_its_schedule() -> None:
    p = Value(0.0)
    optimiser = SGD([p], lr=lambda count: 1.0 / (1 + count))
    for _ in range(3):
        p.grad = 1.0
        optimiser.step()
    assert p.data == pytest.approx(-(1 + 1 / 2 + 1 / 3))
    groups = SGD([{"params": [p], "lr": nn.StepDecay(1.0, every=1)}], lr=0.5)
    p.data, p.grad = 0.0, 1.0
    groups.step()
    groups.step()
    assert p.data == pytest.approx(-1.1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.StepDecay(0.1, every=0), "every is a number of steps"),
        (lambda: nn.StepDecay(-0.1, every=2), "lr must be positive"),
        (lambda: nn.ExponentialDecay(0.1, factor=0.0), "factor must be positive"),
        (lambda: nn.CosineDecay(0.1, steps=2.5), "steps is a number of steps"),
        (lambda: nn.CosineDecay(0.1, steps=2, lowest=-1.0), "lowest must not be negative"),
        (lambda: nn.LinearDecay(0.1, steps=0), "steps is a number of steps"),
        (lambda: nn.WarmUp(0.0, steps=3), "lr must be positive"),
        (lambda: nn.WarmUp(0.1, steps=3, start=-1.0), "start must not be negative"),
        (lambda: nn.OneCycle(0.1, steps=10, rising=1.0), "rising is a share"),
        (lambda: nn.OneCycle(0.1, steps=3, rising=0.3), "more than one of the 3 steps"),
        (lambda: nn.StepDecay(0.1, every=2).per(0), "steps is a number of steps"),
    ],
)
def test_schedules_that_are_none(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


# --- state ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", CASES)
def test_a_restored_state_continues_with_the_same_bits(name: str) -> None:
    def steps(optimiser: Optimiser, ps: list[Value], times: range) -> None:
        for t in times:
            for p, g in zip(ps, pytree.flatten(slopes(t))[0], strict=True):
                p.grad = g
            optimiser.step()

    ps = [Value(x) for x in pytree.flatten(TREE)[0]]
    optimiser = CASES[name](ps)
    steps(optimiser, ps, range(3))
    saved, copies = optimiser.state_dict(), [Value(p.data) for p in ps]
    assert all(isinstance(x, str | int | float | np.ndarray) for x in saved.values())
    steps(optimiser, ps, range(3, 6))
    other = CASES[name](copies)
    assert other.load_state_dict(saved) is other
    steps(other, copies, range(3, 6))
    for a, b in zip(ps, copies, strict=True):
        np.testing.assert_array_equal(a.data, b.data)


def test_names_and_options_of_a_saved_state() -> None:
    model = Linear(2, 1, seed=0)
    optimiser = Adam([{"params": model.w, "lr": 0.5}, {"params": [model.b]}], nn.StepDecay(0.1, 3))
    saved = optimiser.state_dict()
    assert saved["optimiser"] == "Adam" and saved["count"] == 0
    assert saved["groups.0.lr"] == 0.5 and saved["options.betas.1"] == 0.999
    assert saved["options.lr.schedule"] == "StepDecay" and saved["options.lr.every"] == 3
    assert saved["m.0.0"].shape == (2, 1)
    plain = Adam(model, 0.1)
    assert plain.state_dict()["m.w"].shape == (2, 1)
    plain.lr = 0.7
    again = Adam(model, 0.1, betas=(0.5, 0.5)).load_state_dict(plain.state_dict())
    assert again.lr == 0.7 and again.betas == (0.9, 0.999)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"optimiser": "SGD"}, "state of 'SGD', not of 'Adam'"),
        ({"m.w": np.zeros((1, 2))}, r"m.w has shape \(1, 2\)"),
        ({"m.w": np.zeros((2, 1), np.float32)}, "m.w has dtype float32"),
        ({"m.w": None}, "has no m.w"),
        ({"extra": 1.0}, "has not: extra"),
        ({"count": -1}, "count is a number of steps"),
        ({"count": None}, "no count"),
        ({"options.lr": None}, "no options.lr"),
        ({"options.lr": -1.0}, "lr must be positive"),
        ({"options.eps": "x"}, "a number is needed"),
    ],
)
def test_a_state_that_is_wrong_changes_nothing(change: dict[str, Any], message: str) -> None:
    model = Linear(2, 1, seed=0)
    optimiser = Adam(model, 0.1)
    model.w.grad = np.ones((2, 1))
    optimiser.step()
    before = optimiser.state_dict()
    changed = {**before, "count": 7, **change}
    changed = {name: x for name, x in changed.items() if x is not None}
    with pytest.raises(ValueError, match=message):
        optimiser.load_state_dict(changed)
    after = optimiser.state_dict()
    assert list(after) == list(before)
    assert all(np.array_equal(after[name], before[name]) for name in before)


def test_another_schedule_is_no_schedule_of_a_state() -> None:
    model = Linear(2, 1, seed=0)
    saved = Adam(model, nn.StepDecay(0.1, 3)).state_dict()
    with pytest.raises(ValueError, match="CosineDecay here, in the state it is 'StepDecay'"):
        Adam(model, nn.CosineDecay(0.1, 3)).load_state_dict(saved)
    with pytest.raises(ValueError, match=r"no options\.lr"):
        Adam(model, 0.1).load_state_dict(saved)


@pytest.mark.parametrize("name", CASES)
def test_a_pure_state_is_a_flat_dict_and_back(name: str) -> None:
    optimiser = CASES[name](None)
    tree, state = optimiser.update(slopes(0), optimiser.init(TREE), TREE)
    flat = nn.flat_state(state)
    assert all(isinstance(x, float | np.ndarray) for x in flat.values())
    found = nn.restored_state(optimiser.init(TREE), flat)
    for x, y in zip(
        pytree.flatten(optimiser.update(slopes(1), found, tree))[0],
        pytree.flatten(optimiser.update(slopes(1), state, tree))[0],
        strict=True,
    ):
        np.testing.assert_array_equal(x, y)
    with pytest.raises(ValueError, match="unknown here: extra"):
        nn.restored_state(state, {**flat, "extra": 1.0})
    with pytest.raises(ValueError, match="the state has no count"):
        nn.restored_state(state, {k: x for k, x in flat.items() if k != "count"})


def test_a_schedule_is_not_stepped() -> None:
    with pytest.raises(TypeError, match=r"give it to the optimiser.*per\(batches\)"):
        nn.StepDecay(0.1, every=2).step()
