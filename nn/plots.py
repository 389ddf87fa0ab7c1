"""Pictures of training: losses, activations, softmax, boundaries and descent, with matplotlib.

Every function draws into the axes that it is given, or into new ones, and returns them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import elementwise_grad, grad, softmax
from nn import activations
from nn.training import History

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Curve = Callable[[Any], Any]
COLOURS = ("#1f6fb4", "#d9480f", "#2b8a3e", "#7048b5", "#b8860b", "#c2255c", "#0b7285", "#495057")
MARKERS = "osD^vPX*"
FAR = 1e12
"""Where a path of gradient descent is given up, and not drawn."""


def pyplot() -> Any:
    """matplotlib.pyplot, loaded for the first picture.  ImportError names the extra."""
    try:
        from matplotlib import pyplot as plt
    except ImportError as error:
        raise ImportError(
            "pictures of training need matplotlib: run `pip install matplotlib` (the extra `plots`)"
        ) from error
    return plt


def new_axes(axes: Axes | None, width: float = 6.4, height: float = 4.2) -> Axes:
    """The given axes, or those of a new figure in which nothing is cut off."""
    if axes is not None:
        return axes
    _, made = pyplot().subplots(figsize=(width, height), layout="constrained")
    return made


def loss_curves(
    train: Sequence[float] | History,
    test: Sequence[float] | None = None,
    axes: Axes | None = None,
    log: bool = False,
) -> Axes:
    """Losses over the epochs, training and test together, so that overfitting can be seen.

    train, test  one number for each epoch, or a `History` that holds both
    log          a logarithmic loss axis

    Where the test loss rises again, its best epoch is marked and what follows is shaded.
    Raises ValueError where there is nothing to draw.

    >>> loss_curves([1.0, 0.5, 0.2], [1.1, 0.8, 0.9]).get_xlabel()
    'epoch'
    """
    if isinstance(train, History):
        history = train
        train, test = history.train, test or history.test
    if not len(train):
        raise ValueError("loss_curves needs the loss of at least one epoch")
    axes = new_axes(axes)
    epochs = np.arange(1, len(train) + 1)
    dots = "o" if len(train) == 1 else ""
    axes.plot(epochs, train, color=COLOURS[0], marker=dots, label="training")
    if test is not None and len(test):
        axes.plot(
            np.arange(1, len(test) + 1), test, "--", color=COLOURS[1], marker=dots, label="test"
        )
        best = int(np.argmin(test))
        if best < len(test) - 1 and test[-1] > test[best]:
            axes.axvspan(best + 1, len(test), color=COLOURS[1], alpha=0.08)
            name = f"best epoch: {best + 1}"
            axes.plot([best + 1], [test[best]], "o", color=COLOURS[1], label=name)
    if log:
        axes.set_yscale("log")
    axes.set(xlabel="epoch", ylabel="loss", title="Loss over the epochs")
    axes.legend()
    axes.grid(alpha=0.25)
    return axes


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

    The derivatives are this library's own, `elementwise_grad`.

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
    drawn = list(zip(functions.items(), axes, strict=False))
    for (name, f), one in drawn:
        one.plot(x, f(x), color=COLOURS[0], label="f(x)")
        one.plot(x, elementwise_grad(f)(x), "--", color=COLOURS[1], label="f'(x)")
        one.axhline(0.0, color="grey", linewidth=0.6)
        one.axvline(0.0, color="grey", linewidth=0.6)
        one.set_title(name)
        one.grid(alpha=0.25)
    if drawn:
        drawn[0][1].legend()
    return [one for _, one in drawn]


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
    axes.set_xticks(place, [f"{n}\n(score {s:g})" for n, s in zip(names, values, strict=True)])
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
        axes.contourf(x, y, scores.reshape(x.shape), levels, cmap="RdBu_r", alpha=0.55)
        axes.contour(x, y, scores.reshape(x.shape), [0.0], colors="black", linewidths=1.6)
    else:
        winner = scores.argmax(axis=1).reshape(x.shape)
        edges = np.arange(scores.shape[1] + 1) - 0.5
        colours = [COLOURS[i % len(COLOURS)] for i in range(scores.shape[1])]
        axes.contourf(x, y, winner, edges, colors=colours, alpha=0.35)
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
    axes.set(xlabel="x1", ylabel="x2", title="Decision boundary")
    axes.legend()
    return axes


def descent_paths(
    loss: Callable[[Any], Any],
    start: Any,
    rates: Sequence[float] = (0.01, 0.1, 0.5, 1.0),
    steps: int = 20,
    direction: Any = None,
    axes: Axes | None = None,
) -> Axes:
    """The loss along a line, and gradient descent along it for several learning rates.

    loss       a function of a number, or of an array where `direction` is given
    start      where every path begins
    direction  the line is t -> loss(start + t * direction), beginning at t = 0

    A path diverges where it ends at a loss that is higher than at its start, or at no number: its
    legend says so, and it is cut off where it leaves the picture, which shows all other paths.

    >>> axes = descent_paths(lambda w: w * w, 2.0, rates=[0.1, 1.1], steps=5)
    >>> [text.get_text() for text in axes.get_legend().get_texts()]
    ['loss', 'rate 0.1: 0.43 after 5', 'rate 1.1: diverges']
    """
    axes = new_axes(axes, 8.2, 4.4)

    def line(t: Any) -> Any:
        return loss(t) if direction is None else loss(start + t * direction)

    origin = float(start) if direction is None else 0.0
    paths = [visited(line, origin, rate, steps) for rate in rates]
    ends = [end_of(line, path, steps) for path in paths]
    staying = [path for path, end in zip(paths, ends, strict=True) if end is not None]
    reach = np.concatenate([[origin], *(staying or [path[:2] for path in paths])])
    reach = reach[np.abs(reach) <= FAR]
    wide = max(float(np.ptp(reach)), 1e-3)
    low, high = float(reach.min()) - 0.25 * wide, float(reach.max()) + 0.25 * wide
    t = np.linspace(low, high, 301)
    axes.plot(t, [float(line(x)) for x in t.tolist()], color="grey", label="loss")
    for i, (rate, path, end) in enumerate(zip(rates, paths, ends, strict=True)):
        out = np.flatnonzero(~((path >= low) & (path <= high)))
        inside = path[: out[0]] if len(out) else path
        where = "diverges" if end is None else f"{end:.2g} after {steps}"
        axes.plot(
            inside,
            [float(line(x)) for x in inside.tolist()],
            color=COLOURS[i % len(COLOURS)],
            marker=MARKERS[i % len(MARKERS)],
            markersize=4.5,
            linewidth=1,
            label=f"rate {rate:g}: {where}",
        )
    axes.set(xlabel="w" if direction is None else "t", ylabel="loss")
    axes.set_title("Gradient descent for several learning rates")
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0))
    axes.grid(alpha=0.25)
    return axes


def end_of(line: Curve, path: Any, steps: int) -> float | None:
    """The loss at the end of a path; None where the path diverges."""
    if len(path) <= steps or not np.isfinite(path).all():
        return None
    try:
        with np.errstate(all="ignore"):
            first, last = float(line(float(path[0]))), float(line(float(path[-1])))
    except OverflowError:  # of Python floats
        return None
    rounding = 1e-9 * max(abs(first), abs(last))
    return last if last <= first + rounding else None


def visited(line: Curve, origin: float, rate: float, steps: int) -> Any:
    """The places that gradient descent visits, the first one included."""
    slope = grad(line)
    path = [origin]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            path.append(float(path[-1] - rate * slope(path[-1])))
            if not np.isfinite(path[-1]) or abs(path[-1]) > FAR:
                break
    return np.array(path)
