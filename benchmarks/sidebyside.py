"""Timing two pieces of code side by side, so that only their ratio counts."""

from __future__ import annotations

import gc
import os
import platform
import time
from collections.abc import Callable
from statistics import median

import numpy as np

Step = Callable[[], object]


ROUNDS = 8


def ratio(ours: Step, theirs: Step, seconds: float = 2.0) -> tuple[float, float]:
    """The median times of two functions in seconds.  They are called in turns of many calls, and
    the garbage collector runs between turns, outside of what is timed: each pays for its own
    garbage, and not for what the other one left."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for f, record in zip((ours, theirs), times, strict=True):
            gc.collect()
            f()
            end = time.perf_counter() + seconds / (2 * ROUNDS)
            while True:
                start = time.perf_counter()
                f()
                now = time.perf_counter()
                record.append(now - start)
                if now > end:
                    break
    return median(times[0]), median(times[1])


def line(name: str, ours: float, theirs: float, target: float | None, unit: str = "us") -> str:
    """One row of a benchmark table."""
    scale = {"us": 1e6, "ms": 1e3, "s": 1.0, "bytes": 1.0}[unit]
    goal = f"{target:6.2f}" if target is not None else ""
    numbers = f"{ours * scale:>10.1f} {theirs * scale:>10.1f} {unit:<5}"
    return f"{name:<46} {numbers} {ours / theirs:>6.2f} {goal}"


def header(title: str, theirs: str) -> str:
    """The head of a benchmark table."""
    return f"\n{title}\n{'':<46} {'valuegrad':>10} {theirs:>10} {'':<5} {'ratio':>6} target"


def machine() -> str:
    """What the numbers were measured on."""
    return (
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
        f"{platform.system()}, Python {platform.python_version()}, NumPy {np.__version__}"
    )
