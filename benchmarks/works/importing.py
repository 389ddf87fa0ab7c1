"""`import` in a new process, without the time that Python itself needs to start."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial

from benchmarks.work import (
    COMPILED,
    EAGER,
    HAND,
    HIPS,
    JAX,
    JIT,
    MICROGRAD,
    MYGRAD,
    TORCH,
    Step,
    Work,
)


def nothing() -> tuple[()]:
    return ()


def importing(name: str) -> Step:
    """The step returns its seconds: the imported package times itself."""
    code = f"import time; t = time.perf_counter(); import {name}; print(time.perf_counter() - t)"
    words = [sys.executable, "-P", "-c", code]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.argv[2:])}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def step() -> float:
        done = subprocess.run(words, env=environment, capture_output=True, check=True)
        return float(done.stdout)

    return step


WORKS = (
    Work(
        name="import",
        title="import of the package in a new process (the limit: NumPy's)",
        outputs="nothing",
        dtype="",
        problem=nothing,
        by={
            HAND: partial(importing, "numpy"),
            EAGER: partial(importing, "autograd"),
            MICROGRAD: partial(importing, "micrograd.engine"),
            HIPS: partial(importing, "autograd.numpy"),
            MYGRAD: partial(importing, "mygrad"),
            TORCH: partial(importing, "torch"),
            JAX: partial(importing, "jax.numpy"),
        },
        without={COMPILED: "the same package", JIT: "the same package"},
        own_clock=True,
    ),
)
