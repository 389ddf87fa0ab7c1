"""Networks and optimisers of `nn`, compiled: the same models, bit for bit, step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Value, compile, pytree, value_and_grad
from autograd.compilation.recording import CannotRecord

RNG = np.random.default_rng(0)
X = RNG.normal(size=(8, 4))
LABELS = RNG.integers(3, size=8)


def classifier(dtype: Any = np.float64) -> Any:
    return nn.Sequential(
        nn.Linear(4, 5, dtype=dtype, seed=0), nn.tanh, nn.Linear(5, 3, dtype=dtype, seed=1)
    )


def loss(model: Any, x: Any, labels: Any) -> Any:
    return nn.cross_entropy_with_logits(model(x), labels)


def same_trees(a: Any, b: Any) -> None:
    """Two trees of one structure with the same bits."""
    for x, y in zip(pytree.flatten(a)[0], pytree.flatten(b)[0], strict=True):
        assert type(x) is type(y)
        x, y = (z.data if isinstance(z, Value) else z for z in (x, y))
        if isinstance(x, np.ndarray):
            np.testing.assert_array_equal(x, y)
        else:
            assert x == y


OPTIMISERS: list[Callable[[], Any]] = [
    lambda: nn.SGD(lr=0.1),
    lambda: nn.SGD(lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    lambda: nn.Adam(lr=0.01),
    lambda: nn.AdamW(lr=0.01, weight_decay=0.1),
    lambda: nn.RMSprop(lr=0.01),
    lambda: nn.SGD(lr=nn.CosineDecay(0.1, 10)),
]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("make", OPTIMISERS)
def test_training_steps(make: Any, dtype: Any) -> None:
    optimiser = make()

    def step(model: Any, state: Any, x: Any, labels: Any) -> Any:
        value, gradients = value_and_grad(loss)(model, x, labels)
        model, state = optimiser.update(gradients, state, model)
        return value, model, state

    compiled = compile(step)
    model = classifier(dtype)
    ours: Any = (model, optimiser.init(model))
    theirs: Any = ours
    for i in range(5):
        x = (X + i).astype(dtype)
        wanted, *theirs = step(*theirs, x, LABELS)
        got, *ours = compiled(*ours, x, LABELS)
        assert got.data == wanted.data
        same_trees(ours, theirs)
    assert compiled.recorded <= 2
    assert compiled.eager == 0
    assert type(ours[0]) is nn.Sequential
    assert isinstance(ours[0].layers[0].w, Value)
    np.testing.assert_array_equal(ours[0](X).data, theirs[0](X).data)


def test_a_loss_to_walk_backward_from() -> None:
    """The compiled loss is a Value of the model's parameters; `step()` trains them in place."""
    ours, theirs = classifier(), classifier()
    compiled = compile(loss)
    optimisers = nn.Adam(ours, lr=0.01), nn.Adam(theirs, lr=0.01)
    for _ in range(4):
        for model, f, optimiser in zip((ours, theirs), (compiled, loss), optimisers, strict=True):
            optimiser.zero_grad()
            f(model, X, LABELS).backward()
            optimiser.step()
        same_trees(ours, theirs)
    assert compiled.recorded == 1


def test_what_is_static_in_a_module() -> None:
    class Scale(nn.Module):
        def __init__(self) -> None:
            self.w, self.k, self.mode = Value(np.ones(3)), 2.0, "a"
            self.layers = [Value(np.full(3, 2.0))]
            self.table = np.arange(3.0)

        def __call__(self, x: Any) -> Any:
            y = self.w * x * self.k * self.table
            for layer in self.layers:
                y = y * layer
            return y if self.mode == "a" else -y

    x = np.arange(1.0, 4.0)
    model = Scale()
    compiled = compile(lambda model, x: model(x))
    changes: list[Callable[[], Any]] = [
        lambda: None,
        lambda: setattr(model, "k", 3.0),
        lambda: setattr(model, "mode", "b"),
        lambda: model.layers.append(Value(x)),
        lambda: setattr(model, "w", model.layers[0]),
        lambda: setattr(model, "w", Value(x + 5)),
        lambda: model.table.__setitem__(0, 7.0),
        lambda: setattr(model.w, "data", np.ones((3, 3))),
        lambda: setattr(model.w, "data", x.astype(np.float32)),
    ]
    for i, change in enumerate(changes):
        change()
        np.testing.assert_array_equal(compiled(model, x).data, model(x).data, err_msg=str(i))
    assert compiled.eager == 0


