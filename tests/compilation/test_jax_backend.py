"""A program under `jax.jit`: equal to rounding; and what happens where JAX is missing."""

from __future__ import annotations

import importlib.util
import sys
from typing import Any

import numpy as np
import pytest

from autograd import grad, pytree, value_and_grad
from autograd.compilation.compiled import compile
from autograd.compilation.jax_backend import JaxProgram, load_jax
from autograd.compilation.program import DecisionDiffers, Program
from autograd.compilation.recording import Recording

with_jax = pytest.mark.skipif(
    importlib.util.find_spec("jax") is None, reason="JAX, which is optional, is not installed"
)
RNG = np.random.default_rng(0)


def recorded(f: Any, *xs: Any) -> Program:
    """The program of f at arrays and numbers."""
    recording = Recording()
    found = pytree.flatten(f(*map(recording.input, xs)))[0]
    recording.program.outputs = [getattr(y, "register", y) for y in found]
    return recording.program


def mlp(w: Any, b: Any, x: Any) -> Any:
    return np.mean(np.maximum(np.tanh(x @ w + b), -0.5) ** 2)


CASES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "network": (
        value_and_grad(mlp, argnum=(0, 1)),
        (RNG.normal(size=(3, 4)), RNG.normal(size=4), RNG.normal(size=(5, 3))),
    ),
    "expression": (
        value_and_grad(lambda z: np.sum(np.tanh(z) * np.sin(z) + np.exp(-z * z))),
        (RNG.normal(size=7),),
    ),
    "slices": (grad(lambda z: np.sum(z[1:] * z[:-1]) + z[2] ** 2), (RNG.normal(size=7),)),
    "places": (grad(lambda z: np.sum(z[np.array([0, 1, 1, 3])] ** 3)), (RNG.normal(size=7),)),
    "sorting": (grad(lambda z: np.max(z) + np.sort(z)[1] * np.median(z)), (RNG.normal(size=7),)),
    "a number": (grad(lambda a: a * a + np.exp(a) * 3), (1.5,)),
    "a choice": (
        grad(lambda a: np.sum(np.where(a > 0, np.log(a), 0.0))),
        (np.array([1.0, 2.0]),),
    ),
    "determinant": (
        grad(lambda a: np.linalg.det(a @ a.T + np.eye(3))),
        (RNG.normal(size=(3, 3)),),
    ),
    "solve": (lambda a: np.linalg.solve(a, a.T), (RNG.normal(size=(3, 3)) + 3 * np.eye(3),)),
    "float32": (grad(lambda a: np.sum(a**2)), (RNG.normal(size=4).astype(np.float32),)),
    "scans": (grad(lambda a: np.sum(np.cumsum(a) ** 2) + np.std(a)), (RNG.normal(size=4),)),
    "second order": (grad(grad(lambda a: np.tanh(a) * a**3)), (0.7,)),
}


@with_jax
@pytest.mark.parametrize("name", CASES)
def test_equal_to_rounding(name: str) -> None:
    f, xs = CASES[name]
    program = JaxProgram(recorded(f, *xs))
    for scale in (1.0, 0.75):
        args = [x * scale for x in xs]
        found, expected = program(*args), pytree.flatten(f(*args))[0]
        for x, y in zip(found, expected, strict=True):
            assert type(x) is type(y)
            assert np.asarray(x).dtype == np.asarray(y).dtype
            rounding = 1e-5 if np.asarray(y).dtype == np.float32 else 1e-11
            np.testing.assert_allclose(x, y, rtol=rounding, atol=rounding)


@with_jax
def test_double_precision_without_a_change_of_the_settings_of_jax() -> None:
    import jax

    x = np.array([1.0, 1e-12])
    found = JaxProgram(recorded(lambda x: np.sum(x + 1.0) - 3.0, x))(x)[0]
    assert abs(found - 1e-12) < 1e-15
    assert jax.numpy.asarray(1.0).dtype == np.float32


@with_jax
def test_a_decision_that_differs() -> None:
    f = grad(lambda a: np.sum(np.where(a > 0, np.log(a), 0.0)))
    program = JaxProgram(recorded(f, np.array([1.0, 2.0])))
    with pytest.raises(DecisionDiffers):
        program(np.array([0.0, 2.0]))


@with_jax
def test_what_jax_has_not() -> None:
    x = RNG.random(3)
    with pytest.raises(NotImplementedError, match=r"np\.fix.*without backend='jax'"):
        JaxProgram(recorded(lambda x: np.fix(x), x))(x)
    compiled = compile(lambda x: np.fix(x), backend="jax")
    with pytest.raises(NotImplementedError, match=r"np\.fix"):
        compiled(x)


@with_jax
def test_compile_with_this_backend() -> None:
    f = value_and_grad(mlp, argnum=(0, 1))
    w, b, x = CASES["network"][1]
    compiled = compile(f, backend="jax")
    for _ in range(2):
        value, (dw, db) = compiled(w, b, x)
        expected, (ew, eb) = f(w, b, x)
        for found, y in zip((value, dw, db), (expected, ew, eb), strict=True):
            np.testing.assert_allclose(found, y, rtol=1e-12, atol=1e-14)
    assert compiled.eager == 0 and compiled.recorded == 1
    assert "np.tanh" in compiled.source


@with_jax
def test_a_scalar_network_and_a_decision_that_differs() -> None:
    f = grad(lambda xs: sum(np.where(x > 0.0, np.sqrt(x), 0.0) * x for x in xs))
    compiled = compile(f, backend="jax")
    xs = [float(i + 1) for i in range(30)]
    np.testing.assert_allclose(compiled(xs), f(xs), rtol=1e-12)
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(compiled([0.0, *xs[1:]]), f([0.0, *xs[1:]]), rtol=1e-12)
    assert compiled.eager == 1


def test_backends_have_names() -> None:
    with pytest.raises(ValueError, match=r"backend .cuda.*numpy.*jax"):
        compile(np.sin, backend="cuda")


@with_jax
def test_results_are_arrays_of_numpy_that_can_be_written_to() -> None:
    program = JaxProgram(recorded(lambda x: (np.sin(x), np.sum(x)), np.ones(3)))
    found, total = program(np.ones(3))
    assert type(found) is np.ndarray and type(total) is np.float64
    found[0] = 1.0


def test_without_jax_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(ImportError, match=r"backend='jax'.*pip install"):
        load_jax()
    with pytest.raises(ImportError, match="pip install"):
        compile(np.sin, backend="jax")
    with pytest.raises(ImportError, match="pip install"):
        JaxProgram(recorded(lambda x: x * 2.0, np.ones(2)))
