"""Calls that NumPy refuses are refused on Values too: shapes, axes, indices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Value

X = np.ones((2, 3))
CALLS: list[Callable[[Any], Any]] = [
    lambda v: np.concatenate([v, np.ones(2)]),
    lambda v: np.stack([v, np.ones(3)]),
    lambda v: np.split(v, 2, axis=1),
    lambda v: np.reshape(v, (4,)),
    lambda v: np.sum(v, axis=2),
    lambda v: np.mean(v, axis=5),
    lambda v: np.var(v, axis=-3),
    lambda v: np.broadcast_to(v, (3, 2)),
    lambda v: np.squeeze(v, axis=0),
    lambda v: np.max(np.sum(v, axis=1)[:0]),
    lambda v: np.tensordot(v, v, axes=1),
    lambda v: np.einsum("ij,jk", v, v),
    lambda v: np.einsum("ij", v, v),
    lambda v: np.diag(np.ones((2, 2, 2)) * v[0, 0]),
    lambda v: np.sum(v, where=np.ones((4, 2, 3), bool)),
    lambda v: np.moveaxis(v, 0, 5),
    lambda v: np.max(v, where=np.ones((2, 3), bool)),
    lambda v: np.dot(v, v),
    lambda v: np.diag(v[None]),
    lambda v: np.inner(v, np.ones((2, 2))),
    lambda v: np.take(v, [9], axis=1),
    lambda v: np.take(v, [0], axis=2),
    lambda v: np.take_along_axis(v, np.zeros((2, 1), int), axis=-3),
    lambda v: np.stack([v, v], axis=3),
    lambda v: np.stack([v, v], axis=-4),
    lambda v: np.repeat(v, 2, axis=2),
    lambda v: np.unstack(v, axis=2),
    lambda v: np.split(v, [1], axis=2),
    lambda v: np.tensordot(v, v, axes=([5], [0])),
    lambda v: np.cumsum(v, axis=2),
    lambda v: np.cumprod(v, axis=2),
    lambda v: np.cumsum(v[0, 0], axis=1),
    lambda v: np.cumprod(v[0, 0], axis=-2),
    lambda v: np.cumulative_sum(v),
    lambda v: np.cumulative_prod(v, axis=2),
    lambda v: np.diff(v[0, 0]),
    lambda v: np.cross(v, v[:, :1]),
    lambda v: np.cross(v, v[0, 0]),
    lambda v: np.cross(v, v, axis=2),
    lambda v: np.flip(v, axis=2),
    lambda v: np.swapaxes(v, 0, 2),
    lambda v: np.expand_dims(v, 4),
    lambda v: np.diff(v, axis=2),
    lambda v: np.diff(v, n=-1),
    lambda v: np.roll(v, 1, axis=2),
    lambda v: np.diagonal(v, axis1=0, axis2=2),
    lambda v: np.concatenate([v, v], axis=2),
    lambda v: np.max(v, axis=2),
    lambda v: np.std(v, axis=2),
    lambda v: np.ptp(v, axis=2),
]


@pytest.mark.parametrize("number", range(len(CALLS)))
def test_calls_that_numpy_refuses_are_refused(number: int) -> None:
    """With an error of the same family as on plain data."""
    with pytest.raises((ValueError, IndexError, TypeError)) as plain:
        CALLS[number](X)
    places = (ValueError, IndexError)
    family = places if issubclass(plain.type, places) else (plain.type,)
    with pytest.raises(family):
        CALLS[number](Value(X))


def test_fractions_are_no_indices() -> None:
    """NumPy cuts them to integers in np.take; here that is a mistake to be told."""
    with pytest.raises(TypeError):
        np.take(Value(X), [0.5], axis=1)
