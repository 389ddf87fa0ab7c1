"""A program as source text: readable NumPy, with the imports on top and the constants named.

A step is one line, `v3 = np.multiply(v1, v2)`, and its result goes into a buffer where the plan has
one (`np.multiply(v1, v2, b0)`).  A step whose function is a `Printed` prints itself: that is the
hook for groups of steps (scalars, blocks).
"""

from __future__ import annotations

import base64
import builtins
import math
import operator
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import numpy as np

from autograd.compilation.buffers import Plan
from autograd.compilation.program import Guard, Program, Register, Step
from autograd.compilation.random import Draw
from autograd.engine.indexing import add_parts, array_count, join_index, scatter

Call = Callable[..., Any]

DIFFERS: Final = "a decision of the engine differs at these numbers: call the function itself"

INFIX: Final[dict[Call, str]] = {
    operator.add: "+",
    operator.sub: "-",
    operator.mul: "*",
    operator.truediv: "/",
    operator.floordiv: "//",
    operator.mod: "%",
    operator.pow: "**",
    operator.eq: "==",
    operator.ne: "!=",
    operator.lt: "<",
    operator.le: "<=",
    operator.gt: ">",
    operator.ge: ">=",
    operator.matmul: "@",
}
"""Operators between two."""

PREFIX: Final[dict[Call, str]] = {operator.neg: "-", operator.pos: "+"}
"""Operators before one."""

SCALAR_INFIX: Final[dict[Call, str]] = {
    np.add: "+",
    np.subtract: "-",
    np.multiply: "*",
    np.true_divide: "/",
}
"""Ufuncs that NumPy's numbers have as an operator: ten times faster, and it rounds the same."""


BY_NAME: Final = frozenset((np.maximum, np.minimum))
"""Functions that warn where they are given `out` by its place."""


