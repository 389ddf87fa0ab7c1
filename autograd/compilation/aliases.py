"""Whose memory is whose: results that are views, and outputs that must not share memory."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np

from autograd.compilation.program import Program, Register, Step


def shares(y: Any, x: Any) -> bool:
    """Whether two results of calls have memory in common."""
    if isinstance(y, tuple | list):
        return any(shares(part, x) for part in y)
    if isinstance(x, tuple | list):
        return any(shares(y, part) for part in x)
    if not isinstance(y, np.ndarray) or not isinstance(x, np.ndarray):
        return False
    return bool(np.may_share_memory(y, x))


def is_view(y: Any) -> bool:
    """Whether what a call gave may be a view of something."""
    if isinstance(y, tuple | list):
        return any(map(is_view, y))
    return isinstance(y, np.ndarray)


def owners(program: Program) -> dict[int, Hashable]:
    """For each input and step whose memory it is: the number of the one that made it, or
    ("constant", id)."""
    found: dict[int, Hashable] = {number: number for number in program.inputs}
    for step in program.steps:
        found[step.number] = owner_of(step, program, found)
    return found


def owner_of(step: Step, program: Program, known: dict[int, Hashable]) -> Hashable:
    """Whose memory the result of a step is."""
    y = program.examples[step.number]
    if not is_view(y) or (isinstance(step.function, np.ufunc) and not isinstance(y, tuple)):
        return step.number
    for x in step.uses:
        if shares(y, program.example(x)):
            return known[x.number]
    for x in constants_in((step.args, step.kwargs)):
        if shares(y, x):
            return ("constant", id(x))
    return step.number


def constants_in(x: Any) -> list[Any]:
    """The arrays among the arguments of a call."""
    if isinstance(x, tuple | list) and type(x) is not Register:
        return [y for part in x for y in constants_in(part)]
    if isinstance(x, dict):
        return [y for part in x.values() for y in constants_in(part)]
    return [x] if isinstance(x, np.ndarray) else []


def protected(recorded: Program, before: dict[int, Hashable], program: Program) -> Program:
    """The program with a copy of each output that would share memory with an argument, a constant
    or another output, where it did not at the recording."""
    after = owners(program)
    steps, outputs = list(program.steps), list(program.outputs)
    taken: dict[Hashable, Hashable] = {}
    count = program.count
    examples = dict(program.examples)
    for i, (old, new) in enumerate(zip(recorded.outputs, program.outputs, strict=True)):
        if type(old) is not Register:
            continue
        example = recorded.example(old)
        if not isinstance(example, np.ndarray):
            continue
        was = before[old.number]
        now = after[new.number] if type(new) is Register else ("constant", id(new))
        foreign = now != was and (now in program.inputs or isinstance(now, tuple))
        if foreign or taken.setdefault(now, was) != was:
            steps.append(Step(count, np.copy, (new,), {"order": "K"}))
            examples[count] = example
            outputs[i] = Register(count)
            count += 1
    return Program(
        **{
            **vars(program),
            "steps": steps,
            "outputs": outputs,
            "count": count,
            "examples": examples,
        }
    )
