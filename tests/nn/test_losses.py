"""Losses: values, derivatives, stability at +-1e4, and what is refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Value, grad, sigmoid, softmax
from tests.nn.differences import slope

rng = np.random.default_rng(7)
CLASSES = np.array([0, 2, 2, 1])
ONE_HOT = np.eye(3)[CLASSES]
SOFT = rng.dirichlet([1, 1, 1], size=4)
BITS = np.array([0, 1, 1, 0, 1])
SHARES = np.array([0.0, 1.0, 0.3, 0.7, 0.5])
SCORES = rng.normal(size=(4, 3)) * 2
LOGITS = rng.normal(size=5) * 2
NEAR = rng.uniform(0.1, 0.9, 5)
ROWS = softmax(SCORES)

CASES: dict[str, tuple[Callable[..., Any], Any, Any, Callable[[], Any]]] = {
    "mse": (nn.mse, LOGITS, SHARES, lambda: np.mean((LOGITS - SHARES) ** 2)),
    "mae": (nn.mae, LOGITS, SHARES, lambda: np.mean(np.abs(LOGITS - SHARES))),
    "cce": (
        nn.categorical_cross_entropy,
        ROWS,
        CLASSES,
        lambda: -np.mean(np.log(ROWS[range(4), CLASSES])),
    ),
    "cce one-hot": (
        nn.categorical_cross_entropy,
        ROWS,
        ONE_HOT,
        lambda: -np.mean(np.log(ROWS[range(4), CLASSES])),
    ),
    "cce soft": (
        nn.categorical_cross_entropy,
        ROWS,
        SOFT,
        lambda: -np.mean((SOFT * np.log(ROWS)).sum(1)),
    ),
    "ce": (
        nn.cross_entropy_with_logits,
        SCORES,
        CLASSES,
        lambda: -np.mean(np.log(ROWS[range(4), CLASSES])),
    ),
    "ce one-hot": (
        nn.cross_entropy_with_logits,
        SCORES,
        ONE_HOT,
        lambda: -np.mean(np.log(ROWS[range(4), CLASSES])),
    ),
    "ce soft": (
        nn.cross_entropy_with_logits,
        SCORES,
        SOFT,
        lambda: -np.mean((SOFT * np.log(ROWS)).sum(1)),
    ),
    "bce": (
        nn.binary_cross_entropy,
        NEAR,
        BITS,
        lambda: -np.mean(np.log(np.where(BITS, NEAR, 1 - NEAR))),
    ),
    "bce shares": (
        nn.binary_cross_entropy,
        NEAR,
        SHARES,
        lambda: -np.mean(SHARES * np.log(NEAR) + (1 - SHARES) * np.log(1 - NEAR)),
    ),
    "bce logits": (
        nn.binary_cross_entropy_with_logits,
        LOGITS,
        BITS,
        lambda: nn.binary_cross_entropy(sigmoid(LOGITS), BITS),
    ),
    "bce logits shares": (
        nn.binary_cross_entropy_with_logits,
        LOGITS,
        SHARES,
        lambda: nn.binary_cross_entropy(sigmoid(LOGITS), SHARES),
    ),
    "distillation": (
        nn.distillation,
        SCORES,
        SCORES[::-1],
        lambda: -4 * np.mean((softmax(SCORES[::-1] / 2) * np.log(softmax(SCORES / 2))).sum(1)),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_value_and_gradient(name: str) -> None:
    loss, x, y, expected = CASES[name]
    assert float(loss(x, y)) == pytest.approx(float(expected()), rel=1e-12)
    v = Value(x)
    out = loss(v, y)
    assert out.shape == () and out.data == pytest.approx(float(expected()), rel=1e-12)
    out.backward()
    assert np.allclose(v.grad, slope(lambda x: loss(x, y), x, step=1e-4), atol=1e-8)


@pytest.mark.parametrize("name", CASES)
def test_second_derivative(name: str) -> None:
    loss, x, y, _ = CASES[name]
    first, c = grad(lambda x: loss(x, y)), rng.normal(size=x.shape)

    def along(x: Any) -> Any:
        return np.sum(c * first(x))

    assert np.allclose(grad(along)(x), slope(along, x, step=1e-4), atol=1e-6)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_logits_at_ten_thousand(dtype: Any) -> None:
    x = Value(np.array([[1e4, -1e4], [-1e4, 1e4], [1e4, -1e4]], dtype=dtype))
    loss = nn.cross_entropy_with_logits(x, [0, 1, 1])
    loss.backward()
    assert loss.data == pytest.approx(2e4 / 3)
    assert np.allclose(x.grad, np.array([[0, 0], [0, 0], [1, -1]]) / 3)
    z = Value(np.array([1e4, -1e4, 1e4, -1e4], dtype=dtype))
    loss = nn.binary_cross_entropy_with_logits(z, [1, 0, 0, 1])
    loss.backward()
    assert loss.data == pytest.approx(5e3)
    assert np.allclose(z.grad, np.array([0, 0, 0.25, -0.25]))
    assert x.grad.dtype == z.grad.dtype == dtype


def test_logits_keep_small_losses_exact() -> None:
    for x in (30.0, 40.0, 300.0):
        loss = nn.binary_cross_entropy_with_logits(np.array([x]), [1])
        assert float(loss) == pytest.approx(math.exp(-x), rel=1e-12)


@pytest.mark.filterwarnings("error")
def test_certain_and_right_costs_nothing() -> None:
    p = Value(np.array([0.0, 1.0]))
    loss = nn.binary_cross_entropy(p, [0, 1])
    loss.backward()
    assert loss.data == 0 and np.array_equal(p.grad, [0.5, -0.5])
    rows = Value(np.array([[1.0, 0.0]]))
    loss = nn.categorical_cross_entropy(rows, [0])
    loss.backward()
    assert loss.data == 0 and np.array_equal(rows.grad, [[-1, 0]])


def test_certain_and_wrong_costs_everything() -> None:
    with np.errstate(divide="ignore"):
        assert nn.categorical_cross_entropy(np.array([[1.0, 0.0]]), [1]) == np.inf
        assert nn.binary_cross_entropy(np.array([1.0]), [0]) == np.inf


def test_mae_is_flat_where_right() -> None:
    x = Value([1.0, 2.0])
    nn.mae(x, [1.0, 0.0]).backward()
    assert np.array_equal(x.grad, [0.0, 0.5])


def test_one_sample_and_more_axes() -> None:
    x = rng.normal(size=(2, 4, 3))
    labels = rng.integers(0, 3, (2, 4))
    flat = nn.cross_entropy_with_logits(x.reshape(8, 3), labels.ravel())
    assert np.isclose(nn.cross_entropy_with_logits(x, labels), flat)
    assert np.isclose(nn.cross_entropy_with_logits(x[0, 0], 2), -np.log(softmax(x[0, 0])[2]))


def test_temperature_divides_the_logits() -> None:
    a = nn.cross_entropy_with_logits(SCORES, CLASSES, temperature=2.0)
    assert a == pytest.approx(float(nn.cross_entropy_with_logits(SCORES / 2, CLASSES)))
    with pytest.raises(ValueError, match="temperature"):
        nn.cross_entropy_with_logits(SCORES, CLASSES, temperature=0.0)


def test_lists_of_scalar_values() -> None:
    vs = [Value(0.5), Value(-1.0)]
    loss = nn.mse(vs, [1.0, 1.0])
    loss.backward()
    assert loss.data == pytest.approx((0.25 + 4) / 2)
    assert [v.grad for v in vs] == pytest.approx([-0.5, -2.0])
    scores = [np.stack([Value(1.0), Value(2.0)])]  # type: ignore[call-overload]
    assert nn.cross_entropy_with_logits(scores, [1]).data == pytest.approx(math.log1p(math.exp(-1)))


def test_scalar_values() -> None:
    v = Value(0.5)
    nn.binary_cross_entropy_with_logits(v, 1).backward()
    assert v.grad == pytest.approx(1 / (1 + math.exp(-0.5)) - 1)


ENTROPIES = [nn.cross_entropy_with_logits, nn.categorical_cross_entropy]


@pytest.mark.parametrize("loss", ENTROPIES)
@pytest.mark.parametrize(
    ("labels", "error", "message"),
    [
        ([0, 1, 2, 3], ValueError, r"0 \.\.\. 2 .* these go from 0 to 3"),
        ([0, 1, -1, 2], ValueError, "these go from -1 to 2"),
        ([0.0, 1.0, 2.0, 0.0], TypeError, r"labels.astype\(int\)"),
        ([0, 1], ValueError, r"integers of shape \(4,\) or one-hot of shape \(4, 3\)"),
        (np.eye(4)[CLASSES], ValueError, r"these have shape \(4, 4\)"),
        (CLASSES[:, None], ValueError, r"these have shape \(4, 1\)"),
        (np.ones((4, 3)), ValueError, "sum to 1"),
        (np.array([[2.0, -1.0, 0.0]] * 4), ValueError, "at least 0"),
        (["a", "b", "c", "d"], TypeError, "must be integers"),
    ],
)
def test_bad_labels(loss: Any, labels: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        loss(Value(ROWS), labels)


@pytest.mark.parametrize("loss", [nn.mse, nn.mae, nn.binary_cross_entropy_with_logits])
@pytest.mark.parametrize("shapes", [((4, 1), (4,)), ((4,), (4, 1)), ((4,), ()), ((1,), (4,))])
def test_nothing_is_broadcast(loss: Any, shapes: Any) -> None:
    with pytest.raises(ValueError, match="use reshape"):
        loss(Value(np.ones(shapes[0])), np.ones(shapes[1]))


def test_logits_given_as_probabilities() -> None:
    with pytest.raises(ValueError, match="use cross_entropy_with_logits"):
        nn.categorical_cross_entropy(np.array([[3.0, -1.0]]), [0])
    with pytest.raises(ValueError, match="use binary_cross_entropy_with_logits"):
        nn.binary_cross_entropy(np.array([3.0]), [0])
    for loss in (nn.binary_cross_entropy, nn.binary_cross_entropy_with_logits):
        with pytest.raises(ValueError, match=r"labels of 0, 1 or between.*from 0.0 to 2.0"):
            loss(np.array([0.5, 0.5]), [0, 2])


def test_many_classes() -> None:
    x, labels = rng.normal(size=(5, 300)), np.array([0, 299, 7, 7, 150], dtype=np.uint16)
    expected = -np.mean(np.log(softmax(x)[range(5), labels]))
    assert nn.cross_entropy_with_logits(x, labels) == pytest.approx(expected)
    for bad in (300, -1, -300, -301, 10**6):
        with pytest.raises(ValueError, match="must lie in"):
            nn.cross_entropy_with_logits(x, np.array([0, 1, 2, 3, bad]))
        with pytest.raises(ValueError, match="must lie in"):
            nn.cross_entropy_with_logits(x[:, :3], np.array([0, 1, 2, 0, bad]))
    with pytest.raises(ValueError, match="must lie in"):
        nn.cross_entropy_with_logits(x[:, :3], np.array([0, 1, 2, 0, 2**64 - 1], dtype=np.uint64))


def test_labels_that_are_values() -> None:
    for loss in ENTROPIES:
        with pytest.raises(TypeError, match=r"v\.data"):
            loss(Value(ROWS), Value(ONE_HOT))
    for loss in (nn.mse, nn.binary_cross_entropy_with_logits, nn.binary_cross_entropy):
        y = Value(np.array([0.0, 1.0]))
        loss(np.array([0.3, 0.6]), y).backward()
        inside = slope(lambda y, f=loss: f(np.array([0.3, 0.6]), y), np.array([0.1, 0.9]))
        assert np.all(y.grad != 0) and np.array_equal(np.sign(y.grad), np.sign(inside))
    y = Value(np.array([0.0, 1.0]))
    nn.binary_cross_entropy_with_logits(np.array([0.3, 0.6]), y).backward()
    assert np.allclose(y.grad, [-0.15, -0.3])
    teacher = Value(SCORES)
    nn.distillation(Value(SCORES[::-1]), teacher).backward()
    assert np.array_equal(teacher.grad, np.zeros((4, 3)))


def test_labels_of_small_integer_types() -> None:
    expected = nn.cross_entropy_with_logits(SCORES, CLASSES)
    for dtype in (np.uint8, np.int8, np.int32, np.uint64):
        assert nn.cross_entropy_with_logits(SCORES, CLASSES.astype(dtype)) == expected
    whole = np.array([[3, 1, 0]])
    assert nn.cross_entropy_with_logits(whole, [0]) == nn.cross_entropy_with_logits(whole / 1, [0])
    assert nn.cross_entropy_with_logits(SCORES, ONE_HOT.astype(bool)) == pytest.approx(
        float(expected)
    )
    assert nn.cross_entropy_with_logits(SCORES, ONE_HOT.astype(int)) == pytest.approx(
        float(expected)
    )


def test_accuracy() -> None:
    scores = np.array([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]])
    assert nn.accuracy(Value(scores), [1, 0, 0]) == pytest.approx(2 / 3)
    assert nn.accuracy(scores, np.eye(2)[[1, 0, 1]]) == 1.0
    with pytest.raises(ValueError, match="these go from 0 to 2"):
        nn.accuracy(scores, [0, 1, 2])


@pytest.mark.parametrize("label_type", [int, float, bool, np.uint8])
@pytest.mark.parametrize("column", [False, True])
def test_accuracy_of_one_score_for_each_sample(label_type: Any, column: bool) -> None:
    """The largest of one score is always class 0: the sign decides."""
    scores = np.array([2.0, -1.0, 0.5, -3.0, 0.0])
    labels = np.array([1, 1, 1, 0, 0]).astype(label_type)
    if column:
        scores = scores[:, None]
        assert nn.accuracy(scores, labels[:, None]) == 0.8
    assert nn.accuracy(Value(scores), labels) == 0.8
    assert nn.accuracy(scores.tolist(), labels.tolist()) == 0.8
    assert nn.accuracy(np.full((4, 1), np.nan), [0, 1, 0, 1]) == 0.0


def test_accuracy_says_what_labels_it_takes() -> None:
    with pytest.raises(ValueError, match=r"labels are 0 or 1; these go from 0 to 2.*\(n, c\)"):
        nn.accuracy(np.ones(3), [0, 1, 2])
    with pytest.raises(ValueError, match="shape"):
        nn.accuracy(np.ones((3, 1)), [0, 1])
    assert nn.accuracy(np.array([0.1, 0.9]), 1) == 1.0  # one sample of two classes


def test_a_binary_model_is_as_accurate_as_it_is() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 2))
    y = (x[:, :1] > 0).astype(float)
    model = nn.Linear(2, 1, seed=0)
    loss, descent = nn.binary_cross_entropy_with_logits, nn.SGD(model, 1.0)
    nn.fit(model, x, y, loss, descent, 200, progress=False)
    assert nn.accuracy(model(x), y) > 0.95
    assert nn.accuracy(model(x), 1 - y) < 0.05
