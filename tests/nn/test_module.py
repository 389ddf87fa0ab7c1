"""Which parameters a module finds, and what it calls them."""

from __future__ import annotations

import copy
import pickle
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Value
from autograd.arrays.refusing import RefusingArray
from nn import Linear, Module


class Leafy(Module):
    """Parameters in every kind of container."""

    def __init__(self) -> None:
        self.a = Value(1.0)
        self.many = [Value(2.0), (Value(3.0), {"x": Value(4.0), 7: [Value(5.0)]})]
        self.inner = Linear(2, 3, seed=0)
        self.settings = {"rate": 0.1, "name": "leafy", "array": np.ones(3), "nothing": None}


def test_paths_through_nested_containers() -> None:
    assert [name for name, _ in Leafy().named_parameters()] == [
        "a",
        "many.0",
        "many.1.0",
        "many.1.1.x",
        "many.1.1.7.0",
        "inner.w",
        "inner.b",
    ]


def test_parameters_and_names_agree() -> None:
    m = Leafy()
    assert [p for _, p in m.named_parameters()] == m.parameters()
    assert all(type(p) is Value for p in m.parameters())


def test_shared_parameter_and_shared_module_count_once() -> None:
    m = Leafy()
    m.again = m.a  # type: ignore[attr-defined]
    m.twin = m.inner  # type: ignore[attr-defined]
    m.list = [m.a, m.inner.w, Value(0.0)]  # type: ignore[attr-defined]
    names = [name for name, _ in m.named_parameters()]
    assert len(names) == 8
    assert names[-1] == "list.2"


def test_a_module_that_holds_itself() -> None:
    m = Leafy()
    m.self = m  # type: ignore[attr-defined]
    m.loop = [m.many]  # type: ignore[attr-defined]
    m.loop.append(m.loop)  # type: ignore[attr-defined]
    assert len(m.parameters()) == 7


def test_equal_but_distinct_parameters_are_all_found() -> None:
    m = Module()
    m.ps = [Value(1.0), Value(1.0), Value(1.0)]  # type: ignore[attr-defined]
    assert len(m.parameters()) == 3


def test_deep_nesting_does_not_recurse() -> None:
    m = Module()
    box: list[Any] = [Value(1.0)]
    for _ in range(5000):
        box = [box]
    m.box = box  # type: ignore[attr-defined]
    assert len(m.parameters()) == 1


def test_names_with_an_underscore_are_trained_like_any_other() -> None:
    m = Leafy()
    m._w, m._inner = Value(2.0), [Linear(1, 1, seed=0)]  # type: ignore[attr-defined]
    assert [name for name, _ in m.named_parameters()][-3:] == ["_w", "_inner.0.w", "_inner.0.b"]
    m._w.grad = 1.0  # type: ignore[attr-defined]
    nn.SGD(m, 0.5).step()
    assert m._w.data == 1.5  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["scaled", "_cache"])
def test_an_output_among_the_parameters_is_refused(name: str) -> None:
    m = Leafy()
    setattr(m, name, Value(1.0) * 0.1)
    with pytest.raises(TypeError, match=rf"{name} is the output.*Value\(v.data\)"):
        m.parameters()


@pytest.mark.parametrize("hidden", [{Value(1.0)}, np.array([Linear(1, 1)], dtype=object)])
def test_containers_without_order_are_refused(hidden: Any) -> None:
    m = Module()
    m.ps = hidden  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match="list, a tuple or a dict"):
        m.parameters()
    m.ps = {1.0, 2.0}  # type: ignore[attr-defined]
    assert m.parameters() == []


def test_zero_grad_reaches_every_parameter() -> None:
    m = Leafy()
    for p in m.parameters():
        p.grad = np.ones(p.shape)
    m.zero_grad()
    assert all(np.all(p.grad == 0) for p in m.parameters())


def test_labels_are_paths_and_the_users_own_stay() -> None:
    m = Leafy()
    m.a.label = "mine"
    assert m.named("net") is m
    assert m.a.label == "mine"
    assert m.inner.w.label == "net.inner.w"


@dataclass
class Record:
    """Parameters in a dataclass."""

    scale: Value
    rate: float = 0.1


@dataclass
class Network(Module):
    """A module that is a dataclass."""

    first: Linear
    records: list[Record]


def test_dataclasses() -> None:
    net = Network(Linear(1, 1, seed=0), [Record(Value(1.0)), Record(Value(2.0))])
    net.late = Value(3.0)  # type: ignore[attr-defined]
    names = [name for name, _ in net.named_parameters()]
    assert names == ["first.w", "first.b", "records.0.scale", "records.1.scale", "late"]
    m = Module()
    m.kind = Record  # type: ignore[attr-defined]
    assert m.parameters() == []


def test_copies_are_independent() -> None:
    m = nn.Sequential(Linear(2, 3, seed=0), nn.tanh, Linear(3, 1, seed=1))
    twin = copy.deepcopy(m)
    loaded = pickle.loads(pickle.dumps(m))
    x = np.ones((4, 2))
    before = m(x).data.copy()
    m.parameters()[0].data += 1.0
    assert np.array_equal(twin(x).data, before)
    assert np.array_equal(loaded(x).data, before)
    assert not np.array_equal(m(x).data, before)


def test_repr_shows_the_tree() -> None:
    text = repr(Leafy())
    assert "inner: Linear(2, 3, float64)" in text
    assert repr(Module()) == "Module()"
    broken = nn.Sequential(Linear(1, 1, seed=0))
    broken.layers[0].cache = broken(np.ones(1))  # type: ignore[attr-defined]
    assert "layers.0.cache is the output of the operation" in repr(broken)
    model = nn.Sequential(Linear(4, 8, dtype=np.float32, seed=0), nn.relu, Linear(8, 2, seed=0))
    assert repr(model).splitlines() == [
        "Sequential(",
        "  0: Linear(4, 8, float32)",
        "  1: relu",
        "  2: Linear(8, 2, float64)",
        ")  # 58 parameters",
    ]


class Elsewhere:
    """A namespace of another library, as `cupy` is one."""

    @staticmethod
    def asarray(x: Any) -> RefusingArray:
        assert isinstance(x, np.ndarray)
        return RefusingArray.of(x)


def test_a_model_moves_to_arrays_of_another_library_and_back() -> None:
    model = nn.Sequential(nn.Linear(3, 2, seed=0), nn.tanh)
    before = [p.data.copy() for p in model.parameters()]
    nn.mse(model(np.ones((1, 3))), np.zeros((1, 2))).backward()
    assert model.to(Elsewhere) is model
    assert all(isinstance(p.data, RefusingArray) and not p.has_grad for p in model.parameters())
    assert isinstance(model(np.ones((1, 3))).data, RefusingArray)
    for p, data in zip(model.to(np).parameters(), before, strict=True):
        np.testing.assert_array_equal(p.data, data)


def test_what_holds_no_arrays_is_no_place_to_move_to() -> None:
    with pytest.raises(TypeError, match="such as numpy or cupy, got 'cuda'"):
        nn.Linear(2, 1, seed=0).to("cuda")
