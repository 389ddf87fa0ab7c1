"""The rules of operations on numbers as JavaScript, so that a page can compute them again.

Each row is run on numbers that write down what is done to them; no source is parsed.  What such a
number meets in the end are the functions of NumPy, and a few of our own kernels; these are spelt
in JavaScript here.
"""

from __future__ import annotations

from typing import Any

from autograd.views.snapshot import Snapshot


def scalar_program(snapshot: Snapshot) -> dict[str, Any] | None:
    """The program of a graph of real numbers; None where a node is something else."""
    return None
