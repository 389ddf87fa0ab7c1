"""A program under `jax.jit`: the same source text, with `jax.numpy` in the place of `numpy`.

JAX is optional, and imported when it is asked for.  Kernels of the engine are the same code, in
which `np` stands for `jax.numpy`; those that write or index have a form here.
"""

from __future__ import annotations

import contextlib
import importlib
import math
import types
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final, final

import numpy as np

from autograd.compilation.emit import Printer
from autograd.compilation.program import DecisionDiffers, Guard, Program, Register, Step
from autograd.engine import indexing, kernels
from autograd.engine.primitive import TABLE

MISSING: Final = (
    "backend='jax' runs the program under jax.jit, and JAX is not installed here: `pip install "
    "jax`, or compile without backend= to run it with NumPy"
)


def load_jax() -> Any:
    """The module jax; ImportError with advice where it is missing."""
    try:
        return importlib.import_module("jax")
    except ImportError as error:
        raise ImportError(MISSING) from error


def in_double_precision(jax: Any) -> Any:
    """A context in which JAX has 64 bits, which it leaves out unless asked: float64 stays float64,
    and what else runs in the process keeps its own setting."""
    if hasattr(jax, "enable_x64"):
        return jax.enable_x64(True)
    return importlib.import_module("jax.experimental").enable_x64()


# --- the names of the text ------------------------------------------------------------------------
@final
class JaxNumpy:
    """`jax.numpy` by the names that a program's text uses."""

    def __init__(self, jax: Any) -> None:
        self.jnp = jax.numpy

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.jnp, name, None)
        if found is None:
            raise NotImplementedError(
                f"np.{name} has no counterpart in jax.numpy: compile without backend='jax', or "
                "write the function without it"
            )
        return found

    def errstate(self, **modes: str) -> Any:
        """JAX gives infinities and NaN without a warning."""
        return contextlib.nullcontext()

    def copy(self, x: Any, order: str = "K") -> Any:
        """Arrays of JAX do not change: a copy is the array."""
        return self.jnp.asarray(x)

    def ascontiguousarray(self, x: Any, dtype: Any = None) -> Any:
        """Arrays of JAX have no layout."""
        return self.jnp.asarray(x, dtype)

    def sort(self, x: Any, axis: Any = -1, kind: str | None = None) -> Any:
        """JAX sorts stably."""
        return self.jnp.sort(x, axis=axis)

    def argsort(self, x: Any, axis: Any = -1, kind: str | None = None) -> Any:
        """The same for the places."""
        return self.jnp.argsort(x, axis=axis)

    def reshape(self, x: Any, shape: Any, order: str = "C") -> Any:
        """`np.reshape`, whose order "A" means the layout of NumPy's array."""
        if order == "A":
            raise NotImplementedError("reshape(order='A') under backend='jax': give 'C' or 'F'")
        return self.jnp.reshape(x, shape, order=order)


class JaxMath:
    """Module `math` for numbers that JAX traces."""

    names: Final = {"pow": "power", "asin": "arcsin", "acos": "arccos", "atan": "arctan"} | {
        "asinh": "arcsinh",
        "acosh": "arccosh",
        "atanh": "arctanh",
        "atan2": "arctan2",
        "fabs": "abs",
    }

    def __init__(self, jax: Any) -> None:
        self.jax = jax

    def __getattr__(self, name: str) -> Any:
        if name in ("erf", "erfc", "lgamma"):
            special = self.jax.scipy.special
            return special.gammaln if name == "lgamma" else getattr(special, name)
        return getattr(self.jax.numpy, self.names.get(name, name))


