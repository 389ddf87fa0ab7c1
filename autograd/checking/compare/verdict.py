"""Verdicts, and what is found out about one input."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from autograd.checking.numeric.probe import Floats


class Verdict(StrEnum):
    """The result of a check; a string, so that `report.verdict == "PASS"` reads well.

    >>> Verdict.PASS == "PASS"
    True
    """

    PASS = "PASS"
    FAIL = "FAIL"
    KINK = "KINK"
    INCONCLUSIVE = "INCONCLUSIVE"
    NONDETERMINISTIC = "NONDETERMINISTIC"
    ERROR = "ERROR"


SEVERITY = (
    Verdict.ERROR,
    Verdict.NONDETERMINISTIC,
    Verdict.FAIL,
    Verdict.INCONCLUSIVE,
    Verdict.KINK,
    Verdict.PASS,
)
"""The most severe first."""


def json_number(x: Any) -> Any:
    """A number as JSON has it: "nan", "inf" and "-inf" as text."""
    return str(x) if isinstance(x, float) and not math.isfinite(x) else x


@dataclass
class Worst:
    """The entry with the largest error: d `output` / d `entry`, as text and numbers."""

    output: str
    entry: str
    backward: float
    numeric: float
    bar: float
    left: float = float("nan")
    right: float = float("nan")

    def line(self) -> str:
        """One line of a report."""
        bar = f"+- {self.bar:.1g}"
        digits = self.digits()
        shown = f"{self.numeric:.{digits}g} {bar}"
        if self.left == self.left and self.right == self.right:
            shown = f"slopes {self.left:.7g} (left), {self.right:.7g} (right) {bar}"
        backward = f"{self.backward:.{digits}g}"
        return f"d {self.output} / d {self.entry}    backward {backward}    numeric {shown}"

    def numbers(self) -> str:
        """Both numbers, for the edge of a drawing."""
        digits = self.digits()
        return f"backward {self.backward:.{digits}g}, numeric {self.numeric:.{digits}g}"

    def digits(self) -> int:
        """How many digits show that the two numbers differ."""
        for digits in (7, 10, 13):
            if f"{self.backward:.{digits}g}" != f"{self.numeric:.{digits}g}":
                return digits
        return 16


@dataclass
class InputResult:
    """What was found for one input: its verdict, the resolution, the worst entry and the reasons.

    `resolution` is the largest error that could have gone unseen, relative to the largest
    gradient entry of the input; `valid` is False for a kink whose value is no subgradient, and
    `at_kinks_only` True where nothing else is wrong. `kink` and `jump` say that the function bends
    or jumps there, whatever the verdict; `infinite` counts the entries whose slope is infinite, as
    claimed. `errors` are the relative errors of all entries; of a large input `error_map` measures
    them when a picture asks for them.
    """

    name: str
    position: int
    shape: tuple[int, ...]
    verdict: Verdict
    resolution: float = float("inf")
    valid: bool = True
    worst: Worst | None = None
    findings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    errors: Floats | None = None
    error_map: Callable[[], Floats] | None = field(default=None, repr=False)
    kink: bool = False
    at_kinks_only: bool = False
    jump: bool = False
    infinite: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain data, ready for JSON."""
        return {
            "name": self.name,
            "position": self.position,
            "shape": list(self.shape),
            "verdict": self.verdict.value,
            "resolution": json_number(self.resolution),
            "valid": self.valid,
            "worst": None
            if self.worst is None
            else {key: json_number(x) for key, x in vars(self.worst).items()},
            "kinds": list(self.kinds),
            "findings": list(self.findings),
            "notes": list(self.notes),
        }


def most_severe(results: list[InputResult]) -> Verdict:
    """The verdict over all inputs."""
    if not results:
        return Verdict.INCONCLUSIVE
    return min((r.verdict for r in results), key=SEVERITY.index)


def verdict_of(wrong: bool, unclear: bool, kink: bool, valid: bool) -> Verdict:
    """The most severe of what was found in one input; a kink with an invalid value is a FAIL."""
    if wrong or (kink and not valid):
        return Verdict.FAIL
    if unclear:
        return Verdict.INCONCLUSIVE
    return Verdict.KINK if kink else Verdict.PASS