class Printed(ABC):
    """A function of a step that prints itself.

    It must also compute, as any function does (`Program.run` calls it)."""

    @abstractmethod
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the step gives."""

    def forget(self, light: Callable[[Any], Any]) -> None:  # noqa: B027
        """Put `light(x)` in place of each array x of the recording: only its shape and dtype count
        from now on."""

    @abstractmethod
    def lines(self, printer: Printer, step: Step) -> list[str]:
        """Lines that set `printer.name(Register(step.number))`, which of a step with several
        outputs is a tuple.  `printer` names what they use."""


class Printer:
    """The text of one program.

    name      how a register is written
    argument  how an argument of a call is written
    function  how a function is written; imports it
    constant  names an object that the text uses; an array is printed above the function
    buffer    names an array of a shape and a dtype that belongs to one call
    """

    def __init__(
        self, program: Program, plan: Plan | None = None, names: Iterable[str] = ()
    ) -> None:
        self.program, self.plan = program, plan if plan is not None else Plan()
        self.names: dict[int, str] = dict(zip(program.inputs, names, strict=False))
        self.taken = {"np", "math", "buffers", "make_buffers", *self.names.values()}
        self.imports = {"import numpy as np": None}
        self.constants: dict[str, Any] = {}
        self.constant_names: dict[int, str] = {}
        self.buffers: list[tuple[str, tuple[int, ...], np.dtype[Any], str]] = []
        self.planned: list[str] = []

    # --- names ----------------------------------------------------------------------------------
    def fresh(self, wanted: str) -> str:
        """A name that nothing has."""
        name, count = wanted, 0
        while name in self.taken:
            name, count = f"{wanted}_{count}", count + 1
        self.taken.add(name)
        return name

    def name(self, register: Register) -> str:
        """How a register is written."""
        known = self.names.get(register.number)
        if known is None:
            known = self.names[register.number] = self.fresh(f"v{len(self.names)}")
        return known + "".join(f"[{i}]" for i in register.output)

    def constant(self, thing: Any, hint: str = "c") -> str:
        """The name of an object that the text uses."""
        known = self.constant_names.get(id(thing))
        if known is None:
            known = self.fresh(f"{hint}{len(self.constants)}" if hint == "c" else hint)
            self.constant_names[id(thing)] = known
            self.constants[known] = thing
        return known

    def buffer(self, shape: tuple[int, ...], dtype: Any, order: str = "C") -> str:
        """The name of an array that belongs to one call; its entries are anything."""
        name = self.fresh(f"b{len(self.buffers)}")
        self.buffers.append((name, shape, np.dtype(dtype), order))
        return name

    def module(self, name: str) -> str:
        """A module, imported."""
        self.imports[f"import {name}"] = None
        return name

    def function(self, f: Call) -> str:
        """How a function is written."""
        owner = getattr(f, "__self__", None)
        if isinstance(owner, np.ufunc):
            return f"{self.function(owner)}.{f.__name__}"
        name: str = getattr(f, "__name__", "")
        if isinstance(f, np.ufunc) and getattr(np, name, None) is f:
            return f"np.{name}"
        if getattr(math, name, None) is f:
            return f"{self.module('math')}.{name}"
        if getattr(builtins, name, None) is f:
            return name
        module = getattr(f, "__module__", None) or ""
        if module.split(".")[0] == "numpy":
            for place in ("numpy", module):
                if getattr(sys.modules.get(place), name, None) is f:
                    return f"{place}.{name}".replace("numpy", "np", 1)
        if name and getattr(sys.modules.get(module), name, None) is f:
            if self.constant_names.get(id(f)) is None:
                known = self.constant_names[id(f)] = self.fresh(name)
                alias = "" if known == name else f" as {known}"
                self.imports[f"from {module} import {name}{alias}"] = None
            return self.constant_names[id(f)]
        return self.constant(f, name if name.isidentifier() else "f")

    def argument(self, x: Any) -> str:
        """How an argument of a call is written."""
        kind = type(x)
        if kind is Register:
            return self.name(x)
        if kind is float and not math.isfinite(x):
            return f"float('{x}')"
        if kind in (int, float, complex, bool, str, bytes) or x is None or x is Ellipsis:
            return repr(x)
        if kind is tuple:
            inner = ", ".join(map(self.argument, x))
            return f"({inner},)" if len(x) == 1 else f"({inner})"
        if isinstance(x, tuple) and hasattr(x, "_fields"):
            return f"{self.function(kind)}({', '.join(map(self.argument, x))})"
        if kind is list:
            return f"[{', '.join(map(self.argument, x))}]"
        if kind is slice:
            return f"slice({', '.join(map(self.argument, (x.start, x.stop, x.step)))})"
        if isinstance(x, np.dtype) and x.isbuiltin == 1:
            return f"np.dtype({x.str!r})"
        if isinstance(x, type):
            return self.function(x)
        return self.constant(x)

    # --- lines ----------------------------------------------------------------------------------
    def expression(self, step: Step) -> str:
        """The call of a step."""
        f, args = step.function, step.args
        texts = [self.argument(x) for x in args]
        if isinstance(f, Draw):
            texts += [f"{name}={self.argument(x)}" for name, x in step.kwargs.items()]
            return f"{texts[0]}.{f.name}({', '.join(texts[1:])})"
        method = self.method(step, texts)
        if method:
            return method
        if not step.kwargs:
            if f in INFIX:
                return f"{texts[0]} {INFIX[f]} {texts[1]}"
            if f in PREFIX:
                return f"{PREFIX[f]}{texts[0]}"
            if f is operator.getitem:
                return f"{texts[0]}[{self.index(args[1])}]"
            if f in SCALAR_INFIX and self.are_numbers(args):
                return f"{texts[0]} {SCALAR_INFIX[f]} {texts[1]}"
            if f is np.negative and type(args[0]) is Register and self.is_float(args[0]):
                return f"-{texts[0]}"
        if is_reduce(f):
            return self.reduction(step, texts[0])
        texts += [f"{name}={self.argument(x)}" for name, x in step.kwargs.items()]
        target = self.plan.targets.get(step.number)
        if target is not None:
            buffer = self.planned[target]
            by_position = (isinstance(f, np.ufunc) or f is np.dot) and not step.kwargs
            texts.append(buffer if by_position and f not in BY_NAME else f"out={buffer}")
        return f"{self.function(f)}({', '.join(texts)})"

    def method(self, step: Step, texts: list[str]) -> str:
        """A function that an array has as a method or a property, which costs a third; "" for any
        other."""
        f, args, kwargs = step.function, step.args, step.kwargs
        if not args or type(args[0]) is not Register:
            return ""
        example = self.program.example(args[0])
        if not isinstance(example, np.ndarray):
            return ""
        if (
            f in (np.matrix_transpose, np.transpose)
            and example.ndim == 2
            and texts[1:]
            in (
                [],
                ["None"],
            )
        ):
            return f"{texts[0]}.T" if not kwargs or kwargs == {"axes": None} else ""
        if f is np.expand_dims and len(args) == 2 and args[1] == -1:
            return f"{texts[0]}[..., None]"
        if f is np.astype and len(args) == 2 and not kwargs:
            return f"{texts[0]}.astype({texts[1]})"
        if f is np.copy and len(args) == 1:
            return f"{texts[0]}.copy({self.argument(kwargs.get('order', 'K'))})"
        if f is np.reshape and len(args) == 1 and kwargs.keys() == {"shape"}:
            return f"{texts[0]}.reshape({self.argument(kwargs['shape'])})"
        if f is np.reshape and len(args) == 2 and not kwargs:
            return f"{texts[0]}.reshape({texts[1]})"
        return ""

    def reduction(self, step: Step, text: str) -> str:
        """`np.add.reduce(x, axis, dtype, out, keepdims)`: by position, which is faster."""
        options = dict(step.kwargs)
        axis: Any = options.pop("axis", step.args[1] if len(step.args) > 1 else 0)
        if type(axis) is tuple and len(axis) == 1:
            (axis,) = axis
        texts = [text, self.argument(axis)]
        dtype = options.pop("dtype", None)
        target = self.plan.targets.get(step.number)
        keepdims = options.pop("keepdims", False)
        rest = [
            self.argument(dtype),
            "None" if target is None else self.planned[target],
            self.argument(keepdims),
        ]
        while rest and rest[-1] in ("None", "False"):
            rest.pop()
        named = [f"{name}={self.argument(x)}" for name, x in options.items()]
        return f"{self.function(step.function)}({', '.join([*texts, *rest, *named])})"

    def scatter_lines(self, step: Step) -> list[str]:
        """Zeros with something added at an index."""
        g, arrays = step.args[0], step.args[1:]
        name, params = self.name(Register(step.number)), step.kwargs
        y = self.program.examples[step.number]
        target = self.plan.targets.get(step.number)
        if target is None:
            lines = [f"{name} = np.zeros({y.shape}, {y.dtype.str!r})"]
        else:
            lines = [f"{name} = {self.planned[target]}", f"{name}.fill(0)"]
        index: Any = join_index(params["index"], arrays)
        place = self.index(index if len(index) != 1 else index[0])
        examples = [self.program.example(x) if type(x) is Register else x for x in arrays]
        known = [type(x) is not Register for x in arrays]
        if params["unique"] or (arrays and are_distinct(examples, known)):
            added = self.plus_zero(g) if arrays or type(g) is not Register else ""
            # to write what comes out takes half as long as to add it
            lines.append(f"{name}[{place}] " + (f"= {added}" if added else f"+= {self.name(g)}"))
        else:
            lines.append(f"np.add.at({name}, {self.argument(index)}, {self.argument(g)})")
        return lines

    def part_lines(self, step: Step) -> list[str]:
        """An array with more added at several indices."""
        params, name = step.kwargs, self.name(Register(step.number))
        known, rest = step.args[0], step.args[1:]
        indices = params["indices"]
        if known is None:
            lines = [f"{name} = np.zeros({params['shape']}, {params['dtype'].str!r})"]
        else:
            lines = [f"{name} = np.array({self.argument(known)})"]
        gs, arrays = rest[: len(indices)], list(rest[len(indices) :])
        for g, template, once in zip(gs, indices, params["unique"], strict=True):
            count = array_count(template)
            index: Any = join_index(template, arrays[:count])
            del arrays[:count]
            if once:
                place = self.index(index if len(index) != 1 else index[0])
                lines.append(f"{name}[{place}] += {self.argument(g)}")
            else:
                lines.append(f"np.add.at({name}, {self.argument(index)}, {self.argument(g)})")
        return lines

    def plus_zero(self, g: Any) -> str:
        """0 + g: what there is after g was added to a zero, which -0.0 is not."""
        if type(g) is Register or id(g) in self.program.captured:
            return f"{self.argument(g)} + 0"
        return self.argument(frozen_sum(g))

    def index(self, index: Any) -> str:
        """An index as one writes it."""
        if type(index) is slice:
            bounds = ["" if b is None else self.argument(b) for b in (index.start, index.stop)]
            step = "" if index.step is None else f":{self.argument(index.step)}"
            return ":".join(bounds) + step
        if type(index) is tuple and index:
            inner = ", ".join(map(self.index, index))
            return f"{inner}," if len(index) == 1 else inner
        return "()" if type(index) is tuple and index == () else self.argument(index)

    def is_float(self, register: Register) -> bool:
        """Whether a register holds a float of NumPy's."""
        return isinstance(self.program.example(register), np.floating)

    def are_numbers(self, args: tuple[Any, ...]) -> bool:
        """Whether two operands are numbers, one of NumPy's among them, and no arrays."""
        found = [self.program.example(x) if type(x) is Register else x for x in args]
        return len(found) == 2 and all(
            isinstance(x, np.generic) or type(x) in (int, float) for x in found
        )

    def step_lines(self, step: Step) -> list[str]:
        """The lines of one step."""
        if isinstance(step.function, Printed):
            return step.function.lines(self, step)
        if step.function is scatter and isinstance(self.program.examples[step.number], np.ndarray):
            return self.scatter_lines(step)
        if step.function is add_parts:
            return self.part_lines(step)
        return [f"{self.name(Register(step.number))} = {self.expression(step)}"]

    def guard_lines(self, guard: Guard) -> list[str]:
        """The lines that raise where a guard does not hold."""
        texts = [self.name(r) for r in guard.registers]
        if guard.kind == "finite":
            return self.finite_lines(guard, texts)
        condition = f"not {texts[0]}" if guard.kind == "true" else texts[0]
        return [f"if {condition}:", f"    raise FloatingPointError({DIFFERS!r})"]

    def finite_lines(self, guard: Guard, texts: list[str]) -> list[str]:
        """One cheap look at all arrays; where a sum of squares overflows, one at each."""
        quick, exact = [], []
        for register, text in zip(guard.registers, texts, strict=True):
            example = self.program.example(register)
            kind = example.dtype.kind if hasattr(example, "dtype") else "number"
            if isinstance(example, np.ndarray) and kind == "f" and example.dtype.itemsize <= 8:
                quick.append(f"np.vdot({text}, {text})")
                exact.append(f"np.isfinite({text}).all()")
            elif kind == "f" or type(example) is float:
                quick.append(text)
                exact.append(f"np.isfinite({text})")
            elif kind not in "biu":
                quick.append(f"np.nan * (not np.isfinite({text}).all())")
                exact.append(f"np.isfinite({text}).all()")
        if not quick:
            return []
        self.module("math")
        return [
            f"if not math.isfinite({' + '.join(quick)}) and not ({' and '.join(exact)}):",
            f"    raise FloatingPointError({DIFFERS!r})",
        ]

    def body(self) -> list[str]:
        """The lines of the whole program, guards where what they look at is known."""
        for shape, dtype, order in self.plan.buffers:
            self.planned.append(self.buffer(shape, dtype, order))
        waiting: dict[int, list[Guard]] = {}
        for guard in self.program.guards:
            last = max(r.number for r in guard.registers)
            waiting.setdefault(last, []).append(guard)
        found: list[str] = []
        for number in self.program.inputs:
            for guard in waiting.pop(number, ()):
                found += self.guard_lines(guard)
        errors: tuple[Any, ...] = ()
        margin = ""
        for step in self.program.steps:
            if step.errors != errors:
                errors = step.errors
                margin = "    " if errors else ""
                if errors:
                    settings = ", ".join(f"{name}={mode!r}" for name, mode in errors)
                    found.append(f"with np.errstate({settings}):")
            found += [margin + line for line in self.step_lines(step)]
            for guard in waiting.pop(step.number, ()):
                found += [margin + line for line in self.guard_lines(guard)]
        return found

    def outputs(self) -> list[str]:
        """How each output is written."""
        return [self.argument(y) for y in self.program.outputs]

    # --- the whole ------------------------------------------------------------------------------
    def source(self, name: str, returned: str | None = None, constants: bool = True) -> str:
        """The source of a function `name` of the inputs; with `constants`, text that runs by
        itself."""
        self.taken.add(name)  # a kernel that is called as the function is gets another name
        body = self.body()
        outputs = self.outputs()
        tail = returned if returned is not None else f"[{', '.join(outputs)}]"
        inputs = [self.name(Register(number)) for number in self.program.inputs]
        head: list[str] = []
        if self.buffers:
            head = ["", "", "def make_buffers():", '    """Arrays that belong to one call."""']
            made = ", ".join(map(buffer_text, self.buffers))
            head.append(f"    return ({made},)")
            names = ", ".join(b[0] for b in self.buffers)
            body.insert(0, f"{names}, = make_buffers() if buffers is None else buffers")
            inputs.append("buffers=None")
        known = list(self.constants.items()) if constants else []
        texts = [f"{c} = {self.constant_text(x)}" for c, x in known]
        lines = [*sorted(self.imports), "", *texts]
        lines += [*head, "", "", f"def {name}({', '.join(inputs)}):"]
        return "\n".join([*lines, *[f"    {line}" for line in [*body, f"return {tail}"]], ""])

    def constant_text(self, x: Any) -> str:
        """How a constant is written, so that the text runs by itself."""
        if isinstance(x, tuple) and hasattr(x, "_fields"):
            fields = zip(x._fields, x, strict=True)
            parts = [f"{name}={self.constant_text(part)}" for name, part in fields]
            return f"{self.function(type(x))}({', '.join(parts)})"
        if isinstance(x, np.ndarray | np.generic):
            return constant_text(x)
        if type(x) in (int, float, complex, bool, str, tuple, list, type(None)):
            return self.argument(x)
        return f"...  # {type(x).__name__}: not to be written, set it to {str(x)[:60]!r}"