class Rebinding:
    """Functions of this library with `jax.numpy` in the place of `numpy` and `math`."""

    def __init__(self, jax: Any) -> None:
        self.numpy, self.math = JaxNumpy(jax), JaxMath(jax)
        jnp = jax.numpy
        self.known: dict[Any, Any] = {
            float: lambda x: jnp.asarray(x, float),
            complex: lambda x: jnp.asarray(x, complex),
            abs: jnp.abs,
            bool: lambda x: jnp.asarray(x, bool),
            kernels.relu_scalar: lambda x: jnp.maximum(x, 0.0),
            kernels.sigmoid_scalar: jax.nn.sigmoid,
            kernels.softplus_scalar: lambda x: jnp.logaddexp(x, 0.0),
            kernels.where: jnp.where,
            kernels.astype: lambda x, dtype, order="K": jnp.asarray(x, dtype),
            kernels.broadcast_to: jnp.broadcast_to,
        }
        self.portable: dict[Any, Any] = {}
        for row in TABLE.values():
            kernel = getattr(row.fn, "__wrapped__", row.fn)
            if row.portable is not None:
                self.portable[kernel] = row.portable
        self.portable[getattr(indexing.getitem, "__wrapped__", indexing.getitem)] = self.getitem

        def scatter(g: Any, *arrays: Any, index: Any, shape: Any, unique: bool) -> Any:
            place = indexing.join_index(index, arrays)
            return jnp.zeros(shape, g.dtype).at[place].add(g)

        def add_parts(
            known: Any, *args: Any, indices: Any, shape: Any, unique: Any, dtype: Any
        ) -> Any:
            out = jnp.zeros(shape, dtype) if known is None else known
            arrays = list(args[len(indices) :])
            for g, index in zip(args, indices, strict=False):
                count = indexing.array_count(index)
                out = out.at[indexing.join_index(index, arrays[:count])].add(g)
                del arrays[:count]
            return out

        self.portable[indexing.add_parts] = add_parts
        for row in TABLE.values():
            if row.name == "scatter":
                self.portable[getattr(row.fn, "__wrapped__", row.fn)] = scatter

    @staticmethod
    def getitem(x: Any, *arrays: Any, index: Any, unique: bool) -> Any:
        """x[index]."""
        return x[indexing.join_index(index, arrays)]

    def of(self, thing: Any) -> Any:
        """What stands for an object of the text: functions of NumPy and of this library as JAX's,
        anything else as it is."""
        if isinstance(thing, types.ModuleType):
            return {np: self.numpy, math: self.math}.get(thing, thing)
        if not callable(thing) or isinstance(thing, type):
            try:
                return self.known.get(thing, thing)
            except TypeError:
                return thing
        thing = getattr(thing, "__wrapped__", thing)
        thing = self.portable.get(thing, thing)
        if thing not in self.known:
            self.known[thing] = thing  # a function that calls itself ends here
            self.known[thing] = self.rebound(thing)
        return self.known[thing]

    def rebound(self, f: Any) -> Any:
        """A function with other globals."""
        owner = getattr(f, "__self__", None)
        if isinstance(owner, np.ufunc):
            return getattr(self.of(owner), f.__name__)
        name, module = getattr(f, "__name__", ""), getattr(f, "__module__", None) or ""
        if isinstance(f, np.ufunc) or module.split(".")[0] == "numpy":
            place: Any = self.numpy
            for part in module.split(".")[1:]:
                if part in ("linalg", "fft"):
                    place = getattr(place, part)
            return getattr(place, name)
        if getattr(math, name, None) is f:
            return getattr(self.math, name)
        if not isinstance(f, types.FunctionType) or module.split(".")[0] != "autograd":
            return f
        names = Globals(self, f.__globals__)
        cells = f.__closure__
        if cells is not None:
            cells = tuple([types.CellType(self.of(cell.cell_contents)) for cell in cells])
        made = types.FunctionType(f.__code__, names, name, f.__defaults__, cells)
        made.__kwdefaults__ = f.__kwdefaults__
        return made


class Globals(dict[str, Any]):
    """The globals of a module, each rebound when it is looked up; builtins too."""

    def __init__(self, rebinding: Rebinding, names: dict[str, Any]) -> None:
        super().__init__()
        for name in names:
            thing = names[name]
            if isinstance(thing, types.ModuleType | types.FunctionType | np.ufunc):
                thing = rebinding.of(thing)
            self[name] = thing


