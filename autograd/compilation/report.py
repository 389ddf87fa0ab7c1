"""What compiling a function saved, in numbers and in words."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from autograd.compilation.buffers import Plan
from autograd.compilation.program import Program


@dataclass
class Report:
    """What became of one program of a compiled function; `print` shows it.

    recorded       how many calls were recorded
    run            how many are run
    saved          how many were dropped, by reason
    guards         how many decisions are looked at, at each call
    buffers        how many arrays are kept for results, and their bytes
    reused         how many results go into these, and the bytes that NumPy would allocate for them
    compared       what the function captures that is compared at each call
    effects        names of functions with an effect, which happens when it is recorded and never
                   again
    programs       how many signatures the function was recorded for
    eager          how many calls ran the function as it is, because a decision differed
    why_eager      why no program was made, where none was
    """

    name: str
    recorded: int
    run: int
    saved: dict[str, int]
    guards: int
    buffers: tuple[int, int]
    reused: tuple[int, int]
    compared: list[str]
    effects: list[str]
    programs: int
    eager: int
    why_eager: str = field(default="")

    def __str__(self) -> str:
        if self.why_eager:
            return f"{self.name}: runs as it is, because {self.why_eager}"
        saved = ", ".join(f"{count} {reason}" for reason, count in self.saved.items() if count)
        lines = [f"{self.name}: {self.recorded} calls recorded, {self.run} are run"]
        if saved:
            lines.append(f"  dropped: {saved}")
        if self.buffers[0]:
            lines.append(
                f"  memory: {self.reused[0]} results ({amount(self.reused[1])}) go into "
                f"{self.buffers[0]} arrays ({amount(self.buffers[1])}) that are used again"
            )
        lines.append(f"  decisions of the engine looked at in each call: {self.guards}")
        if self.compared:
            lines.append(f"  compared at each call, because it may change: {listed(self.compared)}")
        if self.effects:
            lines.append(
                f"  effects, which happen at the recording and never again: {listed(self.effects)}"
            )
        lines.append(
            f"  signatures: {self.programs}, calls that ran the function itself: {self.eager}"
        )
        return "\n".join(lines)


def amount(count: int) -> str:
    """Bytes as one reads them.

    >>> amount(2_500)
    '2.5 kB'
    """
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count} bytes"


def listed(names: list[str]) -> str:
    """At most ten names."""
    more = ", ..." if len(names) > 10 else ""
    return ", ".join(names[:10]) + more


def memory_of(program: Program, plan: Plan) -> tuple[tuple[int, int], tuple[int, int]]:
    """The number and the bytes of the buffers, and of the results that go into them."""
    sizes = [int(np.prod(shape)) * dtype.itemsize for shape, dtype, _ in plan.buffers]
    results = [program.examples[number].nbytes for number in plan.targets]
    return (len(sizes), sum(sizes)), (len(results), sum(results))
