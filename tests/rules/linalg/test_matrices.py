"""The small helpers of the rules of `np.linalg`."""

from __future__ import annotations

import numpy as np

from autograd import Value
from autograd.engine.cotangents import real_dtype
from autograd.rules.linalg.matrices import adjoint, epsilon, in_floats, outputs_of


def test_adjoint_of_a_stack() -> None:
    x = np.arange(12.0).reshape(2, 3, 2) * (1 + 2j)
    np.testing.assert_array_equal(adjoint(x), np.conj(np.swapaxes(x, 1, 2)))
    np.testing.assert_array_equal(adjoint(Value(x)).data, adjoint(x))


def test_precision() -> None:
    assert real_dtype(np.zeros(2, np.complex64)) == np.float32
    assert epsilon(Value(np.zeros(2, np.complex64))) == np.finfo(np.float32).eps
    assert epsilon(1.0) == np.finfo(float).eps


def test_integers_become_floats() -> None:
    assert in_floats(np.array([1, 2])).dtype == np.float64
    assert in_floats([[1, 2]]).dtype == np.float64
    x = np.float32([1, 2])
    assert in_floats(x) is x


def test_outputs_of_plain_and_recorded_results() -> None:
    v = Value(np.diag([1.0, 2.0]))
    whole = np.linalg.eigh(v).eigenvalues.inputs[0]
    values, vectors = outputs_of(whole, 2)
    np.testing.assert_array_equal(values.data, [1, 2])
    np.testing.assert_array_equal(np.abs(vectors.data), np.eye(2))
    np.testing.assert_array_equal(outputs_of(whole.data, 2)[0], [1, 2])
