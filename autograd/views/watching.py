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
from autograd.user_frame import is_library
from autograd.views.scopes import Call

STANDARD = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
MOST_EVENTS = 400_000  # events after which watching stops, so that a long training is not slowed


class CallWatcher:
    """Notes which source line made which serials, and what local variables hold at return.

    It listens to calls only (`sys.setprofile`), which neither debuggers nor coverage use: every
    operation is a call from the user's code into this library.
    """

    def __init__(self) -> None:
        self.lines: list[tuple[int, str]] = []
        self.names: dict[int, str] = {}
        self.arrays: dict[int, tuple[str, object]] = {}
        self.budget = MOST_EVENTS
        self.whole = Call("", None, 0)
        self.running = [self.whole]

    def __call__(self, frame: FrameType, event: str, arg: object) -> None:
        """The function that `sys.setprofile` calls."""
        if self.budget <= 0 or event not in ("call", "return"):
            return
        self.budget -= 1
        own = not is_library(frame)
        if (own and is_function(frame)) or is_layer(frame):
            self.note_call(frame, event == "call")
        if event == "call":
            if not own:
                self.note_line(frame.f_back)
        elif own:
            for name, thing in frame.f_locals.items():
                if name.startswith(("_", ".")):
                    continue
                if type(thing) is Value:
                    self.names.setdefault(thing.serial, name)
                elif type(thing) is np.ndarray:
                    self.arrays.setdefault(id(thing), (name, thing))
            caller = frame.f_back
            if caller is not None and is_library(caller):  # the user's own primitive ends
                while caller is not None and is_library(caller):
                    caller = caller.f_back
                self.note_line(caller)

    def note_call(self, frame: FrameType, begins: bool) -> None:
        """A function of the user's, or a layer of `nn`, begins or ends."""
        if begins:
            first = frame.f_code.co_varnames[:1] == ("self",)
            thing = frame.f_locals.get("self") if first else None
            call = Call(frame.f_code.co_name, thing, Value(0.0).serial)
            self.running[-1].inner.append(call)
            self.running.append(call)
        elif len(self.running) > 1:
            self.running.pop().last = Value(0.0).serial

    def calls(self) -> list[Call]:
        """The calls inside the function that was watched; none where watching stopped early."""
        if self.budget <= 0:
            return []
        outermost = [call for call in self.whole.inner if call.last]
        return outermost[0].inner if len(outermost) == 1 else outermost

    def note_line(self, frame: FrameType | None) -> None:
        """From the next serial on, the running line is that of this frame, if it is the user's."""
        if frame is not None and not is_library(frame):
            place = f"{frame.f_code.co_filename}:{frame.f_lineno}"
            self.lines.append((Value(0.0).serial, place))

    def source(self, serial: int) -> str:
        """The line that was running when this serial was given out."""
        at = bisect.bisect_left(self.lines, (serial, "")) - 1
        return self.lines[at][1] if at >= 0 else ""


def is_function(frame: FrameType) -> bool:
    """True for a function with a name that is not Python's own."""
    code = frame.f_code
    own = code.co_filename.startswith(STANDARD) and "site-packages" not in code.co_filename
    return not own and not code.co_name.startswith("<")


def is_layer(frame: FrameType) -> bool:
    """True for the call of a layer or network of the package `nn`."""
    if frame.f_code.co_name != "__call__":
        return False
    return str(frame.f_globals.get("__name__", "")).partition(".")[0] == "nn"


@contextmanager
def watch_calls(watch: CallWatcher) -> Iterator[None]:
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
