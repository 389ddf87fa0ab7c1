"""A step takes the memory that the step before has freed."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

CODE = """
import resource
import numpy as np
{first}
def step():
    arrays = [np.ones(300_000, np.float32) for _ in range(10)]
for _ in range(3):
    step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(first: str) -> int:
    """How often ten steps waited for a new page."""
    command = [sys.executable, "-c", CODE.format(first=first)]
    root = Path(__file__).parent.parent.parent
    # Dask's workers set one of these, and it ends what the C library does by itself.
    plain = {name: x for name, x in os.environ.items() if not name.startswith("MALLOC_")}
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root, env=plain)
    return int(done.stdout)


def test_pages_are_cleared_once() -> None:
    with_nn = faults("import nn")
    if platform.libc_ver()[0] == "glibc":
        assert with_nn < 200
        assert faults("") > 2000, "the C library keeps its memory by itself: nn.memory may go"
