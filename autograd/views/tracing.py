"""Running a function to draw it: names of its variables and source lines, seen as it runs."""

from __future__ import annotations

import bisect
import inspect
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import numpy as np

from autograd.engine.value import Value
from autograd.views.names import HOME

LIBRARIES = (HOME, os.path.dirname(os.path.abspath(np.__file__)) + os.sep)
WATCHED = 400_000  # events after which watching stops, so that a long training is not slowed


class Watch:
    """Notes which source line made which serials, and what local variables hold at return.

    It listens to calls only (`sys.setprofile`), which neither debuggers nor coverage use: every
    operation is a call from the user's code into this library.
    """

    def __init__(self) -> None:
        self.lines: list[tuple[int, str]] = []
        self.names: dict[int, str] = {}
        self.budget = WATCHED

    def __call__(self, frame: FrameType, event: str, arg: object) -> None:
        """The function that `sys.setprofile` calls."""
        if self.budget <= 0 or event not in ("call", "return"):
            return
        self.budget -= 1
        if event == "call":
            caller = frame.f_back
            if caller is not None and _ours(frame) and not _ours(caller):
                place = f"{caller.f_code.co_filename}:{caller.f_lineno}"
                self.lines.append((Value(0.0).serial, place))
        elif not _ours(frame):
            for name, thing in frame.f_locals.items():
                if type(thing) is Value and not name.startswith(("_", ".")):
                    self.names.setdefault(thing.serial, name)

    def source(self, serial: int) -> str:
        """The line that was running when this serial was given out."""
        at = bisect.bisect_left(self.lines, (serial, "")) - 1
        return self.lines[at][1] if at >= 0 else ""


def _ours(frame: FrameType) -> bool:
    """True for frames of this library and of NumPy."""
    return frame.f_code.co_filename.startswith(LIBRARIES)


@contextmanager
def watching(watch: Watch) -> Iterator[None]:
    """Listen in this thread, unless a profiler already does."""
    if sys.getprofile() is not None:
        yield
        return
    sys.setprofile(watch)
    try:
        yield
    finally:
        sys.setprofile(None)


def parameter_names(f: Callable[..., Any], count: int) -> list[str]:
    """Names of the first `count` positional parameters, `x0`, `x1`, ... where they are unknown."""
    names = [f"x{i}" for i in range(count)]
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):
        return names
    for i, parameter in enumerate(parameters[:count]):
        if parameter.kind is parameter.VAR_POSITIONAL:
            names[i:] = [f"{parameter.name}[{k}]" for k in range(count - i)]
            break
        names[i] = parameter.name
    return names
