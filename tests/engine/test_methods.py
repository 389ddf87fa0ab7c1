"""The methods and attributes of an ndarray, on a Value."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

from autograd import Value
from autograd.engine.refusals import ADVICE
from tests.derivatives import Case, check_dot_product, check_second_order, check_value, check_vjp
from tests.samples import floats

X = floats(2, 3)
CALLS: dict[str, Any] = {
    "sum": [lambda v: v.sum(), lambda v: v.sum(0), lambda v: v.sum(-1, keepdims=True)],
    "sum with options": [
        lambda v: v.sum(1, np.float64),
        lambda v: v.sum(where=np.array([True, False, True])),
        lambda v: v.sum(axis=0, initial=2.0),
    ],
    "mean": [lambda v: v.mean(), lambda v: v.mean(0), lambda v: v.mean((0, 1), keepdims=True)],
    "prod": [lambda v: v.prod(), lambda v: v.prod(axis=1)],
    "max": [lambda v: v.max(), lambda v: v.max(0), lambda v: v.max(initial=0.3)],
    "min": [lambda v: v.min(), lambda v: v.min(axis=1, keepdims=True)],
    "var": [lambda v: v.var(), lambda v: v.var(0, ddof=1), lambda v: v.var(0, None, None, 1)],
    "std": [lambda v: v.std(), lambda v: v.std(axis=1, keepdims=True)],
    "cumsum": [lambda v: v.cumsum(), lambda v: v.cumsum(1)],
    "cumprod": [lambda v: v.cumprod(), lambda v: v.cumprod(axis=0)],
    "trace": [lambda v: v.trace(), lambda v: v.trace(1)],
    "reshape": [
        lambda v: v.reshape(3, 2),
        lambda v: v.reshape((3, 2)),
        lambda v: v.reshape(-1),
        lambda v: v.reshape([6, 1], order="F"),
    ],
    "transpose": [
        lambda v: v.transpose(),
        lambda v: v.transpose(1, 0),
        lambda v: v.transpose([1, 0]),
    ],
    "T": [lambda v: v.T, lambda v: v.mT],
    "ravel": [lambda v: v.ravel(), lambda v: v.flatten(), lambda v: v.ravel("F")],
    "flat": [lambda v: v.flat[2], lambda v: np.stack(list(v.flat))],
    "squeeze": [lambda v: v[:, :1].squeeze(), lambda v: v[None].squeeze(0)],
    "swapaxes": [lambda v: v.swapaxes(0, -1)],
    "repeat": [lambda v: v.repeat(2), lambda v: v.repeat([1, 2, 0], axis=1)],
    "diagonal": [lambda v: v.diagonal(), lambda v: v.diagonal(1)],
    "take": [
        lambda v: v.take([0, 0, 5]),
        lambda v: v.take([1], 1),
        lambda v: v.take([7], mode="wrap"),
    ],
    "compress": [lambda v: v.compress([True, False, True], axis=1)],
    "clip": [lambda v: v.clip(-0.6, 0.6), lambda v: v.clip(max=0.3), lambda v: v.clip(min=-0.3)],
    "round": [lambda v: v.round(), lambda v: v.round(decimals=0)],
    "real": [lambda v: v.real, lambda v: v.conj(), lambda v: v.conjugate()],
    "copy": [lambda v: v.copy(), lambda v: v.copy("F")],
    "astype": [lambda v: v.astype(np.float64), lambda v: v.astype("f8")],
    "dot": [lambda v: v.dot(np.ones(3)), lambda v: v.dot(v.T)],
}
MICROGRAD = ["exp", "tanh", "relu", "sigmoid", "sin", "cos"]


@pytest.mark.parametrize(
    "call",
    [pytest.param(c, id=f"{n}-{i}") for n, calls in CALLS.items() for i, c in enumerate(calls)],
)
def test_differentiable_methods(call: Any) -> None:
    case = Case(call, [X])
    if "np.stack(" not in inspect.getsource(call):
        check_value(case, lambda x: call(x))
    check_vjp(case)
    check_dot_product(case)
    check_second_order(case)


@pytest.mark.parametrize("name", MICROGRAD)
def test_scalar_functions_as_methods(name: str) -> None:
    reference = {
        "relu": lambda x: np.maximum(x, 0.0),
        "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    }.get(name) or getattr(np, name)
    for x in (0.7, -0.7, X):
        v = Value(x)
        y = getattr(v, name)()
        np.testing.assert_allclose(y.data, reference(x), rtol=1e-14)
        assert type(y.data) is type(x)
        check_vjp(Case(lambda v: getattr(v, name)() if isinstance(v, Value) else reference(v), [x]))


def test_log_and_sqrt_methods() -> None:
    for x in (0.7, np.abs(X)):
        np.testing.assert_allclose(Value(x).log().data, np.log(x), rtol=1e-14)
        np.testing.assert_allclose(Value(x).sqrt().data, np.sqrt(x), rtol=1e-14)


def test_every_attribute_of_an_array_is_there_or_explained() -> None:
    """What ndarray has, Value has too, or AttributeError says what to do instead."""
    public = [name for name in dir(np.ndarray) if not name.startswith("_")]
    v = Value([[1.0, 2.0]])
    for name in public:
        if not hasattr(v, name):
            with pytest.raises(AttributeError, match=rf"{name!r}: .*[.(]"):
                getattr(v, name)
    assert not [name for name in ADVICE if hasattr(Value, name)], "advice for what is there"


def test_positional_arguments_stand_where_numpy_has_them() -> None:
    """v.sum(0, None, None, True) means what it means for an array."""
    for name in (
        "sum",
        "mean",
        "prod",
        "max",
        "min",
        "var",
        "std",
        "cumsum",
        "cumprod",
        "trace",
        "clip",
    ):
        function = list(inspect.signature(getattr(np, name)).parameters)[1:]
        method = list(inspect.signature(getattr(Value, name)).parameters)[1:]
        method = [p for p in method if p != "options"]
        renamed = {"a_min": "min", "a_max": "max"}
        assert method == [renamed.get(p, p) for p in function[: len(method)]], name


def test_misspelt_names_get_no_advice() -> None:
    with pytest.raises(AttributeError, match=r"no attribute 'summ'$"):
        Value(1.0).summ()  # type: ignore[attr-defined]
    assert not hasattr(Value(1.0), "__array_interface__"), "NumPy would read past the graph"


def test_plain_results() -> None:
    x = np.array([[3.0, 1.0], [0.0, 2.0]])
    v = Value(x)
    assert v.argmax() == 0
    np.testing.assert_array_equal(v.argmin(axis=1), [1, 0])
    np.testing.assert_array_equal(v.argsort(), x.argsort())
    np.testing.assert_array_equal(v.argpartition(1), x.argpartition(1))
    np.testing.assert_array_equal(v.all(axis=0), [False, True])
    assert v.any() is np.True_
    np.testing.assert_array_equal(v.nonzero(), x.nonzero())
    assert v.tolist() == x.tolist()
    assert v.item(0, 1) == 1.0
    assert Value([1.0, 3.0]).searchsorted(Value(2.0)) == 1
    assert (v.nbytes, v.itemsize, v.size, v.ndim, v.shape) == (32, 8, 4, 2, (2, 2))
    assert v.device == "cpu"
    assert Value(2.0).item() == 2.0
    assert type(Value(np.float32(2.0)).item()) is float
    with pytest.raises(ValueError, match="size 1"):
        v.item()


@pytest.mark.parametrize("dtype", [int, bool, np.int32, "i8", str])
def test_astype_to_what_has_no_derivative_is_refused(dtype: Any) -> None:
    with pytest.raises(TypeError, match=r"v\.data\.astype"):
        Value([1.0]).astype(dtype)


@pytest.mark.parametrize(
    "method",
    ["sum", "mean", "prod", "max", "min", "var", "std", "cumsum", "cumprod", "clip", "round"],
)
def test_out_is_refused(method: str) -> None:
    args = {"clip": (0, 1)}.get(method, ())
    with pytest.raises(TypeError, match="out="):
        getattr(Value(X), method)(*args, out=np.zeros(()))


def test_copy_passes_the_gradient_on() -> None:
    v = Value([1.0, 2.0])
    w = v.copy()
    assert w is not v
    (w * w).sum().backward()
    np.testing.assert_array_equal(v.grad, [2.0, 4.0])
    w.data[0] = 7.0
    assert v.data[0] == 1.0
