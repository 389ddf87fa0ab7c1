"""What a function uses beside its arguments: closures, globals, defaults, attributes.

A program holds only as long as these are what they were when it was recorded: they are compared at
each call.  Read-only arrays need no look at their entries.
"""

from __future__ import annotations

import functools
import os
import pickle
import random
import sys
import sysconfig
import types
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograd.compilation.checks import Checks
from autograd.engine.value import Value

TRUSTED: Final = frozenset(
    ("numpy", "scipy", "autograd", "nn", "builtins", *sys.stdlib_module_names)
)
"""Packages whose functions use no globals that change."""

SITE_PACKAGES: Final = tuple({sysconfig.get_path(name) + os.sep for name in ("purelib", "platlib")})

UNREPEATABLE: Final = frozenset(
    (
        *("default_rng", "RandomState", "SeedSequence", "PCG64", "PCG64DXSM", "Philox", "SFC64"),
        *("MT19937", "SystemRandom", "time", "time_ns", "perf_counter", "monotonic", "now"),
        *("today", "utcnow", "uuid1", "uuid4", "urandom", "token_bytes", "token_hex", "randbits"),
        *("getpid", "process_time", "thread_time", "Random"),
    )
)
"""Names of functions whose result may differ from run to run: a function that uses one is recorded
twice, and refused where the two differ."""

COMPARED: Final = (
    *(bool, int, float, complex, str, bytes, tuple, list, dict, set, frozenset),
    *(np.ndarray, np.generic, Value),
)
"""What is compared where a class holds it."""

EFFECTS: Final = frozenset(("print", "open", "write", "input", "warn", "info", "debug", "savetxt"))
"""Names of functions with an effect: it happens when the function is recorded, never again."""


def is_trusted(module: str, file: str = "") -> bool:
    """Whether a module is a library's."""
    return module.split(".")[0] in TRUSTED or file.startswith(SITE_PACKAGES)


class Captures(Checks):
    """The checks of what a function captures.

    names    the names that its code and that of the functions which it calls mention
    also     functions and instances among the arguments, which have captures of their own
    """

    def __init__(self, f: Callable[..., Any], also: list[Any]) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.seen: set[int] = set()
        self.kept: list[Any] = []
        self.namespace["missing"] = MISSING
        self.same(self.name(f), f, getattr(f, "__name__", "f"))
        for thing in also:
            self.opened(self.name(thing), thing, getattr(thing, "__name__", "an argument"))
        self.holds = self.compiled("", ["return True"])

    def opened(self, text: str, thing: Any, what: str) -> None:
        """What a function, a method or an instance brings along."""
        if id(thing) in self.seen:
            return
        self.seen.add(id(thing))
        self.kept.append(thing)
        if isinstance(thing, types.FunctionType):
            self.function(thing, what)
        elif isinstance(thing, types.MethodType):
            self.opened(text, thing.__func__, what)
        elif isinstance(thing, functools.partial):
            self.opened(text, thing.func, what)
            self.same(f"{text}.args", thing.args, f"{what}.args")
            self.same(f"{text}.keywords", thing.keywords, f"{what}.keywords")
        elif isinstance(thing, type):
            self.methods(thing)
            self.attributes(thing, what)
        elif not isinstance(thing, types.ModuleType | np.ufunc | np.dtype):
            self.methods(type(thing))

    def attributes(self, kind: type, what: str) -> None:
        """What a class of the user's holds beside methods."""
        for base in kind.__mro__:
            if is_trusted(base.__module__):
                continue
            for name, part in vars(base).items():
                if not name.startswith("__") and isinstance(part, COMPARED):
                    self.same(
                        f"{self.name(base)}.__dict__.get({name!r}, missing)", part, f"{what}.{name}"
                    )

    def methods(self, kind: type) -> None:
        """The methods of a class of the user's."""
        for base in kind.__mro__:
            if not is_trusted(base.__module__):
                for name, part in vars(base).items():
                    inner = getattr(part, "__func__", getattr(part, "fget", part))
                    if isinstance(inner, types.FunctionType):
                        self.opened("", inner, f"{base.__name__}.{name}")

    def function(self, f: types.FunctionType, what: str) -> None:
        """The closure, the defaults and the globals of a function."""
        for name, cell in zip(f.__code__.co_freevars, f.__closure__ or (), strict=True):
            try:
                held = cell.cell_contents
            except ValueError:  # not set yet
                continue
            self.same(f"{self.name(cell)}.cell_contents", held, name)
        place = self.name(f)
        if f.__defaults__:
            self.same(f"{place}.__defaults__", f.__defaults__, f"the defaults of {what}")
        if f.__kwdefaults__:
            self.same(f"{place}.__kwdefaults__", f.__kwdefaults__, f"the defaults of {what}")
        if is_trusted(f.__module__ or "", f.__code__.co_filename):
            return
        names = names_in(f.__code__)
        self.names |= names
        table = self.name(f.__globals__)
        for name in sorted(names):
            if name in f.__globals__:
                held = f.__globals__[name]
                if isinstance(held, types.ModuleType):
                    self.module(f"{table}.get({name!r}, missing)", held, name, names)
                else:
                    self.same(f"{table}.get({name!r}, missing)", held, name)

    def module(self, text: str, module: types.ModuleType, what: str, names: set[str]) -> None:
        """The attributes of a module of the user's that the code mentions."""
        self.require(f"{text} is {self.name(module)}", what)
        if is_trusted(module.__name__, getattr(module, "__file__", None) or ""):
            return
        for name in sorted(names & set(vars(module))):
            held = vars(module)[name]
            place = f"{self.name(vars(module))}.get({name!r}, missing)"
            if isinstance(held, types.ModuleType):
                self.require(f"{place} is {self.name(held)}", f"{what}.{name}")
            else:
                self.same(place, held, f"{what}.{name}")


class Missing:
    """In place of a global that is gone."""


MISSING: Final = Missing()


def names_in(code: types.CodeType) -> set[str]:
    """The names of globals and attributes in a function and in the functions inside it."""
    names = set(code.co_names)
    for part in code.co_consts:
        if isinstance(part, types.CodeType):
            names |= names_in(part)
    return names


def random_state() -> tuple[Any, ...]:
    """The state of the random numbers that belong to nobody."""
    return random.getstate(), *state_of(np.random)


def state_of(source: Any) -> tuple[Any, ...]:
    """The state of a source of random numbers."""
    if isinstance(source, random.Random):
        return source.getstate()
    if isinstance(source, np.random.Generator | np.random.BitGenerator):
        bits: Any = getattr(source, "bit_generator", source)
        return pickle.dumps(bits.state), bits.state
    state: Any = source.get_state()
    return state[0], state[1].tobytes(), *state[2:]


def same_state(a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
    """Whether a source of random numbers has not been drawn from."""
    return a[0] == b[0] and (isinstance(a[0], bytes) or a == b)


def put_back(source: Any, state: tuple[Any, ...]) -> None:
    """A source of random numbers as it was."""
    if isinstance(source, random.Random):
        source.setstate(state)
    elif isinstance(source, np.random.Generator | np.random.BitGenerator):
        bits: Any = getattr(source, "bit_generator", source)
        bits.state = state[1]
    else:
        source.set_state((state[0], np.frombuffer(state[1], np.uint32), *state[2:]))
