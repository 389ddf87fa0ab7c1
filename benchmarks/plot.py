"""The picture of a report: a row for each work, a mark for each contestant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.report import limit_of, results
from benchmarks.work import (
    BY_JAX,
    COMPILED,
    EAGER,
    HAND,
    HIPS,
    JAX,
    JIT,
    MICROGRAD,
    MYGRAD,
    NN,
    NN_COMPILED,
    TORCH,
)
from benchmarks.works import EVERY

MARKS = {
    EAGER: ("o", "#1f4e9c"),
    COMPILED: ("D", "#1f4e9c"),
    NN: ("o", "#4fa3e0"),
    NN_COMPILED: ("D", "#4fa3e0"),
    TORCH: ("s", "#d9541e"),
    JIT: ("^", "#2e8b57"),
    JAX: ("v", "#9acd9a"),
    BY_JAX: ("*", "#1f4e9c"),
    HIPS: ("x", "#888888"),
    MYGRAD: ("+", "#888888"),
    MICROGRAD: ("1", "#888888"),
}


def draw(report: dict[str, Any], path: Path) -> None:
    """Write the times of every contestant divided by the time by hand, as PNG or SVG."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    found = results(report)
    works = [w for w in EVERY if w.name in found and limit_of(found[w.name]) is not None][::-1]
    settings = {"svg.hashsalt": "valuegrad", "font.size": 8, "svg.fonttype": "none"}
    with pyplot.rc_context(settings):
        figure, axes = pyplot.subplots(figsize=(9, 1.2 + 0.24 * len(works)), layout="constrained")
        axes.axvline(1.0, color="black", linewidth=0.8)
        for contestant, (mark, colour) in MARKS.items():
            points = []
            for row, work in enumerate(works):
                outcome = found[work.name].get(contestant.name)
                limit = limit_of(found[work.name])
                if outcome is not None and outcome.status == "timed" and limit is not None:
                    points.append((outcome.time / limit.time, row))
            if points:
                x, y = zip(*points, strict=True)
                axes.scatter(x, y, s=26, marker=mark, color=colour, label=contestant.name)
        axes.set_xscale("log")
        axes.set_yticks(range(len(works)), [w.name for w in works])
        axes.set_ylim(-0.7, len(works) - 0.3)
        axes.grid(axis="both", color="#e4e4e4", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.set_xlabel(f"time divided by that of {HAND.name} (left is faster)")
        if works:
            axes.legend(loc="upper center", bbox_to_anchor=(0.45, -0.06), ncols=5, frameon=False)
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None, dpi=150)
        pyplot.close(figure)
