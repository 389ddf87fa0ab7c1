"""Programs on single numbers, grouped: the bits of computing number by number."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from autograd import Value, grad, pytree, stop_gradient, value_and_grad
from autograd.compilation import scalars
from autograd.compilation.compiled import compile
from autograd.compilation.number_graph import SUM
from autograd.compilation.program import Program
from autograd.compilation.scalars import NumberBlock
from nn.neurons import MLP


def blocks(compiled: Any) -> list[NumberBlock]:
    """The blocks of numbers of the program that ran last."""
    return [s.function for s in compiled.last.program.steps if isinstance(s.function, NumberBlock)]


def parts(compiled: Any) -> list[Any]:
    """Groups and passages of all blocks."""
    from autograd.compilation.number_groups import schedule
    from autograd.compilation.number_source import is_mapped

    return [part for block in blocks(compiled) for part in schedule(block.graph, is_mapped)]


def agree(f: Any, *points: tuple[Any, ...], eager: int = 0) -> Any:
    """Check that f compiled gives the bits and classes of f at all points; the compiled one."""
    compiled = compile(f)
    for args in points:
        found, expected = pytree.flatten(compiled(*args))[0], pytree.flatten(f(*args))[0]
        assert list(map(type, found)) == list(map(type, expected))
        for x, y in zip(found, expected, strict=True):
            assert repr(x) == repr(y), (args, x, y)
    assert compiled.eager == eager
    assert blocks(compiled), "nothing was grouped"
    return compiled


def moons_loss(model: Any) -> Any:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(12, 2)), rng.choice([-1.0, 1.0], 12).tolist()
    scores = [model(row) for row in X]
    losses = [(1 + -yi * score).relu() for yi, score in zip(y, scores, strict=True)]
    return sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())


def test_a_scalar_network_is_a_few_array_operations() -> None:
    model = stop_gradient(MLP(2, [8, 8, 1], rng=0))
    compiled = agree(value_and_grad(moons_loss), (model,))
    assert len(compiled.last.program.steps) == 1
    assert len(compiled.last.recorded.steps) > 5000
    assert len(compiled.source.splitlines()) < 400


def test_a_network_of_values_gives_values() -> None:
    model = MLP(2, [4, 1], rng=0)
    step = compile(value_and_grad(moons_loss))
    value, gradient = step(model)
    expected, expected_gradient = value_and_grad(moons_loss)(model)
    assert value.data == expected.data
    for x, y in zip(gradient.parameters(), expected_gradient.parameters(), strict=True):
        assert type(x) is Value and x.data == y.data
    assert blocks(step)


NAMES = ("exp", "log", "tanh", "sin", "cos", "sqrt", "arctan", "log1p", "expm1", "sinh", "tan")


@pytest.mark.parametrize("name", NAMES)
def test_functions_of_math_keep_their_bits(name: str) -> None:
    """NumPy's tanh of an array and that of module math differ in the last bit."""
    function = getattr(np, name)
    f: Any = lambda xs: sum(function(x * 0.37) * (x + 1.0) for x in xs)
    points = np.random.default_rng(1).uniform(0.1, 3.0, (3, 40)).tolist()
    agree(value_and_grad(f), *[(xs,) for xs in points])


@pytest.mark.parametrize("name", ["relu", "sigmoid", "softplus"])
def test_activations_keep_their_bits(name: str) -> None:
    from autograd.engine import kernels
    from autograd.engine.primitive import TABLE

    row = TABLE[getattr(kernels, name)]
    f: Any = lambda xs: sum(row(x) * x for x in xs)
    given = [0.0, -0.0, 1e-300, *np.random.default_rng(2).normal(size=40).tolist()]
    agree(value_and_grad(f), (given,))


def test_relu_of_minus_zero_and_nan() -> None:
    f: Any = lambda xs: [(Value(1.0) * x).relu().data for x in xs]
    agree(f, ([-0.0, 0.0, math.nan, math.inf, -math.inf, 1.0, -1.0] * 12,))


