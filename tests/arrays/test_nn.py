"""Layers, losses and optimisers of `nn` on arrays that refuse to be looked at."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Value, grad, value_and_grad, vmap
from autograd.arrays.refusing import RefusingArray
from autograd.compilation.recording import Recording
from autograd.pytree import flatten, tree_map
from tests.derivatives import close, flat
from tests.nn.make_references import flat as arrays_in
from tests.nn.reference_cases import CASES, call_of, inputs_of, name_of
from tests.samples import floats

X, LABELS = floats(4, 3), np.array([0, 2, 1, 2])
TARGET, P = floats(4, 3), np.full((4, 3), 1 / 3)
LOSSES: list[tuple[Callable[..., Any], Any, Any]] = [
    (nn.mse, X, TARGET),
    (nn.mae, X, TARGET),
    (nn.categorical_cross_entropy, P, LABELS),
    (nn.cross_entropy_with_logits, X, LABELS),
    (nn.cross_entropy_with_logits, X, np.eye(3)[LABELS]),
    (nn.binary_cross_entropy, P, (X > 0) * 1.0),
    (nn.binary_cross_entropy_with_logits, X, (X > 0) * 1.0),
    (nn.binary_cross_entropy_with_logits, X, P),
    (nn.distillation, X, TARGET),
]
ACTIVATIONS = [nn.relu, nn.sigmoid, nn.tanh, nn.softplus, nn.gelu, nn.softmax, nn.log_softmax]
OPTIMISERS: list[Callable[[Any], nn.Optimiser]] = [
    lambda model: nn.SGD(model, lr=0.1),
    lambda model: nn.SGD(model, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    lambda model: nn.Adam(model, lr=0.1),
    lambda model: nn.Adam(model, lr=0.1, weight_decay=0.01, decoupled=True),
]


def refusing(x: Any) -> Any:
    return RefusingArray.of(np.asarray(x))


def check_uncomputed(work: Callable[[Callable[[Any], Any]], Any]) -> None:
    """The work gives the same with arrays that refuse, and computes nothing itself."""
    wanted = flat(work(np.asarray))
    before = RefusingArray.computed
    got = flat(work(refusing))
    assert RefusingArray.computed == before, "something was computed on the way"
    assert any(isinstance(y, RefusingArray) for y in got)
    got = [y.compute() if isinstance(y, RefusingArray) else y for y in got]
    close(got, wanted, 1e-12, "refusing arrays against NumPy's")


@pytest.mark.parametrize(("loss", "x", "y"), LOSSES, ids=lambda f: getattr(f, "__name__", ""))
def test_loss(loss: Any, x: Any, y: Any) -> None:
    check_uncomputed(lambda wrap: list(value_and_grad(loss)(wrap(x), wrap(y))))


@pytest.mark.parametrize("f", ACTIVATIONS, ids=lambda f: f.__name__)
def test_activation(f: Any) -> None:
    check_uncomputed(lambda wrap: [f(wrap(X)), grad(lambda x: np.sum(f(x) ** 2))(wrap(X))])


@pytest.mark.parametrize("f", [nn.l1_norm, nn.l2_norm, lambda x: nn.cosine_similarity(x, TARGET)])
def test_norm(f: Any) -> None:
    check_uncomputed(lambda wrap: grad(lambda x: np.sum(f(x)))(wrap(X)))


def test_accuracy() -> None:
    check_uncomputed(lambda wrap: [nn.accuracy(wrap(X), wrap(LABELS))])
    check_uncomputed(lambda wrap: [nn.accuracy(wrap(X[:, 0]), wrap((X[:, 0] > 0) * 1))])


def model_of(leaf: Callable[[Any], Any]) -> Any:
    """A model with other leaves in place of its parameters' data."""
    model = nn.Sequential(nn.Linear(3, 5, seed=0), nn.tanh, nn.Linear(5, 3, seed=1))
    return tree_map(lambda v: leaf(v.data), model)


@pytest.mark.parametrize("make", OPTIMISERS)
def test_training_steps(make: Any) -> None:
    def work(wrap: Callable[[Any], Any]) -> list[Any]:
        model = model_of(lambda data: Value(wrap(data)))
        optimiser = make(model)
        for _ in range(3):
            optimiser.zero_grad()
            nn.cross_entropy_with_logits(model(wrap(X)), wrap(LABELS)).backward()
            optimiser.step()
        return [v.data for v in flatten(model)[0]]

    check_uncomputed(work)


