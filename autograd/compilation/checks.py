"""Checks as straight-line code: whether objects are as they were when a function was recorded.

Used for the arguments of a call (`signature`), whose arrays and numbers may differ, and for what
the function captures (`captures`), where nothing may.
"""

from __future__ import annotations

import copy
import dataclasses
import random
import sys
import types
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograd.engine.value import Value

SMALL: Final = 4096
"""Up to so many bytes an array is compared as bytes, which takes a quarter of a microsecond."""

MOST: Final = 20_000
"""So many checks are made at each call at most."""

OPAQUE: Final = frozenset(("builtins", "numpy", "autograd", *sys.stdlib_module_names))
"""Packages whose instances (locks, loggers, rows of the table) are compared by identity alone."""

BY_IDENTITY: Final = (
    *(types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType),
    *(type, np.ufunc, np.dtype, np.random.Generator, np.random.BitGenerator),
    *(np.random.RandomState, random.Random),
    *(types.CodeType, types.GenericAlias, property, staticmethod, classmethod),
)


SOURCES: Final = (
    *(np.random.Generator, np.random.BitGenerator, np.random.RandomState, random.Random),
)
"""Classes of sources of random numbers."""


class TooMuchCaptured(TypeError):  # noqa: N818
    """A function captures more than can be compared at each call."""


@dataclass
class Check:
    """A line of the code that compares.

    condition  an expression that is true where things are as they were; "" for an assignment
    what       the name of what is compared, as a user knows it
    line       the line of code
    """

    condition: str
    what: str
    line: str

    @property
    def compares(self) -> bool:
        """Whether entries of an array are compared, which takes time."""
        return "tobytes" in self.condition or "same_bits" in self.condition


