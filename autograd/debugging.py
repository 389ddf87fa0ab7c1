"""`with autograd.debug():` the first operation that goes wrong, with the user's own source line.

Off, it costs next to nothing (a test for None): on entry it asks to see every Value that is
computed and every contribution of the reverse walk; on leaving, both are as before.
"""

from __future__ import annotations

import linecache
import os
import sys
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from autograd.engine import reverse, value
from autograd.engine.cotangents import unwrap
from autograd.engine.primitive import OutputTuple
from autograd.engine.strong_zero import is_finite
from autograd.engine.value import Value

PACKAGE = os.path.dirname(os.path.abspath(__file__))
OURS = (PACKAGE + os.sep, os.path.join(os.path.dirname(PACKAGE), "nn") + os.sep)
LIBRARIES = (os.path.dirname(os.path.abspath(np.__file__)) + os.sep,)

_watched: ContextVar[bool] = ContextVar("debug", default=False)
_lock = threading.Lock()
_users = 0


class NonFiniteError(FloatingPointError):
    """An operation yielded NaN or infinity; `node` is the Value (None in a plain call)."""

    node: Value | None = None


class ChangedArrayError(RuntimeError):
    """An array was changed between forward and backward; `node` is the Value that used it."""

    node: Value | None = None


@contextmanager
def debug() -> Iterator[None]:
    """Watch every operation of this thread for a `with` block.

    Raises `NonFiniteError` at the first operation, forward or backward, that yields NaN or
    infinity, and `ChangedArrayError` where an array was changed between forward and backward; both
    name the operation, its inputs and the line of the user's program.  Nodes made inside know their
    source line (`v.source`).

    >>> from autograd import Value, debug
    >>> with debug():
    ...     Value(0.0, label="p").log()  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    autograd.debugging.NonFiniteError: log yields -inf (forward)
      input 0  p = 0.0
      at ...
    """
    token = _watched.set(True)
    switch(+1)
    try:
        yield
    finally:
        switch(-1)
        _watched.reset(token)


def switch(step: int) -> None:
    """Put the checks in place for the first user, and take them away after the last."""
    global _users
    with _lock:
        _users += step
        value.watch = watch_node if _users else None
        reverse.CHECKS.clear()
        if _users:
            reverse.CHECKS["contribution"] = check_contribution


def watch_node(v: Value) -> None:
    """Called for every Value that is computed."""
    if _watched.get() and v.op is not None:
        prints = [fingerprint(unwrap(x)) for x in (v, *v.inputs)]
        v._notes = {"source": user_line(), "prints": prints}
        if not is_finite(v.data):
            report(v, f"{v.op.name} yields {first_bad(v.data)} (forward)", None)


def check_contribution(v: Value, x: Value, c: Any, g: Any) -> None:
    """Called for every contribution c of the node v to its input x, from the cotangent g."""
    if not _watched.get() or v.op is None:
        return
    prints = (v._notes or {}).get("prints")
    if prints:
        for slot, (before, item) in enumerate(zip(prints, (v, *v.inputs), strict=True)):
            if fingerprint(unwrap(item)) != before:
                what = "the outcome" if slot == 0 else f"input {slot - 1}"
                raise_for(
                    ChangedArrayError,
                    v,
                    f"{what} of {v.op.name} was changed between forward and backward: "
                    "the gradient would be wrong. Change it after backward, or give a copy",
                    None,
                )
    if not is_finite(unwrap(c)):
        report(v, f"the derivative of {v.op.name} yields {first_bad(unwrap(c))} (backward)", g)


def report(v: Value, headline: str, g: Any) -> None:
    """Raise NonFiniteError for a node."""
    raise_for(NonFiniteError, v, headline, g)


def raise_for(
    kind: type[NonFiniteError] | type[ChangedArrayError], v: Value, headline: str, g: Any
) -> None:
    """An error about a node: what happened, its inputs, the user's line."""
    lines = [headline]
    lines += [f"  input {i}  {described(x)}" for i, x in enumerate(v.inputs)]
    if g is not None:
        lines.append(f"  incoming gradient  {described(g)}")
    lines.append(f"  at {located(v.source) if v.source else 'a line outside debug()'}")
    error = kind("\n".join(lines))
    error.node = v
    raise error


def described(x: Any) -> str:
    """One line on an input: its name, and its value or a summary."""
    name = f"{x.label or 'Value'} = " if type(x) is Value else ""
    data = unwrap(x)
    if isinstance(data, OutputTuple) or np.ndim(data) == 0:
        return f"{name}{data!r}"
    bad = int(np.size(data) - np.count_nonzero(np.isfinite(data)))
    text = f"{name}array of shape {np.shape(data)}, {np.asarray(data).dtype}"
    if np.size(data) and not np.iscomplexobj(data):
        text += f", min {np.min(data):.6g}, max {np.max(data):.6g}"
    return text + (f", {bad} not finite" if bad else "")


def first_bad(data: Any) -> str:
    """The first entry that is not finite, and where it stands."""
    parts = data if isinstance(data, OutputTuple) else (data,)
    for part in parts:
        array = np.asarray(part)
        bad = np.argwhere(~np.isfinite(array))
        if len(bad):
            place = tuple(int(i) for i in bad[0])
            where = (
                f" at {list(place)} and {len(bad) - 1} more"
                if len(bad) > 1
                else f" at {list(place)}"
            )
            return f"{array[place]}{where if place else ''}"
    return "a finite value"


def fingerprint(data: Any) -> int | None:
    """A checksum of an array; None for numbers, which nobody can change."""
    if not isinstance(data, np.ndarray):
        return None
    return zlib.crc32(np.ascontiguousarray(data).tobytes())


def user_line() -> str:
    """file:line of the innermost frame that is neither ours nor NumPy's."""
    frame = sys._getframe(2)
    while frame is not None and frame.f_back is not None:
        name = frame.f_code.co_filename
        if not name.startswith(OURS) and not name.startswith(LIBRARIES):
            break
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


def located(source: str) -> str:
    """The source place with the text of its line."""
    name, _, line = source.rpartition(":")
    text = linecache.getline(name, int(line)).strip()
    return f"{source}: {text}" if text else source
