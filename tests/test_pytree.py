"""Trees of arguments: tuples, lists, dicts, named tuples, dataclasses and registered classes."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, namedtuple
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
from autograd import pytree
from autograd.pytree import (
    Branch,
    attribute_paths,
    children,
    dotted,
    expression,
    flatten,
    leaves_with_paths,
    register,
    same_structure,
    tree_map,
    unflatten,
)


class Layer(NamedTuple):
    weight: Any
    bias: Any


Pair = namedtuple("Pair", ["a", "b"])


@dataclass
class Model:
    layer: Layer
    scale: Any = 1.0
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Point:
    x: Any
    y: Any


@dataclass
class Checked:
    x: float

    def __post_init__(self) -> None:
        self.calls = getattr(self, "calls", 0) + 1


trees = st.recursive(
    st.floats(-5, 5) | st.none() | st.text(max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=2), inner, max_size=3)
        | st.builds(Layer, inner, inner)
        | st.builds(Point, inner, inner)
        | st.builds(Pair, inner, inner)
    ),
    max_leaves=12,
)


@given(tree=trees)
def test_unflatten_undoes_flatten(tree: Any) -> None:
    leaves, structure = flatten(tree)
    other = unflatten(structure, leaves)
    assert other == tree
    assert type(other) is type(tree)
    assert not any(isinstance(leaf, list | tuple | dict) for leaf in leaves)


@given(tree=trees)
def test_map_keeps_the_structure(tree: Any) -> None:
    counted = tree_map(lambda leaf: 1, tree)
    assert same_structure(flatten(tree)[1], flatten(counted)[1])
    assert flatten(counted)[0] == [1] * len(flatten(tree)[0])


def test_order_of_leaves() -> None:
    tree = {"b": 1, "a": (2, [3, Layer(4, 5)]), "c": Point(6, Model(Layer(7, 8), 9, {"k": 10}))}
    assert flatten(tree)[0] == list(range(1, 11))


def test_kinds_of_dicts() -> None:
    for tree in (OrderedDict(b=1.0, a=2.0), {"b": 1.0, "a": 2.0}):
        leaves, structure = flatten(tree)
        assert leaves == [1.0, 2.0]
        other = unflatten(structure, leaves)
        assert other == tree
        assert list(other) == ["b", "a"]
        assert type(other) is type(tree)
    counts = defaultdict(list, {"a": 1.0})
    assert unflatten(flatten(counts)[1], [2.0]) == {"a": 2.0}


def test_dataclasses_are_rebuilt_without_their_checks() -> None:
    other = tree_map(lambda x: x * 2, Checked(3.0))
    assert type(other) is Checked
    assert (other.x, other.calls) == (6.0, 1)
    assert tree_map(lambda x: x + 1, Point(1, (2, 3))) == Point(2, (3, 4))


def test_empty_branches() -> None:
    for tree in ((), [], {}, ((), [])):
        assert flatten(tree)[0] == []
        assert unflatten(flatten(tree)[1], []) == tree


def test_wrong_number_of_leaves() -> None:
    structure = flatten((1, [2]))[1]
    with pytest.raises(ValueError, match="fewer"):
        unflatten(structure, [1])
    with pytest.raises(ValueError, match="more"):
        unflatten(structure, [1, 2, 3])
    with pytest.raises(ValueError, match="structure"):
        tree_map(lambda a, b: a, (1, 2), (1, [2]))


def test_structures_that_differ_in_keys() -> None:
    with pytest.raises(ValueError, match="structure"):
        tree_map(lambda a, b: a + b, {"a": 1, "b": 2}, {"a": 1, "c": 2})


def test_keys_are_matched_by_name() -> None:
    """{"a", "b"} and {"b", "a"} hold the same places."""
    got = tree_map(lambda a, b: (a, b), {"a": 1, "b": 2}, {"b": 20, "a": 10})
    assert got == {"a": (1, 10), "b": (2, 20)}


def test_tangents_of_dicts_are_matched_by_name() -> None:
    """The order of keys carries no meaning; a missing one is an error."""
    p = {"a": 2.0, "b": 3.0}
    f = lambda p: p["a"] ** 2 + p["b"]
    assert ag.jvp(f, (p,), ({"b": 10.0, "a": 1.0},))[1] == 14.0
    _, pull = ag.vjp(lambda x: {"a": x, "b": 5 * x}, 1.0)
    assert pull({"b": 1.0, "a": 0.0}) == (5.0,)
    with pytest.raises(ValueError, match="structure"):
        ag.jvp(f, (p,), ({"a": 1.0, "c": 1.0},))


def model() -> Model:
    return Model(Layer(np.array([[1.0, 2.0]]), np.array([0.5])), 2.0, {"power": 3.0})


def predict(m: Model, x: Any) -> Any:
    return (m.scale * (m.layer.weight @ x + m.layer.bias)).sum() ** m.extra["power"]


X = np.array([0.3, 0.4])


def test_gradients_have_the_structure_of_the_argument() -> None:
    g = ag.grad(predict)(model(), X)
    assert type(g) is Model
    assert type(g.layer) is Layer
    inner = 1.0 * 0.3 + 2.0 * 0.4 + 0.5
    y = 2.0 * inner
    np.testing.assert_allclose(g.layer.weight, [3 * y**2 * 2.0 * X])
    np.testing.assert_allclose(g.layer.bias, [3 * y**2 * 2.0])
    assert g.scale == pytest.approx(3 * y**2 * inner)
    assert g.extra["power"] == pytest.approx(y**3 * np.log(y))


@pytest.mark.parametrize(
    "tree",
    [
        (2.0, np.ones(2)),
        [2.0, np.ones(2)],
        {"a": 2.0, "b": np.ones(2)},
        Layer(2.0, np.ones(2)),
        Point(2.0, np.ones(2)),
        ((2.0,), [{"k": np.ones(2)}]),
    ],
    ids=lambda tree: type(tree).__name__,
)
def test_every_transform_takes_trees(tree: Any) -> None:
    def f(tree: Any) -> Any:
        a, b = flatten(tree)[0]
        return (a * b * b).sum() + a**3

    ones = tree_map(np.ones_like, tree)
    g = ag.grad(f)(tree)
    assert type(g) is type(tree)
    assert flatten(g)[0][0] == pytest.approx(14.0)
    np.testing.assert_allclose(flatten(g)[0][1], [4.0, 4.0])
    assert ag.value_and_grad(f)(tree)[0] == 12.0
    _, pull = ag.vjp(f, tree)
    assert flatten(pull(1.0))[0][0] == pytest.approx(14.0)
    assert ag.jvp(f, (tree,), (ones,))[1] == pytest.approx(22.0)
    assert ag.make_jvp(f)(tree)(ones)[1] == pytest.approx(22.0)
    product = ag.hessian_vector_product(f)(tree, ones)
    assert type(product) is type(tree)
    assert flatten(product)[0][0] == pytest.approx(12.0 + 4.0)
    jacobian = ag.jacobian(f)(tree)
    np.testing.assert_allclose(flatten(jacobian)[0][1], [4.0, 4.0])


def test_hessian_of_a_tree_has_blocks() -> None:
    h = ag.hessian(lambda p: p["a"] * (p["b"] ** 2).sum())({"a": 2.0, "b": np.array([1.0, 3.0])})
    assert h["a"]["a"] == 0.0
    np.testing.assert_allclose(h["a"]["b"], [2.0, 6.0])
    np.testing.assert_allclose(h["b"]["a"], [2.0, 6.0])
    np.testing.assert_allclose(h["b"]["b"], 4 * np.eye(2))


def test_outputs_may_be_trees() -> None:
    def f(x: Any) -> Any:
        return {"square": x * x, "both": (x.sum(), [2 * x])}

    y, pull = ag.vjp(f, X)
    np.testing.assert_array_equal(y["square"], X * X)
    (g,) = pull({"square": np.ones(2), "both": (1.0, [np.zeros(2)])})
    np.testing.assert_allclose(g, 2 * X + 1)
    _, t = ag.jvp(f, (X,), (np.ones(2),))
    np.testing.assert_allclose(t["both"][1][0], [2.0, 2.0])


def test_empty_tree_has_an_empty_gradient() -> None:
    assert ag.grad(lambda p, x: x * x, (0, 1))({}, 2.0) == ({}, 4.0)
    assert ag.grad(lambda p: 2.0)([]) == []


def test_leaves_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(TypeError, match="a Value holds"):
        ag.grad(lambda p: p["x"] * 2)({"x": 1.0, "name": "layer"})


# --- paths, classes that say how they open, trees without an end ----------------------------------
@given(tree=trees)
def test_leaves_with_paths_are_the_leaves_and_reach_them(tree: Any) -> None:
    found = leaves_with_paths(tree)
    assert [leaf for _, leaf in found] == flatten(tree)[0]
    for path, leaf in found:
        assert eval(expression(path, "tree"), {"tree": tree}) is leaf


def test_paths_read_as_python_and_as_names() -> None:
    tree = Model(Layer(1, [2]), 3, {"k": 4})
    paths = [path for path, _ in leaves_with_paths(tree)]
    assert [expression(path, "m") for path in paths] == [
        *("m.layer.weight", "m.layer.bias[0]", "m.scale", "m.extra['k']"),
    ]
    assert [dotted(path) for path in paths] == [
        *("layer.weight", "layer.bias.0", "scale", "extra.k"),
    ]
    assert children(1.0) is None and children([]) == []


class Interval:
    def __init__(self, low: Any, high: Any) -> None:
        self.low, self.high = low, high


class Positive(Interval):
    pass


def open_interval(i: Interval) -> Branch:
    names = ("low", "high")
    return Branch(
        [i.low, i.high], lambda ends: type(i)(*ends), names, attribute_paths(names), at_ends
    )


def at_ends(tree: Any) -> list[Any] | None:
    return [tree.low, tree.high] if isinstance(tree, Interval) else None


def test_a_class_says_how_it_opens() -> None:
    assert flatten(Late())[0] != [1.0]  # a leaf before it is registered
    register(Late, lambda tree: Branch([tree.x], lambda parts: Late(*parts)))
    assert flatten(Late())[0] == [1.0]
    register(Interval, open_interval)
    tree = {"i": Positive(1.0, 3.0)}
    g = ag.grad(lambda t: t["i"].low * t["i"].high)(tree)
    assert type(g["i"]) is Positive and (g["i"].low, g["i"].high) == (3.0, 1.0)
    assert dotted(leaves_with_paths(tree)[1][0]) == "i.high"
    assert tree_map(lambda a, b: a + b, tree, {"i": {"high": 10.0, "low": 20.0}})["i"].low == 21.0


class Late:
    def __init__(self, x: Any = 1.0) -> None:
        self.x = x


def test_a_tree_that_holds_itself_is_an_error() -> None:
    loop: list[Any] = [1.0]
    loop.append(loop)
    deep: Any = 1.0
    for _ in range(100_000):
        deep = [deep]
    for tree in (loop, deep):
        for call in (flatten, leaves_with_paths, lambda t: tree_map(abs, t)):
            with pytest.raises(ValueError, match="too deeply, or holds itself"):
                call(tree)


def test_a_defaultdict_keeps_its_default() -> None:
    counts = tree_map(lambda x: x + 1, defaultdict(float, {"a": 1.0}))
    assert counts == {"a": 2.0} and counts["new"] == 0.0


def test_classes_that_are_no_longer_used_are_not_kept_for_ever() -> None:
    for _ in range(2 * pytree.OPENERS_LIMIT):
        flatten(type("Short", (), {})())
    assert len(pytree.OPENERS) <= pytree.OPENERS_LIMIT


def test_names_that_differ_in_number() -> None:
    with pytest.raises(ValueError, match="structure: names"):
        tree_map(lambda a, b: a, {"a": 1}, {"a": 1, "b": 2})
    with pytest.raises(ValueError, match="structure: 3 of 2"):
        tree_map(lambda a, b: a, (1, 2), (1, 2, 3))