@pytest.mark.parametrize("width", [1, 2, 3, 40])
@pytest.mark.parametrize("length", [3, 7, 17, 129, 300])
def test_sums_are_added_from_left_to_right(width: int, length: int) -> None:
    rng = np.random.default_rng(3)
    table = (rng.normal(size=(width, length)) * 10 ** rng.uniform(-8, 8, (width, length))).tolist()
    f: Any = lambda rows: [sum(x * 3.0 for x in row) for row in rows]
    compiled = agree(f, (table,)) if width * length > 40 else None
    if compiled is not None and length > 20:
        assert any(part.code == SUM for part in parts(compiled) if hasattr(part, "code"))


def test_sums_of_different_lengths_and_partial_sums_that_are_used() -> None:
    def f(xs: list[float]) -> Any:
        total, found = 0.0, []
        for i, x in enumerate(xs):
            total = total + x * x
            if i % 3 == 0:
                found.append(total)
            found.append(sum(x * y for y in xs[: i + 3]))
        return total, found

    agree(f, (np.random.default_rng(4).normal(size=12).tolist(),))


def test_a_recurrence_is_plain_lines() -> None:
    def f(a: float, x: float) -> Any:
        for _ in range(200):
            x = a * x * (1.0 - x)
        return x

    compiled = agree(value_and_grad(f), (3.2, 0.3), (3.9, 0.1))
    assert len(parts(compiled)) < 12


def test_narrow_and_wide_work_side_by_side() -> None:
    def f(xs: list[float]) -> Any:
        wide = [np.tanh(x) * x for x in xs]
        state = wide[0]
        for w in wide:
            state = np.sin(state) * 0.5 + w * state
        return state * sum(wide)

    agree(grad(f), (np.random.default_rng(5).normal(size=40).tolist(),))


def test_division_by_zero_is_left_to_the_function() -> None:
    f: Any = lambda xs: [1.0 / x + x for x in xs]
    xs = [float(i + 1) for i in range(40)]
    compiled = agree(f, (xs,))
    with pytest.raises(ZeroDivisionError):
        compiled([*xs[:-1], 0.0])
    assert compiled.eager == 1


def test_division_of_values_by_zero_gives_infinity() -> None:
    f: Any = lambda xs: [(Value(1.0) / x).data for x in xs]
    xs = [float(i + 1) for i in range(70)]
    with np.errstate(all="ignore"):
        agree(f, (xs,), ([*xs[:-1], 0.0],), eager=1)


def test_what_math_raises_is_left_to_the_function() -> None:
    f: Any = lambda xs: sum(np.log(Value(1.0) * x) for x in xs).data
    xs = [float(i + 1) for i in range(40)]
    with np.errstate(all="ignore"):
        agree(f, (xs,), ([*xs[:-1], 0.0],), eager=1)


def test_a_gradient_that_is_not_finite_is_left_to_the_function() -> None:
    def f(xs: list[float]) -> Any:
        return sum(np.where(x > 0.0, np.sqrt(x), 0.0) * x for x in xs)

    xs = [float(i + 1) for i in range(40)]
    with np.errstate(all="ignore"):
        agree(grad(f), (xs,), ([0.0, *xs[1:]],), eager=1)


def test_comparisons_and_choices() -> None:
    def f(xs: list[float]) -> Any:
        chosen = [np.where((x > 0.5) & (x < 1.0), x * x, -x) for x in xs]
        return [a * (x >= y) for a, x, y in zip(chosen, xs, xs[1:], strict=False)]

    agree(f, (np.random.default_rng(6).uniform(0, 2, 60).tolist(),))


def test_python_bools_are_returned_as_bools() -> None:
    agree(lambda xs: [x * 2.0 > 1.0 for x in xs], ([i / 50.0 for i in range(50)],))


def test_numbers_of_numpy_are_grouped_too() -> None:
    def f(x: Any) -> Any:
        total = 0.0
        for i in range(40):
            total = total + np.sin(x[i]) * x[i] ** 2
        return total

    x = np.random.default_rng(7).normal(size=40)
    agree(f, (x,))
    agree(value_and_grad(f), (x,))


def test_numbers_beside_arrays() -> None:
    def f(xs: list[float], a: Any) -> Any:
        scale = sum(x * x for x in xs)
        inner = np.sum(a * scale)
        again = [inner * x + scale for x in xs]
        return np.sum(a / again[3]) + sum(again)

    a = np.random.default_rng(8).normal(size=5)
    xs = np.random.default_rng(9).normal(size=40).tolist()
    agree(f, (xs, a))
    agree(value_and_grad(f), (xs, a))
    agree(lambda xs, a: f(xs, a.astype(np.float32)), (xs, a))


