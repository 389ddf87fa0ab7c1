"""`np.pad` in all of its modes, on Values as on arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

import autograd as ag
from autograd import Value
from autograd.engine.dispatch import COMPOSITES
from tests.calls import check_call
from tests.derivatives import Case, check_second_order, check_vjp

X = np.array([[0.37, -1.21, 1.83, 0.52], [-0.66, 2.14, 0.95, -1.47], [1.18, -0.29, -1.92, 0.71]])
W = np.array([0.41, -0.87, 1.33])
STATISTICS = ("maximum", "mean", "median", "minimum")
MODES = [
    *("constant", "edge", "linear_ramp", "reflect", "symmetric", "wrap"),
    *(mode for mode in STATISTICS if mode != "median" or np.median in COMPOSITES),
]
WIDTHS: list[Any] = [
    1,
    (1, 2),
    ((1, 2), (3, 0)),
    ((1, 2),),
    [[1, 2], [0, 1]],
    np.array([2, 1]),
    np.int64(2),
    0,
    ((5, 9), (7, 6)),
    {0: 1},
    {-1: (2, 3)},
    {0: (1, 1), 1: 2},
    -1,
    (1, 2, 3),
    1.5,
]
LENGTHS: list[Any] = [1, 2, (1, 2), ((1, 2), (3, 1)), None, 9, 5, (None,), ((2,), (1,)), 0, -1]
NUMBERS: list[Any] = [1, (1, 2), ((1, 2), (3, 4)), ((1,), (2,)), np.nan, np.int64(3), [1, 2]]


@pytest.mark.parametrize("mode", MODES)
def test_widths(mode: str) -> None:
    accepted = [check_call(lambda v, w=w: np.pad(v, w, mode), X) for w in WIDTHS]
    assert accepted[:9] == [True] * 9 and accepted[-3:] == [False] * 3


@pytest.mark.parametrize("mode", MODES)
def test_shapes_and_dtypes(mode: str) -> None:
    for x in (
        W,
        W[:1],
        W[:2],
        X[None],
        W[0],
        X[:0],
        X + 1j * X[::-1],
        np.float32(X),
        X.T,
        X.astype(">f8"),
    ):
        check_call(lambda v: np.pad(v, 2, mode=mode), x)
    check_call(lambda v: np.pad(v, (7, 13), mode), W)
    check_call(lambda v: np.pad(array=v, pad_width=((0, 0), (1, 1)), mode=mode), X[:0])
    assert not check_call(lambda v: np.pad(v, 1, mode, no_such_option=1), X)


@pytest.mark.parametrize("reflect_type", ["even", "odd"])
@pytest.mark.parametrize("mode", ["reflect", "symmetric"])
def test_reflections(mode: str, reflect_type: str) -> None:
    for x in (X, W, W[:1], W[:2]):
        for width in (1, (1, 2), (5, 16)):
            check_call(lambda v, w=width: np.pad(v, w, mode, reflect_type=reflect_type), x)


def test_odd_reflections_do_not_mix_in_infinities() -> None:
    x = np.array([1.0, 2.0, 3.0, np.inf])
    got = np.pad(Value(x), (2, 0), "reflect", reflect_type="odd")
    np.testing.assert_array_equal(got.data, np.pad(x, (2, 0), "reflect", reflect_type="odd"))


@pytest.mark.parametrize("mode", [mode for mode in STATISTICS if mode in MODES])
def test_lengths_of_statistics(mode: str) -> None:
    for length in LENGTHS:
        check_call(lambda v, n=length: np.pad(v, 2, mode, stat_length=n), X)


def test_numbers_to_pad_with() -> None:
    for numbers in NUMBERS:
        check_call(lambda v, c=numbers: np.pad(v, (1, 2), constant_values=c), X)
        check_call(lambda v, c=numbers: np.pad(v, (1, 2), "linear_ramp", end_values=c), X)


def test_values_to_pad_with() -> None:
    choices = (
        lambda w: w[0],
        lambda w: (w[0], w[1]),
        lambda w: w[:2],
        lambda w: ((w[0], w[1]), (1, w[2])),
        lambda w: ((w[0],), (w[2],)),
    )
    for choose in choices:
        for mode, name in (("constant", "constant_values"), ("linear_ramp", "end_values")):
            f = lambda v, w, c=choose, m=mode, n=name: np.pad(v, (2, 1), m, **{n: c(w)})
            case = Case(f, [X, W])
            np.testing.assert_allclose(f(Value(X), Value(W)).data, f(X, W), rtol=1e-14)
            check_vjp(case)
            check_second_order(case)


def test_empty_padding_has_the_middle() -> None:
    y = np.pad(Value(X), 1, "empty")
    np.testing.assert_array_equal(y.data[1:-1, 1:-1], X)
    np.testing.assert_array_equal(
        ag.grad(lambda x: np.pad(x, 1, "empty")[1:-1, 1:-1].sum())(X), 1.0
    )


def test_a_function_that_writes_is_refused() -> None:
    with pytest.raises(TypeError, match=r"np\.concatenate"):
        np.pad(Value(X), 1, lambda *args: None)


@given(
    shape=array_shapes(max_dims=2, max_side=4),
    mode=st.sampled_from(MODES),
    width=st.tuples(st.integers(0, 9), st.integers(0, 9)),
    odd=st.booleans(),
)
def test_any_shape(shape: tuple[int, ...], mode: str, width: tuple[int, int], odd: bool) -> None:
    x = np.random.default_rng(0).permutation(int(np.prod(shape))).reshape(shape) * 0.7 + 0.1
    options: dict[str, Any] = {"reflect_type": "odd"} if odd and mode[-1] in "tc" else {}
    if mode not in ("reflect", "symmetric"):
        options = {}
    assert check_call(lambda v: np.pad(v, width, mode, **options), x)
