"""The keywords that every ufunc takes, on Values as on arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from autograd.engine.dispatch import NONDIFFERENTIABLE
from tests.derivatives import Case, check_dot_product, check_second_order, check_value, check_vjp

X = np.array([[0.3, 0.6, 0.2], [0.7, 0.1, 0.9]])
W = np.array([[1.7, -0.4, 0.8], [0.5, 1.1, -1.9]])
UFUNCS = sorted(
    {
        f
        for f in vars(np).values()
        if isinstance(f, np.ufunc) and f not in NONDIFFERENTIABLE and f.signature is None
    },
    key=str,
)
OPTIONS: list[dict[str, Any]] = [
    {"dtype": np.float32},
    {"dtype": np.longdouble},
    {"dtype": "f8", "casting": "safe"},
    {"casting": "no"},
    {"dtype": None, "out": None, "where": True, "subok": False},
    {"order": "F"},
    {"order": "C"},
]
MISTAKES: list[dict[str, Any]] = [
    {"dtype": np.float32, "casting": "safe"},
    {"dtype": int},
    {"order": "Q"},
    {"keepdims": True},
    {"axis": 0},
    {"no_such_option": 1},
]


def arguments(f: np.ufunc) -> tuple[Any, ...]:
    x = X + 1.5 if f is np.arccosh else X
    return (x, np.array([1, 2, -1])) if f is np.ldexp else (x, W[0])[: f.nin]


@pytest.mark.parametrize("f", UFUNCS, ids=lambda f: f.__name__)
def test_options_mean_what_they_mean_for_arrays(f: Any) -> None:
    args = arguments(f)
    for options in OPTIONS:
        try:
            wanted = f(*args, **options)
        except TypeError:  # `out` of two outputs is a tuple, np.frexp has no loop for "f8", ...
            with pytest.raises(TypeError):
                f(Value(args[0]), *args[1:], **options)
            continue
        got = f(Value(args[0]), *args[1:], **options)
        for y, z in zip(*(x if f.nout > 1 else (x,) for x in (got, wanted)), strict=True):
            y = y.data if isinstance(y, Value) else y
            assert (y.dtype, y.shape) == (z.dtype, z.shape)
            np.testing.assert_allclose(y, z, rtol=4 * np.finfo(np.float32).eps)
            if "order" in options and f.nout == 1:
                assert (y.flags.c_contiguous, y.flags.f_contiguous) == (
                    z.flags.c_contiguous,
                    z.flags.f_contiguous,
                )


@pytest.mark.parametrize("f", UFUNCS, ids=lambda f: f.__name__)
def test_mistakes_are_refused_as_numpy_refuses_them(f: Any) -> None:
    for options in MISTAKES:
        args = arguments(f)
        try:
            f(*args, **options)
        except (TypeError, ValueError) as error:
            with pytest.raises(type(error).__mro__[-3]):
                f(Value(args[0]), *args[1:], **options)


def test_derivatives_go_through_casts() -> None:
    """In complex numbers first: differences in single precision say little."""
    for f in (
        lambda v: np.multiply(v, W, dtype=complex),
        lambda v: np.exp(v, dtype=np.longdouble),
        lambda v: np.add(v, 2, signature="dd->d", order="F"),
    ):
        case = Case(f, [X])
        check_value(case)
        check_vjp(case)
        check_dot_product(case)
        check_second_order(case)
    g = ag.grad(lambda v: np.multiply(v, W, dtype=np.float32).sum())(X)
    np.testing.assert_array_equal(g, W.astype(np.float32))
    assert g.dtype == np.float64


def test_signatures() -> None:
    for signature in ("ff->f", (np.float32, None, None), (None, None, "g")):
        wanted = np.add(X, 2.0, signature=signature)
        got = np.add(Value(X), 2.0, signature=signature)
        assert got.dtype == wanted.dtype
        np.testing.assert_array_equal(got.data, wanted)


def test_no_integers() -> None:
    """What NumPy would cut to integers has no derivative."""
    with pytest.raises(TypeError, match=r"v\.data\.astype"):
        np.add(Value(X), 1, dtype=int, casting="unsafe")


AXES: list[Any] = [
    lambda a, b: np.vecdot(a, b, axis=0),
    lambda a, b: np.vecdot(a, b, axis=0, keepdims=True),
    lambda a, b: np.vecdot(a, b, keepdims=True),
    lambda a, b: np.vecdot(a, b, axes=[0, 0]),
    lambda a, b: np.vecdot(a, b, axes=[(0,), 0, ()]),
    lambda a, b: np.vecdot(a, b, axes=[0, 0], keepdims=True),
    lambda a, b: np.vecdot(a, b, axes=[0, 0, 1], keepdims=True),
    lambda a, b: np.matmul(a, b, axes=[(0, 1), (1, 0), (0, 1)]),
    lambda a, b: np.matmul(a, b, axes=[(1, 0), (0, 1), (1, 0)]),
    lambda a, b: np.matmul(a, b[0], axes=[(0, 1), 0, 0]),
    lambda a, b: np.matmul(a[0], b[1], axes=[0, (0,), ()]),
    lambda a, b: np.matvec(a, b, axes=[(1, 0), 0, 0]),
    lambda a, b: np.vecmat(a, b, axes=[0, (0, 1), 1]),
    lambda a, b: np.matmul(a, b.T, dtype=complex),
]


@pytest.mark.skipif(not hasattr(np, "matvec"), reason="NumPy 2.2 brought matvec and vecmat")
@pytest.mark.parametrize("number", range(len(AXES)))
def test_core_axes_may_be_elsewhere(number: int) -> None:
    case = Case(AXES[number], [X, W])
    check_value(case)
    check_vjp(case)
    check_dot_product(case)
    check_second_order(case)


def test_axes_that_do_not_fit_are_refused() -> None:
    for call in (
        lambda a: np.matmul(a, W.T, keepdims=True),
        lambda a: np.matmul(a, W.T, axis=0),
        lambda a: np.vecdot(a, W, axes=[0]),
        lambda a: np.vecdot(a, W, axes=[0, 1]),
        lambda a: np.vecdot(a, W, axis=2),
    ):
        with pytest.raises((TypeError, ValueError)) as plain:
            call(X)
        with pytest.raises(plain.type):
            call(Value(X))
