"""Where the results of steps go: arrays that belong to one call, used again and again (`out=`).

A result goes into a buffer where NumPy can write it there, nobody outside sees it, and it has the
layout that NumPy would give it.  A buffer is free after the last use of what is in it, views of it
included; an elementwise function may write over an operand that is used for the last time.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd.compilation.aliases import Owners, owners
from autograd.compilation.program import Program, Register, Step
from autograd.engine.indexing import scatter

Shape = tuple[tuple[int, ...], np.dtype[Any], str]


@dataclass
class Plan:
    """Which step writes into which buffer.

    buffers   (shape, dtype, order) of each
    targets   the buffer of a step, by its number
    """

    buffers: list[Shape] = field(default_factory=list)
    targets: dict[int, int] = field(default_factory=dict)


def plan(program: Program) -> Plan:
    """Where the results of the steps go."""
    owner = owners(program)
    last = last_uses(program, owner)
    kept = frozenset[Hashable]().union(
        *[owner[y.number] for y in program.outputs if type(y) is Register]
    )
    found = Plan()
    free: dict[Shape, list[int]] = {}
    ends: dict[int, list[Hashable]] = {}
    for thing, end in last.items():
        ends.setdefault(end, []).append(thing)
    held: dict[Hashable, int] = {}

    def release(things: list[Hashable]) -> None:
        for thing in things:
            if thing in held:
                buffer = held.pop(thing)
                free.setdefault(found.buffers[buffer], []).append(buffer)

    for place, step in enumerate(program.steps):
        dying = ends.get(place, [])
        if writes_over(step):
            safe = [thing for thing in dying if is_whole(thing, step, owner)]
            release(safe)
            dying = [thing for thing in dying if thing not in safe]
        shape = shape_of(step, program)
        if shape is not None and step.number not in kept and step.number not in program.views:
            spare = free.get(shape)
            if spare:
                buffer = spare.pop()
            else:
                buffer = len(found.buffers)
                found.buffers.append(shape)
            found.targets[step.number] = buffer
            held[step.number] = buffer
        release(dying)
        if step.number in held and step.number not in last:
            release([step.number])
    return found


def last_uses(program: Program, owner: dict[int, Owners]) -> dict[Hashable, int]:
    """After which step nobody uses the memory of an owner any more."""
    last: dict[Hashable, int] = {}
    places = {step.number: i for i, step in enumerate(program.steps)}
    for i, step in enumerate(program.steps):
        for x in step.uses:
            last.update(dict.fromkeys(owner[x.number], i))
    for guard in program.guards:
        at = max(places.get(r.number, 0) for r in guard.registers)
        for r in guard.registers:
            for thing in owner[r.number]:
                last[thing] = max(last.get(thing, 0), at)
    return last


def writes_over(step: Step) -> bool:
    """Whether a step may write over an operand: each entry depends on the same entries alone."""
    return isinstance(step.function, np.ufunc) and step.function.signature is None


def is_whole(thing: Hashable, step: Step, owner: dict[int, Owners]) -> bool:
    """Whether all operands that are in some memory are the array itself, no view of it."""
    return all(x.number == thing for x in step.uses if thing in owner[x.number])


def shape_of(step: Step, program: Program) -> Shape | None:
    """The buffer that a step can write into; None where it makes its own array."""
    y = program.examples[step.number]
    if not isinstance(y, np.ndarray) or not y.ndim or not y.size or not can_write(step):
        return None
    if y.flags.c_contiguous:
        return (y.shape, y.dtype, "C")
    return (y.shape, y.dtype, "F") if y.flags.f_contiguous else None


def can_write(step: Step) -> bool:
    """Whether a function takes `out=`."""
    f = step.function
    if "out" in step.kwargs or "dtype" in step.kwargs:
        return False
    if f is scatter or f is np.dot:
        return True
    if isinstance(f, np.ufunc):
        return f.nout == 1
    return isinstance(getattr(f, "__self__", None), np.ufunc) and f.__name__ == "reduce"
