"""Arrays with a hidden axis: NumPy functions that have no derivative, several batches at once, and
the rows of the registry, against a loop over examples."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import vmap
from autograd.arrays import batched
from autograd.arrays.batch import BATCHINGS, Batch, BatchedError
from autograd.arrays.batched import BatchedArray
from autograd.arrays.hidden_axis import hide_axis, levels
from tests.samples import floats

COUNT = 3
X, Y, M = floats(COUNT, 4, 5), floats(COUNT, 4, 5), floats(COUNT, 4, 4)
I = np.random.default_rng(0).integers(-4, 4, (COUNT, 4, 5))  # noqa: E741
MASK, KEY = X > 0, np.sort(floats(6))

CALLS: list[Callable[..., Any]] = [
    lambda x, i, mask, m: (np.argmax(x), np.argmin(x, axis=1), np.argmax(x, axis=0, keepdims=True)),
    lambda x, i, mask, m: (np.argmax(x, keepdims=True), np.nanargmax(x, axis=-1)),
    lambda x, i, mask, m: (np.any(mask), np.all(mask, axis=0), np.count_nonzero(mask, axis=(0, 1))),
    lambda x, i, mask, m: (np.argsort(x, axis=0), np.argsort(x, None), np.argpartition(x, 2)),
    lambda x, i, mask, m: (np.sum(x, where=mask), np.mean(x, axis=0, where=mask)),
    lambda x, i, mask, m: (np.sum(X[0], where=mask), np.max(X[0], 1, where=mask, initial=-9.0)),
    lambda x, i, mask, m: (np.sum(i), np.prod(i, axis=1), np.mean(i), np.cumsum(i), np.sort(i, 0)),
    lambda x, i, mask, m: (np.add.reduce(x), np.add.reduce(x, axis=(0, 1), keepdims=True)),
    lambda x, i, mask, m: (np.multiply.accumulate(x, 1), np.add.reduceat(x, [0, 2], axis=1)),
    lambda x, i, mask, m: (np.subtract.outer(x[0], x[:, 0]), np.subtract.outer(KEY, x)),
    lambda x, i, mask, m: (np.subtract.outer(x, KEY), np.logical_and.reduce(mask, axis=None)),
    lambda x, i, mask, m: (np.searchsorted(KEY, x), np.digitize(x, KEY), np.isin(i, [1, 2])),
    lambda x, i, mask, m: (np.isclose(x, X[0]), np.allclose(x, X[0]), np.array_equal(x, X[0])),
    lambda x, i, mask, m: np.array_equal(np.where(mask, np.nan, x), x, equal_nan=True),
    lambda x, i, mask, m: (np.array_equal(x, x[0]), np.isfinite(x), np.signbit(x), np.iscomplex(x)),
    lambda x, i, mask, m: (i // 3, i % 3, i << 1, ~mask, mask & (i > 0), np.gcd(i, 6), -i, abs(i)),
    lambda x, i, mask, m: (x.T, x.mT, x.sum(), x.mean(0), x.reshape(5, -1), x.ravel(), x.flatten()),
    lambda x, i, mask, m: (x.astype(np.float32), i.astype(float), x.round(1), x.clip(-1, 1)),
    lambda x, i, mask, m: (x.transpose(1, 0), x.transpose((1, 0)), x.swapaxes(0, 1), x.std(axis=1)),
    lambda x, i, mask, m: (
        x.argmax(),
        x.argsort(0),
        x.cumsum(),
        x.any(),
        x.all(),
        x.var(),
        x.dot(KEY[:5]),
    ),
    lambda x, i, mask, m: (x.squeeze(), x.repeat(2, 0), x.take([1, 0], 1), x.diagonal(), x.trace()),
    lambda x, i, mask, m: (np.zeros_like(x), np.ones_like(x, int), np.full_like(x, 3, shape=(2,))),
    lambda x, i, mask, m: (
        np.full_like(x, x[0]),
        np.zeros_like(i, shape=2),
        x.copy(),
        x.real,
        x.imag,
    ),
    lambda x, i, mask, m: (np.moveaxis(x, 0, -1), np.rollaxis(x, 1), np.rot90(x), np.rot90(x, -1)),
    lambda x, i, mask, m: (
        np.squeeze(x[:, :1]),
        np.squeeze(x[:, :1], 1),
        np.expand_dims(x, (0, 2)),
    ),
    lambda x, i, mask, m: (np.roll(x, 2), np.roll(x, (1, 2), (0, 1)), np.flip(x), np.flip(x, 1)),
    lambda x, i, mask, m: (np.tile(x, (2, 1, 2)), np.repeat(x, [1, 0, 2, 1], axis=0), np.fliplr(x)),
    lambda x, i, mask, m: (
        np.tril(x),
        np.triu(x, 1),
        np.trace(x),
        np.diagonal(x, 1),
        np.diag(x[0]),
    ),
    lambda x, i, mask, m: (
        np.concatenate([x, X[0]]),
        np.concatenate([x, i], None),
        np.stack([x, i]),
    ),
    lambda x, i, mask, m: (
        np.vstack([x, x[0]]),
        np.hstack([x, X[0]]),
        np.stack([X[0], x], axis=-1),
    ),
    lambda x, i, mask, m: (np.split(x, 2), np.array_split(x, 3, 1), np.unstack(x)),
    lambda x, i, mask, m: (np.pad(x, 1), np.pad(x, ((1, 0), (0, 2)), "edge"), np.pad(x, 2, "wrap")),
    lambda x, i, mask, m: (
        np.pad(x, 1, constant_values=2.0),
        np.pad(x, 1, "maximum", stat_length=2),
    ),
    lambda x, i, mask, m: (x @ KEY[:5], KEY[:4] @ x, x[0] @ x[1], m @ x, x.T @ X[0], X[0] @ x.T),
    lambda x, i, mask, m: (
        x[0] @ x.T,
        m @ x[:, 0],
        np.stack([m, m]) @ x,
        np.stack([X[0].T] * 2) @ x,
    ),
    lambda x, i, mask, m: (
        X[0].T @ m,
        X[0].T @ m[0],
        np.ones((2, 5, 4)) @ x,
        np.ones((2, 5, 4)) @ x[:, 0],
    ),
    lambda x, i, mask, m: (
        x[0] @ np.ones((2, 5, 3)),
        np.dot(x, KEY[:5]),
        np.inner(x, x),
        np.vdot(x, x),
    ),
    lambda x, i, mask, m: (
        np.einsum("ij,kj->ik", x, X[0]),
        np.einsum("ij->", x),
        np.einsum("ii", m),
    ),
    lambda x, i, mask, m: (
        np.tensordot(x, x, 1 if False else ([0, 1], [0, 1])),
        np.kron(x, m),
        np.outer(x, i),
    ),
    lambda x, i, mask, m: (
        np.convolve(x[0], KEY[:3]),
        np.convolve(KEY, x[0]),
        np.convolve(x[0], x[1]),
    ),
    lambda x, i, mask, m: (np.convolve(x[0], KEY, "same"), np.convolve(x[0], KEY[:2], "valid")),
    lambda x, i, mask, m: (np.linalg.det(m), np.linalg.inv(m), np.linalg.eigvals(m @ m.T).real),
    lambda x, i, mask, m: (
        np.linalg.solve(m, x),
        np.linalg.solve(m, x[:, 0]),
        np.linalg.solve(M[0], x),
    ),
    lambda x, i, mask, m: (
        np.linalg.solve(m, KEY[:4]),
        np.linalg.matrix_rank(m),
        np.linalg.cond(m),
    ),
    lambda x, i, mask, m: (
        np.linalg.svd(x),
        np.linalg.qr(x),
        np.linalg.eigh(m + m.T),
        np.linalg.slogdet(m),
    ),
    lambda x, i, mask, m: (np.linalg.norm(x), np.linalg.norm(x, axis=1), np.linalg.norm(m, 2)),
    lambda x, i, mask, m: (
        np.linalg.matrix_power(m, 3),
        np.linalg.pinv(x),
        np.linalg.multi_dot([m, m, x]),
    ),
    lambda x, i, mask, m: (
        np.fft.fft(x),
        np.fft.rfft(x, axis=0),
        np.fft.ifft2(x),
        np.fft.fftshift(x),
    ),
    lambda x, i, mask, m: (np.median(x), np.quantile(x, [0.2, 0.5], axis=1), np.percentile(x, 30)),
    lambda x, i, mask, m: (
        np.diff(x),
        np.gradient(x[0]),
        np.ptp(x, 0),
        np.cov(x),
        np.average(x, 1),
    ),
    lambda x, i, mask, m: (
        np.interp(x, KEY, KEY**2),
        np.trapezoid(x),
        np.unwrap(x),
        np.cross(x[:, :3], x[:, 1:4]),
    ),
    lambda x, i, mask, m: (np.nan_to_num(np.where(mask, np.nan, x)), np.select([mask], [x], 0.0)),
    lambda x, i, mask, m: (
        np.choose(i % 2, [x, X[0]]),
        np.where(mask, x, 0),
        np.where(X[0] > 0, x, i),
    ),
    lambda x, i, mask, m: (np.take(x, i % 5, 1), np.take_along_axis(x, i % 4, 0), x[i[0] % 4]),
    lambda x, i, mask, m: (np.take_along_axis(X[0], i % 5, 1), np.take_along_axis(x, I[0] % 5, 1)),
    lambda x, i, mask, m: (
        x[1],
        x[-1, 2],
        x[..., 0],
        x[None],
        x[::2, 1:],
        x[[0, 2]],
        x[(X[0] > 0)],
    ),
    lambda x, i, mask, m: (
        x[np.array(True)],
        x[X[0, :, 0] > 0],
        x[:, [True, False, True, False, True]],
    ),
    lambda x, i, mask, m: (len(x), [a.sum() for a in x], x.shape, x.ndim, x.size, np.shape(x)),
    lambda x, i, mask, m: (x * 2 + 1 - x / 3.0, 2 - x, 1 / x, x**2, 2.0**x, x // 1, x % 1, -x, +x),
    lambda x, i, mask, m: (x * X[0], X[0] * x, x - X[0], X[0] - x, x / X[0], X[0] / x, x + X[0]),
    lambda x, i, mask, m: (x[0, 0] * X[0], x[0] + x, x + x[0], x * X, np.arctan2(x, x[0, 0])),
    lambda x, i, mask, m: (np.bincount(i[0] % 4, minlength=4), np.packbits(mask), np.lexsort(x)),
    lambda x, i, mask, m: np.unravel_index(i % 20, (4, 5)),
    lambda x, i, mask, m: np.linalg.lstsq(m, x[:, 0])[0],
    lambda x, i, mask, m: (np.apply_along_axis(np.sort, 0, x), np.piecewise(x, [mask], [1.0, 2.0])),
    lambda x, i, mask, m: (divmod(x, 2.0), np.modf(x), np.frexp(x)),
]


def flat(y: Any) -> list[Any]:
    return [part for item in y for part in flat(item)] if isinstance(y, tuple | list) else [y]


@pytest.mark.parametrize("f", CALLS, ids=range(len(CALLS)))
def test_against_a_loop(f: Callable[..., Any]) -> None:
    args = (X, I, MASK, M)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        got = flat(vmap(lambda *xs: flat(f(*xs)))(*args))
        wanted = [flat(f(*[a[k] for a in args])) for k in range(COUNT)]
    assert len(got) == len(wanted[0])
    for y, column in zip(got, zip(*wanted, strict=True), strict=True):
        z = np.stack([np.asarray(c) for c in column])
        assert y.shape == z.shape
        assert y.dtype == z.dtype
        np.testing.assert_allclose(y, z, rtol=1e-12, atol=1e-12)


def test_every_batching_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here or in the tests of the table (`tests/transforms/test_vmap_table.py`)."""
    seen: set[Any] = set()

    class Watched(dict[Any, Any]):
        def get(self, key: Any, default: Any = None) -> Any:
            seen.add(key)
            return super().get(key, default)

    monkeypatch.setattr(batched, "BATCHINGS", Watched(BATCHINGS))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for f in CALLS:
            vmap(lambda *xs, f=f: flat(f(*xs)))(X, I, MASK, M)
    names = {getattr(f, "__name__", f) for f in set(BATCHINGS) - seen if not isinstance(f, str)}
    assert names <= IN_THE_TABLE, sorted(names - IN_THE_TABLE)


