"""What the caller of a check may set."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Options:
    """What the caller may set; nothing here is a tolerance."""

    seed: int = 0
    order: int = 2
    points: bool = True
    evaluations: int = 400_000
    seconds: float = 60.0
    progress: bool | None = None
    explain: bool = True
