"""Batches, the training loop, its stop and its history."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Value
from nn import SGD, Adam, History, Linear, Sequential, batches, fit
from nn.progress_bar import ProgressBar

rng = np.random.default_rng(2)


def line(noise: float = 0.0) -> tuple[Any, Any]:
    x = rng.uniform(-1, 1, (40, 2))
    return x, x @ [[2.0], [-1.0]] + 0.5 + noise * rng.normal(size=(40, 1))


@pytest.mark.parametrize("size", [1, 3, 7, 10, 50])
@pytest.mark.parametrize("seed", [None, 0, 1])
def test_batches_hold_every_sample_once_with_its_target(size: int, seed: int | None) -> None:
    x = np.arange(20.0).reshape(10, 2)
    parts = list(batches(x, x[:, 0] * 10, size, seed))
    assert all(len(a) == len(b) <= size for a, b in parts)
    joined = np.concatenate([a for a, _ in parts])
    assert np.array_equal(np.sort(joined[:, 0]), x[:, 0])
    assert all(np.array_equal(a[:, 0] * 10, b) for a, b in parts)
    assert len(parts) == -(-10 // size)


def test_batches_are_set_by_the_seed() -> None:
    x = np.arange(50)

    def order(seed: Any) -> Any:
        return np.concatenate([a for a, _ in batches(x, x, 8, seed)])

    assert np.array_equal(order(None), x)
    assert np.array_equal(order(3), order(3))
    assert not np.array_equal(order(3), order(4))
    shared = np.random.default_rng(3)
    assert np.array_equal(order(shared), order(3))
    assert not np.array_equal(order(shared), order(3))


def test_batches_check_at_the_call() -> None:
    with pytest.raises(ValueError, match="as many samples"):
        batches([1, 2], [1], 1, 0)
    with pytest.raises(ValueError, match="at least one sample"):
        batches([1, 2], [1, 2], 0, 0)


def test_fit_finds_the_line() -> None:
    x, y = line()
    model = Linear(2, 1, seed=0)
    history = fit(
        model, x, y, nn.mse, SGD(model, 0.1, momentum=0.9), 200, batch_size=8, progress=False
    )
    assert np.allclose(model.w.data, [[2], [-1]], atol=1e-4)
    assert history.epochs == len(history.train) == 200
    assert history.test == [] and history.gradient == [] and history.stopped == "epochs"
    assert history.train[-1] < 1e-6 < history.train[0]


def test_full_batch_is_one_plain_step_an_epoch() -> None:
    x, y = line(0.1)
    model, twin = Linear(2, 1, seed=0), Linear(2, 1, seed=0)
    history = fit(model, x, y, nn.mse, SGD(model, 0.1), 3, seed=None, progress=False)
    losses = []
    for _ in range(3):
        error = x @ twin.w.data + twin.b.data - y
        losses.append(np.mean(error**2))
        twin.w.data -= 0.1 * 2 * x.T @ error / 40
        twin.b.data -= 0.1 * 2 * error.sum(0) / 40
    assert np.allclose(history.train, losses)
    assert np.allclose(model.w.data, twin.w.data) and np.allclose(model.b.data, twin.b.data)


def test_same_seed_same_training() -> None:
    x, y = line(0.3)

    def trained(seed: int) -> Any:
        model = Sequential(Linear(2, 4, seed=5), nn.tanh, Linear(4, 1, seed=6))
        history = fit(model, x, y, nn.mse, Adam(model, 0.01), 5, 8, seed=seed, progress=False)
        return history.train, model.parameters()[0].data.tobytes()

    assert trained(1) == trained(1)
    assert trained(1) != trained(2)


def test_order_of_samples_changes_from_epoch_to_epoch() -> None:
    seen: list[Any] = []
    model = Linear(1, 1, seed=0)

    def spy(x: Any) -> Any:
        seen.append(x[:, 0].tolist())
        return model(x)

    x = np.arange(6.0)[:, None]
    fit(spy, x, x, nn.mse, SGD(model, 1e-6), 3, batch_size=6, seed=0, progress=False)
    assert len({tuple(order) for order in seen}) > 1


def test_stop_by_tolerance() -> None:
    x, y = line()
    model = Linear(2, 1, seed=0)
    history = fit(model, x, y, nn.mse, SGD(model, 0.3), 1000, tolerance=1e-4, progress=False)
    assert history.stopped == "tolerance" and history.epochs < 1000
    assert history.gradient[-1] <= 1e-4 < history.gradient[-2]
    assert len(history.gradient) == history.epochs
    never = fit(model, x, y, nn.mse, SGD(model, 0.3), 5, tolerance=0.0, progress=False)
    assert never.stopped == "epochs" and never.epochs == 5


def test_a_gradient_that_is_nan_is_not_small() -> None:
    model = Linear(1, 1, seed=0)

    def loss(y: Any, _: Any) -> Any:
        return (0.0 * y).sum() + np.sqrt(0.0 * y).sum()

    x = np.ones((2, 1))
    with np.errstate(all="ignore"), pytest.raises(ValueError, match="gradient became nan"):
        fit(model, x, x, loss, SGD(model, 0.1), 5, tolerance=1.0, progress=False)


def test_tolerance_looks_at_every_batch() -> None:
    x, y = line(0.5)
    model = Linear(2, 1, seed=0)
    history = fit(model, x, y, nn.mse, SGD(model, 1e-3), 3, 10, tolerance=1e9, progress=False)
    assert history.epochs == 1 and history.stopped == "tolerance"


def test_test_loss_is_measured_and_not_trained_on() -> None:
    x, y = line(0.1)
    model, twin = Linear(2, 1, seed=0), Linear(2, 1, seed=0)
    a = fit(model, x, y, nn.mse, SGD(model, 0.1), 4, 8, test=(x[:5], y[:5]), progress=False)
    b = fit(twin, x, y, nn.mse, SGD(twin, 0.1), 4, 8, progress=False)
    assert a.train == b.train and len(a.test) == 4
    assert a.test[-1] == pytest.approx(float(nn.mse(model(x[:5]), y[:5]).data))


def test_fit_says_what_is_wrong() -> None:
    x, y = line()
    model = Linear(2, 1, seed=0)
    with (
        np.errstate(all="ignore"),
        pytest.raises(ValueError, match=r"loss became .* smaller learning rate"),
    ):
        fit(model, x, y, nn.mse, SGD(model, 1e8), 500, progress=False)
    model = Linear(2, 1, seed=0)
    with pytest.raises(ValueError, match="as many samples"):
        fit(model, x, y[:-1], nn.mse, SGD(model, 0.1), 1, progress=False)
    with pytest.raises(ValueError, match="no samples"):
        fit(model, x[:0], y[:0], nn.mse, SGD(model, 0.1), 1, progress=False)
    with pytest.raises(ValueError, match="use reshape"):
        fit(model, x, y[:, 0], nn.mse, SGD(model, 0.1), 1, progress=False)
    with pytest.raises(TypeError, match="does not depend on a Value"):
        fit(lambda x: x[:, :1], x, y, nn.mse, SGD(model, 0.1), 1, progress=False)


def test_fit_names_the_parameters() -> None:
    x, y = line()
    model = Sequential(Linear(2, 1, seed=0))
    fit(model, x, y, nn.mse, SGD(model, 0.1), 1, progress=False)
    assert [p.label for p in model.parameters()] == ["layers.0.w", "layers.0.b"]


def test_gradient_norm() -> None:
    ps = [Value(3.0), Value([4.0, 12.0]), Value(np.ones(5))]
    ps[0].grad, ps[1].grad = 3.0, [4.0, 12.0]
    assert nn.gradient_norm(ps) == 13


def test_bar_where_tqdm_is(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tqdm")
    with ProgressBar(2) as bar:
        bar.advance(0.5, 0.75)
        bar.advance(0.25, 0.5)
    assert "train=0.25" in capsys.readouterr().err


def test_plain_lines_where_tqdm_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tqdm", None)
    x, y = line()
    model = Linear(2, 1, seed=0)
    fit(model, x, y, nn.mse, SGD(model, 0.1), 30, test=(x, y))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 10
    assert lines[-1].startswith("epoch 30/30  train loss ") and "test loss" in lines[-1]


def test_no_output_unless_asked(capsys: pytest.CaptureFixture[str]) -> None:
    x, y = line()
    model = Linear(2, 1, seed=0)
    fit(model, x, y, nn.mse, SGD(model, 0.1), 3, progress=False)
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""


def test_history_reads_as_data() -> None:
    assert History() == History(train=[], test=[], gradient=[], stopped="epochs")


@pytest.mark.parametrize("plain", [False, True])
def test_an_optimiser_of_another_model_is_an_error(plain: bool) -> None:
    x, y = line()
    model, other = Linear(2, 1, seed=0), Linear(2, 1, seed=0)
    before = model.w.data.copy()
    trained = (lambda x: model(x)) if plain else model
    with pytest.raises(ValueError, match=r"no parameter of the optimiser.*SGD\(model"):
        fit(trained, x, y, nn.mse, SGD(other, 0.1), 3, progress=False)
    assert np.array_equal(model.w.data, before)
    fit(trained, x, y, nn.mse, SGD([model.b, other], 0.1), 1, progress=False)  # a part is enough
    assert np.array_equal(model.w.data, before)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m, o: fit(m, [], [], nn.mse, optimizer=o, epochs=1), "fit.*'optimizer'.*'optimise"),
        (lambda m, o: fit(m, [], [], nn.mse, o, 1, rng=0), "fit.*'rng'.*'seed'"),
        (lambda m, o: fit(m, [], [], nn.mse, o, 1, verbose=0), "fit.*'verbose'.*progress"),
    ],
)
def test_keywords_of_other_libraries(call: Any, message: str) -> None:
    model = Linear(1, 1, seed=0)
    with pytest.raises(TypeError, match=message):
        call(model, SGD(model, 0.1))
