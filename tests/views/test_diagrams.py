"""Pictures of vectors, layers and features, and of descent from several starts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

from matplotlib import pyplot as plt  # noqa: E402

import nn  # noqa: E402
from autograd import Value, sigmoid  # noqa: E402
from nn import plots  # noqa: E402
from nn.diagrams import dense_weights  # noqa: E402


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


def key(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.get_legend().get_texts()]


def test_arrows_in_the_plane_and_in_space() -> None:
    axes = plots.vector_arrows([Value([3.0, 4.0]), [-4.0, 3.0]])  # type: ignore[list-item]
    assert axes.get_title() == "cosine of v1 and v2: 0"
    assert key(axes) == ["v1, length 5", "v2, length 5"]
    assert axes.get_aspect() == 1.0
    a, b = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    space = plots.vector_arrows({"a": a, "b": b, "a x b": np.cross(a, b)})  # type: ignore[dict-item]
    assert space.name == "3d" and key(space)[2] == "a x b, length 1"


@pytest.mark.parametrize("vectors", [[[1.0]], [[1.0, 2.0], [1.0, 2.0, 3.0]], [[1.0] * 4], []])
def test_vectors_that_cannot_be_drawn(vectors: Any) -> None:
    with pytest.raises(ValueError, match="two or of three numbers"):
        plots.vector_arrows(vectors)


def test_the_family_draws_what_it_says() -> None:
    steep, place, high = plots.sigmoid_family(w=[2.0], b=[1.0], c=[3.0])
    x = steep.get_lines()[0].get_xdata()
    for axes, (w, b, c) in zip(
        (steep, place, high), ((2, 0, 1), (1, 1, 1), (1, 0, 3)), strict=True
    ):
        assert np.allclose(axes.get_lines()[0].get_ydata(), c / (1 + np.exp(-(b + w * x))))


def test_lines_of_a_diagram_are_the_weights() -> None:
    model = nn.MLP(2, [3, 1], random.Random(0))
    axes = plots.layer_diagram(model)
    lines = axes.get_lines()
    assert len(lines) == 2 * 3 + 3 * 1
    first = model.layers[0].neurons[0].w[0].data
    assert lines[0].get_color() == ("#c2255c" if first > 0 else "#1f6fb4")
    widths = [line.get_linewidth() for line in lines[:6]]
    sizes = dense_weights(model)[0].ravel()
    assert np.argmax(widths) == np.argmax(np.abs(sizes))
    assert [text.get_text() for text in axes.texts] == ["input\n2", "hidden\n3", "output\n1"]


def test_a_diagram_of_a_large_layer_says_how_many_there_are() -> None:
    axes = plots.layer_diagram([64, 5, 10], names=["pixels", "features", "digits"])
    assert axes.texts[0].get_text() == "pixels\n64\n(12 are drawn)"
    assert len(axes.get_lines()) == 12 * 5 + 5 * 10


def test_what_a_diagram_refuses() -> None:
    with pytest.raises(ValueError, match="at least two layers"):
        plots.layer_diagram([3])
    with pytest.raises(ValueError, match="Empty has none"):
        plots.layer_diagram(Empty())
    convolutional = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(8, 2))
    for model in (convolutional, nn.GRU(3, 3), nn.Sequential(nn.RNN(3, 3), nn.Linear(3, 1))):
        with pytest.raises(ValueError, match="dense layers in a row"):
            plots.layer_diagram(model)
    with pytest.raises(ValueError, match="does not fit"):
        plots.layer_diagram(nn.Sequential(nn.Linear(2, 3), nn.Linear(4, 1)))


def test_a_diagram_of_array_layers_and_of_a_matrix_of_ones_own() -> None:
    model = nn.Sequential(
        nn.Linear(2, 3, seed=0), nn.LayerNorm(3), nn.relu, nn.Linear(3, 1, seed=1)
    )
    texts = [text.get_text() for text in plots.layer_diagram(model).texts]
    assert texts == ["input\n2", "hidden\n3", "output\n1"]
    assert [w.shape for w in dense_weights(Own())] == [(2, 4)]


class Own(nn.Module):
    def __init__(self) -> None:
        self.matrix = Value(np.ones((2, 4)))


class Empty(nn.Module):
    def __init__(self) -> None:
        self.b = Value(1.0)


def test_features_are_the_columns_of_the_weights() -> None:
    w = np.zeros((6, 2))
    w[:, 0] = 0.1
    w[:, 1] = np.arange(6.0)
    sheet = plots.feature_images(w, (2, 3)).images[0].get_array()
    assert np.array_equal(sheet[:2, :3], [[0, 1, 2], [3, 4, 5]])  # the largest weights first
    assert np.allclose(sheet[:2, 4:7], 0.1)
    with pytest.raises(ValueError, match=r"shape \(4, neurons\)"):
        plots.feature_images(w, (2, 2))


def test_curves_of_functions_that_agree() -> None:
    half = lambda x: 0.5 + np.tanh(x / 2) / 2
    wide, thin = plots.function_curves({"sigmoid": sigmoid, "tanh": half}).get_lines()
    assert wide.get_linewidth() > thin.get_linewidth()
    assert np.allclose(thin.get_ydata(), 1 / (1 + np.exp(-thin.get_xdata())))
    plain = plots.function_curves({"sigmoid": sigmoid, "one": lambda x: 1.0}).get_lines()
    assert plain[0].get_linewidth() == plain[1].get_linewidth()


def wells(w: Any) -> Any:
    """A low well near -2, and a higher one near 2."""
    return (w * w / 4 - 1) ** 2 + 0.1 * w


def test_descent_tells_the_lowest_well_from_another() -> None:
    axes = plots.descent_starts(wells, [-3.0, 3.0, 1.0], rate=0.1)
    lowest, local = "minimum, the lowest found", "local minimum, not the lowest"
    assert key(axes) == ["loss", f"from -3: {lowest}", f"from 3: {local}", f"from 1: {local}"]
    ends = [line.get_xdata() for line in axes.get_lines() if line.get_marker() == "*"]
    assert [round(float(np.ravel(x)[0]), 1) for x in ends] == [-2.0, 1.9, 1.9]


def test_a_plateau_is_no_minimum_and_a_peak_is_none() -> None:
    axes = plots.descent_starts(lambda w: 1 - sigmoid(4 * w), [-5.0, 0.0], rate=0.1, steps=20)
    assert key(axes)[1] == "from -5: plateau, slope -8e-09"
    assert key(axes)[2].startswith("from 0: still moving, slope -")
    axes = plots.descent_starts(lambda w: -w * w, [0.0, 1.0], rate=1.0, steps=60)
    assert key(axes)[1:] == ["from 0: peak", "from 1: diverges"]