def is_reduce(f: Call) -> bool:
    """Whether a function is the `reduce` of a ufunc."""
    return isinstance(getattr(f, "__self__", None), np.ufunc) and f.__name__ == "reduce"


def frozen_sum(g: Any) -> Any:
    """g + 0, of a constant."""
    if not isinstance(g, np.ndarray):
        return g + 0
    total = np.asarray(g + g.dtype.type(0))
    total.flags.writeable = False
    return total


def are_distinct(arrays: list[Any], known: list[bool]) -> bool:
    """Whether index arrays of one row each surely name no entry twice: one that is known (the
    others are traced) rises."""
    if len({x.shape for x in arrays}) != 1 or arrays[0].ndim != 1 or not arrays[0].size:
        return False
    return any(
        x.dtype.kind in "iu" and x[0] >= 0 and bool((np.diff(x) > 0).all())
        for x, constant in zip(arrays, known, strict=True)
        if constant
    )


def buffer_text(buffer: tuple[str, tuple[int, ...], np.dtype[Any], str]) -> str:
    """How a buffer is made."""
    _, shape, dtype, order = buffer
    layout = "" if order == "C" else f", {order!r}"
    return f"np.empty({shape}, {dtype.str!r}{layout})"


def constant_text(x: Any) -> str:
    """How an array or a number of NumPy's is written."""
    if isinstance(x, np.generic):
        return f"np.{type(x).__name__}({x.item()!r})".replace("inf", "np.inf").replace(
            "nan", "np.nan"
        )
    if not x.size:
        return f"np.zeros({x.shape}, {x.dtype.str!r})"
    if x.ndim > 1 and not x.flags.c_contiguous:  # products round by the order in memory
        order = np.argsort(np.abs(x.strides), kind="stable")[::-1]
        dense = np.ascontiguousarray(x.transpose(order))
        return f"{constant_text(dense)}.transpose({np.argsort(order).tolist()})"
    if x.size <= 1000 and x.dtype.kind in "fiub" and np.isfinite(x).all():
        return f"np.array({x.tolist()!r}, {x.dtype.str!r})"
    text = base64.b64encode(np.ascontiguousarray(x).tobytes()).decode()
    data = f"__import__('base64').b64decode({text!r})"
    return f"np.frombuffer({data}, {x.dtype.str!r}).reshape({x.shape})"


def guards_of(program: Program) -> Iterator[Register]:
    """The registers that guards look at."""
    for guard in program.guards:
        yield from guard.registers
