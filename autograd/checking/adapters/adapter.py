"""What an adapter does: a function of another library's arrays becomes a pair (f, vjp) of NumPy."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import numpy as np

from autograd import pytree
from autograd.checking.subjects.flat_trees import argument_names, as_array
from autograd.checking.subjects.user_code import name_of, source_of, unwrapped

Function = Callable[..., Any]


class Constant:
    """An argument that is passed on as it is; the checker sees neither a number nor a tree."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


@dataclass(frozen=True)
class Called:
    """A function as its library calls it.

    `call` takes the arguments and nothing else; `name` is what a report calls it, `names` are those
    of its arguments, `written` is the user's function, `backward` its derivative where the user
    wrote it.
    """

    call: Function
    name: str
    names: list[str]
    written: Any = None
    backward: Any = None


@dataclass
class Pair:
    """What `gradcheck` needs: NumPy functions, their inputs, and where the user's code is.

    `vjp` takes and returns cotangents in the convention Re(g dy) = Re(c dx). `context` holds while
    they are called.
    """

    f: Function
    vjp: Function
    inputs: tuple[Any, ...]
    context: Callable[[], AbstractContextManager[Any]]
    source: str = ""
    rule: str = ""
    notes: list[str] = field(default_factory=list)


class Adapter(ABC):
    """One check of a function of another library; that library is imported already.

    The numbers that a call is given decide its precision: float64 arrays become float64 arrays of
    the library, unless `native` is set, which keeps the dtype that the user gave.
    """

    library: str
    title: str

    def __init__(self, reseed: Callable[[], Any] | None = None) -> None:
        self.reseed = reseed
        self.native = False
        self.likes: list[Any] = []
        self.structures: list[pytree.Structure] = []
        self.called: Called
        self.written_vjp: Function | None = None

    # --- what a library knows -------------------------------------------------------------------
    @abstractmethod
    def is_array(self, x: Any) -> bool:
        """Whether an object is an array of numbers of this library."""

    @abstractmethod
    def recognizes(self, f: Any) -> bool:
        """Whether a function belongs to this library, whatever its arguments are."""

    @abstractmethod
    def to_numpy(self, x: Any) -> Any:
        """The numbers of an array of the library."""

    @abstractmethod
    def from_numpy(self, x: Any, like: Any) -> Any:
        """An array of the library with these numbers, on the device of another one."""

    @abstractmethod
    def prepare(self, f: Any, inputs: tuple[Any, ...]) -> tuple[Called, tuple[Any, ...]]:
        """How to call f, and its inputs with everything that is to be checked."""

    @abstractmethod
    def pull(self, leaves: list[Any], checked: list[int], kwargs: Any, g: list[Any]) -> list[Any]:
        """The library's own gradients of the checked leaves; None where one does not arrive.

        `g` holds one cotangent for each floating-point output, in the order of the outputs.
        """

    @abstractmethod
    def context(self) -> AbstractContextManager[Any]:
        """What has to hold while the function is called."""

    def in_convention(self, g: Any) -> Any:
        """A cotangent of ours in the library's convention, and back again."""
        return np.asarray(g)

    def is_checked(self, x: Any, leaves: Sequence[Any]) -> bool:
        """Whether an input is differentiated; what is not is passed on as it is."""
        return self.is_array(x)

    def opened(self, y: Any) -> Any:
        """A tree of outputs in plain tuples and dicts."""
        if isinstance(y, dict):
            return {key: self.opened(part) for key, part in y.items()}
        if isinstance(y, tuple | list):
            return tuple(self.opened(part) for part in y)
        return y

    # --- the pair -------------------------------------------------------------------------------
    def pair(
        self, f: Any, inputs: tuple[Any, ...], vjp: Function | None, kwargs: dict[str, Any]
    ) -> Pair:
        """The function as a pair of NumPy functions, tried once."""
        self.called, inputs = self.prepare(f, inputs)
        self.written_vjp = vjp
        flat = [leaf for tree in inputs for leaf in pytree.flatten(as_array(tree))[0]]
        plain = []
        for tree in inputs:
            leaves, structure = pytree.flatten(as_array(tree))
            self.structures.append(structure)
            self.likes += leaves
            taken = [self.taken(leaf, flat) for leaf in leaves]
            plain.append(pytree.unflatten(structure, taken))
        pair = Pair(
            self.named(self.forward, self.called.written),
            self.named(self.backward, self.called.backward if vjp is None else vjp),
            tuple(plain),
            self.context,
            source=self.source(self.called.written),
        )
        with self.context():
            pair.notes += self.choose_precision(pair, kwargs)
            written = vjp or self.called.backward or self.found_backward(pair, kwargs)
        pair.rule = self.source(written)
        return pair

    def taken(self, leaf: Any, leaves: Sequence[Any]) -> Any:
        """What the checker sees of one leaf of the inputs."""
        if self.is_checked(leaf, leaves):
            return self.to_numpy(leaf) if self.is_array(leaf) else np.asarray(leaf)
        return Constant(leaf)

    def choose_precision(self, pair: Pair, kwargs: dict[str, Any]) -> list[str]:
        """Try the function in float64; keep the given precision where it refuses that."""
        try:
            pair.f(*[pytree.tree_map(in_double, tree) for tree in pair.inputs], **kwargs)
        except Exception as error:
            self.native = True
            try:
                pair.f(*pair.inputs, **kwargs)
            except Exception:  # the check itself will report what it raises
                self.native = False
                return []
            reason = " ".join(str(error).split())[:120]
            return [f"computed in the precision given: in float64 the function raised {reason}"]
        return []

    def found_backward(self, pair: Pair, kwargs: dict[str, Any]) -> Any:
        """The only hand-written backward that the function runs through, where one is found."""
        return None

    def named(self, call: Function, written: Any) -> Function:
        """A callable with the name and the arguments of the user's function."""

        def named(*args: Any, **kwargs: Any) -> Any:
            try:
                return call(*args, **kwargs)
            except Exception as error:
                cut_traceback(error, self.library)
                raise

        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        arguments = [inspect.Parameter(name, kind) for name in self.called.names]
        named.__name__ = self.called.name
        named.__signature__ = inspect.Signature(arguments)  # type: ignore[attr-defined]
        named.__wrapped__ = written  # type: ignore[attr-defined]
        return named

    def source(self, written: Any) -> str:
        """`file:line` of a function of the user; "" for one of the library."""
        module = str(getattr(unwrapped(written), "__module__", None) or "")
        return "" if module.split(".")[0] == self.library else source_of(written)

    # --- calls ----------------------------------------------------------------------------------
    def forward(self, *trees: Any, **kwargs: Any) -> Any:
        """The outputs, as NumPy arrays, for NumPy inputs."""
        leaves, _ = self.arrays(trees)
        y = self.opened(self.call(leaves, kwargs))
        return pytree.tree_map(lambda x: self.to_numpy(x) if self.is_array(x) else x, y)

    def backward(self, g: Any, *trees: Any, **kwargs: Any) -> tuple[Any, ...]:
        """The gradients, as NumPy arrays, for a cotangent and the inputs."""
        leaves, checked = self.arrays(trees)
        if self.reseed is not None:  # the forward is run again, with the numbers of the first run
            self.reseed()
        turn = self.in_convention
        seeds = [turn(part) for part in pytree.flatten(g)[0] if is_floating(part)]
        if self.written_vjp is not None:
            found = self.pull_written(leaves, checked, kwargs, g)
        else:
            found = self.pull(leaves, checked, kwargs, seeds)
        every: list[Any] = [None] * len(leaves)
        for k, c in zip(checked, found, strict=True):
            every[k] = None if c is None else turn(self.to_numpy(c) if self.is_array(c) else c)
        return tuple(self.fill(every))

    def pull_written(self, leaves: list[Any], checked: list[int], kwargs: Any, g: Any) -> list[Any]:
        """The gradients of a backward that the caller gave, in the library's own convention."""
        assert self.written_vjp is not None
        turn = self.in_convention
        like = next(self.likes[k] for k in checked)
        seeds = pytree.tree_map(lambda part: self.from_numpy(turn(part), like), g)
        found = self.written_vjp(seeds, *self.fill(leaves), **self.constants(kwargs, leaves))
        if len(self.structures) == 1 and not (type(found) is tuple and len(found) == 1):
            found = (found,)
        parts = found if isinstance(found, tuple | list) else (found,)
        if len(parts) != len(self.structures):
            have, count = len(parts), len(self.structures)
            raise ValueError(f"vjp returned {have} gradients for {count} inputs")
        every: list[Any] = []
        for part, structure in zip(parts, self.structures, strict=True):
            count = count_leaves(structure)
            flat = pytree.flatten(part)[0] if part is not None and count != 1 else [part]
            every += [*flat, *[None] * count][:count]
        return [every[k] for k in checked]

    def call(self, leaves: list[Any], kwargs: dict[str, Any]) -> Any:
        """The function at arrays of the library."""
        return self.called.call(*self.fill(leaves), **self.constants(kwargs, leaves))

    def arrays(self, trees: Sequence[Any]) -> tuple[list[Any], list[int]]:
        """The leaves of the arguments as the library has them, and which of them are checked."""
        plain = [leaf for tree in trees for leaf in pytree.flatten(tree)[0]]
        leaves, checked = [], []
        for k, (x, like) in enumerate(zip(plain, self.likes, strict=True)):
            if isinstance(x, Constant):
                leaves.append(x.value)
                continue
            if is_floating(x):
                checked.append(k)
            leaves.append(self.from_numpy(np.asarray(x), like))
        return leaves, checked

    def fill(self, leaves: Sequence[Any]) -> list[Any]:
        """The trees of arguments with these leaves."""
        trees, at = [], 0
        for structure in self.structures:
            count = count_leaves(structure)
            trees.append(pytree.unflatten(structure, list(leaves[at : at + count])))
            at += count
        return trees

    def constants(self, kwargs: dict[str, Any], leaves: Sequence[Any]) -> dict[str, Any]:
        """The keyword arguments, arrays in the precision of the leaves."""
        return {key: self.in_precision_of(leaves, x) for key, x in kwargs.items()}

    def in_precision_of(self, leaves: Sequence[Any], x: Any) -> Any:
        """A constant array in float64 where the checked leaves are, any other object as it is."""
        return x


