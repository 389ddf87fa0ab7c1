"""Elementwise steps on large arrays, computed in blocks: the bits of computing array by array."""

from __future__ import annotations

import warnings
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from autograd import grad, pytree, value_and_grad
from autograd.compilation import threads
from autograd.compilation.blocks import SMALLEST
from autograd.compilation.compiled import compile
from autograd.compilation.runs import Run, cut, cut_rows, finite_or_nan, join

SIZES = (SMALLEST - 1, SMALLEST, SMALLEST + 1, 20_000, 100_003, 2**17, 300_001)


def runs(compiled: Any) -> list[Run]:
    """The runs of the program that ran last."""
    return [s.function for s in compiled.last.program.steps if isinstance(s.function, Run)]


def same(found: Any, expected: Any) -> bool:
    """Whether two results have one class, dtype, layout, and the same bits."""
    if type(found) is not type(expected):
        return False
    if not isinstance(found, np.ndarray):
        return repr(found) == repr(expected)
    if (found.dtype, found.shape, found.strides) != (
        expected.dtype,
        expected.shape,
        expected.strides,
    ):
        return False
    return found.tobytes() == expected.tobytes()


def agree(f: Any, *points: tuple[Any, ...], eager: int = 0, count: int = 1) -> Any:
    """Check that f compiled gives the bits of f at all points, with runs; the compiled one."""
    compiled = compile(f)
    for args in points:
        found, expected = pytree.flatten(compiled(*args))[0], pytree.flatten(f(*args))[0]
        assert len(found) == len(expected) and all(map(same, found, expected))
    assert compiled.eager == eager
    assert len(runs(compiled)) >= count
    return compiled


def draw(*shape: int, seed: int = 0, dtype: Any = np.float64) -> Any:
    """Numbers of many magnitudes, whose sum depends on the order."""
    rng = np.random.default_rng(seed)
    return (rng.normal(size=shape) * 10 ** rng.uniform(-4, 1, shape)).astype(dtype)


def expression(z: Any) -> Any:
    return np.sum(np.tanh(z) * np.sin(z) + np.exp(-z * z))


@pytest.mark.parametrize("size", SIZES[1:])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_value_and_gradient_of_an_expression(size: int, dtype: Any) -> None:
    z = draw(size, dtype=dtype)
    compiled = agree(value_and_grad(expression), (z,), (z[::-1].copy(),))
    assert len(compiled.last.program.steps) == 1


def test_small_arrays_have_no_blocks() -> None:
    compiled = compile(value_and_grad(expression))
    compiled(draw(SMALLEST - 1))
    assert not runs(compiled)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_any_number_of_threads_gives_the_same_bits(count: int) -> None:
    z = draw(500_000)
    threads.set_thread_count(count)
    try:
        agree(value_and_grad(expression), (z,))
    finally:
        threads.set_thread_count(None)


@pytest.mark.parametrize("size", [1, 100, 128, 129, 1000, 8191, 8192, 8193, 2**20, 777_777])
@pytest.mark.parametrize("largest", [128, 1024, 8192])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_sums_of_blocks_are_joined_as_numpy_joins_them(size: int, largest: int, dtype: Any) -> None:
    x = draw(size, dtype=dtype)
    edges = cut(size, largest)
    assert edges[0][0] == 0 and edges[-1][1] == size
    assert all(a[1] == b[0] for a, b in pairwise(edges))
    assert all(0 < stop - start <= largest for start, stop in edges)
    joined = join([np.add.reduce(x[start:stop]) for start, stop in edges], size, largest)
    assert same(joined, np.sum(x))


def test_rows_are_cut() -> None:
    assert cut_rows(7, 3) == ((0, 3), (3, 6), (6, 7))


def test_a_sum_of_minus_zeros() -> None:
    agree(lambda x: np.sum(x * 1.5 + x), (np.full(20_000, -0.0),))


def test_a_block_that_is_not_finite_is_seen() -> None:
    assert finite_or_nan(np.array([1e308, 1e308])) == 0.0
    assert np.isnan(finite_or_nan(np.array([1.0, np.inf])))
    assert np.isnan(finite_or_nan(np.array([1.0, np.nan])))


def test_a_gradient_that_is_not_finite_is_left_to_the_function() -> None:
    f = grad(lambda x: np.sum(np.where(x > 0, np.sqrt(x), 0.0) * x))
    x = np.abs(draw(50_000)) + 1.0
    zero = x.copy()
    zero[777] = 0.0
    with np.errstate(all="ignore"):
        agree(f, (x,), (zero,), eager=1)


def test_gradients_so_large_that_their_squares_overflow_are_finite() -> None:
    x = draw(50_000) * 1e-3 + 1.0
    agree(grad(lambda x: np.sum(x * x * 1e200)), (x,))


