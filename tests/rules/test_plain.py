"""NumPy functions whose output has no derivative."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from autograd.engine.dispatch import NONDIFFERENTIABLE

X = np.array([0.3, -0.4, 1.7])


NOT_OF_FLOATS = {
    *(np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.bitwise_count, np.invert, np.left_shift),
    *(np.right_shift, np.gcd, np.lcm, np.packbits, np.unpackbits, np.isnat, np.is_busday),
    *(np.busday_count, np.busday_offset, np.datetime_as_string, np.unravel_index),
}
OF_SHAPES = {np.zeros, np.ones, np.empty, np.eye, np.identity, np.tri}
FILES = {np.save, np.savetxt, np.savez, np.savez_compressed}


@pytest.mark.parametrize("f", sorted(NOT_OF_FLOATS, key=lambda f: f.__name__))
def test_functions_of_integers_and_dates(f: Any) -> None:
    """What NumPy says of floats is said of a Value that holds them."""
    assert f in NONDIFFERENTIABLE
    args = (X, (3, 3)) if f is np.unravel_index else (X, X)[: getattr(f, "nin", 1)]
    args = (X, X) if f in (np.busday_count, np.busday_offset) else args
    with pytest.raises(TypeError) as plain:
        f(*args)
    with pytest.raises(TypeError) as ours:
        f(Value(X), *args[1:])
    assert type(ours.value) is type(plain.value)
    assert str(ours.value) == str(plain.value)


@pytest.mark.parametrize("f", sorted(OF_SHAPES, key=lambda f: f.__name__))
def test_new_arrays_like_a_value_are_plain(f: Any) -> None:
    assert type(f(2, like=Value(X))) is np.ndarray


def test_saving_saves_the_data(tmp_path: Path) -> None:
    v = Value(X)
    np.save(tmp_path / "x.npy", v)
    np.savetxt(tmp_path / "x.txt", v)
    np.savez(tmp_path / "x.npz", v, named=v)
    np.savez_compressed(tmp_path / "y.npz", v)
    np.testing.assert_array_equal(np.load(tmp_path / "x.npy"), X)
    np.testing.assert_array_equal(np.loadtxt(tmp_path / "x.txt"), X)
    np.testing.assert_array_equal(np.load(tmp_path / "x.npz")["named"], X)
    np.testing.assert_array_equal(np.load(tmp_path / "y.npz")["arr_0"], X)


@pytest.mark.parametrize(
    "f",
    sorted(NONDIFFERENTIABLE - NOT_OF_FLOATS - FILES - OF_SHAPES, key=lambda f: f.__name__),
    ids=lambda f: f.__name__,
)
def test_plain_functions_see_the_data(f: Any) -> None:
    """Shapes, indices, bools: no Value comes back, and the numbers are NumPy's."""
    calls: dict[str, Any] = {
        **dict.fromkeys(("argpartition", "searchsorted", "isin"), lambda f, x: f(x, 1)),
        **dict.fromkeys(
            ("allclose", "isclose", "array_equal", "array_equiv"), lambda f, x: f(x, x)
        ),
        "digitize": lambda f, x: f(x, np.array([0.0, 1.0])),
        **dict.fromkeys(
            ("diag_indices_from", "tril_indices_from", "triu_indices_from"),
            lambda f, x: f(x[:, None] * x),
        ),
        "ravel_multi_index": lambda f, x: f(([1, 2], [0, 1]), (3, 3)),
        "einsum_path": lambda f, x: f("i,i", x, x)[1],
        "lexsort": lambda f, x: f((x,)),
        "can_cast": lambda f, x: f(np.dtype("f4"), np.asarray(getattr(x, "data", x)).dtype),
        "shares_memory": lambda f, x: f(x, np.ones(3)),
        "may_share_memory": lambda f, x: f(x, np.ones(3)),
    }
    call = calls.get(f.__name__, lambda f, x: f(x, x) if getattr(f, "nin", 1) == 2 else f(x))
    got, wanted = call(f, Value(X)), call(f, X)
    assert not isinstance(got, Value)
    for a, b in zip(got, wanted, strict=True) if isinstance(wanted, tuple) else [(got, wanted)]:
        if f is not np.empty_like:
            np.testing.assert_array_equal(a, b)
        else:
            assert a.shape == b.shape


def test_outputs_may_be_used_to_choose_entries() -> None:
    """A sorted sum of the largest entries: the indices are plain, the entries have gradients."""
    g = ag.grad(lambda x: (x[np.argsort(x)[-2:]] * np.array([1.0, 10.0])).sum())(X)
    np.testing.assert_array_equal(g, [1.0, 0.0, 10.0])
