"""Random programs that write into arrays, and what they are compared with: the same program on
arrays of Python objects, where each entry is a number or a Value and NumPy moves them."""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from typing import Any

import numpy
from hypothesis import strategies as st

import autograd.numpy as np
from autograd import Value

SHAPES = ((4,), (5,), (2, 3), (3, 2), (2, 2, 2), (1, 3), (0,), ())
NUMBERS = st.sampled_from((-1.5, -0.5, 0.0, 0.5, 1.25, 2.0))


def boxed(x: Any) -> Any:
    """A number, a Value or a Value of many numbers as an array of objects."""
    if isinstance(x, numpy.ndarray):
        return x
    entries = list(x.ravel()) if isinstance(x, Value) and x.shape else [x]
    box = numpy.empty(len(entries), object)
    for i, entry in enumerate(entries):
        box[i] = entry
    return box.reshape(numpy.shape(x.data if isinstance(x, Value) else x))


class SequenceError(ValueError):
    """An array of one entry, written into an entry: whether NumPy takes it depends on its version,
    and a Value of one entry is taken."""


@dataclass
class Objects:
    """Arrays of objects."""

    x: Any
    arrays: list[Any] = field(default_factory=list)
    total: Any = 0.0

    def make(self, shape: tuple[int, ...], order: str) -> Any:
        a = numpy.empty(shape, object, order=order)
        a[...] = boxed(0.5)
        return a

    def given(self, x: Any) -> Any:
        """Something to write."""
        return boxed(x)

    def entry(self, k: int) -> Any:
        return self.x[k]

    def row(self, k: int, shape: tuple[int, ...]) -> Any:
        """Entries of x in some shape, from the k-th on."""
        places = (k + numpy.arange(int(numpy.prod(shape)))) % 6
        return self.x[places].reshape(shape)

    def write(self, a: Any, index: Any, x: Any) -> None:
        """a[index] = x; an object that is an array stays one where it is written into one entry."""
        if isinstance(a[index], numpy.ndarray):
            a[index] = x
        elif not numpy.ndim(x):
            a[index] = x[()]
        else:
            raise SequenceError

    def combine(self, op: Any, a: Any, b: Any) -> Any:
        """An operator on each pair of entries."""
        a, b = numpy.broadcast_arrays(boxed(a), boxed(b))
        pairs = zip(numpy.ravel(a), numpy.ravel(b), strict=True)
        box = numpy.empty(a.size, object)
        for i, pair in enumerate(pairs):
            box[i] = op(*pair)
        return box.reshape(a.shape)

    def add(self, part: Any, weight: float) -> None:
        """Use of an array, or of an entry."""
        for n, entry in enumerate(numpy.ravel(boxed(part))):
            self.total = self.total + entry * entry * (weight + 0.25 * n)


class Written(Objects):
    """Arrays of the namespace."""

    def make(self, shape: tuple[int, ...], order: str) -> Any:
        return np.full(shape, 0.5, order=order)

    def given(self, x: Any) -> Any:
        return x

    def write(self, a: Any, index: Any, x: Any) -> None:
        a[index] = x

    def combine(self, op: Any, a: Any, b: Any) -> Any:
        return op(a, b)

    def add(self, part: Any, weight: float) -> None:
        n = numpy.arange(numpy.size(part)).reshape(numpy.shape(part))
        self.total = self.total + np.sum(part * part * (weight + 0.25 * n))


Step = tuple[Any, ...]


def run(world: Objects, step: Step) -> None:
    """One step of a program."""
    kind, *rest = step
    arrays = world.arrays
    if kind == "make":
        arrays.append(world.make(*rest))
    elif kind == "view":
        place, how, argument = rest
        a = arrays[place]
        arrays.append(
            a[argument]
            if how == "index"
            else a.reshape(argument)
            if how == "reshape"
            else getattr(a, how)()
        )
    elif kind == "write":
        place, index, how, what, op = rest
        a, x = arrays[place], source(world, how, what)
        if op == "=":
            world.write(a, index, x)
        elif op == "+=" and isinstance(world, Written):
            a[index] += x
        elif op == "*=" and isinstance(world, Written):
            a[index] *= x
        elif op in ("+=", "*="):
            known = a[index]
            if isinstance(known, numpy.ndarray):
                check_in_place(known, x)
            add_or_multiply = operator.add if op == "+=" else operator.mul
            world.write(a, index, world.combine(add_or_multiply, known, x))
        elif op == "a+=" and isinstance(world, Written):
            a += x
        elif op == "a+=":
            check_in_place(a, x)
            a[...] = world.combine(operator.add, a, x)
        elif op == "fill":
            a.fill(x if isinstance(world, Written) else x[()])
    elif kind == "read":
        place, index, weight = rest
        world.add(arrays[place][index] if index is not None else arrays[place], weight)
    elif kind == "freeze":
        place, weight = rest
        kept = world.combine(operator.mul, arrays[place], world.given(weight))
        arrays[place][...] = world.given(weight)
        world.add(kept, weight)


