"""The user's own function behind its wrappers: its name, and the line where it is written."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from inspect import CO_VARARGS, CO_VARKEYWORDS
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from autograd import user_frame
from autograd.engine.primitive import Primitive
from autograd.extend import custom_vjp


def name_of(f: Any) -> str:
    """What a report calls a function; a wrapper without a name goes by that of what it wraps."""
    while isinstance(f, partial) or passed_through(f) is not None:
        f = f.func if isinstance(f, partial) else passed_through(f)
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
    through = passed_through(f)
    if through is not None:
        return through
    if hasattr(f, "__code__") or isinstance(f, type):
        return None
    return getattr(type(f).__call__, "__code__", None) and type(f).__call__


def passed_through(f: Any) -> Any:
    """The function behind a decorator that does not say what it wraps; None for anything else.

    Such a wrapper takes `*args, **kwargs` and closes over one function.
    """
    if not isinstance(f, FunctionType) or f.__closure__ is None or hasattr(f, "__wrapped__"):
        return None
    takes_any = CO_VARARGS | CO_VARKEYWORDS
    if f.__code__.co_flags & takes_any != takes_any or f.__code__.co_argcount:
        return None
    functions = []
    for cell in f.__closure__:
        try:
            functions += [cell.cell_contents] if callable(cell.cell_contents) else []
        except ValueError:  # not filled yet
            continue
    return functions[0] if len(functions) == 1 else None


def written_pair(f: custom_vjp) -> Callable[..., Any]:
    """Of the functions in a `custom_vjp`: the decorated one, else the forward of the pair."""
    code = getattr(f.plain, "__code__", None)
    ours = code is not None and code.co_filename.startswith(user_frame.HERE)
    return f.forward if ours and f.forward is not None else f.plain


def source_of(f: Any) -> str:
    """`file:line` of the user's own function; "" where Python does not know it (C functions)."""
    code = getattr(unwrapped(f), "__code__", None)
    return f"{code.co_filename}:{code.co_firstlineno}" if code is not None else ""


def state_of(f: Any, depth: int = 3) -> set[int]:
    """The identities of what a function can write to and read again: instances, dicts and lists
    that it is bound to, closes over, or names among the globals of its module.
    """
    if isinstance(f, partial):
        return state_of(f.func, depth)
    if hasattr(f, "__wrapped__"):
        return state_of(f.__wrapped__, depth)
    if isinstance(f, MethodType):
        return {id(f.__self__)} | state_of(f.__func__, depth)
    if not isinstance(f, FunctionType):
        return {id(f)} if hasattr(f, "__dict__") and not isinstance(f, type | ModuleType) else set()
    names = names_in(f.__code__)
    reached = [f.__globals__[name] for name in names if name in f.__globals__]
    for cell in f.__closure__ or ():
        try:
            reached.append(cell.cell_contents)
        except ValueError:  # not filled yet
            continue
    found: set[int] = {id(cell) for cell in f.__closure__ or ()}
    for thing in reached:
        if callable(thing) and isinstance(thing, FunctionType | MethodType | partial):
            found |= state_of(thing, depth - 1) if depth else set()
        elif isinstance(thing, dict | list) or is_instance_of_user(thing):
            found.add(id(thing))
    return found


def names_in(code: CodeType) -> set[str]:
    """The global names in a function and in those that it defines."""
    found = set(code.co_names)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            found |= names_in(inner)
    return found


def is_instance_of_user(thing: Any) -> bool:
    """Whether an object can keep something from call to call: it has attributes, and is neither an
    array nor a module; a class counts, if it is not of a library."""
    if isinstance(thing, ModuleType | Primitive):
        return False
    kind = thing if isinstance(thing, type) else type(thing)
    return hasattr(thing, "__dict__") and kind.__module__.split(".")[0] not in ("numpy", "builtins")


def error_text(error: BaseException) -> str:
    """Type and message of an exception on one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:300]


def raised_at(error: BaseException) -> str:
    """`file:line in function: code` of the user's line that raised; "" where there is none."""
    return user_frame.raising_line(error.__traceback__)
