"""Pictures of what a network is made of: vectors as arrows, the family of sigmoids, layers of
neurons, and the features that hidden neurons look for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Value, sigmoid
from nn.canvas import COLOURS, new_axes, pyplot
from nn.module import Module
from nn.modules.linear import Linear
from nn.neurons import Layer
from nn.norms import cosine_similarity, l2_norm

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_NEURONS = 12  # how many of a layer are drawn; the others are counted in words
Vectors = Mapping[str, Sequence[float]] | Sequence[Sequence[float]]


def vector_arrows(vectors: Vectors, axes: Axes | None = None) -> Axes:
    """Vectors of the plane or of space as arrows from the origin, each with its length; the title
    has the cosine of the angle between the first two.

    vectors  {"a": [3.0, 4.0], "b": [4.0, 3.0]}, or a list of vectors, which are then numbered

    Raises ValueError where they have other than two or three entries, or not all the same number.

    >>> axes = vector_arrows({"a": [3.0, 4.0], "b": [4.0, 3.0]})
    >>> axes.get_title(), [text.get_text() for text in axes.get_legend().get_texts()]
    ('cosine of a and b: 0.96', ['a, length 5', 'b, length 5'])
    """
    if not isinstance(vectors, Mapping):
        vectors = {f"v{i + 1}": v for i, v in enumerate(vectors)}
    arrows = {name: np.asarray(numbers_of(v), dtype=float) for name, v in vectors.items()}
    shapes = {v.shape for v in arrows.values()}
    if len(shapes) != 1 or not shapes <= {(2,), (3,)}:
        raise ValueError(
            "vector_arrows draws vectors of two or of three numbers, all of one kind; these have "
            f"shapes {sorted(shapes)}"
        )
    size = len(next(iter(arrows.values())))
    if axes is None and size == 3:
        axes = (
            pyplot().figure(figsize=(5.4, 5.0), layout="constrained").add_subplot(projection="3d")
        )
    axes = new_axes(axes, 5.4, 5.0)
    write: Any = axes.text  # it takes three places in space
    for i, (name, v) in enumerate(arrows.items()):
        label, colour = f"{name}, length {float(l2_norm(v)):.4g}", COLOURS[i % len(COLOURS)]
        start = [0.0] * size
        if size == 2:
            whole: dict[str, Any] = {"angles": "xy", "scale_units": "xy", "scale": 1}
            axes.quiver(*start, *v, color=colour, label=label, width=0.012, **whole)
        else:
            axes.quiver(*start, *v, color=colour, label=label, arrow_length_ratio=0.12)
        write(*(1.04 * v), name, color=colour, fontsize="large")
    corners = np.stack([np.zeros(size), *arrows.values()])
    reach = max(float(np.ptp(corners, axis=0).max()), 1e-9)
    middle = (corners.min(axis=0) + corners.max(axis=0)) / 2
    for name, centre in zip("xyz"[:size], middle, strict=True):
        limits = (centre - 0.62 * reach, centre + 0.62 * reach)
        axes.set(**{f"{name}lim": limits, f"{name}label": name})
    axes.set_aspect("equal")
    axes.grid(alpha=0.25)
    if len(arrows) > 1:
        (a, v), (b, w) = list(arrows.items())[:2]
        axes.set_title(f"cosine of {a} and {b}: {float(cosine_similarity(v, w)):.3g}")
    axes.legend(loc="upper left")
    return axes


def sigmoid_family(
    w: Sequence[float] = (0.5, 1.0, 4.0),
    b: Sequence[float] = (-3.0, 0.0, 3.0),
    c: Sequence[float] = (0.5, 1.0, 2.0),
    axes: Sequence[Axes] | None = None,
) -> list[Axes]:
    """The family c * sigmoid(b + w * x): one picture for each of w (how steep), b (where), and c
    (how high), in which the two others are 1, 0 and 1; a list of three axes.

    >>> [one.get_title() for one in sigmoid_family()]
    ['w: how steep', 'b: where', 'c: how high']
    """
    if axes is None:
        size = (10.2, 3.2)
        axes = list(pyplot().subplots(1, 3, figsize=size, layout="constrained", sharey=True)[1])
    x = np.linspace(-6, 6, 301)
    usual = {"w": 1.0, "b": 0.0, "c": 1.0}
    titles = {"w": "how steep", "b": "where", "c": "how high"}
    for one, (name, several) in zip(axes, {"w": w, "b": b, "c": c}.items(), strict=True):
        for i, number in enumerate(several):
            p = {**usual, name: number}
            y = p["c"] * sigmoid(p["b"] + p["w"] * x)
            one.plot(x, y, color=COLOURS[i % len(COLOURS)], label=f"{name} = {number:g}")
        one.set(title=f"{name}: {titles[name]}", xlabel="x")
        one.grid(alpha=0.25)
        one.legend(loc="upper left")
    axes[0].set_ylabel("c * sigmoid(b + w x)")
    return list(axes)


def layer_diagram(
    network: Module | Sequence[int], names: Sequence[str] | None = None, axes: Axes | None = None
) -> Axes:
    """The layers of a network side by side, a circle for each neuron and a line for each weight.

    network  the sizes of the layers, [2, 3, 1], or a model of dense layers: its weights then colour
             the lines, blue where they are negative and red where they are positive, the wider the
             larger
    names    what stands below each layer; by default input, hidden, output

    A layer of more than 12 neurons shows the first ones, and says how many there are.  Raises
    ValueError for a model without dense layers, or in which one does not fit the next.

    >>> axes = layer_diagram([2, 3, 1])
    >>> [text.get_text() for text in axes.texts]
    ['input\\n2', 'hidden\\n3', 'output\\n1']
    """
    weights = dense_weights(network) if isinstance(network, Module) else None
    sizes = sizes_of(weights) if weights is not None else [int(n) for n in network]  # type: ignore[union-attr]
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"layer_diagram needs at least two layers of a neuron each, got {sizes}")
    if names is None:
        names = ["input", *["hidden"] * (len(sizes) - 2), "output"]
    axes = new_axes(axes, 1.9 * len(sizes) + 0.6, 4.4)
    places = [(np.arange(n) - (n - 1) / 2)[::-1] for n in (min(n, MOST_NEURONS) for n in sizes)]
    for i, (left, right) in enumerate(pairwise(places)):
        w = None if weights is None else weights[i]
        for j, low in enumerate(left):
            for k, high in enumerate(right):
                axes.plot([i, i + 1], [low, high], zorder=1, **line_style(w, j, k))
    deepest = min(float(column.min()) for column in places)
    for i, (column, size, name) in enumerate(zip(places, sizes, names, strict=True)):
        colour = COLOURS[2] if i == 0 else COLOURS[1] if i == len(sizes) - 1 else COLOURS[0]
        axes.scatter([i] * len(column), column, 260, color=colour, edgecolor="white", zorder=2)
        shown = "" if size <= MOST_NEURONS else f"\n({MOST_NEURONS} are drawn)"
        axes.text(i, deepest - 0.7, f"{name}\n{size}{shown}", ha="center", va="top")
    highest = max(float(column.max()) for column in places)
    axes.set(xlim=(-0.5, len(sizes) - 0.5), ylim=(deepest - 2.3, highest + 0.7))
    axes.axis("off")
    return axes


def line_style(w: Any, j: int, k: int) -> dict[str, Any]:
    """How the line of one weight is drawn; grey where there are only sizes."""
    if w is None:
        return {"color": "#868e96", "linewidth": 0.9}
    share = abs(float(w[j, k])) / (float(np.abs(w).max()) or 1.0)
    return {"color": "#c2255c" if w[j, k] > 0 else "#1f6fb4", "linewidth": 0.3 + 2.7 * share}


def dense_weights(model: Module) -> list[Any]:
    """The matrices (inputs, outputs) of the dense layers of a model, in the order in which they are
    found: those of layers of scalar neurons, of `Linear`, or a user's own parameters of two axes.
    ValueError where there are none, and where other layers have weights of their own."""
    parts = parts_of(model)
    scalar = [part for part in parts if isinstance(part, Layer)]
    if scalar:
        rows = [[[p.data for p in n.w] for n in layer.neurons] for layer in scalar]
        return [np.array(row, dtype=float).T for row in rows]
    every = [np.asarray(p.data) for p in model.parameters() if np.ndim(p.data) > 1]
    found = [np.asarray(part.w.data) for part in parts if isinstance(part, Linear)]
    ours = any(type(part).__module__.startswith("nn.modules.") for part in parts)
    if not found and not ours and all(w.ndim == 2 for w in every):
        found = every
    if not found or len(found) != len(every):
        raise ValueError(
            f"layer_diagram draws dense layers in a row, and {type(model).__name__} has "
            f"{'other layers' if every else 'none'}: give the sizes, as in [2, 3, 1]"
        )
    return found


def parts_of(model: Any) -> list[Any]:
    """A module and the modules in its lists, outermost first."""
    found = [model]
    for part in found:  # grows while it is walked
        inside = vars(part).values() if isinstance(part, Module) else ()
        for thing in inside:
            things = thing if isinstance(thing, list | tuple) else [thing]
            found += [one for one in things if isinstance(one, Module)]
    return found


def sizes_of(weights: Sequence[Any]) -> list[int]:
    """The sizes of the layers between which the weights stand."""
    for left, right in pairwise(weights):
        if left.shape[1] != right.shape[0]:
            raise ValueError(
                f"a layer with {left.shape[1]} outputs does not fit one with {right.shape[0]} "
                "inputs: only layers in a row are drawn; give the sizes, as in [2, 3, 1]"
            )
    return [weights[0].shape[0], *(w.shape[1] for w in weights)]


def feature_images(
    weights: Any, shape: tuple[int, int], count: int = 16, axes: Axes | None = None
) -> Axes:
    """What hidden neurons look for: the weights of each as a picture of the input, red where a
    bright pixel excites the neuron and blue where it inhibits it.

    weights  (pixels, neurons), as `Linear` has them; a Value or an array
    shape    (rows, columns) of the input pictures
    count    how many neurons are shown, those with the largest weights first

    Raises ValueError where the shape does not have as many pixels as the weights have rows.

    >>> axes = feature_images(np.eye(4), (2, 2))
    >>> axes.get_title()
    '4 hidden neurons: what excites (red) and inhibits (blue) them'
    """
    w = np.asarray(numbers_of(weights), dtype=float)
    rows, columns = shape
    if w.ndim != 2 or len(w) != rows * columns:
        raise ValueError(
            f"weights for pictures of shape {shape} have shape ({rows * columns}, neurons), these "
            f"have {w.shape}"
        )
    order = np.argsort(-np.abs(w).max(axis=0), kind="stable")[:count]
    wide = int(np.ceil(np.sqrt(len(order))))
    tall = -(-len(order) // wide)
    sheet = np.full((tall * (rows + 1) - 1, wide * (columns + 1) - 1), np.nan)
    for place, neuron in enumerate(order):
        top, left = (place // wide) * (rows + 1), (place % wide) * (columns + 1)
        sheet[top : top + rows, left : left + columns] = w[:, neuron].reshape(shape)
    axes = new_axes(axes, 5.0, 5.0 * tall / wide + 0.5)
    reach = float(np.abs(w[:, order]).max(initial=0.0)) or 1.0
    axes.imshow(sheet, cmap="RdBu_r", vmin=-reach, vmax=reach)
    axes.set(xticks=[], yticks=[])
    axes.set_title(
        f"{len(order)} hidden neurons: what excites (red) and inhibits (blue) them", fontsize=9
    )
    return axes


def function_curves(
    functions: Mapping[str, Callable[[Any], Any]],
    low: float = -4.0,
    high: float = 4.0,
    axes: Axes | None = None,
) -> Axes:
    """Functions of one number in one picture, with a legend.  Where another one lies on the first,
    the first is drawn wide, so that both can be seen.

    functions  {"name": function of an array}

    >>> axes = function_curves({"x squared": lambda x: x * x, "x": lambda x: x})
    >>> [text.get_text() for text in axes.get_legend().get_texts()]
    ['x squared', 'x']
    """
    axes = new_axes(axes)
    x = np.linspace(low, high, 401)
    curves = [np.broadcast_to(numbers_of(f(x)), x.shape) for f in functions.values()]
    hidden = any(np.median(np.abs(y - curves[0])) < 0.01 * np.ptp(y) for y in curves[1:])
    for i, (name, y) in enumerate(zip(functions, curves, strict=True)):
        width, alpha = (5.0, 0.35) if hidden and i == 0 else (1.6, 1.0)
        axes.plot(x, y, color=COLOURS[i % len(COLOURS)], linewidth=width, alpha=alpha, label=name)
    axes.set_xlabel("x")
    axes.grid(alpha=0.25)
    axes.legend()
    return axes


def numbers_of(x: Any) -> Any:
    """The plain numbers of a Value, of a list that may hold some, or of an array."""
    if isinstance(x, Value):
        return x.data
    return [numbers_of(part) for part in x] if isinstance(x, list | tuple) else x
