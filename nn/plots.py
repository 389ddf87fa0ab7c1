"""Pictures of training: losses, activations, softmax, boundaries and descent, with matplotlib.

Every function draws into the axes that it is given, or into new ones, and returns them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import elementwise_grad, softmax
from nn import activations
from nn.canvas import COLOURS, MARKERS, Curve, new_axes, pyplot
from nn.curves import loss_curves
from nn.descent import descent_contour, descent_paths, descent_starts
from nn.diagrams import (
    feature_images,
    function_curves,
    layer_diagram,
    sigmoid_family,
    vector_arrows,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "activation_curves",
    "decision_boundary",
    "descent_contour",
    "descent_paths",
    "descent_starts",
    "feature_images",
    "function_curves",
    "layer_diagram",
    "loss_curves",
    "sigmoid_family",
    "softmax_temperatures",
    "vector_arrows",
]

ACROSS = 70  # letters of tick labels that stand beside each other
TOP, BOTTOM = 2.0, -1.25  # what pictures of activations show at most, all on one scale


def known_activations() -> dict[str, Curve]:
    """The functions that `activation_curves` draws when none are given."""
    names = ["sigmoid", "tanh", "relu", "leaky_relu", "softsign", "gelu", "swish", "unit_step"]
    return {name: getattr(activations, name) for name in names}


def activation_curves(
    functions: Mapping[str, Curve] | None = None,
    low: float = -4.0,
    high: float = 4.0,
    axes: Sequence[Axes] | None = None,
) -> list[Axes]:
    """Activation functions with their derivatives, one picture each; a list of axes.

    The derivatives are this library's own, `elementwise_grad`.  All pictures have one scale: slopes
    can be compared: the largest of the sigmoid is 1/4, that of tanh is 1.  A line is broken
    where the function jumps.

    >>> [a.get_title() for a in activation_curves({"tanh": np.tanh})]
    ['tanh']
    """
    functions = known_activations() if functions is None else functions
    if axes is None:
        columns = min(len(functions), 4)
        rows = -(-len(functions) // columns)
        size = (2.9 * columns, 2.6 * rows + 0.4)
        figure, grid = pyplot().subplots(
            rows, columns, figsize=size, layout="constrained", squeeze=False
        )
        axes = list(grid.ravel())
        for spare in axes[len(functions) :]:
            figure.delaxes(spare)
    x = np.linspace(low, high, 401)
    lows, highs = [], []
    drawn = list(zip(functions.items(), axes, strict=False))
    for (name, f), one in drawn:
        both = np.asarray(f(x), dtype=float), np.asarray(elementwise_grad(f)(x), dtype=float)
        lows.append(min(np.nanmin(y) for y in both))
        highs.append(max(np.nanmax(y) for y in both))
        one.plot(x, cut_at_jumps(both[0]), color=COLOURS[0], label="f(x)")
        one.plot(x, cut_at_jumps(both[1]), "--", color=COLOURS[1], label="f'(x)")
        one.axhline(0.0, color="grey", linewidth=0.6)
        one.axvline(0.0, color="grey", linewidth=0.6)
        one.set_title(name)
        one.grid(alpha=0.25)
    if drawn:
        bottom, top = max(min(lows), BOTTOM), min(max(highs), TOP)
        room = 0.05 * (top - bottom)
        for _, one in drawn:  # one scale, so that slopes can be compared
            one.set(xlim=(low, high), ylim=(bottom - room, top + room))
            one.locator_params(axis="x", nbins=5)
            one.locator_params(axis="y", nbins=5)
        drawn[0][1].legend(loc="upper left", fontsize="small")
    return [one for _, one in drawn]


def cut_at_jumps(y: Any) -> Any:
    """The curve with NaN at its jumps, where a line would stand upright: a step between two samples
    that is far larger than the steps beside it."""
    steps = np.abs(np.diff(y))
    beside = np.maximum(np.r_[steps[1:2], steps[:-1]], np.r_[steps[1:], steps[-2:-1]])
    out = np.array(y)
    out[:-1][steps > 8 * beside + 0.02 * np.nanmax(steps, initial=0.0) + 1e-3] = np.nan
    return out


def softmax_temperatures(
    scores: Sequence[float],
    temperatures: Sequence[float] = (0.5, 1.0, 2.0, 5.0),
    names: Sequence[str] | None = None,
    axes: Axes | None = None,
) -> Axes:
    """softmax(scores / T) for several temperatures T: sharp below 1, even above.

    scores  one number for each class;  names  what the classes are called

    >>> axes = softmax_temperatures([2.0, 1.0, 0.1], [1.0, 5.0])
    >>> [round(float(bar.get_height()), 2) for bar in axes.patches[:3]]
    [0.66, 0.24, 0.1]
    """
    axes = new_axes(axes)
    values = np.asarray(scores, dtype=float)
    names = [f"class {i}" for i in range(len(values))] if names is None else names
    place = np.arange(len(values))
    wide = 0.8 / max(len(temperatures), 1)
    for i, t in enumerate(temperatures):
        shift = (i - (len(temperatures) - 1) / 2) * wide
        heights = softmax(values / t)
        axes.bar(place + shift, heights, wide, color=COLOURS[i % len(COLOURS)], label=f"T = {t:g}")
    labels = [f"{n}\n(score {s:.4g})" for n, s in zip(names, values, strict=True)]
    longest = max(len(part) for label in labels for part in label.split("\n"))
    turned: dict[str, Any] = (
        {"rotation": 35, "ha": "right"} if longest * len(labels) > ACROSS else {}
    )
    axes.set_xticks(place, labels, **turned)
    axes.set(ylabel="probability", ylim=(0, 1), title="Softmax at several temperatures")
    axes.legend()
    axes.grid(axis="y", alpha=0.25)
    return axes


def decision_boundary(
    predict: Callable[[Any], Any],
    points: Any,
    labels: Any,
    axes: Axes | None = None,
    resolution: int = 200,
) -> Axes:
    """The regions in which a classifier of points in the plane answers each class.

    predict     takes points (n, 2); returns one score for each (n,) or (n, 1), positive for the
                second class, or a score for each class (n, k)
    points      (n, 2), drawn on top with one marker for each class
    labels      n labels

    Raises ValueError where the points are not in the plane.

    >>> points = np.array([[-1.0, 0.0], [1.0, 0.0]])
    >>> decision_boundary(lambda p: p[:, 0], points, [0, 1]).get_xlabel()
    'x1'
    """
    points, labels = np.asarray(points, dtype=float), np.asarray(labels)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"decision_boundary needs points of shape (n, 2), got {points.shape}")
    axes = new_axes(axes, 5.6, 4.8)
    margin = 0.08 * np.maximum(np.ptp(points, axis=0), 1e-9) + 0.02
    low, high = points.min(axis=0) - margin, points.max(axis=0) + margin
    x, y = np.meshgrid(*(np.linspace(low[i], high[i], resolution) for i in (0, 1)))
    answer = predict(np.column_stack([x.ravel(), y.ravel()]))
    scores = np.asarray(getattr(answer, "data", answer), dtype=float).reshape(x.size, -1)
    classes = np.unique(labels)
    if scores.shape[1] == 1:
        reach = float(np.abs(scores).max()) or 1.0
        levels = np.linspace(-reach, reach, 13)
        shades = axes.contourf(x, y, scores.reshape(x.shape), levels, cmap="RdBu_r", alpha=0.55)
        axes.contour(x, y, scores.reshape(x.shape), [0.0], colors="black", linewidths=1.6)
        key = f"score: class {classes[-1]} above 0"
        axes.figure.colorbar(shades, ax=axes, label=key, format="%.3g", shrink=0.8)
    else:
        winner = scores.argmax(axis=1).reshape(x.shape)
        edges = np.arange(scores.shape[1] + 1) - 0.5
        colours = [COLOURS[i % len(COLOURS)] for i in range(scores.shape[1])]
        axes.contourf(x, y, winner, edges, colors=colours, alpha=0.35)
        for i in range(scores.shape[1]):  # where a class is as good as the best of the others
            lead = scores[:, i] - np.delete(scores, i, axis=1).max(axis=1)
            axes.contour(x, y, lead.reshape(x.shape), [0.0], colors="black", linewidths=1.2)
    two = [COLOURS[0], "#b2182b"] if scores.shape[1] == 1 else COLOURS
    for i, label in enumerate(classes):
        mine = points[labels == label]
        axes.scatter(
            *mine.T,
            color=two[i % len(two)],
            marker=MARKERS[i % len(MARKERS)],
            edgecolor="white",
            label=f"class {label}",
        )
    axes.plot([], [], color="black", linewidth=1.6, label="boundary")
    axes.set(xlabel="x1", ylabel="x2", title="Decision boundary")
    axes.legend(fontsize="small", framealpha=0.9)
    return axes
