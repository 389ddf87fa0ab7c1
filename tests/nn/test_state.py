"""The state of a model: state_dict, load_state_dict, freezing, training and use, the summary."""

from __future__ import annotations

import copy
import pickle
from typing import Any, NamedTuple

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Value
from autograd.pytree import flatten, tree_map
from nn import Linear, Module, Sequential


class Pair(NamedTuple):
    first: Any
    second: Any


class Model(Module):
    """Parameters and buffers in every kind of place, and one tied twice."""

    def __init__(self) -> None:
        self.encoder = Sequential(Linear(3, 4, seed=0), nn.BatchNorm1d(4), nn.tanh)
        self.pair = Pair(Value(2.0), (Value([1.0, 2.0, 3.0, 4.0]), 5.0))
        self.tied = {"again": self.pair.first, "layer": self.encoder[0]}
        self.head = [Linear(4, 2, dtype=np.float32, seed=1)]

    def __call__(self, x: Any) -> Any:
        y = self.encoder(x) * self.pair.first * self.pair.second[0] * self.tied["again"]
        return self.head[0](y)


KEYS = [
    *("encoder.layers.0.w", "encoder.layers.0.b"),
    *("encoder.layers.1.weight", "encoder.layers.1.bias"),
    *("pair.first", "pair.second.0", "head.0.w", "head.0.b"),
    *(f"encoder.layers.1.{n}" for n in ("running_mean", "running_var", "num_batches_tracked")),
]
X = np.random.default_rng(0).normal(size=(5, 3))


def test_state_holds_parameters_and_buffers() -> None:
    model = Model()
    state = model.state_dict()
    assert list(state) == KEYS
    assert state["pair.first"] == 2.0 and type(state["pair.first"]) is float
    assert state["head.0.w"].dtype == np.float32
    assert [n for n, _ in model.named_parameters()] == KEYS[:8]
    assert [n for n, _ in model.named_buffers()] == KEYS[8:]


def test_a_state_is_a_copy() -> None:
    model = Model()
    state = model.state_dict()
    model.encoder[0].w.data += 1  # type: ignore[attr-defined]
    model(X)
    assert not np.array_equal(state["encoder.layers.0.w"], model.state_dict()["encoder.layers.0.w"])
    assert not state["encoder.layers.1.running_mean"].any()


def test_a_state_goes_into_another_model() -> None:
    one, two = Model(), Model()
    for p in one.parameters():
        p.data = p.data + 1
    one(X)
    arrays = [p.data for p in two.parameters()]
    optimiser = nn.SGD(two, 0.1)
    assert two.load_state_dict(one.state_dict()) is two
    one.eval()
    two.eval()
    np.testing.assert_array_equal(one(X).data, two(X).data)
    assert two.tied["again"] is two.pair.first and two.pair.first.data == 3.0
    for p, x in zip(two.parameters(), arrays, strict=True):
        assert p.data is x or isinstance(x, float)  # written in place
    assert all(a is b for a, b in zip(optimiser.parameters, two.parameters(), strict=True))


def test_models_of_arrays_and_of_floats() -> None:
    fixed = ag.stop_gradient(Model())
    state = {name: x * 2 for name, x in fixed.state_dict().items()}
    fixed.load_state_dict(state)
    assert fixed.pair.first == 4.0 and fixed.tied["again"] == 4.0
    mlp = nn.MLP(2, [2, 1], seed=0)
    other = nn.MLP(2, [2, 1], seed=1).load_state_dict(mlp.state_dict())
    assert [p.data for p in other.parameters()] == [p.data for p in mlp.parameters()]
    assert all(type(p.data) is float for p in other.parameters())


def damaged(state: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**state, **changes}


