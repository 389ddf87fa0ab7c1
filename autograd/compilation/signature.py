"""The signature of a call: the structure of its arguments, shapes, dtypes, and what is static.

For each program there is a function, made of straight-line code, that takes the arguments of a call
and gives the arrays and numbers in them, in order, or None where the signature is another one.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograd import pytree
from autograd.arrays.protocol import ProtocolArray
from autograd.compilation.checks import Checks
from autograd.engine.arrays import is_foreign
from autograd.engine.node import Writable
from autograd.engine.value import Value

TRACED: Final = (float, complex)
"""Python numbers that are traced; ints, bools and strings are static."""


PLACES: Final = "_places"
"""The attribute in which a module that was rebuilt remembers where its leaves stand."""


class RunEagerly(Exception):  # noqa: N818 (a signal, not an error)
    """The arguments are not what a program can take: the function is to be called as it is."""


class Signature(Checks):
    """The checks of the arguments of one call, and what they hold.

    leaves   the arrays and numbers, in order: the inputs of the program
    names    a name for each, after the way to it: model_layers_0_w
    texts    for each Value and generator by id, and each argument as a whole, how it is written
    owned    the Values, in order, with their places among the inputs
    statics  the functions and instances among what is static
    hidden   the places among the inputs of generators that modules hold
    integers the ints by their names: static, but for those in `varying`
    """

    def __init__(
        self,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        static: Static,
        varying: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__()
        self.varying = varying
        self.hidden: set[int] = set()
        self.integers: dict[str, int] = {}
        self.leaves: list[Any] = []
        self.names: list[str] = []
        self.found: list[str] = []
        self.texts: dict[int, str] = {}
        self.owned: list[tuple[int, Value]] = []
        self.statics: list[Any] = []
        self.namespace |= {"open_branch": pytree.open_branch}
        self.require(f"len(args) == {len(args)}", "the number of arguments")
        names = self.name(tuple(kwargs))
        self.require(f"tuple(kwargs) == {names}" if kwargs else "not kwargs", "the keywords")
        for i, x in enumerate(args):
            self.argument(f"args[{i}]", x, static.position_name(i), static.has_position(i))
        for name, x in kwargs.items():
            self.argument(f"kwargs[{name!r}]", x, name, name in static.names)
        if len(self.owned) > 1:
            ids = ", ".join(f"id({self.texts[id(v)]})" for _, v in self.owned)
            self.require(f"len({{{ids}}}) == {len(self.owned)}", "which parameters are one")
        owned = ", ".join(self.texts[id(v)] for _, v in self.owned)
        tail = [f"return [{', '.join(self.found)}], [{owned}]"]
        self.match: Callable[..., Any] = self.compiled("args, kwargs", tail)

    def argument(self, text: str, x: Any, name: str, is_static: bool) -> None:
        """One argument."""
        place = self.variable(text)
        self.texts.setdefault(id(x), place)
        if is_static:
            self.same(place, x, name)
        else:
            self.tree(place, x, name)

    # --- trees ----------------------------------------------------------------------------------
    def tree(self, text: str, x: Any, name: str) -> None:
        """A tree: what can be traced in it is a leaf, the rest is static."""
        kind = type(x)
        opener = pytree.opener_of(kind)
        if opener is None:
            self.leaf(text, x, name)
        elif kind in pytree.REGISTERED or any(base in pytree.REGISTERED for base in kind.__mro__):
            self.registered(text, x, name)
        elif isinstance(x, tuple | list):
            self.require(f"type({text}) is {self.name(kind)} and len({text}) == {len(x)}", name)
            if x:
                parts = [self.new_variable() for _ in x]
                self.line(f"{', '.join(parts)}, = {text}")
                for i, (part, child) in enumerate(zip(parts, x, strict=True)):
                    self.tree(part, child, f"{name}_{i}")
        elif isinstance(x, dict):
            keys = self.name(tuple(x))
            self.require(f"type({text}) is {self.name(kind)} and tuple({text}) == {keys}", name)
            for i, (key, child) in enumerate(x.items()):
                place = repr(key) if type(key) in (str, int) else f"{keys}[{i}]"
                self.tree(self.variable(f"{text}[{place}]"), child, f"{name}_{key}")
        else:
            self.require(f"type({text}) is {self.name(kind)}", name)
            for field in kind.__dataclass_fields__:
                if hasattr(x, field):
                    part = self.variable(f"{text}.{field}")
                    self.tree(part, getattr(x, field), f"{name}_{field}")
                else:
                    self.require(f"not hasattr({text}, {field!r})", f"{name}.{field}")

    def new_variable(self) -> str:
        """A variable that is set by what comes next."""
        self.count += 1
        return f"t{self.count}"

    def registered(self, text: str, x: Any, name: str) -> None:
        """An instance of a registered class, such as a module: its leaves where their paths lead,
        and everything around them as it was."""
        opened = pytree.open_branch(x)
        assert opened is not None
        paths = pytree.paths_of(opened)
        state = getattr(x, "__dict__", None)
        if state is None or not all(part.attribute for path in paths for part in path[:1]):
            self.opened_in_general(text, opened, name)
            return
        leaves = dict(zip(paths, opened.children, strict=True))
        self.within = list(leaves.values())
        self.around(text, x, (), leaves, name, {})
        if leaves:
            raise RunEagerly(f"the leaves of {name} are not where their paths lead")

    def opened_in_general(self, text: str, opened: pytree.Branch, name: str) -> None:
        """A branch that only `open_branch` can open."""
        place = self.variable(f"open_branch({text})")
        names = self.name(opened.names)
        self.require(f"{place}.names == {names}", name)
        self.require(f"len({place}.children) == {len(opened.children)}", name)
        for i, child in enumerate(opened.children):
            self.tree(self.variable(f"{place}.children[{i}]"), child, f"{name}_{i}")

    def around(
        self,
        text: str,
        x: Any,
        path: pytree.Path,
        leaves: dict[pytree.Path, Any],
        name: str,
        met: dict[int, str],
    ) -> None:
        """What stands at a path of a registered instance: a leaf, something with leaves inside, or
        something static."""
        if path in leaves:
            child = leaves.pop(path)
            met[id(child)] = text
            self.tree(text, child, name)
        elif id(x) in met:
            self.require(f"{text} is {met[id(x)]}", name)
        elif isinstance(x, np.random.Generator):
            met[id(x)] = text
            self.hidden.add(len(self.leaves))
            self.leaf(text, x, name)
        elif isinstance(x, tuple | list | dict) and type(x) in (tuple, list, dict):
            met[id(x)] = text
            self.require(f"type({text}) is {type(x).__name__} and len({text}) == {len(x)}", name)
            if type(x) is dict and not name.endswith("__places"):
                self.require(f"tuple({text}) == {self.name(tuple(x))}", name)
            elif type(x) is dict:
                self.require(f"{text}.keys() == {self.name(dict.fromkeys(x))}.keys()", name)
                if len({*map(id, x.values())}) != len(x):
                    raise RunEagerly(f"tied parameters in {name}")
                return
            children = x.items() if isinstance(x, dict) else enumerate(x)
            keys = self.name(tuple(x)) if isinstance(x, dict) else ""
            for i, (key, part) in enumerate(children):
                place = repr(key) if type(key) in (str, int) else f"{keys}[{i}]"
                way = (*path, pytree.Key(key))
                self.around(
                    self.variable(f"{text}[{place}]"), part, way, leaves, f"{name}_{key}", met
                )
        elif type(x) in pytree.REGISTERED or any(b in pytree.REGISTERED for b in type(x).__mro__):
            met[id(x)] = text
            self.require(f"type({text}) is {self.name(type(x))}", name)
            self.statics.append(type(x))
            place = self.variable(f"{text}.__dict__")
            state = dict(x.__dict__)
            size = f"len({place})"
            if all(type(leaf) is Value for leaf in self.within):
                # where leaves are Values, what a module remembers of its places says nothing
                state.pop(PLACES, None)
                size = f"len({place}) - ({PLACES!r} in {place})"
            self.require(f"{size} == {len(state)}", name)
            for key, part in state.items():
                way = (*path, pytree.Key(key, attribute=True))
                inner = self.variable(f"{place}[{key!r}]")
                self.around(inner, part, way, leaves, f"{name}_{key}", met)
        else:
            self.same(text, x, name)

    # --- leaves ---------------------------------------------------------------------------------
    def leaf(self, text: str, x: Any, name: str) -> None:
        """One leaf: an input of the program, or static."""
        kind = type(x)
        if kind is Value:
            self.require(f"type({text}) is Value", name)
            if any(v is x for _, v in self.owned):
                self.require(f"{text} is {self.texts[id(x)]}", name)
                return
            self.owned.append((len(self.leaves), x))
            self.texts[id(x)] = text
            self.entries(self.variable(f"{text}.data"), x.data, name)
        elif isinstance(x, np.random.Generator):
            self.require(f"type({text}) is {self.name(kind)}", name)
            self.texts[id(x)] = text
            self.input(text, x, name)
        elif (
            isinstance(x, ProtocolArray | Writable | np.ndarray | np.generic)
            or is_foreign(x)
            or kind in TRACED
        ):
            self.entries(text, x, name)
        else:
            if kind is int:
                self.integers[name] = x
                if name in self.varying:
                    self.entries(text, x, name)
                    return
            self.same(text, x, name)

    def entries(self, text: str, x: Any, name: str) -> None:
        """An array or a number of the program."""
        kind = type(x)
        if kind is np.ndarray and x.dtype.kind in "fciub":
            dtype = self.name(x.dtype)
            self.require(
                f"type({text}) is ndarray and {text}.shape == {x.shape} and "
                f"({text}.dtype is {dtype} or {text}.dtype == {dtype}) and "
                f"{text}.strides == {x.strides}",
                name,
            )
        elif kind in TRACED or kind is int:
            self.require(f"type({text}) is {kind.__name__}", name)
        elif isinstance(x, np.generic) and x.dtype.kind in "fciub":
            self.require(f"type({text}) is {self.name(kind)}", name)
        else:
            raise RunEagerly(f"{name} is a {kind.__name__}")
        self.input(text, x, name)

    def input(self, text: str, x: Any, name: str) -> None:
        """One input of the program."""
        self.leaves.append(x)
        self.found.append(text)
        self.names.append(identifier(name))

    def opened(self, text: str, thing: Any, what: str) -> None:
        """A function or an instance that is static: it has captures of its own."""
        self.statics.append(thing)


class Static:
    """Which arguments are static, by the names of the parameters."""

    def __init__(self, f: Callable[..., Any], static: Any) -> None:
        self.given = given = (static,) if isinstance(static, str | int) else tuple(static)
        try:
            parameters = list(inspect.signature(f).parameters.values())
        except (TypeError, ValueError):
            parameters = []
        positional = [
            p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
        ]
        self.order = positional
        self.rest = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), "")
        self.positions = {i for i in given if isinstance(i, int)}
        self.names = {name for name in given if isinstance(name, str)}
        known = {p.name for p in parameters}
        takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters)
        for name in self.names - known:
            if not takes_any:
                raise ValueError(
                    f"static names {name!r}, which is no argument of "
                    f"{getattr(f, '__name__', f)}({', '.join(p.name for p in parameters)})"
                )
        self.names |= {
            positional[i] for i in self.positions if -len(positional) <= i < len(positional)
        }

    def position_name(self, i: int) -> str:
        """The name of a positional argument."""
        return self.order[i] if i < len(self.order) else f"{self.rest or 'x'}_{i - len(self.order)}"

    def has_position(self, i: int) -> bool:
        """Whether a positional argument is static."""
        return i in self.positions or (i < len(self.order) and self.order[i] in self.names)


def identifier(name: str) -> str:
    """A name as Python has them."""
    text = "".join(c if c.isalnum() or c == "_" else "_" for c in name)
    return text if text.isidentifier() else f"x_{text}"
