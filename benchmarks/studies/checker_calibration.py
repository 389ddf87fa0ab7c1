"""How often an error bar is violated, and how often there is an answer, on generated functions.

    python -m benchmarks.studies.checker_calibration [COUNT] [FIRST]

COUNT functions (2000) from the number FIRST (0) on, in float64, and a quarter as many with float32
and with float16 inside.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.checking import numeric_grad
from tests.checking.numeric.generated import Generated, draw, half, single

KINDS: dict[str, tuple[Callable[[Generated], Callable[[Any], Any]], int, bool, float]] = {
    "float64": (lambda case: case.f, 1, True, 0.0),
    "float32 inside": (single, 4, True, 1.2e-38),
    "float16 inside": (half, 4, False, 6.1e-5),
}
"""The form of a function, one in how many, whether at hard points, and the smallest normal number:
a slope that moves the output by less over the size of the point is not there to be seen."""


def usable(case: Generated, f: Callable[[Any], Any]) -> bool:
    """Whether the function and its derivative are numbers at the point."""
    with np.errstate(all="ignore"):
        return bool(np.isfinite(f(np.float64(case.x))) and np.isfinite(case.slope))


def calibrate(name: str, count: int, first: int) -> None:
    """Print the violated bars and the conclusive ones of one kind."""
    form, share, hard, tiny = KINDS[name]
    violated, clear, total = [], 0, 0
    started = time.perf_counter()
    for seed in range(first, first + count // share):
        case = draw(seed, hard)
        f = form(case)
        if not usable(case, f):
            continue
        total += 1
        gradient, bar = numeric_grad(f, case.x)
        if not abs(gradient - case.slope) <= bar + tiny / max(abs(case.x), 1e-300):
            violated.append(seed)
        clear += bool(bar <= 0.3 * abs(case.slope) or bar <= 1e-25)
    seconds = time.perf_counter() - started
    print(
        f"{name:16} {total:6} functions    violated {len(violated):3} (1 in "
        f"{total // max(len(violated), 1)})    conclusive {clear / max(total, 1):.1%}    "
        f"{1e3 * seconds / max(total, 1):.1f} ms each    {violated[:12]}"
    )


def main() -> None:
    """Calibrate all kinds."""
    numbers = [int(text) for text in sys.argv[1:]]
    count, first = [*numbers, *[2000, 0][len(numbers) :]]
    for name in KINDS:
        calibrate(name, int(count), int(first))


if __name__ == "__main__":
    main()