def test_what_does_not_fit_changes_nothing() -> None:
    model = Model()
    before = model.state_dict()
    good = {name: x + 1 for name, x in before.items()}
    short = {k: v for k, v in good.items() if k != "head.0.b"}
    for state, error, text in (
        (damaged(good, more=1.0), nn.StateError, "unknown key 'more'"),
        (short, nn.StateError, "missing key 'head.0.b'"),
        (damaged(short, **{"head.0.bb": 1.0}), nn.StateError, "'head.0.bb': is it 'head.0.b'"),
        (damaged(good, **{"head.0.b": np.ones(3)}), nn.StateError, r"head.0.b has shape \(2,\)"),
        (damaged(good, **{"pair.first": np.ones(1)}), nn.StateError, "pair.first has shape"),
        (damaged(good, **{"head.0.b": np.ones(2, complex)}), TypeError, "head.0.b has dtype"),
        (damaged(good, **{"head.0.b": np.array(["a", "b"])}), TypeError, "head.0.b has dtype"),
        ([1.0], TypeError, "a state is a dict"),
    ):
        with pytest.raises(error, match=text) as raised:
            model.load_state_dict(state)  # type: ignore[arg-type]
        assert isinstance(raised.value, ValueError | TypeError)
        for name, x in model.state_dict().items():
            np.testing.assert_array_equal(x, before[name])


def test_pytorchs_keys_are_recognised() -> None:
    with pytest.raises(nn.StateError, match=r"nn\.from_torch"):
        Linear(2, 1).load_state_dict({"weight": np.ones((1, 2)), "bias": np.ones(1)})


def test_without_strict_the_shared_keys_are_taken() -> None:
    model = Linear(2, 1, seed=0)
    w = model.w.data.copy()
    model.load_state_dict({"b": [7.0], "other": 3.0}, strict=False)
    assert model.b.data[0] == 7.0 and np.array_equal(model.w.data, w)  # type: ignore[union-attr]


# --- freezing -------------------------------------------------------------------------------------
def test_frozen_parameters_are_constants() -> None:
    model = Model()
    y = model(X).data
    old = nn.SGD(model, 0.1)
    values = model.parameters()
    assert model.freeze("encoder.*", "pair.first") is model
    assert model.frozen() == ["pair.first", *KEYS[:4]]
    assert [n for n, _ in model.named_parameters()] == KEYS[5:8]
    assert list(model.state_dict()) == [*KEYS[5:8], "pair.first", *KEYS[:4], *KEYS[8:]]
    np.testing.assert_array_equal(model(X).data, y)
    assert model.tied["again"] is model.pair.first and model.pair.first == 2.0
    loss = lambda m: (m(X) ** 2).sum()
    slopes = ag.grad(loss)(ag.stop_gradient(model))
    assert len(flatten(slopes)[0]) == 3
    loss(model).backward()
    w = model.encoder[0].w.copy()  # type: ignore[attr-defined]
    old.step()
    nn.Adam(model, 0.1).step()
    np.testing.assert_array_equal(model.encoder[0].w, w)  # type: ignore[attr-defined]
    model.unfreeze()
    assert model.frozen() == []
    assert all(a is b for a, b in zip(model.parameters(), values, strict=True))
    assert model.tied["again"] is model.pair.first


def test_a_copy_is_frozen_where_its_leaves_are_remembered() -> None:
    twin = tree_map(lambda p: Value(p.data + 1), Model())
    twin.freeze("encoder", "pair.first")
    assert [n for n, _ in twin.named_parameters()] == KEYS[5:8]
    assert type(twin.encoder[0].w) is np.ndarray and twin.tied["again"] == 3.0
    assert len(flatten(twin)[0]) == 3


def test_patterns() -> None:
    model = Model()
    assert model.freeze("encoder").frozen() == KEYS[:4]
    model.unfreeze("*.w")
    assert model.frozen() == KEYS[1:4]
    with pytest.raises(ValueError, match=r"no trained parameter matches 'encoder\.layers\.1'"):
        model.freeze("encoder.layers.1")
    with pytest.raises(ValueError, match=r"matches 'haed': there are \['head"):
        model.freeze("haed")
    assert Model().freeze().parameters() == []
    with pytest.raises(TypeError, match="Values, not arrays"):
        ag.stop_gradient(Model()).freeze()