IN_THE_TABLE = {
    *("nansum", "nanprod", "nanmax", "nanmin", "nanmean", "nanstd", "nanvar", "nanmedian"),
    *("nancumsum", "nancumprod", "nanquantile", "nanpercentile", "nanargmin", "cumprod"),
    *("angle", "sinc", "i0", "fix", "isreal", "isposinf", "isneginf", "partition", "empty_like"),
    *(
        "irfft",
        "hfft",
        "ihfft",
        "cholesky",
        "eig",
        "eigvalsh",
        "svdvals",
        "atleast_3d",
        "atleast_1d",
    ),
    *("atleast_2d", "amax", "amin", "around", "concat", "permute_dims", "ifft", "broadcast_to"),
    *(
        "min",
        "imag",
        "real",
        "round",
        "transpose",
        "matrix_transpose",
        "swapaxes",
        "astype",
        "prod",
    ),
}
"""Batchings that only the samples of the table call, and aliases."""


# --- several batches, and what stands beside one --------------------------------------------------
def test_two_batches_in_one_call() -> None:
    old, new = Batch(2, 1), Batch(3, 2)
    a, b = hide_axis(floats(2, 4), 0, old), hide_axis(floats(3, 4), 0, new)
    for y in (a * b, b * a, np.stack([a, b])[0] * b):
        assert levels(y) == [new, old]
        np.testing.assert_allclose(y.data.data.shape, (2, 3, 4))
    wanted = a.data[:, None] * b.data[None]
    np.testing.assert_allclose((a * b).data.data, wanted)


