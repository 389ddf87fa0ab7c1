"""Arrays that all examples share, and indices of them that differ by example."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from autograd import Value, grad, vmap
from autograd.arrays.shared import SharedArray
from tests.samples import floats

TABLE, ROWS = floats(5, 3), np.array([4, 0, -1, 4])
CALLS: list[Any] = [
    lambda t, i: t[i],
    lambda t, i: t[:, i % 3],
    lambda t, i: t[i, 1],
    lambda t, i: t[np.stack([i, i + 1]) % 5],
    lambda t, i: np.take(t, i, axis=0),
    lambda t, i: np.take(t, i),
    lambda t, i: np.take(t, i + 7, axis=0, mode="wrap"),
    lambda t, i: np.take(t, i + 7, axis=0, mode="clip"),
    lambda t, i: t.take(i, 0),
    lambda t, i: t[1] * i + t[1:3].sum() + t.T[0, 0],
    lambda t, i: np.take(t, [0, 1], 1) * i,
    lambda t, i: np.stack([t[0], t[i]]) @ t.T,
    lambda t, i: t,
    lambda t, i: np.add.reduce(t) + np.concatenate([t, t])[0] + i,
]


@pytest.mark.parametrize("f", CALLS, ids=range(len(CALLS)))
def test_against_a_loop(f: Any) -> None:
    got = vmap(f, in_axes=(None, 0))(TABLE, ROWS)
    assert type(got) is np.ndarray
    np.testing.assert_allclose(got, [f(TABLE, i) for i in ROWS])


@pytest.mark.parametrize("f", CALLS[:9], ids=range(9))
def test_gradients(f: Any) -> None:
    def total(t: Any, i: Any) -> Any:
        return np.sum(np.sin(f(t, i)))

    def with_method(t: Any, i: Any) -> Any:
        return total(t, i)

    got = vmap(grad(with_method), in_axes=(None, 0))(TABLE, ROWS)
    np.testing.assert_allclose(got, [grad(total)(TABLE, i) for i in ROWS])
    assert type(got) is np.ndarray


def test_results_are_of_numpy() -> None:
    t = TABLE.view(SharedArray)
    for y in (t + 1, t[0], t.copy(), np.sin(t), np.sum(t, axis=0), np.stack([t, t]), t @ t.T):
        assert type(y) is np.ndarray
    assert type(pickle.loads(pickle.dumps(t))) is np.ndarray
    out = np.zeros((5, 3)).view(SharedArray)
    np.add(t, 1, out=out)
    np.testing.assert_array_equal(np.asarray(out), TABLE + 1)
    assert type(Value(t).data) is np.ndarray
    assert type(grad(np.sum)(t)) is np.ndarray
    got = vmap(lambda t, i: (t, i), in_axes=(None, 0), out_axes=(None, 0))(TABLE, ROWS)
    assert type(got[0]) is np.ndarray


def test_a_closed_over_array_says_what_to_do() -> None:
    with pytest.raises(TypeError, match="with in_axes None"):
        vmap(lambda i: TABLE[i])(ROWS)
