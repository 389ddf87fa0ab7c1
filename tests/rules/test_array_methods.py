"""The methods of an array, and reductions, as NumPy lets one write them, and what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from tests.calls import check_call

X = np.array([[0.37, -1.21, 1.83, 0.52], [-0.66, 2.14, 0.95, -1.47], [1.18, -0.29, -1.92, 0.71]])
Z = X + 1j * X[::-1]
NUMBER = 1.7
MASK = X > 0

METHODS: dict[str, list[Any]] = {
    "reshape": [
        lambda v: v.reshape(np.int64(12)),
        lambda v: v.reshape([4, 3]),
        lambda v: v.reshape(4, -1, order="F"),
        lambda v: v.reshape((2, 6), order="A"),
        lambda v: v.reshape(5),
        lambda v: v.reshape(-1, copy=True),
        lambda v: v.reshape((4, 3), copy=None),
        lambda v: v.reshape(shape=(4, 3)),
        lambda v: v[0, 0].reshape(()),
        lambda v: v.reshape(np.array([4, 3])),
        lambda v: v.reshape(2, 3, 2),
    ],
    "transpose": [
        lambda v: v.transpose(),
        lambda v: v.transpose(None),
        lambda v: v.transpose(1, 0),
        lambda v: v.transpose((1, 0)),
        lambda v: v.transpose(np.int64(1), np.int64(0)),
        lambda v: v.transpose([1, 0]),
        lambda v: v.transpose(0),
        lambda v: v[0].transpose(0),
        lambda v: v.transpose(-1, -2),
        lambda v: v.T,
        lambda v: v.mT,
        lambda v: v[0].mT,
        lambda v: v[0, 0].T,
        lambda v: v[0].transpose(np.int64(0)),
        lambda v: v.transpose(np.array([1, 0])),
    ],
    "ravel": [
        lambda v: v.ravel(),
        lambda v: v.ravel("F"),
        lambda v: v.T.ravel("K"),
        lambda v: v.ravel(order="A"),
        lambda v: v.flatten(),
        lambda v: v.flatten("F"),
        lambda v: v.flatten(order="C"),
        lambda v: v.T.flatten("A"),
        lambda v: v.flatten("Q"),
        lambda v: v[0, 0].ravel(),
        lambda v: v[0, 0].flatten(),
    ],
    "squeeze": [
        lambda v: v[None].squeeze(),
        lambda v: v[None].squeeze(0),
        lambda v: v[None].squeeze((0,)),
        lambda v: v[None].squeeze(axis=np.int64(0)),
        lambda v: v.squeeze(0),
        lambda v: v.swapaxes(0, np.int64(1)),
        lambda v: v.swapaxes(0, 2),
    ],
    "repeat": [
        lambda v: v.repeat(2),
        lambda v: v.repeat([1, 2, 3], 0),
        lambda v: v.repeat(repeats=2, axis=1),
        lambda v: v.repeat([1, 2], 0),
    ],
    "take": [
        lambda v: v.take(1),
        lambda v: v.take([0, 1], axis=1),
        lambda v: v.take([0, 100], mode="clip"),
        lambda v: v.take([0], 0, None, "wrap"),
        lambda v: v.take(indices=[[1]], axis=0),
    ],
    "diag": [
        lambda v: v.diagonal(),
        lambda v: v.diagonal(1),
        lambda v: v.diagonal(offset=-1, axis1=1, axis2=0),
        lambda v: v.trace(),
        lambda v: v.trace(1),
        lambda v: v.trace(0, 1, 0),
        lambda v: v.trace(dtype=np.float32),
        lambda v: v.trace(out=None),
    ],
    "compress": [
        lambda v: v.compress([1, 0, 1]),
        lambda v: v.compress([True, False, True], axis=0),
        lambda v: v.compress(condition=[0, 1], axis=np.int64(1), out=None),
    ],
    "clip": [
        lambda v: v.clip(0, 1),
        lambda v: v.clip(min=0),
        lambda v: v.clip(max=np.int64(1)),
        lambda v: v.clip(None, 1),
        lambda v: v.clip(0, 1, None),
        lambda v: v.clip(),
        lambda v: v.clip(0, 1, dtype=np.float32),
        lambda v: v.clip(0, [1, 2, 3, 4]),
        lambda v: v.clip(v[0], 1),
    ],
    "round": [
        lambda v: v.round(),
        lambda v: v.round(1),
        lambda v: v.round(decimals=np.int64(2)),
        lambda v: v.round(1, None),
        lambda v: round(v[0, 0], 2),
    ],
    "conj": [
        lambda v: v.conj(),
        lambda v: v.conjugate(),
        lambda v: v.real,
        lambda v: v.imag,
        lambda v: abs(v),
        lambda v: v.copy(),
        lambda v: v.copy("F"),
        lambda v: v.copy(order="K"),
    ],
    "astype": [
        lambda v: v.astype(np.float32),
        lambda v: v.astype("f4", casting="same_kind"),
        lambda v: v.astype("f4", casting="safe"),
        lambda v: v.astype(float, copy=False),
        lambda v: v.astype(dtype=np.complex64),
        lambda v: v.astype(float, order="F"),
        lambda v: v.astype(np.longdouble),
        lambda v: v.astype("f8", "F", "unsafe", False, True),
    ],
    "dot": [
        lambda v: v.dot(v.T),
        lambda v: v.dot(2),
        lambda v: v.dot([1.0, 2.0, 3.0, 4.0]),
        lambda v: v.dot(X[0], None),
        lambda v: v.dot(b=X[0]),
    ],
    "argx": [
        lambda v: v.argmax(),
        lambda v: v.argmax(0),
        lambda v: v.argmax(axis=1, keepdims=True),
        lambda v: v.argmin(axis=np.int64(0)),
        lambda v: v.argsort(),
        lambda v: v.argsort(0),
        lambda v: v.argsort(axis=None, kind="stable"),
        lambda v: v.argsort(stable=True),
        lambda v: v.argpartition(1),
        lambda v: v.argpartition(1, axis=0),
        lambda v: v[0].argsort().argsort(),
        lambda v: v.nonzero(),
        lambda v: v.any(),
        lambda v: v.all(axis=0),
        lambda v: v.any(1, keepdims=True),
        lambda v: v.all(where=MASK),
        lambda v: np.sort(v.data)[0].searchsorted(v[0].data),
        lambda v: len(v),
        lambda v: v.size,
        lambda v: v.ndim,
        lambda v: v.nbytes,
        lambda v: v.itemsize,
        lambda v: v.argmax(out=None),
    ],
    "ops": [
        lambda v: v // 0.5,
        lambda v: divmod(v, 0.5),
        lambda v: divmod(2.0, v),
        lambda v: v % 0.5,
        lambda v: 2 // v,
        lambda v: v**2,
        lambda v: v ** np.int64(2),
        lambda v: 2**v,
        lambda v: abs(v) ** v,
        lambda v: -v,
        lambda v: +v,
        lambda v: v @ v.T,
        lambda v: v > 0,
        lambda v: v == v,
        lambda v: v != 0,
        lambda v: 0.5 in v,
        lambda v: [1.0, 2.0, 3.0, 4.0] - v,
        lambda v: v - (1, 2, 3, 4),
        lambda v: v * np.float32(2),
        lambda v: np.float64(2) * v,
        lambda v: np.arange(4) - v,
        lambda v: True + v,
        lambda v: v / np.array([1, 2, 0, 3]),
        lambda v: v & 1,
        lambda v: ~v,
        lambda v: v << 1,
        lambda v: v @ 2,
        lambda v: pow(v, 2),
        lambda v: v + None,
        lambda v: v + "a",
        lambda v: bool(v),
        lambda v: bool(v[0, 0]),
        lambda v: v < [0, 0, 0, 0],
        lambda v: v[0] > v[1],
    ],
    "index": [
        lambda v: v[0],
        lambda v: v[np.int64(1)],
        lambda v: v[-1, ...],
        lambda v: v[..., None],
        lambda v: v[[0, 2]],
        lambda v: v[MASK],
        lambda v: v[[True, False, True]],
        lambda v: v[np.array([0, 1]), 1:3],
        lambda v: v[::-1, ::2],
        lambda v: v[(0, 1), (1, 2)],
        lambda v: v[None, 0],
        lambda v: v[5],
        lambda v: v[0, 0, 0],
        lambda v: v[()],
        lambda v: v[[]],
        lambda v: v[:, [1, 1]],
        lambda v: v[1.0],
        lambda v: v["a"],
        lambda v: v[np.newaxis],
        lambda v: v[True],
        lambda v: v[False],
        lambda v: v[0][1],
        lambda v: v[np.ix_([0, 1], [2, 3])],
        lambda v: v[np.array(1)],
        lambda v: v[MASK[:2]],
        lambda v: v[np.int64(0) : np.int64(2)],
        lambda v: v[[[0, 1], [1, 0]]],
        lambda v: v[np.s_[0:2, ...]],
        lambda v: v[0:2, np.array([True, False, True, True])],
        lambda v: v[MASK.any(1), 0],
        lambda v: v[np.uint8(1)],
        lambda v: list(v)[1],
        lambda v: v.flat[3],
    ],
}


@pytest.mark.parametrize("name", METHODS)
def test_methods(name: str) -> None:
    accepted = [check_call(f, X, smooth=name != "round") for f in METHODS[name]]
    assert sum(accepted) > len(accepted) // 2


REDUCTIONS: list[Any] = [
    lambda f, v: f(v, np.int64(0)),
    lambda f, v: f(v, (0, 1)),
    lambda f, v: f(a=v, axis=(1,)),
    lambda f, v: f(v, axis=[0]),
    lambda f, v: f(v, keepdims=True, axis=-1),
    lambda f, v: f(v, keepdims=1),
    lambda f, v: f(v, keepdims=np._NoValue),
    lambda f, v: f(v, out=None),
    lambda f, v: f(v, 3),
    lambda f, v: f(v, (0, 0)),
    lambda f, v: f(v, 1.0),
    lambda f, v: f(v, axis=np.array(0)),
    lambda f, v: f(v, ()),
    lambda f, v: f(v[:0]),
    lambda f, v: f(v[:, :0], axis=1),
    lambda f, v: f(v[:, :0], axis=0),
    lambda f, v: f(v[0, 0]),
    lambda f, v: f(v[0, 0], axis=0),
    lambda f, v: f(v[0, 0], axis=1),
    lambda f, v: f(v, no_such_option=1),
]
DTYPES: list[Any] = [
    lambda f, v: f(v, dtype=np.float32),
    lambda f, v: f(v, 0, np.complex128),
    lambda f, v: f(v, where=MASK),
    lambda f, v: f(v, where=MASK[0], axis=1),
    lambda f, v: f(v, where=False),
    lambda f, v: f(v, where=[True, False, True, False]),
    lambda f, v: f(v, where=MASK.astype(int)),
    lambda f, v: f(v, where=MASK[:2]),
]
STARTS: list[Any] = [
    lambda f, v: f(v, initial=2),
    lambda f, v: f(v, axis=0, initial=np.int64(2), where=MASK),
    lambda f, v: f(v, initial=None),
    lambda f, v: f(v[:0], axis=0, initial=1.0),
    lambda f, v: f(v, axis=0, initial=[1.0, 2.0, 3.0, 4.0]),
    lambda f, v: f(v, initial=v[0, 1] * 3),
]
SPREADS: list[Any] = [
    lambda f, v: f(v, ddof=np.int64(1)),
    lambda f, v: f(v, axis=0, correction=1.5),
    lambda f, v: f(v, ddof=1, correction=1),
    lambda f, v: f(v, ddof=12),
    lambda f, v: f(v, ddof=20),
    lambda f, v: f(v, axis=1, mean=np.mean(v, axis=1, keepdims=True)),
    lambda f, v: f(v, mean=0.3),
    lambda f, v: f(v, axis=0, mean=[[0.1, 0.2, 0.3, 0.4]]),
    lambda f, v: f(v, 0, None, None, 1, True),
]
CALLS = {
    "sum": [*REDUCTIONS, *DTYPES, *STARTS],
    "prod": [*REDUCTIONS, *DTYPES, *STARTS],
    "mean": [*REDUCTIONS, *DTYPES],
    "max": [*REDUCTIONS, *STARTS],
    "min": [*REDUCTIONS, *STARTS],
    "var": [*REDUCTIONS, *DTYPES, *SPREADS],
    "std": [*REDUCTIONS, *DTYPES, *SPREADS],
}


def method_of(name: str) -> Any:
    """A method as a function of the array."""
    return lambda v, *args, **options: getattr(v, name)(*args, **options)


@pytest.mark.parametrize("name", CALLS)
def test_reductions(name: str) -> None:
    """As functions and as methods, of arrays in double, single and half precision."""
    f = getattr(np, name)
    for call in CALLS[name]:
        kinks = name == "std" and call in REDUCTIONS  # the deviation of one number
        check_call(lambda v, c=call: c(f, v), X, smooth=not kinks)
        check_call(lambda v, c=call: c(f, v), np.float32(X))
        check_call(lambda v, c=call: c(f, v), np.float16(X))
        if name not in ("max", "min") and call not in (DTYPES[0], STARTS[4]):
            check_call(lambda v, c=call: c(f, v), Z, smooth=not kinks)
        own = (REDUCTIONS[2], REDUCTIONS[6], *SPREADS)  # a=v, NumPy's sign for nothing, correction=
        if call not in own:
            check_call(lambda v, c=call: c(method_of(name), v), X, smooth=False)


def test_a_start_is_taken_in_the_dtype_of_the_array() -> None:
    x = np.float32(X)
    for f in (np.sum, np.prod, np.max, np.min):
        got, wanted = f(Value(x), initial=np.float64(2.5)), f(x, initial=np.float64(2.5))
        assert got.dtype == wanted.dtype == np.float32
        np.testing.assert_allclose(got.data, wanted, rtol=1e-6)


def test_no_spread_of_complex_numbers_in_a_real_dtype() -> None:
    """NumPy takes the real part for the mean only."""
    for f in (np.var, np.std):
        with pytest.raises(TypeError, match=r"v\.real"):
            f(Value(Z), dtype=float)


def test_a_number_has_the_axes_0_and_minus_1() -> None:
    """Where NumPy reduces a number along them."""
    for axis in (0, -1):
        assert ag.grad(lambda x, axis=axis: np.prod(x, axis=axis))(np.float64(0.0)) == 1.0
        with pytest.raises(np.exceptions.AxisError):
            np.mean(Value(1.5), axis=axis)


def test_the_deviation_of_a_number_is_a_float() -> None:
    assert type(Value(1.7).std().data) is float


OTHERS: dict[str, list[tuple[Any, ...]]] = {
    "scans": [
        (lambda v: np.cumsum(v, np.int64(1)), X),
        (lambda v: np.cumsum(v, axis=None), X),
        (lambda v: np.cumsum(v, -1, np.float32), X),
        (lambda v: np.cumsum(v, axis=2), X),
        (lambda v: np.cumsum(v, axis=(0,)), X),
        (lambda v: np.cumsum(v[:0], axis=0), X),
        (lambda v: np.cumsum(v, 0, None, None), X),
        (lambda v: np.cumsum(v), NUMBER),
        (lambda v: np.cumsum(v, axis=0), NUMBER),
        (lambda v: np.cumprod(v, np.int64(1)), X),
        (lambda v: np.cumprod(v, axis=None), X),
        (lambda v: np.cumprod(v, -1, np.float32), X),
        (lambda v: np.cumprod(v, axis=2), X),
        (lambda v: np.cumprod(v, axis=(0,)), X),
        (lambda v: np.cumprod(v[:0], axis=0), X),
        (lambda v: np.cumprod(v, 0, None, None), X),
        (lambda v: np.cumprod(v), NUMBER),
        (lambda v: np.cumprod(v, axis=0), NUMBER),
    ],
    "diff": [
        (lambda v: np.diff(v, np.int64(1)), X),
        (lambda v: np.diff(v, n=2, axis=np.int64(0)), X),
        (lambda v: np.diff(v, prepend=0), X),
        (lambda v: np.diff(v, append=[[1.0], [2.0], [3.0]], axis=1), X),
        (lambda v: np.diff(v, n=9), X),
        (lambda v: np.diff(v, axis=0, prepend=v[:1], append=1.0), X),
        (lambda v: np.diff(v), NUMBER),
        (lambda v: np.diff(v, prepend=[1.0]), X),
        (lambda v: np.diff(a=v, n=1, axis=-1), X),
        (lambda v: np.diff(v, 0), X),
        (lambda v: np.diff(v, 1.0), X),
    ],
    "ptp": [
        (lambda v: np.ptp(v, np.int64(0)), X),
        (lambda v: np.ptp(v, axis=(0, 1), keepdims=True), X),
        (lambda v: np.ptp(v), NUMBER),
        (lambda v: np.ptp(v, axis=2), X),
        (lambda v: np.ptp(v[:0]), X),
    ],
    "am": [
        (lambda v: np.amax(v, axis=0, initial=1.0), X),
        (lambda v: np.amin(v, 1, None, True), X),
    ],
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_functions(name: str) -> None:
    for f, *leaves in OTHERS[name]:
        check_call(f, *leaves)
