"""One run of a function on variables: what depends on them, and what is recorded."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value, pytree
from autograd.engine import reverse
from autograd.engine.node import observe
from autograd.transforms.trace import Trace, check_positions, inexact, seeds_like, trace
from tests.engine.test_node import Recorder

X = np.array([0.5, -1.2, 2.0])


def run(f: Any, *leaves: Any) -> Trace:
    return Trace(lambda variables: f(*variables), leaves)


# --- what is recorded -----------------------------------------------------------------------------
def test_plain_functions_are_not_recorded() -> None:
    found = run(lambda x, y: x * y + x, 2.0, 3.0)
    assert not found.record
    assert found.value == 8.0
    assert type(found.value) is float
    assert found.pull([1.0]) == [4.0, 2.0]
    assert found.push([1.0, 10.0]) == [24.0]


def test_older_values_are_constants_and_are_recorded() -> None:
    c = Value(5.0)
    found = run(lambda x: c * x * x, 2.0)
    assert found.record
    assert isinstance(found.value, Value)
    (g,) = found.pull([1.0])
    assert g.data == 20.0
    g.backward()
    assert c.grad == 4.0


def test_values_as_arguments_are_reached_through() -> None:
    x = Value(3.0)
    found = run(lambda v: v * v, x)
    assert found.record
    assert found.variables[0] is not x
    (g,) = found.pull([1.0])
    g.backward()
    assert x.grad == 2.0


def test_values_made_inside_are_constants() -> None:
    """They are newer than the variables, and do not depend on them: nothing is recorded."""
    made: list[Value] = []

    def f(x: Any) -> Any:
        made.append(Value(10.0))
        return x * made[0]

    found = run(f, 2.0)
    assert not found.record
    assert found.pull([1.0]) == [10.0]
    assert not made[0].has_grad


def test_the_parts_of_the_graph_that_a_walk_passes() -> None:
    found = run(lambda x, y: (x * 2, np.sin(3.0), y * Value(1.0)), 2.0, 3.0)
    doubled, constant, product = found.outputs
    inner, active, record = found.reach
    assert set(inner) == {doubled, product}
    assert active == {doubled, product, *found.variables}
    assert not record
    assert [found.depends(y) for y in found.outputs] == [True, False, True]
    assert constant == np.sin(3.0)


def test_every_node_depends_on_a_variable() -> None:
    """The usual case needs no set of active nodes."""
    found = run(lambda x: (x * 2, x), 2.0)
    assert found.reach.active is None
    assert all(found.depends(y) for y in found.outputs)
    assert not found.depends(1.0)
    older = Value(1.0)
    assert not run(lambda x: (x, older), 2.0).depends(older)


def test_outputs_that_do_not_depend() -> None:
    older = Value(7.0) * 1.0
    found = run(lambda x: (x * older, older, 4), X)
    pulled = found.pull([np.ones(3), 100.0, 100.0])
    np.testing.assert_array_equal(pulled[0].data, 7 * np.ones(3))
    pushed = found.push([np.ones(3)])
    assert [np.asarray(getattr(t, "data", t)).tolist() for t in pushed] == [[7.0] * 3, 0.0, 0.0]


# --- walks ----------------------------------------------------------------------------------------
def test_it_can_be_walked_again_and_again() -> None:
    found = run(lambda x: np.sin(x) * x[0], X)
    first = found.pull([np.ones(3)])
    second = found.pull([2 * np.ones(3)])
    np.testing.assert_allclose(second[0], 2 * first[0], rtol=1e-15)
    np.testing.assert_array_equal(found.pull([np.ones(3)])[0], first[0])
    np.testing.assert_array_equal(found.push([X])[0], found.push([X])[0])


def test_the_same_output_twice_adds_up() -> None:
    found = run(lambda x: (lambda y: (y, y))(x * 3.0), 2.0)
    assert found.pull([1.0, 10.0]) == [33.0]


def test_results_share_no_memory() -> None:
    found = run(lambda a, b: (a, b), X, X)
    g = np.ones(3)
    pulled = found.pull([g, g])
    assert not np.shares_memory(pulled[0], pulled[1])
    assert not any(np.shares_memory(p, q) for p in pulled for q in (g, X))
    pushed = found.push([g, g])
    assert not np.shares_memory(pushed[0], pushed[1])


def test_variables_that_are_not_used() -> None:
    found = run(lambda a, b: a * 1.0, np.float32(2), X)
    a, b = found.pull([np.float32(1)])
    assert a.dtype == np.float32
    np.testing.assert_array_equal(b, np.zeros(3))


# --- the walk over numbers ------------------------------------------------------------------------
def test_one_number_is_walked_by_the_shorter_way() -> None:
    found = run(lambda x, y: x * x + 3.0, 2.0, 5.0)
    assert found.pull_numbers([1.0]) == [4.0, 0.0]


@pytest.mark.parametrize(
    "f",
    [
        lambda x: (x, x),
        lambda x: 3.0,
        lambda x: x * np.ones(2),
        lambda x: x * np.float32(1),
        lambda x: x * OLDER,
        lambda x: np.sqrt(x - 2.0),
    ],
    ids=["two outputs", "a constant", "an array", "single", "an older Value", "a pole"],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_where_the_shorter_way_is_not_taken(f: Any) -> None:
    assert run(f, 2.0).pull_numbers([1.0]) is None


OLDER = Value(3.0)


def test_observers_see_the_general_walk() -> None:
    seen = Recorder()
    with observe(seen):
        assert run(lambda x: x * x, 2.0).pull_numbers([1.0]) is None
        ag.grad(lambda x: x * x)(2.0)
    assert [c for _, _, c, _ in seen.contributions] == [2.0, 2.0]


# --- arguments ------------------------------------------------------------------------------------
def test_arguments_are_put_where_they_belong() -> None:
    seen: list[Any] = []

    def f(*args: Any, **kwargs: Any) -> Any:
        seen.append((args, kwargs))
        return args[1] * args[-1]

    found, structure = trace(f, (1, 2.0, "c", 4.0), {"k": 5}, (-1, 1))
    args, kwargs = seen[0]
    assert (args[0], args[2], kwargs) == (1, "c", {"k": 5})
    assert found.variables == [args[3], args[1]]
    assert pytree.unflatten(structure, found.pull([1.0])) == (2.0, 4.0)
    found, structure = trace(f, (1, 2.0), {}, 1)
    assert pytree.unflatten(structure, found.pull([1.0])) == 4.0


@pytest.mark.parametrize(
    ("argnum", "count", "positions"),
    [
        (0, 1, (0,)),
        (-1, 3, (-1,)),
        ((0, 2), 3, (0, 2)),
        ([1], 2, (1,)),
        (np.int64(1), 2, (1,)),
        ((), 1, ()),
    ],
)
def test_positions(argnum: Any, count: int, positions: tuple[int, ...]) -> None:
    assert check_positions(argnum, count) == positions


@pytest.mark.parametrize(
    ("argnum", "message"),
    [
        (2, "2 were given"),
        (-3, "names no"),
        ("x", "names no"),
        (0.0, "names no"),
        ((0, -2), "twice"),
    ],
)
def test_what_is_no_position(argnum: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_positions(argnum, 2)


def test_no_arguments() -> None:
    found, _ = trace(lambda: 3.0, (), {}, ())
    assert (found.start, found.value, found.pull([1.0])) == (0, 3.0, [])


# --- seeds ----------------------------------------------------------------------------------------
def test_seeds_have_the_structure_of_the_outputs() -> None:
    found = run(lambda x: {"a": x, "b": (x * X, 2)}, 2.0)
    seeds = seeds_like(found.outputs, found.out_structure, {"a": 1, "b": (X, 0)}, "the seed")
    assert [type(g) for g in seeds] == [float, np.ndarray, np.float64]
    with pytest.raises(ValueError, match="the seed must have the structure"):
        seeds_like(found.outputs, found.out_structure, {"a": 1}, "the seed")
    with pytest.raises(ValueError, match="the seed has shape"):
        seeds_like(found.outputs, found.out_structure, {"a": X, "b": (X, 0)}, "the seed")


@pytest.mark.parametrize("x", [3, True, np.int8(3), np.array([1, 2])])
def test_constant_outputs_in_integers_have_tangents_in_floats(x: Any) -> None:
    assert np.asarray(inexact(x)).dtype == np.float64
    np.testing.assert_array_equal(inexact(x), x)
    assert inexact(X) is X


def test_vjp_takes_the_shorter_way_too(monkeypatch: pytest.MonkeyPatch) -> None:
    _, pull = ag.vjp(lambda x: x * x * x, 2.0)

    def longer(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("the general walk")

    monkeypatch.setattr(reverse, "pullback", longer)
    assert pull(10.0) == (120.0,)