def test_a_captured_model() -> None:
    model = classifier()
    compiled = compile(lambda x: loss(model, x, LABELS))
    optimiser = nn.SGD(model, lr=0.5)
    for _ in range(3):
        assert compiled(X).data == loss(model, X, LABELS).data
        optimiser.zero_grad()
        compiled(X).backward()
        optimiser.step()


def test_dropout_draws_anew() -> None:
    def make() -> Any:
        return nn.Sequential(nn.Linear(4, 5, seed=0), nn.Dropout(0.5, seed=3))

    ours, theirs = make(), make()
    f = lambda model, x: np.sum(model(x) ** 2) * 1.0
    compiled = compile(lambda model, x: value_and_grad(f)(model, x)[0])
    plain = compile(lambda model, x: f(model, x).data)
    for model, g in ((ours, compiled), (ours, plain)):
        for _ in range(3):
            got, wanted = g(model, X), f(theirs, X)
            assert getattr(got, "data", got) == wanted.data
    assert plain.recorded == 1
    ours.eval()
    theirs.eval()
    assert plain(ours, X) == f(theirs, X).data


def test_a_module_that_a_call_would_change_is_refused() -> None:
    class Counting(nn.Module):
        def __init__(self) -> None:
            self.w, self.calls = Value(2.0), [0]

        def __call__(self, x: Any) -> Any:
            self.calls = [self.calls[0] + 1]
            return self.w * x

    with pytest.raises(CannotRecord, match="changes a Counting among its arguments"):
        compile(lambda model, x: model(x))(Counting(), X)


def test_arrays_in_place_of_parameters() -> None:
    model = pytree.tree_map(lambda v: v.data, classifier())
    f = value_and_grad(loss)
    compiled = compile(f)
    for i in range(3):
        got, wanted = compiled(model, X + i, LABELS), f(model, X + i, LABELS)
        same_trees(got, wanted)
    assert (compiled.recorded, compiled.eager) == (1, 0)


def test_tied_parameters() -> None:
    class Tied(nn.Module):
        def __init__(self) -> None:
            self.a = Value(X[:3, :3].copy())
            self.b = self.a

        def __call__(self, x: Any) -> Any:
            return x @ self.a @ self.b

    model = Tied()
    f = lambda model, x: value_and_grad(lambda m: np.sum(m(x) ** 2))(model)
    compiled = compile(f)
    for _ in range(2):
        got, wanted = compiled(model, X[:, :3]), f(model, X[:, :3])
        same_trees(got, wanted)
        assert got[1].a is got[1].b
    untied = Tied()
    later = compile(f)
    untied.b = Value(X[:3, :3].copy())
    for chosen in (untied, model, untied):  # the other way round
        same_trees(later(chosen, X[:, :3]), f(chosen, X[:, :3]))
    untied.b = Value(X[:3, :3].copy())
    same_trees(compiled(untied, X[:, :3]), f(untied, X[:, :3]))
    arrays = pytree.tree_map(lambda v: v.data, model)
    same_trees(compiled(arrays, X[:, :3]), f(arrays, X[:, :3]))


def test_labels_out_of_range_raise_as_they_do_eagerly() -> None:
    model = classifier()
    compiled = compile(loss)
    compiled(model, X, LABELS)
    with pytest.raises(ValueError, match="class labels must lie in 0"):
        compiled(model, X, LABELS + 5)
