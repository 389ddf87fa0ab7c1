"""The walk over plain numbers: the same bits as the general walk, and where it declines."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograd import Value
from autograd.engine import scalar_reverse
from autograd.engine.ancestry import ancestors, computed_ancestors
from autograd.engine.primitive import TABLE
from autograd.engine.reverse import pullback
from autograd.engine.scalar_reverse import pull_numbers

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")
numbers = st.floats(-3, 3).map(lambda x: round(x, 3))
GAPS = (0, 0, 0, 1, 50, 130, 700)
STEPS: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / (b * b + 1.0),
    "constant": lambda a, b: 2.5 * a - 1,
    "power": lambda a, b: a**3,
    "sin": lambda a, b: a.sin(),
    "tanh": lambda a, b: b.tanh(),
    "exp": lambda a, b: (-(a * a)).exp(),
    "relu": lambda a, b: a.relu(),
    "maximum": lambda a, b: np.maximum(a, b),
    "floor": lambda a, b: np.floor(a) + b,
}
steps = st.lists(
    st.tuples(
        st.sampled_from(sorted(STEPS)),
        st.integers(0, 99),
        st.integers(0, 99),
        st.sampled_from(GAPS),
    ),
    min_size=1,
    max_size=25,
)


def run(program: Any, pool: list[Value]) -> Value:
    """The last Value of a program; other nodes are made in between, so that the serials of a node
    and its inputs lie far apart."""
    for name, i, j, gap in program:
        pool.append(STEPS[name](pool[i % len(pool)], pool[j % len(pool)]))
        for _ in range(gap):
            Value(0.0)
    return pool[-1]


def general(root: Value) -> dict[Any, Any]:
    """All cotangents by the general walk."""
    return pullback(computed_ancestors([root]), {root: type(root.data)(1)}, keep=True)


def bits(x: Any) -> Any:
    """A number with its type, in all its digits; zero has no sign here, since the general walk does
    not multiply where the cotangent is zero."""
    return type(x), repr(x + 0.0)


@pytest.mark.parametrize("kind", [float, np.float64])
@given(program=steps, x=numbers, y=numbers, far=st.sampled_from((0, 90, 2000)))
def test_the_same_bits_as_the_general_walk(
    kind: Any, program: Any, x: float, y: float, far: int
) -> None:
    leaves = [Value(kind(x)), Value(kind(y))]
    for _ in range(far):
        Value(0.0)
    root = run(program, [*leaves])
    walk = pull_numbers(root, 1.0)
    wanted = general(root)
    assume(all(np.isfinite(g) for g in wanted.values()))
    assert walk is not None
    assert not any(v.has_grad for v in ancestors([root])), "nothing is written by the walk"
    walk.write_gradients()
    for v in ancestors([root]):
        assert bits(v.grad) == bits(wanted[v])
    found = pull_numbers(root, 1.0)
    assert found is not None
    found.write_gradients()
    for v in leaves:
        if v in wanted:
            assert v.grad == 2 * wanted[v], "leaves add up"


@given(program=steps, x=numbers, seed=numbers)
def test_seeds(program: Any, x: float, seed: float) -> None:
    leaf = Value(x)
    root = run(program, [leaf])
    wanted = pullback(computed_ancestors([root]), {root: seed})
    assume(leaf in wanted and np.isfinite(wanted[leaf]))
    root.backward(seed=seed)
    assert bits(leaf.grad) == bits(wanted[leaf])


def test_entries_of_an_array_are_added_into_one() -> None:
    v, w = Value([1.0, 2.0, 3.0]), Value(2.0)
    y = v[0] * v[1] + v[0] * w + v[-1].sin()
    walk = pull_numbers(y, 1.0)
    assert walk is not None
    wanted = general(y)
    np.testing.assert_array_equal(walk.leaves[v], wanted[v])
    walk.write_gradients()
    np.testing.assert_array_equal(v.grad, wanted[v])
    assert w.grad == wanted[w]


def complex_part() -> Value:
    return np.real(Value(1j) * Value(2.0)) * 1.0  # type: ignore[no-any-return]


DECLINED: dict[str, Callable[[], Value]] = {
    "an array as root": lambda: Value([1.0, 2.0]) * 2,
    "one entry in an array": lambda: Value([1.0]) * 2,
    "single precision": lambda: Value(np.float32(2)) * 2,
    "a complex number": lambda: Value(1j) * 2,
    "a complex number on the way": complex_part,
    "an array on the way": lambda: np.sum(Value([1.0, 2.0])) * 2.0,
    "three arguments": lambda: np.clip(Value(0.5), 0.0, Value(2.0)) * 2.0,
    "an entry of a computed array": lambda: (Value([1.0, 2.0]) * 2)[0] * 3.0,
    "a zero that is not to be divided by": lambda: np.divide(Value(1.0), Value(0.0)),
    "a pole of the derivative": lambda: np.sqrt(Value(0.0)),
    "a gradient beyond all numbers": lambda: Value(1e-300) ** -1.5,
}


@pytest.mark.parametrize("name", DECLINED)
def test_where_it_declines(name: str) -> None:
    """The general walk does these, and nothing was written before it was clear."""
    root = DECLINED[name]()
    nodes = ancestors([root])
    with np.errstate(all="ignore"):
        assert pull_numbers(root, 1.0) is None
        assert not any(v.has_grad for v in nodes)
        root.backward(seed=np.ones(root.shape)[()])
    assert all(v.has_grad for v in nodes)


def test_nodes_older_than_the_start_are_declined() -> None:
    old = Value(2.0)
    new = Value(3.0)
    assert pull_numbers(new * new, 1.0, new.serial) is not None
    assert pull_numbers(old * new, 1.0, new.serial) is None
    assert pull_numbers(old, 1.0, new.serial) is None
    row = Value([1.0, 2.0])
    new = Value(3.0)
    assert pull_numbers(row[0] * new, 1.0, new.serial) is None


def test_far_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """A leaf may be as old as it likes; a computed node that is very much older is declined."""
    monkeypatch.setattr(scalar_reverse, "FARTHEST", 500)
    leaf = Value(2.0)
    inner = leaf * 3.0
    for _ in range(1000):
        Value(0.0)
    assert pull_numbers(leaf * leaf, 1.0) is not None
    far = inner * leaf
    assert pull_numbers(far, 1.0) is None
    far.backward()
    assert leaf.grad == 12.0


def test_a_leaf_that_is_far_at_first_and_near_later() -> None:
    """Its cotangents are added in the order of the walk, whether it has a place yet or not."""
    leaf = Value(0.3)
    y = leaf
    for i in range(300):
        y = y * 1.01 + leaf * (0.1 + i / 7)
    walk = pull_numbers(y, 1.0)
    assert walk is not None
    assert bits(walk.leaves[leaf]) == bits(general(y)[leaf])


def test_a_leaf_as_root() -> None:
    leaf = Value(2.0)
    leaf.backward(seed=3.0)
    leaf.backward()
    assert leaf.grad == 4.0


def test_another_thread_sees_old_or_new_gradients_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that reads all gradients at each rule of a backward sees what was there before."""
    a, b = Value(0.5), Value(-1.5)
    y = (a * b).sin() * (a + b).sin()
    nodes = ancestors([y])
    a.grad, b.grad = 7.0, 8.0
    before = [v.grad for v in nodes]
    seen: list[list[Any]] = []
    op = TABLE[np.sin]
    rule = op.unary_vjp
    assert rule is not None

    def watched(*args: Any) -> Any:
        thread = threading.Thread(target=lambda: seen.append([v.grad for v in nodes]))
        thread.start()
        thread.join(30)
        return rule(*args)

    monkeypatch.setattr(op, "unary_vjp", watched)
    y.backward()
    assert seen == [before, before]
    assert a.grad != 7.0


def test_reading_while_another_thread_walks() -> None:
    """Many reads at any moment: each is a gradient of some finished backward."""
    a = Value(0.5)
    y = a
    for _ in range(200):
        y = y * 1.0 + 0.0
    y.backward()
    nodes = ancestors([y])[:-1]
    wrong: list[Any] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            wrong.extend(v.grad for v in nodes if type(v.grad) is not float or v.grad != 1.0)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        for _ in range(300):
            y.backward()
    finally:
        done.set()
        thread.join(30)
    assert wrong == []
    assert a.grad == 301.0
