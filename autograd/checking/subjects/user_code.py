"""The user's own function behind its wrappers: its name, and the line where it is written."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import MethodType
from typing import Any

from autograd import user_frame
from autograd.engine.primitive import Primitive
from autograd.extend import custom_vjp


def name_of(f: Any) -> str:
    """What a report calls a function; a wrapper without a name goes by that of what it wraps."""
    while isinstance(f, partial):
        f = f.func
    if isinstance(f, custom_vjp):
        return f.op.name
    return getattr(f, "__name__", None) or getattr(f, "name", None) or type(f).__name__


def unwrapped(f: Any) -> Any:
    """The function that the user wrote, behind `primitive`, `custom_vjp`, `functools.wraps`,
    `partial` and bound methods.

    >>> from functools import partial
    >>> unwrapped(partial(name_of, len)) is name_of
    True
    """
    for _ in range(100):  # wrappers can form a ring
        inner = next_inner(f)
        if inner is None:
            return f
        f = inner
    return f


def next_inner(f: Any) -> Any:
    """What one wrapper wraps; None for a function that wraps nothing."""
    if isinstance(f, partial):
        return f.func
    if isinstance(f, MethodType):
        return written_pair(f.__self__) if isinstance(f.__self__, custom_vjp) else f.__func__
    if isinstance(f, custom_vjp):
        return written_pair(f)
    if isinstance(f, Primitive):
        return f.fn
    row = getattr(f, "primitive", None)
    if isinstance(row, Primitive):
        return row.fn
    inner = getattr(f, "__wrapped__", None)
    if inner is not None:
        return inner
    if hasattr(f, "__code__") or isinstance(f, type):
        return None
    return getattr(type(f).__call__, "__code__", None) and type(f).__call__


def written_pair(f: custom_vjp) -> Callable[..., Any]:
    """Of the functions in a `custom_vjp`: the decorated one, else the forward of the pair."""
    code = getattr(f.plain, "__code__", None)
    ours = code is not None and code.co_filename.startswith(user_frame.HERE)
    return f.forward if ours and f.forward is not None else f.plain


def source_of(f: Any) -> str:
    """`file:line` of the user's own function; "" where Python does not know it (C functions)."""
    code = getattr(unwrapped(f), "__code__", None)
    return f"{code.co_filename}:{code.co_firstlineno}" if code is not None else ""


def error_text(error: BaseException) -> str:
    """Type and message of an exception on one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:300]


def raised_at(error: BaseException) -> str:
    """`file:line in function: code` of the user's line that raised; "" where there is none."""
    return user_frame.raising_line(error.__traceback__)