def test_a_frozen_state_is_loaded_and_unfreezing_keeps_it() -> None:
    model, source = Model().freeze("encoder", "pair"), Model()
    for p in source.parameters():
        p.data = p.data + 1
    model.load_state_dict(source.state_dict())
    assert model.pair.first == 3.0 and model.tied["again"] == 3.0
    model.unfreeze()
    for p, q in zip(model.parameters(), source.parameters(), strict=True):
        np.testing.assert_array_equal(p.data, q.data)
    assert model.tied["again"] is model.pair.first


@pytest.mark.parametrize(
    "copied",
    [
        copy.deepcopy,
        lambda m: pickle.loads(pickle.dumps(m)),
        lambda m: tree_map(lambda p: Value(p.data), m),
    ],
    ids=["deepcopy", "pickle", "tree_map"],
)
def test_copies_stay_frozen_and_share_no_value(copied: Any) -> None:
    class Scales(Module):
        """Two numbers that are one Python object, and one that is tied."""

        def __init__(self) -> None:
            zero = 0.0
            self.a, self.b, self.c = Value(zero), Value(zero), Value(1.0)
            self.d = self.a

    model = Model().freeze("encoder")
    twin = copied(model)
    assert twin.frozen() == model.frozen()
    assert len(twin.parameters()) == 4
    twin.unfreeze()
    assert not {id(p) for p in twin.parameters()} & {id(p) for p in Model.parameters(model)}
    assert len(twin.parameters()) == 8 and len(model.parameters()) == 4
    if copied is not pickle:
        scales = tree_map(lambda p: Value(p.data), Scales().freeze("a", "b")).unfreeze()
        assert [n for n, _ in scales.named_parameters()] == ["a", "b", "c"]
        assert scales.d is scales.a


# --- training and use -----------------------------------------------------------------------------
def test_train_and_eval_reach_every_module() -> None:
    model = Model()
    assert all(m.training for m in model.modules())
    assert [name for name, _ in model.named_modules()] == [
        *("", "encoder", "encoder.layers.0", "encoder.layers.1", "head.0"),
    ]
    assert model.eval() is model
    assert not any(m.training for m in model.modules())
    assert "training" not in repr(model)
    assert not tree_map(lambda p: p, model).encoder.training
    assert all(m.training for m in model.train().modules())


def test_a_module_may_define_forward() -> None:
    class Line(Module):
        def __init__(self) -> None:
            self.w = Value(2.0)

        def forward(self, x: Any) -> Any:
            return self.w * x

    line = Line()
    assert line(3.0).data == 6.0 and line.forward(3.0).data == 6.0
    assert Sequential(line)(1.0).data == 2.0
    layer = Linear(2, 1, seed=0)
    np.testing.assert_array_equal(layer.forward(np.ones(2)).data, layer(np.ones(2)).data)
    with pytest.raises(TypeError, match="defines neither __call__ nor forward"):
        Module().forward(1.0)


# --- the summary ----------------------------------------------------------------------------------
def test_summary_counts_what_is_there() -> None:
    model = Model().freeze("head.0.w")
    text = model.summary(X)
    assert repr(text) == str(text)
    lines = text.splitlines()
    assert lines[0].split() == ["path", "module", "output", "parameters", "count"]
    assert lines[2].startswith("(model)           Model        (5, 2)  pair.first ()")
    assert any("head.0.w" not in line and "w (4, 2) frozen" in line for line in lines)
    total = sum(np.size(x) for k, x in model.state_dict().items() if k in KEYS[:8])
    assert lines[-1] == f"{total} parameters: {total - 8} trained, 8 frozen"
    assert all(m.training for m in model.modules())
    assert model.encoder[1].num_batches_tracked == 0  # type: ignore[attr-defined]
    assert type(model.encoder) is Sequential
    plain = model.summary()
    assert "output" not in plain and plain.splitlines()[-1] == lines[-1]


def test_summary_leaves_the_model_as_it_was_where_it_fails() -> None:
    model = Model()
    with pytest.raises(ValueError, match=r"encoder.layers.0: Linear"):
        model.summary(np.ones((2, 7)))
    assert type(model.encoder) is Sequential and model.encoder.training
