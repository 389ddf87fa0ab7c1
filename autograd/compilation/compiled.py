"""`autograd.compile`: a function as straight-line NumPy, recorded once for each signature."""

from __future__ import annotations

import functools
import gc
import sys
import warnings
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any, Final, ParamSpec, TypeVar, final, overload

import numpy as np

from autograd import pytree
from autograd.compilation.drawing import Pictures
from autograd.compilation.jax_backend import load_jax
from autograd.compilation.program import DecisionDiffers
from autograd.compilation.recorder import name_of
from autograd.compilation.recording import Unusual
from autograd.compilation.report import Report
from autograd.compilation.signature import RunEagerly, Signature, Static
from autograd.compilation.traced import Traced
from autograd.engine.arrays import is_foreign
from autograd.engine.cotangents import unwrap

P = ParamSpec("P")
R = TypeVar("R")

MANY: Final = 8
"""From so many programs on, a warning says that the function is recorded again and again."""

BACKENDS: Final = ("numpy", "jax")
"""What runs a program: NumPy, or `jax.jit`."""

KEPT: Final = 64
"""So many programs of a function are kept."""

recording: ContextVar[bool] = ContextVar("recording", default=False)
"""Whether this thread records a function: compiled functions inside are part of it."""


@final
class Compiled:
    """A compiled function; `compile` says what it does.

    programs  one for each signature, the last used first
    recorded  how many were recorded
    integers  the last ints among the arguments, by name; those that differed are `varying`, and
              traced, but for the `fixed` ones, by which the function decides
    eager     how many calls ran the function as it is, because a decision of the engine differed
    """

    __recorded_as__ = "function"

    def __init__(self, f: Callable[..., Any], static: Any, backend: str = "numpy") -> None:
        if not callable(f):
            raise TypeError(f"compile takes a function, got {f!r}")
        if backend not in BACKENDS:
            raise ValueError(f"there is no backend {backend!r}: give one of {', '.join(BACKENDS)}")
        if backend == "jax":
            load_jax()
        self.backend = backend
        functools.update_wrapper(self, f, updated=())
        self.function = f
        self.static = Static(f, static)
        self.programs: tuple[Traced, ...] = ()
        self.recorded = 0
        self.eager = 0
        self.integers: dict[str, int] = {}
        self.varying: frozenset[str] = frozenset()
        self.fixed: frozenset[str] = frozenset()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the function gives."""
        for traced in self.programs:
            found = traced.match(args, kwargs)
            if found is not None and traced.holds():
                if traced is not self.programs[0]:
                    self.move_to_front(traced)
                return self.run(traced, found, args, kwargs)
        if recording.get():
            return self.function(*args, **kwargs)
        return self.record(args, kwargs)

    def __reduce__(self) -> Any:
        """Where a module has it under its own name, a reference; else what it was made from."""
        module = sys.modules.get(getattr(self, "__module__", ""))
        name: str = getattr(self, "__qualname__", "")
        if getattr(module, name, None) is self:
            return name
        return (Compiled, (self.function, self.static.given, self.backend))

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        """As a method: the instance is the first argument."""
        return self if instance is None else functools.partial(self, instance)

    def __repr__(self) -> str:
        return f"<compiled {name_of(self.function)}, {len(self.programs)} programs>"

    # --- calls ----------------------------------------------------------------------------------
    def run(self, traced: Traced, found: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """One call of a program; the function itself where a decision of the engine differs, or
        where anything raises, as the function then will."""
        if traced.eager:
            return self.function(*args, **kwargs)
        states = [found[0][i].bit_generator.state for i in traced.drawn] if traced.drawn else ()
        try:
            return traced.call(found[0], found[1], args, kwargs)
        except Exception as error:
            if self.backend != "numpy" and not isinstance(error, DecisionDiffers):
                raise
            for i, state in zip(traced.drawn, states, strict=True):
                found[0][i].bit_generator.state = state
            self.eager += 1
            return self.function(*args, **kwargs)

    def move_to_front(self, traced: Traced) -> None:
        """Make a program the first that is tried."""
        self.programs = (traced, *[other for other in self.programs if other is not traced])

    def record(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The first call with a signature."""
        leaves = map(unwrap, pytree.flatten((args, kwargs))[0])
        if any(type(x) is not np.ndarray and is_foreign(x) for x in leaves):
            return self.function(*args, **kwargs)
        token = recording.set(True)
        collects, drawn = gc.isenabled(), np.random.get_state()
        gc.disable()  # it would look at each of thousands of steps again and again, for nothing
        try:
            traced = self.trace(args, kwargs)
        except (RunEagerly, Unusual):
            np.random.set_state(drawn)  # as if it had run once
            return self.function(*args, **kwargs)
        finally:
            recording.reset(token)
            if collects:
                gc.enable()
        self.warn_of_many(args, kwargs)
        self.programs = (traced, *self.programs[: KEPT - 1])
        self.recorded += 1
        found = traced.match(args, kwargs)
        if found is None:  # what the function does to its arguments, or a number that is not itself
            return self.function(*args, **kwargs)
        return self.run(traced, found, args, kwargs)

    def trace(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Traced:
        """A program for these arguments.  Ints are static until one differs from the last time;
        then it is traced, if the function does not decide by it."""
        f, static = self.function, self.static
        signature = Signature(args, kwargs, static)
        last, self.integers = self.integers, signature.integers
        differing = {name for name, n in self.integers.items() if last.get(name, n) != n}
        self.varying |= differing
        varying = self.varying - self.fixed
        if varying & signature.integers.keys():
            try:
                traced_too = Signature(args, kwargs, static, varying)
                return Traced(f, args, kwargs, static, traced_too, self.backend)
            except (TypeError, ValueError, IndexError, AttributeError, RunEagerly):
                self.fixed |= varying
        return Traced(f, args, kwargs, static, signature, self.backend)

    def warn_of_many(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Say what makes the function be recorded again and again."""
        if self.recorded + 1 < MANY or (self.recorded + 1) & self.recorded:
            return
        last = self.programs[0]
        what = next(last.signature.changed({"args": args, "kwargs": kwargs}), None)
        what = what or next(last.captures.changed({}), None) or "its signature"
        warnings.warn(
            f"{name_of(self.function)} is recorded for the {self.recorded + 1}th time: {what} "
            "differs from call to call. Numbers that vary belong into floats or arrays (ints, "
            "bools and strings are static, and so is what a function captures)",
            stacklevel=4,
        )

    # --- looking --------------------------------------------------------------------------------
    @property
    def last(self) -> Traced:
        """The program that ran last."""
        if not self.programs:
            raise RuntimeError(f"call {name_of(self.function)} first: there is no program yet")
        return self.programs[0]

    @property
    def source(self) -> str:
        """The program of the last call as NumPy source, which runs by itself: a function of the
        arrays and numbers in the arguments, in order."""
        return self.last.source

    def graph(self) -> Pictures:
        """The last program as it was recorded and as it runs, as two pictures: `before` and
        `after`."""
        return self.last.pictures()

    def report(self) -> Report:
        """What compiling saved, for the last program."""
        return self.last.report(len(self.programs), self.eager)


@overload
def compile(
    f: Callable[P, R], *, static: str | int | Iterable[str | int] = (), backend: str = "numpy"
) -> Compiled: ...
@overload
def compile(
    f: None = None, *, static: str | int | Iterable[str | int] = (), backend: str = "numpy"
) -> Callable[[Callable[P, R]], Compiled]: ...
def compile(f: Any = None, *, static: Any = (), backend: str = "numpy") -> Any:
    """A function that computes the same as `f`, by a straight line of NumPy calls.

    f        runs once for each signature (structure of the arguments, shapes, dtypes, static
             values) on arrays that write down what is done to them; then what was written down runs
    static   names or positions of arguments that the function decides by; ints, bools, strings and
             what is no number are static anyway, floats are traced unless they are named here
    backend  "numpy", or "jax": the same calls under `jax.jit`, equal to rounding, in double
             precision where `f` is; arguments and results stay NumPy's.  Raises ImportError where
             JAX is not installed, and NotImplementedError for what JAX has not

    The same bits come out as from `f` for arrays.  Raises `CannotRecord`, a TypeError, with advice,
    for what depends on numbers that only a call knows (branches, `float(x)`, shapes), for random
    numbers that no argument gives, and for a function that changes what belongs to its caller.
    What the function captures is compared at each call.  docs/compile.md has the whole.

    The compiled function has `source`, `graph()` and `report()`.

    >>> from autograd import value_and_grad
    >>> both = compile(value_and_grad(lambda x: np.sum(x * x)))
    >>> both(np.array([1.0, 2.0]))
    (np.float64(5.0), array([2., 4.]))
    """
    if f is None:
        return lambda function: Compiled(function, static, backend)
    return Compiled(f, static, backend)
