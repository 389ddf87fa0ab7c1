"""Module: a tree of parameters, found by walking its attributes and named by their path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np

from autograd import Value, pytree
from autograd.pytree import Branch, Path, attribute_step
from nn.checks import computed


class Module:
    """What layers and networks derive from: Values, modules and containers as attributes.

    The parameters are the leaf Values found in the attributes, in lists, tuples, dicts and
    dataclasses and in the modules inside them, however nested, in the order in which the attributes
    were set.  A Value that is found twice is one parameter, under its first path.  Every leaf Value
    is trained, whatever its name; a constant is a number or an array.

    Raises TypeError where a Value that is the output of an operation stands among the parameters
    (a step would not reach what it was computed from), and for sets, which have no order.

    A module is also a tree, whose leaves are its parameters: a transform differentiates with
    respect to all of them, and the gradient is a module of the same structure.  Everything else in
    a module is static, and kept.  What a call stores in the module, while it is transformed, is
    lost with the copy that the transform makes.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.points = Value(2.0), [Value(0.0), Value(1.0)]
    ...     def __call__(self, x):
    ...         return self.slope * x + self.points[0]
    >>> [name for name, _ in Line().named_parameters()]
    ['slope', 'points.0', 'points.1']
    >>> from autograd import grad
    >>> grad(lambda line: line(3.0) ** 2)(Line()).slope.data
    36.0
    """

    if TYPE_CHECKING:  # at runtime only a module that defines it can be called

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            """What the module computes."""

    def named_parameters(self) -> list[tuple[str, Value]]:
        """Pairs of path and parameter, such as ("layers.0.w", Value(...)).

        In a gradient, and inside a transform, they are what stands where the parameters stood.
        """
        found = find_parameters(self)
        return list(zip(map(pytree.dotted, found.paths), found.parameters, strict=True))

    def parameters(self) -> list[Value]:
        """The parameters, each one once."""
        return find_parameters(self).parameters

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for p in self.parameters():
            if isinstance(p, Value):
                p.zero_grad()

    def named(self, prefix: str = "") -> Self:
        """Give every parameter without a label its path as label, for drawings and messages; the
        module itself is returned, so that `model = MLP(2, [1]).named("mlp")` can be written."""
        for path, p in self.named_parameters():
            if isinstance(p, Value) and not p.label:
                p.label = f"{prefix}.{path}" if prefix else path
        return self

    def to(self, namespace: Any) -> Self:
        """Make every parameter an array of another library, such as `cupy`; back by `to(numpy)`.

        The module itself is changed and returned; gradients start anew.  Raises TypeError for what
        has no `asarray`.

        >>> from nn import Linear
        >>> Linear(2, 1, seed=0).to(np).w.shape
        (2, 1)
        """
        if not hasattr(namespace, "asarray"):
            raise TypeError(
                f"to takes a module of arrays, such as numpy or cupy, got {namespace!r}"
            )
        for p in self.parameters():
            p.data = namespace.asarray(entries_of(p.data))
            p.zero_grad()
        return self

    def __repr__(self) -> str:
        lines = [f"  {name}: {summary(part)}" for name, part in attributes(self).items()]
        return (
            "\n".join([f"{type(self).__name__}(", *lines, ")"])
            if lines
            else f"{type(self).__name__}()"
        )


def entries_of(x: Any) -> Any:
    """The entries of an array on a device or of a lazy one; anything else as it is."""
    if hasattr(x, "__cuda_array_interface__"):
        return x.get()
    return computed(x)


# --- finding parameters -------------------------------------------------------------------------
PLACES = "_places"
"""The attribute in which a module that was rebuilt with other leaves remembers where they stand:
a token for each path, the same one where parameters are tied.  Numbers and arrays would not be
known as leaves otherwise."""


class Found(NamedTuple):
    """The parameters below a module or container.

    parameters  each one once
    paths       the first path to each
    places      the number of the parameter at every path that leads to one
    """

    parameters: list[Any]
    paths: list[Path]
    places: dict[Path, int]


def find_parameters(root: Any) -> Found:
    """The parameters below a module or container, depth first."""
    found = Found([], [], {})
    numbers: dict[Any, int] = {}  # of a parameter, by the identity of its Value or by its token
    visited: dict[int, Any] = {}  # containers by id, kept so that no id is used twice
    stack: list[tuple[Path, Any, int, dict[Path, object]]] = [((), root, 0, {})]
    while stack:
        path, thing, start, tokens = stack.pop()
        token = tokens.get(path[start:]) if tokens else None
        if token is not None or isinstance(thing, Value):
            known: Any = id(thing)
            if token is None:
                refuse_output(path, thing)
            else:  # a number has no identity: pickle makes two of one
                known = id(token), thing if isinstance(thing, float | complex) else id(thing)
            if known not in numbers:
                numbers[known] = len(found.parameters)
                numbers.setdefault(id(thing), numbers[known])
                found.parameters.append(thing)
                found.paths.append(path)
            found.places[path] = numbers[known]
            continue
        if id(thing) in visited:
            continue
        if isinstance(thing, Module):
            start, tokens = len(path), vars(thing).get(PLACES, {})
        below = parts(thing)
        if below is None:
            refuse_hidden(path, thing)
        else:
            visited[id(thing)] = thing
            inner = [(path + way, part, start, tokens) for way, part in below]
            stack.extend(reversed(inner))
    return found


def parts(thing: Any) -> list[tuple[Path, Any]] | None:
    """What a module or container holds, with paths; None for anything else."""
    if isinstance(thing, Module):
        return [(attribute_step(name), part) for name, part in attributes(thing).items()]
    return pytree.children(thing)


def attributes(module: Module) -> dict[str, Any]:
    """What is stored in a module, in its `__dict__` and in slots."""
    state = object.__getstate__(module)
    plain, slots = state if isinstance(state, tuple) else (state, None)
    stored = {**(plain or {}), **(slots or {})}
    stored.pop(PLACES, None)
    return stored


def refuse_output(path: Path, p: Value) -> None:
    """Raise where a Value is the output of an operation."""
    if p.op is not None:
        raise TypeError(
            f"{pytree.dotted(path)} is the output of the operation {p.op.name!r}, not a parameter: "
            "store Value(v.data) to train it, or v.data to keep it as a constant"
        )


def refuse_hidden(path: Path, thing: Any) -> None:
    """Raise where parameters stand in a container that is not searched."""
    if isinstance(thing, set | frozenset):
        inside: Any = thing
    elif isinstance(thing, np.ndarray) and thing.dtype == object:
        inside = thing.ravel()
    else:
        return
    if any(isinstance(part, Value | Module) for part in inside):
        raise TypeError(
            f"{pytree.dotted(path)} is a {type(thing).__name__} that holds parameters: keep them "
            "in a list, a tuple or a dict"
        )


# --- a module as a tree -------------------------------------------------------------------------
def open_module(module: Module) -> Branch:
    """A module as a branch of a tree: its children are its parameters, each one once."""
    found = find_parameters(module)
    paths = found.paths
    names = tuple(map(pytree.dotted, paths))
    if len(set(names)) < len(names):  # the keys 1 and "1" of one dict
        names = tuple(map(pytree.expression, paths))

    def open_like(other: Any) -> list[Any] | None:
        """Another module, also one that has arrays where the parameters stand here."""
        if not isinstance(other, Module):
            return None
        if not set(find_parameters(other).paths) <= set(paths):
            return None
        try:
            return [part_at(other, path) for path in paths]
        except (AttributeError, LookupError, TypeError):
            return None

    build = lambda leaves: Rebuild(found.places, leaves).copy(module, (), 0, {})
    return Branch(found.parameters, build, names, lambda: paths, open_like)


def part_at(thing: Any, path: Path) -> Any:
    """What a path leads to."""
    for key in path:
        thing = getattr(thing, key.name) if key.attribute else thing[key.name]
    return thing


class Rebuild:
    """A structural copy of a module with other leaves in place of its parameters: modules and
    containers are new, everything else is the same object."""

    def __init__(self, places: dict[Path, int], leaves: list[Any]) -> None:
        self.places, self.leaves = places, leaves
        self.tokens = [object() for _ in leaves]
        self.copies: dict[int, tuple[Any, Any]] = {}
        """Originals and copies, by the id of the original."""

    def copy(self, thing: Any, path: Path, start: int, tokens: dict[Path, object]) -> Any:
        """The copy of what stands at a path; `tokens` are those of the module around it, whose own
        path has the length `start`."""
        place = self.places.get(path)
        if place is not None:
            tokens[path[start:]] = self.tokens[place]
            return self.leaves[place]
        if id(thing) in self.copies:
            return self.copies[id(thing)][1]
        if isinstance(thing, Module):
            return self.copy_module(thing, path)
        opened = pytree.open_branch(thing)
        if opened is None:
            return thing
        new: Any = type(thing)() if type(thing) in (list, dict) else None
        if new is not None:  # known before it is filled: it may hold itself
            self.copies[id(thing)] = thing, new
        ways = zip(pytree.paths_of(opened), opened.children, strict=True)
        inside = [self.copy(part, path + way, start, tokens) for way, part in ways]
        if new is None:
            new = opened.build(inside)
        elif opened.names is None:
            new.extend(inside)
        else:
            new.update(zip(opened.names, inside, strict=True))
        self.copies[id(thing)] = thing, new
        return new

    def copy_module(self, module: Module, path: Path) -> Module:
        """The copy of a module, made without its `__init__`."""
        new = object.__new__(type(module))
        self.copies[id(module)] = module, new
        tokens: dict[Path, object] = {}
        for name, part in attributes(module).items():
            way = path + attribute_step(name)
            object.__setattr__(new, name, self.copy(part, way, len(path), tokens))
        if tokens:
            object.__setattr__(new, PLACES, tokens)
        return new


pytree.register(Module, open_module)


# --- repr ---------------------------------------------------------------------------------------
def summary(part: Any) -> str:
    """One attribute in a module's repr."""
    if isinstance(part, Value):
        return f"{part.dtype} {part.shape}" if part.shape else f"{part.dtype} {part.data:.4g}"
    if isinstance(part, list | tuple) and any(isinstance(x, Module) for x in part):
        inner = "\n".join(f"  {i}: {summary(x)}" for i, x in enumerate(part)).replace("\n", "\n  ")
        return f"[\n  {inner}\n  ]"
    if isinstance(part, np.ndarray):
        return f"constant {part.dtype} {part.shape}"
    if callable(part) and not isinstance(part, Module):
        return getattr(part, "__name__", None) or getattr(part, "name", None) or repr(part)
    return repr(part).replace("\n", "\n  ")
