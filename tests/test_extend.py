"""Functions with derivatives of their own: `primitive` with `defvjp`, and `custom_vjp`."""

from __future__ import annotations

import copy
import math
import pickle
from typing import Any

import numpy as np
import pytest

import autograd as ag
import autograd.extend as ext
from autograd import Value, custom_vjp, defjvp, defvjp, primitive
from tests.derivatives import Case, check_dot_product, check_second_order, check_value, check_vjp

X = np.array([0.4, -1.1, 2.0])


@primitive
def cube(x: Any) -> Any:
    """x to the third."""
    return x**3


defvjp(cube, lambda ans, x: lambda g: g * 3 * x**2)


@primitive
def weighted(x: Any, y: Any, weight: float = 1.0) -> Any:
    return weight * x * np.sin(y)


defvjp(
    weighted,
    lambda ans, x, y, weight=1.0: lambda g: g * weight * np.sin(y),
    lambda ans, x, y, weight=1.0: lambda g: g * weight * x * np.cos(y),
)


@primitive
def polar(a: Any, b: Any) -> Any:
    return np.hypot(a, b), np.arctan2(b, a)


defvjp(
    polar,
    lambda ans, a, b: lambda g: g[0] * a / ans[0] - g[1] * b / ans[0] ** 2,
    lambda ans, a, b: lambda g: g[0] * b / ans[0] + g[1] * a / ans[0] ** 2,
)

smooth = custom_vjp(lambda x: (np.log1p(np.exp(x)), x), lambda x, g: g / (1 + np.exp(-x)))


@pytest.mark.parametrize(
    ("f", "args"),
    [
        (cube, [X]),
        (cube, [0.7]),
        (weighted, [X, X + 0.3]),
        (lambda x, y: weighted(x, y, weight=2.5), [X, X]),
        (polar, [X, X + 0.5]),
        (lambda a, b: polar(a, b)[1], [X, X + 0.5]),
        (lambda a: polar(a, 2.0)[0], [X]),
        (smooth, [X]),
        (smooth, [0.3]),
    ],
)
def test_derivatives(f: Any, args: list[Any]) -> None:
    case = Case(f, args)
    check_value(case)
    check_vjp(case)
    check_dot_product(case)
    check_second_order(case)


def test_plain_arguments_give_plain_results() -> None:
    assert cube(2.0) == 8.0
    assert smooth(0.0) == pytest.approx(math.log(2))
    assert cube.__name__ == "cube"
    assert cube.__doc__ == "x to the third."


def test_one_node_with_the_name_of_the_function() -> None:
    y = cube(Value(2.0))
    assert y.op is not None
    assert y.op.name == "cube"
    y.backward()
    assert y.inputs[0].grad == 12.0


def test_only_the_arguments_with_a_rule() -> None:
    @primitive
    def scaled(x: Any, power: Any) -> Any:
        return x**power

    defvjp(scaled, lambda ans, x, power: lambda g: g * power * x ** (power - 1))
    assert ag.grad(lambda x: scaled(x, 3))(2.0) == 12.0
    with pytest.raises(NotImplementedError, match="argument"):
        ag.grad(scaled, 1)(2.0, 3.0)


def test_argnums_and_none() -> None:
    @primitive
    def pair(x: Any, y: Any) -> Any:
        return x * y

    defvjp(pair, lambda ans, x, y: lambda g: g * x, argnums=[1])
    assert ag.grad(lambda y: pair(2.0, y))(3.0) == 2.0
    defvjp(pair, None, lambda ans, x, y: lambda g: g * x)
    assert ag.grad(pair, (0, 1))(2.0, 3.0) == (0.0, 2.0)


def test_forward_rule() -> None:
    @primitive
    def twice(x: Any) -> Any:
        return 2 * x

    defjvp(twice, lambda t, ans, x: 2 * t)
    assert ag.jvp(twice, (3.0,), (1.0,)) == (6.0, 2.0)
    with pytest.raises((NotImplementedError, TypeError)):
        ag.grad(twice)(3.0)


def test_a_function_without_rules_raises() -> None:
    @primitive
    def mystery(x: Any) -> Any:
        return x

    with pytest.raises((NotImplementedError, TypeError), match="mystery"):
        ag.grad(mystery)(1.0)
    with pytest.raises((NotImplementedError, TypeError), match="mystery"):
        ag.jvp(mystery, (1.0,), (1.0,))


