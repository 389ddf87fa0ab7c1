"""The passes: each takes a program and gives one that computes the same, bit for bit, in fewer or
cheaper steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from autograd.compilation.aliases import find_views, owners, protected
from autograd.compilation.blocks import fuse_elementwise
from autograd.compilation.cheaper import (
    arrays_for_numbers,
    call_ufuncs,
    drop_broadcasts,
    fuse_finite,
    multiply_by_dot,
    sum_of_picked,
)
from autograd.compilation.folding import changed, simplify
from autograd.compilation.program import Program, Register, Step
from autograd.compilation.random import Draw
from autograd.compilation.scalars import group_numbers

Pass = Callable[[Program], Program]


def decides(step: Step) -> bool:
    """Whether a step looks at what the engine decided by, besides what it gives."""
    return bool(getattr(step.function, "decides", False))


def drop_dead(program: Program) -> Program:
    """Without steps that nobody uses; what draws random numbers stays."""
    needed = {y.number for y in program.outputs if type(y) is Register}
    needed |= {r.number for guard in program.guards for r in guard.registers}
    steps = []
    for step in reversed(program.steps):
        if step.number in needed or isinstance(step.function, Draw) or decides(step):
            steps.append(step)
            needed |= {r.number for r in step.uses}
    dead = program.saved.get("unused", 0) + len(program.steps) - len(steps)
    return changed(program, steps=steps[::-1], saved={**program.saved, "unused": dead})


SHORTER: Final[list[Pass]] = [
    *(fuse_finite, drop_dead, simplify, call_ufuncs, sum_of_picked, simplify),
    *(drop_broadcasts, drop_dead),
    *(arrays_for_numbers, multiply_by_dot),
]
"""The passes after which each step is still a call of NumPy, for every backend."""

PASSES: Final[list[Pass]] = [group_numbers, *SHORTER, fuse_elementwise]
"""The passes in the order in which they run: numbers first, since there may be tens of thousands of
them, which are a step or two then, and runs over blocks last, of what is left.  After the last,
outputs that would share memory get their own, and the buffers are planned."""


def optimise(program: Program, passes: list[Pass] = PASSES) -> Program:
    """The program after all passes."""
    if group_numbers in passes:  # numbers share no memory: nothing to be known of tens of thousands
        program = group_numbers(program)
    program = changed(program, views=find_views(program))
    before = owners(program)
    changed_program = program
    for change in passes:
        if change is not group_numbers:
            changed_program = change(changed_program)
    return protected(program, before, changed_program)