class Checks:
    """Code in the making.

    met     what was compared, by id: a second place is compared by identity
    arrays  the arrays that were met
    values  the Values that were met
    generators  the sources of random numbers that were met
    """

    def __init__(self) -> None:
        self.checks: list[Check] = []
        self.namespace: dict[str, Any] = {
            "ndarray": np.ndarray,
            "Value": Value,
            "same_bits": same_bits,
        }
        self.met: dict[int, tuple[str, Any]] = {}
        self.arrays: list[np.ndarray[Any, Any]] = []
        self.values: list[Value] = []
        self.generators: list[Any] = []
        self.count = 0

    # --- lines ----------------------------------------------------------------------------------
    def name(self, thing: Any) -> str:
        """A name for an object that the code uses."""
        known = f"k{len(self.namespace)}"
        self.namespace[known] = thing
        return known

    def variable(self, expression: str) -> str:
        """A variable that holds an expression."""
        self.count += 1
        name = f"t{self.count}"
        self.line(f"{name} = {expression}")
        return name

    def line(self, text: str) -> None:
        """A line that sets variables."""
        self.checks.append(Check("", "", text))

    def require(self, condition: str, what: str) -> None:
        """Go on only where a condition holds."""
        if len(self.checks) > MOST:
            raise TooMuchCaptured(
                f"the function uses more than {MOST} things that are not its arguments (such as "
                f"{what}): pass them as arguments, in an array"
            )
        self.checks.append(Check(condition, what, f"if not ({condition}): return None"))

    # --- the same thing -------------------------------------------------------------------------
    def same(self, text: str, thing: Any, what: str) -> None:
        """What `text` gives is what it was."""
        kind = type(thing)
        if thing is None or kind is bool:
            self.require(f"{text} is {thing}", what)
        elif kind in (int, str, bytes):
            name = repr(thing) if len(repr(thing)) < 60 else self.name(thing)
            self.require(f"type(t := {text}) is {kind.__name__} and t == {name}", what)
        elif kind in (float, complex):
            name = self.name(thing)  # their text tells 0.0 from -0.0, and is that of NaN
            same = f"type(t) is {kind.__name__} and repr(t) == {repr(thing)!r}"
            self.require(f"(t := {text}) is {name} or {same}", what)
        elif isinstance(thing, np.generic):
            made, held = self.name(kind), self.name(thing.tobytes())
            self.require(f"type(t := {text}) is {made} and t.tobytes() == {held}", what)
        elif isinstance(thing, BY_IDENTITY):
            if isinstance(thing, types.MethodType):
                self.require(f"({text}).__func__ is {self.name(thing.__func__)}", what)
                self.same(self.variable(f"({text}).__self__"), thing.__self__, f"{what}.__self__")
            else:
                self.require(f"{text} is {self.name(thing)}", what)
            if isinstance(thing, SOURCES):
                self.generators.append(thing)
            self.opened(text, thing, what)
        elif id(thing) in self.met:
            self.require(f"{text} is {self.name(thing)}", what)
        else:
            self.met[id(thing)] = (what, thing)
            self.same_inside(self.variable(text), thing, what)

    def same_inside(self, text: str, thing: Any, what: str) -> None:
        """An object that may change: what is in it."""
        kind = type(thing)
        if isinstance(thing, np.ndarray):
            self.require(f"{text} is {self.name(thing)}", what)
            self.same_entries(text, thing, what)
        elif kind is Value:
            self.values.append(thing)
            self.require(f"{text} is {self.name(thing)}", what)
            self.same(f"{text}.data", thing.data, f"{what}.data")
        elif isinstance(thing, tuple | list):
            self.require(f"type({text}) is {self.name(kind)} and len({text}) == {len(thing)}", what)
            if thing and all(type(x) in (int, str, bool) for x in thing):
                self.require(f"{text} == {self.name(copy.copy(thing))}", what)
                return
            for i, part in enumerate(thing):
                self.same(f"{text}[{i}]", part, f"{what}[{i}]")
        elif isinstance(thing, dict):
            keys = self.name(tuple(thing))
            self.require(f"type({text}) is {self.name(kind)} and tuple({text}) == {keys}", what)
            for i, (key, part) in enumerate(thing.items()):
                place = repr(key) if type(key) in (str, int) else f"{keys}[{i}]"
                self.same(f"{text}[{place}]", part, f"{what}[{key!r}]")
        elif isinstance(thing, set | frozenset):
            copied = self.name(kind(thing))
            self.require(f"type({text}) is {self.name(kind)} and {text} == {copied}", what)
        elif is_opaque(kind) and has_equality(kind):
            name, made = self.name(thing), self.name(kind)
            self.require(f"{text} is {name} or type({text}) is {made} and {text} == {name}", what)
        elif dataclasses.is_dataclass(kind):
            self.require(f"type({text}) is {self.name(kind)}", what)
            self.same_attributes(text, thing, what)
            self.opened(text, thing, what)
        elif isinstance(thing, deque):
            self.require(f"[*{text}] == {self.name([*thing])}", what)
        else:
            self.require(f"{text} is {self.name(thing)}", what)
            inner = getattr(kind, "__recorded_as__", None)  # a compiled function: what it compiles
            if inner is not None:
                self.same(f"{text}.{inner}", getattr(thing, inner), what)
            elif kind is types.SimpleNamespace or not is_opaque(kind):
                self.same_attributes(text, thing, what)
            self.opened(text, thing, what)

    def same_attributes(self, text: str, thing: Any, what: str) -> None:
        """The attributes of an instance."""
        state = getattr(thing, "__dict__", None)
        if isinstance(state, dict):
            place = self.variable(f"{text}.__dict__")
            self.require(f"len({place}) == {len(state)}", what)
            for name, part in list(state.items()):
                self.same(f"{place}[{name!r}]", part, f"{what}.{name}")
        for name in slots_of(type(thing)):
            if hasattr(thing, name):
                self.same(f"{text}.{name}", getattr(thing, name), f"{what}.{name}")

    def same_entries(self, text: str, x: np.ndarray[Any, Any], what: str) -> None:
        """The entries of an array, where somebody may write into it."""
        self.arrays.append(x)
        if is_frozen(x):
            return
        if x.dtype == object:
            self.require(f"[*map(id, {text}.ravel())] == {self.name([*map(id, x.ravel())])}", what)
            self.namespace[f"keep{len(self.namespace)}"] = x.ravel().tolist()
        elif x.nbytes <= SMALL:
            self.require(f"{text}.tobytes() == {self.name(x.tobytes())}", what)
        else:
            self.require(f"same_bits({text}, {self.name(x.copy('K'))})", what)

    def opened(self, text: str, thing: Any, what: str) -> None:
        """Whatever else is reached from an object (the captures of a function): nothing here."""

    # --- the code -------------------------------------------------------------------------------
    def compiled(self, head: str, tail: list[str]) -> Callable[..., Any]:
        """The function made of the checks; None comes out where a check fails."""
        lines = [f"def check({head}):", "    try:"]
        lines += [f"        {check.line}" for check in self.checks]
        lines += [f"        {line}" for line in tail]
        lines += ["    except (AttributeError, LookupError, TypeError, ValueError):"]
        lines += ["        return None", ""]
        namespace = dict(self.namespace)
        exec(compile("\n".join(lines), "<checks of a compiled function>", "exec"), namespace)
        found: Callable[..., Any] = namespace["check"]
        return found

    def changed(self, variables: dict[str, Any]) -> Iterator[str]:
        """The names of what is no longer as it was."""
        place = {**self.namespace, **variables}
        for check in self.checks:
            try:
                if not check.condition:
                    exec(check.line, place)
                elif not eval(check.condition, place):
                    yield check.what
            except (AttributeError, LookupError, TypeError, ValueError):
                yield check.what
                return


def has_equality(kind: Any) -> bool:
    """Whether instances of a class are compared by what they hold, and do not change."""
    return kind.__hash__ not in (None, object.__hash__) and kind.__eq__ is not object.__eq__


def is_opaque(kind: type) -> bool:
    """Whether instances of a class hold nothing that a function would compute with."""
    return kind.__module__.split(".")[0] in OPAQUE


def slots_of(kind: type) -> list[str]:
    """The names in `__slots__` of a class and of those that it derives from."""
    found: list[str] = []
    for base in kind.__mro__:
        names = vars(base).get("__slots__", ())
        found += [names] if isinstance(names, str) else list(names)
    return [name for name in found if name not in ("__dict__", "__weakref__")]


def same_bits(x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> bool:
    """Whether two arrays have one shape, dtype and bits, 0.0 and -0.0 apart, NaN included."""
    if x.shape != y.shape or x.dtype != y.dtype:
        return False
    if x.flags.c_contiguous and y.flags.c_contiguous:
        return bool(np.array_equal(x.reshape(-1).view(np.uint8), y.reshape(-1).view(np.uint8)))
    return x.tobytes() == y.tobytes()


def is_frozen(x: np.ndarray[Any, Any]) -> bool:
    """Whether nobody can write into an array: it is read-only, and so is what it is a view of."""
    while isinstance(x, np.ndarray):
        if x.flags.writeable:
            return False
        if x.base is None:
            return True
        x = x.base
    return isinstance(x, bytes)