@pytest.mark.parametrize(
    "f",
    [
        lambda x, b: np.tanh(x + b) * x,
        lambda x, b: np.exp(x * b[0]) - b,
        lambda x, b: (x - np.max(x, axis=1, keepdims=True)) * b + x,
        lambda x, b: np.where(x > b, x, b * x),
        lambda x, b: np.where(x > 0, 1.0, np.sin(x)),
        lambda x, b: np.maximum(x, 0) * (x > b),
    ],
    ids=range(6),
)
def test_operands_that_are_broadcast(f: Any) -> None:
    x, b = draw(200, 150), draw(150, seed=1)
    agree(f, (x, b))
    agree(value_and_grad(lambda x, b: np.sum(np.abs(f(x, b)))), (x, b))


def test_reductions_over_one_axis_end_a_run() -> None:
    def f(x: Any) -> Any:
        e = np.exp(x - np.max(x, axis=1, keepdims=True))
        p = e / np.sum(e, axis=1, keepdims=True)
        return np.sum(p * np.log(p + 1e-3)) + np.sum(p, axis=0)[3]

    agree(value_and_grad(f), (draw(300, 100),), count=2)


def test_results_that_are_needed_later_and_twice() -> None:
    def f(x: Any) -> Any:
        y = np.sin(x) * 2.0
        total = np.sum(y)
        z = y / total + np.cos(y)
        return y, z, np.sum(z * y), total

    agree(f, (draw(40_000),))


def test_what_is_handed_out_is_never_overwritten() -> None:
    compiled = compile(lambda x: (np.sin(x) * x, np.sum(np.cos(x) * x)))
    x, y = draw(50_000), draw(50_000, seed=1)
    first, _ = compiled(x)
    kept = first.copy()
    compiled(y)
    assert np.array_equal(first, kept)
    first[:] = 0.0
    assert np.array_equal(compiled(x)[0], kept)


@pytest.mark.parametrize("dtype", [np.int64, np.float32, np.complex128, np.bool_, np.uint8])
def test_other_dtypes(dtype: Any) -> None:
    x = (draw(40_000) * 3).astype(dtype)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the function is recorded under NumPy's usual settings
        agree(lambda x: (np.add(x, x) * x, np.sum(np.multiply(x, x))), (x,))
        agree(lambda x: np.where(x == 1, x, 2.5) * np.exp(np.add(x, 1.5)), (x,))


def test_mixed_dtypes_and_casts() -> None:
    def f(x: Any, k: Any) -> Any:
        y = x.astype(np.float64) * k + 2
        return y.astype(np.float32) - x, (y > x) & (k == 3), y

    agree(f, (draw(40_000, dtype=np.float32), np.arange(40_000) % 7))


def test_layouts_that_are_not_rows_have_no_blocks() -> None:
    x = np.asfortranarray(draw(200, 200))
    compiled = compile(lambda x: (np.sin(x) * x, np.sum(np.cos(x) * x)))
    found, expected = compiled(x), (np.sin(x) * x, np.sum(np.cos(x) * x))
    assert all(map(same, found, expected)) and not runs(compiled)
    agree(lambda x: (np.sin(x[::2]) * 2 + 1, np.sin(x) * x + x), (draw(60_000),))


def test_two_shapes_and_a_chain_between_them() -> None:
    def f(x: Any) -> Any:
        y = np.sin(x) * x + 1.0
        z = np.reshape(y, (200, 200)) * 2.0
        return np.sum(np.tanh(z) * z.T + np.exp(-z)), np.sum(y * y)

    agree(value_and_grad(lambda x: f(x)[0] * f(x)[1]), (draw(40_000) * 0.1,), count=2)


def test_warnings_are_those_of_the_function() -> None:
    x = draw(40_000)
    compiled = compile(lambda x: np.log(x) * x)
    with pytest.warns(RuntimeWarning, match="invalid value"):
        compiled(x)
    with np.errstate(invalid="raise"), pytest.raises(FloatingPointError):
        compiled(x)


def test_a_captured_array_in_a_run() -> None:
    w = draw(40_000, seed=3)
    f = lambda x: np.sum(np.sin(x * w) + w)
    compiled = compile(value_and_grad(f))
    x = draw(40_000)
    assert all(map(same, compiled(x), value_and_grad(f)(x)))
    w *= 2.0
    assert all(map(same, compiled(x), value_and_grad(f)(x)))


def test_arguments_may_have_the_names_of_the_text() -> None:
    def f(t: Any, flat: Any, part: Any, start: Any, stop: Any) -> Any:
        y = np.sin(t) * flat + part * start
        return np.sum(y * stop), y

    agree(f, tuple(draw(20_000, seed=i) for i in range(5)))


def test_a_program_runs_slowly_too() -> None:
    f = value_and_grad(expression)
    z = draw(20_000)
    compiled = compile(f)
    compiled(z)
    assert all(map(same, compiled.last.program.run(z)[:2], f(z)))


def test_the_source_runs_by_itself() -> None:
    z = draw(20_000)
    f = value_and_grad(expression)
    compiled = compile(f)
    compiled(z)
    namespace: dict[str, Any] = {}
    exec(compiled.source, namespace)
    function = next(x for n, x in namespace.items() if getattr(x, "__module__", "") is None or (
        callable(x) and getattr(x, "__code__", None) is not None and n not in (
            "cut", "join", "run_blocks", "finite_or_nan", "make_buffers")))  # fmt: skip
    assert all(map(same, function(z)[:2], f(z)))
