"""The call that repeats a check: Python that can be pasted where the check was made."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import partial
from types import FrameType, MethodType, ModuleType
from typing import Any

import numpy as np

from autograd.checking.adapters.adapt import written
from autograd.checking.subjects.flat_trees import argument_names
from autograd.checking.subjects.user_code import source_of
from autograd.engine.cotangents import unwrap

MOST_CHARACTERS = 300
"""An argument whose text is longer goes by its name."""


class Names:
    """By which names a piece of code reaches its objects, and what to say of those that have none.

    `remarks` are the end of the line: what the reader has to know about a name.
    """

    def __init__(self, frame: FrameType | None) -> None:
        self.local: dict[str, Any] = {} if frame is None else dict(frame.f_locals)
        self.outer: dict[str, Any] = {} if frame is None else frame.f_globals
        self.remarks: list[str] = []

    def known(self, x: Any, own: str) -> str:
        """The name `own`, by which an object calls itself, where it leads to the object: in the
        user's code, in a module that is imported there, or in NumPy; else ""."""
        for scope in (self.local, self.outer):
            if own in scope and scope[own] is x:
                return own
        for scope in (self.local, self.outer):
            for name, value in scope.items():
                if isinstance(value, ModuleType) and getattr(value, own, None) is x:
                    return f"{name}.{own}"
        return f"np.{own}" if own and getattr(np, own, None) is x else ""

    @staticmethod
    def bound(x: Any, scope: Mapping[str, Any]) -> str:
        """Any name of an object in a scope; "" where there is none."""
        names = (name for name, value in scope.items() if value is x and name[:1] != "_")
        return next(names, "")

    def of(self, x: Any, own: str) -> str:
        """A name of an object in the user's code; "" where there is none."""
        return self.known(x, own) or self.bound(x, self.outer) or self.bound(x, self.local)

    def function(self, f: Any, fallback: str) -> str:
        """An expression for a function; where no name reaches it, its own name and a remark."""
        own = str(getattr(f, "__name__", "") or "")
        found = self.known(f, own) or self.bound(f, self.outer)
        if not found and isinstance(f, MethodType):
            owner = self.of(f.__self__, str(getattr(f.__self__, "__name__", "")))
            found = owner and f"{owner}.{own}"
        found = found or self.bound(f, self.local)
        if found:
            return found
        module, path = str(getattr(f, "__module__", "")), str(getattr(f, "__qualname__", ""))
        if module != "__main__" and path and reached(module, path) is f:
            self.remarks.append(f"import {module}")
            return f"{module}.{path}"
        name = own if own.isidentifier() else fallback
        place = source_of(f) if own or isinstance(f, partial) else ""
        what = f"the function at {place}" if place else f"the {type(f).__name__} that was passed"
        self.remarks.append(f"{name} is {what}")
        return name

    def value(self, x: Any, fallback: str) -> str:
        """An expression for an argument: the numbers themselves, or the name of a large one."""
        try:
            text = expression(x, self)
        except ValueError:  # no expression gives it back
            text = ""
        if text and len(text) <= MOST_CHARACTERS:
            return text
        name = self.of(x, fallback) or fallback
        data = unwrap(x)
        if isinstance(data, np.ndarray):
            self.remarks.append(f"{name} is the {data.dtype} array of shape {data.shape} passed")
        else:
            self.remarks.append(f"{name} is the {type(data).__name__} that was passed")
        return name


def reached(module: str, path: str) -> Any:
    """The object that a qualified name leads to, None where it leads nowhere."""
    found: Any = sys.modules.get(module)
    for part in path.split("."):
        found = getattr(found, part, None)
    return found


