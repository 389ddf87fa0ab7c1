"""The rows that networks brought into the rule table: affine, erf, softmax cross-entropy."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from autograd import Value, affine, erf, grad, jvp, softmax_cross_entropy
from autograd.rules.losses import softmax_cross_entropy_row
from autograd.rules.network_kernels import erf as erf_kernel
from tests.nn.differences import slope

rng = np.random.default_rng(5)


def test_erf_to_the_last_places() -> None:
    x = np.concatenate(
        [np.linspace(-7, 7, 20001), np.logspace(-300, 1, 1000), [0.999999, 1.000001]]
    )
    expected = np.array([math.erf(a) for a in x])
    assert np.all(np.abs(erf_kernel(x) - expected) <= 4 * np.spacing(np.abs(expected)))


def test_erf_odd_limits_nan_and_scalars() -> None:
    y = erf_kernel(np.array([np.inf, -np.inf, np.nan, 0.0, -0.0, 30.0]))
    assert y[0] == 1 and y[1] == -1 and np.isnan(y[2]) and y[3] == 0 and np.signbit(y[4])
    assert y[5] == 1
    x = np.linspace(-5, 5, 101)
    assert np.array_equal(erf_kernel(-x), -erf_kernel(x))
    assert erf(0.5) == math.erf(0.5)
    assert erf_kernel(np.array(0.5)).shape == ()
    assert erf_kernel(np.array([], dtype=float)).shape == (0,)
    assert erf_kernel(np.array([1, 2])).dtype == np.float64


def test_erf_float32_stays() -> None:
    x = np.linspace(-6, 6, 1001).astype(np.float32)
    y = erf_kernel(x)
    assert y.dtype == np.float32
    assert np.abs(y - np.array([math.erf(a) for a in x])).max() < 3e-7


@pytest.mark.parametrize("shape", [(4, 3), (3,), (2, 2, 3), (1, 3), (0, 3)])
def test_affine_against_differences(shape: tuple[int, ...]) -> None:
    args = [rng.normal(size=shape), rng.normal(size=(3, 5)), rng.normal(size=5)]

    def f(x: Any, w: Any, b: Any) -> Any:
        return np.sum(np.sin(affine(x, w, b)))

    assert np.allclose(affine(*args), args[0] @ args[1] + args[2])
    for k in range(3):

        def f_k(z: Any, k: int = k) -> Any:
            return f(*args[:k], z, *args[k + 1 :])

        assert np.allclose(grad(f, k)(*args), slope(f_k, args[k]), atol=1e-8)


def test_affine_keeps_mixed_dtypes_apart() -> None:
    x, w, b = (np.ones(s, dtype=np.float32) for s in ((2, 3), (3, 2), (2,)))
    assert affine(x, w, b).dtype == np.float32
    wide = affine(x, w, b.astype(np.float64) + 1e-12)
    assert wide.dtype == np.float64 and wide[0, 0] != 4
    v = Value(w)
    affine(x.astype(np.float64), v, b).sum().backward()
    assert v.grad.dtype == np.float32


TARGETS = {
    "one-hot": np.eye(3, dtype=bool)[[0, 2, 2, 1]],
    "probabilities": np.array([[0.2, 0.3, 0.5], [1, 0, 0], [0, 1, 0], [0.1, 0.1, 0.8]]),
}


@pytest.mark.parametrize("kind", TARGETS)
def test_cross_entropy_row(kind: str) -> None:
    x, t = rng.normal(size=(4, 3)), TARGETS[kind]

    def f(x: Any) -> Any:
        return softmax_cross_entropy(x, t)

    expected = np.mean(np.log(np.exp(x).sum(1)) - (t * x).sum(1))
    assert np.isclose(f(x), expected)
    assert np.allclose(grad(f)(x), slope(f, x), atol=1e-9)
    c = rng.normal(size=(4, 3))

    def along(x: Any) -> Any:
        return np.sum(c * grad(f)(x))

    assert np.allclose(grad(along)(x), slope(along, x), atol=1e-9)
    assert np.isclose(jvp(f, (x,), (c,))[1], np.sum(c * grad(f)(x)))


@pytest.mark.parametrize("kind", TARGETS)
def test_cross_entropy_row_rules_classes_out(kind: str) -> None:
    x = np.array([[0.0, -np.inf, -np.inf]] * 4)
    t = np.array([[1.0, 0, 0]] * 4)
    t = t.astype(bool) if kind == "one-hot" else t
    assert softmax_cross_entropy(x, t) == 0
    assert np.array_equal(grad(lambda x: softmax_cross_entropy(x, t))(x), np.zeros((4, 3)))


def test_losses_in_any_order_of_forward_and_backward() -> None:
    """The gradient is computed along with the last loss; no other loss may get it."""
    t = TARGETS["one-hot"]
    xs = [Value(rng.normal(size=(4, 3))) for _ in range(3)]
    expected = [(np.exp(x.data) / np.exp(x.data).sum(1, keepdims=True) - t) / 4 for x in xs]
    losses = [softmax_cross_entropy(x, t) for x in xs]
    for i in (2, 0, 1, 2, 2):
        xs[i].zero_grad()
        losses[i].backward()
        assert np.allclose(xs[i].grad, expected[i], rtol=1e-14)
    losses[1].backward()
    assert np.allclose(xs[1].grad, 2 * expected[1], rtol=1e-14)


def test_the_rule_does_without_what_the_forward_pass_saved() -> None:
    x, t = rng.normal(size=(4, 3)), TARGETS["one-hot"]
    rule = softmax_cross_entropy_row.vjps[0]
    expected = slope(lambda x: softmax_cross_entropy(x, t), x)
    assert np.allclose(rule(1.0, None, x, t), expected, atol=1e-9)


def test_the_saved_residual_is_used() -> None:
    v = Value(rng.normal(size=(4, 3)))
    loss = softmax_cross_entropy(v, TARGETS["one-hot"])
    loss._notes["saved"] *= 2
    loss.backward()
    right = grad(lambda x: softmax_cross_entropy(x, TARGETS["one-hot"]))(v.data)
    assert np.allclose(v.grad, 2 * right)


def test_targets_that_do_not_sum_to_one() -> None:
    x, t = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    for k in range(2):
        f_k = lambda z, k=k: softmax_cross_entropy(*(z if i == k else (x, t)[i] for i in (0, 1)))
        assert np.allclose(grad(f_k)((x, t)[k]), slope(f_k, (x, t)[k]), atol=1e-9)


def test_threads_do_not_mix_losses() -> None:
    t = np.eye(3, dtype=bool)[rng.integers(0, 3, 50)]

    def work(seed: int) -> float:
        own, worst = np.random.default_rng(seed), 0.0
        for _ in range(200):
            x = Value(own.normal(size=(50, 3)))
            softmax_cross_entropy(x, t).backward()
            e = np.exp(x.data)
            worst = max(worst, np.abs(x.grad - (e / e.sum(1, keepdims=True) - t) / 50).max())
        return worst

    with ThreadPoolExecutor(4) as pool:
        assert max(pool.map(work, range(4))) < 1e-15
