"""L-BFGS, Newton's method and `minimize`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Value, compile, grad, pytree, stop_gradient
from autograd.arrays.refusing import RefusingArray
from nn import LBFGS, Linear, Newton, Sequential, minimize
from nn.minimize import Point, Problem, search
from tests.nn.test_optimiser_formulas import REFERENCE, START, gradient

rng = np.random.default_rng(1)
A = np.diag([1.0, 10.0, 100.0]) + 0.3
TREE = {"w": rng.normal(size=(2, 3)), "b": 0.5}


def bowl(x: Any) -> Any:
    return x @ A @ x / 2 - np.sum(x)


def rosenbrock(x: Any) -> Any:
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def tree_loss(tree: Any) -> Any:
    return np.sum((tree["w"] - 1.0) ** 4) + np.sum(tree["w"] * tree["b"]) + tree["b"] ** 2


# --- L-BFGS ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["LBFGS", "LBFGS short"])
def test_lbfgs_is_that_of_pytorch(name: str) -> None:
    case = REFERENCE["optimisers"][name]
    p = Value(START)
    optimiser = LBFGS([p], case["options"]["lr"], history=case["options"]["history_size"])
    for t in range(1, 101):
        p.grad = gradient(p.data, 0)
        optimiser.step()
        if str(t) in case["path"]:
            np.testing.assert_allclose(p.data, case["path"][str(t)], rtol=1e-11)


def test_lbfgs_in_both_forms_and_compiled() -> None:
    values = pytree.tree_map(Value, TREE)
    optimiser, pure = LBFGS(values, lr=0.3, history=2), LBFGS(lr=0.3, history=2)
    tree, state = TREE, pure.init(TREE)
    update, (other, kept) = compile(pure.update), (TREE, state)
    for _ in range(6):
        g = grad(tree_loss)(tree)
        for p, slope in zip(optimiser.parameters, pytree.flatten(g)[0], strict=True):
            p.grad = slope
        optimiser.step()
        tree, state = pure.update(g, state, tree)
        other, kept = update(grad(tree_loss)(other), kept, other)
    assert update.eager == 0 and update.recorded <= 3  # type: ignore[attr-defined]
    for p, x, y in zip(
        optimiser.parameters, pytree.flatten(tree)[0], pytree.flatten(other)[0], strict=True
    ):
        np.testing.assert_array_equal(p.data, x)
        np.testing.assert_allclose(x, y, rtol=1e-10)
    assert type(tree["b"]) is float and state["count"] == kept["count"] == 6


def test_lbfgs_looks_at_no_entry() -> None:
    pure = LBFGS(lr=0.3, history=2)
    x, lazy = np.array([1.0, 2.0, 3.0]), RefusingArray.of(np.array([1.0, 2.0, 3.0]))
    state, other = pure.init(x), pure.init(lazy)
    for _ in range(4):
        x, state = pure.update(grad(bowl)(x), state, x)
        lazy, other = pure.update(grad(bowl)(lazy), other, lazy)
    np.testing.assert_allclose(lazy.compute(), x, rtol=1e-12)


def test_lbfgs_leaves_a_parameter_without_a_gradient_where_it_is() -> None:
    """Although its history would move it on."""
    p, q = Value(np.array([3.0, 1.0])), Value(2.0)
    optimiser, pure = LBFGS([p, q], 0.3), LBFGS(lr=0.3)
    tree: Any = [p.data.copy(), 2.0]
    state = pure.init(tree)
    slopes = lambda a, b: [4 * a**3 + b, 2 * b + np.sum(a)]
    for t in range(6):
        g = slopes(*tree)
        p.grad, kept = g[0], tree[1]
        if t < 3:
            q.grad = float(g[1])
        else:
            q.zero_grad()
        optimiser.step()
        tree, state = pure.update([g[0], float(g[1]) if t < 3 else None], state, tree)
        assert (tree[1] == kept) == (t >= 3)
        np.testing.assert_array_equal(p.data, tree[0])
        assert q.data == tree[1]


def test_lbfgs_keeps_dtypes_and_modules() -> None:
    model = Sequential(Linear(2, 3, np.float32, seed=0), nn.tanh, Linear(3, 1, np.float32, seed=1))
    x = rng.normal(size=(20, 2)).astype(np.float32)
    y = x[:, :1] * x[:, 1:]
    optimiser = LBFGS(model, lr=0.5)
    losses = []
    for _ in range(60):
        optimiser.zero_grad()
        loss = nn.mse(model(x), y)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.2 * losses[0]
    assert all(p.data.dtype == np.float32 for p in model.parameters())
    pure, arrays = LBFGS(lr=0.5), stop_gradient(model)
    moved, _ = pure.update(arrays, pure.init(arrays), arrays)
    assert all(p.dtype == np.float32 for p in moved.parameters())
    tree = [np.ones(2, np.float32), np.ones(3, np.float32)]
    _, state = pure.update([tree[0], None], pure.init(tree), tree)
    assert state["direction"].dtype == state["previous"].dtype == np.float32


def test_lbfgs_restored() -> None:
    def run(optimiser: Any, p: Value, steps: int) -> None:
        for _ in range(steps):
            p.grad = grad(bowl)(p.data)
            optimiser.step()

    p = Value(np.ones(3))
    optimiser = LBFGS([p], lr=0.1, history=3)
    run(optimiser, p, 5)
    q, saved = Value(p.data), optimiser.state_dict()
    run(optimiser, p, 5)
    other = LBFGS([q], history=3).load_state_dict(saved)
    run(other, q, 5)
    np.testing.assert_array_equal(p.data, q.data)
    with pytest.raises(ValueError, match="has not: "):
        LBFGS([q], history=2).load_state_dict(saved)


def test_what_lbfgs_refuses() -> None:
    p, q = Value(1.0), Value(1.0)
    with pytest.raises(ValueError, match="give it no groups"):
        LBFGS([{"params": [p]}, {"params": [q]}])
    with pytest.raises(ValueError, match="real parameters only"):
        LBFGS().init([1.0 + 1j])
    with pytest.raises(ValueError, match="made without parameters"):
        LBFGS().step()
    with pytest.raises(ValueError, match="state belongs to other parameters"):
        LBFGS().update([1.0, 2.0], LBFGS().init([1.0]), [1.0, 2.0])
    with pytest.raises(ValueError, match="history is a number of steps"):
        LBFGS([p], history=0)
    LBFGS([p]).step()  # without a gradient nothing moves
    assert p.data == 1.0


# --- Newton ---------------------------------------------------------------------------------------
def test_newton_solves_a_bowl_in_one_step() -> None:
    x, state = Newton().update(grad(bowl)(np.ones(3)), {"count": 0, "lr": 1.0}, np.ones(3), bowl)
    np.testing.assert_allclose(x, np.linalg.solve(A, np.ones(3)), rtol=1e-6)
    assert state == {"count": 1, "lr": 1.0}
    p = Value(np.ones(3))
    Newton([p]).step(lambda ps: bowl(ps[0]))
    np.testing.assert_allclose(p.data, x, rtol=1e-12)


def test_newton_trains_a_module_in_place() -> None:
    model = Linear(2, 1, seed=0)
    x = rng.normal(size=(30, 2))
    y = x @ [[2.0], [-1.0]] + 0.5
    array = model.w.data
    Newton(model).step(lambda m: nn.mse(m(x), y))
    np.testing.assert_allclose(model.w.data, [[2.0], [-1.0]], rtol=1e-6)
    assert model.w.data is array


def test_newton_goes_down_where_the_loss_curves_down() -> None:
    """At a maximum of the curvature Newton's own step would climb."""
    f = lambda x: np.cos(x)
    x, _ = Newton().update(grad(f)(0.3), {"count": 0, "lr": 1.0}, 0.3, f)
    assert f(x) < f(0.3)
    damped, _ = Newton(damping=3.0).update(grad(f)(2.5), {"count": 0, "lr": 1.0}, 2.5, f)
    assert damped == pytest.approx(2.5 + math.sin(2.5) / (3.0 - math.cos(2.5)))


