"""Where an exception of the checked function comes from, in the words of a report."""

from __future__ import annotations

import linecache
import os
import random
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

import numpy as np

import autograd

PACKAGE = os.path.dirname(os.path.abspath(autograd.__file__)) + os.sep


def describe(error: BaseException) -> str:
    """Type and message of an exception on one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:300]


def location(error: BaseException) -> str:
    """`file:line in function: code` of the user's line that raised, "" if there is none.

    The innermost frame outside this library and outside NumPy; "" where there is none.
    """
    return frame_of(error.__traceback__)


def frame_of(trace: TracebackType | None) -> str:
    """The user's innermost frame of a traceback in words."""
    frames = traceback.extract_tb(trace)
    library = os.path.dirname(os.path.abspath(np.__file__)) + os.sep
    own = [f for f in frames if not f.filename.startswith((PACKAGE, library))]
    if not own:
        return ""
    frame = own[-1]
    line = (frame.line or linecache.getline(frame.filename, frame.lineno or 0)).strip()
    return f"{frame.filename}:{frame.lineno} in {frame.name}: {line}"


@contextmanager
def untouched() -> Iterator[None]:
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
