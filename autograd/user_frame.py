"""Whose code is running: the one place that tells the user's frames from the library's."""

from __future__ import annotations

import linecache
import os
import sys
from types import FrameType, TracebackType

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
LIBRARIES = (
    HERE + os.sep,
    os.path.join(os.path.dirname(HERE), "nn") + os.sep,
    os.path.dirname(os.path.abspath(np.__file__)) + os.sep,
)
"""Files below these folders are not the user's: this package, `nn`, NumPy."""

NOTEBOOK = ("IPython.", "traitlets")
"""Modules with which a notebook runs a cell and shows its result."""


def is_library(frame: FrameType) -> bool:
    """True for a frame of this library, of NumPy, or of a notebook's machinery."""
    if frame.f_code.co_filename.startswith(LIBRARIES):
        return True
    return str(frame.f_globals.get("__name__", "")).startswith(NOTEBOOK)


def calling_frame() -> FrameType | None:
    """The innermost frame of the user's that is running; None where there is none, or where this
    Python cannot read frames."""
    try:
        frame: FrameType | None = sys._getframe(1)
    except (AttributeError, ValueError):
        return None
    while frame is not None and is_library(frame):
        frame = frame.f_back
    return frame


def calling_line() -> str:
    """`file:line` of the user's code that is running; "" where it is unknown."""
    frame = calling_frame()
    return "" if frame is None else f"{frame.f_code.co_filename}:{frame.f_lineno}"


def raising_line(trace: TracebackType | None) -> str:
    """`file:line in function: code` of the user's innermost frame in a traceback; "" without."""
    found = ""
    while trace is not None:
        frame = trace.tb_frame
        if not is_library(frame):
            code = frame.f_code
            place = f"{code.co_filename}:{trace.tb_lineno}"
            found = f"{place} in {code.co_name}: {source_text(place)}"
        trace = trace.tb_next
    return found


def source_text(place: str) -> str:
    """The text of the line at `file:line`; "" where it cannot be read."""
    name, _, line = place.rpartition(":")
    return linecache.getline(name, int(line)).strip() if line.isdecimal() else ""


def with_text(place: str) -> str:
    """`file:line: text of the line`."""
    text = source_text(place)
    return f"{place}: {text}" if text else place