def reproduction(
    f: Any,
    inputs: tuple[Any, ...],
    vjp: Any,
    keywords: Mapping[str, Any],
    settings: Mapping[str, Any],
    frame: FrameType | None,
) -> str:
    """`gradcheck(...)` with the given arguments, in the names of the code that runs in `frame`.

    `keywords` are those of f, `settings` those of the check that differ from the defaults. What no
    expression can give back goes by a name, and a comment at the end says what it stands for.
    """
    names = Names(frame)
    parts = [names.function(f, "f")]
    for x, name in zip(inputs, argument_names(f, len(inputs)), strict=True):
        parts.append(names.value(x, name))
    if vjp is not None:
        parts.append(f"vjp={names.function(vjp, 'vjp')}")
    if keywords:
        pairs = [f"{key!r}: {names.value(x, key)}" for key, x in keywords.items()]
        parts.append(f"kwargs={{{', '.join(pairs)}}}")
    for key, x in settings.items():
        parts.append(f"{key}={names.function(x, key) if callable(x) else repr(x)}")
    remark = f"  # {'; '.join(dict.fromkeys(names.remarks))}" if names.remarks else ""
    return f"gradcheck({', '.join(parts)}){remark}"


def expression(x: Any, names: Names) -> str:
    """Python that gives an equal object back; ValueError where there is none."""
    x = unwrap(x)
    if isinstance(x, np.ndarray):
        return array_expression(x)
    foreign = written(x)
    if foreign is not None and foreign.numbers.size <= MOST_CHARACTERS:
        module = names.of(foreign.module, foreign.name) or foreign.name
        return f"{module}.{foreign.function}({nested(foreign.numbers.tolist())}{foreign.options})"
    if isinstance(x, np.generic):
        return f"np.{type(x).__name__}({number_expression(x.item())})"
    if isinstance(x, float | complex):
        return number_expression(x)
    if x is None or isinstance(x, str | bytes | bool | int):
        return repr(x)
    if isinstance(x, dict) and type(x) is dict:
        pairs = (f"{expression(k, names)}: {expression(v, names)}" for k, v in x.items())
        return f"{{{', '.join(pairs)}}}"
    if type(x) is list:
        return f"[{', '.join(expression(item, names) for item in x)}]"
    if type(x) is tuple:
        comma = "," if len(x) == 1 else ""
        return f"({', '.join(expression(item, names) for item in x)}{comma})"
    kind = names.of(type(x), type(x).__name__)
    if kind and isinstance(x, tuple) and hasattr(x, "_fields"):
        pairs = (f"{k}={expression(v, names)}" for k, v in zip(x._fields, x, strict=True))
        return f"{kind}({', '.join(pairs)})"
    if kind and is_dataclass(x) and all(field.init for field in fields(x)):
        pairs = (f"{k.name}={expression(getattr(x, k.name), names)}" for k in fields(x))
        return f"{kind}({', '.join(pairs)})"
    raise ValueError(f"no expression for {type(x).__name__}")


def number_expression(x: Any) -> str:
    """A Python number; nan and infinities by their names in NumPy."""
    if isinstance(x, complex):
        if math.isfinite(x.real) and math.isfinite(x.imag):
            return repr(x)
        return f"complex({number_expression(x.real)}, {number_expression(x.imag)})"
    if not isinstance(x, float) or math.isfinite(x):
        return repr(x)
    return "np.nan" if math.isnan(x) else "np.inf" if x > 0 else "-np.inf"


def array_expression(x: Any) -> str:
    """An array from its numbers, with its dtype where the numbers do not give it."""
    if type(x) is not np.ndarray or x.dtype.kind not in "biufc" or x.size > MOST_CHARACTERS:
        raise ValueError("too long, or not an array of numbers")
    if not x.size:
        return f"np.empty({x.shape}, dtype={x.dtype.str!r})"
    items = x.tolist()
    plain = np.array(items).dtype == x.dtype and x.dtype.isnative
    return f"np.array({nested(items)}{'' if plain else f', dtype={x.dtype.name!r}'})"


def nested(items: Any) -> str:
    """A nested list of numbers."""
    if isinstance(items, list):
        return f"[{', '.join(nested(item) for item in items)}]"
    return number_expression(items)
