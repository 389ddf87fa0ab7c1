"""Elementwise steps on large arrays, computed block by block: a pass over a program.

A step at a time, an array of a million entries goes through memory for each operation.  Here all
elementwise steps that can run together do so on one block after the other, which stays in the
cache, and blocks are shared among threads.  Sums over all entries are taken on the way, in the
order in which NumPy adds: in halves, and blocks are cut where NumPy cuts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from autograd.compilation.program import Guard, Program, Register, Step, registers_in
from autograd.compilation.relabelling import regrouped, relabel, relabelled
from autograd.compilation.runs import SUMS, Run, is_filled, nanoseconds

SMALLEST: Final = 2**14
"""An array of fewer entries is in the cache as a whole."""


def is_elementwise(step: Step) -> bool:
    """Whether each entry of what a step gives depends on the same entries of its operands."""
    function, args = step.function, step.args
    if isinstance(function, np.ufunc):
        return function.nout == 1 and function.signature is None and not step.kwargs
    if function is np.where:
        return len(args) == 3 and not step.kwargs
    if function is np.astype:
        return len(args) == 2 and not step.kwargs
    return is_filled(step)


def is_sum(step: Step, shape: tuple[int, ...]) -> bool:
    """Whether a step sums all entries of an array."""
    options = dict(step.kwargs)
    axis = options.pop("axis", None if step.function is np.sum else 0)
    whole = (
        axis is None or axis == tuple(range(len(shape))) or (len(shape) == 1 and axis in (0, -1))
    )
    return (
        step.function in SUMS
        and len(step.args) == 1
        and whole
        and options.pop("keepdims", False) in (False, np._NoValue)
        and not options
    )


# --- which steps run together ---------------------------------------------------------------------
def fuse_elementwise(program: Program) -> Program:
    """The program with its elementwise steps on large arrays as runs over blocks."""
    if not any(map(is_large, program.examples.values())):
        return program
    runs = Runs(program)
    return runs.fused() if runs.members else program


class Runs:
    """The elementwise steps on large arrays, and which of them can run together.

    Steps that are one run have arrays of one shape and depend on each other within the run only.
    Runs have even phases, what comes between them odd ones.

    members  the shape of the arrays of each elementwise step and fused sum, by number
    broken   shapes of which some step broadcasts an operand: their blocks are rows
    phases   of every input and step
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.members: dict[int, tuple[int, ...]] = {}
        self.sums: set[int] = set()
        self.broken: set[tuple[int, ...]] = set()
        self.find_members()
        self.phases: dict[int, int] = dict.fromkeys(program.inputs, -1)
        self.find_phases()

    def find_members(self) -> None:
        """Find the elementwise steps on large arrays, and the sums of what they give."""
        for step in self.program.steps:
            y = self.program.examples[step.number]
            if is_large(y) and is_elementwise(step):
                if is_filled(step):
                    fits = not np.ndim(self.example(step.args[0]))
                else:
                    fits = all(self.fits(x, y.shape) for x in step.args)
                if fits:
                    self.members[step.number] = y.shape
        for step in self.program.steps:
            x = step.args[0] if step.args else None
            if type(x) is Register and x.number in self.members and not x.output:
                shape = self.members[x.number]
                if shape not in self.broken and is_sum(step, shape):
                    kind = self.program.examples[x.number].dtype
                    if kind in (np.float64, np.float32):
                        self.sums.add(step.number)

    def example(self, x: Any) -> Any:
        """What an argument was at the recording."""
        return self.program.example(x) if type(x) is Register else x

    def fits(self, x: Any, shape: tuple[int, ...]) -> bool:
        """Whether an operand can be taken block by block, or whole."""
        x = self.example(x)
        if not isinstance(x, np.ndarray) or not x.ndim:
            return isinstance(x, np.ndarray | np.generic | np.dtype | int | float | complex)
        if x.dtype.hasobject or not (x.flags.c_contiguous or is_uniform(x)):
            return False
        if x.shape != shape:
            if len(shape) < 2:
                return x.size == 1
            self.broken.add(shape)
        return True

    def find_phases(self) -> None:
        """Give every step the earliest phase at which it can be computed."""
        phases, members, sums = self.phases, self.members, self.sums
        for step in self.program.steps:
            number = step.number
            shape = members.get(number)
            if number in sums:
                shape = members[step.args[0].number]
            phase = 0 if shape is not None else 1
            for register in registers_in((step.args, step.kwargs)):
                given = register.number
                found = phases[given]
                if given in members:  # an array that a run gives
                    if members[given] != shape:
                        found += 1 if shape is None else 2
                elif found % 2 == 0 or shape is not None:  # a sum that a run gives, or no run's
                    found += (1 if found % 2 else 2) if shape is not None else 1
                phase = max(phase, found)
            phases[number] = phase

    # --- the program anew -------------------------------------------------------------------------
    def fused(self) -> Program:
        """The program with a step for each run."""
        program = self.program
        groups: dict[tuple[int, Any], list[Step]] = defaultdict(list)
        for step in program.steps:
            shape = self.members.get(step.number)
            if step.number in self.sums:
                shape = self.members[step.args[0].number]
            groups[self.phases[step.number], shape].append(step)
        kept: list[Step] = []
        renamed: dict[Register, Register] = {}
        examples, guards, count = dict(program.examples), list(program.guards), program.count
        for (_, shape), steps in sorted(groups.items(), key=lambda entry: entry[0][0]):
            if shape is None or not is_worthwhile(steps, shape):
                kept += [relabelled(step, renamed) for step in steps]
                continue
            inside = {step.number for step in steps}
            guards, finite = self.take_finite(guards, inside)
            wanted = self.wanted(inside, guards)
            for step in steps:  # an array of one number is made in no time
                if is_filled(step) and step.number in wanted:
                    wanted.remove(step.number)
                    kept.append(relabelled(step, renamed))
            run = Run(program, shape, steps, wanted, finite, shape in self.broken)
            kept.append(Step(count, run, relabel(tuple(run.inputs), renamed), {}))
            examples[count] = tuple([examples[n] for n in wanted] + [0.0] * bool(finite))
            renamed |= {Register(n): Register(count, (i,)) for i, n in enumerate(wanted)}
            if finite:
                guards.append(Guard("finite", (Register(count, (len(wanted),)),)))
            count += 1
        return regrouped(program, kept, guards, renamed, examples, count)

    def wanted(self, inside: set[int], guards: Sequence[Guard]) -> list[int]:
        """What others need of a run."""
        program = self.program
        used = [(step.args, step.kwargs) for step in program.steps if step.number not in inside]
        registers = registers_in((used, [guard.registers for guard in guards], program.outputs))
        return sorted({r.number for r in registers} & inside)

    def take_finite(
        self, guards: Sequence[Guard], inside: set[int]
    ) -> tuple[list[Guard], list[int]]:
        """The guards without those arrays of a run that must be finite, and these arrays: they are
        looked at block by block."""
        left, taken = [], []
        for guard in guards:
            rest = guard.registers
            if guard.kind == "finite":
                here = [r.number for r in rest if r.number in inside and r.number in self.members]
                taken += [n for n in here if self.program.examples[n].dtype.kind == "f"]
                rest = tuple([r for r in rest if r.number not in taken])
            if rest:
                left.append(guard._replace(registers=rest))
        return left, sorted(set(taken))


def is_large(y: Any) -> bool:
    """Whether blocks pay for what a step gave."""
    return (
        isinstance(y, np.ndarray)
        and y.size >= SMALLEST
        and not y.dtype.hasobject
        and (y.flags.c_contiguous or is_uniform(y))
    )


def is_uniform(x: Any) -> bool:
    """Whether an array is one number, seen in many places."""
    return not any(x.strides)


def is_worthwhile(steps: Sequence[Step], shape: tuple[int, ...]) -> bool:
    """Whether a run is faster than its steps: several of them, or work for several threads."""
    real = [step for step in steps if not is_filled(step)]
    return len(real) > 1 or sum(nanoseconds(step.function) for step in real) > 1.0
