"""What `fit` does around the steps: best weights, callbacks, checkpoints, culprits, warnings."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from nn import (
    SGD,
    Adam,
    Checkpoint,
    DataLoader,
    Dropout,
    History,
    Linear,
    ReduceOnPlateau,
    Run,
    Sequential,
    TrainingWarning,
    fit,
)
from nn.modes import in_mode

rng = np.random.default_rng(5)
X = rng.normal(size=(60, 4))
LABELS = (X[:, 0] + 0.5 * rng.normal(size=60) > 0).astype(int)
TEST = (X[40:], LABELS[40:])
LOSS = nn.cross_entropy_with_logits


@pytest.fixture(autouse=True)
def no_warnings() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error", TrainingWarning)
        yield


def network() -> Sequential:
    layers = (Linear(4, 16, seed=0), nn.tanh, nn.BatchNorm1d(16), Dropout(0.3, seed=2))
    return Sequential(*layers, Linear(16, 2, seed=1))


def trained(model: Any, epochs: int = 6, **options: Any) -> History:
    optimiser = options.pop("optimiser", None) or Adam(model, 0.03)
    given = {"batch_size": 8, "seed": 3, "progress": False, "test": TEST} | options
    return fit(model, X[:40], LABELS[:40], LOSS, optimiser, epochs, **given)


def same(a: Any, b: Any) -> bool:
    one, two = a.state_dict(), b.state_dict()
    return list(one) == list(two) and all(np.array_equal(one[k], two[k]) for k in one)


# --- data loader ----------------------------------------------------------------------------------
@pytest.mark.parametrize("drop", [False, True])
@pytest.mark.parametrize("size", [1, 3, 5, 10])
def test_a_loader_goes_once_through_all_samples_in_each_epoch(size: int, drop: bool) -> None:
    x = np.arange(10.0)
    loader = DataLoader(x, x * 10, batch_size=size, seed=0, drop_last=drop)
    epochs = [list(loader) for _ in range(3)]
    for parts in epochs:
        assert len(parts) == len(loader) == (10 // size if drop else -(-10 // size))
        assert all(np.array_equal(a * 10, b) for a, b in parts)
        joined = np.concatenate([a for a, _ in parts])
        assert len(set(joined)) == len(joined) == (10 - 10 % size if drop else 10)
    orders = [tuple(np.concatenate([a for a, _ in parts])) for parts in epochs]
    assert len(set(orders)) == 3
    again = DataLoader(x, x * 10, batch_size=size, seed=0, drop_last=drop)
    assert tuple(np.concatenate([a for a, _ in again])) == orders[0]


def test_loaders_of_one_array_of_three_and_in_order() -> None:
    x = np.arange(5)
    assert [part.tolist() for part in DataLoader(x, batch_size=2, shuffle=False)] == [
        *([0, 1], [2, 3], [4])
    ]
    first = next(iter(DataLoader(x, x, [5, 6, 7, 8, 9], batch_size=5, rng=0)))  # type: ignore[call-arg]
    assert len(first) == 3 and np.array_equal(first[0] + 5, first[2])
    drawn = [next(iter(DataLoader(np.arange(50), batch_size=50))) for _ in range(2)]
    assert not np.array_equal(*drawn)


def test_a_loader_goes_on_where_it_was() -> None:
    loader, other = (DataLoader(np.arange(9), batch_size=4, seed=seed) for seed in (0, 1))
    list(loader)
    other.load_state_dict(loader.state_dict())
    for a, b in zip(loader, other, strict=True):
        np.testing.assert_array_equal(a, b)
    with pytest.raises(ValueError, match="a loader that shuffles"):
        DataLoader(np.arange(9), shuffle=False).load_state_dict(loader.state_dict())
    with pytest.raises(ValueError, match="no state of a"):
        other.load_state_dict({"source": "{}"})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: DataLoader(), "at least one array"),
        (lambda: DataLoader([1, 2], [1]), r"as many samples each, they have \[2, 1\]"),
        (lambda: DataLoader([]), "no samples"),
        (lambda: DataLoader(3.0), "no samples"),
        (lambda: DataLoader([1, 2], batch_size=0), "at least one sample"),
        (lambda: DataLoader([1, 2], batch_size=3, drop_last=True), "no batch is left"),
    ],
)
def test_loaders_that_are_none(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_fit_takes_a_loader() -> None:
    one, two = network(), network()
    loader = DataLoader(X[:40], LABELS[:40], batch_size=8, seed=3)
    by_loader = fit(one, loader, None, LOSS, Adam(one, 0.03), 6, test=TEST, progress=False)
    assert by_loader == trained(two) and same(one, two)
    dropping = DataLoader(X[:40], LABELS[:40], batch_size=32, seed=3, drop_last=True)
    plain = Linear(4, 2, seed=0)
    history = fit(plain, dropping, None, LOSS, SGD(plain, 1e-12), 1, progress=False)
    order = np.random.default_rng(3).permutation(40)[:32]
    expected = LOSS(plain(X[order]), LABELS[order])
    assert history.train[0] == pytest.approx(float(expected.data))  # of the samples taken
    with pytest.raises(ValueError, match="a batch size of its own"):
        fit(one, loader, None, LOSS, Adam(one), 1, batch_size=3)
    with pytest.raises(ValueError, match="two arrays, got 1"):
        fit(one, DataLoader(X), None, LOSS, Adam(one), 1)


# --- what is measured -----------------------------------------------------------------------------
def test_metrics_are_those_of_the_test_data_in_use() -> None:
    model = network()
    metrics = {"accuracy": nn.accuracy, "loss again": LOSS}
    history = trained(model, metrics=metrics)
    assert len(history.metrics["accuracy"]) == 6
    model.eval()
    assert history.metrics["accuracy"][-1] == nn.accuracy(model(TEST[0]), TEST[1])
    assert history.metrics["loss again"] == history.test
    plain = trained(network(), metrics={"accuracy": nn.accuracy}, test=None)
    assert len(plain.metrics["accuracy"]) == 6 and plain.test == []


def test_the_test_loss_is_that_of_a_model_in_use() -> None:
    model = network()
    seen: list[Any] = []

    def measured(run: Run) -> None:
        model.eval()
        seen.append(float(LOSS(model(TEST[0]), TEST[1]).data))
        model.train()

    assert trained(model, 3, callbacks=[measured]).test == seen


def test_modes_are_put_back_as_they_were() -> None:
    model = network()
    model.layers[2].training = False
    seen = []
    trained(model, 1, callbacks=[lambda run: seen.append(model.layers[2].training)])
    assert seen == [True] and not model.layers[2].training and model.layers[3].training
    with in_mode(model, training=False):
        assert not any(m.training for m in model.modules())
    assert [m.training for m in model.modules()].count(False) == 1


def test_a_history_is_arrays_and_a_picture() -> None:
    pyplot = pytest.importorskip("matplotlib.pyplot")
    history = trained(network(), metrics={"accuracy": nn.accuracy})
    arrays = history.arrays()
    assert list(arrays) == ["epoch", "train", "test", "lr", "accuracy"]
    np.testing.assert_array_equal(arrays["epoch"], np.arange(1, 7))
    np.testing.assert_array_equal(history["lr"], [0.03] * 6)
    assert history.best_epoch == int(np.argmin(history.test)) + 1
    with pytest.raises(KeyError, match="'gradient' was not measured: there are epoch, train"):
        history["gradient"]
    with pytest.raises(ValueError, match="no epoch"):
        _ = History().best_epoch
    assert history.plot(log=True).get_yscale() == "log"
    pyplot.close("all")
    assert History().load_state_dict(history.state_dict()) == history
    with pytest.raises(ValueError, match="no state of a History: x"):
        History().load_state_dict({**history.state_dict(), "x": 1})


def test_rates_of_a_schedule_are_noted() -> None:
    model = network()
    schedule = nn.StepDecay(0.1, every=1, factor=0.5).per(5)  # five batches an epoch
    history = trained(model, 3, optimiser=SGD(model, schedule))
    assert history.lr == [0.1, 0.05, 0.025]


# --- the best weights -----------------------------------------------------------------------------
def overfitted(**options: Any) -> tuple[Any, History]:
    """A test loss that falls, and rises again."""
    model = Sequential(Linear(4, 32, seed=0), nn.tanh, Linear(32, 2, seed=1))
    return model, trained(model, 200, optimiser=Adam(model, 0.05), **options)


def test_early_stopping_goes_back_to_the_best_epoch() -> None:
    model, history = overfitted(patience=7)
    assert history.stopped == "patience" and history.epochs == history.best_epoch + 7 < 200
    assert history.restored == history.best_epoch
    assert float(LOSS(model(TEST[0]), TEST[1]).data) == min(history.test)
    short, to_end = overfitted(patience=1000)
    assert to_end.stopped == "epochs" and to_end.epochs == 200
    assert float(LOSS(short(TEST[0]), TEST[1]).data) == min(to_end.test)


def test_without_test_data_the_training_loss_is_waited_for() -> None:
    model = Sequential(Linear(4, 2, seed=0))
    rates = lambda count: 0.05 if count < 50 else 30.0  # from epoch 11 on it is thrown about
    history = trained(model, 100, optimiser=SGD(model, rates), patience=5, test=None)
    assert history.stopped == "patience" and history.epochs < 100
    assert history.restored == history.best_epoch


def test_a_function_is_restored_by_its_parameters() -> None:
    model = Sequential(Linear(4, 32, seed=0), nn.tanh, Linear(32, 2, seed=1))
    history = fit(
        *(lambda x: model(x), X[:40], LABELS[:40], LOSS, Adam(model, 0.05), 200, 8),
        seed=3,
        test=TEST,
        patience=7,
        progress=False,
    )
    assert float(LOSS(model(TEST[0]), TEST[1]).data) == min(history.test)


@pytest.mark.parametrize("where", ["epoch", "batch"])
def test_an_interrupt_keeps_the_best(where: str) -> None:
    model = Sequential(Linear(4, 32, seed=0), nn.tanh, Linear(32, 2, seed=1))
    calls = [0]

    def loss(outputs: Any, y: Any) -> Any:
        calls[0] += 1
        if where == "batch" and calls[0] == 6 * 60 + 3:
            raise KeyboardInterrupt
        return LOSS(outputs, y)

    def stop(run: Run) -> None:
        if where == "epoch" and run.epoch == 60:
            raise KeyboardInterrupt

    optimiser = Adam(model, 0.05)
    history = fit(
        *(model, X[:40], LABELS[:40], loss, optimiser, 200, 8),
        seed=3,
        test=TEST,
        progress=False,
        callbacks=[stop],
    )
    assert history.stopped == "interrupted" and history.epochs == 60
    assert history.restored == history.best_epoch < 60
    assert float(LOSS(model(TEST[0]), TEST[1]).data) == min(history.test)


def test_an_interrupt_in_the_epoch_after_the_best_one() -> None:
    """The weights have moved on from the best ones, although no epoch is over since."""
    model = Linear(4, 2, seed=0)
    calls = [0]

    def loss(outputs: Any, y: Any) -> Any:
        calls[0] += 1
        if calls[0] == 10:
            raise KeyboardInterrupt
        return LOSS(outputs, y)

    history = fit(
        *(model, X[:40], LABELS[:40], loss, SGD(model, 0.1), 9, 8),
        test=TEST,
        progress=False,
    )
    assert history.epochs == history.restored == 1
    assert float(LOSS(model(TEST[0]), TEST[1]).data) == history.test[0]


# --- callbacks and options ------------------------------------------------------------------------
def test_callbacks_see_the_run_and_may_stop_it() -> None:
    seen: list[Any] = []

    def callback(run: Run) -> bool:
        seen.append((run.epoch, run.epochs, run.loss))
        return run.epoch == 3

    history = trained(network(), callbacks=[callback])
    assert history.stopped == "callback" and history.epochs == 3
    assert seen == [(k + 1, 6, history.test[k]) for k in range(3)]
    with pytest.raises(TypeError, match=r"write \[callback\]"):
        trained(network(), callbacks=callback)


def test_a_plateau_lowers_the_rate_as_a_callback() -> None:
    model = network()
    optimiser = Adam(model, 0.05)
    plateau = ReduceOnPlateau(optimiser, 0.5, patience=0, threshold=0.1)
    history = trained(model, 12, optimiser=optimiser, callbacks=[plateau])
    assert history.stopped == "epochs" and history.lr[-1] < 0.05
    assert sorted(history.lr, reverse=True) == history.lr


def test_clipping_shortens_the_gradients_of_every_batch() -> None:
    lengths: list[float] = []
    model = Linear(4, 2, seed=0)

    class Watching:
        parameters, groups, lr, count = model.parameters(), (), 0.1, 0

        def zero_grad(self) -> None:
            model.zero_grad()

        def step(self) -> None:
            lengths.append(nn.gradient_norm(model))

    trained(model, 1, optimiser=Watching(), clip=0.05, test=None)
    assert len(lengths) == 5 and max(lengths) <= 0.05 < max(lengths) * 1.001
    with pytest.raises(ValueError, match="clip must be positive"):
        trained(model, clip=0.0)


def test_validation_is_another_word_for_test() -> None:
    a, b = network(), network()
    assert trained(a) == trained(b, validation=TEST, test=None)
    with pytest.raises(ValueError, match="give one of them"):
        trained(a, validation=TEST)
    with pytest.raises(TypeError, match=r"'early_stopping'.*'patience'"):
        trained(a, early_stopping=True)
    with pytest.raises(ValueError, match="patience is a number of epochs"):
        trained(a, patience=0)


def test_newton_and_lbfgs_train_in_the_loop() -> None:
    y = X @ np.ones((4, 1)) + 0.5
    for make, epochs in ((nn.Newton, 2), (nn.LBFGS, 40)):
        model = Linear(4, 1, seed=0)
        history = fit(model, X, y, nn.mse, make(model), epochs, progress=False)
        assert nn.mse(model(X), y).data < 1e-6 < history.train[0]


# --- checkpoints ----------------------------------------------------------------------------------
pytest.importorskip("safetensors", reason="pip install safetensors (the extra `files`)")


def makers() -> dict[str, Callable[[Any], Any]]:
    return {
        "Adam": lambda m: Adam(m, 0.03),
        "AdamW": lambda m: nn.AdamW(m, nn.WarmUp(nn.CosineDecay(0.05, steps=20), steps=5)),
        "SGD": lambda m: SGD(
            [{"params": m.layers[0], "lr": 0.01}, {"params": m.layers[4]}], 0.1, momentum=0.9
        ),
        "LBFGS": lambda m: nn.LBFGS(m, 0.1, history=3),
    }


@pytest.mark.parametrize("name", makers())
def test_an_interrupted_training_goes_on_with_the_same_bits(name: str, tmp_path: Path) -> None:
    """Interrupted in the middle of an epoch; with batches, dropout, running statistics, moments, a
    schedule, and a patience that counts on."""
    make, path = makers()[name], tmp_path / "run.safetensors"
    whole = network()
    expected = trained(whole, 8, optimiser=make(whole), patience=6)
    first = network()
    calls = [0]

    def loss(outputs: Any, y: Any) -> Any:
        calls[0] += 1
        if calls[0] == 4 * 6 + 3:
            raise MemoryError
        return LOSS(outputs, y)

    given: Any = {"batch_size": 8, "seed": 3, "test": TEST, "progress": False, "patience": 6}
    with pytest.raises(MemoryError):
        saving = [Checkpoint(path)]
        fit(first, X[:40], LABELS[:40], loss, make(first), 8, callbacks=saving, **given)
    second = network()
    for p in second.parameters():
        p.data *= 0.0
    found = trained(
        *(second, 8),
        optimiser=make(second),
        callbacks=[Checkpoint(path)],
        patience=6,
        resume=path,
    )
    assert found == expected
    assert same(second, whole)


def test_a_checkpoint_has_the_states_of_callbacks(tmp_path: Path) -> None:
    path = tmp_path / "run.safetensors"

    def run(model: Any, epochs: int, **options: Any) -> History:
        optimiser = Adam(model, 0.05)
        plateau = ReduceOnPlateau(optimiser, 0.5, patience=1, threshold=0.1)
        callbacks = [Checkpoint(path), plateau]
        return trained(model, epochs, optimiser=optimiser, callbacks=callbacks, **options)

    whole, parts = network(), network()
    expected = run(whole, 10)
    run(parts, 5)
    assert run(parts, 10, resume=path) == expected and same(whole, parts)
    assert len(set(expected.lr)) > 2
    assert run(parts, 10, resume=path) == expected  # nothing is left to do


def test_checkpoints_that_do_not_fit(tmp_path: Path) -> None:
    path = tmp_path / "run.safetensors"
    trained(network(), 2, callbacks=[Checkpoint(path)])
    with pytest.raises(ValueError, match="written with 1 callbacks, here are 0"):
        trained(network(), 4, resume=path)
    with pytest.raises(ValueError, match="training with seed=None"):
        trained(network(), 4, resume=path, callbacks=[Checkpoint(path)], seed=None)
    other = Sequential(Linear(4, 2, seed=0))
    before = other.state_dict()
    with pytest.raises(ValueError, match="does not fit"):
        trained(other, 4, resume=path, callbacks=[Checkpoint(path)])
    assert all(np.array_equal(x, other.state_dict()[name]) for name, x in before.items())
    with pytest.raises(FileNotFoundError):
        trained(network(), 4, resume=tmp_path / "none")
    with pytest.raises(TypeError, match="needs a Module to save"):
        trained(lambda x: other(x), 1, optimiser=SGD(other, 0.1), callbacks=[Checkpoint(path)])
    with pytest.raises(ValueError, match="every is a number of epochs"):
        Checkpoint(path, every=0)


def test_a_checkpoint_now_and_then(tmp_path: Path) -> None:
    path = tmp_path / "run.safetensors"
    epochs: list[Any] = []

    def seen(run: Run) -> None:
        epochs.append((run.epoch, path.exists()))

    trained(network(), 5, callbacks=[Checkpoint(path, every=3), seen])
    assert epochs == [(1, False), (2, False), (3, False), (4, True), (5, True)]


# --- what goes wrong ------------------------------------------------------------------------------
class Logs(nn.Module):
    """A logarithm of what may be negative, behind a layer."""

    def __init__(self) -> None:
        self.first, self.last = Linear(4, 3, seed=0), Linear(3, 2, seed=1)

    def __call__(self, x: Any) -> Any:
        return self.last(np.log(self.first(x)))


def test_a_loss_that_is_nan_names_the_operation_its_line_and_the_layer() -> None:
    model = Logs()
    before = model.state_dict()
    with np.errstate(all="ignore"), pytest.raises(ValueError) as caught:
        trained(model, test=None)
    text = str(caught.value)
    assert "the loss became nan" in text and "log yields nan" in text
    assert "np.log(self.first(x))" in text and "nearest parameter is first." in text
    assert caught.value.__notes__ == ["in epoch 1, batch 1"]
    assert all(np.array_equal(x, model.state_dict()[name]) for name, x in before.items())


def test_samples_and_parameters_that_are_not_finite_are_named() -> None:
    x = X.copy()
    x[7, 2] = np.nan
    model = Linear(4, 2, seed=0)
    with pytest.raises(ValueError, match="the samples of this batch hold a number that is not"):
        fit(model, x, LABELS, LOSS, SGD(model, 0.1), 2, progress=False)
    y = X[:, :2].copy()
    y[3, 1] = np.inf
    with pytest.raises(ValueError, match="the targets of this batch"):
        fit(model, X, y, nn.mse, SGD(model, 0.1), 2, progress=False)
    deep = Sequential(Linear(4, 2, seed=0), Linear(2, 2, seed=1))
    with np.errstate(all="ignore"), pytest.raises(ValueError) as caught:
        fit(deep, X, X[:, :2], nn.mse, SGD(deep, 1e12), 50, progress=False)
    assert "layers." in str(caught.value) and "smaller learning rate" in str(caught.value)


def test_bad_labels_name_the_batch() -> None:
    model = Linear(4, 2, seed=0)
    labels = LABELS.copy()
    labels[50] = 2
    with pytest.raises(ValueError, match=r"must lie in 0 \.\.\. 1") as caught:
        fit(model, X, labels, LOSS, SGD(model, 0.1), 2, 20, seed=None, progress=False)
    assert caught.value.__notes__ == ["in epoch 1, batch 3"]
    with pytest.raises(ValueError, match="no samples"):
        fit(model, X[:0], LABELS[:0], LOSS, SGD(model, 0.1), 2, progress=False)
    with pytest.raises(ValueError, match="at least one sample, got size 0"):
        fit(model, X, LABELS, LOSS, SGD(model, 0.1), 2, 0, progress=False)


def test_a_warning_where_nothing_moves() -> None:
    dead = Sequential(Linear(4, 3, seed=0), nn.relu, Linear(3, 2, seed=1))
    dead.layers[0].b.data[:] = -100.0
    step = Sequential(Linear(4, 3, seed=0), nn.unit_step)
    with pytest.warns(TrainingWarning, match="nothing moves: in epoch 1") as seen:
        fit(step, X, X[:, :3], nn.mse, SGD(step, 0.1), 2, progress=False)
    assert [w.filename for w in seen] == [__file__]
    trained(dead, 2, test=None)  # the last layer still learns


def test_a_warning_where_the_loss_does_not_fall() -> None:
    model = Linear(4, 2, seed=0)
    descent = SGD(model, 1e-9)
    with pytest.warns(TrainingWarning, match="hardly fallen in 10 epochs") as seen:
        fit(model, X, LABELS, LOSS, descent, 10, progress=False)
    assert [w.filename for w in seen] == [__file__]
    trained(model, 9, optimiser=SGD(model, 1e-9), test=None)  # too early to say
    trained(model, 30, optimiser=SGD(model, 0.1), test=None)
    done = Linear(4, 1, seed=0)
    fit(done, X, done(X).data, nn.mse, SGD(done, 0.1), 20, progress=False)  # nothing to learn


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda m, o: fit(m, X, LABELS, o, LOSS, 1), TypeError, "loss is a function of"),
        (lambda m, o: fit(m, X, LABELS, LOSS, Adam, 1), TypeError, "made from the model"),
        (lambda m, o: fit(m, X, LABELS, LOSS, o, 2.5), ValueError, "epochs is a number of epochs"),
        (lambda m, o: fit(m, X, LABELS, LOSS, o, -1), ValueError, "epochs is a number of epochs"),
        (lambda m, o: fit(m, X, LABELS, LOSS, o, 1, 2.5), TypeError, "size of a batch is a number"),
        (lambda m, o: fit(m, X, LABELS, LOSS, o, 1, test=X), TypeError, "test is a pair"),
        (
            lambda m, o: fit(m, X, LABELS, LOSS, o, 1, metrics=nn.accuracy),
            TypeError,
            r"write \[accuracy\]",
        ),
        (
            lambda m, o: fit(m, X, LABELS, lambda a, b: LOSS(a, b, reduction="none"), o, 1),
            ValueError,
            r"one number, this one has shape \(60,\)",
        ),
    ],
)
def test_what_no_training_can_be_made_of(call: Any, error: Any, message: str) -> None:
    model = Linear(4, 2, seed=0)
    with pytest.raises(error, match=message):
        call(model, SGD(model, 0.1))


def test_metrics_of_a_list_have_the_names_of_the_functions() -> None:
    history = trained(network(), 2, metrics=[nn.accuracy])
    assert list(history.metrics) == ["accuracy"]


def test_a_test_loss_that_is_nan_warns() -> None:
    model = Linear(4, 2, seed=0)
    bad = (np.full((3, 4), np.nan), [0, 1, 0])
    with pytest.warns(TrainingWarning, match=r"test data is nan in epoch 1\nthe samples") as seen:
        history = fit(model, X, LABELS, LOSS, SGD(model, 0.1), 3, test=bad, progress=False)
    assert len(history.test) == 3 and [w.filename for w in seen] == [__file__]


def test_what_is_shown_of_them() -> None:
    model = Sequential(Linear(2, 1, seed=0))
    assert repr(Adam(model, 0.1)).startswith("Adam(lr=0.1, betas=(0.9, 0.999)")
    assert repr(Adam(model, 0.1)).endswith("# 2 parameters")
    groups = [{"params": model.layers[0].w}, {"params": model.layers[0].b}]
    assert repr(SGD(groups, 0.1)).endswith("# 2 parameters in 2 groups")
    assert repr(DataLoader(X, LABELS, seed=0)) == "DataLoader(2 batches of 32 of 60, shuffled)"
    assert "patience=10" in repr(ReduceOnPlateau())
