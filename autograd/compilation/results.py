"""What a compiled function returns: the tree that the function made, as code that makes it anew."""

from __future__ import annotations

import enum
import types
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograd import pytree
from autograd.compilation.captures import Captures
from autograd.compilation.program import Register
from autograd.compilation.recording import CannotRecord, Recorded
from autograd.compilation.signature import RunEagerly, Signature
from autograd.engine import ancestry
from autograd.engine.node import Writable, make_node
from autograd.engine.value import Value

CONSTANTS: Final = (
    *(bool, int, float, complex, str, bytes, np.generic, np.dtype, type, slice, range),
    *(np.ufunc, types.BuiltinFunctionType, types.ModuleType, enum.Enum, type(...)),
)
"""What a function may return that is the same at each call."""


class Results:
    """The code that makes the result of a call from the outputs of the program.

    outputs    what the program is to give: registers, in order
    connected  the Values in the result that depend on Values of the caller
    hidden     those Values of the caller that are no arguments
    places     where the connected ones are among the leaves of the result
    """

    def __init__(
        self,
        result: Any,
        signature: Signature,
        captures: Captures,
        given: dict[int, str],
        standins: list[Value],
        start: int,
    ) -> None:
        self.signature, self.captures, self.given, self.start = signature, captures, given, start
        self.outputs: list[Register] = []
        self.connected: list[Value] = []
        self.data_places: list[int] = []
        self.namespace: dict[str, Any] = {"new": object.__new__, "leaf": leaf_value}
        self.lines: list[str] = []
        self.made: dict[int, str] = {}
        self.kept: list[Any] = []
        self.leaves = pytree.flatten(result)[0]
        self.find_connected(standins)
        tree = self.tree(result)
        places = {id(x): i for i, x in enumerate(self.leaves)}
        if not all(id(v) in places for v in self.connected):
            raise RunEagerly("the function returns Values inside of what is no tree")
        self.places = [places[id(v)] for v in self.connected]
        self.build = self.compiled(tree)

    def find_connected(self, standins: list[Value]) -> None:
        """Which Values in the result depend on Values of the caller."""
        values = [x for x in self.leaves if type(x) is Value and x.serial >= self.start]
        found = ancestry.find_ancestors(values, self.start)
        older = [
            x
            for v in found.computed
            for x in v.inputs
            if type(x) is Value and x.serial < self.start
        ]
        self.hidden: list[Value] = list(dict.fromkeys(older))
        self.active = ancestry.dependents(found.computed, [*standins, *older])[1]
        fresh = {v for v in values if v.op is None} - {*standins}
        if fresh:
            moved = ancestry.dependents(found.computed, fresh)[1] - fresh
            if any(v in moved for v in values):
                raise RunEagerly("the function returns a Value and what it computes from it")

    def name(self, thing: Any) -> str:
        """A name for an object that the code uses."""
        known = f"k{len(self.namespace)}"
        self.namespace[known] = thing
        return known

    def register(self, register: Register) -> str:
        """An output of the program."""
        if register not in self.outputs:
            self.outputs.append(register)
        return f"y[{self.outputs.index(register)}]"

    # --- the tree -------------------------------------------------------------------------------
    def tree(self, x: Any) -> str:
        """The text of a tree."""
        if id(x) in self.given:
            return self.given[id(x)]
        if id(x) in self.made:
            return self.made[id(x)]
        kind = type(x)
        if kind is tuple or kind is list:
            inner = ", ".join(map(self.tree, x))
            return f"[{inner}]" if kind is list else f"({inner},)" if len(x) == 1 else f"({inner})"
        if kind is dict:
            keys = self.name(tuple(x))
            pairs = [
                f"{key!r}: {self.tree(part)}"
                if type(key) in (str, int)
                else f"{keys}[{i}]: {self.tree(part)}"
                for i, (key, part) in enumerate(x.items())
            ]
            return f"{{{', '.join(pairs)}}}"
        opener = pytree.opener_of(kind)
        if opener is None:
            return self.leaf(x)
        if isinstance(x, tuple) and hasattr(x, "_fields"):
            return f"{self.name(kind)}({', '.join(map(self.tree, x))})"
        if hasattr(x, "__dict__") and not isinstance(x, dict):
            return self.instance(x)
        opened = opener(x)
        inner = ", ".join(map(self.tree, opened.children))
        return f"{self.name(opened.build)}([{inner}])"

    def instance(self, x: Any) -> str:
        """An instance, its attributes in the order in which they were set."""
        place = f"m{len(self.made)}"
        self.made[id(x)] = place
        self.kept.append(x)
        self.lines.append(f"{place} = new({self.name(type(x))})")
        pairs = [f"{name!r}: {self.attribute(part)}" for name, part in x.__dict__.items()]
        self.lines.append(f"{place}.__dict__.update({{{', '.join(pairs)}}})")
        return place

    def attribute(self, x: Any) -> str:
        """An attribute: containers and instances are opened where something recorded is inside,
        all else is the same object."""
        if id(x) in self.given or id(x) in self.made:
            return self.tree(x)
        if isinstance(x, Value | Recorded):
            return self.tree(x)
        if type(x) in (list, tuple, dict):
            return self.tree_of_attributes(x)
        kind = type(x)
        if hasattr(x, "__dict__") and pytree.opener_of(kind) is not None:
            return self.instance(x)
        return self.leaf(x) if type(x) is np.ndarray else self.attribute_constant(x)

    def attribute_constant(self, x: Any) -> str:
        """An attribute that is static."""
        return self.name(x) if type(x) is object else self.constant(x)

    def tree_of_attributes(self, x: Any) -> str:
        """A container among attributes."""
        if isinstance(x, dict):
            names = self.name(tuple(x))
            pairs = [f"{names}[{i}]: {self.attribute(part)}" for i, part in enumerate(x.values())]
            return f"{{{', '.join(pairs)}}}"
        inner = ", ".join(map(self.attribute, x))
        return f"[{inner}]" if type(x) is list else f"({inner},)" if len(x) == 1 else f"({inner})"

    # --- leaves ---------------------------------------------------------------------------------
    def leaf(self, x: Any) -> str:
        """One leaf."""
        if isinstance(x, Value):
            return self.value(x)
        if isinstance(x, Recorded):
            return self.register(x.register)
        if isinstance(x, Writable):
            raise RunEagerly("the function returns an array into which Values can be written")
        if type(x) is np.ndarray:
            return self.array(x)
        return self.constant(x)

    def constant(self, x: Any) -> str:
        """An object that is the same at each call; TypeError for one that the function made, in
        which numbers of the recording may be."""
        known = isinstance(x, CONSTANTS) or x is None
        if not known and id(x) not in self.signature.met and id(x) not in self.captures.met:
            seen = self.captures.seen
            if id(x) not in seen and not any(x is y for y in self.signature.statics):
                raise CannotRecord(
                    f"a compiled function returns a {type(x).__name__} that it makes: return "
                    "arrays, numbers, Values, and trees of these"
                )
        return self.name(x)

    def array(self, x: Any) -> str:
        """An array that is no result of a call: the caller's own, or made by the function, which
        would make another one at each call."""
        if any(x is y for y in self.signature.arrays) or id(x) in self.given:
            return self.name(x)
        name = f"{self.name(x)}.copy('K')"
        place = f"m{len(self.made)}"
        self.made[id(x)] = place
        self.kept.append(x)
        self.lines.append(f"{place} = {name}")
        return place

    def value(self, x: Value) -> str:
        """A Value: the caller's, a new leaf, or one that depends on Values of the caller."""
        if x.serial < self.start:
            return self.name(x)
        data: Any = x.data
        place = f"m{len(self.made)}"
        self.made[id(x)] = place
        self.kept.append(x)
        recorded = isinstance(data, Recorded)
        if x in self.active and recorded:
            self.register(data.register)
            self.data_places.append(self.outputs.index(data.register))
            self.lines.append(f"{place} = connected[{len(self.connected)}]")
            self.connected.append(x)
            return place
        if x in self.active:
            raise RunEagerly("a Value of which the data are known, and the gradient is not")
        text = self.register(data.register) if recorded else self.array_of(data)
        self.lines.append(f"{place} = leaf({text})")
        return place

    def array_of(self, data: Any) -> str:
        """The data of a new leaf."""
        return self.array(data) if type(data) is np.ndarray else self.name(data)

    def compiled(self, tree: str) -> Callable[..., Any]:
        """The function that makes the result."""
        lines = ["def build(y, connected, values, leaves, args, kwargs):"]
        lines += [f"    {line}" for line in (*self.lines, f"return {tree}")]
        namespace = dict(self.namespace)
        exec(compile("\n".join(lines), "<result of a compiled function>", "exec"), namespace)
        found: Callable[..., Any] = namespace["build"]
        return found


def leaf_value(data: Any) -> Value:
    """A new leaf with these data, which nobody else has."""
    return make_node(Value, data, None, ())
