"""Nodes of the graph: their slots, how they are made, and who observes it.

`Node` is what the walks name; its one concrete class is `Value`.  One or two inputs are kept in
slots, only three or more in a tuple: a tuple beside every node would be a second object to
make, to free and for the garbage collector to visit, which took three quarters of the time in a
graph of 60,000 numbers.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from operator import attrgetter
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeVar, final

next_serial: Final = count(1).__next__
new_object: Final = object.__new__
by_serial: Final = attrgetter("serial")
N = TypeVar("N", bound="Node")


@final
class Mark:
    """What a slot holds where there is no input."""

    __slots__ = ()


ABSENT: Final = Mark()
"""In an input's slot: there is no such input."""

MANY: Final = Mark()
"""In the second input's slot: the first one holds a tuple of all inputs."""


class Recorder:
    """What records a row that is called with it: a node, or an array into which nodes can be
    written.  `data` is the plain number or array."""

    __slots__ = ()

    if TYPE_CHECKING:
        data: Any

    def record_call(self, op: Any, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        """The node of `op(*args, **params)`, of which this is an argument."""
        raise NotImplementedError


class Writable(Recorder):
    """An array into which nodes can be written; `autograd.numpy` has the one concrete class.

    It changes, and what stands in a graph may not: wherever it becomes an operand, the engine takes
    what it holds at that moment."""

    __slots__ = ()

    def frozen(self) -> Any:
        """The Value that is made of what was written, or the numbers as NumPy's own array, which
        nobody writes into, where no Value was."""
        raise NotImplementedError


class Node(Recorder):
    """A number or an array, the operation that made it, and the inputs of that operation.

    data    the number or array; for an operation with several outputs an `OutputTuple`
    op      the `Primitive` that made it, None for a leaf
    params  the keyword parameters of the operation, or None
    serial  a global count: inputs are always older than the output
    """

    __slots__ = ("data", "op", "_first", "_second", "params", "serial", "_grad", "_notes")

    data: Any
    op: Any
    params: dict[str, Any] | None
    serial: int
    _first: Any
    _second: Any
    _grad: Any
    _notes: dict[str, Any] | None

    @property
    def inputs(self) -> tuple[Any, ...]:
        """The Values and constants that the operation took; () for a leaf."""
        if self._second is ABSENT:
            return () if self._first is ABSENT else (self._first,)
        if self._second is MANY:
            return self._first
        return (self._first, self._second)


# --- construction ---------------------------------------------------------------------------------
def make_node(
    kind: type[N],
    data: Any,
    op: Any,
    inputs: tuple[Any, ...],
    params: dict[str, Any] | None = None,
) -> N:
    """A node of class `kind` with any number of inputs; observers see it."""
    v = new_object(kind)
    v.data = data
    v.op = op
    if len(inputs) == 1:
        v._first, v._second = inputs[0], ABSENT
    elif len(inputs) == 2:
        v._first, v._second = inputs
    elif inputs:
        v._first, v._second = inputs, MANY
    else:
        v._first = v._second = ABSENT
    v.params = params
    v.serial = next_serial()
    v._grad = None
    v._notes = None
    if observed:
        tell_recorded(v)
    return v


def make_binary(kind: type[N], data: Any, op: Any, first: Any, second: Any) -> N:
    """`make_node` for two inputs and no parameters: sums and products are most of a program."""
    v = new_object(kind)
    v.data = data
    v.op = op
    v._first = first
    v._second = second
    v.params = None
    v.serial = next_serial()
    v._grad = None
    v._notes = None
    if observed:
        tell_recorded(v)
    return v


def add_note(v: Node, name: str, note: Any) -> None:
    """Keep something about a node that few nodes have: its label, its source line, what its
    forward pass saved."""
    v._notes = {**(v._notes or {}), name: note}


VARIABLE: Final = {"variable": True}
"""The notes of a variable that a transform made: a leaf, or a node right above an older Value."""


def is_variable(v: Node) -> bool:
    """Whether a transform made this node to differentiate with respect to it."""
    return v._notes is not None and "variable" in v._notes


# --- observers ------------------------------------------------------------------------------------
class Observer(ABC):
    """Sees the nodes that are recorded and the contributions of the reverse walk."""

    @abstractmethod
    def on_record(self, v: Any) -> None:
        """A node was recorded."""

    @abstractmethod
    def on_contribution(self, v: Any, x: Any, c: Any, g: Any) -> None:
        """The reverse walk adds c to the gradient of x, an input of v, whose gradient is g."""


observed = False
"""The one switch: True while a thread observes.  Off, an operation costs one test of it."""

observer_count = 0
observer_lock: Final = Lock()
current_observers: ContextVar[tuple[Observer, ...]] = ContextVar("observers", default=())


@contextmanager
def observe(observer: Observer) -> Iterator[None]:
    """Tell `observer` what this thread records and walks, for a `with` block."""
    token = current_observers.set((*current_observers.get(), observer))
    count_observers(+1)
    try:
        yield
    finally:
        count_observers(-1)
        current_observers.reset(token)


def count_observers(step: int) -> None:
    """Turn the switch on for the first observer, and off after the last."""
    global observed, observer_count
    with observer_lock:
        observer_count += step
        observed = observer_count > 0


def observers() -> tuple[Observer, ...]:
    """The observers of this thread; () while the switch is off."""
    return current_observers.get() if observed else ()


def tell_recorded(v: Node) -> None:
    """Tell the observers of this thread that a node was recorded."""
    for observer in current_observers.get():
        observer.on_record(v)
