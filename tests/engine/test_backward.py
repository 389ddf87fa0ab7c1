"""`Value.backward`: who shows which gradient, and when."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Value


def test_micrograd_example() -> None:
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    assert g.data == pytest.approx(24.70408163265306)
    assert a.grad == pytest.approx(138.83381924198252)
    assert b.grad == pytest.approx(645.5772594752186)


def test_gradient_reads_as_zero_before() -> None:
    for data in (2.0, np.float32(2.0), np.ones((2, 3), np.float32), 1j):
        v = Value(data)
        assert v._grad is None
        assert np.shape(v.grad) == np.shape(data)
        assert np.asarray(v.grad).dtype == np.asarray(data).dtype
        assert not np.any(v.grad)


def test_every_node_shows_its_gradient() -> None:
    x = Value(3.0)
    y = x * x
    z = y * 2
    z.backward()
    assert (z.grad, y.grad, x.grad) == (1.0, 2.0, 12.0)


def test_leaves_accumulate_and_inner_nodes_do_not() -> None:
    x = Value(3.0)
    y = x * x
    z = y * 2
    z.backward()
    z.backward()
    assert (z.grad, y.grad, x.grad) == (1.0, 2.0, 24.0)
    y.backward()
    assert (y.grad, x.grad) == (1.0, 30.0)


def test_two_roots_add_up_at_the_leaves() -> None:
    x = Value(3.0)
    y = x * x
    (y * 2).backward()
    (y * 5).backward()
    assert x.grad == 12.0 + 30.0
    assert y.grad == 5.0


def test_zero_grad() -> None:
    x = Value([1.0, 2.0])
    (x * x).sum().backward()
    x.zero_grad()
    assert x._grad is None
    np.testing.assert_array_equal(x.grad, 0.0)
    (x * 3).sum().backward()
    np.testing.assert_array_equal(x.grad, 3.0)


def test_accumulating_leaves_old_gradients_alone() -> None:
    """A gradient that was handed out does not change under its holder's hands."""
    x = Value([1.0, 2.0])
    x.sum().backward()
    first = x.grad
    x.sum().backward()
    np.testing.assert_array_equal(first, 1.0)
    np.testing.assert_array_equal(x.grad, 2.0)


def test_gradients_do_not_share_memory() -> None:
    """Scaling the gradient of one parameter in place leaves those of others alone."""
    a, b, m = Value([1.0, 2.0, 3.0]), Value(np.ones(3)), Value(np.ones((1, 3)))
    seed = np.ones((1, 3))
    y = a + b + m.reshape(3)[None]
    y.backward(seed)
    for v in (a, b, m):
        v.grad *= 0.5
    for v in (a, b, m):
        np.testing.assert_array_equal(v.grad, np.full(v.shape, 0.5))
    np.testing.assert_array_equal(seed, 1.0)
    np.testing.assert_array_equal(y.grad, 1.0)
    x = Value(np.ones(3))
    x.backward(seed[0])
    x.grad[0] = 9.0
    np.testing.assert_array_equal(seed, 1.0)


def test_a_leaf_as_root() -> None:
    x = Value(3.0)
    x.backward()
    x.backward()
    assert x.grad == 2.0


def test_seed() -> None:
    x = Value([1.0, 2.0])
    y = x * x
    y.backward(seed=[1.0, 10.0])
    np.testing.assert_array_equal(x.grad, [2.0, 40.0])
    np.testing.assert_array_equal(y.grad, [1.0, 10.0])
    z = Value(2.0)
    (z * z).backward(seed=3)
    assert z.grad == 12.0
    w = Value(np.float32([1.0, 2.0]))
    (w * w).backward(seed=np.ones(2))
    assert w.grad.dtype == np.float32


@pytest.mark.parametrize("seed", [np.ones(3), [[1.0, 1.0]]])
def test_seed_of_another_shape(seed: Any) -> None:
    with pytest.raises(ValueError, match="shape"):
        (Value([1.0, 2.0]) * 2).backward(seed=seed)


def test_seed_that_is_no_number() -> None:
    with pytest.raises(TypeError, match="seed"):
        (Value([1.0, 2.0]) * 2).backward(seed="11")


def test_arrays_need_a_seed() -> None:
    with pytest.raises(ValueError, match=r"\.sum\(\).*seed"):
        (Value([1.0, 2.0]) * 2).backward()


