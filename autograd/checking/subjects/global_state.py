"""What a checked function may change for everybody, and how it is put back."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np


@contextmanager
def global_state_restored() -> Iterator[None]:
    """Restore the global random states and NumPy's error state after whatever happens."""
    numpy_state = np.random.get_state()
    python_state = random.getstate()
    errors = np.geterr()
    try:
        with np.errstate(all="ignore"):
            yield
    finally:
        np.seterr(**errors)
        random.setstate(python_state)
        np.random.set_state(numpy_state)
