"""Layers: what they refuse and how they say it, what they begin with, dropping and statistics."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Value
from autograd.pytree import tree_map
from nn import Module, Sequential

RNG = np.random.default_rng(5)
IMAGE = RNG.normal(size=(2, 3, 8, 9))


# --- errors name the layer by its path ------------------------------------------------------------
class Deep(Module):
    """A layer under an attribute, in a Sequential, in a list."""

    def __init__(self, layer: Any) -> None:
        self.encoder = Sequential(lambda x: x, [Sequential(layer)][0])

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.encoder(*args, **kwargs)


WRONG: list[tuple[Any, Any, type[Exception], str]] = [
    (nn.Linear(3, 2), np.ones((4, 5)), ValueError, r"x of shape \(\.\.\., 3\).*has shape \(4, 5\)"),
    (nn.Linear(3, 2), np.ones((4, 3), int), TypeError, r"floats.*int64: convert.*np\.float64"),
    (nn.Linear(3, 2), np.ones((4, 3), bool), TypeError, r"takes floats.*bool"),
    (nn.Linear(3, 2), np.ones((0, 3)), ValueError, r"at least one sample, x has shape \(0, 3\)"),
    (nn.Linear(3, 2), Value(np.ones((0, 3))), ValueError, "at least one sample"),
    (nn.Conv2d(4, 2, 3), IMAGE, ValueError, r"\(samples, 4, height, width\).*\(2, 3, 8, 9\)"),
    (nn.Conv2d(3, 2, 3), IMAGE[0, 0], ValueError, r"\(samples, 3, height, width\)"),
    (nn.Conv2d(3, 2, 10), IMAGE, ValueError, "at least the size of its kernel"),
    (nn.Conv2d(3, 2, 3), IMAGE.astype(np.uint8), TypeError, "takes floats.*uint8"),
    (nn.Conv2d(3, 2, 3), IMAGE[:0], ValueError, "at least one sample"),
    (nn.Conv2d(3, 2, 3, padding=8, padding_mode="reflect"), IMAGE, ValueError, "not go around"),
    (nn.Conv2d(3, 2, 3, padding=9, padding_mode="circular"), IMAGE, ValueError, "not go around"),
    (nn.Conv1d(3, 2, 3), np.ones((2, 4, 9)), ValueError, r"\(samples, 3, length\)"),
    (nn.ConvTranspose2d(3, 2, 3, padding=9), IMAGE, ValueError, "leaves something"),
    (nn.ConvTranspose2d(2, 2, 3), IMAGE, ValueError, r"\(samples, 2, height, width\)"),
    (nn.MaxPool2d(9), IMAGE, ValueError, "at least the size of its window"),
    (nn.MaxPool2d(2), np.ones(3), ValueError, r"\(samples, channels, height, width\)"),
    (nn.MaxPool2d(2), np.ones((1, 1, 4, 4), int), TypeError, "takes floats"),
    (nn.AvgPool1d(2), np.ones(3), ValueError, r"\(samples, channels, length\)"),
    (nn.AdaptiveAvgPool2d(2), np.ones((0, 3, 4, 4)), ValueError, "at least one sample"),
    (nn.Embedding(5, 2), np.array([1.0]), TypeError, "takes integers.*float64"),
    (nn.Embedding(5, 2), 1.5, TypeError, "takes integers"),
    (nn.Embedding(5, 2), np.array([[0, 5]]), ValueError, "from 0 to 4, x has 5"),
    (nn.Embedding(5, 2), np.array([-1]), ValueError, "from 0 to 4, x has -1"),
    (nn.Embedding(5, 2), np.array([], int), ValueError, "at least one number"),
    (nn.LayerNorm(4), np.ones((2, 3)), ValueError, r"x of shape \(\.\.\., 4\)"),
    (nn.RMSNorm((2, 4)), np.ones((3, 4)), ValueError, r"x of shape \(\.\.\., 2, 4\)"),
    (nn.BatchNorm1d(4), np.ones((2, 3)), ValueError, r"\(samples, 4\) or \(samples, 4, length\)"),
    (nn.BatchNorm2d(3), np.ones((2, 3)), ValueError, r"\(samples, 3, height, width\)"),
    (nn.BatchNorm1d(3), np.ones((1, 3)), ValueError, "more than one entry for each channel"),
    (nn.Dropout(0.5), np.ones((2, 3), int), TypeError, "takes floats"),
    (nn.RNN(3, 2), np.ones((4, 5)), ValueError, r"\(steps, samples, 3\)"),
    (nn.LSTM(3, 2, batch_first=True), np.ones((4, 5)), ValueError, r"\(samples, steps, 3\)"),
    (nn.GRU(3, 2), np.ones((0, 2, 3)), ValueError, "at least one sample"),
    (nn.MultiheadAttention(4, 2), np.ones((5, 2, 3)), ValueError, r"a query of shape"),
    (nn.TransformerBlock(4, 2, 8), np.ones((5, 2, 3)), ValueError, r"self_attn: Multihead.*query"),
    (nn.Flatten(2, 3), np.ones((2, 3)), ValueError, r"no such axes in x of shape \(2, 3\)"),
    (nn.Neuron(3), [1.0, 2.0], ValueError, "takes 3 inputs, 2 were given"),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "x", "error", "message"), WRONG)
def test_errors_say_where_and_what(layer: Any, x: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message) as alone:
        layer(x)
    starts = "self_attn: " if isinstance(layer, nn.TransformerBlock) else ""
    assert str(alone.value).startswith((starts, "this neuron")[isinstance(layer, nn.Neuron)])
    with pytest.raises(error, match=message) as deep:
        Deep(layer)(x)
    ends = ": " if not starts else ".self_attn: "
    assert str(deep.value) == f"encoder.layers.1.layers.0{ends}{str(alone.value)[len(starts) :]}"
    with pytest.raises(error, match=r"^encoder\.layers\.1\.layers\.0"):
        ag.grad(lambda m: m(x).sum())(Deep(layer))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: nn.Linear(-1, 2), ValueError, "at least one"),
        (lambda: nn.Linear(3, 2, False), TypeError, "bias by name: bias=False"),
        (lambda: nn.Conv2d(0, 2, 3), ValueError, "in_channels must be at least one, got 0"),
        (lambda: nn.Conv2d(2, 2.0, 3), TypeError, "out_channels is an integer"),
        (lambda: nn.Conv2d(4, 2, 0), ValueError, "kernel_size must be at least 1"),
        (lambda: nn.Conv2d(4, 2, (1, 2, 3)), ValueError, "kernel_size is a number or 2 of them"),
        (lambda: nn.Conv2d(4, 2, 1.5), TypeError, "kernel_size is an integer"),
        (lambda: nn.Conv2d(4, 2, 3, stride=-1), ValueError, "stride must be at least 1"),
        (lambda: nn.Conv2d(4, 2, 3, padding=-1), ValueError, "padding must be at least 0"),
        (lambda: nn.Conv2d(4, 2, 3, groups=3), ValueError, "4 and 2 channels in 3 groups"),
        (lambda: nn.Conv2d(4, 2, 3, padding="half"), ValueError, "'valid' or 'same', got 'half'"),
        (lambda: nn.Conv2d(4, 2, 3, 2, "same"), ValueError, "needs a stride of 1"),
        (lambda: nn.Conv2d(4, 2, 3, padding_mode="ones"), ValueError, "padding_mode is one of"),
        (lambda: nn.Conv2d(4, 2, 3, dtype=int), TypeError, "floating-point dtype, got int64"),
        (lambda: nn.Conv2d(4, 2, 3, device="cpu"), TypeError, "no keyword 'device': it takes"),
        (lambda: nn.ConvTranspose2d(4, 2, 3, output_padding=1), ValueError, "output_padding"),
        (lambda: nn.MaxPool2d(2, padding=2), ValueError, "at most half of the window"),
        (lambda: nn.MaxPool2d(2, return_indices=True), TypeError, "returns no indices"),
        (lambda: nn.AvgPool2d(2, divisor_override=0), ValueError, "must not be zero"),
        (lambda: nn.AdaptiveAvgPool2d(0), ValueError, "output_size must be at least 1"),
        (lambda: nn.Embedding(0, 2), ValueError, "num_embeddings must be at least one"),
        (lambda: nn.Embedding(5, 2, padding_idx=5), ValueError, "is none of 5 rows"),
        (lambda: nn.Embedding(5, 2, max_norm=1.0), TypeError, "no keyword 'max_norm'"),
        (lambda: nn.LayerNorm(0), ValueError, "normalized_shape must be at least one"),
        (lambda: nn.LayerNorm(()), ValueError, "at least one axis"),
        (lambda: nn.BatchNorm1d(-3), ValueError, "num_features must be at least one"),
        (lambda: nn.Dropout(1.5), ValueError, "p is a probability"),
        (lambda: nn.Dropout(0.5, inplace=True), TypeError, "does not change its input"),
        (lambda: nn.RNN(3, 2, nonlinearity="sin"), ValueError, "'tanh' or 'relu'"),
        (lambda: nn.LSTM(3, 2, proj_size=1), TypeError, "no keyword 'proj_size'"),
        (lambda: nn.GRU(3, 0), ValueError, "hidden_size must be at least one"),
        (lambda: nn.MultiheadAttention(5, 2), ValueError, "5 is no multiple of 2 heads"),
        (lambda: nn.TransformerBlock(4, 2, 8, activation="rleu"), ValueError, "is it 'relu'"),
        (lambda: nn.TransformerBlock(4, 2, 8, activation=3), TypeError, "a name or a function"),
        (lambda: nn.Neuron(0), ValueError, "nin must be at least one"),
        (lambda: nn.MLP(2, [3, -1]), ValueError, "nout must be at least one"),
        (lambda: nn.MLP(2, [3, 1], activation="tahn"), ValueError, "'tahn': is it 'tanh'"),
        (lambda: nn.MLP(2, [3, 1], activation=["tanh"]), ValueError, "1 activations for 2 layers"),
    ],
)  # fmt: skip
def test_what_no_layer_can_be(make: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        make()


def test_shapes_of_states_masks_and_keys() -> None:
    x = np.ones((5, 2, 4))
    attend = nn.MultiheadAttention(4, 2)
    for options, message in (
        ({"key": np.ones((5, 4))}, "a key and a value with the axes"),
        ({"key": np.ones((6, 2, 4)), "value": np.ones((5, 2, 4))}, "as many keys as values"),
        ({"attn_mask": np.ones((4, 5), bool)}, r"attn_mask of shape \(5, 5\)"),
        ({"key_padding_mask": np.ones((5, 2), bool)}, r"key_padding_mask of shape \(2, 5\)"),
    ):
        with pytest.raises(ValueError, match=message):
            attend(x, **options)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"a first state of shape \(1, 2, 3\)"):
        nn.RNN(4, 3)(x, np.ones((1, 3)))
    with pytest.raises(ValueError, match="takes 2 states, got 1"):
        nn.LSTM(4, 3)(x, (np.ones((1, 2, 3)),))


# --- what layers begin with -----------------------------------------------------------------------
MADE: list[Any] = [
    lambda **k: nn.Conv2d(3, 4, 2, **k),
    lambda **k: nn.ConvTranspose1d(3, 4, 2, **k),
    lambda **k: nn.Embedding(3, 4, **k),
    lambda **k: nn.LSTM(3, 4, 2, bidirectional=True, **k),
    lambda **k: nn.MultiheadAttention(4, 2, kdim=3, **k),
    lambda **k: nn.TransformerBlock(4, 2, 8, **k),
]


@pytest.mark.parametrize("make", MADE)
def test_seeds(make: Any) -> None:
    one, two, other = make(seed=1), make(seed=1), make(seed=2)
    for (name, p), q, r in zip(
        one.named_parameters(), two.parameters(), other.parameters(), strict=True
    ):
        np.testing.assert_array_equal(p.data, q.data)
        if "norm" not in name and "proj_bias" not in name and name != "self_attn.out_proj.b":
            assert not np.array_equal(p.data, r.data) or not p.data.any(), name
    again = make(rng=np.random.default_rng(1))
    np.testing.assert_array_equal(again.parameters()[0].data, one.parameters()[0].data)
    small = make(seed=1, dtype=np.float32)
    assert {p.data.dtype for p in small.parameters()} == {np.dtype(np.float32)}


def test_the_first_weights_have_pytorchs_distributions() -> None:
    conv = nn.Conv2d(4, 50, 3, groups=2, seed=0)
    bound = 1 / math.sqrt(2 * 9)
    for p in conv.parameters():
        assert bound * 0.9 < np.abs(p.data).max() <= bound
    assert np.std(nn.Embedding(100, 50, seed=0).weight.data) == pytest.approx(1, abs=0.05)
    assert np.abs(nn.LSTM(3, 16, seed=0).weight_ih_l0.data).max() <= 1 / 4  # type: ignore[attr-defined]
    attend = nn.MultiheadAttention(16, 2, seed=0)
    bound = math.sqrt(6 / (48 + 16))
    assert bound * 0.9 < np.abs(attend.in_proj_weight.data).max() <= bound
    assert not attend.in_proj_bias.data.any() and not attend.out_proj.b.data.any()  # type: ignore[union-attr]
    assert not nn.Embedding(5, 3, padding_idx=2, seed=0).weight.data[2].any()


def test_float32_layers_stay_float32() -> None:
    for layer, x in (
        (nn.Conv2d(3, 4, 2, dtype=np.float32), IMAGE),
        (nn.BatchNorm2d(3, dtype=np.float32), IMAGE),
        (nn.LayerNorm(9, dtype=np.float32), IMAGE),
        (nn.GRU(9, 4, dtype=np.float32), IMAGE[0]),
        (nn.TransformerBlock(4, 2, 8, dtype=np.float32), np.ones((5, 2, 4))),
    ):
        y = layer(x)  # type: ignore[operator]
        y = y[0] if isinstance(y, tuple) else y
        assert y.dtype == np.float32, layer
        y.sum().backward()
        assert {p.grad.dtype for p in layer.parameters()} == {np.dtype(np.float32)}
    for layer in (nn.MaxPool2d(2), nn.AvgPool2d(2, 1, 1, False, False), nn.AdaptiveAvgPool2d(2)):
        assert layer(IMAGE.astype(np.float32)).dtype == np.float32
    assert nn.Dropout(0.5)(IMAGE.astype(np.float32)).dtype == np.float32


def test_reprs_say_what_is_not_usual() -> None:
    assert repr(nn.Conv2d(3, 4, (2, 3), 2, 1, bias=False)) == (
        "Conv2d(3, 4, kernel_size=(2, 3), stride=2, padding=1, bias=False)"
    )
    assert repr(nn.Conv1d(3, 4, 3, padding="same", padding_mode="reflect")) == (
        "Conv1d(3, 4, kernel_size=3, padding='same', padding_mode='reflect')"
    )
    assert repr(nn.MaxPool2d(2)) == "MaxPool2d(2)"
    assert repr(nn.MaxPool2d(3, 2, ceil_mode=True)) == "MaxPool2d(3, stride=2, ceil_mode=True)"
    assert (
        repr(nn.LSTM(3, 4, 2, bidirectional=True)) == "LSTM(3, 4, num_layers=2, bidirectional=True)"
    )
    assert repr(nn.LayerNorm((2, 3))) == "LayerNorm((2, 3))"
    assert repr(nn.Linear(2, 1, bias=False)) == "Linear(2, 1, float64, bias=False)"
    assert repr(nn.TransformerBlock(4, 2, 8)) == "TransformerBlock(4, 2, 8)"
    assert repr(nn.Embedding(5, 2, padding_idx=-1)) == "Embedding(5, 2, padding_idx=4)"


# --- dropout --------------------------------------------------------------------------------------
def test_dropout_keeps_the_mean_and_follows_its_seed() -> None:
    x = np.ones((200, 100))
    one, two = nn.Dropout(0.25, seed=3), nn.Dropout(0.25, seed=3)
    first = one(x)
    np.testing.assert_array_equal(first, two(x))
    assert not np.array_equal(one(x), first)
    assert set(np.unique(first)) == {0.0, 1 / 0.75}
    assert first.mean() == pytest.approx(1, abs=0.02)
    assert one.eval()(x) is x
    np.testing.assert_array_equal(nn.Dropout(1.0)(x), 0)
    assert nn.Dropout(0.0)(x) is x


def test_dropout_has_the_gradient_of_what_it_kept() -> None:
    x = Value(RNG.normal(size=(4, 5)))
    y = nn.Dropout(0.5, seed=1)(x)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, np.where(y.data == 0, 0.0, 2.0))


# --- batch normalisation --------------------------------------------------------------------------
def statistics(norm: Any) -> list[Any]:
    return [norm.running_mean.copy(), norm.running_var.copy(), int(norm.num_batches_tracked)]


def test_statistics_are_kept_by_every_way_to_differentiate() -> None:
    """`backward`, `grad` on a model of Values, `grad` on a model of arrays that `tree_map` made."""
    x = RNG.normal(size=(6, 3)) + 4
    made = [nn.BatchNorm1d(3) for _ in range(3)]
    loss = lambda m: (m(x) ** 3).sum()
    loss(made[0]).backward()
    ag.grad(loss)(made[1])
    ag.grad(loss)(ag.stop_gradient(made[2]))
    for norm in made:
        mean, var, count = statistics(norm)
        np.testing.assert_allclose(mean, 0.1 * x.mean(0))
        np.testing.assert_allclose(var, 0.9 + 0.1 * x.var(0, ddof=1))
        assert count == 1
    twin = tree_map(lambda p: Value(p.data), made[0])
    twin(x)
    assert made[0].num_batches_tracked == 2 and twin.running_mean is made[0].running_mean


def test_statistics_are_no_parameters_and_not_moved_in_use() -> None:
    norm = nn.BatchNorm2d(3)
    assert [name for name, _ in norm.named_parameters()] == ["weight", "bias"]
    norm(IMAGE)
    before = statistics(norm)
    norm.eval()(IMAGE)
    ag.grad(lambda m: m(IMAGE).sum())(norm)
    for a, b in zip(before, statistics(norm), strict=True):
        np.testing.assert_array_equal(a, b)
    plain = nn.BatchNorm2d(3, track_running_stats=False)
    assert plain.named_buffers() == [] and plain.eval()(IMAGE).data.std() == pytest.approx(
        1, rel=1e-3
    )


def test_a_gradient_of_every_layer_to_second_order() -> None:
    x = RNG.normal(size=(4, 3, 5))
    for layer in (nn.BatchNorm1d(3, track_running_stats=False), nn.LayerNorm(5), nn.RMSNorm(5)):
        report = ag.gradcheck(lambda x, layer=layer: layer(x) * x, x)  # type: ignore[misc]
        assert report, report


def test_an_embedding_does_not_train_its_padding() -> None:
    layer = nn.Embedding(5, 2, padding_idx=1, seed=0)
    layer(np.array([1, 1, 2])).sum().backward()
    np.testing.assert_array_equal(layer.weight.grad, [[0, 0], [0, 0], [1, 1], [0, 0], [0, 0]])
    layer.zero_grad()
    layer(np.array([[2, 2], [3, 2]])).sum().backward()
    np.testing.assert_array_equal(layer.weight.grad[:, 0], [0, 0, 3, 1, 0])


def test_attention_without_keys_is_over_itself() -> None:
    attend = nn.MultiheadAttention(4, 2, seed=0)
    x = RNG.normal(size=(5, 2, 4))
    y, weights = attend(x, is_causal=True)
    z, others = attend(x, x.copy(), x.copy(), attn_mask=np.triu(np.ones((5, 5), bool), 1))
    np.testing.assert_allclose(y.data, z.data, rtol=1e-12)
    np.testing.assert_allclose(weights.data, others.data, rtol=1e-12)
    assert attend(x, need_weights=False)[1] is None
    moved = x.copy()
    moved[3:] += 1  # later entries change nothing before them
    np.testing.assert_array_equal(attend(moved, is_causal=True)[0].data[:3], y.data[:3])


def test_attention_drops_in_training_with_and_without_weights() -> None:
    attend, x = nn.MultiheadAttention(4, 2, dropout=0.5, seed=0), RNG.normal(size=(5, 2, 4))
    for options in ({}, {"need_weights": False}):
        one, two = (attend.train()(x, **options)[0].data for _ in range(2))
        assert not np.allclose(one, two)
        used = [attend.eval()(x, need_weights=need)[0].data for need in (True, False)]
        np.testing.assert_allclose(*used, rtol=1e-12)


def test_dropout_between_the_layers_only() -> None:
    x = RNG.normal(size=(5, 2, 3))
    one = nn.LSTM(3, 4, dropout=0.5, seed=0)
    np.testing.assert_array_equal(one(x)[0].data, one.eval()(x)[0].data)
    two = nn.LSTM(3, 4, 2, dropout=0.5, seed=0)
    assert not np.allclose(two(x)[0].data, two(x)[0].data)
    two.eval()
    np.testing.assert_array_equal(two(x)[0].data, two(x)[0].data)
