"""Where the results of steps go: arrays that belong to one call, used again and again (`out=`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass
class Plan:
    """Which step writes into which buffer.

    buffers   (shape, dtype, order) of each
    targets   the buffer of a step, by its number
    """

    buffers: list[tuple[tuple[int, ...], np.dtype[Any], str]] = field(default_factory=list)
    targets: dict[int, int] = field(default_factory=dict)
