"""Pictures of training."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from nn.training import History

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

from matplotlib import pyplot as plt  # noqa: E402

import nn  # noqa: E402
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
    history = History(train=[3.0, 2.0, 1.0, 0.5, 0.4, 0.3], test=[3.1, 2.4, 2.2, 2.9, 3.0, 3.2])
    axes = plots.loss_curves(history, log=True)
    labels = [t.get_text() for t in axes.get_legend().get_texts()]
    assert labels == ["training", "test", "best epoch: 3"]
    assert inside(axes.figure)
    with pytest.raises(ValueError, match="at least one epoch"):
        plots.loss_curves([])


@pytest.mark.parametrize(
    "losses", [[3.0, 2.0, 1.0, 1.1], [3.0, 1.0, 1.2, 1.1, 0.9], [1.0], [np.nan, np.nan]]
)
def test_a_test_loss_that_rises_for_a_moment_is_no_overfitting(losses: list[float]) -> None:
    axes = plots.loss_curves(losses, losses)
    labels = [t.get_text() for t in axes.get_legend().get_texts()]
    assert not any("best" in label for label in labels)


def test_a_noisy_test_loss_that_stays_level_is_no_overfitting() -> None:
    noise = np.random.default_rng(0).normal(size=200)
    axes = plots.loss_curves(np.ones(200), 2.0 + 0.1 * noise)  # type: ignore[arg-type]
    assert not any("best" in t.get_text() for t in axes.get_legend().get_texts())


def test_a_loss_that_is_not_finite_is_marked() -> None:
    axes = plots.loss_curves([3.0, 2.0, np.nan, np.nan], [3.0, 2.5, np.inf, 1.0])
    labels = [t.get_text() for t in axes.get_legend().get_texts()]
    assert "training: not finite from epoch 3" in labels
    assert "test: not finite from epoch 3" in labels
    marks = [line for line in axes.get_lines() if line.get_marker() == "X"]
    assert [list(line.get_xdata()) for line in marks] == [[3, 4], [3]]
    assert inside(axes.figure)


def test_activations_have_one_scale() -> None:
    axes = plots.activation_curves()
    assert len({one.get_ylim() for one in axes}) == 1
    bottom, top = axes[0].get_ylim()
    assert bottom < -1.0 and 1.0 < top < 2.5


def test_a_jump_is_not_drawn_as_an_upright_line() -> None:
    axes = plots.activation_curves()
    by_name = {one.get_title(): one.get_lines()[:2] for one in axes}
    for name, line in (("unit_step", 0), ("relu", 1), ("leaky_relu", 1)):
        y = by_name[name][line].get_ydata()
        assert np.isnan(y).sum() == 1
        assert np.nanmax(np.abs(np.diff(y))) < 0.1
    for name in ("tanh", "sigmoid", "softsign", "gelu", "swish"):
        assert not any(np.isnan(line.get_ydata()).any() for line in by_name[name])
    assert not np.isnan(by_name["relu"][0].get_ydata()).any()


def test_long_tick_labels_do_not_collide() -> None:
    names = [f"a rather long class name {i}" for i in range(8)]
    axes = plots.softmax_temperatures(np.linspace(0, 1, 8).tolist(), [1.0], names=names)
    axes.figure.canvas.draw()
    labels = axes.get_xticklabels()
    assert all(label.get_rotation() == 35 for label in labels)
    few = plots.softmax_temperatures([2.0, 1.0, 0.1], [1.0], names=["A", "B", "C"])
    few.figure.canvas.draw()
    boxes = [label.get_window_extent() for label in few.get_xticklabels()]
    assert all(a.x1 < b.x0 for a, b in pairwise(boxes))


def valley(w):  # type: ignore[no-untyped-def]
    return (w[0] - 1.0) ** 2 + 5.0 * (w[1] - w[0] * 0.5) ** 2


def test_contours_with_the_paths_of_several_optimisers() -> None:
    axes = plots.descent_contour(valley, [-1.5, 1.5])
    labels = [t.get_text() for t in axes.get_legend().get_texts()]
    assert labels[0] == "start" and len(labels) == 4
    assert all("after 50" in label for label in labels[1:])
    paths = [line for line in axes.get_lines() if len(line.get_xdata()) > 1]
    for path in paths:
        assert (path.get_xdata()[0], path.get_ydata()[0]) == (-1.5, 1.5)
        first, last = (
            valley(np.array([path.get_xdata()[i], path.get_ydata()[i]])) for i in (0, -1)
        )
        assert last < 0.05 * first
    assert len(axes.collections) >= 2
    assert inside(axes.figure)


def test_a_path_that_diverges_is_cut_off_and_said_to() -> None:
    both = {"calm": lambda p: nn.SGD(p, 0.05), "wild": lambda p: nn.SGD(p, 5.0)}
    axes = plots.descent_contour(valley, [-1.5, 1.5], both, steps=30)
    labels = [t.get_text() for t in axes.get_legend().get_texts()]
    assert labels[2] == "wild: diverges" and "after 30" in labels[1]
    (low, high), data = axes.get_xlim(), [line.get_xdata() for line in axes.get_lines()]
    assert all(low <= x <= high for xs in data for x in xs)
    with pytest.raises(ValueError, match="two numbers"):
        plots.descent_contour(valley, [1.0, 2.0, 3.0])


def test_derivatives_are_the_engines() -> None:
    axes = plots.activation_curves()
    assert [a.get_title() for a in axes] == list(plots.known_activations())
    for one in axes:
        value, slope = one.get_lines()[:2]
        x, y = value.get_data()
        numeric = np.gradient(y, x)
        smooth = np.abs(np.gradient(numeric, x)) < 1.0
        smooth &= ~np.isnan(numeric) & ~np.isnan(slope.get_ydata())
        assert smooth.sum() > 300
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
    labels = [t.get_text() for t in axes.get_legend().get_texts()]
    assert labels == [*[f"class {i}" for i in range(classes)], "boundary"]
    assert len(axes.collections) >= classes + (2 if classes == 2 else 4)
    if classes == 2:
        key = [a for a in axes.figure.axes if a is not axes]
        assert key[0].get_ylabel() == "score: class 1 above 0"
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
