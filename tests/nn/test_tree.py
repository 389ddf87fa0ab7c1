"""A module is a tree of its parameters: transforms and tree_map take it as an argument."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Value
from autograd.pytree import expression, flatten, leaves_with_paths, tree_map, unflatten
from nn import MLP, SGD, Linear, Module, Sequential

rng = np.random.default_rng(17)
X, Y = rng.normal(size=(6, 3)), rng.normal(size=(6, 2))


def network() -> Sequential:
    return Sequential(Linear(3, 4, seed=0), nn.tanh, Linear(4, 2, seed=1))


def loss(model: Callable[[Any], Any], x: Any = X, y: Any = Y) -> Any:
    return nn.mse(model(x), y)


def backward(model: Module, f: Callable[[Any], Any] = loss) -> list[Any]:
    """What `backward` leaves in the parameters."""
    model.zero_grad()
    f(model).backward()
    return [p.grad for p in model.parameters()]


def plain(tree: Any) -> list[Any]:
    return [x.data if isinstance(x, Value) else x for x in flatten(tree)[0]]


def test_gradient_is_a_module_of_the_same_structure() -> None:
    model = network()
    value, g = ag.value_and_grad(loss)(model)
    assert type(g) is Sequential and type(g.layers[0]) is Linear and g.layers[1] is nn.tanh
    assert [name for name, _ in g.named_parameters()] == [
        name for name, _ in model.named_parameters()
    ]
    for found, target in zip(plain(g), backward(model), strict=True):
        np.testing.assert_allclose(found, target, rtol=1e-13)
    assert float(value.data) == float(loss(model).data)
    assert model.parameters()[0] is model.layers[0].w  # type: ignore[attr-defined]


def test_gradient_of_a_model_of_plain_arrays_is_plain() -> None:
    model = network()
    fixed = ag.stop_gradient(model)
    assert type(fixed.layers[0].w) is np.ndarray
    np.testing.assert_array_equal(fixed(X), model(X).data)
    value, g = ag.value_and_grad(loss)(fixed)
    assert all(type(leaf) is np.ndarray for leaf in flatten(g)[0]) and not isinstance(value, Value)
    for found, target in zip(flatten(g)[0], backward(model), strict=True):
        np.testing.assert_allclose(found, target, rtol=1e-13)


def test_gradient_of_parameters_that_are_values_can_be_differentiated_again() -> None:
    """A gradient penalty: the parameters are variables outside the transform, too."""
    model = network()
    penalty = lambda m: sum((g * g).sum() for g in flatten(ag.grad(loss)(m))[0])
    penalty(model).backward()
    p = model.layers[0].w  # type: ignore[attr-defined]
    found, step = p.grad[0, 0], 1e-5
    kept = p.data[0, 0]
    sides = []
    for shift in (step, -step):
        p.data[0, 0] = kept + shift
        sides.append(sum(float(np.sum(g * g)) for g in backward(model)))
    assert found == pytest.approx((sides[0] - sides[1]) / (2 * step), rel=1e-6)


def test_both_directions_agree() -> None:
    model = ag.stop_gradient(network())
    t = tree_map(lambda p: rng.normal(size=p.shape), model)
    g = ag.grad(loss)(model)
    along = sum(np.sum(a * b) for a, b in zip(flatten(g)[0], flatten(t)[0], strict=True))
    assert ag.jvp(loss, (model,), (t,))[1] == pytest.approx(along)
    assert ag.make_jvp(loss)(model)(t)[1] == pytest.approx(along)
    by_name = dict(t.named_parameters())
    assert ag.jvp(loss, (model,), (by_name,))[1] == pytest.approx(along)
    _, pull = ag.vjp(loss, model)
    np.testing.assert_allclose(pull(1.0)[0].layers[2].b, g.layers[2].b)


def test_jacobian_and_hessian_have_blocks() -> None:
    model = ag.stop_gradient(Linear(2, 1, seed=0))
    x = np.array([[1.0, 2.0], [3.0, 5.0], [0.0, 1.0]])
    jacobian = ag.jacobian(lambda m: m(x))(model)
    assert jacobian.w.shape == (3, 1, 2, 1)
    np.testing.assert_allclose(jacobian.w[:, 0, :, 0], x)
    hessian = ag.hessian(lambda m: (m(x) ** 2).sum())(model)
    np.testing.assert_allclose(hessian.w.w[:, 0, :, 0], 2 * x.T @ x)
    np.testing.assert_allclose(hessian.w.b[:, 0, 0], 2 * x.sum(0))
    np.testing.assert_allclose(hessian.b.b, [[6.0]])


def test_a_product_with_the_hessian() -> None:
    model = ag.stop_gradient(network())
    t = tree_map(lambda p: rng.normal(size=p.shape), model)
    product = ag.hessian_vector_product(loss)(model, t)
    step = 1e-5
    up, down = (
        ag.grad(loss)(tree_map(lambda p, d, s=s: p + s * d, model, t)) for s in (step, -step)
    )
    slope = tree_map(lambda a, b: (a - b) / (2 * step), up, down)
    for a, b in zip(flatten(product)[0], flatten(slope)[0], strict=True):
        np.testing.assert_allclose(a, b, atol=1e-8)


def test_map_in_either_order() -> None:
    model = network()
    g = ag.grad(loss)(ag.stop_gradient(model))
    first = tree_map(lambda p, g: Value(p.data - 0.1 * g), model, g)
    other = tree_map(lambda g, p: Value(p.data - 0.1 * g), g, model)
    SGD(model, 0.1)
    backward(model)
    SGD(model, 0.1).step()
    for a, b, c in zip(first.parameters(), other.parameters(), model.parameters(), strict=True):
        np.testing.assert_allclose(a.data, c.data)
        np.testing.assert_allclose(b.data, c.data)
    part = tree_map(lambda g, p: g.shape == p.shape, g.layers[2], model.layers[2])
    assert part.w is True and part.b is True


def test_descent_without_an_optimiser() -> None:
    model = network()
    before = float(loss(model).data)
    for _ in range(100):
        g = ag.grad(loss)(ag.stop_gradient(model))
        model = tree_map(lambda p, g: Value(p.data - 0.1 * g), model, g)
    assert float(loss(model).data) < before / 2
    nn.fit(model, X, Y, nn.mse, SGD(model, 0.1), 2, progress=False)


def test_parameters_inside_a_transform() -> None:
    """A penalty on the weights, over `parameters()` of the model and of its parts."""

    def penalised(m: Any) -> Any:
        return sum((p * p).sum() for p in [*m.parameters(), *m.layers[0].parameters()])

    model = network()
    for m in (model, ag.stop_gradient(model)):
        g = ag.grad(penalised)(m)
        for found, p, factor in zip(plain(g), model.parameters(), (4, 4, 2, 2), strict=True):
            np.testing.assert_allclose(found, factor * p.data)
    second = ag.grad(lambda m: sum((x * x).sum() for x in flatten(ag.grad(penalised)(m))[0]))
    np.testing.assert_allclose(plain(second(model))[0], 32 * model.parameters()[0].data)


class Tied(Module):
    """One weight used twice, a float, and one layer under two names."""

    def __init__(self) -> None:
        self.w = Value([2.0, 3.0])
        self.same, self.scale = {"w": self.w}, Value(0.5)
        self.scales = (self.scale, [self.scale])
        self.layer = Linear(2, 2, seed=0)
        self.again = [self.layer]
        self.rate = 0.5

    def __call__(self, x: Any) -> Any:
        tied = self.scale * self.scales[1][0] * self.w * self.same["w"]  # type: ignore[index]
        return (self.layer(x) * self.again[0](x) * tied).sum() * self.rate


def test_tied_parameters_stay_tied() -> None:
    model, x = Tied(), np.array([1.0, -2.0])
    f = lambda m: m(x)
    targets = backward(model, f)
    fixed = ag.stop_gradient(model)
    for m in (model, fixed, ag.stop_gradient(fixed), pickle.loads(pickle.dumps(fixed))):
        g = ag.grad(f)(m)
        assert [n for n, _ in g.named_parameters()] == ["w", "scale", "layer.w", "layer.b"]
        for found, target in zip(plain(g), targets, strict=True):
            np.testing.assert_allclose(found, target)
        assert g.again[0] is g.layer and g.same["w"] is g.w and g.rate == 0.5
    zeros = tree_map(lambda p: 0.5, model)  # one and the same float in every place
    assert [n for n, _ in zeros.named_parameters()] == ["w", "scale", "layer.w", "layer.b"]


def test_two_copies_of_one_model_are_not_tied() -> None:
    """Copies remember where parameters stand, and share nothing else."""
    model = Linear(2, 2, seed=0)
    copies = [tree_map(lambda p: Value(p.data + 1.0), model) for _ in range(2)]
    assert len(Sequential(*copies, copy.deepcopy(copies[0])).parameters()) == 6
    assert len(SGD([model, *copies], 0.1).parameters) == 6


def test_a_copy_takes_new_parameters() -> None:
    twin = tree_map(lambda p: Value(p.data), Linear(2, 2, seed=0))
    twin.extra, twin.tied = Value(1.0), twin.w
    assert [name for name, _ in twin.named_parameters()] == ["w", "b", "extra"]
    g = ag.grad(lambda m: (m.w * m.tied).sum() * m.extra)(twin)
    np.testing.assert_allclose(g.w.data, 2 * twin.w.data)


def test_a_tie_ends_where_another_value_is_set() -> None:
    twin = tree_map(lambda p: Value(p.data), Tied())
    twin.same["w"] = Value([0.0, 1.0])
    names = [name for name, _ in twin.named_parameters()]
    assert names == ["w", "same.w", "scale", "layer.w", "layer.b"]


class Pair(NamedTuple):
    first: Any
    second: Any


@dataclass(slots=True)
class Record:
    gain: Value
    rate: float = 0.1


@dataclass
class Mixed(Module):
    """Parameters in containers of every kind."""

    pair: Pair
    records: list[Record]
    table: dict[Any, Any]
    name: str = "mixed"
    array: Any = None


@dataclass(slots=True)
class Slots(Module):
    w: Value
    rate: float = 0.5


def test_containers_of_every_kind_are_rebuilt() -> None:
    model = Mixed(
        Pair(Value(1.0), (Value(2.0), [])),
        [Record(Value(3.0)), Record(Value(4.0), 0.2)],
        {"a": Value(5.0), 1: [Value(6.0)], "plain": np.ones(2), "f": np.sin},
        array=np.arange(3),
    )
    leaves, structure = flatten(model)
    assert [leaf.data for leaf in leaves] == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    twin = unflatten(structure, [10 * leaf.data for leaf in leaves])
    assert type(twin) is Mixed and twin.name == "mixed" and twin.array is model.array
    assert twin.pair == Pair(10.0, (20.0, []))
    assert [(r.gain, r.rate) for r in twin.records] == [(30.0, 0.1), (40.0, 0.2)]
    assert twin.table["a"] == 50.0 and twin.table[1] == [60.0]
    assert twin.table["plain"] is model.table["plain"] and twin.table["f"] is np.sin
    assert leaves[0].data == 1.0 and model.pair.first is leaves[0]
    for path, leaf in leaves_with_paths(model):
        assert eval(expression(path, "model"), {"model": model}) is leaf


def test_slots_hold_parameters_too() -> None:
    model = Slots(Value(3.0))
    assert model.parameters() == [model.w]
    g = ag.grad(lambda m: m.w * m.w * m.rate)(model)
    assert type(g) is Slots and g.w.data == 3.0 and g.rate == 0.5


def test_keys_whose_names_agree() -> None:
    m = Module()
    m.table = {1: Value(2.0), "1": Value(3.0)}  # type: ignore[attr-defined]
    g = ag.grad(lambda m: m.table[1] ** 2 * m.table["1"])(m)
    assert (g.table[1].data, g.table["1"].data) == (12.0, 4.0)


def test_a_module_that_holds_itself_is_rebuilt() -> None:
    m = Linear(1, 1, seed=0)
    m.self, m.loop = m, [m.w]  # type: ignore[attr-defined]
    m.loop.append(m.loop)  # type: ignore[attr-defined]
    twin = tree_map(lambda p: p.data + 1.0, m)
    assert twin.self is twin and twin.loop[1] is twin.loop and twin.loop[0] is twin.w


def test_a_module_nested_without_end_is_an_error() -> None:
    m = Module()
    box: Any = Value(1.0)
    for _ in range(5000):
        box = [box]
    m.box = box  # type: ignore[attr-defined]
    assert len(flatten(m)[0]) == 1
    with pytest.raises(ValueError, match="too deeply"):
        tree_map(lambda p: p, m)


def test_other_structures_are_refused() -> None:
    model = network()
    other = Sequential(Linear(3, 4, seed=0), nn.tanh, Linear(4, 2, seed=1), Linear(2, 2, seed=2))
    for wrong in (other, Linear(3, 4), {"w": 1.0}, [1.0] * 4, 3.0):
        with pytest.raises(ValueError, match="structure"):
            tree_map(lambda a, b: a, model, wrong)
    with pytest.raises(ValueError, match="structure"):
        tree_map(lambda a, b: a, other, model)
    untied = Tied()
    untied.same = {"w": Value([0.0, 0.0])}
    with pytest.raises(ValueError, match="structure"):
        tree_map(lambda a, b: a, Tied(), untied)


def test_a_module_made_by_hand_as_tangent() -> None:
    """Its arrays are leaves, because parameters stand there in the model."""
    model = ag.stop_gradient(Linear(2, 1, seed=0))
    t = Linear(2, 1, seed=1)
    t.w, t.b = np.ones((2, 1)), np.zeros(1)  # type: ignore[assignment]
    _, along = ag.jvp(lambda m: m(np.array([1.0, 2.0])).sum(), (model,), (t,))
    assert along == 3.0


def test_module_among_other_arguments() -> None:
    model = network()
    g = ag.grad(lambda tree: loss(tree["model"]) * tree["scale"])({"model": model, "scale": 2.0})
    np.testing.assert_allclose(plain(g["model"])[3], 2 * backward(model)[3])
    gm, gx = ag.grad(lambda m, x: loss(m, x), (0, 1))(model, X)
    assert type(gm) is Sequential and gx.shape == X.shape


def test_checkpoint_of_a_module_as_argument() -> None:
    model = network()
    targets = backward(model)
    found = backward(model, lambda m: ag.checkpoint(loss)(m))
    for a, b in zip(found, targets, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-13)


def test_networks_of_scalars() -> None:
    model = MLP(2, [3, 1], seed=0)
    f = lambda m: m([0.3, -0.7]) ** 2
    g = ag.grad(f)(ag.stop_gradient(model))
    assert type(g) is MLP and all(type(x) is float for x in flatten(g)[0])
    assert flatten(g)[0] == pytest.approx(backward(model, f))


def test_a_gradient_is_no_model_to_train() -> None:
    g = ag.grad(loss)(ag.stop_gradient(network()))
    g.zero_grad()
    g.named("g")
    with pytest.raises(ValueError, match=r"nothing to optimise.*tree_map\(Value, model\)"):
        SGD(g, 0.1)
    assert len(SGD(tree_map(Value, g), 0.1).parameters) == 4
    inner = tree_map(lambda p: p * 2.0, network())
    with pytest.raises(TypeError, match="output of the operation"):
        SGD(inner, 0.1)