def test_what_newton_refuses() -> None:
    p = Value(1.0)
    with pytest.raises(ValueError, match="needs the loss as a function"):
        Newton([p]).step()
    with pytest.raises(ValueError, match="needs the loss as a function"):
        Newton().update(1.0, {"count": 0, "lr": 1.0}, 1.0)
    with pytest.raises(ValueError, match="give it no groups"):
        Newton([{"params": [p]}, {"params": [Value(1.0)]}])
    with pytest.raises(ValueError, match="made without parameters"):
        Newton().step(lambda x: x)


# --- minimize -------------------------------------------------------------------------------------
@pytest.mark.parametrize("method", ["l-bfgs", "newton"])
@pytest.mark.parametrize("n", [2, 7])
def test_rosenbrock(method: str, n: int) -> None:
    found = minimize(rosenbrock, np.linspace(-1.2, 1.0, n), method, tolerance=1e-8)
    assert found.converged and found.steps < 200
    np.testing.assert_allclose(found.x, 1.0, atol=1e-6)


@pytest.mark.parametrize(
    ("method", "options"),
    [
        ("gradient descent", {}),
        ("gradient descent", {"lr": 0.01}),
        ("momentum", {"lr": 0.005}),
        ("adam", {}),
        ("L-BFGS", {}),
        ("newton", {}),
        (nn.RMSprop(lr=nn.ExponentialDecay(0.1, factor=0.98)), {}),
        (Newton(), {}),
        (LBFGS(lr=0.5), {}),
    ],
)
def test_every_method_finds_the_bottom_of_a_bowl(method: Any, options: Any) -> None:
    found = minimize(bowl, np.ones(3), method, tolerance=1e-5, steps=5000, **options)
    np.testing.assert_allclose(found.x, np.linalg.solve(A, np.ones(3)), atol=1e-3)
    assert found.value == min(found.values) or found.converged
    assert found.path.shape == (found.steps + 1, 3) and len(found.values) == found.steps + 1
    np.testing.assert_array_equal(found.path[0], np.ones(3))
    np.testing.assert_allclose(np.linalg.norm(found.gradient), found.lengths[-1], atol=1e-3)
    if not isinstance(method, nn.RMSprop):
        assert found.converged and found.lengths[-1] <= 1e-5


