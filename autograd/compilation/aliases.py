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


Owners = frozenset[Hashable]


class OwnerMap(dict[int, Owners]):
    """What is no view is its own: only views are kept."""

    def __missing__(self, number: int) -> Owners:
        return frozenset((number,))


def find_views(program: Program) -> set[int]:
    """The steps of a recording whose result shares memory with an argument."""
    return {step.number for step in program.steps if gives_view(step, program)}


def gives_view(step: Step, program: Program) -> bool:
    """Whether the result of a step shares memory with an argument."""
    y = program.examples[step.number]
    if not is_view(y) or (isinstance(step.function, np.ufunc) and not isinstance(y, tuple)):
        return False
    return any(shares(y, program.example(x)) for x in step.uses) or any(
        shares(y, x) for x in constants_in((step.args, step.kwargs))
    )


def owners(program: Program) -> dict[int, Owners]:
    """For each input and step whose memory its result is: the numbers of those that made it, or
    ("constant", id)."""
    found = OwnerMap()
    for step in program.steps if program.views else ():
        if step.number in program.views:
            arrays = [("constant", id(x)) for x in constants_in((step.args, step.kwargs))]
            found[step.number] = frozenset(arrays).union(*[found[x.number] for x in step.uses])
    return found


def constants_in(x: Any) -> list[Any]:
    """The arrays among the arguments of a call."""
    if isinstance(x, tuple | list) and type(x) is not Register:
        return [y for part in x for y in constants_in(part)]
    if isinstance(x, dict):
        return [y for part in x.values() for y in constants_in(part)]
    return [x] if isinstance(x, np.ndarray) else []


def protected(recorded: Program, before: dict[int, Owners], program: Program) -> Program:
    """The program with a copy of each output that would share memory with an argument, a constant
    or another output, where it did not at the recording."""
    after = owners(program)
    steps, outputs = list(program.steps), list(program.outputs)
    taken: list[tuple[Owners, Owners]] = []
    count = program.count
    examples = dict(program.examples)
    for i, (old, new) in enumerate(zip(recorded.outputs, program.outputs, strict=True)):
        example = recorded.example(old) if type(old) is Register else None
        if type(old) is not Register or not isinstance(example, np.ndarray):
            continue
        was = before[old.number]
        now: Owners
        now = after[new.number] if type(new) is Register else frozenset((("constant", id(new)),))
        foreign = any(x in program.inputs or isinstance(x, tuple) for x in now - was)
        if foreign or any(now & other and not was & then for other, then in taken):
            steps.append(Step(count, np.copy, (new,), {"order": "K"}))
            examples[count] = example
            outputs[i] = Register(count)
            count += 1
        else:
            taken.append((now, was))
    return Program(
        **{
            **vars(program),
            "steps": steps,
            "outputs": outputs,
            "count": count,
            "examples": examples,
        }
    )