def test_hidden_values_are_refused() -> None:
    with pytest.raises(TypeError, match="positional"):
        weighted(1.0, 2.0, weight=Value(2.0))
    with pytest.raises(TypeError, match=r"np\.stack"):
        cube([Value(1.0), Value(2.0)])


def test_a_rule_of_another_shape_is_refused() -> None:
    @primitive
    def total(x: Any) -> Any:
        return np.sum(x)

    defvjp(total, lambda ans, x: lambda g: np.ones(5) * g)
    with pytest.raises(ValueError, match=r"total.*shape"):
        ag.grad(total)(X)


def test_a_primitive_returns_plain_data() -> None:
    secret = Value(2.0)
    leaky = primitive(lambda x: secret * x)
    with pytest.raises(TypeError, match="plain"):
        leaky(Value(1.0))
    with pytest.raises(TypeError, match="number"):
        primitive(lambda x: "text")(Value(1.0))


def test_custom_vjp_as_a_decorator() -> None:
    @custom_vjp
    def clipped(x: Any) -> Any:
        return np.clip(x, -1, 1)

    with pytest.raises(TypeError, match="defvjp"):
        clipped(Value(0.5))
    clipped.defvjp(lambda x: (np.clip(x, -1, 1), None), lambda saved, g: g)
    np.testing.assert_array_equal(ag.grad(lambda x: clipped(x).sum())(X), [1.0, 1.0, 1.0])
    assert clipped(3.0) == 1.0


def test_custom_vjp_of_several_arguments() -> None:
    product = custom_vjp(
        lambda x, y: (x * y, (x, y)), lambda saved, g: (g * saved[1], g * saved[0])
    )
    case = Case(product, [X, X + 1])
    check_vjp(case)
    check_second_order(case)
    assert ag.grad(lambda x: product(x, 2.0))(3.0) == 2.0
    wrong = custom_vjp(lambda x, y: (x * y, None), lambda saved, g: (g,))
    with pytest.raises(ValueError, match=r"1 gradients.*2"):
        ag.grad(wrong)(1.0, 2.0)


def test_saving_less_and_stating_a_wrong_gradient_is_what_it_does() -> None:
    """Straight-through estimators: the rule is believed."""
    through = custom_vjp(lambda x: (np.round(x), None), lambda saved, g: g)
    np.testing.assert_array_equal(ag.grad(lambda x: (through(x) * X).sum())(X), X)


def test_unused_output_gets_no_cotangent() -> None:
    assert ag.grad(lambda a: polar(a, 1.0)[0])(1.0) == pytest.approx(math.sqrt(0.5))
    assert ag.grad(lambda a: 3.0 * a if polar(a, 1.0) else a)(1.0) == 3.0


def test_copies_and_pickles() -> None:
    x = Value(2.0)
    y = polar(cube(x), 1.0)[0]
    other = copy.deepcopy(y)
    other.backward()
    y.backward()
    leaf = other
    while leaf.inputs:
        leaf = leaf.inputs[0]
    assert leaf.grad == x.grad
    restored = pickle.loads(pickle.dumps(np.tanh(x)))
    restored.backward()
    assert restored.inputs[0].grad - x.grad == pytest.approx(1 - math.tanh(2.0) ** 2)


def test_nesting_of_custom_functions() -> None:
    """A custom function may differentiate inside."""

    @primitive
    def slope(x: Any) -> Any:
        return ag.grad(np.sin)(x)

    defvjp(slope, lambda ans, x: lambda g: -g * np.sin(x))
    assert ag.grad(slope)(0.3) == pytest.approx(-math.sin(0.3))
    assert ag.grad(lambda x: x * slope(x))(0.3) == pytest.approx(
        math.cos(0.3) - 0.3 * math.sin(0.3)
    )


def test_depends_on_variable_while_the_transform_runs() -> None:
    seen: list[Any] = []
    kept: list[Any] = []

    def f(x: Any) -> Any:
        y = ag.grad(lambda z: z * z * x)(2.0)
        seen.append((ext.depends_on_variable([x]), ext.depends_on_variable([1.0, y])))
        kept.append(x * 3.0)
        return y

    ag.grad(f)(1.0)
    ag.grad(f)(Value(1.0))  # a variable that is computed from a Value outside
    assert seen == [(True, True)] * 2
    assert not ext.depends_on_variable(kept)  # the transform is over
    assert not ext.depends_on_variable([Value(1.0), Value(2.0) * 3.0, 4.0])
