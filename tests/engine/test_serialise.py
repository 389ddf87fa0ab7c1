"""Copies and pickles of whole graphs."""

from __future__ import annotations

import copy
import pickle

import numpy as np

import autograd as ag
from autograd import Value


def test_deepcopy() -> None:
    x = Value(1.0)
    y = x
    for _ in range(200_000):
        y = y + 1e-6
    y.backward()
    other = copy.deepcopy(y)
    assert other.data == y.data
    other.backward()
    while other.inputs:
        other = other.inputs[0]
    assert other is not x
    assert (other.grad, x.grad) == (2.0, 1.0)  # the copy took the gradient along


def test_pickle_of_a_deep_graph() -> None:
    x = Value(1.0, label="x")
    y = x
    for _ in range(100_000):
        y = y + 1e-6
    other = pickle.loads(pickle.dumps(y))
    other.backward()
    while other.inputs:
        other = other.inputs[0]
    assert other.grad == 1.0
    assert other.label == "x"


def test_shared_nodes_are_copied_once() -> None:
    x = Value([1.0, 2.0], label="x")
    y = x * 2
    z = y * y + x
    for other in (copy.deepcopy(z), pickle.loads(pickle.dumps(z))):
        np.testing.assert_array_equal(other.data, z.data)
        product, leaf = other.inputs
        assert product.inputs[0] is product.inputs[1]
        assert product.inputs[0].inputs[0] is leaf
        assert leaf.label == "x"
        assert leaf.data is not x.data
        other.sum().backward()
        np.testing.assert_array_equal(leaf.grad, [9.0, 17.0])
        assert not np.any(x.grad)


def test_gradients_that_are_values_are_copied_too() -> None:
    """A gradient with a graph is newer than its node, and depends on it."""
    x = Value(3.0)
    y = x**3
    y.backward(create_graph=True)
    for other in (copy.deepcopy(y), pickle.loads(pickle.dumps(y))):
        leaf = other.inputs[0]
        g = leaf.grad
        assert g.data == 27.0
        leaf.zero_grad()
        g.backward()
        assert leaf.grad == 18.0
    assert x.grad.data == 27.0


def test_copies_of_several_values_stay_linked() -> None:
    a = Value(2.0)
    pair = copy.deepcopy({"leaf": a, "root": a * a})
    pair["root"].backward()
    assert pair["leaf"].grad == 4.0
    assert a.grad == 0.0


def test_shallow_copy_shares_the_graph() -> None:
    a = Value(2.0)
    y = copy.copy(a * a)
    y.backward()
    assert a.grad == 4.0


def test_pickle_of_indices_params_and_constants() -> None:
    v = Value(np.arange(6.0).reshape(2, 3))
    y = np.sum(v[:, [0, 0, 2]] * np.ones(3), axis=1)[None, ..., 0]
    other = pickle.loads(pickle.dumps(y))
    np.testing.assert_array_equal(other.data, y.data)
    other.sum().backward()
    y.sum().backward()
    leaf = other
    while leaf.inputs:
        leaf = leaf.inputs[0]
    np.testing.assert_array_equal(leaf.grad, v.grad)


def test_what_was_a_variable_is_loaded_as_a_leaf() -> None:
    kept: list[bytes] = []

    def f(x: Value) -> Value:
        kept.append(pickle.dumps(x))
        return x * x

    ag.grad(f)(3.0)
    loaded = pickle.loads(kept[0])
    assert copy.deepcopy(loaded).op is None
