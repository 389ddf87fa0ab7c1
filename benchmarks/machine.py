"""What the numbers were measured on, and how much of it others used meanwhile."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil


def processor() -> str:
    """The model of the processor, as far as the system tells it."""
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def blas() -> str:
    """The library that multiplies NumPy's matrices."""
    found = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return f"{found['name']} {found['version']}"


def describe() -> dict[str, Any]:
    """The machine and the versions of what runs on it."""
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "memory": psutil.virtual_memory().total,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "blas": blas(),
    }


def busy_seconds() -> float:
    """The seconds that all processors together have worked since the machine started."""
    t = psutil.cpu_times()
    return float(sum(t) - t.idle - getattr(t, "iowait", 0.0) - getattr(t, "guest", 0.0))


class Watch:
    """How much of the machine others use: all that is not this process and the ones named."""

    def __init__(self, processes: list[psutil.Process]) -> None:
        self.processes = [psutil.Process(), *processes]
        self.start, self.busy, self.own = time.perf_counter(), busy_seconds(), self.used()

    def used(self) -> float:
        """The seconds of the named processes and their children."""
        times = [p.cpu_times() for p in self.processes if p.is_running()]
        children = [
            getattr(t, "children_user", 0) + getattr(t, "children_system", 0) for t in times
        ]
        return float(sum(t.user + t.system for t in times) + sum(children))

    def others(self) -> float:
        """The share of the machine that others used since the watch began, from 0 to 1."""
        seconds = time.perf_counter() - self.start
        busy = busy_seconds() - self.busy - (self.used() - self.own)
        return min(1.0, max(0.0, busy / (seconds * (os.cpu_count() or 1))))


def others_now(seconds: float = 0.5) -> float:
    """The share of the machine that others use while nothing is measured."""
    watch = Watch([])
    time.sleep(seconds)
    return watch.others()