def test_numbers_trees_and_values() -> None:
    one = minimize(lambda x: (x - 2) ** 2, 5, tolerance=1e-9)
    assert type(one.x) is float and one.x == pytest.approx(2.0)
    assert one.path.ndim == 1
    found = minimize(tree_loss, TREE, tolerance=1e-7)
    assert found.converged and set(found.x) == {"w", "b"} and found.x["w"].shape == (2, 3)
    assert isinstance(found.path, list) and found.path[0]["b"] == 0.5
    again = minimize(tree_loss, pytree.tree_map(Value, TREE), tolerance=1e-7)
    assert again.value == found.value
    ints = minimize(lambda x: np.sum((x - 0.5) ** 2), np.array([3, 4]))
    np.testing.assert_allclose(ints.x, 0.5)
    model = minimize(lambda m: nn.mse(m(np.ones((3, 2))), np.zeros((3, 1))), Linear(2, 1, seed=0))
    assert model.value < 1e-10


def test_it_says_why_it_ended() -> None:
    assert "zero, up to the tolerance" in minimize(lambda x: x * x, 1.0).message
    few = minimize(lambda x: x * x, 1.0, "momentum", steps=3)
    assert not few.converged and few.steps == 3 and "3 steps were made" in str(few)
    far = minimize(lambda x: x**4, 10.0, "gradient descent", lr=1.0)
    assert not far.converged and "smaller lr" in far.message and far.x == 10.0
    over = minimize(lambda x: math.e ** (x * x), 2.0, "gradient descent", lr=10.0)
    assert "diverged" in over.message
    seen: list[Any] = []
    stop = lambda x, value: (seen.append((x, value)), len(seen) == 2)[1]
    ended = minimize(lambda x: x * x, 1.0, "adam", callback=stop)
    assert ended.steps == 2 and "callback" in ended.message and seen[1][0] == ended.path[2]
    at_once = minimize(lambda x: x * x, 0.0)
    assert at_once.converged and at_once.steps == 0
    flat = minimize(lambda x: np.sqrt(1 + x * x), 1.0, tolerance=0.0)
    assert flat.x == pytest.approx(0.0, abs=1e-7)


def test_a_line_search_avoids_where_the_function_is_not_finite() -> None:
    found = minimize(lambda x: x - np.log(x), 5.0, tolerance=1e-8)
    assert found.x == pytest.approx(1.0) and found.converged
    found = minimize(lambda x: x - np.log(x), 5.0, "newton", tolerance=1e-8)
    assert found.x == pytest.approx(1.0)


def test_a_step_is_lengthened_until_the_slope_is_flatter() -> None:
    problem = Problem(lambda x: (x - 100.0) ** 2, 0.0)
    start = Point(problem, problem.start)
    found, length = search(problem, start, np.ones(1), -200.0, 1.0)
    assert found is not None and 10 <= length <= 200 and found.value < start.value
    short, length = search(problem, start, np.ones(1), -200.0, 1e6)
    assert short is not None and 10 <= length < 200
    here = Point(problem, np.ones(1))
    assert search(problem, here, np.full(1, 1e-40), -1e-38, 1.0)[0] is None  # nothing is so short


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f: minimize(f, 1.0, "simplex"), "no method 'simplex': 'gradient descent'"),
        (lambda f: minimize(f, 1.0, "newton", lr=0.1), "takes no lr"),
        (lambda f: minimize(f, 1.0, nn.Adam(lr=0.1), lr=0.1), "rate of its own"),
        (lambda f: minimize(f, 1.0, "adam", lr=-0.1), "lr must be positive"),
        (lambda f: minimize(f, 1.0, tolerance=-1.0), "tolerance must not be negative"),
        (lambda f: minimize(f, 1.0, steps=0), "steps is a number of steps"),
        (lambda f: minimize(f, []), "at least one number"),
        (lambda f: minimize(lambda x: np.log(x), -1.0), "start elsewhere"),
        (lambda f: minimize(lambda x: x * x, np.ones(2)), "scalar output"),
        (lambda f: minimize(lambda z: abs(z) ** 2, 1j), "real parameters only"),
    ],
)
def test_what_minimize_refuses(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(lambda x: x * x)
    with pytest.raises(TypeError, match="here it is called 'tolerance'"):
        minimize(lambda x: x * x, 1.0, tol=1e-3)  # type: ignore[call-arg]
