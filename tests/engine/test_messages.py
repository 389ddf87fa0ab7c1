"""What a user reads after a mistake, what `debug` is silent about, and which dtype a gradient has:
each was wrong once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import NonFiniteError, Value, debug
from autograd.extend import custom_vjp, primitive

V, W = Value(np.array([1.0, 1.0, 1.0])), Value(np.array([2.0, 2.0, 2.0]))
X = np.array([0.0, 2.0, 3.0])

MESSAGES: dict[str, tuple[Callable[[], Any], str]] = {
    "pow(v, 2, 3)": (lambda: pow(Value(2.0), 2, 3), "modulus.*integers"),
    "pow(2, v, 3)": (lambda: pow(2, Value(2.0), 3), r"modulus.*integers|'Value'"),
    "tangent None": (lambda: ag.jvp(np.sin, (1.0,), (None,)), "the tangent must be a number"),
    "tangents None": (lambda: ag.jvp(np.sin, (1.0,), None), r"jvp\(f, \(x,\), \(t,\)\)"),
    "no tuples": (lambda: ag.jvp(np.sin, 1.0, 1.0), r"jvp\(f, \(x,\), \(t,\)\)"),
    "cotangent None": (lambda: ag.vjp(np.sin, 1.0)[1](None), "the cotangent must be a number"),
    "tangent in a tree": (
        lambda: ag.jvp(lambda p: p["a"], ({"a": 1.0},), ({"a": None},)),
        "the tangent must be a number",
    ),
    "array += v": (lambda: np.add(X, V, out=X), "use the returned Value"),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_message(name: str) -> None:
    run, message = MESSAGES[name]
    with pytest.raises(TypeError, match=message):
        run()


def test_the_clip_method_of_a_plain_array_takes_values() -> None:
    low, high = Value(np.full(3, 1.0)), Value(np.full(3, 2.5))
    y = X.clip(low, high)
    np.testing.assert_array_equal(y.data, X.clip(1.0, 2.5))
    y.sum().backward()
    np.testing.assert_array_equal(low.grad, [1, 0, 0])
    np.testing.assert_array_equal(high.grad, [0, 0, 1])
    with pytest.raises(TypeError, match="out"):
        X.clip(low, high, out=np.empty(3))


def test_ufuncs_of_another_library_name_what_to_use() -> None:
    special = pytest.importorskip("scipy.special")
    for name, advice in {
        "erf": r"use autograd\.erf\(v\)",
        "expit": r"use autograd\.sigmoid\(v\)",
        "log_expit": r"use -autograd\.softplus\(-v\)",
        "log1p": r"use np\.log1p\(v\)",
        "cbrt": r"use np\.cbrt\(v\)",
        "gamma": "the ufunc gamma has no derivative rule.*defvjp",
    }.items():
        for v in (V, Value(0.5)):
            with pytest.raises(TypeError, match=advice):
                getattr(special, name)(v)


def test_the_advice_for_ufuncs_computes_the_same() -> None:
    special = pytest.importorskip("scipy.special")
    from autograd.engine.dispatch import FOREIGN_TWINS

    for name, twin in FOREIGN_TWINS.items():
        x, v = np.array([0.3, 0.6]), np.array([0.2, 0.7])
        ufunc = getattr(special, name)
        wanted = ufunc(x, v) if ufunc.nin == 2 else ufunc(v)
        got = eval(twin, {"np": np, "autograd": ag, "v": v, "x": x})
        np.testing.assert_allclose(got, wanted, rtol=1e-12, err_msg=name)


# --- debug ----------------------------------------------------------------------------------------
SCORES = np.array([[0.5, 1.0, -1.0], [0.1, 0.2, 0.3], [2.0, 1.0, 0.0]])
MASK = np.where(np.tri(3) > 0, 0.0, -np.inf)
by_hand = lambda z: np.exp(z - z.max(-1, keepdims=True))
masked: dict[str, Callable[[Any], Any]] = {
    "scores + mask": lambda s: s + MASK,
    "mask + scores": lambda s: MASK + s,
    "scores - mask": lambda s: s - -MASK,
    "where": lambda s: np.where(MASK < 0, -np.inf, s),
    "scaled later": lambda s: (s + MASK) / 2.0,
    "joined": lambda s: np.concatenate([s, np.full((3, 1), -np.inf)], axis=1),
    "reshaped": lambda s: np.stack([(s + MASK).T.T.reshape(9), MASK.ravel()])[0].reshape(3, 3),
}
heads: dict[str, Callable[[Any], Any]] = {
    "softmax": lambda z: (ag.softmax(z) ** 2).sum(),
    "log_softmax": lambda z: ag.log_softmax(z)[[0, 1, 2], [0, 0, 1]].sum(),
    "logsumexp": lambda z: ag.logsumexp(z, axis=1).sum(),
    "exp": lambda z: np.exp(z).sum(),
    "by hand": lambda z: (by_hand(z) / by_hand(z).sum(-1, keepdims=True)).max(),
}


@pytest.mark.parametrize("head", heads)
@pytest.mark.parametrize("way", masked)
def test_debug_passes_attention_masks(way: str, head: str) -> None:
    f = lambda s: heads[head](masked[way](s))
    with debug():
        found = ag.grad(f)(SCORES)
        v = Value(SCORES)
        f(v).backward()
    np.testing.assert_array_equal(found, v.grad)
    assert np.all(np.isfinite(found))


QUIET: dict[str, Callable[[Any], Any]] = {
    "masked max": lambda x: np.max(x, where=[True, False, True], initial=-5.0),
    "masked max from -inf": lambda x: np.max(x, where=[True, False, True], initial=-np.inf),
    "masked min": lambda x: np.min(x, where=[True, False, True], initial=np.inf),
    "max of an empty mask": lambda x: np.max(x, where=[False] * 3, initial=-5.0) + x.sum(),
    "rows of an empty mask": lambda x: np.max(
        np.stack([x, x]), axis=1, where=[[False], [True]], initial=-1.0
    ).sum(),
    "max with initial": lambda x: np.max(x, initial=-np.inf),
    "clip": lambda x: np.clip(x, -np.inf, 2.0).sum(),
    "maximum": lambda x: np.maximum(x, -np.inf).sum(),
}


@pytest.mark.parametrize("name", QUIET)
def test_debug_passes_neutral_elements(name: str) -> None:
    with debug():
        assert np.all(np.isfinite(ag.grad(QUIET[name])(X)))


LOUD: dict[str, Callable[[Any], Any]] = {
    "log(0)": np.log,
    "overflow": lambda x: np.exp(x * 1000),
    "overflow beside a mask": lambda x: np.array([1e308, 1.0, 1.0]) * (x + 9) + MASK[0],
    "overflow behind a mask": lambda x: np.where([True, False, False], (x + 1) * 1e308 * 2, -1.0),
    "x * inf": lambda x: x * np.inf,
    "infinite data": lambda x: Value(np.array([np.inf, 1.0])) * 2,
    "max of infinite data": lambda x: np.max(Value(np.array([np.inf, 1.0])), initial=-np.inf),
    "sum of a mask": lambda x: (x + MASK[0]).sum(),
    "NaN from a mask": lambda x: ag.softmax(x + np.full(3, -np.inf)),
    "inf - inf": lambda x: (x + MASK[0]) - (x + MASK[0]),
    "constant NaN": lambda x: x * np.array([np.nan, 1.0, 1.0]),
    "loss of a class that is ruled out": lambda x: -ag.log_softmax(x + MASK[0])[[1]].mean(),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", LOUD)
def test_debug_alarms_on_real_infinities(name: str) -> None:
    with pytest.raises(NonFiniteError), debug():
        LOUD[name](Value(X))


# --- dtypes ---------------------------------------------------------------------------------------
DTYPES = ["f2", "f4", "f8", ">f4", ">f8", "c8", "c16", ">c8", ">c16"]
PROGRAMS: dict[str, Callable[[Any], Any]] = {
    "square": lambda v: (np.abs(v) ** 2).sum(),
    "product": lambda v: (v * v).real.sum(),
    "index": lambda v: np.abs(v[...]).sum(),
    "several uses": lambda v: (v.real + v.real * 2 - v.imag).sum(),
    "concatenate": lambda v: np.concatenate([v.ravel(), v.ravel()]).real.sum(),
    "zero": lambda v: (v.real * 0).sum(),
    "max": lambda v: np.max(v.real, initial=-9),
    "prod": lambda v: np.prod(v).real,
    "cumprod": lambda v: np.cumprod(v).real.sum(),
    "where": lambda v: np.where(True, v, 0).real.sum(),
    "custom": lambda v: custom_vjp(lambda x: (x * 1, None), lambda s, g: g * 1.0)(v).real.sum(),
}


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(0,), (0, 3), (2,), ()])
def test_a_gradient_has_the_dtype_of_the_data(shape: Any, dtype: str, program: str) -> None:
    x, f = np.ones(shape, dtype), PROGRAMS[program]
    v = Value(x)
    assert (v.grad.dtype, v.grad.shape) == (x.dtype, shape)
    for create_graph in (False, True):
        v.zero_grad()
        f(v).backward(create_graph=create_graph)
        assert (v.grad.dtype, v.grad.shape) == (x.dtype, shape)
    f(v).backward()
    f(v).backward()
    for g in (v.grad, ag.grad(f)(x), ag.vjp(f, x)[1](1.0)[0]):
        assert (g.dtype, np.shape(g)) == (x.dtype, shape)


def test_a_primitive_of_the_user_is_named_in_its_errors() -> None:
    def frobnicate(x: Any) -> Any:
        return "text"

    with pytest.raises(TypeError, match="frobnicate must return a number"):
        primitive(frobnicate)(Value(1.0))
