"""Programs as graphs, which the drawings of Values draw: as recorded, and after the passes."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any, NamedTuple

from autograd.compilation.program import Program, Register, registers_in
from autograd.engine.node import make_node
from autograd.engine.outputs import OutputTuple, get_output
from autograd.engine.picture import Picture
from autograd.engine.primitive import TABLE, Primitive, declare
from autograd.engine.value import Value

GET_OUTPUT = declare(get_output)


class Pictures(NamedTuple):
    """A program as it was recorded, and as it runs: two pictures.

    `print` shows both as text, `save("step.svg")` writes step-before.svg and step-after.svg."""

    before: Picture
    after: Picture

    def __str__(self) -> str:
        return self.text()

    def text(self, limit: int | None = 200) -> str:
        """Both as text trees."""
        parts = [
            f"recorded\n{self.before.text(limit=limit)}",
            f"run\n{self.after.text(limit=limit)}",
        ]
        return "\n\n".join(parts)

    def save(self, path: str | Path) -> list[Path]:
        """Write both, in the format that the suffix names; the paths come back."""
        path = Path(path)
        paths = [path.with_name(f"{path.stem}-{word}{path.suffix}") for word in self._fields]
        for picture, place in zip(self, paths, strict=True):
            picture.save(place)
        return paths

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return f"<h4>recorded</h4>{self.before.svg()}<h4>run</h4>{self.after.svg()}"


def pictures(before: Program, after: Program, names: list[str]) -> Pictures:
    """The two pictures of a program."""
    views = importlib.import_module("autograd.views")
    drawn = [
        views.graph(as_values(program, names), title=title)
        for program, title in ((before, "recorded"), (after, "run"))
    ]
    return Pictures(*drawn)


def as_values(program: Program, names: list[str]) -> list[Value]:
    """The outputs of a program as Values, with its steps as their graph and the numbers of the
    recording as their data."""
    known: dict[Register, Value] = {}
    for number, name in zip(program.inputs, names, strict=True):
        v = known[Register(number)] = make_node(Value, program.examples[number], None, ())
        v.label = name

    def value_of(register: Register) -> Value:
        if register not in known:
            whole = value_of(Register(register.number, register.output[:-1]))
            count = len(program.example(Register(register.number, register.output[:-1])))
            params = {"index": register.output[-1], "count": count}
            data = program.example(register)
            known[register] = make_node(Value, data, GET_OUTPUT, (whole,), params)
        return known[register]

    operations: dict[Any, Primitive] = {}
    for step in program.steps:
        f = step.function
        if f not in operations:
            name = getattr(getattr(f, "__self__", None), "__name__", "")
            own: str = getattr(f, "__name__", type(f).__name__)
            operations[f] = TABLE.get(f) or Primitive(f, f"{name}.{own}" if name else own)
        inputs: list[Any] = []
        for x in step.args:
            found = list(registers_in(x))
            inputs += [value_of(r) for r in found] if found else [x]
        inputs += [value_of(r) for r in registers_in(step.kwargs)]
        data = program.examples[step.number]
        data = OutputTuple(data) if isinstance(data, tuple | list) else data
        known[Register(step.number)] = make_node(Value, data, operations[f], tuple(inputs))
    outputs = [y for y in program.outputs if type(y) is Register]
    return [value_of(y) for y in dict.fromkeys(outputs)]
