"""Registers of a program by other names, where a pass has put steps together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from autograd.compilation.program import Guard, Program, Register, Step


def relabel(x: Any, renamed: dict[Register, Register]) -> Any:
    """The arguments of a call with other registers in place of some.

    >>> relabel((Register(1), [Register(2)]), {Register(2): Register(5, (0,))})[1][0].number
    5
    """
    if type(x) is Register:
        return renamed.get(x, x)
    if isinstance(x, tuple | list):
        parts = [relabel(part, renamed) for part in x]
        return type(x)(*parts) if hasattr(x, "_fields") else type(x)(parts)
    if isinstance(x, dict):
        return {key: relabel(part, renamed) for key, part in x.items()}
    return x


def relabelled(step: Step, renamed: dict[Register, Register]) -> Step:
    """A step with other registers."""
    args, kwargs = relabel((step.args, step.kwargs), renamed)
    return step._replace(args=args, kwargs=kwargs)


def regrouped(
    program: Program,
    steps: list[Step],
    guards: list[Guard],
    renamed: dict[Register, Register],
    examples: dict[int, Any],
    count: int,
) -> Program:
    """A program of other steps, in which results have other places."""
    return replace(
        program,
        steps=steps,
        guards=[g._replace(registers=relabel(g.registers, renamed)) for g in guards],
        outputs=relabel(program.outputs, renamed),
        examples=examples,
        count=count,
    )