def test_what_stands_beside_it() -> None:
    x = BatchedArray(floats(2, 3), Batch(2, 1))
    assert x.may_meet(np.ones(3))
    assert x.__array_ufunc__(np.add, "__call__", x, object()) is NotImplemented
    with pytest.raises(TypeError):
        x + object()  # type: ignore[operator]
    with pytest.raises(BatchedError, match="out= or at"):
        np.add.at(np.ones(3), [0], x)
    assert "2 examples" in repr(x)
    with pytest.raises(TypeError, match="single number"):
        iter(BatchedArray(floats(2), Batch(2, 1)))
    y = x
    y += 1
    np.testing.assert_array_equal(y.data, x.data + 1)


def test_only_axes_of_length_1_are_squeezed() -> None:
    x = BatchedArray(floats(1, 2, 3), Batch(1, 1))
    for axis in (0, 1, -1, (0, 1)):
        with pytest.raises(ValueError, match="not equal to one"):
            np.squeeze(x, axis)
    with pytest.raises(np.exceptions.AxisError):
        np.squeeze(x, 2)
    with pytest.raises(np.exceptions.AxisError):
        np.expand_dims(x, 3)
    with pytest.raises(np.exceptions.AxisError):
        np.sum(x, axis=2)


def test_a_condition_holds_if_it_holds_for_all() -> None:
    assert BatchedArray(np.array([True, True]), Batch(2, 1)).__usually__()
    assert not BatchedArray(np.array([True, False]), Batch(2, 1)).__usually__()
