"""The transforms: what they return, in which structure, and what they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from tests.derivatives import differences

X = np.array([0.5, -1.2, 2.0])
W = np.array([[1.0, 0.3, -0.7], [0.2, -1.1, 0.4]])


def energy(x: Any) -> Any:
    return np.sum(np.sin(x) * x) + x[0] * x[1] ** 2


def layer(w: Any, x: Any) -> Any:
    return np.tanh(w @ x)


def test_grad() -> None:
    assert ag.grad(lambda x: x**3)(2.0) == 12.0
    got = ag.grad(energy)(X)
    assert type(got) is np.ndarray
    np.testing.assert_allclose(got, differences(energy, [X])[0], atol=1e-9)


def test_value_and_grad() -> None:
    y, g = ag.value_and_grad(energy)(X)
    assert y == energy(X)
    assert not isinstance(y, Value)
    np.testing.assert_array_equal(g, ag.grad(energy)(X))


def test_argnum() -> None:
    def f(a: Any, b: Any, *, scale: float = 1.0) -> Any:
        return scale * a * b**2

    assert ag.grad(f)(2.0, 3.0) == 9.0
    assert ag.grad(f, 1)(2.0, 3.0) == 12.0
    assert ag.grad(f, -1)(2.0, 3.0) == 12.0
    assert ag.grad(f, (0, 1))(2.0, 3.0) == (9.0, 12.0)
    assert ag.grad(f, (1, 0))(2.0, 3.0) == (12.0, 9.0)
    assert ag.grad(f, (1,))(2.0, 3.0, scale=2.0) == (24.0,)
    assert ag.grad(f, argnum=1)(2.0, 3.0) == 12.0


@pytest.mark.parametrize("argnum", [2, -3, "a", 0.0, (0, 5)])
def test_argnum_that_names_no_argument(argnum: Any) -> None:
    with pytest.raises(ValueError, match="argnum"):
        ag.grad(lambda a, b: a * b, argnum)(1.0, 2.0)


def test_numbers_in_numbers_out() -> None:
    assert type(ag.grad(lambda x: x * x)(3.0)) is float
    assert type(ag.grad(lambda x: x * x)(3)) is float
    for dtype in (np.float16, np.float32, np.longdouble):
        assert ag.grad(lambda x: x * x)(dtype(3)).dtype == dtype
        assert ag.grad(lambda x: (x * x).sum())(np.ones(2, dtype)).dtype == dtype


def test_integer_arguments_are_numbers() -> None:
    np.testing.assert_array_equal(ag.grad(lambda x: (x * x).sum())(np.arange(3)), [0.0, 2.0, 4.0])
    assert ag.jvp(lambda x: x * x, (3,), (1,)) == (9.0, 6.0)


def test_gradient_of_a_constant_function_is_zero() -> None:
    np.testing.assert_array_equal(ag.grad(lambda x: 3.0)(X), np.zeros(3))
    np.testing.assert_array_equal(ag.grad(lambda x: x.shape[0])(X), np.zeros(3))
    assert ag.jvp(lambda x: 3.0, (X,), (X,)) == (3.0, 0.0)
    np.testing.assert_array_equal(ag.jacobian(lambda x: np.ones(2))(X), np.zeros((2, 3)))
    np.testing.assert_array_equal(ag.hessian(lambda x: np.sum(2 * x))(X), np.zeros((3, 3)))


def test_unused_argument() -> None:
    a, b = ag.grad(lambda a, b: (a * a).sum(), (0, 1))(X, W)
    np.testing.assert_array_equal(a, 2 * X)
    np.testing.assert_array_equal(b, np.zeros_like(W))


def test_arguments_are_not_changed_or_kept() -> None:
    x = X.copy()
    x.flags.writeable = False
    g = ag.grad(lambda x: (x * x).sum())(x)
    np.testing.assert_array_equal(g, 2 * X)
    assert not np.shares_memory(ag.grad(lambda x: x.sum())(x), x)


def test_results_do_not_share_memory() -> None:
    a, b = ag.grad(lambda a, b: (a + b).sum(), (0, 1))(X, X)
    a *= 2
    np.testing.assert_array_equal(b, 1.0)
    g = np.ones(3)
    (pulled,) = ag.vjp(lambda x: x + 0.0, X)[1](g)
    pulled *= 2
    np.testing.assert_array_equal(g, 1.0)


def test_arrays_need_another_transform() -> None:
    with pytest.raises(ValueError, match="jacobian or elementwise_grad"):
        ag.grad(lambda x: x * 2)(X)
    with pytest.raises(ValueError, match="one output"):
        ag.grad(lambda x: (x, x))(1.0)
    with pytest.raises(TypeError, match="number"):
        ag.grad(lambda x: "no")(1.0)
    with pytest.raises(TypeError, match="number"):
        ag.grad(lambda x: None)(1.0)
    with pytest.raises(TypeError):
        ag.grad(lambda x: x)("1")


def test_outputs_of_one_entry_count_as_scalars() -> None:
    np.testing.assert_array_equal(ag.grad(lambda x: (x * x).sum(keepdims=True))(X), 2 * X)


def test_elementwise_grad() -> None:
    np.testing.assert_allclose(ag.elementwise_grad(np.sin)(X), np.cos(X))
    assert ag.elementwise_grad(np.sin)(0.0) == 1.0
    second = ag.elementwise_grad(ag.elementwise_grad(np.tanh))(X)
    np.testing.assert_allclose(second, -2 * np.tanh(X) * (1 - np.tanh(X) ** 2))
    assert ag.elementwise_grad(np.sin)(np.float32(X)).dtype == np.float32


def test_vjp() -> None:
    y, pull = ag.vjp(layer, W, X)
    np.testing.assert_array_equal(y, layer(W, X))
    for g in (np.array([1.0, 0.0]), np.array([0.5, -2.0])):
        gw, gx = pull(g)
        s = differences(lambda w, x, g=g: float(g @ layer(w, x)), [W, X])
        np.testing.assert_allclose(gw, s[0], atol=1e-9)
        np.testing.assert_allclose(gx, s[1], atol=1e-9)
    with pytest.raises(ValueError, match="shape"):
        pull(np.ones(3))
    with pytest.raises(ValueError, match="structure"):
        pull((np.ones(2),))


def test_jvp() -> None:
    tw, tx = np.ones_like(W), np.array([0.1, 0.2, 0.3])
    y, t = ag.jvp(layer, (W, X), (tw, tx))
    np.testing.assert_array_equal(y, layer(W, X))
    step = 1e-6
    wanted = (layer(W + step * tw, X + step * tx) - layer(W - step * tw, X - step * tx)) / (
        2 * step
    )
    np.testing.assert_allclose(t, wanted, atol=1e-9)
    with pytest.raises(ValueError, match="tangent"):
        ag.jvp(layer, (W, X), (tw,))
    with pytest.raises(ValueError, match="shape"):
        ag.jvp(layer, (W, X), (tw, np.ones(4)))
    with pytest.raises(ValueError, match="structure"):
        ag.jvp(lambda p: p[0], ((X, X),), ((X,),))


def test_make_vjp_and_make_jvp() -> None:
    pull, y = ag.make_vjp(layer, 1)(W, X)
    np.testing.assert_array_equal(y, layer(W, X))
    np.testing.assert_array_equal(pull(np.ones(2)), ag.vjp(layer, W, X)[1](np.ones(2))[1])
    y, t = ag.make_jvp(layer, argnum=1)(W, X)(X)
    np.testing.assert_array_equal(y, layer(W, X))
    np.testing.assert_array_equal(t, ag.jvp(lambda x: layer(W, x), (X,), (X,))[1])
    pull, _ = ag.make_vjp(layer, (0, 1))(W, X)
    assert [np.shape(g) for g in pull(np.ones(2))] == [W.shape, X.shape]


def test_stop_gradient() -> None:
    assert ag.grad(lambda x: x * ag.stop_gradient(x))(3.0) == 3.0
    assert ag.jvp(lambda x: x * ag.stop_gradient(x), (3.0,), (1.0,)) == (9.0, 3.0)
    tree = {"a": (Value(2.0), [Value(X)]), "b": 1.0}
    stopped = ag.stop_gradient(tree)
    assert stopped["a"][0] == 2.0
    assert stopped["a"][1][0] is tree["a"][1][0].data  # type: ignore[index]
    assert ag.grad(ag.grad(lambda x: x * ag.stop_gradient(x * x)))(3.0) == 0.0


def test_transforms_keep_name_and_documentation() -> None:
    for transform in (ag.grad, ag.value_and_grad, ag.elementwise_grad, ag.jacobian, ag.make_vjp):
        assert transform(layer).__name__ == "layer"


def test_functions_of_values_from_outside() -> None:
    """A Value in a closure is a constant to the transform and a variable to backward()."""
    c = Value(3.0)
    g = ag.grad(lambda x: c * x * x)(2.0)
    assert isinstance(g, Value)
    assert g.data == 12.0
    g.backward()
    assert c.grad == 4.0


def test_values_as_arguments() -> None:
    x = Value(2.0)
    y, g = ag.value_and_grad(lambda x: x**3)(x)
    assert (y.data, g.data) == (8.0, 12.0)
    g.backward()
    assert x.grad == 12.0
    x.zero_grad()
    y.backward()
    assert x.grad == 12.0


def test_a_function_may_call_backward_inside() -> None:
    def f(x: Any) -> Any:
        w = Value(2.0)
        (w * w).backward()
        return x * w.grad

    assert ag.grad(f)(3.0) == 4.0


def test_python_control_flow() -> None:
    def f(x: Any) -> Any:
        y = x
        while y < 100:
            y = y * x if y > 3 else y + 1
        return y

    assert ag.grad(f)(2.5) == pytest.approx(differences(f, [2.5], 1e-5)[0].item(), rel=1e-6)
