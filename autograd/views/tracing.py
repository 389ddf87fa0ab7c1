"""Running a function to draw it: names of its variables and source lines, seen as it runs."""

from __future__ import annotations

import bisect
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from autograd.value import Value
from autograd.views.names import HOME

WATCHED = 200_000  # lines after which watching stops, so that a long training loop is not slowed


class Watch:
    """Notes which source line made which serials, and what local variables hold at return."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, str]] = []
        self.names: dict[int, str] = {}
        self.budget = WATCHED

    def __call__(self, frame: FrameType, event: str, arg: object) -> Any:
        """The trace function of `sys.settrace`."""
        module = frame.f_globals.get("__name__", "")
        if (
            self.budget <= 0
            or frame.f_code.co_filename.startswith(HOME)
            or module.partition(".")[0] == "numpy"
        ):
            return None
        self.budget -= 1
        if event == "line":
            self._note(frame)
        elif event == "return":
            for name, thing in frame.f_locals.items():
                if type(thing) is Value and not name.startswith(("_", ".")):
                    self.names.setdefault(thing.serial, name)
            if frame.f_back is not None:  # the rest of the caller's line runs now
                self._note(frame.f_back)
        return self

    def _note(self, frame: FrameType) -> None:
        place = f"{frame.f_code.co_filename}:{frame.f_lineno}"
        self.lines.append((Value(0.0).serial, place))

    def source(self, serial: int) -> str:
        """The line that was running when this serial was given out."""
        at = bisect.bisect_left(self.lines, (serial, "")) - 1
        return self.lines[at][1] if at >= 0 else ""


@contextmanager
def watching(watch: Watch) -> Iterator[None]:
    """Trace lines in this thread, unless a debugger or coverage already does."""
    if sys.gettrace() is not None:
        yield
        return
    sys.settrace(watch)
    try:
        yield
    finally:
        sys.settrace(None)


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
