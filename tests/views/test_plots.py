"""Pictures of training."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
import pytest

from nn.training import History

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

from matplotlib import pyplot as plt  # noqa: E402

from nn import plots  # noqa: E402


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


def inside(figure) -> bool:  # type: ignore[no-untyped-def]
    """True where nothing of the figure, its legends included, is cut off."""
    figure.canvas.draw()
    width, height = figure.canvas.get_width_height()
    boxes = [axes.get_tightbbox() for axes in figure.axes]
    return all(min(b.x0, b.y0) >= -1 and b.x1 <= width + 1 and b.y1 <= height + 1 for b in boxes)


def test_loss_curves_mark_where_overfitting_begins() -> None:
    history = History(train=[3.0, 2.0, 1.0, 0.5], test=[3.1, 2.4, 2.2, 2.9])
    axes = plots.loss_curves(history, log=True)
    labels = [t.get_text() for t in axes.get_legend().get_texts()]
    assert labels == ["training", "test", "best epoch: 3"]
    assert inside(axes.figure)
    with pytest.raises(ValueError, match="at least one epoch"):
        plots.loss_curves([])


def test_derivatives_are_the_engines() -> None:
    axes = plots.activation_curves()
    assert [a.get_title() for a in axes] == list(plots.known_activations())
    for one in axes:
        value, slope = one.get_lines()[:2]
        x, y = value.get_data()
        numeric = np.gradient(y, x)
        smooth = np.abs(np.gradient(numeric, x)) < 1.0
        assert np.allclose(slope.get_ydata()[smooth], numeric[smooth], atol=0.02)
    assert inside(axes[0].figure)


def test_softmax_sums_to_one_at_every_temperature() -> None:
    axes = plots.softmax_temperatures([3.0, 1.0, -2.0, 0.0], [0.1, 1.0, 10.0])
    heights = np.array([bar.get_height() for bar in axes.patches]).reshape(3, 4)
    assert np.allclose(heights.sum(axis=1), 1.0)
    assert heights[0].max() > heights[1].max() > heights[2].max()
    assert inside(axes.figure)


@pytest.mark.parametrize("classes", [2, 3])
def test_decision_boundary(classes: int) -> None:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(30, 2))
    labels = np.arange(30) % classes
    centres = rng.normal(size=(classes, 2))

    def scores(p):  # type: ignore[no-untyped-def]
        if classes == 2:
            return p[:, 0] - p[:, 1]
        return -((p[:, None, :] - centres) ** 2).sum(axis=2)

    axes = plots.decision_boundary(scores, points, labels, resolution=40)
    assert len(axes.get_legend().get_texts()) == classes
    assert inside(axes.figure)
    with pytest.raises(ValueError, match=r"\(n, 2\)"):
        plots.decision_boundary(scores, points[:, :1], labels)


def test_descent_along_a_line() -> None:
    target = np.array([1.0, -2.0])
    axes = plots.descent_paths(
        lambda w: ((w - target) ** 2).sum(),
        np.zeros(2),
        rates=(0.05, 0.3),
        steps=30,
        direction=target / np.linalg.norm(target),
    )
    _, slow, fast = axes.get_lines()
    assert abs(fast.get_xdata()[-1] - np.linalg.norm(target)) < 1e-6
    assert np.all(np.diff(slow.get_ydata()) < 0)
    assert inside(axes.figure)


def test_given_axes_are_used() -> None:
    _, mine = plt.subplots()
    assert plots.loss_curves([1.0], axes=mine) is mine
    assert plots.descent_paths(lambda w: w * w, 1.0, axes=mine) is mine
    assert plots.activation_curves({"tanh": np.tanh}, axes=[mine]) == [mine]


def test_without_matplotlib_the_message_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"pip install matplotlib.*extra `plots`"):
        plots.loss_curves([1.0])
