"""Whether the contestants computed the same thing: who does not is not timed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

Answer = list[Any]


def load(path: Path) -> Answer:
    """The arrays that a worker wrote, in order."""
    with np.load(path) as file:
        return [file[f"arr_{i}"] for i in range(len(file.files))]


def wrong_dtype(answer: Answer, dtype: str) -> str:
    """What is said of an answer in another precision; "" where there is nothing to say."""
    others = sorted({str(a.dtype) for a in answer} - {dtype})
    return f"answers in {', '.join(others)}, {dtype} was asked" if others else ""


def difference(a: Answer, b: Answer) -> float:
    """The largest difference, relative to the largest number of its output.

    Where two answers are cut into arrays differently (numbers beside rows of numbers), they are
    compared as one row each.  Infinite where they have not equally many numbers, or one is NaN.
    """
    if [x.size for x in a] != [x.size for x in b]:
        a, b = [joined(a)], [joined(b)]
        if a[0].size != b[0].size:
            return np.inf
    worst = 0.0
    for x, y in zip(a, b, strict=True):
        if not x.size:
            continue
        x, y = x.ravel().astype(np.float64), y.ravel().astype(np.float64)
        scale = max(np.abs(x).max(), np.abs(y).max())
        with np.errstate(invalid="ignore"):
            gap = np.abs(x - y).max()
        if not np.isfinite(gap):
            return np.inf
        worst = max(worst, gap / scale if scale else 0.0)
    return float(worst)


def joined(answer: Answer) -> Any:
    return np.concatenate([a.ravel() for a in answer]) if answer else np.empty(0)


def disagreeing(answers: dict[str, Answer], tolerance: float, limit: str) -> dict[str, float]:
    """Those who do not agree with most of the others, each with its relative difference.

    Of two equally large groups the one with the derivatives by hand, named `limit`, is right;
    where neither has it, nobody is.
    """
    names = list(answers)
    gaps = {(a, b): difference(answers[a], answers[b]) for a in names for b in names}
    groups = {a: {b for b in names if gaps[a, b] <= tolerance} for a in names}
    centre = max(names, key=lambda a: (len(groups[a]), a == limit), default=None)
    if centre is None:
        return {}
    best = groups[centre]
    rivals = [g for g in groups.values() if len(g) == len(best) and not g & best]
    if rivals and limit not in best:
        return {a: max(gaps[a, b] for b in names) for a in names}
    return {a: gaps[a, centre] for a in names if a not in best}
