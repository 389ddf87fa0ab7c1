"""The functions that `np.linalg` has beside `np`."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from autograd import Value
from autograd.engine.dispatch import COMPOSITES, NONDIFFERENTIABLE
from autograd.engine.primitive import TABLE
from tests.rules.linalg.functions import random


def test_they_go_over_the_last_axes() -> None:
    x = random(2, 3, 3)
    v = Value(x)
    np.testing.assert_array_equal(np.linalg.trace(v).data, np.linalg.trace(x))
    np.testing.assert_array_equal(np.linalg.diagonal(v).data, np.linalg.diagonal(x))
    assert np.linalg.trace(v, dtype=np.complex128).dtype == np.complex128


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_cross_products(axis: int) -> None:
    a, b = random(3, 3), random(3, 3, seed=1)
    y = np.linalg.cross(Value(a), b, axis=axis)
    np.testing.assert_allclose(y.data, np.linalg.cross(a, b, axis=axis), rtol=1e-14)


def test_errors_are_those_of_numpy() -> None:
    with pytest.raises(ValueError, match="3-dimensional"):
        np.linalg.cross(Value(np.ones(2)), np.ones(2))
    with pytest.raises(ValueError, match="one-dimensional"):
        np.linalg.outer(Value(np.ones((2, 2))), np.ones(2))


@pytest.mark.parametrize("namespace", [np.linalg, np.fft], ids=["linalg", "fft"])
def test_every_function_has_its_place(namespace: ModuleType) -> None:
    """A rule, a composite or a list of plain functions; `fftfreq` and its like take no array."""
    names = set(namespace.__all__) - {"LinAlgError", "fftfreq", "rfftfreq"}
    known = {*COMPOSITES, *TABLE, *NONDIFFERENTIABLE}
    assert [name for name in sorted(names) if getattr(namespace, name) not in known] == []
