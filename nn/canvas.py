"""Axes, colours and markers that the pictures of training share, with matplotlib."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Curve = Callable[[Any], Any]
COLOURS = ("#1f6fb4", "#d9480f", "#2b8a3e", "#7048b5", "#b8860b", "#c2255c", "#0b7285", "#495057")
MARKERS = "osD^vPX*"


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
