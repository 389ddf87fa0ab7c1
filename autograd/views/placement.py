"""Graphviz, wherever it is: the `dot` program, or the one inside the `pygraphviz` wheel."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import subprocess
import threading
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

TIMEOUT = 120  # seconds that the `dot` program may take
GRAPHVIZ_LOCK = threading.Lock()  # the Graphviz library is not made for threads
ADVICE = (
    "drawing needs Graphviz: run `pip install pygraphviz` (the extra `views`; it brings Graphviz "
    "along), or install the `dot` program (https://graphviz.org/download). "
    "Without either, print(graph) and .txt, .mmd, .dot and .json still work"
)


class DrawingError(RuntimeError):
    """Graphviz is there and could not draw this graph."""


class GraphvizMissingError(DrawingError):
    """Neither the `dot` program nor pygraphviz is installed; the message says what to install."""


def available() -> bool:
    """True where a drawing can be made."""
    return shutil.which("dot") is not None or graphviz_wheel() is not None


def graphviz_wheel() -> Any:
    """The module `pygraphviz`, None where it does not work."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pygraphviz
    except Exception:  # not installed, or installed without its library
        return None
    return pygraphviz


def render(dot: str, format: str) -> bytes:
    """The DOT text as `svg`, `png`, `pdf` or `json0` (positions only)."""
    problem = ""
    if shutil.which("dot") is not None:
        try:
            done = subprocess.run(
                ["dot", f"-T{format}"], input=dot.encode(), capture_output=True, timeout=TIMEOUT
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            problem = str(error)
        else:
            if done.returncode == 0 and done.stdout:
                return done.stdout
            problem = done.stderr.decode(errors="replace").strip()
    wheel = graphviz_wheel()
    if wheel is None:
        if problem:
            raise DrawingError(f"the `dot` program failed: {problem[:300]}")
        raise GraphvizMissingError(ADVICE)
    return render_with_wheel(wheel, dot, format)


def render_with_wheel(wheel: Any, dot: str, format: str) -> bytes:
    """`render` by the Graphviz inside pygraphviz."""
    try:
        with GRAPHVIZ_LOCK, warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            return bytes(wheel.AGraph(string=dot).draw(format=format, prog="dot"))
    except Exception as error:
        raise DrawingError(f"Graphviz could not draw this graph: {error}") from error


@dataclass(slots=True)
class Places:
    """Where Graphviz put everything, in points, with y growing downwards."""

    width: float
    height: float
    cards: dict[str, tuple[float, float]]
    frames: dict[str, tuple[float, float, float, float]]
    arrows: dict[str, tuple[str, tuple[float, float] | None]]


@lru_cache(64)
def place(dot: str) -> Places:
    """Run the layout and read the positions of cards, frames and arrows."""
    found = json.loads(repaired(render(dot, "json0").decode("utf-8", "replace")))
    x0, y0, x1, y1 = numbers_in(found["bb"])
    out = Places(x1 - x0, y1 - y0, {}, {}, {})
    for thing in found.get("objects", ()):
        if "pos" in thing:
            x, y = numbers_in(thing["pos"])
            out.cards[thing["name"]] = (x - x0, y1 - y)
        elif "bb" in thing and thing.get("id"):
            a, b, c, d = numbers_in(thing["bb"])
            out.frames[thing["id"]] = (a - x0, y1 - d, c - a, d - b)
    for edge in found.get("edges", ()):
        if "pos" in edge:
            at = numbers_in(edge["lp"]) if "lp" in edge else None
            label = (at[0] - x0, y1 - at[1]) if at else None
            out.arrows[edge["id"]] = (svg_path(edge["pos"], x0, y1), label)
    return out


def repaired(text: str) -> str:
    """JSON strings may not hold raw control characters; Graphviz lets some through."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", text)


def numbers_in(text: str) -> list[float]:
    """Numbers between commas."""
    return [float(x) for x in text.split(",")]


def svg_path(spline: str, x0: float, y1: float) -> str:
    """A Graphviz spline as an SVG path; its end point is where the arrow head touches."""
    end: list[float] | None = None
    points: list[list[float]] = []
    for part in spline.split(";")[0].split(" "):
        if part.startswith(("e,", "s,")):
            if part[0] == "e":
                end = numbers_in(part[2:])
        elif part:
            points.append(numbers_in(part))
    spots = [f"{x - x0:.0f},{y1 - y:.0f}" for x, y in points]
    tail = f"L{end[0] - x0:.0f},{y1 - end[1]:.0f}" if end else ""
    return f"M{spots[0]}C{' '.join(spots[1:])}{tail}"
