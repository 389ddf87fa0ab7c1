"""Kernels of transformers against their definitions, also where scores are huge."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import special

from autograd import Value
from autograd.rules import network_kernels
from autograd.rules import transformer_kernels as kernels
from autograd.rules.transformer import gelu

RNG = np.random.default_rng(8)


def attended(q: Any, k: Any, scale: float, causal: bool) -> Any:
    """The weights in double precision."""
    s = np.einsum("...id,...jd->...ij", *(x.astype(np.float64) for x in (q, k))) * scale
    if causal:
        s = np.where(np.tril(np.ones(s.shape[-2:], bool)), s, -np.inf)
    return special.softmax(s, axis=-1)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("size", [1e-3, 1.0, 30.0, 1e4])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_weights_with_scores_of_every_size(causal: bool, size: float, dtype: Any) -> None:
    if dtype == np.float16 and size > 100:
        size = 100.0
    q, k = (RNG.normal(size=(2, 5, 3)).astype(dtype) for _ in range(2))
    q *= dtype(size)
    p = kernels.attention_weights(q, k, 0.5, causal)
    assert p.dtype == dtype
    error = np.abs(p - attended(q, k, 0.5, causal)).max()
    assert error < 50 * np.finfo(dtype).eps * max(1.0, size)
    if causal:
        assert not np.triu(p[0], 1).any()


def test_one_huge_score_hides_no_row() -> None:
    """Shifted by the largest of all, the first row would be 0 / 0."""
    q, k = np.array([[1.0], [1e4]]), np.array([[1.0], [2.0]])
    for dtype in (np.float64, np.float32):
        p = kernels.attention_weights(q.astype(dtype), k.astype(dtype), 1.0, False)
        np.testing.assert_allclose(p[0], special.softmax([1.0, 2.0]), rtol=1e-6)


def test_scores_that_are_not_finite() -> None:
    q, k = np.ones((2, 1)), np.array([[1.0], [-np.inf]])
    p = kernels.attention_weights(q, k, 1.0, False)
    np.testing.assert_array_equal(p, [[1.0, 0.0]] * 2)
    q[1] = np.nan
    p = kernels.attention_weights(q, np.ones((2, 1)), 1.0, True)
    np.testing.assert_array_equal(p[0], [1.0, 0.0])
    assert np.isnan(p[1]).all()


@pytest.mark.parametrize("axes", [(-1,), (-2, -1)])
@pytest.mark.parametrize("centred", [False, True])
def test_standardise(axes: tuple[int, ...], centred: bool) -> None:
    x = RNG.normal(size=(4, 5, 6)) + 3
    before = x.copy()
    y, root = kernels.standardise_saving(x, axes, 0.1, centred)
    z = x - x.mean(axes, keepdims=True) if centred else x
    wanted = 1 / np.sqrt((z * z).mean(axes, keepdims=True) + 0.1)
    np.testing.assert_allclose(root, wanted, rtol=1e-13)
    np.testing.assert_allclose(y, z * wanted, rtol=1e-12)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_gelu_in_every_order_of_memory(dtype: Any) -> None:
    wide = RNG.normal(size=(3, 400, 100)).astype(dtype) * 3
    for x in (wide, wide.T, wide.transpose(1, 0, 2), wide[:, ::2], wide[:0]):
        y, slope = kernels.gelu_saving(x)
        exact = np.asarray(x, np.float64)
        np.testing.assert_allclose(
            y, exact * special.ndtr(exact), atol=2e-6 if dtype != np.float64 else 1e-15
        )
        wanted = special.ndtr(exact) + exact * np.exp(-exact * exact / 2) / np.sqrt(2 * np.pi)
        np.testing.assert_allclose(slope, wanted, atol=2e-6 if dtype != np.float64 else 1e-15)
        assert y.dtype == slope.dtype == dtype and y.shape == slope.shape == x.shape


def test_gelu_of_a_number_saves_nothing() -> None:
    assert kernels.gelu_saving(0.3) is None and kernels.gelu_saving(np.float32(0.3)) is None
    y = gelu(Value(np.float32(0.3)))
    assert type(y.data) is np.float32


def test_erf_in_single_precision_over_many_blocks_and_far_out() -> None:
    x = np.concatenate([np.linspace(-12, 12, 100_003), [1e10, 1e30, -1e38, np.inf, -np.inf]])
    y = network_kernels.erf(x.astype(np.float32))
    wanted = special.erf(x.astype(np.float32).astype(np.float64))
    np.testing.assert_allclose(y, wanted, rtol=3 * float(np.finfo(np.float32).eps))
    assert np.isnan(network_kernels.erf(np.float32(np.nan)))
