"""The passes: each takes a program and gives one that computes the same in fewer steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from autograd.compilation.program import Program

Pass = Callable[[Program], Program]


PASSES: Final[list[Pass]] = []
"""The passes in the order in which they run; the buffers are planned after the last."""


def optimise(program: Program) -> Program:
    """The program after all passes."""
    for change in PASSES:
        program = change(program)
    return program
