"""JAX: `custom_vjp`, `jit` and functions of JAX arrays, right and wrong."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from autograd import gradcheck
from autograd.checking.adapters import of_jax
from tests.checking.adapters.libraries import reason

jax: Any = pytest.importorskip("jax", reason=reason("jax"))
jnp: Any = pytest.importorskip("jax.numpy")

T = jnp.array([0.3, -0.5, 1.0, 2.0])
Z = jnp.array([0.3 + 1j, -1.2 + 0.4j])


def custom(forward: Any, backward: Any) -> Any:
    """A `custom_vjp` that saves its inputs; `backward(g, *inputs)`."""
    f = jax.custom_vjp(forward)
    f.defvjp(lambda *x: (forward(*x), x), lambda x, g: backward(g, *x))
    return f


@jax.custom_vjp
def half_tanh(x: Any) -> Any:
    return jnp.tanh(x)


def half_forward(x: Any) -> Any:
    return jnp.tanh(x), x


def half_backward(x: Any, g: Any) -> Any:
    return (0.5 * g / jnp.cosh(x) ** 2,)


half_tanh.defvjp(half_forward, half_backward)


@partial(jax.custom_vjp, nondiff_argnums=(1,))
def power(x: Any, n: Any) -> Any:
    return x**n


power.defvjp(lambda x, n: (x**n, x), lambda n, x, g: (g * n * x ** (n - 1),))

RIGHT: dict[str, Any] = {
    "custom_vjp": (custom(jnp.sin, lambda g, x: (g * jnp.cos(x),)), (T,)),
    "NumPy inputs": (custom(jnp.sin, lambda g, x: (g * jnp.cos(x),)), (np.array([0.3, 0.5]),)),
    "a number": (custom(jnp.sin, lambda g, x: (g * jnp.cos(x),)), (0.5,)),
    "jit": (jax.jit(lambda x, w: jnp.tanh(x @ w)), (jnp.ones((3, 4)), jnp.eye(4)[:, :2])),
    "two outputs": (lambda x: (jnp.sin(x), {"c": jnp.cos(x)}), (T,)),
    "integer input": (lambda x, i: x[i], (T, jnp.array([0, 2, 2]))),
    "integer output": (lambda x: (x * 2, jnp.argmax(x)), (T,)),
    "complex": (lambda z: z**2 * jnp.conj(z), (Z,)),
    "complex, by hand": (custom(lambda z: z * z, lambda g, z: (2 * g * z,)), (Z,)),
    "complex to real": (lambda z: jnp.sum(jnp.abs(z) ** 2), (Z,)),
    "trees": (lambda p: p["w"] * p["b"][0], ({"w": T, "b": (T + 1,)},)),
    "nondiff_argnums": (power, (T, 3.0)),
    "bfloat16": (lambda x: x * x, (T.astype(jnp.bfloat16),)),
    "jax's own": (jax.nn.softmax, (T,)),
    "marked": (of_jax(lambda x: jnp.tanh(x)), (np.array([0.3, 0.5]),)),
    "random key": (lambda x, key: x * jax.random.normal(key, (4,)), (T, jax.random.key(0))),
}
WRONG: dict[str, Any] = {
    "a factor": (half_tanh, (T,), "factor"),
    "swapped": (custom(jnp.multiply, lambda g, x, y: (g * x, g * y)), (T, T + 1), "swapped"),
    "conjugated": (
        custom(lambda z: z * z, lambda g, z: (2 * g * jnp.conj(z),)),
        (Z,),
        "convention",
    ),
    "stopped": (lambda x: jax.lax.stop_gradient(x) * 2, (T,), "not propagated"),
    "in a composite": (lambda x: half_tanh(x) * 3, (T,), "factor"),
}


@pytest.mark.parametrize("case", RIGHT)
def test_right(case: str) -> None:
    f, inputs = RIGHT[case]
    report = gradcheck(f, *inputs)
    assert report.verdict == "PASS", str(report)
    assert report.resolution < 1e-6


@pytest.mark.parametrize("case", WRONG)
def test_wrong(case: str) -> None:
    f, inputs, kind = WRONG[case]
    report = gradcheck(f, *inputs)
    assert report.verdict == "FAIL", str(report)
    if kind:
        assert report.inputs[0].kinds == [kind], str(report)


def test_source_rule_and_call() -> None:
    report = gradcheck(half_tanh, T)
    assert report.name == "half_tanh"
    assert report.rule.endswith(f"test_jax.py:{half_backward.__code__.co_firstlineno}")
    assert "test_jax.py" in report.source
    assert report.reproduce == f"gradcheck(half_tanh, jnp.array({T.tolist()}), seed=0)"


def test_float64_is_on_during_the_check_only() -> None:
    assert gradcheck(lambda x: jnp.exp(x), T).resolution < 1e-9
    assert jnp.ones(2).dtype == jnp.float32


def test_a_backward_that_is_passed_along() -> None:
    right = gradcheck(jnp.tanh, T, vjp=lambda g, x: g / jnp.cosh(x) ** 2)
    assert right.verdict == "PASS", str(right)
    wrong = gradcheck(jnp.tanh, T, vjp=lambda g, x: -g / jnp.cosh(x) ** 2)
    assert wrong.inputs[0].kinds == ["sign"]


def test_a_function_of_jax_arrays_at_arrays_names_the_adapter() -> None:
    report = gradcheck(lambda x: jnp.tanh(x), np.ones(2))
    assert report.verdict == "ERROR"
    assert "pass it JAX arrays, or gradcheck(of_jax(f), x)" in str(report)