def test_equal_numbers_are_computed_once() -> None:
    compiled = agree(lambda xs: [x * 2.0 + (x * 2.0) * (y * 2.0) for x in xs for y in xs],
                     ([float(i) for i in range(8)],))  # fmt: skip
    (block,) = blocks(compiled)
    assert len(block.graph.codes) < 8 + 8 + 64 + 64 + 1


def test_few_numbers_stay_as_they_are() -> None:
    compiled = compile(lambda x, y: x * y + x)
    assert compiled(2.0, 3.0) == 8.0
    assert not blocks(compiled)


@pytest.mark.parametrize("names", ["v given found i", "t12 t3 t v0 v1", "at places slots fixed"])
def test_arguments_may_have_the_names_of_the_text(names: str) -> None:
    arguments = ", ".join(f"{name}=1.5" for name in names.split())
    namespace: dict[str, Any] = {}
    body = " + ".join(f"{name} * k" for name in names.split())
    exec(f"def f({arguments}):\n return [{body} for k in range(2, 30)], {names.split()[0]} - 1.0",
         namespace)  # fmt: skip
    given = {name: float(i + 1) for i, name in enumerate(names.split())}
    compiled = compile(namespace["f"])
    assert compiled(**given) == namespace["f"](**given)
    assert blocks(compiled)


def test_a_program_runs_slowly_too() -> None:
    """`Program.run` calls each step: a block is then a text of its own."""
    f = value_and_grad(lambda xs: sum(np.tanh(x) * x for x in xs))
    xs = np.random.default_rng(10).normal(size=30).tolist()
    compiled = compile(f)
    compiled(xs)
    program: Program = compiled.last.program
    value, gradient = f(xs)
    found = program.run(*xs)
    assert sorted(found) == sorted([value, *gradient])


def test_few_steps_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scalars, "Numbers", None)
    assert compile(lambda x: x + 1.0)(1.0) == 2.0


def test_a_decision_by_numbers_that_nothing_else_needs() -> None:
    """A block that gives nothing but looks at what was decided is not dead."""

    def f(x: Any, s: float) -> Any:
        waves = [np.sin(s + k) for k in range(20)]
        return np.sum(np.nansum(sum(a * b for a, b in pairwise(waves)))) + s

    x = np.ones(3)
    with np.errstate(all="ignore"):
        agree(value_and_grad(f, argnum=(0, 1)), (x, 0.5), (x, math.nan), eager=1)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_bools_are_no_floats(sign: float) -> None:
    """NumPy's tanh of True is in half precision."""

    def f(xs: list[float], a: Any) -> Any:
        many = [np.tanh(x) * x for x in xs]
        return np.tanh(np.any(a > 1.0) * 1.0), np.tanh(many[0] > 0.5) * 1.0, sum(many)

    agree(f, ([0.1 * i for i in range(40)], sign * np.arange(3.0)))


def test_powers_of_numbers() -> None:
    """A negative number has complex powers, where its Value has NaN."""
    f: Any = lambda xs: sum(x**x for x in xs)
    xs = [0.1 * i + 0.2 for i in range(40)]
    negative = [-1.3 * x for x in xs]
    agree(f, (xs,), (negative,), eager=1)
    with np.errstate(all="ignore"):
        agree(value_and_grad(f), (xs,), (negative,), eager=1)


def test_numbers_change_with_plus_equal() -> None:
    def f(x: Any, s: float) -> Any:
        total = x[0]
        total += x[1]
        s += 1.0
        s *= total
        for i in range(40):
            total += x[i] * s
        return total

    x = np.random.default_rng(11).normal(size=40)
    agree(f, (x, 0.5))
    agree(value_and_grad(f), (x, 0.5))


def test_entries_of_an_array_cost_no_array_each() -> None:
    """The gradient of a loop over n entries adds to one array, in the order of eager."""

    def f(x: Any) -> Any:
        return sum(x[i] * x[(7 * i) % 60] for i in range(60)) + np.sum(x * x)

    x = np.random.default_rng(12).normal(size=60)
    compiled = agree(value_and_grad(f), (x,))
    assert compiled.source.count("np.zeros") < 3
