"""Convolution and pooling against loops over every window, written here as the definition reads."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from autograd.rules import sliding_kernels as kernels
from autograd.rules.sliding_kernels import Windows
from tests.samples.sliding import SHAPES

RNG = np.random.default_rng(11)


def windows_by_loops(x: Any, windows: Windows, fill: float) -> Any:
    """For each sample, channel and window: its entries, in a row at the end."""
    x = np.pad(x, ((0, 0), (0, 0), *windows.padding), constant_values=fill)
    counts = windows.counts(x.shape[2:])
    counts = tuple(
        (n - reach) // s + 1
        for n, reach, s in zip(x.shape[2:], windows.extents(), windows.stride, strict=True)
    )
    out = np.empty((*x.shape[:2], *counts, int(np.prod(windows.size))))
    for place in product(*map(range, counts)):
        for k, entry in enumerate(product(*map(range, windows.size))):
            at = [
                p * s + e * d
                for p, s, e, d in zip(place, windows.stride, entry, windows.dilation, strict=True)
            ]
            out[:, :, *place, k] = x[:, :, *at]
    return out


@pytest.mark.parametrize(("windows", "places"), SHAPES)
@pytest.mark.parametrize("groups", [1, 2])
def test_conv(windows: Windows, places: tuple[int, ...], groups: int) -> None:
    x, w = RNG.normal(size=(3, 4, *places)), RNG.normal(size=(6, 4 // groups, *windows.size))
    before = x.copy(), w.copy()
    found = windows_by_loops(x, windows, 0.0)
    wanted = np.zeros((3, 6, *found.shape[2:-1]))
    for o in range(6):
        first = o // (6 // groups) * (4 // groups)  # the channels of its group
        for c in range(4 // groups):
            wanted[:, o] += found[:, first + c] @ w[o, c].ravel()
    y = kernels.conv(x, w, windows, groups)
    np.testing.assert_allclose(y, wanted, rtol=1e-13, atol=1e-13)
    np.testing.assert_array_equal(before[0], x)
    np.testing.assert_array_equal(before[1], w)
    g = RNG.normal(size=y.shape)  # <conv(x, w), g> is linear in each of the three
    total = np.vdot(y, g)
    assert np.vdot(kernels.conv_input(g, w, windows, groups, places), x) == pytest.approx(total)
    assert np.vdot(kernels.conv_weight(x, g, windows, groups), w) == pytest.approx(total)


@pytest.mark.parametrize(("windows", "places"), SHAPES)
def test_pools(windows: Windows, places: tuple[int, ...]) -> None:
    x = RNG.normal(size=(3, 2, *places))
    lowest = windows_by_loops(x, windows, -np.inf)
    np.testing.assert_array_equal(kernels.max_pool(x, windows), lowest.max(-1))
    y, numbers = kernels.max_pool_saving(x, windows)
    np.testing.assert_array_equal(y, lowest.max(-1))
    np.testing.assert_array_equal(numbers, lowest.argmax(-1))
    np.testing.assert_array_equal(kernels.max_places(x, windows), lowest.argmax(-1))
    sums = windows_by_loops(x, windows, 0.0)
    np.testing.assert_allclose(kernels.sum_pool(x, windows), sums.sum(-1), atol=1e-14)
    taken = kernels.take_places(x, numbers, windows)
    np.testing.assert_array_equal(taken, y)
    g = RNG.normal(size=y.shape)
    put = kernels.put_places(g, numbers, windows, places)
    assert np.vdot(put, x) == pytest.approx(np.vdot(g, y))
    spread = kernels.spread_windows(g, windows, places)
    assert np.vdot(spread, x) == pytest.approx(np.vdot(g, sums.sum(-1)))


SIDE = Windows((2,), (2,), (1,), ((0, 0),))


def test_the_first_of_equal_entries_and_nan_above_all() -> None:
    x = np.array([[[3.0, 3.0, 1.0, np.nan, np.nan, 5.0, np.nan, np.nan, -np.inf, -np.inf]]])
    y, places = kernels.max_pool_saving(x, SIDE)
    np.testing.assert_array_equal(y, [[[3.0, np.nan, np.nan, np.nan, -np.inf]]])
    np.testing.assert_array_equal(places, [[[0, 1, 0, 0, 0]]])


@pytest.mark.parametrize("stride", [1, 2])
def test_an_infinite_cotangent_touches_no_other_place(stride: int) -> None:
    windows = Windows((2,), (stride,), (1,), ((0, 0),))
    put = kernels.put_places(np.array([[[np.inf]]]), np.array([[[1]]]), windows, (2,))
    np.testing.assert_array_equal(put, [[[0.0, np.inf]]])


def test_integers_have_a_largest_entry() -> None:
    x = np.array([[[-5, -7, -3]]])
    windows = Windows((2,), (1,), (1,), ((1, 0),))
    np.testing.assert_array_equal(kernels.max_pool(x, windows), [[[-5, -5, -3]]])


def test_outputs_keep_the_samples_last_in_memory() -> None:
    """What the next kernel then takes without a copy."""
    x = RNG.normal(size=(4, 2, 6))
    y = kernels.conv(x, RNG.normal(size=(3, 2, 2)), Windows((2,), (1,), (1,), ((0, 0),)), 1)
    assert kernels.samples_last(y).flags.c_contiguous
    for out in (y, kernels.max_pool(y, SIDE), kernels.sum_pool(y, SIDE)):
        assert kernels.samples_last(out).flags.c_contiguous
        assert out.base is None  # a gradient that owns its memory is not copied


@pytest.mark.parametrize("size", [1, 100, 10**9])
def test_blocks_of_any_size(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    x, w = RNG.normal(size=(3, 4, 7, 6)), RNG.normal(size=(6, 2, 3, 2))
    windows = Windows((3, 2), (2, 1), (1, 2), ((1, 0), (0, 1)))
    y = kernels.conv(x, w, windows, 2)
    g = RNG.normal(size=y.shape)
    back = kernels.conv_input(g, w, windows, 2, (7, 6)), kernels.conv_weight(x, g, windows, 2)
    monkeypatch.setattr(kernels, "BLOCK", size)
    np.testing.assert_allclose(kernels.conv(x, w, windows, 2), y, rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(kernels.conv_input(g, w, windows, 2, (7, 6)), back[0], atol=1e-13)
    np.testing.assert_allclose(kernels.conv_weight(x, g, windows, 2), back[1], atol=1e-13)


def test_many_entries_in_a_window() -> None:
    """More than a byte counts."""
    windows = Windows((300,), (300,), (1,), ((0, 0),))
    x = np.arange(300.0).reshape(1, 1, 300)
    assert kernels.max_pool_saving(x, windows)[1] == 299
    assert kernels.max_places(x, windows) == 299
    half = np.zeros((1, 1, 4097), np.float16)
    half[..., 4095] = 1
    long = Windows((4097,), (1,), (1,), ((0, 0),))
    assert kernels.max_places(half, long) == 4095
