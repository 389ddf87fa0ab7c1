"""Losses and metrics: what their options mean where PyTorch has no word for it, and bad input."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Value, grad, gradcheck

rng = np.random.default_rng(3)
LOGITS, LABELS = rng.normal(size=(5, 3)), np.array([0, 2, 1, 1, 0])


def test_hinge_of_two_classes() -> None:
    scores = np.array([2.0, 0.3, -1.0, 0.5])
    expected = [0.0, 0.7, 0.0, 1.5]
    for labels in ([1, 1, -1, -1], [1, 1, 0, 0], [True, True, False, False], [1.0, 1.0, 0.0, 0.0]):
        np.testing.assert_allclose(nn.hinge(scores, labels, reduction="none"), expected)
    squared = nn.hinge(scores, [1, 1, 0, 0], power=2)
    assert squared == pytest.approx(np.mean(np.square(expected)))
    assert nn.hinge(scores, [1, 1, 0, 0], margin=3.0) == pytest.approx((1 + 2.7 + 2 + 3.5) / 4)
    assert gradcheck(lambda s: nn.hinge(s, [1, 1, 0, 0]), scores)


def test_kl_divergence_is_a_cross_entropy_without_the_entropy() -> None:
    soft = rng.dirichlet([1, 1, 1], size=5)
    logs = nn.log_softmax(LOGITS)
    entropy = -np.mean(np.sum(soft * np.log(soft), axis=1))
    expected = float(nn.cross_entropy_with_logits(LOGITS, soft)) - entropy
    assert nn.kl_divergence(logs, soft) == pytest.approx(expected)
    assert nn.kl_divergence(np.log(soft), soft) == pytest.approx(0, abs=1e-15)
    one = nn.kl_divergence(np.array([[0.0, -np.inf]]), [[1.0, 0.0]])
    assert one == 0


def test_weights_of_probabilities_and_of_classes() -> None:
    p, weight = nn.softmax(LOGITS), [1.0, 2.0, 0.5]
    expected = nn.cross_entropy_with_logits(LOGITS, LABELS, weight=weight)
    assert nn.categorical_cross_entropy(p, LABELS, weight=weight) == pytest.approx(float(expected))
    each = nn.categorical_cross_entropy(p, LABELS, reduction="none")
    np.testing.assert_allclose(each, -np.log(p[range(5), LABELS]))


def test_options_with_a_temperature_and_more_axes() -> None:
    x, y = rng.normal(size=(2, 4, 3)), rng.integers(0, 3, (2, 4))
    y[0, 1] = -1
    options: Any = {"weight": [1.0, 2.0, 3.0], "label_smoothing": 0.1, "ignore_index": -1}
    found = nn.cross_entropy_with_logits(x, y, 2.0, **options)
    flat = nn.cross_entropy_with_logits(x.reshape(8, 3) / 2, y.ravel(), **options)
    assert found == pytest.approx(float(flat))
    each = nn.cross_entropy_with_logits(x, y, reduction="none", **options)
    assert each.shape == (2, 4) and each[0, 1] == 0
    check = lambda x: nn.cross_entropy_with_logits(x, y, **options)
    assert gradcheck(check, x)


def test_options_that_change_nothing_give_the_same_loss_and_gradient() -> None:
    plain = lambda x: nn.cross_entropy_with_logits(x, LABELS)
    options: Any = {"weight": np.ones(3), "label_smoothing": 0.0, "ignore_index": -100}
    general = lambda x: nn.cross_entropy_with_logits(x, LABELS, **options)
    assert plain(LOGITS) == pytest.approx(float(general(LOGITS)))
    np.testing.assert_allclose(grad(plain)(LOGITS), grad(general)(LOGITS), atol=1e-15)


def test_a_score_of_minus_infinity_rules_a_class_out() -> None:
    x = Value(np.array([[0.0, -np.inf, 1.0]]))
    loss = nn.cross_entropy_with_logits(x, [2], weight=[1.0, 1.0, 1.0])
    loss.backward()
    assert loss.data == pytest.approx(math.log1p(math.exp(-1)))
    assert np.isfinite(x.grad).all()


def test_labels_that_are_ignored_move_nothing() -> None:
    x = Value(LOGITS)
    nn.cross_entropy_with_logits(x, [0, 7, 1, 7, 0], ignore_index=7).backward()
    assert not np.any(x.grad[[1, 3]]) and np.all(x.grad[[0, 2, 4]] != 0)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.mse([1.0], [1.0], reduction="avg"), ValueError, "reduction is 'mean', 'sum'"),
        (
            lambda: nn.cross_entropy_with_logits(LOGITS, LABELS, reduction="batchmean"),
            ValueError,
            "reduction is 'mean', 'sum' or 'none', got 'batchmean'",
        ),
        (lambda: nn.mse(np.zeros((0, 2)), np.zeros((0, 2))), ValueError, "batch is empty"),
        (
            lambda: nn.cross_entropy_with_logits(np.zeros((0, 3)), np.zeros(0, int)),
            ValueError,
            "batch is empty",
        ),
        (lambda: nn.binary_cross_entropy_with_logits([], []), ValueError, "batch is empty"),
        (lambda: nn.accuracy(np.zeros((0, 3)), np.zeros(0, int)), ValueError, "batch is empty"),
        (
            lambda: nn.cross_entropy_with_logits(LOGITS, [7] * 5, ignore_index=7),
            ValueError,
            "no sample counts",
        ),
        (
            lambda: nn.cross_entropy_with_logits(LOGITS, [0] * 5, weight=[0.0, 1.0, 1.0]),
            ValueError,
            "no sample counts",
        ),
        (
            lambda: nn.cross_entropy_with_logits(LOGITS, LABELS, weight=[1.0, 1.0]),
            ValueError,
            r"shape \(3,\)",
        ),
        (
            lambda: nn.cross_entropy_with_logits(LOGITS, LABELS, weight=[1.0, -1.0, 1.0]),
            ValueError,
            "not negative",
        ),
        (
            lambda: nn.cross_entropy_with_logits(LOGITS, LABELS, label_smoothing=1.5),
            ValueError,
            "share from 0 to 1",
        ),
        (
            lambda: nn.cross_entropy_with_logits(LOGITS, np.eye(3)[LABELS], ignore_index=0),
            ValueError,
            "ignore_index takes integer labels",
        ),
        (
            lambda: nn.cross_entropy_with_logits(LOGITS, LABELS + 1, weight=np.ones(3)),
            ValueError,
            "these go from 1 to 3",
        ),
        (
            lambda: nn.cross_entropy_with_logits(LOGITS, Value(LABELS), weight=np.ones(3)),
            TypeError,
            "labels are constants",
        ),
        (lambda: nn.nll(LOGITS, [0, 1]), ValueError, "labels are integers of shape"),
        (lambda: nn.huber([1.0], [2.0], delta=0.0), ValueError, "delta must be positive"),
        (
            lambda: nn.gaussian_nll(np.ones(2), np.ones(2), np.array([1.0, -1.0])),
            ValueError,
            "a variance is not negative",
        ),
        (
            lambda: nn.gaussian_nll(np.ones(2), np.ones(2), np.ones(3)),
            ValueError,
            "the variance",
        ),
        (lambda: nn.hinge([1.0, 2.0], [0, 2]), ValueError, "labels of -1 and 1"),
        (lambda: nn.hinge([1.0, 2.0, 1.0], [0, 1, -1]), ValueError, "labels of -1 and 1"),
        (lambda: nn.hinge([1.0], [1], power=3), ValueError, "power is 1, or 2"),
        (lambda: nn.hinge([1.0], [1], margin=0.0), ValueError, "margin must be positive"),
        (lambda: nn.hinge(LOGITS, LABELS + 5), ValueError, "class labels must lie in"),
        (
            lambda: nn.binary_cross_entropy_with_logits(np.ones(3), [1, 0, 1], weight=[1.0, 2.0]),
            ValueError,
            r"weight is a constant that broadcasts to the shape \(3,\)",
        ),
        (
            lambda: nn.binary_cross_entropy_with_logits(
                np.ones(3), [1, 0, 1], pos_weight=np.ones((2, 3))
            ),
            ValueError,
            "pos_weight is a constant",
        ),
        (lambda: nn.kl_divergence(np.float64(0.1), 0.2), ValueError, "mean over the first axis"),
        (lambda: nn.normalise([1.0], order=3), ValueError, "order 1 or 2"),
        (lambda: nn.l1_penalty([]), ValueError, "no parameters"),
        (lambda: nn.PReLU(0), ValueError, "at least one slope"),
        (lambda: nn.PReLU(3)(np.ones((2, 4))), ValueError, r"PReLU\(3\) takes x with 3 channels"),
        (lambda: nn.PReLU(dtype=int), TypeError, "floating-point dtype"),
    ],
)
def test_what_is_refused(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call()


# --- metrics --------------------------------------------------------------------------------------
def test_accuracies_of_yes_or_no() -> None:
    p = np.array([[0.9, 0.2, 0.5], [0.4, 0.8, 0.6]])
    labels = np.array([[1, 0, 1], [0, 1, 1]])
    assert nn.binary_accuracy(p, labels, threshold=0.5) == pytest.approx(5 / 6)
    assert nn.multi_label_accuracy(p, labels, threshold=0.5) == 0.5
    assert nn.multi_label_accuracy(Value(p), labels, threshold=0.45) == 1.0
    assert nn.binary_accuracy([np.nan, 1.0], [0, 1]) == 0.5
    with pytest.raises(ValueError, match="one score for each label"):
        nn.binary_accuracy(p, labels[0])
    with pytest.raises(ValueError, match="labels are 0 or 1"):
        nn.multi_label_accuracy(p, labels + 1)


def test_confusion_matrix() -> None:
    predicted = LOGITS.argmax(1)
    expected = np.zeros((3, 3), int)
    for true, found in zip(LABELS, predicted, strict=True):
        expected[true, found] += 1
    for scores in (LOGITS, Value(LOGITS)):
        np.testing.assert_array_equal(nn.confusion_matrix(scores, LABELS), expected)
    np.testing.assert_array_equal(nn.confusion_matrix(LOGITS, np.eye(3)[LABELS]), expected)
    wide = nn.confusion_matrix(predicted, LABELS, classes=4)
    np.testing.assert_array_equal(wide, np.pad(expected, ((0, 1), (0, 1))))
    assert np.trace(expected) / 5 == nn.accuracy(LOGITS, LABELS)
    for wrong, message in [
        (([0, 1], [0]), "n predicted classes"),
        (([0.5, 1], [0, 1]), "predicted classes are integers"),
        (([0, 5], [0, 1], 3), "these go from 0 to 5"),
        (([0, -1], [0, 1]), "these go from -1 to 1"),
    ]:
        with pytest.raises(ValueError, match=message):
            nn.confusion_matrix(*wrong)


def test_what_a_model_predicts() -> None:
    model = nn.Linear(2, 3, seed=0)
    x = rng.normal(size=(7, 2))
    p = nn.predict_proba(model, x, batch_size=3)
    np.testing.assert_allclose(p, nn.softmax(model(x).data), rtol=1e-14)
    assert isinstance(p, np.ndarray) and p.shape == (7, 3)
    np.testing.assert_array_equal(nn.predict(model, x), p.argmax(1))
    one = nn.Linear(2, 1, seed=0)
    p = nn.predict_proba(one, x)
    assert p.shape == (7, 2)
    np.testing.assert_allclose(p.sum(1), 1)
    np.testing.assert_array_equal(nn.predict(one, x, batch_size=2), p.argmax(1))
    with pytest.raises(ValueError, match="no samples"):
        nn.predict(one, x[:0])


def test_a_model_is_evaluated_while_it_predicts() -> None:
    class Modes(nn.Module):
        def __init__(self) -> None:
            self.inner = nn.Linear(2, 1, seed=0)

        def __call__(self, x: Any) -> Any:
            seen.append(self.training)
            return self.inner(x)

    seen: list[bool] = []
    model = Modes()
    model.inner.training = False
    nn.predict(model, np.ones((3, 2)))
    assert seen == [False] and model.training and not model.inner.training
    model.eval()
    nn.predict(model, np.ones((3, 2)))
    assert not model.training


# --- penalties, PReLU, activations ----------------------------------------------------------------
def test_penalties_are_those_of_a_module() -> None:
    model = nn.Linear(2, 1, seed=0)
    w, b = model.w.data, model.b.data
    assert nn.l1_penalty(model, 0.1).data == pytest.approx(0.1 * (abs(w).sum() + abs(b).sum()))
    loss = nn.l2_penalty(model, 0.5)
    assert loss.data == pytest.approx(0.5 * ((w * w).sum() + (b * b).sum()))
    loss.backward()
    np.testing.assert_allclose(model.w.grad, w)
    assert nn.l1_penalty(Value(-2.0)).data == 2.0
    zero = Value(np.zeros(2))
    nn.l1_penalty([zero]).backward()
    assert not zero.grad.any()


def test_prelu_has_a_slope_for_each_channel() -> None:
    layer = nn.PReLU(2, init=0.5, dtype=np.float32)
    x = rng.normal(size=(3, 2, 4)).astype(np.float32)
    layer.weight.data[:] = 0.5, -1.0
    expected = np.where(x > 0, x, x * np.array([[0.5], [-1.0]], np.float32))
    np.testing.assert_array_equal(layer(x).data, expected)
    assert layer(x).dtype == np.float32
    assert gradcheck(lambda x: layer(x), x.astype(float))
    with pytest.raises(ValueError, match="2 channels"):
        layer(x[0])
    with pytest.raises(TypeError, match="here it is called 'init'"):
        nn.PReLU(slope=0.1)


def test_a_neuron_fires_above_its_threshold() -> None:
    x = np.array([0.9, 1.0, 1.1])
    np.testing.assert_array_equal(nn.threshold_neuron(x, 1.0, strength=5.0), [0, 0, 5])
    assert nn.threshold_neuron(2.0, 1.0) == 1 and nn.identity(x) is x
    assert not grad(lambda x: np.sum(nn.threshold_neuron(x)))(x).any()


def test_logit_undoes_the_sigmoid() -> None:
    x = np.linspace(-30, 3, 12)
    np.testing.assert_allclose(nn.logit(nn.sigmoid(x)), x, rtol=1e-12)
    with np.errstate(divide="ignore"):
        np.testing.assert_array_equal(nn.logit(np.array([0.0, 1.0])), [-np.inf, np.inf])
    assert np.isfinite(nn.logit(np.array([0.0, 1.0]), eps=1e-6)).all()