def test_gradient_of_a_model() -> None:
    def work(wrap: Callable[[Any], Any]) -> list[Any]:
        slopes = grad(lambda m: nn.mse(m(wrap(X)), wrap(TARGET)))(model_of(wrap))
        return flatten(slopes)[0]

    check_uncomputed(work)


def test_lazy_data_and_numpy_parameters() -> None:
    def work(wrap: Callable[[Any], Any]) -> list[Any]:
        model = nn.Linear(3, 3, seed=0)
        nn.mse(model(wrap(X)), wrap(TARGET)).backward()
        return [model.w.grad, model.b.grad]

    check_uncomputed(work)


# --- every layer ----------------------------------------------------------------------------------
def layer_at(number: int, wrap: Callable[[Any], Any]) -> tuple[Any, list[Any]]:
    """A layer with arrays for parameters, and its inputs; running statistics are left out, since
    they could not be written."""
    case = CASES[number]
    kind = getattr(nn, case.layer)
    more = {"track_running_stats": False} if case.layer.startswith("BatchNorm") else {}
    if "seed" in inspect.signature(kind.__init__).parameters:
        more["seed"] = 0
    layer = kind(*case.args, **(case.options | more)).train(case.train)
    x = [wrap(x) for x in inputs_of(number, np.float64)]
    return tree_map(lambda p: wrap(p.data), layer), x


def outputs_of(number: int, layer: Any, x: list[Any]) -> list[Any]:
    case = CASES[number]
    given = (x[0], tuple(x[1:])) if case.layer == "LSTM" and x[1:] else x
    return arrays_in(layer(*given, **call_of(case, np.float64)))


def slopes_at(number: int, wrap: Callable[[Any], Any]) -> list[Any]:
    """Outputs, and the gradient of a sum over them."""
    layer, x = layer_at(number, wrap)

    def total(m: Any) -> Any:
        return sum(np.sum(y * y) for y in outputs_of(number, m, x))

    slopes = flatten(grad(total)(layer))[0] if flatten(layer)[0] else []
    return [*outputs_of(number, layer, x), *slopes]


@pytest.mark.parametrize("number", range(len(CASES)), ids=name_of)
def test_layer(number: int) -> None:
    check_uncomputed(lambda wrap: slopes_at(number, wrap))


@pytest.mark.parametrize("number", range(len(CASES)), ids=name_of)
def test_recorded_layer(number: int) -> None:
    """A layer and its gradient, written down once, give the same at other inputs."""
    recording, inputs = Recording(), []

    def record(x: Any) -> Any:
        inputs.append(np.asarray(x))
        return recording.input(np.asarray(x))

    recorded = slopes_at(number, record)
    moved = [x if x.dtype.kind != "f" else x * 1.25 for x in inputs]
    rest = iter(moved)
    wanted = flat(slopes_at(number, lambda x: next(rest)))
    recording.program.outputs = [y.register for y in recorded]
    got = flat(recording.program.run(*moved))
    close(got, wanted, 1e-12, "a recorded layer against a call")


def varied(x: Any) -> Any:
    """Three inputs at once."""
    if x.dtype.kind == "f":
        return np.stack([x, 1.3 * x + 0.1, 0.7 * x - 0.2])
    return np.stack([x, (x + 1) % 5, x[::-1]])


@pytest.mark.parametrize("number", range(len(CASES)), ids=name_of)
def test_mapped_layer(number: int) -> None:
    """A layer and its gradient, for several inputs at once by `vmap`, give the same one by one."""
    layer, x = layer_at(number, lambda x: x)
    inputs = [varied(a) for a in x]

    def outputs(*x: Any) -> list[Any]:
        return outputs_of(number, layer, list(x))

    def slopes(*x: Any) -> list[Any]:
        total = lambda m: sum(np.sum(y * y) for y in outputs_of(number, m, list(x)))
        return flatten(grad(total)(layer))[0] if flatten(layer)[0] else []

    for f in (outputs, slopes):
        wanted = [f(*[x[i] for x in inputs]) for i in range(3)]
        got = vmap(f)(*inputs)
        assert len(got) == len(wanted[0])
        close(got, [np.stack(ys) for ys in zip(*wanted, strict=True)], 1e-10, "a mapped layer")