@pytest.mark.parametrize(
    "data", [np.array([2.0]), np.array([[2.0]]), np.array(2.0), np.float32(2.0)]
)
def test_one_entry_needs_none(data: Any) -> None:
    x = Value(data)
    (x * x).backward()
    np.testing.assert_array_equal(x.grad, 2 * data)
    assert np.shape(x.grad) == np.shape(data)


def test_complex_roots_need_a_seed() -> None:
    z = Value(1 + 2j)
    with pytest.raises(ValueError, match="real"):
        (z * z).backward()
    (z * z).backward(seed=1.0)
    assert z.grad == 2 * (1 + 2j)


def test_create_graph() -> None:
    x = Value(3.0)
    y = x**3
    y.backward(create_graph=True)
    first = x.grad
    assert isinstance(first, Value)
    assert first.data == 27.0
    x.zero_grad()
    first.backward(create_graph=True)
    second = x.grad
    assert second.data == 18.0
    x.zero_grad()
    second.backward()
    assert x.grad == 6.0


def test_create_graph_with_arrays() -> None:
    x = Value([1.0, 2.0])
    (x**3).sum().backward(create_graph=True)
    g = x.grad
    x.zero_grad()
    (g * g).sum().backward()
    np.testing.assert_allclose(x.grad, 36 * x.data**3)


def test_gradient_can_be_assigned() -> None:
    x = Value([1.0, 2.0])
    x.grad = [5.0, 6.0]
    (x * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [7.0, 10.0])
    x.grad = 0
    np.testing.assert_array_equal(x.grad, [0.0, 0.0])
    x.grad = None
    assert x._grad is None
    with pytest.raises(ValueError, match="shape"):
        x.grad = np.ones(3)
    with pytest.raises(TypeError):
        x.grad = "a"


def test_gradient_descent_in_place() -> None:
    """micrograd's `p.data -= rate * p.grad`."""
    for start in (3.0, np.array([3.0, -2.0]), np.float32([3.0, -2.0])):
        p = Value(start)
        dtype = p.dtype
        for _ in range(60):
            p.zero_grad()
            (p * p).sum().backward()
            p.data -= 0.1 * p.grad
        assert np.max(np.abs(p.data)) < 1e-4
        assert p.dtype == dtype


@pytest.mark.parametrize("data", [3, np.int64(3), np.array([1, 2]), True])
def test_integers_assigned_to_data(data: Any) -> None:
    """`p.data = 3` is common in micrograd's scripts: the gradient is not cut to an integer."""
    v = Value(np.ones(np.shape(data))[()])
    v.data = data
    (v * 0.25).sum().backward()
    np.testing.assert_array_equal(v.grad, np.full(np.shape(data), 0.25))


def test_unused_leaf_keeps_zero() -> None:
    x, unused = Value(1.0), Value(np.ones(2))
    (x * 2).backward()
    np.testing.assert_array_equal(unused.grad, [0.0, 0.0])
    assert unused._grad is None


def test_constants_get_no_gradient() -> None:
    """The product rule of a constant is not even computed."""
    x = np.ones((2, 2))
    w = Value(np.ones(2))
    y = x @ w
    y.sum().backward()
    np.testing.assert_array_equal(w.grad, [2.0, 2.0])
    assert y.inputs[0] is x


def test_the_same_value_twice() -> None:
    x = Value(3.0)
    (x * x * x + x).backward()
    assert x.grad == 28.0
    m = Value(np.eye(2) * 2)
    (m @ m).sum().backward()
    np.testing.assert_allclose(m.grad, [[4.0, 4.0], [4.0, 4.0]])


def test_broadcast_operands_get_their_own_shape() -> None:
    a, b, c = Value(2.0), Value(np.ones((3, 1))), Value(np.ones(4))
    (a * b * c).sum().backward()
    assert a.grad == 12.0
    np.testing.assert_array_equal(b.grad, np.full((3, 1), 8.0))
    np.testing.assert_array_equal(c.grad, np.full(4, 6.0))


def test_a_node_without_a_rule_is_named() -> None:
    x, n = Value(2.0), Value(3.0)
    y = np.ldexp(x, 3)
    y.backward()
    assert x.grad == 8.0
    with pytest.raises((TypeError, NotImplementedError)):
        np.ldexp(x, n).backward()


def test_failed_backward_leaves_gradients_alone() -> None:
    x = Value([1.0, 2.0])
    with pytest.raises(ValueError, match="seed"):
        (x * 2).backward()
    assert x._grad is None