def count_leaves(structure: pytree.Structure) -> int:
    """How many leaves a tree has."""
    if isinstance(structure, pytree.Leaf):
        return 1
    return sum(count_leaves(child) for child in structure.children)


def is_floating(x: Any) -> bool:
    """Whether an object is an array or a number of floats."""
    return isinstance(x, float | complex | np.generic | np.ndarray) and np.asarray(
        x
    ).dtype.kind in ("f", "c")


def in_double(x: Any) -> Any:
    """Floats in float64, complex numbers in complex128, anything else as it is."""
    if not is_floating(x):
        return x
    return np.asarray(x, dtype=np.complex128 if np.iscomplexobj(x) else np.float64)


def names_for(f: Any, count: int) -> list[str]:
    """Names of the first arguments of a function that are Python names, all different."""
    names = argument_names(f, count)
    return names if len(set(names)) == count else [f"x{k}" for k in range(count)]


def plain_name(f: Any) -> str:
    """The name of a function, never empty."""
    return name_of(f) or type(f).__name__


def cut_traceback(error: BaseException, library: str) -> None:
    """End a traceback, in place, before it enters the code of a library."""
    last: TracebackType | None = None
    trace = error.__traceback__
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.split(".")[0] == library and last is not None:
            last.tb_next = None
            return
        last, trace = trace, trace.tb_next