def check_in_place(a: Any, x: Any) -> None:
    """ValueError where NumPy says that a result has another shape than what it is written to."""
    if numpy.broadcast_shapes(a.shape, x.shape) != a.shape:
        raise ValueError("non-broadcastable output operand")


def source(world: Objects, how: str, what: Any) -> Any:
    """What is written."""
    if how == "number":
        return world.given(what)
    if how == "entry":
        return world.given(world.entry(what))
    if how == "row":
        return world.given(world.row(*what))
    place, index = what
    return world.given(world.arrays[place][index] if index is not None else world.arrays[place])


@st.composite
def slices(draw: Any, size: int) -> slice:
    bound = st.none() | st.integers(-size - 1, size + 1)
    return slice(draw(bound), draw(bound), draw(st.sampled_from((None, 1, 2, -1, -2))))


@st.composite
def indices(draw: Any, shape: tuple[int, ...], basic: bool = False) -> Any:
    """An index of an array of some shape, of every kind that NumPy has."""
    if not basic and shape and draw(st.integers(0, 5)) == 0:
        return draw(
            st.lists(
                st.booleans(), min_size=int(numpy.prod(shape)), max_size=int(numpy.prod(shape))
            ).map(lambda bits: numpy.array(bits, bool).reshape(shape))
        )
    parts: list[Any] = []
    count = draw(st.integers(0, len(shape)))
    for size in shape[:count]:
        kinds = ["slice", "slice"] + (["int", "int"] if size else [])
        if not basic and size:
            kinds += ["list", "list"]
        kind = draw(st.sampled_from(kinds))
        if kind == "slice":
            parts.append(draw(slices(size)))
        elif kind == "int":
            parts.append(draw(st.integers(-size, size - 1)))
        else:
            parts.append(draw(st.lists(st.integers(-size, size - 1), min_size=1, max_size=1)))
    if draw(st.integers(0, 4)) == 0:
        parts.append(Ellipsis)
    if draw(st.integers(0, 4)) == 0:
        parts.insert(draw(st.integers(0, len(parts))), None)
    return parts[0] if len(parts) == 1 and draw(st.booleans()) else tuple(parts)


@st.composite
def programs(draw: Any, x: Any) -> list[Step]:
    """A program that runs through on objects, or raises there at its last step."""
    world = Objects(x)
    steps: list[Step] = []

    def do(*step: Any) -> bool:
        steps.append(step)
        try:
            run(world, step)
        except (ValueError, IndexError, TypeError):
            return False
        return True

    do("make", draw(st.sampled_from(SHAPES)), draw(st.sampled_from("CF")))
    for _ in range(draw(st.integers(2, 12))):
        place = draw(st.integers(0, len(world.arrays) - 1))
        a = world.arrays[place]
        kind = draw(
            st.sampled_from(
                ("make", "view", "view", "write", "write", "write", "read", "read", "freeze")
            )
        )
        if kind == "make":
            step: Step = ("make", draw(st.sampled_from(SHAPES)), draw(st.sampled_from("CF")))
        elif kind == "view":
            how = draw(
                st.sampled_from(
                    (
                        "index",
                        "index",
                        "transpose",
                        "reshape",
                        "ravel",
                        "flatten",
                        "copy",
                        "squeeze",
                    )
                )
            )
            argument: Any = draw(indices(a.shape, basic=True)) if how == "index" else (-1,)
            if how == "index" and not isinstance(a[argument], numpy.ndarray):
                argument = (*argument, ...) if isinstance(argument, tuple) else (argument, ...)
            step = ("view", place, how, argument)
        elif kind == "write":
            index = draw(indices(a.shape))
            op = draw(st.sampled_from(("=", "=", "=", "+=", "*=", "a+=", "fill")))
            shape = numpy.shape(a[index]) if op not in ("a+=", "fill") else a.shape
            how = draw(st.sampled_from(("number", "entry", "entry", "row", "row", "own")))
            what: Any
            if op == "fill" and how in ("row", "own"):
                how = "entry"
            if how == "number":
                what = draw(NUMBERS)
            elif how == "entry":
                what = draw(st.integers(0, 5))
            elif how == "row":
                cut = draw(st.integers(0, len(shape)))
                kept = tuple(1 if draw(st.integers(0, 3)) == 0 else n for n in shape[cut:])
                what = (draw(st.integers(0, 5)), kept)
            else:
                other = draw(st.integers(0, len(world.arrays) - 1))
                b = world.arrays[other]
                fits = b.shape == shape
                what = (other, None if fits else draw(indices(b.shape)))
            step = ("write", place, index, how, what, op)
        elif kind == "read":
            whole = draw(st.integers(0, 2)) == 0
            step = ("read", place, None if whole else draw(indices(a.shape)), draw(NUMBERS))
        else:
            step = ("freeze", place, draw(NUMBERS))
        if not do(*step):
            break
    return steps