class JaxPrinter(Printer):
    """The text of a program whose arrays do not change: nothing is written in place."""

    def step_lines(self, step: Step) -> list[str]:
        """One line, a call."""
        return [f"{self.name(Register(step.number))} = {self.expression(step)}"]

    def method(self, step: Step, texts: list[str]) -> str:
        """Functions stay functions: an array of JAX has other methods."""
        return ""


# --- the program ----------------------------------------------------------------------------------
@final
class JaxProgram:
    """A program as a function of NumPy's arrays and numbers that JAX runs; equal to rounding.

    source  the text that `jax.jit` compiles

    Raises ImportError where JAX is missing, NotImplementedError for what it has not, and
    DecisionDiffers where a decision of the engine is another one for these numbers.
    """

    def __init__(self, program: Program, names: Sequence[str] = ()) -> None:
        jax = self.jax = load_jax()
        self.guards = program.guards
        self.count = len(program.outputs)
        self.examples = [program.example(y) if type(y) is Register else y for y in program.outputs]
        program = with_conditions(program)
        printer = JaxPrinter(program, names=names)
        self.source = printer.source("program", constants=False)
        namespace: dict[str, Any] = {}
        rebinding = Rebinding(jax)
        head, _, body = self.source.partition("\ndef program(")
        exec(head, namespace)
        namespace |= printer.constants
        namespace = {name: rebinding.of(thing) for name, thing in namespace.items()}
        namespace |= {f.__name__: rebinding.known[f] for f in (float, complex, bool, abs)}
        exec("def program(" + body, namespace)
        self.run = jax.jit(namespace["program"])

    def __call__(self, *inputs: Any) -> list[Any]:
        """The outputs at these inputs, in the classes and dtypes that NumPy gives."""
        with in_double_precision(self.jax):
            try:
                found = self.run(*inputs)
            except self.jax.errors.JAXTypeError as error:
                raise NotImplementedError(
                    "a step of this program looks at numbers that JAX has not computed yet: "
                    "compile without backend='jax'"
                ) from error
        conditions = found[self.count :]
        for guard, condition in zip(self.guards, conditions, strict=True):
            if bool(condition) != (guard.kind != "false"):
                raise DecisionDiffers("a decision of the engine differs at these inputs")
        return [like(y, e) for y, e in zip(found[: self.count], self.examples, strict=True)]


def with_conditions(program: Program) -> Program:
    """The program with its guards as outputs, one condition each."""
    steps, outputs, count = list(program.steps), list(program.outputs), program.count
    examples = dict(program.examples)

    def write(function: Callable[..., Any], *args: Any) -> Register:
        nonlocal count
        steps.append(Step(count, function, args, {}))
        examples[count] = np.True_
        count += 1
        return Register(count - 1)

    for guard in program.guards:
        outputs.append(condition_of(guard, write))
    return replace(program, steps=steps, outputs=outputs, guards=[], examples=examples, count=count)


def condition_of(guard: Guard, write: Callable[..., Register]) -> Register:
    """The register of what must be so."""
    if guard.kind != "finite":
        return guard.registers[0]
    parts = [write(np.all, write(np.isfinite, register)) for register in guard.registers]
    joined = parts[0]
    for part in parts[1:]:
        joined = write(np.logical_and, joined, part)
    return joined


def like(y: Any, example: Any) -> Any:
    """A result of JAX in the class and dtype that NumPy gives; TypeError where it is narrower."""
    y = np.array(y)
    if isinstance(example, np.ndarray | np.generic):
        if y.dtype != example.dtype or y.shape != example.shape:
            raise TypeError(
                f"JAX gives {y.dtype} of shape {y.shape} where NumPy gives {example.dtype} of "
                f"shape {example.shape}: compile without backend='jax'"
            )
        return y if isinstance(example, np.ndarray) else y[()]
    return type(example)(y.item()) if isinstance(example, float | int | complex) else y
