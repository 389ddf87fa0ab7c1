"""How much memory a call takes."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

SIZE = 20_000
BYTES = 8 * SIZE


def peak_of(call: Callable[[], Any]) -> float:
    """The most memory in use during a call, in arrays of SIZE float64 numbers."""
    call()
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1] / BYTES
    finally:
        tracemalloc.stop()
