"""Memory that one step of a training frees and the next one takes again.

The C library of Linux gives freed memory back to the system where much of it is free, and a
training step frees all of it at its end: the next step then waits for the system to clear every
page anew, which took half of the time of a small convolutional network.  How much is kept follows
the largest array that was freed so far, up to 64 MiB.
"""

from __future__ import annotations

from typing import Final

import numpy as np

LARGEST: Final = (32 << 20) - (64 << 10)
"""In bytes, just below the largest array that counts."""


def keep_freed_memory() -> None:
    """Let the C library keep up to 64 MiB of freed memory for the arrays that follow.

    An array of 32 MiB is made and freed, without being touched, so that it costs no time and no
    memory; other C libraries are not changed by it.
    """
    np.empty(LARGEST, np.uint8)
