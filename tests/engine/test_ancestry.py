"""What nodes depend on, and in which order walks pass them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from autograd.engine.ancestry import ancestors, computed_ancestors, dependents, find_ancestors


@given(links=st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=20))
def test_ancestors_of_any_graph(links: list[tuple[int, int]]) -> None:
    """Each node once, newest first, and nothing that the root does not depend on."""
    pool = [Value(1.0), Value(2.0)]
    below: list[set[Value]] = [{v} for v in pool]
    for i, j in links:
        i, j = i % len(pool), j % len(pool)
        y = pool[i] + pool[j]
        pool.append(y)
        below.append({y} | below[i] | below[j])
    found = ancestors([pool[-1]])
    assert [v.serial for v in found] == sorted((v.serial for v in found), reverse=True)
    assert len(found) == len(set(found))
    assert set(found) == below[-1]
    computed = computed_ancestors([pool[-1]])
    assert computed == [v for v in found if v.op is not None]
    assert find_ancestors([pool[-1]]).leaves == {v for v in found if v.op is None}


def test_roots_may_be_leaves_constants_and_repeated() -> None:
    a = Value(1.0)
    y = a * 2
    found = find_ancestors([y, a, 3.0, None, y])
    assert found.computed == [y]
    assert found.leaves == {a}
    assert not found.met_older
    assert find_ancestors([]) == ([], set(), False)


def test_what_is_older_than_the_start_is_left_out() -> None:
    old = Value(1.0) * 2
    new = Value(3.0)
    y = old * new
    found = find_ancestors([y, old], new.serial)
    assert found.computed == [y]
    assert found.leaves == {new}
    assert found.met_older
    assert not find_ancestors([new * 2], new.serial).met_older


def test_dependents() -> None:
    a, b = Value(1.0), Value(2.0)
    p, q = a * 2, b * 2
    y = p + q
    inner, active = dependents([y, q, p], [a])
    assert inner == [y, p]
    assert active == {a, p, y}
    assert dependents([y, q, p], []) == ([], set())
    assert dependents([y, q, p], [p])[0] == [y], "a variable is passed over"
