"""Pictures of descent: along a line for several learning rates, and over the contours of a loss for
several optimisers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Value, grad
from nn.canvas import COLOURS, MARKERS, Curve, new_axes
from nn.optimisers import SGD, Adam, Optimiser

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FAR = 1e12
"""Where a path of gradient descent is given up, and not drawn."""

MakeOptimiser = Callable[[list[Value]], Optimiser]


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


def descent_starts(
    loss: Curve,
    starts: Sequence[float],
    rate: float = 0.1,
    steps: int = 200,
    tolerance: float = 1e-4,
    axes: Axes | None = None,
) -> Axes:
    """Gradient descent down one curve from several places: where each comes to rest, and on what.

    loss       a function of a number
    starts     where the paths begin
    tolerance  a path rests where abs(slope) is at most this; it is then looked at once more
               by the curvature: a minimum where that is positive, a plateau where it is (nearly)
               zero, a peak where it is negative

    A slope of zero does not tell a minimum from a plateau, and a local minimum looks to descent as
    the lowest one does; the lowest end is called the lowest found, since nothing more is known.

    >>> axes = descent_starts(lambda w: (w * w - 1.0) ** 2, [-2.0, 0.0], rate=0.05)
    >>> [text.get_text() for text in axes.get_legend().get_texts()]
    ['loss', 'from -2: minimum, the lowest found', 'from 0: peak']
    """
    axes = new_axes(axes, 8.2, 4.4)
    paths = [rested(visited(loss, float(w), rate, steps), loss, tolerance) for w in starts]
    ends = [float(path[-1]) for path in paths]
    kinds = [kind_of_rest(loss, w, tolerance) for w in ends]
    lowest = min(
        (value_at(loss, w) for w, kind in zip(ends, kinds, strict=True) if kind == "minimum"),
        default=-np.inf,
    )
    reach = np.concatenate([*paths, np.asarray(starts, dtype=float)])
    reach = reach[np.abs(reach) <= FAR]
    wide = max(float(np.ptp(reach)), 1e-3)
    low, high = float(reach.min()) - 0.15 * wide, float(reach.max()) + 0.15 * wide
    t = np.linspace(low, high, 401)
    axes.plot(t, [value_at(loss, x) for x in t.tolist()], color="grey", label="loss")
    for i, (path, end, kind) in enumerate(zip(paths, ends, kinds, strict=True)):
        colour, marker = COLOURS[i % len(COLOURS)], MARKERS[i % len(MARKERS)]
        inside = path[np.abs(path) <= FAR]
        heights = [value_at(loss, x) for x in inside.tolist()]
        text = kind
        if kind == "minimum":
            here = value_at(loss, end)
            alike = here <= lowest + 1e-6 * max(1.0, abs(lowest))
            text = "minimum, the lowest found" if alike else "local minimum, not the lowest"
        label = f"from {path[0]:g}: {text}"
        axes.plot(
            inside, heights, color=colour, marker=marker, markersize=4, linewidth=1, label=label
        )
        axes.plot(inside[-1], heights[-1], "*", color=colour, markersize=14)
    axes.set(
        xlabel="w", ylabel="loss", title=f"Gradient descent from several starts, rate {rate:g}"
    )
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0))
    axes.grid(alpha=0.25)
    return axes


def rested(path: Any, loss: Curve, tolerance: float) -> Any:
    """A path up to the first place at which the slope is within the tolerance."""
    for i, w in enumerate(path.tolist()):
        if abs(float(grad(loss)(w))) <= tolerance:
            return path[: i + 1]
    return path


def kind_of_rest(loss: Curve, w: float, tolerance: float) -> str:
    """What descent stands on: from the slope and the curvature at its end."""
    if not np.isfinite(w) or abs(w) > FAR:
        return "diverges"
    slope = float(grad(loss)(w))
    if abs(slope) > tolerance:
        return f"still moving, slope {slope:.2g}"
    curvature = float(grad(grad(loss))(w))
    if curvature > 10 * tolerance:
        return "minimum"
    if curvature < -10 * tolerance:
        return "peak"
    return f"plateau, slope {slope:.1g}"


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


def known_optimisers() -> dict[str, MakeOptimiser]:
    """The optimisers that `descent_contour` draws when none are given."""
    return {
        "SGD, 0.05": lambda p: SGD(p, 0.05),
        "momentum 0.9, 0.02": lambda p: SGD(p, 0.02, momentum=0.9),
        "Adam, 0.2": lambda p: Adam(p, 0.2),
    }


def descent_contour(
    loss: Callable[[Any], Any],
    start: Sequence[float],
    optimisers: Mapping[str, MakeOptimiser] | None = None,
    steps: int = 50,
    axes: Axes | None = None,
) -> Axes:
    """The contours of a loss of two numbers, and the paths of several optimisers over them.

    loss        a function of an array of two numbers
    start       where every path begins
    optimisers  {"Adam": lambda p: nn.Adam(p, 0.1)}: each makes an optimiser of a list of parameters

    The key has the loss at the end of each path; a path that diverges is cut off where it leaves
    the picture, and the key says so.  Raises ValueError where `start` is not two numbers.

    >>> bowl = lambda w: (w[0] - 1.0) ** 2 + 4.0 * w[1] ** 2
    >>> axes = descent_contour(bowl, [-2.0, 1.0], {"SGD": lambda p: SGD(p, 0.1)}, steps=30)
    >>> [text.get_text() for text in axes.get_legend().get_texts()]
    ['start', 'SGD: 1.4e-05 after 30']
    """
    origin = np.asarray(start, dtype=float)
    if origin.shape != (2,):
        raise ValueError(f"descent_contour starts from two numbers, not from shape {origin.shape}")
    axes = new_axes(axes, 7.8, 5.2)
    makers = known_optimisers() if optimisers is None else optimisers
    paths = {name: optimised(loss, origin, make, steps) for name, make in makers.items()}
    before = value_at(loss, origin)
    ends = {name: value_at(loss, path[-1]) for name, path in paths.items()}
    ends = {n: e for n, e in ends.items() if len(paths[n]) > steps and e <= before * (1 + 1e-9)}
    staying = [path for name, path in paths.items() if name in ends] or [
        p[:2] for p in paths.values()
    ]
    reach = np.concatenate([origin[None], *staying])
    margin = 0.2 * np.maximum(np.ptp(reach, axis=0), 0.5 * np.ptp(reach) + 1e-3)
    low, high = reach.min(axis=0) - margin, reach.max(axis=0) + margin
    draw_contours(axes, loss, low, high)
    axes.plot(*origin, "o", color="black", markersize=8, label="start", zorder=4)
    for i, (name, path) in enumerate(paths.items()):
        out = np.flatnonzero(~((path >= low) & (path <= high)).all(axis=1))
        inside = path[: out[0]] if len(out) else path
        where = f"{ends[name]:.2g} after {steps}" if name in ends else "diverges"
        colour, marker = COLOURS[i % len(COLOURS)], MARKERS[i % len(MARKERS)]
        line: dict[str, Any] = {
            "color": colour,
            "marker": marker,
            "markersize": 4,
            "linewidth": 1.2,
        }
        axes.plot(*inside.T, **line, label=f"{name}: {where}")
        axes.plot(*inside[-1], "*" if name in ends else "X", color=colour, markersize=12)
    axes.set(xlabel="w[0]", ylabel="w[1]", xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    axes.set_title("Descent over the contours of the loss")
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0))
    return axes


def draw_contours(axes: Axes, loss: Callable[[Any], Any], low: Any, high: Any) -> None:
    """Contours that are as far apart as the quantiles of the loss, so that a valley shows."""
    x, y = (np.linspace(low[i], high[i], 80) for i in (0, 1))
    z = np.array([[value_at(loss, np.array([a, b])) for a in x.tolist()] for b in y.tolist()])
    known = z[np.isfinite(z)]
    levels = np.unique(np.quantile(known, np.linspace(0.0, 1.0, 16))) if known.size else np.zeros(1)
    if len(levels) > 1:
        axes.contourf(x, y, z, levels, cmap="Greys", alpha=0.35)
        axes.contour(x, y, z, levels, colors="grey", linewidths=0.6)


def value_at(loss: Callable[[Any], Any], w: Any) -> float:
    """The loss at one place; infinity where it is no number or overflows."""
    try:
        with np.errstate(all="ignore"):
            value = float(np.asarray(getattr(found := loss(w), "data", found)))
    except OverflowError:  # of Python floats
        return float("inf")
    return value if value == value else float("inf")


def optimised(loss: Callable[[Any], Any], origin: Any, make: MakeOptimiser, steps: int) -> Any:
    """The places that an optimiser visits, the first one included."""
    w = Value(origin)
    optimiser = make([w])
    path = [w.data.copy()]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            optimiser.zero_grad()
            loss(w).backward()
            optimiser.step()
            path.append(w.data.copy())
            if not np.isfinite(path[-1]).all() or np.abs(path[-1]).max() > FAR:
                break
    return np.array(path)
